import type { AssetKeyText } from '../../definitions/definitions.ts';
import type { PartitionsSubset } from '../../partitions/subset/partitions-subset.ts';
import { intersect, union } from '../../partitions/subset/subset-algebra.ts';
import {
  backfillHasEnded,
  type AssetSubsets,
  type Backfill,
  type BackfillRunRequest,
} from './backfill.ts';
import type { BackfillGraph } from './backfill-graph.ts';
import { iterateBackfill } from './iterate-backfill.ts';
import type { Rejection } from './wait-reason.ts';

/** Runs that a backfill asks for at one look. */
export interface ForecastWave {
  readonly runRequests: readonly BackfillRunRequest[];
  /** What could have been asked for and waits, and why. */
  readonly rejections: readonly Rejection[];
}

/** How a backfill will go. */
export interface Forecast {
  /** In order; looks that ask for nothing are left out. */
  readonly waves: readonly ForecastWave[];
  /** The backfill as it will be in the end; as it stands after `mostWaves` if it has not ended by then. */
  readonly backfill: Backfill;
}

/**
 * How a backfill will go if all runs of a wave have ended before the next look: the daemon's
 * own looks, run ahead (`iterateBackfill`).
 *
 * @param graph the assets and keys that the backfill's ordinals count.
 * @param failing keys whose function fails; a run over a range fails whole. Empty: every run succeeds.
 * @param mostWaves where to stop; a thousand waves take some hundredths of a second.
 * @throws {InvalidDefinitionError} if a mapping does not fit the two definitions.
 */
export function forecastBackfill(
  backfill: Backfill,
  graph: BackfillGraph,
  failing: AssetSubsets = new Map(),
  mostWaves = Infinity,
): Forecast {
  const materialized = new Map(backfill.materialized);
  const failed = new Map<AssetKeyText, PartitionsSubset>();
  const waves: ForecastWave[] = [];
  let standing = backfill;
  while (!backfillHasEnded(standing.status) && waves.length < mostWaves) {
    const observation = { materialized, failed, unfinishedRuns: 0, awaitedRetries: 0 };
    const iteration = iterateBackfill(standing, { graph, observation });
    standing = iteration.backfill;
    const { runRequests, rejections } = iteration;
    if (runRequests.length > 0) waves.push({ runRequests, rejections });
    if (failing.size === 0) {
      for (const [assetKey, subset] of standing.requested) materialized.set(assetKey, subset);
      continue;
    }
    for (const request of runRequests) {
      const lost = lostIn(request, failing, graph);
      for (const assetKey of request.assetKeys) {
        const fate = lost.has(assetKey) ? failed : materialized;
        fate.set(assetKey, union(fate.get(assetKey) ?? [], request.subset));
      }
    }
  }
  return { waves, backfill: standing };
}

/** The assets of a run that fail in it, or do not start because of those. */
function lostIn(
  { assetKeys, subset }: BackfillRunRequest,
  failing: AssetSubsets,
  graph: BackfillGraph,
): ReadonlySet<AssetKeyText> {
  const lost = new Set<AssetKeyText>();
  for (const assetKey of assetKeys) {
    const fails = intersect(subset, failing.get(assetKey) ?? []).length > 0;
    if (fails || graph.upstreamOf(assetKey).some(({ upstream }) => lost.has(upstream))) {
      lost.add(assetKey);
    }
  }
  return lost;
}
