import { validateConfig } from '../config/validate.ts';
import type { ConfigSchema, ConfigShape } from '../config/config-schema.ts';
import type {
  AssetDependency,
  AssetSpec,
  Definitions,
  JobSpec,
  OpStepSpec,
  ScheduleSpec,
  SensorSpec,
} from '../definitions/definitions.ts';
import { AssetGraph } from '../definitions/graph.ts';
import type { EventDraft } from '../orchestration/event.ts';
import { executeRun } from '../orchestration/execute-run.ts';
import { KeySpace } from '../orchestration/key-space.ts';
import type { CodeRunner, ValueWrite } from '../orchestration/ports.ts';
import { partitionTags } from '../orchestration/partition-tags.ts';
import { checkKey, checkRange, resolveAssetJob } from '../orchestration/prepare-run.ts';
import { creationEvents, stepKeyOf } from '../orchestration/run-events.ts';
import { runIdOf } from '../orchestration/run-id.ts';
import { plannedKeysOf } from '../orchestration/run-keys.ts';
import type { AutomationEvaluation } from '../orchestration/run-request.ts';
import type { Run, RunConfig } from '../orchestration/run.ts';
import { scheduleRequests as readScheduleRequests } from '../orchestration/schedule-tick.ts';
import { sensorRequests as readSensorRequests } from '../orchestration/sensor-tick.ts';
import {
  nonexistentKeysMessage,
  upstreamKeysOf,
  type UpstreamKeys,
} from '../orchestration/upstream-keys.ts';
import type { PartitionKey, PartitionLoadingContext } from '../partitions/context.ts';
import type { PartitionsDefinition } from '../partitions/definition/partitions-definition.ts';

/*
 * What runs a job inside the sandbox, with the very code that runs it outside. A part of the
 * session's script of its own, sent only to notebooks that use it, so it shares no class with the
 * rest of the language: what passes here is plain data.
 */

/** What is executed: a job, or assets chosen by hand, which is a job too. */
export interface InProcessJob {
  readonly jobName: string;
  /** In the order of the notebook; empty for a job of ops. */
  readonly assetKeys: readonly string[];
  /** Null for a job over assets. */
  readonly ops: readonly OpStepSpec[] | null;
  readonly partitionsDef: PartitionsDefinition | null;
}

/** One run inside the sandbox. */
export interface InProcessRequest {
  readonly job: InProcessJob;
  /** All assets that the run knows of: what it loads may be among them without being computed. */
  readonly assets: readonly AssetSpec[];
  readonly partitionKey: PartitionKey | null;
  /** Known to fit the job. */
  readonly runConfig: RunConfig;
  readonly tags: Readonly<Record<string, string>>;
  /** Which keys exist. */
  readonly context: PartitionLoadingContext;
  /** Counts the runs of one instance from 1. */
  readonly runNumber: number;
  /** Values of the instance, by asset and key; runs add theirs. */
  readonly values: Map<string, ValueWrite>;
  readonly files: readonly string[];
  /** Whether nothing more is started after the first step that failed. */
  readonly stopAtFailure: boolean;
  readonly execute: CodeRunner['execute'];
}

/** A run inside the sandbox that has ended, well or not. */
export interface InProcessEnd {
  readonly run: Run;
  /** In Dagster's order; such a run has no `RUN_ENQUEUED` and no `RUN_STARTING` (§12, 1). */
  readonly events: readonly EventDraft[];
}

/** Why a run config does not fit (CFG-14). */
export interface RunConfigFault {
  readonly message: string;
  readonly errors: readonly {
    readonly reason: string;
    /** Fields by name, places in lists by number. */
    readonly path: readonly unknown[];
    readonly message: string;
  }[];
}

/**
 * Runs a job, and tells how it ended.
 *
 * @throws {InvalidDefinitionError} if the tags name a range that is none, or not of the assets' definition.
 */
