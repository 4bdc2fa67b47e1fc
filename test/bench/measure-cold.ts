import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { CHROMIUM_ARGUMENTS } from '../browser/chromium-arguments.ts';
import { findChromium } from '../browser/find-browser.ts';
import { follow, type Script } from './in-page.ts';

/** Moments by name, in ms since the navigation began; `longest task` is a duration, in ms. */
export type Marks = ReadonlyMap<string, number>;

/**
 * Opens `url` in a browser that has never run, with an empty profile on disk, and works
 * the script off.
 *
 * @throws if that takes more than two minutes.
 */
export async function measureCold(url: string, script: Script): Promise<Marks> {
  const profile = await mkdtemp(join(tmpdir(), 'partita-profile-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: findChromium(),
    // Vue's playground asks a CDN for a polyfill that it does not need.
    args: [...CHROMIUM_ARGUMENTS, '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'],
    viewport: { width: 1440, height: 900 },
  });
  try {
    const page = await context.newPage();
    await page.addInitScript(follow, script);
    await page.goto(url);
    await page.waitForFunction(
      () => performance.getEntriesByName('followed').length > 0,
      undefined,
      { timeout: 120_000, polling: 200 },
    );
    const entries = await page.evaluate(() => {
      const marks = performance.getEntriesByType('mark');
      const tasks = performance.getEntriesByName('longest task');
      return [
        ...marks.map(({ name, startTime }) => [name, startTime] as const),
        ...tasks.map(({ name, duration }) => [name, duration] as const),
      ];
    });
    return new Map(entries);
  } finally {
    await context.close();
    await rm(profile, { recursive: true, force: true });
  }
}

/** A row of a benchmark's table: the median of `times` and their range, beside a floor. */
export function figures(what: string, floor: number | null, times: readonly number[]) {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (index: number) => Math.round(sorted[index] ?? NaN);
  return {
    what,
    'at most, ms': floor,
    'median, ms': at(Math.floor(sorted.length / 2)),
    range: `${at(0)}–${at(sorted.length - 1)}`,
  };
}
