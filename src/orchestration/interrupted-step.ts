import type { RetryRequest } from '../protocol/sandbox.ts';
import type { EventDraft } from './event.ts';
import type { StepEvents } from './run-events.ts';
import { interruptedError, plainError } from './step-error.ts';

const MESSAGE = 'The run was canceled while this step was running.';

/**
 * How a step ends that was running when its run was canceled: it fails, or, as Dagster applies a
 * retry policy to interruptions too, is to be tried again, which the run then never does.
 *
 * @param attempts how often the step was tried before in this run.
 */
export function interruptedStep(
  events: StepEvents,
  attempts: number,
  policy: RetryRequest | null | undefined,
): EventDraft {
  const error = interruptedError(MESSAGE);
  if (!policy) return events.interrupted(error);
  const { maxRetries, delaySeconds } = policy;
  const again = plainError('RetryRequested', '', error);
  if (attempts < maxRetries) return events.upForRetry(again, delaySeconds * 1000);
  return events.interrupted({ ...again, message: `Exceeded max_retries of ${maxRetries}` });
}

/** How a step ends that was running when its run was canceled and nothing executes it any more. */
export function abandonedStep(events: StepEvents): EventDraft {
  return events.interrupted(interruptedError(MESSAGE));
}
