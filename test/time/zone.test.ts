import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCron, type CronSchedule } from '../../src/time/cron.ts';
import { TickTable, tickAfter, tickAtOrAfter, tickBefore } from '../../src/time/cron-ticks.ts';
import { VirtualClock } from '../../src/time/clock.ts';
import { timeFormat } from '../../src/time/strftime.ts';
import { zoneOf } from '../../src/time/zone.ts';
import { errorKind } from '../partitions/vectors.ts';

const ZONES = [
  'UTC',
  'America/New_York',
  'Europe/Berlin',
  'America/Sao_Paulo',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'Africa/Casablanca',
  'America/St_Johns',
  'America/Nuuk',
];

/** The wall time that Intl shows. */
function shownBy(zone: string, at: number): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(at);
  const field = (type: string): number => Number(parts.find((part) => part.type === type)?.value);
  return Date.UTC(
    field('year'),
    field('month') - 1,
    field('day'),
    field('hour'),
    field('minute'),
    field('second'),
  );
}

const anInstant = fc
  .integer({ min: Date.UTC(1950, 0, 1) / 1000, max: Date.UTC(2080, 0, 1) / 1000 })
  .map((seconds) => seconds * 1000);

describe('zones (TIME)', () => {
  it('[TIME-1] an offset is what Intl shows', () => {
    fc.assert(
      fc.property(anInstant, fc.constantFrom(...ZONES), (at, zone) => {
        expect(at + zoneOf(zone).offsetAt(at)).toBe(shownBy(zone, at));
      }),
      { seed: 1, numRuns: 500 },
    );
  });

  it('[TIME-2] a wall time leads back to the instants that show it', () => {
    fc.assert(
      fc.property(anInstant, fc.constantFrom(...ZONES), (at, name) => {
        const zone = zoneOf(name);
        const { first, second, gapEndAt } = zone.resolve(at + zone.offsetAt(at));
        expect(gapEndAt).toBeNull();
        expect([first, second]).toContain(at);
      }),
      { seed: 2, numRuns: 500 },
    );
  });

  it('[TIME-2] a missing time lands behind the gap by as much as it lies in it; a repeated one has two instants', () => {
    const zone = zoneOf('America/New_York');
    expect(zone.resolve(Date.UTC(2024, 2, 10, 2, 30))).toEqual({
      first: Date.UTC(2024, 2, 10, 7, 30),
      second: Date.UTC(2024, 2, 10, 7, 30),
      gapEndAt: Date.UTC(2024, 2, 10, 7),
    });
    expect(zone.resolve(Date.UTC(2024, 10, 3, 1, 30))).toEqual({
      first: Date.UTC(2024, 10, 3, 5, 30),
      second: Date.UTC(2024, 10, 3, 6, 30),
      gapEndAt: null,
    });
    expect(zone.segmentAt(Date.UTC(2024, 10, 3, 6, 30))).toMatchObject({
      changedAt: Date.UTC(2024, 10, 3, 6),
      beforeMs: -4 * 3_600_000,
      offsetMs: -5 * 3_600_000,
    });
  });

  it('[TIME-1] an unknown zone is refused by name', () => {
    expect(errorKind(() => zoneOf('Nowhere/City'))).toBe('ZoneInfoNotFoundError');
    expect(errorKind(() => zoneOf('+01:00'))).toBe('ZoneInfoNotFoundError');
    for (const name of ['europe/berlin', 'EUROPE/BERLIN', 'America/new_york', 'Utc', 'gb', 'JST']) {
      expect(
        errorKind(() => zoneOf(name)),
        name,
      ).toBe('ZoneInfoNotFoundError');
    }
    for (const name of [
      'utc',
      'EST',
      'GB-Eire',
      'US/Eastern',
      'Etc/GMT-14',
      'America/Port-au-Prince',
    ]) {
      expect(zoneOf(name).name).toBe(name);
    }
  });

  it('[TIME-3] a virtual clock stands until it is moved', () => {
    const clock = new VirtualClock(5);
    clock.advanceTo(9);
    expect(clock.now()).toBe(9);
  });
});

describe('tick tables', () => {
  const CRONS = [
    '0 * * * *',
    '*/20 * * * *',
    '0 0 * * *',
    '30 2 * * *',
    '0 1,23 * * 1-5',
    '30 0,23 * * *',
    '15 */6 L * *',
    '0 0 * * 0',
    '0 0 1 * *',
  ];

  it('[CRON-6] a table answers as a walk from tick to tick does', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: Date.UTC(2005, 0, 1), max: Date.UTC(2030, 0, 1) }),
        fc.integer({ min: 0, max: 400 }),
        fc.constantFrom(...ZONES),
        fc.constantFrom(...CRONS),
        (from, length, name, text) => {
          const zone = zoneOf(name);
          const schedule = parseCron(text) as CronSchedule;
          const ticks = [tickAtOrAfter(schedule, zone, from)];
          for (let count = 0; count < length; count += 1) {
            ticks.push(tickAfter(schedule, zone, ticks.at(-1) as number));
          }
          const table = new TickTable(schedule, zone, ticks[0] as number, ticks.at(-1) as number);
          expect(table.count).toBe(ticks.length);
          expect(ticks.map((_, ordinal) => table.at(ordinal))).toEqual(ticks);
          expect(ticks.map((at) => table.countBefore(at))).toEqual(ticks.map((_, index) => index));
          expect(ticks.map((at) => table.countBefore(at + 1))).toEqual(
            ticks.map((_, index) => index + 1),
          );
          expect(ticks.slice(1).map((at) => tickBefore(schedule, zone, at))).toEqual(
            ticks.slice(0, -1),
          );
        },
      ),
      { seed: 3, numRuns: 150 },
    );
  });
});

describe('strftime (TW-12)', () => {
  it('[TW-12] writes and reads back', () => {
    const wallTime = Date.UTC(2024, 1, 29, 13, 5, 9);
    for (const [fmt, text] of [
      ['%Y-%m-%dT%H:%M:%S', '2024-02-29T13:05:09'],
      ['%d %b %Y %I:%M:%S %p', '29 Feb 2024 01:05:09 PM'],
      ['%B %j %y %H.%M.%S.%f', 'February 060 24 13.05.09.000000'],
      ['100%% %A %m/%d/%Y %H:%M:%S', '100% Thursday 02/29/2024 13:05:09'],
    ] as const) {
      expect(timeFormat(fmt).format(wallTime, 0)).toBe(text);
      if (!fmt.includes('%j')) expect(timeFormat(fmt).parse(text)?.wallTime).toBe(wallTime);
    }
    expect(timeFormat('%H:%M%z').format(0, -5 * 3_600_000)).toBe('00:00-0500');
    expect(timeFormat('%y-%j').parse('24-060')?.wallTime).toBe(Date.UTC(2024, 1, 29));
  });

  it('[TW-12] reads leniently, and refuses what is no date', () => {
    const { parse } = timeFormat('%Y-%m-%d');
    expect(parse('2020-1-1')?.wallTime).toBe(Date.UTC(2020, 0, 1));
    for (const text of ['2020-02-30', '2020-13-01', '2020-01-01 ', '20-01-01', '']) {
      expect(parse(text)).toBeNull();
    }
    expect(timeFormat('%H:%M%z').parse('01:00-0530')?.offsetMs).toBe(-5.5 * 3_600_000);
  });
});
