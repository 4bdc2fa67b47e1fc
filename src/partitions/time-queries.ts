import { InvalidDefinitionError } from '../errors.ts';
import type { EpochMs, TimeWindow } from '../time/time-window.ts';
import type { PartitionKey, PartitionLoadingContext } from './context.ts';
import { existingWindows, nextOpeningWindow } from './definition/now-rule.ts';
import type {
  PartitionsDefinition,
  TimeWindowPartitionsDefinition,
} from './definition/partitions-definition.ts';
import { DIMENSION_SEPARATOR } from './definition/multi.ts';
import { basicCadenceOf } from './definition/time-window.ts';
import { windowSequenceOf } from './definition/window-sequence.ts';
import { indexPartitions } from './index-partitions.ts';

/**
 * The window that `key` stands for, whether or not it exists: the first that starts at or
 * after the time in the key (TW-28).
 *
 * @throws {InvalidDefinitionError} of kind `ValueError` if `key` does not fit the format.
 */
export function windowOfKey(
  definition: TimeWindowPartitionsDefinition,
  key: PartitionKey,
): TimeWindow {
  const sequence = windowSequenceOf(definition);
  const startAt = sequence.startAtOrAfter(sequence.instantOf(key) ?? refuseKey(definition, key));
  return { startAt, endAt: sequence.endOf(startAt) };
}

/**
 * The start of the window that `key` stands for; just the time in the key where windows are
 * plain hours or days (TW-29).
 *
 * @throws {InvalidDefinitionError} of kind `ValueError` if `key` does not fit the format.
 */
export function startOfKey(definition: TimeWindowPartitionsDefinition, key: PartitionKey): EpochMs {
  return basicCadenceOf(definition) === null
    ? windowOfKey(definition, key).startAt
    : (windowSequenceOf(definition).instantOf(key) ?? refuseKey(definition, key));
}

/** The first window that starts at or after `at`; null if it does not exist in `context`. Without a context none is out of bounds (TW-30). */
export function nextWindow(
  definition: TimeWindowPartitionsDefinition,
  at: EpochMs,
  context: PartitionLoadingContext | null,
): TimeWindow | null {
  const sequence = windowSequenceOf(definition);
  const startAt = sequence.startAtOrAfter(at);
  if (context !== null) {
    const existing = existingWindows(definition, context.effectiveAt);
    if (existing === null || startAt >= sequence.endOf(existing.lastStartAt)) return null;
  }
  return { startAt, endAt: sequence.endOf(startAt) };
}

/** The last window that ends at or before `at`; null if it starts before the first of `context`. Without a context none is out of bounds (TW-31). */
export function previousWindow(
  definition: TimeWindowPartitionsDefinition,
  at: EpochMs,
  context: PartitionLoadingContext | null,
): TimeWindow | null {
  const sequence = windowSequenceOf(definition);
  const startAt = sequence.startOfLastEndedBy(at);
  if (context !== null) {
    const existing = existingWindows(definition, context.effectiveAt);
    if (existing === null || startAt < existing.firstStartAt) return null;
  }
  return { startAt, endAt: sequence.endOf(startAt) };
}

/**
 * The key after `key`; null at the last, and where none exists (TW-32).
 *
 * @throws {InvalidDefinitionError} of kind `ValueError` if `key` does not fit the format.
 */
export function nextKey(
  definition: TimeWindowPartitionsDefinition,
  key: PartitionKey,
  context: PartitionLoadingContext,
): PartitionKey | null {
  // Where nothing exists the key is not looked at, as in Dagster.
  if (existingWindows(definition, context.effectiveAt) === null) return null;
  const next = nextWindow(definition, windowOfKey(definition, key).endAt, context);
  return next === null ? null : windowSequenceOf(definition).keyOf(next.startAt);
}

/**
 * The key before `key`; null at the first.
 *
 * @throws {InvalidDefinitionError} of kind `ValueError` if `key` does not fit the format.
 */
export function previousKey(
  definition: TimeWindowPartitionsDefinition,
  key: PartitionKey,
  context: PartitionLoadingContext,
): PartitionKey | null {
  const previous = previousWindow(definition, windowOfKey(definition, key).startAt, context);
  return previous === null ? null : windowSequenceOf(definition).keyOf(previous.startAt);
}

/** The key of the window that contains `at`, in existence or not; on a tick the one that starts there, or with `endClosed` the one that ends there (TW-35). */
export function keyOfInstant(
  definition: TimeWindowPartitionsDefinition,
  at: EpochMs,
  endClosed = false,
): PartitionKey {
  const sequence = windowSequenceOf(definition);
  return sequence.keyOf(sequence.startAtOrBefore(endClosed ? at - 1 : at));
}

/** The keys of all windows that start in `window`, in existence or not (TW-34). */
export function keysInWindow(
  definition: TimeWindowPartitionsDefinition,
  window: TimeWindow,
): readonly PartitionKey[] {
  const sequence = windowSequenceOf(definition);
  const keys: PartitionKey[] = [];
  for (
    let start = sequence.startAtOrAfter(window.startAt);
    start < window.endAt;
    start = sequence.startAtOrAfter(start + 1)
  ) {
    keys.push(sequence.keyOf(start));
  }
  return keys;
}

/** The next partition that will exist by the passing of time. */
export interface NextOpening {
  readonly key: PartitionKey;
  /** Of its time dimension, if it has two. */
  readonly window: TimeWindow;
  /** From this instant on it exists. */
  readonly opensAt: EpochMs;
}

/** The next key that will exist and when; null if time brings none. Of a multi definition, the first of the keys that open together. */
export function nextOpening(
  definition: PartitionsDefinition,
  context: PartitionLoadingContext,
): NextOpening | null {
  if (definition.kind === 'timeWindow') {
    const next = nextOpeningWindow(definition, context.effectiveAt);
    if (next === null) return null;
    const { startAt, opensAt } = next;
    const sequence = windowSequenceOf(definition);
    return {
      key: sequence.keyOf(startAt),
      window: { startAt, endAt: sequence.endOf(startAt) },
      opensAt,
    };
  }
  if (definition.kind !== 'multi') return null;
  let earliest: NextOpening | null = null;
  definition.dimensions.forEach((dimension, position) => {
    const opening = nextOpening(dimension.definition, context);
    if (opening === null || (earliest !== null && earliest.opensAt <= opening.opensAt)) return;
    const other = definition.dimensions[1 - position];
    const others =
      other === undefined
        ? null
        : indexPartitions(other.definition, { ...context, effectiveAt: opening.opensAt });
    if (others === null || others.count === 0) return;
    const parts = [others.keyAt(0)];
    parts.splice(position, 0, opening.key);
    earliest = { ...opening, key: parts.join(DIMENSION_SEPARATOR) };
  });
  return earliest;
}

function refuseKey(definition: TimeWindowPartitionsDefinition, key: PartitionKey): never {
  throw new InvalidDefinitionError(
    `time data '${key}' does not match format '${definition.fmt}%z': a partition key here is written as ${definition.fmt}.`,
    'ValueError',
  );
}
