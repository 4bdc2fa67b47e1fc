import type { GuestSession, SessionEnd } from './guest-session.ts';

/** Someone waits so long for a session to be free before another is started: as long as a start takes, as most runs are shorter. */
const PATIENCE_MS = 80;

/** A worker that starts takes a core for longer than a stop takes to be written and shown. */
const REPLACE_AFTER_MS = 150;

/** Starts a session, or says why it cannot; never rejects. */
type StartSession = (signal: AbortSignal) => Promise<GuestSession | SessionEnd>;

type Waiter = (session: GuestSession | SessionEnd | null) => void;

/**
 * Sessions of one script. So many may be in use at once as the limit says; one more is kept warm,
 * so that after a stop the next run need not wait for a start.
 */
export class SessionPool {
  readonly #start: StartSession;
  readonly #closed = new AbortController();
  readonly #idle: GuestSession[] = [];
  readonly #inUse = new Set<GuestSession>();
  readonly #waiting = new Set<Waiter>();
  #limit: number;
  #starting = 0;
  /** Grows when the script changes: what was started before is not used again. */
  #generation = 0;
  readonly #generations = new WeakMap<GuestSession, number>();
  #patience: ReturnType<typeof setTimeout> | null = null;
  #replacing: ReturnType<typeof setTimeout> | null = null;

  constructor(limit: number, start: StartSession) {
    this.#limit = limit;
    this.#start = start;
  }

  /**
   * A session for one call, once there is one; give it back with {@link release}.
   *
   * @returns null if the signal was aborted first, or the reason why none could be started.
   */
  acquire(signal: AbortSignal): Promise<GuestSession | SessionEnd | null> {
    if (signal.aborted || this.#closed.signal.aborted) return Promise.resolve(null);
    return new Promise((resolve) => {
      const waiter: Waiter = (session) => {
        this.#waiting.delete(waiter);
        signal.removeEventListener('abort', abort);
        resolve(session);
      };
      const abort = () => waiter(null);
      signal.addEventListener('abort', abort);
      this.#waiting.add(waiter);
      this.#serve();
    });
  }

  /** Takes a session back; one that has ended is replaced. */
  release(session: GuestSession): void {
    this.#inUse.delete(session);
    const current = this.#generations.get(session) === this.#generation;
    if (session.alive && current && !this.#closed.signal.aborted) this.#idle.push(session);
    else session.kill();
    this.#serve();
    this.#replaceSoon();
  }

  /** Has a session made ready if there is none. */
  prepare(): void {
    if (this.#inUse.size + this.#idle.length + this.#starting === 0) this.#startOne();
  }

  setConcurrency(limit: number): void {
    this.#limit = Math.max(1, limit);
    this.#serve();
  }

  /** The script is another now: every session is started anew when it is free. */
  renew(): void {
    this.#generation += 1;
    for (const session of this.#idle.splice(0)) session.kill();
    this.#serve();
  }

  dispose(): void {
    this.#closed.abort();
    if (this.#replacing !== null) clearTimeout(this.#replacing);
    for (const waiter of [...this.#waiting]) waiter(null);
    for (const session of [...this.#idle.splice(0), ...this.#inUse]) session.kill();
    if (this.#patience !== null) clearTimeout(this.#patience);
  }

  #serve(): void {
    while (this.#waiting.size > 0 && this.#inUse.size < this.#limit) {
      const session = this.#takeIdle();
      if (!session) break;
      this.#inUse.add(session);
      const [waiter] = this.#waiting;
      waiter?.(session);
    }
    if (this.#waiting.size === 0 || this.#inUse.size >= this.#limit) return;
    if (this.#inUse.size + this.#starting === 0) this.#startOne();
    else this.#growSoon();
  }

  #takeIdle(): GuestSession | null {
    for (let session = this.#idle.pop(); session; session = this.#idle.pop()) {
      if (session.alive) return session;
    }
    return null;
  }

  /** Starts another if someone still waits in a while. */
  #growSoon(): void {
    if (this.#patience !== null) return;
    this.#patience = setTimeout(() => {
      this.#patience = null;
      if (this.#waiting.size > this.#starting) this.#startOne();
      if (this.#waiting.size > 0) this.#serve();
    }, PATIENCE_MS);
  }

  /** After a stop the next one is made ready, once what the stop brings about is written and shown. */
  #replaceSoon(): void {
    if (this.#replacing !== null || this.#idle.length + this.#starting > 0) return;
    this.#replacing = setTimeout(() => {
      this.#replacing = null;
      if (this.#idle.length + this.#starting === 0) this.#startOne();
    }, REPLACE_AFTER_MS);
  }

  #startOne(): void {
    if (this.#closed.signal.aborted) return;
    if (this.#inUse.size + this.#idle.length + this.#starting > this.#limit) return;
    this.#starting += 1;
    const generation = this.#generation;
    void this.#start(this.#closed.signal).then((started) => {
      this.#starting -= 1;
      if ('reason' in started) {
        // Each that waits learns why; a waiter for each start is enough to never start in a circle.
        const [waiter] = this.#waiting;
        waiter?.(started);
        return;
      }
      if (generation !== this.#generation || this.#closed.signal.aborted) started.kill();
      else {
        this.#generations.set(started, generation);
        this.#idle.push(started);
      }
      this.#serve();
    });
  }
}
