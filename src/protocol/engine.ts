/*
 * What passes between the page and its engine worker: both are ours, so calls go
 * through Comlink. Plain data only, but for listeners, which the page wraps in
 * `Comlink.proxy`.
 */
import type { AssetKeyText, Definitions } from '../definitions/definitions.ts';
import type { Backfill, BackfillProgress } from '../orchestration/backfill/backfill.ts';
import type { KeyedRunConfig, LaunchPace } from '../orchestration/backfill/launch-extras.ts';
import type { Reexecution } from '../orchestration/reexecute-run.ts';
import type { TickPreview } from '../orchestration/automations.ts';
import type { DynamicPartitionsChange } from '../orchestration/dynamic-partitions.ts';
import type { Event, EventId } from '../orchestration/event.ts';
import type { JobHistory } from '../orchestration/job-history.ts';
import type { WaitReason } from '../orchestration/backfill/wait-reason.ts';
import type { PartitionStatuses } from '../orchestration/partition-status.ts';
import type { Run, RunConfig, RunStatus } from '../orchestration/run.ts';
import type { StaleCause, StaleStatus } from '../orchestration/staleness/stale-cause.ts';
import type { Tick } from '../orchestration/ticks.ts';
import type { PartitionKey } from '../partitions/context.ts';
import type { PartitionMapping } from '../partitions/mapping/partition-mapping.ts';
import type { MappingSurvey } from '../partitions/mapping/survey-mapping.ts';
import type { KeyRanges } from '../partitions/key-ranges.ts';
import type { EpochMs } from '../time/time-window.ts';
import type { SerializableErrorInfo } from './error-info.ts';

/** A notebook as it stands in the list of the reader's notebooks. */
export interface NotebookSummary {
  readonly notebookId: string;
  readonly title: string;
  readonly updatedAt: EpochMs;
  /** The shipped example that it is a copy of; null if none. */
  readonly example: string | null;
}

/** What a new notebook is kept with. */
export const FIRST_REVISION = 1;

/** A notebook as it is kept. */
export interface NotebookRecord extends NotebookSummary {
  /** The whole file. */
  readonly source: string;
  /** Grows by one with each save; a save names the one that it is based on. */
  readonly revision: number;
}

/** What a notebook says about itself, as the engine needs it. */
export interface NotebookSettings {
  /** The instant at which a paused virtual clock starts; null for real time. */
  readonly startsAt: EpochMs | null;
  readonly seed: number;
  /** _Extension_: whether an asset whose function was edited counts as changed code. Absent means no. */
  readonly countsEdits?: boolean;
}

export interface CellSource {
  readonly cellId: string;
  readonly text: string;
  /** Its place among all cells, text cells too, counted from 1; by it messages name a cell. */
  readonly number?: number;
}

/** A fault in a cell, shown under its line. */
export interface CellProblem {
  readonly cellId: string;
  /** Counted from 1. */
  readonly line: number;
  readonly column: number;
  /** Where the marked text ends in the cell's text, as offsets; null if only the line is known. */
  readonly span: { readonly from: number; readonly to: number } | null;
  readonly severity: 'error' | 'warning';
  /** snake_case; what tests and fixes go by. */
  readonly code: string;
  /** One sentence or two. */
  readonly message: string;
}

/** A loaded notebook: what it declares, or why parts of it do not. */
export interface CodeLocation {
  /** Counts the evaluations of this notebook in this tab. */
  readonly version: number;
  readonly definitions: Definitions;
  readonly problems: readonly CellProblem[];
  /** Cells that did not evaluate because of another, by cell, with the cell at fault. */
  readonly heldBack: readonly { readonly cellId: string; readonly becauseOf: string }[];
}

/** How one asset stands now; what its card, its bar and its node in the graph show. */
export interface AssetState {
  readonly assetKey: AssetKeyText;
  readonly statuses: PartitionStatuses;
  /** The newest materialization, with a preview of its value; null if never. */
  readonly latest: LatestMaterialization | null;
  /** The newest failure that still stands, for the line in the cell; null if none. */
  readonly failure: StandingFailure | null;
}

