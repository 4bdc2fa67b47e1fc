import type { DateTime } from 'luxon';
import { InvalidDefinitionError } from '../errors.ts';
import type { PartitionKey, PartitionLoadingContext } from '../partitions/context.ts';
import { makeDynamicPartitionsDefinition } from '../partitions/definition/dynamic.ts';
import {
  DIMENSION_SEPARATOR,
  makeMultiPartitionsDefinition,
  timeDimensionOf,
} from '../partitions/definition/multi.ts';
import type {
  DynamicPartitionsDefinition,
  MultiPartitionsDefinition,
  PartitionsDefinition,
  TimeWindowClass,
  TimeWindowPartitionsDefinition,
} from '../partitions/definition/partitions-definition.ts';
import { makeStaticPartitionsDefinition } from '../partitions/definition/static.ts';
import {
  makeTimeWindowPartitionsDefinition,
  type ScheduleType,
  type TimeWindowOptions,
  type WallTime,
} from '../partitions/definition/time-window.ts';
import { indexPartitions } from '../partitions/index-partitions.ts';
import { keysInRange, pageOfKeys } from '../partitions/keys-in-range.ts';
import {
  keysByDimension,
  positionOfDimension,
  windowOfMultiKey,
} from '../partitions/multi-keys.ts';
import { keysWithDimensionValue, listedKeys, statedCount } from '../partitions/listed-keys.ts';
import type { PartitionIndex } from '../partitions/partition-index.ts';
import {
  keyOfInstant,
  keysInWindow,
  nextKey,
  nextWindow,
  previousKey,
  previousWindow,
  startOfKey,
  windowOfKey,
} from '../partitions/time-queries.ts';
import { parseCron } from '../time/cron.ts';
import { timeFormat } from '../time/strftime.ts';
import type { EpochMs, TimeWindow } from '../time/time-window.ts';
import {
  listArgument,
  optionalBoolean,
  optionalInteger,
  optionalText,
  optionsOf,
  show,
  textArgument,
  wrongArgument,
  WORDS,
} from './arguments.ts';
import { Declared, type Evaluation } from './evaluation.ts';
import { boundOf, dateTimeArgument, instantArgument } from './instants.ts';

/** A key in two dimensions; as text, its parts joined in the order of the dimensions' names. */
export class MultiPartitionKey {
  readonly keysByDimension: Readonly<Record<string, PartitionKey>>;

  constructor(keysByDimension: unknown) {
    if (typeof keysByDimension !== 'object' || keysByDimension === null) {
      throw wrongArgument(
        `dg.MultiPartitionKey takes an object with a key for each dimension, not ${show(keysByDimension)}.`,
      );
    }
    this.keysByDimension = Object.freeze(
      Object.fromEntries(
        Object.entries(keysByDimension).map(([name, key]) => [
          name,
          textArgument(key, `The key of the dimension ${name}`),
        ]),
      ),
    );
  }

  toString(): string {
    return Object.entries(this.keysByDimension)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, key]) => key)
      .join(DIMENSION_SEPARATOR);
  }

  toJSON(): string {
    return this.toString();
  }

  /** In messages. */
  get [WORDS](): string {
    return 'a dg.MultiPartitionKey';
  }
}

/** From key to key, both included. */
export class PartitionKeyRangeObject {
  readonly start: PartitionKey;
  readonly end: PartitionKey;

  constructor(start: unknown, end: unknown) {
    this.start = keyArgument(start, 'The start of a PartitionKeyRange');
    this.end = keyArgument(end, 'The end of a PartitionKeyRange');
  }

  /** In messages. */
  get [WORDS](): string {
    return 'a dg.PartitionKeyRange';
  }
}

/** An interval of time, as DateTimes in the zone of the definition concerned. */
export class TimeWindowObject {
  readonly start: DateTime;
  readonly end: DateTime;

  constructor(start: DateTime, end: DateTime) {
    this.start = start;
    this.end = end;
  }

  /** In messages. */
  get [WORDS](): string {
    return 'a dg.TimeWindow';
  }
}

/** A key given by a cell: text, or one in two dimensions. */
export function keyArgument(value: unknown, what: string): PartitionKey {
  return value instanceof MultiPartitionKey ? value.toString() : textArgument(value, what);
}

const YEAR_MS = 366 * 86_400_000;

/** A partitions definition as cells hold it. */
export abstract class PartitionsDefinitionObject<
  Definition extends PartitionsDefinition = PartitionsDefinition,
