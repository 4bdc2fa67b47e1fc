import type { EpochMs } from '../time/time-window.ts';
import type { DaemonRecord } from './ports.ts';
import type { UnfinishedTick } from './sensor-tick.ts';
import type { Tick } from './ticks.ts';

/** How a schedule or a sensor stands: what is kept of it between its ticks. Plain data. */
export interface Instigator {
  readonly kind: Tick['kind'];
  readonly name: string;
  readonly running: boolean;
  /** What was due before is not made up for: when it was switched on, or just after its last tick. */
  readonly from: EpochMs;
  /** Of a sensor: what it keeps; null if nothing. */
  readonly cursor: string | null;
  /** When it was last evaluated; null if never. */
  readonly lastTickAt: EpochMs | null;
  /** Of a sensor: run keys of its whole life (RR-1). */
  readonly usedRunKeys: readonly string[];
  /** Of a sensor: what its last tick left; null if nothing. */
  readonly unfinished: UnfinishedTick | null;
  /** How many ticks it has had. */
  readonly tickCount: number;
}

/** One that nobody has started or stopped yet. */
export function newInstigator(
  kind: Instigator['kind'],
  name: string,
  running: boolean,
  now: EpochMs,
): Instigator {
  return {
    kind,
    name,
    running,
    from: now,
    cursor: null,
    lastTickAt: null,
    usedRunKeys: [],
    unfinished: null,
    tickCount: 0,
  };
}

/** Its id among schedules and sensors, and what the ids of its ticks begin with. */
export function instigatorId({ kind, name }: Pick<Instigator, 'kind' | 'name'>): string {
  return `${kind}/${name}/`;
}

export function instigatorRecord(instigator: Instigator): DaemonRecord {
  return { kind: 'instigator', recordId: instigatorId(instigator), value: instigator };
}

/** Ticks are listed by their ids: those of one instigator together, by their number. */
export function tickRecord(tick: Tick): DaemonRecord {
  return { kind: 'tick', recordId: tick.tickId, value: tick };
}

/** The id of the tick after those there have been. */
export function nextTickId(instigator: Pick<Instigator, 'kind' | 'name' | 'tickCount'>): string {
  return instigatorId(instigator) + String(instigator.tickCount + 1).padStart(9, '0');
}
