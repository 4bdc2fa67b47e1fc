import { toGuestErrorInfo, type GuestErrorInfo } from '../protocol/error-info.ts';
import type { LogLevel } from '../orchestration/event.ts';
import { decodeValue } from '../protocol/stored-value.ts';
import { indexPartitions } from '../partitions/index-partitions.ts';
import type { GoalsRequest } from '../protocol/goals.ts';
import type {
  GuestAnswer,
  GuestApi,
  GuestAutomationAnswer,
  GuestGoalsAnswer,
  GuestLoadAnswer,
  GuestMessage,
  GuestPartitionedConfigAnswer,
  GuestRequest,
  GuestStepAnswer,
  GuestTestAnswer,
  GuestWorld,
  LibraryMissingAnswer,
  PartitionedConfigRequest,
  ScheduleEvaluationRequest,
  SensorEvaluationRequest,
  StepRequest,
} from '../protocol/sandbox.ts';
import { ScheduleContext, SensorContext } from './automation-context.ts';
import { computeStep } from './compute-step.ts';
import { makeDg } from './dg.ts';
import { partitionConfigOf } from './evaluate-automation.ts';
import { Evaluation, type NotebookServices } from './evaluation.ts';
import { textOfLine, type StepVoice } from './execution-context.ts';
import { FileCache, Files } from './files.ts';
import { instanceOf } from './instance.ts';
import { LibraryShelf, type LoadedLibraries } from './libraries.ts';
import { Outbox, type OutboxTimers } from './outbox.ts';
import type { FollowedWorld, Housekeeping } from './prelude.ts';
import { definitionsOf } from './snapshot.ts';
import { valueCodec } from './value-codec.ts';

/** The cells of the notebook as one function; what it is given is all that they see. */
export type ProgramFunction = (
  dg: unknown,
  z: unknown,
  DateTime: unknown,
  Duration: unknown,
  Interval: unknown,
  files: unknown,
  assert: unknown,
  cell: (cellId: string) => void,
  name: (constName: string, value: unknown) => unknown,
) => void;

/** What a guest needs of the worker that it runs in. */
export interface GuestSurroundings {
  readonly libraries: LoadedLibraries;
  readonly post: (messages: readonly GuestMessage[]) => void;
  readonly timers: OutboxTimers;
  readonly world: FollowedWorld;
  readonly house: Housekeeping;
}

/** Characters of log lines that one run may send; our side counts again. */
const MAX_LOG_CHARS = 1024 * 1024;
const MAX_LINE_CHARS = 100_000;
/** A run that writes so many lines beyond those will not end by itself. */
const MAX_LINES_DROPPED = 500_000;
/** What a line counts beyond its characters. */
const LINE_OVERHEAD = 32;
/** Progress is shown, not kept: more often than this no one sees it. */
const PROGRESS_EVERY_MS = 50;

/**
 * The guest's side of the protocol: evaluates the notebook's cells, afresh for each call, and
 * answers with plain data. An error of the author's is an answer, never a rejection.
 */
export class Guest implements GuestApi {
  readonly #program: ProgramFunction;
  readonly #surroundings: GuestSurroundings;
  readonly #outbox: Outbox;
  readonly #cache = new FileCache();
  readonly #requests = new Map<number, (answer: GuestAnswer) => void>();
  #lastRequestId = 0;
  /** The line writer of the step that runs; null between steps. */
  #log: ((level: LogLevel, text: string) => void) | null = null;

  constructor(program: ProgramFunction, surroundings: GuestSurroundings) {
    this.#program = program;
    this.#surroundings = surroundings;
    this.#outbox = new Outbox(surroundings.post, surroundings.timers);
    this.#outbox.pushAtOnce({ kind: 'ready' });
  }

