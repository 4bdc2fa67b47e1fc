import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foresee, layOut, roundMs } from '../../../src/ui/runs/gantt-layout.ts';

describe('the lanes of runs', () => {
  it('[RUN-1] a run stands in the first lane that is free', () => {
    const runs = [
      { fromMs: 1000, tookMs: 10 },
      { fromMs: 1002, tookMs: 3 },
      { fromMs: 1005, tookMs: 4 },
      { fromMs: 1012, tookMs: null },
    ];
    const { bars, laneCount, endMs } = layOut(runs, 1020);
    expect(bars.map(({ lane }) => lane)).toEqual([0, 1, 1, 0]);
    expect(bars[3]).toEqual({ lane: 0, fromMs: 12, toMs: 20 });
    expect([laneCount, endMs]).toEqual([2, 20]);
  });

  it('[RUN-1] long stretches without runs are left out', () => {
    const hour = 3_600_000;
    const layout = layOut(
      [
        { fromMs: 0, tookMs: 100 },
        { fromMs: hour, tookMs: 100 },
      ],
      0,
    );
    expect(layout.breaks).toHaveLength(1);
    expect(layout.endMs).toBeLessThan(300);
    expect(layout.placeOf(hour + 50)).toBe((layout.bars[1]?.fromMs ?? 0) + 50);
  });

  it('[RUN-1] no two bars of a lane overlap', () => {
    const run = fc.record({ fromMs: fc.nat(500), tookMs: fc.nat(80) });
    fc.assert(
      fc.property(fc.array(run), (drawn) => {
        const runs = [...drawn].sort((one, other) => one.fromMs - other.fromMs);
        const { bars } = layOut(runs, 0);
        const until = new Map<number, number>();
        for (const { lane, fromMs, toMs } of bars) {
          expect(fromMs).toBeGreaterThanOrEqual((until.get(lane) ?? 0) - 0.5);
          until.set(lane, toMs);
        }
      }),
    );
  });

  it('[PLAN-2] what is foreseen goes wave by wave, in so many lanes', () => {
    const group = { wave: 1, runCount: 3, runMs: 10, oneByOne: false };
    const after = { wave: 2, runCount: 2, runMs: 5, oneByOne: true };
    const bars = foresee([group, after], [0, 4]);
    expect(bars.map(({ lane, fromMs }) => [lane, fromMs])).toEqual([
      [0, 0],
      [1, 4],
      [0, 10],
      [1, 20],
      [0, 25],
    ]);
  });

  it('ticks are round', () => {
    expect(roundMs(3, 97, 5)).toEqual([20, 40, 60, 80]);
    expect(roundMs(5, 5, 4)).toEqual([]);
  });
});