/** Whether and why one key is stale. */
export interface KeyStaleness {
  readonly status: StaleStatus;
  /** By the text of what changed; of a key that reads thousands, the first of them. */
  readonly causes: readonly StaleCause[];
  /** Where the causes come from. */
  readonly rootCauses: readonly StaleCause[];
  /** As Dagster gives it (STALE-3); `NULL` if it was never materialized. */
  readonly dataVersion: string;
}

export interface LatestMaterialization {
  readonly eventId: EventId;
  readonly runId: string;
  readonly partitionKey: PartitionKey | null;
  readonly at: EpochMs;
}

export interface StandingFailure {
  readonly runId: string;
  readonly partitionKey: PartitionKey | null;
  readonly at: EpochMs;
  readonly error: SerializableErrorInfo;
  /** How many keys fail with it. */
  readonly keys: number;
}

/** A backfill, and how far it has come. */
export interface BackfillState {
  readonly backfill: Backfill;
  /** Of each asset that it targets, in their order. */
  readonly progress: readonly BackfillProgress[];
}

/** The instants at which anything happened, ascending, each once. */
export type HistoryInstants = Float64Array;

/** How a schedule or a sensor stands. */
export interface InstigatorState {
  readonly kind: 'schedule' | 'sensor';
  readonly name: string;
  readonly running: boolean;
  /** Of a sensor: what it keeps; null if nothing. */
  readonly cursor: string | null;
  /** Null if it was never evaluated. */
  readonly lastTickAt: EpochMs | null;
  readonly tickCount: number;
  /** Null if it is stopped, or never ticks again. */
  readonly nextTickAt: EpochMs | null;
}

/** How far the virtual clock is to run, and whether it waits at each tick for what that launched. */
export interface ClockMove {
  /** `nextEvent`: to the next tick, or the next partition that opens. */
  readonly to: EpochMs | 'nextEvent';
  readonly waits: boolean;
}

/** What a page follows of one notebook: pushed at most once a frame while things happen. */
export interface NotebookState {
  readonly codeLocation: CodeLocation;
  /** The earlier instant as of which everything here is; null for now. Then nothing can be changed. */
  readonly lookingAt: EpochMs | null;
  /** The instant under which the statuses were made: ordinals count the keys that exist at it. */
  readonly effectiveAt: EpochMs;
  /** Keys of dynamic definitions, in the order in which they were added. */
  readonly dynamicPartitions: readonly (readonly [name: string, keys: readonly PartitionKey[]])[];
  /** Schedules, then sensors, each in notebook order; empty while another tab leads and has not told. */
  readonly instigators: readonly InstigatorState[];
  /** Notebook milliseconds for each real one while the virtual clock plays; 0 while it stands. */
  readonly clockSpeed: number;
  /** Backfills that have not ended, oldest first; empty while another tab leads. */
  readonly activeBackfills: readonly BackfillState[];
  /** Whether time passes only when the clock is moved: the notebook says where it starts, or its reader set it. */
  readonly virtualClock: boolean;
  /** How many runs may execute at once. */
  readonly concurrency: number;
  /** In notebook order; one for each asset of the definitions. */
  readonly assets: readonly AssetState[];
  readonly runCounts: Readonly<Record<RunStatus, number>>;
  /** The last event of the log. Changes whenever anything happened. */
  readonly lastEventId: EventId;
  /** Whether this tab's daemon works the notebook; another tab's does if not. */
  readonly leader: boolean;
  /** What could not be written, in words; null if all is saved. */
  readonly storageProblem: string | null;
}

/**
 * Which assets, which keys, with which config. With the name of a declared job it is a launch of that job: of
 * some of its assets, or of all it has, be it ops, if it names none.
 */
export interface LaunchRequest {
  readonly assetKeys: readonly AssetKeyText[];
  /** Keys of the chosen assets' common definition; null for assets without partitions, and for none. */
  readonly partitionRanges: KeyRanges | null;
  readonly runConfig: RunConfig;
  readonly tags: Readonly<Record<string, string>>;
  /** The job whose name the runs bear; null for `__ASSET_JOB`. */
  readonly jobName: string | null;
  /** _Extension_: config for some of the keys; absent or empty: `runConfig` is for all. */
  readonly configByKey?: readonly KeyedRunConfig[];
  /** _Extension_: absent: the runs go as in Dagster. */
  readonly pace?: LaunchPace;
}

