import { Dexie, type DexieOptions, type Table } from 'dexie';
import type { AssetKeyText } from '../definitions/definitions.ts';
import type { EventId } from '../orchestration/event.ts';
import type {
  DaemonRecord,
  StatusCheckpoint,
  StoredFile,
  StoredNotebook,
  ValueWrite,
} from '../orchestration/ports.ts';
import type { Run } from '../orchestration/run.ts';
import type { PartitionKey } from '../partitions/context.ts';
import type { EpochMs } from '../time/time-window.ts';
import type { EventRow } from './event-row.ts';
import type { HistoryHead } from './history-head.ts';

/** What stands for "no partition key" in a primary key, which cannot hold null: no text equals it. */
export const NO_PARTITION = 0;

/** The newest version of the schema. */
export const SCHEMA_VERSION = 2;

/** A run as stored: with the rows in which its events are, by their first ids, ascending. */
export interface RunRow extends Run {
  readonly eventRows: readonly EventId[];
}

export interface ValueRow extends Omit<ValueWrite, 'partitionKey'> {
  readonly notebookId: string;
  readonly partitionKey: PartitionKey | typeof NO_PARTITION;
}

interface CheckpointRow extends StatusCheckpoint {
  readonly notebookId: string;
}

interface RecordRow extends DaemonRecord {
  readonly notebookId: string;
}

interface FileRow extends StoredFile {
  readonly notebookId: string;
}

interface FileContentRow {
  readonly notebookId: string;
  readonly path: string;
  readonly content: Uint8Array;
}

/** The last id given to a command of a notebook. */
interface CommandCounterRow {
  readonly notebookId: string;
  readonly lastCommandId: number;
}

interface CommandRow {
  readonly notebookId: string;
  readonly commandId: number;
  readonly command: unknown;
}

interface AnswerRow {
  readonly notebookId: string;
  readonly commandId: number;
  readonly answer: unknown;
  /** Real time. */
  readonly at: EpochMs;
}

/** The database of one site: what `DESIGN.md` in this folder explains, table by table. */
export class PartitaDatabase extends Dexie {
  declare notebooks: Table<StoredNotebook, string>;
  declare heads: Table<HistoryHead, string>;
  declare events: Table<EventRow, [notebookId: string, firstEventId: EventId]>;
  declare runs: Table<RunRow, [notebookId: string, runId: string]>;
  declare values: Table<
    ValueRow,
    [notebookId: string, assetKey: AssetKeyText, ValueRow['partitionKey']]
  >;
  declare checkpoints: Table<CheckpointRow, [notebookId: string, assetKey: AssetKeyText]>;
  declare records: Table<
    RecordRow,
    [notebookId: string, kind: DaemonRecord['kind'], recordId: string]
  >;
  declare files: Table<FileRow, [notebookId: string, path: string]>;
  declare fileContents: Table<FileContentRow, [notebookId: string, path: string]>;
  declare commandCounters: Table<CommandCounterRow, string>;
  declare commands: Table<CommandRow, [notebookId: string, commandId: number]>;
  declare answers: Table<AnswerRow, [notebookId: string, commandId: number]>;

  /**
   * @param basePath the site's path: sites below one host share its databases, so the name
   * tells them apart.
   * @param options where IndexedDB is, if not where the browser has it.
   */
  constructor(basePath: string, options: Pick<DexieOptions, 'indexedDB' | 'IDBKeyRange'> = {}) {
    super(databaseName(basePath), {
      // A crash of the whole machine may lose the last moment; what is there stays whole.
      chromeTransactionDurability: 'relaxed',
      cache: 'disabled',
      ...options,
    });
    // A published version is never edited: a change of schema is a new version below, with
    // its upgrade. Only what is queried is indexed: each index costs as much as a row.
    this.version(1).stores({
      notebooks: 'notebookId, updatedAt, example',
      heads: 'notebookId',
      events: '[notebookId+firstEventId]',
      runs: '[notebookId+runId], [notebookId+runNumber], [notebookId+status+runNumber]',
      values: '[notebookId+assetKey+partitionKey]',
      checkpoints: '[notebookId+assetKey]',
      files: '[notebookId+path]',
      fileContents: '[notebookId+path]',
      commandCounters: 'notebookId',
      commands: '[notebookId+commandId]',
      answers: '[notebookId+commandId], at',
    });
    this.version(SCHEMA_VERSION).stores({ records: '[notebookId+kind+recordId]' });
  }
}

/** The database of the site at `basePath`. */
export function databaseName(basePath: string): string {
  return `partita:${basePath}`;
}

/** From the first to the last key that begins with `notebookId`; for `between`. */
export function ofNotebook(notebookId: string): readonly [lower: unknown[], upper: unknown[]] {
  return [[notebookId], [notebookId, Dexie.maxKey]];
}
