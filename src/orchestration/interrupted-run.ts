import type { AssetKeyText } from '../definitions/definitions.ts';
import type { EpochMs } from '../time/time-window.ts';
import type { Event, EventDraft, EventType } from './event.ts';
import { abandonedStep } from './interrupted-step.ts';
import type { RunDraft } from './run-draft.ts';
import { StepEvents, runCanceled, runFailed, type EventfulStep } from './run-events.ts';
import { retryOf, willRetry } from './run-retry.ts';
import { RunTag } from './run-tags.ts';
import { withStatus, type Run } from './run.ts';
import { interruptedError } from './step-error.ts';

const MESSAGE =
  'Execution was interrupted unexpectedly: the tab that executed this run was closed or reloaded. What it had stored is kept.';

/** After these a step does not run, or not until it is tried again. */
const ENDS: ReadonlySet<EventType> = new Set(['STEP_SUCCESS', 'STEP_FAILURE', 'STEP_UP_FOR_RETRY']);

/**
 * How a run ends whose tab is gone: as canceled if that had been asked for, else as failed;
 * the steps that had started have failed in either. So Dagster ends a run whose process was told to end.
 * A run of a backfill says that it is to be tried again, and so does one that is to be by its own tags.
 *
 * @param history its events, in order.
 */
export function endInterrupted(
  run: Run,
  history: readonly Event[],
  at: EpochMs,
): { readonly run: Run; readonly events: readonly EventDraft[] } {
  const open = new Set<string>();
  /** What each step was to record. */
  const planned = new Map<string, EventfulStep[]>();
  for (const { type, stepKey, assetKey, partitionKey } of history) {
    if (stepKey === null) continue;
    if (type === 'ASSET_MATERIALIZATION_PLANNED') {
      const one = { stepKey, assetKey, partitionKey };
      const others = planned.get(stepKey);
      if (others) others.push(one);
      else planned.set(stepKey, [one]);
    }
    if (type === 'STEP_START' || type === 'STEP_RESTARTED') open.add(stepKey);
    if (ENDS.has(type)) open.delete(stepKey);
  }
  const eventsOf = (stepKey: string): StepEvents => {
    const [first, ...others] = planned.get(stepKey) ?? [];
    const partitionKey = others.length > 0 ? null : (first?.partitionKey ?? null);
    const step = { stepKey, assetKey: first?.assetKey ?? null, partitionKey };
    return new StepEvents(run, step, () => at);
  };
  const started = [...open].map(eventsOf);
  if (run.status === 'CANCELING') {
    const events = [...started.map(abandonedStep), runCanceled(run, at)];
    return { run: withStatus(run, 'CANCELED', at), events };
  }
  const error = interruptedError(MESSAGE);
  const retries = run.backfillId !== null || willRetry(run, 0);
  const tags = retries ? { ...run.tags, [RunTag.willRetry]: 'true' } : run.tags;
  return {
    run: { ...withStatus(run, 'FAILURE', at), tags, failure: MESSAGE },
    events: [...started.map((step) => step.failure(error)), runFailed(run, at, [...open], error)],
  };
}

/**
 * The run that tries an interrupted one again, less the assets that it had recorded (BF-19); null if it had
 * recorded all.
 */
export function retryOfInterrupted(
  run: Run,
  recorded: ReadonlyMap<AssetKeyText, unknown>,
): RunDraft | null {
  const { jobName, partitionKey, runConfig, backfillId, runId } = run;
  const assetKeys = run.assetKeys.filter((assetKey) => !recorded.has(assetKey));
  if (assetKeys.length === 0) return null;
  const { tags } = retryOf(run);
  return { jobName, assetKeys, partitionKey, runConfig, backfillId, tags, parentRunId: runId };
}
