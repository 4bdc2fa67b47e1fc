import type { SerializableErrorInfo } from '../protocol/error-info.ts';

/** An error that no code of the author's threw. */
export function plainError(
  name: string,
  message: string,
  cause: SerializableErrorInfo | null = null,
): SerializableErrorInfo {
  return { name, code: null, kind: null, message, frames: [], cause };
}

/** What ended a step from outside, as Dagster names it. */
export function interruptedError(message: string): SerializableErrorInfo {
  const kind = 'DagsterExecutionInterruptedError';
  return { ...plainError(kind, message), kind };
}

/** Whether Dagster counts it among its own: such errors are not wrapped, and no retry policy applies to them. */
export function isDagsterError({ kind, name }: SerializableErrorInfo): boolean {
  return (kind ?? name).startsWith('Dagster');
}

/**
 * The error of a step as Dagster's event has it. In the log stands what the author's function
 * threw, as that is what can be mended; Dagster wraps it, unless it is one of its own or a retry.
 */
export function errorAsReported(
  stepKey: string,
  error: SerializableErrorInfo,
): SerializableErrorInfo {
  if (isDagsterError(error) || error.name.startsWith('RetryRequested')) return error;
  const message = `Error occurred while executing op "${stepKey}":`;
  const kind = 'DagsterExecutionStepExecutionError';
  return { ...plainError(kind, message, error), kind };
}
