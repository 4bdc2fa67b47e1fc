import { InvalidDefinitionError, type DagsterErrorKind } from '../errors.ts';
import type { SerializableErrorInfo } from '../protocol/error-info.ts';
import type { AutomationOutcome } from './run-request.ts';

/** An error of Dagster's class `kind`, as data. */
function dagsterError(
  kind: DagsterErrorKind,
  message: string,
  cause: SerializableErrorInfo | null = null,
): SerializableErrorInfo {
  return { name: kind, code: 'invalid_definition', kind, message, frames: [], cause };
}

/** What a check threw, as data. Whatever is not the author's to mend is thrown on. */
export function errorOfFault(fault: unknown): SerializableErrorInfo {
  if (!(fault instanceof InvalidDefinitionError)) throw fault;
  const { kind, message, cause } = fault;
  return dagsterError(kind, message, cause === undefined ? null : errorOfFault(cause));
}

/**
 * An error of an evaluation as the daemon records it: Dagster's own errors stay as they are, any
 * other becomes the cause of one that names the schedule or sensor.
 */
export function asExecutionError(
  kind: 'ScheduleExecutionError' | 'SensorExecutionError',
  name: string,
  error: SerializableErrorInfo,
): SerializableErrorInfo {
  if (isDagsterError(error.kind)) return error;
  const what =
    kind === 'ScheduleExecutionError'
      ? `the execution function for schedule ${name}`
      : `the execution of evaluation_fn for sensor ${name}`;
  return dagsterError(kind, `Error occurred during ${what}`, error);
}

/** Whether an error is one of the classes that Dagster derives from its own base. */
export function isDagsterError(kind: string | null): boolean {
  return (
    kind !== null &&
    (kind.startsWith('Dagster') ||
      kind === 'ScheduleExecutionError' ||
      kind === 'SensorExecutionError')
  );
}

/** Why an evaluation came to nothing. */
export function errorOfUnfinished(
  outcome: Exclude<AutomationOutcome, { readonly status: 'evaluated' }>,
): SerializableErrorInfo {
  switch (outcome.status) {
    case 'failure':
      return outcome.error;
    case 'timed_out':
      return plainError('timed_out', `It did not end within ${outcome.limitMs / 1000} s.`);
    case 'canceled':
      return plainError('canceled', 'It was stopped.');
    case 'crashed':
      return plainError('crashed', outcome.message);
  }
}

function plainError(code: string, message: string): SerializableErrorInfo {
  return { name: 'Error', code, kind: null, message, frames: [], cause: null };
}
