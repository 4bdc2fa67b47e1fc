import type { StoredNotebook } from '../src/orchestration/ports.ts';
import type { Stores } from '../src/storage/stores.ts';
import type { EpochMs } from '../src/time/time-window.ts';

/** A notebook's clock: real, or virtual and standing where the notebook or its reader put it. */
export class NotebookClock {
  readonly #notebookId: string;
  readonly #realNow: () => EpochMs;
  #startsAt: EpochMs | null = null;
  #movedTo: StoredNotebook['clockAt'] = null;

  constructor(notebookId: string, realNow: () => EpochMs) {
    this.#notebookId = notebookId;
    this.#realNow = realNow;
  }

  get now(): EpochMs {
    return this.virtualNow ?? this.#realNow();
  }

  /** Null if the clock is real. */
  get virtualNow(): EpochMs | null {
    return this.#movedTo === 'real' ? null : (this.#movedTo ?? this.#startsAt);
  }

  /** @param at where the notebook says that it starts; null for real time. */
  startAt(at: EpochMs | null): void {
    this.#startsAt = at;
  }

  /** Takes over where it was moved to, by this tab or another; whether that is news. */
  async recall({ notebooks }: Stores): Promise<boolean> {
    const record = await notebooks.get(this.#notebookId);
    if (!record || record.clockAt === this.#movedTo) return false;
    this.#movedTo = record.clockAt;
    return true;
  }

  /**
   * Moves it, for good; null takes it back to where the notebook says.
   *
   * @throws {StorageWriteError} if that could not be kept; then it stands there until a reload.
   */
  async move(to: StoredNotebook['clockAt'], { notebooks, together }: Stores): Promise<void> {
    try {
      await together(async () => {
        const record = await notebooks.get(this.#notebookId);
        if (record) await notebooks.put({ ...record, clockAt: to });
      });
    } finally {
      this.#movedTo = to;
    }
  }
}
