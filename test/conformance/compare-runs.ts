import { isDeepStrictEqual } from 'node:util';
import { AssetGraph } from '../../src/definitions/graph.ts';
import { toTaggedJson } from '../../src/export/tagged-json.ts';
import { AssetKeys } from '../../src/export/python-asset-keys.ts';
import type { Event } from '../../src/orchestration/event.ts';
import { KeySpace } from '../../src/orchestration/key-space.ts';
import { keysOf } from '../../src/partitions/subset/subset-keys.ts';
import type { LaunchRequest } from '../../src/protocol/engine.ts';
import type { Example } from './example-projects.ts';
import { runProgram } from './run-program.ts';

const PROGRAM = 'run_project.py';
/** Keys of each asset, and of each job, that are run. */
const SOME = 2;

/** Something to run: some assets, or a job of ops. */
interface AskedRun {
  /** Paths in Dagster; null for a job. */
  readonly assets: readonly (readonly string[])[] | null;
  readonly job: string | null;
  readonly key: string | null;
}

/** What a run came to; `refused` if it could not begin without a config. */
interface Came {
  readonly status: string;
  readonly events?: readonly (readonly (string | null)[])[];
  /** As JSON; null if none is stored, or it is no JSON. */
  readonly value?: string | null;
}

interface Answered {
  readonly runs: readonly Came[];
  /** Of each asset; null for one without partitions. */
  readonly statuses: readonly (Readonly<
    Record<'materialized' | 'failed', readonly string[]>
  > | null)[];
}

/** What a comparison found. */
export interface ComparedRuns {
  readonly summary: string;
  readonly differences: readonly string[];
}

/**
 * Runs a few keys of every asset, what comes first first, and of every job of ops: in the notebook's own engine
 * and in the project, and compares their events, values and statuses.
 */
export async function compareRuns(
  example: Example,
  python: string,
  module: string,
  options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): Promise<ComparedRuns> {
  const { opened, now } = example;
  const { assets, jobs } = opened.definitions;
  const paths = new AssetKeys(assets, []);
  const keySpace = new KeySpace({ effectiveAt: now, dynamicPartitions: new Map() });
  const keysFor = (definition: Parameters<KeySpace['indexOf']>[0]): readonly (string | null)[] => {
    const index = keySpace.indexOf(definition);
    if (!index) return [null];
    return Array.from({ length: Math.min(SOME, index.count) }, (_, at) => index.keyAt(at));
  };
  const graph = new AssetGraph(assets);
  const own = graph.order.filter((assetKey) => graph.assets.get(assetKey)?.external === false);
  const asked: { readonly run: AskedRun; readonly request: LaunchRequest }[] = [
    ...own.flatMap((assetKey) =>
      keysFor(graph.assets.get(assetKey)?.partitionsDef ?? null).map((key) => ({
        run: { assets: [paths.pathOf(assetKey)], job: null, key },
        request: requestFor([assetKey], null, key),
      })),
    ),
    ...jobs
      .filter(({ ops }) => ops)
      .flatMap(({ jobName, partitionsDef }) =>
        keysFor(partitionsDef).map((key) => ({
          run: { assets: null, job: jobName, key },
          request: requestFor([], jobName, key),
        })),
      ),
  ];
  const here: Came[] = [];
  for (const { request } of asked) here.push(await ranHere(example, request));
  const state = await opened.state();
  const statuses = own.map((assetKey) => {
    const spec = graph.assets.get(assetKey);
    const index = keySpace.indexOf(spec?.partitionsDef ?? null);
    const found = state.assets.find((one) => one.assetKey === assetKey)?.statuses;
    if (!index || !found) return null;
    return {
      materialized: [...keysOf(index, found.materialized)].sort(),
      failed: [...keysOf(index, found.failed)].sort(),
    };
  });
  const there = runProgram<Answered>(PROGRAM, python, module, options, {
    now,
    runs: asked.map(({ run }) => run),
    assets: own.map((assetKey) => paths.pathOf(assetKey)),
  });
  const differences = [
    ...asked.flatMap(({ run }, at) => differencesOf(run, here[at], there.runs[at])),
    ...own.flatMap((assetKey, at) =>
      isDeepStrictEqual(statuses[at], there.statuses[at])
        ? []
        : [`${assetKey}: Dagster ${told(there.statuses[at])}, here ${told(statuses[at])}`],
    ),
  ];
  const events = here.reduce((sum, one) => sum + (one.events?.length ?? 0), 0);
  const values = here.filter(({ value }) => value != null).length;
  return {
    summary: `${asked.length} runs, ${events} events, ${values} values, ${own.length} statuses`,
    differences,
  };
}

function requestFor(
  assetKeys: readonly string[],
  jobName: string | null,
  key: string | null,
): LaunchRequest {
  const partitionRanges = key === null ? null : [[key, key] as const];
  return { assetKeys, partitionRanges, runConfig: {}, tags: {}, jobName };
}

const TOLD: ReadonlySet<string> = new Set([
  'ASSET_MATERIALIZATION_PLANNED',
  'RUN_START',
  'STEP_START',
  'LOADED_INPUT',
  'STEP_INPUT',
  'STEP_OUTPUT',
  'ASSET_MATERIALIZATION',
  'HANDLED_OUTPUT',
  'STEP_SUCCESS',
  'STEP_FAILURE',
  'STEP_UP_FOR_RETRY',
  'STEP_RESTARTED',
  'STEP_SKIPPED',
  'RUN_SUCCESS',
  'RUN_FAILURE',
]);

async function ranHere({ opened }: Example, request: LaunchRequest): Promise<Came> {
  const { host, notebookId } = opened;
  const runIds = await opened.run(request);
  if (runIds === null) return { status: 'refused' };
  const [runId = ''] = runIds;
  const run = await host.findRun(notebookId, runId);
  const events = await opened.eventsOf(runId);
  const [assetKey] = request.assetKeys;
  const key = request.partitionRanges?.[0]?.[0] ?? null;
  const stored =
    assetKey === undefined || run?.status !== 'SUCCESS'
      ? null
      : await host.readValue(notebookId, assetKey, key);
  return {
    status: run?.status ?? 'missing',
    events: events.filter(({ type }) => TOLD.has(type)).map(eventOf),
    value: stored && toTaggedJson(stored.value),
  };
}

function eventOf({ type, stepKey, assetKey, partitionKey }: Event) {
  const ofAsset = type.startsWith('ASSET_');
  return [type, stepKey, ofAsset ? assetKey : null, ofAsset ? partitionKey : null];
}

function differencesOf(run: AskedRun, here?: Came, there?: Came): readonly string[] {
  const name = `${run.job ?? run.assets?.map((path) => path.join('/')).join(', ')} ${run.key ?? ''}`;
  const differ = (what: string, ours: unknown, theirs: unknown): readonly string[] =>
    isDeepStrictEqual(ours, theirs)
      ? []
      : [`${name.trim()}, ${what}: Dagster ${told(theirs)}, here ${told(ours)}`];
  return [
    ...differ('status', here?.status, there?.status),
    ...differ('events', here?.events, there?.events),
    ...differ('value', parsed(here?.value), parsed(there?.value)),
  ];
}

/** Nothing, and a stored null, are one: what is not stored is a file of null there. */
function parsed(text: string | null | undefined): unknown {
  return text == null ? null : JSON.parse(text);
}

function told(value: unknown): string {
  return JSON.stringify(value) ?? 'nothing';
}
