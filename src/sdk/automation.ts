import type {
  AssetTarget,
  AutomationStatus,
  ScheduleSpec,
  SensorSpec,
} from '../definitions/definitions.ts';
import { InvalidDefinitionError } from '../errors.ts';
import { withoutReservedTags } from '../orchestration/partition-tags.ts';
import { parseCron } from '../time/cron.ts';
import { zoneOf } from '../time/zone.ts';
import {
  functionArgument,
  optionalText,
  optionsOf,
  show,
  textArgument,
  textRecord,
  validName,
  wrongArgument,
  WORDS,
} from './arguments.ts';
import type { DeclaredAsset } from './assets.ts';
import {
  automationContextConstructors,
  contextArgument,
  ScheduleContext,
  SensorContext,
} from './automation-context.ts';
import {
  evaluateScheduleFunction,
  evaluateSensorFunction,
  type AutomationFunction,
  type GuestEvaluation,
} from './evaluate-automation.ts';
import { evaluateScheduleTick, evaluateSensorTick } from './evaluate-tick.ts';
import { Declared, nameOf, type Evaluation } from './evaluation.ts';
import { Job } from './job.ts';
import { selectionArgument, type AssetSelectionObject } from './jobs.ts';

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
  'assetSelection',
  'name',
  'minimumIntervalSeconds',
  'defaultStatus',
  'description',
] as const;

type ScheduleOptions = Readonly<Partial<Record<(typeof SCHEDULE_OPTIONS)[number], unknown>>>;
type SensorOptions = Readonly<Partial<Record<(typeof SENSOR_OPTIONS)[number], unknown>>>;

/** Dagster's default time between two evaluations of a sensor. */
const DEFAULT_INTERVAL_SECONDS = 30;
const MAX_INTERVAL_SECONDS = 1_000_000_000;

/** A schedule, as declared: one with a function of its author's, or one built from a job. */
export abstract class Schedule extends Declared {
  protected readonly evaluation: Evaluation;

  constructor(evaluation: Evaluation) {
    super(evaluation);
    this.evaluation = evaluation;
    evaluation.schedules.push(this);
  }

  /** @throws {InvalidDefinitionError} if it has no name yet. */
  abstract get scheduleName(): string;

  /** The job that it launches; null if it launches none of the notebook's. */
  abstract get job(): Job | null;

  /** IANA name of the zone in which its function is told the time. */
  abstract get timezone(): string;

  /**
   * As plain data.
   *
   * @param assets those of the notebook, in its order.
   */
  abstract specAmong(assets: readonly DeclaredAsset[]): ScheduleSpec;

  /** Calls its function; an error of the author's is thrown as Dagster wraps it (SCH-10). */
  abstract evaluate(context: ScheduleContext): Promise<GuestEvaluation>;

  /** What a tick would ask for, as a test looks at it. */
  evaluateTick(context?: unknown): Promise<unknown> {
    const { evaluation } = this;
    const build = () => automationContextConstructors(evaluation).buildScheduleContext();
    const given = contextArgument(context, ScheduleContext, build, 'dg.buildScheduleContext');
    return evaluateScheduleTick(evaluation, this, given);
  }

  /** In messages. */
  get [WORDS](): string {
    return 'a schedule';
  }
}

/** A schedule with a function of its author's. */
class DeclaredSchedule extends Schedule {
  readonly #function: AutomationFunction;
  readonly #shouldExecute: AutomationFunction | null;
  readonly #options: ScheduleOptions;
  readonly #cronSchedule: readonly string[];
  readonly #tags: Readonly<Record<string, string>>;
  readonly #target: AssetSelectionObject | null;

  constructor(evaluation: Evaluation, options: ScheduleOptions, call: AutomationFunction) {
    super(evaluation);
    this.#function = call;
    this.#options = options;
    this.#cronSchedule = cronScheduleOf(options.cronSchedule);
    const { shouldExecute, defaultStatus, executionTimezone, tags } = options;
    this.#shouldExecute =
      shouldExecute === undefined || shouldExecute === null
        ? null
        : (functionArgument(shouldExecute, 'shouldExecute') as AutomationFunction);
    statusArgument(defaultStatus);
    this.#tags = withoutReservedTags(textRecord(tags, 'tags'));
    const timezone = optionalText(executionTimezone, 'executionTimezone');
    // Throws if there is no such zone.
    if (timezone !== null) zoneOf(timezone);
    this.#target = targetArgument(evaluation, options);
  }

