import type { GuestMessage } from '../protocol/sandbox.ts';

/** Our side allows 2,000 posts a second; this stays well below, whatever a cell does. */
const MAX_POSTS_PER_SECOND = 800;
/** Messages that go together. */
const BATCH = 256;
/** A message may wait so long for others. */
const WAIT_MS = 8;

/** The times and the timer that the outbox needs; the real ones but in tests. */
export interface OutboxTimers {
  /** Real milliseconds from any start. */
  readonly elapsed: () => number;
  readonly later: (callback: () => void, delayMs: number) => void;
}

/**
 * Posts messages to our side, several at a time: a loop that logs makes thousands a second,
 * and a loop that never yields must still be heard.
 */
export class Outbox {
  /** How many messages have been posted so far. */
  posted = 0;
  readonly #post: (messages: readonly GuestMessage[]) => void;
  readonly #timers: OutboxTimers;
  #waiting: GuestMessage[] = [];
  #timerSet = false;
  #lastPostAt = -Infinity;
  #secondBegan = -Infinity;
  #postsInSecond = 0;

  constructor(post: (messages: readonly GuestMessage[]) => void, timers: OutboxTimers) {
    this.#post = post;
    this.#timers = timers;
  }

  /** Adds a message; it goes with others before long. */
  push(message: GuestMessage): void {
    this.#waiting.push(message);
    const waited = this.#timers.elapsed() - this.#lastPostAt;
    if (this.#waiting.length >= BATCH || waited >= WAIT_MS) this.#postOrWait();
    else this.#setTimer();
  }

  /** Adds a message for which someone waits; it goes at once, unless there are too many. */
  pushAtOnce(message: GuestMessage): void {
    this.#waiting.push(message);
    this.#postOrWait();
  }

  /** Posts what waits, all of it. */
  flush(): void {
    while (this.#waiting.length > 0) this.#postBatch();
  }

  #postOrWait(): void {
    const now = this.#timers.elapsed();
    if (now - this.#secondBegan >= 1000) {
      this.#secondBegan = now;
      this.#postsInSecond = 0;
    }
    if (this.#postsInSecond < MAX_POSTS_PER_SECOND) this.#postBatch();
    else this.#setTimer();
  }

  #postBatch(): void {
    const batch = this.#waiting.splice(0, BATCH);
    if (batch.length === 0) return;
    this.#postsInSecond += 1;
    this.#lastPostAt = this.#timers.elapsed();
    this.posted += batch.length;
    this.#post(batch);
  }

  #setTimer(): void {
    if (this.#timerSet) return;
    this.#timerSet = true;
    this.#timers.later(() => {
      this.#timerSet = false;
      if (this.#waiting.length > 0) this.#postOrWait();
    }, WAIT_MS);
  }
}
