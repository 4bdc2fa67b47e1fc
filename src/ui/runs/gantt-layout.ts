/** A run as a bar: when it ran in real time. */
export interface GanttRun {
  readonly fromMs: number;
  /** Null while it runs. */
  readonly tookMs: number | null;
}

/** Where a bar stands; ms are those of the picture, from its first run on. */
export interface GanttBar {
  readonly lane: number;
  readonly fromMs: number;
  readonly toMs: number;
}

/** A stretch in which nothing ran, and which is left out of the picture. */
export interface IdleBreak {
  /** Where it stands in the picture. */
  readonly atMs: number;
  readonly lengthMs: number;
}

export interface GanttLayout {
  /** In the order of the runs. */
  readonly bars: readonly GanttBar[];
  readonly laneCount: number;
  readonly breaks: readonly IdleBreak[];
  readonly endMs: number;
  /** Where a moment of real time stands in the picture. */
  readonly placeOf: (realMs: number) => number;
}

/** Idle for longer than this share of all that was worked, and than a second, is left out. */
const IDLE_SHARE = 0.25;
const LEAST_IDLE_MS = 1000;
/** Clocks of two threads differ by less. */
const TOLERANCE_MS = 0.5;

/**
 * Lays runs into lanes: each in the first that is free, so that there are as many as ran at once. Long
 * stretches without any are left out.
 *
 * @param runs by when they started.
 * @param nowMs real time, up to which a run goes that has not ended.
 */
export function layOut(runs: readonly GanttRun[], nowMs: number): GanttLayout {
  const endOf = ({ fromMs, tookMs }: GanttRun) => fromMs + (tookMs ?? Math.max(0, nowMs - fromMs));
  const worked: { start: number; end: number }[] = [];
  for (const run of runs) {
    const last = worked.at(-1);
    const end = endOf(run);
    if (last && run.fromMs <= last.end) last.end = Math.max(last.end, end);
    else worked.push({ start: run.fromMs, end });
  }
  const total = worked.reduce((sum, { start, end }) => sum + end - start, 0);
  const mostIdle = Math.max(LEAST_IDLE_MS, total * IDLE_SHARE);
  const rest = Math.max(1, total * 0.04);
  const breaks: IdleBreak[] = [];
  /** What is taken off the real time of each stretch. */
  const shifts: { fromMs: number; byMs: number }[] = [];
  let byMs = worked[0]?.start ?? 0;
  for (const [at, { start }] of worked.entries()) {
    const before = worked[at - 1];
    const idle = before ? start - before.end : 0;
    if (before && idle > mostIdle) {
      breaks.push({ atMs: before.end - byMs + rest / 2, lengthMs: idle });
      byMs += idle - rest;
    }
    shifts.push({ fromMs: start, byMs });
  }
  const placeOf = (realMs: number): number => {
    let low = 0;
    let high = shifts.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((shifts[middle]?.fromMs ?? 0) <= realMs) low = middle + 1;
      else high = middle;
    }
    return realMs - (shifts[Math.max(0, low - 1)]?.byMs ?? 0);
  };
  const free: number[] = [];
  const bars = runs.map((run): GanttBar => {
    const fromMs = placeOf(run.fromMs);
    const toMs = fromMs + endOf(run) - run.fromMs;
    let lane = free.findIndex((until) => until <= fromMs + TOLERANCE_MS);
    if (lane < 0) lane = free.length;
    free[lane] = toMs;
    return { lane, fromMs, toMs };
  });
  const endMs = bars.reduce((most, { toMs }) => Math.max(most, toMs), 0);
  return { bars, laneCount: free.length, breaks, endMs, placeOf };
}

/** Runs that a plan foresees: so many of a wave, each so long. */
export interface ForecastGroup {
  readonly wave: number;
  readonly runCount: number;
  readonly runMs: number;
  readonly oneByOne: boolean;
}

/** Where a planned run would stand. */
export interface ForecastBar extends GanttBar {
  readonly wave: number;
}

/**
 * The runs of a plan one after another in lanes, wave after wave: in queue order.
 *
 * @param free when each lane is free, at the start; as many as runs may go at once.
 */
export function foresee(
  groups: readonly ForecastGroup[],
  free: readonly number[],
): readonly ForecastBar[] {
  const lanes = free.length === 0 ? [0] : [...free];
  const bars: ForecastBar[] = [];
  let wave = groups[0]?.wave ?? 1;
  let waveStart = 0;
  for (const group of groups) {
    if (group.wave !== wave) {
      wave = group.wave;
      waveStart = Math.max(...lanes);
    }
    let before = waveStart;
    for (let run = 0; run < group.runCount; run += 1) {
      let lane = 0;
      for (let other = 1; other < lanes.length; other += 1) {
        if ((lanes[other] ?? 0) < (lanes[lane] ?? 0)) lane = other;
      }
      const fromMs = Math.max(lanes[lane] ?? 0, group.oneByOne ? before : waveStart);
      const toMs = fromMs + group.runMs;
      lanes[lane] = toMs;
      before = toMs;
      bars.push({ lane, fromMs, toMs, wave: group.wave });
    }
  }
  return bars;
}

/** Round numbers of ms from one to another: about so many, 1, 2 or 5 of a power of ten apart. */
export function roundMs(fromMs: number, toMs: number, count: number): readonly number[] {
  const rough = (toMs - fromMs) / Math.max(1, count);
  if (!(rough > 0)) return [];
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((by) => by * power >= rough) ?? 10);
  const first = Math.ceil(fromMs / step);
  const last = Math.floor(toMs / step);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => (first + at) * step);
}
