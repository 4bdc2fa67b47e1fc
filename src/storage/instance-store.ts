import { Dexie } from 'dexie';
import type { AssetKeyText } from '../definitions/definitions.ts';
import type { Event, EventId } from '../orchestration/event.ts';
import type {
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
import { packEvents, unpackEvents, type EventRow } from './event-row.ts';
import { advanceHead, emptyHead } from './history-head.ts';
import { isEmptyBatch, requireRunsOfEvents, runIdsOf } from './log-batch.ts';
import { writing } from './write-errors.ts';

const UNFINISHED: readonly RunStatus[] = [
  'QUEUED',
  'NOT_STARTED',
  'STARTING',
  'STARTED',
  'CANCELING',
];

/** The event log in IndexedDB. */
export class DexieInstanceStore implements InstanceStore {
  readonly #db: PartitaDatabase;

  constructor(db: PartitaDatabase) {
    this.#db = db;
  }

  async append(notebookId: string, batch: LogBatch): Promise<readonly Event[]> {
    if (isEmptyBatch(batch)) return [];
    const { heads, events, runs, values, checkpoints } = this.#db;
    return writing('The history', () => {
      const rows = batch.rows.filter((row) => row.length > 0);
      const packed = rows.map(packEvents);
      return this.#db.transaction('rw', [heads, events, runs, values, checkpoints], async () => {
        const runIds = runIdsOf(batch);
        const [storedHead, storedRuns] = await Promise.all([
          heads.get(notebookId),
          runs.bulkGet(runIds.map((runId) => [notebookId, runId])),
        ]);
        const before = new Map(storedRuns.flatMap((run) => (run ? [[run.runId, run]] : [])));
        requireRunsOfEvents(batch, (runId) => before.has(runId));

        const head = storedHead ?? emptyHead(notebookId);
        let firstEventId = head.lastEventId + 1;
        const eventRows = packed.map((events): EventRow => {
          const row = { notebookId, firstEventId, ...events };
          firstEventId += events.count;
          return row;
        });
        const after = advanceHead(
          head,
          firstEventId - 1 - head.lastEventId,
          batch.runs,
          (runId) => before.get(runId)?.status ?? null,
        );
        const reachesEventId = after.lastEventId;

        await Promise.all([
          events.bulkAdd(eventRows),
          runs.bulkPut(runRowsAfter(batch, before, eventRows)),
          values.bulkPut(batch.values.map((value) => valueRow(notebookId, value))),
          checkpoints.bulkPut(
            batch.checkpoints.map((state) => ({ ...state, notebookId, reachesEventId })),
          ),
          heads.put(after),
        ]);
        return rows.flatMap((row, at) => withIds(row, eventRows[at]?.firstEventId ?? 0));
      });
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
    const { heads, events, runs, values, checkpoints } = this.#db;
    await writing('The history', () =>
      this.#db.transaction('rw', [heads, events, runs, values, checkpoints], () =>
        Promise.all([
          heads.delete(notebookId),
          ...[events, runs, values, checkpoints].map((table) =>
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

/** The runs that a batch changes or adds events to, as they are to be stored. */
function runRowsAfter(
  batch: LogBatch,
  before: ReadonlyMap<string, RunRow>,
  eventRows: readonly EventRow[],
): readonly RunRow[] {
  const rowsOfRun = new Map<string, EventId[]>();
  batch.rows
    .filter((row) => row.length > 0)
    .forEach((row, at) => {
      const firstEventId = eventRows[at]?.firstEventId ?? 0;
      for (const runId of new Set(row.map((draft) => draft.runId))) {
        const rows = rowsOfRun.get(runId) ?? [...(before.get(runId)?.eventRows ?? [])];
        rowsOfRun.set(runId, [...rows, firstEventId]);
      }
    });
  const runs = new Map<string, Run | undefined>(batch.runs.map((run) => [run.runId, run]));
  for (const runId of rowsOfRun.keys()) {
    if (!runs.has(runId)) runs.set(runId, before.get(runId));
  }
  return [...runs].flatMap(([runId, run]) =>
    run ? [{ ...run, eventRows: rowsOfRun.get(runId) ?? before.get(runId)?.eventRows ?? [] }] : [],
  );
}

function withIds(row: LogBatch['rows'][number], firstEventId: EventId): Event[] {
  return row.map((draft, at) => ({ ...draft, eventId: firstEventId + at }));
}

function runOf({ eventRows: _, ...run }: RunRow): Run {
  return run;
}

function valueRow(notebookId: string, value: ValueWrite): ValueRow {
  return { ...value, notebookId, partitionKey: value.partitionKey ?? NO_PARTITION };
}

function valueOf({ notebookId: _, partitionKey, ...value }: ValueRow): ValueWrite {
  return { ...value, partitionKey: partitionKey === NO_PARTITION ? null : partitionKey };
}
