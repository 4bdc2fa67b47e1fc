import type { Run } from './run.ts';
import { waveOf } from './run-tags.ts';

/**
 * Runs that wait, oldest first. A run of a launch's later wave waits until every run of
 * the waves before it has ended (BF-7).
 */
export class RunQueue {
  /** By run number; taken ones are gone. */
  #waiting: Run[] = [];
  readonly #launches = new Map<string, LaunchProgress>();

  get length(): number {
    return this.#waiting.length;
  }

  /** @param runs newer than all that wait. */
  add(runs: readonly Run[]): void {
    this.#waiting.push(...runs);
    for (const run of runs) this.#progressOf(run)?.add(run);
  }

  /** Takes the oldest run that may start now, and that `canStart`; null if there is none. */
  take(canStart: (run: Run) => boolean): Run | null {
    const blocked = new Set<string>();
    for (const [at, run] of this.#waiting.entries()) {
      const wave = `${run.backfillId} ${waveOf(run.tags)}`;
      if (blocked.has(wave)) continue;
      if (canStart(run) && (this.#progressOf(run)?.mayStart(run) ?? true)) {
        this.#waiting.splice(at, 1);
        return run;
      }
      blocked.add(wave);
    }
    return null;
  }

  /** Takes a waiting run out before it starts; null if it does not wait. */
  remove(runId: string): Run | null {
    const at = this.#waiting.findIndex((run) => run.runId === runId);
    return at < 0 ? null : (this.#waiting.splice(at, 1)[0] ?? null);
  }

  removeAll(): readonly Run[] {
    const removed = this.#waiting;
    this.#waiting = [];
    return removed;
  }

  /** Must be told of every run that was taken or removed, once its end is in the log. */
  ended(run: Run): void {
    const { backfillId } = run;
    if (backfillId === null) return;
    const progress = this.#launches.get(backfillId);
    if (progress?.ended(run)) this.#launches.delete(backfillId);
  }

  #progressOf({ backfillId }: Run): LaunchProgress | null {
    if (backfillId === null) return null;
    let progress = this.#launches.get(backfillId);
    if (!progress) this.#launches.set(backfillId, (progress = new LaunchProgress()));
    return progress;
  }
}

/** How many runs of one launch have not ended, by wave. */
class LaunchProgress {
  readonly #unfinished = new Map<number, number>();

  add(run: Run): void {
    this.#count(run, 1);
  }

  mayStart(run: Run): boolean {
    const wave = waveOf(run.tags);
    for (const earlier of this.#unfinished.keys()) if (earlier < wave) return false;
    return true;
  }

  /** @returns whether nothing is left of the launch. */
  ended(run: Run): boolean {
    this.#count(run, -1);
    return this.#unfinished.size === 0;
  }

  #count(run: Run, by: number): void {
    const wave = waveOf(run.tags);
    const count = (this.#unfinished.get(wave) ?? 0) + by;
    if (count > 0) this.#unfinished.set(wave, count);
    else this.#unfinished.delete(wave);
  }
}
