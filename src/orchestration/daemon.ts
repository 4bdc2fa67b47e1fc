import type { AssetKeyText } from '../definitions/definitions.ts';
import type { AssetGraph } from '../definitions/graph.ts';
import type { PartitionKey, PartitionLoadingContext } from '../partitions/context.ts';
import type { GuestAnswer, GuestRequest } from '../protocol/sandbox.ts';
import type { EpochMs } from '../time/time-window.ts';
import type { Event, EventDraft } from './event.ts';
import { executeRun, keyFor, type FilesView } from './execute-run.ts';
import { KeySpace } from './key-space.ts';
import type { ValueReader } from './load-inputs.ts';
import type { PlannedRun } from './launch-plan.ts';
import type { CodeRunner, InstanceStore, LogBatch, ValueWrite } from './ports.ts';
import {
  creationEvents,
  runCanceled,
  runCanceling,
  runFailed,
  startEvents,
  stepKeyOf,
  stepNotExecuted,
} from './run-events.ts';
import { backfillIdOf, runIdOf } from './run-id.ts';
import { RunQueue } from './run-queue.ts';
import { RunTag, waveOf } from './run-tags.ts';
import { isTerminal, withStatus, type Run, type RunConfig } from './run.ts';
import { upstreamKeysOf } from './upstream-keys.ts';

/** The code that runs use: a loaded notebook. Whoever takes it gives it back. */
export interface LoadedCode {
  readonly graph: AssetGraph;
  readonly runner: CodeRunner;
  release(): void;
}

/** What the daemon acts through. */
export interface DaemonPorts {
  readonly notebookId: string;
  readonly instances: InstanceStore;
  /** The notebook's clock. */
  readonly now: () => EpochMs;
  /** Whether the clock is virtual: then outcomes are appended in queue order, whatever finishes first. */
  readonly inQueueOrder: () => boolean;
  /** Real time from an arbitrary start. */
  readonly elapsedMs: () => number;
  /** Settles after so much real time; never, where nothing should depend on it. */
  readonly pause: (ms: number) => Promise<void>;
  readonly seed: () => number;
  readonly contextAt: (at: EpochMs) => PartitionLoadingContext;
  /** The newest loaded code; null while there is none. */
  readonly takeCode: () => LoadedCode | null;
  readonly listFiles: () => Promise<FilesView>;
  readonly request: (ask: GuestRequest) => Promise<GuestAnswer>;
  readonly sizeOf: (value: unknown) => number;
  readonly newAbort: () => AbortHandle;
  readonly listener: DaemonListener;
}

/** An `AbortController`, which the core cannot name. */
export interface AbortHandle {
  readonly signal: AbortSignal;
  abort(): void;
}

/** Hears what happens, in order. */
export interface DaemonListener {
  /** Events that are now in the log. */
  committed(events: readonly Event[]): void;
  /** A run left the queue, or wrote an event that is not in the log yet. */
  progressed(run: Run): void;
  /** Why the log cannot be written; null when it can again. */
  storageProblem(message: string | null): void;
  /** Checkpoints that reach the last event told of; empty if it is not yet worth it. */
  dueCheckpoints(isIdle: boolean): LogBatch['checkpoints'];
}

/** A launch whose plan has no error. */
export interface PlannedLaunch {
  /** In queue order; at least one. */
  readonly runs: readonly PlannedRun[];
  readonly jobName: string;
  readonly runConfig: RunConfig;
  readonly tags: Readonly<Record<string, string>>;
}

/** Runs whose creation shares one row of events. */
const RUNS_A_ROW = 100;
/** Runs that one transaction makes. */
const RUNS_A_BATCH = 1000;
/** Finished runs that one transaction takes. */
const ENDED_A_BATCH = 50;
/** A run that takes longer is written as started, for other tabs and for a crash. */
const STARTED_AFTER_MS = 250;
const LINES_AFTER_MS = 1000;
const RETRY_AFTER_MS = 2000;

/** A run that has left the queue, until its end is in the log. */
interface Slot {
  run: Run;
  readonly abort: AbortHandle;
  /** Not yet in the log, nor on the way to it. */
  events: EventDraft[];
  beingWritten: readonly EventDraft[];
  values: ValueWrite[];
  finished: boolean;
  /** Whether what there is should be written before it is finished. */
  flushDue: boolean;
  /** Assets that it has materialized. */
  readonly materialized: Set<AssetKeyText>;
}

