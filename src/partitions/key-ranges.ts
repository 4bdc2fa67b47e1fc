import type { PartitionKey } from './context.ts';
import type { PartitionIndex } from './partition-index.ts';
import { spansOf, subsetOf, union } from './subset/subset-algebra.ts';
import type { PartitionsSubset } from './subset/partitions-subset.ts';

/** Neighbouring keys in definition order, both ends included. */
export type KeyRange = readonly [first: PartitionKey, last: PartitionKey];

/**
 * Keys of a definition as ranges, in definition order, disjoint. So keys pass between threads and
 * are kept in commands: a million neighbours are two texts, and, unlike ordinals, they mean the same
 * at a later instant.
 */
export type KeyRanges = readonly KeyRange[];

/** The keys of `subset` as ranges: one for each of its spans. */
export function rangesOf(index: PartitionIndex, subset: PartitionsSubset): KeyRanges {
  return Array.from(spansOf(subset), ({ start, end }): KeyRange => {
    const first = index.keyAt(start);
    return [first, end - start === 1 ? first : index.keyAt(end - 1)];
  });
}

/**
 * The partitions of `index` within these ranges, in any order, and the ends of ranges that it does
 * not have: what such a range would hold is left out. A range in reverse holds nothing.
 */
export function subsetOfRanges(
  index: PartitionIndex,
  ranges: KeyRanges,
): { readonly subset: PartitionsSubset; readonly unknownKeys: readonly PartitionKey[] } {
  const boundaries: number[] = [];
  const single: number[] = [];
  let outOfOrder: PartitionsSubset = [];
  const unknownKeys: PartitionKey[] = [];
  for (const [first, last] of ranges) {
    const start = index.ordinalOf(first);
    const end = last === first ? start : index.ordinalOf(last);
    if (start < 0) unknownKeys.push(first);
    if (end < 0 && last !== first) unknownKeys.push(last);
    if (start < 0 || end < start) continue;
    const limit = boundaries.at(-1) ?? -1;
    if (start === limit) boundaries[boundaries.length - 1] = end + 1;
    else if (start > limit) boundaries.push(start, end + 1);
    else if (start === end) single.push(start);
    else outOfOrder = union(outOfOrder, [start, end + 1]);
  }
  const subset = union(union(boundaries, subsetOf(single)), outOfOrder);
  return { subset, unknownKeys };
}