/** Exactly what a launch will do: the same code as the launch decides it. */
export interface LaunchPlan {
  /** In order. A wave starts when the one before has ended. */
  readonly waves: readonly PlanWave[];
  readonly runCount: number;
  /** What forbids it, or should be known; empty if nothing. A launch with an error is refused. */
  readonly problems: readonly PlanProblem[];
}

export interface PlanWave {
  readonly assetKeys: readonly AssetKeyText[];
  /** Null for one run without a key. */
  readonly partitionRanges: KeyRanges | null;
  /** How many keys that are. */
  readonly keyCount: number;
  readonly runCount: number;
  /** Why these are together, and why now: one or two sentences. */
  readonly reason: string;
  /** Counted from 1: what has the same number goes at the same time; absent if there is but one. */
  readonly wave?: number;
  /** Neighbouring keys that one run takes at most; null for all; absent for one run a key. */
  readonly partitionsPerRun?: number | null;
  /** Whether its runs go one after another, because an asset reads itself; absent if not. */
  readonly oneByOne?: boolean;
  /** What its keys waited for; absent if for nothing. */
  readonly waits?: readonly PlanWait[];
}

/** Keys of a wave that could not go with an earlier one, and why. */
export interface PlanWait {
  readonly assetKey: AssetKeyText;
  /** Null for an asset without partitions. */
  readonly partitionRanges: KeyRanges | null;
  /** How many keys that are. */
  readonly keyCount: number;
  readonly reason: WaitReason;
}

export interface PlanProblem {
  readonly severity: 'error' | 'warning';
  /** What it is about: `partitions`, or the path of a config entry such as `customer_data.limit`. */
  readonly field: string;
  readonly message: string;
  /** The key whose own config it is about; absent if it is about all. */
  readonly partitionKey?: PartitionKey;
  /** The asset that goes along with nothing to run, as none of its keys reads what is chosen; absent if it is about something else. */
  readonly leavesOut?: AssetKeyText;
}

/** What a job fills in for a run: of one key, or of none. */
export interface FilledRunConfig {
  readonly runConfig: RunConfig;
  /** The job's function of the key, or the config that the job was given; null if neither says anything. */
  readonly from: 'partition' | 'job' | null;
  /** Those of the job; `partitionTags` stand above them. */
  readonly jobTags: Readonly<Record<string, string>>;
  /** Those that the job's function gives for the key, and above them those that name the key and its set. */
  readonly partitionTags: Readonly<Record<string, string>>;
  /** What a function of the key threw; null if nothing. */
  readonly error: SerializableErrorInfo | null;
}

/** The values of a rule, in the order of its keys; or why there are none. */
export type KeyRuleOutcome =
  | { readonly status: 'evaluated'; readonly values: readonly unknown[] }
  | { readonly status: 'failed'; readonly message: string };

export type LaunchOutcome =
  | {
      readonly status: 'launched';
      readonly runIds: readonly string[];
      readonly backfillId: string | null;
    }
  | { readonly status: 'refused'; readonly problems: readonly PlanProblem[] };

/** The value that an asset stored for a key. */
export interface StoredValue {
  readonly assetKey: AssetKeyText;
  readonly partitionKey: PartitionKey | null;
  /** The path that Dagster's manager would use, below its base (IO-2). */
  readonly path: string;
  /**
   * As stored: what structured clone carries, with tags for the classes that survive
   * (`protocol/stored-value.ts`); of a large value its beginning (`protocol/value-excerpt.ts`).
   */
  readonly value: unknown;
  /** Of the whole value. */
  readonly bytes: number;
  readonly runId: string;
  readonly at: EpochMs;
}

/** One materialization or failure of a key, for histories. */
export interface HistoryEntry {
  readonly eventId: EventId;
  readonly type: 'ASSET_MATERIALIZATION' | 'STEP_FAILURE';
  readonly assetKey: AssetKeyText;
  readonly partitionKey: PartitionKey | null;
  readonly runId: string;
  readonly at: EpochMs;
  readonly message: string;
}

