import * as Comlink from 'comlink';
import { messageOf } from '../errors.ts';
import type { AssetSpec, Definitions } from '../definitions/definitions.ts';
import { formatNotebook, parseNotebook } from '../notebook/file-format.ts';
import { deleteCell, insertCell, moveCell, setCellText, setHeaderEntry } from '../notebook/edit.ts';
import type { Cell, CellId, Notebook } from '../notebook/notebook.ts';
import { isShared, worldsOf } from '../notebook/worlds.ts';
import {
  EDITS_COUNT,
  headerProblems,
  notebookSettings,
  notebookTitle,
  type HeaderProblem,
} from '../notebook/settings.ts';
import type { TickPreview } from '../orchestration/automations.ts';
import type { DynamicPartitionsChange } from '../orchestration/dynamic-partitions.ts';
import type { JobHistory } from '../orchestration/job-history.ts';
import type { Reexecution } from '../orchestration/reexecute-run.ts';
import type { Run, RunConfig, RunStatus } from '../orchestration/run.ts';
import type { Tick } from '../orchestration/ticks.ts';
import type { KeyRanges } from '../partitions/key-ranges.ts';
import type { PartitionsDefinition } from '../partitions/definition/partitions-definition.ts';
import type { MappingSurvey } from '../partitions/mapping/survey-mapping.ts';
import { indexPartitions } from '../partitions/index-partitions.ts';
import type { PartitionIndex } from '../partitions/partition-index.ts';
import type {
  AssetState,
  BackfillState,
  CellProblem,
  ClockMove,
  EngineApi,
  FilledRunConfig,
  GoalStanding,
  HistoryEntry,
  HistoryInstants,
  InstigatorState,
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
  NotebookFile,
  NotebookRecord,
  NotebookState,
  StandingFailure,
  StoredValue,
  TestResult,
  Unsubscribe,
} from '../protocol/engine.ts';
import type { Event, EventId } from '../orchestration/event.ts';
import type { EpochMs } from '../time/time-window.ts';
import type { WorkbenchView } from './address.ts';
import { lineOfFailure, type FailureLine } from './failure-line.ts';
import type { NotebookGoals } from './notebook-goals.svelte.ts';
import type { ConvertShown } from './convert-shown.ts';
import { graphAtFirst, type GraphShown } from './graph-shown.ts';
import { mappingsAtFirst, type MappingsShown } from './mappings-shown.ts';
import { partitionsAtFirst, type Focus, type PartitionsShown } from './partitions-shown.ts';
import type { NotebookTwin } from './notebook-twin.svelte.ts';
import { runsAtFirst, type RunsShown } from './runs-shown.ts';
import { twinAtFirst, type TwinShown } from './twin-shown.ts';
import {
  emptyHistory,
  inverse,
  record,
  withEditsSince,
  type StructureChange,
  type StructureHistory,
} from './structure-history.ts';

/** The words of the top bar. */
export type SaveState = 'saved' | 'saving' | 'not saved' | 'unsaved copy';

/** The open launch panel: which assets, and what it starts with. */
export interface LaunchPanelState {
  readonly assetKeys: readonly string[];
  /** Null leaves the choice to the panel. */
  readonly partitionRanges: KeyRanges | null;
  /** The cell whose card it stands under; null if it was opened elsewhere. */
  readonly anchorCellId: string | null;
  /** The job that its runs belong to; null for assets chosen by hand. */
  readonly jobName: string | null;
  /** The config that its form begins with; null for that of the last launch, or the defaults. */
  readonly runConfig: RunConfig | null;
}

/** The open launchpad: whose, and what it starts with. */
export interface LaunchpadState {
  readonly jobName: string;
  /** Null leaves the choice to the launchpad. */
  readonly partitionKey: string | null;
  /** Null for what the job fills in. */
  readonly runConfig: RunConfig | null;
}

/** A failure that still stands, where its cell shows it. */
export interface CellFailure extends StandingFailure, FailureLine {
  readonly assetKey: string;
}

/** Typing pauses this long before definitions are evaluated anew, and the text saved. */
const EVALUATE_AFTER_MS = 150;
const SAVE_AFTER_MS = 400;

const noDefinitions: Definitions = {
  partitionsDefinitions: [],
  configs: [],
  assets: [],
  jobs: [],
  schedules: [],
  sensors: [],
  tests: [],
};

const oneKey: PartitionIndex = {
  definition: { kind: 'static', keys: [''] },
  count: 1,
  keyAt: () => '',
  ordinalOf: (key) => (key === '' ? 0 : -1),
  keys: () => [''],
  windowAt: () => null,
  countStartingBefore: () => null,
  stretchesOf: () => null,
  startingWithin: () => null,
};

/**
 * One open notebook: its text, what the engine says of it, and what the reader is looking at.
 * Components read its fields and call its methods; the engine decides everything else.
 */
export class NotebookSession {
  readonly notebookId: string;
  readonly example: string | null;
  readonly #engine: Comlink.Remote<EngineApi>;
  readonly #clockAt: EpochMs | null;
  readonly #fetchShipped: (path: string) => Promise<Uint8Array>;
  readonly #unsubscribes: Unsubscribe[] = [];

