import { extent } from 'd3-array';
import type { MaterializationTimes } from '../../protocol/engine.ts';
import { linearScale } from './linear-scale.ts';
import type { Paint } from './status-paints.ts';

/** Where a materialization stands; CSS px. */
export interface HistoryScale {
  readonly width: number;
  readonly height: number;
  xOf(entry: number): number;
  yOf(ordinal: number): number;
  /** Side of a mark; 3 … 8. */
  readonly mark: number;
}

/** Across: time, or the number of the run, which tells apart what happened at one instant. */
export type HistoryAxis = 'time' | 'run';

/** Time is of use only if it tells materializations apart. */
export function bestAxis({ at }: MaterializationTimes): HistoryAxis {
  const first = at[0];
  return first === undefined || at.every((instant) => instant === first) ? 'run' : 'time';
}

/**
 * Places the materializations of `keys` keys, first key on top, in a picture of `width` × `height`.
 * Keys that no longer exist have no place.
 */
export function historyScale(
  times: MaterializationTimes,
  axis: HistoryAxis,
  keys: number,
  width: number,
  height: number,
): HistoryScale {
  const values = axis === 'time' ? times.at : times.runNumbers;
  const [first = 0, last = first] = extent<number>(values);
  const pitch = height / Math.max(1, keys);
  const mark = Math.min(8, Math.max(3, pitch * 0.8));
  // Clear of the line at the left.
  const across = linearScale([first, Math.max(first + 1, last)], [mark / 2 + 3, width - mark / 2]);
  return {
    width,
    height,
    mark,
    xOf: (entry) => across(values[entry] ?? first),
    yOf: (ordinal) => Math.min(Math.max((ordinal + 0.5) * pitch, mark / 2), height - mark / 2 - 1),
  };
}

/** What is used of a canvas. */
type HistoryPainter = Pick<CanvasRenderingContext2D, 'fillRect' | 'fillStyle'>;

/**
 * Paints each materialization as a square: the newest of its key in `newest`, those that it replaced in
 * `replaced`. What falls on the same pixel is painted once.
 */
export function paintMaterializationHistory(
  context: HistoryPainter,
  times: MaterializationTimes,
  scale: HistoryScale,
  paints: { readonly newest: Paint; readonly replaced: Paint },
): void {
  const { ordinals } = times;
  const newest = newestEntries(ordinals);
  const { mark, width } = scale;
  // Half pixels: finer than the eye and than most screens.
  const columns = Math.ceil(width * 2) + 1;
  for (const isNewest of [false, true]) {
    const seen = new Set<number>();
    context.fillStyle = isNewest ? paints.newest : paints.replaced;
    for (let entry = 0; entry < ordinals.length; entry++) {
      const ordinal = ordinals[entry] ?? -1;
      if (ordinal < 0 || (newest.get(ordinal) === entry) !== isNewest) continue;
      const x = scale.xOf(entry);
      const y = scale.yOf(ordinal);
      const pixel = Math.round(y * 2) * columns + Math.round(x * 2);
      if (seen.has(pixel)) continue;
      seen.add(pixel);
      context.fillRect(x - mark / 2, y - mark / 2, mark, mark);
    }
  }
}

function newestEntries(ordinals: Int32Array): ReadonlyMap<number, number> {
  const newest = new Map<number, number>();
  ordinals.forEach((ordinal, entry) => newest.set(ordinal, entry));
  return newest;
}

/** The materialization nearest to a point; -1 if none is within `reach` px. */
export function entryNear(
  { ordinals }: MaterializationTimes,
  scale: HistoryScale,
  x: number,
  y: number,
  reach: number,
): number {
  let nearest = -1;
  let least = reach * reach;
  for (let entry = 0; entry < ordinals.length; entry++) {
    const ordinal = ordinals[entry] ?? -1;
    if (ordinal < 0) continue;
    const distance = (scale.xOf(entry) - x) ** 2 + (scale.yOf(ordinal) - y) ** 2;
    if (distance <= least) {
      least = distance;
      nearest = entry;
    }
  }
  return nearest;
}
