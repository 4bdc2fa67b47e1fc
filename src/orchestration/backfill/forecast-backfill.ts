import type { AssetKeyText } from '../../definitions/definitions.ts';
import type { PartitionsSubset } from '../../partitions/subset/partitions-subset.ts';
import { intersect, subtract, union, unionAll } from '../../partitions/subset/subset-algebra.ts';
import { backfillHasEnded, type AssetSubsets, type Backfill } from './backfill.ts';
import type { BackfillGraph } from './backfill-graph.ts';
import { lookAtBackfill } from './iterate-backfill.ts';
import { runRequestsOf, type RunGroup } from './run-requests.ts';
import type { Rejection } from './wait-reason.ts';

/** Runs that a backfill asks for at one look. */
export interface ForecastWave {
  /** Each of other assets; not listed, as there may be a million. */
  readonly runGroups: readonly RunGroup[];
  /** What could have been asked for and waits, and why. */
  readonly rejections: readonly Rejection[];
}

/** How a backfill will go. */
export interface Forecast {
  /** In order; looks that ask for nothing are left out. */
  readonly waves: readonly ForecastWave[];
  /** The backfill as it will be in the end; as it stands where the forecast stopped, if it has not ended by then. */
  readonly backfill: Backfill;
}

/**
 * How a backfill will go if all runs of a wave have ended before the next look: the daemon's
 * own looks, run ahead (`lookAtBackfill`).
 *
 * @param graph the assets and keys that the backfill's ordinals count.
 * @param failing keys whose function fails; a run over a range fails whole. Empty: every run succeeds.
 * @param mostRuns where to stop: no further look once it asked for more; a thousand looks take some
 *   hundredths of a second.
 * @throws {InvalidDefinitionError} if a mapping does not fit the two definitions.
 */
export function forecastBackfill(
  backfill: Backfill,
  graph: BackfillGraph,
  failing: AssetSubsets = new Map(),
  mostRuns = Infinity,
): Forecast {
  const materialized = new Map(backfill.materialized);
  const failed = new Map<AssetKeyText, PartitionsSubset>();
  const waves: ForecastWave[] = [];
  let standing = backfill;
  while (!backfillHasEnded(standing.status) && standing.runCount <= mostRuns) {
    const observation = { materialized, failed, unfinishedRuns: 0, awaitedRetries: 0 };
    const look = lookAtBackfill(standing, { graph, observation });
    standing = look.backfill;
    const { runGroups, rejections } = look;
    if (runGroups.length > 0) waves.push({ runGroups, rejections });
    if (failing.size === 0) {
      for (const [assetKey, subset] of standing.requested) materialized.set(assetKey, subset);
      continue;
    }
    for (const group of runGroups) {
      for (const [assetKey, lost] of lostIn(group, failing, graph)) {
        const done = subtract(group.subset, lost);
        failed.set(assetKey, union(failed.get(assetKey) ?? [], lost));
        materialized.set(assetKey, union(materialized.get(assetKey) ?? [], done));
      }
    }
  }
  return { waves, backfill: standing };
}

/** The keys of each asset of a group that fail in their runs, or do not start because of those. */
function lostIn(
  group: RunGroup,
  failing: AssetSubsets,
  graph: BackfillGraph,
): ReadonlyMap<AssetKeyText, PartitionsSubset> {
  const { assetKeys, subset, partitionsPerRun } = group;
  const lost = new Map<AssetKeyText, PartitionsSubset>();
  const wholeRuns = partitionsPerRun === null ? null : runRequestsOf(group, graph);
  for (const assetKey of assetKeys) {
    let fails = intersect(subset, failing.get(assetKey) ?? []);
    if (wholeRuns) {
      const hit = wholeRuns.filter((run) => intersect(run.subset, fails).length > 0);
      fails = unionAll(hit.map((run) => run.subset));
    }
    // Within a run all assets have the same keys.
    for (const { upstream } of graph.upstreamOf(assetKey)) {
      if (upstream !== assetKey) fails = union(fails, lost.get(upstream) ?? []);
    }
    lost.set(assetKey, fails);
  }
  return lost;
}