/** One event of a key's history, with the run that it happened in and what it was made from; or a wipe. */
export interface KeyEvent extends Omit<HistoryEntry, 'type'> {
  readonly type: HistoryEntry['type'] | 'ASSET_WIPED';
  /** Null if no run made it, or the run was deleted. */
  readonly run: Run | null;
  /** Of a materialization: what the author's code said of it; null if nothing. */
  readonly metadata: Readonly<Record<string, unknown>> | null;
  /** Null if the asset had none. */
  readonly codeVersion: string | null;
  /** Of a materialization (STALE-3); null otherwise. */
  readonly dataVersion: string | null;
  /** Extension: whether it declares the key fine as it stands, and made nothing. */
  readonly marksFine: boolean;
}

/** What a list tells of a key beside its status. */
export interface KeyRow {
  /** Null if nothing happened to it. */
  readonly newest: HistoryEntry | null;
  /** Real time of its run; null if that is not known. */
  readonly tookMs: number | null;
}

/** A materialization, as others name it. */
export interface RecordedAt {
  readonly eventId: EventId;
  readonly runId: string;
  readonly at: EpochMs;
}

/** Keys of another asset that a key reads, or is read by; of very many the first. */
export interface KeyUse {
  readonly assetKey: AssetKeyText;
  readonly keys: readonly {
    /** Null for an asset without partitions. */
    readonly partitionKey: PartitionKey | null;
    /** What the newest materialization of the reader read; null if nothing was there, or none was made. */
    readonly read: RecordedAt | null;
    /** What it would read now; null if nothing is there. */
    readonly now: RecordedAt | null;
  }[];
}

/** What a key read, and what read it. */
export interface KeyLinks {
  /** By asset, in the order of its dependencies. */
  readonly inputs: readonly KeyUse[];
  /** By asset, in notebook order. */
  readonly readers: readonly KeyUse[];
}

/** A number that materializations of an asset tell in their metadata: the newest of each key. */
export interface MetadataNumbers {
  readonly name: string;
  /** Of keys that exist now, ascending. */
  readonly ordinals: Int32Array;
  readonly values: Float64Array;
}

/** Everything that the history of a notebook holds. */
export interface WholeLog {
  /** In order. */
  readonly events: readonly Event[];
  /** Oldest first. */
  readonly runs: readonly Run[];
  /** Which values are stored, and by which run; in any order. */
  readonly values: readonly {
    readonly assetKey: AssetKeyText;
    readonly partitionKey: PartitionKey | null;
    readonly runId: string;
  }[];
}

export interface NotebookFile {
  readonly path: string;
  readonly bytes: number;
  readonly updatedAt: EpochMs;
  /** True if the notebook came with it. */
  readonly shipped: boolean;
}

export interface TestResult {
  readonly testId: number;
  readonly title: string;
  readonly cellId: string;
  readonly status: 'passed' | 'failed';
  readonly error: SerializableErrorInfo | null;
}

/** How a goal of the notebook stands. */
export interface GoalStanding {
  readonly goalId: number;
  /** `broken`: its function threw, or does not end. */
  readonly status: 'reached' | 'open' | 'broken';
  /** The notebook's instant; null unless it was reached. */
  readonly reachedAt: EpochMs | null;
  /** What its function says is missing, or why it is broken; null if nothing is said. */
  readonly message: string | null;
}

export interface SaveOutcome {
  /** `conflict`: another tab saved in between; its record comes with it. */
  readonly status: 'saved' | 'conflict' | 'failed';
  readonly record: NotebookRecord | null;
  /** Why it failed, in words. */
  readonly message: string | null;
}

/** Where notebooks are kept: on the device, or only as long as this tab. */
export type StorageMode = 'persistent' | 'memory';

export type Unsubscribe = () => void;

/**
 * The engine worker, as the page sees it. Every call settles; a call about an
 * unknown notebook rejects. Listeners are called at once with what is known, then on
 * every change.
 */
export interface EngineApi {
  /**
   * The engine's first call.
   *
   * @param requestFrame is called whenever a sandbox frame is needed: there is none, or the last one went
   * silent. An argument of its own, since a listener travels only as one.
   */
  start(
    options: {
      /** The site's base path; it becomes part of the database's name. */
      readonly basePath: string;
      /** True to keep nothing (`?embed`). */
      readonly ephemeral: boolean;
    },
    requestFrame: () => void,
  ): Promise<{ readonly storage: StorageMode; readonly banner: string | null }>;
  /** Hands over the control port of a fresh sandbox frame. */
  connectFrame(control: MessagePort): Promise<void>;

