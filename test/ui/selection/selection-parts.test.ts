import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluateSelection } from '../../../src/partitions/selection/evaluate-selection.ts';
import { ordinalsOf, subsetOf } from '../../../src/partitions/subset/subset-algebra.ts';
import { indexScale } from '../../../src/ui/partitions/key-scale.ts';
import { dimensionStatuses } from '../../../src/ui/selection/dimension-statuses.ts';
import { orderOfSubset, reversed, sortByKey } from '../../../src/ui/selection/key-order.ts';
import { markRuns } from '../../../src/ui/selection/mark-runs.ts';
import { refusalOfKey, warningOfKey } from '../../../src/ui/selection/new-key.ts';
import { inkOf } from '../../../src/ui/selection/selection-ink.ts';
import { customers, days, grid, indexOf, scopeOf } from '../../partitions/selection/scopes.ts';

describe('the order of a list of keys', () => {
  it('finds each ordinal of a subset by its place, and its place by the ordinal', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(300), { maxLength: 80 }), (some) => {
        const subset = subsetOf(some);
        const listed = [...ordinalsOf(subset)];
        const order = orderOfSubset(subset);
        expect(order.count).toBe(listed.length);
        expect(listed.map((_, place) => order.at(place))).toEqual(listed);
        expect(Array.from({ length: 302 }, (_, at) => order.positionOf(at))).toEqual(
          Array.from({ length: 302 }, (_, at) => listed.indexOf(at)),
        );
        const back = reversed(order);
        expect(listed.map((_, place) => back.at(place))).toEqual(listed.toReversed());
        if (listed[0] !== undefined) expect(back.positionOf(listed[0])).toBe(listed.length - 1);
      }),
      { seed: 3, numRuns: 100 },
    );
  });

  it('is that of texts, worked out in parts', () => {
    const keys = Array.from({ length: 9000 }, (_, at) => `k${(at * 7919) % 9001}`);
    const index = indexOf({ kind: 'static', keys });
    const work = sortByKey(index, [10, 8990]);
    let parts = 0;
    let step = work.next();
    for (; !step.done; step = work.next()) parts += 1;
    const order = step.value;
    expect(parts).toBeGreaterThan(3);
    const texts = Array.from({ length: order.count }, (_, place) => keys[order.at(place)]);
    expect(texts).toEqual(keys.slice(10, 8990).sort());
    expect(order.positionOf(order.at(17))).toBe(17);
    expect(order.positionOf(3)).toBe(-1);
  });
});

describe('the marks of a bar', () => {
  it('stand over the keys, those that are near as one, however many there are', () => {
    const scale = indexScale({ from: 0, to: 100 }, 100, 1000);
    expect(markRuns([3, 5, 50, 51], scale)).toEqual([
      { left: 30, right: 50 },
      { left: 500, right: 510 },
    ]);
    const every = Array.from({ length: 500_000 }, (_, at) => [at * 2, at * 2 + 1]).flat();
    const wide = indexScale({ from: 0, to: 1_000_000 }, 1_000_000, 1000);
    const [run, ...others] = markRuns(every, wide);
    expect(others).toEqual([]);
    expect(run?.left).toBe(0);
    expect(run?.right).toBeCloseTo(1000, 0);
    expect(markRuns([], wide)).toEqual([]);
  });

  it('are those of what is in view', () => {
    const scale = indexScale({ from: 40, to: 50 }, 100, 1000);
    expect(markRuns([0, 42, 60, 70], scale)).toEqual([{ left: 0, right: 200 }]);
  });
});

describe('a new key', () => {
  it('[DYN-5] is refused with the reason; what only a static definition refuses is a warning', () => {
    expect(refusalOfKey(' ', [], 'images')).toBe('A key has at least one character.');
    expect(refusalOfKey('a', ['a'], 'images')).toBe('a is a key of images already.');
    expect(refusalOfKey('b', ['a'], 'images')).toBeNull();
    expect(warningOfKey('a...b')).toContain('"..."');
    expect(warningOfKey('a|b')).toContain('two dimensions');
    expect(warningOfKey('a\tb')).not.toBeNull();
    expect(warningOfKey('a,b')).toContain('in quotes');
    expect(warningOfKey('cat.png')).toBeNull();
  });
});

describe('one dimension of two', () => {
  it('is materialized where every pair is, and as bad as the worst of them', () => {
    const statuses = {
      materialized: [0, 40],
      materializing: [],
      queued: [],
      failed: [60, 61],
      notTried: [61, 62],
      stale: [5, 6],
    };
    expect(dimensionStatuses(grid, statuses, 0)).toMatchObject({
      materialized: [0, 1],
      failed: [2, 3],
      notTried: [],
      stale: [0, 1],
    });
    expect(dimensionStatuses(grid, statuses, 1)).toMatchObject({
      materialized: [],
      failed: [2, 3],
      notTried: [3, 4],
    });
  });
});

describe('the ink of a text', () => {
  const pieces = (text: string, index = days) => {
    const { tree, problems } = evaluateSelection(text, scopeOf(index));
    return inkOf(text, tree, problems).map((piece) => `${piece.text}:${piece.ink}`);
  };

  it('tells words, keys, patterns and signs apart, and what is wrong', () => {
    expect(pieces('failed & [2024-01-01...] - */')).toEqual([
      'failed:word failed',
      ' & [:sign',
      '2024-01-01:key',
      '...] - :sign',
      '*/:pattern wrong',
    ]);
    expect(pieces('color=red, date=last 7 days', grid)).toEqual([
      'color:name',
      '=:sign',
      'red:key',
      ', :sign',
      'date:name',
      '=:sign',
      'last 7 days:word',
    ]);
    expect(pieces('customer_a, customer_d', customers).at(-1)).toBe('customer_d:key wrong');
  });

  it('is the whole text, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'ab ,&|-()[].*"/@:=2024') }), (text) => {
        const { tree, problems } = evaluateSelection(text, scopeOf(days));
        expect(
          inkOf(text, tree, problems)
            .map((piece) => piece.text)
            .join(''),
        ).toBe(text);
        for (const { from, to } of problems) {
          expect(from).toBeGreaterThanOrEqual(0);
          expect(to).toBeLessThanOrEqual(text.length + 1);
        }
      }),
      { seed: 13, numRuns: 2000 },
    );
  });
});
