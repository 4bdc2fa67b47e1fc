import type { AssetKeyText, AssetSpec } from '../../definitions/definitions.ts';
import { AssetGraph } from '../../definitions/graph.ts';
import type { AssetSubsets, Backfill } from '../../orchestration/backfill/backfill.ts';
import { BackfillGraph } from '../../orchestration/backfill/backfill-graph.ts';
import { KeySpace } from '../../orchestration/key-space.ts';
import type { PartitionKey } from '../../partitions/context.ts';
import { equalPartitionsDefinitions } from '../../partitions/definition/identity.ts';
import type { PartitionIndex } from '../../partitions/partition-index.ts';
import { intersect, subtract, union } from '../../partitions/subset/subset-algebra.ts';
import type { PartitionsSubset } from '../../partitions/subset/partitions-subset.ts';

/** What has become of a key that a backfill targets. In the order of reading. */
export const KEY_FATES = ['done', 'failed', 'notTried', 'inProgress', 'toCome'] as const;

export type KeyFate = (typeof KEY_FATES)[number];

/** The keys of one target by what has become of them: ordinals of its definition, disjoint. */
export type KeyFates = Readonly<Record<KeyFate, PartitionsSubset>>;

/** How a backfill stands with one asset. */
export interface TargetStanding {
  readonly assetKey: AssetKeyText;
  /** The keys that the ordinals count; null for an asset without partitions. */
  readonly index: PartitionIndex | null;
  readonly targeted: PartitionsSubset;
  readonly fates: KeyFates;
  /** Keys that were asked for and do not exist. */
  readonly unknownKeys: readonly PartitionKey[];
}

/**
 * The notebook's assets with the keys that a backfill counts: those of its start. Null if the
 * notebook has other assets or partitions by now, so that nothing can be said of what reads what.
 */
export function graphOfBackfill(
  { startedAt: effectiveAt, dynamicPartitions, targets, extras }: Backfill,
  assets: readonly AssetSpec[],
): BackfillGraph | null {
  const graph = new AssetGraph(assets);
  const fits = targets.every(({ assetKey, partitionsDef }) => {
    const spec = graph.assets.get(assetKey);
    return spec && equalPartitionsDefinitions(spec.partitionsDef, partitionsDef);
  });
  return fits
    ? new BackfillGraph(graph, new KeySpace({ effectiveAt, dynamicPartitions }), extras)
    : null;
}

/**
 * What has become of each target's keys, in the order of the targets. A key is not tried if it
 * reads a targeted one that failed, or that is not tried itself; it is in progress if a run was made
 * for it that has not ended.
 *
 * @param graph null if it is not known what reads what: then a key is not tried if no run was made for it.
 */
export function standingOf(
  backfill: Backfill,
  graph: BackfillGraph | null,
): readonly TargetStanding[] {
  const targets = new Map(backfill.targets.map(({ assetKey, subset }) => [assetKey, subset]));
  const { startedAt: effectiveAt, dynamicPartitions } = backfill;
  const keySpace = graph?.keySpace ?? new KeySpace({ effectiveAt, dynamicPartitions });
  const lost = lostKeys(backfill, targets, graph);
  return backfill.targets.map(({ assetKey, partitionsDef, subset, unknownKeys }) => {
    const requested = intersect(subset, backfill.requested.get(assetKey) ?? []);
    const done = intersect(subset, backfill.materialized.get(assetKey) ?? []);
    const lostHere = lost.get(assetKey) ?? [];
    const notTried = graph
      ? intersect(lostHere, downstreamOf(lost, assetKey, graph))
      : subtract(lostHere, requested);
    const settled = union(done, lostHere);
    const inProgress = subtract(requested, settled);
    return {
      assetKey,
      index: keySpace.indexOf(partitionsDef),
      targeted: subset,
      fates: {
        done,
        failed: subtract(lostHere, notTried),
        notTried,
        inProgress,
        toCome: subtract(subset, union(settled, inProgress)),
      },
      unknownKeys,
    };
  });
}

/** What failed and was not recorded, with all that reads it; of a canceled backfill only what failed. */
function lostKeys(
  { status, failedAndDownstream, materialized }: Backfill,
  targets: AssetSubsets,
  graph: BackfillGraph | null,
): AssetSubsets {
  const failed = new Map<AssetKeyText, PartitionsSubset>();
  for (const [assetKey, target] of targets) {
    const here = intersect(failedAndDownstream.get(assetKey) ?? [], target);
    const left = subtract(here, materialized.get(assetKey) ?? []);
    if (left.length > 0) failed.set(assetKey, left);
  }
  if (!graph || status === 'CANCELED' || status === 'CANCELING') return failed;
  const lost = new Map<AssetKeyText, PartitionsSubset>();
  for (const [assetKey, subset] of graph.withDownstream(failed, targets)) {
    lost.set(assetKey, subtract(subset, materialized.get(assetKey) ?? []));
  }
  return lost;
}

/** The keys of `assetKey` that read any of `subsets`. */
function downstreamOf(
  subsets: AssetSubsets,
  assetKey: AssetKeyText,
  graph: BackfillGraph,
): PartitionsSubset {
  return graph.upstreamOf(assetKey).reduce<PartitionsSubset>((below, edge) => {
    const above = subsets.get(edge.upstream) ?? [];
    return above.length === 0 ? below : union(below, graph.toDownstream(edge, above));
  }, []);
}

/** The failed keys that those keys of an asset read which are not tried, by upstream asset; empty if they read none directly. */
export function blockersOf(
  { assetKey, fates }: TargetStanding,
  standing: readonly TargetStanding[],
  graph: BackfillGraph,
): readonly { readonly upstream: TargetStanding; readonly keys: PartitionsSubset }[] {
  if (fates.notTried.length === 0) return [];
  return graph.upstreamOf(assetKey).flatMap((edge) => {
    const upstream = standing.find((other) => other.assetKey === edge.upstream);
    if (!upstream) return [];
    const read = graph.toUpstream(edge, fates.notTried).subset;
    const keys = intersect(read, upstream.fates.failed);
    return keys.length > 0 ? [{ upstream, keys }] : [];
  });
}
