import { Dexie, type Table } from 'dexie';
import type { AssetKeyText } from '../definitions/definitions.ts';
import type { Event, EventId } from '../orchestration/event.ts';
import type {
  DaemonRecord,
  InstanceStore,
  LogBatch,
  StatusCheckpoint,
  ValueWrite,
} from '../orchestration/ports.ts';
import type { Run, RunStatus } from '../orchestration/run.ts';
import type { PartitionKey } from '../partitions/context.ts';
import { watchTables } from './changes.ts';
import {
  NO_PARTITION,
  ofNotebook,
  type PartitaDatabase,
  type RunRow,
  type ValueRow,
} from './database.ts';
import { packEvents, unpackEvents, type EventRow, type PackedEvents } from './event-row.ts';
import { advanceHead, emptyHead, type HistoryHead } from './history-head.ts';
import { isEmptyBatch, requireRunsOfEvents, runIdsOf } from './log-batch.ts';
import { RecentRuns } from './recent-runs.ts';
import { writing } from './write-errors.ts';

/** No id has it: what begins with a prefix comes before the prefix with it. */
const LAST_CHARACTER = '\uffff';

const UNFINISHED: readonly RunStatus[] = [
  'QUEUED',
  'NOT_STARTED',
  'STARTING',
  'STARTED',
  'CANCELING',
];

type FindRunRow = (runId: string) => RunRow | undefined;

/** The event log in IndexedDB. */
export class DexieInstanceStore implements InstanceStore {
  readonly #db: PartitaDatabase;
  readonly #recent = new RecentRuns();
  /** Tells this tab's appends from those of others. */
  readonly #writer = crypto.getRandomValues(new Uint32Array(4)).join('-');
  #appends = 0;

  constructor(db: PartitaDatabase) {
    this.#db = db;
  }

