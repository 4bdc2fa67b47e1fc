import type { AssetSpec } from '../definitions/definitions.ts';
import type { EventDraft } from '../orchestration/event.ts';
import type { ValueWrite } from '../orchestration/ports.ts';
import type { StepOutcome, StepRequest } from '../protocol/sandbox.ts';
import { toErrorInfo, type SerializableErrorInfo } from '../protocol/error-info.ts';
import {
  listArgument,
  optionsOf,
  show,
  textArgument,
  textRecord,
  wrongArgument,
} from './arguments.ts';
import { AssetKeyObject } from './asset-key.ts';
import { assetArgument, assetKeyOf, DeclaredAsset } from './assets.ts';
import { computeStep } from './compute-step.ts';
import type { Evaluation } from './evaluation.ts';
import { DEFAULT_OUTPUT } from './execution-context.ts';
import type { InProcessJob } from './execution-library.ts';
import { EphemeralInstance, instanceArgument, InstanceObject } from './instance.ts';
import type { Job } from './job.ts';
import type { AssetSelectionObject } from './jobs.ts';
import { keyArgument } from './partitions-definitions.ts';
import { resolveRunConfig, runConfigArgument } from './run-config.ts';
import { namedAmong } from './snapshot.ts';

const EPHEMERAL_JOB = '__ephemeral_asset_job__';

/** What runs on one instance have left there, besides what its own records hold. */
interface InstanceContents {
  runs: number;
  readonly values: Map<string, ValueWrite>;
}

const contents = new WeakMap<InstanceObject, InstanceContents>();

/** One execution as a cell asks for it; options are read already. */
interface Execution {
  readonly job: InProcessJob;
  readonly assets: readonly AssetSpec[];
  readonly partitionKey: string | null;
  readonly runConfig: Readonly<Record<string, unknown>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly instance: InstanceObject;
  readonly raiseOnError: boolean;
}

/** How a run inside the sandbox ended, as cells see it. */
class InProcessResult {
  readonly success: boolean;
  readonly run: {
    readonly runId: string;
    readonly tags: Readonly<Record<string, string>>;
    readonly runConfig: unknown;
  };
  /** In order, as plain data. */
  readonly events: readonly EventDraft[];
  readonly #job: InProcessJob;
  /** By step, then by output. */
  readonly #outputs: ReadonlyMap<string, ReadonlyMap<string, unknown>>;

  constructor(
    job: InProcessJob,
    run: { readonly runId: string; readonly status: string } & InProcessResult['run'],
    events: readonly EventDraft[],
    outputs: ReadonlyMap<string, ReadonlyMap<string, unknown>>,
  ) {
    this.#job = job;
    this.success = run.status === 'SUCCESS';
    const { runId, tags, runConfig } = run;
    this.run = Object.freeze({ runId, tags, runConfig });
    this.events = events;
    this.#outputs = outputs;
  }

  /** What a step gave, as its function gave it. */
  outputForNode(name: unknown, outputName: unknown = DEFAULT_OUTPUT): unknown {
    const stepKey = this.#step(name);
    const output = textArgument(outputName, 'The name of an output');
    const given = this.#outputs.get(stepKey);
    if (given?.has(output)) return given.get(output);
    throw wrongArgument(
      `No outputs found for output '${output}' from node '${stepKey}'.`,
      'DagsterInvariantViolationError',
    );
  }

  /** What was recorded of an asset, in order. */
  assetMaterializationsForNode(name: unknown): readonly unknown[] {
    const stepKey = this.#step(name);
    return this.events.flatMap((event) =>
      event.type === 'ASSET_MATERIALIZATION' && event.stepKey === stepKey
        ? [
            Object.freeze({
              assetKey: new AssetKeyObject(event.assetKey ?? ''),
              partition: event.partitionKey,
              metadata: event.metadata ?? {},
            }),
          ]
        : [],
    );
  }

  #step(name: unknown): string {
    const { jobName, assetKeys, ops } = this.#job;
    const given = textArgument(name, 'The name of a node').replaceAll('/', '__');
    const names = ops
      ? ops.map(({ stepKey }) => stepKey)
      : assetKeys.map((key) => key.replaceAll('/', '__'));
    if (names.includes(given)) return given;
    throw wrongArgument(
      `${jobName} has no op named ${given}. It has ${names.join(', ') || 'none'}.`,
      'DagsterInvariantViolationError',
    );
  }
}

