import type { PartitionsSubset } from '../../partitions/subset/partitions-subset.ts';
import {
  complement,
  intersect,
  subtract,
  unionAll,
} from '../../partitions/subset/subset-algebra.ts';
import type { ShownStatus } from './shown-status.ts';
import type { ShownStatuses } from './status-tally.ts';

/**
 * The keys that are drawn with a status, of the first `existing` ordinals. Takes time by the number of
 * spans, however many keys there are.
 */
export function subsetOfStatus(
  statuses: ShownStatuses,
  status: ShownStatus,
  existing: number,
): PartitionsSubset {
  const { materialized, materializing, queued, failed, notTried, stale = [] } = statuses;
  switch (status) {
    case 'materialized':
      return subtract(materialized, stale);
    case 'stale':
      return intersect(stale, materialized);
    case 'materializing':
      return materializing;
    case 'queued':
      return queued;
    case 'failed':
      return failed;
    case 'not tried':
      return notTried;
    case 'missing':
      return complement(
        unionAll([materialized, materializing, queued, failed, notTried]),
        existing,
      );
    case 'not yet existing':
      return [];
  }
}
