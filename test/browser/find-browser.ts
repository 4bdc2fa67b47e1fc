import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

/**
 * Where Chromium is: as `PARTITA_CHROMIUM` says, or as the system or Playwright
 * installed it. Installs it where it is missing.
 *
 * @throws if there is none and none can be installed.
 */
export function findChromium(): string {
  const find = () =>
    firstOf(
      process.env.PARTITA_CHROMIUM,
      '/usr/bin/chromium',
      '/usr/bin/chromium-browser',
      '/usr/bin/google-chrome',
      '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
      chromium.executablePath(),
    );
  let path = find();
  if (path === null && installWithApt('chromium')) path = find();
  if (path === null) {
    const cli = createRequire(import.meta.url).resolve('playwright-core/cli.js');
    spawnSync(process.execPath, [cli, 'install', 'chromium'], { stdio: 'inherit' });
    path = find();
  }
  if (path === null) {
    throw new Error('There is no Chromium. Install one, or name it in PARTITA_CHROMIUM.');
  }
  return path;
}

/** Where Firefox is, by the same rules (`PARTITA_FIREFOX`); null where there is none. */
export function findFirefox(): string | null {
  const find = () =>
    firstOf(
      process.env.PARTITA_FIREFOX,
      '/usr/bin/firefox-esr',
      '/usr/bin/firefox',
      '/Applications/Firefox.app/Contents/MacOS/firefox',
    );
  return find() ?? (installWithApt('firefox-esr') ? find() : null);
}

function firstOf(...paths: readonly (string | undefined)[]): string | null {
  return paths.find((path) => path !== undefined && existsSync(path)) ?? null;
}

/** On Debian, as root only: elsewhere a test may not change the machine. */
function installWithApt(name: string): boolean {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return false;
  spawnSync('apt-get', ['update'], { stdio: 'inherit' });
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const { status } = spawnSync('apt-get', ['install', '-y', name], { stdio: 'inherit', env });
  return status === 0;
}
