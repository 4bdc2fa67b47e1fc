import type { AssetSpec } from '../definitions/definitions.ts';
import type { PartitionKey, PartitionKeyRange } from '../partitions/context.ts';
import { keysInRange } from '../partitions/keys-in-range.ts';
import type { KeySpace } from './key-space.ts';
import { RunTag } from './run-tags.ts';
import type { Run } from './run.ts';

/** What tells which keys a run is for. */
type RunKeys = Pick<Run, 'partitionKey' | 'tags'>;

/** The range of keys that a run is for, as its tags say; null if it is for one key or for none (CTX-1). */
export function rangeOf({ tags }: Pick<Run, 'tags'>): PartitionKeyRange | null {
  const { [RunTag.rangeStart]: start, [RunTag.rangeEnd]: end } = tags;
  return start === undefined || end === undefined ? null : { start, end };
}

/**
 * The keys of a run for one asset, in definition order, also such as do not exist yet
 * (TW-33); empty for an asset without partitions, a run without keys and a range in reverse.
 *
 * @throws {InvalidDefinitionError} if the range is none of the asset's definition.
 */
export function runKeysFor(
  asset: AssetSpec | undefined,
  run: RunKeys,
  keySpace: KeySpace,
): readonly PartitionKey[] {
  const index = keySpace.indexOf(asset?.partitionsDef ?? null);
  if (index === null) return [];
  if (run.partitionKey !== null) return [run.partitionKey];
  const range = rangeOf(run);
  return range === null ? [] : keysInRange(index, range);
}

/**
 * The keys that a run plans and records of one asset (PS-5): the one `null` if it has no
 * partitions, or the run no key; empty for a range without keys.
 *
 * @throws {InvalidDefinitionError} if the range is none of the asset's definition.
 */
export function plannedKeysFor(
  asset: AssetSpec | undefined,
  run: RunKeys,
  keySpace: KeySpace,
): readonly (PartitionKey | null)[] {
  const isPlain = !asset?.partitionsDef || (run.partitionKey === null && rangeOf(run) === null);
  return isPlain ? [null] : runKeysFor(asset, run, keySpace);
}
