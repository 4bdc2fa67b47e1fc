import { InvalidDefinitionError } from '../errors.ts';
import type { PartitionKey } from '../partitions/context.ts';
import type { OpOutput, StepInput, StepOutcome, StepRequest } from '../protocol/sandbox.ts';
import { decodeValue, encodeValue, type ValueCodec } from '../protocol/stored-value.ts';
import { show, wrongArgument } from './arguments.ts';
import { AssetExecutionContext } from './asset-context.ts';
import type { DeclaredAsset } from './assets.ts';
import type { Evaluation } from './evaluation.ts';
import { DEFAULT_OUTPUT, ExecutionContext, type StepVoice } from './execution-context.ts';
import { InputContext, OutputContext } from './io-managers.ts';
import type { DeclaredOp } from './ops.ts';
import { MaterializeResultObject, OutputObject } from './results.ts';
import { valueCodec } from './value-codec.ts';

/** What a step gave, encoded for storage. */
export type ComputedStep = Extract<StepOutcome, { readonly status: 'success' }>;

/** What surrounds the function of a step. */
export interface StepSurroundings {
  readonly voice: StepVoice;
  /** History and dynamic keys, as cells ask for them. */
  readonly instance: unknown;
  /** Told of each output as the function gave it, by its name. */
  readonly gave?: (outputName: string, value: unknown) => void;
}

/**
 * Computes one step: calls the function of its asset or op, between its I/O managers if they are
 * written in cells.
 *
 * @throws whatever the author's code throws.
 */
export function computeStep(
  evaluation: Evaluation,
  step: StepRequest,
  surroundings: StepSurroundings,
): Promise<ComputedStep> {
  return step.op
    ? computeOp(evaluation, step, step.op.jobName, step.op.stepKey, surroundings)
    : computeAsset(evaluation, step, surroundings);
}

async function computeAsset(
  evaluation: Evaluation,
  step: StepRequest,
  { voice, instance, gave }: StepSurroundings,
): Promise<ComputedStep> {
  const asset = evaluation.assets.find(({ assetKey }) => assetKey === step.assetKey);
  if (!asset?.compute) throw new Error(`There is no asset ${step.assetKey} to compute.`);
  evaluation.cellId = asset.cellId;
  const codec = valueCodec(evaluation.libraries);
  const inputs = await inputsOf(evaluation, asset, step, codec, voice);
  const config = asset.config ? await asset.config.parse(step.config) : null;
  const context = new AssetExecutionContext(evaluation, asset, { step, config, instance, voice });
  const result: unknown = await asset.compute(context, inputs);
  const { value, hasValue, handled, metadata, dataVersion } = resultOf(result, asset);
  gave?.(DEFAULT_OUTPUT, value);
  const ofOutput = ExecutionContext.outputMetadata(context, metadata);
  const common = { ...AssetExecutionContext.assetMetadata(context), dataVersion };
  if (asset.ioManager && handled && hasValue) {
    const output = new OutputContext(evaluation, asset, step.partitionKeys, voice);
    const { handleOutput } = asset.ioManager;
    await asStepError(
      'DagsterExecutionHandleOutputError',
      `Error occurred while handling output "${DEFAULT_OUTPUT}" of step "${stepKeyOf(asset)}":`,
      () => handleOutput(output, value),
    );
    const ofManager = OutputContext.metadataOf(output);
    return {
      status: 'success',
      value: undefined,
      hasValue: true,
      handled: true,
      keptByCell: true,
      metadata: { ...ofOutput, ...ofManager },
      ...common,
    };
  }
  return {
    status: 'success',
    value: hasValue ? encodeValue(value, codec).value : undefined,
    hasValue,
    handled,
    metadata: ofOutput,
    ...common,
  };
}

async function inputsOf(
  evaluation: Evaluation,
  asset: DeclaredAsset,
  step: StepRequest,
  codec: ValueCodec,
  voice: StepVoice,
): Promise<Readonly<Record<string, unknown>>> {
  const inputs: [string, unknown][] = [];
  for (const input of step.inputs) {
    const upstream = asset.upstreamOf(input.name);
    inputs.push([
      input.name,
      upstream?.ioManager
        ? await loadByCell(evaluation, asset, upstream, input, voice)
        : inputOf(input, (value) => decodeValue(value, codec)),
    ]);
  }
  return Object.fromEntries(inputs);
}

/**
 * Has the I/O manager of a cell load an input, unless no key is mapped to it (IO-4). What it gives
 * for several keys is as its author wants it.
 */
async function loadByCell(
  evaluation: Evaluation,
  asset: DeclaredAsset,
  upstream: DeclaredAsset,
  { name, keys }: StepInput,
  voice: StepVoice,
): Promise<unknown> {
  const byKey = asset.deps.some((dep) => dep.inputName === name && dep.byKey);
  if (keys?.length === 0) return byKey ? {} : null;
  const context = new InputContext(name, evaluation, upstream, keys ?? [], voice);
  const value = await asStepError(
    'DagsterExecutionLoadInputError',
    `Error occurred while loading input "${name}" of step "${stepKeyOf(asset)}":`,
    () => upstream.ioManager?.loadInput(context),
  );
  return byKey && keys?.length === 1 ? { [keys[0] as PartitionKey]: value } : value;
}

