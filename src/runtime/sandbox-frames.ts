import { SANDBOX_LIMITS, type SandboxLimits } from './limits.ts';

/** One worker in the frame, from our side. */
export interface GuestWorker {
  /** For calls that we make; nothing of ours is exposed on it. */
  readonly calls: MessagePort;
  /** For what the guest says unasked. */
  readonly messages: MessagePort;
  /** Ends it at once, whatever it does. */
  kill(): void;
}

/** Why a worker came to an end that we did not make. `script` has the place of an error in its script. */
export interface WorkerEnd {
  readonly reason: 'script' | 'refused' | 'silent' | 'replaced';
  readonly message: string;
  /** From 1; 0 if unknown. */
  readonly line: number;
  readonly column: number;
}

interface Live {
  readonly ended: (end: WorkerEnd) => void;
  readonly ports: readonly MessagePort[];
}

const PING_MS = 1000;

/**
 * The engine's hold on the sandbox frame: starts and ends its workers, and notices when it
 * falls silent, as it does when its process runs out of memory: nothing else tells.
 */
export class SandboxFrames {
  readonly #requestFrame: () => void;
  readonly #limits: SandboxLimits;
  readonly #live = new Map<number, Live>();
  #control: MessagePort | null = null;
  #requested = false;
  #waiting: ((control: MessagePort) => void)[] = [];
  #lastId = 0;
  #busy = 0;
  #heartbeat: ReturnType<typeof setInterval> | null = null;
  #unanswered = 0;

  /** @param requestFrame asks the page for a frame, which comes by {@link connect}. */
  constructor(requestFrame: () => void, limits: SandboxLimits = SANDBOX_LIMITS) {
    this.#requestFrame = requestFrame;
    this.#limits = limits;
  }

  /** Asks for a frame if there is none, so that it is there when it is needed. */
  warm(): void {
    if (this.#control || this.#requested) return;
    this.#requested = true;
    this.#requestFrame();
  }

  /** Takes over the control port of a fresh frame; workers of the one before are gone. */
  connect(control: MessagePort): void {
    this.#drop('replaced', 'The sandbox was started anew.');
    this.#requested = false;
    this.#control = control;
    control.onmessage = (event: MessageEvent<unknown>) => {
      if (this.#control === control) this.#hear(event.data);
    };
    for (const proceed of this.#waiting.splice(0)) proceed(control);
  }

  /** Starts a worker from a script, in the frame there is or in the next. */
  async start(code: Blob, name: string, ended: (end: WorkerEnd) => void): Promise<GuestWorker> {
    this.warm();
    const control = this.#control ?? (await this.#nextFrame());
    const id = (this.#lastId += 1);
    const calls = new MessageChannel();
    const messages = new MessageChannel();
    control.postMessage({ t: 'start', id, code, name }, [calls.port2, messages.port2]);
    this.#live.set(id, { ended, ports: [calls.port1, messages.port1] });
    const kill = () => {
      if (!this.#live.delete(id)) return;
      control.postMessage({ t: 'kill', id });
      calls.port1.close();
      messages.port1.close();
    };
    return { calls: calls.port1, messages: messages.port1, kill };
  }

  /** While something runs the frame is pinged; call the result when it has ended. */
  watch(): () => void {
    this.#busy += 1;
    if (this.#busy === 1) this.#startHeartbeat();
    let over = false;
    return () => {
      if (over) return;
      over = true;
      this.#busy -= 1;
      if (this.#busy === 0) this.#stopHeartbeat();
    };
  }

  dispose(): void {
    this.#drop('replaced', 'The sandbox was closed.');
    this.#stopHeartbeat();
  }

  #nextFrame(): Promise<MessagePort> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #hear(data: unknown): void {
    if (typeof data !== 'object' || data === null) return;
    const { t, id, m, l, c } = data as Readonly<Record<'t' | 'id' | 'm' | 'l' | 'c', unknown>>;
    if (t === 'pong') {
      this.#unanswered = 0;
      return;
    }
    if (t !== 'err' && t !== 'ctor') return;
    const live = typeof id === 'number' ? this.#live.get(id) : undefined;
    live?.ended({
      reason: t === 'err' ? 'script' : 'refused',
      message: typeof m === 'string' ? m.slice(0, 2000) : '',
      line: typeof l === 'number' ? l : 0,
      column: typeof c === 'number' ? c : 0,
    });
  }

  #startHeartbeat(): void {
    this.#unanswered = 0;
    this.#heartbeat = setInterval(() => this.#ping(), PING_MS);
  }

  #stopHeartbeat(): void {
    if (this.#heartbeat !== null) clearInterval(this.#heartbeat);
    this.#heartbeat = null;
  }

  /** Counts pings and not time: a machine that slept has not been silent. */
  #ping(): void {
    if (!this.#control) return;
    if (this.#unanswered * PING_MS >= this.#limits.silenceMs) {
      this.#drop('silent', 'The sandbox stopped answering; most likely it ran out of memory.');
      this.warm();
      return;
    }
    this.#unanswered += 1;
    this.#control.postMessage({ t: 'ping', n: this.#unanswered });
  }

  #drop(reason: WorkerEnd['reason'], message: string): void {
    this.#control?.close();
    this.#control = null;
    this.#unanswered = 0;
    const live = [...this.#live.values()];
    this.#live.clear();
    for (const { ended, ports } of live) {
      for (const port of ports) port.close();
      ended({ reason, message, line: 0, column: 0 });
    }
  }
}
