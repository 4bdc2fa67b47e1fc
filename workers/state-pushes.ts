import type { NotebookState } from '../src/protocol/engine.ts';

/** At most so often: once a frame. */
const FRAME_MS = 16;
/** While many runs wait, ten times a second shows them as well, and leaves the machine to them. */
const CROWDED_MS = 100;
/** A page that takes long over a state gets the next after so many times as long. */
const REST = 3;
const LONGEST_REST_MS = 400;
/** A page that does not answer is not waited for any longer. */
const UNANSWERED_MS = 1000;

/** What pushes are made of. */
export interface StatePushPorts {
  readonly elapsedMs: () => number;
  readonly after: (ms: number, act: () => void) => () => void;
  /** The newest state; null while there is none. */
  readonly state: () => Promise<NotebookState | null>;
  /** Whether so many runs are unfinished that no single one is looked at. */
  readonly isCrowded: () => boolean;
}

/** Tells listeners of the newest state: seldom while much happens, at once when it counts. */
export class StatePushes {
  readonly #ports: StatePushPorts;
  readonly #listeners = new Set<(state: NotebookState) => unknown>();
  #cancel: (() => void) | null = null;
  #pushing = false;
  /** What came while a state was on its way. */
  #missed: 'nothing' | 'change' | 'hurry' = 'nothing';
  #pushedAtMs = -Infinity;
  #tookMs = 0;

  constructor(ports: StatePushPorts) {
    this.#ports = ports;
  }

  /** @returns how to stop. */
  add(listener: (state: NotebookState) => unknown): () => void {
    this.#listeners.add(listener);
    this.hurry();
    return () => this.#listeners.delete(listener);
  }

  /** Something is another: it is told before long. */
  changed(): void {
    if (this.#pushing) {
      if (this.#missed === 'nothing') this.#missed = 'change';
      return;
    }
    if (this.#cancel || this.#listeners.size === 0) return;
    const { elapsedMs, after, isCrowded } = this.#ports;
    const leastMs = isCrowded() ? CROWDED_MS : FRAME_MS;
    const restMs = Math.min(LONGEST_REST_MS, Math.max(leastMs, REST * this.#tookMs));
    const waitMs = Math.max(0, this.#pushedAtMs + restMs - elapsedMs());
    this.#cancel = after(waitMs, () => void this.#push());
  }

  /** Something has ended for which someone waits: it is told now. */
  hurry(): void {
    if (this.#pushing) this.#missed = 'hurry';
    else if (this.#listeners.size > 0) void this.#push();
  }

  dispose(): void {
    this.#cancel?.();
    this.#listeners.clear();
  }

  async #push(): Promise<void> {
    this.#cancel?.();
    this.#cancel = null;
    this.#pushing = true;
    this.#missed = 'nothing';
    const { elapsedMs, state } = this.#ports;
    const startedMs = elapsedMs();
    try {
      // What happens in the same turn is told together.
      await Promise.resolve();
      const newest = await state();
      if (newest) await this.#deliver(newest);
    } finally {
      this.#pushing = false;
      this.#pushedAtMs = elapsedMs();
      this.#tookMs = this.#pushedAtMs - startedMs;
    }
    // It may have changed meanwhile, whatever the compiler believes.
    const missed = this.#missed as 'nothing' | 'change' | 'hurry';
    if (missed === 'hurry') this.hurry();
    else if (missed === 'change') this.changed();
  }

  /** Settles when every listener has it: one of another thread answers by a promise. */
  async #deliver(state: NotebookState): Promise<void> {
    const heard = [...this.#listeners].map(async (listener) => {
      await listener(state);
    });
    let cancel = () => {};
    const unanswered = new Promise<void>((resolve) => {
      cancel = this.#ports.after(UNANSWERED_MS, resolve);
    });
    await Promise.race([Promise.allSettled(heard), unanswered]);
    cancel();
  }
}
