import { InvalidDefinitionError } from '../../errors.ts';
import { parseCron } from '../../time/cron.ts';
import { timeFormat } from '../../time/strftime.ts';
import type { EpochMs } from '../../time/time-window.ts';
import { zoneOf } from '../../time/zone.ts';
import type { TimeWindowClass, TimeWindowPartitionsDefinition } from './partitions-definition.ts';

/** What a clock on the wall shows, as the milliseconds at which UTC would show it: a date object whose own zone is dropped (TW-7). */
export interface WallTime {
  readonly wallTime: number;
}

export type ScheduleType = 'HOURLY' | 'DAILY' | 'WEEKLY' | 'MONTHLY';

export interface TimeWindowOptions {
  readonly className: TimeWindowClass;
  /** A text in `fmt`, or a wall time in `timezone` (TW-6, TW-7). */
  readonly start: string | WallTime;
  /** As `start`; none if null or the empty text. */
  readonly end?: string | WallTime | null | undefined;
  /** Default UTC. */
  readonly timezone?: string | null | undefined;
  /** Required for `timeWindow`; the class has one of its own otherwise. */
  readonly fmt?: string | null | undefined;
  readonly endOffset?: number | undefined;
  readonly minuteOffset?: number | undefined;
  readonly hourOffset?: number | undefined;
  /** Weekday (0 is Sunday), or day of the month. */
  readonly dayOffset?: number | undefined;
  /** For `timeWindow`: this or `scheduleType` (TW-1). */
  readonly cronSchedule?: string | null | undefined;
  readonly scheduleType?: ScheduleType | null | undefined;
  /** Cron expressions and wall times of window starts to leave out (TW-22). */
  readonly exclusions?: readonly (string | WallTime)[] | null | undefined;
}

const SCHEDULE_TYPES: Readonly<Record<Exclude<TimeWindowClass, 'timeWindow'>, ScheduleType>> = {
  hourly: 'HOURLY',
  daily: 'DAILY',
  weekly: 'WEEKLY',
  monthly: 'MONTHLY',
};

/**
 * A time-window definition from what its author wrote, with the defaults of its class.
 *
 * @throws {InvalidDefinitionError} of Dagster's kind for what is wrong: a start or end that
 *   does not fit the format, an unknown zone, an invalid cron schedule or exclusion, or
 *   options that contradict each other (TW-1, TW-2, TW-6, TW-22).
 */
export function makeTimeWindowPartitionsDefinition(
  options: TimeWindowOptions,
): TimeWindowPartitionsDefinition {
  const { className } = options;
  // An empty text is none.
  const timezone = (options.timezone === '' ? null : options.timezone) ?? 'UTC';
  if (typeof timezone !== 'string') throw wrongParameter('timezone', 'a text', timezone);
  const fmt = options.fmt ?? (className === 'hourly' ? '%Y-%m-%d-%H:%M' : '%Y-%m-%d');
  if (typeof fmt !== 'string') throw wrongParameter('fmt', 'a text', fmt);
  if (className === 'timeWindow' && (options.fmt === undefined || options.fmt === null)) {
    throw new InvalidDefinitionError(
      'A TimeWindowPartitionsDefinition needs a fmt, such as "%Y-%m-%d".',
      'ParameterCheckError',
    );
  }
  for (const name of ['endOffset', 'minuteOffset', 'hourOffset', 'dayOffset'] as const) {
    const value = options[name];
    if (value !== undefined && !Number.isInteger(value)) {
      throw wrongParameter(name, 'a whole number', value);
    }
  }
  if (options.start === undefined || options.start === null) {
    throw wrongParameter('start', 'a text or a date', options.start);
  }
  const startAt = readInstant('start', options.start, fmt, timezone);
  const end = options.end === '' ? null : (options.end ?? null);
  const endAt = end === null ? null : readInstant('end', end, fmt, timezone);
  zoneOf(timezone);

  const cronSchedule = cronOf(options);
  if (parseCron(cronSchedule) === null) {
    throw new InvalidDefinitionError(
      `Found invalid cron schedule '${cronSchedule}' for a TimeWindowPartitionsDefinition.`,
    );
  }
  const exclusions = options.exclusions ?? [];
  const invalid = exclusions.filter(
    (one): one is string => typeof one === 'string' && parseCron(one) === null,
  );
  if (invalid.length > 0) {
    throw new InvalidDefinitionError(
      `Found invalid cron schedule(s) ${invalid.map((text) => `'${text}'`).join(', ')} in the exclusions argument for a TimeWindowPartitionsDefinition. Expected valid cron texts and dates.`,
    );
  }
  return {
    kind: 'timeWindow',
    className,
    startAt,
    endAt,
    timezone,
    fmt,
    endOffset: options.endOffset ?? 0,
    cronSchedule,
    exclusions: exclusions.map((one) =>
      typeof one === 'string' ? one : zoneOf(timezone).resolve(one.wallTime).first,
    ),
  };
}

