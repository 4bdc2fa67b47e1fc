import type { PartitionIndex } from '../../partitions/partition-index.ts';
import { clockChangesBetween } from '../../partitions/reasons/clock-change.ts';
import type { PartitionsSubset } from '../../partitions/subset/partitions-subset.ts';

/** Of hours one after the other, the second of two that the clocks show alike; -1 if there is none. */
export function repeatedHour(index: PartitionIndex | null, subset: PartitionsSubset): number {
  const [from, to] = subset;
  if (index?.definition.kind !== 'timeWindow' || subset.length !== 2) return -1;
  const { className, timezone } = index.definition;
  const first = index.windowAt(from ?? 0);
  const last = index.windowAt((to ?? 1) - 1);
  if (className !== 'hourly' || !first || !last) return -1;
  const change = clockChangesBetween(timezone, first.startAt, last.startAt).find(
    ({ kind }) => kind === 'repeated',
  );
  return change ? (index.countStartingBefore(change.at) ?? -1) : -1;
}
