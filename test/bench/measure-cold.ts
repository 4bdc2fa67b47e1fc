import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { BareChromium } from './bare-chromium.ts';
import { follow, type Script } from './in-page.ts';

const LONGEST_MS = 120_000;
const LOOK_EVERY_MS = 200;
const SETTLED_MS = 3_000;

/**
 * Moments by name, in ms since the navigation began; `longest task before NAME` is a duration, in ms, of those
 * since the mark before.
 */
export type Marks = ReadonlyMap<string, number>;

/**
 * Opens `url` in a browser that has never run, with an empty profile on disk, and works
 * the script off.
 *
 * @throws if that takes more than two minutes.
 */
export async function measureCold(url: string, script: Script): Promise<Marks> {
  const profile = await mkdtemp(join(tmpdir(), 'partita-profile-'));
  // Vue's playground asks a CDN for a polyfill that it does not need.
  const nowhereElse = '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1';
  const chromium = BareChromium.start(profile, [nowhereElse]);
  try {
    const page = await chromium.openPage(1440, 900);
    await page.addInitScript(follow, script);
    // The browser starts pages of its own, too; theirs is not the time that is measured.
    await setTimeout(SETTLED_MS);
    await page.goto(url);
    const isFollowed = () => performance.getEntriesByName('followed').length > 0;
    for (let waitedMs = 0; waitedMs === 0 || !(await page.evaluate(isFollowed));) {
      if (waitedMs > LONGEST_MS) throw new Error(`${url} did not come to its last step.`);
      await setTimeout(LOOK_EVERY_MS);
      waitedMs += LOOK_EVERY_MS;
    }
    const entries = await page.evaluate(() => {
      const marks = performance.getEntriesByType('mark');
      const tasks = performance.getEntriesByType('measure');
      return [
        ...marks.map(({ name, startTime }) => [name, startTime] as const),
        ...tasks.map(({ name, duration }) => [name, duration] as const),
      ];
    });
    return new Map(entries);
  } finally {
    await chromium.close();
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
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
