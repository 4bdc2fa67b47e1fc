import { describe, expect, it } from 'vitest';
import type { PartitionsDefinition } from '../../../src/partitions/definition/partitions-definition.ts';
import { indexPartitions } from '../../../src/partitions/index-partitions.ts';
import { indexesAhead } from '../../../src/ui/partitions/partition-groups.ts';
import {
  clampRange,
  fullRange,
  initialRange,
  latestRange,
  parseRangeText,
  rangeText,
  zoomRange,
  type TimeLaneData,
} from '../../../src/ui/partitions/time-range.ts';
import { timeTicks } from '../../../src/ui/partitions/time-ticks.ts';
import { tallyOf } from './bar-fixtures.ts';

const at = (text: string) => Date.parse(text);
const DAY_MS = 86_400_000;

function ticks(from: string, to: string, zone: string, width: number): string[] {
  return timeTicks({ startAt: at(from), endAt: at(to) }, zone, width).map(({ text, context }) =>
    `${text} ${context}`.trimEnd(),
  );
}

describe('ticks of a time axis', () => {
  it('are years, months, days or hours, as there is room', () => {
    expect(ticks('2012-01-01T00:00Z', '2015-06-01T00:00Z', 'UTC', 400)).toEqual([
      '2012',
      '2013',
      '2014',
      '2015',
    ]);
    expect(ticks('2015-11-10T00:00Z', '2016-02-10T00:00Z', 'UTC', 300)).toEqual([
      'Dec 2015',
      'Jan 2016',
      'Feb',
    ]);
    expect(ticks('2015-10-05T00:00Z', '2015-10-07T12:00Z', 'UTC', 260)).toEqual([
      '5 Oct 2015',
      '6 Oct',
      '7 Oct',
    ]);
  });

  it('begin where the zone’s days do, across a change of clocks', () => {
    const found = timeTicks(
      { startAt: at('2015-10-31T00:00Z'), endAt: at('2015-11-03T12:00Z') },
      'America/Los_Angeles',
      300,
    );
    expect(found.map((tick) => new Date(tick.at).toISOString())).toEqual([
      '2015-10-31T07:00:00.000Z',
      '2015-11-01T07:00:00.000Z',
      '2015-11-02T08:00:00.000Z',
      '2015-11-03T08:00:00.000Z',
    ]);
  });

  it('are at least a word apart', () => {
    const range = { startAt: at('2015-01-01T00:00Z'), endAt: at('2015-12-31T00:00Z') };
    for (const width of [50, 200, 700, 5000]) {
      const pixels = width / (range.endAt - range.startAt);
      const found = timeTicks(range, 'Europe/Berlin', width);
      found.slice(1).forEach((tick, place) => {
        expect((tick.at - (found[place]?.at ?? 0)) * pixels).toBeGreaterThan(60);
      });
    }
  });
});

function definition(className: 'daily' | 'monthly', cronSchedule: string): PartitionsDefinition {
  return {
    kind: 'timeWindow',
    className,
    startAt: at('2012-01-01T00:00Z'),
    endAt: null,
    timezone: 'UTC',
    fmt: '%Y-%m-%d',
    endOffset: 0,
    cronSchedule,
    exclusions: [],
  };
}

const NOW = at('2015-12-19T09:30Z');

/** Days and months of the weather, as lanes. */
function weather(): readonly TimeLaneData[] {
  const now = [definition('daily', '0 0 * * *'), definition('monthly', '0 0 1 * *')].map((one) =>
    indexPartitions(one, { effectiveAt: NOW, dynamicPartitions: new Map() }),
  );
  return indexesAhead(now, NOW).map((index, lane) => ({
    assetKey: lane === 0 ? 'days' : 'months',
    index,
    tally: tallyOf(now[lane]?.count ?? 0, {}),
  }));
}

describe('the range of a timeline', () => {
  const lanes = weather();
  const full = fullRange(lanes, NOW) ?? { startAt: 0, endAt: 1 };
  const [days = lanes[0] as TimeLaneData] = lanes;

  it('reaches from the first window to the end of the last that is open', () => {
    expect(new Date(full.startAt).toISOString()).toBe('2012-01-01T00:00:00.000Z');
    expect(full.endAt).toBeGreaterThan(at('2016-01-01T00:00Z'));
    expect(full.endAt).toBeLessThan(at('2016-04-01T00:00Z'));
  });

  it('shows keys that do not exist yet, under their ordinals', () => {
    expect(days.tally.existing).toBe(1448);
    expect(days.index.keyAt(1448)).toBe('2015-12-19');
    expect(days.tally.statusAt(1448)).toBe('not yet existing');
  });

  it('begins with the newest keys where there are many', () => {
    const range = initialRange(lanes, full);
    expect(rangeText(days, range).slice(0, 11)).toBe('[2015-06-02');
    expect(initialRange(lanes.slice(1), full)).toEqual(full);
    expect(rangeText(days, latestRange(days, 60, full))).toMatch(/^\[2015-10-20\.\.\./);
  });

  it('is read from text: two keys or one, of any lane', () => {
    expect(parseRangeText('[2015-07-01...2015-07-31]', lanes)).toEqual({
      range: { startAt: at('2015-07-01T00:00Z'), endAt: at('2015-08-01T00:00Z') },
    });
    expect(parseRangeText(' 2015-07-05 ', lanes)).toEqual({
      range: { startAt: at('2015-07-05T00:00Z'), endAt: at('2015-07-06T00:00Z') },
    });
    expect(parseRangeText('[2015-07-01...soon]', lanes)).toEqual({
      problem: 'soon is not a key of these assets.',
    });
    expect(parseRangeText('[2015-07-31...2015-07-01]', lanes)).toEqual({
      problem: '2015-07-01 is before 2015-07-31.',
    });
  });

  it('is magnified about a point and stays inside', () => {
    const range = zoomRange(full, 10, NOW, full, DAY_MS);
    expect(range.startAt).toBeLessThan(NOW);
    expect(range.endAt).toBeGreaterThan(NOW);
    const deepest = zoomRange(range, 1e9, NOW, full, DAY_MS);
    expect(deepest.endAt - deepest.startAt).toBeCloseTo(DAY_MS);
    expect(zoomRange(range, 1e-9, NOW, full, DAY_MS)).toEqual(full);
    expect(clampRange({ startAt: 0, endAt: DAY_MS }, full).startAt).toBe(full.startAt);
  });
});
