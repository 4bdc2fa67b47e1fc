import { wrap, type Remote } from 'comlink';
import { parseGuestMessages } from '../protocol/parse-guest-message.ts';
import type { GuestAnswer, GuestApi, GuestMessage, GuestServices } from '../protocol/sandbox.ts';
import type { SandboxLimits } from './limits.ts';
import { RateLimit } from './rate-limit.ts';
import type { GuestWorker, SandboxFrames, WorkerEnd } from './sandbox-frames.ts';

/** How a call of the guest ended; what it answered is still to be parsed. */
export type CallEnd =
  | { readonly status: 'answered'; readonly data: unknown }
  /** The guest's side of the call itself failed, for example because its answer could not be posted. */
  | { readonly status: 'rejected'; readonly message: string }
  | { readonly status: 'timed_out' }
  | { readonly status: 'canceled' }
  | { readonly status: 'crashed'; readonly end: SessionEnd };

/** Why a session is over; `flood` if it was ended for saying too much or what it should not. */
export interface SessionEnd extends Omit<WorkerEnd, 'reason'> {
  readonly reason: WorkerEnd['reason'] | 'flood' | 'closed' | 'not_started';
}

export interface CallOptions {
  readonly deadlineMs: number;
  /** Whom the guest's lines and requests go to; null if it may say nothing. */
  readonly services: GuestServices | null;
  /** Only lines of this step are taken; null for any. */
  readonly stepId: number | null;
  readonly signal: AbortSignal;
}

/** Waits so long for messages that the guest says it has posted. */
const LATE_MESSAGES_MS = 1000;
/** After a deadline, so that an answer that has come is still heard. */
const GRACE_MS = 5;
/** Requests of a guest that may be open at once. */
const MAX_OPEN_REQUESTS = 1000;
/** What one message counts, whatever is in it. */
const MESSAGE_BYTES = 64;

/**
 * One worker with a notebook's code, from our side: a queue of one. We call, the guest answers;
 * what it says unasked is checked and counted. Every call ends: by its answer, its deadline, its
 * signal, or the end of the worker, after which the session is of no more use.
 */
export class GuestSession {
  /** The cell whose evaluation began last, as the guest says; null before the first. */
  lastCellId: string | null = null;
  readonly #worker: GuestWorker;
  readonly #frames: SandboxFrames;
  readonly #limits: SandboxLimits;
  readonly #guest: Remote<GuestApi>;
  readonly #answers: RateLimit;
  readonly #posts: RateLimit;
  readonly #bytes: RateLimit;
  #received = 0;
  #logChars = 0;
  #linesDropped = 0;
  #openRequests = 0;
  #call: CallOptions | null = null;
  #end: SessionEnd | null = null;
  #onEnd: ((end: SessionEnd) => void) | null = null;
  #onReceived: (() => void) | null = null;
  #ready = false;
  /** Resolved when the script has run, or never will. */
  readonly #begun: Promise<void>;
  #settleBegun: () => void = () => {};

