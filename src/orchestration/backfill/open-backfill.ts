import { isTerminal, type Run } from '../run.ts';
import { backfillHasEnded, type Backfill } from './backfill.ts';

/**
 * A backfill that is being worked, of whatever kind: which of its runs have not ended, and whether it can be
 * looked at. It looks again when all runs that it asked for have ended, so that the outcome does not hang on
 * how many run at once.
 */
export abstract class OpenBackfill {
  /** As of the last look, or since it was steered. */
  protected current: Backfill;
  readonly #unfinished = new Set<string>();
  #canceledRuns = false;

  protected constructor(backfill: Backfill) {
    this.current = backfill;
  }

  get backfill(): Backfill {
    return this.current;
  }

  get hasEnded(): boolean {
    return backfillHasEnded(this.current.status);
  }

  /** How many of its runs have not ended. */
  get unfinishedCount(): number {
    return this.#unfinished.size;
  }

  /** Whether it can be looked at: none of its runs waits or runs, and nobody holds it. */
  get isDue(): boolean {
    const held = this.current.paused && this.current.status === 'REQUESTED';
    return this.unfinishedCount === 0 && !this.hasEnded && !held;
  }

  /** Runs of it were made. */
  made(runs: readonly Run[]): void {
    for (const { runId } of runs) this.#unfinished.add(runId);
  }

  /** Has it canceled, paused or resumed, or says that it cannot go on. */
  steer(change: (backfill: Backfill) => Backfill): void {
    if (this.hasEnded) return;
    const before = this.current.status;
    this.current = change(this.current);
    if (before !== this.current.status) this.#canceledRuns = this.unfinishedCount > 0;
  }

  /** Notes how a run of it stands; whether it has ended. */
  protected note({ runId, status }: Pick<Run, 'runId' | 'status'>): boolean {
    this.#unfinished.delete(runId);
    return isTerminal(status);
  }

  /** Whether steering canceled runs of it since this was last asked. */
  protected takeCanceledRuns(): boolean {
    const canceledRuns = this.#canceledRuns;
    this.#canceledRuns = false;
    return canceledRuns;
  }
}
