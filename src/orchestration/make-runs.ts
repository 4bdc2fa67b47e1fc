import type { EpochMs } from '../time/time-window.ts';
import type { Backfill, BackfillRunRequest } from './backfill/backfill.ts';
import type { PlannedRun } from './launch-plan.ts';
import { backfillIdOf, runIdOf } from './run-id.ts';
import { RunTag } from './run-tags.ts';
import type { Run, RunConfig } from './run.ts';

/** A launch whose plan has no error. */
export interface PlannedLaunch {
  /** In queue order; at least one. */
  readonly runs: readonly PlannedRun[];
  readonly jobName: string;
  readonly runConfig: RunConfig;
  readonly tags: Readonly<Record<string, string>>;
}

/** What new runs are numbered and dated by. */
interface RunNumbers {
  readonly notebookId: string;
  readonly seed: number;
  /** The number of the first of them; the others follow. */
  readonly firstNumber: number;
  readonly createdAt: EpochMs;
}

/** The runs of a launch, waiting, with their ids and tags (RUN-2). */
export function makeRuns(
  { runs, jobName, runConfig, tags }: PlannedLaunch,
  { notebookId, seed, firstNumber, createdAt }: RunNumbers,
): { readonly runs: readonly Run[]; readonly backfillId: string | null } {
  const backfillId = runs.length > 1 ? backfillIdOf(seed, firstNumber) : null;
  const made = runs.map(({ assetKeys, partitionKey, wave, partitionTags }, at): Run => {
    return {
      notebookId,
      runId: runIdOf(seed, firstNumber + at),
      runNumber: firstNumber + at,
      jobName,
      status: 'QUEUED',
      assetKeys,
      partitionKey,
      tags: {
        ...tags,
        ...partitionTags,
        ...(backfillId === null
          ? partitionKey !== null && { [RunTag.partitionSet]: `${jobName}_partition_set` }
          : { [RunTag.backfill]: backfillId }),
        ...(wave > 1 && { [RunTag.wave]: String(wave) }),
      },
      runConfig,
      backfillId,
      parentRunId: null,
      createdAt,
      startedAt: null,
      endedAt: null,
      tookMs: null,
      failure: null,
    };
  });
  return { runs: made, backfillId };
}

/** The runs that a look at a backfill asks for, waiting, with their ids and tags (BF-12, RUN-2). */
export function makeBackfillRuns(
  { backfillId, jobName, runConfig, tags }: Backfill,
  requests: readonly BackfillRunRequest[],
  { notebookId, seed, firstNumber, createdAt }: RunNumbers,
): readonly Run[] {
  return requests.map(({ assetKeys, partitionKey, tags: ownTags }, at): Run => {
    return {
      notebookId,
      runId: runIdOf(seed, firstNumber + at),
      runNumber: firstNumber + at,
      jobName,
      status: 'QUEUED',
      assetKeys,
      partitionKey,
      tags: { ...tags, ...ownTags, [RunTag.backfill]: backfillId },
      runConfig,
      backfillId,
      parentRunId: null,
      createdAt,
      startedAt: null,
      endedAt: null,
      tookMs: null,
      failure: null,
    };
  });
}
