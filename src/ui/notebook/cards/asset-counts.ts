import type { PartitionStatuses } from '../../../orchestration/partition-status.ts';
import { countOf } from '../../../partitions/subset/subset-algebra.ts';
import type { ShownStatus } from '../../partitions/shown-status.ts';

/** How many keys of an asset stand in a way worth saying, beside those that are materialized. */
export interface AssetCounts {
  /** `2 of 3 materialized`; for an asset without partitions `materialized` or `missing`. */
  readonly done: string;
  /** What else there is, worst first; missing ones only among others. */
  readonly others: readonly { readonly status: ShownStatus; readonly text: string }[];
}

/** The counts of an asset in words. @param keys how many exist; null for an asset without partitions. */
export function assetCounts(statuses: PartitionStatuses, keys: number | null): AssetCounts {
  const counts = {
    failed: countOf(statuses.failed),
    'not tried': countOf(statuses.notTried),
    materializing: countOf(statuses.materializing),
    queued: countOf(statuses.queued),
  };
  const materialized = countOf(statuses.materialized);
  const known = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const others = Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([status, count]) => ({
      status: status as ShownStatus,
      text: keys === null ? status : `${count.toLocaleString('en')} ${status}`,
    }));
  if (keys === null) {
    const done = materialized > 0 ? 'materialized' : known > 0 ? '' : 'missing';
    return { done, others };
  }
  const missing = keys - materialized - known;
  if (missing > 0 && materialized + known > 0) {
    others.push({ status: 'missing', text: `${missing.toLocaleString('en')} missing` });
  }
  const done = `${materialized.toLocaleString('en')} of ${keys.toLocaleString('en')} materialized`;
  return { done, others };
}
