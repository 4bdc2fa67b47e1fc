import type { PartitionIndex } from '../../partitions/partition-index.ts';
import type { PartitionsSubset } from '../../partitions/subset/partitions-subset.ts';
import { appendSpan, spansOf, union } from '../../partitions/subset/subset-algebra.ts';
import type { OrdinalView } from './key-scale.ts';
import { WORST_FIRST, type ShownStatus } from './shown-status.ts';
import { subsetOfStatus } from './status-subset.ts';
import type { ShownStatuses } from './status-tally.ts';

/**
 * How the keys of two dimensions lie on a grid. Places are counted row by row; ordinals of keys go through
 * the second dimension first, so that places are ordinals unless the grid is turned.
 */
export interface GridAxes {
  readonly rows: number;
  readonly columns: number;
  /** Whether the first dimension runs to the right, and the second down. */
  readonly turned: boolean;
}

/** A cell of a grid. */
export interface GridCell {
  readonly row: number;
  readonly column: number;
}

/** Rows and columns from the first up to, not including, the last. */
export interface GridRect {
  readonly rows: OrdinalView;
  readonly columns: OrdinalView;
}

/** Time runs to the right; else the longer dimension does. */
export function gridAxes(index: PartitionIndex): GridAxes {
  const [major, minor] = index.dimensions ?? [];
  const [majorCount, minorCount] = [major?.count ?? 0, minor?.count ?? 0];
  const [isMajorTime, isMinorTime] = [major, minor].map(
    (dimension) => dimension?.definition.kind === 'timeWindow',
  );
  const turned = isMajorTime === isMinorTime ? majorCount > minorCount : isMajorTime === true;
  return turned
    ? { rows: minorCount, columns: majorCount, turned }
    : { rows: majorCount, columns: minorCount, turned };
}

export function placeOfCell({ columns }: GridAxes, { row, column }: GridCell): number {
  return row * columns + column;
}

export function ordinalOfCell(axes: GridAxes, cell: GridCell): number {
  return axes.turned ? cell.column * axes.rows + cell.row : placeOfCell(axes, cell);
}

export function cellOfOrdinal({ rows, columns, turned }: GridAxes, ordinal: number): GridCell {
  return turned
    ? { row: ordinal % rows, column: Math.floor(ordinal / rows) }
    : { row: Math.floor(ordinal / columns), column: ordinal % columns };
}

/** Keys as places on the grid. */
export function placesOfKeys(
  { rows, columns, turned }: GridAxes,
  keys: PartitionsSubset,
): PartitionsSubset {
  return turned ? transposed(keys, columns, rows) : keys;
}

/** Places on the grid as keys. */
export function keysOfPlaces(
  { rows, columns, turned }: GridAxes,
  places: PartitionsSubset,
): PartitionsSubset {
  return turned ? transposed(places, rows, columns) : places;
}

/** Statuses by places on the grid. */
export function statusesByPlace(axes: GridAxes, statuses: ShownStatuses): ShownStatuses {
  if (!axes.turned) return statuses;
  const laid = (subset: PartitionsSubset) => placesOfKeys(axes, subset);
  return {
    materialized: laid(statuses.materialized),
    materializing: laid(statuses.materializing),
    queued: laid(statuses.queued),
    failed: laid(statuses.failed),
    notTried: laid(statuses.notTried),
    stale: laid(statuses.stale ?? []),
  };
}

/** A subset of `lines` lines of `length` each, counted down the columns instead of along the lines. */
function transposed(subset: PartitionsSubset, lines: number, length: number): PartitionsSubset {
  const byColumn: number[][] = Array.from({ length }, () => []);
  for (const { start, end } of spansOf(subset)) {
    eachPiece(start, end, length, (from, to, first, last) => {
      for (let column = first; column < last; column++) {
        appendSpan(byColumn[column] as number[], from, to); // within, as columns are
      }
    });
  }
  const spans: number[] = [];
  byColumn.forEach((own, column) => {
    for (let at = 0; at < own.length; at += 2) {
      appendSpan(
        spans,
        column * lines + (own[at] as number),
        column * lines + (own[at + 1] as number),
      );
    }
  });
  return spans;
}