/**
 * Launches, executes and stops the runs of one notebook: the only writer of its log. It
 * decides by `RunQueue` and `executeRun`; here the decisions are applied.
 */
export class Daemon {
  readonly #ports: DaemonPorts;
  readonly #queue = new RunQueue();
  /** By the order in which they left the queue. */
  readonly #slots = new Map<string, Slot>();
  /** Values that are stored as far as runs can tell, and not in the store yet. */
  readonly #unwritten = new Map<AssetKeyText, Map<PartitionKey | null, ValueWrite>>();
  /** Of each unfinished launch, what failed in it: assets with their keys. */
  readonly #failedInLaunch = new Map<string, Map<AssetKeyText, Set<PartitionKey | null>>>();
  readonly #keySpaces = new Map<EpochMs, KeySpace>();
  /** The code of each run that waits or runs, as it was launched. */
  readonly #codeOf = new Map<string, LoadedCode>();
  readonly #whenIdle: (() => void)[] = [];
  #limit: number;
  #lastStepId = 0;
  #writing: Promise<void> | null = null;
  /** Writes to the log, one after another. */
  #appends: Promise<void> = Promise.resolve();
  /** Launches and stops, one after another. */
  #commands: Promise<unknown> = Promise.resolve();
  #ended = false;

  /** @param limit how many runs may execute at once. */
  constructor(ports: DaemonPorts, limit: number) {
    this.#ports = ports;
    this.#limit = limit;
  }

