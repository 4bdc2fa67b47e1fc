import type { AssetKeyText } from '../definitions/definitions.ts';
import type { PlanWave } from '../protocol/engine.ts';
import { rangeOf } from './run-keys.ts';
import type { Run } from './run.ts';

/** How long earlier runs took, in real time: ascending, by what they ran. */
export type PastDurations = ReadonlyMap<string, readonly number[]>;

/** How long something will take: from the first to the third quartile of what was. */
export interface Estimate {
  readonly lowMs: number;
  readonly highMs: number;
  /** How many earlier runs it is made from. */
  readonly pastRuns: number;
}

/** The durations of runs that succeeded, apart by their assets and by whether they took several keys. */
export function pastDurations(runs: Iterable<Run>): PastDurations {
  const durations = new Map<string, number[]>();
  for (const run of runs) {
    if (run.status !== 'SUCCESS' || run.tookMs === null) continue;
    const name = nameOf(run.assetKeys, rangeOf(run) !== null);
    const own = durations.get(name);
    if (own) own.push(run.tookMs);
    else durations.set(name, [run.tookMs]);
  }
  for (const own of durations.values()) own.sort((one, other) => one - other);
  return durations;
}

/**
 * How long one run of a wave will take: as earlier runs of the same assets took; else the sum of what
 * runs of each took alone. Of several keys, if there never was such a run, so many times that of one.
 * Null if too little is known.
 */
export function estimateRun(wave: PlanWave, past: PastDurations): Estimate | null {
  const { assetKeys, keyCount, runCount } = wave;
  const takesRange = wave.partitionsPerRun !== undefined;
  const known = quartiles(past.get(nameOf(assetKeys, takesRange)));
  if (known) return known;
  const keysPerRun = takesRange ? Math.max(1, keyCount / Math.max(1, runCount)) : 1;
  const alike = quartiles(past.get(nameOf(assetKeys, false)));
  if (alike && takesRange) return times(alike, keysPerRun);
  if (assetKeys.length < 2) return null;
  let sum: Estimate = { lowMs: 0, highMs: 0, pastRuns: Infinity };
  for (const assetKey of assetKeys) {
    const alone = quartiles(past.get(nameOf([assetKey], false)));
    if (!alone) return null;
    sum = {
      lowMs: sum.lowMs + alone.lowMs,
      highMs: sum.highMs + alone.highMs,
      pastRuns: Math.min(sum.pastRuns, alone.pastRuns),
    };
  }
  return times(sum, keysPerRun);
}

/**
 * How long a plan will take with so many runs at once: wave after wave, each at least as long as a run
 * of it. Null if nothing is known of some wave.
 */
export function estimatePlan(
  waves: readonly PlanWave[],
  past: PastDurations,
  atOnce: number,
): Estimate | null {
  const byWave = new Map<
    number,
    { low: number; high: number; leastLow: number; leastHigh: number }
  >();
  let pastRuns = Infinity;
  for (const wave of waves) {
    const run = estimateRun(wave, past);
    if (!run) return null;
    pastRuns = Math.min(pastRuns, run.pastRuns);
    const number = wave.wave ?? 1;
    const one = byWave.get(number) ?? { low: 0, high: 0, leastLow: 0, leastHigh: 0 };
    const inARow = wave.oneByOne ? wave.runCount : 1;
    one.low += run.lowMs * wave.runCount;
    one.high += run.highMs * wave.runCount;
    one.leastLow = Math.max(one.leastLow, run.lowMs * inARow);
    one.leastHigh = Math.max(one.leastHigh, run.highMs * inARow);
    byWave.set(number, one);
  }
  if (byWave.size === 0) return null;
  let [lowMs, highMs] = [0, 0];
  for (const { low, high, leastLow, leastHigh } of byWave.values()) {
    lowMs += Math.max(leastLow, low / atOnce);
    highMs += Math.max(leastHigh, high / atOnce);
  }
  return { lowMs, highMs, pastRuns };
}

function quartiles(durations: readonly number[] | undefined): Estimate | null {
  if (!durations || durations.length === 0) return null;
  const at = (share: number) => durations[Math.round((durations.length - 1) * share)] ?? 0;
  return { lowMs: at(0.25), highMs: at(0.75), pastRuns: durations.length };
}

function times({ lowMs, highMs, pastRuns }: Estimate, factor: number): Estimate {
  return { lowMs: lowMs * factor, highMs: highMs * factor, pastRuns };
}

function nameOf(assetKeys: readonly AssetKeyText[], takesRange: boolean): string {
  return `${takesRange ? 'range' : 'key'} ${[...assetKeys].sort().join()}`;
}