/**
 * Cuts a span of places into pieces that are rectangles: the rest of a line, whole lines, the beginning of
 * a line. Each is told as lines `from` … `to` and columns `first` … `last`, ends not included.
 */
function eachPiece(
  start: number,
  end: number,
  length: number,
  tell: (from: number, to: number, first: number, last: number) => void,
): void {
  let at = start;
  while (at < end) {
    const line = Math.floor(at / length);
    const first = at - line * length;
    const whole = Math.floor(end / length);
    if (first === 0 && whole > line) {
      tell(line, whole, 0, length);
      at = whole * length;
    } else {
      const last = Math.min(length, end - line * length);
      tell(line, line + 1, first, last);
      at = line * length + last;
    }
  }
}

/** The places of a rectangle. */
export function placesOfRect({ columns: length }: GridAxes, rect: GridRect): PartitionsSubset {
  const { rows, columns } = rect;
  if (columns.from >= columns.to || rows.from >= rows.to) return [];
  if (columns.from === 0 && columns.to === length) return [rows.from * length, rows.to * length];
  const spans: number[] = [];
  for (let row = rows.from; row < rows.to; row++) {
    spans.push(row * length + columns.from, row * length + columns.to);
  }
  return spans;
}

/** Places in more rectangles than these are not drawn one by one. */
const MOST_RECTS = 400;

/** Rectangles that cover exactly some places; empty if these are too ragged to be drawn. */
export function rectsOf(
  { columns: length }: GridAxes,
  places: PartitionsSubset,
): readonly GridRect[] {
  const rects: { rows: { from: number; to: number }; columns: OrdinalView }[] = [];
  for (const { start, end } of spansOf(places)) {
    if (rects.length > MOST_RECTS) return [];
    eachPiece(start, end, length, (from, to, first, last) => {
      const before = rects.at(-1);
      const continues = before?.columns.from === first && before.columns.to === last;
      if (before && continues && before.rows.to === from) before.rows.to = to;
      else rects.push({ rows: { from, to }, columns: { from: first, to: last } });
    });
  }
  return rects;
}

/** The rows and the columns of which some places are part, as subsets of their dimensions; empty if too ragged. */
export function sidesOf(
  axes: GridAxes,
  places: PartitionsSubset,
): { readonly rows: PartitionsSubset; readonly columns: PartitionsSubset } {
  let [rows, columns]: [PartitionsSubset, PartitionsSubset] = [[], []];
  for (const rect of rectsOf(axes, places)) {
    rows = union(rows, [rect.rows.from, rect.rows.to]);
    columns = union(columns, [rect.columns.from, rect.columns.to]);
  }
  return { rows, columns };
}

/** Keys of a grid counted by bins of neighbouring cells: what is painted where a cell has no room of its own. */
export interface GridBins {
  readonly rows: number;
  readonly columns: number;
  /** Of the statuses that occur, by row of bins, then column. */
  readonly counts: ReadonlyMap<ShownStatus, Float64Array>;
}

/**
 * Counts the places in view by `rows` × `columns` bins. Takes time by the number of spans and of bins,
 * however many keys there are.
 *
 * @param statuses by place.
 */
export function gridBins(
  axes: GridAxes,
  statuses: ShownStatuses,
  view: GridRect,
  rows: number,
  columns: number,
): GridBins {
  const counts = new Map<ShownStatus, Float64Array>();
  const inRows = new Binning(view.rows, rows);
  const inColumns = new Binning(view.columns, columns);
  const [start, end] = [view.rows.from * axes.columns, view.rows.to * axes.columns];
  for (const status of WORST_FIRST) {
    const found = new Float64Array(rows * columns);
    let occurs = false;
    const subset = subsetOfStatus(statuses, status, axes.rows * axes.columns);
    for (const span of spansOf(subset)) {
      if (span.end <= start || span.start >= end) continue;
      const [from, to] = [Math.max(start, span.start), Math.min(end, span.end)];
      eachPiece(from, to, axes.columns, (first, last, left, right) => {
        inRows.each(first, last, (row, lines) => {
          inColumns.each(left, right, (column, wide) => {
            const at = row * columns + column;
            found[at] = (found[at] as number) + lines * wide;
            occurs = true;
          });
        });
      });
    }
    if (occurs) counts.set(status, found);
  }
  return { rows, columns, counts };
}

