import type { PartitionKey } from '../../partitions/context.ts';
import type { PartitionsDefinition } from '../../partitions/definition/partitions-definition.ts';
import { partitionTags } from '../partition-tags.ts';
import { isTerminal, type RunConfig, type RunStatus } from '../run.ts';
import { RunTag } from '../run-tags.ts';
import { backfillHasEnded, type BackfillStatus } from './backfill.ts';

/** Keys of one job's partitions, a run for each, in no order of dependence (JB-1). Plain data; kept whole in storage. */
export interface JobBackfill {
  readonly backfillId: string;
  readonly status: BackfillStatus;
  readonly jobName: string;
  readonly partitionsDef: PartitionsDefinition;
  /** In the order in which they were given; repeats and keys that do not exist are kept. */
  readonly partitionKeys: readonly PartitionKey[];
  /** How many of them, from the first on, have their run. */
  readonly submitted: number;
  /** For keys whose partition has no config of its own. */
  readonly runConfig: RunConfig;
  /** Given to every run, over those of its partition. */
  readonly tags: Readonly<Record<string, string>>;
}

/** What the job's partitioned config says of a key. */
export interface PartitionConfig {
  readonly runConfig: RunConfig;
  readonly tags: Readonly<Record<string, string>>;
}

/** A run that a job backfill asks for. */
export interface JobRunRequest {
  readonly partitionKey: PartitionKey;
  readonly runConfig: RunConfig;
  readonly tags: Readonly<Record<string, string>>;
}

/** What one look at a job backfill comes to. */
export interface JobBackfillIteration {
  readonly backfill: JobBackfill;
  /** In the order in which they are to be made. */
  readonly runRequests: readonly JobRunRequest[];
}

/**
 * Looks at a job backfill once: asks for the runs of all its keys, then waits for them (JB-1,
 * JB-5). While it is canceled, nothing is asked for: the caller cancels its runs first.
 *
 * @param configOf what the job's partitioned config says of a key, unknown ones too; null if the job has none.
 * @param canceledRuns whether runs had to be canceled for this look.
 */
export function iterateJobBackfill(
  backfill: JobBackfill,
  runStatuses: readonly RunStatus[],
  configOf: ((partitionKey: PartitionKey) => PartitionConfig) | null,
  canceledRuns = false,
): JobBackfillIteration {
  const unfinished = runStatuses.some((status) => !isTerminal(status));
  const as = (status: BackfillStatus): JobBackfillIteration => ({
    backfill: { ...backfill, status },
    runRequests: [],
  });
  if (backfillHasEnded(backfill.status)) return as(backfill.status);
  if (backfill.status !== 'REQUESTED') {
    if (unfinished || canceledRuns) return as(backfill.status);
    return as(backfill.status === 'FAILING' ? 'FAILED' : 'CANCELED');
  }
  const left = backfill.partitionKeys.slice(backfill.submitted);
  if (left.length > 0) {
    return {
      backfill: { ...backfill, submitted: backfill.partitionKeys.length },
      runRequests: left.map((key) => jobRunFor(key, backfill, configOf)),
    };
  }
  if (unfinished) return as('REQUESTED');
  const failed = runStatuses.some((status) => status === 'FAILURE' || status === 'CANCELED');
  return as(failed ? 'COMPLETED_FAILED' : 'COMPLETED_SUCCESS');
}

/** JB-3. */
function jobRunFor(
  partitionKey: PartitionKey,
  { backfillId, jobName, partitionsDef, runConfig, tags }: JobBackfill,
  configOf: ((partitionKey: PartitionKey) => PartitionConfig) | null,
): JobRunRequest {
  const own = configOf?.(partitionKey);
  const hasOwn = own !== undefined && Object.keys(own.runConfig).length > 0;
  return {
    partitionKey,
    runConfig: hasOwn ? own.runConfig : runConfig,
    tags: {
      ...own?.tags,
      ...partitionTags(partitionKey, partitionsDef, jobName),
      [RunTag.backfill]: backfillId,
      ...tags,
    },
  };
}
