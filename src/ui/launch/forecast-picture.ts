import { foresee, type ForecastGroup } from '../runs/gantt-layout.ts';

/** What is drawn of a forecast: a run, or many runs of a wave together. */
export interface ForecastBlock {
  /** The first lane that it takes. */
  readonly lane: number;
  readonly laneCount: number;
  readonly fromMs: number;
  readonly toMs: number;
}

/** From when to when the runs of a wave go. */
export interface ForecastWave {
  readonly wave: number;
  readonly runCount: number;
  readonly fromMs: number;
  readonly toMs: number;
}

export interface ForecastPicture {
  readonly blocks: readonly ForecastBlock[];
  /** In order. */
  readonly waves: readonly ForecastWave[];
  readonly laneCount: number;
  readonly endMs: number;
}

/** Of more runs than these each wave is drawn as one block. */
const DRAWN = 200;

/**
 * The runs of a plan in time, from when it is launched.
 *
 * @param atOnce how many runs execute at once; at least 1.
 */
export function forecastPicture(groups: readonly ForecastGroup[], atOnce: number): ForecastPicture {
  const runCount = groups.reduce((sum, group) => sum + group.runCount, 0);
  const numbers = [...new Set(groups.map(({ wave }) => wave))];
  const of = (number: number) => groups.filter(({ wave }) => wave === number);
  const count = (number: number) => of(number).reduce((sum, group) => sum + group.runCount, 0);
  if (runCount <= DRAWN) {
    const bars = foresee(
      groups,
      Array.from({ length: atOnce }, () => 0),
    );
    const waves = numbers.map((wave): ForecastWave => {
      const own = bars.filter((bar) => bar.wave === wave);
      return {
        wave,
        runCount: own.length,
        fromMs: Math.min(...own.map(({ fromMs }) => fromMs)),
        toMs: Math.max(...own.map(({ toMs }) => toMs)),
      };
    });
    return finished(
      bars.map(({ lane, fromMs, toMs }) => ({ lane, laneCount: 1, fromMs, toMs })),
      waves,
    );
  }
  let fromMs = 0;
  const waves = numbers.map((wave): ForecastWave => {
    const own = of(wave);
    const shared = own.reduce((sum, group) => sum + group.runCount * group.runMs, 0) / atOnce;
    const least = Math.max(
      ...own.map(({ runMs, oneByOne, runCount: runs }) => runMs * (oneByOne ? runs : 1)),
    );
    const toMs = fromMs + Math.max(shared, least);
    const one = { wave, runCount: count(wave), fromMs, toMs };
    fromMs = toMs;
    return one;
  });
  return finished(
    waves.map((wave) => {
      const inARow = of(wave.wave).every(({ oneByOne }) => oneByOne);
      const most = inARow ? of(wave.wave).length : wave.runCount;
      return { ...wave, lane: 0, laneCount: Math.min(atOnce, most) };
    }),
    waves,
  );
}

function finished(
  blocks: readonly ForecastBlock[],
  waves: readonly ForecastWave[],
): ForecastPicture {
  return {
    blocks,
    waves,
    laneCount: blocks.reduce((most, { lane, laneCount }) => Math.max(most, lane + laneCount), 1),
    endMs: waves.at(-1)?.toMs ?? 0,
  };
}
