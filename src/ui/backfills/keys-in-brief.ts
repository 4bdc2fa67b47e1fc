import { formatCount } from '../../counts.ts';
import type { PartitionIndex } from '../../partitions/partition-index.ts';
import { formatSelection } from '../../partitions/selection/format-selection.ts';
import { countOf } from '../../partitions/subset/subset-algebra.ts';
import type { PartitionsSubset } from '../../partitions/subset/partitions-subset.ts';

/** Stretches of neighbouring keys that are named. */
const STRETCHES = 100;

/** The keys as a selection is written, at most a hundred stretches of them: `a, [c...f] and 12 more`. */
export function keysInBrief(
  subset: PartitionsSubset,
  index: PartitionIndex,
  stretches = STRETCHES,
): string {
  const first = subset.slice(0, stretches * 2);
  const more = countOf(subset) - countOf(first);
  return formatSelection(first, index) + (more > 0 ? ` and ${formatCount(more)} more` : '');
}
