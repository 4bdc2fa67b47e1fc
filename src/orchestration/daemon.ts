import type { AssetKeyText } from '../definitions/definitions.ts';
import type { EpochMs } from '../time/time-window.ts';
import type { DaemonPorts, LoadedCode } from './daemon-ports.ts';
import type { EventDraft } from './event.ts';
import { executeRun } from './execute-run.ts';
import { endInterrupted } from './interrupted-run.ts';
import { KeySpace } from './key-space.ts';
import { LaunchFailures } from './launch-failures.ts';
import { LogWriter } from './log-writer.ts';
import { makeRuns, type PlannedLaunch } from './make-runs.ts';
import { runsOfDrafts, type RunDraft } from './run-draft.ts';
import type { DaemonRecord, ValueWrite } from './ports.ts';
import {
  creationEvents,
  runCanceled,
  runCanceling,
  runFailed,
  startEvents,
  stepKeyOf,
  stepNotExecuted,
} from './run-events.ts';
import { plannedKeysFor } from './run-keys.ts';
import { RunQueue } from './run-queue.ts';
import { RunSlot } from './run-slot.ts';
import { stepKeyOfAsset } from './run-steps.ts';
import { withStatus, type Run } from './run.ts';
import { SlotWriter } from './slot-writer.ts';
import { UnwrittenValues } from './unwritten-values.ts';

/** Runs whose creation shares one row of events. */
const RUNS_A_ROW = 100;
/** Runs that one transaction makes. */
const RUNS_A_BATCH = 1000;
/** A run that takes longer is written as started, for other tabs and for a crash. */
const STARTED_AFTER_MS = 250;
const LINES_AFTER_MS = 1000;

/** What goes into the log beside runs, and what is kept beside the log. */
interface Beside {
  readonly events: readonly EventDraft[];
  readonly records: readonly DaemonRecord[];
}

/**
 * Launches, executes and stops the runs of one notebook: the only writer of its log. It
 * decides by `RunQueue` and `executeRun`; here the decisions are applied.
 */
export class Daemon {
  readonly #ports: DaemonPorts;
  readonly #queue = new RunQueue();
  /** By the order in which they left the queue. */
  readonly #slots = new Map<string, RunSlot>();
  readonly #log: LogWriter;
  readonly #writer: SlotWriter;
  readonly #values: UnwrittenValues;
  readonly #failures = new LaunchFailures();
  readonly #keySpaces = new Map<EpochMs, KeySpace>();
  /** The code of each run that waits or runs, as it was launched. */
  readonly #codeOf = new Map<string, LoadedCode>();
  readonly #whenIdle: (() => void)[] = [];
  #limit: number;
  #lastStepId = 0;
  /** Launches and stops, one after another. */
  #commands: Promise<unknown> = Promise.resolve();
  #ended = false;

