import type { PartitionKey } from '../../partitions/context.ts';
import type { PartitionIndex } from '../../partitions/partition-index.ts';
import type { PartitionsSubset } from '../../partitions/subset/partitions-subset.ts';
import { contains, countOf } from '../../partitions/subset/subset-algebra.ts';

/** Keys of one asset in a list of keys. */
export interface ListedKeys {
  readonly assetKey: string;
  readonly partitioned: boolean;
  readonly index: PartitionIndex;
  /** At least one key. */
  readonly subset: PartitionsSubset;
}

/** A place in a list of keys. */
export interface ListedKey {
  readonly assetKey: string;
  readonly ordinal: number;
  /** Null for an asset without partitions. */
  readonly partitionKey: PartitionKey | null;
}

/** How many keys a list has. */
export function countListed(parts: readonly ListedKeys[]): number {
  return parts.reduce((sum, { subset }) => sum + countOf(subset), 0);
}

/**
 * The keys in places `from` up to, not including, `to`; nothing is made for the others.
 *
 * @param newestFirst whether the last key of each asset comes first.
 */
export function listedBetween(
  parts: readonly ListedKeys[],
  from: number,
  to: number,
  newestFirst: boolean,
): readonly ListedKey[] {
  const found: ListedKey[] = [];
  let start = 0;
  for (const { assetKey, partitioned, index, subset } of parts) {
    const size = countOf(subset);
    const end = start + size;
    const [first, last] = [Math.max(from, start) - start, Math.min(to, end) - start];
    const ordinals = newestFirst
      ? ordinalsBetween(subset, size - last, size - first).reverse()
      : ordinalsBetween(subset, first, last);
    for (const ordinal of ordinals) {
      found.push({ assetKey, ordinal, partitionKey: partitioned ? index.keyAt(ordinal) : null });
    }
    start = end;
    if (start >= to) break;
  }
  return found;
}

/** Where a key stands in a list; -1 if it is not in it. */
export function placeOfListed(
  parts: readonly ListedKeys[],
  assetKey: string,
  ordinal: number,
  newestFirst: boolean,
): number {
  let start = 0;
  for (const part of parts) {
    const size = countOf(part.subset);
    if (part.assetKey === assetKey && contains(part.subset, ordinal)) {
      const position = countBefore(part.subset, ordinal);
      return start + (newestFirst ? size - 1 - position : position);
    }
    start += size;
  }
  return -1;
}

/** The ordinals at positions `first` up to, not including, `last`. */
function ordinalsBetween(subset: PartitionsSubset, first: number, last: number): number[] {
  const ordinals: number[] = [];
  let before = 0;
  for (let at = 0; at < subset.length && before < last; at += 2) {
    const start = subset[at] as number; // spans come in pairs
    const size = (subset[at + 1] as number) - start;
    const [low, high] = [Math.max(0, first - before), Math.min(size, last - before)];
    for (let inSpan = low; inSpan < high; inSpan++) ordinals.push(start + inSpan);
    before += size;
  }
  return ordinals;
}

function countBefore(subset: PartitionsSubset, ordinal: number): number {
  let count = 0;
  for (let at = 0; at < subset.length; at += 2) {
    const start = subset[at] as number;
    if (start > ordinal) break;
    count += Math.min(subset[at + 1] as number, ordinal) - start;
  }
  return count;
}
