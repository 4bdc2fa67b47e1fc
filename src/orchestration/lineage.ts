import type { AssetKeyText } from '../definitions/definitions.ts';
import type { PartitionsSubset } from '../partitions/subset/partitions-subset.ts';
import { union } from '../partitions/subset/subset-algebra.ts';
import type { BackfillGraph } from './backfill/backfill-graph.ts';

/**
 * The keys of `target` that `subset` of another asset reads, directly or through others; null if it
 * reads that asset by no way. What an asset reads of itself counts only where both are one asset, and
 * then one step.
 */
export function upstreamKeysIn(
  graph: BackfillGraph,
  assetKey: AssetKeyText,
  subset: PartitionsSubset,
  target: AssetKeyText,
): PartitionsSubset | null {
  const self = graph.selfEdgeOf(assetKey);
  if (assetKey === target) return self === null ? null : graph.toUpstream(self, subset).subset;
  const reached = new Map([[assetKey, subset]]);
  for (const next of graph.graph.order.toReversed()) {
    const found = reached.get(next);
    if (found === undefined || next === target) continue;
    for (const edge of graph.upstreamOf(next)) {
      if (edge.upstream === next) continue;
      const read = graph.toUpstream(edge, found).subset;
      reached.set(edge.upstream, union(reached.get(edge.upstream) ?? [], read));
    }
  }
  return reached.get(target) ?? null;
}

/** The keys of `target` that read `subset` of another asset, directly or through others; otherwise as above. */
export function downstreamKeysIn(
  graph: BackfillGraph,
  assetKey: AssetKeyText,
  subset: PartitionsSubset,
  target: AssetKeyText,
): PartitionsSubset | null {
  const self = graph.selfEdgeOf(assetKey);
  if (assetKey === target) return self === null ? null : graph.toDownstream(self, subset);
  const reached = new Map([[assetKey, subset]]);
  for (const next of graph.graph.order) {
    const found = reached.get(next);
    if (found === undefined || next === target) continue;
    for (const edge of graph.downstreamOf(next)) {
      if (edge.downstream === next) continue;
      const readers = graph.toDownstream(edge, found);
      reached.set(edge.downstream, union(reached.get(edge.downstream) ?? [], readers));
    }
  }
  return reached.get(target) ?? null;
}
