import type { CodeRunner } from '../orchestration/ports.ts';
import type { AutomationOutcome } from '../orchestration/run-request.ts';
import type { SerializableErrorInfo } from '../protocol/error-info.ts';
import {
  parseLoadAnswer,
  parseStepAnswer,
  parseTestAnswer,
  type Answer,
  type Locate,
} from '../protocol/parse-guest-answer.ts';
import type { GoalsOutcome, GoalsRequest } from '../protocol/goals.ts';
import {
  parseAutomationAnswer,
  parsePartitionedConfigAnswer,
} from '../protocol/parse-guest-automation.ts';
import type {
  GuestServices,
  GuestWorld,
  LoadOutcome,
  PartitionedConfigOutcome,
  PartitionedConfigRequest,
  ScheduleEvaluationRequest,
  SensorEvaluationRequest,
  StepOutcome,
  StepRequest,
  TestOutcome,
} from '../protocol/sandbox.ts';
import { GuestSession, type CallEnd, type CallOptions, type SessionEnd } from './guest-session.ts';
import { SANDBOX_LIMITS, type SandboxLimits } from './limits.ts';
import type { SandboxFrames } from './sandbox-frames.ts';
import { loadSandboxText, type SandboxPart } from './sandbox-texts.ts';
import { composeSessionScript, type SandboxProgram, type SessionScript } from './session-script.ts';
import { SessionPool } from './session-pool.ts';

const SECOND_CHANCE = 4;

/** What a runner is made of. */
export interface CodeRunnerOptions {
  readonly program: SandboxProgram;
  readonly frames: SandboxFrames;
  /** How many steps and tests may run at once; from 1. */
  readonly concurrency: number;
  readonly limits?: SandboxLimits;
  /** Loads the parts of a session's script; by default those of the build. */
  readonly loadText?: (part: SandboxPart) => Promise<string>;
}

/** How a call of a session ended, once its answer is read. */
type Ended<Outcome> =
  | { readonly status: 'done'; readonly outcome: Outcome }
  | Exclude<CallEnd, { readonly status: 'answered' }>
  | { readonly status: 'library_missing' };

/**
 * One version of a notebook's code in the sandbox: a pool of sessions with one script. Whatever the
 * code does, every call ends with an outcome.
 */
export class SandboxCodeRunner implements CodeRunner {
  readonly #options: CodeRunnerOptions;
  readonly #limits: SandboxLimits;
  readonly #pool: SessionPool;
  readonly #disposed = new AbortController();
  #script: Promise<SessionScript> | null = null;
  #allLibraries = false;

