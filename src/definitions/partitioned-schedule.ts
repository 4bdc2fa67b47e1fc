import { InvalidDefinitionError } from '../errors.ts';
import type { PartitionKey, PartitionLoadingContext } from '../partitions/context.ts';
import { timeDimensionOf } from '../partitions/definition/multi.ts';
import { existingWindows } from '../partitions/definition/now-rule.ts';
import type {
  PartitionsDefinition,
  TimeWindowPartitionsDefinition,
} from '../partitions/definition/partitions-definition.ts';
import { windowSequenceOf } from '../partitions/definition/window-sequence.ts';
import { indexPartitions } from '../partitions/index-partitions.ts';
import { keysWithDimensionValue, listedKeys } from '../partitions/listed-keys.ts';

/** The parts of a cron expression that an author sets in place of the definition's own; each may be null. */
export interface CronParts {
  readonly minuteOfHour: number | null;
  readonly hourOfDay: number | null;
  /** Sunday is 0. */
  readonly dayOfWeek: number | null;
  /** From 1. */
  readonly dayOfMonth: number | null;
}

/** The cadences that parts can be set for, by the shape of their cron expression. */
const CADENCES = [
  { cadence: 'hourly', shape: /^(\d+) \* \* \* \*$/ },
  { cadence: 'daily', shape: /^(\d+) (\d+) \* \* \*$/ },
  { cadence: 'weekly', shape: /^(\d+) (\d+) \* \* (\d+)$/ },
  { cadence: 'monthly', shape: /^(\d+) (\d+) (\d+) \* \*$/ },
] as const;

/**
 * Whether a schedule can be built from a job of these partitions: windows of time, such windows as
 * one of two dimensions, or a fixed list (SCH-1).
 *
 * @throws {InvalidDefinitionError} if not.
 */
export function checkSchedulable(definition: PartitionsDefinition): void {
  if (definition.kind === 'static' && !definition.listed) return;
  if (timeDefinitionIn(definition)) return;
  throw new InvalidDefinitionError(
    'Tried to build a partitioned schedule from an asset job, but received an invalid partitions definition. The permitted partitions definitions are: \n1. TimeWindowPartitionsDefinition\n2. MultiPartitionsDefinition with a single TimeWindowPartitionsDefinition dimension\n3. StaticPartitionsDefinition',
  );
}

/** The windows of a definition, or of its one dimension of time; null if it has none. */
export function timeDefinitionIn(
  definition: PartitionsDefinition,
): TimeWindowPartitionsDefinition | null {
  if (definition.kind === 'timeWindow') return definition;
  if (definition.kind !== 'multi') return null;
  const time = timeDimensionOf(definition)?.definition;
  return time?.kind === 'timeWindow' ? time : null;
}

/**
 * The definition's own cron expression with some parts replaced (SCH-3).
 *
 * @throws {InvalidDefinitionError} of kind `CheckError` if it has no such part.
 */
export function cronWithParts(
  { cronSchedule }: TimeWindowPartitionsDefinition,
  { minuteOfHour, hourOfDay, dayOfWeek, dayOfMonth }: CronParts,
): string {
  if ([minuteOfHour, hourOfDay, dayOfWeek, dayOfMonth].every((part) => part === null)) {
    return cronSchedule;
  }
  const found = CADENCES.flatMap(({ cadence, shape }) => {
    const match = shape.exec(cronSchedule);
    return match ? [{ cadence, own: match.slice(1) }] : [];
  })[0];
  if (!found) {
    throw checkError(
      `Failure condition: ${cronSchedule} does not support minute_of_hour/hour_of_day/day_of_week/day_of_month arguments`,
    );
  }
  const { cadence, own } = found;
  const minute = minuteOfHour ?? own[0];
  const hour = hourOfDay ?? own[1];
  switch (cadence) {
    case 'hourly':
      refusePart(hourOfDay, 'hour', 'hourly');
      return `${minute} * * * *`;
    case 'daily':
      refusePart(dayOfWeek, 'day of week', 'daily');
      refusePart(dayOfMonth, 'day of month', 'daily');
      return `${minute} ${hour} * * *`;
    case 'weekly':
      return `${minute} ${hour} * * ${dayOfWeek ?? own[2]}`;
    case 'monthly':
      return `${minute} ${hour} ${dayOfMonth ?? own[2]} * *`;
  }
}

/**
 * The keys that a tick of a schedule built from a job asks for, in order (SCH-4, SCH-7, SCH-8);
 * null if there is no window of time yet (SCH-5).
 *
 * @param context as of the tick's instant.
 * @throws {InvalidDefinitionError} of kind `DagsterUnknownPartitionError` where Dagster lists a window
 *   that does not exist (TW-10q).
 */
export function keysOfTick(
  definition: PartitionsDefinition,
  context: PartitionLoadingContext,
): readonly PartitionKey[] | null {
  if (definition.kind === 'static') return definition.keys;
  const time = timeDefinitionIn(definition);
  if (!time) return null;
  const index = indexPartitions(time, context);
  const last = index.count > 0 ? index.keyAt(index.count - 1) : listedKeys(time, context).at(-1);
  if (last === undefined) return null;
  if (index.count === 0) throw unknownKey(last);
  if (definition.kind !== 'multi') return [last];
  const dimension = timeDimensionOf(definition)?.name ?? '';
  return keysWithDimensionValue(definition, dimension, last, context);
}

/**
 * Whether the window that has just closed is left out by the definition's exclusions (SCH-6). Where
 * no key exists yet it is not.
 */
export function isLatestWindowExcluded(
  definition: PartitionsDefinition,
  { effectiveAt }: PartitionLoadingContext,
): boolean {
  const time = timeDefinitionIn(definition);
  if (!time || time.exclusions.length === 0 || !existingWindows(time, effectiveAt)) return false;
  const last = existingWindows({ ...time, exclusions: [] }, effectiveAt)?.lastStartAt;
  return last !== undefined && windowSequenceOf(time).startAtOrAfter(last) !== last;
}

function refusePart(part: number | null, what: string, cadence: string): void {
  if (part === null) return;
  throw checkError(
    `Invariant failed. Description: Cannot set ${what} parameter with ${cadence} partitions.`,
  );
}

function unknownKey(key: PartitionKey): InvalidDefinitionError {
  return new InvalidDefinitionError(
    `Could not find a partition with key \`${key}\`.`,
    'DagsterUnknownPartitionError',
  );
}

function checkError(message: string): InvalidDefinitionError {
  return new InvalidDefinitionError(message, 'CheckError');
}
