import type { AssetKeyText, AssetSpec } from '../../src/definitions/definitions.ts';
import { AssetGraph } from '../../src/definitions/graph.ts';
import type { Event, EventDraft } from '../../src/orchestration/event.ts';
import { executeRun } from '../../src/orchestration/execute-run.ts';
import { KeySpace } from '../../src/orchestration/key-space.ts';
import type { ValueWrite } from '../../src/orchestration/ports.ts';
import { prepareRun } from '../../src/orchestration/prepare-run.ts';
import { creationEvents, runCanceling } from '../../src/orchestration/run-events.ts';
import { plannedKeysOf } from '../../src/orchestration/run-keys.ts';
import { stepKeyOfAsset } from '../../src/orchestration/run-steps.ts';
import { RunTag } from '../../src/orchestration/run-tags.ts';
import type { Run, RunConfig } from '../../src/orchestration/run.ts';
import { StatusFolds } from '../../src/orchestration/status-folds.ts';
import { errorAsReported } from '../../src/orchestration/step-error.ts';
import type { PartitionKey } from '../../src/partitions/context.ts';
import type { SerializableErrorInfo } from '../../src/protocol/error-info.ts';
import type {
  GuestServices,
  StepInput,
  StepOutcome,
  StepRequest,
} from '../../src/protocol/sandbox.ts';
import { shapeOfVector, type VectorSchema } from '../config/config-schema-of-vector.ts';
import { asset } from '../orchestration/sample-assets.ts';
import {
  definitionOf,
  mappingOf,
  type WrittenDefinition,
  type WrittenMapping,
} from '../partitions/vectors.ts';
import type { ErrorAnswer } from './compare-answers.ts';

/** An asset as the vectors write it. */
export interface WrittenAsset {
  readonly key: AssetKeyText;
  readonly partitions?: WrittenDefinition;
  readonly deps?: readonly {
    readonly asset: AssetKeyText;
    readonly mapping?: WrittenMapping | null;
    readonly load?: boolean;
    readonly param?: string;
    readonly allowMissing?: boolean;
  }[];
  readonly returns?: string;
  readonly external?: boolean;
  readonly config?: VectorSchema;
  readonly codeVersion?: string;
  readonly retryPolicy?: { readonly maxRetries: number };
  readonly maxRetries?: number;
  readonly optionalOutput?: boolean;
  readonly eventPerKey?: boolean;
}

export interface WrittenGraph {
  readonly assets: readonly (
    | WrittenAsset
    | {
        readonly multiAsset: string;
        readonly partitions?: WrittenDefinition;
        readonly canSubset?: boolean;
        readonly assets: readonly WrittenAsset[];
      }
  )[];
}

/** By asset, then by key; `""` for none, `"*"` for every key. A list gives one outcome an attempt. */
export type WrittenOutcomes = Readonly<
  Record<AssetKeyText, Readonly<Record<string, string | readonly string[]>>>
>;

/** One run as the vectors write it. */
export interface WrittenRun {
  readonly select?: readonly AssetKeyText[];
  /** A multi key may be given by its dimensions. */
  readonly partition?: string | Readonly<Record<string, string>> | null;
  readonly range?: readonly [PartitionKey, PartitionKey];
  readonly runConfig?: RunConfig | null;
  readonly tags?: Readonly<Record<string, string>>;
  readonly deleteFiles?: readonly string[];
  readonly legacyMove?: readonly [string, string];
  readonly replaceGraph?: WrittenGraph;
}

/** A run that was played, or why it was refused. */
export type PlayedRun =
  | { readonly raised: ErrorAnswer }
  | { readonly run: Run; readonly events: readonly EventDraft[]; readonly calls: readonly Call[] };

/** One call of an asset's function. */
export interface Call {
  readonly asset: AssetKeyText;
  readonly partitions: readonly PartitionKey[] | null;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly config?: unknown;
}

/** What an asset's function does where it is more than `returns` and `outcomes` say. */
export type PlayedFunction = (step: StepRequest, services: GuestServices) => unknown;