  /**
   * Takes up what an earlier daemon left: runs that never started wait again, others are
   * ended as canceled.
   */
  async start(): Promise<void> {
    const { notebookId, instances, now } = this.#ports;
    const unfinished = await instances.listUnfinishedRuns(notebookId);
    const interrupted = unfinished.filter(
      ({ status }) => status !== 'QUEUED' && status !== 'NOT_STARTED',
    );
    if (interrupted.length > 0) {
      const at = now();
      const message =
        'The tab that executed this run was closed or reloaded before the run ended. What it had stored is kept.';
      await this.#append({
        rows: [interrupted.map((run) => runCanceled(run, at, message))],
        runs: interrupted.map((run) => ({ ...withStatus(run, 'CANCELED', at), failure: message })),
        values: [],
        checkpoints: [],
      });
    }
    const waiting = unfinished.filter((run) => !interrupted.includes(run));
    await this.#recallFailures(waiting);
    this.#queue.add(waiting);
    this.pump();
  }

  /** What failed in the launches whose later waves still wait. */
  async #recallFailures(waiting: readonly Run[]): Promise<void> {
    const { notebookId, instances } = this.#ports;
    const launches = new Set<string | null>();
    for (const run of waiting) if (waveOf(run.tags) > 1) launches.add(run.backfillId);
    if (launches.size === 0) return;
    const statuses = ['FAILURE', 'CANCELED'] as const;
    const ended = await instances.listRuns(notebookId, { limit: Infinity, before: null, statuses });
    for (const run of ended) {
      if (run.backfillId === null || !launches.has(run.backfillId)) continue;
      const materialized = new Set<AssetKeyText>();
      for (const { type, assetKey } of await instances.readRunEvents(notebookId, run.runId)) {
        if (type === 'ASSET_MATERIALIZATION' && assetKey !== null) materialized.add(assetKey);
      }
      this.#noteFailures(run, run.backfillId, materialized);
    }
  }

  /** Runs that have left the queue and whose end is not in the log. */
  get startedRuns(): ReadonlySet<string> {
    return new Set(this.#slots.keys());
  }

  /** The run as it stands, if it has left the queue and its end is not in the log. */
  liveRun(runId: string): Run | null {
    const slot = this.#slots.get(runId);
    return slot ? shownRun(slot) : null;
  }

  /** Events of a run that are not in the log yet, oldest first. */
  liveEvents(runId: string): readonly EventDraft[] {
    const slot = this.#slots.get(runId);
    return slot ? [...slot.beingWritten, ...slot.events] : [];
  }

  get isIdle(): boolean {
    return this.#slots.size === 0 && this.#queue.length === 0;
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
      const { notebookId, instances } = this.#ports;
      const lastNumber = await instances.lastRunNumber(notebookId);
      const { runs, backfillId } = this.#makeRuns(launch, lastNumber + 1);
      for (const run of runs) {
        const code = this.#ports.takeCode();
        if (code) this.#codeOf.set(run.runId, code);
      }
      const keyOf = (run: Run) => (assetKey: AssetKeyText) =>
        keyFor(this.#codeOf.get(run.runId)?.graph.assets.get(assetKey), run);
      for (let from = 0; from < runs.length; from += RUNS_A_BATCH) {
        const batch = runs.slice(from, from + RUNS_A_BATCH);
        const rows: EventDraft[][] = [];
        for (let at = 0; at < batch.length; at += RUNS_A_ROW) {
          const row = batch.slice(at, at + RUNS_A_ROW);
          rows.push(row.flatMap((run) => creationEvents(run, keyOf(run))));
        }
        await this.#append({ rows, runs: batch, values: [], checkpoints: [] });
        this.#queue.add(batch);
      }
      this.pump();
      return { runIds: runs.map((run) => run.runId), backfillId };
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
        await this.#append({
          rows: [row.flatMap((run) => [runCanceling(run, at), runCanceled(run, at)])],
          runs: row.map((run) => ({ ...withStatus(run, 'CANCELED', at), tookMs: 0 })),
          values: [],
          checkpoints: [],
        });
        for (const run of row) this.#end(withStatus(run, 'CANCELED', at), new Set());
      }
      // Slots of canceled runs are written as soon as they have settled.
      while ([...this.#slots.values()].some((slot) => slot.abort.signal.aborted && slot.finished)) {
        await this.#flush();
      }
      this.pump();
    });
  }

  /** Ends the daemon: running steps are ended, nothing more is written. */
  dispose(): void {
    this.#ended = true;
    for (const slot of this.#slots.values()) slot.abort.abort();
    for (const code of this.#codeOf.values()) code.release();
    this.#codeOf.clear();
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
      const slot: Slot = {
        run: withStatus(run, 'STARTED', this.#ports.now()),
        abort: this.#ports.newAbort(),
        events: [],
        beingWritten: [],
        values: [],
        finished: false,
        flushDue: false,
        materialized: new Set(),
      };
      this.#slots.set(run.runId, slot);
      void this.#execute(slot, code);
    }
  }

  #runningCount(): number {
    let running = 0;
    for (const slot of this.#slots.values()) if (!slot.finished) running++;
    return running;
  }

  async #execute(slot: Slot, code: LoadedCode): Promise<void> {
    const { run } = slot;
    const { now, elapsedMs, listFiles, request, sizeOf, seed } = this.#ports;
    const keySpace = this.#keySpaceAt(run.createdAt);
    const failedUpstream = this.#failedUpstream(run, code.graph, keySpace);
    if (failedUpstream) {
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
          listFiles,
          request,
          sizeOf,
          emit: (event) => this.#emit(slot, event),
          keep: (value) => this.#keep(slot, value),
        },
        slot.abort.signal,
      );
      slot.run = end;
      slot.finished = true;
    }
    if (this.#ended) return;
    void this.#flush();
    this.pump();
  }

  /** A later wave's run whose upstream keys failed in the launch is not tried (BF-5). */
  #failedUpstream(
    run: Run,
    graph: AssetGraph,
    keySpace: KeySpace,
  ): { readonly assetKey: AssetKeyText; readonly upstream: string } | null {
    const failed = run.backfillId === null ? null : this.#failedInLaunch.get(run.backfillId);
    if (!failed) return null;
    for (const assetKey of run.assetKeys) {
      const asset = graph.assets.get(assetKey);
      for (const dependency of asset?.deps ?? []) {
        const failedKeys = failed.get(dependency.assetKey);
        if (!asset || !failedKeys) continue;
        const { keys } = upstreamKeysOf(asset, dependency, keyFor(asset, run), graph, keySpace);
        const key = keys.find((one) => failedKeys.has(one));
        if (key === undefined) continue;
        const upstream = dependency.assetKey + (key === null ? '' : ` at ${key}`);
        return { assetKey, upstream };
      }
    }
    return null;
  }

  #endUntried(
    slot: Slot,
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

  #emit(slot: Slot, event: EventDraft): void {
    if (this.#ended) return;
    slot.events.push(event);
    if (event.type === 'ASSET_MATERIALIZATION' && event.assetKey !== null) {
      slot.materialized.add(event.assetKey);
    }
    this.#ports.listener.progressed(shownRun(slot));
  }

  #keep(slot: Slot, value: ValueWrite): void {
    slot.values.push(value);
    let byKey = this.#unwritten.get(value.assetKey);
    if (!byKey) this.#unwritten.set(value.assetKey, (byKey = new Map()));
    byKey.set(value.partitionKey, value);
  }

  /** What runs can read: also what has not reached the store yet. */
  readonly #values: ValueReader = {
    readValues: async (assetKey, partitionKeys) => {
      const { notebookId, instances } = this.#ports;
      const unwritten = this.#unwritten.get(assetKey);
      const found: (ValueWrite | null)[] = partitionKeys.map((key) => unwritten?.get(key) ?? null);
      const others = partitionKeys.filter((_, at) => found[at] === null);
      const stored = new Map<PartitionKey | null, ValueWrite>();
      if (others.includes(null)) {
        const value = await instances.readValue(notebookId, assetKey, null);
        if (value) stored.set(null, value);
      }
      const keys = others.filter((key) => key !== null);
      if (keys.length > 0) {
        for (const value of await instances.readValues(notebookId, assetKey, keys)) {
          stored.set(value.partitionKey, value);
        }
      }
      return partitionKeys.flatMap((key, at) => found[at] ?? stored.get(key) ?? []);
    },
  };

  /** In real time, a run that takes long is written as it goes. */
  async #writeWhileItRuns(slot: Slot): Promise<void> {
    await this.#ports.pause(STARTED_AFTER_MS);
    while (!slot.finished && !this.#ended) {
      if (!this.#ports.inQueueOrder() && slot.events.length > 0) {
        slot.flushDue = true;
        await this.#flush();
      }
      await this.#ports.pause(LINES_AFTER_MS);
    }
  }

  /** Writes what is due; while that goes on, more gathers for the next transaction. */
  #flush(): Promise<void> {
    this.#writing ??= this.#writeDue();
    return this.#writing;
  }

  async #writeDue(): Promise<void> {
    // What finishes in the same turn goes into one transaction.
    await Promise.resolve();
    for (;;) {
      const due = this.#dueSlots();
      if (due.length === 0 || this.#ended) {
        // In the same turn as the look above: what finishes later asks for a new one.
        this.#writing = null;
        return;
      }
      const ended = due.filter((slot) => slot.finished);
      const written = due.map((slot) => ({ slot, events: slot.events, values: slot.values }));
      for (const slot of due) {
        slot.beingWritten = slot.events;
        slot.events = [];
        slot.values = [];
        slot.flushDue = false;
      }
      await this.#append({
        rows: written.map(({ events }) => events),
        runs: due.map(({ run }) => run),
        values: written.flatMap(({ values }) => values),
        checkpoints: [],
      });
      for (const slot of due) slot.beingWritten = [];
      for (const { values } of written) for (const value of values) this.#forget(value);
      for (const slot of ended) {
        this.#slots.delete(slot.run.runId);
        this.#end(slot.run, slot.materialized);
      }
      this.pump();
      await this.#checkpoint();
    }
  }

  /** Under the virtual clock, a run's end waits for those of the runs before it, unless it was stopped. */
  #dueSlots(): readonly Slot[] {
    const due: Slot[] = [];
    const inOrder = this.#ports.inQueueOrder();
    let isFirst = true;
    for (const slot of this.#slots.values()) {
      if (due.length >= ENDED_A_BATCH) break;
      const mayEnd = slot.finished && (!inOrder || isFirst || slot.abort.signal.aborted);
      if (mayEnd || slot.flushDue) due.push(slot);
      if (!slot.finished) isFirst = false;
    }
    return due;
  }

  /**
   * Once it is in the log that a run ended.
   *
   * @param materialized what it recorded before; the rest of what it planned failed, if it did not succeed.
   */
  #end(run: Run, materialized: ReadonlySet<AssetKeyText>): void {
    if (run.backfillId !== null && run.status !== 'SUCCESS') {
      this.#noteFailures(run, run.backfillId, materialized);
    }
    this.#queue.ended(run);
    this.#codeOf.get(run.runId)?.release();
    this.#codeOf.delete(run.runId);
    if (this.isIdle) {
      this.#failedInLaunch.clear();
      this.#keySpaces.clear();
      for (const settle of this.#whenIdle.splice(0)) settle();
    }
  }

  #noteFailures(run: Run, backfillId: string, materialized: ReadonlySet<AssetKeyText>): void {
    let failed = this.#failedInLaunch.get(backfillId);
    if (!failed) this.#failedInLaunch.set(backfillId, (failed = new Map()));
    for (const assetKey of run.assetKeys) {
      if (materialized.has(assetKey)) continue;
      // Null too: that is how an asset without partitions is read.
      const keys = failed.get(assetKey) ?? new Set([null]);
      failed.set(assetKey, keys.add(run.partitionKey));
    }
  }

  #forget(value: ValueWrite): void {
    const byKey = this.#unwritten.get(value.assetKey);
    if (byKey?.get(value.partitionKey) === value) byKey.delete(value.partitionKey);
  }

  /**
   * Appends in one go with its news: a batch follows when the one before has been told of.
   * Tries until it is written, so that nothing is lost while the disk is full.
   */
  #append(batch: LogBatch): Promise<void> {
    return this.#afterAppends(async () => {
      const { notebookId, instances, listener, pause } = this.#ports;
      for (let failed = false; !this.#ended; failed = true) {
        try {
          const events = await instances.append(notebookId, batch);
          if (failed) listener.storageProblem(null);
          listener.committed(events);
          return;
        } catch (problem) {
          listener.storageProblem(problem instanceof Error ? problem.message : String(problem));
          await pause(RETRY_AFTER_MS);
        }
      }
    });
  }

  /** Writes the checkpoints that are due, when no event can come between them and the log. */
  #checkpoint(): Promise<void> {
    return this.#afterAppends(async () => {
      const { notebookId, instances, listener } = this.#ports;
      const checkpoints = this.#ended ? [] : listener.dueCheckpoints(this.isIdle);
      if (checkpoints.length === 0) return;
      try {
        await instances.append(notebookId, { rows: [], runs: [], values: [], checkpoints });
      } catch {
        // They only spare reading the log; what cannot be written is read.
      }
    });
  }

  #afterAppends(work: () => Promise<void>): Promise<void> {
    this.#appends = this.#appends.then(work);
    return this.#appends;
  }

  #makeRuns(
    { runs, jobName, runConfig, tags }: PlannedLaunch,
    firstNumber: number,
  ): { readonly runs: readonly Run[]; readonly backfillId: string | null } {
    const { notebookId, seed, now } = this.#ports;
    const backfillId = runs.length > 1 ? backfillIdOf(seed(), firstNumber) : null;
    const createdAt = now();
    const made = runs.map(({ assetKeys, partitionKey, wave, oneByOne, dimensionTags }, at): Run => {
      return {
        notebookId,
        runId: runIdOf(seed(), firstNumber + at),
        runNumber: firstNumber + at,
        jobName,
        status: 'QUEUED',
        assetKeys,
        partitionKey,
        tags: {
          ...tags,
          ...(partitionKey !== null && { [RunTag.partition]: partitionKey }),
          ...dimensionTags,
          ...(backfillId === null
            ? partitionKey !== null && { [RunTag.partitionSet]: `${jobName}_partition_set` }
            : { [RunTag.backfill]: backfillId }),
          ...(wave > 1 && { [RunTag.wave]: String(wave) }),
          ...(oneByOne && { [RunTag.oneByOne]: 'true' }),
        },
        runConfig,
        backfillId,
        parentRunId: null,
        createdAt,
        startedAt: null,
        endedAt: null,
        tookMs: null,
        failure: null,
      };
    });
    return { runs: made, backfillId };
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

/** A finished run is shown as it ran until its end is in the log. */
function shownRun({ run, finished }: Slot): Run {
  return finished && isTerminal(run.status) ? { ...run, status: 'STARTED', endedAt: null } : run;
}