/**
 * What several runs of rows, or of columns, have together.
 *
 * @param runs start and end by turns.
 * @param count the bins of one run; as many for each.
 */
export function binsOfRuns(
  runs: readonly number[],
  count: (run: OrdinalView) => GridBins,
): GridBins {
  const sum = new Map<ShownStatus, Float64Array>();
  let last: GridBins = { rows: 0, columns: 0, counts: sum };
  for (let at = 0; at < runs.length; at += 2) {
    last = count({ from: runs[at] ?? 0, to: runs[at + 1] ?? 0 });
    for (const [status, counts] of last.counts) {
      const before = sum.get(status);
      if (!before) sum.set(status, counts);
      else counts.forEach((more, place) => (before[place] = (before[place] ?? 0) + more));
    }
  }
  return { ...last, counts: sum };
}

/** Whole ordinals by bins of about equal size. */
class Binning {
  readonly #from: number;
  readonly #to: number;
  readonly #bins: number;

  constructor({ from, to }: OrdinalView, bins: number) {
    this.#from = from;
    this.#to = to;
    this.#bins = bins;
  }

  /** Calls `tell` with each bin that has some of the ordinals, and how many. */
  each(start: number, end: number, tell: (bin: number, count: number) => void): void {
    let at = Math.max(this.#from, start);
    const last = Math.min(this.#to, end);
    while (at < last) {
      const bin = this.#binOf(at);
      const next = Math.min(last, this.#edge(bin + 1));
      tell(bin, next - at);
      at = next;
    }
  }

  #edge(bin: number): number {
    return this.#from + Math.round((bin / this.#bins) * (this.#to - this.#from));
  }

  #binOf(ordinal: number): number {
    const guess = ((ordinal - this.#from) / (this.#to - this.#from)) * this.#bins;
    let bin = Math.min(this.#bins - 1, Math.floor(guess));
    // Edges are rounded: the neighbour may have it.
    while (bin > 0 && this.#edge(bin) > ordinal) bin -= 1;
    while (bin < this.#bins - 1 && this.#edge(bin + 1) <= ordinal) bin += 1;
    return bin;
  }
}

/** How large the cells of a grid are, and how many keys each stands for; CSS px. */
export interface GridLayout {
  /** Of one bin, with the gap after it. */
  readonly width: number;
  readonly height: number;
  readonly gap: number;
  readonly rows: number;
  readonly columns: number;
}

/** A cell is no larger, however few there are. */
const LARGEST = 28;
/** A row that is named has at least this height, if all have room. */
const NAMED = 18;
/** A smaller cell shares its place with its neighbours. */
const SMALLEST = 6;

/** Lays `view` out in `width` and at most `tallest`: cells of their own if there is room, else bins. */
export function gridLayout(view: GridRect, width: number, tallest: number): GridLayout {
  const rows = view.rows.to - view.rows.from;
  const columns = view.columns.to - view.columns.from;
  const wide = Math.min(LARGEST, width / columns);
  const room = tallest / rows;
  const high = Math.min(LARGEST, Math.max(Math.min(wide, room), Math.min(NAMED, room)));
  const rowBins = high < SMALLEST ? Math.floor(tallest / SMALLEST) : rows;
  const columnBins = wide < SMALLEST ? Math.max(1, Math.floor(width / SMALLEST)) : columns;
  const size = {
    width: wide < SMALLEST ? width / columnBins : wide,
    height: high < SMALLEST ? tallest / rowBins : high,
  };
  const least = Math.min(size.width, size.height);
  return { ...size, gap: least >= 14 ? 2 : 1, rows: rowBins, columns: columnBins };
}
