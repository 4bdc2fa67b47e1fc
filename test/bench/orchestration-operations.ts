import { createHash } from 'node:crypto';
import type { ConfigField, ConfigSchema, ConfigShape } from '../../src/config/config-schema.ts';
import { runConfigSchema, validateConfig } from '../../src/config/validate.ts';
import type { AssetSpec, Definitions, ScheduleSpec } from '../../src/definitions/definitions.ts';
import { AssetGraph } from '../../src/definitions/graph.ts';
import { keysOfTick } from '../../src/definitions/partitioned-schedule.ts';
import { BackfillGraph } from '../../src/orchestration/backfill/backfill-graph.ts';
import { backfillHasEnded } from '../../src/orchestration/backfill/backfill.ts';
import { iterateBackfill } from '../../src/orchestration/backfill/iterate-backfill.ts';
import { observeRuns, type BackfillRun } from '../../src/orchestration/backfill/observe-runs.ts';
import { startBackfill } from '../../src/orchestration/backfill/start-backfill.ts';
import { targetBackfill } from '../../src/orchestration/backfill/target-backfill.ts';
import type { Event } from '../../src/orchestration/event.ts';
import { KeySpace } from '../../src/orchestration/key-space.ts';
import type { RunRequest } from '../../src/orchestration/run-request.ts';
import { creationEvents } from '../../src/orchestration/run-events.ts';
import type { Run } from '../../src/orchestration/run.ts';
import { decideScheduleTick } from '../../src/orchestration/schedule-tick.ts';
import { MaterializationLog } from '../../src/orchestration/staleness/materialization-log.ts';
import { provenanceOf } from '../../src/orchestration/staleness/provenance.ts';
import { Staleness } from '../../src/orchestration/staleness/staleness.ts';
import type { PartitionKey, PartitionLoadingContext } from '../../src/partitions/context.ts';
import type { PartitionsDefinition } from '../../src/partitions/definition/partitions-definition.ts';
import { indexPartitions } from '../../src/partitions/index-partitions.ts';
import { contains } from '../../src/partitions/subset/subset-algebra.ts';
import { MemoryInstanceStore } from '../../src/storage/memory-instance-store.ts';
import { NOTEBOOK, NotebookScenario } from '../scenarios/notebook-scenario.ts';
import { definitionOf, fromOutside, type WrittenDefinition } from './workload.ts';

/** A workload of orchestration as workloads.json writes it. */
export type OrchestrationWorkload =
  | { readonly id: string; readonly op: 'materialize'; readonly def: string; readonly n: number }
  | {
      readonly id: string;
      readonly op: 'backfill';
      readonly def: string;
      /** `recorded` is ours: as `mocked`, with the runs it asks for written to a history in memory. */
      readonly mode: 'mocked' | 'recorded' | 'execute';
    }
  | { readonly id: string; readonly op: 'staleness'; readonly def: string }
  | {
      readonly id: string;
      readonly op: 'validateConfig';
      readonly n: number;
      readonly schema: Readonly<Record<string, WrittenField>>;
      readonly value: Readonly<Record<string, unknown>>;
    }
  | {
      readonly id: string;
      readonly op: 'schedule';
      readonly def: string;
      readonly n: number;
      readonly from: string;
    };

type WrittenField =
  | 'int'
  | 'string'
  | 'float'
  | 'bool'
  | readonly [WrittenField]
  | { readonly enum: readonly string[] }
  | { readonly optional: WrittenField }
  | { readonly [name: string]: WrittenField };

/** What is timed, with everything that it works on made anew. */
export interface TimedOperation {
  /** Does the work; the time of `untimed` parts is returned, to be taken off. */
  run(): Promise<{ readonly items: () => Promise<readonly string[]>; readonly untimedMs: number }>;
}

export interface OperationWorld {
  readonly context: PartitionLoadingContext;
  readonly defs: Readonly<Record<string, WrittenDefinition>>;
}

