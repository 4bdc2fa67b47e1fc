import type { RunFilter } from '../../app/runs-shown.ts';
import { isDeclaredJob } from '../../orchestration/job-names.ts';
import { rangeOf } from '../../orchestration/run-keys.ts';
import type { Run, RunStatus } from '../../orchestration/run.ts';
import type { ShownStatus } from '../partitions/shown-status.ts';

/** A run's status in one word. */
export function runStatusWord(status: RunStatus): string {
  switch (status) {
    case 'QUEUED':
    case 'NOT_STARTED':
      return 'queued';
    case 'STARTING':
    case 'STARTED':
      return 'running';
    case 'SUCCESS':
      return 'success';
    case 'FAILURE':
      return 'failed';
    case 'CANCELING':
      return 'canceling';
    case 'CANCELED':
      return 'canceled';
  }
}

/** The status whose square and colour a run bears; one that was canceled has done nothing that is seen. */
export function shownStatusOfRun(status: RunStatus): ShownStatus {
  switch (status) {
    case 'QUEUED':
    case 'NOT_STARTED':
      return 'queued';
    case 'STARTING':
    case 'STARTED':
    case 'CANCELING':
      return 'materializing';
    case 'SUCCESS':
      return 'materialized';
    case 'FAILURE':
      return 'failed';
    case 'CANCELED':
      return 'missing';
  }
}

/** The statuses that a filter lets through; null for all. */
export const FILTER_STATUSES: Readonly<Record<RunFilter, readonly RunStatus[] | null>> = {
  all: null,
  running: ['STARTING', 'STARTED', 'CANCELING'],
  queued: ['QUEUED', 'NOT_STARTED'],
  failed: ['FAILURE'],
  success: ['SUCCESS'],
  canceled: ['CANCELED'],
};

/** What a run runs: the job that the author declared, or its assets: `customer_orders and 1 more`. */
export function runSubject(run: Run): string {
  if (isDeclaredJob(run.jobName)) return run.jobName;
  const [first = '', ...others] = run.assetKeys;
  if (others.length === 0) return first;
  return others.length === 1
    ? `${first}, ${others[0] ?? ''}`
    : `${first} and ${others.length} more`;
}

/** The key of a run, or its range as it is written in a selection: `[2015-01-01...2015-01-31]`; null if it has no key. */
export function runKeyText(run: Run): string | null {
  if (run.partitionKey !== null) return run.partitionKey;
  const range = rangeOf(run);
  if (!range) return null;
  return range.start === range.end ? range.start : `[${range.start}...${range.end}]`;
}

/** How long something took: `31 ms`, `1.24 s`, `2 min 5 s`. */
export function formatTook(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(2)} s`;
  return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`;
}
