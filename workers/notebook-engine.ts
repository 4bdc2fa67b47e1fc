import type { AssetSpec } from '../src/definitions/definitions.ts';
import { AssetGraph } from '../src/definitions/graph.ts';
import { validateDefinitions } from '../src/definitions/validate.ts';
import { Daemon } from '../src/orchestration/daemon.ts';
import type { LoadedCode } from '../src/orchestration/daemon-ports.ts';
import type { Event } from '../src/orchestration/event.ts';
import type { FilesView } from '../src/orchestration/execute-run.ts';
import { KeySpace } from '../src/orchestration/key-space.ts';
import { planLaunch, type LaunchDecision } from '../src/orchestration/launch-plan.ts';
import type { CodeRunner } from '../src/orchestration/ports.ts';
import type { Run, RunStatus } from '../src/orchestration/run.ts';
import { StatusFolds } from '../src/orchestration/status-folds.ts';
import { nextOpening } from '../src/partitions/time-queries.ts';
import type {
  CellProblem,
  CellSource,
  CodeLocation,
  HistoryEntry,
  LaunchOutcome,
  LaunchPlan,
  LaunchRequest,
  MaterializationTimes,
  NotebookSettings,
  NotebookState,
  TestResult,
  Unsubscribe,
} from '../src/protocol/engine.ts';
import type { GuestAnswer, GuestRequest, GuestWorld } from '../src/protocol/sandbox.ts';
import { measureValue } from '../src/protocol/stored-value.ts';
import type { Stores } from '../src/storage/stores.ts';
import type { EpochMs } from '../src/time/time-window.ts';
import { HistoryIndex } from './history-index.ts';
import { loadCode, placeOf, type EvaluatedCode, type NewRunner } from './load-code.ts';

/** What a notebook's engine acts through, beside its stores. */
export interface NotebookEnginePorts {
  readonly newRunner: NewRunner;
  readonly realNow: () => EpochMs;
  /** Real time from an arbitrary start. */
  readonly elapsedMs: () => number;
  /** Calls back after so much real time; returns how to call it off. */
  readonly after: (ms: number, act: () => void) => () => void;
  /** Waits for the leadership of a notebook among tabs. */
  readonly lead: (
    notebookId: string,
    options: { readonly onLead: () => void; readonly signal: AbortSignal },
  ) => Promise<void>;
  /** How many runs execute at once, until that is changed. */
  readonly concurrency: number;
}

/** What a tab asks of the one that leads. */
type Command =
  | { readonly kind: 'launch'; readonly request: LaunchRequest }
  | { readonly kind: 'stop'; readonly runId: string | null }
  | { readonly kind: 'concurrency'; readonly limit: number }
  | { readonly kind: 'clear' };

/** States are pushed at most so often: once a frame. */
const FRAME_MS = 16;
/** A page that takes long over a state gets the next after so many times as long. */
const REST = 3;
const LONGEST_REST_MS = 400;
/** A page that does not answer is not waited for any longer. */
const UNANSWERED_MS = 1000;
const LONGEST_TIMER_MS = 2 ** 31 - 1;
const EVENTS_A_READ = 5000;
const EVENTS_A_CHECKPOINT = 5000;
const LONGEST_PATH = 1000;

/** A loaded version of the code, kept until the last run that uses it has ended. */
class HeldCode {
  readonly graph: AssetGraph;
  readonly runner: CodeRunner | null;
  #users = 0;
  #retired = false;

  constructor(assets: readonly AssetSpec[], runner: CodeRunner | null) {
    this.graph = new AssetGraph(assets);
    this.runner = runner;
  }

  take(): LoadedCode | null {
    const { graph, runner } = this;
    if (!runner) return null;
    this.#users += 1;
    let isReleased = false;
    const release = () => {
      if (isReleased) return;
      isReleased = true;
      this.#users -= 1;
      this.#disposeIfUnused();
    };
    return { graph, runner, release };
  }

  retire(): void {
    this.#retired = true;
    this.#disposeIfUnused();
  }