export async function runInProcess(request: InProcessRequest): Promise<InProcessEnd> {
  const { job, assets, context, values, execute, files, stopAtFailure } = request;
  const graph = new AssetGraph(assets);
  const keySpace = new KeySpace(context);
  const run = makeRun(request);
  checkRange(run.tags);
  const events: EventDraft[] = [];
  const stop = new AbortController();
  const emit = (event: EventDraft): void => {
    if (event.type !== 'RUN_ENQUEUED' && event.type !== 'RUN_STARTING') events.push(event);
    if (event.type === 'STEP_FAILURE' && stopAtFailure) stop.abort();
  };
  for (const event of creationEvents(run, plannedKeysOf(run, graph, keySpace))) emit(event);
  let steps = 0;
  const ended = await executeRun(
    run,
    {
      graph,
      keySpace,
      ...(job.ops && { ops: job.ops }),
      runner: { execute },
      values: {
        readValues: async (assetKey, keys) =>
          keys.flatMap((key) => values.get(valueId(assetKey, key)) ?? []),
      },
      seed: 0,
      now: () => context.effectiveAt,
      elapsedMs: () => 0,
      newStepId: () => (steps += 1),
      listFiles: async () => ({ files }),
      request: async () => ({
        status: 'error',
        message: 'Files are read by the cells themselves.',
      }),
      sizeOf: () => 0,
      emit,
      keep: (value) => values.set(valueId(value.assetKey, value.partitionKey), value),
    },
    stop.signal,
  );
  return { run: ended, events };
}

function valueId(assetKey: string, partitionKey: PartitionKey | null): string {
  return partitionKey === null ? assetKey : `${assetKey}\n${partitionKey}`;
}

/** @throws {InvalidDefinitionError} if the key does not exist, or there are no keys (JOB-5). */
export function checkPartitionKey(
  partitionsDef: PartitionsDefinition | null,
  partitionKey: PartitionKey | null,
  context: PartitionLoadingContext,
): void {
  if (partitionKey !== null) checkKey(partitionKey, partitionsDef, new KeySpace(context));
}

/**
 * The assets of a job over assets, and the definition that they share (JOB-2).
 *
 * @param assetKeys null for all.
 * @throws {InvalidDefinitionError} if they cannot be run together.
 */
export function jobOfAssets(
  jobName: string,
  assetKeys: readonly string[] | null,
  assets: readonly AssetSpec[],
): InProcessJob {
  const resolved = resolveAssetJob(assetKeys, jobName, new AssetGraph(assets));
  return {
    jobName,
    assetKeys: resolved.assets.map(({ assetKey }) => assetKey),
    ops: null,
    partitionsDef: resolved.partitionsDef,
  };
}

function makeRun(request: InProcessRequest): Run {
  const { job, partitionKey, runConfig, tags, context, runNumber } = request;
  const { jobName, assetKeys, partitionsDef } = job;
  return {
    notebookId: '',
    runId: runIdOf(0, runNumber),
    runNumber,
    jobName,
    status: 'STARTED',
    assetKeys,
    partitionKey,
    tags: {
      ...tags,
      ...(partitionKey !== null &&
        partitionsDef &&
        partitionTags(partitionKey, partitionsDef, jobName)),
    },
    runConfig,
    backfillId: null,
    parentRunId: null,
    createdAt: context.effectiveAt,
    startedAt: context.effectiveAt,
    endedAt: null,
    tookMs: null,
    failure: null,
  };
}

/** A step of a job as run config names it. */
interface ConfiguredStep {
  readonly stepKey: string;
  readonly config: ConfigShape | null;
}

/** In the job's order. */
function configuredSteps(
  job: Pick<JobSpec, 'ops' | 'assetKeys'>,
  assets: readonly AssetSpec[],
): readonly ConfiguredStep[] {
  if (job.ops) return job.ops;
  return assets
    .filter(({ assetKey, external }) => !external && job.assetKeys.includes(assetKey))
    .map(({ assetKey, config }) => ({ stepKey: stepKeyOf(assetKey), config }));
}

/**
 * A run config with its defaults filled in and with all its sections (CFG-14), or what is wrong
 * with it.
 */