  append(notebookId: string, batch: LogBatch): Promise<readonly Event[]> {
    return writing('The history', async () => {
      if (isEmptyBatch(batch)) return [];
      const rows = batch.rows.filter((row) => row.length > 0);
      const packed = rows.map(packEvents);
      const { heads, events, runs, values, checkpoints, records } = this.#db;
      const tables = [heads, events, runs, values, checkpoints, records];
      const stamp = this.#nextStamp();
      const { before, runRows, eventRows } = await this.#db.transaction('rw', tables, async () => {
        const before = (await heads.get(notebookId)) ?? emptyHead(notebookId);
        const known = await this.#runsBefore(before, batch);
        requireRunsOfEvents(batch, (runId) => known(runId) !== undefined);
        const eventRows = rowsFrom(before, packed);
        const runRows = runRowsAfter(batch, known, eventRows);
        const after = advanceHead(
          before,
          eventRows.reduce((count, row) => count + row.count, 0),
          batch.runs,
          known,
          stamp,
        );
        const reachesEventId = after.lastEventId;
        await Promise.all([
          writeRows(events, 'add', eventRows),
          writeRows(runs, 'put', runRows),
          writeRows(
            values,
            'put',
            batch.values.map((value) => valueRow(notebookId, value)),
          ),
          writeRows(
            checkpoints,
            'put',
            batch.checkpoints.map((state) => ({ ...state, notebookId, reachesEventId })),
          ),
          writeRows(
            records,
            'put',
            (batch.records ?? []).map((record) => ({ ...record, notebookId })),
          ),
          heads.put(after),
        ]);
        return { before, runRows, eventRows };
      });
      this.#recent.remember(notebookId, before.stamp, stamp, runRows);
      return rows.flatMap((row, at) => withIds(row, eventRows[at]?.firstEventId ?? 0));
    });
  }

  async lastEventId(notebookId: string): Promise<EventId> {
    return (await this.#db.heads.get(notebookId))?.lastEventId ?? 0;
  }

  async *readEvents(
    notebookId: string,
    after: EventId,
    batchSize: number,
  ): AsyncGenerator<readonly Event[]> {
    let next = await this.#startOfRow(notebookId, after + 1);
    for (;;) {
      // Rows are keyed by event, without gaps: those that start among the next `batchSize`
      // ids hold about as many events. A transaction each, as the reader may take its time.
      const rows = await this.#db.events
        .where('[notebookId+firstEventId]')
        .between([notebookId, next], [notebookId, next + batchSize])
        .toArray();
      const last = rows.at(-1);
      if (!last) return;
      next = last.firstEventId + last.count;
      const events = rows.flatMap(unpackEvents).filter((event) => event.eventId > after);
      if (events.length > 0) yield events;
    }
  }

  readRunEvents(notebookId: string, runId: string): Promise<readonly Event[]> {
    const { events, runs } = this.#db;
    return this.#db.transaction('r', [events, runs], async () => {
      const run = await runs.get([notebookId, runId]);
      const rows = await events.bulkGet((run?.eventRows ?? []).map((id) => [notebookId, id]));
      return rows
        .flatMap((row) => (row ? unpackEvents(row) : []))
        .filter((event) => event.runId === runId);
    });
  }

  async findRun(notebookId: string, runId: string): Promise<Run | null> {
    const row = await this.#db.runs.get([notebookId, runId]);
    return row ? runOf(row) : null;
  }

  async listRuns(
    notebookId: string,
    {
      limit,
      before,
      statuses,
    }: {
      readonly limit: number;
      readonly before: number | null;
      readonly statuses: readonly RunStatus[] | null;
    },
  ): Promise<readonly Run[]> {
    const newest = (index: string, ...prefix: readonly string[]) =>
      this.#db.runs
        .where(index)
        .between([...prefix, Dexie.minKey], [...prefix, before ?? Dexie.maxKey])
        .reverse()
        .filter(({ deletedAt }) => deletedAt === undefined)
        .limit(limit)
        .toArray();
    if (!statuses) return (await newest('[notebookId+runNumber]', notebookId)).map(runOf);
    const byStatus = await Promise.all(
      [...new Set(statuses)].map((status) =>
        newest('[notebookId+status+runNumber]', notebookId, status),
      ),
    );
    return byStatus
      .flat()
      .sort((one, other) => other.runNumber - one.runNumber)
      .slice(0, limit)
      .map(runOf);
  }

  async countRuns(notebookId: string): Promise<Readonly<Record<RunStatus, number>>> {
    return ((await this.#db.heads.get(notebookId)) ?? emptyHead(notebookId)).runCounts;
  }

  async listUnfinishedRuns(notebookId: string): Promise<readonly Run[]> {
    const { runs } = this.#db;
    const byStatus = await this.#db.transaction('r', runs, () =>
      Promise.all(
        UNFINISHED.map((status) =>
          runs
            .where('[notebookId+status+runNumber]')
            .between([notebookId, status, Dexie.minKey], [notebookId, status, Dexie.maxKey])
            .toArray(),
        ),
      ),
    );
    return byStatus
      .flat()
      .sort((one, other) => one.runNumber - other.runNumber)
      .map(runOf);
  }

  async lastRunNumber(notebookId: string): Promise<number> {
    return (await this.#db.heads.get(notebookId))?.lastRunNumber ?? 0;
  }

  async readCheckpoints(notebookId: string): Promise<readonly StatusCheckpoint[]> {
    const rows = await this.#db.checkpoints
      .where('[notebookId+assetKey]')
      .between(...ofNotebook(notebookId))
      .toArray();
    return rows.map(({ notebookId: _, ...checkpoint }) => checkpoint);
  }

  async readRecord(
    notebookId: string,
    kind: DaemonRecord['kind'],
    recordId: string,
  ): Promise<DaemonRecord | null> {
    const row = await this.#db.records.get([notebookId, kind, recordId]);
    return row ? recordOf(row) : null;
  }

  async listRecords(
    notebookId: string,
    kind: DaemonRecord['kind'],
    { prefix, limit, before }: Parameters<InstanceStore['listRecords']>[2],
  ): Promise<readonly DaemonRecord[]> {
    const rows = await this.#db.records
      .where('[notebookId+kind+recordId]')
      .between(
        [notebookId, kind, prefix],
        [notebookId, kind, before ?? prefix + LAST_CHARACTER],
        true,
        false,
      )
      .reverse()
      .limit(limit)
      .toArray();
    return rows.map(recordOf);
  }

  async readValue(
    notebookId: string,
    assetKey: AssetKeyText,
    partitionKey: PartitionKey | null,
  ): Promise<ValueWrite | null> {
    const row = await this.#db.values.get([notebookId, assetKey, partitionKey ?? NO_PARTITION]);
    return row ? valueOf(row) : null;
  }

  async readValues(
    notebookId: string,
    assetKey: AssetKeyText,
    partitionKeys: readonly PartitionKey[],
  ): Promise<readonly ValueWrite[]> {
    const rows = await this.#db.values.bulkGet(
      partitionKeys.map((partitionKey) => [notebookId, assetKey, partitionKey]),
    );
    return rows.flatMap((row) => (row ? [valueOf(row)] : []));
  }

  async clear(notebookId: string): Promise<void> {
    const { heads, events, runs, values, checkpoints, records } = this.#db;
    await writing('The history', () =>
      this.#db.transaction('rw', [heads, events, runs, values, checkpoints, records], () =>
        Promise.all([
          heads.delete(notebookId),
          ...[events, runs, values, checkpoints, records].map((table) =>
            table
              .where(':id')
              .between(...ofNotebook(notebookId))
              .delete(),
          ),
        ]),
      ),
    );
  }

  /** Watches the head alone: every append rewrites it. */
  subscribe(notebookId: string, changed: () => void): () => void {
    return watchTables(this.#db, ['heads'], notebookId, changed);
  }

  /** Finds the stored ones among a batch's runs: read, but for those remembered and new ones. */
  async #runsBefore(head: HistoryHead, batch: LogBatch): Promise<FindRunRow> {
    const recent = this.#recent.recall(head.notebookId, head.stamp);
    const isNew = new Set<string>();
    for (const run of batch.runs) if (run.runNumber > head.lastRunNumber) isNew.add(run.runId);
    const unknown = runIdsOf(batch).filter((runId) => !recent.has(runId) && !isNew.has(runId));
    if (unknown.length === 0) return (runId) => recent.get(runId);
    const found = await this.#db.runs.bulkGet(unknown.map((runId) => [head.notebookId, runId]));
    const read = new Map(found.flatMap((run) => (run ? [[run.runId, run] as const] : [])));
    return (runId) => recent.get(runId) ?? read.get(runId);
  }

  #nextStamp(): string {
    this.#appends += 1;
    return `${this.#writer}/${this.#appends}`;
  }

  /** The first id of the row that holds the event; the event's own if none does. */
  async #startOfRow(notebookId: string, eventId: EventId): Promise<EventId> {
    if (eventId === 1) return 1;
    const row = await this.#db.events
      .where('[notebookId+firstEventId]')
      .between([notebookId, Dexie.minKey], [notebookId, eventId], true, true)
      .last();
    return row && row.firstEventId + row.count > eventId ? row.firstEventId : eventId;
  }
}

