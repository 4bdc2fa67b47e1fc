import { describe, expect, it } from 'vitest';
import { dueTick, isSensorDue, nextTick, ticksBetween } from '../../src/orchestration/ticks.ts';

const at = (text: string) => Date.parse(text);
const iso = (instant: number | null) => instant && new Date(instant).toISOString();
const nightly = { cronSchedule: ['0 1 * * *'], executionTimezone: 'UTC' };

describe('ticks of a schedule', () => {
  it('[SCH-15] only the latest missed tick is made up for', () => {
    const due = dueTick(nightly, at('2024-01-05T00:30Z'), at('2024-01-13T01:30Z'));
    expect(iso(due)).toBe('2024-01-13T01:00:00.000Z');
  });

  it('[SCH-15] a tick at the very start is due, and none before it', () => {
    const start = at('2024-01-05T01:00Z');
    expect(dueTick(nightly, start, start)).toBe(start);
    expect(dueTick(nightly, start + 1, start + 1)).toBeNull();
    expect(dueTick(nightly, start + 1, at('2024-01-06T00:59:59Z'))).toBeNull();
  });

  it('[SCH-14] several expressions tick together, each instant once', () => {
    const union = {
      cronSchedule: ['0 1 * * *', '30 2 * * *', '0 1 * * 5'],
      executionTimezone: 'UTC',
    };
    const ticks = ticksBetween(union, at('2024-01-05T00:00Z'), at('2024-01-06T01:00Z'));
    expect(ticks.map(iso)).toEqual([
      '2024-01-05T01:00:00.000Z',
      '2024-01-05T02:30:00.000Z',
      '2024-01-06T01:00:00.000Z',
    ]);
  });

  it('[SCH-14] the zone counts, also where its clocks change', () => {
    const newYork = { cronSchedule: ['30 2 * * *'], executionTimezone: 'America/New_York' };
    const ticks = ticksBetween(newYork, at('2024-03-09T00:00Z'), at('2024-03-12T00:00Z'));
    expect(ticks.map(iso)).toEqual([
      '2024-03-09T07:30:00.000Z',
      // 2:30 does not exist on this day.
      '2024-03-10T07:00:00.000Z',
      '2024-03-11T06:30:00.000Z',
    ]);
  });

  it('a schedule that no date matches never ticks', () => {
    const never = { cronSchedule: ['0 0 31 2 *'], executionTimezone: 'UTC' };
    expect(nextTick(never, 0)).toBeNull();
    expect(dueTick(never, 0, at('2024-01-01T00:00Z'))).toBeNull();
  });
});

describe('when a sensor is due', () => {
  it('not sooner than its interval after the tick before', () => {
    const sensor = { minimumIntervalMs: 30_000 };
    expect(isSensorDue(sensor, null, 0)).toBe(true);
    expect(isSensorDue(sensor, 1000, 30_999)).toBe(false);
    expect(isSensorDue(sensor, 1000, 31_000)).toBe(true);
  });
});
