import type { PartitionsSubset } from '../../partitions/subset/partitions-subset.ts';
import type { KeyScale } from '../partitions/key-scale.ts';

/** A stretch of a bar, CSS px from its left end. */
export interface MarkedRun {
  readonly left: number;
  readonly right: number;
}

/** Stretches that are nearer than this are drawn as one, CSS px. */
const APART = 4;

/**
 * Where a bar marks the keys of `subset`, left to right. It takes time by the width of the bar, however
 * many stretches there are: what lies within a pixel is jumped over.
 */
export function markRuns(subset: PartitionsSubset, scale: KeyScale): readonly MarkedRun[] {
  const runs: { left: number; right: number }[] = [];
  let span = spanFrom(subset, scale.from);
  while (span * 2 < subset.length) {
    const start = subset[span * 2] as number;
    const end = subset[span * 2 + 1] as number;
    if (start >= scale.to) break;
    const left = Math.max(0, scale.leftOf(Math.max(start, scale.from)));
    const right = Math.min(scale.width, scale.rightOf(Math.min(end, scale.to) - 1));
    const last = runs.at(-1);
    if (last !== undefined && left - last.right < APART) last.right = Math.max(last.right, right);
    else runs.push({ left, right });
    // The next one that ends to the right of the pixel.
    span = Math.max(span + 1, spanFrom(subset, Math.max(end, scale.firstAt(right + 1))));
  }
  return runs;
}

/** The first span that ends after `ordinal`. */
function spanFrom(subset: PartitionsSubset, ordinal: number): number {
  let low = 0;
  let high = subset.length >> 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((subset[middle * 2 + 1] as number) <= ordinal) low = middle + 1;
    else high = middle;
  }
  return low;
}
