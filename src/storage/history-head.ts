import type { EventId } from '../orchestration/event.ts';
import { countByStatus, type Run, type RunStatus } from '../orchestration/run.ts';

/** Where a notebook's history stands. Changes with every append, in the same transaction. */
export interface HistoryHead {
  readonly notebookId: string;
  /** 0 if there is no event. */
  readonly lastEventId: EventId;
  /** 0 if there is no run. */
  readonly lastRunNumber: number;
  /** Of every status, 0 included; without deleted runs. */
  readonly runCounts: Readonly<Record<RunStatus, number>>;
  /** Names the append that wrote this head, among those of all tabs; null before the first. */
  readonly stamp: string | null;
}

/** The head of a notebook in which nothing has happened. */
export function emptyHead(notebookId: string): HistoryHead {
  return {
    notebookId,
    lastEventId: 0,
    lastRunNumber: 0,
    runCounts: countByStatus([]),
    stamp: null,
  };
}

/**
 * The head after `eventCount` more events and `runs` as they then stand.
 *
 * @param runBefore each run that was there before, by `runId`.
 */
export function advanceHead(
  head: HistoryHead,
  eventCount: number,
  runs: readonly Run[],
  runBefore: (runId: string) => Run | undefined,
  stamp: string | null,
): HistoryHead {
  const runCounts = { ...head.runCounts };
  let lastRunNumber = head.lastRunNumber;
  for (const run of runs) {
    const before = runBefore(run.runId);
    if (before && before.deletedAt === undefined) runCounts[before.status] -= 1;
    if (run.deletedAt === undefined) runCounts[run.status] += 1;
    lastRunNumber = Math.max(lastRunNumber, run.runNumber);
  }
  return {
    notebookId: head.notebookId,
    lastEventId: head.lastEventId + eventCount,
    lastRunNumber,
    runCounts,
    stamp,
  };
}