  /** @param limit how many runs may execute at once. */
  constructor(ports: DaemonPorts, limit: number) {
    this.#ports = ports;
    this.#limit = limit;
    this.#log = new LogWriter(ports);
    this.#values = new UnwrittenValues(ports.notebookId, ports.instances);
    this.#writer = new SlotWriter({
      ...ports,
      log: this.#log,
      slots: this.#slots,
      expectsMore: () => this.#queue.length > 0 && this.#runningCount() > 0,
      written: (values, ended) => this.#written(values, ended),
    });
  }

  /**
   * Takes up what an earlier daemon left: runs that never started wait again, others are
   * ended by `endInterrupted`.
   */
  async start(): Promise<void> {
    const { notebookId, instances, now } = this.#ports;
    await this.#log.look();
    const unfinished = await instances.listUnfinishedRuns(notebookId);
    const interrupted = unfinished.filter(
      ({ status }) => status !== 'QUEUED' && status !== 'NOT_STARTED',
    );
    if (interrupted.length > 0) {
      const at = now();
      const histories = await Promise.all(
        interrupted.map(({ runId }) => instances.readRunEvents(notebookId, runId)),
      );
      const ends = interrupted.map((run, place) => endInterrupted(run, histories[place] ?? [], at));
      await this.#log.append({
        rows: [ends.flatMap(({ events }) => events)],
        runs: ends.map(({ run }) => run),
        values: [],
        checkpoints: [],
      });
    }
    const waiting = unfinished.filter((run) => !interrupted.includes(run));
    await this.#failures.recall(notebookId, instances, waiting);
    this.#queue.add(waiting);
    this.pump();
  }

  /** Runs that have left the queue and whose end is not in the log. */
  get startedRuns(): ReadonlySet<string> {
    return new Set(this.#slots.keys());
  }

  /** The run as it stands, if it has left the queue and its end is not in the log. */
  liveRun(runId: string): Run | null {
    return this.#slots.get(runId)?.shown ?? null;
  }

  /** Events of a run that are not in the log yet, oldest first. */
  liveEvents(runId: string): readonly EventDraft[] {
    return this.#slots.get(runId)?.unwritten ?? [];
  }

  get isIdle(): boolean {
    return this.#slots.size === 0 && this.#queue.length === 0;
  }

  /** How many runs wait or run. */
  get unfinishedCount(): number {
    return this.#slots.size + this.#queue.length;
  }

  /** Settles when nothing runs and nothing waits. */
  whenIdle(): Promise<void> {
    if (this.isIdle) return Promise.resolve();
    return new Promise((resolve) => this.#whenIdle.push(resolve));
  }

  setLimit(limit: number): void {
    this.#limit = Math.max(1, limit);
    this.pump();
  }

  /** Makes the runs of a plan; resolves when they wait in the log. */
  launch(launch: PlannedLaunch): Promise<{
    readonly runIds: readonly string[];
    readonly backfillId: string | null;
  }> {
    return this.#inTurn(async () => {
      const { notebookId, instances, seed, now } = this.#ports;
      const firstNumber = (await instances.lastRunNumber(notebookId)) + 1;
      const options = { notebookId, seed: seed(), firstNumber, createdAt: now() };
      const { runs, backfillId } = makeRuns(launch, options);
      for (let from = 0; from < runs.length; from += RUNS_A_BATCH) {
        await this.#enqueue(runs.slice(from, from + RUNS_A_BATCH), { events: [], records: [] });
      }
      this.pump();
      return { runIds: runs.map((run) => run.runId), backfillId };
    });
  }

  /**
   * Makes runs, and writes what goes with them in the same transaction; resolves when they wait in the log.
   *
   * @param beside says what goes with them, given their ids, once all that was asked before is in the log.
   * @returns their ids, in the order of the drafts.
   */
  submit(
    drafts: readonly RunDraft[],
    beside: (runIds: readonly string[]) => Beside,
  ): Promise<readonly string[]> {
    return this.#inTurn(async () => {
      const { notebookId, instances, seed, now } = this.#ports;
      const firstNumber = (await instances.lastRunNumber(notebookId)) + 1;
      const options = { notebookId, seed: seed(), firstNumber, createdAt: now() };
      const runs = runsOfDrafts(drafts, options);
      const runIds = runs.map((run) => run.runId);
      await this.#enqueue(runs, beside(runIds));
      this.pump();
      return runIds;
    });
  }

  /** Writes runs as made, with what goes with them, and has them wait. */
  async #enqueue(runs: readonly Run[], { events, records }: Beside): Promise<void> {
    const rows: (readonly EventDraft[])[] = [events];
    for (const run of runs) {
      const code = this.#ports.takeCode();
      if (code) this.#codeOf.set(run.runId, code);
    }
    for (let at = 0; at < runs.length; at += RUNS_A_ROW) {
      const row = runs.slice(at, at + RUNS_A_ROW);
      rows.push(row.flatMap((run) => this.#creationOf(run)));
    }
    await this.#log.append({ rows, runs, values: [], checkpoints: [], records });
    this.#queue.add(runs);
  }

  #creationOf(run: Run): readonly EventDraft[] {
    const graph = this.#codeOf.get(run.runId)?.graph ?? null;
    const keySpace = this.#keySpaceAt(run.createdAt);
    return creationEvents(
      run,
      (assetKey) => plannedKeysFor(graph?.assets.get(assetKey), run, keySpace),
      (assetKey) => stepKeyOfAsset(assetKey, graph),
    );
  }

  /**
   * Writes what happened outside any run; resolves when it is in the log.
   *
   * @param make says what, once all that was asked before is in the log; null if nothing.
   */
  note(make: () => Beside | null): Promise<void> {
    return this.#inTurn(async () => {
      const made = make();
      if (!made) return;
      const { events, records } = made;
      await this.#log.append({ rows: [events], runs: [], values: [], checkpoints: [], records });
    });
  }

  /** Cancels one run, or all that have not ended; resolves when that is in the log. */
  stop(runId: string | null): Promise<void> {
    const slots = runId === null ? [...this.#slots.values()] : [this.#slots.get(runId)];
    for (const slot of slots) {
      if (!slot || slot.finished || slot.abort.signal.aborted) continue;
      slot.run = { ...slot.run, status: 'CANCELING' };
      this.#emit(slot, runCanceling(slot.run, this.#ports.now()));
      slot.abort.abort();
    }
    return this.#inTurn(async () => {
      const waiting = runId === null ? this.#queue.removeAll() : [this.#queue.remove(runId)];
      const canceled = waiting.filter((run) => run !== null);
      const at = this.#ports.now();
      for (let from = 0; from < canceled.length; from += RUNS_A_ROW) {
        const row = canceled.slice(from, from + RUNS_A_ROW);
        await this.#log.append({
          rows: [row.flatMap((run) => [runCanceling(run, at), runCanceled(run, at)])],
          runs: row.map((run) => ({ ...withStatus(run, 'CANCELED', at), tookMs: 0 })),
          values: [],
          checkpoints: [],
        });
        for (const run of row) this.#end(withStatus(run, 'CANCELED', at), new Set());
      }
      // Slots of canceled runs are written as soon as they have settled.
      while (
        !this.#ended &&
        [...this.#slots.values()].some((slot) => slot.abort.signal.aborted && slot.finished)
      ) {
        await this.#writer.flush();
      }
      this.pump();
    });
  }

  /** Ends the daemon: running steps are ended, and nothing more is written, not even what could not be. */
  dispose(): void {
    this.#ended = true;
    this.#log.close();
    this.#writer.close();
    for (const slot of this.#slots.values()) slot.abort.abort();
    for (const code of this.#codeOf.values()) code.release();
    this.#codeOf.clear();
  }

  /** Once disposed of: settles when nothing of it can reach the log any more. */
  settled(): Promise<void> {
    return this.#log.settled();
  }

  /** Starts what may start. */
  pump(): void {
    if (this.#ended) return;
    while (this.#runningCount() < this.#limit && this.#queue.length > 0) {
      const fresh = this.#ports.takeCode();
      // A run that an earlier tab left has no code of its own: it takes the newest.
      const run = this.#queue.take(({ runId }) => fresh !== null || this.#codeOf.has(runId));
      if (!run) {
        fresh?.release();
        return;
      }
      const launchedWith = this.#codeOf.get(run.runId);
      if (launchedWith) fresh?.release();
      const code = launchedWith ?? (fresh as LoadedCode);
      this.#codeOf.set(run.runId, code);
      const started = withStatus(run, 'STARTED', this.#ports.now());
      const slot = new RunSlot(started, this.#ports.newAbort());
      this.#slots.set(run.runId, slot);
      void this.#execute(slot, code);
    }
  }

  #runningCount(): number {
    let running = 0;
    for (const slot of this.#slots.values()) if (!slot.finished) running++;
    return running;
  }

  async #execute(slot: RunSlot, code: LoadedCode): Promise<void> {
    const { run } = slot;
    const { now, elapsedMs, listFiles, request, sizeOf, seed } = this.#ports;
    const keySpace = this.#keySpaceAt(run.createdAt);
    const failedUpstream = this.#failures.upstreamOf(run, code.graph, keySpace);
    if (failedUpstream) {
      // In a turn of its own: a thousand of these may follow each other.
      await Promise.resolve();
      this.#endUntried(slot, failedUpstream);
    } else {
      void this.#writeWhileItRuns(slot);
      const end = await executeRun(
        run,
        {
          graph: code.graph,
          keySpace,
          runner: code.runner,
          values: this.#values,
          seed: seed(),
          now,
          elapsedMs,
          newStepId: () => ++this.#lastStepId,
          logReaches: () => (this.#ports.inQueueOrder() ? null : this.#log.reaches),
          listFiles,
          request,
          sizeOf,
          emit: (event) => this.#emit(slot, event),
          keep: (value) => {
            slot.keep(value);
            this.#values.add(value);
          },
        },
        slot.abort.signal,
      );
      slot.run = end;
      slot.finished = true;
    }
    if (this.#ended) return;
    // The next starts first: whether ends may gather hangs on what else runs.
    this.pump();
    void this.#writer.flush();
  }

  /** A later wave's run whose upstream keys failed in the launch is not tried (BF-5). */
  #endUntried(
    slot: RunSlot,
    { assetKey, upstream }: { readonly assetKey: AssetKeyText; readonly upstream: string },
  ): void {
    const { run } = slot;
    const at = this.#ports.now();
    for (const event of startEvents(run, at)) this.#emit(slot, event);
    const failedStep = [{ step: upstream, failed: true }];
    this.#emit(slot, stepNotExecuted(run, assetKey, at, failedStep));
    this.#emit(slot, runFailed(run, at, [], null));
    slot.run = {
      ...withStatus(run, 'FAILURE', at),
      tookMs: 0,
      failure: `${stepKeyOf(assetKey)} was not tried: ${upstream} failed.`,
    };
    slot.finished = true;
  }

  #emit(slot: RunSlot, event: EventDraft): void {
    if (this.#ended) return;
    slot.add(event);
    this.#ports.listener.progressed(slot.shown);
  }

  /** In real time, a run that takes long is written as it goes. */
  async #writeWhileItRuns(slot: RunSlot): Promise<void> {
    await this.#ports.pause(STARTED_AFTER_MS);
    while (!slot.finished && !this.#ended) {
      if (!this.#ports.inQueueOrder() && slot.hasNews) {
        slot.flushDue = true;
        await this.#writer.flush();
      }
      await this.#ports.pause(LINES_AFTER_MS);
    }
  }

  #written(values: readonly ValueWrite[], ended: readonly RunSlot[]): void {
    for (const value of values) this.#values.written(value);
    for (const slot of ended) {
      this.#slots.delete(slot.run.runId);
      this.#end(slot.run, slot.materialized);
    }
    this.pump();
    void this.#log.checkpoint(this.isIdle);
  }

  /**
   * Once it is in the log that a run ended.
   *
   * @param materialized what it recorded before; the rest of what it planned failed, if it did not succeed.
   */
  #end(run: Run, materialized: ReadonlySet<AssetKeyText>): void {
    if (run.status !== 'SUCCESS') this.#failures.add(run, materialized);
    this.#queue.ended(run);
    this.#codeOf.get(run.runId)?.release();
    this.#codeOf.delete(run.runId);
    if (!this.isIdle) return;
    this.#failures.clear();
    this.#keySpaces.clear();
    this.#ports.listener.idle();
    for (const settle of this.#whenIdle.splice(0)) settle();
  }

  #keySpaceAt(at: EpochMs): KeySpace {
    let keySpace = this.#keySpaces.get(at);
    if (!keySpace) {
      keySpace = new KeySpace(this.#ports.contextAt(at));
      this.#keySpaces.set(at, keySpace);
    }
    return keySpace;
  }

  #inTurn<T>(command: () => Promise<T>): Promise<T> {
    const turn = this.#commands.then(command);
    // The next command does not care how this one ended; whoever asked for it does.
    this.#commands = turn.catch(() => {});
    return turn;
  }
}