  override get scheduleName(): string {
    const given = optionalText(this.#options.name, 'name');
    return validName(nameOf(this, given, 'schedule'), 'a schedule');
  }

  override get job(): Job | null {
    return jobArgument(this.evaluation, this.#options.job ?? this.#options.target);
  }

  override get timezone(): string {
    return optionalText(this.#options.executionTimezone, 'executionTimezone') ?? 'UTC';
  }

  override specAmong(assets: readonly DeclaredAsset[]): ScheduleSpec {
    const { job, target, description, defaultStatus } = this.#options;
    const status = statusArgument(defaultStatus);
    return {
      cellId: this.cellId,
      name: this.constName,
      scheduleName: this.scheduleName,
      cronSchedule: this.#cronSchedule,
      executionTimezone: this.timezone,
      jobName: jobNameOf(job ?? target),
      ...(this.#target && { target: assetTarget(this.#target, assets, false) }),
      ...(status && { defaultStatus: status }),
      description: optionalText(description, 'description'),
    };
  }

  override evaluate(context: ScheduleContext): Promise<GuestEvaluation> {
    return evaluateScheduleFunction(this.evaluation, this.scheduleName, context, {
      call: this.#function,
      shouldExecute: this.#shouldExecute,
      tags: this.#tags,
      job: this.job,
    });
  }
}

/** A sensor, as declared. */
export class DeclaredSensor extends Declared {
  readonly #evaluation: Evaluation;
  readonly #function: AutomationFunction;
  readonly #options: SensorOptions;
  readonly #target: AssetSelectionObject | null;
  readonly #mixesPartitions: boolean;

  constructor(evaluation: Evaluation, options: SensorOptions, call: AutomationFunction) {
    super(evaluation);
    this.#evaluation = evaluation;
    this.#function = call;
    this.#options = options;
    const { assetSelection } = options;
    this.#mixesPartitions = assetSelection !== undefined && assetSelection !== null;
    if (this.#mixesPartitions && (options.job ?? options.target)) {
      throw wrongArgument('dg.sensor takes one of `job`, `target` and `assetSelection`.');
    }
    this.#target = this.#mixesPartitions
      ? selectionArgument(evaluation, assetSelection)
      : targetArgument(evaluation, options);
    evaluation.sensors.push(this);
  }

  /** @throws {InvalidDefinitionError} if it has no name yet. */
  get sensorName(): string {
    const given = optionalText(this.#options.name, 'name');
    return validName(nameOf(this, given, 'sensor'), 'a sensor');
  }

  /** The job that it launches; null if it launches none of the notebook's. */
  get job(): Job | null {
    return jobArgument(this.#evaluation, this.#options.job ?? this.#options.target);
  }

  /**
   * As plain data.
   *
   * @param assets those of the notebook, in its order.
   */
  specAmong(assets: readonly DeclaredAsset[]): SensorSpec {
    const { job, target, minimumIntervalSeconds, description, defaultStatus } = this.#options;
    const status = statusArgument(defaultStatus);
    const seconds = minimumIntervalSeconds ?? DEFAULT_INTERVAL_SECONDS;
    if (typeof seconds !== 'number' || !(seconds >= 0 && seconds <= MAX_INTERVAL_SECONDS)) {
      throw wrongArgument(
        `minimumIntervalSeconds must be a number from 0 to ${MAX_INTERVAL_SECONDS.toLocaleString()}, not ${show(seconds)}.`,
      );
    }
    return {
      cellId: this.cellId,
      name: this.constName,
      sensorName: this.sensorName,
      jobName: jobNameOf(job ?? target),
      ...(this.#target && { target: assetTarget(this.#target, assets, this.#mixesPartitions) }),
      minimumIntervalMs: Math.round(seconds * 1000),
      ...(status && { defaultStatus: status }),
      description: optionalText(description, 'description'),
    };
  }

  /** Calls its function; an error of the author's is thrown as it is. */
  evaluate(context: SensorContext): Promise<GuestEvaluation> {
    return evaluateSensorFunction(this.sensorName, context, {
      call: this.#function,
      job: this.job,
    });
  }

  /** What a tick would ask for, as a test looks at it. */
  evaluateTick(context?: unknown): Promise<unknown> {
    const evaluation = this.#evaluation;
    const build = () => automationContextConstructors(evaluation).buildSensorContext();
    const given = contextArgument(context, SensorContext, build, 'dg.buildSensorContext');
    return evaluateSensorTick(evaluation, this, given);
  }

  /** In messages. */
  get [WORDS](): string {
    return 'a sensor';
  }
}

/** @throws {InvalidDefinitionError} unless each is a cron expression. */
export function cronScheduleOf(value: unknown): readonly string[] {
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

/** The option `defaultStatus`; null if it is not given. */
export function statusArgument(value: unknown): AutomationStatus | null {
  if (value === undefined || value === null) return null;
  if (value === 'RUNNING' || value === 'STOPPED') return value;
  throw wrongArgument(`defaultStatus must be 'RUNNING' or 'STOPPED', not ${show(value)}.`);
}

/** The assets that `target` names; null if it names a job, or nothing. */
function targetArgument(
  evaluation: Evaluation,
  { job, target }: { readonly job?: unknown; readonly target?: unknown },
): AssetSelectionObject | null {
  if (target === undefined || target === null || target instanceof Job) return null;
  if (job !== undefined && job !== null) {
    throw wrongArgument('Give `job` or `target`, and not both.', 'DagsterInvalidDefinitionError');
  }
  return selectionArgument(evaluation, target);
}

function assetTarget(
  selection: AssetSelectionObject,
  assets: readonly DeclaredAsset[],
  mixesPartitions: boolean,
): AssetTarget {
  const selected = selection.resolve(assets);
  const assetKeys = assets.flatMap(({ assetKey }) => (selected.has(assetKey) ? [assetKey] : []));
  return { mixesPartitions, assetKeys };
}

function jobNameOf(job: unknown): string | null {
  if (job instanceof Job) return job.jobName;
  if (typeof job === 'string') return job;
  return null;
}

/** The job that an automation launches; null if it launches none, or one that is not declared. */
function jobArgument(evaluation: Evaluation, job: unknown): Job | null {
  if (job instanceof Job) return job;
  return evaluation.jobs.find(({ jobName }) => jobName === job) ?? null;
}

/** The option `job`: a job, or the name of one. */
function checkJob(job: unknown): void {
  if (job === undefined || job === null || job instanceof Job || typeof job === 'string') return;
  throw wrongArgument(`job must be a job, such as one of dg.defineAssetJob, not ${show(job)}.`);
}

/** `dg.schedule` and `dg.sensor`. */
export function automationConstructors(evaluation: Evaluation) {
  return {
    schedule: (options: unknown, call: unknown) => {
      const given = optionsOf(options, 'dg.schedule', SCHEDULE_OPTIONS);
      checkJob(given.job);
      return new DeclaredSchedule(
        evaluation,
        given,
        functionArgument(call, 'The second argument of dg.schedule') as AutomationFunction,
      );
    },
    sensor: (options: unknown, call: unknown) => {
      const given = optionsOf(options, 'dg.sensor', SENSOR_OPTIONS);
      checkJob(given.job);
      return new DeclaredSensor(
        evaluation,
        given,
        functionArgument(call, 'The second argument of dg.sensor') as AutomationFunction,
      );
    },
    DefaultScheduleStatus: Object.freeze({ RUNNING: 'RUNNING', STOPPED: 'STOPPED' }),
    DefaultSensorStatus: Object.freeze({ RUNNING: 'RUNNING', STOPPED: 'STOPPED' }),
  };
}
