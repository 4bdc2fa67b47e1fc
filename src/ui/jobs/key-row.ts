import type { StatusTally } from '../partitions/status-tally.ts';

/** A row of keys: what each of them is, and how it is said. */
export interface KeyRow {
  /** Unique among the rows. */
  readonly name: string;
  readonly tally: StatusTally;
  /** What a key is, in a word or two. */
  wordAt(column: number): string;
  /** Shades instead of statuses; absent where statuses are shown. */
  readonly shades?: KeyShades;
}

/** A number for each key: the more, the darker. */
export interface KeyShades {
  /** NaN where there is none. */
  readonly values: Float64Array;
  readonly least: number;
  readonly most: number;
}

/** Shades of these numbers, with the least and the most of them. */
export function shadesOf(values: Float64Array): KeyShades {
  let least = Infinity;
  let most = -Infinity;
  for (let at = 0; at < values.length; at++) {
    const value = values[at] as number;
    if (value < least) least = value;
    if (value > most) most = value;
  }
  return { values, least, most };
}