  private constructor(worker: GuestWorker, frames: SandboxFrames, limits: SandboxLimits) {
    this.#worker = worker;
    this.#frames = frames;
    this.#limits = limits;
    this.#begun = new Promise((resolve) => (this.#settleBegun = resolve));
    const now = performance.now();
    this.#answers = new RateLimit(limits.messagesPerSecond, now);
    this.#posts = new RateLimit(limits.messagesPerSecond, now);
    this.#bytes = new RateLimit(limits.bytesPerSecond, now);
    worker.calls.addEventListener('message', () => {
      if (!this.#answers.take(1, performance.now())) this.#flood();
    });
    worker.messages.onmessage = (event: MessageEvent<unknown>) => this.#hear(event.data);
    // Only ever `wrap` on this side: an object exposed on a port of the guest's would be its way in.
    this.#guest = wrap<GuestApi>(worker.calls);
  }

  /**
   * Starts a worker. Calls may be made before its script has run: they wait at its port, and it begins with them.
   *
   * @returns the session, or why there is none.
   */
  static async start(
    frames: SandboxFrames,
    code: Blob,
    name: string,
    limits: SandboxLimits,
    signal: AbortSignal,
  ): Promise<GuestSession | SessionEnd> {
    let session: GuestSession | null = null;
    let early: WorkerEnd | null = null;
    const stopWatching = frames.watch();
    const worker = await before(
      frames.start(code, name, (end) => {
        if (session) session.#finish(end);
        else early = end;
      }),
      limits.startMs,
      signal,
      (late) => late.kill(),
    );
    if (!worker) {
      stopWatching();
      return ended('not_started', 'The sandbox did not start.');
    }
    if (early) {
      worker.kill();
      stopWatching();
      return early;
    }
    session = new GuestSession(worker, frames, limits);
    void session.#becomeReady(limits.startMs, signal).then(stopWatching);
    return session;
  }

  /** Ends the session if its script has not run in time. */
  async #becomeReady(limitMs: number, signal: AbortSignal): Promise<void> {
    await before(this.#begun, limitMs, signal);
    if (!this.#ready) this.#finish(ended('not_started', 'The sandbox did not start.'));
  }

  /** Whether calls can still be made. */
  get alive(): boolean {
    return this.#end === null;
  }

  load(world: Parameters<GuestApi['load']>[0], options: CallOptions): Promise<CallEnd> {
    return this.#race(() => this.#guest.load(world), options);
  }

  execute(step: Parameters<GuestApi['execute']>[0], options: CallOptions): Promise<CallEnd> {
    return this.#race(() => this.#guest.execute(step), options);
  }

  evaluateSchedule(
    request: Parameters<GuestApi['evaluateSchedule']>[0],
    options: CallOptions,
  ): Promise<CallEnd> {
    return this.#race(() => this.#guest.evaluateSchedule(request), options);
  }

  evaluateSensor(
    request: Parameters<GuestApi['evaluateSensor']>[0],
    options: CallOptions,
  ): Promise<CallEnd> {
    return this.#race(() => this.#guest.evaluateSensor(request), options);
  }

  checkGoals(
    request: Parameters<GuestApi['checkGoals']>[0],
    options: CallOptions,
  ): Promise<CallEnd> {
    return this.#race(() => this.#guest.checkGoals(request), options);
  }

  evaluatePartitionedConfig(
    request: Parameters<GuestApi['evaluatePartitionedConfig']>[0],
    options: CallOptions,
  ): Promise<CallEnd> {
    return this.#race(() => this.#guest.evaluatePartitionedConfig(request), options);
  }

  runTest(
    testId: number,
    world: Parameters<GuestApi['runTest']>[1],
    options: CallOptions,
  ): Promise<CallEnd> {
    return this.#race(() => this.#guest.runTest(testId, world), options);
  }

  /** Ends the worker; a call that is on ends as canceled. */
  kill(): void {
    this.#finish(ended('closed', 'The session was closed.'));
  }

  /** Waits until `posted` messages have come: an answer may overtake what was said before it. */
  async caughtUp(posted: number): Promise<void> {
    if (this.#received >= posted || this.#end) return;
    await before(
      new Promise<boolean>((resolve) => {
        this.#onReceived = () => {
          if (this.#received >= posted) resolve(true);
        };
      }),
      LATE_MESSAGES_MS,
      null,
    );
    this.#onReceived = null;
  }

  /** Ends the run that was on: its lines are no longer taken. */
  release(): void {
    if (this.#linesDropped > 0 && this.#call?.services && this.#call.stepId !== null) {
      const text = `${this.#linesDropped} further lines were not kept: a run keeps 1 MB of them.`;
      this.#call.services.log(this.#call.stepId, 'WARNING', text);
    }
    this.#call = null;
    this.#logChars = 0;
    this.#linesDropped = 0;
  }

  #race(call: () => Promise<unknown>, options: CallOptions): Promise<CallEnd> {
    if (this.#end) return Promise.resolve({ status: 'crashed', end: this.#end });
    if (options.signal.aborted) return Promise.resolve({ status: 'canceled' });
    this.#call = options;
    const stopWatching = this.#frames.watch();
    return new Promise((resolve) => {
      const settle = (end: CallEnd) => {
        settled = true;
        clearTimeout(deadline);
        options.signal.removeEventListener('abort', abort);
        stopWatching();
        this.#onEnd = null;
        resolve(end);
        // What the guest is still at has no bearing any more, and only its end stops it.
        if (end.status === 'timed_out' || end.status === 'canceled') this.kill();
      };
      let settled = false;
      let deadline: ReturnType<typeof setTimeout> | undefined;
      const setDeadline = () => {
        if (settled) return;
        deadline = setTimeout(() => {
          // The answer may have come while this thread was busy, and wait behind the timer.
          deadline = setTimeout(() => settle({ status: 'timed_out' }), GRACE_MS);
        }, options.deadlineMs);
      };
      // The time that its script takes to run is not the call's.
      if (this.#ready) setDeadline();
      else void this.#begun.then(setDeadline);
      const abort = () => settle({ status: 'canceled' });
      options.signal.addEventListener('abort', abort);
      this.#onEnd = (end) =>
        settle(end.reason === 'closed' ? { status: 'canceled' } : { status: 'crashed', end });
      call().then(
        (data) => settle({ status: 'answered', data }),
        (thrown: unknown) => settle({ status: 'rejected', message: messageOf(thrown) }),
      );
    });
  }

  #hear(data: unknown): void {
    if (this.#end) return;
    const now = performance.now();
    if (!this.#posts.take(1, now)) return this.#flood();
    let messages: readonly GuestMessage[];
    try {
      messages = parseGuestMessages(data);
    } catch (thrown) {
      return this.#finish(ended('flood', (thrown as Error).message));
    }
    for (const message of messages) {
      if (!this.#bytes.take(bytesOf(message), now)) return this.#flood();
      this.#take(message);
    }
    this.#received += messages.length;
    this.#onReceived?.();
  }

  #take(message: GuestMessage): void {
    switch (message.kind) {
      case 'ready':
        this.#ready = true;
        this.#settleBegun();
        return;
      case 'cell':
        this.lastCellId = message.cellId;
        return;
      case 'log': {
        const services = this.#servicesFor(message.stepId);
        if (!services) return;
        this.#logChars += message.text.length + MESSAGE_BYTES;
        if (this.#logChars > 2 * this.#limits.logChars) this.#linesDropped += 1;
        else services.log(message.stepId, message.level, message.text);
        return;
      }
      case 'progress':
        this.#servicesFor(message.stepId)?.progress(message.stepId, message.done, message.total);
        return;
      case 'dynamicPartitions':
        this.#call?.services?.changeDynamicPartitions?.(message.change);
        return;
      case 'latestMaterialization':
      case 'request':
        void this.#answer(message);
    }
  }

  #servicesFor(stepId: number): GuestServices | null {
    return this.#call?.stepId === stepId ? this.#call.services : null;
  }

  async #answer(
    message: Extract<GuestMessage, { kind: 'request' | 'latestMaterialization' }>,
  ): Promise<void> {
    const services = this.#call?.services;
    if (!services || this.#openRequests >= MAX_OPEN_REQUESTS) return;
    this.#openRequests += 1;
    const answer = await answerOf(message, services).catch((thrown: unknown) => ({
      status: 'error' as const,
      message: messageOf(thrown),
    }));
    this.#openRequests -= 1;
    if (this.#end) return;
    // It answers nothing of use; that it may never do so must hold nothing up.
    this.#guest.settle(message.requestId, answer).catch(() => undefined);
  }

  #flood(): void {
    const { messagesPerSecond } = this.#limits;
    const message = `The code sent more than ${messagesPerSecond} messages a second, or too much at once, and was stopped.`;
    this.#finish(ended('flood', message));
  }

  #finish(end: SessionEnd): void {
    if (this.#end) return;
    this.#end = end;
    this.#settleBegun();
    this.#worker.kill();
    this.#onEnd?.(end);
  }
}

async function answerOf(
  message: Extract<GuestMessage, { kind: 'request' | 'latestMaterialization' }>,
  services: GuestServices,
): Promise<GuestAnswer> {
  if (message.kind === 'request') return services.request(message.ask);
  const { assetKey, partitionKey } = message;
  const found = (await services.latestMaterialization?.(assetKey, partitionKey)) ?? null;
  return { status: 'ok', bytes: null, materialization: found };
}

function ended(reason: SessionEnd['reason'], message: string): SessionEnd {
  return { reason, message, line: 0, column: 0 };
}

function bytesOf(message: GuestMessage): number {
  if (message.kind === 'log') return MESSAGE_BYTES + message.text.length;
  if (message.kind === 'request' && message.ask.kind === 'writeFile') {
    return MESSAGE_BYTES + message.ask.bytes.byteLength;
  }
  if (message.kind === 'dynamicPartitions') {
    const { partitionKeys } = message.change;
    return partitionKeys.reduce((bytes, key) => bytes + key.length, MESSAGE_BYTES);
  }
  return MESSAGE_BYTES;
}

/** What was thrown in the guest arrives as anything at all. */
function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? String(thrown.message).slice(0, 2000) : 'Something was thrown.';
}

/** What `promise` gives, or null once the time is over or the signal is aborted; `discard` takes what comes later. */
async function before<Result>(
  promise: Promise<Result>,
  limitMs: number,
  signal: AbortSignal | null,
  discard?: (late: Result) => void,
): Promise<Result | null> {
  let over = false;
  let cleanUp = () => {};
  const end = new Promise<null>((resolve) => {
    const stop = () => {
      over = true;
      resolve(null);
    };
    const timer = setTimeout(stop, limitMs);
    if (signal?.aborted) stop();
    signal?.addEventListener('abort', stop);
    cleanUp = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
    };
  });
  void promise.then((result) => {
    if (over) discard?.(result);
  });
  try {
    return await Promise.race([promise, end]);
  } finally {
    cleanUp();
  }
}
