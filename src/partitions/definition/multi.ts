import { InvalidDefinitionError } from '../../errors.ts';
import type {
  MultiPartitionsDefinition,
  PartitionDimension,
  PartitionsDefinition,
} from './partitions-definition.ts';

/** Dagster allows exactly so many dimensions (MULTI-1). */
const DIMENSIONS = 2;
/** What the keys of a static dimension may not contain (MULTI-4). */
const FORBIDDEN = /[|,[\]]/;

/** Parts the dimensions of a key (MULTI-6). */
export const DIMENSION_SEPARATOR = '|';

/**
 * A partition for each combination of the dimensions' keys. Dimensions are kept in name
 * order, whatever order they are given in (MULTI-6).
 *
 * @throws {InvalidDefinitionError} if there are not two dimensions (MULTI-1), one is multi
 *   itself (MULTI-2), or a static key holds a character that parts keys (MULTI-4).
 */
export function makeMultiPartitionsDefinition(
  dimensions: Readonly<Record<string, PartitionsDefinition>>,
): MultiPartitionsDefinition {
  const named = Object.entries(dimensions).map(([name, definition]): PartitionDimension => ({
    name,
    definition,
  }));
  if (named.length !== DIMENSIONS) {
    throw new InvalidDefinitionError(
      `Dagster currently only supports multi-partitions definitions with ${DIMENSIONS} partitions definitions. This one has ${named.length}.`,
      'DagsterInvalidInvocationError',
    );
  }
  for (const { name, definition } of named) {
    if (definition.kind === 'multi') {
      throw new InvalidDefinitionError(
        `Dimension ${name} is a multi-partitions definition itself. A dimension must be static, dynamic or of time windows.`,
      );
    }
    if (definition.kind !== 'static') continue;
    const key = definition.keys.find((one) => FORBIDDEN.test(one));
    if (key === undefined) continue;
    throw new InvalidDefinitionError(
      `Invalid character in partition key "${key}" for dimension ${name}. The keys of a dimension may not contain |, [, ] or ,.`,
    );
  }
  return { kind: 'multi', dimensions: named.sort((a, b) => (a.name < b.name ? -1 : 1)) };
}

/**
 * The dimension of time windows if there is exactly one (MULTI-12), else null.
 */
export function timeDimensionOf(definition: MultiPartitionsDefinition): PartitionDimension | null {
  const found = definition.dimensions.filter((one) => one.definition.kind === 'timeWindow');
  return found.length === 1 ? (found[0] as PartitionDimension) : null;
}
