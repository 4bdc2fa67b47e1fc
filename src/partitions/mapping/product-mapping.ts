import type { PartitionIndex } from '../partition-index.ts';
import type { PartitionsSubset } from '../subset/partitions-subset.ts';
import {
  appendSpan,
  equalSubsets,
  ordinalsOf,
  spansOf,
  subsetOfSpan,
  union,
  unionAll,
} from '../subset/subset-algebra.ts';
import { rowsOf } from '../subset/subset-keys.ts';

/** How one dimension of the target follows from one of the source; both by position. */
export interface DimensionMap {
  readonly from: number;
  readonly to: number;
  /** The target's part for one part of the source. */
  readonly map: (ordinal: number) => PartitionsSubset;
}

/**
 * Maps a subset of one product of two dimensions to another, part by part: a dimension of the
 * target that no map leads to takes every part (MAP-MM-2), and parts stay paired as they are in
 * the keys (MAP-MM-3).
 */
export function mapProduct(
  source: PartitionIndex,
  target: PartitionIndex,
  subset: PartitionsSubset,
  maps: readonly DimensionMap[],
): PartitionsSubset {
  const targetRows = dimensionAt(target, 0).count;
  const targetColumns = dimensionAt(target, 1).count;
  const toRows = remembered(maps.find(({ to }) => to === 0));
  const toColumns = remembered(maps.find(({ to }) => to === 1));
  const allRows = subsetOfSpan(0, targetRows);
  const allColumns = subsetOfSpan(0, targetColumns);
  const columnsByRow = new Map<number, PartitionsSubset>();
  const add = (rows: PartitionsSubset, columns: PartitionsSubset): void => {
    if (columns.length === 0) return;
    for (const row of ordinalsOf(rows)) {
      const known = columnsByRow.get(row);
      columnsByRow.set(row, known === undefined ? columns : union(known, columns));
    }
  };
  for (const [row, columns] of rowsOf(subset, dimensionAt(source, 1).count)) {
    if (toRows?.from === 1) {
      for (const column of ordinalsOf(columns)) {
        add(toRows.map(column), toColumns === null ? allColumns : toColumns.map(row));
      }
    } else if (toColumns?.from === 1) {
      const mapped = Array.from(ordinalsOf(columns), (column) => toColumns.map(column));
      add(toRows === null ? allRows : toRows.map(row), unionAll(mapped));
    } else {
      add(
        toRows === null ? allRows : toRows.map(row),
        toColumns === null ? allColumns : toColumns.map(row),
      );
    }
  }
  const boundaries: number[] = [];
  for (const [row, columns] of [...columnsByRow].sort(([a], [b]) => a - b)) {
    appendShifted(boundaries, columns, row * targetColumns);
  }
  return boundaries;
}

/** Adds a subset moved by `offset`; what is added may touch the last one. */
function appendShifted(boundaries: number[], subset: PartitionsSubset, offset: number): void {
  for (let at = 0; at < subset.length; at += 2) {
    appendSpan(boundaries, (subset[at] as number) + offset, (subset[at + 1] as number) + offset);
  }
}

/** Every partition of the rows in `rows`. */
export function subsetOfRows(index: PartitionIndex, rows: PartitionsSubset): PartitionsSubset {
  const columns = dimensionAt(index, 1).count;
  return columns === 0 ? [] : rows.map((boundary) => boundary * columns);
}

/** Every partition of the columns in `columns`. */
export function subsetOfColumns(
  index: PartitionIndex,
  columns: PartitionsSubset,
): PartitionsSubset {
  const width = dimensionAt(index, 1).count;
  if (equalSubsets(columns, subsetOfSpan(0, width))) return subsetOfSpan(0, index.count);
  const boundaries: number[] = [];
  // The last column of a row touches the first of the next.
  for (let offset = 0; offset < index.count; offset += width) {
    appendShifted(boundaries, columns, offset);
  }
  return boundaries;
}

/** The rows that have a partition in `subset`. */
export function rowsUsed(index: PartitionIndex, subset: PartitionsSubset): PartitionsSubset {
  const width = dimensionAt(index, 1).count;
  const boundaries: number[] = [];
  for (const { start, end } of spansOf(subset)) {
    appendSpan(boundaries, Math.floor(start / width), Math.ceil(end / width));
  }
  return boundaries;
}

/** The columns that have a partition in `subset`. */
export function columnsUsed(index: PartitionIndex, subset: PartitionsSubset): PartitionsSubset {
  const width = dimensionAt(index, 1).count;
  return unionAll(
    Array.from(spansOf(subset), ({ start, end }) => {
      const from = start % width;
      const to = from + end - start;
      if (end - start >= width) return [0, width];
      return to <= width ? [from, to] : union([from, width], [0, to - width]);
    }),
  );
}

function dimensionAt(index: PartitionIndex, position: number): PartitionIndex {
  const dimension = index.dimensions?.[position];
  if (dimension === undefined) throw new TypeError('This index has no dimensions.');
  return dimension;
}

/** A map that is asked once for each part. */
function remembered(map: DimensionMap | undefined): DimensionMap | null {
  if (map === undefined) return null;
  const known = new Map<number, PartitionsSubset>();
  return {
    ...map,
    map: (ordinal) => {
      let mapped = known.get(ordinal);
      if (mapped === undefined) {
        mapped = map.map(ordinal);
        known.set(ordinal, mapped);
      }
      return mapped;
    },
  };
}
