import type { PartitionIndex } from '../../partitions/partition-index.ts';
import type { PartitionsSubset } from '../../partitions/subset/partitions-subset.ts';
import { ordinalsOf } from '../../partitions/subset/subset-algebra.ts';

/** Ordinals in the order of a list. */
export interface KeyOrder {
  readonly count: number;
  /** @param position from 0 to before `count`. */
  at(position: number): number;
  /** Where an ordinal stands; -1 if it is not in the list. */
  positionOf(ordinal: number): number;
}

/** The ordinals of a subset as they come. It is made by spans, and asked by halving. */
export function orderOfSubset(subset: PartitionsSubset): KeyOrder {
  const size = subset.length >> 1;
  /** Ordinals in the spans before each, and last the number of all. */
  const before = new Float64Array(size + 1);
  for (let span = 0; span < size; span += 1) {
    const length = (subset[span * 2 + 1] as number) - (subset[span * 2] as number); // within, as below
    before[span + 1] = (before[span] as number) + length;
  }
  return {
    count: before[size] as number,
    at: (position) => {
      const span = lastAtMost(size, (place) => before[place] as number, position);
      return (subset[span * 2] as number) + position - (before[span] as number);
    },
    positionOf: (ordinal) => {
      const span = lastAtMost(size, (place) => subset[place * 2] as number, ordinal);
      if (span < 0 || ordinal >= (subset[span * 2 + 1] as number)) return -1;
      return (before[span] as number) + ordinal - (subset[span * 2] as number);
    },
  };
}

/** The last of `size` ascending values that is at most `value`, by its place; -1 if none is. */
function lastAtMost(size: number, at: (place: number) => number, value: number): number {
  let low = 0;
  let high = size;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (at(middle) <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** An order from its end. */
export function reversed(order: KeyOrder): KeyOrder {
  const { count } = order;
  return {
    count,
    at: (position) => order.at(count - 1 - position),
    positionOf: (ordinal) => {
      const position = order.positionOf(ordinal);
      return position < 0 ? -1 : count - 1 - position;
    },
  };
}

/** As many steps as are done at once: a few ms. */
const STEPS = 20_000;

/**
 * The ordinals of a subset in the order of their keys as texts. Yields after each part of the work, so
 * that nobody waits for it in one piece.
 */
export function* sortByKey(
  index: PartitionIndex,
  subset: PartitionsSubset,
): Generator<void, KeyOrder> {
  let sorted = Uint32Array.from(ordinalsOf(subset));
  const { length } = sorted;
  yield;
  let steps = 0;
  // Merges ever longer runs, from the bottom up.
  for (let run = 1; run < length; run *= 2) {
    const merged = new Uint32Array(length);
    for (let from = 0; from < length; from += run * 2) {
      const middle = Math.min(from + run, length);
      const to = Math.min(from + run * 2, length);
      let left = from;
      let right = middle;
      for (let place = from; place < to; place += 1) {
        const takesLeft =
          right >= to ||
          (left < middle &&
            index.keyAt(sorted[left] as number) <= index.keyAt(sorted[right] as number));
        merged[place] = (takesLeft ? sorted[left++] : sorted[right++]) as number; // within
        steps += 1;
        if (steps % STEPS === 0) yield;
      }
    }
    sorted = merged;
  }
  let places: Map<number, number> | null = null;
  return {
    count: length,
    at: (position) => sorted[position] as number,
    positionOf: (ordinal) => {
      if (places === null) {
        places = new Map();
        for (let place = 0; place < length; place += 1) places.set(sorted[place] as number, place);
      }
      return places.get(ordinal) ?? -1;
    },
  };
}