async function computeOp(
  evaluation: Evaluation,
  step: StepRequest,
  jobName: string,
  stepKey: string,
  { voice, instance, gave }: StepSurroundings,
): Promise<ComputedStep> {
  const job = evaluation.jobs.find((one) => one.jobName === jobName);
  const op = job?.opOf(stepKey);
  if (!job || !op) throw new Error(`There is no op ${stepKey} of the job ${jobName} to compute.`);
  evaluation.cellId = op.cellId;
  const codec = valueCodec(evaluation.libraries);
  const config = op.config ? await op.config.parse(step.config) : step.config;
  const facts = { step, config, instance, voice };
  const context = new ExecutionContext(evaluation, job.partitionsDef, facts);
  const inputs = Object.fromEntries(
    step.inputs.map((input) => [input.name, inputOf(input, (value) => decodeValue(value, codec))]),
  );
  const result: unknown = await op.compute(context, inputs);
  const opOutputs = outputsOf(result, op, stepKey).map(([name, output]): OpOutput => {
    const { value, metadata } =
      output instanceof OutputObject ? output : { value: output, metadata: {} };
    gave?.(name, value);
    const hasValue = value !== undefined;
    return {
      name,
      value: hasValue ? encodeValue(value, codec).value : undefined,
      hasValue,
      metadata: ExecutionContext.outputMetadata(context, metadata, name),
    };
  });
  return {
    status: 'success',
    noOutput: true,
    opOutputs,
    value: undefined,
    hasValue: false,
    handled: false,
    metadata: {},
    dataVersion: null,
  };
}

/** What an op gave back, by output: itself if it has one, an object of them if it has several. */
function outputsOf(
  result: unknown,
  { opName, outputs }: DeclaredOp,
  stepKey: string,
): readonly (readonly [string, unknown])[] {
  if (result instanceof MaterializeResultObject) {
    throw wrongArgument(
      `The op ${opName} gave back a dg.MaterializeResult, which is for assets.`,
      'DagsterInvariantViolationError',
    );
  }
  const [only, ...others] = outputs;
  if (only && others.length === 0) {
    // Of an op whose only output is optional, nothing is no output.
    return result === undefined && !only.required ? [] : [[only.name, result]];
  }
  const given = result ?? {};
  const names = outputs.map(({ name }) => `'${name}'`).join(', ');
  if (typeof given !== 'object' || Array.isArray(given) || given instanceof OutputObject) {
    throw wrongArgument(
      `The op ${opName} has several outputs and gives them back as an object with one entry for each of [${names}], not ${show(given)}.`,
      'DagsterInvariantViolationError',
    );
  }
  const unknown = Object.keys(given).find((name) => !outputs.some((one) => one.name === name));
  if (unknown !== undefined) {
    throw wrongArgument(
      `Core compute for op "${stepKey}" returned an output "${unknown}" that does not exist. The available outputs are [${names}]`,
      'DagsterInvariantViolationError',
    );
  }
  const missing = outputs.find(({ name, required }) => required && !Object.hasOwn(given, name));
  if (missing) {
    throw new InvalidDefinitionError(
      `Core compute for op "${stepKey}" did not return an output for non-optional output "${missing.name}"`,
      'DagsterStepOutputNotFoundError',
    );
  }
  return outputs.flatMap(({ name }) =>
    Object.hasOwn(given, name) ? [[name, (given as Record<string, unknown>)[name]] as const] : [],
  );
}

function inputOf(input: StepInput, decode: (value: unknown) => unknown): unknown {
  switch (input.kind) {
    case 'none':
      return null;
    case 'single':
      return decode(input.value);
    case 'byKey':
      return Object.fromEntries(input.entries.map(([key, value]) => [key, decode(value)]));
  }
}

/** What an asset's function gave back, told apart (IO-9). */
function resultOf(result: unknown, asset: DeclaredAsset) {
  if (result instanceof MaterializeResultObject) {
    const { value, hasValue, metadata, dataVersion } = result;
    return { value, hasValue, handled: hasValue, metadata, dataVersion };
  }
  if (result instanceof OutputObject) {
    const { value, metadata, dataVersion } = result;
    return { value, hasValue: value !== undefined, handled: true, metadata, dataVersion };
  }
  if (typeof result === 'object' && result !== null && Symbol.iterator in result) {
    const isGenerator = Object.prototype.toString.call(result).includes('Generator');
    if (isGenerator) {
      throw new TypeError(`${asset.assetKey} is a generator function; an asset returns its value.`);
    }
  }
  return {
    value: result,
    hasValue: result !== undefined,
    handled: true,
    metadata: {},
    dataVersion: null,
  };
}

/** An I/O manager of a cell failed; its error is the cause. */
class IOManagerError extends Error {
  readonly code = 'io_manager';
  readonly kind: string;

  constructor(kind: string, message: string, cause: unknown) {
    super(message, { cause });
    this.kind = kind;
  }
}

async function asStepError(kind: string, message: string, call: () => unknown): Promise<unknown> {
  try {
    return await call();
  } catch (thrown) {
    throw new IOManagerError(kind, message, thrown);
  }
}

function stepKeyOf({ assetKey }: DeclaredAsset): string {
  return assetKey.replaceAll('/', '__');
}
