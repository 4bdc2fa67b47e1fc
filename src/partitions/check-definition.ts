import { InvalidDefinitionError } from '../errors.ts';
import type { PartitionIndex } from './partition-index.ts';
import { windowSequenceOf } from './definition/window-sequence.ts';

/**
 * What Dagster checks when definitions are validated: that the format of the keys tells one
 * window from the next. It compares the first existing key with the one after it only (TW-13).
 *
 * @throws {InvalidDefinitionError}
 */
export function checkPartitionsDefinition(index: PartitionIndex): void {
  const { definition } = index;
  if (definition.kind !== 'timeWindow' || index.count === 0) return;
  const first = index.windowAt(0);
  if (first === null) return;
  const sequence = windowSequenceOf(definition);
  const key = sequence.keyOf(first.startAt);
  if (key !== sequence.keyOf(sequence.startAtOrAfter(first.endAt))) return;
  throw new InvalidDefinitionError(
    `This partition set contains multiple time ranges that map to the same partition key, such as ${key}. Use a fmt that shows when a window starts, such as "%Y-%m-%d-%H:%M".`,
  );
}
