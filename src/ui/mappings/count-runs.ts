import type { CountRuns } from '../../partitions/mapping/survey-mapping.ts';
import type { PartitionsSubset } from '../../partitions/subset/partitions-subset.ts';
import { appendSpan } from '../../partitions/subset/subset-algebra.ts';

/** How many keys have one number of counterparts. */
export interface CountShare {
  readonly count: number;
  /** How many keys have it. */
  readonly keys: number;
  /** The first of them. */
  readonly first: number;
}

/** Every number of counterparts that occurs, ascending. */
export function countShares(runs: CountRuns): readonly CountShare[] {
  const shares = new Map<number, { count: number; keys: number; first: number }>();
  for (let run = 0; run < runs.counts.length; run += 1) {
    const count = runs.counts[run] as number; // within, as all below
    const first = runs.starts[run] as number;
    const keys = endOf(runs, run) - first;
    const known = shares.get(count);
    if (known) known.keys += keys;
    else shares.set(count, { count, keys, first });
  }
  return [...shares.values()].sort((a, b) => a.count - b.count);
}

/** The number that most keys have, of equally frequent ones the smaller; null if there are no keys. */
export function usualShare(shares: readonly CountShare[]): CountShare | null {
  let usual: CountShare | null = null;
  for (const share of shares) if (!usual || share.keys > usual.keys) usual = share;
  return usual;
}

/** The keys that have this number, or, negated, all that have another. */
export function keysWithCount(
  runs: CountRuns,
  isMeant: (count: number) => boolean,
): PartitionsSubset {
  const boundaries: number[] = [];
  for (let run = 0; run < runs.counts.length; run += 1) {
    if (isMeant(runs.counts[run] as number)) {
      appendSpan(boundaries, runs.starts[run] as number, endOf(runs, run));
    }
  }
  return boundaries;
}

/** The number that one key has; 0 beyond the last. */
export function countAt(runs: CountRuns, ordinal: number): number {
  return ordinal < runs.size ? (runs.counts[runAt(runs, ordinal)] ?? 0) : 0;
}

/**
 * The keys from `from` to before `to` as so many columns of equal width: the highest number in each, so that none
 * that is higher than its neighbours is lost.
 */
export function countColumns(
  runs: CountRuns,
  from: number,
  to: number,
  columns: number,
): Float64Array {
  const highest = new Float64Array(columns);
  const keysAColumn = (to - from) / columns;
  let run = runAt(runs, from);
  for (let column = 0; column < columns; column += 1) {
    const start = Math.floor(from + column * keysAColumn);
    const end = Math.max(start + 1, Math.floor(from + (column + 1) * keysAColumn));
    while (run + 1 < runs.starts.length && (runs.starts[run + 1] as number) <= start) run += 1;
    for (let at = run; at < runs.counts.length && (runs.starts[at] as number) < end; at += 1) {
      highest[column] = Math.max(highest[column] as number, runs.counts[at] as number);
    }
  }
  return highest;
}

function endOf({ starts, size }: CountRuns, run: number): number {
  return starts[run + 1] ?? size;
}

/** The run that holds an ordinal. */
function runAt({ starts }: CountRuns, ordinal: number): number {
  let low = 0;
  let high = starts.length;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if ((starts[middle] as number) <= ordinal) low = middle;
    else high = middle;
  }
  return low;
}
