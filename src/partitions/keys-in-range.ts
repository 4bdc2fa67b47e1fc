import { InvalidDefinitionError } from '../errors.ts';
import type { PartitionKey, PartitionKeyRange } from './context.ts';
import { DIMENSION_SEPARATOR } from './definition/multi.ts';
import type { TimeWindowPartitionsDefinition } from './definition/partitions-definition.ts';
import { partsOfKey } from './multi-keys.ts';
import type { PartitionIndex } from './partition-index.ts';
import { keysInWindow, startOfKey, windowOfKey } from './time-queries.ts';

/**
 * The keys from one to another, both included; none if they are in reverse. A range of time
 * windows may reach past what exists now (TW-33); one of a multi definition is a rectangle (MULTI-9).
 *
 * @throws {InvalidDefinitionError} if an end is not a key, or outside the bounds of the definition.
 */
export function keysInRange(
  index: PartitionIndex,
  range: PartitionKeyRange,
): readonly PartitionKey[] {
  const { definition, dimensions } = index;
  if (definition.kind === 'timeWindow') return keysInTimeRange(definition, range);
  if (definition.kind === 'multi' && dimensions !== undefined) {
    const starts = partsOfKey(range.start);
    const ends = partsOfKey(range.end);
    const [rows, columns] = dimensions.map((dimension, position) =>
      keysInRange(dimension, {
        start: starts[position] as string,
        end: ends[position] as string,
      }),
    ) as [readonly string[], readonly string[]];
    return rows.flatMap((row) => columns.map((column) => row + DIMENSION_SEPARATOR + column));
  }
  const ends = [range.start, range.end];
  const missing = ends.filter((key) => index.ordinalOf(key) < 0);
  if (missing.length > 0) {
    throw new InvalidDefinitionError(
      `Partition range ${range.start} to ${range.end} is not a valid range. Nonexistent partition keys: ${missing.join(', ')}.`,
      'DagsterInvalidInvocationError',
    );
  }
  return index.keys().slice(index.ordinalOf(range.start), index.ordinalOf(range.end) + 1);
}

/** One page of the keys of an index (GEN-5). */
export interface KeyPage {
  readonly keys: readonly PartitionKey[];
  readonly hasMore: boolean;
  /** Continues after the last key of this page. */
  readonly cursor: string;
}

/** Up to `limit` keys from `cursor` on; null begins. Descending pages run from the last key. */
export function pageOfKeys(
  index: PartitionIndex,
  limit: number,
  ascending = true,
  cursor: string | null = null,
): KeyPage {
  const done = cursor === null ? 0 : Number(cursor);
  const length = Math.max(0, Math.min(limit, index.count - done));
  const keys = Array.from({ length }, (_, position) =>
    index.keyAt(ascending ? done + position : index.count - 1 - done - position),
  );
  // A page of time windows that is full does not know whether it was the last.
  const hasMore =
    index.definition.kind === 'timeWindow' ? length === limit : done + length < index.count;
  return { keys, hasMore, cursor: String(done + length) };
}

function keysInTimeRange(
  definition: TimeWindowPartitionsDefinition,
  { start, end }: PartitionKeyRange,
): readonly PartitionKey[] {
  const outside = (): InvalidDefinitionError =>
    new InvalidDefinitionError(
      `The range ${start} to ${end} reaches beyond the bounds of its partitions definition.`,
      'CheckError',
    );
  const startAt = startOfKey(definition, start);
  // Before the other end is read, as in Dagster.
  if (startAt < definition.startAt) throw outside();
  const { endAt } = windowOfKey(definition, end);
  if (definition.endAt !== null && endAt > definition.endAt) throw outside();
  return keysInWindow(definition, { startAt, endAt });
}
