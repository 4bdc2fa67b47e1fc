import type { AssetKeyText } from '../../definitions/definitions.ts';
import type { PartitionsSubset } from '../../partitions/subset/partitions-subset.ts';
import {
  equalSubsets,
  intersect,
  subtract,
  union,
} from '../../partitions/subset/subset-algebra.ts';
import {
  backfillHasEnded,
  type AssetSubsets,
  type Backfill,
  type BackfillError,
  type BackfillRunRequest,
  type BackfillStatus,
} from './backfill.ts';
import type { BackfillGraph } from './backfill-graph.ts';
import { chooseKeys, type BackfillStanding } from './choose-keys.ts';
import type { BackfillObservation } from './observe-runs.ts';
import { runGroupsFor, runRequestsOf, type RunGroup } from './run-requests.ts';
import type { Rejection } from './wait-reason.ts';

/** What one look at a backfill comes to. */
export interface BackfillLook {
  readonly backfill: Backfill;
  /** Runs to make now, not listed yet. */
  readonly runGroups: readonly RunGroup[];
  /** Keys that could have been requested and wait, and why (BF-11). */
  readonly rejections: readonly Rejection[];
}

/** What one look at a backfill comes to, with the runs to make now. */
export interface BackfillIteration extends Omit<BackfillLook, 'runGroups'> {
  readonly runRequests: readonly BackfillRunRequest[];
}

/** What a backfill is looked at with. */
export interface BackfillWorld {
  /** Its assets and keys; `loadBackfill` gives both. */
  readonly graph: BackfillGraph;
  readonly observation: BackfillObservation;
  /** Whether runs had to be canceled for this look: a backfill that winds down then stays for one more. */
  readonly canceledRuns?: boolean;
}

/**
 * Looks at a backfill once, as Dagster's daemon does: takes in what its runs have come to,
 * then asks for the runs that can be made now, or ends it (BF-5 … BF-14, BF-17). While it is
 * canceled or fails, nothing is asked for: the caller cancels its runs first.
 *
 * @throws {InvalidDefinitionError} if a mapping does not fit the two definitions.
 */
export function iterateBackfill(backfill: Backfill, world: BackfillWorld): BackfillIteration {
  const { runGroups, ...look } = lookAtBackfill(backfill, world);
  return { ...look, runRequests: runGroups.flatMap((group) => runRequestsOf(group, world.graph)) };
}

/** As `iterateBackfill`, without listing the runs: what a forecast needs. */
export function lookAtBackfill(backfill: Backfill, world: BackfillWorld): BackfillLook {
  if (backfillHasEnded(backfill.status)) return { backfill, runGroups: [], rejections: [] };
  if (backfill.status !== 'REQUESTED') return windDown(backfill, world);
  const { graph, observation } = world;
  const targets = targetsOf(backfill);
  const materialized = within(observation.materialized, targets);
  const failed = without(within(observation.failed, targets), materialized);
  const failedAndDownstream = graph.withDownstream(failed, targets);
  const looked: Backfill = {
    ...backfill,
    materialized,
    failedAndDownstream,
    iterations: backfill.iterations + 1,
  };
  const idle = observation.unfinishedRuns === 0 && observation.awaitedRetries === 0;
  if (idle && isResolved(targets, looked)) return ended(looked);
  if (backfill.paused) return { backfill: looked, runGroups: [], rejections: [] };
  const standing = { targets, requested: backfill.requested, materialized, failedAndDownstream };
  const isFirst = backfill.requested.size === 0 && materialized.size === 0 && failed.size === 0;
  const candidates = isFirst ? rootsOf(targets, graph) : candidatesOf(standing, graph);
  const choice = chooseKeys(candidates, standing, graph);
  if (choice.status === 'failed') return asFailing(backfill, choice.error);
  const { chosen, rejections } = choice;
  if (idle && chosen.size === 0 && !isFirst && sameStanding(backfill, looked)) {
    return ended(stalled(looked, targets, graph));
  }
  const runGroups = runGroupsFor(chosen, graph);
  const runCount = runGroups.reduce((sum, group) => sum + group.runCount, backfill.runCount);
  return {
    backfill: {
      ...looked,
      requested: joined(backfill.requested, chosen),
      runCount,
    },
    runGroups,
    rejections,
  };
}

/** The backfill as one that cannot go on; its runs are to be canceled. */
export function failing(backfill: Backfill, error: BackfillError): BackfillIteration {
  const { runGroups: _, ...look } = asFailing(backfill, error);
  return { ...look, runRequests: [] };
}

function asFailing(backfill: Backfill, error: BackfillError): BackfillLook {
  return {
    backfill: { ...backfill, status: 'FAILING', error, iterations: backfill.iterations + 1 },
    runGroups: [],
    rejections: [],
  };
}

