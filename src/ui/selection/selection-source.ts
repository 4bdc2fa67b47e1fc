import type { Definitions } from '../../definitions/definitions.ts';
import type { PartitionStatuses } from '../../orchestration/partition-status.ts';
import type { PartitionLoadingContext } from '../../partitions/context.ts';
import type { PartitionIndex } from '../../partitions/partition-index.ts';

/** The assets around the one whose keys are chosen. */
export interface SelectionSurroundings {
  readonly assetKey: string;
  readonly definitions: Definitions;
  /** The instant and the dynamic keys under which the index was made. */
  readonly context: PartitionLoadingContext;
  /** Null for an asset of which nothing is known. */
  statusesOf(assetKey: string): PartitionStatuses | null;
}

/** Whose keys are chosen, and what the words of a selection may speak of. */
export interface SelectionSource {
  readonly index: PartitionIndex;
  readonly statuses: PartitionStatuses;
  /** The texts of selections that have a name. */
  readonly named: ReadonlyMap<string, string>;
  readonly surroundings: SelectionSurroundings;
}
