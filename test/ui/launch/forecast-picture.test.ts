import { describe, expect, it } from 'vitest';
import { pastDurations } from '../../../src/orchestration/estimate-plan.ts';
import type { PlanWave } from '../../../src/protocol/engine.ts';
import { forecastPicture } from '../../../src/ui/launch/forecast-picture.ts';
import { evenForecast, forecastOf } from '../../../src/ui/runs/forecast-groups.ts';
import type { ForecastGroup } from '../../../src/ui/runs/gantt-layout.ts';

const group = (wave: number, runCount: number, runMs: number, oneByOne = false): ForecastGroup => ({
  wave,
  runCount,
  runMs,
  oneByOne,
});

const wave = (assetKey: string, number: number, runCount: number): PlanWave => ({
  assetKeys: [assetKey],
  partitionRanges: null,
  keyCount: runCount,
  runCount,
  reason: '',
  wave: number,
});

function past(durations: Readonly<Record<string, readonly number[]>>) {
  return pastDurations(
    Object.entries(durations).flatMap(([assetKey, tooks]) =>
      tooks.map(
        (tookMs) => ({ status: 'SUCCESS', tookMs, assetKeys: [assetKey], tags: {} }) as any,
      ),
    ),
  );
}

describe('the forecast of a plan', () => {
  it('draws each run in a lane, and a wave when the one before has ended', () => {
    const { blocks, waves, laneCount, endMs } = forecastPicture(
      [group(1, 3, 10), group(2, 1, 5)],
      2,
    );
    expect(blocks.map(({ lane, fromMs, toMs }) => [lane, fromMs, toMs])).toEqual([
      [0, 0, 10],
      [1, 0, 10],
      [0, 10, 20],
      [1, 20, 25],
    ]);
    expect(waves).toEqual([
      { wave: 1, runCount: 3, fromMs: 0, toMs: 20 },
      { wave: 2, runCount: 1, fromMs: 20, toMs: 25 },
    ]);
    expect([laneCount, endMs]).toEqual([2, 25]);
  });

  it('draws a million runs as one block for each wave', () => {
    const picture = forecastPicture([group(1, 1_000_000, 2), group(2, 3, 4)], 4);
    expect(picture.blocks.map(({ laneCount, fromMs, toMs }) => [laneCount, fromMs, toMs])).toEqual([
      [4, 0, 500_000],
      [3, 500_000, 500_004],
    ]);
    const oneByOne = forecastPicture([group(1, 1000, 2, true)], 4);
    expect(oneByOne).toMatchObject({ laneCount: 1, endMs: 2000 });
  });

  it('takes what never ran to last as long as the others, and says which that is', () => {
    const waves = [wave('orders', 1, 3), wave('summary', 2, 1)];
    const found = forecastOf(waves, past({ orders: [20] }));
    expect(found?.groups.map(({ runMs }) => runMs)).toEqual([20, 20]);
    expect(found?.unknown).toEqual(['summary']);
    const later = forecastOf(waves, past({ orders: [20] }), past({ orders: [1], summary: [4] }));
    expect(later?.groups.map(({ runMs }) => runMs)).toEqual([20, 4]);
    expect(later?.unknown).toEqual([]);
  });

  it('knows nothing where nothing ran: then waves only', () => {
    const waves = [wave('orders', 1, 4)];
    expect(forecastOf(waves, past({ other: [1] }))).toBe(null);
    expect(evenForecast(waves)).toEqual([group(1, 4, 1)]);
  });
});
