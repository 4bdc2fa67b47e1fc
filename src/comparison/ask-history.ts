import type { ConfigField, ConfigSchema } from '../config/config-schema.ts';
import { sampleOf } from '../config/sample.ts';
import { runConfigSchema, validateConfig } from '../config/validate.ts';
import type { AssetKeyText, AssetSpec, Definitions, JobSpec } from '../definitions/definitions.ts';
import { AssetGraph } from '../definitions/graph.ts';
import { InvalidDefinitionError } from '../errors.ts';
import { AssetKeys } from '../export/python-asset-keys.ts';
import { BackfillGraph } from '../orchestration/backfill/backfill-graph.ts';
import { rootsOf } from '../orchestration/backfill/target-backfill.ts';
import { configurableStepsOf } from '../orchestration/job-config.ts';
import { KeySpace } from '../orchestration/key-space.ts';
import { stepKeyOf } from '../orchestration/run-events.ts';
import type { PartitionKey, PartitionLoadingContext } from '../partitions/context.ts';
import { equalPartitionsDefinitions } from '../partitions/definition/identity.ts';
import { mapToUpstream } from '../partitions/mapping/map-partitions.ts';
import type { PartitionIndex } from '../partitions/partition-index.ts';
import { countOf } from '../partitions/subset/subset-algebra.ts';
import { keysOf } from '../partitions/subset/subset-keys.ts';
import type { Question, RunOfKey } from './question.ts';
import { sampleOrdinals } from './sample-keys.ts';

/** Backfills of more keys than these, of all assets together, are not played to their end. */
const MOST_KEYS = 400;
/** Of assets that depend on each other, so many choices are backfilled. */
const MOST_BACKFILLS = 24;
/** So many neighbours are backfilled, from the middle. */
const NEIGHBOURS = 6;
/** Edges whose staleness is asked about: every run takes Dagster some tenths of a second. */
const MOST_EDGES = 6;
/** A key that reads more than these is not told of by running them all. */
const MOST_READ = 3;
/** Keys of a job. */
const KEYS = 3;

/** What follows from runs: which ones a backfill asks for, what they make stale, and what a run of a key is given. */
export function askHistory(
  definitions: Definitions,
  context: PartitionLoadingContext,
): readonly Question[] {
  const graph = new BackfillGraph(new AssetGraph(definitions.assets), new KeySpace(context));
  const paths = new AssetKeys(definitions.assets, []);
  return [
    ...componentsOf(definitions.assets).flatMap((assets) => aboutBackfills(assets, graph)),
    ...edgesToPlay(definitions.assets)
      .slice(0, MOST_EDGES)
      .flatMap((edge) => aboutStaleness(edge, graph, paths)),
    ...definitions.jobs.flatMap((job) => aboutRuns(job, graph.keySpace)),
  ];
}

/** Assets that depend on each other, each lot in notebook order; those that are made elsewhere are left out. */
function componentsOf(assets: readonly AssetSpec[]): readonly (readonly AssetSpec[])[] {
  const own = assets.filter(({ external, sharedStep }) => !external && !sharedStep);
  const lots = new Map(own.map((asset) => [asset.assetKey, new Set([asset])]));
  for (const { assetKey, deps } of own) {
    for (const dep of deps) {
      const [here, there] = [lots.get(assetKey), lots.get(dep.assetKey)];
      if (!here || !there || here === there) continue;
      for (const asset of there) {
        here.add(asset);
        lots.set(asset.assetKey, here);
      }
    }
  }
  return [...new Set(lots.values())].map((lot) => own.filter((asset) => lot.has(asset)));
}

/** Of a whole lot, of each of its assets alone, and of each with those that read it. */
function aboutBackfills(assets: readonly AssetSpec[], graph: BackfillGraph): readonly Question[] {
  const alone = assets.length > 1 ? assets.map((asset) => [asset]) : [];
  const withReaders = assets.map(({ assetKey }) =>
    assets.filter(
      (one) => one.assetKey === assetKey || one.deps.some((dep) => dep.assetKey === assetKey),
    ),
  );
  const between = withReaders.filter(({ length }) => length > 1 && length < assets.length);
  const lots = [assets, ...alone, ...between].slice(0, MOST_BACKFILLS);
  return lots.flatMap((some): readonly Question[] => {
    const partitioned = some.filter(({ partitionsDef }) => partitionsDef !== null);
    const roots = rootsOf(partitioned, graph);
    const index = graph.indexOf(roots[0]?.assetKey ?? '');
    const ask = (keys: readonly PartitionKey[] | null): Question => ({
      ask: 'backfill',
      assetKeys: some.map(({ assetKey }) => assetKey),
      keys,
    });
    const all = some.reduce((sum, { assetKey }) => sum + (graph.indexOf(assetKey)?.count ?? 1), 0);
    const isAlike = roots.every(({ partitionsDef }) =>
      equalPartitionsDefinitions(partitionsDef, roots[0]?.partitionsDef ?? null),
    );
    return [
      ...(index && index.count > 0 && isAlike ? [ask(someKeys(index))] : []),
      ...(all > 0 && all <= MOST_KEYS ? [ask(null)] : []),
    ];
  });
}