/** `dg.materialize` and `dg.validateRunConfig`. */
export function materializeConstructors(evaluation: Evaluation) {
  return {
    materialize: (assets: unknown, options?: unknown) => materialize(evaluation, assets, options),
    validateRunConfig: (job: unknown, runConfig?: unknown) => {
      const declared = evaluation.jobs.find((one) => one === job);
      if (!declared) {
        throw wrongArgument(`dg.validateRunConfig takes a job first, not ${show(job)}.`);
      }
      const assets = namedAmong(evaluation, evaluation.assets);
      const spec = declared.specAmong(assets);
      const given = runConfigArgument(runConfig ?? {}, 'The run config');
      return resolveRunConfig(evaluation, spec, specsOf(assets), given);
    },
  };
}

/** JOB-5, for assets. */
async function materialize(
  evaluation: Evaluation,
  given: unknown,
  options: unknown,
): Promise<InProcessResult> {
  const more = optionsOf(options, 'dg.materialize', [
    'partitionKey',
    'runConfig',
    'tags',
    'selection',
    'instance',
    'raiseOnError',
  ]);
  const declared = listArgument(given, 'What dg.materialize takes first').map((one, i) => {
    const asset = assetArgument(evaluation, one, `assets[${i}]`);
    if (asset instanceof DeclaredAsset) return asset;
    throw wrongArgument(`assets[${i}] of dg.materialize must be an asset, not ${show(one)}.`);
  });
  const assets = specsOf(declared);
  const selected = selectedAmong(evaluation, more.selection, declared);
  const { jobOfAssets } = evaluation.libraries.execution;
  return execute(evaluation, {
    job: jobOfAssets(EPHEMERAL_JOB, selected, assets),
    assets,
    partitionKey: partitionKeyOf(more.partitionKey),
    runConfig: runConfigArgument(more.runConfig ?? {}, 'runConfig'),
    tags: textRecord(more.tags, 'tags'),
    instance: instanceArgument(evaluation, more.instance),
    raiseOnError: raises(more.raiseOnError),
  });
}

/** JOB-5, for a job. */
export async function executeJobInProcess(
  evaluation: Evaluation,
  job: Job,
  options: unknown,
): Promise<InProcessResult> {
  const given = optionsOf(options, 'executeInProcess', [
    'partitionKey',
    'runConfig',
    'tags',
    'instance',
    'raiseOnError',
  ]);
  const assets = namedAmong(evaluation, evaluation.assets);
  const { jobName, assetKeys, ops, partitionsDef, runConfig, tags } = job.specAmong(assets);
  const specs = specsOf(assets);
  const { jobOfAssets } = evaluation.libraries.execution;
  const partitionKey = partitionKeyOf(given.partitionKey);
  const execution = {
    job: ops ? { jobName, assetKeys, ops, partitionsDef } : jobOfAssets(jobName, assetKeys, specs),
    assets: specs,
    partitionKey,
    instance: instanceArgument(evaluation, given.instance),
    raiseOnError: raises(given.raiseOnError),
  };
  checkKey(evaluation, execution);
  const { partitionedConfig } = job;
  const ofKey = partitionKey === null ? null : partitionedConfig;
  const config =
    given.runConfig ?? ofKey?.getRunConfigForPartitionKey(partitionKey) ?? runConfig ?? {};
  const tagsOfKey = ofKey?.getTagsForPartitionKey(partitionKey, { jobName }) ?? {};
  return execute(evaluation, {
    ...execution,
    runConfig: runConfigArgument(config, 'runConfig'),
    tags: {
      ...tags,
      ...(tagsOfKey as Readonly<Record<string, string>>),
      ...textRecord(given.tags, 'tags'),
    },
  });
}

