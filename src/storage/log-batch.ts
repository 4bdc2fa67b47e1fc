import { NO_RUN } from '../orchestration/event.ts';
import type { LogBatch } from '../orchestration/ports.ts';

/** Whether a batch asks for nothing to be written. */
export function isEmptyBatch(batch: LogBatch): boolean {
  return (
    batch.runs.length === 0 &&
    batch.values.length === 0 &&
    batch.checkpoints.length === 0 &&
    (batch.records ?? []).length === 0 &&
    batch.rows.every((row) => row.length === 0)
  );
}

/** The `runId`s of the batch, of its runs and of its events, each once; events of no run have none. */
export function runIdsOf(batch: LogBatch): readonly string[] {
  const runIds = new Set(batch.runs.map((run) => run.runId));
  for (const row of batch.rows) for (const draft of row) runIds.add(draft.runId);
  runIds.delete(NO_RUN);
  return [...runIds];
}

/**
 * Holds a batch to its promise that each event is of a run that is known by then.
 *
 * @param isStored whether a run was there before the batch.
 * @throws {Error} if an event names a run that neither was there nor comes with it.
 */
export function requireRunsOfEvents(batch: LogBatch, isStored: (runId: string) => boolean): void {
  const arriving = new Set(batch.runs.map((run) => run.runId));
  for (const runId of runIdsOf(batch)) {
    if (!arriving.has(runId) && !isStored(runId)) {
      throw new Error(
        `an event names the run "${runId}", which is neither stored nor in its batch`,
      );
    }
  }
}
