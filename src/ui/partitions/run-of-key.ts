import { rangeOf } from '../../orchestration/run-keys.ts';
import type { Run } from '../../orchestration/run.ts';
import type { PartitionKey } from '../../partitions/context.ts';
import { partsOfKey } from '../../partitions/multi-keys.ts';
import type { PartitionIndex } from '../../partitions/partition-index.ts';

/** Whether a run is for a key of an asset that it holds; null is the asset without partitions. */
export function isRunOfKey(
  run: Pick<Run, 'partitionKey' | 'tags'>,
  index: PartitionIndex,
  key: PartitionKey | null,
): boolean {
  if (key === null) return true;
  if (run.partitionKey !== null) return run.partitionKey === key;
  const range = rangeOf(run);
  if (!range) return false;
  if (!index.dimensions) return isBetween(index, range.start, key, range.end);
  const [starts, keys, ends] = [partsOfKey(range.start), partsOfKey(key), partsOfKey(range.end)];
  return index.dimensions.every((dimension, at) =>
    isBetween(dimension, starts[at] ?? '', keys[at] ?? '', ends[at] ?? ''),
  );
}

function isBetween(index: PartitionIndex, first: string, key: string, last: string): boolean {
  const ordinal = index.ordinalOf(key);
  return ordinal >= 0 && index.ordinalOf(first) <= ordinal && ordinal <= index.ordinalOf(last);
}
