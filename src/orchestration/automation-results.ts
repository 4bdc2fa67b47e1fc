import { InvalidDefinitionError } from '../errors.ts';
import { checkDynamicRequests } from './dynamic-partitions-requests.ts';
import type {
  AutomationEvaluation,
  AutomationResult,
  DynamicPartitionsRequest,
  RunRequest,
} from './run-request.ts';

/** What the function of a schedule or a sensor asks for, once it is known to be in order. */
export interface RequestedWork {
  readonly runRequests: readonly RunRequest[];
  /** Null if there are requests, or the skip reason has no message. */
  readonly skipMessage: string | null;
  /** Empty for a schedule. */
  readonly dynamicPartitionsRequests: readonly DynamicPartitionsRequest[];
  /** Of the sensor's result; null if it sets none. */
  readonly cursor: string | null;
}

const NOTHING: RequestedWork = {
  runRequests: [],
  skipMessage: null,
  dynamicPartitionsRequests: [],
  cursor: null,
};

const CLASSES = {
  runRequest: 'RunRequest',
  skipReason: 'SkipReason',
  sensorResult: 'SensorResult',
} as const;
/** What a sensor's list may hold; Dagster's reactions to runs are not part of the language. */
const OF_SENSORS = "['DagsterRunReaction', 'RunRequest', 'SensorResult', 'SkipReason']";
const OF_SCHEDULES = "['RunRequest', 'SkipReason']";
const SCHEDULE_MEMBERS = classOf('RunRequest');
const SENSOR_MEMBERS = `(${['SkipReason', 'RunRequest', 'DagsterRunReaction'].map(classOf).join(', ')})`;

/**
 * What a schedule's function asks for (SCH-10, SCH-11).
 *
 * @throws {InvalidDefinitionError} of kind `CheckError` if it gave what it may not.
 */
export function workOfSchedule({ results }: AutomationEvaluation): RequestedWork {
  const [first, ...others] = results;
  if (first === undefined || (first.kind === 'nothing' && others.length === 0)) {
    return { ...NOTHING, skipMessage: 'Schedule function returned an empty result' };
  }
  if (others.length === 0) {
    if (first.kind === 'runRequest') return { ...NOTHING, runRequests: [first.request] };
    if (first.kind === 'skipReason') return { ...NOTHING, skipMessage: first.message };
    throw notOneOf(first, OF_SCHEDULES);
  }
  const runRequests = results.map((result) => {
    if (result.kind === 'runRequest') return result.request;
    throw wrongMember(result, SCHEDULE_MEMBERS);
  });
  if (runRequests.some(({ runKey }) => !runKey)) {
    throw checkError(
      'Invariant failed. Description: Schedules that return multiple RunRequests must specify a run_key in each RunRequest',
    );
  }
  return { ...NOTHING, runRequests };
}

/**
 * What a sensor's function asks for (RR-7).
 *
 * @throws {InvalidDefinitionError} of kind `CheckError` if it gave what it may not, or of kind
 *   `DagsterInvariantViolationError` if it set the cursor in both ways (RR-8), or its requests for
 *   dynamic keys contradict each other (RR-10).
 */
export function workOfSensor(evaluation: AutomationEvaluation): RequestedWork {
  const { results } = evaluation;
  const [first, ...others] = results;
  const empty = { ...NOTHING, skipMessage: 'Sensor function returned an empty result' };
  if (first === undefined || (first.kind === 'nothing' && others.length === 0)) return empty;
  if (others.length === 0) {
    switch (first.kind) {
      case 'runRequest':
        return { ...NOTHING, runRequests: [first.request] };
      case 'skipReason':
        return { ...NOTHING, skipMessage: first.message };
      case 'sensorResult': {
        const { runRequests, skipReason, cursor, dynamicPartitionsRequests } = first;
        checkDynamicRequests(dynamicPartitionsRequests);
        if (evaluation.updatedCursor !== undefined && cursor) {
          throw new InvalidDefinitionError(
            'SensorResult.cursor cannot be set if context.update_cursor() was called.',
            'DagsterInvariantViolationError',
          );
        }
        const { skipMessage } = runRequests.length > 0 ? NOTHING : empty;
        return {
          runRequests,
          skipMessage: skipReason ? skipReason.message : skipMessage,
          dynamicPartitionsRequests,
          cursor: cursor || null,
        };
      }
      default:
        throw notOneOf(first, OF_SENSORS);
    }
  }
  if (results.some(({ kind }) => kind === 'sensorResult')) {
    throw checkError(
      'Failure condition: When a SensorResult is returned from a sensor, it must be the only object returned.',
    );
  }
  for (const result of results) {
    const fits = result.kind === 'runRequest' || result.kind === 'skipReason';
    if (!fits) throw wrongMember(result, SENSOR_MEMBERS);
  }
  const runRequests = results.flatMap((result) =>
    result.kind === 'runRequest' ? [result.request] : [],
  );
  if (runRequests.length === results.length) return { ...NOTHING, runRequests };
  throw checkError(
    runRequests.length > 0
      ? 'Failure condition: Expected a single SkipReason or one or more RunRequests: received both RunRequest and SkipReason'
      : 'Failure condition: Expected a single SkipReason: received multiple SkipReasons',
  );
}

function notOneOf(result: AutomationResult, expected: string): InvalidDefinitionError {
  const { shown, typeName } = described(result);
  return checkError(
    `Object ${shown} is not one of ${expected}. Got ${shown} with type ${typeName}.`,
  );
}

function wrongMember(result: AutomationResult, expected: string): InvalidDefinitionError {
  const { shown, typeName } = described(result);
  return checkError(
    `Member of list mismatches type. Expected ${expected}. Got ${shown} of type ${typeName}.`,
  );
}

function described(result: AutomationResult): {
  readonly shown: string;
  readonly typeName: string;
} {
  switch (result.kind) {
    case 'nothing':
      return { shown: 'None', typeName: "<class 'NoneType'>" };
    case 'other':
      return { shown: result.shown, typeName: `<class '${result.typeName}'>` };
    case 'skipReason': {
      const message = result.message === null ? 'None' : `'${result.message}'`;
      return { shown: `SkipReason(skip_message=${message})`, typeName: classOf('SkipReason') };
    }
    default:
      return { shown: `${CLASSES[result.kind]}(…)`, typeName: classOf(CLASSES[result.kind]) };
  }
}

function classOf(name: string): string {
  return `<class 'dagster._core.definitions.run_request.${name}'>`;
}

function checkError(message: string): InvalidDefinitionError {
  return new InvalidDefinitionError(message, 'CheckError');
}
