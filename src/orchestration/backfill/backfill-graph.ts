import type { AssetKeyText, AssetSpec, BackfillPolicy } from '../../definitions/definitions.ts';
import type { AssetGraph } from '../../definitions/graph.ts';
import {
  mapToDownstream,
  mapToUpstream,
  type UpstreamPartitionsResult,
} from '../../partitions/mapping/map-partitions.ts';
import type { PartitionMapping } from '../../partitions/mapping/partition-mapping.ts';
import type { PartitionIndex } from '../../partitions/partition-index.ts';
import type { PartitionsSubset } from '../../partitions/subset/partitions-subset.ts';
import { intersect, subtract, union } from '../../partitions/subset/subset-algebra.ts';
import type { KeySpace } from '../key-space.ts';
import { mappingOf } from '../upstream-keys.ts';
import type { AssetSubsets } from './backfill.ts';
import type { LaunchExtras } from './launch-extras.ts';

/** An edge between two assets, with the keys of both. */
export interface BackfillEdge {
  readonly upstream: AssetKeyText;
  readonly downstream: AssetKeyText;
  readonly mapping: PartitionMapping;
}

/** What one asset reads and is read by; edges to assets that the notebook does not have are left out. */
interface AssetEdges {
  readonly spec: AssetSpec;
  readonly index: PartitionIndex | null;
  /** Of several dependencies on one asset, the first. */
  readonly upstream: readonly BackfillEdge[];
}

/**
 * The assets of a notebook with their keys as of one instant, and the mappings between them; as a
 * launch sees them, if it overrides their policies.
 */
export class BackfillGraph {
  readonly graph: AssetGraph;
  readonly keySpace: KeySpace;
  readonly extras: LaunchExtras | undefined;
  readonly #edges = new Map<AssetKeyText, AssetEdges>();
  readonly #downstream = new Map<AssetKeyText, readonly BackfillEdge[]>();
  readonly #place: ReadonlyMap<AssetKeyText, number>;

  constructor(graph: AssetGraph, keySpace: KeySpace, extras?: LaunchExtras) {
    this.graph = graph;
    this.extras = extras;
    this.keySpace = keySpace;
    this.#place = new Map(graph.order.map((assetKey, at) => [assetKey, at]));
  }

  /** Null for an asset without partitions, and for one that the notebook does not have. */
  indexOf(assetKey: AssetKeyText): PartitionIndex | null {
    return this.#edgesOf(assetKey)?.index ?? null;
  }

  specOf(assetKey: AssetKeyText): AssetSpec | null {
    return this.#edgesOf(assetKey)?.spec ?? null;
  }

  /** The edges to what the asset reads, itself included if it reads itself, in the author's order. */
  upstreamOf(assetKey: AssetKeyText): readonly BackfillEdge[] {
    return this.#edgesOf(assetKey)?.upstream ?? [];
  }

  /** The edge of an asset to itself; null if it does not read itself. */
  selfEdgeOf(assetKey: AssetKeyText): BackfillEdge | null {
    return this.upstreamOf(assetKey).find(({ upstream }) => upstream === assetKey) ?? null;
  }

  /** The edges to what reads the asset, itself included, in notebook order. */
  downstreamOf(assetKey: AssetKeyText): readonly BackfillEdge[] {
    let edges = this.#downstream.get(assetKey);
    if (!edges) {
      edges = this.graph
        .downstreamOf(assetKey)
        .flatMap((downstream) =>
          this.upstreamOf(downstream).filter(({ upstream }) => upstream === assetKey),
        );
      this.#downstream.set(assetKey, edges);
    }
    return edges;
  }

  /** What `subset` of the downstream asset reads. */
  toUpstream(edge: BackfillEdge, subset: PartitionsSubset): UpstreamPartitionsResult {
    return mapToUpstream({
      mapping: edge.mapping,
      upstream: this.indexOf(edge.upstream),
      downstream: this.indexOf(edge.downstream),
      subset,
    });
  }

  /** What reads `subset` of the upstream asset. */
  toDownstream(edge: BackfillEdge, subset: PartitionsSubset): PartitionsSubset {
    return mapToDownstream({
      mapping: edge.mapping,
      upstream: this.indexOf(edge.upstream),
      downstream: this.indexOf(edge.downstream),
      subset,
    });
  }

  /** The given assets, each after all that it depends on; unknown ones last. */
  inOrder(assetKeys: Iterable<AssetKeyText>): readonly AssetKeyText[] {
    const placeOf = (assetKey: AssetKeyText) => this.#place.get(assetKey) ?? this.#place.size;
    return [...assetKeys].sort((one, other) => placeOf(one) - placeOf(other));
  }

  /** `subsets`, and of `within` everything that reads any of it, directly or through other keys of `within`. */
  withDownstream(subsets: AssetSubsets, within: AssetSubsets): AssetSubsets {
    if (subsets.size === 0) return subsets;
    const reached = new Map(subsets);
    for (const assetKey of this.inOrder(new Set([...subsets.keys(), ...within.keys()]))) {
      let fresh = reached.get(assetKey) ?? [];
      const self = this.selfEdgeOf(assetKey);
      const bound = within.get(assetKey) ?? [];
      while (self && fresh.length > 0) {
        const known = reached.get(assetKey) ?? [];
        fresh = subtract(intersect(this.toDownstream(self, fresh), bound), known);
        if (fresh.length > 0) reached.set(assetKey, union(known, fresh));
      }
      const subset = reached.get(assetKey) ?? [];
      if (subset.length === 0) continue;
      for (const edge of this.downstreamOf(assetKey)) {
        const { downstream } = edge;
        if (downstream === assetKey) continue;
        const target = within.get(downstream);
        if (!target) continue;
        const found = intersect(this.toDownstream(edge, subset), target);
        if (found.length > 0) reached.set(downstream, union(reached.get(downstream) ?? [], found));
      }
    }
    return reached;
  }

  #edgesOf(assetKey: AssetKeyText): AssetEdges | null {
    const known = this.#edges.get(assetKey);
    if (known) return known;
    const declared = this.graph.assets.get(assetKey);
    if (!declared) return null;
    const spec = withPolicy(declared, this.extras?.backfillPolicy);
    const upstream = new Map<AssetKeyText, BackfillEdge>();
    for (const dependency of spec.deps) {
      const other = dependency.assetKey;
      if (upstream.has(other) || !this.graph.assets.has(other)) continue;
      const mapping = mappingOf(spec, dependency, this.graph);
      upstream.set(other, { upstream: other, downstream: assetKey, mapping });
    }
    const index = this.keySpace.indexOf(spec.partitionsDef);
    const edges = { spec, index, upstream: [...upstream.values()] };
    this.#edges.set(assetKey, edges);
    return edges;
  }
}

/** The asset with another policy: none if that is null, its own if it is absent. */
function withPolicy(spec: AssetSpec, policy: BackfillPolicy | null | undefined): AssetSpec {
  if (policy === undefined || spec.partitionsDef === null) return spec;
  const { backfillPolicy: _, ...others } = spec;
  return policy === null ? others : { ...others, backfillPolicy: policy };
}
