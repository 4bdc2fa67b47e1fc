import type { ScheduleSpec, SensorSpec } from '../definitions/definitions.ts';
import { InvalidDefinitionError } from '../errors.ts';
import { parseCron } from '../time/cron.ts';
import { zoneOf } from '../time/zone.ts';
import {
  functionArgument,
  listArgument,
  optionalBoolean,
  optionalText,
  optionsOf,
  show,
  textArgument,
  textRecord,
  validName,
  wrongArgument,
  WORDS,
} from './arguments.ts';
import { Declared, nameOf, type Evaluation } from './evaluation.ts';
import { Job } from './job.ts';
import { keyArgument } from './partitions-definitions.ts';

const SCHEDULE_OPTIONS = [
  'cronSchedule',
  'job',
  'target',
  'name',
  'executionTimezone',
  'defaultStatus',
  'shouldExecute',
  'tags',
  'description',
] as const;
const SENSOR_OPTIONS = [
  'job',
  'target',
  'name',
  'minimumIntervalSeconds',
  'defaultStatus',
  'description',
] as const;

/** Dagster's default time between two evaluations of a sensor. */
const DEFAULT_INTERVAL_SECONDS = 30;
const MAX_INTERVAL_SECONDS = 1_000_000_000;

/** A schedule, as declared; its function is called by the ticks of a later release. */
export class DeclaredSchedule extends Declared {
  readonly evaluate: (...args: never[]) => unknown;
  readonly #options: Readonly<Partial<Record<(typeof SCHEDULE_OPTIONS)[number], unknown>>>;
  readonly #cronSchedule: readonly string[];

  constructor(
    evaluation: Evaluation,
    options: Readonly<Partial<Record<(typeof SCHEDULE_OPTIONS)[number], unknown>>>,
    evaluate: (...args: never[]) => unknown,
  ) {
    super(evaluation);
    this.evaluate = evaluate;
    this.#options = options;
    this.#cronSchedule = cronScheduleOf(options.cronSchedule);
    statusArgument(options.defaultStatus);
    const timezone = optionalText(options.executionTimezone, 'executionTimezone');
    // Throws if there is no such zone.
    if (timezone !== null) zoneOf(timezone);
    evaluation.schedules.push(this);
  }

  get spec(): ScheduleSpec {
    const { name, executionTimezone, job, description } = this.#options;
    const given = optionalText(name, 'name');
    return {
      cellId: this.cellId,
      name: this.constName,
      scheduleName: validName(nameOf(this, given, 'schedule'), 'a schedule'),
      cronSchedule: this.#cronSchedule,
      executionTimezone: optionalText(executionTimezone, 'executionTimezone') ?? 'UTC',
      jobName: jobNameOf(job),
      description: optionalText(description, 'description'),
    };
  }
}

/** A sensor, as declared; its function is called by the ticks of a later release. */
export class DeclaredSensor extends Declared {
  readonly evaluate: (...args: never[]) => unknown;
  readonly #options: Readonly<Partial<Record<(typeof SENSOR_OPTIONS)[number], unknown>>>;

  constructor(
    evaluation: Evaluation,
    options: Readonly<Partial<Record<(typeof SENSOR_OPTIONS)[number], unknown>>>,
    evaluate: (...args: never[]) => unknown,
  ) {
    super(evaluation);
    this.evaluate = evaluate;
    this.#options = options;
    evaluation.sensors.push(this);
  }

  get spec(): SensorSpec {
    const { name, job, minimumIntervalSeconds, description, defaultStatus } = this.#options;
    statusArgument(defaultStatus);
    const given = optionalText(name, 'name');
    const seconds = minimumIntervalSeconds ?? DEFAULT_INTERVAL_SECONDS;
    if (typeof seconds !== 'number' || !(seconds >= 0 && seconds <= MAX_INTERVAL_SECONDS)) {
      throw wrongArgument(
        `minimumIntervalSeconds must be a number from 0 to ${MAX_INTERVAL_SECONDS.toLocaleString()}, not ${show(seconds)}.`,
      );
    }
    return {
      cellId: this.cellId,
      name: this.constName,
      sensorName: validName(nameOf(this, given, 'sensor'), 'a sensor'),
      jobName: jobNameOf(job),
      minimumIntervalMs: Math.round(seconds * 1000),
      description: optionalText(description, 'description'),
    };
  }
}

/** @throws {InvalidDefinitionError} unless each is a cron expression. */
function cronScheduleOf(value: unknown): readonly string[] {
  if (value === undefined || value === null) {
    throw wrongArgument("dg.schedule needs a `cronSchedule`, such as '0 1 * * *'.");
  }
  return (Array.isArray(value) ? (value as unknown[]) : [value]).map((item) => {
    const cron = textArgument(item, 'cronSchedule');
    if (parseCron(cron)) return cron;
    throw new InvalidDefinitionError(
      `Found invalid cron schedule ${show(cron)} for a schedule. A cron expression has 5 fields, such as '0 1 * * *'.`,
    );
  });
}

