import { RunTag } from './run-tags.ts';

/** A run as far as its retries go. */
export interface RetriedRun {
  readonly runId: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** How a failed run is tried again (BF-19). */
export interface RunRetry {
  readonly tags: Readonly<Record<string, string>>;
  /** Whether only the steps that failed, and those that they kept from starting, are executed. */
  readonly onlyFailedSteps: boolean;
}

/**
 * Whether a run that failed is tried again by another: as often as its own tag says, else as
 * `defaultRetries`.
 */
export function willRetry({ tags }: Pick<RetriedRun, 'tags'>, defaultRetries: number): boolean {
  const most = Number(tags[RunTag.maxRetries] ?? defaultRetries);
  return Number(tags[RunTag.retryNumber] ?? 0) < most;
}

/** The run that tries a failed one again: what it is given of the first, and what it is told (RUN-2). */
export function retryOf({ runId, tags }: RetriedRun): RunRetry {
  const onlyFailedSteps = tags[RunTag.retryStrategy] !== 'ALL_STEPS';
  const {
    [RunTag.willRetry]: _willRetry,
    [RunTag.autoRetryRun]: _retryRun,
    [RunTag.failureReason]: _reason,
    ...kept
  } = tags;
  return {
    tags: {
      ...kept,
      [RunTag.parentRun]: runId,
      [RunTag.rootRun]: tags[RunTag.rootRun] ?? runId,
      [RunTag.retryNumber]: String(Number(tags[RunTag.retryNumber] ?? 0) + 1),
      ...(onlyFailedSteps && { [RunTag.isResumeRetry]: 'true' }),
    },
    onlyFailedSteps,
  };
}
