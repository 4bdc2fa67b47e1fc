import type { KeyScale } from './key-scale.ts';
import { WORST_FIRST, type ShownStatus } from './shown-status.ts';
import { LISTED, type StatusTally } from './status-tally.ts';

/** What a pixel of a dense bar is painted with, by its code: the place in this list. */
export const INKS = [
  null,
  'ok',
  'missing',
  'edge',
  'dots',
  'stale',
  'queuedStripes',
  'paper',
  'queuedDashes',
  'run',
  'notTriedHatch',
  'notTriedDashes',
  'fail',
] as const;

/** One of them; null leaves the pixel empty. */
export type Ink = (typeof INKS)[number];

/** A bar of keys too many to be told apart, as device pixels. */
export interface InkPicture {
  readonly columns: number;
  readonly rows: number;
  /** Codes row by row; places in `INKS`. */
  readonly codes: Uint8Array;
}

/** A dense bar: its keys, and how large it is painted. */
export interface DenseBar {
  readonly scale: KeyScale;
  readonly tally: StatusTally;
  /** CSS px. */
  readonly height: number;
  /** Device pixels a CSS px. */
  readonly ratio: number;
}

/** The least width and height of a status that a column has, CSS px. */
const LEAST = 2;

/** A pattern is told from another from this width on, CSS px. */
const PATTERN_ROOM = 6;

/**
 * Splits each column of device pixels by the true shares of its keys, worst on top. Takes time by the
 * number of pixels, however many keys there are and however their statuses alternate.
 */
export function columnInks(bar: DenseBar): InkPicture {
  const columns = Math.round(bar.scale.width * bar.ratio);
  const rows = Math.round(bar.height * bar.ratio);
  const picture = new Picture(columns, rows, Math.round(bar.ratio));
  const shares = sharesOf(bar, columns, rows);
  const paint = (status: ShownStatus, how: (at: ShareRow) => void) => {
    const row = shares.statuses.indexOf(status);
    if (row < 0) return;
    how({
      top: shares.top.subarray(row * columns, (row + 1) * columns),
      end: shares.end.subarray(row * columns, (row + 1) * columns),
    });
  };
  // What comes later is widened over what came before.
  paint('materialized', (share) => picture.fill(share, 'ok', 0));
  paint('missing', (share) => {
    picture.fill(share, 'missing', LEAST);
    picture.frame(share, 'edge');
  });
  paint('not yet existing', (share) => picture.fill(share, 'dots', LEAST));
  paint('stale', (share) => picture.fill(share, 'stale', LEAST));
  paint('queued', (share) => picture.fillPattern(share, 'queuedStripes', 'queuedDashes'));
  paint('materializing', (share) => picture.fill(share, 'run', LEAST));
  paint('not tried', (share) => picture.fillPattern(share, 'notTriedHatch', 'notTriedDashes'));
  paint('failed', (share) => picture.fill(share, 'fail', LEAST));
  picture.round();
  return picture;
}

/** Where one status stands in each column, from `top` to `end`; device pixels, equal where it does not. */
interface ShareRow {
  readonly top: Uint16Array;
  readonly end: Uint16Array;
}

class Picture implements InkPicture {
  readonly columns: number;
  readonly rows: number;
  readonly codes: Uint8Array;
  /** Device pixels a CSS px, whole. */
  readonly #pixel: number;

  constructor(columns: number, rows: number, pixel: number) {
    this.columns = columns;
    this.rows = rows;
    this.codes = new Uint8Array(columns * rows);
    this.#pixel = Math.max(1, pixel);
  }

