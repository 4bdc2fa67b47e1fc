import type { ScheduleSpec, SensorSpec } from '../definitions/definitions.ts';
import { pythonFunction } from './python-function.ts';
import { pythonCall, pythonData, pythonNumber, pythonText } from './python-literal.ts';
import type { ModuleWriter } from './module-writer.ts';

/** A schedule as a function; `jobs` has the variable of each job. */
export function pythonSchedule(
  module: ModuleWriter,
  schedule: ScheduleSpec,
  jobs: ReadonlyMap<string, string>,
): { readonly name: string; readonly text: string } {
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
