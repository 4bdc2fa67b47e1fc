import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { AssetSpec } from '../../src/definitions/definitions.ts';
import { AssetGraph } from '../../src/definitions/graph.ts';
import type { EventDraft } from '../../src/orchestration/event.ts';
import { executeRun, keyFor } from '../../src/orchestration/execute-run.ts';
import { KeySpace } from '../../src/orchestration/key-space.ts';
import type { CodeRunner, ValueWrite } from '../../src/orchestration/ports.ts';
import { creationEvents } from '../../src/orchestration/run-events.ts';
import type { Run } from '../../src/orchestration/run.ts';
import type { StepInput, StepOutcome, StepRequest } from '../../src/protocol/sandbox.ts';
import { shapeOfVector, type VectorSchema } from '../config/config-schema-of-vector.ts';
import { definitionOf, mappingOf } from '../partitions/vectors.ts';
import { asset } from './sample-assets.ts';

interface VectorAsset {
  readonly key: string;
  readonly partitions?: Parameters<typeof definitionOf>[0];
  readonly deps?: readonly {
    readonly asset: string;
    readonly mapping?: Parameters<typeof mappingOf>[0] | null;
    readonly load?: boolean;
    readonly param?: string;
    readonly allowMissing?: boolean;
  }[];
  readonly returns?: string;
  readonly external?: boolean;
  readonly config?: VectorSchema;
}

interface VectorRun {
  readonly select?: readonly string[];
  /** A multi key may be given by its dimensions. */
  readonly partition?: string | Readonly<Record<string, string>>;
  readonly runConfig?: Run['runConfig'];
  readonly deleteFiles?: readonly string[];
}

interface VectorAnswer {
  readonly raised?: unknown;
  readonly success?: boolean;
  readonly events?: readonly {
    readonly type: string;
    readonly step?: string;
    readonly asset?: string;
    readonly partition?: string;
  }[];
  readonly errors?: readonly {
    readonly event: string;
    readonly step: string | null;
    readonly error: string;
    readonly cause?: { readonly error: string };
  }[];
  readonly calls?: readonly {
    readonly asset: string;
    readonly partitions: readonly string[] | null;
    readonly inputs: unknown;
  }[];
  readonly handledOutputs?: Readonly<Record<string, { readonly path?: string }>>;
  readonly files?: readonly string[];
}

interface Case {
  readonly id: string;
  readonly now: string;
  readonly graph: { readonly assets: readonly VectorAsset[] };
  readonly outcomes?: Readonly<
    Record<string, Readonly<Record<string, string | readonly string[]>>>
  >;
  readonly dynamicPartitions?: Readonly<Record<string, readonly string[]>>;
  readonly runs: readonly VectorRun[];
  readonly expect: readonly VectorAnswer[] | { readonly runs: readonly VectorAnswer[] };
}

/** What there is no word for here yet, or what a store of values does not do. */
const BEYOND =
  /"(range|multiAsset|retryPolicy|maxRetries|optionalOutput|eventPerKey|replaceGraph|legacyMove|raised|validators)":|"retry"/;
/** One folder and one file of a name cannot be; a store of values has no such clash. */
const APART = new Set(['io-prefix-clash', 'mt-config-stage2']);

function read(name: string): readonly Case[] {
  const path = new URL(`../vectors/orchestration/${name}.json`, import.meta.url);
  const { cases } = JSON.parse(readFileSync(path, 'utf8')) as { cases: readonly Case[] };
  return cases.filter((one) => !BEYOND.test(JSON.stringify(one)) && !APART.has(one.id));
}

describe('runs against what Dagster answered', () => {
  it.each(read('materialize'))('[§12, IO-4, IO-5] $id', check);
  it.each(read('io'))('[IO-2, IO-5, IO-8, IO-9, IO-10] $id', check);
});

async function check(one: Case): Promise<void> {
  const answers = 'runs' in one.expect ? one.expect.runs : one.expect;
  const world = new VectorWorld(one);
  for (const [at, run] of one.runs.entries()) {
    const answer = answers[at] as VectorAnswer;
    const seen = await world.execute(run, at);
    if (answer.success !== undefined) expect(seen.success).toBe(answer.success);
    if (answer.events) expect(seen.events).toEqual(answer.events.map(comparable));
    if (answer.errors) expect(seen.errors).toEqual(comparableErrors(answer.errors));
    if (answer.calls) {
      expect(seen.calls).toEqual(
        answer.calls.map(({ asset: key, partitions, inputs }) => ({
          asset: key,
          partitions,
          inputs,
        })),
      );
    }
    if (answer.handledOutputs) {
      const paths = Object.entries(answer.handledOutputs).map(([step, { path }]) => [
        step,
        path?.replace('<base>', 'storage'),
      ]);
      expect(seen.handled).toEqual(Object.fromEntries(paths));
    }
    if (answer.files) expect(world.files()).toEqual([...answer.files].sort());
  }
}

class VectorWorld {
  readonly #case: Case;
  readonly #graph: AssetGraph;
  readonly #values = new Map<string, ValueWrite>();
  readonly #attempts = new Map<string, number>();

  constructor(one: Case) {
    this.#case = one;
    this.#graph = new AssetGraph(one.graph.assets.map(specOf));
  }

