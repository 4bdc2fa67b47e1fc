import type { AssetKeyText } from '../definitions/definitions.ts';
import type { PartitionKey } from '../partitions/context.ts';
import type { GoalsOutcome, GoalsRequest } from '../protocol/goals.ts';
import type {
  GuestServices,
  LoadOutcome,
  PartitionedConfigOutcome,
  PartitionedConfigRequest,
  ScheduleEvaluationRequest,
  SensorEvaluationRequest,
  StepOutcome,
  StepRequest,
  TestOutcome,
  GuestWorld,
} from '../protocol/sandbox.ts';
import type { EpochMs } from '../time/time-window.ts';
import type { Event, EventDraft, EventId } from './event.ts';
import type { AutomationOutcome } from './run-request.ts';
import type { Run, RunStatus } from './run.ts';

/**
 * A notebook's code, ready to be asked: the trusted side of the sandbox. One is made for each
 * version of the notebook's text; `dispose` ends its workers.
 */
export interface CodeRunner {
  /** Evaluates the definitions. Must be called, and have loaded, before anything else. */
  load(world: GuestWorld, signal: AbortSignal): Promise<LoadOutcome>;
  /** Something will be asked before long: what it needs may be made ready meanwhile. */
  prepare(): void;
  /** Computes one asset. Many may run at once, up to `setConcurrency`. Aborting terminates the worker: `canceled`. */
  execute(step: StepRequest, services: GuestServices, signal: AbortSignal): Promise<StepOutcome>;
  /** Calls a schedule's function; nothing is launched. */
  evaluateSchedule(
    request: ScheduleEvaluationRequest,
    services: GuestServices,
    signal: AbortSignal,
  ): Promise<AutomationOutcome>;
  /** Calls a sensor's function; nothing is launched, and no cursor kept. */
  evaluateSensor(
    request: SensorEvaluationRequest,
    services: GuestServices,
    signal: AbortSignal,
  ): Promise<AutomationOutcome>;
  /** Calls the functions of a job's partitioned config. */
  evaluatePartitionedConfig(
    request: PartitionedConfigRequest,
    services: GuestServices,
    signal: AbortSignal,
  ): Promise<PartitionedConfigOutcome>;
  runTest(
    testId: number,
    world: GuestWorld,
    services: GuestServices,
    signal: AbortSignal,
  ): Promise<TestOutcome>;
  /** Asks goals whether they are reached: all in one call, and in less time than one that is asked alone has. */
  checkGoals(
    request: GoalsRequest,
    services: GuestServices,
    signal: AbortSignal,
  ): Promise<GoalsOutcome>;
  /** How many workers may run at once. */
  setConcurrency(limit: number): void;
  dispose(): void;
}

/** What one transaction appends: all of it, or nothing. */
export interface LogBatch {
  /** Each inner list becomes one row of packed events; ids are given in this order. Empty lists are dropped. */
  readonly rows: readonly (readonly EventDraft[])[];
  /** Runs as they stand after the batch: new ones are added, known ones replaced. */
  readonly runs: readonly Run[];
  readonly values: readonly ValueWrite[];
  /** Checkpoints of statuses; their `reachesEventId` is set to the last id of this batch. */
  readonly checkpoints: readonly Omit<StatusCheckpoint, 'reachesEventId'>[];
  /** Records as they stand after the batch: new ones are added, known ones replaced; absent if none is. */
  readonly records?: readonly DaemonRecord[];
}

/**
 * What the daemon keeps beside the log, each replaced whole: a backfill, a tick of a schedule or a sensor,
 * how a schedule or a sensor stands, the keys of a dynamic definition, which events were undone,
 * a value that a newer one replaced, or a goal that was reached.
 */
export interface DaemonRecord {
  readonly kind:
    'backfill' | 'tick' | 'instigator' | 'dynamicPartitions' | 'undone' | 'replacedValue' | 'goal';
  /** Unique within its kind and the notebook; records are listed by it, as text. */
  readonly recordId: string;
  /** Plain data: what structured clone carries. */
  readonly value: unknown;
}

export interface ValueWrite {
  readonly assetKey: AssetKeyText;
  readonly partitionKey: PartitionKey | null;
  readonly path: string;
  /** Encoded by `protocol/stored-value.ts`. */
  readonly value: unknown;
  readonly bytes: number;
  readonly runId: string;
  readonly at: EpochMs;
}

/** An asset's fold as it was at an event, and the definition that its ordinals count under. */
export interface StatusCheckpoint {
  readonly assetKey: AssetKeyText;
  readonly reachesEventId: EventId;
  /** `partitionsDefinitionIdentity`, and the instant: under another one the checkpoint is not used. */
  readonly definitionIdentity: string;
  /** The fold's own state, plain data; what it means is `status-fold.ts`'s affair. */
  readonly state: unknown;
}

/**
 * The event log of all notebooks, with what is written in one transaction with it. Every
 * implementation passes `test/orchestration/instance-store.contract.ts`.
 */
