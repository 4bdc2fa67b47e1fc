import type { Run } from './run.ts';

/** Runs of one backfill that wait, or those of none; oldest first. */
interface Lane {
  readonly backfillId: string | null;
  waiting: Run[];
  /** How many of `waiting` are gone; they are cut off now and then. */
  taken: number;
}

/** From how many taken runs on a lane is cut. */
const MOST_TAKEN = 1000;

/** Runs that wait, oldest first. Those of a backfill that may start no more are passed over at once. */
export class RunQueue {
  readonly #lanes = new Map<string | null, Lane>();
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** @param runs newer than all that wait. */
  add(runs: readonly Run[]): void {
    this.#length += runs.length;
    for (const run of runs) {
      const { backfillId } = run;
      const lane = this.#lanes.get(backfillId);
      if (lane) lane.waiting.push(run);
      else this.#lanes.set(backfillId, { backfillId, waiting: [run], taken: 0 });
    }
  }

  /** Takes the oldest run that `canStart`, of a backfill that `hasRoom`; null if there is none. */
  take(
    canStart: (run: Run) => boolean,
    hasRoom: (backfillId: string | null) => boolean,
  ): Run | null {
    let oldest: Run | null = null;
    let from: { readonly lane: Lane; readonly at: number } | null = null;
    for (const lane of this.#lanes.values()) {
      if (!hasRoom(lane.backfillId)) continue;
      for (let at = lane.taken; at < lane.waiting.length; at += 1) {
        const run = lane.waiting[at] as Run;
        if (oldest && run.runNumber > oldest.runNumber) break;
        if (!canStart(run)) continue;
        oldest = run;
        from = { lane, at };
        break;
      }
    }
    if (from) this.#cut(from.lane, from.at);
    return oldest;
  }

  /** Takes out those that are concerned before they start, oldest first. */
  remove(concerns: (run: Run) => boolean): readonly Run[] {
    const removed: Run[] = [];
    for (const lane of this.#lanes.values()) {
      const waiting = lane.waiting.slice(lane.taken);
      lane.taken = 0;
      lane.waiting = waiting.filter((run) => !concerns(run));
      for (const run of waiting) if (concerns(run)) removed.push(run);
      if (lane.waiting.length === 0) this.#lanes.delete(lane.backfillId);
    }
    this.#length -= removed.length;
    return removed.sort((a, b) => a.runNumber - b.runNumber);
  }

  /** Takes one run out of a lane. */
  #cut(lane: Lane, at: number): void {
    this.#length -= 1;
    if (at === lane.taken) lane.taken += 1;
    else lane.waiting.splice(at, 1);
    if (lane.taken === lane.waiting.length) this.#lanes.delete(lane.backfillId);
    else if (lane.taken > MOST_TAKEN) {
      lane.waiting = lane.waiting.slice(lane.taken);
      lane.taken = 0;
    }
  }
}
