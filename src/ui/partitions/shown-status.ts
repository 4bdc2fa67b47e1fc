import type { KeyStatus } from '../../orchestration/partition-status.ts';

/** Every way in which a key is drawn. The words are those of the interface. */
export type ShownStatus = KeyStatus | 'stale' | 'not yet existing';

/** Worst first: the order in which a column of many keys is stacked, from the top. */
export const WORST_FIRST = [
  'failed',
  'not tried',
  'materializing',
  'queued',
  'missing',
  'stale',
  'materialized',
  'not yet existing',
] as const satisfies readonly ShownStatus[];

/** The class that gives words about a status their colour; see `status-text.css`. */
export function statusTextClass(status: ShownStatus): string {
  switch (status) {
    case 'failed':
    case 'not tried':
      return 'text-failed';
    case 'materializing':
    case 'queued':
      return 'text-running';
    case 'stale':
      return 'text-stale';
    case 'materialized':
      return 'text-materialized';
    case 'missing':
    case 'not yet existing':
      return 'text-quiet';
  }
}
