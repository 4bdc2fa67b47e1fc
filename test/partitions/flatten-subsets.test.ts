import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { flattenSubsets } from '../../src/partitions/subset/flatten-subsets.ts';
import { contains, subsetOf } from '../../src/partitions/subset/subset-algebra.ts';

describe('subsets laid over each other', () => {
  it('[PS-3] the first on top cuts those below', () => {
    const materializing = [8, 12];
    const failed = [2, 4, 6, 9];
    const materialized = [0, 10];
    expect(flattenSubsets([materializing, failed, materialized])).toEqual([
      { start: 0, end: 2, layer: 2 },
      { start: 2, end: 4, layer: 1 },
      { start: 4, end: 6, layer: 2 },
      { start: 6, end: 8, layer: 1 },
      { start: 8, end: 12, layer: 0 },
    ]);
  });

  it('[PS-3] nothing is seen where there is nothing', () => {
    expect(flattenSubsets([])).toEqual([]);
    expect(flattenSubsets([[], []])).toEqual([]);
  });

  it('[PS-3] each ordinal is seen in the first subset that has it, in as few spans as can be', () => {
    const ordinals = fc.array(fc.nat({ max: 40 }));
    fc.assert(
      fc.property(fc.array(ordinals, { maxLength: 4 }), (lists) => {
        const layers = lists.map(subsetOf);
        const spans = flattenSubsets(layers);
        for (let ordinal = 0; ordinal <= 40; ordinal += 1) {
          const seen = spans.filter(({ start, end }) => ordinal >= start && ordinal < end);
          const first = layers.findIndex((layer) => contains(layer, ordinal));
          expect(seen.map(({ layer }) => layer)).toEqual(first < 0 ? [] : [first]);
        }
        spans.forEach(({ start, layer }, place) => {
          const before = spans[place - 1];
          expect(before?.end === start && before.layer === layer).toBe(false);
        });
      }),
    );
  });
});
