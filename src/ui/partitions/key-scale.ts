import type { PartitionIndex } from '../../partitions/partition-index.ts';
import type { TimeWindow } from '../../time/time-window.ts';
import { linearScale, type LinearScale } from './linear-scale.ts';

/** Where keys stand on a line, in CSS px from its left end. Keys run to the right in definition order. */
export interface KeyScale {
  readonly width: number;
  /** The keys that are at least partly on the line: `from` up to, not including, `to`. */
  readonly from: number;
  readonly to: number;
  /** Mean width of a visible key; decides the level of detail. */
  readonly pixelsPerKey: number;
  leftOf(ordinal: number): number;
  rightOf(ordinal: number): number;
  /** The first key that ends to the right of `x`. */
  firstAt(x: number): number;
  /** The first key that starts at or to the right of `x`. */
  endAt(x: number): number;
  /**
   * Where each of so many columns of equal width begins and ends, by turns: `firstAt` its left end and `endAt` its
   * right one. Columns share keys that reach into both.
   */
  boundsOf(columns: number): Float64Array;
}

/** A stretch of ordinals, of which parts of keys may be seen at both ends; `from` < `to`. */
export interface OrdinalView {
  readonly from: number;
  readonly to: number;
}

/** Equal width for each key: the stretch `view` of `count` keys fills `width`. */
export function indexScale(view: OrdinalView, count: number, width: number): KeyScale {
  const line = linearScale([view.from, view.to], [0, width]);
  return {
    width,
    from: Math.max(0, Math.floor(view.from)),
    to: Math.min(count, Math.ceil(view.to)),
    pixelsPerKey: width / (view.to - view.from),
    leftOf: line,
    rightOf: (ordinal) => line(ordinal + 1),
    firstAt: (x) => clamp(Math.floor(line.invert(x) + ROUNDING), 0, count),
    endAt: (x) => clamp(Math.ceil(line.invert(x) - ROUNDING), 0, count),
    boundsOf: (columns) =>
      columnBounds(columns, width, (x, keys) => {
        const at = line.invert(x);
        keys.first = clamp(Math.floor(at + ROUNDING), 0, count);
        keys.end = clamp(Math.ceil(at - ROUNDING), 0, count);
      }),
  };
}

/** The keys at a place: the first that ends to the right of it, and the first that starts there or later. */
interface KeysAt {
  first: number;
  end: number;
}

/** Looks once at each place at which one column ends and the next begins. */
function columnBounds(
  columns: number,
  width: number,
  look: (x: number, keys: KeysAt) => void,
): Float64Array {
  const pixel = width / columns;
  const bounds = new Float64Array(columns * 2);
  const keys: KeysAt = { first: 0, end: 0 };
  look(0, keys);
  for (let column = 0; column < columns; column++) {
    const { first } = keys;
    look((column + 1) * pixel, keys);
    bounds[column * 2] = first;
    bounds[column * 2 + 1] = Math.max(first, keys.end);
  }
  return bounds;
}

/** A thousandth of a key: less than that is an error of arithmetic. */
const ROUNDING = 1e-3;

/** Instants on a line of `width` CSS px; `invert` gives the instant at a place. */
export function timeAxis({ startAt, endAt }: TimeWindow, width: number): LinearScale {
  return linearScale([startAt, endAt], [0, width]);
}

/** True time: each key is as wide as its window. The definition of `index` must be a time window. */
export function timeScale(index: PartitionIndex, range: TimeWindow, width: number): KeyScale {
  const axis = timeAxis(range, width);
  const leftOf = (ordinal: number) => axis(index.windowAt(ordinal)?.startAt ?? range.startAt);
  const rightOf = (ordinal: number) => axis(index.windowAt(ordinal)?.endAt ?? range.endAt);

  function endAt(x: number): number {
    return index.countStartingBefore(axis.invert(x)) ?? 0;
  }

  function lookAt(x: number, keys: KeysAt): void {
    const at = axis.invert(x);
    const started = index.countStartingBefore(Math.floor(at) + 1) ?? 0;
    const latest = started > 0 ? index.windowAt(started - 1) : null;
    keys.first = latest !== null && latest.endAt <= at ? started : Math.max(0, started - 1);
    // One that starts right there is not before it.
    keys.end = latest !== null && latest.startAt >= at ? started - 1 : started;
  }

  function firstAt(x: number): number {
    const keys: KeysAt = { first: 0, end: 0 };
    lookAt(x, keys);
    return keys.first;
  }

  const from = firstAt(0);
  const to = Math.max(from, endAt(width));
  return {
    width,
    from,
    to,
    pixelsPerKey: to > from ? (rightOf(to - 1) - leftOf(from)) / (to - from) : width,
    leftOf,
    rightOf,
    firstAt,
    endAt,
    boundsOf: (columns) => columnBounds(columns, width, lookAt),
  };
}

/** The key under `x`; -1 if there is none. */
export function keyUnder(scale: KeyScale, x: number): number {
  const ordinal = scale.firstAt(x);
  return ordinal < scale.to && scale.leftOf(ordinal) <= x ? ordinal : -1;
}

/** How much a bar of so many pixels a key can show. */
export type LevelOfDetail = 'labels' | 'patterns' | 'solid' | 'columns';

/** Four levels, by the mean width of a key. */
export function levelOfDetail(pixelsPerKey: number): LevelOfDetail {
  if (pixelsPerKey >= 40) return 'labels';
  if (pixelsPerKey >= 6) return 'patterns';
  return pixelsPerKey >= 2 ? 'solid' : 'columns';
}

/** `view` magnified `factor` times about the ordinal `at`, which stays where it is; never fewer than 3 keys, never beyond the ends. */
export function zoomView(
  view: OrdinalView,
  count: number,
  factor: number,
  at: number,
): OrdinalView {
  const span = clamp((view.to - view.from) / factor, Math.min(3, count), count);
  const share = (at - view.from) / (view.to - view.from);
  return slideTo(at - share * span, span, count);
}

/** `view` moved by `keys`, as far as there are keys. */
export function panView(view: OrdinalView, count: number, keys: number): OrdinalView {
  return slideTo(view.from + keys, view.to - view.from, count);
}

/** `view` moved as little as shows the whole of `ordinal`. */
export function revealInView(view: OrdinalView, count: number, ordinal: number): OrdinalView {
  if (ordinal < view.from) return panView(view, count, ordinal - view.from);
  if (ordinal + 1 > view.to) return panView(view, count, ordinal + 1 - view.to);
  return view;
}

function slideTo(from: number, span: number, count: number): OrdinalView {
  const start = clamp(from, 0, Math.max(0, count - span));
  return { from: start, to: start + span };
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}
