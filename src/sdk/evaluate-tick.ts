import { InvalidDefinitionError, type DagsterErrorKind } from '../errors.ts';
import type { AutomationEvaluation, RunRequest } from '../orchestration/run-request.ts';
import type { SerializableErrorInfo } from '../protocol/error-info.ts';
import { ScheduleContext, type SensorContext } from './automation-context.ts';
import type { DeclaredSensor, Schedule } from './automation.ts';
import type { GuestEvaluation } from './evaluate-automation.ts';
import type { Evaluation } from './evaluation.ts';
import { InstanceObject } from './instance.ts';
import { RunRequestObject } from './run-requests.ts';
import { definitionsOf } from './snapshot.ts';

/** What a tick asks for, as `evaluateTick` gives it to a test. */
interface TickData {
  readonly runRequests: readonly RunRequestObject[];
  /** Null if there are requests, or no message. */
  readonly skipMessage: string | null;
}

/**
 * What a tick of a schedule asks for, with the tags and the config of the keys.
 *
 * @throws {InvalidDefinitionError} if the tick would fail.
 */
export async function evaluateScheduleTick(
  evaluation: Evaluation,
  schedule: Schedule,
  context: ScheduleContext,
): Promise<TickData> {
  const definitions = definitionsOf(evaluation);
  const spec = definitions.schedules.find(
    ({ scheduleName }) => scheduleName === schedule.scheduleName,
  );
  if (!spec) throw leftOut(schedule.scheduleName);
  const answer = evaluation.libraries.execution.scheduleRequests(
    spec,
    readable(await schedule.evaluate(context)),
    definitions,
    {
      effectiveAt: ScheduleContext.scheduledAt(context),
      dynamicPartitions: InstanceObject.dynamicPartitionsOf(context.instance),
    },
  );
  if ('error' in answer) throw asThrown(answer.error);
  return {
    runRequests: answer.requests.map((request) => requestForCell(evaluation, request)),
    skipMessage: answer.skipMessage,
  };
}

/**
 * What a tick of a sensor asks for; nothing of it is done.
 *
 * @throws {InvalidDefinitionError} if the tick would fail.
 */
export async function evaluateSensorTick(
  evaluation: Evaluation,
  sensor: DeclaredSensor,
  context: SensorContext,
): Promise<
  TickData & { readonly cursor: string | null; readonly dynamicPartitionsRequests: unknown }
> {
  const definitions = definitionsOf(evaluation);
  const spec = definitions.sensors.find(({ sensorName }) => sensorName === sensor.sensorName);
  if (!spec) throw leftOut(sensor.sensorName);
  const { cursor } = context;
  const answer = evaluation.libraries.execution.sensorRequests(
    spec,
    readable(await sensor.evaluate(context)),
    definitions,
    {
      effectiveAt: evaluation.world.now,
      dynamicPartitions: InstanceObject.dynamicPartitionsOf(context.instance),
    },
    cursor,
  );
  if ('error' in answer) throw asThrown(answer.error);
  return {
    runRequests: answer.requests.map((request) => requestForCell(evaluation, request)),
    skipMessage: answer.skipMessage,
    cursor: answer.cursor,
    dynamicPartitionsRequests: answer.dynamicRequests,
  };
}

function requestForCell(evaluation: Evaluation, request: RunRequest): RunRequestObject {
  const { forPartition: _resolved, ...given } = request;
  return new RunRequestObject(evaluation, given);
}

/** An evaluation as the decisions read it. Its errors have stacks in place of frames, at which they do not look. */
function readable(evaluation: GuestEvaluation): AutomationEvaluation {
  return evaluation as unknown as AutomationEvaluation;
}

function leftOut(name: string): InvalidDefinitionError {
  return new InvalidDefinitionError(
    `${name} is not among what dg.Definitions names, so it has no ticks.`,
    'DagsterInvariantViolationError',
  );
}

/** What would fail the tick, to be thrown where the test asks. */
function asThrown({ kind, message, cause }: SerializableErrorInfo): Error {
  const options = cause ? { cause: asThrown(cause) } : undefined;
  return kind === null
    ? new Error(message, options)
    : new InvalidDefinitionError(message, kind as DagsterErrorKind, options);
}
