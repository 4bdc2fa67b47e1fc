import { InvalidDefinitionError } from '../errors.ts';
import type { TimeWindow } from '../time/time-window.ts';
import type { PartitionKey } from './context.ts';
import { DIMENSION_SEPARATOR, timeDimensionOf } from './definition/multi.ts';
import type {
  MultiPartitionsDefinition,
  PartitionsDefinition,
} from './definition/partitions-definition.ts';
import type { PartitionIndex } from './partition-index.ts';
import { windowOfKey } from './time-queries.ts';

/**
 * The parts of a key of two dimensions, in name order (MULTI-8).
 *
 * @throws {InvalidDefinitionError} of kind `CheckError` if there are not two.
 */
export function partsOfKey(key: PartitionKey): readonly [PartitionKey, PartitionKey] {
  const parts = key.split(DIMENSION_SEPARATOR);
  const [row, column] = parts;
  if (parts.length === 2) return [row as string, column as string];
  throw new InvalidDefinitionError(
    `Expected 2 partition keys in partition key string ${key}, but got ${parts.length}.`,
    'CheckError',
  );
}

/**
 * The part of `key` in each dimension, by name (MULTI-8).
 *
 * @throws {InvalidDefinitionError} of kind `CheckError` if the key has not two parts.
 */
export function keysByDimension(
  definition: MultiPartitionsDefinition,
  key: PartitionKey,
): Readonly<Record<string, PartitionKey>> {
  const parts = partsOfKey(key);
  return Object.fromEntries(
    definition.dimensions.map(({ name }, position) => [name, parts[position] as string]),
  );
}

/**
 * The place in name order of the dimension called `name`.
 *
 * @throws {InvalidDefinitionError} of kind `CheckError` if there is no such dimension.
 */
export function positionOfDimension(definition: MultiPartitionsDefinition, name: string): number {
  const { dimensions } = definition;
  const position = dimensions.findIndex((one) => one.name === name);
  if (position >= 0) return position;
  throw new InvalidDefinitionError(
    `There is no dimension ${name}. The dimensions are ${dimensions.map((one) => one.name).join(' and ')}.`,
    'CheckError',
  );
}

/** Every key with `part` in the dimension at `position` in name order, in the order of the other; the part itself need not exist. */
export function keysWithPart(
  index: PartitionIndex,
  position: number,
  part: PartitionKey,
): readonly PartitionKey[] {
  const others = index.dimensions?.[1 - position]?.keys() ?? [];
  return others.map((other) =>
    (position === 0 ? [part, other] : [other, part]).join(DIMENSION_SEPARATOR),
  );
}

/** The place in name order of the dimension by which keys are grouped: the time dimension if there is one only, else the first (MULTI-12). */
export function primaryPosition(definition: MultiPartitionsDefinition): number {
  const time = timeDimensionOf(definition);
  return time === null ? 0 : definition.dimensions.indexOf(time);
}

/**
 * The window of a key's part in the time dimension, in existence or not (MULTI-13).
 *
 * @throws {InvalidDefinitionError} of kind `CheckError` if there is no time dimension, or two,
 *   or the key has not two parts; of kind `ValueError` if the part does not fit the format.
 */
export function windowOfMultiKey(
  definition: MultiPartitionsDefinition,
  key: PartitionKey,
): TimeWindow {
  const time = timeDimensionOf(definition)?.definition;
  if (time?.kind !== 'timeWindow') {
    throw new InvalidDefinitionError(
      'Expected exactly one time window partitioned dimension.',
      'CheckError',
    );
  }
  return windowOfKey(time, partsOfKey(key)[primaryPosition(definition)] as string);
}

/** Tags of a run by its partition (MULTI-15): the key, and of two dimensions the part in each. */
export function tagsOfKey(
  definition: PartitionsDefinition,
  key: PartitionKey,
): Readonly<Record<string, string>> {
  const parts = definition.kind === 'multi' ? Object.entries(keysByDimension(definition, key)) : [];
  return {
    'dagster/partition': key,
    ...Object.fromEntries(parts.map(([name, part]) => [`dagster/partition/${name}`, part])),
  };
}
