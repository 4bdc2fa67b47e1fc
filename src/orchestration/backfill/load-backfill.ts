import type { AssetKeyText } from '../../definitions/definitions.ts';
import type { AssetGraph } from '../../definitions/graph.ts';
import type { PartitionKey } from '../../partitions/context.ts';
import { equalPartitionsDefinitions } from '../../partitions/definition/identity.ts';
import type { PartitionIndex } from '../../partitions/partition-index.ts';
import type { PartitionsSubset } from '../../partitions/subset/partitions-subset.ts';
import { fromKeys, keysOf } from '../../partitions/subset/subset-keys.ts';
import { assetKeyInDagster } from '../dagster-text.ts';
import { KeySpace } from '../key-space.ts';
import type { AssetSubsets, Backfill, BackfillError, BackfillTarget } from './backfill.ts';
import { BackfillGraph } from './backfill-graph.ts';
import { dynamicKeysOf } from './start-backfill.ts';

/** A backfill whose ordinals count the keys of `graph`, or why it no longer fits the notebook. */
export type LoadedBackfill =
  | { readonly status: 'loaded'; readonly backfill: Backfill; readonly graph: BackfillGraph }
  /** `graph` has the keys that the backfill counts: it can still be told what its runs came to. */
  | {
      readonly status: 'outdated';
      readonly error: BackfillError;
      readonly backfill: Backfill;
      readonly graph: BackfillGraph;
    };

/**
 * Fits a backfill to the notebook as it is now (BF-4). Windows stay those of the backfill's
 * start; keys that were added are harmless, targeted keys that are gone are not.
 */
export function loadBackfill(
  backfill: Backfill,
  assets: AssetGraph,
  dynamicPartitions: ReadonlyMap<string, readonly PartitionKey[]>,
): LoadedBackfill {
  const effectiveAt = backfill.startedAt;
  const counted = new KeySpace({ effectiveAt, dynamicPartitions: backfill.dynamicPartitions });
  const outdated = (message: string): LoadedBackfill => ({
    status: 'outdated',
    error: { error: 'DagsterAssetBackfillDataLoadError', message },
    backfill,
    graph: new BackfillGraph(assets, counted, backfill.extras),
  });
  const present = new KeySpace({ effectiveAt, dynamicPartitions });
  const moves = new Map<AssetKeyText, { from: PartitionIndex; to: PartitionIndex }>();
  for (const target of backfill.targets) {
    const misfit = misfitOf(target, assets);
    if (misfit !== null) return outdated(misfit);
    const from = counted.indexOf(target.partitionsDef);
    const to = present.indexOf(assets.assets.get(target.assetKey)?.partitionsDef ?? null);
    const gone = goneKeys(target, from, to);
    if (gone.length > 0) {
      return outdated(
        `Targeted partitions for asset ${assetKeyInDagster(target.assetKey)} have been removed since this backfill was stored. The following partitions were removed: {${gone.map((key) => `'${key}'`).join(', ')}}. `,
      );
    }
    if (from && to && !sameKeys(from, to)) moves.set(target.assetKey, { from, to });
  }
  const graph = new BackfillGraph(assets, present, backfill.extras);
  if (moves.size === 0) return { status: 'loaded', backfill, graph };
  const move = (assetKey: AssetKeyText, subset: PartitionsSubset): PartitionsSubset => {
    const indexes = moves.get(assetKey);
    return indexes ? fromKeys(indexes.to, keysOf(indexes.from, subset)).subset : subset;
  };
  const moved = (subsets: AssetSubsets): AssetSubsets =>
    new Map([...subsets].map(([assetKey, subset]) => [assetKey, move(assetKey, subset)]));
  const targets = backfill.targets.map((target) => ({
    ...target,
    partitionsDef: assets.assets.get(target.assetKey)?.partitionsDef ?? null,
    subset: move(target.assetKey, target.subset),
  }));
  return {
    status: 'loaded',
    backfill: {
      ...backfill,
      dynamicPartitions: dynamicKeysOf(targets, dynamicPartitions),
      targets,
      requested: moved(backfill.requested),
      ...(backfill.unmade && { unmade: moved(backfill.unmade) }),
      materialized: moved(backfill.materialized),
      failedAndDownstream: moved(backfill.failedAndDownstream),
    },
    graph,
  };
}

/** Why an asset can no longer be told the keys that it was to have; null if it can. */
function misfitOf({ assetKey, partitionsDef }: BackfillTarget, assets: AssetGraph): string | null {
  const asset = assets.assets.get(assetKey);
  if (!asset) return `${assetKey} is no longer an asset of this notebook.`;
  const now = asset.partitionsDef;
  if (now === null) {
    return partitionsDef === null ? null : `${assetKey} had partitions when the backfill started.`;
  }
  if (partitionsDef === null) return `${assetKey} had no partitions when the backfill started.`;
  const timeMatters = partitionsDef.kind === 'timeWindow' || now.kind === 'timeWindow';
  return timeMatters && !equalPartitionsDefinitions(partitionsDef, now)
    ? `The partitions of ${assetKey} have changed since the backfill started.`
    : null;
}

function goneKeys(
  { subset, unknownKeys }: BackfillTarget,
  from: PartitionIndex | null,
  to: PartitionIndex | null,
): readonly PartitionKey[] {
  if (!from || !to) return unknownKeys;
  const unknown = unknownKeys.filter((key) => to.ordinalOf(key) < 0);
  if (sameKeys(from, to)) return unknown;
  return [...keysOf(from, subset).filter((key) => to.ordinalOf(key) < 0), ...unknown];
}

/** Whether an ordinal means the same key in both. */
function sameKeys(from: PartitionIndex, to: PartitionIndex): boolean {
  if (from === to) return true;
  if (from.count !== to.count) return false;
  if (from.definition.kind === 'timeWindow' && to.definition.kind === 'timeWindow') return true;
  const others = to.keys();
  return from.keys().every((key, at) => key === others[at]);
}