/** The ends, and neighbours from the middle. */
function someKeys(index: PartitionIndex): readonly PartitionKey[] {
  const { count } = index;
  const start = Math.max(0, Math.floor((count - NEIGHBOURS) / 2));
  const ordinals = new Set([0, count - 1]);
  for (let at = start; at < Math.min(count, start + NEIGHBOURS); at += 1) ordinals.add(at);
  return [...ordinals].sort((a, b) => a - b).map((ordinal) => index.keyAt(ordinal));
}

interface PlayedEdge {
  readonly upstream: AssetSpec;
  readonly downstream: AssetSpec;
}

/** Dependencies between assets that can be run, by themselves and with the least config; none of an asset on itself. */
function edgesToPlay(assets: readonly AssetSpec[]): readonly PlayedEdge[] {
  const playable = new Map(assets.filter(canPlay).map((asset) => [asset.assetKey, asset]));
  return [...playable.values()].flatMap((downstream) =>
    [...new Set(downstream.deps.map(({ assetKey }) => assetKey))].flatMap((assetKey) => {
      const upstream = playable.get(assetKey);
      return upstream && upstream !== downstream ? [{ upstream, downstream }] : [];
    }),
  );
}

function canPlay(asset: AssetSpec): boolean {
  if (asset.external || asset.sharedStep || asset.optionalOutput) return false;
  const steps = configurableStepsOf([asset]);
  return validateConfig(runConfigSchema(steps), configOf(asset), []).status === 'valid';
}

/** The least that the config of an asset requires. */
function configOf({ assetKey, config }: AssetSpec): Readonly<Record<string, unknown>> {
  if (!config || !config.fields.some(isRequired)) return {};
  return { ops: { [stepKeyOf(assetKey)]: { config: sampleOf(config as ConfigSchema) } } };
}

function isRequired({ required }: ConfigField): boolean {
  return required;
}

/** A key after what it reads was made, after it was, and after what it reads was made again. */
function aboutStaleness(
  { upstream, downstream }: PlayedEdge,
  graph: BackfillGraph,
  paths: AssetKeys,
): readonly Question[] {
  const isNamedAlike = [upstream, downstream].every(
    ({ assetKey }) => paths.stepNameOf(assetKey) === stepKeyOf(assetKey),
  );
  const index = graph.indexOf(downstream.assetKey);
  if (!isNamedAlike || index?.count === 0) return [];
  const key = index ? index.keyAt(index.count - 1) : null;
  const read = keysRead(upstream.assetKey, downstream.assetKey, index, graph);
  if (read === null || read.length === 0) return [];
  const run = (asset: AssetSpec, ofKey: PartitionKey | null): RunOfKey => ({
    assetKey: asset.assetKey,
    key: ofKey,
    runConfig: configOf(asset),
  });
  const [first = null] = read;
  const runs = [
    ...read.map((one) => run(upstream, one)),
    run(downstream, key),
    run(upstream, first),
  ];
  return [{ ask: 'stale', assetKey: downstream.assetKey, key, runs }];
}

/** Which keys the last key reads; null if they are many, cannot be told, or do not exist. */
function keysRead(
  upstreamKey: AssetKeyText,
  downstreamKey: AssetKeyText,
  downstream: PartitionIndex | null,
  graph: BackfillGraph,
): readonly (PartitionKey | null)[] | null {
  const upstream = graph.indexOf(upstreamKey);
  if (!upstream) return [null];
  const edge = graph.upstreamOf(downstreamKey).find((one) => one.upstream === upstreamKey);
  if (!edge) return null;
  const last = downstream ? downstream.count - 1 : 0;
  try {
    const { mapping } = edge;
    const found = mapToUpstream({ mapping, upstream, downstream, subset: [last, last + 1] });
    return countOf(found.subset) > MOST_READ ? null : keysOf(upstream, found.subset);
  } catch (thrown) {
    // The mapping does not fit: what is asked of the edge tells so.
    if (thrown instanceof InvalidDefinitionError) return null;
    throw thrown;
  }
}

/** Of some keys of a job, and of a text that is no key. */
function aboutRuns({ jobName, partitionsDef }: JobSpec, keySpace: KeySpace): readonly Question[] {
  const index = keySpace.indexOf(partitionsDef);
  if (!index) return [];
  const keys = sampleOrdinals(index, KEYS)
    .slice(-KEYS)
    .map((ordinal) => index.keyAt(ordinal));
  return [...keys, 'no such key'].map((key) => ({ ask: 'run', jobName, key }));
}
