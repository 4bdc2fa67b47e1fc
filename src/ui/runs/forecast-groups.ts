import { estimateRun, type PastDurations } from '../../orchestration/estimate-plan.ts';
import type { PlanWave } from '../../protocol/engine.ts';
import type { ForecastGroup } from './gantt-layout.ts';

/** How long the runs of a plan will take, as far as it is known. */
export interface Forecast {
  /** In the order of the plan. */
  readonly groups: readonly ForecastGroup[];
  /** Assets of runs that never ran before: they are taken to last as long as the others. */
  readonly unknown: readonly string[];
}

/**
 * The runs of a plan, each as long as the middle of what earlier ones took.
 *
 * @param pasts where durations are looked for, one after the other.
 * @returns null if nothing is known of any.
 */
export function forecastOf(
  waves: readonly PlanWave[],
  ...pasts: readonly PastDurations[]
): Forecast | null {
  const usual = waves.map((wave): number | null => {
    for (const past of pasts) {
      const one = estimateRun(wave, past);
      if (one) return (one.lowMs + one.highMs) / 2;
    }
    return null;
  });
  const known = usual.filter((ms) => ms !== null);
  if (known.length === 0) return null;
  const mean = known.reduce((sum, ms) => sum + ms, 0) / known.length;
  return {
    groups: groupsOf(waves, (at) => usual[at] ?? mean),
    unknown: waves.flatMap(({ assetKeys }, at) => (usual[at] === null ? assetKeys : [])),
  };
}

/** The runs of a plan of which nothing is known: all as long as each other. */
export function evenForecast(waves: readonly PlanWave[]): readonly ForecastGroup[] {
  return groupsOf(waves, () => 1);
}

function groupsOf(
  waves: readonly PlanWave[],
  runMsAt: (place: number) => number,
): readonly ForecastGroup[] {
  return waves.map(({ wave = 1, runCount, oneByOne = false }, at) => {
    return { wave, runCount, runMs: runMsAt(at), oneByOne };
  });
}