  load(world: GuestWorld): GuestLoadAnswer | LibraryMissingAnswer {
    const shelf = new LibraryShelf(this.#surroundings.libraries);
    const evaluation = new Evaluation(world, shelf);
    try {
      this.#evaluate(evaluation, false, true);
      const definitions = definitionsOf(evaluation);
      if (shelf.missing) return this.#libraryMissing();
      return { status: 'loaded', definitions, posted: this.#settled() };
    } catch (thrown) {
      if (shelf.missing) return this.#libraryMissing();
      const cellId = evaluation.cellId === '' ? null : evaluation.cellId;
      return { status: 'threw', cellId, error: toGuestErrorInfo(thrown), posted: this.#settled() };
    } finally {
      this.#surroundings.house.sweep();
    }
  }

  async execute(step: StepRequest): Promise<GuestStepAnswer> {
    const shelf = new LibraryShelf(this.#surroundings.libraries);
    const evaluation = new Evaluation(step.world, shelf, this.#notebook);
    const voice = this.#voiceOf(step.stepId);
    this.#log = voice.log;
    try {
      this.#evaluate(evaluation, false, false);
      const instance = instanceOf(evaluation);
      const answer = await computeStep(evaluation, step, { voice, instance });
      voice.end();
      return shelf.missing ? this.#libraryMissing() : { ...answer, posted: this.#settled() };
    } catch (thrown) {
      if (shelf.missing) return this.#libraryMissing();
      voice.end();
      return { status: 'failure', error: toGuestErrorInfo(thrown), posted: this.#settled() };
    } finally {
      this.#log = null;
      this.#surroundings.house.sweep();
    }
  }

  evaluateSchedule(request: ScheduleEvaluationRequest): Promise<GuestAutomationAnswer> {
    return this.#automate(request, async (evaluation, log) => {
      const { scheduleName, scheduledAt } = request;
      const schedule = evaluation.schedules.find((one) => one.scheduleName === scheduleName);
      if (!schedule) throw new Error(`There is no schedule ${scheduleName}.`);
      evaluation.cellId = schedule.cellId;
      const { timezone } = schedule;
      const instance = instanceOf(evaluation);
      const context = new ScheduleContext(evaluation, { scheduledAt, timezone, instance, log });
      return { status: 'evaluated', evaluation: await schedule.evaluate(context) };
    });
  }

  evaluateSensor(request: SensorEvaluationRequest): Promise<GuestAutomationAnswer> {
    return this.#automate(request, async (evaluation, log) => {
      const { sensorName, cursor, lastTickAt } = request;
      const sensor = evaluation.sensors.find((one) => one.sensorName === sensorName);
      if (!sensor) throw new Error(`There is no sensor ${sensorName}.`);
      evaluation.cellId = sensor.cellId;
      const instance = instanceOf(evaluation);
      const context = new SensorContext(evaluation, { cursor, lastTickAt, instance, log });
      return { status: 'evaluated', evaluation: await sensor.evaluate(context) };
    });
  }

  evaluatePartitionedConfig(
    request: PartitionedConfigRequest,
  ): Promise<GuestPartitionedConfigAnswer> {
    return this.#automate(request, async (evaluation) => {
      const { jobName, partitionKeys } = request;
      const job = evaluation.jobs.find((one) => one.jobName === jobName);
      if (!job?.partitionedConfig) throw new Error(`${jobName} has no partitioned config.`);
      evaluation.cellId = job.cellId;
      const configs = partitionKeys.flatMap((key) => partitionConfigOf(job, key) ?? []);
      return { status: 'evaluated', configs };
    });
  }