export interface InstanceStore {
  /**
   * Appends in one transaction. Ids continue the notebook's, without gaps.
   *
   * @returns the events with their ids, in order.
   * @throws {StorageWriteError} if it could not be written; then nothing was.
   */
  append(notebookId: string, batch: LogBatch): Promise<readonly Event[]>;
  /** The id of the last event; 0 if there is none. */
  lastEventId(notebookId: string): Promise<EventId>;
  /** Events after `after`, in order, in batches of about `batchSize` events (whole rows). */
  readEvents(
    notebookId: string,
    after: EventId,
    batchSize: number,
  ): AsyncIterable<readonly Event[]>;
  readRunEvents(notebookId: string, runId: string): Promise<readonly Event[]>;
  findRun(notebookId: string, runId: string): Promise<Run | null>;
  /** Newest first, without deleted ones; `before` is a run number. */
  listRuns(
    notebookId: string,
    options: {
      readonly limit: number;
      readonly before: number | null;
      readonly statuses: readonly RunStatus[] | null;
    },
  ): Promise<readonly Run[]>;
  countRuns(notebookId: string): Promise<Readonly<Record<RunStatus, number>>>;
  /** Oldest first: runs that are not terminal. */
  listUnfinishedRuns(notebookId: string): Promise<readonly Run[]>;
  /** The highest run number; 0 if there is none. */
  lastRunNumber(notebookId: string): Promise<number>;
  readCheckpoints(notebookId: string): Promise<readonly StatusCheckpoint[]>;
  /** Null if there is none. */
  readRecord(
    notebookId: string,
    kind: DaemonRecord['kind'],
    recordId: string,
  ): Promise<DaemonRecord | null>;
  /** The records whose ids begin with `prefix`, by id, descending, below `before`. */
  listRecords(
    notebookId: string,
    kind: DaemonRecord['kind'],
    options: {
      readonly prefix: string;
      readonly limit: number;
      readonly before: string | null;
    },
  ): Promise<readonly DaemonRecord[]>;
  readValue(
    notebookId: string,
    assetKey: AssetKeyText,
    partitionKey: PartitionKey | null,
  ): Promise<ValueWrite | null>;
  /** The stored ones among `partitionKeys`, in their order; absent ones are left out. */
  readValues(
    notebookId: string,
    assetKey: AssetKeyText,
    partitionKeys: readonly PartitionKey[],
  ): Promise<readonly ValueWrite[]>;
  /** Forgets events, runs, values, checkpoints and records of a notebook. */
  clear(notebookId: string): Promise<void>;
  /** Calls back after every committed change of the notebook, from whichever tab; returns how to stop. */
  subscribe(notebookId: string, changed: () => void): () => void;
}

/** Notebooks as kept. Passes `test/orchestration/notebook-store.contract.ts`. */
export interface NotebookStore {
  list(): Promise<readonly StoredNotebook[]>;
  get(notebookId: string): Promise<StoredNotebook | null>;
  findByExample(example: string): Promise<StoredNotebook | null>;
  /** Adds or replaces. */
  put(notebook: StoredNotebook): Promise<void>;
  /**
   * Replaces the text if the stored revision still is `baseRevision`, in one transaction.
   *
   * @returns the new record; or the other tab's, with its own revision, if it does not.
   */
  save(
    notebookId: string,
    source: string,
    title: string,
    baseRevision: number,
    at: EpochMs,
  ): Promise<{ readonly saved: boolean; readonly record: StoredNotebook }>;
  /** Forgets the notebook, and with it all its rows in every store. */
  delete(notebookId: string): Promise<void>;
  subscribe(changed: () => void): () => void;
}

export interface StoredNotebook {
  readonly notebookId: string;
  readonly title: string;
  readonly source: string;
  readonly revision: number;
  readonly example: string | null;
  readonly createdAt: EpochMs;
  readonly updatedAt: EpochMs;
  /** Where its reader moved its clock: to an instant, or back to real time; null if it was never moved. */
  readonly clockAt: EpochMs | 'real' | null;
}

/** A notebook's folder. Passes `test/orchestration/file-store.contract.ts`. */
export interface FileStore {
  list(notebookId: string): Promise<readonly StoredFile[]>;
  read(notebookId: string, path: string): Promise<Uint8Array | null>;
  write(
    notebookId: string,
    path: string,
    bytes: Uint8Array,
    shipped: boolean,
    at: EpochMs,
  ): Promise<void>;
  remove(notebookId: string, path: string): Promise<void>;
  subscribe(notebookId: string, changed: () => void): () => void;
}

export interface StoredFile {
  readonly path: string;
  readonly bytes: number;
  readonly updatedAt: EpochMs;
  readonly shipped: boolean;
}

/** Commands from any tab to the daemon of the tab that leads a notebook. Passes `test/orchestration/command-queue.contract.ts`. */
export interface CommandQueue {
  /** @returns the command's id. */
  post(notebookId: string, command: unknown): Promise<number>;
  /** Removes and returns the commands of a notebook, oldest first, in one transaction. */
  take(
    notebookId: string,
  ): Promise<readonly { readonly commandId: number; readonly command: unknown }[]>;
  /** The leader's answer to a command; kept until `takeAnswer`, or for a minute. */
  answer(notebookId: string, commandId: number, answer: unknown): Promise<void>;
  takeAnswer(notebookId: string, commandId: number): Promise<{ readonly answer: unknown } | null>;
  subscribe(notebookId: string, changed: () => void): () => void;
}
