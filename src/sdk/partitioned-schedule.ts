import type { AutomationStatus, ScheduleSpec } from '../definitions/definitions.ts';
import {
  checkSchedulable,
  cronWithParts,
  isLatestWindowExcluded,
  keysOfTick,
  timeDefinitionIn,
  type CronParts,
} from '../definitions/partitioned-schedule.ts';
import { InvalidDefinitionError } from '../errors.ts';
import { partitionTags } from '../orchestration/partition-tags.ts';
import type { PartitionKey } from '../partitions/context.ts';
import type { PartitionsDefinition } from '../partitions/definition/partitions-definition.ts';
import { zoneOf } from '../time/zone.ts';
import {
  optionalInteger,
  optionalText,
  optionsOf,
  show,
  textRecord,
  validName,
  wrongArgument,
} from './arguments.ts';
import type { DeclaredAsset } from './assets.ts';
import { ScheduleContext } from './automation-context.ts';
import { cronScheduleOf, Schedule, statusArgument } from './automation.ts';
import { evaluateScheduleFunction, type GuestEvaluation } from './evaluate-automation.ts';
import type { Evaluation } from './evaluation.ts';
import { InstanceObject } from './instance.ts';
import { Job } from './job.ts';
import { DeclaredJob } from './jobs.ts';
import { RunRequestObject, SkipReasonObject } from './run-requests.ts';
import { namedAmong } from './snapshot.ts';

const OPTIONS = [
  'name',
  'description',
  'minuteOfHour',
  'hourOfDay',
  'dayOfWeek',
  'dayOfMonth',
  'defaultStatus',
  'tags',
  'cronSchedule',
  'executionTimezone',
] as const;

/** When a schedule ticks. */
interface Cadence {
  readonly cronSchedule: string;
  readonly executionTimezone: string;
}

/** A schedule that asks for the newest partition of a job, or for all of a fixed list (SCH-1 … SCH-9). */
class PartitionedSchedule extends Schedule {
  readonly #job: Job;
  readonly #givenName: string | null;
  readonly #parts: CronParts;
  /** Null for a job whose partitions are those of assets that are not known yet (SCH-9). */
  readonly #cadence: Cadence | null;
  readonly #tags: Readonly<Record<string, string>>;
  readonly #status: AutomationStatus | null;
  readonly #description: string | null;

  constructor(
    evaluation: Evaluation,
    job: Job,
    given: Readonly<Partial<Record<(typeof OPTIONS)[number], unknown>>>,
  ) {
    super(evaluation);
    this.#job = job;
    const name = optionalText(given.name, 'name');
    this.#givenName = name === null ? null : validName(name, 'a schedule');
    this.#parts = {
      minuteOfHour: optionalInteger(given.minuteOfHour, 'minuteOfHour') ?? null,
      hourOfDay: optionalInteger(given.hourOfDay, 'hourOfDay') ?? null,
      dayOfWeek: optionalInteger(given.dayOfWeek, 'dayOfWeek') ?? null,
      dayOfMonth: optionalInteger(given.dayOfMonth, 'dayOfMonth') ?? null,
    };
    this.#tags = textRecord(given.tags, 'tags');
    this.#status = statusArgument(given.defaultStatus);
    this.#description = optionalText(given.description, 'description');
    const cronSchedule = optionalText(given.cronSchedule, 'cronSchedule');
    const executionTimezone = optionalText(given.executionTimezone, 'executionTimezone');
    const { dayOfWeek, dayOfMonth } = this.#parts;
    // Sunday, 0, slips through, as in Dagster.
    if (dayOfWeek && dayOfMonth) {
      throw checkError(
        'Invariant failed. Description: Cannot provide both day_of_month and day_of_week parameter to build_schedule_from_partitioned_job.',
      );
    }
    const ownCadence = Boolean(cronSchedule) || Boolean(executionTimezone);
    if (ownCadence && Object.values(this.#parts).some((part) => part !== null)) {
      throw checkError(
        'Invariant failed. Description: Cannot provide both cron_schedule / execution_timezone parameters and day_of_month / day_of_week / hour_of_day / minute_of_hour parameters to build_schedule_from_partitioned_job.',
      );
    }
    const definition = job.partitionsDef?.definition ?? null;
    const isLater = definition === null && job instanceof DeclaredJob;
    if (ownCadence && (isLater || (definition && timeDefinitionIn(definition)))) {
      throw checkError(
        'Failure condition: Cannot provide cron_schedule or execution_timezone to build_schedule_from_partitioned_job for a time-partitioned job.',
      );
    }
    this.#cadence = isLater ? null : this.#cadenceOf(definition, cronSchedule, executionTimezone);
  }

  override get scheduleName(): string {
    return this.#givenName ?? validName(`${this.#job.jobName}_schedule`, 'a schedule');
  }

  override get job(): Job {
    return this.#job;
  }