interface World {
  readonly graph: WrittenGraph;
  readonly now: string;
  readonly outcomes?: WrittenOutcomes;
  readonly dynamicPartitions?: Readonly<Record<string, readonly PartitionKey[]>>;
}

const MINUTE_MS = 60_000;

/**
 * A notebook of which only the declarations count: its runs are made and executed by the
 * engine's own code, and its functions do what the case says of them.
 */
export class PlayedRuns {
  readonly folds = new StatusFolds();
  readonly dynamicPartitions: Map<string, readonly PartitionKey[]>;
  /** All that happened. */
  readonly events: Event[] = [];
  /** What an asset that gives its data version gives; `v1` if nothing is said. */
  readonly dataVersions = new Map<AssetKeyText, string>();
  graph: AssetGraph;
  now: number;
  #written = new Map<AssetKeyText, WrittenAsset>();
  readonly #outcomes: WrittenOutcomes;
  readonly #functions: Readonly<Record<AssetKeyText, PlayedFunction>>;
  /** By path. */
  readonly #values = new Map<string, ValueWrite>();
  readonly #attempts = new Map<string, number>();
  #runs = 0;
  #lastEventId = 0;

  constructor(
    { graph, now, outcomes = {}, dynamicPartitions = {} }: World,
    functions: Readonly<Record<AssetKeyText, PlayedFunction>> = {},
  ) {
    this.now = Date.parse(now);
    this.dynamicPartitions = new Map(
      Object.entries(dynamicPartitions).map(([name, keys]) => [name, [...new Set(keys)]]),
    );
    this.#outcomes = outcomes;
    this.#functions = functions;
    this.graph = new AssetGraph([]);
    this.declare(graph);
  }

  get keySpace(): KeySpace {
    const { now, dynamicPartitions } = this;
    return new KeySpace({ effectiveAt: now, dynamicPartitions });
  }

  /** What is declared from now on; what happened stays. */
  declare(graph: WrittenGraph): void {
    const all = graph.assets.flatMap((one) => ('multiAsset' in one ? one.assets : [one]));
    this.#written = new Map(all.map((one) => [one.key, one]));
    this.graph = new AssetGraph(graph.assets.flatMap(specsOf));
    this.reindex();
  }

  /** Tells the statuses which keys exist now. */
  reindex(): void {
    this.folds.declare([...this.graph.assets.values()], this.keySpace);
  }

