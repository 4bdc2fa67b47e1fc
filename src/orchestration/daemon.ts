import type { AssetKeyText } from '../definitions/definitions.ts';
import type { PartitionKey } from '../partitions/context.ts';
import type { EpochMs } from '../time/time-window.ts';
import type { Backfill, BackfillProgress } from './backfill/backfill.ts';
import { backfillHasEnded, progressOf } from './backfill/backfill.ts';
import { Backfills, type RecordedKeys } from './backfill/backfills.ts';
import { repeatBackfill } from './backfill/steer-backfill.ts';
import type { DaemonPorts, LoadedCode } from './daemon-ports.ts';
import type { PartitionedConfigOutcome } from '../protocol/sandbox.ts';
import type { Event, EventDraft } from './event.ts';
import { executeRun } from './execute-run.ts';
import { endInterrupted, retryOfInterrupted } from './interrupted-run.ts';
import { KeySpace } from './key-space.ts';
import type { LaunchDecision } from './launch-plan.ts';
import { LogWriter } from './log-writer.ts';
import type { DaemonRecord, LogBatch, ValueWrite } from './ports.ts';
import { reexecutionOf, type Reexecution } from './reexecute-run.ts';
import { runsOfDrafts, type RunDraft } from './run-draft.ts';
import { creationEvents, runCanceled, runCanceling } from './run-events.ts';
import { backfillIdOf } from './run-id.ts';
import { markedForRetry, retryDraftOf } from './run-retry.ts';
import { plannedKeysOf } from './run-keys.ts';
import { RunQueue } from './run-queue.ts';
import { RunSlot } from './run-slot.ts';
import { stepKeyOfAsset } from './run-steps.ts';
import { RunTag } from './run-tags.ts';
import { withStatus, type Run, type RunConfig } from './run.ts';
import { recordsOfReplaced } from './replaced-values.ts';
import { SlotWriter } from './slot-writer.ts';
import { UnwrittenValues } from './unwritten-values.ts';

/** Runs whose creation shares one row of events. */
const RUNS_A_ROW = 100;
/** A run that takes longer is written as started, for other tabs and for a crash. */
const STARTED_AFTER_MS = 250;
const LINES_AFTER_MS = 1000;
const EVENTS_A_READ = 5000;
/** Events outside runs that share a row. */
const EVENTS_A_ROW = 250;
const MOST_BACKFILLS = 10_000;
/** Of the newest failed runs, so many are looked at for what is still to be tried again. */
const MOST_UNTRIED = 200;
const NOTHING_RECORDED: RecordedKeys = new Map();

/** A batch to which something is added. */
const NOTHING = { rows: [], runs: [], values: [], checkpoints: [] } as const;

/** What goes into the log beside runs, and what is kept beside the log. */
interface Beside {
  readonly events: readonly EventDraft[];
  readonly records: readonly DaemonRecord[];
}

/** What happened outside any run, and what changes with it. */
type Noted = Pick<Beside, 'events'> & Partial<Pick<LogBatch, 'runs' | 'checkpoints' | 'records'>>;

/** What a launch gives every run. */
export interface LaunchOptions {
  readonly jobName: string;
  readonly runConfig: RunConfig;
  readonly tags: Readonly<Record<string, string>>;
}

