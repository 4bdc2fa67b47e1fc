import type {
  AssetDependency,
  AssetKeyText,
  AssetSpec,
  Definitions,
} from '../definitions/definitions.ts';
import { nextTicks } from '../orchestration/ticks.ts';
import type { PartitionKey, PartitionLoadingContext } from '../partitions/context.ts';
import { indexPartitions } from '../partitions/index-partitions.ts';
import { defaultMapping } from '../partitions/mapping/default-mapping.ts';
import { mapToDownstream, mapToUpstream } from '../partitions/mapping/map-partitions.ts';
import type { PartitionIndex } from '../partitions/partition-index.ts';
import type { PartitionsSubset } from '../partitions/subset/partitions-subset.ts';
import { countOf, ordinalAt, subsetOf } from '../partitions/subset/subset-algebra.ts';
import { keysOf } from '../partitions/subset/subset-keys.ts';
import type { EpochMs } from '../time/time-window.ts';
import { KeySpace } from '../orchestration/key-space.ts';
import { predictedBackfills, type PredictedBackfill } from './predicted-backfills.ts';
import { predictedConfigs, type PredictedConfig } from './predicted-configs.ts';
import type { FunctionAnswers, PredictedKeyConfig, PredictedTick } from './predicted-functions.ts';
import { AssetKeys } from './python-asset-keys.ts';
import { withoutFunctionMappings } from './without-functions.ts';

/** Some keys: all of them if they are few, else how many there are, and the ends. */
export interface PredictedKeys {
  readonly count: number;
  /** In definition order; null if there are too many to list. */
  readonly keys: readonly PartitionKey[] | null;
  readonly first: PartitionKey | null;
  readonly last: PartitionKey | null;
}

/** What one key of an asset reads, or is read by. */
export interface PredictedMapping {
  readonly upstream: readonly string[];
  readonly downstream: readonly string[];
  readonly key: PartitionKey;
  readonly mapped: PredictedKeys;
  /** Needed and not there; empty where it is asked who reads the key. */
  readonly missing: readonly PartitionKey[];
}

/** What the notebook shows, as tests of the project ask it of Dagster. Paths are those of keys in Dagster. */
export interface Predictions {
  readonly now: EpochMs;
  readonly dynamicPartitions: Readonly<Record<string, readonly PartitionKey[]>>;
  /** What was materialized before, if functions ask for it. */
  readonly materialized: readonly {
    readonly asset: readonly string[];
    readonly keys: readonly PartitionKey[];
  }[];
  readonly keys: readonly { readonly asset: readonly string[]; readonly keys: PredictedKeys }[];
  readonly upstream: readonly PredictedMapping[];
  readonly downstream: readonly PredictedMapping[];
  readonly ticks: readonly { readonly schedule: string; readonly at: readonly EpochMs[] }[];
  readonly configs: readonly PredictedConfig[];
  readonly backfills: readonly PredictedBackfill[];
  readonly evaluations: readonly PredictedTick[];
  readonly keyConfigs: readonly PredictedKeyConfig[];
}

/** More keys than this are not listed. */
const MOST_KEYS = 400;
const TICKS = 5;

/** The instant and the keys of dynamic definitions at which the answers hold. */
interface Asked {
  readonly definitions: Definitions;
  readonly now: EpochMs;
  readonly dynamicPartitions: ReadonlyMap<string, readonly PartitionKey[]>;
  readonly materialized: ReadonlyMap<AssetKeyText, readonly PartitionKey[]>;
  readonly answers: FunctionAnswers;
}

