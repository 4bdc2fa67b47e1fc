import type { AssetKeyText } from '../../definitions/definitions.ts';
import type { PartitionKey, PartitionKeyRange } from '../../partitions/context.ts';
import type { PartitionsDefinition } from '../../partitions/definition/partitions-definition.ts';
import type { PartitionsSubset } from '../../partitions/subset/partitions-subset.ts';
import { countOf, subtract, union } from '../../partitions/subset/subset-algebra.ts';
import type { EpochMs } from '../../time/time-window.ts';
import type { RunConfig } from '../run.ts';
import type { LaunchExtras } from './launch-extras.ts';

/** BF-16, less the old `COMPLETED`. `FAILING` and `FAILED` are for what keeps it from going on, not for failed runs. */
export type BackfillStatus =
  | 'REQUESTED'
  | 'CANCELING'
  | 'CANCELED'
  | 'FAILING'
  | 'FAILED'
  | 'COMPLETED_SUCCESS'
  | 'COMPLETED_FAILED';

/**
 * Keys of several assets, as ordinals of their definitions; ordinal 0 stands for an asset
 * without partitions. An asset that is absent has none.
 */
export type AssetSubsets = ReadonlyMap<AssetKeyText, PartitionsSubset>;

/** What a backfill is to materialize of one asset; fixed when it starts (BF-3). */
export interface BackfillTarget {
  readonly assetKey: AssetKeyText;
  /** The definition that the asset had then; the ordinals of the backfill count under it. */
  readonly partitionsDef: PartitionsDefinition | null;
  readonly subset: PartitionsSubset;
  /** Keys that were asked for and did not exist: with any of them the backfill fails at once (BF-2). */
  readonly unknownKeys: readonly PartitionKey[];
}

/** Why a backfill cannot go on, under Dagster's name for the fault. */
export interface BackfillError {
  readonly error: string;
  readonly message: string;
}

/** Keys of several assets, worked off over several runs. Plain data; kept whole in storage. */
export interface Backfill {
  readonly backfillId: string;
  readonly status: BackfillStatus;
  /** _Extension_: while it holds, nothing more is requested. */
  readonly paused: boolean;
  /** Which windows exist is asked as of this instant for its whole life (BF-3). */
  readonly startedAt: EpochMs;
  /** The keys of each dynamic definition of its targets, by name, that its ordinals count. */
  readonly dynamicPartitions: ReadonlyMap<string, readonly PartitionKey[]>;
  /** An asset after all that it depends on. */
  readonly targets: readonly BackfillTarget[];
  /** Keys for which it made a run. */
  readonly requested: AssetSubsets;
  /** Keys that its newest look chose and for which no run is made yet; absent if there are none. */
  readonly unmade?: AssetSubsets;
  /** Keys that a run of it recorded. */
  readonly materialized: AssetSubsets;
  /** Keys whose run failed or was canceled, and what reads them (BF-5). */
  readonly failedAndDownstream: AssetSubsets;
  /** How often it was looked at. */
  readonly iterations: number;
  /** How many runs it asked for. */
  readonly runCount: number;
  /** Of its first run; backfills of one instant stand in this order. */
  readonly firstRunNumber: number;
  /** The job whose name the runs bear. */
  readonly jobName: string;
  /** Of a backfill of a job, whose one target has the job's name and keys; absent for one of assets. */
  readonly job?: BackfillJob;
  /** Given to every run whose keys have none of their own. */
  readonly runConfig: RunConfig;
  /** Given to every run. */
  readonly tags: Readonly<Record<string, string>>;
  /** The backfill that this one repeats; null if none. */
  readonly parentBackfillId: string | null;
  readonly rootBackfillId: string | null;
  /** Of a job: its keys go on from where their runs in the parent backfill failed (JB-4); absent if they are run whole. */
  readonly fromFailure?: true;
  /** Null unless it is failing or failed. */
  readonly error: BackfillError | null;
  /** _Extension_; absent: it does as Dagster does. */
  readonly extras?: LaunchExtras;
}

/** What the runs of a job backfill execute. */
export interface BackfillJob {
  /** Of the job's assets, in the order in which they execute; empty for a job of ops. */
  readonly assetKeys: readonly AssetKeyText[];
  /** Neighbouring keys that one run takes at most; null for all. 1 makes runs for single keys, without a range (JB-2). */
  readonly partitionsPerRun: number | null;
}

/** A run that a backfill asks for. */
export interface BackfillRunRequest {
  /** In the order in which they execute. */
  readonly assetKeys: readonly AssetKeyText[];
  /** Null for a run over a range, or of assets without partitions. */
  readonly partitionKey: PartitionKey | null;
  /** Of a run of assets with a backfill policy, also over a single key (BF-12); null otherwise. */
  readonly range: PartitionKeyRange | null;
  /** The keys, as ordinals of the assets' common definition. */
  readonly subset: PartitionsSubset;
  /** What says so on the run: its partition and dimensions, or its range. */
  readonly tags: Readonly<Record<string, string>>;
}

/** How far a backfill has come with one asset (BF-18). */
export interface BackfillProgress {
  readonly assetKey: AssetKeyText;
  readonly partitioned: boolean;
  readonly targeted: number;
  readonly materialized: number;
  /** Failed, or not to be tried because something before them failed. */
  readonly failed: number;
  /** Requested, and neither of the others. */
  readonly inProgress: number;
}

/** Whether nothing more will happen in a backfill of this status. */
export function backfillHasEnded(status: BackfillStatus): boolean {
  return status !== 'REQUESTED' && status !== 'CANCELING' && status !== 'FAILING';
}

/** The counts of each target, in their order (BF-18). */
export function progressOf(backfill: Backfill): readonly BackfillProgress[] {
  return backfill.targets.map(({ assetKey, partitionsDef, subset, unknownKeys }) => {
    const materialized = backfill.materialized.get(assetKey) ?? [];
    const failed = subtract(backfill.failedAndDownstream.get(assetKey) ?? [], materialized);
    const requested = backfill.requested.get(assetKey) ?? [];
    return {
      assetKey,
      partitioned: partitionsDef !== null,
      targeted: countOf(subset) + unknownKeys.length,
      materialized: countOf(materialized),
      failed: countOf(failed),
      inProgress: countOf(subtract(requested, union(materialized, failed))),
    };
  });
}
