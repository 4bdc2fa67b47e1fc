import type { EpochMs } from '../../time/time-window.ts';

/** How many of these instants, which ascend, are at or before `at`. */
export function instantsBefore(instants: Float64Array, at: EpochMs): number {
  let low = 0;
  let high = instants.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((instants[middle] as number) <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}