  /** Paths of the values that are kept, sorted. */
  files(): readonly string[] {
    return [...this.#values.keys()].sort();
  }

  valueOf(assetKey: AssetKeyText, partitionKey: PartitionKey | null): unknown {
    const found = [...this.#values.values()].find(
      (one) => one.assetKey === assetKey && one.partitionKey === partitionKey,
    );
    return found?.value;
  }

  /** Writes events to the log. */
  happen(...drafts: readonly EventDraft[]): void {
    const events = drafts.map((draft): Event => ({ ...draft, eventId: ++this.#lastEventId }));
    this.folds.apply(events);
    this.events.push(...events);
  }

  /** Makes a run and executes it; a minute passes. */
  async play(written: WrittenRun, jobName = '__ephemeral_asset_job__'): Promise<PlayedRun> {
    if (written.replaceGraph) this.declare(written.replaceGraph);
    for (const path of written.deleteFiles ?? []) this.#values.delete(path);
    if (written.legacyMove) this.#move(...written.legacyMove);
    try {
      return await this.#execute(this.#make(written, jobName));
    } catch (thrown) {
      return { raised: thrownAnswer(thrown) };
    } finally {
      this.now += MINUTE_MS;
      this.reindex();
    }
  }

  #make({ select, partition, range, runConfig, tags }: WrittenRun, jobName: string): Run {
    const prepared = prepareRun(
      {
        assetKeys: select ?? null,
        partitionKey: partition ? this.#keyText(partition) : null,
        runConfig: runConfig ?? {},
        tags: {
          ...tags,
          ...(range && { [RunTag.rangeStart]: range[0], [RunTag.rangeEnd]: range[1] }),
        },
        jobName,
      },
      this.graph,
      this.keySpace,
    );
    return {
      ...prepared,
      notebookId: 'notebook',
      runId: `run ${++this.#runs}`,
      runNumber: this.#runs,
      status: 'STARTED',
      backfillId: null,
      parentRunId: null,
      createdAt: this.now,
      startedAt: this.now,
      endedAt: null,
      tookMs: null,
      failure: null,
    };
  }

  async #execute(run: Run): Promise<PlayedRun> {
    const { graph, keySpace } = this;
    const events: EventDraft[] = [];
    const emit = (event: EventDraft) => {
      events.push(event);
      this.happen(event);
    };
    const keysOf = plannedKeysOf(run, graph, keySpace);
    const stepOf = (key: AssetKeyText) => stepKeyOfAsset(key, graph);
    for (const event of creationEvents(run, keysOf, stepOf)) emit(event);
    const calls: Call[] = [];
    const canceling = new AbortController();
    let stepId = 0;
    const ended = await executeRun(
      run,
      {
        graph,
        keySpace,
        runner: {
          execute: async (step, services) => {
            const outcome = this.#compute(step, services, calls);
            if (outcome.status === 'canceled') {
              emit(runCanceling(run, this.now));
              canceling.abort();
            }
            return outcome;
          },
        },
        values: {
          readValues: async (assetKey, keys) =>
            keys.flatMap((key) => {
              const value = [...this.#values.values()].find(
                (one) => one.assetKey === assetKey && one.partitionKey === key,
              );
              return value ? [value] : [];
            }),
        },
        valuePaths: {
          isFile: async (path) => this.#values.has(path),
          isFolder: async (path) => this.files().some((one) => one.startsWith(`${path}/`)),
          removeFile: async (path) => void this.#values.delete(path),
        },
        seed: 1,
        now: () => this.now,
        elapsedMs: () => 0,
        newStepId: () => ++stepId,
        logReaches: () => this.#lastEventId,
        listFiles: async () => ({ files: [] }),
        request: async () => ({ status: 'ok', bytes: null }),
        sizeOf: () => 0,
        emit,
        keep: (value) => this.#values.set(value.path, value),
      },
      canceling.signal,
    );
    return { run: ended, events, calls };
  }

  #compute(step: StepRequest, services: GuestServices, calls: Call[]): StepOutcome {
    const { assetKey, assetKeys = [assetKey], partitionKeys } = step;
    const written = this.#written.get(assetKey);
    if (written?.config && refusedByClass(written.config, step.config)) {
      return { status: 'failure', error: plain('ValidationError', '1 validation error') };
    }
    const shared = step.assetKeys !== undefined;
    for (const key of assetKeys) {
      const { returns = 'none', eventPerKey = false } = this.#written.get(key) ?? {};
      calls.push({
        asset: key,
        partitions: partitionKeys.length > 0 ? partitionKeys : null,
        inputs: Object.fromEntries(step.inputs.map(received)),
        ...(this.#written.get(key)?.config && { config: step.config }),
      });
      const outcome = this.#outcomeOf(key, step, services, eventPerKey);
      if (outcome !== 'ok') return outcome;
      const own = this.#functions[key];
      try {
        const value = own ? own(step, services) : textOf(key, partitionKeys);
        const output = outputOf(returns, value, this.dataVersions.get(key));
        if (!shared) return { status: 'success', ...output };
        services.output?.(step.stepId, key, output);
      } catch (thrown) {
        const { name, message } = thrown as Error;
        return { status: 'failure', error: plain(name, message) };
      }
    }
    return { status: 'success', noOutput: true, ...outputOf('none', null) };
  }

  /** Goes over the keys of the run as the function does, up to the one that ends it. */
  #outcomeOf(
    assetKey: AssetKeyText,
    { stepId, partitionKeys }: StepRequest,
    services: GuestServices,
    eventPerKey: boolean,
  ): 'ok' | StepOutcome {
    for (const key of partitionKeys.length > 0 ? partitionKeys : ['']) {
      const planned = this.#outcomes[assetKey]?.[key] ?? this.#outcomes[assetKey]?.['*'] ?? 'ok';
      const attempt = this.#attempts.get(`${assetKey} ${key}`) ?? 0;
      this.#attempts.set(`${assetKey} ${key}`, attempt + 1);
      const outcome = typeof planned === 'string' ? planned : (planned[attempt] ?? 'ok');
      if (outcome === 'fail') {
        const message = `${assetKey} failed${key === '' ? '' : ` on ${key}`}`;
        return { status: 'failure', error: plain('Boom', message) };
      }
      if (outcome === 'retry') {
        const { maxRetries = 1 } = this.#written.get(assetKey) ?? {};
        const retry = { maxRetries, delaySeconds: 0 };
        return { status: 'failure', error: plain('RetryRequested', ''), retry };
      }
      if (outcome === 'interrupt') return { status: 'canceled' };
      if (outcome === 'omit') {
        return { status: 'success', noOutput: true, ...outputOf('none', null) };
      }
      if (eventPerKey && key !== '') {
        const event = {
          kind: 'materialization',
          assetKey,
          partitionKey: key,
          metadata: {},
        } as const;
        services.report?.(stepId, event);
      }
    }
    return 'ok';
  }

  #move(from: string, to: string): void {
    const value = this.#values.get(from);
    if (!value) return;
    this.#values.delete(from);
    this.#values.set(to, { ...value, path: to });
  }

