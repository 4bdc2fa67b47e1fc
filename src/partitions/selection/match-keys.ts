import { DIMENSION_SEPARATOR } from '../definition/multi.ts';
import type { PartitionIndex } from '../partition-index.ts';
import type { PartitionsSubset } from '../subset/partitions-subset.ts';
import { appendSpan, intersect, subsetOfSpan, union } from '../subset/subset-algebra.ts';
import { subsetOfColumns, subsetOfRows } from '../mapping/product-mapping.ts';
import type { KeyScan, KeyScans } from './key-scans.ts';

/** The keys that fit `pattern`, in which one `*` stands for anything (SEL-3). */
export function matchWildcard(pattern: string, index: PartitionIndex, scans: KeyScans): KeyScan {
  const star = pattern.indexOf('*');
  const before = pattern.slice(0, star);
  const after = pattern.slice(star + 1);
  return matchEnds(index, before, after, scans);
}

/** The keys in which `regex` finds something. It must not remember where it was (flags g and y). */
export function matchRegex(regex: RegExp, index: PartitionIndex, scans: KeyScans): KeyScan {
  return scans.find(index, String(regex), (key) => regex.test(key));
}

function matchEnds(index: PartitionIndex, before: string, after: string, scans: KeyScans): KeyScan {
  const { count, dimensions } = index;
  const found = (subset: PartitionsSubset): KeyScan => ({ subset, scanned: count, isDone: true });
  if (before === '' && after === '') return found(subsetOfSpan(0, count));
  const [rows, columns] = dimensions ?? [];
  if (rows !== undefined && columns !== undefined) {
    // A key is its two parts: what stands before the star and what stands after it say something of each.
    const [row, start] = parted(before);
    const [end, column] = parted(after);
    if (start !== null && column !== null) return found([]);
    if (start !== null) {
      const one = rows.ordinalOf(row);
      if (one < 0) return found([]);
      const inner = matchEnds(columns, start, after, scans);
      return { ...inner, subset: withinRow(inner.subset, one, columns.count) };
    }
    if (column !== null) {
      const one = columns.ordinalOf(column);
      if (one < 0) return found([]);
      const inner = matchEnds(rows, before, end, scans);
      return { ...inner, subset: pick(index, inner.subset, subsetOfSpan(one, one + 1)) };
    }
    const [first, second] = [
      matchEnds(rows, before, '', scans),
      matchEnds(columns, '', after, scans),
    ];
    return {
      subset: pick(index, first.subset, second.subset),
      scanned: Math.min(first.scanned, second.scanned),
      isDone: first.isDone && second.isDone,
    };
  }
  if (after === '' && isWrittenInOrder(index, before)) return found(stretchFrom(index, before));
  return scans.find(
    index,
    `${before}*${after}`,
    (key) =>
      key.length >= before.length + after.length && key.startsWith(before) && key.endsWith(after),
  );
}

/** What stands before a separator of dimensions and after it; all and null if there is none. */
function parted(text: string): readonly [string, string | null] {
  const at = text.indexOf(DIMENSION_SEPARATOR);
  return at < 0 ? [text, null] : [text.slice(0, at), text.slice(at + DIMENSION_SEPARATOR.length)];
}

function withinRow(columns: PartitionsSubset, row: number, width: number): PartitionsSubset {
  return columns.map((boundary) => boundary + row * width);
}

/** The keys whose parts are in `rows` and `columns`. */
function pick(
  index: PartitionIndex,
  rows: PartitionsSubset,
  columns: PartitionsSubset,
): PartitionsSubset {
  return intersect(subsetOfRows(index, rows), subsetOfColumns(index, columns));
}

/** Codes of fields from the longest to the shortest, each of a fixed number of digits. */
const IN_ORDER = /^[^%]*%Y(?:[^%]*%m(?:[^%]*%d(?:[^%]*%H(?:[^%]*%M(?:[^%]*%S)?)?)?)?)?[^%]*$/;

/** Whether the keys are times written from the year down: then their order as texts is that of time. */
export function isInTextOrder({ definition }: PartitionIndex): boolean {
  return definition.kind === 'timeWindow' && IN_ORDER.test(definition.fmt);
}

/** Whether keys that begin with `before` stand together. */
function isWrittenInOrder(index: PartitionIndex, before: string): boolean {
  if (!isInTextOrder(index)) return false;
  // What goes on behind the written time tells apart times that happen twice.
  return index.count > 0 && before.length <= index.keyAt(0).length;
}

/** About the ends of a stretch keys are looked at one by one: where clocks go back, times are not in order. */
const LOOSE = 4;

/** The keys that begin with `before`, where these stand together; by halving. */
function stretchFrom(index: PartitionIndex, before: string): PartitionsSubset {
  const beginning = (ordinal: number) => index.keyAt(ordinal).slice(0, before.length);
  const firstWith = (isPast: (text: string) => boolean): number => {
    let low = 0;
    let high = index.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (isPast(beginning(middle))) high = middle;
      else low = middle + 1;
    }
    return low;
  };
  const from = firstWith((text) => text >= before);
  const to = firstWith((text) => text > before);
  const ends: number[] = [];
  for (const [low, high] of [
    [from - LOOSE, Math.min(from, to) + LOOSE],
    [Math.max(from + LOOSE, to - LOOSE), to + LOOSE],
  ] as const) {
    for (let at = Math.max(0, low); at < Math.min(index.count, high); at += 1) {
      if (beginning(at) === before) appendSpan(ends, at, at + 1);
    }
  }
  return union(ends, subsetOfSpan(from + LOOSE, to - LOOSE));
}
