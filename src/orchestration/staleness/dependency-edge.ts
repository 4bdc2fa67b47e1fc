import { InvalidDefinitionError } from '../../errors.ts';
import type { AssetKeyText, AssetSpec } from '../../definitions/definitions.ts';
import type { AssetGraph } from '../../definitions/graph.ts';
import type { PartitionKey } from '../../partitions/context.ts';
import { defaultMapping } from '../../partitions/mapping/default-mapping.ts';
import { mapToUpstream } from '../../partitions/mapping/map-partitions.ts';
import type { PartitionMapping } from '../../partitions/mapping/partition-mapping.ts';
import type { PartitionIndex } from '../../partitions/partition-index.ts';
import type { PartitionsSubset } from '../../partitions/subset/partitions-subset.ts';
import { fromKeys } from '../../partitions/subset/subset-keys.ts';
import type { KeySpace } from '../key-space.ts';

/** From how many keys on Dagster does not look at an edge (STALE-7). */
export const DAGSTER_KEY_LIMIT = 100;

const THE_ONE: PartitionsSubset = [0, 1];

/** An asset and one that it depends on, as both are declared and exist now. */
export class DependencyEdge {
  readonly asset: AssetSpec;
  readonly dependencyKey: AssetKeyText;
  /** Undefined if nothing of that key is declared. */
  readonly dependency: AssetSpec | undefined;
  /** Null if the asset has no partitions. */
  readonly downstream: PartitionIndex | null;
  /** Null if the dependency has no partitions. */
  readonly upstream: PartitionIndex | null;
  readonly #mapping: PartitionMapping;
  /** What every key reads alike; null if it hangs on the key. */
  #readByAll: PartitionsSubset | null = null;

  constructor(
    asset: AssetSpec,
    dependencyKey: AssetKeyText,
    graph: AssetGraph,
    keySpace: KeySpace,
  ) {
    this.asset = asset;
    this.dependencyKey = dependencyKey;
    this.dependency = graph.assets.get(dependencyKey);
    const upstreamDefinition = this.dependency?.partitionsDef ?? null;
    this.downstream = keySpace.indexOf(asset.partitionsDef);
    this.upstream = keySpace.indexOf(upstreamDefinition);
    // An asset may be named twice, to load it and not to; the mapping is said once.
    const declared = asset.deps.find(
      ({ assetKey, mapping }) => assetKey === dependencyKey && mapping !== null,
    );
    this.#mapping = declared?.mapping ?? defaultMapping(upstreamDefinition, asset.partitionsDef);
  }

  /** Whether something else materializes the dependency, or nobody says who does. */
  get isExternal(): boolean {
    return this.dependency?.external ?? true;
  }

  /** Whether Dagster looks at none of its keys: too long a self-edge (STALE-7), or all of a time-partitioned asset (STALE-8). */
  get isIgnoredByDagster(): boolean {
    const { asset, dependencyKey, upstream } = this;
    if (upstream === null) return false;
    if (asset.assetKey === dependencyKey && upstream.count >= DAGSTER_KEY_LIMIT) return true;
    return upstream.definition.kind === 'timeWindow' && this.#mapping.kind === 'all';
  }

  /** Whether every key reads the same key of the dependency. */
  get isSameKey(): boolean {
    const mapping = this.#mapping;
    if (this.upstream === null || this.upstream !== this.downstream) return false;
    if (mapping.kind === 'identity') return true;
    return mapping.kind === 'timeWindow' && mapping.startOffset === 0 && mapping.endOffset === 0;
  }

  /** The keys of the dependency that one key reads, as far as they exist: ordinal 0 where there are no partitions. */
  readBy(ordinal: number): PartitionsSubset {
    if (this.#readByAll) return this.#readByAll;
    const read = this.#read([ordinal, ordinal + 1]);
    const { kind } = this.#mapping;
    if (this.downstream === null || kind === 'all' || kind === 'last' || kind === 'specific') {
      this.#readByAll = read;
    }
    return read;
  }

  /** What some keys of the asset read together; null for an asset without partitions. */
  readByKeys(keys: readonly PartitionKey[] | null): PartitionsSubset {
    const { downstream } = this;
    return this.#read(downstream && keys ? fromKeys(downstream, keys).subset : THE_ONE);
  }

  #read(subset: PartitionsSubset): PartitionsSubset {
    const { downstream, upstream } = this;
    if (upstream === null) return THE_ONE;
    if (subset.length === 0) return [];
    try {
      return mapToUpstream({ mapping: this.#mapping, downstream, upstream, subset }).subset;
    } catch (fault) {
      // A mapping that does not fit is shown where it is declared; nothing is read by it.
      if (fault instanceof InvalidDefinitionError) return [];
      throw fault;
    }
  }
}
