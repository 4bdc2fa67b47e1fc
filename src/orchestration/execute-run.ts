import { validateConfig } from '../config/validate.ts';
import type { AssetKeyText, AssetSpec } from '../definitions/definitions.ts';
import type { AssetGraph } from '../definitions/graph.ts';
import type { PartitionKey } from '../partitions/context.ts';
import type { SerializableErrorInfo } from '../protocol/error-info.ts';
import type {
  GuestAnswer,
  GuestRequest,
  GuestWorld,
  StepInput,
  StepOutcome,
} from '../protocol/sandbox.ts';
import type { EpochMs } from '../time/time-window.ts';
import type { EventDraft } from './event.ts';
import type { KeySpace } from './key-space.ts';
import { loadInput, type ValueReader } from './load-inputs.ts';
import type { CodeRunner, ValueWrite } from './ports.ts';
import {
  StepEvents,
  runCanceled,
  runFailed,
  runSucceeded,
  startEvents,
  stepKeyOf,
  stepNotExecuted,
} from './run-events.ts';
import { withStatus, type Run } from './run.ts';
import { valuePath } from './value-path.ts';

/** What a run is executed with. */
export interface RunEnvironment {
  readonly graph: AssetGraph;
  /** The keys as of the run's creation. */
  readonly keySpace: KeySpace;
  readonly runner: CodeRunner;
  readonly values: ValueReader;
  readonly seed: number;
  readonly now: () => EpochMs;
  /** Real time from an arbitrary start, for `tookMs`. */
  readonly elapsedMs: () => number;
  readonly newStepId: () => number;
  /** The names of the notebook's files, as of now, and what tells whether any has changed. */
  readonly listFiles: () => Promise<FilesView>;
  readonly request: (ask: GuestRequest) => Promise<GuestAnswer>;
  /** How much room an encoded value takes. */
  readonly sizeOf: (value: unknown) => number;
  /** Takes each event as it happens. */
  readonly emit: (event: EventDraft) => void;
  /** Takes each value as it is stored. */
  readonly keep: (value: ValueWrite) => void;
}

/** What a step knows of the notebook's files as it starts. */
export type FilesView = Pick<GuestWorld, 'files' | 'filesVersion'>;

type StepEnd =
  | { readonly status: 'success' }
  | { readonly status: 'failure'; readonly error: SerializableErrorInfo }
  | { readonly status: 'canceled' };

/**
 * Executes the steps of a run in order. A step whose upstream steps in the run failed is
 * not started; others go on (§12, 4).
 *
 * @param run as it left the queue: `STARTED`.
 * @returns the run as it ended; its events and values went to `emit` and `keep`.
 */
export async function executeRun(
  run: Run,
  environment: RunEnvironment,
  signal: AbortSignal,
): Promise<Run> {
  const { emit, now, elapsedMs } = environment;
  const startedMs = elapsedMs();
  for (const event of startEvents(run, now())) emit(event);
  const ends = new Map<AssetKeyText, 'success' | 'failed' | 'not executed'>();
  const failures: { readonly stepKey: string; readonly error: SerializableErrorInfo }[] = [];
  const end = (
    event: EventDraft,
    status: 'SUCCESS' | 'FAILURE' | 'CANCELED',
    failure: string | null,
  ) => {
    emit(event);
    return { ...withStatus(run, status, now()), tookMs: elapsedMs() - startedMs, failure };
  };
  for (const assetKey of run.assetKeys) {
    const asset = environment.graph.assets.get(assetKey);
    const stepKey = stepKeyOf(assetKey);
    const upstreamEnds = [...new Set(asset?.deps.map((dep) => dep.assetKey))]
      .filter((key) => key !== assetKey && ends.has(key) && ends.get(key) !== 'success')
      .map((key) => ({ step: stepKeyOf(key), failed: ends.get(key) === 'failed' }));
    if (upstreamEnds.length > 0) {
      ends.set(assetKey, 'not executed');
      emit(stepNotExecuted(run, assetKey, now(), upstreamEnds));
      continue;
    }
    const outcome = asset
      ? await executeStep(run, asset, environment, signal)
      : undeclared(run, assetKey, environment);
    if (outcome.status === 'canceled') return end(runCanceled(run, now()), 'CANCELED', null);
    if (outcome.status === 'failure') failures.push({ stepKey, error: outcome.error });
    ends.set(assetKey, outcome.status === 'success' ? 'success' : 'failed');
  }
  const [first] = failures;
  if (!first) return end(runSucceeded(run, now()), 'SUCCESS', null);
  const failedSteps = failures.map(({ stepKey }) => stepKey);
  const event = runFailed(run, now(), failedSteps, first.error);
  return end(event, 'FAILURE', `${first.stepKey}: ${summaryOf(first.error)}`);
}

/** The key of a run for one asset: none if the asset has no partitions. */
export function keyFor(asset: AssetSpec | undefined, run: Run): PartitionKey | null {
  return asset?.partitionsDef ? run.partitionKey : null;
}

