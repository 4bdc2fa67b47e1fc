import type { PartitionKey, PartitionKeyRange } from '../context.ts';
import type { PartitionIndex } from '../partition-index.ts';
import type { PartitionsSubset } from './partitions-subset.ts';
import { countOf, ordinalsOf, slice, spansOf, subsetOf, union } from './subset-algebra.ts';

/** The partitions of `index` with these keys, and the keys that it does not have, in their order. */
export function fromKeys(
  index: PartitionIndex,
  keys: Iterable<PartitionKey>,
): { readonly subset: PartitionsSubset; readonly unknownKeys: readonly PartitionKey[] } {
  // Room for as many spans as keys, as of every other key: a list that grows is a third of the work.
  const boundaries = new Array<number>(Array.isArray(keys) ? 2 * keys.length : 0);
  let length = 0;
  // Mostly keys come in order, and their spans are closed one after the other.
  let start = -1;
  let end = -1;
  const outOfOrder: number[] = [];
  const unknownKeys: PartitionKey[] = [];
  for (const key of keys) {
    const ordinal = index.ordinalOf(key);
    if (ordinal < 0) unknownKeys.push(key);
    else if (ordinal === end) end += 1;
    else if (ordinal > end) {
      if (start >= 0) {
        boundaries[length] = start;
        boundaries[length + 1] = end;
        length += 2;
      }
      start = ordinal;
      end = ordinal + 1;
    } else if (ordinal < start) outOfOrder.push(ordinal);
  }
  boundaries.length = length;
  if (start >= 0) boundaries.push(start, end);
  const subset = outOfOrder.length === 0 ? boundaries : union(boundaries, subsetOf(outOfOrder));
  return { subset, unknownKeys };
}

/** The keys in it, in definition order. */
export function keysOf(index: PartitionIndex, subset: PartitionsSubset): readonly PartitionKey[] {
  const count = countOf(subset);
  // The whole list is cheap for what it has, and kept.
  const listed = count > index.count / 4 ? index.keys() : null;
  const keys = new Array<PartitionKey>(count);
  let place = 0;
  for (let at = 0; at < subset.length; at += 2) {
    const end = subset[at + 1] as number;
    for (let ordinal = subset[at] as number; ordinal < end; ordinal += 1, place += 1) {
      keys[place] = listed === null ? index.keyAt(ordinal) : (listed[ordinal] as PartitionKey);
    }
  }
  return keys;
}

/**
 * Ranges that cover exactly it, as Dagster would write them: runs of neighbours; in two
 * dimensions, runs along one at a constant key of the other (SUB-4, SUB-7).
 */
export function keyRangesOf(
  index: PartitionIndex,
  subset: PartitionsSubset,
): readonly PartitionKeyRange[] {
  const range = (first: number, last: number): PartitionKeyRange => ({
    start: index.keyAt(first),
    end: index.keyAt(last),
  });
  const [rows, columns] = index.dimensions ?? [];
  if (rows === undefined || columns === undefined) {
    const ranges: PartitionKeyRange[] = [];
    for (let at = 0; at < subset.length; at += 2) {
      ranges.push(range(subset[at] as number, (subset[at + 1] as number) - 1));
    }
    return ranges;
  }
  const byRow = rowsOf(subset, columns.count);
  const usedColumns = [...byRow.values()].reduce(union, []);
  const rowsAreConstant =
    byRow.size < countOf(usedColumns) ||
    (byRow.size === countOf(usedColumns) &&
      !(columns.definition.kind === 'timeWindow' && rows.definition.kind !== 'timeWindow'));
  if (rowsAreConstant) {
    return [...byRow].flatMap(([row, used]) =>
      Array.from(spansOf(used), ({ start, end }) =>
        range(row * columns.count + start, row * columns.count + end - 1),
      ),
    );
  }
  return [...columnsOf(byRow)].flatMap(([column, used]) =>
    Array.from(spansOf(used), ({ start, end }) =>
      range(start * columns.count + column, (end - 1) * columns.count + column),
    ),
  );
}

/** A subset of a product by rows: the columns used of each, ascending; rows without any are absent. */
export function rowsOf(
  subset: PartitionsSubset,
  columnCount: number,
): ReadonlyMap<number, PartitionsSubset> {
  const rows = new Map<number, PartitionsSubset>();
  for (const { start, end } of spansOf(subset)) {
    for (let row = Math.floor(start / columnCount); row * columnCount < end; row += 1) {
      if (rows.has(row)) continue;
      const first = row * columnCount;
      rows.set(
        row,
        slice(subset, first, first + columnCount).map((boundary) => boundary - first),
      );
    }
  }
  return rows;
}

/** The other way round: the rows used of each column, columns ascending. */
function columnsOf(
  rows: ReadonlyMap<number, PartitionsSubset>,
): ReadonlyMap<number, PartitionsSubset> {
  const used = new Map<number, number[]>();
  for (const [row, columns] of rows) {
    for (const column of ordinalsOf(columns)) {
      const list = used.get(column);
      if (list === undefined) used.set(column, [row]);
      else list.push(row);
    }
  }
  return new Map([...used].sort(([a], [b]) => a - b).map(([at, list]) => [at, subsetOf(list)]));
}
