import type { PartitionStatuses } from '../../orchestration/partition-status.ts';
import { columnsUsed, rowsUsed } from '../../partitions/mapping/product-mapping.ts';
import type { PartitionIndex } from '../../partitions/partition-index.ts';
import type { PartitionsSubset } from '../../partitions/subset/partitions-subset.ts';
import { complement, subtract, union, unionAll } from '../../partitions/subset/subset-algebra.ts';

/**
 * How the keys of one dimension of two stand: a key is materialized if every pair with it is; one
 * pair that failed, was not tried, runs or waits makes it so, the worst first.
 */
export function dimensionStatuses(
  index: PartitionIndex,
  statuses: PartitionStatuses,
  position: number,
): PartitionStatuses {
  const used = (subset: PartitionsSubset) =>
    position === 0 ? rowsUsed(index, subset) : columnsUsed(index, subset);
  const { materialized, materializing, queued, failed, notTried, stale = [] } = statuses;
  const anyFailed = used(failed);
  const anyNotTried = subtract(used(notTried), anyFailed);
  const worse = union(anyFailed, anyNotTried);
  const anyRunning = subtract(used(materializing), worse);
  const anyQueued = subtract(used(queued), unionAll([worse, anyRunning]));
  const count = index.dimensions?.[position]?.count ?? 0;
  const whole = complement(used(complement(materialized, index.count)), count);
  return {
    materialized: whole,
    materializing: anyRunning,
    queued: anyQueued,
    failed: anyFailed,
    notTried: anyNotTried,
    stale: subtract(used(stale), complement(whole, count)),
  };
}

/** The parts in one dimension that a subset has. */
export function partsUsed(
  index: PartitionIndex,
  subset: PartitionsSubset,
  position: number,
): PartitionsSubset {
  return position === 0 ? rowsUsed(index, subset) : columnsUsed(index, subset);
}