  files(): readonly string[] {
    return [...this.#values.values()].map(({ path }) => path).sort();
  }

  async execute({ select, partition, runConfig, deleteFiles = [] }: VectorRun, at: number) {
    for (const [key, { path }] of this.#values)
      if (deleteFiles.includes(path)) this.#values.delete(key);
    const effectiveAt = Date.parse(this.#case.now);
    const dynamicPartitions = new Map(Object.entries(this.#case.dynamicPartitions ?? {}));
    const chosen = select ?? [...this.#graph.assets.keys()];
    const assetKeys = this.#graph
      .inOrder(chosen)
      .filter((key) => this.#graph.assets.get(key)?.external === false);
    const run: Run = {
      notebookId: 'n',
      runId: `run${at}`,
      runNumber: at + 1,
      jobName: 'job',
      status: 'STARTED',
      assetKeys,
      partitionKey: partition === undefined ? null : keyText(partition),
      tags: {},
      runConfig: runConfig ?? {},
      backfillId: null,
      parentRunId: null,
      createdAt: effectiveAt,
      startedAt: null,
      endedAt: null,
      tookMs: null,
      failure: null,
    };
    const events: EventDraft[] = [
      ...creationEvents(run, (key) => keyFor(this.#graph.assets.get(key), run)),
    ];
    const calls: { asset: string; partitions: readonly string[] | null; inputs: unknown }[] = [];
    const end = await executeRun(
      run,
      {
        graph: this.#graph,
        keySpace: new KeySpace({ effectiveAt, dynamicPartitions }),
        runner: {
          execute: async (step: StepRequest) => this.#compute(step, calls),
        } as unknown as CodeRunner,
        values: {
          readValues: async (assetKey, keys) =>
            keys.flatMap((key) => this.#values.get(JSON.stringify([assetKey, key])) ?? []),
        },
        seed: 1,
        now: () => effectiveAt,
        elapsedMs: () => 0,
        newStepId: () => 1,
        listFiles: async () => ({ files: [] }),
        request: async () => ({ status: 'ok', bytes: null }),
        sizeOf: () => 0,
        emit: (event) => events.push(event),
        keep: (value) => {
          this.#values.set(JSON.stringify([value.assetKey, value.partitionKey]), value);
        },
      },
      new AbortController().signal,
    );
    return {
      success: end.status === 'SUCCESS',
      calls,
      events: events
        .filter(({ type }) => !['LOG', 'RUN_ENQUEUED', 'RUN_STARTING'].includes(type))
        .map(({ type, stepKey, assetKey, partitionKey }) =>
          comparable({
            type: type.replace(/^RUN_/, 'PIPELINE_'),
            ...(stepKey !== null && { step: stepKey }),
            ...(type.startsWith('ASSET_') && assetKey !== null && { asset: assetKey }),
            ...(type.startsWith('ASSET_') && partitionKey !== null && { partition: partitionKey }),
          }),
        ),
      errors: events.flatMap(({ type, stepKey, error }) =>
        error
          ? [[type.replace(/^RUN_/, 'PIPELINE_'), stepKey, error.cause?.name ?? error.name]]
          : [],
      ),
      handled: Object.fromEntries(
        events.flatMap(({ type, stepKey, metadata }) =>
          type === 'HANDLED_OUTPUT' ? [[stepKey, metadata?.path]] : [],
        ),
      ),
    };
  }

  #compute(
    { assetKey, partitionKeys, inputs }: StepRequest,
    calls: { asset: string; partitions: readonly string[] | null; inputs: unknown }[],
  ): StepOutcome {
    const [key = ''] = partitionKeys;
    const partitions = partitionKeys.length > 0 ? partitionKeys : null;
    calls.push({ asset: assetKey, partitions, inputs: Object.fromEntries(inputs.map(received)) });
    const planned = this.#case.outcomes?.[assetKey];
    const outcome = planned?.[key] ?? planned?.['*'] ?? 'ok';
    const attempt = this.#attempts.get(assetKey + key) ?? 0;
    this.#attempts.set(assetKey + key, attempt + 1);
    if ((typeof outcome === 'string' ? outcome : (outcome[attempt] ?? 'ok')) === 'fail') {
      const message = `${assetKey} failed`;
      return {
        status: 'failure',
        error: { name: 'Boom', code: null, kind: null, message, frames: [], cause: null },
      };
    }
    const returns = this.#case.graph.assets.find((one) => one.key === assetKey)?.returns ?? 'none';
    const text = key === '' ? assetKey : `${assetKey}@${key}`;
    const hasValue = ['value', 'nullValue', 'materializeResultValue'].includes(returns);
    return {
      status: 'success',
      value: returns === 'nullValue' ? null : hasValue ? text : undefined,
      hasValue,
      handled: hasValue,
      metadata: {},
      dataVersion: null,
    };
  }
}

function specOf({ key, partitions, deps = [], external = false, config }: VectorAsset): AssetSpec {
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
    { external, config: config ? shapeOfVector(config) : null },
  );
}

function keyText(partition: string | Readonly<Record<string, string>>): string {
  if (typeof partition === 'string') return partition;
  return Object.keys(partition)
    .sort()
    .map((dimension) => partition[dimension])
    .join('|');
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

function comparable({
  type,
  step,
  asset: key,
  partition,
}: {
  readonly type: string;
  readonly step?: string;
  readonly asset?: string;
  readonly partition?: string;
}) {
  return [type, step, key, partition];
}

function comparableErrors(errors: NonNullable<VectorAnswer['errors']>) {
  return errors.map(({ event, step, error, cause }) => [event, step, cause?.error ?? error]);
}
