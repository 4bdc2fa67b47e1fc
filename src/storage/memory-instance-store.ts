import type { AssetKeyText } from '../definitions/definitions.ts';
import type { Event, EventDraft, EventId } from '../orchestration/event.ts';
import type {
  DaemonRecord,
  InstanceStore,
  LogBatch,
  StatusCheckpoint,
  ValueWrite,
} from '../orchestration/ports.ts';
import { isTerminal, type Run, type RunStatus } from '../orchestration/run.ts';
import type { PartitionKey } from '../partitions/context.ts';
import { advanceHead, emptyHead, type HistoryHead } from './history-head.ts';
import { Listeners } from './listeners.ts';
import { isEmptyBatch, requireRunsOfEvents } from './log-batch.ts';
import { writing } from './write-errors.ts';

/** All that happened in a notebook, with the rows into which its events were packed. */
export interface HistoryExport {
  /** In the order of the log. */
  readonly rows: readonly (readonly Event[])[];
  /** By run number. */
  readonly runs: readonly Run[];
  readonly values: readonly ValueWrite[];
  readonly checkpoints: readonly StatusCheckpoint[];
  readonly records: readonly DaemonRecord[];
}

/** The event log for as long as this object lives. */
export class MemoryInstanceStore implements InstanceStore {
  readonly #histories = new Map<string, History>();
  readonly #listeners = new Listeners();

  append(notebookId: string, batch: LogBatch): Promise<readonly Event[]> {
    return writing('The history', async () => {
      if (isEmptyBatch(batch)) return [];
      const history = this.#histories.get(notebookId) ?? new History(notebookId);
      const events = history.append(batch);
      this.#histories.set(notebookId, history);
      this.#listeners.tell(notebookId);
      return events;
    });
  }

  async lastEventId(notebookId: string): Promise<EventId> {
    return this.#histories.get(notebookId)?.head.lastEventId ?? 0;
  }

  async *readEvents(
    notebookId: string,
    after: EventId,
    batchSize: number,
  ): AsyncGenerator<readonly Event[]> {
    let reached = after;
    for (;;) {
      const events = this.#histories.get(notebookId)?.readEvents(reached, batchSize) ?? [];
      const last = events.at(-1);
      if (!last) return;
      yield events;
      reached = last.eventId;
    }
  }

