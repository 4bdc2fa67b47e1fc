import type { AssetSpec, JobSpec } from '../definitions/definitions.ts';
import type { PartitionIndex } from '../partitions/partition-index.ts';
import type { EpochMs } from '../time/time-window.ts';
import type { Event } from './event.ts';
import { stepKeyOf } from './run-events.ts';
import { rangeOf } from './run-keys.ts';
import type { Run, RunStatus } from './run.ts';

/** How a step of a run stands, as a number; what is not told was not started. */
export const StepCode = { none: 0, running: 1, success: 2, failure: 3, skipped: 4 } as const;

/** In this order `JobHistory` numbers the statuses of runs. */
export const RUN_STATUS_CODES: readonly RunStatus[] = [
  'QUEUED',
  'NOT_STARTED',
  'STARTING',
  'STARTED',
  'SUCCESS',
  'FAILURE',
  'CANCELING',
  'CANCELED',
];

/** What the runs of a job came to: columns of equal length, oldest run first. */
export interface JobHistory {
  /** In the order of the job. */
  readonly stepKeys: readonly string[];
  readonly runIds: readonly string[];
  /** Places in `RUN_STATUS_CODES`. */
  readonly statuses: Uint8Array;
  /** Of a run's keys, by ordinal, both ends; -1 for a run without keys that exist. */
  readonly firstOrdinals: Int32Array;
  readonly lastOrdinals: Int32Array;
  readonly createdAt: Float64Array;
  /** Real time; NaN until a run has ended. */
  readonly tookMs: Float64Array;
  /** Whether the run was one of the job; others hold assets of it. */
  readonly isOfJob: Uint8Array;
  /** `StepCode`s: for each run, one a step. */
  readonly steps: Uint8Array;
  /** By the notebook's clock; for each run, one a step; NaN where a step did not end. */
  readonly stepMs: Float64Array;
}

/** How one step of a run went. */
export interface StepStanding {
  readonly code: number;
  readonly startedAt: EpochMs;
  readonly endedAt: EpochMs | null;
}

/** The steps of a job: its ops as they were called, or those that compute its assets, in notebook order. */
export function stepKeysOfJob(job: JobSpec, assets: Iterable<AssetSpec>): readonly string[] {
  if (job.ops) return job.ops.map(({ stepKey }) => stepKey);
  const chosen = new Set(job.assetKeys);
  const keys = new Set<string>();
  for (const asset of assets) if (chosen.has(asset.assetKey)) keys.add(stepKeyOfAsset(asset));
  return [...keys];
}

/** The step that computes an asset. */
function stepKeyOfAsset({ assetKey, sharedStep }: AssetSpec): string {
  return sharedStep?.stepName ?? stepKeyOf(assetKey);
}

/** Notes what an event says of a step; `steps` are those of the event's run, by key. */
export function noteStep(steps: Map<string, StepStanding>, event: Event): void {
  const { stepKey, at, type } = event;
  if (stepKey === null) return;
  const before = steps.get(stepKey);
  switch (type) {
    case 'STEP_START':
    case 'STEP_RESTARTED':
      steps.set(stepKey, { code: StepCode.running, startedAt: at, endedAt: null });
      return;
    case 'STEP_SUCCESS':
    case 'STEP_FAILURE':
    case 'STEP_SKIPPED': {
      const code =
        type === 'STEP_SUCCESS'
          ? StepCode.success
          : type === 'STEP_FAILURE'
            ? StepCode.failure
            : StepCode.skipped;
      steps.set(stepKey, { code, startedAt: before?.startedAt ?? at, endedAt: at });
      return;
    }
    case 'LOG':
      // Dagster says of what waits for a failed step that it is not executed, and records nothing else.
      if (event.message.endsWith('Not executing.') && !event.byAuthor) {
        steps.set(stepKey, { code: StepCode.skipped, startedAt: at, endedAt: at });
      }
  }
}

/** The steps of a run as they stood at an earlier instant. */
export function stepsAsOf(
  steps: ReadonlyMap<string, StepStanding>,
  at: EpochMs,
): ReadonlyMap<string, StepStanding> {
  const then = new Map<string, StepStanding>();
  for (const [stepKey, step] of steps) {
    if (step.startedAt > at) continue;
    const hasEnded = step.endedAt !== null && step.endedAt <= at;
    then.set(stepKey, hasEnded ? step : { ...step, code: StepCode.running, endedAt: null });
  }
  return then;
}

/** Whether a run tells something of a job: it is one of its runs, or holds one of its assets. */
export function concernsJob(run: Run, job: JobSpec): boolean {
  return run.jobName === job.jobName || run.assetKeys.some((key) => job.assetKeys.includes(key));
}

/**
 * The history of a job as columns.
 *
 * @param runs those that concern the job, oldest first.
 * @param index the job's keys that exist; null for a job without partitions: then each run has the one ordinal 0.
 */
export function jobHistory(
  job: JobSpec,
  stepKeys: readonly string[],
  runs: readonly Run[],
  stepsOf: (runId: string) => ReadonlyMap<string, StepStanding> | undefined,
  index: PartitionIndex | null,
): JobHistory {
  const count = runs.length;
  const history = {
    stepKeys,
    runIds: runs.map(({ runId }) => runId),
    statuses: new Uint8Array(count),
    firstOrdinals: new Int32Array(count),
    lastOrdinals: new Int32Array(count),
    createdAt: new Float64Array(count),
    tookMs: new Float64Array(count),
    isOfJob: new Uint8Array(count),
    steps: new Uint8Array(count * stepKeys.length),
    stepMs: new Float64Array(count * stepKeys.length).fill(NaN),
  };
  for (const [at, run] of runs.entries()) {
    const [first, last] = ordinalsOf(run, index);
    history.statuses[at] = RUN_STATUS_CODES.indexOf(run.status);
    history.firstOrdinals[at] = first;
    history.lastOrdinals[at] = last;
    history.createdAt[at] = run.createdAt;
    history.tookMs[at] = run.tookMs ?? NaN;
    history.isOfJob[at] = run.jobName === job.jobName ? 1 : 0;
    const steps = stepsOf(run.runId);
    for (const [step, stepKey] of stepKeys.entries()) {
      const standing = steps?.get(stepKey);
      if (!standing) continue;
      const place = at * stepKeys.length + step;
      history.steps[place] = standing.code;
      if (standing.endedAt !== null) {
        history.stepMs[place] = standing.endedAt - standing.startedAt;
      }
    }
  }
  return history;
}

function ordinalsOf(run: Run, index: PartitionIndex | null): readonly [number, number] {
  if (!index) return [0, 0];
  if (run.partitionKey !== null) {
    const ordinal = index.ordinalOf(run.partitionKey);
    return [ordinal, ordinal];
  }
  const range = rangeOf(run);
  const first = range ? index.ordinalOf(range.start) : -1;
  const last = range ? index.ordinalOf(range.end) : -1;
  return first < 0 || last < first ? [-1, -1] : [first, last];
}
