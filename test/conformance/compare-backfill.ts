import { isDeepStrictEqual } from 'node:util';
import { AssetGraph } from '../../src/definitions/graph.ts';
import { AssetKeys } from '../../src/export/python-asset-keys.ts';
import { toTaggedJson } from '../../src/export/tagged-json.ts';
import { KeySpace } from '../../src/orchestration/key-space.ts';
import { keysOf } from '../../src/partitions/subset/subset-keys.ts';
import type { ComparedRuns } from './compare-runs.ts';
import type { Example } from './example-projects.ts';
import { runProgram } from './run-program.ts';

const PROGRAM = 'backfill_project.py';
/** Differences that are told one by one. */
const MOST_TOLD = 20;

interface Answered {
  readonly seconds: number;
  readonly status: string;
  readonly runs: number;
  /** How many processes began the steps of the newest runs. */
  readonly processes: number;
  readonly statuses: readonly Readonly<
    Record<'materialized' | 'failed', readonly (string | null)[]>
  >[];
  /** As JSON, by the path of the asset and its key. */
  readonly values: Readonly<Record<string, string>>;
}

/**
 * Backfills the first `most` keys of the first partitioned asset, and what they come to in every other: in the notebook's own
 * engine, and in the project by Dagster's daemon with a process for each step. Compares the number of runs, the
 * statuses of all keys, and their values.
 */
export async function compareBackfill(
  { opened, now }: Example,
  python: string,
  module: string,
  options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv; readonly most: number },
): Promise<ComparedRuns> {
  const { assets } = opened.definitions;
  const { host, notebookId } = opened;
  const graph = new AssetGraph(assets);
  const own = graph.order.filter((assetKey) => graph.assets.get(assetKey)?.external === false);
  const keySpace = new KeySpace({ effectiveAt: now, dynamicPartitions: new Map() });
  const indexOf = (assetKey: string) =>
    keySpace.indexOf(graph.assets.get(assetKey)?.partitionsDef ?? null);
  const root = own.map(indexOf).find((index) => index !== null && index.count > 0);
  if (!root) throw new Error('It has no keys.');
  const count = Math.min(options.most, root.count);
  const keys = Array.from({ length: count }, (_, ordinal) => root.keyAt(ordinal));
  const runIds = await opened.run({
    assetKeys: own,
    partitionRanges: [[root.keyAt(0), root.keyAt(count - 1)]],
    runConfig: {},
    tags: {},
    jobName: null,
  });
  if (runIds === null) throw new Error('The backfill is refused.');
  const paths = new AssetKeys(assets, []);
  const there = runProgram<Answered>(PROGRAM, python, module, options, {
    assets: own.map((assetKey) => paths.pathOf(assetKey)),
    keys,
  });
  const state = await opened.state();
  const differences: string[] = [];
  const ended = await statusOfBackfill(opened);
  if (ended !== there.status) differences.push(`Dagster's is ${there.status}, here ${ended}`);
  let [statuses, values] = [0, 0];
  for (const [place, assetKey] of own.entries()) {
    const index = indexOf(assetKey);
    const found = state.assets.find((one) => one.assetKey === assetKey)?.statuses;
    const all = index
      ? Array.from({ length: index.count }, (_, ordinal) => index.keyAt(ordinal))
      : [null];
    const here = {
      materialized:
        index && found
          ? [...keysOf(index, found.materialized)].sort()
          : (await host.readValue(notebookId, assetKey, null)) === null
            ? []
            : [null],
      failed: index && found ? [...keysOf(index, found.failed)].sort() : [],
    };
    statuses += all.length;
    if (!isDeepStrictEqual(here, there.statuses[place])) {
      differences.push(`the statuses of ${assetKey} differ`);
    }
    for (const key of all) {
      const stored = await host.readValue(notebookId, assetKey, key);
      const path = [...paths.pathOf(assetKey), ...(key?.split('|') ?? [])].join('/');
      const ours = stored ? toTaggedJson(stored.value) : null;
      const theirs = there.values[path] ?? null;
      values += 1;
      if (!isDeepStrictEqual(parsed(ours), parsed(theirs))) {
        differences.push(`${path}: Dagster ${theirs}, here ${ours}`);
      }
    }
  }
  return {
    summary: `${there.runs} runs in ${there.seconds} s, ${statuses} statuses, ${values} values; the newest 20 runs in ${there.processes} processes`,
    differences: differences.slice(0, MOST_TOLD),
  };
}

/** How the only one has ended. */
async function statusOfBackfill({ host, notebookId }: Example['opened']): Promise<string> {
  const [found] = await host.listBackfills(notebookId, { limit: 1 });
  return found?.backfill.status ?? 'none';
}

function parsed(text: string | null): unknown {
  return text === null ? null : JSON.parse(text);
}
