import { InvalidDefinitionError } from '../../errors.ts';
import { forecastBackfill } from '../../orchestration/backfill/forecast-backfill.ts';
import { planWaves } from '../../orchestration/backfill/plan-waves.ts';
import type { Backfill } from '../../orchestration/backfill/backfill.ts';
import type { BackfillGraph } from '../../orchestration/backfill/backfill-graph.ts';
import { subsetOfRanges } from '../../partitions/key-ranges.ts';
import { countOf, intersect, subsetOfSpan } from '../../partitions/subset/subset-algebra.ts';
import type { PartitionsSubset } from '../../partitions/subset/partitions-subset.ts';
import type { PlanWave } from '../../protocol/engine.ts';
import { KEY_FATES, type KeyFate, type TargetStanding } from './backfill-standing.ts';

/** Runs that a backfill asks for together. */
export interface BackfillWave {
  readonly plan: PlanWave;
  /** Counted from 1. */
  readonly wave: number;
  /** The keys, as ordinals of its assets' definition; ordinal 0 for assets without partitions. */
  readonly subset: PartitionsSubset;
}

/**
 * The waves of a backfill in order: the daemon's looks from the start, as if every run succeeded.
 * Empty if it cannot be worked at all.
 */
export function wavesOf(backfill: Backfill, graph: BackfillGraph): readonly BackfillWave[] {
  const fresh: Backfill = {
    ...backfill,
    status: 'REQUESTED',
    paused: false,
    requested: new Map(),
    materialized: new Map(),
    failedAndDownstream: new Map(),
    iterations: 0,
    runCount: 0,
    error: null,
  };
  try {
    return planWaves(forecastBackfill(fresh, graph), graph).map((plan) => {
      const index = graph.indexOf(plan.assetKeys[0] ?? '');
      const subset =
        index && plan.partitionRanges
          ? subsetOfRanges(index, plan.partitionRanges).subset
          : subsetOfSpan(0, 1);
      return { plan, wave: plan.wave ?? 1, subset };
    });
  } catch (fault) {
    // The backfill has failed of it, and says so itself.
    if (fault instanceof InvalidDefinitionError) return [];
    throw fault;
  }
}

/** How many keys of a wave, over all its assets, have which fate. */
export function fatesIn(
  { plan, subset }: BackfillWave,
  standing: readonly TargetStanding[],
): Readonly<Record<KeyFate, number>> {
  const counts = { done: 0, failed: 0, notTried: 0, inProgress: 0, toCome: 0 };
  for (const { assetKey, fates } of standing) {
    if (!plan.assetKeys.includes(assetKey)) continue;
    for (const fate of KEY_FATES) counts[fate] += countOf(intersect(fates[fate], subset));
  }
  return counts;
}