async function executeStep(
  run: Run,
  asset: AssetSpec,
  environment: RunEnvironment,
  signal: AbortSignal,
): Promise<StepEnd> {
  const { emit, graph, keySpace, now } = environment;
  const partitionKey = keyFor(asset, run);
  const events = new StepEvents(run, asset.assetKey, partitionKey, now);
  const startedAt = now();
  emit(events.start());
  const fail = (error: SerializableErrorInfo): StepEnd => {
    emit(events.failure(error));
    return { status: 'failure', error };
  };
  const inputs: StepInput[] = [];
  for (const dependency of asset.deps) {
    const { inputName } = dependency;
    if (inputName === null) continue;
    const loading = { ...dependency, inputName };
    const loaded = await loadInput(
      asset,
      loading,
      partitionKey,
      graph,
      keySpace,
      environment.values,
    );
    if (signal.aborted) return { status: 'canceled' };
    for (const { level, message } of loaded.notes) emit(events.note(level, message));
    if (loaded.status === 'failed') return fail(loaded.error);
    inputs.push(loaded.input);
  }
  for (const { name } of inputs) emit(events.loadedInput(name));
  for (const { name } of inputs) emit(events.input(name));
  const config = resolveConfig(run, asset);
  if (config.status === 'failure') return fail(config.error);
  const files = await environment.listFiles();
  if (signal.aborted) return { status: 'canceled' };
  const outcome = await environment.runner.execute(
    {
      stepId: environment.newStepId(),
      assetKey: asset.assetKey,
      runId: run.runId,
      runTags: run.tags,
      partitionKeys: partitionKey === null ? [] : [partitionKey],
      config: config.value,
      inputs,
      world: {
        now: now(),
        seed: `${environment.seed} ${asset.assetKey} ${partitionKey ?? ''} ${run.runId}`,
        dynamicPartitions: [...keySpace.context.dynamicPartitions],
        ...files,
      },
    },
    {
      log: (_stepId, level, text) => emit(events.log(level, text)),
      progress: () => {},
      request: environment.request,
    },
    signal,
  );
  if (outcome.status === 'canceled' || signal.aborted) return { status: 'canceled' };
  if (outcome.status !== 'success') return fail(errorOf(outcome));
  store(run, asset, partitionKey, outcome, events, environment);
  emit(events.success(startedAt));
  return { status: 'success' };
}

/** Output, materialization and handling, in Dagster's order (§12). */
function store(
  run: Run,
  asset: AssetSpec,
  partitionKey: PartitionKey | null,
  outcome: Extract<StepOutcome, { readonly status: 'success' }>,
  events: StepEvents,
  { emit, keep, now, sizeOf }: RunEnvironment,
): void {
  emit(events.output());
  const handled = outcome.handled && outcome.hasValue;
  const path = valuePath(asset.assetKey, asset.partitionsDef, partitionKey);
  const value = outcome.value ?? null;
  // A null is stored, but has no path to tell (IO-8).
  const stored = handled && value !== null ? { path: `storage/${path}` } : {};
  if (handled) {
    emit(events.note('DEBUG', `Writing file at: storage/${path}`));
    const { assetKey } = asset;
    keep({
      assetKey,
      partitionKey,
      path,
      value,
      bytes: sizeOf(value),
      runId: run.runId,
      at: now(),
    });
  }
  emit(events.materialization({ ...stored, ...outcome.metadata }));
  if (handled) emit(events.handledOutput(stored));
}

type ResolvedConfig =
  | { readonly status: 'valid'; readonly value: unknown }
  | { readonly status: 'failure'; readonly error: SerializableErrorInfo };

/** Checked when it was launched too; since then, the cell may have changed. */
function resolveConfig(run: Run, asset: AssetSpec): ResolvedConfig {
  if (!asset.config) return { status: 'valid', value: null };
  const stepKey = stepKeyOf(asset.assetKey);
  const given = run.runConfig.ops?.[stepKey]?.config ?? {};
  const outcome = validateConfig(asset.config, given, ['ops', stepKey, 'config']);
  if (outcome.status === 'valid') return outcome;
  const errors = outcome.errors.map(({ message }, at) => `    Error ${at + 1}: ${message}`);
  const error = faultOf(
    'DagsterInvalidConfigError',
    `Error in config for op "${stepKey}":\n${errors.join('\n')}`,
  );
  return { status: 'failure', error: { ...error, kind: 'DagsterInvalidConfigError' } };
}

function undeclared(run: Run, assetKey: AssetKeyText, { emit, now }: RunEnvironment): StepEnd {
  const error = faultOf(
    'UndeclaredAssetError',
    `${assetKey} is no longer declared in the notebook, or its cell does not load.`,
  );
  const events = new StepEvents(run, assetKey, run.partitionKey, now);
  emit(events.start());
  emit(events.failure(error));
  return { status: 'failure', error };
}

function errorOf(
  outcome: Exclude<StepOutcome, { readonly status: 'success' | 'canceled' }>,
): SerializableErrorInfo {
  switch (outcome.status) {
    case 'failure':
      return outcome.error;
    case 'timed_out':
      return faultOf(
        'StepTimeoutError',
        `The step did not finish within ${outcome.limitMs / 1000} s and was stopped.`,
      );
    case 'crashed':
      return faultOf('StepCrashedError', outcome.message);
  }
}

function faultOf(name: string, message: string): SerializableErrorInfo {
  return { name, code: null, kind: null, message, frames: [], cause: null };
}

/** The innermost cause, as that is what the author can mend. */
function summaryOf(error: SerializableErrorInfo): string {
  let innermost = error;
  while (innermost.cause) innermost = innermost.cause;
  return `${innermost.name}: ${innermost.message}`.split('\n')[0] as string;
}
