import type { AssetKeyText } from '../definitions/definitions.ts';
import type { PartitionKey } from '../partitions/context.ts';
import type { EpochMs } from '../time/time-window.ts';

/** RUN-1, less `MANAGED`. */
export type RunStatus =
  | 'QUEUED'
  | 'NOT_STARTED'
  | 'STARTING'
  | 'STARTED'
  | 'SUCCESS'
  | 'FAILURE'
  | 'CANCELING'
  | 'CANCELED';

/** One execution of some assets for one key, or for none. Plain data; kept whole in storage. */
export interface Run {
  readonly notebookId: string;
  /** From the notebook's seed and a counter: the same actions give the same ids. */
  readonly runId: string;
  /** Counted from 1 within the notebook, in the order of creation. */
  readonly runNumber: number;
  /** The job's name, or `__ASSET_JOB` for assets chosen by hand. */
  readonly jobName: string;
  readonly status: RunStatus;
  /** In the order in which they execute. */
  readonly assetKeys: readonly AssetKeyText[];
  readonly partitionKey: PartitionKey | null;
  readonly tags: Readonly<Record<string, string>>;
  /** Run config as given, `{ ops: { NAME: { config } } }` (CFG-1). */
  readonly runConfig: RunConfig;
  readonly backfillId: string | null;
  readonly parentRunId: string | null;
  readonly createdAt: EpochMs;
  /** Null until then. Under the virtual clock a run takes no time. */
  readonly startedAt: EpochMs | null;
  readonly endedAt: EpochMs | null;
  /** Real time from start to end, beside the log; null until ended. */
  readonly tookMs: number | null;
  /** When it started in real time, whatever the notebook's clock says; absent until then. */
  readonly ranFromMs?: number;
  /** One line saying why it failed; null unless it did. */
  readonly failure: string | null;
  /** Since when it is neither listed nor counted; absent unless it was deleted. */
  readonly deletedAt?: EpochMs;
}

export interface RunConfig {
  readonly ops?: Readonly<Record<string, { readonly config?: unknown }>>;
}

/** Whether a run config says anything. */
export function saysAnything(runConfig: RunConfig): boolean {
  return Object.values(runConfig).some(
    (section: unknown) =>
      typeof section !== 'object' || section === null || Object.keys(section).length > 0,
  );
}

/** The run in another status, from `at` on. */
export function withStatus(run: Run, status: RunStatus, at: EpochMs): Run {
  return {
    ...run,
    status,
    startedAt: status === 'STARTED' ? at : run.startedAt,
    endedAt: isTerminal(status) ? at : null,
  };
}

/** The run as it stood at an earlier instant; null if it was not there. */
export function runAsOf(run: Run, at: EpochMs): Run | null {
  const { createdAt, startedAt, endedAt, deletedAt = Infinity } = run;
  if (createdAt > at || deletedAt <= at) return null;
  if (endedAt !== null && endedAt <= at) return run;
  const hadStarted = startedAt !== null && startedAt <= at;
  return {
    ...run,
    status: hadStarted ? 'STARTED' : 'QUEUED',
    startedAt: hadStarted ? startedAt : null,
    endedAt: null,
    tookMs: null,
    failure: null,
  };
}

/** Whether nothing more will happen in a run of this status. */
export function isTerminal(status: RunStatus): boolean {
  return status === 'SUCCESS' || status === 'FAILURE' || status === 'CANCELED';
}

/** How many of `runs` stand so, by every status: 0 where none does. */
export function countByStatus(runs: Iterable<Pick<Run, 'status'>>): Record<RunStatus, number> {
  const counts: Record<RunStatus, number> = {
    QUEUED: 0,
    NOT_STARTED: 0,
    STARTING: 0,
    STARTED: 0,
    SUCCESS: 0,
    FAILURE: 0,
    CANCELING: 0,
    CANCELED: 0,
  };
  for (const { status } of runs) counts[status] += 1;
  return counts;
}