/** Makes what one repetition of a workload works on; nothing of that is timed. */
export function prepare(workload: OrchestrationWorkload, world: OperationWorld): TimedOperation {
  switch (workload.op) {
    case 'materialize':
      return materialize(definitionIn(world, workload.def), workload.n, world);
    case 'backfill': {
      const definition = definitionIn(world, workload.def);
      if (workload.mode === 'execute') return executeBackfill(definition, world);
      return planBackfill(definition, world, workload.mode === 'recorded');
    }
    case 'staleness':
      return staleness(definitionIn(world, workload.def), world);
    case 'validateConfig':
      return validate(workload);
    case 'schedule':
      return schedule(definitionIn(world, workload.def), workload.n, Date.parse(workload.from));
  }
}

function materialize(
  definition: PartitionsDefinition,
  count: number,
  { context }: OperationWorld,
): TimedOperation {
  const loading = { assetKey: 'first', inputName: 'first', mapping: null };
  const assets = [
    specOf('first', definition),
    specOf('second', definition, [{ ...loading, byKey: false, allowMissingPartitions: false }]),
  ];
  const dayOf = (key = '') => Date.parse(key) / 86_400_000;
  const now = new Date(context.effectiveAt).toISOString();
  const scenario = new NotebookScenario(
    assets,
    {
      first: ({ partitionKeys: [key] }) => dayOf(key),
      second: ({ inputs: [input] }) => 2 * Number(input?.kind === 'single' ? input.value : NaN) + 1,
    },
    { now, limit: 1 },
  );
  const keys = indexPartitions(definition, context).keys().slice(0, count);
  return {
    run: async () => {
      for (const key of keys) await scenario.run(['first', 'second'], [key]);
      const items = async () => {
        const values = await scenario.instances.readValues(NOTEBOOK, 'second', keys);
        return values.map(({ value }) => String(value));
      };
      return { items, untimedMs: 0 };
    },
  };
}

function executeBackfill(
  definition: PartitionsDefinition,
  { context }: OperationWorld,
): TimedOperation {
  const now = new Date(context.effectiveAt).toISOString();
  const nothing = () => undefined;
  const assets = pairOf(definition);
  const scenario = new NotebookScenario(assets, { a: nothing, b: nothing }, { now });
  const keys = indexPartitions(definition, context).keys();
  return {
    run: async () => {
      await scenario.run(['a', 'b'], keys);
      const items = async () =>
        scenario.events
          .filter(({ type }) => type === 'ASSET_MATERIALIZATION')
          .map(({ assetKey, partitionKey }) => `${assetKey}|${partitionKey}`)
          .sort();
      return { items, untimedMs: 0 };
    },
  };
}

/** Looks at a backfill until it has ended; its runs are completed in between, which is not timed. */
function planBackfill(
  definition: PartitionsDefinition,
  { context }: OperationWorld,
  recorded: boolean,
): TimedOperation {
  const assets = new AssetGraph(pairOf(definition));
  const graph = new BackfillGraph(assets, new KeySpace(context));
  const instances = new MemoryInstanceStore();
  return {
    run: async () => {
      const outcome = targetBackfill({ kind: 'all', assetKeys: ['a', 'b'] }, graph);
      if (outcome.status === 'refused') throw new Error(outcome.error.message);
      const { targets } = outcome;
      const options = { backfillId: 'b1', jobName: '__ASSET_JOB', runConfig: {}, tags: {} };
      let backfill = startBackfill(targets, graph.keySpace.context, options);
      let runs: readonly BackfillRun[] = [];
      let untimedMs = 0;
      while (!backfillHasEnded(backfill.status)) {
        const observation = observeRuns(runs, targets, graph.keySpace);
        const iteration = iterateBackfill(backfill, { graph, observation });
        ({ backfill } = iteration);
        if (recorded) {
          const made = iteration.runRequests.map((request, at) =>
            queuedRun(request, runs.length + at + 1, context.effectiveAt),
          );
          const rows = made.map((run) => creationEvents(run, () => run.partitionKey));
          await instances.append(NOTEBOOK, { rows, runs: made, values: [], checkpoints: [] });
        }
        const from = performance.now();
        const ended = iteration.runRequests.map(({ assetKeys, partitionKey }): BackfillRun => {
          const keys = partitionKey === null ? [] : [partitionKey];
          return {
            status: 'SUCCESS',
            assetKeys,
            partitionKeys: keys,
            materialized: new Map(assetKeys.map((assetKey) => [assetKey, keys])),
            willRetry: false,
          };
        });
        runs = [...runs, ...ended];
        untimedMs += performance.now() - from;
      }
      const items = async () =>
        runs
          .flatMap(({ materialized }) =>
            [...materialized].flatMap(([assetKey, keys]) =>
              keys.map((key) => `${assetKey}|${key}`),
            ),
          )
          .sort();
      return { items, untimedMs };
    },
  };
}