/**
 * Writes rows in the transaction that runs, past Dexie's own methods: these work out what
 * other tabs should hear of each row, which is a quarter of the script's time in a backfill, and
 * nobody listens but to heads.
 */
function writeRows(
  table: Table,
  method: 'add' | 'put',
  rows: readonly unknown[],
): PromiseLike<void> {
  const store = Dexie.currentTransaction.idbtrans.objectStore(table.name);
  return new Dexie.Promise<void>((resolve, reject) => {
    let last: IDBRequest | null = null;
    for (const row of rows) {
      const request = store[method](row);
      request.onerror = () => reject(request.error);
      last = request;
    }
    // Requests succeed in their order.
    if (last) last.onsuccess = () => resolve();
    else resolve();
  });
}

/** Packed events as the rows that follow `head`. */
function rowsFrom(head: HistoryHead, packed: readonly PackedEvents[]): readonly EventRow[] {
  let next = head.lastEventId + 1;
  return packed.map((events) => {
    const firstEventId = next;
    next += events.count;
    return { notebookId: head.notebookId, firstEventId, ...events };
  });
}

/** The runs that a batch changes or adds events to, as they are to be stored. */
function runRowsAfter(
  batch: LogBatch,
  known: FindRunRow,
  eventRows: readonly EventRow[],
): readonly RunRow[] {
  const rowsOfRun = new Map<string, EventId[]>();
  batch.rows
    .filter((row) => row.length > 0)
    .forEach((row, at) => {
      const firstEventId = eventRows[at]?.firstEventId ?? 0;
      for (const runId of new Set(row.map((draft) => draft.runId))) {
        const rows = rowsOfRun.get(runId) ?? [...(known(runId)?.eventRows ?? [])];
        rowsOfRun.set(runId, [...rows, firstEventId]);
      }
    });
  const runs = new Map<string, Run | undefined>(batch.runs.map((run) => [run.runId, run]));
  for (const runId of rowsOfRun.keys()) {
    if (!runs.has(runId)) runs.set(runId, known(runId));
  }
  return [...runs].flatMap(([runId, run]) =>
    run ? [{ ...run, eventRows: rowsOfRun.get(runId) ?? known(runId)?.eventRows ?? [] }] : [],
  );
}

function withIds(row: LogBatch['rows'][number], firstEventId: EventId): Event[] {
  return row.map((draft, at) => ({ ...draft, eventId: firstEventId + at }));
}

function runOf({ eventRows: _, ...run }: RunRow): Run {
  return run;
}

function recordOf({ notebookId: _, ...record }: { readonly notebookId: string } & DaemonRecord) {
  return record;
}

function valueRow(notebookId: string, value: ValueWrite): ValueRow {
  return { ...value, notebookId, partitionKey: value.partitionKey ?? NO_PARTITION };
}

function valueOf({ notebookId: _, partitionKey, ...value }: ValueRow): ValueWrite {
  return { ...value, partitionKey: partitionKey === NO_PARTITION ? null : partitionKey };
}
