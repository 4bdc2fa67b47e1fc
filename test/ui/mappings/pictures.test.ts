import { describe, expect, it } from 'vitest';
import {
  extentOf,
  keyAtPlace,
  keyWidth,
  layOutBar,
  MAGNIFIED_KEY,
} from '../../../src/ui/mappings/bar-layout.ts';
import {
  countAt,
  countColumns,
  countShares,
  keysWithCount,
  usualShare,
} from '../../../src/ui/mappings/count-runs.ts';
import {
  groupRibbons,
  groupsOf,
  MOST_STRANDS,
  strandsOf,
} from '../../../src/ui/mappings/ribbons.ts';
import { commonEnds, shortKey } from '../../../src/ui/mappings/short-keys.ts';

const WEEK = { from: 0, to: 168 };

describe('a bar of which a part is magnified', () => {
  it('keeps the order, fills the line, and makes chosen keys wide enough', () => {
    const parts = layOutBar(WEEK, [72, 97], 800);
    expect(parts.map(({ from, to }) => [from, to])).toEqual([
      [0, 72],
      [72, 97],
      [97, 168],
    ]);
    const [before, middle, after] = parts;
    if (!before || !middle || !after) throw new Error('There are three parts.');
    expect(keyWidth(middle)).toBeGreaterThanOrEqual(MAGNIFIED_KEY);
    expect(keyWidth(before)).toBeLessThan(MAGNIFIED_KEY);
    expect(before.left + before.width).toBeLessThan(middle.left);
    expect(after.left + after.width).toBeCloseTo(800);
  });

  it('all keys are alike where they are wide enough, where all or none are chosen, or too scattered', () => {
    const alike = [{ from: 0, to: 168, left: 0, width: 800, magnified: false }];
    expect(layOutBar(WEEK, [], 800)).toEqual(alike);
    expect(layOutBar(WEEK, [0, 168], 800)).toEqual(alike);
    const scattered = Array.from({ length: 40 }, (_, at) => [at * 4, at * 4 + 1]).flat();
    expect(layOutBar(WEEK, scattered, 800)).toEqual(alike);
    expect(layOutBar({ from: 3, to: 9 }, [4, 5], 800)).toHaveLength(1);
    expect(layOutBar({ from: 3, to: 3 }, [4, 5], 800)).toEqual([]);
  });

  it('a million keys beside a few make no part negative', () => {
    for (const width of [120, 340, 800]) {
      const parts = layOutBar({ from: 0, to: 1_000_000 }, [500, 524, 700_000, 700_024], width);
      expect(parts.every((part) => part.width > 0)).toBe(true);
      const last = parts.at(-1);
      expect((last?.left ?? 0) + (last?.width ?? 0)).toBeCloseTo(width);
    }
  });

  it('each key is found where it stands', () => {
    const parts = layOutBar(WEEK, [72, 97], 800);
    for (let ordinal = 0; ordinal < 168; ordinal += 1) {
      const extent = extentOf(parts, ordinal, ordinal + 1);
      if (!extent) throw new Error('Each key is on the bar.');
      expect(keyAtPlace(parts, (extent.left + extent.right) / 2)).toBe(ordinal);
    }
    expect(extentOf(parts, 200, 210)).toBeNull();
    expect(keyAtPlace([], 10)).toBe(-1);
  });
});

describe('ribbons', () => {
  const days = layOutBar({ from: 0, to: 7 }, [], 700);
  const hours = layOutBar(WEEK, [], 800);
  const itsHours = (from: number, to: number) => [from * 24, to * 24];

  it('each key has its own, and neighbours with the same counterparts one together', () => {
    expect(groupsOf(days, itsHours)).toHaveLength(7);
    expect(groupRibbons(groupsOf(days, itsHours), days, hours)).toHaveLength(7);
    expect(groupsOf(days, () => [0, 168])).toHaveLength(1);
  });

  it('of a million keys only so many groups are asked for as there is room', () => {
    let asked = 0;
    const parts = layOutBar({ from: 0, to: 1_000_000 }, [], 800);
    groupsOf(parts, (from, to) => {
      asked += 1;
      return [from, to];
    });
    expect(asked).toBeLessThanOrEqual(160);
  });

  it('a key has a strand to each counterpart, side by side; none if there are too many', () => {
    const place = { left: 100, right: 200 };
    const strands = strandsOf(place, [24, 49], hours);
    expect(strands).toHaveLength(25);
    expect(strands[0]?.own).toEqual({ left: 100, right: 104 });
    expect(strands.at(-1)?.own.right).toBeCloseTo(200);
    expect(strandsOf(place, [0, MOST_STRANDS + 1], hours)).toEqual([]);
  });
});

describe('counts of many keys', () => {
  /** 3 keys with 24, one with 25, two with 24, one with 0. */
  const runs = {
    starts: Float64Array.of(0, 3, 4, 6),
    counts: Float64Array.of(24, 25, 24, 0),
    size: 7,
  };

  it('are told by how many keys have each', () => {
    const shares = countShares(runs);
    expect(shares).toEqual([
      { count: 0, keys: 1, first: 6 },
      { count: 24, keys: 5, first: 0 },
      { count: 25, keys: 1, first: 3 },
    ]);
    expect(usualShare(shares)?.count).toBe(24);
    expect(keysWithCount(runs, (count) => count !== 24)).toEqual([3, 4, 6, 7]);
    expect([0, 3, 5, 6, 7].map((at) => countAt(runs, at))).toEqual([24, 25, 24, 0, 0]);
  });

  it('as columns, the highest of each is seen', () => {
    expect([...countColumns(runs, 0, 7, 7)]).toEqual([24, 24, 24, 25, 24, 24, 0]);
    expect([...countColumns(runs, 0, 7, 2)]).toEqual([24, 25]);
    expect([...countColumns(runs, 4, 7, 3)]).toEqual([24, 24, 0]);
  });
});

describe('short names of keys', () => {
  it('leave out what all begin with, up to the end of a part', () => {
    const hoursOfDay = ['2015-11-01-01:00', '2015-11-01-01:00-0800', '2015-11-01-12:00'];
    const ends = commonEnds(hoursOfDay);
    expect(ends.prefix).toBe('2015-11-01-');
    expect(hoursOfDay.map((key) => shortKey(key, { ...ends, suffix: '' }))).toEqual([
      '01:00',
      '01:00-0800',
      '12:00',
    ]);
    expect(commonEnds(['customer_a', 'customer_b'])).toEqual({ prefix: 'customer_', suffix: '' });
    expect(commonEnds(['a'])).toEqual({ prefix: '', suffix: '' });
    expect(commonEnds(['aa', 'aa-aa'])).toEqual({ prefix: '', suffix: '' });
  });
});
