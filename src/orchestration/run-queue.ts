import type { Run } from './run.ts';

/** Runs that wait, oldest first. */
export class RunQueue {
  #waiting: Run[] = [];
  /** How many of `#waiting` are gone; they are cut off now and then. */
  #taken = 0;

  get length(): number {
    return this.#waiting.length - this.#taken;
  }

  /** @param runs newer than all that wait. */
  add(runs: readonly Run[]): void {
    for (const run of runs) this.#waiting.push(run);
  }

  /** Takes the oldest run that `canStart`; null if there is none. */
  take(canStart: (run: Run) => boolean): Run | null {
    for (let at = this.#taken; at < this.#waiting.length; at += 1) {
      const run = this.#waiting[at] as Run;
      if (!canStart(run)) continue;
      if (at === this.#taken) this.#taken += 1;
      else this.#waiting.splice(at, 1);
      if (this.#taken > 1000 || this.length === 0) {
        this.#waiting = this.#waiting.slice(this.#taken);
        this.#taken = 0;
      }
      return run;
    }
    return null;
  }

  /** Takes out those that are concerned before they start, oldest first. */
  remove(concerns: (run: Run) => boolean): readonly Run[] {
    const waiting = this.#waiting.slice(this.#taken);
    this.#taken = 0;
    this.#waiting = waiting.filter((run) => !concerns(run));
    return waiting.filter(concerns);
  }
}
