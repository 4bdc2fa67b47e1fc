/** Between two questions while much happens, so that a backfill does not drown the engine in them. */
const PAUSE_MS = 200;

/**
 * What the engine answered last to a question that is asked again and again. One question is under way at
 * a time; of those that come up meanwhile only the newest is asked.
 */
export class LatestAnswer<T> {
  /** The newest answer; at first what the constructor was given. */
  current: T = $state.raw() as T;
  /** Whether there was an answer yet. */
  answered = $state(false);
  #next: (() => Promise<T>) | null = null;
  #busy = false;
  #closed = false;

  constructor(initial: T) {
    this.current = initial;
  }

  ask(question: () => Promise<T>): void {
    this.#next = question;
    if (!this.#busy) void this.#work();
  }

  /** Nothing is asked any more, and what is still answered is dropped. */
  close(): void {
    this.#closed = true;
  }

  async #work(): Promise<void> {
    this.#busy = true;
    try {
      while (this.#next && !this.#closed) {
        const question = this.#next;
        this.#next = null;
        const answer = await question();
        if (this.#closed) return;
        this.current = answer;
        this.answered = true;
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      }
    } finally {
      this.#busy = false;
    }
  }
}