  /** The text of a key that is given by its dimensions: names that the definition lacks are passed over. */
  #keyText(partition: string | Readonly<Record<string, string>>): PartitionKey {
    if (typeof partition === 'string') return partition;
    const names = Object.keys(partition).sort();
    return names.map((name) => partition[name]).join('|');
  }
}

function specsOf(written: WrittenGraph['assets'][number]): readonly AssetSpec[] {
  if (!('multiAsset' in written)) return [specOf(written)];
  const { multiAsset, partitions, canSubset = false, assets } = written;
  const sharedStep = { stepName: multiAsset, canSubset };
  return assets.map((one) => ({
    ...specOf({ ...(partitions && { partitions }), ...one }),
    sharedStep,
  }));
}

function specOf(written: WrittenAsset): AssetSpec {
  const { key, partitions, deps = [], external = false, config, retryPolicy } = written;
  return asset(
    key,
    partitions ? definitionOf(partitions) : null,
    deps.map((dep) => ({
      assetKey: dep.asset,
      inputName: dep.load ? (dep.param ?? dep.asset.split('/').at(-1) ?? '') : null,
      mapping: dep.mapping ? mappingOf(dep.mapping) : null,
      byKey: false,
      allowMissingPartitions: dep.allowMissing ?? false,
    })),
    {
      external,
      config: config ? shapeOfVector(config) : null,
      codeVersion: written.codeVersion ?? null,
      ...(retryPolicy && { retryPolicy: { ...retryPolicy, delaySeconds: 0 } }),
      ...(written.optionalOutput && { optionalOutput: true }),
    },
  );
}

function outputOf(returns: string, value: unknown, dataVersion = 'v1') {
  const hasValue = ['value', 'nullValue', 'materializeResultValue'].includes(returns);
  return {
    value: returns === 'nullValue' ? null : hasValue ? value : undefined,
    hasValue,
    handled: hasValue,
    metadata: {},
    dataVersion: returns === 'materializeResultVersion' ? dataVersion : null,
  };
}

function textOf(assetKey: AssetKeyText, keys: readonly PartitionKey[]): unknown {
  const [first, ...others] = keys;
  if (first === undefined) return assetKey;
  if (others.length === 0) return `${assetKey}@${first}`;
  return Object.fromEntries(keys.map((key) => [key, `${assetKey}@${key}`]));
}

function received(input: StepInput): readonly [string, unknown] {
  switch (input.kind) {
    case 'single':
      return [input.name, input.value];
    case 'byKey':
      return [input.name, Object.fromEntries(input.entries)];
    case 'none':
      return [input.name, null];
  }
}