> extends Declared {
  readonly definition: Definition;

  protected readonly evaluation: Evaluation;
  #index: PartitionIndex | null = null;
  #indexContext: PartitionLoadingContext | null = null;

  constructor(evaluation: Evaluation, definition: Definition) {
    super(evaluation);
    this.evaluation = evaluation;
    this.definition = definition;
    evaluation.partitionsDefinitions.push(this);
  }

  getPartitionKeys(options?: unknown): readonly unknown[] {
    const { currentTime } = optionsOf(options, 'getPartitionKeys', ['currentTime']);
    return this.listed(currentTime).map((key) => this.keyForCell(key));
  }

  hasPartitionKey(key: unknown): boolean {
    return this.indexAt().ordinalOf(keyArgument(key, 'The partition key')) >= 0;
  }

  getNumPartitions(): number {
    return statedCount(this.definition, this.evaluation.partitionContext);
  }

  getFirstPartitionKey(): unknown {
    const index = this.indexAt();
    return index.count === 0 ? null : this.keyForCell(index.keyAt(0));
  }

  getLastPartitionKey(): unknown {
    const index = this.indexAt();
    return index.count === 0 ? null : this.keyForCell(index.keyAt(index.count - 1));
  }

  /** As Dagster lists them: where nothing exists, that can still be a key (TW-10q). */
  protected listed(currentTime?: unknown): readonly PartitionKey[] {
    const index = this.indexAt(currentTime);
    return index.count > 0
      ? index.keys()
      : listedKeys(this.definition, this.#contextAt(currentTime));
  }

  getPartitionKeysInRange(range: unknown): readonly unknown[] {
    const { start, end } = optionsOf(range, 'getPartitionKeysInRange', ['start', 'end']);
    return keysInRange(this.indexAt(), {
      start: keyArgument(start, 'The start of the range'),
      end: keyArgument(end, 'The end of the range'),
    }).map((key) => this.keyForCell(key));
  }

  getPaginatedPartitionKeys(options: unknown): {
    readonly results: readonly unknown[];
    readonly cursor: string;
    readonly hasMore: boolean;
  } {
    const given = optionsOf(options, 'getPaginatedPartitionKeys', ['limit', 'ascending', 'cursor']);
    const limit = optionalInteger(given.limit, 'limit');
    if (limit === undefined || limit < 1) {
      throw wrongArgument('getPaginatedPartitionKeys needs a `limit` of at least 1.');
    }
    const ascending =
      given.ascending === undefined || optionalBoolean(given.ascending, 'ascending');
    const cursor = optionalText(given.cursor, 'cursor');
    if (cursor !== null && !/^\d+$/.test(cursor)) {
      throw wrongArgument(`${show(cursor)} is no \`cursor\` that a page before has given.`);
    }
    const page = pageOfKeys(this.indexAt(), limit, ascending, cursor);
    const results = page.keys.map((key) => this.keyForCell(key));
    return { results, cursor: page.cursor, hasMore: page.hasMore };
  }

  /**
   * The keys that exist, and after them those that open within a year, `most` at most. Null if more
   * exist already, or if keys are added one by one.
   */
  foreseeableKeys(most: number): readonly PartitionKey[] | null {
    const { definition } = this;
    const parts = definition.kind === 'multi' ? definition.dimensions : [{ definition }];
    const index = this.indexAt();
    if (index.count > most || parts.some((part) => part.definition.kind === 'dynamic')) return null;
    const { partitionContext } = this.evaluation;
    const keys = new Set(index.keys());
    const later = indexPartitions(definition, {
      ...partitionContext,
      effectiveAt: partitionContext.effectiveAt + YEAR_MS,
    });
    for (let at = 0; at < later.count && keys.size < most; at += 1) keys.add(later.keyAt(at));
    return [...keys];
  }

  /** The keys that exist at an instant given by a cell; by default at the world's now. */
  protected indexAt(currentTime?: unknown): PartitionIndex {
    const context = this.#contextAt(currentTime);
    if (context !== this.evaluation.partitionContext) {
      return indexPartitions(this.definition, context);
    }
    if (this.#index === null || this.#indexContext !== context) {
      this.#index = indexPartitions(this.definition, context);
      this.#indexContext = context;
    }
    return this.#index;
  }

  /** A key as a cell sees it. */
  keyForCell(key: PartitionKey): unknown {
    return key;
  }

  #contextAt(currentTime: unknown): PartitionLoadingContext {
    if (currentTime === undefined || currentTime === null) return this.evaluation.partitionContext;
    const time = timeDefinitionOf(this.definition);
    const effectiveAt = instantArgument(
      currentTime,
      'currentTime',
      time ?? { fmt: '%Y-%m-%d', timezone: 'UTC' },
      this.evaluation.libraries,
    );
    return { ...this.evaluation.partitionContext, effectiveAt };
  }

  /** In messages. */
  get [WORDS](): string {
    return 'a partitions definition';
  }
}

