import type { OpStepSpec } from '../definitions/definitions.ts';
import type { AssetGraph } from '../definitions/graph.ts';
import type { SerializableErrorInfo } from '../protocol/error-info.ts';
import type { GuestAnswer, GuestRequest, GuestWorld } from '../protocol/sandbox.ts';
import type { EpochMs } from '../time/time-window.ts';
import type { EventDraft, EventId } from './event.ts';
import { executeOpStep, type OpValues } from './execute-op-step.ts';
import { executeStep } from './execute-step.ts';
import type { InstanceAccess } from './instance-access.ts';
import type { KeySpace } from './key-space.ts';
import type { ValueReader } from './load-inputs.ts';
import type { CodeRunner, ValueWrite } from './ports.ts';
import { opStepsOf } from './op-steps.ts';
import {
  runCanceled,
  runFailed,
  runSucceeded,
  startEvents,
  stepKeyOf,
  stepNotExecuted,
  stepSkipped,
} from './run-events.ts';
import { stepsOf } from './run-steps.ts';
import { RunTag } from './run-tags.ts';
import { withStatus, type Run } from './run.ts';
import { StepProgress, type LeftOutStep } from './step-progress.ts';
import type { ValuePaths } from './value-path.ts';

/** What a run is executed with. */
export interface RunEnvironment {
  readonly graph: AssetGraph;
  /** The steps of the run's job, if it is one of ops; absent for a run over assets. */
  readonly ops?: readonly OpStepSpec[];
  /** The keys as of the run's creation. */
  readonly keySpace: KeySpace;
  readonly runner: Pick<CodeRunner, 'execute'>;
  readonly values: ValueReader;
  /** Where values have paths that can be in each other's way; absent where they cannot. */
  readonly valuePaths?: ValuePaths;
  readonly seed: number;
  readonly now: () => EpochMs;
  /** Real time from an arbitrary start, for `tookMs`. */
  readonly elapsedMs: () => number;
  /** Rests before a step is tried again; absent where no time passes. */
  readonly rest?: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly newStepId: () => number;
  /** The last event in the log, as a step starts; null or absent if the log has runs in the order in which they read. */
  readonly logReaches?: () => EventId | null;
  /** The names of the notebook's files, as of now, and what tells whether any has changed. */
  readonly listFiles: () => Promise<FilesView>;
  readonly request: (ask: GuestRequest) => Promise<GuestAnswer>;
  /** What steps may know and do through `context.instance`; absent where there is none. */
  readonly instance?: InstanceAccess;
  /** How much room an encoded value takes. */
  readonly sizeOf: (value: unknown) => number;
  /** Takes each event as it happens. */
  readonly emit: (event: EventDraft) => void;
  /** Takes each value as it is stored. */
  readonly keep: (value: ValueWrite) => void;
}

/** What a step knows of the notebook's files as it starts. */
export type FilesView = Pick<GuestWorld, 'files' | 'filesVersion'>;

/**
 * Executes the steps of a run, each when what it waits for has ended. A step whose upstream
 * steps in the run failed is not started, one whose upstream was not recorded is skipped;
 * others go on (§12, 4).
 *
 * @param run as it left the queue: `STARTED`.
 * @returns the run as it ended; its events and values went to `emit` and `keep`.
 */
export async function executeRun(
  run: Run,
  environment: RunEnvironment,
  signal: AbortSignal,
): Promise<Run> {
  const { emit, now, elapsedMs, graph } = environment;
  const startedMs = elapsedMs();
  for (const event of startEvents(run, now())) emit(event);
  const { ops } = environment;
  const progress = new StepProgress(ops ? opStepsOf(ops) : stepsOf(run.assetKeys, graph));
  const opValues: OpValues = new Map();
  const attempts = new Map<string, number>();
  const failures: { readonly stepKey: string; readonly error: SerializableErrorInfo }[] = [];
  const end = (
    event: EventDraft,
    status: 'SUCCESS' | 'FAILURE' | 'CANCELED',
    failure: string | null,
  ) => {
    emit(event);
    return { ...withStatus(run, status, now()), tookMs: elapsedMs() - startedMs, failure };
  };
  for (;;) {
    const step = progress.take() ?? (await takeRested(progress, environment, signal));
    if (signal.aborted) return end(runCanceled(run, now()), 'CANCELED', null);
    if (step === null) break;
    const { stepKey } = step;
    const before = attempts.get(stepKey) ?? 0;
    const op = ops?.find((one) => one.stepKey === stepKey);
    const outcome = op
      ? await executeOpStep(run, op, before, opValues, environment, signal)
      : await executeStep(run, step, before, environment, signal);
    switch (outcome.status) {
      case 'canceled':
        return end(runCanceled(run, now()), 'CANCELED', null);
      case 'success':
        progress.succeeded(step, outcome.recorded);
        break;
      case 'retry':
        attempts.set(stepKey, before + 1);
        progress.retry(step, outcome.delayMs);
        break;
      case 'failure':
        failures.push({ stepKey, error: outcome.error });
        progress.failed(step);
    }
    for (const leftOut of progress.takeLeftOut()) {
      for (const event of leftOutEvents(run, leftOut, environment)) emit(event);
    }
  }
  const [first] = failures;
  if (!first) return end(runSucceeded(run, now()), 'SUCCESS', null);
  const failedSteps = failures.map(({ stepKey }) => stepKey);
  const event = runFailed(run, now(), failedSteps, first.error);
  const failed = end(event, 'FAILURE', `${first.stepKey}: ${summaryOf(first.error)}`);
  return { ...failed, tags: { ...run.tags, [RunTag.failureReason]: 'STEP_FAILURE' } };
}

async function takeRested(progress: StepProgress, { rest }: RunEnvironment, signal: AbortSignal) {
  const resting = progress.takeResting();
  if (resting) await rest?.(resting.delayMs, signal);
  return resting && resting.step;
}

function leftOutEvents(
  run: Run,
  leftOut: LeftOutStep,
  { graph, ops, now }: RunEnvironment,
): readonly EventDraft[] {
  const { stepKey } = leftOut.step;
  const at = now();
  if (leftOut.why === 'abandoned') {
    const upstream = [
      ...leftOut.failed.map((step) => ({ step, failed: true })),
      ...leftOut.notExecuted.map((step) => ({ step, failed: false })),
    ];
    return [stepNotExecuted(run, stepKey, at, upstream)];
  }
  const missing = leftOut.missing.map((assetKey) => {
    if (ops) return assetKey;
    const shared = graph.assets.get(assetKey)?.sharedStep;
    const own = stepKeyOf(assetKey);
    return shared ? `${shared.stepName}.${own}` : `${own}.result`;
  });
  return stepSkipped(run, stepKey, at, missing);
}

/** The innermost cause, as that is what the author can mend. */
function summaryOf(error: SerializableErrorInfo): string {
  let innermost = error;
  while (innermost.cause) innermost = innermost.cause;
  return `${innermost.name}: ${innermost.message}`.split('\n')[0] as string;
}
