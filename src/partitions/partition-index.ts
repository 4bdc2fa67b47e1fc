import type { EpochMs, TimeWindow } from '../time/time-window.ts';
import type { PartitionKey } from './context.ts';
import type { PartitionsDefinition } from './definition/partitions-definition.ts';
import type { PartitionsSubset } from './subset/partitions-subset.ts';

/**
 * Ascending, disjoint stretches of time, flattened as `[startAt0, endAt0, startAt1, …]`: of very
 * many, objects would be most of the work.
 */
export type Stretches = Float64Array;

/**
 * The partitions of `definition` that exist in one context, by ordinal in
 * definition order. Made by `indexPartitions`; nothing in it is listed before
 * it is asked for, so an index over a million windows is cheap.
 */
export interface PartitionIndex {
  readonly definition: PartitionsDefinition;
  /** How many exist. */
  readonly count: number;
  /** @throws {RangeError} if there is no such ordinal. */
  keyAt(ordinal: number): PartitionKey;
  /** The ordinal of `key`, or -1 if it does not exist (now). */
  ordinalOf(key: PartitionKey): number;
  /** Every key in order. Long lists are built once and kept. */
  keys(): readonly PartitionKey[];
  /** The window of an ordinal; null if the definition is not a time window. */
  windowAt(ordinal: number): TimeWindow | null;
  /**
   * The number of partitions whose window starts before `at` (0 … count), so that
   * a span of time is a span of ordinals; null if not a time window.
   */
  countStartingBefore(at: EpochMs): number | null;
  /** The stretches of time that a subset covers, one for each run of neighbours; null if not a time window. */
  stretchesOf(subset: PartitionsSubset): Stretches | null;
  /** The partitions whose window starts within one of `stretches`; null if not a time window. */
  startingWithin(stretches: Stretches): PartitionsSubset | null;
  /** The index of each dimension, in name order; absent unless the definition is multi. */
  readonly dimensions?: readonly PartitionIndex[];
}
