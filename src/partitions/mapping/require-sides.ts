import { InvalidDefinitionError } from '../../errors.ts';
import type { PartitionKey } from '../context.ts';
import type { PartitionsDefinition } from '../definition/partitions-definition.ts';
import type { PartitionIndex } from '../partition-index.ts';
import { requireSameZone } from './check-mapping.ts';
import type { TimeSide } from './time-window-mapping.ts';

/**
 * Both sides of a time-window mapping.
 *
 * @throws {InvalidDefinitionError} if a side is of another kind, or their zones are not written
 *   alike (MAP-TW-1).
 */
export function timeSides(
  upstream: PartitionIndex,
  downstream: PartitionIndex | null,
): { readonly upstream: TimeSide; readonly downstream: TimeSide } {
  const sides = {
    downstream: requireKind(downstream, 'timeWindow', 'downstream'),
    upstream: requireKind(upstream, 'timeWindow', 'upstream'),
  };
  requireSameZone(sides.upstream.definition, sides.downstream.definition);
  return sides;
}

/**
 * One side of a mapping that is for one kind of definition only.
 *
 * @throws {InvalidDefinitionError} of kind `ParameterCheckError` if it is of another.
 */
export function requireKind<Kind extends PartitionsDefinition['kind']>(
  index: PartitionIndex | null,
  kind: Kind,
  side: 'upstream' | 'downstream',
): {
  readonly index: PartitionIndex;
  readonly definition: Extract<PartitionsDefinition, { kind: Kind }>;
} {
  if (index?.definition.kind === kind) {
    // The compiler does not narrow by a type parameter.
    return { index, definition: index.definition as Extract<PartitionsDefinition, { kind: Kind }> };
  }
  throw new InvalidDefinitionError(
    `The ${side} partitions definition must be of kind ${kind}; it is ${index?.definition.kind ?? 'none'}.`,
    'ParameterCheckError',
  );
}

/**
 * Checks the keys of one end of a static mapping (MAP-ST-2).
 *
 * @throws {InvalidDefinitionError} of kind `ValueError` if `index` does not have them all.
 */
export function requireKnown(
  index: PartitionIndex,
  keys: readonly PartitionKey[],
  end: 'source' | 'target',
  side: 'upstream' | 'downstream',
): void {
  const unknown = keys.filter((key) => index.ordinalOf(key) < 0);
  if (unknown.length === 0) return;
  throw new InvalidDefinitionError(
    `mapping ${end} partitions not in the ${side} partitions definition: ${[...new Set(unknown)].join(', ')}`,
    'ValueError',
  );
}

/** What a mapping from key to key says of a downstream asset without partitions. */
export function unpartitioned(): InvalidDefinitionError {
  return new InvalidDefinitionError('The downstream asset is not partitioned.', 'CheckError');
}
