import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeStaticPartitionsDefinition } from '../../src/partitions/definition/static.ts';
import { makeTimeWindowPartitionsDefinition } from '../../src/partitions/definition/time-window.ts';
import { indexPartitions } from '../../src/partitions/index-partitions.ts';
import { rangesOf, subsetOfRanges } from '../../src/partitions/key-ranges.ts';
import { subsetOf } from '../../src/partitions/subset/subset-algebra.ts';
import { rangesOfKeys } from './ranges-of-keys.ts';

const context = {
  effectiveAt: Date.parse('2024-03-10T09:00:00Z'),
  dynamicPartitions: new Map<string, readonly string[]>(),
};
const letters = indexPartitions(makeStaticPartitionsDefinition([...'abcdefghij']), context);

describe('keys as ranges (SUB)', () => {
  it('[SUB-4] every span is one range, and ranges in any order give the subset back', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(9)), fc.func(fc.nat(9)), (ordinals, place) => {
        const subset = subsetOf(ordinals);
        const ranges = rangesOf(letters, subset);
        expect(ranges).toHaveLength(subset.length / 2);
        const shuffled = [...ranges].sort((one, other) => place(one) - place(other));
        expect(subsetOfRanges(letters, shuffled)).toEqual({ subset, unknownKeys: [] });
        const singly = rangesOfKeys(ordinals.map((ordinal) => letters.keyAt(ordinal)));
        expect(subsetOfRanges(letters, singly).subset).toEqual(subset);
      }),
    );
  });

  it('[SUB-5] an end that is no key is told, and its range left out; a range in reverse is empty', () => {
    const ranges = [
      ['b', 'c'],
      ['a', 'x'],
      ['y', 'y'],
      ['f', 'd'],
      ['c', 'd'],
    ] as const;
    expect(subsetOfRanges(letters, ranges)).toEqual({ subset: [1, 4], unknownKeys: ['x', 'y'] });
  });

  it('[SUB-10] a million hours are two texts', () => {
    const hours = indexPartitions(
      makeTimeWindowPartitionsDefinition({ className: 'hourly', start: '1900-01-01-00:00' }),
      context,
    );
    const ranges = rangesOf(hours, [0, 1_000_000]);
    expect(ranges).toEqual([['1900-01-01-00:00', '2014-01-29-15:00']]);
    expect(subsetOfRanges(hours, ranges).subset).toEqual([0, 1_000_000]);
  });
});
