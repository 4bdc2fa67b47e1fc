import type { PartitionsSubset } from '../partitions/subset/partitions-subset.ts';

/**
 * How the keys of one asset stand, as subsets of the ordinals of one partition
 * index (an asset without partitions counts as one key, ordinal 0). Disjoint by the
 * order of PS-3: a key is in the first that holds of materializing, failed,
 * materialized; a key in none is missing. `queued` splits off what has not
 * started; `notTried` (extension) splits off what a failed run never started.
 */
export interface PartitionStatuses {
  readonly materialized: PartitionsSubset;
  readonly materializing: PartitionsSubset;
  readonly queued: PartitionsSubset;
  readonly failed: PartitionsSubset;
  readonly notTried: PartitionsSubset;
  /** Those of the others that were materialized before and have that value still (PS-3); absent if none. */
  readonly materializedBefore?: PartitionsSubset;
  /** Extension: those of `materialized` that are stale; absent where nothing tells. */
  readonly stale?: PartitionsSubset;
}

/** Every key is missing. */
export const noStatuses: PartitionStatuses = {
  materialized: [],
  materializing: [],
  queued: [],
  failed: [],
  notTried: [],
};

/** The words of the interface, worst first as bars draw them. */
export type KeyStatus =
  'failed' | 'not tried' | 'materializing' | 'queued' | 'missing' | 'materialized';

/**
 * How the keys of one asset stand as Dagster counts them: a key that failed, or is in
 * progress, may have been materialized before (PS-3). A key in none is missing.
 */
export interface OverlappingStatuses {
  readonly materialized: PartitionsSubset;
  readonly failed: PartitionsSubset;
  readonly inProgress: PartitionsSubset;
}