  notebook: Notebook = $state.raw() as Notebook;
  state: NotebookState | null = $state.raw(null);
  saveState: SaveState = $state('saved');
  saveProblem: string | null = $state(null);
  /** What another tab saved while this one had unsaved changes; null if nothing. */
  conflict: NotebookRecord | null = $state.raw(null);
  files: readonly NotebookFile[] = $state.raw([]);
  /** Why a file that the notebook names could not be had; empty if none. */
  fileProblems: readonly string[] = $state.raw([]);
  /** Of the text as it is: an edit of code forgets them. */
  testResults: ReadonlyMap<number, TestResult> = $state.raw(new Map());
  runningTests = $state(false);
  /** How the notebook's goals stand; null while that is not known, or there are none. */
  goals: NotebookGoals | null = $state.raw(null);
  focus: Focus | null = $state.raw(null);
  partitionsShown: PartitionsShown = $state.raw(partitionsAtFirst);
  runsShown: RunsShown = $state.raw(runsAtFirst);
  mappingsShown: MappingsShown = $state.raw(mappingsAtFirst);
  graphShown: GraphShown = $state.raw(graphAtFirst);
  twinShown: TwinShown = $state.raw(twinAtFirst);
  /** The worlds that play side by side; null until they are first looked at. */
  twin: NotebookTwin | null = $state.raw(null);
  launchPanel: LaunchPanelState | null = $state.raw(null);
  launchpad: LaunchpadState | null = $state.raw(null);
  /** The open dialog of Convert, or of its advisor. */
  convertShown: ConvertShown | null = $state.raw(null);
  view: WorkbenchView = $state('partitions');
  /** On narrow screens: whether the notebook is what is shown, and not the view. */
  showsNotebook = $state(true);
  openRunId: string | null = $state(null);
  /** The job that is read in its view; null for the first. */
  openJobName: string | null = $state(null);
  /** The backfill that is read in its view; null for the newest. */
  openBackfillId: string | null = $state(null);
  /** The cell that the reader asked to see, until the screen shows it. */
  soughtCellId: string | null = $state(null);
  /** Whether the cells are evaluated: not with `?safe`, until the reader asks for it. */
  evaluates: boolean = $state(true);
  /** Where the virtual clock was sent, as long as it is on its way; null if it stands, or plays. */
  clockGoal: ClockMove['to'] | null = $state(null);
  /** The newest thing that a screen reader should say. */
  announcement = $state('');

  #history: StructureHistory = $state.raw(emptyHistory);
  #revision: number;
  #cellCounter = 0;
  /** Counts changes of code. */
  #edits = 0;
  #dirty = false;
  #saving: Promise<void> | null = null;
  #saveTimer: ReturnType<typeof setTimeout> | undefined;
  #evaluateTimer: ReturnType<typeof setTimeout> | undefined;
  #ready: Promise<void> = Promise.resolve();
  #isClosed = false;

