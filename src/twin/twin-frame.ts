import type { StandingProblem } from './world-code.ts';
import type { WorldView } from '../ledger/world-view.ts';
import type { Run } from '../orchestration/run.ts';
import type { EpochMs } from '../time/time-window.ts';

/** What an action came to in one world. */
export interface ActionOutcome {
  /** `refused`: the world cannot take it, or not all of it. */
  readonly status: 'done' | 'refused';
  /** Why it was refused; empty if it was not. */
  readonly reason: string;
  /** The runs that it made, in order. */
  readonly runIds: readonly string[];
}

/** How one world stands after so many actions. Plain data. */
export interface WorldFrame {
  readonly view: WorldView;
  /** With their configs, oldest first. */
  readonly runs: readonly Run[];
  /** What is wrong with the world's code; empty if nothing is. */
  readonly problems: readonly StandingProblem[];
  /** Null before the first action. */
  readonly outcome: ActionOutcome | null;
}

/** All worlds after so many actions. Plain data. */
export interface TwinFrame {
  /** How many actions were taken. */
  readonly position: number;
  /** The instant of the last action; the beginning if none was taken. */
  readonly at: EpochMs;
  /** In the order of the worlds. */
  readonly worlds: readonly WorldFrame[];
}
