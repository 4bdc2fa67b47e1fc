import { validateConfig } from '../config/validate.ts';
import type { ConfigSchema, ConfigShape } from '../config/config-schema.ts';
import type {
  AssetDependency,
  AssetSpec,
  JobSpec,
  OpStepSpec,
} from '../definitions/definitions.ts';
import { AssetGraph } from '../definitions/graph.ts';
import { InvalidDefinitionError } from '../errors.ts';
import type { EventDraft } from '../orchestration/event.ts';
import { executeRun } from '../orchestration/execute-run.ts';
import { KeySpace } from '../orchestration/key-space.ts';
import type { CodeRunner, ValueWrite } from '../orchestration/ports.ts';
import { creationEvents, stepKeyOf } from '../orchestration/run-events.ts';
import { runIdOf } from '../orchestration/run-id.ts';
import { plannedKeysFor } from '../orchestration/run-keys.ts';
import { RunTag } from '../orchestration/run-tags.ts';
import type { Run, RunConfig } from '../orchestration/run.ts';
import { upstreamKeysOfKeys, type UpstreamKeys } from '../orchestration/upstream-keys.ts';
import type { PartitionKey, PartitionLoadingContext } from '../partitions/context.ts';
import { equalPartitionsDefinitions } from '../partitions/definition/identity.ts';
import { DIMENSION_SEPARATOR } from '../partitions/definition/multi.ts';
import type { PartitionsDefinition } from '../partitions/definition/partitions-definition.ts';
import { indexPartitions } from '../partitions/index-partitions.ts';

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
 * @throws {InvalidDefinitionError} if a range in the tags is none of the assets' definition.
 */
export async function runInProcess(request: InProcessRequest): Promise<InProcessEnd> {
  const { job, assets, context, values, execute, files, stopAtFailure } = request;
  const graph = new AssetGraph(assets);
  const keySpace = new KeySpace(context);
  const run = makeRun(request);
  const events: EventDraft[] = [];
  const stop = new AbortController();
  const emit = (event: EventDraft): void => {
    if (event.type !== 'RUN_ENQUEUED' && event.type !== 'RUN_STARTING') events.push(event);
    if (event.type === 'STEP_FAILURE' && stopAtFailure) stop.abort();
  };
  const plannedKeys = (assetKey: string) =>
    plannedKeysFor(graph.assets.get(assetKey), run, keySpace);
  for (const event of creationEvents(run, plannedKeys)) emit(event);
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
  if (partitionKey === null) return;
  if (!partitionsDef) {
    throw new InvalidDefinitionError(
      'Failure condition: There is no PartitionsDefinition shared by all the provided assets',
      'CheckError',
    );
  }
  if (indexPartitions(partitionsDef, context).ordinalOf(partitionKey) >= 0) return;
  throw new InvalidDefinitionError(
    `Could not find a partition with key \`${partitionKey}\`.`,
    'DagsterUnknownPartitionError',
  );
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
      ...(partitionKey !== null && {
        ...tagsOfKey(partitionKey, partitionsDef),
        [RunTag.partitionSet]: `${jobName}_partition_set`,
      }),
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

/** RUN-2. */
function tagsOfKey(
  partitionKey: PartitionKey,
  definition: PartitionsDefinition | null,
): Readonly<Record<string, string>> {
  const tags: Record<string, string> = { [RunTag.partition]: partitionKey };
  if (definition?.kind === 'multi') {
    const parts = partitionKey.split(DIMENSION_SEPARATOR);
    definition.dimensions.forEach(({ name }, at) => {
      tags[`${RunTag.partitionDimension}${name}`] = parts[at] ?? '';
    });
  }
  return tags;
}

/**
 * The definition that the assets of a job share; null if none of them has partitions (JOB-2).
 *
 * @throws {InvalidDefinitionError} if they have several.
 */
export function sharedPartitionsDef(
  jobName: string,
  assets: readonly AssetSpec[],
): PartitionsDefinition | null {
  const partitioned = assets.flatMap(({ assetKey, partitionsDef }) =>
    partitionsDef ? [{ assetKey, partitionsDef }] : [],
  );
  const [first] = partitioned;
  if (!first) return null;
  const other = partitioned.find(
    ({ partitionsDef }) => !equalPartitionsDefinitions(partitionsDef, first.partitionsDef),
  );
  if (!other) return first.partitionsDef;
  throw new InvalidDefinitionError(
    `Error resolving selection for asset job "${jobName}": Selected assets must have the same partitions definitions, but the selected assets have different partitions definitions: that of ${first.assetKey} and that of ${other.assetKey}.`,
  );
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
 * The keys that an asset reads of one upstream asset at some of its keys (CTX-9).
 *
 * @param partitionKeys null for an asset without partitions.
 * @throws {InvalidDefinitionError} if the mapping does not fit the two definitions.
 */
export function mappedKeys(
  asset: AssetSpec,
  dependency: AssetDependency,
  partitionKeys: readonly PartitionKey[] | null,
  assets: readonly AssetSpec[],
  context: PartitionLoadingContext,
): UpstreamKeys {
  const graph = new AssetGraph(assets);
  return upstreamKeysOfKeys(asset, dependency, partitionKeys, graph, new KeySpace(context));
}

/** The functions of this part, as the rest of the language calls them. */
export interface ExecutionLibrary {
  readonly checkPartitionKey: typeof checkPartitionKey;
  readonly runInProcess: typeof runInProcess;
  readonly sharedPartitionsDef: typeof sharedPartitionsDef;
  readonly resolveRunConfig: typeof resolveRunConfig;
  readonly mappedKeys: typeof mappedKeys;
}