/** Whether the config class refuses what its types allow, as the author's code does when it starts. */
function refusedByClass(schema: VectorSchema, config: unknown): boolean {
  const values = config as Readonly<Record<string, unknown>>;
  return Object.entries(schema.fields).some(([name, field]) => {
    const value = values[name];
    const { gt, ge, lt, le } = field as {
      readonly [bound in 'gt' | 'ge' | 'lt' | 'le']?: number;
    };
    if (typeof value !== 'number') return false;
    return (
      (gt !== undefined && value <= gt) ||
      (ge !== undefined && value < ge) ||
      (lt !== undefined && value >= lt) ||
      (le !== undefined && value > le)
    );
  });
}

function plain(name: string, message: string): SerializableErrorInfo {
  return { name, code: null, kind: null, message, frames: [], cause: null };
}

/** An error of ours with its causes, as the vectors write it. */
export function thrownAnswer(thrown: unknown): ErrorAnswer {
  const { name, message, kind, cause } = thrown as Error & { readonly kind?: string };
  return {
    error: kind ?? name,
    message,
    ...(cause !== undefined && { cause: thrownAnswer(cause) }),
  };
}

/** A step's or run's error as the vectors write it. */
function reportedAnswer({ kind, name, message, cause }: SerializableErrorInfo): ErrorAnswer {
  return { error: kind ?? name, message, ...(cause && { cause: reportedAnswer(cause) }) };
}

/** An event as the vectors write it. */
export interface WrittenEvent {
  readonly type: string;
  readonly step?: string;
  readonly asset?: AssetKeyText;
  readonly partition?: PartitionKey;
  readonly input?: string;
  readonly output?: string;
}

/** Lines, and what a run in process has not. */
const LEFT_OUT: ReadonlySet<string> = new Set(['LOG', 'RUN_ENQUEUED', 'RUN_STARTING']);

/** The events of a run as the vectors write them. */
export function writtenEvents(events: readonly EventDraft[]): readonly WrittenEvent[] {
  return events
    .filter(({ type }) => !LEFT_OUT.has(type))
    .map(({ type, stepKey, assetKey, partitionKey, message }) => {
      const [, name = ''] = /"([^"]*)"/.exec(message) ?? [];
      const ofAsset = type.startsWith('ASSET_');
      return {
        type: type.replace(/^RUN_/, 'PIPELINE_'),
        ...(stepKey !== null && { step: stepKey }),
        ...(ofAsset && assetKey !== null && { asset: assetKey }),
        ...(ofAsset && partitionKey !== null && { partition: partitionKey }),
        ...(type === 'LOADED_INPUT' && { input: name }),
        ...((type === 'STEP_OUTPUT' || type === 'HANDLED_OUTPUT') && { output: name }),
      };
    });
}

/** Like events of one range run have no order of their own. */
export function inKeyOrder(events: readonly WrittenEvent[]): readonly WrittenEvent[] {
  const like = (one: WrittenEvent) => JSON.stringify([one.type, one.step, one.asset]);
  const ordered: WrittenEvent[] = [];
  for (const event of events) {
    let at = ordered.length;
    while (at > 0 && like(ordered[at - 1] as WrittenEvent) === like(event)) {
      if (((ordered[at - 1] as WrittenEvent).partition ?? '') <= (event.partition ?? '')) break;
      at--;
    }
    ordered.splice(at, 0, event);
  }
  return ordered;
}

/** The errors of a run as the vectors write them, where `storage` stands for the folder of values. */
export function writtenErrors(events: readonly EventDraft[], storage: string) {
  const failed = events.find(({ type }) => type === 'STEP_FAILURE');
  return events.flatMap(({ type, stepKey, error }) => {
    if (!error || !['STEP_FAILURE', 'RUN_FAILURE'].includes(type)) return [];
    // A run fails with the error of the first of its steps that did.
    const step = stepKey ?? failed?.stepKey ?? '';
    const answer = reportedAnswer(errorAsReported(step, error));
    const text = JSON.stringify({
      event: type.replace(/^RUN_/, 'PIPELINE_'),
      step: stepKey,
      ...answer,
    });
    return [JSON.parse(text.replaceAll("'storage/", `'${storage}`)) as ErrorAnswer];
  });
}
