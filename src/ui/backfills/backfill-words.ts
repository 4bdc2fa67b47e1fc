import { backfillHasEnded, type Backfill } from '../../orchestration/backfill/backfill.ts';
import type { ShownStatus } from '../partitions/shown-status.ts';
import type { KeyFate } from './backfill-standing.ts';

/** A backfill's status in a word or two. */
export function backfillStatusWord({ status, paused }: Backfill): string {
  switch (status) {
    case 'REQUESTED':
      return paused ? 'paused' : 'running';
    case 'CANCELING':
      return 'canceling';
    case 'CANCELED':
      return 'canceled';
    case 'FAILING':
      return 'breaking off';
    case 'FAILED':
      return 'broken off';
    case 'COMPLETED_SUCCESS':
      return 'success';
    case 'COMPLETED_FAILED':
      return 'failed';
  }
}

/** The status whose square and colour a backfill bears. */
export function shownStatusOfBackfill({ status, paused }: Backfill): ShownStatus {
  switch (status) {
    case 'REQUESTED':
      return paused ? 'queued' : 'materializing';
    case 'CANCELING':
      return 'materializing';
    case 'CANCELED':
      return 'missing';
    case 'FAILING':
    case 'FAILED':
    case 'COMPLETED_FAILED':
      return 'failed';
    case 'COMPLETED_SUCCESS':
      return 'materialized';
  }
}

/** What has become of keys, in words. */
export function fateWord(fate: KeyFate, { status }: Backfill): string {
  const wasCanceled = status === 'CANCELED' || status === 'CANCELING';
  switch (fate) {
    case 'done':
      return 'done';
    case 'failed':
      return wasCanceled ? 'failed or canceled' : 'failed';
    case 'notTried':
      return 'not tried';
    case 'inProgress':
      return 'in progress';
    case 'toCome':
      return backfillHasEnded(status) || wasCanceled ? 'not requested' : 'to come';
  }
}

/** How keys of a fate are drawn. */
export const FATE_STATUS: Readonly<Record<KeyFate, ShownStatus>> = {
  done: 'materialized',
  failed: 'failed',
  notTried: 'not tried',
  inProgress: 'materializing',
  toCome: 'missing',
};

/** The backfills of a filter, in the words of its buttons. */
export type BackfillFilter = 'all' | 'running' | 'failed' | 'success' | 'canceled';

/** Whether a filter lets a backfill through. */
export function passesFilter({ status }: Backfill, filter: BackfillFilter): boolean {
  switch (filter) {
    case 'all':
      return true;
    case 'running':
      return !backfillHasEnded(status);
    case 'failed':
      return status === 'COMPLETED_FAILED' || status === 'FAILED';
    case 'success':
      return status === 'COMPLETED_SUCCESS';
    case 'canceled':
      return status === 'CANCELED';
  }
}