/** What the definitions say of their keys, mappings, ticks, configs and backfills, and what functions gave. */
export function predictionsOf({
  definitions: notebook,
  now,
  dynamicPartitions,
  materialized,
  answers,
}: Asked): Predictions {
  const { definitions } = withoutFunctionMappings(notebook);
  const context: PartitionLoadingContext = { effectiveAt: now, dynamicPartitions };
  const { assets, schedules } = definitions;
  const paths = new AssetKeys(assets, []);
  const indexes = new Map(
    assets.map(({ assetKey, partitionsDef }) => [
      assetKey,
      partitionsDef && indexPartitions(partitionsDef, context),
    ]),
  );
  const edges = assets.flatMap((asset) =>
    asset.deps.flatMap((dep) => {
      const upstream = assets.find(({ assetKey }) => assetKey === dep.assetKey);
      return upstream ? edgeOf(asset, upstream, dep, indexes) : [];
    }),
  );
  const mapped = (
    of: Edge,
    key: PartitionKey,
    answer: Omit<PredictedMapping, 'upstream' | 'downstream' | 'key'>,
  ) => ({
    upstream: paths.pathOf(of.upstreamKey),
    downstream: paths.pathOf(of.downstreamKey),
    key,
    ...answer,
  });
  return {
    now,
    dynamicPartitions: Object.fromEntries(dynamicPartitions),
    materialized: [...materialized].map(([assetKey, keys]) => {
      return { asset: paths.pathOf(assetKey), keys };
    }),
    keys: [...indexes].flatMap(([assetKey, index]) =>
      index ? [{ asset: paths.pathOf(assetKey), keys: allKeys(index) }] : [],
    ),
    upstream: edges.flatMap((edge) =>
      samplesOf(edge.downstream).map((ordinal) => {
        const { subset, requiredButNonexistent } = mapToUpstream({
          ...edge,
          subset: subsetOf([ordinal]),
        });
        return mapped(edge, edge.downstream.keyAt(ordinal), {
          mapped: someKeys(edge.upstream, subset),
          missing: requiredButNonexistent,
        });
      }),
    ),
    downstream: edges.flatMap((edge) =>
      samplesOf(edge.upstream).map((ordinal) => {
        const subset = mapToDownstream({ ...edge, subset: subsetOf([ordinal]) });
        return mapped(edge, edge.upstream.keyAt(ordinal), {
          mapped: someKeys(edge.downstream, subset),
          missing: [],
        });
      }),
    ),
    ticks: schedules.map((schedule) => {
      return { schedule: schedule.scheduleName, at: nextTicks(schedule, now, TICKS) };
    }),
    configs: predictedConfigs(definitions, paths),
    backfills: predictedBackfills(definitions, new KeySpace(context), paths),
    evaluations: answers.ticks,
    keyConfigs: answers.keyConfigs,
  };
}

interface Edge {
  readonly upstreamKey: string;
  readonly downstreamKey: string;
  readonly upstream: PartitionIndex;
  readonly downstream: PartitionIndex;
  readonly mapping: ReturnType<typeof defaultMapping>;
}

/** A dependency between two assets with partitions; where one has none there is nothing to map. */
function edgeOf(
  asset: AssetSpec,
  upstream: AssetSpec,
  dep: AssetDependency,
  indexes: ReadonlyMap<string, PartitionIndex | null>,
): readonly Edge[] {
  const from = indexes.get(upstream.assetKey) ?? null;
  const to = indexes.get(asset.assetKey) ?? null;
  if (!from || !to) return [];
  const mapping = dep.mapping ?? defaultMapping(upstream.partitionsDef, asset.partitionsDef);
  const { assetKey: upstreamKey } = upstream;
  return [{ upstreamKey, downstreamKey: asset.assetKey, upstream: from, downstream: to, mapping }];
}

/** The first, the last, and some in between. */
function samplesOf({ count }: PartitionIndex): readonly number[] {
  if (count === 0) return [];
  const places = [0, 1, Math.floor(count / 3), Math.floor(count / 2), count - 2, count - 1];
  return [...new Set(places.filter((place) => place >= 0 && place < count))];
}

function allKeys(index: PartitionIndex): PredictedKeys {
  return someKeys(index, index.count === 0 ? [] : [0, index.count]);
}

function someKeys(index: PartitionIndex, subset: PartitionsSubset): PredictedKeys {
  const count = countOf(subset);
  return {
    count,
    keys: count > MOST_KEYS ? null : keysOf(index, subset),
    first: count === 0 ? null : index.keyAt(ordinalAt(subset, 0)),
    last: count === 0 ? null : index.keyAt(ordinalAt(subset, count - 1)),
  };
}
