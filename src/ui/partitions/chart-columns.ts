import { ticks } from 'd3-array';
import type { MetadataNumbers } from '../../protocol/engine.ts';
import { linearScale, type LinearScale } from './linear-scale.ts';

/** What stands at one place across a chart: a key, or all keys that share a pixel. */
export interface ChartColumn {
  /** Left end and width, CSS px. */
  readonly x: number;
  readonly width: number;
  readonly low: number;
  readonly high: number;
  /** The key with the highest number. */
  readonly ordinal: number;
}

/** Numbers by key, laid out. */
export interface NumberChart {
  /** From left to right. */
  readonly columns: readonly ChartColumn[];
  /** From a number to its place from the top, CSS px. */
  readonly y: LinearScale;
  /** The round number nearest below the highest. */
  readonly gridline: number;
}

const GAP = 1;
/** A column is no narrower, CSS px. */
const LEAST = 1;
const WIDEST = 28;

/** Lays out the numbers of `keys` keys; of several on one pixel, their lowest and highest. */
export function numberChart(
  { ordinals, values }: Pick<MetadataNumbers, 'ordinals' | 'values'>,
  keys: number,
  width: number,
  height: number,
): NumberChart {
  const pitch = Math.min(WIDEST, width / Math.max(1, keys));
  const columns: { x: number; width: number; low: number; high: number; ordinal: number }[] = [];
  for (let at = 0; at < ordinals.length; at++) {
    const [ordinal, value] = [ordinals[at] as number, values[at] as number]; // both within
    const x = pitch >= LEAST + GAP ? ordinal * pitch : Math.floor(ordinal * pitch);
    const last = columns.at(-1);
    if (last && last.x === x) {
      last.low = Math.min(last.low, value);
      if (value > last.high) {
        last.high = value;
        last.ordinal = ordinal;
      }
    } else {
      const wide = Math.max(LEAST, pitch - GAP);
      columns.push({ x, width: wide, low: value, high: value, ordinal });
    }
  }
  const lowest = columns.reduce((low, column) => Math.min(low, column.low), 0);
  const highest = columns.reduce((high, column) => Math.max(high, column.high), 0);
  const top = highest === lowest ? lowest + 1 : highest;
  const y = linearScale([lowest, top], [height, 0]);
  return { columns, y, gridline: ticks(lowest, top, 3).findLast((tick) => tick <= top) ?? top };
}

/** The column at or nearest to `x`; null if there is none. */
export function columnNear(columns: readonly ChartColumn[], x: number): ChartColumn | null {
  let nearest: ChartColumn | null = null;
  let least = Infinity;
  for (const column of columns) {
    const distance = Math.abs(column.x + column.width / 2 - x);
    if (distance < least) [nearest, least] = [column, distance];
  }
  return nearest;
}