const NOTHING_BESIDE: Beside = { events: [], records: [] };

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
  readonly #backfills: Backfills;
  readonly #keySpaces = new Map<EpochMs, KeySpace>();
  /** The code of each run that waits or runs, as it was launched. */
  readonly #codeOf = new Map<string, LoadedCode>();
  readonly #whenIdle: (() => void)[] = [];
  #limit: number;
  #lastStepId = 0;
  /** Launches and stops, one after another. */
  #commands: Promise<unknown> = Promise.resolve();
  #ended = false;
  /** Whether backfills of an earlier daemon are still to be taken up, for which there may be no code yet: until then no run starts. */
  #holdsBack = false;
  /** How many ask for no run to start. */
  #holds = 0;
  /** Failed runs whose next try is still to be made. */
  #retrying = 0;
  /** Stops that are under way: nothing waits for what comes after them. */
  #stopping = 0;
  #endWaiting = () => {};

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
      replaced: (values) => this.#replaced(values),
      written: (values, ended) => this.#written(values, ended),
      unfinishedOf: (backfillId) => this.#backfills.unfinishedOf(backfillId),
      ledOn: () => this.#ledOn(),
    });
    this.#backfills = new Backfills({
      makeRuns: (drafts, code, records) => this.#makeRuns(drafts, { events: [], records }, code),
      keep: async (records) => void (await this.#log.append({ ...NOTHING, records })),
      keySpaceAt: (at) => this.#keySpaceAt(at),
      askKeyConfigs: (code) => (jobName, keys) => this.#askKeyConfigs(code, jobName, keys),
      cancelRuns: (backfillId) => void this.#stop((run) => run.backfillId === backfillId),
      stored: ports,
    });
  }

  #replaced(values: readonly ValueWrite[]): Promise<readonly DaemonRecord[]> | null {
    const { notebookId, instances, wasMaterialized } = this.#ports;
    const replacing = wasMaterialized
      ? values.filter(({ assetKey, partitionKey }) => wasMaterialized(assetKey, partitionKey))
      : [];
    return replacing.length > 0 ? recordsOfReplaced(notebookId, instances, replacing) : null;
  }

  /**
   * Takes up what an earlier daemon left: runs that never started wait again, others are ended by
   * `endInterrupted`, and backfills go on.
   */
  async start(): Promise<void> {
    const { notebookId, instances } = this.#ports;
    this.#holdsBack = true;
    // What is asked for meanwhile comes after it.
    await this.#inTurn(async () => {
      await this.#log.look();
      const unfinished = await instances.listUnfinishedRuns(notebookId);
      const interrupted = unfinished.filter(
        ({ status }) => status !== 'QUEUED' && status !== 'NOT_STARTED',
      );
      this.#queue.add(unfinished.filter((run) => !interrupted.includes(run)));
      await this.#endInterrupted(interrupted);
      await this.#resumeBackfills();
    });
  }

  /** Ends the runs whose tab is gone. */
  async #endInterrupted(interrupted: readonly Run[]): Promise<void> {
    if (interrupted.length === 0) return;
    const { notebookId, instances, now } = this.#ports;
    const endedAt = now();
    const histories = await Promise.all(
      interrupted.map(({ runId }) => instances.readRunEvents(notebookId, runId)),
    );
    const ends = interrupted.map((run, at) => endInterrupted(run, histories[at] ?? [], endedAt));
    await this.#log.append({
      ...NOTHING,
      rows: [ends.flatMap(({ events }) => events)],
      runs: ends.map(({ run }) => run),
    });
  }

  /** What runs recorded, by their ids; of those that recorded nothing there is no entry. */
  async #recordedBy(runIds: ReadonlySet<string>): Promise<ReadonlyMap<string, RecordedKeys>> {
    const { notebookId, instances } = this.#ports;
    const byRun = new Map<string, RecordedKeys>();
    for await (const events of instances.readEvents(notebookId, 0, EVENTS_A_READ)) {
      const own = events.filter(({ runId }) => runIds.has(runId));
      for (const [runId, recorded] of recordedIn(own)) {
        const all = new Map(byRun.get(runId));
        for (const [assetKey, keys] of recorded) {
          all.set(assetKey, [...(all.get(assetKey) ?? []), ...keys]);
        }
        byRun.set(runId, all);
      }
    }
    return byRun;
  }

  /** Goes on with the backfills that have not ended, as soon as there is code to do it with. */
  async #resumeBackfills(): Promise<void> {
    const { notebookId, instances } = this.#ports;
    const all = { prefix: '', before: null, limit: MOST_BACKFILLS };
    const records = await instances.listRecords(notebookId, 'backfill', all);
    const left = records
      .map(({ value }) => value as Backfill)
      .filter(({ status }) => !backfillHasEnded(status));
    const untriedAlone = await this.#untriedAlone();
    if (left.length === 0 && untriedAlone.length === 0) {
      this.#holdsBack = false;
      this.pump();
      return;
    }
    const code = this.#ports.takeCode();
    if (!code) return;
    for (const run of untriedAlone) await this.#retry(run);
    code.release();
    const codes = left.map(() => this.#ports.takeCode());
    if (codes.includes(null)) {
      for (const code of codes) code?.release();
      return;
    }
    const ids = new Set(left.map(({ backfillId }) => backfillId));
    const every = { limit: Infinity, before: null, statuses: null };
    const runs = (await instances.listRuns(notebookId, every)).filter(({ backfillId }) =>
      ids.has(backfillId ?? ''),
    );
    const recorded = await this.#recordedBy(new Set(runs.map(({ runId }) => runId)));
    const recordedOf = ({ runId }: Run) => recorded.get(runId) ?? NOTHING_RECORDED;
    for (const [at, backfill] of left.entries()) {
      const own = runs.filter(({ backfillId }) => backfillId === backfill.backfillId);
      const known = own.map((run) => ({ run, recorded: recordedOf(run) }));
      await this.#backfills.resume(backfill, codes[at] as LoadedCode, known);
    }
    // Only now that they know their runs, these may start, and end.
    this.#holdsBack = false;
    const tried = new Set(runs.map(({ parentRunId }) => parentRunId));
    const untried = runs.filter((run) => run.tags[RunTag.willRetry] && !tried.has(run.runId));
    for (const { backfillId } of left) {
      const retries = untried
        .filter((run) => run.backfillId === backfillId)
        .flatMap((run) => retryOfInterrupted(run, recordedOf(run)) ?? []);
      await this.#backfills.goOn(backfillId, retries.reverse());
      await this.#look(backfillId);
    }
    this.pump();
  }

  /** Failed runs of no backfill, oldest first, that an earlier daemon would have tried again. */
  async #untriedAlone(): Promise<readonly Run[]> {
    const { notebookId, instances } = this.#ports;
    const failed = { limit: MOST_UNTRIED, before: null, statuses: ['FAILURE'] as const };
    const runs = await instances.listRuns(notebookId, failed);
    const untried = runs.filter(
      ({ backfillId, tags }) =>
        backfillId === null &&
        tags[RunTag.willRetry] === 'true' &&
        tags[RunTag.autoRetryRun] === undefined,
    );
    return untried.reverse();
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
    return this.unfinishedCount === 0 && this.#retrying === 0 && this.#backfills.isIdle;
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

  /**
   * Makes the run of a plan, or begins its backfill; resolves when the first runs wait in the log.
   *
   * @param decision without errors.
   */
  launch(
    { run: planned, backfill }: Pick<LaunchDecision, 'run' | 'backfill'>,
    { jobName, runConfig, tags }: LaunchOptions,
  ): Promise<{ readonly runIds: readonly string[]; readonly backfillId: string | null }> {
    return this.#inTurn(async () => {
      const code = this.#ports.takeCode();
      if (backfill && code) return this.#begin(backfill, code);
      code?.release();
      if (!planned) return { runIds: [], backfillId: null };
      const { assetKeys, partitionKey, partitionTags } = planned;
      const draft: RunDraft = {
        jobName,
        assetKeys,
        partitionKey,
        runConfig,
        tags: {
          ...tags,
          ...partitionTags,
          ...(partitionKey !== null && { [RunTag.partitionSet]: `${jobName}_partition_set` }),
        },
        backfillId: null,
        parentRunId: null,
      };
      return { runIds: idsOf(await this.#makeRuns([draft], NOTHING_BESIDE)), backfillId: null };
    });
  }

  /** The backfills that have not ended, oldest first, with how far each has come. */
  get activeBackfills(): readonly {
    readonly backfill: Backfill;
    readonly progress: readonly BackfillProgress[];
  }[] {
    return this.#backfills.active.map(({ standing: backfill }) => {
      return { backfill, progress: progressOf(backfill) };
    });
  }

  /** Has a backfill wind down, and cancels its runs (BF-17). */
  async cancelBackfill(backfillId: string): Promise<void> {
    this.#backfills.cancel(backfillId);
    await this.#stop((run) => run.backfillId === backfillId);
    await this.#inTurn(() => this.#look(backfillId));
  }

  /** _Extension_: while a backfill is paused, its runs go on and nothing more is requested. */
  pauseBackfill(backfillId: string, paused: boolean): Promise<void> {
    return this.#inTurn(async () => {
      await this.#backfills.pause(backfillId, paused);
      await this.#look(backfillId);
      this.#tellIfIdle();
    });
  }

  /**
   * Begins a backfill of the same keys as one that ended, or of those that it did not materialize (BF-19).
   *
   * @returns its id; null if nothing is left to do, or there is no such backfill.
   */
  repeatBackfill(backfillId: string, part: 'whole' | 'missing'): Promise<string | null> {
    return this.#inTurn(async () => {
      const { notebookId, instances, now } = this.#ports;
      const record = await instances.readRecord(notebookId, 'backfill', backfillId);
      const repeated =
        record &&
        repeatBackfill(record.value as Backfill, part, { backfillId: '', startedAt: now() });
      const code = repeated ? this.#ports.takeCode() : null;
      return repeated && code ? (await this.#begin(repeated, code)).backfillId : null;
    });
  }

  /**
   * Makes the run that executes an ended one again.
   *
   * @throws {InvalidDefinitionError} if it is asked for from the failure of a run that did not fail.
   */
  reexecute(runId: string, how: Reexecution): Promise<string | null> {
    return this.#inTurn(async () => {
      const { notebookId, instances } = this.#ports;
      const run = await instances.findRun(notebookId, runId);
      const code = this.#ports.takeCode();
      try {
        if (!run || !code) return null;
        const history = await instances.readRunEvents(notebookId, runId);
        const draft = reexecutionOf(run, how, history, code.graph);
        return idsOf(await this.#makeRuns([draft], NOTHING_BESIDE))[0] ?? null;
      } finally {
        code?.release();
      }
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
    return this.#inTurn(async () => idsOf(await this.#makeRuns(drafts, beside)));
  }

  async #askKeyConfigs(
    { runner }: LoadedCode,
    jobName: string,
    partitionKeys: readonly PartitionKey[],
  ): Promise<PartitionedConfigOutcome> {
    const { now, seed, contextAt, listFiles, request, newAbort } = this.#ports;
    const at = now();
    return runner.evaluatePartitionedConfig(
      {
        stepId: ++this.#lastStepId,
        jobName,
        partitionKeys,
        world: {
          now: at,
          seed: `${seed()} config ${jobName}`,
          dynamicPartitions: [...contextAt(at).dynamicPartitions],
          ...(await listFiles()),
        },
      },
      { log: () => {}, progress: () => {}, request },
      newAbort().signal,
    );
  }

  async #begin(backfill: Backfill, code: LoadedCode) {
    const { notebookId, instances, seed } = this.#ports;
    const firstRunNumber = (await instances.lastRunNumber(notebookId)) + 1;
    const backfillId = backfillIdOf(seed(), firstRunNumber);
    const runs = await this.#backfills.start({ ...backfill, backfillId, firstRunNumber }, code);
    return { runIds: idsOf(runs), backfillId };
  }

  /** Looks at a backfill, if it can be looked at now. */
  async #look(backfillId: string): Promise<void> {
    if (this.#ended) return;
    await this.#backfills.look(backfillId);
    this.#tellIfIdle();
  }

  /**
   * Writes runs as made, with what goes with them, and has them wait.
   *
   * @param held the code of a backfill, which outlives its runs; absent: each run takes the newest.
   */
  async #makeRuns(
    drafts: readonly RunDraft[],
    beside: Beside | ((runIds: readonly string[]) => Beside),
    held?: LoadedCode,
  ): Promise<readonly Run[]> {
    const { notebookId, instances, seed, now } = this.#ports;
    const firstNumber = (await instances.lastRunNumber(notebookId)) + 1;
    const options = { notebookId, seed: seed(), firstNumber, createdAt: now() };
    const runs = runsOfDrafts(drafts, options);
    for (const run of runs) {
      const code = held ? { ...held, release: () => {} } : this.#ports.takeCode();
      if (code) this.#codeOf.set(run.runId, code);
    }
    const { events, records } = typeof beside === 'function' ? beside(idsOf(runs)) : beside;
    const rows: (readonly EventDraft[])[] = [events];
    for (let at = 0; at < runs.length; at += RUNS_A_ROW) {
      const row = runs.slice(at, at + RUNS_A_ROW);
      rows.push(row.flatMap((run) => this.#creationOf(run, this.#codeOf.get(run.runId) ?? null)));
    }
    await this.#log.append({ ...NOTHING, rows, runs, records });
    this.#queue.add(runs);
    this.pump();
    return runs;
  }

  #creationOf(run: Run, code: LoadedCode | null): readonly EventDraft[] {
    const graph = code?.graph ?? null;
    const keySpace = this.#keySpaceAt(this.#backfills.keysAsOf(run));
    return creationEvents(run, plannedKeysOf(run, graph, keySpace), (assetKey) =>
      stepKeyOfAsset(assetKey, graph),
    );
  }

  /**
   * Writes what happened outside any run; resolves with its events when they are in the log.
   *
   * @param make says what, once all that was asked before is in the log; null if nothing.
   */
  note(make: () => Noted | null | Promise<Noted | null>): Promise<readonly Event[]> {
    return this.#inTurn(async () => {
      const made = await make();
      if (!made) return [];
      const { events, ...more } = made;
      const rows: (readonly EventDraft[])[] = [];
      for (let at = 0; at < events.length; at += EVENTS_A_ROW) {
        rows.push(events.slice(at, at + EVENTS_A_ROW));
      }
      return this.#log.append({ ...NOTHING, ...more, rows });
    });
  }

  /** Cancels one run, or all that have not ended, with their backfills; resolves when that is in the log. */
  async stop(runId: string | null): Promise<void> {
    if (runId !== null) return this.#stop((run) => run.runId === runId);
    const backfillIds = this.#backfills.active.map(({ backfill }) => backfill.backfillId);
    for (const backfillId of backfillIds) this.#backfills.cancel(backfillId);
    await this.#stop(() => true);
    for (const backfillId of backfillIds) await this.#inTurn(() => this.#look(backfillId));
  }

  #stop(concerns: (run: Run) => boolean): Promise<void> {
    for (const slot of this.#slots.values()) {
      if (!concerns(slot.run) || slot.finished || slot.abort.signal.aborted) continue;
      slot.run = { ...slot.run, status: 'CANCELING' };
      this.#emit(slot, runCanceling(slot.run, this.#ports.now()));
      slot.abort.abort();
    }
    this.#stopping += 1;
    this.#endWaiting();
    return this.#inTurn(async () => {
      const canceled = this.#queue.remove(concerns);
      const at = this.#ports.now();
      for (let from = 0; from < canceled.length; from += RUNS_A_ROW) {
        const row = canceled.slice(from, from + RUNS_A_ROW);
        await this.#log.append({
          ...NOTHING,
          rows: [row.flatMap((run) => [runCanceling(run, at), runCanceled(run, at)])],
          runs: row.map((run) => ({ ...withStatus(run, 'CANCELED', at), tookMs: 0 })),
        });
        for (const run of row) this.#end(withStatus(run, 'CANCELED', at), NOTHING_RECORDED);
      }
      // Slots of canceled runs are written as soon as they have settled.
      while (
        !this.#ended &&
        [...this.#slots.values()].some((slot) => slot.abort.signal.aborted && slot.finished)
      ) {
        await this.#writer.flush();
      }
      this.pump();
    }).finally(() => (this.#stopping -= 1));
  }

  /** Settles when all that was asked so far is in the log; at once while something is stopped, which waits for ends. */
  #ledOn(): Promise<void> {
    if (this.#stopping > 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#endWaiting = resolve;
      void this.#commands.then(() => resolve());
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
    this.#backfills.dispose();
  }

  /** Once disposed of: settles when nothing of it can reach the log any more. */
  settled(): Promise<void> {
    return this.#log.settled();
  }

  /**
   * Lets no run start until it is given back: what is launched meanwhile waits in the log together, and
   * then goes in its order, however long it took to decide it.
   *
   * @returns how to give it back, once.
   */
  hold(): () => void {
    this.#holds += 1;
    return () => {
      this.#holds -= 1;
      this.pump();
    };
  }

  /** Starts what may start. */
  pump(): void {
    if (this.#ended || this.#holds > 0) return;
    if (this.#holdsBack) {
      void this.#inTurn(async () => {
        if (this.#holdsBack) await this.#resumeBackfills();
      });
      return;
    }
    while (this.#runningCount() < this.#limit && this.#queue.length > 0) {
      const fresh = this.#ports.takeCode();
      // A run that an earlier tab left has no code of its own: it takes the newest.
      const run = this.#queue.take(
        ({ runId }) => fresh !== null || this.#codeOf.has(runId),
        (backfillId) => this.#hasRoomFor(backfillId),
      );
      if (!run) {
        fresh?.release();
        return;
      }
      const launchedWith = this.#codeOf.get(run.runId);
      if (launchedWith) fresh?.release();
      const code = launchedWith ?? (fresh as LoadedCode);
      this.#codeOf.set(run.runId, code);
      const ranFromMs = this.#ports.elapsedMs();
      const started = { ...withStatus(run, 'STARTED', this.#ports.now()), ranFromMs };
      const slot = new RunSlot(started, this.#ports.newAbort());
      this.#slots.set(run.runId, slot);
      void this.#execute(slot, code);
    }
  }

  /** _Extension_: whether a run of a backfill that holds its runs back may start. */
  #hasRoomFor(backfillId: string | null): boolean {
    if (backfillId === null) return true;
    const most = this.#backfills.mostAtOnce(backfillId);
    return most === Infinity || this.#runningCount(backfillId) < most;
  }

  /** @param backfillId counts only its runs; absent: all. */
  #runningCount(backfillId?: string): number {
    let running = 0;
    for (const { finished, run } of this.#slots.values()) {
      if (!finished && (backfillId === undefined || run.backfillId === backfillId)) running++;
    }
    return running;
  }

  async #execute(slot: RunSlot, code: LoadedCode): Promise<void> {
    const { run } = slot;
    const { now, elapsedMs, listFiles, request, sizeOf, seed, instance, pause } = this.#ports;
    void this.#writeWhileItRuns(slot);
    const ops = code.jobOf(run.jobName)?.ops;
    const end = await executeRun(
      run,
      {
        graph: code.graph,
        ...(ops && { ops }),
        keySpace: this.#keySpaceAt(this.#backfills.keysAsOf(run)),
        runner: code.runner,
        values: this.#values,
        seed: seed(),
        now,
        elapsedMs,
        newStepId: () => ++this.#lastStepId,
        logReaches: () => (this.#ports.inQueueOrder() ? null : this.#log.reaches),
        listFiles,
        request,
        ...(instance && { instance }),
        // Under the virtual clock no time passes.
        ...(!this.#ports.inQueueOrder() && { rest: pause }),
        sizeOf,
        emit: (event) => this.#emit(slot, event),
        keep: (value) => {
          slot.keep(value);
          this.#values.add(value);
        },
      },
      slot.abort.signal,
    );
    slot.run = markedForRetry(end);
    slot.finished = true;
    if (this.#ended) return;
    // The next starts first: whether ends may gather hangs on what else runs.
    this.pump();
    void this.#writer.flush();
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
      this.#end(slot.run, slot.recorded);
    }
    this.pump();
    void this.#log.checkpoint(this.isIdle);
  }

  /**
   * Once it is in the log that a run ended.
   *
   * @param recorded what it recorded before; the rest of what it planned failed, if it did not succeed.
   */
  #end(run: Run, recorded: RecordedKeys): void {
    const { backfillId } = run;
    const mayRetry = backfillId === null || this.#backfills.isAsking(backfillId);
    if (run.tags[RunTag.willRetry] === 'true' && mayRetry) {
      this.#retrying += 1;
      void this.#inTurn(async () => {
        await this.#retry(run);
        this.#retrying -= 1;
        this.#settle(run, recorded);
      });
    } else this.#settle(run, recorded);
  }

  /** Makes the run that tries a failed one again, and says so on this one (BF-19). */
  async #retry(run: Run): Promise<void> {
    const { notebookId, instances } = this.#ports;
    const history = await instances.readRunEvents(notebookId, run.runId);
    const code = this.#codeOf.get(run.runId) ?? this.#ports.takeCode();
    const draft = code && retryDraftOf(run, history, code.graph);
    if (!this.#codeOf.has(run.runId)) code?.release();
    if (!draft || this.#ended) return;
    const [made] =
      run.backfillId === null
        ? await this.#makeRuns([draft], NOTHING_BESIDE)
        : await this.#backfills.retry(run.backfillId, draft);
    if (!made) return;
    const tags = { ...run.tags, [RunTag.autoRetryRun]: made.runId };
    await this.#log.append({ ...NOTHING, runs: [{ ...run, tags }] });
  }

  #settle(run: Run, recorded: RecordedKeys): void {
    this.#codeOf.get(run.runId)?.release();
    this.#codeOf.delete(run.runId);
    this.#backfills.ended(run, recorded);
    for (const backfillId of this.#backfills.due) {
      void this.#inTurn(() => this.#look(backfillId));
    }
    this.#tellIfIdle();
  }

  #tellIfIdle(): void {
    if (!this.isIdle) return;
    void this.#log.checkpoint(true);
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

/** Keys that runs recorded, by run and asset. */
function recordedIn(events: readonly Event[]): ReadonlyMap<string, RecordedKeys> {
  const byRun = new Map<string, Map<AssetKeyText, (PartitionKey | null)[]>>();
  for (const { runId, type, assetKey, partitionKey } of events) {
    if (type !== 'ASSET_MATERIALIZATION' || assetKey === null) continue;
    const recorded = byRun.get(runId) ?? new Map<AssetKeyText, (PartitionKey | null)[]>();
    recorded.set(assetKey, [...(recorded.get(assetKey) ?? []), partitionKey]);
    byRun.set(runId, recorded);
  }
  return byRun;
}

function idsOf(runs: readonly Run[]): readonly string[] {
  return runs.map(({ runId }) => runId);
}