  /** @param least width of a run of columns, CSS px. */
  fill(share: ShareRow, ink: Ink, least: number): void {
    const code = INKS.indexOf(ink);
    this.#eachRun(share, (from, to) => {
      for (let column = from; column < to; column++) this.#fillShare(share, column, column, code);
      this.#widen(share, from, to, least, code);
    });
  }

  /** Runs wide enough bear the pattern; the others dashes on a margin of paper. */
  fillPattern(share: ShareRow, pattern: Ink, dashes: Ink): void {
    const paper = INKS.indexOf('paper');
    this.#eachRun(share, (from, to) => {
      const isWide = to - from >= PATTERN_ROOM * this.#pixel;
      const code = INKS.indexOf(isWide ? pattern : dashes);
      if (!isWide) {
        for (let away = 1; away <= this.#pixel; away++) {
          this.#fillShare(share, from, from - away, paper);
          this.#fillShare(share, to - 1, to - 1 + away, paper);
        }
      }
      for (let column = from; column < to; column++) this.#fillShare(share, column, column, code);
      this.#widen(share, from, to, LEAST, code);
    });
  }

  /** A line round each run of full columns, and along the upper end of lower ones. */
  frame(share: ShareRow, ink: Ink): void {
    const { rows } = this;
    const code = INKS.indexOf(ink);
    const line = this.#pixel;
    const isFull = (column: number) => share.top[column] === 0 && share.end[column] === rows;
    this.#eachRun(share, (from, to) => {
      for (let column = from; column < to; column++) {
        const top = share.top[column] as number; // within
        if (!isFull(column)) {
          this.#fillRows(column, top, Math.min(top + line, share.end[column] as number), code);
          continue;
        }
        const isEnd =
          column - from < line ||
          to - column <= line ||
          !isFull(column - line) ||
          !isFull(column + line);
        if (isEnd) this.#fillRows(column, 0, rows, code);
        else {
          this.#fillRows(column, 0, line, code);
          this.#fillRows(column, rows - line, rows, code);
        }
      }
    });
  }

  /** Leaves out what lies beyond the rounded corners, of 2 CSS px. */
  round(): void {
    const { columns, rows } = this;
    for (let away = 0; away < Math.min(this.#pixel, columns); away++) {
      const cut = Math.min(rows, this.#pixel - away);
      for (const column of [away, columns - 1 - away]) {
        this.#fillRows(column, 0, cut, 0);
        this.#fillRows(column, rows - cut, rows, 0);
      }
    }
  }

  /** Calls `act` for each stretch of columns that have the status. */
  #eachRun({ top, end }: ShareRow, act: (from: number, to: number) => void): void {
    let from = -1;
    for (let column = 0; column <= this.columns; column++) {
      const has = column < this.columns && (end[column] as number) > (top[column] as number);
      if (has && from < 0) from = column;
      else if (!has && from >= 0) {
        act(from, column);
        from = -1;
      }
    }
  }

  #widen(share: ShareRow, from: number, to: number, least: number, code: number): void {
    const wide = least * this.#pixel;
    for (let column = to; column < from + wide; column++) {
      // At the right end there is room at the left alone.
      const at = column < this.columns ? column : from - 1 - (column - this.columns);
      this.#fillShare(share, to - 1, at, code);
    }
  }

  /** Fills column `at` as high as the share stands in `column`. */
  #fillShare({ top, end }: ShareRow, column: number, at: number, code: number): void {
    if (at < 0 || at >= this.columns) return;
    this.#fillRows(at, top[column] as number, end[column] as number, code);
  }

  #fillRows(column: number, top: number, end: number, code: number): void {
    const { codes, columns } = this;
    const last = end * columns + column;
    for (let at = top * columns + column; at < last; at += columns) codes[at] = code;
  }
}

/** Where each status stands in each column; `top` and `end` hold a row of columns for each status, device pixels. */
interface ColumnShares {
  readonly statuses: readonly ShownStatus[];
  readonly top: Uint16Array;
  readonly end: Uint16Array;
}

function sharesOf({ scale, tally, ratio }: DenseBar, columns: number, rows: number): ColumnShares {
  const bounds = scale.boundsOf(columns);
  const counts = countsByColumn(tally, bounds);
  const statuses = WORST_FIRST.filter((status) => counts[status] !== undefined);
  const byRow = statuses.map((status) => counts[status] as Float64Array);
  const top = new Uint16Array(statuses.length * columns);
  const end = new Uint16Array(statuses.length * columns);
  const least = Math.min(rows, LEAST * Math.max(1, Math.round(ratio)));
  for (let column = 0; column < columns; column++) {
    const total = (bounds[column * 2 + 1] as number) - (bounds[column * 2] as number);
    let rest = total;
    let at = 0;
    for (let row = 0; row < statuses.length && rest > 0; row++) {
      const count = (byRow[row] as Float64Array)[column] as number; // both within
      if (count === 0) continue;
      rest -= count;
      // What follows keeps some room.
      const share = Math.max(least, Math.round((count / total) * rows));
      const bottom = rest > 0 ? Math.max(at, Math.min(rows - least, at + share)) : rows;
      top[row * columns + column] = at;
      end[row * columns + column] = bottom;
      at = bottom;
    }
  }
  return { statuses, top, end };
}

/** How many keys of each status that occurs stand in each column. */
function countsByColumn(
  tally: StatusTally,
  bounds: Float64Array,
): Partial<Record<ShownStatus, Float64Array>> {
  const [first = 0] = bounds;
  const last = bounds.at(-1) ?? 0;
  const counts: Partial<Record<ShownStatus, Float64Array>> = {};
  for (const status of LISTED) {
    if (tally.countIn(status, first, last) === 0) continue;
    counts[status] = tally.countInEach(status, bounds);
  }
  // Counted so, materialized keys have the stale ones among them.
  if (counts.materialized) subtract(counts.materialized, counts.stale);
  for (const status of ['missing', 'not yet existing'] as const) {
    if (tally.countIn(status, first, last) === 0) continue;
    const inside = new Float64Array(bounds.length / 2);
    for (let at = 0; at < inside.length; at++) {
      const [start, end] = [bounds[at * 2] as number, bounds[at * 2 + 1] as number];
      const ahead = Math.max(0, end - Math.max(start, tally.existing));
      inside[at] = status === 'missing' ? end - start - ahead : ahead;
    }
    if (status === 'missing') for (const listed of LISTED) subtract(inside, counts[listed]);
    counts[status] = inside;
  }
  return counts;
}

/** Takes `less` away from `counts`, place by place. */
function subtract(counts: Float64Array, less: Float64Array | undefined): void {
  if (!less) return;
  for (let at = 0; at < counts.length; at++) {
    counts[at] = (counts[at] as number) - (less[at] as number);
  }
}
