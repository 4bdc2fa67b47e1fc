import type { EpochMs } from '../time/time-window.ts';

/** One member's name. Never parsed outside its definition's file. */
export type PartitionKey = string;

/** From key to key, both ends included, in definition order. */
export interface PartitionKeyRange {
  readonly start: PartitionKey;
  readonly end: PartitionKey;
}

/** Time and dynamic keys as seen by one evaluation (GEN-1). Immutable: passed down, never read from outside. */
export interface PartitionLoadingContext {
  /** The instant at which it is asked which partitions exist. */
  readonly effectiveAt: EpochMs;
  /** Keys of each dynamic definition by its name, in the order in which they were added. */
  readonly dynamicPartitions: ReadonlyMap<string, readonly PartitionKey[]>;
}
