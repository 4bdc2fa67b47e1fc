import type { AssetKeyText } from '../../definitions/definitions.ts';
import type { AssetSubsets } from '../../orchestration/backfill/backfill.ts';
import type { BackfillGraph } from '../../orchestration/backfill/backfill-graph.ts';
import type { PartitionKey } from '../../partitions/context.ts';
import { subsetOfRanges } from '../../partitions/key-ranges.ts';
import type { PartitionIndex } from '../../partitions/partition-index.ts';
import { contains, subsetOfSpan, subtract, union } from '../../partitions/subset/subset-algebra.ts';
import type { PartitionsSubset } from '../../partitions/subset/partitions-subset.ts';
import type { LaunchPlan, PlanWave } from '../../protocol/engine.ts';

/** Keys of an asset that a failure keeps a launch from. */
export interface StoppedKeys {
  readonly assetKey: AssetKeyText;
  /** Null for an asset without partitions. */
  readonly index: PartitionIndex | null;
  readonly subset: PartitionsSubset;
}

/** The keys of a wave, as ordinals of its assets' definition; ordinal 0 for assets without partitions. */
export function plannedSubset(
  { assetKeys, partitionRanges }: PlanWave,
  graph: BackfillGraph,
): PartitionsSubset {
  const index = graph.indexOf(assetKeys[0] ?? '');
  return index && partitionRanges
    ? subsetOfRanges(index, partitionRanges).subset
    : subsetOfSpan(0, 1);
}

/** All keys that a plan materializes, by asset, in the order of its waves. */
export function plannedTargets({ waves }: LaunchPlan, graph: BackfillGraph): AssetSubsets {
  const targets = new Map<AssetKeyText, PartitionsSubset>();
  for (const wave of waves) {
    const subset = plannedSubset(wave, graph);
    for (const assetKey of wave.assetKeys) {
      targets.set(assetKey, union(targets.get(assetKey) ?? [], subset));
    }
  }
  return targets;
}

/**
 * What of `targets` is not tried if one key fails: all that reads it, directly or not. Null if
 * the key is none of the targets.
 *
 * @param key null for an asset without partitions.
 */
export function stoppedBy(
  assetKey: AssetKeyText,
  key: PartitionKey | null,
  targets: AssetSubsets,
  graph: BackfillGraph,
): readonly StoppedKeys[] | null {
  const ordinal = key === null ? 0 : (graph.indexOf(assetKey)?.ordinalOf(key) ?? -1);
  if (ordinal < 0 || !contains(targets.get(assetKey) ?? [], ordinal)) return null;
  const failed = new Map([[assetKey, subsetOfSpan(ordinal, ordinal + 1)]]);
  const stopped = graph.withDownstream(failed, targets);
  return [...targets.keys()].flatMap((other) => {
    const subset = subtract(stopped.get(other) ?? [], failed.get(other) ?? []);
    return subset.length > 0 ? [{ assetKey: other, index: graph.indexOf(other), subset }] : [];
  });
}
