import { describe, expect, it } from 'vitest';
import { parseCron, type CronSchedule } from '../../src/time/cron.ts';
import { tickAfter, tickAtOrAfter, tickAtOrBefore, tickBefore } from '../../src/time/cron-ticks.ts';
import { zoneOf } from '../../src/time/zone.ts';
import { errorKind, instant, iso, readVectors } from '../partitions/vectors.ts';

interface CronCase {
  readonly id: string;
  readonly rules?: readonly string[];
  readonly marks?: readonly string[];
  readonly kind: 'valid' | 'ticks';
  readonly cron: string | readonly string[];
  readonly timezone?: string;
  readonly start?: string;
  readonly direction?: 'forward' | 'backward';
  readonly expect: boolean | readonly string[] | { readonly error: string };
  readonly repeatsEveryHour?: boolean;
}

const cases = readVectors<CronCase>('cron').filter(({ marks }) => !marks?.includes('accident'));

/** Ten ticks of a union of schedules, each instant once. */
function tenTicks({ cron, timezone, start, direction }: CronCase): readonly string[] {
  const zone = zoneOf(timezone ?? 'UTC');
  const all = [cron].flat().map((text) => parseCron(text) as CronSchedule);
  const forward = direction === 'forward';
  const ticks = new Set<number>();
  for (const schedule of all) {
    let at = (forward ? tickAtOrAfter : tickAtOrBefore)(schedule, zone, instant(start as string));
    for (let count = 0; count < 10; count += 1) {
      ticks.add(at);
      at = (forward ? tickAfter : tickBefore)(schedule, zone, at);
    }
  }
  return [...ticks]
    .sort((a, b) => (forward ? a - b : b - a))
    .slice(0, 10)
    .map(iso);
}

describe('cron schedules (CRON) against the vectors', () => {
  it.each(cases.filter(({ kind }) => kind === 'valid'))('[CRON-1] $id: $cron', (one) => {
    const schedule = parseCron(one.cron as string);
    expect(schedule !== null).toBe(one.expect);
    if (schedule !== null) expect(schedule.repeatsEveryHour).toBe(one.repeatsEveryHour);
  });

  it.each(cases.filter(({ kind }) => kind === 'ticks'))('$rules $id: $cron $timezone', (one) => {
    if (Array.isArray(one.expect)) expect(tenTicks(one)).toEqual(one.expect);
    else expect(errorKind(() => tenTicks(one))).toBe((one.expect as { error: string }).error);
  });
});
