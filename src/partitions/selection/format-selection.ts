import {
  columnsUsed,
  rowsUsed,
  subsetOfColumns,
  subsetOfRows,
} from '../mapping/product-mapping.ts';
import type { PartitionKey } from '../context.ts';
import type { PartitionIndex } from '../partition-index.ts';
import type { PartitionsSubset } from '../subset/partitions-subset.ts';
import { equalSubsets, intersect, spansOf } from '../subset/subset-algebra.ts';
import { rowsOf } from '../subset/subset-keys.ts';
import { writeKey } from './write-key.ts';

/**
 * The shortest list of keys and ranges that `parseSelection` reads as `subset`.
 *
 * @param write how a key is written in it.
 */
export function formatSelection(
  subset: PartitionsSubset,
  index: PartitionIndex,
  write: (key: PartitionKey) => string = (key) => writeKey(key, index),
): string {
  const [rows, columns] = index.dimensions ?? [];
  if (rows === undefined || columns === undefined) {
    return Array.from(spansOf(subset), ({ start, end }) => {
      const first = write(index.keyAt(start));
      if (end - start === 1) return first;
      const last = write(index.keyAt(end - 1));
      return end - start === 2 ? `${first}, ${last}` : `[${first}...${last}]`;
    }).join(', ');
  }
  // A range of two dimensions is a rectangle: neighbouring rows with the same columns are one.
  const items: string[] = [];
  const blocks: { readonly from: number; to: number; readonly used: PartitionsSubset }[] = [];
  for (const [row, used] of rowsOf(subset, columns.count)) {
    const last = blocks.at(-1);
    if (last?.to === row - 1 && equalSubsets(last.used, used)) last.to = row;
    else blocks.push({ from: row, to: row, used });
  }
  for (const { from, to, used } of blocks) {
    for (const { start, end } of spansOf(used)) {
      const first = write(index.keyAt(from * columns.count + start));
      const last = write(index.keyAt(to * columns.count + end - 1));
      items.push(first === last ? first : `[${first}...${last}]`);
    }
  }
  return items.join(', ');
}

/** The parts in each dimension of which `subset` has every pair, in name order; null if it is no such product. */
export function partsOfProduct(
  subset: PartitionsSubset,
  index: PartitionIndex,
): readonly [PartitionsSubset, PartitionsSubset] | null {
  if (index.dimensions === undefined) return null;
  const rows = rowsUsed(index, subset);
  const columns = columnsUsed(index, subset);
  return equalSubsets(productOf(index, rows, columns), subset) ? [rows, columns] : null;
}

/** Every pair of a part in `rows` and one in `columns`. */
export function productOf(
  index: PartitionIndex,
  rows: PartitionsSubset,
  columns: PartitionsSubset,
): PartitionsSubset {
  return intersect(subsetOfRows(index, rows), subsetOfColumns(index, columns));
}
