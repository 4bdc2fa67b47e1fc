import type { JobSpec } from '../src/definitions/definitions.ts';
import { messageOf } from '../src/errors.ts';
import { AssetGraph } from '../src/definitions/graph.ts';
import { validateDefinitions } from '../src/definitions/validate.ts';
import { Daemon } from '../src/orchestration/daemon.ts';
import { progressOf, type Backfill } from '../src/orchestration/backfill/backfill.ts';
import type { Reexecution } from '../src/orchestration/reexecute-run.ts';
import type { TickPreview } from '../src/orchestration/automations.ts';
import type { DynamicPartitionsChange } from '../src/orchestration/dynamic-partitions.ts';
import type { Event, EventId } from '../src/orchestration/event.ts';
import { instigatorId } from '../src/orchestration/instigator.ts';
import type { InstanceAccess } from '../src/orchestration/instance-access.ts';
import type { JobHistory } from '../src/orchestration/job-history.ts';
import { KeySpace } from '../src/orchestration/key-space.ts';
import type { AskKeyConfigs } from '../src/orchestration/key-configs.ts';
import {
  planLaunch,
  type LaunchDecision,
  type PlanWorld,
} from '../src/orchestration/launch-plan.ts';
import type { PartitionStatuses } from '../src/orchestration/partition-status.ts';
import type { DaemonRecord } from '../src/orchestration/ports.ts';
import type { Run, RunStatus } from '../src/orchestration/run.ts';
import type { TickLaunch } from '../src/orchestration/tick-launch.ts';
import type { Tick } from '../src/orchestration/ticks.ts';
import type { PartitionLoadingContext } from '../src/partitions/context.ts';
import { subsetOfRanges, type KeyRanges } from '../src/partitions/key-ranges.ts';
import type { MappingSurvey } from '../src/partitions/mapping/survey-mapping.ts';
import { keysOf } from '../src/partitions/subset/subset-keys.ts';
import { intersect } from '../src/partitions/subset/subset-algebra.ts';
import { nextOpening } from '../src/partitions/time-queries.ts';
import type {
  BackfillState,
  CellProblem,
  CellSource,
  ClockMove,
  CodeLocation,
  FilledRunConfig,
  GoalStanding,
  HistoryEntry,
  HistoryInstants,
  KeyEvent,
  KeyLinks,
  KeyRow,
  KeyStaleness,
  KeyRuleOutcome,
  LaunchOutcome,
  LaunchPlan,
  LaunchRequest,
  MappingQuestion,
  MaterializationTimes,
  MetadataNumbers,
  NotebookSettings,
  NotebookState,
  TestResult,
  Unsubscribe,
  WholeLog,
} from '../src/protocol/engine.ts';
import type { GuestWorld, LatestMaterialization } from '../src/protocol/sandbox.ts';
import { measureValue } from '../src/protocol/stored-value.ts';
import type { Stores } from '../src/storage/stores.ts';
import type { EpochMs } from '../src/time/time-window.ts';
import type { NotebookEnginePorts } from './engine-ports.ts';
import { FollowedHistory } from './followed-history.ts';
import type { GoalChecks } from './goal-checks.ts';
import { GuestFiles } from './guest-files.ts';
import { HeldCode } from './held-code.ts';
import type { HistoryWorld } from './history-commands.ts';
import type { JobRecords } from './job-records.ts';
import type { KeyRecordsWorld } from './key-records.ts';
import { LeaderStanding, type Standing } from './leader-standing.ts';
import type { LookBack, PastWorld } from './look-back.ts';
import { loadCode, placeOf, type EvaluatedCode } from './load-code.ts';
import { NotebookClock } from './notebook-clock.ts';
import { NotebookAutomation } from './notebook-automation.ts';
import { RunWatches } from './run-watches.ts';
import { StatePushes } from './state-pushes.ts';
import { TabCommands } from './tab-commands.ts';

/** What a tab asks of the one that leads. */
type Command =
  | { readonly kind: 'launch'; readonly request: LaunchRequest }
  | { readonly kind: 'stop'; readonly runId: string | null }
  | { readonly kind: 'concurrency'; readonly limit: number }
  | {
      readonly kind: 'dynamicPartitions';
      readonly change: DynamicPartitionsChange;
      readonly wipes: boolean;
    }
  | { readonly kind: 'cancelBackfill'; readonly backfillId: string }
  | { readonly kind: 'pauseBackfill'; readonly backfillId: string; readonly paused: boolean }
  | {
      readonly kind: 'repeatBackfill';
      readonly backfillId: string;
      readonly part: 'whole' | 'missing';
    }
  | {
      readonly kind: 'markFine';
      readonly assetKey: string;
      readonly partitionKeys: readonly string[] | null;
    }
  | {
      readonly kind: 'wipe';
      readonly assetKey: string;
      readonly partitionRanges: KeyRanges | null;
    }
  | {
      readonly kind: 'report';
      readonly assetKey: string;
      readonly partitionRanges: KeyRanges | null;
      readonly description: string;
    }
  | { readonly kind: 'deleteRun'; readonly runId: string }
  | { readonly kind: 'undo'; readonly eventIds: readonly EventId[] }
  | { readonly kind: 'reexecute'; readonly runId: string; readonly how: Reexecution }
  | { readonly kind: 'advance'; readonly move: ClockMove }
  | { readonly kind: 'play'; readonly speed: number }
  | {
      readonly kind: 'running';
      readonly of: Tick['kind'];
      readonly name: string;
      readonly running: boolean;
    }
  | { readonly kind: 'cursor'; readonly name: string; readonly cursor: string | null }
  | {
      readonly kind: 'dryRun';
      readonly of: Tick['kind'];
      readonly name: string;
      readonly at: EpochMs;
      readonly cursor: string | null | undefined;
    }
  | {
      readonly kind: 'launchPreview';
      readonly of: Tick['kind'];
      readonly name: string;
      readonly preview: TickPreview;
    }
  | { readonly kind: 'evaluateSensor'; readonly name: string }
  | { readonly kind: 'goals'; readonly reached: readonly DaemonRecord[] }
  | { readonly kind: 'idle' }
  | { readonly kind: 'standing' }
  | { readonly kind: 'clear' };

