import type { AssetKeyText } from '../definitions/definitions.ts';
import type { AssetGraph } from '../definitions/graph.ts';
import { InvalidDefinitionError } from '../errors.ts';
import type { Event } from './event.ts';
import type { RunDraft } from './run-draft.ts';
import { stepsOf } from './run-steps.ts';
import { RunTag } from './run-tags.ts';
import type { Run } from './run.ts';

/** All steps of the run again, or only those that did not succeed. */
export type Reexecution = 'all' | 'fromFailure';

/**
 * The run that executes an ended run over assets again: of the same job, for the same keys and
 * with the same config and tags.
 *
 * @param history the events of `run`, in order.
 * @throws {InvalidDefinitionError} if it is asked for from the failure of a run that did not fail,
 * or of which every step succeeded.
 */
export function reexecutionOf(
  run: Run,
  how: Reexecution,
  history: readonly Event[],
  graph: AssetGraph,
): RunDraft {
  const { jobName, partitionKey, runConfig, runId } = run;
  const {
    [RunTag.failureReason]: _reason,
    [RunTag.willRetry]: _willRetry,
    [RunTag.autoRetryRun]: _retryRun,
    [RunTag.backfill]: _backfill,
    [RunTag.isResumeRetry]: _isResumeRetry,
    ...kept
  } = run.tags;
  const assetKeys = how === 'all' ? run.assetKeys : unfinishedAssets(run, history, graph);
  return {
    jobName,
    assetKeys,
    partitionKey,
    runConfig,
    tags: {
      ...kept,
      [RunTag.parentRun]: runId,
      [RunTag.rootRun]: run.tags[RunTag.rootRun] ?? runId,
      ...(how === 'fromFailure' && { [RunTag.isResumeRetry]: 'true' }),
    },
    // As in Dagster, only automatic retries count for the backfill.
    backfillId: null,
    parentRunId: runId,
  };
}

/** The assets of steps that failed, were interrupted or never started, and of what waits for these; not of skipped ones. */
function unfinishedAssets(
  { status, assetKeys }: Run,
  history: readonly Event[],
  graph: AssetGraph,
): readonly AssetKeyText[] {
  const kind = 'DagsterInvariantViolationError';
  if (status !== 'FAILURE' && status !== 'CANCELED') {
    const message = 'Cannot reexecute from failure a run that is not failed or canceled';
    throw new InvalidDefinitionError(message, kind);
  }
  const succeeded = new Set<string>();
  const skipped = new Set<string>();
  for (const { type, stepKey } of history) {
    if (stepKey === null) continue;
    if (type === 'STEP_SUCCESS') succeeded.add(stepKey);
    if (type === 'STEP_SKIPPED') skipped.add(stepKey);
  }
  const again = new Set<string>();
  const chosen = new Set<AssetKeyText>();
  for (const { stepKey, waitsFor, assetKeys: computed } of stepsOf(assetKeys, graph)) {
    const waits = waitsFor.some((upstream) => again.has(upstream.stepKey));
    if (skipped.has(stepKey) || (succeeded.has(stepKey) && !waits)) continue;
    again.add(stepKey);
    for (const assetKey of computed) chosen.add(assetKey);
  }
  if (chosen.size === 0) {
    throw new InvalidDefinitionError('No steps needed to be retried in the failed run.', kind);
  }
  return assetKeys.filter((assetKey) => chosen.has(assetKey));
}