  #disposeIfUnused(): void {
    if (this.#retired && this.#users === 0) this.runner?.dispose();
  }
}

/** Someone who follows the events of one run. */
interface RunWatch {
  readonly runId: string;
  readonly listener: (events: readonly Event[]) => void;
  committed: Event[];
  cancel: (() => void) | null;
}

/** Everything that the engine does for one open notebook. */
export class NotebookEngine {
  readonly #notebookId: string;
  readonly #ports: NotebookEnginePorts;
  #stores: Stores;
  #history: HistoryIndex;
  #settings: NotebookSettings = { startsAt: null, seed: 1 };
  /** Where the clock was moved to; null is real time, undefined if it never was. */
  #movedTo: EpochMs | null | undefined = undefined;
  #limit: number;

  #version = 0;
  #evaluating: Promise<CodeLocation> | null = null;
  #evaluationAbort = new AbortController();
  #evaluated: EvaluatedCode | null = null;
  #location: CodeLocation | null = null;
  #code: HeldCode | null = null;

  #keySpace: KeySpace;
  #folds = new StatusFolds();
  #foldsLoaded: Promise<void> | null = null;
  #checkpointedAt = 0;
  #daemon: Daemon | null = null;
  #leadership: AbortController | null = null;
  #storageProblem: string | null = null;
  #files: FilesView | null = null;
  #filesVersion = 0;

  readonly #stateListeners = new Set<(state: NotebookState) => unknown>();
  readonly #runWatches = new Set<RunWatch>();
  #unsubscribe: (() => void)[] = [];
  #cancelPush: (() => void) | null = null;
  #pushing = false;
  #pushedAtMs = -Infinity;
  #restMs = FRAME_MS;
  #cancelOpening: (() => void) | null = null;
  #following: Promise<void> = Promise.resolve();

  constructor(notebookId: string, stores: Stores, ports: NotebookEnginePorts) {
    this.#notebookId = notebookId;
    this.#ports = ports;
    this.#stores = stores;
    this.#limit = ports.concurrency;
    this.#history = new HistoryIndex(notebookId, stores.instances);
    this.#keySpace = this.#newKeySpace();
    this.#subscribe();
  }

  /** The newest call wins: one that it overtook settles with its result. */
  evaluate(cells: readonly CellSource[], settings: NotebookSettings): Promise<CodeLocation> {
    const evaluation: Promise<CodeLocation> = this.#evaluate(cells, settings).then(
      (location) => location ?? (this.#evaluating as Promise<CodeLocation>),
    );
    this.#evaluating = evaluation;
    return evaluation;
  }

  watchState(listener: (state: NotebookState) => void): Unsubscribe {
    this.#stateListeners.add(listener);
    this.#changed();
    return () => this.#stateListeners.delete(listener);
  }

