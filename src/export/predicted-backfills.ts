import type { AssetKeyText, AssetSpec, Definitions } from '../definitions/definitions.ts';
import { AssetGraph } from '../definitions/graph.ts';
import { InvalidDefinitionError } from '../errors.ts';
import type { Backfill } from '../orchestration/backfill/backfill.ts';
import { BackfillGraph } from '../orchestration/backfill/backfill-graph.ts';
import { forecastBackfill, type Forecast } from '../orchestration/backfill/forecast-backfill.ts';
import { runRequestsOf } from '../orchestration/backfill/run-requests.ts';
import { startBackfill } from '../orchestration/backfill/start-backfill.ts';
import { rootsOf, targetBackfill } from '../orchestration/backfill/target-backfill.ts';
import { IMPLICIT_JOB } from '../orchestration/job-names.ts';
import type { KeySpace } from '../orchestration/key-space.ts';
import type { PartitionKey } from '../partitions/context.ts';
import { equalPartitionsDefinitions } from '../partitions/definition/identity.ts';
import type { PartitionsSubset } from '../partitions/subset/partitions-subset.ts';
import { countOf, subtract } from '../partitions/subset/subset-algebra.ts';
import { keysOf } from '../partitions/subset/subset-keys.ts';
import { leastRunConfig } from './predicted-configs.ts';
import type { AssetKeys } from './python-asset-keys.ts';

/** Keys of an asset, in definition order; null stands for an asset without partitions. */
interface AssetKeysThere {
  readonly asset: readonly string[];
  readonly keys: readonly (PartitionKey | null)[];
}

/** A backfill, how it goes, and what is there afterwards. */
export interface PredictedBackfill {
  readonly assets: readonly (readonly string[])[];
  /** Of the assets that no other of them comes before. */
  readonly keys: readonly PartitionKey[];
  readonly runConfig: Readonly<Record<string, unknown>>;
  /** A key whose function throws; null if every run succeeds. */
  readonly failing: { readonly asset: readonly string[]; readonly key: PartitionKey } | null;
  /** Runs that are asked for at each look of the daemon; looks that ask for none are left out. */
  readonly waves: readonly (readonly PredictedRun[])[];
  /** Of each asset, where there are any. */
  readonly materialized: readonly AssetKeysThere[];
  /** Keys that a run began and did not make. */
  readonly failed: readonly AssetKeysThere[];
  /** Keys that the backfill counts as failed, those that were not tried for it among them. */
  readonly failedAndDownstream: readonly AssetKeysThere[];
  /** Dagster's word. */
  readonly status: string;
}

interface PredictedRun {
  /** Sorted. */
  readonly assets: readonly string[];
  readonly key: PartitionKey | null;
  readonly range: readonly [PartitionKey, PartitionKey] | null;
}

/** A backfill of more runs or keys is not played in a test: fewer keys are asked for. */
const MOST_RUNS = 16;
const MOST_KEYS = 2000;
/** No more backfills than these: each takes some seconds. */
const MOST_BACKFILLS = 12;

/** Backfills of a few keys of all assets that hang together: one that succeeds, and one in which a key fails. */
export function predictedBackfills(
  { assets }: Definitions,
  keySpace: KeySpace,
  paths: AssetKeys,
): readonly PredictedBackfill[] {
  const graph = new BackfillGraph(new AssetGraph(assets), keySpace);
  const found: PredictedBackfill[] = [];
  for (const together of componentsOf(assets)) {
    found.push(...backfillsOf(together, graph, paths));
  }
  return found.slice(0, MOST_BACKFILLS);
}

/** Assets that hang together by dependencies, those of elsewhere left out; each in notebook order. */
function componentsOf(assets: readonly AssetSpec[]): readonly (readonly AssetSpec[])[] {
  const own = assets.filter(({ external }) => !external);
  const component = new Map<AssetKeyText, AssetSpec[]>(own.map((one) => [one.assetKey, [one]]));
  for (const { assetKey, deps } of own) {
    for (const dep of deps) {
      const [here, there] = [component.get(assetKey), component.get(dep.assetKey)];
      if (!here || !there || here === there) continue;
      here.push(...there);
      for (const one of there) component.set(one.assetKey, here);
    }
  }
  const places = new Map(own.map(({ assetKey }, at) => [assetKey, at]));
  const inOrder = (one: AssetSpec) => places.get(one.assetKey) ?? 0;
  return [...new Set(component.values())].map((all) =>
    [...all].sort((one, other) => inOrder(one) - inOrder(other)),
  );
}

/** Of all together if what comes first has the same keys, and they are few; else of single assets. */
function backfillsOf(
  together: readonly AssetSpec[],
  graph: BackfillGraph,
  paths: AssetKeys,
): readonly PredictedBackfill[] {
  const partitioned = together.filter(({ partitionsDef }) => partitionsDef !== null);
  const whole = backfillOf(together, graph, paths);
  if (whole.length > 0 || partitioned.length < 2) return whole;
  return partitioned.flatMap((asset) => backfillOf([asset], graph, paths));
}

