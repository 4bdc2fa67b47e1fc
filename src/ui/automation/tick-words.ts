import { countOf } from '../../counts.ts';
import type { SerializableErrorInfo } from '../../protocol/error-info.ts';
import type { Tick } from '../../orchestration/ticks.ts';
import type { ShownStatus } from '../partitions/shown-status.ts';

/** What a tick came to, in a few words: `asked for 3 runs`, `skipped`, `failed`. */
export function tickWords(tick: Pick<Tick, 'status' | 'runIds' | 'dynamicPartitions'>): string {
  switch (tick.status) {
    case 'STARTED':
      return 'under way';
    case 'FAILURE':
      return 'failed';
    case 'SKIPPED':
      return 'skipped';
    case 'SUCCESS':
      if (tick.runIds.length > 0) return `asked for ${countOf(tick.runIds.length, 'run')}`;
      return changedKeys(tick) > 0 ? 'changed keys' : 'asked for nothing';
  }
}

/** The square that a tick bears: one that was skipped has done nothing that is seen. */
export function shownStatusOfTick({ status }: Pick<Tick, 'status'>): ShownStatus {
  switch (status) {
    case 'STARTED':
      return 'materializing';
    case 'SUCCESS':
      return 'materialized';
    case 'FAILURE':
      return 'failed';
    case 'SKIPPED':
      return 'missing';
  }
}

/** The innermost cause of an error: what the author or Dagster says, without what wraps it. */
export function rootCause(error: SerializableErrorInfo): SerializableErrorInfo {
  return error.cause ? rootCause(error.cause) : error;
}

/** How many keys a tick added or deleted. */
function changedKeys({ dynamicPartitions }: Pick<Tick, 'dynamicPartitions'>): number {
  return dynamicPartitions.reduce((sum, { changed }) => sum + changed.length, 0);
}
