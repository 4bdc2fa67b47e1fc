import type { Definitions, ScheduleSpec, SensorSpec } from '../definitions/definitions.ts';
import { timeDefinitionIn } from '../definitions/partitioned-schedule.ts';
import type { PartitionsDefinition } from '../partitions/definition/partitions-definition.ts';
import { pythonFunction } from './python-function.ts';
import { pythonCall, pythonData, pythonNumber, pythonText } from './python-literal.ts';
import type { ModuleWriter } from './module-writer.ts';

/**
 * A schedule as a function, or as one that follows from its job's partitions.
 *
 * @param jobs has the variable of each job.
 */
export function pythonSchedule(
  module: ModuleWriter,
  schedule: ScheduleSpec,
  jobs: ReadonlyMap<string, string>,
  definitions: Definitions,
): { readonly name: string; readonly text: string } {
  const job = definitions.jobs.find(({ jobName }) => jobName === schedule.jobName);
  const jobVariable = jobs.get(schedule.jobName ?? '');
  if (schedule.tags && job?.partitionsDef && jobVariable !== undefined) {
    return scheduleFromJob(module, schedule, job.partitionsDef, jobVariable);
  }
  const { scheduleName, cronSchedule, executionTimezone } = schedule;
  const name = module.names.take(scheduleName);
  const cron = cronSchedule.length === 1 ? cronSchedule[0] : cronSchedule;
  const decorator = pythonCall('@dg.schedule', [
    `cron_schedule=${pythonData(cron)}`,
    ...(scheduleName === name ? [] : [`name=${pythonText(scheduleName)}`]),
    ...targetArguments(module, schedule, jobs),
    ...(executionTimezone === 'UTC' ? [] : [`execution_timezone=${pythonText(executionTimezone)}`]),
    ...commonArguments('Schedule', schedule),
  ]);
  const text = pythonFunction(decorator, name, {
    parameters: ['context: dg.ScheduleEvaluationContext'],
    body: evaluation(module, 'schedule', scheduleName),
  });
  return { name, text };
}

function scheduleFromJob(
  { names }: ModuleWriter,
  schedule: ScheduleSpec,
  partitionsDef: PartitionsDefinition,
  job: string,
): { readonly name: string; readonly text: string } {
  const { scheduleName, jobName, tags = {} } = schedule;
  const name = names.take(scheduleName);
  const call = pythonCall('dg.build_schedule_from_partitioned_job', [
    job,
    ...(scheduleName === `${jobName}_schedule` ? [] : [`name=${pythonText(scheduleName)}`]),
    ...cadenceArguments(schedule, partitionsDef),
    ...(Object.keys(tags).length === 0 ? [] : [`tags=${pythonData(tags)}`]),
    ...commonArguments('Schedule', schedule),
  ]);
  return { name, text: `${name} = ${call}` };
}

/** When it ticks, as far as its job's windows do not say it. */
function cadenceArguments(
  { cronSchedule, executionTimezone }: ScheduleSpec,
  partitionsDef: PartitionsDefinition,
): readonly string[] {
  const [cron = ''] = cronSchedule;
  const time = timeDefinitionIn(partitionsDef);
  if (!time) {
    return [
      `cron_schedule=${pythonText(cron)}`,
      ...(executionTimezone === 'UTC'
        ? []
        : [`execution_timezone=${pythonText(executionTimezone)}`]),
    ];
  }
  const own = time.cronSchedule.split(' ');
  return cron
    .split(' ')
    .flatMap((part, at) =>
      part === own[at] || !/^\d+$/.test(part) ? [] : [`${CRON_PARTS[at]}=${Number(part)}`],
    );
}

/** What sets each part of a cron expression; the month cannot be set. */
const CRON_PARTS = [
  'minute_of_hour',
  'hour_of_day',
  'day_of_month',
  'month',
  'day_of_week',
] as const;

/** A sensor as a function; `jobs` has the variable of each job. */
export function pythonSensor(
  module: ModuleWriter,
  sensor: SensorSpec,
  jobs: ReadonlyMap<string, string>,
): { readonly name: string; readonly text: string } {
  const { sensorName, minimumIntervalMs } = sensor;
  const name = module.names.take(sensorName);
  const decorator = pythonCall('@dg.sensor', [
    ...(sensorName === name ? [] : [`name=${pythonText(sensorName)}`]),
    ...targetArguments(module, sensor, jobs),
    // Dagster takes whole seconds.
    `minimum_interval_seconds=${pythonNumber(Math.ceil(minimumIntervalMs / 1000))}`,
    ...commonArguments('Sensor', sensor),
  ]);
  const text = pythonFunction(decorator, name, {
    parameters: ['context: dg.SensorEvaluationContext'],
    body: evaluation(module, 'sensor', sensorName),
  });
  return { name, text };
}

function evaluation(module: ModuleWriter, kind: string, name: string): string {
  return module.hasBodies
    ? `return partita.${kind}(context, ${pythonText(name)})`
    : 'return dg.SkipReason("The function is not part of these definitions.")';
}

function targetArguments(
  { assetKeys }: ModuleWriter,
  { jobName, target }: ScheduleSpec | SensorSpec,
  jobs: ReadonlyMap<string, string>,
): readonly string[] {
  if (target) {
    const selection = assetKeys.selectionOf(target.assetKeys);
    return [`${target.mixesPartitions ? 'asset_selection' : 'target'}=${selection}`];
  }
  if (jobName === null) return [];
  const job = jobs.get(jobName);
  return [job === undefined ? `job_name=${pythonText(jobName)}` : `job=${job}`];
}

function commonArguments(
  kind: 'Schedule' | 'Sensor',
  { defaultStatus, description }: ScheduleSpec | SensorSpec,
): readonly string[] {
  return [
    ...(defaultStatus === 'RUNNING' ? [`default_status=dg.Default${kind}Status.RUNNING`] : []),
    ...(description === null ? [] : [`description=${pythonText(description)}`]),
  ];
}