/**
 * The instant that a text in the definition's format stands for, or null if it does not fit:
 * tried as it is, then with an offset appended (TW-6, DST-3). The first copy of a repeated time.
 */
export function instantOfText(text: string, fmt: string, timezone: string): EpochMs | null {
  const parsed = timeFormat(fmt).parse(text) ?? timeFormat(`${fmt}%z`).parse(text);
  if (parsed === null) return null;
  const { wallTime, offsetMs } = parsed;
  return offsetMs === null ? zoneOf(timezone).resolve(wallTime).first : wallTime - offsetMs;
}

/** Whether windows are whole hours, or whole days from midnight, and none is left out: where Dagster takes a shorter way. */
export function basicCadenceOf(
  definition: TimeWindowPartitionsDefinition,
): 'hourly' | 'daily' | null {
  if (definition.exclusions.length > 0) return null;
  if (definition.cronSchedule === '0 * * * *') return 'hourly';
  return definition.cronSchedule === '0 0 * * *' ? 'daily' : null;
}

function readInstant(
  name: string,
  value: string | WallTime,
  fmt: string,
  timezone: string,
): EpochMs {
  if (typeof value !== 'string') return zoneOf(timezone).resolve(value.wallTime).first;
  // The text is looked at before the zone is, as in Dagster.
  if ((timeFormat(fmt).parse(value) ?? timeFormat(`${fmt}%z`).parse(value)) === null) {
    throw new InvalidDefinitionError(
      `time data '${value}' does not match format '${fmt}%z': ${name} must be a date written as ${fmt}.`,
      'ValueError',
    );
  }
  return instantOfText(value, fmt, timezone) as EpochMs;
}

function cronOf(options: TimeWindowOptions): string {
  const { className, cronSchedule, minuteOffset = 0, hourOffset = 0, dayOffset = 0 } = options;
  const given = cronSchedule ?? null;
  const scheduleType =
    className === 'timeWindow' ? (options.scheduleType ?? null) : SCHEDULE_TYPES[className];
  if (given !== null) {
    if (scheduleType !== null || minuteOffset !== 0 || hourOffset !== 0 || dayOffset !== 0) {
      throw new InvalidDefinitionError(
        "If cronSchedule is given, then scheduleType, minuteOffset, hourOffset and dayOffset can't be.",
        'CheckError',
      );
    }
    return given;
  }
  switch (scheduleType) {
    case 'HOURLY':
      return `${minuteOffset} * * * *`;
    case 'DAILY':
      return `${minuteOffset} ${hourOffset} * * *`;
    case 'WEEKLY':
      return `${minuteOffset} ${hourOffset} * * ${dayOffset}`;
    case 'MONTHLY':
      // 0 is taken for "not given" (TW-4).
      return `${minuteOffset} ${hourOffset} ${dayOffset === 0 ? 1 : dayOffset} * *`;
    case null:
      throw new InvalidDefinitionError(
        'One of scheduleType and cronSchedule must be given.',
        'CheckError',
      );
  }
}

function wrongParameter(name: string, expected: string, value: unknown): InvalidDefinitionError {
  return new InvalidDefinitionError(
    `${name} must be ${expected}, not ${String(value)}.`,
    'ParameterCheckError',
  );
}