  readonly settings = $derived(notebookSettings(this.notebook.header));
  /** What is wrong with the file's header; empty if nothing is. */
  readonly headerProblems: readonly HeaderProblem[] = $derived(
    headerProblems(this.notebook.header),
  );
  readonly title: string = $derived(
    notebookTitle(this.notebook.header) || firstHeading(this.notebook) || 'Untitled',
  );
  readonly zone: string = $derived(this.settings.zone);
  /** The worlds that cells are marked with, in the order of first appearance. */
  readonly worlds: readonly string[] = $derived(worldsOf(this.notebook));
  readonly definitions: Definitions = $derived(
    this.state?.codeLocation.definitions ?? noDefinitions,
  );
  /** The notebook's instant: what exists is counted at it. */
  readonly now: EpochMs = $derived(this.state?.effectiveAt ?? this.settings.startsAt ?? 0);
  readonly virtualClock: boolean = $derived(
    this.state?.virtualClock ?? this.settings.startsAt !== null,
  );
  /** Whether the clock plays, or is on its way. */
  readonly isClockMoving: boolean = $derived(
    this.clockGoal !== null || (this.state?.clockSpeed ?? 0) > 0,
  );
  readonly canUndo: boolean = $derived(this.#history.done.length > 0);
  readonly canRedo: boolean = $derived(this.#history.undone.length > 0);
  readonly runningAssets: ReadonlySet<string> = $derived(
    new Set(
      (this.state?.assets ?? [])
        .filter(({ statuses }) => statuses.materializing.length + statuses.queued.length > 0)
        .map(({ assetKey }) => assetKey),
    ),
  );
  /** Runs that are not finished. */
  readonly unfinishedRuns: number = $derived.by(() => {
    const counts = this.state?.runCounts;
    if (!counts) return 0;
    return counts.QUEUED + counts.NOT_STARTED + counts.STARTING + counts.STARTED + counts.CANCELING;
  });

  readonly #specs = $derived(new Map(this.definitions.assets.map((spec) => [spec.assetKey, spec])));
  readonly #states = $derived(
    new Map((this.state?.assets ?? []).map((asset) => [asset.assetKey, asset])),
  );
  readonly #problems = $derived(groupByCell(this.state?.codeLocation.problems ?? []));
  readonly #heldBack = $derived(
    new Map(
      (this.state?.codeLocation.heldBack ?? []).map(({ cellId, becauseOf }) => [cellId, becauseOf]),
    ),
  );
  /** Indexes by definition, as of one instant; a new instant or new dynamic keys start a new map. */
  readonly #indexes = $derived.by(() => {
    const effectiveAt = this.now;
    const dynamicPartitions = new Map(this.state?.dynamicPartitions ?? []);
    return {
      context: { effectiveAt, dynamicPartitions },
      byDefinition: new WeakMap<PartitionsDefinition, PartitionIndex>(),
    };
  });

  /**
   * @param fetchShipped gives a file that came with the notebook, by its path below `examples/`.
   * @param evaluates false for `?safe`: nothing is evaluated.
   * @param clockAt where a virtual clock is moved to; null leaves it where it stands.
   */
  constructor(
    engine: Comlink.Remote<EngineApi>,
    opened: NotebookRecord,
    options: {
      readonly transient: boolean;
      readonly evaluates: boolean;
      readonly clockAt: EpochMs | null;
      readonly fetchShipped: (path: string) => Promise<Uint8Array>;
    },
  ) {
    this.#engine = engine;
    this.notebookId = opened.notebookId;
    this.example = opened.example;
    this.#revision = opened.revision;
    this.evaluates = options.evaluates;
    this.#clockAt = options.clockAt;
    this.#fetchShipped = options.fetchShipped;
    this.notebook = parseNotebook(opened.source, () => this.newCellId());
    if (options.transient) this.saveState = 'unsaved copy';
  }

  /** Follows the engine and evaluates; call once, when the text is on the screen. */
  start(): void {
    const listen = <T>(apply: (value: T) => void) => Comlink.proxy(apply);
    const keep = (subscribing: Promise<Unsubscribe>) => {
      subscribing.then(
        (unsubscribe) => {
          if (this.#isClosed) unsubscribe();
          else this.#unsubscribes.push(unsubscribe);
        },
        (thrown: unknown) => this.#unlessClosed(thrown),
      );
    };
    keep(
      this.#engine.watchState(
        this.notebookId,
        listen((state: NotebookState) => this.#follow(state)),
      ),
    );
    keep(
      this.#engine.watchFiles(
        this.notebookId,
        listen((files: readonly NotebookFile[]) => (this.files = files)),
      ),
    );
    keep(
      this.#engine.watchNotebook(
        this.notebookId,
        listen((saved: NotebookRecord) => this.#followRecord(saved)),
      ),
    );
    this.#ready = this.#bringFiles()
      .then(() => this.#evaluate())
      .then(() => {
        if (this.#clockAt !== null && this.virtualClock) return this.setClock(this.#clockAt);
      })
      .catch((thrown: unknown) => this.#unlessClosed(thrown));
  }

  /** Begins to evaluate a notebook that was opened without. */
  evaluate(): void {
    this.evaluates = true;
    this.#ready = this.#evaluate();
  }

  /** Stops following; unsaved text is written first. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.flush();
    clearTimeout(this.#evaluateTimer);
    this.twin?.dispose();
    for (const unsubscribe of this.#unsubscribes) unsubscribe();
  }

  // What a cell declares and how it stands

  problemsOf(cellId: string): readonly CellProblem[] {
    return this.#problems.get(cellId) ?? [];
  }

  /** The cell because of which this one did not evaluate; null if it did. */
  heldBackBy(cellId: string): string | null {
    return this.#heldBack.get(cellId) ?? null;
  }

  /** What this cell declares, each list in order. */
  declaredIn(cellId: string): Definitions {
    const here = <T extends { readonly cellId: string }>(all: readonly T[]) =>
      all.filter((declared) => declared.cellId === cellId);
    const { definitions } = this;
    return {
      partitionsDefinitions: here(definitions.partitionsDefinitions),
      configs: here(definitions.configs),
      assets: here(definitions.assets),
      jobs: here(definitions.jobs),
      schedules: here(definitions.schedules),
      sensors: here(definitions.sensors),
      tests: here(definitions.tests),
      ...(definitions.goals && { goals: here(definitions.goals) }),
    };
  }

  assetSpec(assetKey: string): AssetSpec | null {
    return this.#specs.get(assetKey) ?? null;
  }

  assetState(assetKey: string): AssetState | null {
    return this.#states.get(assetKey) ?? null;
  }

  /** The keys of a definition that exist now; one nameless key for null. */
  indexFor(definition: PartitionsDefinition | null): PartitionIndex {
    if (!definition) return oneKey;
    const { context, byDefinition } = this.#indexes;
    let index = byDefinition.get(definition);
    if (!index) {
      index = indexPartitions(definition, context);
      byDefinition.set(definition, index);
    }
    return index;
  }

  /** The newest failure of an asset that still stands, with its line in the cell as it is now; null if none. */
  failureOf(assetKey: string): CellFailure | null {
    const failure = this.assetState(assetKey)?.failure;
    const cellId = this.assetSpec(assetKey)?.cellId;
    const cell = this.notebook.cells.find((candidate) => candidate.cellId === cellId);
    if (!failure || !cell) return null;
    return { ...failure, assetKey, ...lineOfFailure(failure.error, cell.cellId, cell.text) };
  }

  /** The newest failure that still stands among the assets of a cell; null if none. */
  failureIn(cellId: string): CellFailure | null {
    let newest: CellFailure | null = null;
    for (const { assetKey } of this.definitions.assets.filter((spec) => spec.cellId === cellId)) {
      const failure = this.failureOf(assetKey);
      if (failure && (!newest || failure.at > newest.at)) newest = failure;
    }
    return newest;
  }

  // Editing

  /** The cell's place in the notebook, counted from 0; -1 if it is gone. */
  placeOf(cellId: string): number {
    return this.notebook.cells.findIndex((cell) => cell.cellId === cellId);
  }

  editCell(cellId: CellId, text: string): void {
    const cell = this.notebook.cells.find((candidate) => candidate.cellId === cellId);
    if (!cell || cell.text === text) return;
    this.notebook = setCellText(this.notebook, cellId, text);
    this.#changed(cell.kind === 'code');
  }

  /** Adds an empty cell before the one at `index`, or at the end. */
  addCell(kind: Cell['kind'], index: number): CellId {
    const cell: Cell = { cellId: this.newCellId(), kind, text: '' };
    this.#make({ kind: 'add', cell, index });
    return cell.cellId;
  }

  deleteCell(cellId: CellId): void {
    const index = this.placeOf(cellId);
    const cell = this.notebook.cells[index];
    if (cell) this.#make({ kind: 'delete', cell, index });
  }

  /** Moves a cell so that it stands at `index` of the result. */
  moveCell(cellId: CellId, index: number): void {
    const from = this.placeOf(cellId);
    const to = Math.min(Math.max(0, index), this.notebook.cells.length - 1);
    if (from >= 0 && from !== to) this.#make({ kind: 'move', from, to });
  }

  /** Cells are numbered as they are read, so that the same text gives the same ids. */
  newCellId(): CellId {
    this.#cellCounter += 1;
    return `c${this.#cellCounter}` as CellId;
  }

  /** Puts other cells in place of the notebook's, as one change; new ones are named by `newCellId`. */
  replaceCells(cells: readonly Cell[]): void {
    this.#make({ kind: 'cells', before: this.notebook.cells, after: cells });
  }

  undo(): void {
    const { done, undone } = this.#history;
    const change = done.at(-1);
    if (!change) return;
    const taken = inverse(this.#apply(inverse(change)));
    this.#history = { done: done.slice(0, -1), undone: [...undone, taken] };
  }

  redo(): void {
    const { done, undone } = this.#history;
    const change = undone.at(-1);
    if (!change) return;
    this.#history = { done: [...done, this.#apply(change)], undone: undone.slice(0, -1) };
  }

  setTitle(title: string): void {
    this.notebook = setHeaderEntry(this.notebook, 'title', title.trim());
    this.#changed(false);
  }

  /** _Extension_: whether an asset whose function was edited counts as changed code, and so is stale. */
  setCountsEdits(counts: boolean): void {
    this.notebook = setHeaderEntry(this.notebook, 'edits', counts ? EDITS_COUNT : null);
    this.#changed(true);
  }

  /** The notebook as a file. */
  exportSource(): string {
    return formatNotebook(this.notebook);
  }

  // Work

  /** Shows a run in its view. */
  openRun(runId: string): void {
    this.openRunId = runId;
    this.view = 'runs';
  }

  /** Shows a backfill in its view. */
  openBackfill(backfillId: string): void {
    this.openBackfillId = backfillId;
    this.view = 'backfills';
  }

  openLaunch(
    assetKeys: readonly string[],
    options: {
      partitionRanges?: KeyRanges;
      anchorCellId?: string;
      jobName?: string;
      runConfig?: RunConfig;
    } = {},
  ): void {
    this.launchPanel = {
      assetKeys,
      partitionRanges: options.partitionRanges ?? null,
      anchorCellId: options.anchorCellId ?? null,
      jobName: options.jobName ?? null,
      runConfig: options.runConfig ?? null,
    };
  }

  /** Opens the launchpad of a job; `runConfig` is what it begins with, if not with that of the job. */
  openLaunchpad(
    jobName: string,
    options: { partitionKey?: string; runConfig?: RunConfig } = {},
  ): void {
    const { partitionKey = null, runConfig = null } = options;
    this.launchpad = { jobName, partitionKey, runConfig };
  }

  closeLaunchpad(): void {
    this.launchpad = null;
  }

  closeLaunch(): void {
    this.launchPanel = null;
  }

  async plan(request: LaunchRequest): Promise<LaunchPlan> {
    await this.#settled();
    return this.#engine.plan(this.notebookId, request);
  }

  async launch(request: LaunchRequest): Promise<LaunchOutcome> {
    await this.#settled();
    return this.#engine.launch(this.notebookId, request);
  }

  /** What a job fills in for a run of a key, existing or not, or of none; null if there is no such job. */
  async readPartitionRunConfig(
    jobName: string,
    partitionKey: string | null,
  ): Promise<FilledRunConfig | null> {
    await this.#settled();
    return this.#engine.readPartitionRunConfig(this.notebookId, jobName, partitionKey);
  }

  /** What an expression over `key` gives for each of some keys of an asset. */
  async evaluateKeyRule(
    assetKey: string,
    partitionRanges: KeyRanges,
    expression: string,
  ): Promise<KeyRuleOutcome> {
    await this.#settled();
    return this.#engine.evaluateKeyRule(this.notebookId, assetKey, partitionRanges, expression);
  }

  /** Stops one run, or all that are not finished. */
  stop(runId: string | null): Promise<void> {
    return this.#engine.stop(this.notebookId, runId);
  }

  setConcurrency(limit: number): Promise<void> {
    return this.#engine.setConcurrency(this.notebookId, limit);
  }

  /** The earlier instant as of which everything is shown; null for now. Then what changes anything is refused. */
  get lookingAt(): EpochMs | null {
    return this.state?.lookingAt ?? null;
  }

  /** Shows the notebook as of an earlier instant, read-only; null goes back to now. The newest call wins. */
  async lookAt(at: EpochMs | null): Promise<void> {
    await this.#settled();
    await this.#engine.lookAt(this.notebookId, at);
  }

  /** The instants at which anything happened, ascending, each once. */
  async readInstants(): Promise<HistoryInstants> {
    await this.#settled();
    return this.#engine.readInstants(this.notebookId);
  }

  /** Moves the virtual clock, or goes back to real time with null. */
  async setClock(at: EpochMs | null): Promise<void> {
    if (this.isClockMoving) await this.playClock(0);
    await this.#engine.setClock(this.notebookId, at);
  }

  /** Newest first. */
  listBackfills(options: { readonly limit: number }): Promise<readonly BackfillState[]> {
    return this.#engine.listBackfills(this.notebookId, options);
  }

  findBackfill(backfillId: string): Promise<BackfillState | null> {
    return this.#engine.findBackfill(this.notebookId, backfillId);
  }

  /** Has a backfill wind down, and cancels its runs. */
  cancelBackfill(backfillId: string): Promise<void> {
    return this.#engine.cancelBackfill(this.notebookId, backfillId);
  }

  pauseBackfill(backfillId: string, paused: boolean): Promise<void> {
    return this.#engine.pauseBackfill(this.notebookId, backfillId, paused);
  }

  /** Begins a backfill of the same keys, or of those that were not materialized; null if nothing is left. */
  async repeatBackfill(backfillId: string, part: 'whole' | 'missing'): Promise<string | null> {
    await this.#settled();
    return this.#engine.repeatBackfill(this.notebookId, backfillId, part);
  }

  /** Makes the run that executes an ended one again. */
  async reexecuteRun(runId: string, how: Reexecution): Promise<string | null> {
    await this.#settled();
    return this.#engine.reexecuteRun(this.notebookId, runId, how);
  }

  /** Lets the virtual clock run on: what falls due on the way is evaluated. */
  async advanceClock(move: ClockMove): Promise<void> {
    this.clockGoal = move.to;
    try {
      await this.#settled();
      await this.#engine.advanceClock(this.notebookId, move);
    } finally {
      this.clockGoal = null;
    }
  }

  /** Lets the virtual clock run by itself, so many times as fast as real time; 0 stops it, and a move under way. */
  playClock(speed: number): Promise<void> {
    return this.#engine.playClock(this.notebookId, speed);
  }

  /** How a schedule or a sensor stands; null while that is not known. */
  instigator(kind: InstigatorState['kind'], name: string): InstigatorState | null {
    const all = this.state?.instigators ?? [];
    return all.find((one) => one.kind === kind && one.name === name) ?? null;
  }

  async setInstigatorRunning(
    kind: InstigatorState['kind'],
    name: string,
    running: boolean,
  ): Promise<void> {
    await this.#settled();
    await this.#engine.setInstigatorRunning(this.notebookId, kind, name, running);
  }

  setCursor(sensorName: string, cursor: string | null): Promise<void> {
    return this.#engine.setCursor(this.notebookId, sensorName, cursor);
  }

  /** What a schedule or a sensor would do at an instant; nothing is launched. */
  async dryRunTick(
    kind: InstigatorState['kind'],
    name: string,
    at: EpochMs,
    cursor?: string | null,
  ): Promise<TickPreview | null> {
    await this.#settled();
    return this.#engine.dryRunTick(this.notebookId, kind, name, at, cursor);
  }

  /** Launches what a dry run asked for; answers the ids of the runs. */
  launchPreview(
    kind: InstigatorState['kind'],
    name: string,
    preview: TickPreview,
  ): Promise<readonly string[]> {
    return this.#engine.launchPreview(this.notebookId, kind, name, preview);
  }

  /** Evaluates a sensor now, due or not. */
  async evaluateSensor(sensorName: string): Promise<Tick | null> {
    await this.#settled();
    return this.#engine.evaluateSensor(this.notebookId, sensorName);
  }

  /** Newest first; `before` is a tick's id. */
  listTicks(
    kind: InstigatorState['kind'],
    name: string,
    options: { readonly limit: number; readonly before: string | null },
  ): Promise<readonly Tick[]> {
    return this.#engine.listTicks(this.notebookId, kind, name, options);
  }

  /** Adds keys to a dynamic definition, or deletes some, with their history if `wipes`; answers what `undoWipe` takes. */
  async changeDynamicPartitions(
    change: DynamicPartitionsChange,
    wipes = false,
  ): Promise<readonly EventId[]> {
    await this.#settled();
    return this.#engine.changeDynamicPartitions(this.notebookId, change, wipes);
  }

  /** Forgets the history of keys, or with null of the whole asset; answers what `undoWipe` takes. */
  async wipePartitions(
    assetKey: string,
    partitionRanges: KeyRanges | null,
  ): Promise<readonly EventId[]> {
    await this.#settled();
    return this.#engine.wipePartitions(this.notebookId, assetKey, partitionRanges);
  }

  /** Reports keys as materialized by someone else; null for an asset without partitions. */
  async reportMaterialization(
    assetKey: string,
    partitionRanges: KeyRanges | null,
    description: string,
  ): Promise<readonly EventId[]> {
    await this.#settled();
    const { notebookId } = this;
    return this.#engine.reportMaterialization(notebookId, assetKey, partitionRanges, description);
  }

  /** Deletes a run that has ended; answers what `undoWipe` takes. */
  deleteRun(runId: string): Promise<readonly EventId[]> {
    return this.#engine.deleteRun(this.notebookId, runId);
  }

  /** Undoes a wipe, a report, a deleted run or a change of dynamic keys, by what the call answered. */
  undoWipe(eventIds: readonly EventId[]): Promise<void> {
    return this.#engine.undoWipe(this.notebookId, eventIds);
  }

  listRuns(options: {
    readonly limit: number;
    readonly before: number | null;
    readonly statuses: readonly RunStatus[] | null;
  }): Promise<readonly Run[]> {
    return this.#engine.listRuns(this.notebookId, options);
  }

  findRun(runId: string): Promise<Run | null> {
    return this.#engine.findRun(this.notebookId, runId);
  }

  /** The newest runs of a job, newest first. */
  listJobRuns(jobName: string, limit: number): Promise<readonly Run[]> {
    return this.#engine.listJobRuns(this.notebookId, jobName, limit);
  }

  /** What all runs of a job came to, step by step; null if it is not declared. */
  readJobHistory(jobName: string): Promise<JobHistory | null> {
    return this.#engine.readJobHistory(this.notebookId, jobName);
  }

  /** The listener is called until what is returned is. */
  watchRunEvents(runId: string, listener: (events: readonly Event[]) => void): Unsubscribe {
    let stopped = false;
    const subscribing = this.#engine.watchRunEvents(
      this.notebookId,
      runId,
      Comlink.proxy((events: readonly Event[]) => {
        if (!stopped) listener(events);
      }),
    );
    return () => {
      stopped = true;
      void subscribing.then((unsubscribe) => unsubscribe());
    };
  }

  readValue(assetKey: string, partitionKey: string | null): Promise<StoredValue | null> {
    return this.#engine.readValue(this.notebookId, assetKey, partitionKey);
  }

  /** The values that a key's newer ones replaced, newest first, as far as they are kept. */
  readReplacedValues(
    assetKey: string,
    partitionKey: string | null,
  ): Promise<readonly StoredValue[]> {
    return this.#engine.readReplacedValues(this.notebookId, assetKey, partitionKey);
  }

  listHistory(
    assetKey: string,
    options: { readonly partitionKey?: string | null; readonly limit: number },
  ): Promise<readonly HistoryEntry[]> {
    return this.#engine.listHistory(this.notebookId, assetKey, options);
  }

  /** Newest first: what happened to one key, with the runs. */
  readKeyEvents(
    assetKey: string,
    partitionKey: string | null,
    limit: number,
  ): Promise<readonly KeyEvent[]> {
    return this.#engine.readKeyEvents(this.notebookId, assetKey, partitionKey, limit);
  }

  /** What a list tells of some keys, in their order. */
  readKeyRows(
    assetKey: string,
    partitionKeys: readonly (string | null)[],
  ): Promise<readonly KeyRow[]> {
    return this.#engine.readKeyRows(this.notebookId, assetKey, partitionKeys);
  }

  /** What a key's newest materialization read, and which keys read it. */
  readKeyLinks(assetKey: string, partitionKey: string | null): Promise<KeyLinks> {
    return this.#engine.readKeyLinks(this.notebookId, assetKey, partitionKey);
  }

  /** The numbers in the metadata of an asset's materializations, by key. */
  readMetadataNumbers(assetKey: string): Promise<readonly MetadataNumbers[]> {
    return this.#engine.readMetadataNumbers(this.notebookId, assetKey);
  }

  /** Why a key is stale, or that it is not. */
  explainStaleness(assetKey: string, partitionKey: string | null): Promise<KeyStaleness> {
    return this.#engine.explainStaleness(this.notebookId, assetKey, partitionKey);
  }

  /** Declares keys fine as they stand; null for an asset without partitions. */
  markFine(assetKey: string, partitionKeys: readonly string[] | null): Promise<void> {
    return this.#engine.markFine(this.notebookId, assetKey, partitionKeys);
  }

  /** What a mapping comes to over all keys of both assets; null if it does not fit, or a newer question came. */
  surveyMapping(question: MappingQuestion): Promise<MappingSurvey | null> {
    return this.#engine.surveyMapping(this.notebookId, question);
  }

  readMaterializationTimes(assetKey: string): Promise<MaterializationTimes> {
    return this.#engine.readMaterializationTimes(this.notebookId, assetKey);
  }

  /** Gets the worlds of the notebook ready to be played. */
  async openTwin(): Promise<void> {
    const { NotebookTwin } = await import('./notebook-twin.svelte.ts');
    this.twin ??= new NotebookTwin(this, this.#engine);
  }

  clearHistory(): Promise<void> {
    return this.#engine.clearHistory(this.notebookId);
  }

  /** Asks the goals that were not reached yet; in notebook order. */
  checkGoals(): Promise<readonly GoalStanding[]> {
    return this.#engine.checkGoals(this.notebookId);
  }

  async runTests(cellId: string | null): Promise<void> {
    await this.#settled();
    this.runningTests = true;
    try {
      const edits = this.#edits;
      const results = await this.#engine.runTests(this.notebookId, cellId);
      if (edits !== this.#edits) return;
      const merged = new Map(cellId === null ? [] : this.testResults);
      for (const result of results) merged.set(result.testId, result);
      this.testResults = merged;
    } finally {
      this.runningTests = false;
    }
  }

  readFile(path: string): Promise<Uint8Array | null> {
    return this.#engine.readFile(this.notebookId, path);
  }

  writeFile(path: string, bytes: Uint8Array): Promise<void> {
    return this.#engine.writeFile(this.notebookId, path, bytes, false);
  }

  removeFile(path: string): Promise<void> {
    return this.#engine.removeFile(this.notebookId, path);
  }

  // Saving

  /** Writes what is not yet written; settles when it is, or when it could not be. */
  async flush(): Promise<void> {
    clearTimeout(this.#saveTimer);
    await this.#saving;
    if (this.#dirty && this.saveState !== 'unsaved copy') await this.#save();
  }

  /** Moves a notebook that was opened from a link to the device. */
  async keep(): Promise<void> {
    const kept = await this.#engine.keepNotebook(this.notebookId);
    this.#revision = kept.revision;
    this.saveState = 'saved';
    await this.#save();
  }

  /** Whether there is text that is not written yet, and that ought to be. */
  get unsaved(): boolean {
    return this.saveState === 'saving' || this.saveState === 'not saved';
  }

  /** The newest saved revision that this text was written on. */
  get revision(): number {
    return this.#revision;
  }

  /**
   * Replaces the text by one that was not saved in time, and saves it: as what it is, written on `revision`, so that
   * whoever saved since is not overwritten, but asked about.
   */
  restore({ source, revision }: { readonly source: string; readonly revision: number }): void {
    if (source === this.exportSource()) return;
    this.#revision = Math.min(this.#revision, revision);
    this.#read(source);
    this.#changed(true);
  }

  /** After a conflict: this tab's text replaces the other's. */
  async keepMine(): Promise<void> {
    if (!this.conflict) return;
    this.#revision = this.conflict.revision;
    this.conflict = null;
    await this.#save();
  }

  /** After a conflict: the other tab's text replaces this one's. */
  takeTheirs(): void {
    if (!this.conflict) return;
    const theirs = this.conflict;
    this.conflict = null;
    this.#dirty = false;
    this.saveState = 'saved';
    this.saveProblem = null;
    this.#adopt(theirs);
  }

  /** The engine may have forgotten a closed notebook, or never have known it. @throws what was thrown otherwise. */
  #unlessClosed(thrown: unknown): void {
    if (!this.#isClosed) throw thrown;
  }

  #make(change: StructureChange): void {
    this.#history = record(this.#history, this.#apply(change));
  }

  /** Makes a change and returns it with the cell as it is now: its text may have changed since. */
  #apply(change: StructureChange): StructureChange {
    let made = change;
    switch (change.kind) {
      case 'add':
        this.notebook = insertCell(this.notebook, change.index, change.cell);
        break;
      case 'delete': {
        const cell = this.notebook.cells.find(({ cellId }) => cellId === change.cell.cellId);
        made = { ...change, cell: cell ?? change.cell };
        this.notebook = deleteCell(this.notebook, change.cell.cellId);
        break;
      }
      case 'move': {
        const cell = this.notebook.cells[change.from];
        if (cell) this.notebook = moveCell(this.notebook, cell.cellId, change.to);
        break;
      }
      case 'cells': {
        const before = this.notebook.cells;
        made = { ...change, before, after: withEditsSince(change, before) };
        this.notebook = { ...this.notebook, cells: made.after };
        break;
      }
    }
    this.#changed(true);
    return made;
  }

  #changed(evaluate: boolean): void {
    this.#dirty = true;
    if (this.saveState !== 'unsaved copy') {
      this.saveState = 'saving';
      clearTimeout(this.#saveTimer);
      this.#saveTimer = setTimeout(() => void this.flush(), SAVE_AFTER_MS);
    }
    if (!evaluate) return;
    this.#edits += 1;
    if (this.testResults.size > 0) this.testResults = new Map();
    if (!this.evaluates) return;
    clearTimeout(this.#evaluateTimer);
    this.#evaluateTimer = setTimeout(() => {
      this.#evaluateTimer = undefined;
      this.#ready = this.#evaluate();
    }, EVALUATE_AFTER_MS);
  }

  /** Settles when the engine has seen the text as it stands. */
  async #settled(): Promise<void> {
    if (this.#evaluateTimer !== undefined) {
      clearTimeout(this.#evaluateTimer);
      this.#evaluateTimer = undefined;
      this.#ready = this.#evaluate();
    }
    await this.#ready;
  }

  async #evaluate(): Promise<void> {
    if (!this.evaluates) return;
    const cells = this.notebook.cells
      .map((cell, place) => ({ cell, number: place + 1 }))
      .filter(({ cell }) => cell.kind === 'code' && isShared(cell))
      .map(({ cell: { cellId, text }, number }) => ({ cellId, text, number }));
    const { startsAt, seed, countsEdits } = this.settings;
    await this.#engine.evaluate(this.notebookId, cells, { startsAt, seed, countsEdits });
  }

  #save(): Promise<void> {
    this.#saving = this.#write().finally(() => {
      this.#saving = null;
    });
    return this.#saving;
  }

  async #write(): Promise<void> {
    this.saveState = 'saving';
    this.#dirty = false;
    const outcome = await this.#engine.saveNotebook(
      this.notebookId,
      this.exportSource(),
      this.title,
      this.#revision,
    );
    if (outcome.status === 'saved' && outcome.record) {
      this.#revision = outcome.record.revision;
      this.saveState = this.#dirty ? 'saving' : 'saved';
      this.saveProblem = null;
      return;
    }
    this.#dirty = true;
    this.saveState = 'not saved';
    this.saveProblem =
      outcome.message ?? 'Another tab changed this notebook. Keep this text, or take the other.';
    if (outcome.status === 'conflict') this.conflict = outcome.record;
  }

  #follow(state: NotebookState): void {
    const before = this.state?.runCounts;
    this.state = this.state ? keepingEqualParts(state, this.state) : state;
    this.goals?.look();
    if (!this.goals && state.codeLocation.definitions.goals) void this.#followGoals();
    if (!before) return;
    const ended = state.runCounts.SUCCESS - before.SUCCESS;
    const failed = state.runCounts.FAILURE - before.FAILURE;
    if (failed > 0) this.announcement = failed === 1 ? '1 run failed.' : `${failed} runs failed.`;
    else if (ended > 0) this.announcement = ended === 1 ? '1 run done.' : `${ended} runs done.`;
  }

  async #followGoals(): Promise<void> {
    const { NotebookGoals } = await import('./notebook-goals.svelte.ts');
    this.goals ??= new NotebookGoals(this);
  }

  #followRecord(saved: NotebookRecord): void {
    if (saved.revision <= this.#revision) return;
    if (this.#dirty || this.#saving) return;
    this.#adopt(saved);
  }

  #adopt(saved: NotebookRecord): void {
    this.#revision = saved.revision;
    this.#read(saved.source);
    this.#ready = this.#evaluate();
  }

  #read(source: string): void {
    this.#cellCounter = 0;
    this.notebook = parseNotebook(source, () => this.newCellId());
    this.#history = emptyHistory;
    this.#edits += 1;
    this.testResults = new Map();
  }

  /** Fetches the files that the header names and that are not there yet. */
  async #bringFiles(): Promise<void> {
    if (this.settings.files.length === 0) return;
    const problems: string[] = [];
    await Promise.all(
      this.settings.files.map(async (path) => {
        try {
          if (await this.#engine.readFile(this.notebookId, path)) return;
          const bytes = await this.#fetchShipped(path);
          await this.#engine.writeFile(this.notebookId, path, bytes, true);
        } catch (thrown) {
          problems.push(
            `${path}, which this notebook names, could not be had: ${messageOf(thrown)}`,
          );
        }
      }),
    );
    this.fileProblems = problems;
  }
}

/**
 * `state` with those parts of the one before that say the same: what is made from definitions, an
 * index above all, is then not made again with every push of a long backfill.
 */
function keepingEqualParts(state: NotebookState, before: NotebookState): NotebookState {
  const isSameCode = state.codeLocation.version === before.codeLocation.version;
  const isSameKeys =
    JSON.stringify(state.dynamicPartitions) === JSON.stringify(before.dynamicPartitions);
  return {
    ...state,
    codeLocation: isSameCode ? before.codeLocation : state.codeLocation,
    dynamicPartitions: isSameKeys ? before.dynamicPartitions : state.dynamicPartitions,
  };
}

function groupByCell(problems: readonly CellProblem[]): ReadonlyMap<string, CellProblem[]> {
  const byCell = new Map<string, CellProblem[]>();
  for (const problem of problems) {
    const list = byCell.get(problem.cellId);
    if (list) list.push(problem);
    else byCell.set(problem.cellId, [problem]);
  }
  return byCell;
}

function firstHeading(notebook: Notebook): string | null {
  const text = notebook.cells.find((cell) => cell.kind === 'text')?.text ?? '';
  return /^#{1,3}\s+(.+)$/m.exec(text)?.[1]?.trim() ?? null;
}
