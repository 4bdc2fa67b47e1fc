import type { PartitionKey, PartitionLoadingContext } from './context.ts';
import { DIMENSION_SEPARATOR } from './definition/multi.ts';
import { existingWindows } from './definition/now-rule.ts';
import type {
  MultiPartitionsDefinition,
  PartitionsDefinition,
} from './definition/partitions-definition.ts';
import { windowSequenceOf } from './definition/window-sequence.ts';
import { indexPartitions } from './index-partitions.ts';
import { positionOfDimension } from './multi-keys.ts';

/*
 * What Dagster lists and counts, where that is not what exists: an index agrees with itself,
 * Dagster in two odd cases does not.
 */

/**
 * The keys in the order in which Dagster lists them. They are those that exist, but for an
 * `end` within the first window: then the list has that window, which does not exist (TW-10q).
 */
export function listedKeys(
  definition: PartitionsDefinition,
  context: PartitionLoadingContext,
): readonly PartitionKey[] {
  if (definition.kind === 'timeWindow') {
    const { startAt, endAt } = definition;
    const keys = indexPartitions(definition, context).keys();
    if (keys.length > 0 || endAt === null || endAt <= startAt) return keys;
    const endless = existingWindows({ ...definition, endAt: null }, context.effectiveAt);
    return endless === null ? keys : [windowSequenceOf(definition).keyOf(endless.firstStartAt)];
  }
  if (definition.kind !== 'multi') return indexPartitions(definition, context).keys();
  const [rows = [], columns = []] = definition.dimensions.map((one) =>
    listedKeys(one.definition, context).filter((key) => !key.includes(DIMENSION_SEPARATOR)),
  );
  return rows.flatMap((row) => columns.map((column) => row + DIMENSION_SEPARATOR + column));
}

/**
 * How many keys Dagster says there are. They are those that exist, but for keys of two
 * dimensions whose text does not part again: these count, although nothing lists them (MULTI-5).
 */
export function statedCount(
  definition: PartitionsDefinition,
  context: PartitionLoadingContext,
): number {
  if (definition.kind !== 'multi') return indexPartitions(definition, context).count;
  return definition.dimensions.reduce(
    (count, one) => count * indexPartitions(one.definition, context).count,
    1,
  );
}

/**
 * Every key with `part` in the dimension called `name`, in the order of the other dimension.
 * Neither the part nor the other one need exist (MULTI-14).
 *
 * @throws {InvalidDefinitionError} of kind `CheckError` if there is no such dimension.
 */
export function keysWithDimensionValue(
  definition: MultiPartitionsDefinition,
  name: string,
  part: PartitionKey,
  context: PartitionLoadingContext,
): readonly PartitionKey[] {
  const position = positionOfDimension(definition, name);
  const other = definition.dimensions[1 - position];
  if (other === undefined) return [];
  return listedKeys(other.definition, context).map((key) =>
    (position === 0 ? [part, key] : [key, part]).join(DIMENSION_SEPARATOR),
  );
}