function staleness(definition: PartitionsDefinition, { context }: OperationWorld): TimedOperation {
  const assets = pairOf(definition);
  const keys = fromOutside(indexPartitions(definition, context).keys());
  const log = new MaterializationLog();
  let eventId = 0;
  const record = (spec: AssetSpec, some: readonly PartitionKey[]) =>
    log.apply(
      some.map((partitionKey): Event => {
        const provenance = provenanceOf(spec, eventId);
        const runId = `run ${++eventId}`;
        return { ...NOTHING, eventId, runId, assetKey: spec.assetKey, partitionKey, provenance };
      }),
    );
  const [a, b] = assets;
  record(a, keys);
  record(b, keys);
  record(
    a,
    keys.filter((_, at) => at % 2 === 0),
  );
  const graph = new AssetGraph(assets);
  const how = { dagsterLimits: false, countEdits: false };
  return {
    run: async () => {
      const told = new Staleness({ log, graph, keySpace: new KeySpace(context), ...how });
      const stale = told.staleKeys('b');
      const items = async () =>
        keys.map((key, at) => `${key} ${contains(stale, at) ? 'STALE' : 'FRESH'}`);
      return { items, untimedMs: 0 };
    },
  };
}

function validate({
  n,
  schema,
  value,
}: Extract<OrchestrationWorkload, { readonly op: 'validateConfig' }>): TimedOperation {
  const shape = runConfigSchema([{ stepKey: 'load', config: shapeOf(schema) }]);
  const configs = Array.from({ length: n }, (_, at) => {
    const config = structuredClone(value) as Record<string, unknown>;
    if (at % 4 === 3) delete config['count'];
    else if (at % 4 === 1) config['threshold'] = 'high';
    return { ops: { load: { config } } };
  });
  return {
    run: async () => {
      const valid = configs.map((config) => validateConfig(shape, config, []).status === 'valid');
      return { items: async () => valid.map((one) => (one ? '1' : '0')), untimedMs: 0 };
    },
  };
}

/** Ticks of a schedule that asks for the newest key; the author's function is not part of it. */
function schedule(definition: PartitionsDefinition, count: number, from: number): TimedOperation {
  const asset = specOf('a', definition);
  const graph = new AssetGraph([asset]);
  const place = { cellId: 'cell', name: null, description: null };
  const spec: ScheduleSpec = {
    ...place,
    scheduleName: 'j_schedule',
    cronSchedule: ['0 0 * * *'],
    executionTimezone: 'UTC',
    jobName: 'j',
  };
  const job = { ...place, jobName: 'j', assetKeys: ['a'], partitionsDef: definition };
  const definitions: Definitions = {
    partitionsDefinitions: [],
    configs: [],
    assets: [asset],
    jobs: [job],
    schedules: [spec],
    sensors: [],
    tests: [],
  };
  return {
    run: async () => {
      const asked: (string | null | undefined)[] = [];
      for (let tick = 0; tick < count; tick++) {
        const at = from + tick * 86_400_000;
        const context = { effectiveAt: at, dynamicPartitions: new Map() };
        const [partitionKey = null] = keysOfTick(definition, context) ?? [];
        const request = requestFor(partitionKey);
        const decision = decideScheduleTick(
          spec,
          at,
          {
            status: 'evaluated',
            evaluation: { results: [{ kind: 'runRequest', request }] },
          },
          {
            definitions,
            graph,
            keySpace: new KeySpace(context),
            earlierRuns: [],
            staleAmong: () => [],
          },
        );
        const [run] = decision.runs;
        asked.push(run?.kind === 'launch' ? run.launch.partitionKey : decision.error?.message);
      }
      const instantOf = (tick: number) => new Date(from + tick * 86_400_000).toISOString();
      const items = async () =>
        asked.map((key, tick) => `${instantOf(tick).replace('.000Z', 'Z')} ${key}`);
      return { items, untimedMs: 0 };
    },
  };
}

