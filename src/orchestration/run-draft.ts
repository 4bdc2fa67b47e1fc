import type { EpochMs } from '../time/time-window.ts';
import { runIdOf } from './run-id.ts';
import type { Run } from './run.ts';

/** A run as it is asked for, before it has its number. */
export type RunDraft = Pick<
  Run,
  'jobName' | 'assetKeys' | 'partitionKey' | 'tags' | 'runConfig' | 'backfillId' | 'parentRunId'
>;

/** The runs of drafts, waiting, numbered in their order. */
export function runsOfDrafts(
  drafts: readonly RunDraft[],
  {
    notebookId,
    seed,
    firstNumber,
    createdAt,
  }: {
    readonly notebookId: string;
    readonly seed: number;
    /** The number of the first of them. */
    readonly firstNumber: number;
    readonly createdAt: EpochMs;
  },
): readonly Run[] {
  return drafts.map((draft, at) => ({
    ...draft,
    notebookId,
    runId: runIdOf(seed, firstNumber + at),
    runNumber: firstNumber + at,
    status: 'QUEUED',
    createdAt,
    startedAt: null,
    endedAt: null,
    tookMs: null,
    failure: null,
  }));
}