/** BF-17; a failing backfill goes the same way. What reads a canceled key is not given up: it is never asked for. */
function windDown(
  backfill: Backfill,
  { observation, canceledRuns = false }: BackfillWorld,
): BackfillLook {
  const targets = targetsOf(backfill);
  const materialized = within(observation.materialized, targets);
  const failed = without(within(observation.failed, targets), materialized);
  const failedAndDownstream = without(joined(backfill.failedAndDownstream, failed), materialized);
  const done = observation.unfinishedRuns === 0 && !canceledRuns;
  const last: BackfillStatus = backfill.status === 'FAILING' ? 'FAILED' : 'CANCELED';
  return {
    backfill: {
      ...backfill,
      status: done ? last : backfill.status,
      materialized,
      failedAndDownstream,
      iterations: backfill.iterations + 1,
    },
    runGroups: [],
    rejections: [],
  };
}

function ended(backfill: Backfill): BackfillLook {
  const failed = [...backfill.failedAndDownstream.values()].some((subset) => subset.length > 0);
  return {
    backfill: { ...backfill, status: failed ? 'COMPLETED_FAILED' : 'COMPLETED_SUCCESS' },
    runGroups: [],
    rejections: [],
  };
}

/** BF-14: what no run recorded, although all have ended, counts as failed. */
function stalled(backfill: Backfill, targets: AssetSubsets, graph: BackfillGraph): Backfill {
  const { materialized, failedAndDownstream } = backfill;
  const left = without(without(targets, materialized), failedAndDownstream);
  return {
    ...backfill,
    failedAndDownstream: joined(failedAndDownstream, graph.withDownstream(left, targets)),
  };
}

/**
 * Target keys that nothing targeted of another asset comes before, be it through keys of
 * targeted assets that are not targeted themselves (BF-6).
 */
function rootsOf(targets: AssetSubsets, graph: BackfillGraph): AssetSubsets {
  const roots = new Map<AssetKeyText, PartitionsSubset>();
  const reached = new Map<AssetKeyText, PartitionsSubset>();
  for (const assetKey of graph.inOrder(targets.keys())) {
    const target = targets.get(assetKey) ?? [];
    let below: PartitionsSubset = [];
    for (const edge of graph.upstreamOf(assetKey)) {
      const above = edge.upstream === assetKey ? undefined : reached.get(edge.upstream);
      if (above) below = union(below, graph.toDownstream(edge, above));
    }
    roots.set(assetKey, subtract(target, below));
    reached.set(assetKey, union(target, below));
  }
  return roots;
}

/** What has not been requested of every asset that reads one with a key that was recorded or failed (BF-6). */
function candidatesOf(standing: BackfillStanding, graph: BackfillGraph): AssetSubsets {
  const { targets, requested, materialized, failedAndDownstream } = standing;
  const candidates = new Map<AssetKeyText, readonly number[]>();
  for (const assetKey of new Set([...materialized.keys(), ...failedAndDownstream.keys()])) {
    for (const { downstream } of graph.downstreamOf(assetKey)) {
      const target = targets.get(downstream);
      if (!target || candidates.has(downstream)) continue;
      candidates.set(downstream, subtract(target, requested.get(downstream) ?? []));
    }
  }
  return candidates;
}

function isResolved(targets: AssetSubsets, backfill: Backfill): boolean {
  const left = without(without(targets, backfill.materialized), backfill.failedAndDownstream);
  return left.size === 0;
}

/** Whether an iteration has changed nothing (BF-14). */
function sameStanding(before: Backfill, after: Backfill): boolean {
  return (
    sameSubsets(before.materialized, after.materialized) &&
    sameSubsets(before.failedAndDownstream, after.failedAndDownstream)
  );
}

function sameSubsets(one: AssetSubsets, other: AssetSubsets): boolean {
  return (
    one.size === other.size &&
    [...one].every(([assetKey, subset]) => equalSubsets(subset, other.get(assetKey) ?? []))
  );
}

function targetsOf(backfill: Backfill): AssetSubsets {
  return new Map(backfill.targets.map(({ assetKey, subset }) => [assetKey, subset]));
}

function joined(one: AssetSubsets, other: AssetSubsets): AssetSubsets {
  const subsets = new Map(one);
  for (const [assetKey, subset] of other) {
    subsets.set(assetKey, union(subsets.get(assetKey) ?? [], subset));
  }
  return subsets;
}

/** The part of `subsets` that is in `bounds`; what is left empty is left out. */
function within(subsets: AssetSubsets, bounds: AssetSubsets): AssetSubsets {
  return filled(subsets, (assetKey, subset) => intersect(subset, bounds.get(assetKey) ?? []));
}

/** The part of `subsets` that is not in `others`; what is left empty is left out. */
function without(subsets: AssetSubsets, others: AssetSubsets): AssetSubsets {
  return filled(subsets, (assetKey, subset) => subtract(subset, others.get(assetKey) ?? []));
}

function filled(
  subsets: AssetSubsets,
  change: (assetKey: AssetKeyText, subset: readonly number[]) => readonly number[],
): AssetSubsets {
  const changed = new Map<AssetKeyText, readonly number[]>();
  for (const [assetKey, subset] of subsets) {
    const part = change(assetKey, subset);
    if (part.length > 0) changed.set(assetKey, part);
  }
  return changed;
}
