import type { AssetKeyText } from '../definitions/definitions.ts';
import type { PartitionKey } from '../partitions/context.ts';
import type { SerializableErrorInfo } from '../protocol/error-info.ts';
import type { EpochMs } from '../time/time-window.ts';
import type { Event, EventDraft } from './event.ts';
import { StepEvents, runCanceled, runFailed, stepKeyOf } from './run-events.ts';
import { withStatus, type Run } from './run.ts';

const MESSAGE =
  'Execution was interrupted unexpectedly: the tab that executed this run was closed or reloaded. What it had stored is kept.';

/**
 * How a run ends whose tab is gone: as canceled if that had been asked for, else as failed,
 * and with it the steps that had started. So Dagster ends a run whose process was told to end.
 *
 * @param history its events, in order.
 */
export function endInterrupted(
  run: Run,
  history: readonly Event[],
  at: EpochMs,
): { readonly run: Run; readonly events: readonly EventDraft[] } {
  if (run.status === 'CANCELING') {
    return { run: withStatus(run, 'CANCELED', at), events: [runCanceled(run, at)] };
  }
  const error: SerializableErrorInfo = {
    name: 'DagsterExecutionInterruptedError',
    code: null,
    kind: 'DagsterExecutionInterruptedError',
    message: MESSAGE,
    frames: [],
    cause: null,
  };
  const open = new Set<string>();
  const keys = new Map<AssetKeyText, PartitionKey | null>();
  for (const { type, stepKey, assetKey, partitionKey } of history) {
    if (type === 'ASSET_MATERIALIZATION_PLANNED' && assetKey !== null) {
      keys.set(assetKey, partitionKey);
    }
    if (stepKey === null) continue;
    if (type === 'STEP_START') open.add(stepKey);
    if (type === 'STEP_SUCCESS' || type === 'STEP_FAILURE') open.delete(stepKey);
  }
  const steps = run.assetKeys
    .filter((assetKey) => open.has(stepKeyOf(assetKey)))
    .map((assetKey) => {
      const events = new StepEvents(run, assetKey, keys.get(assetKey) ?? null, () => at);
      return events.failure(error);
    });
  return {
    run: { ...withStatus(run, 'FAILURE', at), failure: MESSAGE },
    events: [...steps, runFailed(run, at, [...open], error)],
  };
}
