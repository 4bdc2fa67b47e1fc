import { describe, expect, it } from 'vitest';
import {
  checkSchedulable,
  cronWithParts,
  isLatestWindowExcluded,
  keysOfTick,
} from '../../src/definitions/partitioned-schedule.ts';
import { makeDynamicPartitionsDefinition } from '../../src/partitions/definition/dynamic.ts';
import { makeMultiPartitionsDefinition } from '../../src/partitions/definition/multi.ts';
import { makeStaticPartitionsDefinition } from '../../src/partitions/definition/static.ts';
import { makeTimeWindowPartitionsDefinition } from '../../src/partitions/definition/time-window.ts';
import { contextOf, errorKind } from '../partitions/vectors.ts';

const NONE = { minuteOfHour: null, hourOfDay: null, dayOfWeek: null, dayOfMonth: null };
const daily = makeTimeWindowPartitionsDefinition({ className: 'daily', start: '2024-03-01' });
const weekdays = makeTimeWindowPartitionsDefinition({
  className: 'daily',
  start: '2024-03-01',
  exclusions: ['0 0 * * 6,0'],
});
const who = makeDynamicPartitionsDefinition('who');

describe('a schedule built from partitions', () => {
  it('[SCH-3] ticks by the cron of the windows, with parts replaced', () => {
    const late = makeTimeWindowPartitionsDefinition({
      className: 'daily',
      start: '2024-03-01',
      hourOffset: 5,
    });
    expect(cronWithParts(late, NONE)).toBe('0 5 * * *');
    expect(cronWithParts(late, { ...NONE, hourOfDay: 0 })).toBe('0 0 * * *');
    expect(cronWithParts(late, { ...NONE, minuteOfHour: 10 })).toBe('10 5 * * *');
  });

  it('[SCH-3] a cron expression of a known shape has its parts, whatever class it is of', () => {
    const ofCron = (cronSchedule: string) =>
      makeTimeWindowPartitionsDefinition({
        className: 'timeWindow',
        start: '2024-03-01',
        fmt: '%Y-%m-%d',
        cronSchedule,
      });
    expect(cronWithParts(ofCron('15 3 * * 2'), { ...NONE, dayOfWeek: 4 })).toBe('15 3 * * 4');
    const odd = ofCron('0 */6 * * *');
    expect(errorKind(() => cronWithParts(odd, { ...NONE, hourOfDay: 1 }))).toBe('CheckError');
  });

  it('[SCH-1] goes by time, one dimension of time, or a fixed list', () => {
    const list = makeStaticPartitionsDefinition(['a', 'b']);
    const oneOfTime = makeMultiPartitionsDefinition({ day: daily, who });
    for (const fits of [daily, list, oneOfTime])
      expect(errorKind(() => checkSchedulable(fits))).toBeNull();
    for (const not of [who, makeMultiPartitionsDefinition({ day: daily, other: daily })]) {
      expect(errorKind(() => checkSchedulable(not))).toBe('DagsterInvalidDefinitionError');
    }
  });

  it('[SCH-4] [SCH-5] [SCH-7] asks for the last key, with all of the other dimension', () => {
    const now = '2024-03-05T00:00:00Z';
    expect(keysOfTick(daily, contextOf({ now }))).toEqual(['2024-03-04']);
    expect(keysOfTick(daily, contextOf({ now: '2024-03-01T12:00:00Z' }))).toBeNull();
    const both = makeMultiPartitionsDefinition({ day: daily, who });
    expect(keysOfTick(both, contextOf({ now, dynamic: { who: ['zoe', 'al'] } }))).toEqual([
      '2024-03-04|zoe',
      '2024-03-04|al',
    ]);
    expect(keysOfTick(both, contextOf({ now }))).toEqual([]);
  });

  it('[TW-10q] asks in vain for a window that Dagster lists and that does not exist', () => {
    const early = makeTimeWindowPartitionsDefinition({
      className: 'monthly',
      start: '2024-02-01',
      end: '2024-02-10',
    });
    const ask = () => keysOfTick(early, contextOf({ now: '2024-04-01T00:00:00Z' }));
    expect(errorKind(ask)).toBe('DagsterUnknownPartitionError');
  });

  it('[SCH-6] knows whether the window that has just closed is left out', () => {
    const excluded = (now: string) => isLatestWindowExcluded(weekdays, contextOf({ now }));
    expect(excluded('2024-03-09T00:00:00Z')).toBe(false);
    expect(excluded('2024-03-10T00:00:00Z')).toBe(true);
    expect(excluded('2024-03-11T00:00:00Z')).toBe(true);
    expect(excluded('2024-02-28T00:00:00Z')).toBe(false);
  });
});