  watchNotebooks(listener: (notebooks: readonly NotebookSummary[]) => void): Promise<Unsubscribe>;
  /** The kept notebook, or null. */
  findNotebook(
    by: { readonly notebookId: string } | { readonly example: string },
  ): Promise<NotebookRecord | null>;
  /**
   * Keeps a new notebook; calls about it may be made at once, and wait for it. `transient` ones live in
   * memory until `keepNotebook`. A kept copy of the example comes instead, if there is one: its id is another.
   */
  createNotebook(draft: {
    /** Random, as ids are never given twice. */
    readonly notebookId: string;
    readonly source: string;
    readonly title: string;
    readonly example: string | null;
    readonly transient: boolean;
  }): Promise<NotebookRecord>;
  /** Moves a transient notebook, with its history, to the device. */
  keepNotebook(notebookId: string): Promise<NotebookRecord>;
  saveNotebook(
    notebookId: string,
    source: string,
    title: string,
    baseRevision: number,
  ): Promise<SaveOutcome>;
  /** Called when another tab saved this notebook. */
  watchNotebook(
    notebookId: string,
    listener: (record: NotebookRecord) => void,
  ): Promise<Unsubscribe>;
  deleteNotebook(notebookId: string): Promise<void>;
  /** Forgets runs, events, values and written files; the text stays. */
  clearHistory(notebookId: string): Promise<void>;

  /** Evaluates the definitions anew. The newest call wins; `state` brings the result too. */
  evaluate(
    notebookId: string,
    cells: readonly CellSource[],
    settings: NotebookSettings,
  ): Promise<CodeLocation>;
  watchState(notebookId: string, listener: (state: NotebookState) => void): Promise<Unsubscribe>;

  /**
   * Shows the notebook as of an earlier instant: states, runs and histories are of then, and what would change
   * anything is refused with a sentence. Null goes back to now. Only this tab looks back.
   */
  lookAt(notebookId: string, at: EpochMs | null): Promise<void>;
  /** Where there is something to look back to. */
  readInstants(notebookId: string): Promise<HistoryInstants>;