async function execute(evaluation: Evaluation, execution: Execution): Promise<InProcessResult> {
  const { job, assets, partitionKey, runConfig, tags, instance, raiseOnError } = execution;
  checkKey(evaluation, execution);
  const { jobName, assetKeys, ops } = job;
  resolveRunConfig(evaluation, { jobName, assetKeys, ...(ops && { ops }) }, assets, runConfig);
  const left = contents.get(instance) ?? { runs: 0, values: new Map<string, ValueWrite>() };
  contents.set(instance, left);
  left.runs += 1;
  const outputs = new Map<string, Map<string, unknown>>();
  let thrown: { readonly error: unknown } | null = null;
  const compute = async (
    step: StepRequest,
    voice: { log(stepId: number, level: EventDraft['level'], text: string): void },
  ): Promise<StepOutcome> => {
    const stepKey = step.op?.stepKey ?? step.assetKey.replaceAll('/', '__');
    const given = new Map<string, unknown>();
    outputs.delete(stepKey);
    try {
      const outcome = await computeStep(evaluation, step, {
        voice: {
          log: (level, text) => voice.log(step.stepId, level, text),
          progress: () => undefined,
        },
        instance,
        gave: (name, value) => given.set(name, value),
      });
      outputs.set(stepKey, given);
      return outcome;
    } catch (error) {
      thrown = { error };
      return { status: 'failure', error: toErrorInfo(error) };
    }
  };
  const { cellId } = evaluation;
  const { run, events } = await evaluation.libraries.execution.runInProcess({
    job,
    assets,
    partitionKey,
    runConfig,
    tags,
    context: contextOf(evaluation, instance),
    runNumber: left.runs,
    values: left.values,
    files: evaluation.world.files,
    stopAtFailure: raiseOnError,
    execute: compute,
  });
  evaluation.cellId = cellId;
  record(instance, events);
  const failure = events.find(({ type }) => type === 'STEP_FAILURE');
  if (failure && raiseOnError) throw raisedBy(failure.error, thrown);
  return new InProcessResult(job, run, events, outputs);
}

/** What the author's code threw; if it was not that which failed, what was reported of it. */
function raisedBy(
  reported: SerializableErrorInfo | null,
  thrown: { readonly error: unknown } | null,
): unknown {
  if (thrown) return thrown.error;
  // Loading wraps what went wrong; as in Dagster, what went wrong is thrown.
  const { name, kind, message } = reported?.cause ??
    reported ?? { name: 'Error', kind: null, message: 'The run failed.' };
  return Object.assign(new Error(message), { name, kind: kind ?? name });
}

function checkKey(
  evaluation: Evaluation,
  { job, partitionKey, instance }: Pick<Execution, 'job' | 'partitionKey' | 'instance'>,
): void {
  evaluation.libraries.execution.checkPartitionKey(
    job.partitionsDef,
    partitionKey,
    contextOf(evaluation, instance),
  );
}

function contextOf(evaluation: Evaluation, instance: InstanceObject) {
  return {
    effectiveAt: evaluation.world.now,
    dynamicPartitions: InstanceObject.dynamicPartitionsOf(instance),
  };
}

/** Leaves the materializations of a run on an instance that a cell made. */
function record(instance: InstanceObject, events: readonly EventDraft[]): void {
  if (!(instance instanceof EphemeralInstance)) return;
  for (const { type, assetKey, partitionKey, runId, at, metadata } of events) {
    if (type !== 'ASSET_MATERIALIZATION' || assetKey === null) continue;
    EphemeralInstance.record(instance, {
      assetKey,
      partitionKey,
      runId,
      at,
      metadata: metadata ?? {},
    });
  }
}

/** The keys that the option `selection` selects of `declared`; null if it is not given. */
function selectedAmong(
  evaluation: Evaluation,
  selection: unknown,
  declared: readonly DeclaredAsset[],
): readonly string[] | null {
  if (selection === undefined || selection === null) return null;
  const { resolve } = selection as Partial<AssetSelectionObject>;
  if (typeof resolve === 'function') return [...resolve(declared)];
  const chosen = Array.isArray(selection) ? (selection as unknown[]) : [selection];
  return chosen.map((one, i) => assetKeyOf(assetArgument(evaluation, one, `selection[${i}]`)));
}

function specsOf(assets: readonly DeclaredAsset[]): readonly AssetSpec[] {
  return assets.map(({ spec }) => spec);
}

function partitionKeyOf(value: unknown): string | null {
  return value === undefined || value === null ? null : keyArgument(value, 'partitionKey');
}

function raises(value: unknown): boolean {
  return value !== false;
}
