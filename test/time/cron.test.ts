import { describe, expect, it } from 'vitest';
import { fixedMinuteInterval, parseCron, type CronSchedule } from '../../src/time/cron.ts';
import { tickAtOrAfter } from '../../src/time/cron-ticks.ts';
import { zoneOf } from '../../src/time/zone.ts';
import { errorKind, instant, iso } from '../partitions/vectors.ts';

const schedule = (text: string): CronSchedule => parseCron(text) as CronSchedule;

const firstTick = (text: string): string =>
  iso(tickAtOrAfter(schedule(text), zoneOf('UTC'), instant('2023-03-10T00:00:00Z')));

describe('cron texts', () => {
  it('[CRON-1] fields may have white space around them, an alias may not', () => {
    expect(parseCron(' 0\t0 * * *\n')).not.toBeNull();
    expect(parseCron('@DAILY')).not.toBeNull();
    expect(parseCron(' @daily')).toBeNull();
    expect(parseCron('@daily ')).toBeNull();
  });

  it('[CRON-1q] a counted weekday overrules a day of the month that it can meet', () => {
    expect(firstTick('0 0 1 * 2#1')).toBe('2023-04-04T00:00:00Z');
    expect(firstTick('0 0 L * L5')).toBe('2023-03-31T00:00:00Z');
  });

  it('[CRON-1q] there is no tick if they never meet', () => {
    expect(errorKind(() => firstTick('0 0 10 * mon#1'))).toBe('CroniterBadDateError');
    expect(errorKind(() => firstTick('0 0 1 nov-mar L0'))).toBe('CroniterBadDateError');
  });

  it('[CRON-2q] a day field with a star in its list says nothing', () => {
    expect(schedule('0 0 3 * 5,*').weekdays).toBeNull();
    expect(schedule('0 0 12,* * 5').monthDays).toBeNull();
    expect(schedule('0 0 */7 * 0-6').weekdays).toBeNull();
    expect(schedule('0 0 7 * 0-6').weekdays).not.toBeNull();
  });

  it('[CRON-3q] a range to itself is once around, and one with a step wraps one late', () => {
    const hours = (text: string) =>
      schedule(`0 ${text} * * *`).minutesOfDay.map((minute) => minute / 60);
    expect(hours('8-8')).toHaveLength(24);
    expect(hours('14-14/6')).toEqual([0, 6, 12, 18]);
    expect(hours('23/6')).toEqual([0, 6, 12, 18]);
    expect(hours('21-9/2')).toEqual([2, 4, 6, 8, 21, 23]);
    expect(hours('22-9/2')).toEqual([0, 2, 4, 6, 8, 22]);
    expect(hours('22-2')).toEqual([0, 1, 2, 22, 23]);
  });

  it('[CRON-4q] hours beside a star are every hour and do not count as that', () => {
    expect(schedule('0 *,3 * * *').minutesOfDay).toHaveLength(24);
    expect(schedule('0 *,3 * * *').repeatsEveryHour).toBe(false);
    expect(schedule('0 0-23 * * *').repeatsEveryHour).toBe(true);
  });

  it('[TW-38] an interval is told from the text of the minutes', () => {
    expect(fixedMinuteInterval(schedule('*/15 * * * *'))).toBe(15);
    expect(fixedMinuteInterval(schedule('5,35 * * * *'))).toBe(30);
    expect(fixedMinuteInterval(schedule('0 * * * *'))).toBe(60);
    expect(fixedMinuteInterval(schedule('*/7 * * * *'))).toBeNull();
    expect(fixedMinuteInterval(schedule('0/30 * * * *'))).toBeNull();
    expect(fixedMinuteInterval(schedule('0 0 * * *'))).toBeNull();
  });
});