  /** Moves the virtual clock; null goes back to real time. */
  setClock(notebookId: string, at: EpochMs | null): Promise<void>;
  /** Lets the virtual clock run on: what falls due on the way is evaluated at its instant. Nothing in real time. */
  advanceClock(notebookId: string, move: ClockMove): Promise<void>;
  /** Lets the virtual clock run by itself, so many times as fast as real time; 0 stops it, and a move under way. */
  playClock(notebookId: string, speed: number): Promise<void>;
  /** Starts or stops a schedule or a sensor. */
  setInstigatorRunning(
    notebookId: string,
    kind: Tick['kind'],
    name: string,
    running: boolean,
  ): Promise<void>;
  /** Replaces what a sensor keeps; null makes it forget. */
  setCursor(notebookId: string, sensorName: string, cursor: string | null): Promise<void>;
  /** What a schedule or a sensor would do at an instant; nothing is launched. Null if it is not declared. */
  dryRunTick(
    notebookId: string,
    kind: Tick['kind'],
    name: string,
    at: EpochMs,
    /** Of a sensor; absent: what it keeps. */
    cursor?: string | null,
  ): Promise<TickPreview | null>;
  /**
   * Launches what a dry run asked for, with its changes of dynamic keys, and has a sensor keep its cursor; answers
   * the ids of the runs. That is no tick. Rejects with a sentence if it failed, or a key does not exist now.
   */
  launchPreview(
    notebookId: string,
    kind: Tick['kind'],
    name: string,
    preview: TickPreview,
  ): Promise<readonly string[]>;
  /** Evaluates a sensor now, due or not, running or not; null if it is not declared. */
  evaluateSensor(notebookId: string, sensorName: string): Promise<Tick | null>;
  /** Newest first; `before` is a tick's id. */
  listTicks(
    notebookId: string,
    kind: Tick['kind'],
    name: string,
    options: { readonly limit: number; readonly before: string | null },
  ): Promise<readonly Tick[]>;
  /**
   * Adds keys to a dynamic definition, or deletes some; what is so already stays. With `wipes`, the history of
   * deleted keys goes too, of every asset that has them. Answers what `undoWipe` takes; empty if nothing changed.
   */
  changeDynamicPartitions(
    notebookId: string,
    change: DynamicPartitionsChange,
    wipes?: boolean,
  ): Promise<readonly EventId[]>;
  /**
   * Forgets the history of keys of an asset; null for the whole asset. Its values stay. Answers what `undoWipe`
   * takes. Rejects with a sentence if there is no such asset or key; so do the next two.
   */
  wipePartitions(
    notebookId: string,
    assetKey: AssetKeyText,
    partitionRanges: KeyRanges | null,
  ): Promise<readonly EventId[]>;
  /** Reports keys as materialized by someone else, without a run; null for an asset without partitions. */
  reportMaterialization(
    notebookId: string,
    assetKey: AssetKeyText,
    partitionRanges: KeyRanges | null,
    description: string,
  ): Promise<readonly EventId[]>;
  /** Deletes a run that has ended: it is neither listed nor counted, and what it recorded is no history. */
  deleteRun(notebookId: string, runId: string): Promise<readonly EventId[]>;
  /** Undoes what one of these four calls did, by the ids that it answered: as if it had never been. */
  undoWipe(notebookId: string, eventIds: readonly EventId[]): Promise<void>;
  plan(notebookId: string, request: LaunchRequest): Promise<LaunchPlan>;
  launch(notebookId: string, request: LaunchRequest): Promise<LaunchOutcome>;
  /** What a job fills in for a run of a key, existing or not, or of none; null if there is no such job. */
  readPartitionRunConfig(
    notebookId: string,
    jobName: string,
    partitionKey: PartitionKey | null,
  ): Promise<FilledRunConfig | null>;
  /**
   * _Extension_: what an expression over `key` gives for each of some keys of an asset, evaluated in the sandbox
   * as cells are; of a key of several dimensions also `keysByDimension`. `undefined` is no value.
   */
  evaluateKeyRule(
    notebookId: string,
    assetKey: AssetKeyText,
    partitionRanges: KeyRanges,
    expression: string,
  ): Promise<KeyRuleOutcome>;
  /** Stops one run, or all that are not finished. */
  stop(notebookId: string, runId: string | null): Promise<void>;
  setConcurrency(notebookId: string, limit: number): Promise<void>;
  /** Newest first. */
  listBackfills(
    notebookId: string,
    options: { readonly limit: number },
  ): Promise<readonly BackfillState[]>;
  findBackfill(notebookId: string, backfillId: string): Promise<BackfillState | null>;
  /** Has a backfill wind down, and cancels its runs. */
  cancelBackfill(notebookId: string, backfillId: string): Promise<void>;
  /** While a backfill is paused, its runs go on and nothing more is requested. */
  pauseBackfill(notebookId: string, backfillId: string, paused: boolean): Promise<void>;
  /** Begins a backfill of the same keys, or of those that were not materialized; answers its id, null if nothing is left. */
  repeatBackfill(
    notebookId: string,
    backfillId: string,
    part: 'whole' | 'missing',
  ): Promise<string | null>;
  /** Makes the run that executes an ended one again; answers its id, null if it is not known. Rejects if nothing of it failed. */
  reexecuteRun(notebookId: string, runId: string, how: Reexecution): Promise<string | null>;