  constructor(options: CodeRunnerOptions) {
    this.#options = options;
    this.#limits = options.limits ?? SANDBOX_LIMITS;
    this.#pool = new SessionPool(options.concurrency, async (signal) => {
      const { code } = await this.#composed();
      return GuestSession.start(options.frames, code, 'notebook', this.#limits, signal);
    });
  }

  /** A machine that is busy for a moment gets a second chance, of four times as long. */
  async load(world: GuestWorld, signal: AbortSignal): Promise<LoadOutcome> {
    const { definitionsMs } = this.#limits;
    const first = await this.#load(world, definitionsMs, signal);
    if (first.status !== 'timed_out' || signal.aborted) return first;
    const second = await this.#load(world, definitionsMs * SECOND_CHANCE, signal);
    return second.status === 'timed_out' ? { ...second, limitMs: definitionsMs } : second;
  }

  async #load(world: GuestWorld, limitMs: number, signal: AbortSignal): Promise<LoadOutcome> {
    const options = { deadlineMs: limitMs, services: null, stepId: null };
    const session = { cellId: null as string | null };
    const ended = await this.#call(signal, options, parseLoadAnswer, async (guest, callOptions) => {
      const end = await guest.load(world, callOptions);
      session.cellId = guest.lastCellId;
      return end;
    });
    switch (ended.status) {
      case 'done':
        return ended.outcome;
      case 'timed_out':
        return { status: 'timed_out', cellId: session.cellId, limitMs };
      case 'canceled':
        return { status: 'crashed', message: 'The evaluation was given up.' };
      case 'rejected':
        return { status: 'crashed', message: ended.message };
      case 'crashed':
        return (
          (await this.#threwOnStart(ended.end)) ?? { status: 'crashed', message: ended.end.message }
        );
      case 'library_missing':
        return { status: 'crashed', message: 'A library is missing.' };
    }
  }

  async execute(
    step: StepRequest,
    services: GuestServices,
    signal: AbortSignal,
  ): Promise<StepOutcome> {
    const { stepMs: limitMs } = this.#limits;
    const options = { deadlineMs: limitMs, services, stepId: step.stepId };
    const ended = await this.#call(signal, options, parseStepAnswer, (guest, callOptions) =>
      guest.execute(step, callOptions),
    );
    switch (ended.status) {
      case 'done':
        return ended.outcome;
      case 'timed_out':
        return { status: 'timed_out', limitMs };
      case 'canceled':
        return { status: 'canceled' };
      case 'rejected':
        return { status: 'failure', error: errorInfo('value_refused', ended.message) };
      case 'crashed':
        return { status: 'crashed', message: ended.end.message };
      case 'library_missing':
        return { status: 'crashed', message: 'A library is missing.' };
    }
  }

  evaluateSchedule(
    request: ScheduleEvaluationRequest,
    services: GuestServices,
    signal: AbortSignal,
  ): Promise<AutomationOutcome> {
    return this.#evaluate(
      request.stepId,
      services,
      signal,
      parseAutomationAnswer,
      (guest, options) => guest.evaluateSchedule(request, options),
    );
  }

  evaluateSensor(
    request: SensorEvaluationRequest,
    services: GuestServices,
    signal: AbortSignal,
  ): Promise<AutomationOutcome> {
    return this.#evaluate(
      request.stepId,
      services,
      signal,
      parseAutomationAnswer,
      (guest, options) => guest.evaluateSensor(request, options),
    );
  }

  evaluatePartitionedConfig(
    request: PartitionedConfigRequest,
    services: GuestServices,
    signal: AbortSignal,
  ): Promise<PartitionedConfigOutcome> {
    return this.#evaluate(
      request.stepId,
      services,
      signal,
      parsePartitionedConfigAnswer,
      (guest, options) => guest.evaluatePartitionedConfig(request, options),
    );
  }

  async checkGoals(
    request: GoalsRequest,
    services: GuestServices,
    signal: AbortSignal,
  ): Promise<GoalsOutcome> {
    // Few notebooks have goals: what reads their answer is no part of what the first run waits for.
    const { parseGoalsAnswer } = await import('../protocol/parse-guest-goals.ts');
    const { goalsMs } = this.#limits;
    return this.#evaluate(
      request.stepId,
      services,
      signal,
      parseGoalsAnswer,
      (guest, options) => guest.checkGoals(request, options),
      request.goalIds.length === 1 ? goalsMs * SECOND_CHANCE : goalsMs,
    );
  }

  async runTest(
    testId: number,
    world: GuestWorld,
    services: GuestServices,
    signal: AbortSignal,
  ): Promise<TestOutcome> {
    const { testMs } = this.#limits;
    const options = { deadlineMs: testMs, services, stepId: null };
    const ended = await this.#call(signal, options, parseTestAnswer, (guest, callOptions) =>
      guest.runTest(testId, world, callOptions),
    );
    if (ended.status === 'done') {
      const { error } = ended.outcome;
      return { testId, status: error ? 'failed' : 'passed', error };
    }
    return { testId, status: 'failed', error: testFailure(ended, testMs) };
  }

  setConcurrency(limit: number): void {
    this.#pool.setConcurrency(limit);
  }

  prepare(): void {
    this.#pool.prepare();
  }

  dispose(): void {
    this.#disposed.abort();
    this.#pool.dispose();
  }

  /** One evaluation of an automation's code, or of goals: nothing but its answer is waited for. */
  async #evaluate<Outcome>(
    stepId: number,
    services: GuestServices,
    signal: AbortSignal,
    parse: (data: unknown, locate: Locate) => Answer<Outcome>,
    call: (session: GuestSession, options: CallOptions) => Promise<CallEnd>,
    limitMs = this.#limits.automationMs,
  ): Promise<
    | Outcome
    | { readonly status: 'failure'; readonly error: SerializableErrorInfo }
    | { readonly status: 'timed_out'; readonly limitMs: number }
    | { readonly status: 'canceled' }
    | { readonly status: 'crashed'; readonly message: string }
  > {
    const ended = await this.#call(signal, { deadlineMs: limitMs, services, stepId }, parse, call);
    switch (ended.status) {
      case 'done':
        return ended.outcome;
      case 'timed_out':
        return { status: 'timed_out', limitMs };
      case 'canceled':
        return { status: 'canceled' };
      case 'rejected':
        return { status: 'failure', error: errorInfo('value_refused', ended.message) };
      case 'crashed':
        return { status: 'crashed', message: ended.end.message };
      case 'library_missing':
        return { status: 'crashed', message: 'A library is missing.' };
    }
  }

  /** Takes a session, calls it, reads the answer; once more with all libraries if one was missing. */
  async #call<Outcome>(
    signal: AbortSignal,
    options: Omit<CallOptions, 'signal'>,
    parse: (data: unknown, locate: Locate) => Answer<Outcome>,
    call: (session: GuestSession, options: CallOptions) => Promise<CallEnd>,
  ): Promise<Ended<Outcome>> {
    const either = AbortSignal.any([signal, this.#disposed.signal]);
    const ended = await this.#callOnce(either, options, parse, call);
    if (ended.status !== 'library_missing' || this.#allLibraries) return ended;
    this.#allLibraries = true;
    this.#script = null;
    this.#pool.renew();
    return this.#callOnce(either, options, parse, call);
  }

  async #callOnce<Outcome>(
    signal: AbortSignal,
    options: Omit<CallOptions, 'signal'>,
    parse: (data: unknown, locate: Locate) => Answer<Outcome>,
    call: (session: GuestSession, options: CallOptions) => Promise<CallEnd>,
  ): Promise<Ended<Outcome>> {
    let locate: Locate;
    try {
      ({ locate } = await this.#composed());
    } catch (thrown) {
      // A part of the script could not be fetched, as when the site is away: the next call tries again.
      this.#script = null;
      const why = thrown instanceof Error ? thrown.message : 'unknown';
      const message = `The sandbox could not be loaded: ${why}.`;
      return { status: 'crashed', end: { reason: 'not_started', message, line: 0, column: 0 } };
    }
    const session = await this.#pool.acquire(signal);
    if (session === null) return { status: 'canceled' };
    if (!(session instanceof GuestSession)) return { status: 'crashed', end: session };
    try {
      const end = await call(session, { ...options, signal });
      if (end.status !== 'answered') return end;
      const { posted, outcome } = parse(end.data, locate);
      await session.caughtUp(posted);
      return outcome === null ? { status: 'library_missing' } : { status: 'done', outcome };
    } catch (thrown) {
      // An answer of the wrong shape: not from the guest that we sent. Its session is not used again.
      session.kill();
      return { status: 'rejected', message: thrown instanceof Error ? thrown.message : 'Unknown' };
    } finally {
      session.release();
      this.#pool.release(session);
    }
  }

  #composed(): Promise<SessionScript> {
    const { program, loadText = loadSandboxText } = this.#options;
    const allLibraries = this.#allLibraries;
    return (this.#script ??= composeSessionScript(program, { allLibraries }, loadText));
  }

  /** An error of the script itself: syntax that our parser lets pass and the browser does not. */
  async #threwOnStart(end: SessionEnd): Promise<LoadOutcome | null> {
    if (end.reason !== 'script') return null;
    const { locate } = await this.#composed();
    const place = locate(end.line, end.column);
    const message = end.message.replace(/^Uncaught /, '');
    const error = {
      ...errorInfo(null, message),
      name: 'SyntaxError',
      frames: place ? [place] : [],
    };
    return { status: 'threw', cellId: place?.cellId ?? null, error };
  }
}

function testFailure(
  ended: Exclude<Ended<unknown>, { readonly status: 'done' }>,
  limitMs: number,
): SerializableErrorInfo {
  switch (ended.status) {
    case 'timed_out':
      return errorInfo('timed_out', `The test did not end within ${limitMs / 1000} s.`);
    case 'canceled':
      return errorInfo('canceled', 'The test was stopped.');
    case 'rejected':
      return errorInfo(null, ended.message);
    case 'crashed':
      return errorInfo('crashed', ended.end.message);
    case 'library_missing':
      return errorInfo('crashed', 'A library is missing.');
  }
}

function errorInfo(code: string | null, message: string): SerializableErrorInfo {
  return { name: 'Error', code, kind: null, message, frames: [], cause: null };
}