/** With more unfinished runs than this, a single one is not looked at. */
const CROWD = 40;
const MOST_BACKFILLS = 10_000;
/** Failures may stand before the newest materialization of a key. */
const NEWEST_ENTRIES = 50;
const NO_ASSETS = new AssetGraph([]);
const NO_RUNS: ReadonlySet<string> = new Set();
/** A key that reads thousands may have as many causes; these are enough to be read. */
const MOST_CAUSES = 100;
const LONGEST_TIMER_MS = 2 ** 31 - 1;

const READ_ONLY =
  'The notebook is shown as of an earlier instant, and nothing can be changed there. Go back to now first.';

/** What hangs on where the notebook is kept. */
interface Home {
  readonly stores: Stores;
  readonly history: FollowedHistory;
  readonly files: GuestFiles;
  /** Made, and its code loaded, when it is first asked for. */
  readonly jobRecords: () => Promise<JobRecords>;
  readonly commands: TabCommands<Command>;
  readonly unsubscribe: readonly (() => void)[];
}

/** Everything that the engine does for one open notebook. */
export class NotebookEngine {
  readonly #notebookId: string;
  readonly #ports: NotebookEnginePorts;
  readonly #clock: NotebookClock;
  readonly #pushes: StatePushes;
  readonly #watches: RunWatches;
  /** Counts questions about mappings: the newest is the one that is wanted. */
  #surveys = 0;
  #home: Home;
  #seed = 1;
  /** Whether an edited function counts as changed code. */
  #countsEdits = false;
  #limit: number;

  #version = 0;
  #evaluating: Promise<CodeLocation> | null = null;
  #evaluationAbort = new AbortController();
  #evaluated: EvaluatedCode | null = null;
  #location: CodeLocation | null = null;
  #code: HeldCode | null = null;
  /** As they were last evaluated. */
  #cells: readonly CellSource[] = [];
  #keySpace: KeySpace;
  #cancelOpening: (() => void) | null = null;
  /** Made when goals are first asked. */
  #goalChecks: GoalChecks | null = null;

  #daemon: Daemon | null = null;
  #automation: NotebookAutomation | null = null;
  /** Settles when the automation of the daemon is taken up. */
  #takingUp: Promise<void> | null = null;
  #lastStepId = 0;
  /** Whether the code asks which keys are materialized: listing them costs, so only then. */
  #asksForKeys = false;
  /** Null before the first evaluation, and while the notebook moves. */
  #leadership: AbortController | null = null;
  #moving = false;
  #stopServing = () => {};
  /** Of the tab that leads, while this one waits to. */
  #leader: LeaderStanding | null = null;
  /** Where the reader looks back to; null for now. */
  #lookingAt: EpochMs | null = null;
  #lookBack: LookBack | null = null;
  /** The notebook as of then, once it is known. */
  #past: PastWorld | null = null;
  #storageProblem: string | null = null;