function backfillOf(
  assets: readonly AssetSpec[],
  graph: BackfillGraph,
  paths: AssetKeys,
): readonly PredictedBackfill[] {
  const partitioned = assets.filter(({ partitionsDef }) => partitionsDef !== null);
  const [root, ...otherRoots] = rootsOf(partitioned, graph);
  const index = root && graph.indexOf(root.assetKey);
  const isAlike = otherRoots.every((one) =>
    equalPartitionsDefinitions(one.partitionsDef, root?.partitionsDef ?? null),
  );
  const runConfig = leastRunConfig(
    assets.flatMap(({ assetKey, config }) =>
      config ? [{ stepKey: paths.stepNameOf(assetKey), config }] : [],
    ),
  );
  if (!index || index.count === 0 || !isAlike || runConfig === null) return [];
  const { count } = index;
  // Neighbours, and one apart from them.
  const places = new Set([0, Math.min(1, count - 1), count - 1]);
  for (const ordinals of [[...places], [count - 1]]) {
    const keys = ordinals.map((ordinal) => index.keyAt(ordinal));
    const backfill = startedFor(assets, keys, graph);
    if (!backfill) continue;
    const play = (failing: PredictedBackfill['failing'], forecast: Forecast) => ({
      ...told(forecast, graph, paths),
      assets: assets.map(({ assetKey }) => paths.pathOf(assetKey)),
      keys,
      runConfig,
      failing,
    });
    const forecast = forecastOf(backfill, graph, new Map());
    if (!forecast) continue;
    const first = [ordinals[0] ?? 0, (ordinals[0] ?? 0) + 1];
    const failing = forecastOf(backfill, graph, new Map([[root.assetKey, first]]));
    const lost = { asset: paths.pathOf(root.assetKey), key: keys[0] ?? '' };
    return [play(null, forecast), ...(failing ? [play(lost, failing)] : [])];
  }
  return [];
}

/** Null if it is refused, or too large to be played. */
function startedFor(
  assets: readonly AssetSpec[],
  keys: readonly PartitionKey[],
  graph: BackfillGraph,
): Backfill | null {
  const request = {
    kind: 'keys',
    assetKeys: assets.map(({ assetKey }) => assetKey),
    ranges: keys.map((key) => [key, key] as const),
  } as const;
  const outcome = orNull(() => targetBackfill(request, graph));
  if (outcome?.status !== 'targeted') return null;
  const size = outcome.targets.reduce((sum, { subset }) => sum + countOf(subset), 0);
  if (size > MOST_KEYS) return null;
  return startBackfill(outcome.targets, graph.keySpace.context, {
    backfillId: '',
    jobName: IMPLICIT_JOB,
    runConfig: {},
    tags: {},
  });
}

function forecastOf(
  backfill: Backfill,
  graph: BackfillGraph,
  failing: ReadonlyMap<AssetKeyText, PartitionsSubset>,
): Forecast | null {
  const forecast = orNull(() => forecastBackfill(backfill, graph, failing, MOST_RUNS));
  return forecast && forecast.backfill.runCount <= MOST_RUNS ? forecast : null;
}

/** Null where a mapping does not fit: tests of mappings tell of it. */
function orNull<Value>(act: () => Value): Value | null {
  try {
    return act();
  } catch (fault) {
    if (fault instanceof InvalidDefinitionError) return null;
    throw fault;
  }
}

function told(
  { waves, backfill }: Forecast,
  graph: BackfillGraph,
  paths: AssetKeys,
): Pick<PredictedBackfill, 'waves' | 'materialized' | 'failed' | 'failedAndDownstream' | 'status'> {
  const nameOf = (assetKey: AssetKeyText) => paths.pathOf(assetKey).join('/');
  const keysOfEach = (subsetOf: (assetKey: AssetKeyText) => PartitionsSubset) =>
    backfill.targets.flatMap(({ assetKey }): readonly AssetKeysThere[] => {
      const subset = subsetOf(assetKey);
      const index = graph.indexOf(assetKey);
      if (countOf(subset) === 0) return [];
      return [{ asset: paths.pathOf(assetKey), keys: index ? keysOf(index, subset) : [null] }];
    });
  const { requested, materialized, failedAndDownstream } = backfill;
  return {
    waves: waves.map(({ runGroups }) =>
      runGroups
        .flatMap((group) => runRequestsOf(group, graph))
        .map(({ assetKeys, partitionKey, range }) => ({
          assets: assetKeys.map(nameOf).sort(),
          key: partitionKey,
          range: range && [range.start, range.end],
        })),
    ),
    materialized: keysOfEach((assetKey) => materialized.get(assetKey) ?? []),
    failed: keysOfEach((assetKey) =>
      subtract(requested.get(assetKey) ?? [], materialized.get(assetKey) ?? []),
    ),
    failedAndDownstream: keysOfEach((assetKey) => failedAndDownstream.get(assetKey) ?? []),
    status: backfill.status,
  };
}
