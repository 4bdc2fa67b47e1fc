import { describe, expect, it } from 'vitest';
import type { Tick, TickStatus } from '../../../src/orchestration/ticks.ts';
import { placeTicks, tickNear } from '../../../src/ui/automation/tick-lane.ts';

const tickAt = (at: number, status: TickStatus | null) => ({
  at,
  tick: status === null ? null : ({ status } as Tick),
});
const identity = (at: number) => at;

describe('ticks on a lane', () => {
  it('are squares where there is room, whatever they came to', () => {
    const placed = placeTicks(
      [tickAt(0, 'SUCCESS'), tickAt(40, 'SKIPPED'), tickAt(80, null)],
      identity,
    );
    expect(placed.map(({ size }) => size)).toEqual([16, 16, 16]);
  });

  it('where there is none, what was skipped or is to come is a stroke', () => {
    const ticks = [0, 5, 10, 15].map((at) => tickAt(at, at === 10 ? 'SUCCESS' : 'SKIPPED'));
    expect(placeTicks([...ticks, tickAt(20, null)], identity).map(({ size }) => size)).toEqual([
      0, 0, 16, 0, 0,
    ]);
  });

  it('a failed one is never hidden by its neighbours', () => {
    const ticks = Array.from({ length: 50 }, (_, at) =>
      tickAt(at, at === 21 ? 'FAILURE' : 'SUCCESS'),
    );
    const placed = placeTicks(ticks, identity);
    expect(placed.length).toBeLessThan(20);
    expect(placed.filter(({ tick }) => tick?.status === 'FAILURE')).toMatchObject([{ at: 21 }]);
  });

  it('are found by a place near them', () => {
    const placed = placeTicks([tickAt(10, 'SUCCESS'), tickAt(60, 'FAILURE')], identity);
    expect(tickNear(placed, 56, 4)?.at).toBe(60);
    expect(tickNear(placed, 35, 4)).toBeNull();
  });
});