function statusArgument(value: unknown): void {
  if (value === undefined || value === 'RUNNING' || value === 'STOPPED') return;
  throw wrongArgument(`defaultStatus must be 'RUNNING' or 'STOPPED', not ${show(value)}.`);
}

function jobNameOf(job: unknown): string | null {
  if (job instanceof Job) return job.jobName;
  if (job === undefined || job === null || typeof job === 'string') return job ?? null;
  throw wrongArgument(`job must be a job, such as one of dg.defineAssetJob, not ${show(job)}.`);
}

/** Asks for a run. */
class RunRequestObject {
  readonly runKey: string | null;
  readonly partitionKey: string | null;
  readonly runConfig: unknown;
  readonly tags: Readonly<Record<string, string>>;
  readonly jobName: string | null;
  readonly assetSelection: readonly unknown[] | null;
  readonly staleAssetsOnly: boolean;

  constructor(options: unknown) {
    const given = optionsOf(options, 'dg.RunRequest', [
      'runKey',
      'partitionKey',
      'runConfig',
      'tags',
      'jobName',
      'assetSelection',
      'staleAssetsOnly',
    ]);
    this.runKey = optionalText(given.runKey, 'runKey');
    this.partitionKey =
      given.partitionKey === undefined || given.partitionKey === null
        ? null
        : keyArgument(given.partitionKey, 'partitionKey');
    this.runConfig = given.runConfig ?? {};
    this.tags = textRecord(given.tags, 'tags');
    this.jobName = optionalText(given.jobName, 'jobName');
    this.assetSelection =
      given.assetSelection === undefined || given.assetSelection === null
        ? null
        : listArgument(given.assetSelection, 'assetSelection');
    this.staleAssetsOnly = optionalBoolean(given.staleAssetsOnly, 'staleAssetsOnly');
  }

  /** In messages. */
  get [WORDS](): string {
    return 'a dg.RunRequest';
  }
}

/** Says why no run is asked for. */
class SkipReasonObject {
  readonly skipMessage: string | null;

  constructor(message: unknown) {
    this.skipMessage = optionalText(message, 'The message of dg.SkipReason');
  }

  /** In messages. */
  get [WORDS](): string {
    return 'a dg.SkipReason';
  }
}

/** What a sensor asks for. */
class SensorResultObject {
  readonly runRequests: readonly unknown[];
  readonly skipReason: SkipReasonObject | null;
  readonly cursor: string | null;
  readonly dynamicPartitionsRequests: readonly unknown[];

  constructor(options: unknown) {
    const given = optionsOf(options, 'dg.SensorResult', [
      'runRequests',
      'skipReason',
      'cursor',
      'dynamicPartitionsRequests',
      'assetEvents',
    ]);
    this.runRequests = given.runRequests ? listArgument(given.runRequests, 'runRequests') : [];
    this.skipReason =
      typeof given.skipReason === 'string'
        ? new SkipReasonObject(given.skipReason)
        : given.skipReason instanceof SkipReasonObject
          ? given.skipReason
          : null;
    this.cursor = optionalText(given.cursor, 'cursor');
    this.dynamicPartitionsRequests = given.dynamicPartitionsRequests
      ? listArgument(given.dynamicPartitionsRequests, 'dynamicPartitionsRequests')
      : [];
  }
}

/** `dg.schedule`, `dg.sensor` and what their functions give back. */
export function automationConstructors(evaluation: Evaluation) {
  return {
    schedule: (options: unknown, evaluate: unknown) =>
      new DeclaredSchedule(
        evaluation,
        optionsOf(options, 'dg.schedule', SCHEDULE_OPTIONS),
        functionArgument(evaluate, 'The second argument of dg.schedule'),
      ),
    sensor: (options: unknown, evaluate: unknown) =>
      new DeclaredSensor(
        evaluation,
        optionsOf(options, 'dg.sensor', SENSOR_OPTIONS),
        functionArgument(evaluate, 'The second argument of dg.sensor'),
      ),
    RunRequest: (options?: unknown) => new RunRequestObject(options),
    SkipReason: (message?: unknown) => new SkipReasonObject(message),
    SensorResult: (options?: unknown) => new SensorResultObject(options),
    DefaultScheduleStatus: Object.freeze({ RUNNING: 'RUNNING', STOPPED: 'STOPPED' }),
    DefaultSensorStatus: Object.freeze({ RUNNING: 'RUNNING', STOPPED: 'STOPPED' }),
  };
}