  override get timezone(): string {
    const assets = namedAmong(this.evaluation, this.evaluation.assets);
    return (this.#cadence ?? this.#laterCadence(assets)).executionTimezone;
  }

  override specAmong(assets: readonly DeclaredAsset[]): ScheduleSpec {
    const { cronSchedule, executionTimezone } = this.#cadence ?? this.#laterCadence(assets);
    return {
      cellId: this.cellId,
      name: this.constName,
      scheduleName: this.scheduleName,
      cronSchedule: [cronSchedule],
      executionTimezone,
      jobName: this.#job.jobName,
      tags: this.#tags,
      ...(this.#status && { defaultStatus: this.#status }),
      description: this.#description,
    };
  }

  override evaluate(context: ScheduleContext): Promise<GuestEvaluation> {
    const definition = this.#definition();
    const partitions = {
      effectiveAt: ScheduleContext.scheduledAt(context),
      dynamicPartitions: InstanceObject.dynamicPartitionsOf(context.instance),
    };
    return evaluateScheduleFunction(this.evaluation, this.scheduleName, context, {
      call: () => {
        const keys = keysOfTick(definition, partitions);
        return keys === null
          ? new SkipReasonObject("The job's PartitionsDefinition has no partitions")
          : keys.map((key) => this.#requestFor(key, definition));
      },
      // Missing where the partitions are those of assets, as in Dagster (SCH-6).
      shouldExecute:
        this.#cadence === null ? null : () => !isLatestWindowExcluded(definition, partitions),
      tags: {},
      job: this.#job,
    });
  }

  #definition(): PartitionsDefinition {
    const assets = namedAmong(this.evaluation, this.evaluation.assets);
    const { partitionsDef } = this.#job.specAmong(assets);
    if (partitionsDef) return partitionsDef;
    throw checkError('Failure condition: The provided job is not partitioned');
  }

  /** The key's request, complete: its tags name the partition, so that it is not looked up again. */
  #requestFor(partitionKey: PartitionKey, definition: PartitionsDefinition): RunRequestObject {
    const { jobName, partitionedConfig } = this.#job;
    // A job over assets that was given its definition is not asked for the name of its set, as in Dagster.
    const namesSet = !(this.#job instanceof DeclaredJob && this.#cadence !== null);
    const runConfig = partitionedConfig
      ? partitionedConfig.getRunConfigForPartitionKey(partitionKey)
      : this.#job.specAmong(namedAmong(this.evaluation, this.evaluation.assets)).runConfig;
    const ofKey = partitionedConfig
      ? partitionedConfig.getTagsForPartitionKey(partitionKey, namesSet ? { jobName } : {})
      : partitionTags(partitionKey, definition, namesSet ? jobName : null);
    return new RunRequestObject(this.evaluation, {
      runKey: partitionKey,
      partitionKey,
      runConfig,
      tags: { ...this.#tags, ...(ofKey as Readonly<Record<string, string>>) },
      jobName,
    });
  }

  #cadenceOf(
    definition: PartitionsDefinition | null,
    cronSchedule: string | null,
    executionTimezone: string | null,
  ): Cadence {
    if (!definition) throw checkError('Failure condition: The provided job is not partitioned');
    checkSchedulable(definition);
    const time = timeDefinitionIn(definition);
    if (time) {
      return {
        cronSchedule: cronWithParts(time, this.#parts),
        executionTimezone: time.timezone,
      };
    }
    if (cronSchedule === null) {
      throw checkError(
        'Expected non-None value: Creating a schedule from a static partitions definition requires a cron schedule',
      );
    }
    cronScheduleOf(cronSchedule);
    // Throws if there is no such zone.
    if (executionTimezone !== null) zoneOf(executionTimezone);
    return { cronSchedule, executionTimezone: executionTimezone ?? 'UTC' };
  }

  #laterCadence(assets: readonly DeclaredAsset[]): Cadence {
    const { jobName, partitionsDef } = this.#job.specAmong(assets);
    if (!partitionsDef) {
      throw checkError(
        `Failure condition: Job '${jobName}' provided to build_schedule_from_partitioned_job must contain partitioned assets or a partitions definition.`,
      );
    }
    checkSchedulable(partitionsDef);
    const time = timeDefinitionIn(partitionsDef);
    if (!time) throw checkError('Expected non-None value: None');
    return { cronSchedule: cronWithParts(time, this.#parts), executionTimezone: time.timezone };
  }
}

function checkError(message: string): InvalidDefinitionError {
  return new InvalidDefinitionError(message, 'CheckError');
}

/** `dg.buildScheduleFromPartitionedJob`. */
export function partitionedScheduleConstructors(evaluation: Evaluation) {
  return {
    buildScheduleFromPartitionedJob: (job: unknown, options?: unknown) => {
      const call = 'dg.buildScheduleFromPartitionedJob';
      if (!(job instanceof Job)) {
        throw wrongArgument(`${call} takes a job first, not ${show(job)}.`);
      }
      return new PartitionedSchedule(evaluation, job, optionsOf(options, call, OPTIONS));
    },
  };
}
