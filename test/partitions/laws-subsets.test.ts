import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { indexPartitions } from '../../src/partitions/index-partitions.ts';
import { keysInRange } from '../../src/partitions/keys-in-range.ts';
import type { PartitionIndex } from '../../src/partitions/partition-index.ts';
import {
  addKeys,
  equalPortable,
  intersectPortable,
  isEmptyPortable,
  keysNotInPortable,
  keysOfPortable,
  portableContains,
  portableSubset,
  portableWhole,
  rangesOfPortable,
  subtractPortable,
  unitePortable,
} from '../../src/partitions/subset/portable-subset.ts';
import {
  complement,
  intersect,
  subsetOf,
  subtract,
  union,
} from '../../src/partitions/subset/subset-algebra.ts';
import { fromKeys, keyRangesOf, keysOf } from '../../src/partitions/subset/subset-keys.ts';
import { contextOf, definitionOf, type WrittenDefinition } from './vectors.ts';

const letters: WrittenDefinition = { kind: 'static', keys: ['c', 'a', 'd', 'b'] };
const days: WrittenDefinition = { kind: 'daily', start: '2024-02-25' };
const NEW_YORK = 'America/New_York';

const WRITTEN: readonly WrittenDefinition[] = [
  letters,
  { kind: 'dynamic', name: 'names' },
  days,
  { ...days, exclusions: ['0 0 * * 6,0', '2024-03-04'] },
  { kind: 'hourly', start: '2024-03-09-20:00', timezone: NEW_YORK },
  { kind: 'hourly', start: '2024-03-10-00:00', timezone: NEW_YORK, exclusions: ['0 5 * * *'] },
  { kind: 'weekly', start: '2023-12-01', timezone: NEW_YORK },
  { kind: 'multi', dimensions: { letters, days } },
  { kind: 'multi', dimensions: { days, names: { kind: 'dynamic', name: 'names' } } },
  { kind: 'multi', dimensions: { letters, others: letters } },
];

const INDEXES = WRITTEN.map((written) =>
  indexPartitions(
    definitionOf(written),
    contextOf({ now: '2024-03-12T12:00:00Z', dynamic: { names: ['x', 'b', 'a'] } }),
  ),
);

const someOrdinals = fc.array(fc.nat({ max: 500 }), { maxLength: 40 });

const drawn = fc
  .tuple(fc.constantFrom(...INDEXES), someOrdinals, someOrdinals)
  .map(([index, a, b]) => ({
    index,
    a: subsetOf(a.map((one) => one % index.count)),
    b: subsetOf(b.map((one) => one % index.count)),
  }));

const keysInRanges = (
  index: PartitionIndex,
  ranges: readonly { readonly start: string; readonly end: string }[],
) => ranges.flatMap((range) => keysInRange(index, range));

describe('subsets, by two routes', () => {
  it('[SUB-3] keys lead to a subset and back, in any order and number', () => {
    fc.assert(
      fc.property(drawn, fc.infiniteStream(fc.nat()), ({ index, a }, shuffle) => {
        const keys = keysOf(index, a);
        const order = new Map(keys.map((key) => [key, shuffle.next().value as number]));
        const shuffled = [...keys, ...keys].sort(
          (one, other) => (order.get(one) ?? 0) - (order.get(other) ?? 0),
        );
        expect(fromKeys(index, shuffled)).toEqual({ subset: a, unknownKeys: [] });
        expect(fromKeys(index, ['none', ...keys]).unknownKeys).toEqual(['none']);
      }),
      { seed: 41, numRuns: 400 },
    );
  });

  it('[SUB-4, SUB-7] [SUB-4q] ranges hold the keys of a subset, each once and no other', () => {
    fc.assert(
      fc.property(drawn, ({ index, a }) => {
        const keys = keysOf(index, a);
        const portable = portableSubset(index, keys);
        for (const ranges of [keyRangesOf(index, a), rangesOfPortable(index, portable)]) {
          expect(keysInRanges(index, ranges).sort()).toEqual([...keys].sort());
        }
      }),
      { seed: 42, numRuns: 400 },
    );
  });

  it('[SUB-1, SUB-6] by ordinals and by keys or windows, the same is in both, either, one or none', () => {
    fc.assert(
      fc.property(drawn, ({ index, a, b }) => {
        const [left, right] = [a, b].map((one) => portableSubset(index, keysOf(index, one)));
        if (left === undefined || right === undefined) return;
        const whole = portableWhole(index);
        const same = (subset: readonly number[], portable: typeof left) =>
          expect(keysOfPortable(index, portable)).toEqual(keysOf(index, subset));
        same(a, left);
        same([0, index.count], whole);
        same(union(a, b), unitePortable(index, left, right));
        same(union(a, b), addKeys(index, left, keysOf(index, b)));
        same(intersect(a, b), intersectPortable(index, left, right));
        same(subtract(a, b), subtractPortable(index, left, right));
        same(complement(a, index.count), subtractPortable(index, whole, left));
        expect(keysNotInPortable(index, left)).toEqual(keysOf(index, complement(a, index.count)));
        expect(isEmptyPortable(left)).toBe(a.length === 0);
        const inside = new Set(keysOf(index, a));
        for (const key of index.keys().slice(0, 50)) {
          expect(portableContains(index, left, key)).toBe(inside.has(key));
        }
        expect(equalPortable(left, portableSubset(index, keysOfPortable(index, left)))).toBe(true);
      }),
      { seed: 43, numRuns: 400 },
    );
  });
});
