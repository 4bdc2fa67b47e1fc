import type { AssetKeyText } from '../definitions/definitions.ts';
import type { PartitionKey } from '../partitions/context.ts';
import type {
  PartitionsDefinition,
  TimeWindowPartitionsDefinition,
} from '../partitions/definition/partitions-definition.ts';
import { windowOfKey } from '../partitions/time-queries.ts';
import type { EpochMs } from '../time/time-window.ts';

/*
 * Assets, keys and subsets as Dagster's messages write them.
 */

/** The key of an asset. */
export function assetKeyInDagster(assetKey: AssetKeyText): string {
  const parts = assetKey.split('/').map((part) => `'${part}'`);
  return `AssetKey([${parts.join(', ')}])`;
}

/** A range of keys, both ends included. */
export function keyRangeInDagster(start: PartitionKey, end: PartitionKey): string {
  return `PartitionKeyRange(start='${start}', end='${end}')`;
}

/**
 * A subset: neighbouring windows of time as ranges, other keys one by one.
 *
 * @param keys in definition order; they need not exist.
 */
export function subsetInDagster(
  definition: PartitionsDefinition | null | undefined,
  keys: readonly PartitionKey[],
): string {
  return definition?.kind === 'timeWindow'
    ? `TimeWindowPartitionsSubset([${rangeTexts(keys, definition).join(', ')}])`
    : `DefaultPartitionsSubset(subset={${keys.map((key) => `'${key}'`).join(', ')}})`;
}

function rangeTexts(
  keys: readonly PartitionKey[],
  definition: TimeWindowPartitionsDefinition,
): readonly string[] {
  const ranges: { start: PartitionKey; end: PartitionKey; endAt: EpochMs }[] = [];
  for (const key of keys) {
    const { startAt, endAt } = windowOfKey(definition, key);
    const last = ranges.at(-1);
    if (last?.endAt === startAt) Object.assign(last, { end: key, endAt });
    else ranges.push({ start: key, end: key, endAt });
  }
  return ranges.map(({ start, end }) => keyRangeInDagster(start, end));
}