  constructor(notebookId: string, stores: Stores, ports: NotebookEnginePorts) {
    this.#notebookId = notebookId;
    this.#ports = ports;
    this.#limit = ports.concurrency;
    this.#clock = new NotebookClock(notebookId, ports.realNow);
    this.#pushes = new StatePushes({
      ...ports,
      state: () => this.#state(),
      isCrowded: () => this.#isCrowded(),
    });
    this.#watches = new RunWatches({
      ...ports,
      readEvents: (runId) => this.#home.stores.instances.readRunEvents(notebookId, runId),
      liveEvents: (runId) => this.#daemon?.liveEvents(runId) ?? [],
      lastEventId: () => this.#home.history.folds.reachesEventId,
    });
    this.#home = this.#settleIn(stores, 0);
    this.#keySpace = this.#newKeySpace();
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
    return this.#pushes.add(listener);
  }

  /** Moves the clock, for this tab and others, until it is moved again or the history is cleared. */
  async setClock(at: EpochMs | null): Promise<void> {
    if (this.#lookingAt !== null) throw new Error(READ_ONLY);
    await this.#moveClock(at ?? 'real');
    await this.#automation?.look();
  }

  /** Where the reader looks back to; null for now. */
  get lookingAt(): EpochMs | null {
    return this.#past?.at ?? null;
  }

  /** Shows the notebook as of an earlier instant, and nothing can be changed; null goes back to now. */
  async lookAt(at: EpochMs | null): Promise<void> {
    await this.#evaluating;
    this.#lookingAt = at;
    if (at === null) {
      this.#past = null;
      this.#lookBack = null;
      this.#pushes.hurry();
      return;
    }
    const lookBack = await this.#lookBackNow();
    const { instigators } = this.#leader?.known ?? this.#standing;
    const past = await lookBack.lookAt(at, instigators);
    // The newest wish counts.
    if (this.#lookingAt !== at) return;
    this.#past = past;
    this.#pushes.hurry();
    const told = () => {
      if (this.#past === past) this.#pushes.hurry();
    };
    // What the log cannot be read for stays untold.
    past.stale().then(told, () => {});
  }

  /** The instants at which anything happened, ascending, each once. */
  async readInstants(): Promise<HistoryInstants> {
    await this.#evaluating;
    return (await this.#lookBackNow()).instants();
  }

  async #lookBackNow(): Promise<LookBack> {
    const { LookBack } = await import('./look-back.ts');
    const assets = this.#location?.definitions.assets ?? [];
    const { instances } = this.#home.stores;
    this.#lookBack ??= new LookBack(
      this.#notebookId,
      instances,
      assets,
      this.#keySpace,
      () => this.#countsEdits,
    );
    return this.#lookBack;
  }

  /** What there is to see: of now, or of the instant that the reader looks back to. */
  get #seen(): Pick<FollowedHistory, 'folds' | 'index' | 'stale' | 'staleNow'> {
    return this.#past ?? this.#home.history;
  }

  get #seenKeys(): KeySpace {
    return this.#past?.keySpace ?? this.#keySpace;
  }

  async plan(request: LaunchRequest): Promise<LaunchPlan> {
    await this.#evaluating;
    if (this.#lookingAt !== null) {
      const problem = { severity: 'error', field: 'assets', message: READ_ONLY } as const;
      return { waves: [], runCount: 0, problems: [problem] };
    }
    return (await this.#decide(request)).plan;
  }

  async launch(request: LaunchRequest): Promise<LaunchOutcome> {
    await this.#evaluating;
    // Its sessions come while it is planned.
    if (this.#daemon) this.#code?.runner?.prepare();
    return (await this.#command({ kind: 'launch', request })) as LaunchOutcome;
  }

  async readPartitionRunConfig(
    jobName: string,
    partitionKey: string | null,
  ): Promise<FilledRunConfig | null> {
    await this.#evaluating;
    const job = this.#jobOf(jobName);
    if (!job) return null;
    const { filledRunConfig } = await import('../src/orchestration/filled-run-config.ts');
    return filledRunConfig(job, partitionKey, (...asked) => this.#askKeyConfigs(...asked));
  }

  async stop(runId: string | null): Promise<void> {
    await this.#command({ kind: 'stop', runId });
  }

  async setConcurrency(limit: number): Promise<void> {
    await this.#command({ kind: 'concurrency', limit });
  }

  /** Newest first; those that have not ended as they stand in this tab, if it leads. */
  async listBackfills({ limit }: { readonly limit: number }): Promise<readonly BackfillState[]> {
    const { instances } = this.#home.stores;
    const options = { prefix: '', before: null, limit: MOST_BACKFILLS };
    const records = await instances.listRecords(this.#notebookId, 'backfill', options);
    const now = this.#past?.at ?? Infinity;
    return records
      .map(({ value }) => this.#backfillState(value as Backfill))
      .filter(({ backfill }) => backfill.startedAt <= now)
      .sort((one, other) => newestFirst(one.backfill, other.backfill))
      .slice(0, limit);
  }

  async findBackfill(backfillId: string): Promise<BackfillState | null> {
    const { instances } = this.#home.stores;
    const record = await instances.readRecord(this.#notebookId, 'backfill', backfillId);
    return record && this.#backfillState(record.value as Backfill);
  }

  async cancelBackfill(backfillId: string): Promise<void> {
    await this.#command({ kind: 'cancelBackfill', backfillId });
  }

  async pauseBackfill(backfillId: string, paused: boolean): Promise<void> {
    await this.#command({ kind: 'pauseBackfill', backfillId, paused });
  }

  async repeatBackfill(backfillId: string, part: 'whole' | 'missing'): Promise<string | null> {
    return (await this.#command({ kind: 'repeatBackfill', backfillId, part })) as string | null;
  }

  async markFine(assetKey: string, partitionKeys: readonly string[] | null): Promise<void> {
    await this.#command({ kind: 'markFine', assetKey, partitionKeys });
  }

  async wipePartitions(
    assetKey: string,
    partitionRanges: KeyRanges | null,
  ): Promise<readonly EventId[]> {
    return this.#changeHistory({ kind: 'wipe', assetKey, partitionRanges });
  }

  async reportMaterialization(
    assetKey: string,
    partitionRanges: KeyRanges | null,
    description: string,
  ): Promise<readonly EventId[]> {
    return this.#changeHistory({ kind: 'report', assetKey, partitionRanges, description });
  }

  async deleteRun(runId: string): Promise<readonly EventId[]> {
    return this.#changeHistory({ kind: 'deleteRun', runId });
  }

  async undoWipe(eventIds: readonly EventId[]): Promise<void> {
    await this.#command({ kind: 'undo', eventIds });
  }

  async reexecuteRun(runId: string, how: Reexecution): Promise<string | null> {
    return (await this.#command({ kind: 'reexecute', runId, how })) as string | null;
  }

  #backfillState(backfill: Backfill): BackfillState {
    const active = this.#daemon?.activeBackfills.find(
      (one) => one.backfill.backfillId === backfill.backfillId,
    );
    return active ?? { backfill, progress: progressOf(backfill) };
  }

  /** Lets the virtual clock run on, and what falls due on the way with it. */
  async advanceClock(move: ClockMove): Promise<void> {
    await this.#evaluating;
    await this.#command({ kind: 'advance', move });
  }

  /** Lets the virtual clock run by itself; 0 stops it. */
  async playClock(speed: number): Promise<void> {
    await this.#command({ kind: 'play', speed });
  }

  async setInstigatorRunning(of: Tick['kind'], name: string, running: boolean): Promise<void> {
    await this.#evaluating;
    await this.#command({ kind: 'running', of, name, running });
  }

  async setCursor(name: string, cursor: string | null): Promise<void> {
    await this.#command({ kind: 'cursor', name, cursor });
  }

  async dryRunTick(
    of: Tick['kind'],
    name: string,
    at: EpochMs,
    cursor?: string | null,
  ): Promise<TickPreview | null> {
    await this.#evaluating;
    return (await this.#command({ kind: 'dryRun', of, name, at, cursor })) as TickPreview | null;
  }

  async launchPreview(
    of: Tick['kind'],
    name: string,
    preview: TickPreview,
  ): Promise<readonly string[]> {
    return (await this.#command({ kind: 'launchPreview', of, name, preview })) as readonly string[];
  }

  async evaluateSensor(name: string): Promise<Tick | null> {
    await this.#evaluating;
    return (await this.#command({ kind: 'evaluateSensor', name })) as Tick | null;
  }

  async listTicks(
    kind: Tick['kind'],
    name: string,
    { limit, before }: { readonly limit: number; readonly before: string | null },
  ): Promise<readonly Tick[]> {
    const { instances } = this.#home.stores;
    const prefix = instigatorId({ kind, name });
    const options = { prefix, limit, before };
    const now = this.#past?.at ?? Infinity;
    const found: Tick[] = [];
    for (let from = before; found.length < limit;) {
      const page = { ...options, before: from };
      const records = await instances.listRecords(this.#notebookId, 'tick', page);
      const ticks = records.map(({ value }) => value as Tick);
      found.push(...ticks.filter(({ startedAt }) => startedAt <= now));
      from = records.at(-1)?.recordId ?? null;
      if (records.length < limit || now === Infinity) break;
    }
    return found.slice(0, limit);
  }

  /** Adds keys to a dynamic definition, or deletes some; what is so already stays. */
  async changeDynamicPartitions(
    change: DynamicPartitionsChange,
    wipes = false,
  ): Promise<readonly EventId[]> {
    return this.#changeHistory({ kind: 'dynamicPartitions', change, wipes });
  }

  async clearHistory(): Promise<void> {
    await this.#command({ kind: 'clear' });
  }

  async listRuns(options: {
    readonly limit: number;
    readonly before: number | null;
    readonly statuses: readonly RunStatus[] | null;
  }): Promise<readonly Run[]> {
    if (this.#past) return this.#past.listRuns(options);
    const runs = await this.#home.stores.instances.listRuns(this.#notebookId, options);
    const shown = runs.map((run) => this.#daemon?.liveRun(run.runId) ?? run);
    const { statuses } = options;
    return statuses ? shown.filter(({ status }) => statuses.includes(status)) : shown;
  }

  async findRun(runId: string): Promise<Run | null> {
    if (this.#past) return this.#past.findRun(runId);
    const live = this.#daemon?.liveRun(runId);
    if (live) return live;
    const run = await this.#home.stores.instances.findRun(this.#notebookId, runId);
    return run?.deletedAt === undefined ? run : null;
  }

  /** The newest runs of a job, newest first. */
  async listJobRuns(jobName: string, limit: number): Promise<readonly Run[]> {
    const { newestRunsOf } = await import('./newest-runs.ts');
    return newestRunsOf(jobName, limit, (options) => this.listRuns(options));
  }

  /** What all runs of a job came to, step by step; null if it is not declared. */
  async readJobHistory(jobName: string): Promise<JobHistory | null> {
    await this.#evaluating;
    const definitions = this.#location?.definitions;
    const job = definitions?.jobs.find((one) => one.jobName === jobName);
    if (!definitions || !job) return null;
    const records = await this.#home.jobRecords();
    const index = (this.#past?.keySpace ?? this.#keySpace).indexOf(job.partitionsDef);
    const { lookingAt } = this;
    const list = (options: Parameters<NotebookEngine['listRuns']>[0]) => this.listRuns(options);
    return records.history(job, definitions.assets, index, list, lookingAt);
  }

  watchRunEvents(
    runId: string,
    listener: (events: readonly Event[]) => void,
  ): Promise<Unsubscribe> {
    return this.#watches.watch(runId, listener);
  }

  listHistory(
    assetKey: string,
    options: { readonly partitionKey?: string | null; readonly limit: number },
  ): Promise<readonly HistoryEntry[]> {
    return this.#seen.index.list(assetKey, options);
  }

  /** Why one key is stale, or that it is not (STALE-2). */
  async explainStaleness(assetKey: string, partitionKey: string | null): Promise<KeyStaleness> {
    const staleKeys = await this.#seen.stale();
    const staleness = staleKeys.staleness(this.#graph, this.#seenKeys);
    return {
      status: staleness.statusOf(assetKey, partitionKey),
      causes: staleness.causesOf(assetKey, partitionKey).slice(0, MOST_CAUSES),
      rootCauses: staleness.rootCausesOf(assetKey, partitionKey).slice(0, MOST_CAUSES),
      dataVersion: staleness.dataVersionOf(assetKey, partitionKey),
    };
  }

  /** What happened to one key, newest first. */
  async readKeyEvents(
    assetKey: string,
    partitionKey: string | null,
    limit: number,
  ): Promise<readonly KeyEvent[]> {
    const { readKeyEvents } = await import('./key-records.ts');
    return readKeyEvents(await this.#keyRecords(), assetKey, partitionKey, limit);
  }

  /** What a list tells of some keys, in their order. */
  async readKeyRows(
    assetKey: string,
    partitionKeys: readonly (string | null)[],
  ): Promise<readonly KeyRow[]> {
    const { readKeyRows } = await import('./key-records.ts');
    return readKeyRows(await this.#keyRecords(), assetKey, partitionKeys);
  }

  /** What a key read, and what read it. */
  async readKeyLinks(assetKey: string, partitionKey: string | null): Promise<KeyLinks> {
    const { readKeyLinks } = await import('./key-records.ts');
    return readKeyLinks(await this.#keyRecords(), assetKey, partitionKey);
  }

  async #keyRecords(): Promise<KeyRecordsWorld> {
    const seen = this.#seen;
    const keySpace = this.#seenKeys;
    const { log } = await seen.stale();
    return {
      notebookId: this.#notebookId,
      instances: this.#home.stores.instances,
      history: seen.index,
      log,
      graph: this.#graph,
      keySpace,
    };
  }

  readMetadataNumbers(assetKey: string): Promise<readonly MetadataNumbers[]> {
    const asset = this.#code?.graph.assets.get(assetKey);
    const index = this.#seenKeys.indexOf(asset?.partitionsDef ?? null);
    return this.#seen.index.numbers(assetKey, index);
  }

  /** What a mapping comes to over all keys of both assets; null if it does not fit, or a newer question came. */
  async surveyMapping(question: MappingQuestion): Promise<MappingSurvey | null> {
    this.#surveys += 1;
    const mine = this.#surveys;
    const { answerMappingQuestion } = await import('./mapping-survey.ts');
    const isWanted = () => mine === this.#surveys;
    return answerMappingQuestion(question, this.#graph, this.#seenKeys, isWanted);
  }

  readMaterializationTimes(assetKey: string): Promise<MaterializationTimes> {
    const asset = this.#code?.graph.assets.get(assetKey);
    const index = this.#seenKeys.indexOf(asset?.partitionsDef ?? null);
    return this.#seen.index.materializationTimes(assetKey, index);
  }

  /** The whole history, or what came after an event, once nothing is under way. */
  async readWholeLog(after: EventId = 0): Promise<WholeLog> {
    const { readWholeLog } = await import('./whole-log.ts');
    await this.#evaluating;
    await this.#command({ kind: 'idle' });
    return readWholeLog(this.#notebookId, after, this.#home.stores.instances);
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
        const request = this.#home.files.overlaid();
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

  /** How the goals stand; those that were not reached yet are asked. */
  async checkGoals(): Promise<readonly GoalStanding[]> {
    const location = await this.#evaluating;
    const goals = location?.definitions.goals ?? [];
    const code = goals.length === 0 || this.#lookingAt !== null ? null : this.#code?.take();
    if (!location || !code) return [];
    try {
      const { GoalChecks } = await import('./goal-checks.ts');
      this.#goalChecks ??= new GoalChecks();
      const { history, stores, files } = this.#home;
      await history.stale();
      return await this.#goalChecks.check({
        notebookId: this.#notebookId,
        version: location.version,
        goals,
        runner: code.runner,
        instances: stores.instances,
        newStepId: () => -(this.#lastStepId += 1),
        guestWorld: () => this.#world('goals'),
        cells: this.#cells,
        source: {
          assets: location.definitions.assets,
          keySpace: this.#keySpace,
          statusesOf: (assetKey) => this.#statusesOf(assetKey),
          listHistory: (...asked) => history.index.list(...asked),
          listRuns: (options) => this.listRuns(options),
          instigators: (this.#leader?.known ?? this.#standing).instigators,
        },
        request: () => files.overlaid(),
        now: () => this.#clock.now,
        keep: async (reached) => void (await this.#command({ kind: 'goals', reached })),
      });
    } finally {
      code.release();
    }
  }

  /** Keeps the notebook in other stores from now on; `move` copies what there is. */
  async moveTo(stores: Stores, move: () => Promise<void>): Promise<void> {
    await this.#daemon?.whenIdle();
    this.#moving = true;
    this.#stopLeading();
    const { history, files } = this.#home;
    await history.dispose();
    await move();
    this.#leave();
    this.#home = this.#settleIn(stores, files.version + 1);
    await this.#home.history.loadKeys();
    this.#refreshKeys();
    this.#moving = false;
    if (!this.#location) return;
    await this.#home.history.load();
    if (!this.#leadership) this.#lead();
  }

  dispose(): void {
    this.#evaluationAbort.abort();
    this.#stopLeading();
    this.#code?.retire();
    this.#leave();
    this.#watches.dispose();
    this.#pushes.dispose();
    this.#cancelOpening?.();
  }

  // Where it is kept

  #settleIn(stores: Stores, firstFilesVersion: number): Home {
    const { instances, files, notebooks, commands } = stores;
    return {
      stores,
      history: new FollowedHistory(this.#notebookId, instances, {
        heard: (events) => this.#heard(events),
        cleared: () => {
          this.#watches.cleared();
          void this.lookAt(null);
          this.#pushes.hurry();
        },
        keysChanged: () => this.#refreshKeys(),
        countsEdits: () => this.#countsEdits,
      }),
      jobRecords: once(async () => {
        const { JobRecords } = await import('./job-records.ts');
        return new JobRecords(this.#notebookId, instances);
      }),
      files: new GuestFiles(this.#notebookId, files, () => this.#clock.now, firstFilesVersion),
      commands: new TabCommands(this.#notebookId, commands),
      unsubscribe: [
        notebooks.subscribe(() => {
          void this.#followClock();
          this.#leader?.look();
        }),
        instances.subscribe(this.#notebookId, () => this.#leader?.look()),
      ],
    };
  }

  #leave(): void {
    const { history, files, unsubscribe } = this.#home;
    void history.dispose();
    files.dispose();
    for (const stop of unsubscribe) stop();
  }

  // What it declares

  async #evaluate(
    cells: readonly CellSource[],
    { startsAt, seed, countsEdits = false }: NotebookSettings,
  ): Promise<CodeLocation | null> {
    this.#evaluationAbort.abort();
    this.#evaluationAbort = new AbortController();
    const { signal } = this.#evaluationAbort;
    this.#version += 1;
    this.#cells = cells;
    const version = this.#version;
    const world = this.#worldToEvaluate({ startsAt, seed }, signal);
    this.#countsEdits = countsEdits;
    const { newRunner, shippedAnalyses } = this.#ports;
    const previous = this.#evaluated?.analysis.cells.map(({ analysis }) => analysis);
    const known = previous ? Promise.resolve(previous) : shippedAnalyses;
    const loading = loadCode(cells, known, newRunner, world, signal);
    const [evaluated] = await Promise.all([loading, world]);
    if (!evaluated || signal.aborted) {
      evaluated?.runner?.dispose();
      return null;
    }
    this.#evaluated = evaluated;
    this.#asksForKeys = cells.some(({ text }) => text.includes('getMaterializedPartitions'));
    const context = this.#contextAt(this.#clock.now);
    const { definitions, problems } = validateDefinitions(evaluated.definitions, context);
    const location: CodeLocation = {
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
    this.#location = location;
    this.#code?.retire();
    this.#code = new HeldCode(definitions, evaluated.runner);
    evaluated.runner?.setConcurrency(this.#limit);
    this.#refreshKeys();
    await this.#home.history.load();
    if (!this.#leadership && !this.#moving) this.#lead();
    this.#daemon?.pump();
    await this.#automation?.declare(location.definitions);
    this.#lookBack = null;
    if (this.#lookingAt !== null) void this.lookAt(this.#lookingAt);
    this.#pushes.hurry();
    return location;
  }

  /** The world as the settings have it. The first needs what is kept, which comes while the cells are read. */
  async #worldToEvaluate(
    { startsAt, seed }: Pick<NotebookSettings, 'startsAt' | 'seed'>,
    signal: AbortSignal,
  ): Promise<GuestWorld> {
    if (!this.#evaluated) {
      await Promise.all([this.#clock.recall(this.#home.stores), this.#home.history.loadKeys()]);
    }
    if (!signal.aborted) {
      this.#seed = seed;
      this.#clock.startAt(startsAt);
      this.#keySpace = this.#newKeySpace();
    }
    return this.#world('definitions');
  }

  async #world(seedOf: string): Promise<GuestWorld> {
    const { context } = this.#keySpace;
    return {
      now: this.#clock.now,
      seed: `${this.#seed} ${seedOf}`,
      dynamicPartitions: [...context.dynamicPartitions],
      ...(await this.#home.files.list()),
    };
  }

  #newKeySpace(): KeySpace {
    return new KeySpace(this.#contextAt(this.#clock.now));
  }

  #contextAt(effectiveAt: EpochMs): PartitionLoadingContext {
    return { effectiveAt, dynamicPartitions: this.#home.history.dynamicPartitions.keys };
  }

  /** Counts keys anew, as of now; every key keeps its history. */
  #refreshKeys(): void {
    this.#keySpace = this.#newKeySpace();
    const assets = this.#location?.definitions.assets ?? [];
    this.#home.history.declare(assets, this.#keySpace);
    this.#cancelOpening?.();
    this.#cancelOpening = null;
    if (this.#clock.virtualNow !== null) return;
    const opensAt = this.#nextOpening();
    if (opensAt === null) return;
    const inMs = Math.min(Math.max(0, opensAt - this.#clock.now), LONGEST_TIMER_MS);
    this.#cancelOpening = this.#ports.after(inMs, () => this.#clockMoved());
  }

  /** When the next partition of any asset opens; null if none will. */
  #nextOpening(): EpochMs | null {
    let opensAt = Infinity;
    for (const { partitionsDef } of this.#location?.definitions.assets ?? []) {
      if (!partitionsDef) continue;
      const opening = nextOpening(partitionsDef, this.#keySpace.context);
      opensAt = Math.min(opensAt, opening?.opensAt ?? Infinity);
    }
    return opensAt === Infinity ? null : opensAt;
  }

  // The clock

  async #moveClock(to: EpochMs | 'real' | null): Promise<void> {
    try {
      await this.#clock.move(to, this.#home.stores);
    } catch (problem) {
      this.#storageProblem = messageOf(problem);
    }
    this.#clockMoved();
  }

  /** Another tab may have moved the clock. */
  async #followClock(): Promise<void> {
    if (await this.#clock.recall(this.#home.stores)) this.#clockMoved();
  }

  #clockMoved(): void {
    this.#refreshKeys();
    this.#pushes.hurry();
  }

  // Leading and following

  #lead(): void {
    const leadership = new AbortController();
    this.#leadership = leadership;
    const { signal } = leadership;
    this.#leader = new LeaderStanding({
      ask: async () => (await this.#home.commands.ask({ kind: 'standing' })) as Standing | null,
      changed: () => this.#pushes.changed(),
      after: this.#ports.after,
    });
    this.#leader.soon();
    const onLead = () => void this.#startDaemon(signal);
    void this.#ports.lead(this.#notebookId, { onLead, signal });
  }

  #stopLeading(): void {
    this.#leadership?.abort();
    this.#leadership = null;
    this.#stopFollowing();
    this.#stopServing();
    this.#automation?.dispose();
    this.#automation = null;
    this.#daemon?.dispose();
    this.#daemon = null;
  }

  #stopFollowing(): void {
    this.#leader?.dispose();
    this.#leader = null;
  }

  async #startDaemon(signal: AbortSignal): Promise<void> {
    // What another tab wrote until now comes first.
    await this.#home.history.follow();
    if (signal.aborted) return;
    this.#stopFollowing();
    const daemon = this.#newDaemon();
    this.#daemon = daemon;
    const started = daemon.start();
    this.#takingUp = started.then(() =>
      signal.aborted ? undefined : this.#startAutomation(daemon),
    );
    await this.#takingUp;
    if (signal.aborted) return;
    this.#stopServing = this.#home.commands.serve((command) => this.#work(command));
    this.#pushes.hurry();
  }

  /** Takes up the schedules and sensors, unless the daemon is no longer the one that leads. */
  async #startAutomation(daemon: Daemon): Promise<void> {
    const automation = await this.#newAutomation(daemon);
    if (daemon !== this.#daemon) return automation.dispose();
    this.#automation = automation;
    if (this.#location) await automation.declare(this.#location.definitions);
  }

  #newAutomation(daemon: Daemon): Promise<NotebookAutomation> {
    const { after, elapsedMs } = this.#ports;
    const { stores, history, files } = this.#home;
    return NotebookAutomation.open({
      notebookId: this.#notebookId,
      instances: stores.instances,
      daemon,
      dynamicPartitions: () => history.dynamicPartitions,
      now: () => this.#clock.now,
      isVirtual: () => this.#clock.virtualNow !== null,
      moveClock: (to) => this.#moveClock(to),
      nextOpening: () => this.#nextOpening(),
      after,
      elapsedMs,
      changed: () => this.#pushes.hurry(),
      takeCode: () => {
        const code = this.#code?.take() ?? null;
        const definitions = this.#location?.definitions;
        return code && definitions ? { ...code, definitions } : null;
      },
      contextAt: (at) => this.#contextAt(at),
      worldAt: async (at, seedOf) => {
        // A request may be for what is stale alone.
        await history.stale();
        return {
          now: at,
          seed: `${this.#seed} ${seedOf}`,
          dynamicPartitions: [...this.#contextAt(at).dynamicPartitions],
          ...this.#instance().world(),
          ...(await files.list()),
        };
      },
      latestMaterialization: (...asked) => this.#latestMaterialization(...asked),
      request: files.answer.bind(files),
      newStepId: () => -(this.#lastStepId += 1),
      newAbort: () => new AbortController(),
      staleAmong: (launch) => this.#staleAmong(launch),
    });
  }

  /** What cells may know and do through `context.instance`. */
  #instance(): InstanceAccess {
    return {
      world: () => (this.#asksForKeys ? { materializedPartitions: this.#materialized() } : {}),
      latestMaterialization: (...asked) => this.#latestMaterialization(...asked),
      changeDynamicPartitions: (change) => {
        // At once, so that it is in the log before what comes after it.
        void this.#daemon?.note(() => {
          const made = this.#home.history.dynamicPartitions.change(change, this.#clock.now);
          return made && { events: [made.event], records: [made.record] };
        });
      },
    };
  }

  #materialized(): NonNullable<GuestWorld['materializedPartitions']> {
    const assets = this.#location?.definitions.assets ?? [];
    return assets.flatMap(({ assetKey, partitionsDef }) => {
      const index = this.#keySpace.indexOf(partitionsDef);
      const subset = this.#home.history.folds.of(assetKey).everMaterialized();
      return index && subset.length > 0 ? [[assetKey, keysOf(index, subset)] as const] : [];
    });
  }

  async #latestMaterialization(
    assetKey: string,
    partitionKey: string | null,
  ): Promise<LatestMaterialization | null> {
    const { history, stores } = this.#home;
    const of = { limit: NEWEST_ENTRIES, ...(partitionKey !== null && { partitionKey }) };
    const entries = await history.index.list(assetKey, of);
    const newest = entries.find(({ type }) => type === 'ASSET_MATERIALIZATION');
    if (!newest) return null;
    const { runId, eventId, at } = newest;
    const events = await stores.instances.readRunEvents(this.#notebookId, runId);
    const metadata = events.find((event) => event.eventId === eventId)?.metadata ?? {};
    return { assetKey, partitionKey: newest.partitionKey, runId, at, metadata };
  }

  /** Of the assets of a launch, those that are stale or missing at its key (RR-4). */
  #staleAmong({ assetKeys, partitionKey }: TickLaunch): readonly string[] {
    const staleness = this.#home.history.staleNow?.staleness(this.#graph, this.#keySpace);
    if (!staleness) return assetKeys;
    return assetKeys.filter((assetKey) => staleness.statusOf(assetKey, partitionKey) !== 'FRESH');
  }

  #newDaemon(): Daemon {
    const { after, elapsedMs } = this.#ports;
    const { stores, history, files } = this.#home;
    const ports = {
      notebookId: this.#notebookId,
      instances: stores.instances,
      now: () => this.#clock.now,
      inQueueOrder: () => this.#clock.virtualNow !== null,
      elapsedMs,
      pause: (ms: number) => new Promise<void>((resolve) => void after(ms, resolve)),
      seed: () => this.#seed,
      contextAt: (effectiveAt: EpochMs) => this.#contextAt(effectiveAt),
      takeCode: () => this.#code?.take() ?? null,
      listFiles: () => files.list(),
      request: files.answer.bind(files),
      instance: this.#instance(),
      sizeOf: measureValue,
      wasMaterialized: (assetKey: string, partitionKey: string | null) =>
        history.folds.of(assetKey).hasMaterialized(partitionKey),
      newAbort: () => new AbortController(),
      listener: {
        committed: (events: readonly Event[]) => {
          history.take(events);
          // Of a few runs, each end is looked for.
          if (!this.#isCrowded()) this.#pushes.hurry();
        },
        progressed: ({ runId }: Run) => {
          this.#watches.progressed(runId);
          this.#pushes.changed();
        },
        idle: () => this.#pushes.hurry(),
        storageProblem: (message: string | null) => {
          this.#storageProblem = message;
          this.#pushes.hurry();
        },
        dueCheckpoints: (isIdle: boolean) => history.dueCheckpoints(isIdle),
      },
    };
    return new Daemon(ports, this.#limit);
  }

  /** Works a command, or has the leading tab work it. */
  #command(command: Command): Promise<unknown> {
    if (this.#lookingAt !== null && command.kind !== 'dryRun') {
      return Promise.reject(new Error(READ_ONLY));
    }
    return this.#daemon ? this.#work(command) : this.#home.commands.ask(command);
  }

  async #work(
    command: Command,
  ): Promise<
    | LaunchOutcome
    | TickPreview
    | Tick
    | Standing
    | readonly EventId[]
    | readonly string[]
    | string
    | null
    | void
  > {
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
      case 'cancelBackfill':
        return daemon.cancelBackfill(command.backfillId);
      case 'pauseBackfill':
        return daemon.pauseBackfill(command.backfillId, command.paused);
      case 'repeatBackfill':
        return daemon.repeatBackfill(command.backfillId, command.part);
      case 'dynamicPartitions':
      case 'markFine':
      case 'wipe':
      case 'report':
      case 'deleteRun':
      case 'undo':
        return this.#workOnHistory(daemon, command);
      case 'reexecute':
        return daemon.reexecute(command.runId, command.how);
      case 'advance':
        return this.#automation?.advance(command.move);
      case 'play':
        this.#automation?.play(command.speed);
        return undefined;
      case 'running':
        return this.#automation?.setRunning(command.of, command.name, command.running);
      case 'cursor':
        return this.#automation?.setCursor(command.name, command.cursor);
      case 'dryRun': {
        const { of, name, at, cursor } = command;
        await this.#takingUp;
        return (await this.#automation?.dryRun(of, name, at, cursor)) ?? null;
      }
      case 'launchPreview': {
        const { launchPreview } = await import('./launch-preview.ts');
        const world = { ...this.#historyWorld, daemon };
        return launchPreview(command, world, this.#home.history, this.#automation);
      }
      case 'evaluateSensor':
        return (await this.#automation?.evaluateSensor(command.name)) ?? null;
      case 'goals':
        return void (await daemon.note(() => ({ events: [], records: command.reached })));
      case 'idle':
        return daemon.whenIdle();
      case 'standing':
        return this.#standing;
      case 'clear':
        return this.#clear(daemon);
    }
  }

  async #launch(daemon: Daemon, request: LaunchRequest): Promise<LaunchOutcome> {
    await this.#evaluating;
    const { plan, run, backfill, options } = await this.#decide(request);
    if (!run && !backfill) return { status: 'refused', problems: plan.problems };
    const launched = await daemon.launch({ run, backfill }, options);
    return { status: 'launched', ...launched };
  }

  /** @returns the ids of what was written, by which it can be undone. */
  async #changeHistory(command: Command): Promise<readonly EventId[]> {
    await this.#evaluating;
    return ((await this.#command(command)) ?? []) as readonly EventId[];
  }

  async #workOnHistory(
    daemon: Daemon,
    command: Extract<
      Command,
      {
        readonly kind: 'dynamicPartitions' | 'markFine' | 'wipe' | 'report' | 'deleteRun' | 'undo';
      }
    >,
  ): Promise<readonly EventId[]> {
    const { keyChangeOf, fineOf, wipeOf, reportOf, deletionOf, undoingOf } =
      await import('./history-commands.ts');
    const { history, stores } = this.#home;
    const { instances } = stores;
    const noted = await daemon.note(async () => {
      const world = this.#historyWorld;
      switch (command.kind) {
        case 'dynamicPartitions':
          return keyChangeOf(command.change, command.wipes ?? false, history, world);
        case 'markFine':
          return fineOf(command.assetKey, command.partitionKeys ?? [null], world);
        case 'wipe':
          return wipeOf(command.assetKey, command.partitionRanges, world);
        case 'report':
          return reportOf(command.assetKey, command.partitionRanges, command.description, world);
        case 'deleteRun': {
          const run = await instances.findRun(this.#notebookId, command.runId);
          const isActive = daemon.activeBackfills.some(
            ({ backfill }) => backfill.backfillId === run?.backfillId,
          );
          return deletionOf(run, isActive, world);
        }
        case 'undo':
          return undoingOf(command.eventIds, world);
      }
    });
    return noted.map(({ eventId }) => eventId);
  }

  get #historyWorld(): HistoryWorld {
    return {
      notebookId: this.#notebookId,
      instances: this.#home.stores.instances,
      log: this.#home.history.log,
      graph: this.#graph,
      keySpace: this.#keySpace,
      now: this.#clock.now,
    };
  }

  get #graph(): AssetGraph {
    return this.#code?.graph ?? NO_ASSETS;
  }

  async #decide(request: LaunchRequest): Promise<LaunchDecision> {
    // In real time, keys may have opened since the last look.
    if (this.#clock.virtualNow === null) this.#refreshKeys();
    const world: PlanWorld = {
      graph: this.#graph,
      keySpace: this.#keySpace,
      everMaterialized: (assetKey) => this.#home.history.folds.of(assetKey).everMaterialized(),
    };
    const job = this.#jobOf(request.jobName);
    if (!job) return planLaunch(request, world);
    // Jobs are no part of what the first run waits for.
    const { planJobLaunch } = await import('../src/orchestration/job-launch.ts');
    const askKeyConfigs: AskKeyConfigs = (...asked) => this.#askKeyConfigs(...asked);
    return planJobLaunch(request, { ...world, job, askKeyConfigs });
  }

  /** What an expression over `key` gives for each of some keys of an asset. */
  async evaluateKeyRule(
    assetKey: string,
    partitionRanges: KeyRanges,
    expression: string,
  ): Promise<KeyRuleOutcome> {
    // It is a rare question, and no part of what the first run waits for.
    const { evaluateKeyRule } = await import('./key-rule.ts');
    await this.#evaluating;
    const index = this.#keySpace.indexOf(this.#graph.assets.get(assetKey)?.partitionsDef ?? null);
    if (!index) return { status: 'failed', message: `${assetKey} has no keys.` };
    const { definition } = index;
    const dimensions = definition.kind === 'multi' ? definition.dimensions : [];
    return evaluateKeyRule(
      expression,
      keysOf(index, subsetOfRanges(index, partitionRanges).subset),
      dimensions.map(({ name }) => name),
      {
        cells: this.#cells,
        newRunner: this.#ports.newRunner,
        world: () => this.#world('rule'),
        request: this.#home.files.answer.bind(this.#home.files),
      },
    );
  }

  #jobOf(jobName: string | null): JobSpec | undefined {
    return this.#location?.definitions.jobs.find((job) => job.jobName === jobName);
  }

  async #askKeyConfigs(
    ...[jobName, partitionKeys]: Parameters<AskKeyConfigs>
  ): ReturnType<AskKeyConfigs> {
    const code = this.#code?.take();
    if (!code) return { status: 'canceled' };
    try {
      const world = await this.#world(`config ${jobName}`);
      const stepId = -(this.#lastStepId += 1);
      const request = this.#home.files.answer.bind(this.#home.files);
      return await code.runner.evaluatePartitionedConfig(
        { stepId, jobName, partitionKeys, world },
        { log: () => {}, progress: () => {}, request },
        new AbortController().signal,
      );
    } finally {
      code.release();
    }
  }

  /** Also with a full disk, where what runs have to say cannot be written: it is dropped. */
  async #clear(daemon: Daemon): Promise<void> {
    // What schedules and sensors keep is forgotten with the rest: they stand as they say by default.
    this.#automation?.dispose();
    this.#automation = null;
    daemon.dispose();
    await daemon.settled();
    const { stores, history } = this.#home;
    const { instances, files } = stores;
    await instances.clear(this.#notebookId);
    for (const { path, shipped } of await files.list(this.#notebookId)) {
      if (!shipped) await files.remove(this.#notebookId, path);
    }
    this.#storageProblem = null;
    const fresh = this.#newDaemon();
    this.#daemon = fresh;
    await history.follow();
    await this.#moveClock(null);
    await this.#startAutomation(fresh);
  }

  /** Events that are in the log, from here or from another tab. */
  #heard(events: readonly Event[]): void {
    this.#watches.committed(events);
    this.#pushes.changed();
  }

  // What the page is told

  #isCrowded(): boolean {
    return (this.#daemon?.unfinishedCount ?? 0) > CROWD;
  }

  /** How what this tab leads stands. */
  get #standing(): Standing {
    return {
      instigators: this.#automation?.states ?? [],
      clockSpeed: this.#automation?.speed ?? 0,
      activeBackfills: this.#daemon?.activeBackfills ?? [],
    };
  }

  /** How the keys of an asset stand, with what is stale among them. */
  #statusesOf(assetKey: string): PartitionStatuses {
    const { folds, staleNow } = this.#seen;
    const started = this.#past ? NO_RUNS : (this.#daemon?.startedRuns ?? NO_RUNS);
    const statuses = folds.of(assetKey).statuses(started);
    const stale = staleNow?.of(assetKey, this.#graph, this.#seenKeys);
    return stale ? { ...statuses, stale: intersect(stale, statuses.materialized) } : statuses;
  }

  async #state(): Promise<NotebookState | null> {
    if (!this.#location) return null;
    const { stores, history } = this.#home;
    await history.load();
    const stored = await stores.instances.countRuns(this.#notebookId);
    const location = this.#location;
    const daemon = this.#daemon;
    const started = daemon?.startedRuns ?? new Set<string>();
    const past = this.#past;
    const { folds } = this.#seen;
    const keySpace = this.#seenKeys;
    const { instigators, clockSpeed, activeBackfills } = this.#leader?.known ?? this.#standing;
    return {
      codeLocation: location,
      lookingAt: past?.at ?? null,
      effectiveAt: keySpace.context.effectiveAt,
      dynamicPartitions: [...keySpace.context.dynamicPartitions],
      assets: location.definitions.assets.map(({ assetKey }) => {
        const fold = folds.of(assetKey);
        const { latest, newestFailure: failure } = fold;
        return { assetKey, statuses: this.#statusesOf(assetKey), latest, failure };
      }),
      runCounts: past?.runCounts ?? shownCounts(stored, started),
      lastEventId: folds.reachesEventId,
      instigators: past?.instigators ?? instigators,
      clockSpeed,
      activeBackfills: past ? [] : activeBackfills,
      virtualClock: this.#clock.virtualNow !== null,
      concurrency: this.#limit,
      leader: daemon !== null,
      storageProblem: this.#storageProblem,
    };
  }
}

/** What `make` gives, made when it is first asked for. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | null = null;
  return () => (made ??= make());
}

function newestFirst(one: Backfill, other: Backfill): number {
  return other.startedAt - one.startedAt || other.firstRunNumber - one.firstRunNumber;
}

/** A run that has started counts as such before the log says so. */
function shownCounts(
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