  async readRunEvents(notebookId: string, runId: string): Promise<readonly Event[]> {
    return [...(this.#histories.get(notebookId)?.eventsByRun.get(runId) ?? [])];
  }

  async findRun(notebookId: string, runId: string): Promise<Run | null> {
    return this.#histories.get(notebookId)?.runs.get(runId) ?? null;
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
    const found: Run[] = [];
    for (const run of this.#histories.get(notebookId)?.newestRuns() ?? []) {
      if (found.length >= limit) break;
      if (run.deletedAt !== undefined) continue;
      if (before !== null && run.runNumber >= before) continue;
      if (statuses && !statuses.includes(run.status)) continue;
      found.push(run);
    }
    return found;
  }

  async countRuns(notebookId: string): Promise<Readonly<Record<RunStatus, number>>> {
    return (this.#histories.get(notebookId)?.head ?? emptyHead(notebookId)).runCounts;
  }

  async listUnfinishedRuns(notebookId: string): Promise<readonly Run[]> {
    return [...(this.#histories.get(notebookId)?.unfinished.values() ?? [])].sort(
      (one, other) => one.runNumber - other.runNumber,
    );
  }

  async lastRunNumber(notebookId: string): Promise<number> {
    return this.#histories.get(notebookId)?.head.lastRunNumber ?? 0;
  }

  async readCheckpoints(notebookId: string): Promise<readonly StatusCheckpoint[]> {
    const checkpoints = this.#histories.get(notebookId)?.checkpoints.values() ?? [];
    return structuredClone([...checkpoints]).sort((one, other) =>
      one.assetKey < other.assetKey ? -1 : 1,
    );
  }

  async readRecord(
    notebookId: string,
    kind: DaemonRecord['kind'],
    recordId: string,
  ): Promise<DaemonRecord | null> {
    const record = this.#histories.get(notebookId)?.records[kind].get(recordId);
    return record ? structuredClone(record) : null;
  }

  async listRecords(
    notebookId: string,
    kind: DaemonRecord['kind'],
    { prefix, limit, before }: Parameters<InstanceStore['listRecords']>[2],
  ): Promise<readonly DaemonRecord[]> {
    const records = [...(this.#histories.get(notebookId)?.records[kind].values() ?? [])];
    const found = records
      .filter(({ recordId }) => recordId.startsWith(prefix))
      .filter(({ recordId }) => before === null || recordId < before)
      .sort((one, other) => (one.recordId < other.recordId ? 1 : -1))
      .slice(0, limit);
    return structuredClone(found);
  }

  async readValue(
    notebookId: string,
    assetKey: AssetKeyText,
    partitionKey: PartitionKey | null,
  ): Promise<ValueWrite | null> {
    const value = this.#histories.get(notebookId)?.values.get(assetKey)?.get(partitionKey);
    return value ? structuredClone(value) : null;
  }

  async readValues(
    notebookId: string,
    assetKey: AssetKeyText,
    partitionKeys: readonly PartitionKey[],
  ): Promise<readonly ValueWrite[]> {
    const values = this.#histories.get(notebookId)?.values.get(assetKey);
    if (!values) return [];
    return partitionKeys.flatMap((partitionKey) => {
      const value = values.get(partitionKey);
      return value ? [structuredClone(value)] : [];
    });
  }

  async clear(notebookId: string): Promise<void> {
    if (this.#histories.delete(notebookId)) this.#listeners.tell(notebookId);
  }

  subscribe(notebookId: string, changed: () => void): () => void {
    return this.#listeners.add(notebookId, changed);
  }

  /** Everything of a notebook, to be appended elsewhere; empty if nothing happened in it. */
  exportHistory(notebookId: string): HistoryExport {
    return (this.#histories.get(notebookId) ?? new History(notebookId)).export();
  }
}

class History {
  head: HistoryHead;
  readonly runs = new Map<string, Run>();
  readonly unfinished = new Map<string, Run>();
  readonly eventsByRun = new Map<string, Event[]>();
  readonly checkpoints = new Map<AssetKeyText, StatusCheckpoint>();
  readonly records: Readonly<Record<DaemonRecord['kind'], Map<string, DaemonRecord>>> = {
    backfill: new Map(),
    tick: new Map(),
    instigator: new Map(),
    dynamicPartitions: new Map(),
    undone: new Map(),
    replacedValue: new Map(),
    goal: new Map(),
  };
  readonly values = new Map<AssetKeyText, Map<PartitionKey | null, ValueWrite>>();
  /** The event of id n stands at n - 1. */
  readonly #events: Event[] = [];
  /** Id of the last event of each row, ascending. */
  readonly #rowEnds: EventId[] = [];
  /** `runId`s by ascending run number, once `#runsInOrder` is true. */
  readonly #runOrder: string[] = [];
  #runsInOrder = true;

  constructor(notebookId: string) {
    this.head = emptyHead(notebookId);
  }

  /** Does first what may fail, so that a batch that fails leaves nothing. */
  append(batch: LogBatch): readonly Event[] {
    const values = structuredClone(batch.values);
    const checkpoints = structuredClone(batch.checkpoints);
    const records = structuredClone(batch.records ?? []);
    requireRunsOfEvents(batch, (runId) => this.runs.has(runId));

    this.head = advanceHead(
      this.head,
      batch.rows.reduce((count, row) => count + row.length, 0),
      batch.runs,
      (runId) => this.runs.get(runId),
      null,
    );
    batch.runs.forEach((run) => this.#putRun(run));
    const appended = batch.rows.flatMap((row) => this.#appendRow(row));
    for (const value of values) this.#putValue(value);
    for (const checkpoint of checkpoints) {
      const reachesEventId = this.head.lastEventId;
      this.checkpoints.set(checkpoint.assetKey, { ...checkpoint, reachesEventId });
    }
    for (const record of records) this.records[record.kind].set(record.recordId, record);
    return appended;
  }

  /** The rows that hold the events after `after`, up to about `batchSize` events. */
  readEvents(after: EventId, batchSize: number): readonly Event[] {
    const end = this.#rowEnds[this.#rowOf(Math.min(after + batchSize, this.#events.length))];
    return end === undefined ? [] : this.#events.slice(after, end);
  }

  *newestRuns(): Generator<Run> {
    if (!this.#runsInOrder) {
      const numberOf = (runId: string) => this.runs.get(runId)?.runNumber ?? 0;
      this.#runOrder.sort((one, other) => numberOf(one) - numberOf(other));
      this.#runsInOrder = true;
    }
    for (let at = this.#runOrder.length - 1; at >= 0; at -= 1) {
      const run = this.runs.get(this.#runOrder[at] ?? '');
      if (run) yield run;
    }
  }

  export(): HistoryExport {
    let start = 0;
    return {
      rows: this.#rowEnds.map((end) => this.#events.slice(start, (start = end))),
      runs: [...this.newestRuns()].reverse(),
      values: structuredClone([...this.values.values()].flatMap((byKey) => [...byKey.values()])),
      checkpoints: structuredClone([...this.checkpoints.values()]),
      records: structuredClone(Object.values(this.records).flatMap((byId) => [...byId.values()])),
    };
  }

  #appendRow(row: readonly EventDraft[]): Event[] {
    const events = row.map((draft, at) => ({ ...draft, eventId: this.#events.length + at + 1 }));
    for (const event of events) {
      this.#events.push(event);
      const ofRun = this.eventsByRun.get(event.runId);
      if (ofRun) ofRun.push(event);
      else this.eventsByRun.set(event.runId, [event]);
    }
    if (events.length > 0) this.#rowEnds.push(this.#events.length);
    return events;
  }

  #putRun(run: Run): void {
    if (!this.runs.has(run.runId)) {
      const newest = this.runs.get(this.#runOrder.at(-1) ?? '');
      if (newest && newest.runNumber > run.runNumber) this.#runsInOrder = false;
      this.#runOrder.push(run.runId);
    }
    this.runs.set(run.runId, run);
    if (isTerminal(run.status)) this.unfinished.delete(run.runId);
    else this.unfinished.set(run.runId, run);
  }

  #putValue(value: ValueWrite): void {
    const byKey = this.values.get(value.assetKey);
    if (byKey) byKey.set(value.partitionKey, value);
    else this.values.set(value.assetKey, new Map([[value.partitionKey, value]]));
  }

  /** Index of the row that holds the event, by bisection. */
  #rowOf(eventId: EventId): number {
    let low = 0;
    let high = this.#rowEnds.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#rowEnds[middle] ?? 0) < eventId) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