/** The definition that has windows: the one given, or its single dimension of time; null if there is none. */
export function timeDefinitionOf(
  definition: PartitionsDefinition,
): TimeWindowPartitionsDefinition | null {
  if (definition.kind === 'timeWindow') return definition;
  if (definition.kind !== 'multi') return null;
  const dimension = timeDimensionOf(definition);
  return dimension?.definition.kind === 'timeWindow' ? dimension.definition : null;
}

/** The part of a key that is in the dimension of time; the key itself if that is all there is. */
export function timePartOf(definition: PartitionsDefinition, key: PartitionKey): PartitionKey {
  if (definition.kind !== 'multi') return key;
  const position = definition.dimensions.findIndex((one) => one.definition.kind === 'timeWindow');
  return key.split(DIMENSION_SEPARATOR)[position] ?? key;
}

/** A window as a cell sees it. */
export function windowForCell(
  window: TimeWindow,
  timezone: string,
  evaluation: Evaluation,
): TimeWindowObject {
  return new TimeWindowObject(
    dateTimeForCell(window.startAt, timezone, evaluation),
    dateTimeForCell(window.endAt, timezone, evaluation),
  );
}

/** An instant as a cell sees it. */
export function dateTimeForCell(at: EpochMs, timezone: string, evaluation: Evaluation): DateTime {
  return evaluation.libraries.luxon.DateTime.fromMillis(at, { zone: timezone });
}

class StaticDefinitionObject extends PartitionsDefinitionObject {}

export class TimeWindowDefinitionObject extends PartitionsDefinitionObject<TimeWindowPartitionsDefinition> {
  timeWindowForPartitionKey(key: unknown): TimeWindowObject {
    return this.#window(windowOfKey(this.definition, keyArgument(key, 'The partition key')));
  }

  startTimeForPartitionKey(key: unknown): DateTime {
    const startAt = startOfKey(this.definition, keyArgument(key, 'The partition key'));
    return dateTimeForCell(startAt, this.definition.timezone, this.evaluation);
  }

  getNextPartitionKey(key: unknown): PartitionKey | null {
    const { partitionContext } = this.evaluation;
    return nextKey(this.definition, keyArgument(key, 'The partition key'), partitionContext);
  }

  getPrevPartitionKey(key: unknown): PartitionKey | null {
    const { partitionContext } = this.evaluation;
    return previousKey(this.definition, keyArgument(key, 'The partition key'), partitionContext);
  }

  getNextPartitionWindow(at: unknown): TimeWindowObject | null {
    const { partitionContext } = this.evaluation;
    const window = nextWindow(this.definition, this.#instant(at), partitionContext);
    return window && this.#window(window);
  }

  getPrevPartitionWindow(at: unknown): TimeWindowObject | null {
    const { partitionContext } = this.evaluation;
    const window = previousWindow(this.definition, this.#instant(at), partitionContext);
    return window && this.#window(window);
  }

  getPartitionKeyForTimestamp(at: unknown, options?: unknown): PartitionKey {
    const { endClosed } = optionsOf(options, 'getPartitionKeyForTimestamp', ['endClosed']);
    const closed = optionalBoolean(endClosed, 'endClosed');
    return keyOfInstant(this.definition, this.#instant(at), closed);
  }

  getPartitionKeysInTimeWindow(window: unknown): readonly PartitionKey[] {
    const { start, end } = optionsOf(window, 'getPartitionKeysInTimeWindow', ['start', 'end']);
    return keysInWindow(this.definition, {
      startAt: this.#instant(start),
      endAt: this.#instant(end),
    });
  }

  getCronSchedule(): string {
    return this.definition.cronSchedule;
  }

  #window(window: TimeWindow): TimeWindowObject {
    return windowForCell(window, this.definition.timezone, this.evaluation);
  }

  #instant(value: unknown): EpochMs {
    return instantArgument(value, 'The time', this.definition, this.evaluation.libraries);
  }
}

class DynamicDefinitionObject extends PartitionsDefinitionObject<DynamicPartitionsDefinition> {
  get name(): string {
    return this.definition.name;
  }

  buildAddRequest(keys: unknown): DynamicPartitionsRequest {
    return this.#request('add', keys);
  }

  buildDeleteRequest(keys: unknown): DynamicPartitionsRequest {
    return this.#request('delete', keys);
  }