const NOTHING: Omit<Event, 'eventId' | 'runId'> = {
  type: 'ASSET_MATERIALIZATION',
  level: 'DEBUG',
  at: 0,
  message: '',
  stepKey: null,
  assetKey: null,
  partitionKey: null,
  metadata: null,
  error: null,
  byAuthor: false,
};

function requestFor(partitionKey: PartitionKey | null): RunRequest {
  return {
    runKey: null,
    partitionKey,
    runConfig: {},
    tags: {},
    jobName: null,
    assetSelection: null,
    staleAssetsOnly: false,
  };
}

function queuedRun(
  request: {
    readonly assetKeys: readonly string[];
    readonly partitionKey: PartitionKey | null;
    readonly tags: Run['tags'];
  },
  runNumber: number,
  createdAt: number,
): Run {
  const { assetKeys, partitionKey, tags } = request;
  return {
    notebookId: NOTEBOOK,
    runId: createHash('sha1').update(String(runNumber)).digest('hex'),
    runNumber,
    status: 'QUEUED',
    jobName: '__ASSET_JOB',
    assetKeys,
    partitionKey,
    runConfig: {},
    tags,
    backfillId: 'b1',
    parentRunId: null,
    createdAt,
    startedAt: null,
    endedAt: null,
    tookMs: null,
    failure: null,
  };
}

function definitionIn({ defs }: OperationWorld, name: string): PartitionsDefinition {
  return definitionOf(defs[name] as WrittenDefinition);
}

/** Asset b reads asset a, key by key. */
function pairOf(definition: PartitionsDefinition): readonly [AssetSpec, AssetSpec] {
  const order = { assetKey: 'a', inputName: null, mapping: null };
  return [
    specOf('a', definition),
    specOf('b', definition, [{ ...order, byKey: false, allowMissingPartitions: false }]),
  ];
}

function specOf(
  assetKey: string,
  partitionsDef: PartitionsDefinition,
  deps: AssetSpec['deps'] = [],
): AssetSpec {
  return {
    cellId: 'cell',
    name: assetKey,
    assetKey,
    group: 'default',
    description: null,
    partitionsDef,
    deps,
    config: null,
    configName: null,
    codeVersion: null,
    tags: {},
    owners: [],
    kinds: [],
    external: false,
  };
}

function shapeOf(fields: Readonly<Record<string, WrittenField>>): ConfigShape {
  return {
    kind: 'shape',
    permissive: false,
    fields: Object.entries(fields).map(([name, field]): ConfigField => {
      const optional = typeof field === 'object' && 'optional' in field;
      const schema = schemaOf(optional ? (field.optional as WrittenField) : field);
      return { name, schema, required: !optional, description: null };
    }),
  };
}

function schemaOf(field: WrittenField): ConfigSchema {
  if (typeof field === 'string') return { kind: field };
  if (Array.isArray(field)) return { kind: 'array', item: schemaOf(field[0] as WrittenField) };
  if ('enum' in field) return { kind: 'enum', values: field.enum as readonly string[] };
  return shapeOf(field as Readonly<Record<string, WrittenField>>);
}