  /** Newest first, from `before` (a run number) on. */
  listRuns(
    notebookId: string,
    options: {
      readonly limit: number;
      readonly before: number | null;
      readonly statuses: readonly RunStatus[] | null;
    },
  ): Promise<readonly Run[]>;
  findRun(notebookId: string, runId: string): Promise<Run | null>;
  /** The newest runs of a job, newest first. */
  listJobRuns(notebookId: string, jobName: string, limit: number): Promise<readonly Run[]>;
  /** What all runs of a job came to, step by step; null if it is not declared. */
  readJobHistory(notebookId: string, jobName: string): Promise<JobHistory | null>;
  /** The run's events in order, and its author's lines while it still runs. */
  watchRunEvents(
    notebookId: string,
    runId: string,
    listener: (events: readonly Event[]) => void,
  ): Promise<Unsubscribe>;
  /** Enough of a value to be shown; null if nothing is stored. */
  readValue(
    notebookId: string,
    assetKey: AssetKeyText,
    partitionKey: PartitionKey | null,
  ): Promise<StoredValue | null>;
  /** The values that a key's newer ones replaced, newest first; of many or large ones not all are kept. */
  readReplacedValues(
    notebookId: string,
    assetKey: AssetKeyText,
    partitionKey: PartitionKey | null,
  ): Promise<readonly StoredValue[]>;
  /** Newest first; of one key, or of the asset (`partitionKey` undefined). */
  listHistory(
    notebookId: string,
    assetKey: AssetKeyText,
    options: { readonly partitionKey?: PartitionKey | null; readonly limit: number },
  ): Promise<readonly HistoryEntry[]>;
  /** Newest first: what happened to one key, with the runs. */
  readKeyEvents(
    notebookId: string,
    assetKey: AssetKeyText,
    partitionKey: PartitionKey | null,
    limit: number,
  ): Promise<readonly KeyEvent[]>;
  /** What a list tells of some keys, in their order. */
  readKeyRows(
    notebookId: string,
    assetKey: AssetKeyText,
    partitionKeys: readonly (PartitionKey | null)[],
  ): Promise<readonly KeyRow[]>;
  /** What a key's newest materialization read, and which keys read it. */
  readKeyLinks(
    notebookId: string,
    assetKey: AssetKeyText,
    partitionKey: PartitionKey | null,
  ): Promise<KeyLinks>;
  /** The numbers in the metadata of an asset's materializations, by key. */
  readMetadataNumbers(
    notebookId: string,
    assetKey: AssetKeyText,
  ): Promise<readonly MetadataNumbers[]>;
  /** Why a key is stale, or that it is not; a key of null is an asset without partitions. */
  explainStaleness(
    notebookId: string,
    assetKey: AssetKeyText,
    partitionKey: PartitionKey | null,
  ): Promise<KeyStaleness>;
  /**
   * What a mapping comes to over all keys; null if it does not fit. A newer question about the same notebook
   * ends one under way, which then answers null.
   */
  surveyMapping(notebookId: string, question: MappingQuestion): Promise<MappingSurvey | null>;
  /** Declares keys fine as they stand, whatever changed since they were made; null for an asset without partitions. */
  markFine(
    notebookId: string,
    assetKey: AssetKeyText,
    partitionKeys: readonly PartitionKey[] | null,
  ): Promise<void>;
  /** When each key was last materialized: one entry per materialized ordinal, ascending; for the history picture. */
  readMaterializationTimes(
    notebookId: string,
    assetKey: AssetKeyText,
  ): Promise<MaterializationTimes>;

  /**
   * _Extension_: the whole history, once nothing is under way; for notebooks of few runs. With `after` only the
   * events after that one, the runs that they are of, and the values at the places that they materialized.
   */
  readWholeLog(notebookId: string, after?: EventId): Promise<WholeLog>;

  watchFiles(
    notebookId: string,
    listener: (files: readonly NotebookFile[]) => void,
  ): Promise<Unsubscribe>;
  readFile(notebookId: string, path: string): Promise<Uint8Array | null>;
  /** `shipped` marks a file that came with the notebook. */
  writeFile(notebookId: string, path: string, bytes: Uint8Array, shipped: boolean): Promise<void>;
  removeFile(notebookId: string, path: string): Promise<void>;

  /** Runs the tests of one cell, or all; each in a fresh evaluation. */
  runTests(notebookId: string, cellId: string | null): Promise<readonly TestResult[]>;
  /** _Extension_: asks the goals that were not reached yet; in notebook order. Those that are reached are kept. */
  checkGoals(notebookId: string): Promise<readonly GoalStanding[]>;
}

/** Which dependency is asked about. */
export interface MappingQuestion {
  readonly upstream: AssetKeyText;
  readonly downstream: AssetKeyText;
  /** Asked about instead of the dependency's own mapping, and compared with it; null for its own. */
  readonly trial: PartitionMapping | null;
}

/** Every materialization of an asset, in the order of the log; columns of equal length. */
export interface MaterializationTimes {
  /** Keys that exist now, by ordinal; -1 for keys that no longer exist. */
  readonly ordinals: Int32Array;
  readonly at: Float64Array;
  readonly runNumbers: Int32Array;
}