  #request(action: 'add' | 'delete', keys: unknown): DynamicPartitionsRequest {
    const partitionKeys = listArgument(keys, 'The keys').map((key) =>
      keyArgument(key, 'Each of the keys'),
    );
    return { action, partitionsDefName: this.definition.name, partitionKeys };
  }
}

/** Asks to add or delete keys of a dynamic definition. */
export interface DynamicPartitionsRequest {
  readonly action: 'add' | 'delete';
  readonly partitionsDefName: string;
  readonly partitionKeys: readonly PartitionKey[];
}

class MultiDefinitionObject extends PartitionsDefinitionObject<MultiPartitionsDefinition> {
  readonly #dimensions: ReadonlyMap<string, PartitionsDefinitionObject>;

  constructor(
    evaluation: Evaluation,
    definition: MultiPartitionsDefinition,
    dimensions: ReadonlyMap<string, PartitionsDefinitionObject>,
  ) {
    super(evaluation, definition);
    this.#dimensions = dimensions;
  }

  get partitionDimensionNames(): readonly string[] {
    return this.definition.dimensions.map(({ name }) => name);
  }

  getPartitionsDefForDimension(name: unknown): PartitionsDefinitionObject {
    const known = textArgument(name, 'The dimension');
    positionOfDimension(this.definition, known);
    return this.#dimensions.get(known) as PartitionsDefinitionObject;
  }

  getMultipartitionKeysWithDimensionValue(
    name: unknown,
    key: unknown,
  ): readonly MultiPartitionKey[] {
    const fixed = keyArgument(key, 'The key');
    return keysWithDimensionValue(
      this.definition,
      textArgument(name, 'The dimension'),
      fixed,
      this.evaluation.partitionContext,
    ).map((one) => this.keyForCell(one));
  }

  timeWindowForPartitionKey(key: unknown): TimeWindowObject {
    const window = windowOfMultiKey(this.definition, keyArgument(key, 'The partition key'));
    const { timezone } = timeDefinitionOf(this.definition) as TimeWindowPartitionsDefinition;
    return windowForCell(window, timezone, this.evaluation);
  }

  override getFirstPartitionKey(): unknown {
    const first = this.listed()[0];
    return first === undefined ? null : this.keyForCell(first);
  }

  override getLastPartitionKey(): unknown {
    const last = this.listed().at(-1);
    return last === undefined ? null : this.keyForCell(last);
  }

  override keyForCell(key: PartitionKey): MultiPartitionKey {
    return new MultiPartitionKey(keysByDimension(this.definition, key));
  }
}

const CALENDAR_OPTIONS = [
  'startDate',
  'endDate',
  'minuteOffset',
  'timezone',
  'fmt',
  'endOffset',
  'exclusions',
] as const;
const WINDOW_OPTIONS = [
  'start',
  'end',
  'fmt',
  'cronSchedule',
  'scheduleType',
  'minuteOffset',
  'hourOffset',
  'dayOffset',
  'timezone',
  'endOffset',
  'exclusions',
] as const;