  async setClock(at: EpochMs | null): Promise<void> {
    this.#moveClock(at);
    const { notebooks } = this.#stores;
    const record = await notebooks.get(this.#notebookId);
    if (record) await notebooks.put({ ...record, clockAt: at });
  }

  async plan(request: LaunchRequest): Promise<LaunchPlan> {
    await this.#evaluating;
    return this.#decide(request).plan;
  }

  async launch(request: LaunchRequest): Promise<LaunchOutcome> {
    await this.#evaluating;
    return (await this.#command({ kind: 'launch', request })) as LaunchOutcome;
  }

  async stop(runId: string | null): Promise<void> {
    await this.#command({ kind: 'stop', runId });
  }

  async setConcurrency(limit: number): Promise<void> {
    await this.#command({ kind: 'concurrency', limit });
  }

  async clearHistory(): Promise<void> {
    await this.#command({ kind: 'clear' });
  }

  async listRuns(options: {
    readonly limit: number;
    readonly before: number | null;
    readonly statuses: readonly RunStatus[] | null;
  }): Promise<readonly Run[]> {
    const runs = await this.#stores.instances.listRuns(this.#notebookId, options);
    const shown = runs.map((run) => this.#daemon?.liveRun(run.runId) ?? run);
    const { statuses } = options;
    return statuses ? shown.filter(({ status }) => statuses.includes(status)) : shown;
  }

  async findRun(runId: string): Promise<Run | null> {
    const live = this.#daemon?.liveRun(runId);
    return live ?? (await this.#stores.instances.findRun(this.#notebookId, runId));
  }

  async watchRunEvents(
    runId: string,
    listener: (events: readonly Event[]) => void,
  ): Promise<Unsubscribe> {
    const watch: RunWatch = { runId, listener, committed: [], cancel: null };
    this.#runWatches.add(watch);
    const stored = await this.#stores.instances.readRunEvents(this.#notebookId, runId);
    const last = stored.at(-1)?.eventId ?? 0;
    watch.committed = [...stored, ...watch.committed.filter(({ eventId }) => eventId > last)];
    this.#tell(watch);
    return () => {
      this.#runWatches.delete(watch);
      watch.cancel?.();
    };
  }

  listHistory(
    assetKey: string,
    options: { readonly partitionKey?: string | null; readonly limit: number },
  ): Promise<readonly HistoryEntry[]> {
    return this.#history.list(assetKey, options);
  }

  readMaterializationTimes(assetKey: string): Promise<MaterializationTimes> {
    const asset = this.#code?.graph.assets.get(assetKey);
    const index = this.#keySpace.indexOf(asset?.partitionsDef ?? null);
    return this.#history.materializationTimes(assetKey, index);
  }

  /** Each test sees the files as they are and keeps what it writes to itself. */
  async runTests(cellId: string | null): Promise<readonly TestResult[]> {
    const location = await this.#evaluating;
    const code = this.#code?.take();
    if (!location || !code) return [];
    const chosen = location.definitions.tests.filter(
      (test) => cellId === null || test.cellId === cellId,
    );
    try {
      const world = await this.#world('tests');
      const results: TestResult[] = [];
      for (const { testId, title, cellId: at } of chosen) {
        const request = this.#overlaidFiles();
        const { status, error } = await code.runner.runTest(
          testId,
          world,
          { log: () => {}, progress: () => {}, request },
          new AbortController().signal,
        );
        results.push({ testId, title, cellId: at, status, error });
      }
      return results;
    } finally {
      code.release();
    }
  }

  /** Keeps the notebook in other stores from now on; `move` copies what there is. */
  async moveTo(stores: Stores, move: () => Promise<void>): Promise<void> {
    await this.#daemon?.whenIdle();
    this.#stopLeading();
    await this.#following;
    await move();
    for (const unsubscribe of this.#unsubscribe.splice(0)) unsubscribe();
    this.#stores = stores;
    this.#history = new HistoryIndex(this.#notebookId, stores.instances);
    this.#subscribe();
    if (this.#foldsLoaded) this.#lead();
  }

  dispose(): void {
    this.#evaluationAbort.abort();
    this.#stopLeading();
    this.#code?.retire();
    for (const unsubscribe of this.#unsubscribe.splice(0)) unsubscribe();
    for (const { cancel } of this.#runWatches) cancel?.();
    this.#cancelPush?.();
    this.#cancelOpening?.();
  }

  #now(): EpochMs {
    return this.#virtualNow() ?? this.#ports.realNow();
  }

  #virtualNow(): EpochMs | null {
    return this.#movedTo === undefined ? this.#settings.startsAt : this.#movedTo;
  }

  #newKeySpace(): KeySpace {
    return new KeySpace({ effectiveAt: this.#now(), dynamicPartitions: new Map() });
  }

  async #evaluate(
    cells: readonly CellSource[],
    settings: NotebookSettings,
  ): Promise<CodeLocation | null> {
    this.#evaluationAbort.abort();
    this.#evaluationAbort = new AbortController();
    const { signal } = this.#evaluationAbort;
    this.#version += 1;
    const version = this.#version;
    if (this.#movedTo === undefined) await this.#recallClock();
    if (signal.aborted) return null;
    this.#settings = settings;
    const world = await this.#world('definitions');
    const { newRunner } = this.#ports;
    const previous = this.#evaluated?.analysis ?? null;
    const evaluated = await loadCode(cells, previous, newRunner, world, signal);
    if (!evaluated || signal.aborted) {
      evaluated?.runner?.dispose();
      return null;
    }
    this.#evaluated = evaluated;
    const context = { effectiveAt: this.#now(), dynamicPartitions: new Map() };
    const { definitions, problems } = validateDefinitions(evaluated.definitions, context);
    this.#location = {
      version,
      definitions,
      problems: [
        ...evaluated.problems,
        ...problems.map(({ name, ...problem }): CellProblem => ({
          ...problem,
          ...placeOf(evaluated.analysis, problem.cellId, name),
        })),
      ],
      heldBack: evaluated.heldBack,
    };
    this.#code?.retire();
    this.#code = new HeldCode(definitions.assets, evaluated.runner);
    evaluated.runner?.setConcurrency(this.#limit);
    this.#refreshKeys();
    const location = this.#location;
    this.#foldsLoaded ??= this.#folds.load(this.#notebookId, this.#stores.instances).then(() => {
      this.#checkpointedAt = this.#folds.reachesEventId;
      this.#lead();
    });
    await this.#foldsLoaded;
    this.#daemon?.pump();
    this.#changed();
    return location;
  }

  async #world(seedOf: string): Promise<GuestWorld> {
    const { context } = this.#keySpace;
    return {
      now: this.#now(),
      seed: `${this.#settings.seed} ${seedOf}`,
      dynamicPartitions: [...context.dynamicPartitions],
      ...(await this.#listFiles()),
    };
  }

  async #recallClock(): Promise<void> {
    const record = await this.#stores.notebooks.get(this.#notebookId);
    if (record && record.clockAt !== null) this.#movedTo = record.clockAt;
  }

  #moveClock(at: EpochMs | null): void {
    this.#movedTo = at;
    this.#refreshKeys();
    this.#changed();
  }

  /** Counts keys anew, as of now; every key keeps its history. */
  #refreshKeys(): void {
    this.#keySpace = this.#newKeySpace();
    const assets = this.#location?.definitions.assets ?? [];
    this.#folds.declare(assets, this.#keySpace);
    this.#cancelOpening?.();
    this.#cancelOpening = null;
    if (this.#virtualNow() !== null) return;
    let opensAt = Infinity;
    for (const { partitionsDef } of assets) {
      if (!partitionsDef) continue;
      opensAt = Math.min(
        opensAt,
        nextOpening(partitionsDef, this.#keySpace.context)?.opensAt ?? Infinity,
      );
    }
    if (opensAt === Infinity) return;
    const inMs = Math.min(Math.max(0, opensAt - this.#now()), LONGEST_TIMER_MS);
    this.#cancelOpening = this.#ports.after(inMs, () => {
      this.#refreshKeys();
      this.#changed();
    });
  }

  #subscribe(): void {
    const { instances, files, notebooks } = this.#stores;
    this.#unsubscribe = [
      instances.subscribe(this.#notebookId, () => this.#follow()),
      files.subscribe(this.#notebookId, () => this.#filesChanged()),
      notebooks.subscribe(() => void this.#followClock()),
    ];
  }

  /** Another tab may have moved the clock. */
  async #followClock(): Promise<void> {
    const record = await this.#stores.notebooks.get(this.#notebookId);
    const at = record?.clockAt ?? null;
    if (at === null || at === this.#movedTo) return;
    this.#moveClock(at);
  }

  // Leading and following

  #lead(): void {
    this.#stopLeading();
    const leadership = new AbortController();
    this.#leadership = leadership;
    const { signal } = leadership;
    const onLead = () => void this.#startDaemon(signal);
    void this.#ports.lead(this.#notebookId, { onLead, signal });
  }

  #stopLeading(): void {
    this.#leadership?.abort();
    this.#leadership = null;
    this.#daemon?.dispose();
    this.#daemon = null;
  }

  async #startDaemon(signal: AbortSignal): Promise<void> {
    // What another tab wrote until now comes first.
    await this.#follow();
    if (signal.aborted) return;
    const { instances, commands } = this.#stores;
    const daemon = new Daemon(
      {
        notebookId: this.#notebookId,
        instances,
        now: () => this.#now(),
        inQueueOrder: () => this.#virtualNow() !== null,
        elapsedMs: this.#ports.elapsedMs,
        pause: (ms) => new Promise((resolve) => void this.#ports.after(ms, resolve)),
        seed: () => this.#settings.seed,
        contextAt: (effectiveAt) => ({ effectiveAt, dynamicPartitions: new Map() }),
        takeCode: () => this.#code?.take() ?? null,
        listFiles: () => this.#listFiles(),
        request: (ask) => this.#answer(ask),
        sizeOf: measureValue,
        newAbort: () => new AbortController(),
        listener: {
          committed: (events) => this.#heard(events),
          progressed: (run) => this.#progressed(run),
          idle: () => this.#changed(),
          storageProblem: (message) => {
            this.#storageProblem = message;
            this.#changed();
          },
          dueCheckpoints: (isIdle) => this.#dueCheckpoints(isIdle),
        },
      },
      this.#limit,
    );
    this.#daemon = daemon;
    await daemon.start();
    if (signal.aborted) return;
    const work = () => void this.#workCommands();
    this.#unsubscribe.push(commands.subscribe(this.#notebookId, work));
    work();
    this.#changed();
  }

  async #workCommands(): Promise<void> {
    const { commands } = this.#stores;
    for (const { commandId, command } of await commands.take(this.#notebookId)) {
      const answer = await this.#work(command as Command);
      await commands.answer(this.#notebookId, commandId, answer ?? null);
    }
  }

  /** Works a command, or has the leading tab work it. */
  async #command(command: Command): Promise<unknown> {
    if (this.#daemon) return this.#work(command);
    const { commands } = this.#stores;
    const commandId = await commands.post(this.#notebookId, command);
    return new Promise((resolve, reject) => {
      const look = () => {
        commands.takeAnswer(this.#notebookId, commandId).then((found) => {
          if (!found) return;
          unsubscribe();
          resolve(found.answer);
        }, reject);
      };
      const unsubscribe = commands.subscribe(this.#notebookId, look);
      look();
    });
  }

  async #work(command: Command): Promise<LaunchOutcome | void> {
    const daemon = this.#daemon;
    if (!daemon) return undefined;
    switch (command.kind) {
      case 'launch':
        return this.#launch(daemon, command.request);
      case 'stop':
        return daemon.stop(command.runId);
      case 'concurrency':
        this.#limit = Math.max(1, Math.floor(command.limit));
        daemon.setLimit(this.#limit);
        this.#code?.runner?.setConcurrency(this.#limit);
        return undefined;
      case 'clear':
        return this.#clear(daemon);
    }
  }

  async #launch(daemon: Daemon, request: LaunchRequest): Promise<LaunchOutcome> {
    await this.#evaluating;
    const { plan, runs } = this.#decide(request);
    if (runs.length === 0) return { status: 'refused', problems: plan.problems };
    const { jobName, runConfig, tags } = request;
    const launched = await daemon.launch({
      runs,
      jobName: jobName ?? '__ASSET_JOB',
      runConfig,
      tags,
    });
    return { status: 'launched', ...launched };
  }

  #decide(request: LaunchRequest): LaunchDecision {
    // In real time, keys may have opened since the last look.
    if (this.#virtualNow() === null) this.#refreshKeys();
    return planLaunch(request, {
      graph: this.#code?.graph ?? new AssetGraph([]),
      keySpace: this.#keySpace,
      everMaterialized: (assetKey) => this.#folds.of(assetKey).everMaterialized(),
    });
  }

  async #clear(daemon: Daemon): Promise<void> {
    await daemon.stop(null);
    await daemon.whenIdle();
    const { instances, files } = this.#stores;
    await instances.clear(this.#notebookId);
    for (const { path, shipped } of await files.list(this.#notebookId)) {
      if (!shipped) await files.remove(this.#notebookId, path);
    }
    await this.#follow();
  }

  /** Takes up what the log has and the folds have not. */
  #follow(): Promise<void> {
    this.#following = this.#following.then(() => this.#catchUp());
    return this.#following;
  }

  async #catchUp(): Promise<void> {
    if (!this.#foldsLoaded) return;
    await this.#foldsLoaded;
    const { instances } = this.#stores;
    const last = await instances.lastEventId(this.#notebookId);
    if (last < this.#folds.reachesEventId) {
      await this.#startOver();
    } else if (last > this.#folds.reachesEventId) {
      const after = this.#folds.reachesEventId;
      for await (const events of instances.readEvents(this.#notebookId, after, EVENTS_A_READ)) {
        this.#heard(events);
      }
    }
  }

  /** The history was cleared. */
  async #startOver(): Promise<void> {
    const { instances } = this.#stores;
    this.#folds = new StatusFolds();
    this.#folds.declare(this.#location?.definitions.assets ?? [], this.#keySpace);
    await this.#folds.load(this.#notebookId, instances);
    this.#checkpointedAt = this.#folds.reachesEventId;
    this.#history = new HistoryIndex(this.#notebookId, instances);
    for (const watch of this.#runWatches) {
      watch.committed = [];
      this.#tell(watch);
    }
    this.#changed();
  }

  /** Events that are in the log, from here or from another tab; some perhaps for the second time. */
  #heard(events: readonly Event[]): void {
    this.#folds.apply(events);
    for (const watch of this.#runWatches) {
      const last = watch.committed.at(-1)?.eventId ?? 0;
      const news = events.filter(({ runId, eventId }) => runId === watch.runId && eventId > last);
      if (news.length === 0) continue;
      watch.committed.push(...news);
      this.#tellSoon(watch);
    }
    this.#changed();
  }

  #progressed(run: Run): void {
    for (const watch of this.#runWatches) if (watch.runId === run.runId) this.#tellSoon(watch);
    this.#changed();
  }

  #dueCheckpoints(isIdle: boolean): ReturnType<StatusFolds['takeCheckpoints']> {
    const behind = this.#folds.reachesEventId - this.#checkpointedAt;
    if (behind < EVENTS_A_CHECKPOINT && !isIdle) return [];
    this.#checkpointedAt = this.#folds.reachesEventId;
    return this.#folds.takeCheckpoints();
  }

  // Telling the page

  #tellSoon(watch: RunWatch): void {
    watch.cancel ??= this.#ports.after(FRAME_MS, () => {
      watch.cancel = null;
      this.#tell(watch);
    });
  }

  /** Events that are not in the log yet are numbered on for the time being. */
  #tell({ runId, listener, committed }: RunWatch): void {
    const live = this.#daemon?.liveEvents(runId) ?? [];
    const next = this.#folds.reachesEventId + 1;
    listener([...committed, ...live.map((event, at) => ({ ...event, eventId: next + at }))]);
  }

  #changed(): void {
    if (this.#cancelPush || this.#stateListeners.size === 0) return;
    const sinceMs = this.#ports.elapsedMs() - this.#pushedAtMs;
    this.#cancelPush = this.#ports.after(Math.max(0, this.#restMs - sinceMs), () => {
      this.#cancelPush = null;
      void this.#push();
    });
  }

  async #push(): Promise<void> {
    if (this.#pushing) {
      this.#changed();
      return;
    }
    this.#pushing = true;
    try {
      const startedMs = this.#ports.elapsedMs();
      const state = await this.#state();
      if (state) await this.#deliver(state);
      this.#pushedAtMs = this.#ports.elapsedMs();
      const tookMs = this.#pushedAtMs - startedMs;
      this.#restMs = Math.min(LONGEST_REST_MS, Math.max(FRAME_MS, REST * tookMs));
    } finally {
      this.#pushing = false;
    }
  }

  /** Settles when every listener has it: one of another thread answers by a promise. */
  async #deliver(state: NotebookState): Promise<void> {
    const heard = [...this.#stateListeners].map(async (listener) => {
      await listener(state);
    });
    let cancel = () => {};
    const unanswered = new Promise<void>((resolve) => {
      cancel = this.#ports.after(UNANSWERED_MS, resolve);
    });
    await Promise.race([Promise.allSettled(heard), unanswered]);
    cancel();
  }

  async #state(): Promise<NotebookState | null> {
    await this.#foldsLoaded;
    const stored = await this.#stores.instances.countRuns(this.#notebookId);
    const location = this.#location;
    if (!location) return null;
    const daemon = this.#daemon;
    const started = daemon?.startedRuns ?? new Set<string>();
    return {
      codeLocation: location,
      effectiveAt: this.#keySpace.context.effectiveAt,
      dynamicPartitions: [...this.#keySpace.context.dynamicPartitions],
      assets: location.definitions.assets.map(({ assetKey }) => {
        const fold = this.#folds.of(assetKey);
        const { latest, newestFailure: failure } = fold;
        return { assetKey, statuses: fold.statuses(started), latest, failure };
      }),
      runCounts: this.#shownCounts(stored, started),
      lastEventId: this.#folds.reachesEventId,
      leader: daemon !== null,
      storageProblem: this.#storageProblem,
    };
  }

  /** A run that has started counts as such before the log says so. */
  #shownCounts(
    stored: Readonly<Record<RunStatus, number>>,
    started: ReadonlySet<string>,
  ): Readonly<Record<RunStatus, number>> {
    const written = stored.STARTED + stored.CANCELING;
    const unwritten = Math.min(stored.QUEUED, Math.max(0, started.size - written));
    return {
      ...stored,
      QUEUED: stored.QUEUED - unwritten,
      STARTED: stored.STARTED + unwritten,
    };
  }

  // Files, for the guest

  async #listFiles(): Promise<FilesView> {
    if (this.#files) return this.#files;
    const filesVersion = this.#filesVersion;
    const stored = await this.#stores.files.list(this.#notebookId);
    const view = { files: stored.map(({ path }) => path), filesVersion };
    // What changed while it was read is listed again by the next.
    if (filesVersion === this.#filesVersion) this.#files = view;
    return view;
  }

  #filesChanged(): void {
    this.#files = null;
    this.#filesVersion += 1;
  }

  async #answer(ask: GuestRequest): Promise<GuestAnswer> {
    const { path } = ask;
    if (path === '' || path.length > LONGEST_PATH) {
      return { status: 'error', message: 'A file needs a name of 1 to 1,000 characters.' };
    }
    const { files } = this.#stores;
    try {
      switch (ask.kind) {
        case 'readFile': {
          const bytes = await files.read(this.#notebookId, path);
          return { status: 'ok', bytes };
        }
        case 'writeFile':
          await files.write(this.#notebookId, path, ask.bytes, false, this.#now());
          break;
        case 'removeFile':
          await files.remove(this.#notebookId, path);
      }
      this.#filesChanged();
      return { status: 'ok', bytes: null };
    } catch (problem) {
      return {
        status: 'error',
        message: problem instanceof Error ? problem.message : String(problem),
      };
    }
  }

  /** Files as they are, with what one test writes on top. */
  #overlaidFiles(): (ask: GuestRequest) => Promise<GuestAnswer> {
    const written = new Map<string, Uint8Array | null>();
    return async (ask) => {
      if (ask.kind === 'readFile') {
        const own = written.get(ask.path);
        return own === undefined ? this.#answer(ask) : { status: 'ok', bytes: own };
      }
      written.set(ask.path, ask.kind === 'writeFile' ? ask.bytes : null);
      return { status: 'ok', bytes: null };
    };
  }
}
