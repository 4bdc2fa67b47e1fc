import { describe, expect, it } from 'vitest';
import { estimatePlan, estimateRun, pastDurations } from '../../src/orchestration/estimate-plan.ts';
import type { Run } from '../../src/orchestration/run.ts';
import type { PlanWave } from '../../src/protocol/engine.ts';

const ran = (assetKeys: readonly string[], tookMs: number, more: Partial<Run> = {}) =>
  ({ status: 'SUCCESS', assetKeys, tookMs, tags: {}, ...more }) as Run;
const range = {
  'dagster/asset_partition_range_start': 'a',
  'dagster/asset_partition_range_end': 'c',
};
const wave = (assetKeys: readonly string[], runCount: number, more: Partial<PlanWave> = {}) =>
  ({
    assetKeys,
    runCount,
    keyCount: runCount,
    partitionRanges: [],
    reason: '',
    ...more,
  }) as PlanWave;

describe('the estimate of a plan', () => {
  it('[PLAN-2] is from the first to the third quartile of earlier runs of the same assets', () => {
    const past = pastDurations([
      ...[50, 10, 30, 20, 40].map((ms) => ran(['a'], ms)),
      ran(['a'], 9999, { status: 'FAILURE' }),
      ran(['b', 'a'], 7),
    ]);
    expect(estimateRun(wave(['a'], 1), past)).toEqual({ lowMs: 20, highMs: 40, pastRuns: 5 });
    expect(estimateRun(wave(['a', 'b'], 1), past)).toEqual({ lowMs: 7, highMs: 7, pastRuns: 1 });
    expect(estimateRun(wave(['b'], 1), past)).toBeNull();
  });

  it('[PLAN-2] adds up runs of single assets, and single keys of a range', () => {
    const past = pastDurations([ran(['a'], 10), ran(['b'], 5)]);
    expect(estimateRun(wave(['a', 'b'], 3), past)).toMatchObject({ lowMs: 15 });
    const batches = wave(['a'], 2, { keyCount: 6, partitionsPerRun: 3 });
    expect(estimateRun(batches, past)).toMatchObject({ lowMs: 30 });
    const known = pastDurations([ran(['a'], 10), ran(['a'], 12, { tags: range })]);
    expect(estimateRun(batches, known)).toMatchObject({ lowMs: 12 });
  });

  it('[PLAN-2] shares a wave among so many runs at once; waves follow each other', () => {
    const past = pastDurations([ran(['a'], 10), ran(['b'], 40)]);
    const waves = [wave(['a'], 8, { wave: 1 }), wave(['b'], 1, { wave: 2 })];
    expect(estimatePlan(waves, past, 4)).toMatchObject({ lowMs: (8 * 10) / 4 + 40 });
    expect(estimatePlan(waves, past, 1)).toMatchObject({ lowMs: 120 });
    const inARow = [wave(['a'], 8, { oneByOne: true })];
    expect(estimatePlan(inARow, past, 4)).toMatchObject({ lowMs: 80 });
    expect(estimatePlan([...waves, wave(['c'], 1)], past, 4)).toBeNull();
  });
});