/** The constructors of definitions, as they stand on `dg`. */
export function partitionsDefinitionConstructors(evaluation: Evaluation) {
  const calendar =
    (
      className: Exclude<TimeWindowClass, 'timeWindow'>,
      more: readonly ('hourOffset' | 'dayOffset')[],
    ) =>
    (options: unknown): TimeWindowDefinitionObject => {
      const name = `dg.${className[0]?.toUpperCase()}${className.slice(1)}PartitionsDefinition`;
      const given = optionsOf(options, name, [...CALENDAR_OPTIONS, ...more]);
      if (given.startDate === undefined || given.startDate === null) {
        throw wrongArgument(`${name} needs a \`startDate\`.`, 'CheckError');
      }
      return timeWindow(className, { ...given, start: given.startDate, end: given.endDate }, name);
    };
  const timeWindow = (
    className: TimeWindowClass,
    given: Readonly<Partial<Record<(typeof WINDOW_OPTIONS)[number], unknown>>>,
    call: string,
  ): TimeWindowDefinitionObject => {
    const start = boundOf(given.start, `The start of ${call}`, evaluation.libraries);
    if (start === undefined) throw wrongArgument(`${call} needs a \`start\`.`, 'CheckError');
    const options: TimeWindowOptions = {
      className,
      start,
      end: boundOf(given.end, `The end of ${call}`, evaluation.libraries),
      timezone: optionalText(given.timezone, 'timezone'),
      fmt: optionalText(given.fmt, 'fmt'),
      endOffset: optionalInteger(given.endOffset, 'endOffset'),
      minuteOffset: optionalInteger(given.minuteOffset, 'minuteOffset'),
      hourOffset: optionalInteger(given.hourOffset, 'hourOffset'),
      dayOffset: optionalInteger(given.dayOffset, 'dayOffset'),
      cronSchedule: optionalText(given.cronSchedule, 'cronSchedule'),
      scheduleType: scheduleTypeOf(given.scheduleType),
    };
    const whole = makeTimeWindowPartitionsDefinition(options);
    if (given.exclusions === undefined || given.exclusions === null) {
      return new TimeWindowDefinitionObject(evaluation, whole);
    }
    const exclusions = listArgument(given.exclusions, 'exclusions').map((item, i) => {
      const bound = boundOf(item, `exclusions[${i}]`, evaluation.libraries);
      if (bound === undefined) throw wrongArgument(`exclusions[${i}] is empty.`);
      return typeof bound === 'string' ? exclusionOf(bound, whole.fmt) : bound;
    });
    return new TimeWindowDefinitionObject(
      evaluation,
      makeTimeWindowPartitionsDefinition({ ...options, exclusions }),
    );
  };
  return {
    StaticPartitionsDefinition: (keys: unknown) =>
      new StaticDefinitionObject(
        evaluation,
        makeStaticPartitionsDefinition(keys as readonly string[]),
      ),
    HourlyPartitionsDefinition: calendar('hourly', []),
    DailyPartitionsDefinition: calendar('daily', ['hourOffset']),
    WeeklyPartitionsDefinition: calendar('weekly', ['hourOffset', 'dayOffset']),
    MonthlyPartitionsDefinition: calendar('monthly', ['hourOffset', 'dayOffset']),
    TimeWindowPartitionsDefinition: (options: unknown) =>
      timeWindow(
        'timeWindow',
        optionsOf(options, 'dg.TimeWindowPartitionsDefinition', WINDOW_OPTIONS),
        'dg.TimeWindowPartitionsDefinition',
      ),
    DynamicPartitionsDefinition: (options: unknown) => {
      const { name } = optionsOf(options, 'dg.DynamicPartitionsDefinition', ['name']);
      return new DynamicDefinitionObject(
        evaluation,
        makeDynamicPartitionsDefinition(name as string),
      );
    },
    MultiPartitionsDefinition: (dimensions: unknown) => {
      if (typeof dimensions !== 'object' || dimensions === null || Array.isArray(dimensions)) {
        throw wrongArgument(
          `dg.MultiPartitionsDefinition takes an object with a definition for each dimension, not ${show(dimensions)}.`,
        );
      }
      const objects = new Map(
        Object.entries(dimensions).map(
          ([name, dimension]): [string, PartitionsDefinitionObject] => [
            name,
            partitionsDefArgument(dimension, `The dimension ${name}`),
          ],
        ),
      );
      const definition = makeMultiPartitionsDefinition(
        Object.fromEntries([...objects].map(([name, object]) => [name, object.definition])),
      );
      return new MultiDefinitionObject(evaluation, definition, objects);
    },
    MultiPartitionKey: (keysByDimension: unknown) => new MultiPartitionKey(keysByDimension),
    PartitionKeyRange: (start: unknown, end: unknown) => new PartitionKeyRangeObject(start, end),
    TimeWindow: (start: unknown, end: unknown) =>
      new TimeWindowObject(
        dateTimeArgument(start, 'The start of a TimeWindow', evaluation.libraries),
        dateTimeArgument(end, 'The end of a TimeWindow', evaluation.libraries),
      ),
  };
}

/** A cron expression, or what a clock shows in a text in the format of the keys; any other text as it is. */
function exclusionOf(text: string, fmt: string): string | WallTime {
  if (parseCron(text) !== null) return text;
  const parsed = timeFormat(fmt).parse(text);
  return parsed === null ? text : { wallTime: parsed.wallTime };
}

function scheduleTypeOf(value: unknown): ScheduleType | null {
  const text = optionalText(value, 'scheduleType');
  if (text === null) return null;
  const known = (['HOURLY', 'DAILY', 'WEEKLY', 'MONTHLY'] as const).find(
    (type) => type === text.toUpperCase(),
  );
  if (!known) {
    throw wrongArgument(
      `scheduleType must be one of HOURLY, DAILY, WEEKLY and MONTHLY, not ${show(value)}.`,
    );
  }
  return known;
}

/** @throws {InvalidDefinitionError} if it is not a partitions definition. */
export function partitionsDefArgument(value: unknown, what: string): PartitionsDefinitionObject {
  if (value instanceof PartitionsDefinitionObject) return value;
  throw new InvalidDefinitionError(
    `${what} must be a partitions definition, such as dg.StaticPartitionsDefinition([…]), not ${show(value)}.`,
    'ParameterCheckError',
  );
}
