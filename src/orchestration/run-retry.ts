import { InvalidDefinitionError } from '../errors.ts';
import type { AssetGraph } from '../definitions/graph.ts';
import type { Event } from './event.ts';
import { reexecutionOf } from './reexecute-run.ts';
import type { RunDraft } from './run-draft.ts';
import { RunTag } from './run-tags.ts';
import type { Run } from './run.ts';

/** A run as far as its retries go. */
export interface RetriedRun {
  readonly runId: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** How a failed run is tried again (BF-19). */
export interface RunRetry {
  readonly tags: Readonly<Record<string, string>>;
  /** Whether only the steps that failed, and those that they kept from starting, are executed. */
  readonly onlyFailedSteps: boolean;
}

/**
 * Whether a run that failed is tried again by another: as often as its own tag says, else as
 * `defaultRetries`.
 */
export function willRetry({ tags }: Pick<RetriedRun, 'tags'>, defaultRetries: number): boolean {
  const stepFailed = tags[RunTag.failureReason] === 'STEP_FAILURE';
  if (stepFailed && tags[RunTag.retryOnFailure]?.toLowerCase() === 'false') return false;
  const most = Number(tags[RunTag.maxRetries] ?? defaultRetries);
  return Number(tags[RunTag.retryNumber] ?? 0) < most;
}

/** The run that tries a failed one again: what it is given of the first, and what it is told (RUN-2). */
export function retryOf({ runId, tags }: RetriedRun): RunRetry {
  const onlyFailedSteps = tags[RunTag.retryStrategy] !== 'ALL_STEPS';
  const {
    [RunTag.willRetry]: _willRetry,
    [RunTag.autoRetryRun]: _retryRun,
    [RunTag.failureReason]: _reason,
    ...kept
  } = tags;
  return {
    tags: {
      ...kept,
      [RunTag.parentRun]: runId,
      [RunTag.rootRun]: tags[RunTag.rootRun] ?? runId,
      [RunTag.retryNumber]: String(Number(tags[RunTag.retryNumber] ?? 0) + 1),
      ...(onlyFailedSteps && { [RunTag.isResumeRetry]: 'true' }),
    },
    onlyFailedSteps,
  };
}

/** A failed run, told that another tries it again; as it is if none does. */
export function markedForRetry(run: Run): Run {
  if (run.status !== 'FAILURE' || !willRetry(run, 0)) return run;
  return { ...run, tags: { ...run.tags, [RunTag.willRetry]: 'true' } };
}

/**
 * The run that tries a failed one again by itself (BF-19): all of it, or what did not succeed. Of a job of ops
 * it is always all, as what an op gives lives no longer than its run.
 *
 * @param history the events of `run`, in order.
 * @returns null if nothing of it is left to be done.
 */
export function retryDraftOf(
  run: Run,
  history: readonly Event[],
  graph: AssetGraph,
): RunDraft | null {
  const { tags, onlyFailedSteps } = retryOf(run);
  const { jobName, assetKeys, partitionKey, runConfig, backfillId, runId } = run;
  const draft = { jobName, assetKeys, partitionKey, runConfig, backfillId, tags };
  const whole: RunDraft = { ...draft, parentRunId: runId };
  if (!onlyFailedSteps) return whole;
  if (assetKeys.length === 0) {
    const { [RunTag.isResumeRetry]: _, ...kept } = tags;
    return { ...whole, tags: kept };
  }
  try {
    return { ...whole, assetKeys: reexecutionOf(run, 'fromFailure', history, graph).assetKeys };
  } catch (fault) {
    if (fault instanceof InvalidDefinitionError) return null;
    throw fault;
  }
}