export function resolveRunConfig(
  job: Pick<JobSpec, 'jobName' | 'ops' | 'assetKeys'>,
  assets: readonly AssetSpec[],
  given: Readonly<Record<string, unknown>>,
): { readonly resolved: Readonly<Record<string, unknown>> } | { readonly fault: RunConfigFault } {
  const steps = configuredSteps(job, assets);
  const outcome = validateConfig(schemaOf(steps), given, []);
  if (outcome.status === 'invalid') {
    const { errors } = outcome;
    const lines = errors.map(({ message }, at) => `    Error ${at + 1}: ${message}`);
    return {
      fault: {
        message: `Error in config for job ${job.jobName}\n${lines.join('\n')}`,
        errors: errors.map(({ reason, path, message }) => ({ reason, path, message })),
      },
    };
  }
  const ops = given['ops'] as Readonly<Record<string, { readonly config?: unknown }>> | undefined;
  const resolved = steps.map(({ stepKey, config }) => {
    const value = ops?.[stepKey]?.config;
    const checked = config && validateConfig(config, value ?? {}, []);
    const filled = checked?.status === 'valid' ? checked.value : (value ?? null);
    return [stepKey, { config: filled, inputs: {}, outputs: null }] as const;
  });
  return {
    resolved: {
      ops: Object.fromEntries(resolved),
      execution: given['execution'] ?? {
        multi_or_in_process_executor: {
          multiprocess: { max_concurrent: null, retries: { enabled: {} } },
        },
      },
      resources: { io_manager: { config: job.ops ? null : {} }, ...(given['resources'] ?? {}) },
      loggers: given['loggers'] ?? {},
    },
  };
}

function schemaOf(steps: readonly ConfiguredStep[]): ConfigShape {
  const open: ConfigShape = { kind: 'shape', fields: [], permissive: true };
  const ops = steps.map(({ stepKey, config }) =>
    fieldOf(stepKey, shapeOf([fieldOf('config', config ?? { kind: 'any' })])),
  );
  return shapeOf([
    fieldOf('ops', shapeOf(ops)),
    ...['execution', 'loggers', 'resources'].map((section) => fieldOf(section, open)),
  ]);
}

/** An entry that is required if anything in it is. */
function fieldOf(name: string, schema: ConfigSchema) {
  const required = schema.kind === 'shape' && schema.fields.some((field) => field.required);
  return { name, schema, required, description: null };
}

function shapeOf(fields: ConfigShape['fields']): ConfigShape {
  return { kind: 'shape', fields, permissive: false };
}

/**
 * The keys that an asset reads of one upstream asset at some of its keys (CTX-9), or why it cannot
 * know them (MAP-0).
 *
 * @param stepKey of the step that asks.
 * @param partitionKeys null for an asset without partitions.
 * @throws {InvalidDefinitionError} if the mapping does not fit the two definitions.
 */
export function mappedKeys(
  asset: AssetSpec,
  dependency: AssetDependency,
  stepKey: string,
  partitionKeys: readonly PartitionKey[] | null,
  assets: readonly AssetSpec[],
  context: PartitionLoadingContext,
): { readonly keys: UpstreamKeys['keys']; readonly fault: string | null } {
  const graph = new AssetGraph(assets);
  const mapped = upstreamKeysOf(asset, dependency, partitionKeys, graph, new KeySpace(context));
  const { keys } = mapped;
  return {
    keys,
    fault: nonexistentKeysMessage(asset, dependency, stepKey, partitionKeys, mapped, graph),
  };
}

/** What a schedule's evaluation asks for, or why its tick would fail. */
export function scheduleRequests(
  schedule: ScheduleSpec,
  evaluation: AutomationEvaluation,
  definitions: Definitions,
  context: PartitionLoadingContext,
): ReturnType<typeof readScheduleRequests> {
  return readScheduleRequests(schedule, evaluation, {
    definitions,
    keySpace: new KeySpace(context),
  });
}

/**
 * What a sensor's evaluation asks for, or why its tick would fail.
 *
 * @param cursor what the sensor had kept.
 */
export function sensorRequests(
  sensor: SensorSpec,
  evaluation: AutomationEvaluation,
  definitions: Definitions,
  { effectiveAt, dynamicPartitions }: PartitionLoadingContext,
  cursor: string | null,
): ReturnType<typeof readSensorRequests> {
  const graph = new AssetGraph(definitions.assets);
  const world = { definitions, graph, now: effectiveAt, dynamicPartitions, cursor };
  return readSensorRequests(sensor, evaluation, world);
}

/** The functions of this part, as the rest of the language calls them. */
export interface ExecutionLibrary {
  readonly checkPartitionKey: typeof checkPartitionKey;
  readonly runInProcess: typeof runInProcess;
  readonly jobOfAssets: typeof jobOfAssets;
  readonly resolveRunConfig: typeof resolveRunConfig;
  readonly mappedKeys: typeof mappedKeys;
  readonly scheduleRequests: typeof scheduleRequests;
  readonly sensorRequests: typeof sensorRequests;
}
