import type { AssetDependency, AssetKeyText, AssetSpec } from '../definitions/definitions.ts';
import type { AssetGraph } from '../definitions/graph.ts';
import type { PartitionKey } from '../partitions/context.ts';
import { defaultMapping } from '../partitions/mapping/default-mapping.ts';
import { mapToUpstream } from '../partitions/mapping/map-partitions.ts';
import type { PartitionMapping } from '../partitions/mapping/partition-mapping.ts';
import { fromKeys, keysOf } from '../partitions/subset/subset-keys.ts';
import { assetKeyInDagster, keyRangeInDagster, subsetInDagster } from './dagster-text.ts';
import type { KeySpace } from './key-space.ts';

/** Which keys of an upstream asset one key of an asset reads. */
export interface UpstreamKeys {
  readonly upstream: AssetKeyText;
  /** In definition order; the one `null` for an upstream without partitions, or of a run without a key. */
  readonly keys: readonly (PartitionKey | null)[];
  /** Keys that the mapping asks for and that do not exist (MAP-0). */
  readonly requiredButNonexistent: readonly PartitionKey[];
}

/** The mapping of an edge: the author's, else the default for the two definitions (INF-1, INF-2). */
export function mappingOf(
  asset: AssetSpec,
  dependency: AssetDependency,
  graph: AssetGraph,
): PartitionMapping {
  const upstream = graph.assets.get(dependency.assetKey);
  return dependency.mapping ?? defaultMapping(upstream?.partitionsDef ?? null, asset.partitionsDef);
}

/**
 * The keys that `asset` reads of one upstream asset at several of its keys together.
 *
 * @param partitionKeys those that do not exist read nothing; null for an asset without partitions,
 * or a run without a key.
 * @throws {InvalidDefinitionError} if the mapping does not fit the two definitions.
 */
export function upstreamKeysOf(
  asset: AssetSpec,
  dependency: AssetDependency,
  partitionKeys: readonly PartitionKey[] | null,
  graph: AssetGraph,
  keySpace: KeySpace,
): UpstreamKeys {
  const { assetKey } = dependency;
  const upstream = keySpace.indexOf(graph.assets.get(assetKey)?.partitionsDef ?? null);
  const withoutKey: UpstreamKeys = {
    upstream: assetKey,
    keys: [null],
    requiredButNonexistent: [],
  };
  if (!upstream) return withoutKey;
  const downstream = keySpace.indexOf(asset.partitionsDef);
  if (downstream && partitionKeys === null) return withoutKey;
  const { subset, requiredButNonexistent } = mapToUpstream({
    mapping: mappingOf(asset, dependency, graph),
    downstream,
    upstream,
    subset: downstream === null ? [0, 1] : fromKeys(downstream, partitionKeys ?? []).subset,
  });
  return { upstream: assetKey, keys: keysOf(upstream, subset), requiredButNonexistent };
}

/**
 * Why a step cannot tell what it reads: its keys need some that do not exist (MAP-0). Null if they need none.
 * Only windows that were mapped as windows are told as ranges of them.
 *
 * @param stepKey of the step that reads them.
 * @param partitionKeys those that `mapped` was asked for.
 */
export function nonexistentKeysMessage(
  asset: AssetSpec,
  dependency: AssetDependency,
  stepKey: string,
  partitionKeys: readonly PartitionKey[] | null,
  { upstream, requiredButNonexistent }: UpstreamKeys,
  graph: AssetGraph,
): string | null {
  if (requiredButNonexistent.length === 0) return null;
  const byWindows = mappingOf(asset, dependency, graph).kind === 'timeWindow';
  const definition = byWindows ? graph.assets.get(upstream)?.partitionsDef : null;
  const range = keyRangeInDagster(partitionKeys?.[0] ?? '', partitionKeys?.at(-1) ?? '');
  const lacking = subsetInDagster(definition, requiredButNonexistent);
  return `Partition key range ${range} in ${stepKey} depends on invalid partitions ${lacking} in upstream asset ${assetKeyInDagster(upstream)}`;
}
