import { RunTag } from '../orchestration/run-tags.ts';
import { keyArgument, MultiPartitionKey } from './partitions-definitions.ts';

/** The tags of a run for a key that a cell gives (RUN-2). */
export function runTagsOfKey(value: unknown): Readonly<Record<string, string>> {
  const tags: Record<string, string> = {
    [RunTag.partition]: keyArgument(value, 'partitionKey'),
  };
  if (value instanceof MultiPartitionKey) {
    for (const [name, key] of Object.entries(value.keysByDimension)) {
      tags[`${RunTag.partitionDimension}${name}`] = key;
    }
  }
  return tags;
}
