import type { EventId } from '../../orchestration/event.ts';

/** A change of the history that can be taken back. */
export interface UndoableChange {
  /** What was done, in a sentence. */
  readonly words: string;
  /** What undoing it takes. */
  readonly eventIds: readonly EventId[];
}
