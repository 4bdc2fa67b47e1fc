import { InvalidDefinitionError } from '../errors.ts';
import { hasUnresolvedKey, isEmpty } from '../orchestration/resolve-run-request.ts';
import type {
  AutomationEvaluation,
  AutomationResult,
  Given,
  PartitionConfig,
  RunRequest,
} from '../orchestration/run-request.ts';
import { isDagsterError } from '../orchestration/tick-error.ts';
import type { GuestErrorInfo } from '../protocol/error-info.ts';
import { toGuestErrorInfo } from '../protocol/error-info.ts';
import { show } from './arguments.ts';
import { SensorContext, type ScheduleContext } from './automation-context.ts';
import type { Evaluation } from './evaluation.ts';
import type { Job } from './job.ts';
import {
  automationResultOf,
  pythonLook,
  RunRequestObject,
  SensorResultObject,
  SkipReasonObject,
} from './run-requests.ts';

/** A function of a schedule or a sensor: gets a context, gives what it asks for. */
export type AutomationFunction = (context: unknown) => unknown;

/** What a function gave, as plain data for our side. */
export type GuestEvaluation = AutomationEvaluation<GuestErrorInfo>;

/** More than these from one evaluation is a loop that does not end. */
const MOST_RESULTS = 50_000;

/**
 * Calls a schedule's function (SCH-10, SCH-14).
 *
 * @throws {InvalidDefinitionError} of kind `ScheduleExecutionError` with what the author's code threw as
 *   its cause; errors of Dagster's own as they are.
 */
export async function evaluateScheduleFunction(
  evaluation: Evaluation,
  scheduleName: string,
  context: ScheduleContext,
  schedule: {
    readonly call: AutomationFunction;
    readonly shouldExecute: AutomationFunction | null;
    /** For a run whose config the function gives itself, as a plain object. */
    readonly tags: Readonly<Record<string, string>>;
    /** Null if it launches no job of the notebook's. */
    readonly job: Job | null;
  },
): Promise<GuestEvaluation> {
  const { call, shouldExecute, tags, job } = schedule;
  if (shouldExecute) {
    const may = await within(`the execution of should_execute for schedule ${scheduleName}`, () =>
      shouldExecute(context),
    );
    if (!may) {
      const message = `should_execute function for ${scheduleName} returned false.`;
      return { results: [{ kind: 'skipReason', message }] };
    }
  }
  const results = await within(`the evaluation of schedule ${scheduleName}`, async () => {
    const given = await listed(await call(context));
    return given.values.map((value) =>
      given.single && isPlainObject(value)
        ? automationResultOf(new RunRequestObject(evaluation, { runConfig: value, tags }))
        : automationResultOf(value),
    );
  });
  return { results: results.map((result) => withPartitionConfig(result, job)) };
}

/** Calls a sensor's function. What the author's code throws is thrown as it is. */
export async function evaluateSensorFunction(
  sensorName: string,
  context: SensorContext,
  sensor: { readonly call: AutomationFunction; readonly job: Job | null },
): Promise<GuestEvaluation> {
  const { values, single } = await listed(await sensor.call(context), (last) =>
    checkScalar(last, sensorName),
  );
  if (single) checkScalar(values[0], sensorName);
  const results = values.map((value) => withPartitionConfig(automationResultOf(value), sensor.job));
  const updated = SensorContext.updatedCursor(context);
  return { results, ...(updated && { updatedCursor: updated.cursor }) };
}

/** What a job's partitioned config says for one key, or what its functions threw (PC-2, PC-4). */
export function partitionConfigOf(
  job: Job,
  partitionKey: string,
): PartitionConfig<GuestErrorInfo> | null {
  const { partitionedConfig, jobName } = job;
  if (!partitionedConfig) return null;
  return {
    runConfig: attempt(
      () =>
        partitionedConfig.getRunConfigForPartitionKey(partitionKey) as Readonly<
          Record<string, unknown>
        >,
    ),
    tags: attempt(
      () =>
        partitionedConfig.getTagsForPartitionKey(partitionKey, { jobName }) as Readonly<
          Record<string, string>
        >,
    ),
  };
}

/** A result whose requests carry what the job's partitioned config says for their keys. */
function withPartitionConfig(
  result: AutomationResult<never>,
  job: Job | null,
): AutomationResult<GuestErrorInfo> {
  const completed = (request: RunRequest<never>): RunRequest<GuestErrorInfo> => {
    if (!job || !hasUnresolvedKey(request) || request.partitionKey === null) return request;
    const forPartition = partitionConfigOf(job, request.partitionKey);
    if (!forPartition) return request;
    // One with a config of its own does not ask for that of its key.
    return isEmpty(request.runConfig)
      ? { ...request, forPartition }
      : {
          ...request,
          forPartition: { ...forPartition, runConfig: { status: 'given', value: {} } },
        };
  };
  switch (result.kind) {
    case 'runRequest':
      return { ...result, request: completed(result.request) };
    case 'sensorResult':
      return { ...result, runRequests: result.runRequests.map(completed) };
    default:
      return result;
  }
}

/** What a function gave, one by one: a list, what a generator yields, or a single thing. */
async function listed(
  given: unknown,
  checkReturned: (value: unknown) => void = () => undefined,
): Promise<{ readonly values: readonly unknown[]; readonly single: boolean }> {
  if (Array.isArray(given)) return { values: given as readonly unknown[], single: false };
  if (!isGenerator(given)) return { values: [given], single: true };
  const values: unknown[] = [];
  for (;;) {
    const { done, value } = await given.next();
    if (!done) values.push(value);
    else {
      if (value === undefined || value === null) break;
      checkReturned(value);
      values.push(value);
      break;
    }
    if (values.length > MOST_RESULTS) {
      throw new Error(`The function yielded more than ${MOST_RESULTS} times and was stopped.`);
    }
  }
  return { values, single: false };
}

function isGenerator(value: unknown): value is AsyncGenerator<unknown, unknown> {
  return /Generator\]$/.test(Object.prototype.toString.call(value));
}

function isPlainObject(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** @throws {InvalidDefinitionError} as Dagster does for what a sensor may not return. */
function checkScalar(value: unknown, sensorName: string): void {
  const fits =
    value === undefined ||
    value === null ||
    value instanceof SkipReasonObject ||
    value instanceof RunRequestObject ||
    value instanceof SensorResultObject;
  if (fits) return;
  const output = typeof value === 'string' ? value : show(value);
  throw new InvalidDefinitionError(
    `Error in sensor ${sensorName}: Sensor unexpectedly returned output ${output} of type <class '${pythonLook(value).typeName}'>.  Should only return SkipReason or RunRequest objects.`,
    'Exception',
  );
}

async function within<Result>(what: string, call: () => Result | Promise<Result>): Promise<Result> {
  try {
    return await call();
  } catch (thrown) {
    const { kind } = (thrown ?? {}) as { readonly kind?: unknown };
    if (typeof kind === 'string' && isDagsterError(kind)) throw thrown;
    const message = `Error occurred during ${what}`;
    throw new InvalidDefinitionError(message, 'ScheduleExecutionError', { cause: thrown });
  }
}

function attempt<Value>(call: () => Value): Given<Value, GuestErrorInfo> {
  try {
    return { status: 'given', value: call() };
  } catch (thrown) {
    return { status: 'threw', error: toGuestErrorInfo(thrown) };
  }
}
