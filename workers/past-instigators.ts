import { nextTickId } from '../src/orchestration/instigator.ts';
import type { InstanceStore } from '../src/orchestration/ports.ts';
import type { Tick } from '../src/orchestration/ticks.ts';
import type { InstigatorState } from '../src/protocol/engine.ts';
import type { EpochMs } from '../src/time/time-window.ts';

/**
 * How schedules and sensors stood at an instant, as their ticks tell: how many there had been, the last of them
 * with what it kept, and the next as it came. Nothing tells when one was switched on or off by hand: where no tick
 * shows that a schedule ran, it is as now.
 *
 * @param now how they stand now, in the order in which they are given back.
 */
export function instigatorsAsOf(
  notebookId: string,
  instances: InstanceStore,
  now: readonly InstigatorState[],
  at: EpochMs,
): Promise<readonly InstigatorState[]> {
  const readTick = async (state: InstigatorState, number: number): Promise<Tick | null> => {
    const tickId = nextTickId({ ...state, tickCount: number - 1 });
    return ((await instances.readRecord(notebookId, 'tick', tickId))?.value as Tick) ?? null;
  };
  return Promise.all(
    now.map(async (state) => {
      // Ticks are numbered from 1 as they come: the last that had begun is found by halves.
      let tickCount = 0;
      let last: Tick | null = null;
      let next: Tick | null = null;
      for (let end = state.tickCount + 1; end - tickCount > 1;) {
        const number = Math.floor((tickCount + end) / 2);
        const tick = await readTick(state, number);
        if (tick && tick.startedAt <= at) {
          tickCount = number;
          last = tick;
        } else {
          end = number;
          next = tick;
        }
      }
      return {
        ...state,
        running: state.running || (state.kind === 'schedule' && next !== null),
        cursor: last?.cursor ?? null,
        lastTickAt: last?.at ?? null,
        tickCount,
        nextTickAt: next?.at ?? state.nextTickAt,
      };
    }),
  );
}
