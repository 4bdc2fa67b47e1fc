import { compareText } from '../config/print-config-type.ts';
import { servicesOf } from './instance-access.ts';
import { validateConfig } from '../config/validate.ts';
import type { AssetKeyText, AssetSpec } from '../definitions/definitions.ts';
import { PlaygroundError } from '../errors.ts';
import type { PartitionKey } from '../partitions/context.ts';
import type { SerializableErrorInfo } from '../protocol/error-info.ts';
import type {
  ReportedEvent,
  RetryRequest,
  StepInput,
  StepOutcome,
  StepOutput,
} from '../protocol/sandbox.ts';
import type { EventId } from './event.ts';
import type { RunEnvironment } from './execute-run.ts';
import { interruptedStep } from './interrupted-step.ts';
import { loadInput } from './load-inputs.ts';
import { StepEvents, stepKeyOf } from './run-events.ts';
import { rangeOf, runKeysFor } from './run-keys.ts';
import type { Step } from './run-steps.ts';
import type { Run } from './run.ts';
import { provenanceOf } from './staleness/provenance.ts';
import { isDagsterError, plainError } from './step-error.ts';
import { makeRoomAt, valuePath } from './value-path.ts';

/** How one attempt of a step ended. */
export type StepEnd =
  /** With the assets that it recorded: not those whose optional output it left out. */
  | { readonly status: 'success'; readonly recorded: readonly AssetKeyText[] }
  | { readonly status: 'failure'; readonly error: SerializableErrorInfo }
  /** To be tried again, after so much time. */
  | { readonly status: 'retry'; readonly delayMs: number }
  | { readonly status: 'canceled' };

/**
 * Executes one attempt of a step: loads its inputs, computes, and records what it gives, for
 * the one key of the run, for each of a range (PS-5), or for none.
 *
 * @param attempts how often the step was tried before in this run.
 */
export function executeStep(
  run: Run,
  step: Step,
  attempts: number,
  environment: RunEnvironment,
  signal: AbortSignal,
): Promise<StepEnd> {
  return new StepAttempt(run, step, attempts, environment, signal).execute();
}

class StepAttempt {
  readonly #run: Run;
  readonly #step: Step;
  readonly #attempts: number;
  readonly #environment: RunEnvironment;
  readonly #signal: AbortSignal;
  /** Null for a step without partitions, and in a run without keys. */
  readonly #partitionKeys: readonly PartitionKey[] | null;
  readonly #events: StepEvents;
  /** The last event in the log as the attempt starts. */
  readonly #asOf: EventId | null;
  readonly #recorded: AssetKeyText[] = [];
  /** Outputs that are told while the step runs are stored one after another. */
  #storing: Promise<SerializableErrorInfo | null> = Promise.resolve(null);

  constructor(
    run: Run,
    step: Step,
    attempts: number,
    environment: RunEnvironment,
    signal: AbortSignal,
  ) {
    this.#run = run;
    this.#step = step;
    this.#attempts = attempts;
    this.#environment = environment;
    this.#signal = signal;
    this.#asOf = environment.logReaches?.() ?? null;
    this.#partitionKeys = keysOfStep(run, step, environment);
    const keys = this.#partitionKeys ?? [];
    const [assetKey = null] = step.assetKeys;
    const partitionKey = keys.length === 1 ? (keys[0] ?? null) : null;
    const named = { stepKey: step.stepKey, assetKey, partitionKey };
    this.#events = new StepEvents(run, named, environment.now);
  }

