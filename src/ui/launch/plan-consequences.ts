import type { NotebookSession } from '../../app/notebook-session.svelte.ts';
import type { AssetKeyText } from '../../definitions/definitions.ts';
import { AssetGraph } from '../../definitions/graph.ts';
import type { LaunchExtras } from '../../orchestration/backfill/launch-extras.ts';
import { KeySpace } from '../../orchestration/key-space.ts';
import type { AssetSubsets } from '../../orchestration/backfill/backfill.ts';
import { BackfillGraph } from '../../orchestration/backfill/backfill-graph.ts';
import type { PartitionKey } from '../../partitions/context.ts';
import { subsetOfRanges } from '../../partitions/key-ranges.ts';
import type { PartitionIndex } from '../../partitions/partition-index.ts';
import {
  contains,
  countOf,
  ordinalAt,
  slice,
  subsetOfSpan,
  subtract,
  union,
} from '../../partitions/subset/subset-algebra.ts';
import type { PartitionsSubset } from '../../partitions/subset/partitions-subset.ts';
import type { LaunchPlan, PlanWave } from '../../protocol/engine.ts';

/** Keys of an asset that a failure keeps a launch from. */
export interface StoppedKeys {
  readonly assetKey: AssetKeyText;
  /** Null for an asset without partitions. */
  readonly index: PartitionIndex | null;
  readonly subset: PartitionsSubset;
}

/** The notebook's assets with the keys that exist now, as a launch with `extras` sees them. */
export function graphOfSession(session: NotebookSession, extras?: LaunchExtras): BackfillGraph {
  return new BackfillGraph(
    new AssetGraph(session.definitions.assets),
    new KeySpace({
      effectiveAt: session.now,
      dynamicPartitions: new Map(session.state?.dynamicPartitions ?? []),
    }),
    extras,
  );
}

/** The keys of a wave, as ordinals of its assets' definition; ordinal 0 for assets without partitions. */
function plannedSubset(
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

/**
 * How many keys are not made if the first run of a plan fails, its own and all that is not tried then,
 * over all assets; 0 if nothing runs.
 */
export function lostWithFirstRun(plan: LaunchPlan, graph: BackfillGraph): number {
  const [wave] = plan.waves;
  if (!wave) return 0;
  const whole = plannedSubset(wave, graph);
  const keysARun = Math.ceil(Math.max(1, wave.keyCount) / Math.max(1, wave.runCount));
  const after = ordinalAt(whole, keysARun);
  const failing = after < 0 ? whole : slice(whole, 0, after);
  const failed = new Map(wave.assetKeys.map((assetKey) => [assetKey, failing]));
  const lost = graph.withDownstream(failed, plannedTargets(plan, graph));
  let keys = 0;
  for (const subset of lost.values()) keys += countOf(subset);
  return keys;
}
