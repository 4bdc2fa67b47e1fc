import type { PartitionKey, PartitionKeyRange } from '../../partitions/context.ts';
import type { PartitionsDefinition } from '../../partitions/definition/partitions-definition.ts';
import { partitionTags } from '../partition-tags.ts';
import { saysAnything, type RunConfig } from '../run.ts';
import { RunTag } from '../run-tags.ts';
import { backfillHasEnded, type BackfillStatus } from './backfill.ts';

/** What a look at a job backfill finds. */
export interface JobBackfillSight {
  /** Whether a key has no run yet. */
  readonly hasLeft: boolean;
  readonly hasUnfinishedRuns: boolean;
  /** Whether any run of it failed or was canceled. */
  readonly hasFailedRuns: boolean;
  /** Whether runs had to be canceled for this look. */
  readonly canceledRuns?: boolean;
}

/**
 * Looks at a job backfill once: it asks for the runs of all its keys, then waits for them (JB-1, JB-5). While
 * it is canceled, nothing is asked for: the caller cancels its runs first.
 */
export function lookAtJobBackfill(
  status: BackfillStatus,
  { hasLeft, hasUnfinishedRuns, hasFailedRuns, canceledRuns = false }: JobBackfillSight,
): { readonly status: BackfillStatus; readonly asksForRuns: boolean } {
  const as = (next: BackfillStatus) => ({ status: next, asksForRuns: false });
  if (backfillHasEnded(status)) return as(status);
  if (status !== 'REQUESTED') {
    if (hasUnfinishedRuns || canceledRuns) return as(status);
    return as(status === 'FAILING' ? 'FAILED' : 'CANCELED');
  }
  if (hasLeft) return { status, asksForRuns: true };
  if (hasUnfinishedRuns) return as('REQUESTED');
  return as(hasFailedRuns ? 'COMPLETED_FAILED' : 'COMPLETED_SUCCESS');
}

/** What the runs of a job backfill are given, beside their keys. */
export interface JobRunOptions {
  readonly backfillId: string;
  readonly jobName: string;
  readonly partitionsDef: PartitionsDefinition;
  /** For keys whose partition has no config of its own. */
  readonly runConfig: RunConfig;
  /** Of the launch: they stand above those of a key. */
  readonly tags: Readonly<Record<string, string>>;
  /** Of the job: they stand below those of a key. */
  readonly jobTags: Readonly<Record<string, string>>;
}

/** What a job fills in for a key: its partitioned config, or the config that all keys have. */
export interface KeyConfig {
  readonly runConfig: RunConfig;
  readonly tags: Readonly<Record<string, string>>;
}

/** The config and the tags of the run of a key, or of a range (JB-2, JB-3). */
export function jobRunFor(
  keys: PartitionKey | PartitionKeyRange,
  { backfillId, jobName, partitionsDef, runConfig, tags, jobTags }: JobRunOptions,
  own: KeyConfig | null,
): KeyConfig {
  const first = typeof keys === 'string' ? keys : keys.start;
  const { [RunTag.partition]: partition, ...ofKey } = {
    ...own?.tags,
    ...partitionTags(first, partitionsDef, jobName),
  };
  return {
    runConfig: own && saysAnything(own.runConfig) ? own.runConfig : runConfig,
    tags: {
      ...jobTags,
      ...ofKey,
      ...(typeof keys === 'string'
        ? partition !== undefined && { [RunTag.partition]: partition }
        : { [RunTag.rangeStart]: keys.start, [RunTag.rangeEnd]: keys.end }),
      [RunTag.backfill]: backfillId,
      ...tags,
    },
  };
}