  async runTest(testId: number, world: GuestWorld): Promise<GuestTestAnswer> {
    const shelf = new LibraryShelf(this.#surroundings.libraries);
    const evaluation = new Evaluation(world, shelf);
    try {
      this.#evaluate(evaluation, true, false);
      const test = evaluation.tests[testId];
      if (!test) throw new Error(`There is no test ${testId}.`);
      evaluation.cellId = test.cellId;
      await test.run();
      if (shelf.missing) return this.#libraryMissing();
      return { status: 'passed', posted: this.#settled() };
    } catch (thrown) {
      if (shelf.missing) return this.#libraryMissing();
      return { status: 'failed', error: toGuestErrorInfo(thrown), posted: this.#settled() };
    } finally {
      this.#surroundings.house.sweep();
    }
  }

  checkGoals(request: GoalsRequest): Promise<GuestGoalsAnswer> {
    return this.#automate(request, async (evaluation) => {
      const { checkGoals } = evaluation.libraries.goals;
      const codec = valueCodec(evaluation.libraries);
      const decode = (value: unknown) => decodeValue(value, codec);
      const verdicts = await checkGoals(request, { evaluation, decode, indexPartitions });
      return { status: 'evaluated', verdicts };
    });
  }

  settle(requestId: number, answer: GuestAnswer): void {
    this.#requests.get(requestId)?.(answer);
    this.#requests.delete(requestId);
  }

  /** A line of the author's that did not come through `context.log`: the console, or an error no one caught. */
  say(level: LogLevel, message: unknown): void {
    this.#log?.(level, textOfLine(message));
  }

  /** Calls the cells. While it loads, names each cell to our side before it runs: it may never end. */
  #evaluate(evaluation: Evaluation, isolated: boolean, loading: boolean): void {
    const { world, libraries } = this.#surroundings;
    world.follow(evaluation.world);
    const files = new Files(
      evaluation.world,
      (ask) => this.#ask(ask),
      this.#cache,
      evaluation.libraries,
      { isolated },
    );
    const cell = (cellId: string) => {
      evaluation.cellId = cellId;
      if (loading) this.#outbox.pushAtOnce({ kind: 'cell', cellId });
    };
    const { zod, luxon, chai } = libraries;
    this.#program(
      makeDg(evaluation),
      zod?.z,
      luxon?.DateTime,
      luxon?.Duration,
      luxon?.Interval,
      files.api,
      chai?.assert,
      cell,
      evaluation.name,
    );
    // So that what the function draws does not hang on how the cells were evaluated.
    world.reseed();
  }

  #voiceOf(stepId: number) {
    let chars = 0;
    let dropped = 0;
    let progressAt = -Infinity;
    const { elapsed } = this.#surroundings.timers;
    return {
      log: (level: LogLevel, text: string): void => {
        chars += text.length + LINE_OVERHEAD;
        if (chars <= MAX_LOG_CHARS) {
          this.#outbox.push({ kind: 'log', stepId, level, text: text.slice(0, MAX_LINE_CHARS) });
        } else if ((dropped += 1) > MAX_LINES_DROPPED) {
          throw new Error(`The run wrote more than ${dropped} lines to its log and was stopped.`);
        }
      },
      end: (): void => {
        if (dropped === 0) return;
        const text = `${dropped} further lines were not kept: a run keeps 1 MB of them.`;
        this.#outbox.push({ kind: 'log', stepId, level: 'WARNING', text });
      },
      progress: (done: number, total: number): void => {
        const now = elapsed();
        if (done < total && now - progressAt < PROGRESS_EVERY_MS) return;
        progressAt = now;
        this.#outbox.push({ kind: 'progress', stepId, done, total });
      },
    };
  }

  /** Evaluates the cells, and with them something of theirs; lines and changes go to our side. */
  async #automate<Evaluated extends { readonly status: 'evaluated' }>(
    { stepId, world }: { readonly stepId: number; readonly world: GuestWorld },
    call: (evaluation: Evaluation, log: StepVoice['log']) => Promise<Evaluated>,
  ): Promise<
    | (Evaluated & { readonly posted: number })
    | { readonly status: 'failure'; readonly error: GuestErrorInfo; readonly posted: number }
    | LibraryMissingAnswer
  > {
    const shelf = new LibraryShelf(this.#surroundings.libraries);
    const evaluation = new Evaluation(world, shelf, this.#notebook);
    const voice = this.#voiceOf(stepId);
    this.#log = voice.log;
    try {
      this.#evaluate(evaluation, false, false);
      const answer = await call(evaluation, voice.log);
      voice.end();
      return shelf.missing ? this.#libraryMissing() : { ...answer, posted: this.#settled() };
    } catch (thrown) {
      if (shelf.missing) return this.#libraryMissing();
      voice.end();
      return { status: 'failure', error: toGuestErrorInfo(thrown), posted: this.#settled() };
    } finally {
      this.#log = null;
      this.#surroundings.house.sweep();
    }
  }

  /** What cells do to the notebook's instance, and ask of it. */
  get #notebook(): NotebookServices {
    return {
      changeDynamicPartitions: (change) => this.#outbox.push({ kind: 'dynamicPartitions', change }),
      latestMaterialization: async (assetKey, partitionKey) => {
        const answer = await this.#request((requestId) => {
          return { kind: 'latestMaterialization', requestId, assetKey, partitionKey };
        });
        if (answer.status === 'error') throw new Error(answer.message);
        return answer.materialization ?? null;
      },
    };
  }

  #ask(ask: GuestRequest): Promise<GuestAnswer> {
    return this.#request((requestId) => ({ kind: 'request', requestId, ask }));
  }

  #request(message: (requestId: number) => GuestMessage): Promise<GuestAnswer> {
    const requestId = (this.#lastRequestId += 1);
    return new Promise((resolve) => {
      this.#requests.set(requestId, resolve);
      this.#outbox.pushAtOnce(message(requestId));
    });
  }

  #libraryMissing(): LibraryMissingAnswer {
    return { status: 'library_missing', posted: this.#settled() };
  }

  /** Everything said so far is on its way. */
  #settled(): number {
    this.#outbox.flush();
    return this.#outbox.posted;
  }
}