  async execute(): Promise<StepEnd> {
    const { emit, now } = this.#environment;
    const startedAt = now();
    emit(this.#attempts > 0 ? this.#events.restarted(this.#attempts) : this.#events.start());
    const undeclared = this.#undeclared();
    if (undeclared) return this.#fail(undeclared);
    const inputs = await this.#loadInputs();
    if (!Array.isArray(inputs)) return inputs as StepEnd;
    const config = this.#resolveConfig();
    if (config.status === 'failure') return this.#fail(config.error);
    const outcome = await this.#compute(inputs, config.value);
    const told = await this.#storing;
    if (outcome.status === 'canceled' || this.#signal.aborted) return this.#interrupted();
    if (told) return this.#failHandled(told);
    if (outcome.status === 'failure') return this.#fail(outcome.error, outcome.retry);
    if (outcome.status !== 'success') return this.#fail(stoppedError(outcome));
    const [assetKey = ''] = this.#step.assetKeys;
    const fault = outcome.noOutput ? null : await this.#store(assetKey, outcome);
    if (fault) return this.#failHandled(fault);
    const missing = await this.#recordRest();
    if (missing) return this.#fail(missing);
    emit(this.#events.success(startedAt));
    return { status: 'success', recorded: this.#recorded };
  }

  /** The loaded inputs by name, or how the attempt ended without them. */
  async #loadInputs(): Promise<StepInput[] | StepEnd> {
    const { emit, graph, keySpace, values } = this.#environment;
    const { stepKey, assets, assetKeys } = this.#step;
    const inputs: StepInput[] = [];
    const declared = assets.flatMap((asset) =>
      asset.deps.flatMap(({ inputName, ...dependency }) =>
        inputName === null || (assetKeys.length > 1 && assetKeys.includes(dependency.assetKey))
          ? []
          : [{ asset, loading: { ...dependency, inputName } }],
      ),
    );
    declared.sort((a, b) => compareText(a.loading.inputName, b.loading.inputName));
    for (const { asset, loading } of declared) {
      const keys = this.#partitionKeys;
      const loaded = await loadInput(stepKey, asset, loading, keys, graph, keySpace, values);
      if (this.#signal.aborted) return this.#interrupted();
      for (const { level, message } of loaded.notes) emit(this.#events.note(level, message));
      if (loaded.status === 'failed') {
        return this.#fail(loaded.error, undefined, loaded.error.cause ?? loaded.error);
      }
      emit(this.#events.loadedInput(loading.inputName));
      inputs.push(loaded.input);
    }
    for (const { name } of inputs) emit(this.#events.input(name));
    return inputs;
  }

  async #compute(inputs: readonly StepInput[], config: unknown): Promise<StepOutcome> {
    const { keySpace, listFiles, newStepId, now, emit, request, runner, seed, instance } =
      this.#environment;
    const files = await listFiles();
    if (this.#signal.aborted) return { status: 'canceled' };
    const { runId, tags } = this.#run;
    const { assetKeys, assets } = this.#step;
    const [assetKey = ''] = assetKeys;
    const partitionKeys = this.#partitionKeys ?? [];
    const retried = this.#attempts > 0 ? ` ${this.#attempts}` : '';
    return runner.execute(
      {
        stepId: newStepId(),
        assetKey,
        runId,
        runTags: tags,
        partitionKeys,
        ...(assets[0]?.sharedStep && { assetKeys }),
        ...(this.#attempts > 0 && { retryNumber: this.#attempts }),
        config,
        inputs,
        world: {
          now: now(),
          seed: `${seed} ${assetKey} ${rangeText(partitionKeys)} ${runId}${retried}`,
          dynamicPartitions: [...keySpace.context.dynamicPartitions],
          ...instance?.world(),
          ...files,
        },
      },
      {
        log: (_stepId, level, text) => emit(this.#events.log(level, text)),
        progress: () => {},
        request,
        ...servicesOf(instance),
        output: (_stepId, told, output) => {
          this.#storing = this.#storing.then((fault) => fault ?? this.#store(told, output));
        },
        report: (_stepId, event) => this.#report(event),
      },
      this.#signal,
    );
  }

  /**
   * Output, materializations and handling, in Dagster's order (§12).
   *
   * @returns why the value could not be kept; null if it could.
   */
  async #store(assetKey: AssetKeyText, output: StepOutput): Promise<SerializableErrorInfo | null> {
    const { emit, graph, keep, now, sizeOf, valuePaths } = this.#environment;
    const asset = graph.assets.get(assetKey);
    const name = asset?.sharedStep ? stepKeyOf(assetKey) : 'result';
    emit(this.#events.output(name));
    this.#recorded.push(assetKey);
    const keys = this.#keysToRecord(asset);
    const handled = output.handled && output.hasValue;
    const value = output.value ?? null;
    let stored: Readonly<Record<string, unknown>> = {};
    if (handled && !output.keptByCell) {
      const [partitionKey = null, ...others] = keys;
      const ofRange = asset?.partitionsDef && rangeOf(this.#run) !== null;
      if (others.length > 0 || (ofRange && partitionKey === null)) {
        return plainError('CheckError', SEVERAL_PARTITIONS);
      }
      const path = valuePath(assetKey, asset?.partitionsDef ?? null, partitionKey);
      const clash = valuePaths && (await makeRoomAt(path, partitionKey !== null, valuePaths));
      if (clash) return clash;
      emit(this.#events.note('DEBUG', `Writing file at: storage/${path}`));
      const { runId } = this.#run;
      keep({ assetKey, partitionKey, path, value, bytes: sizeOf(value), runId, at: now() });
      // A null is stored, but has no path to tell (IO-8).
      if (value !== null) stored = { path: `storage/${path}` };
    }
    const metadata = { ...output.metadata, ...stored, ...output.assetMetadata };
    const versions = {
      ...(output.dataVersion !== null && { dataVersion: output.dataVersion }),
      ...(asset && { provenance: provenanceOf(asset, this.#asOf) }),
    };
    for (const key of keys) {
      const own = key === null ? undefined : output.metadataByKey?.[key];
      const all = own ? { ...metadata, ...own } : metadata;
      emit(this.#events.materialization(assetKey, key, all, versions));
    }
    if (handled) emit(this.#events.handledOutput(name, stored));
    return null;
  }

  /** The keys of which a materialization is recorded: of a range, those that exist; at least one, or null. */
  #keysToRecord(asset: AssetSpec | undefined): readonly (PartitionKey | null)[] {
    const index = this.#environment.keySpace.indexOf(asset?.partitionsDef ?? null);
    const keys = this.#partitionKeys;
    if (index === null || keys === null) return [null];
    if (this.#run.partitionKey !== null) return keys;
    const existing = keys.filter((key) => index.ordinalOf(key) >= 0);
    return existing.length > 0 ? existing : [null];
  }

  #report({ kind, assetKey, partitionKey, metadata }: ReportedEvent): void {
    const make = kind === 'materialization' ? 'materialization' : 'observation';
    this.#environment.emit(this.#events[make](assetKey, partitionKey, metadata));
  }

  /**
   * Records what a shared step did not tell of and may not leave out, as without a value.
   *
   * @returns why the step fails if it has none to share with; null if nothing is missing.
   */
  async #recordRest(): Promise<SerializableErrorInfo | null> {
    for (const { assetKey, sharedStep, optionalOutput } of this.#step.assets) {
      if (optionalOutput || sharedStep?.canSubset || this.#recorded.includes(assetKey)) continue;
      if (!sharedStep) {
        return plainError(
          'DagsterStepOutputNotFoundError',
          `Core compute for op "${this.#step.stepKey}" did not return an output for non-optional output "result"`,
        );
      }
      await this.#store(assetKey, WITHOUT_VALUE);
    }
    return null;
  }

  /** Checked when it was launched too; since then, the cell may have changed. */
  #resolveConfig():
    | { readonly status: 'valid'; readonly value: unknown }
    | { readonly status: 'failure'; readonly error: SerializableErrorInfo } {
    const { stepKey, assets } = this.#step;
    const schema = assets.find(({ config }) => config !== null)?.config;
    if (!schema) return { status: 'valid', value: null };
    const given = this.#run.runConfig.ops?.[stepKey]?.config ?? {};
    const outcome = validateConfig(schema, given, ['ops', stepKey, 'config']);
    if (outcome.status === 'valid') return outcome;
    const errors = outcome.errors.map(({ message }, at) => `    Error ${at + 1}: ${message}`);
    const kind = 'DagsterInvalidConfigError';
    const message = `Error in config for op "${stepKey}":\n${errors.join('\n')}`;
    return { status: 'failure', error: { ...plainError(kind, message), kind } };
  }

  #undeclared(): SerializableErrorInfo | null {
    const { graph } = this.#environment;
    const gone = this.#step.assetKeys.find((assetKey) => !graph.assets.has(assetKey));
    if (gone === undefined) return null;
    const message = `${gone} is no longer declared in the notebook, or its cell does not load.`;
    return plainError('UndeclaredAssetError', message);
  }

  #failHandled(cause: SerializableErrorInfo): StepEnd {
    const name = this.#outputName();
    const message = `Error occurred while handling output "${name}" of step "${this.#step.stepKey}":`;
    const kind = 'DagsterExecutionHandleOutputError';
    return this.#fail({ ...plainError(kind, message, cause), kind }, undefined, cause);
  }

  #outputName(): string {
    const last = this.#recorded.at(-1);
    return last !== undefined && this.#step.assets[0]?.sharedStep ? stepKeyOf(last) : 'result';
  }

  /**
   * Fails the attempt, or asks for another one: as the code did, or by the retry policy, which
   * applies to whatever is not an error of Dagster's own.
   *
   * @param raised what was thrown, if `error` only tells where.
   */
  #fail(error: SerializableErrorInfo, retry?: RetryRequest, raised = error): StepEnd {
    const [asset] = this.#step.assets;
    if (retry) return this.#again({ ...error, name: 'RetryRequested' }, retry);
    const policy = asset?.retryPolicy;
    if (!policy || isDagsterError(raised)) return this.#failed(error);
    const { frames } = raised;
    return this.#again({ ...plainError('RetryRequestedFromPolicy', '', raised), frames }, policy);
  }

  #again(error: SerializableErrorInfo, { maxRetries, delaySeconds }: RetryRequest): StepEnd {
    if (this.#attempts >= maxRetries) {
      return this.#failed({ ...error, message: `Exceeded max_retries of ${maxRetries}` });
    }
    const delayMs = delaySeconds * 1000;
    this.#environment.emit(this.#events.upForRetry(error, delayMs));
    return { status: 'retry', delayMs };
  }

  #interrupted(): StepEnd {
    const { emit } = this.#environment;
    emit(interruptedStep(this.#events, this.#attempts, this.#step.assets[0]?.retryPolicy));
    return { status: 'canceled' };
  }

  #failed(error: SerializableErrorInfo): StepEnd {
    this.#environment.emit(this.#events.failure(error));
    return { status: 'failure', error };
  }
}

/** What is recorded of an asset that a shared step did not tell of. */
const WITHOUT_VALUE: StepOutput = {
  value: undefined,
  hasValue: false,
  handled: false,
  metadata: {},
  dataVersion: null,
};

/** IO-6, in Dagster's words, as people search for them. */
const SEVERAL_PARTITIONS =
  "Invariant failed. Description: The current IO manager <class 'dagster._core.storage.fs_io_manager.PickledObjectFilesystemIOManager'> does not support persisting an output associated with multiple partitions. This error is likely occurring because a backfill was launched using the 'single run' option. Instead, launch the backfill with a multi-run backfill policy. You can also avoid this error by opting out of IO managers entirely by setting the return type of your asset/op to `None`.";

function keysOfStep(
  run: Run,
  { assets }: Step,
  { keySpace }: RunEnvironment,
): readonly PartitionKey[] | null {
  const asset = assets.find(({ partitionsDef }) => partitionsDef !== null);
  if (!asset || (run.partitionKey === null && rangeOf(run) === null)) return null;
  try {
    return runKeysFor(asset, run, keySpace);
  } catch (fault) {
    // The definition was edited since the run was made: it has no keys of this range any more.
    if (fault instanceof PlaygroundError) return [];
    throw fault;
  }
}

function rangeText(keys: readonly PartitionKey[]): string {
  const [first = ''] = keys;
  return keys.length > 1 ? `${first}...${keys.at(-1)}` : first;
}

/** Why a step ended that the sandbox had to stop. */
export function stoppedError(
  outcome: Extract<StepOutcome, { readonly status: 'timed_out' | 'crashed' }>,
): SerializableErrorInfo {
  if (outcome.status === 'crashed') return plainError('StepCrashedError', outcome.message);
  const message = `The step did not finish within ${outcome.limitMs / 1000} s and was stopped.`;
  return plainError('StepTimeoutError', message);
}
