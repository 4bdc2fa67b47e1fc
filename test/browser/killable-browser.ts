import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContext } from 'playwright-core';
import { BARE_ARGUMENTS } from './chromium-arguments.ts';

/** A Chromium that runs now, on a {@link Profile}. */
export interface KillableBrowser {
  readonly context: BrowserContext;
  /** Ends all its processes at once, with no word to any of them; resolves when they are gone. */
  kill(): Promise<void>;
}

/** A profile on disk that outlives the browsers that run on it. */
export class Profile {
  readonly #directory: string;
  readonly #executable: string;

  private constructor(directory: string, executable: string) {
    this.#directory = directory;
    this.#executable = executable;
  }

  /** An empty one. */
  static async make(executable: string): Promise<Profile> {
    return new Profile(await mkdtemp(join(tmpdir(), 'partita-profile-')), executable);
  }

  /** Starts a Chromium in a process group of its own, so that it can be killed whole by its id. */
  async openBrowser(): Promise<KillableBrowser> {
    const child = spawn(
      this.#executable,
      [
        ...BARE_ARGUMENTS,
        '--headless=new',
        '--remote-debugging-port=0',
        '--disable-dev-shm-usage',
        '--disable-background-timer-throttling',
        '--disable-backgrounding-occluded-windows',
        '--disable-renderer-backgrounding',
        '--password-store=basic',
        '--use-mock-keychain',
        '--window-size=1440,900',
        `--user-data-dir=${this.#directory}`,
        'about:blank',
      ],
      { detached: true, stdio: ['ignore', 'ignore', 'pipe'] },
    );
    let isMeant = false;
    const gone = new Promise<void>((resolve) => {
      child.once('exit', (code, signal) => {
        if (!isMeant) console.error(`Chromium ended by itself: ${signal ?? `code ${code}`}.`);
        resolve();
      });
    });
    const kill = async () => {
      isMeant = true;
      killGroup(child);
      await gone;
    };
    try {
      const browser = await chromium.connectOverCDP(await addressOf(child));
      const [context] = browser.contexts() as [BrowserContext];
      context.setDefaultTimeout(40_000);
      return { context, kill: () => kill().then(() => disconnected(browser)) };
    } catch (problem) {
      await kill();
      throw problem;
    }
  }

  async remove(): Promise<void> {
    await rm(this.#directory, { recursive: true, force: true, maxRetries: 5 });
  }
}

function killGroup({ pid, exitCode, signalCode }: ChildProcess): void {
  if (pid === undefined || exitCode !== null || signalCode !== null) return;
  process.kill(-pid, 'SIGKILL');
}

function disconnected(browser: Browser): Promise<void> {
  if (!browser.isConnected()) return Promise.resolve();
  return new Promise((resolve) => browser.once('disconnected', () => resolve()));
}

/** Where the browser takes commands, as it writes once it does. */
function addressOf({ stderr }: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    stderr?.on('data', (bytes: Buffer) => {
      said += bytes.toString();
      const address = /DevTools listening on (ws:\S+)/.exec(said)?.[1];
      if (address !== undefined) resolve(address);
    });
    stderr?.once('close', () => reject(new Error(`Chromium did not start: ${said}`)));
  });
}
