import type { Tick } from '../../orchestration/ticks.ts';
import type { EpochMs } from '../../time/time-window.ts';

/** A tick of a lane: one that was evaluated, or one to come. */
export interface LaneTick {
  readonly at: EpochMs;
  /** Null for one to come. */
  readonly tick: Tick | null;
}

/** A tick where it stands on its lane. */
export interface PlacedTick extends LaneTick {
  /** Its middle, CSS px from the left end. */
  readonly x: number;
  /** Of its square, CSS px; 0 for a mere stroke. */
  readonly size: number;
}

const SQUARE = 16;
const SMALLEST = 4;
/** Between neighbouring squares, CSS px. */
const GAP = 2;

/**
 * Where the ticks of a lane stand, and how large. Those that were skipped, and those to come, are strokes
 * where there is no room for squares; of squares that would fall together the worst stays.
 *
 * @param ticks ascending.
 * @param axis gives the place of an instant.
 */
export function placeTicks(
  ticks: readonly LaneTick[],
  axis: (at: EpochMs) => number,
): readonly PlacedTick[] {
  const isRoomy = leastGap(ticks, axis) >= SQUARE + GAP;
  const isStroke = ({ tick }: LaneTick) => !isRoomy && (!tick || tick.status === 'SKIPPED');
  const squares = ticks.filter((one) => !isStroke(one));
  const size = Math.min(SQUARE, Math.max(SMALLEST, Math.floor(leastGap(squares, axis)) - GAP));
  const placed: PlacedTick[] = [];
  let last: PlacedTick | null = null;
  for (const one of ticks) {
    const here: PlacedTick = { ...one, x: axis(one.at), size: isStroke(one) ? 0 : size };
    const falls = last && here.size > 0 && here.x - last.x < Math.min(size, SMALLEST);
    if (last && falls) {
      if (rank(here) >= rank(last)) continue;
      placed.splice(placed.indexOf(last), 1);
    }
    placed.push(here);
    if (here.size > 0) last = here;
  }
  return placed;
}

/** The tick nearest to a place, if it is within reach; null if none is. */
export function tickNear(
  placed: readonly PlacedTick[],
  x: number,
  reach: number,
): PlacedTick | null {
  let nearest: PlacedTick | null = null;
  for (const one of placed) {
    const away = Math.abs(one.x - x) - one.size / 2;
    if (away <= reach && (!nearest || away < Math.abs(nearest.x - x) - nearest.size / 2)) {
      nearest = one;
    }
  }
  return nearest;
}

function leastGap(ticks: readonly LaneTick[], axis: (at: EpochMs) => number): number {
  let least = Infinity;
  for (let at = 1; at < ticks.length; at += 1) {
    const [before, after] = [ticks[at - 1], ticks[at]];
    if (before && after) least = Math.min(least, axis(after.at) - axis(before.at));
  }
  return least;
}

/** Worst first. */
function rank({ tick }: LaneTick): number {
  if (!tick) return 4;
  return ['FAILURE', 'STARTED', 'SUCCESS', 'SKIPPED'].indexOf(tick.status);
}
