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

  it('[TW-38] an interval is told from the text of the minutes', () => {
    expect(fixedMinuteInterval(schedule('*/15 * * * *'))).toBe(15);
    expect(fixedMinuteInterval(schedule('5,35 * * * *'))).toBe(30);
    expect(fixedMinuteInterval(schedule('0 * * * *'))).toBe(60);
    expect(fixedMinuteInterval(schedule('*/7 * * * *'))).toBeNull();
    expect(fixedMinuteInterval(schedule('0/30 * * * *'))).toBeNull();
    expect(fixedMinuteInterval(schedule('0 0 * * *'))).toBeNull();
  });
});
