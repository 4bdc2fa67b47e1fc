import type { Event, EventDraft, EventType } from '../../src/orchestration/event.ts';
import type { LogBatch, ValueWrite } from '../../src/orchestration/ports.ts';
import { creationEvents, runSucceeded, startEvents } from '../../src/orchestration/run-events.ts';
import type { Run } from '../../src/orchestration/run.ts';
import { PartitaDatabase } from '../../src/storage/database.ts';
import { DexieStores } from '../../src/storage/dexie-stores.ts';

const NOTEBOOK = '6f1c2a34-9d2e-4b7e-8a4e-0c8f5f7d2b11';
const ASSETS = ['customer_orders', 'customer_summary'];
const AT = 1_773_133_200_000;

/** Rows written by one transaction, by table. */
type Written = ReadonlyMap<
  string,
  readonly { readonly method: 'add' | 'put'; readonly row: unknown }[]
>;

/** What one round found; times in ms. */
export interface HistoryFigures {
  /** A backfill of 1,000 keys by 2 assets, through the store. */
  readonly store: number;
  /** The same rows in the same transactions, by the browser's own calls. */
  readonly raw: number;
  readonly events: number;
  readonly eventRows: number;
  /** From a closed database to what the bar of 100,000 materialized keys is made of. */
  readonly checkpoint: number;
  /** The same without a checkpoint: every event of the log. */
  readonly wholeLog: number;
  /** One page of 50 runs. */
  readonly page: number;
  /** The events of one run. */
  readonly runEvents: number;
}

/** @param storeFirst which goes first, as what comes second finds a busier disk. */
export async function measureHistory(storeFirst: boolean): Promise<HistoryFigures> {
  const batches = backfill(1_000);
  const written = await record(batches);
  const times = { store: 0, raw: 0 };
  for (const which of storeFirst ? (['store', 'raw'] as const) : (['raw', 'store'] as const)) {
    const path = `/bench-${which}/`;
    const db = new PartitaDatabase(path);
    await db.open();
    if (which === 'store') {
      times.store = await timed(async () => {
        const { instances } = new DexieStores(db);
        for (const batch of batches) await instances.append(NOTEBOOK, batch);
      });
    } else {
      const raw = db.backendDB();
      times.raw = await timed(async () => {
        for (const rows of written) await writeRaw(raw, rows);
      });
    }
    await db.delete();
  }
  const rows = written.flatMap((tables) => tables.get('events') ?? []);
  const events = batches.flatMap((batch) => batch.rows.flat()).length;
  return { ...times, events, eventRows: rows.length, ...(await measureReading()) };
}

async function measureReading() {
  const path = '/bench-read/';
  const filled = new PartitaDatabase(path);
  await fill(new DexieStores(filled));
  filled.close();

  const db = new PartitaDatabase(path);
  const { instances } = new DexieStores(db);
  const checkpoint = await timed(async () => {
    const [saved] = await instances.readCheckpoints(NOTEBOOK);
    const later = await all(instances.readEvents(NOTEBOOK, saved?.reachesEventId ?? 0, 5_000));
    if (!saved || later.length === 0) throw new Error('nothing was read');
  });
  const wholeLog = await timed(async () => {
    const events = await all(instances.readEvents(NOTEBOOK, 0, 5_000));
    if (events.length < 100_000) throw new Error('not everything was read');
  });
  const page = await timed(() =>
    instances.listRuns(NOTEBOOK, { limit: 50, before: 900, statuses: ['SUCCESS'] }),
  );
  const runEvents = await timed(() => instances.readRunEvents(NOTEBOOK, runOf(500).runId));
  await db.delete();
  return { checkpoint, wholeLog, page, runEvents };
}

/** 1,000 runs over ranges of 100 keys each, with a checkpoint short of the last. */
async function fill({ instances }: DexieStores): Promise<void> {
  // Every other key: as many spans as there can be.
  const spans = Array.from({ length: 100_000 }, (_, at) => at * 2 + (at % 2));
  const state = { materialized: spans, failed: [], notTried: [], elsewhere: [], attempts: [] };
  for (let number = 1; number <= 1_000; number += 1) {
    const run = { ...runOf(number), status: 'SUCCESS' as const };
    const rows = [
      Array.from({ length: 100 }, (_, at) => ({
        ...stepEvent(run, 'customer_orders', 'ASSET_MATERIALIZATION', 'Materialized value.'),
        partitionKey: `key-${(number - 1) * 100 + at}`,
      })),
    ];
    const isCheckpoint = number === 990;
    const asset = { assetKey: 'customer_orders', definitionIdentity: 'bench', state };
    await instances.append(NOTEBOOK, {
      rows,
      runs: [run],
      values: [],
      checkpoints: isCheckpoint ? [asset] : [],
    });
  }
}

/** What a backfill appends: first all runs as queued, a row for 100 of them; then some runs at a time. */
function backfill(keys: number): readonly LogBatch[] {
  const runs = Array.from({ length: keys }, (_, at) => runOf(at + 1));
  const chunks = <T>(list: readonly T[], size: number): T[][] =>
    Array.from({ length: Math.ceil(list.length / size) }, (_, at) =>
      list.slice(at * size, (at + 1) * size),
    );
  const created = chunks(runs, 500).map((some): LogBatch => ({
    rows: chunks(some, 100).map((row) =>
      row.flatMap((run) => creationEvents(run, () => run.partitionKey)),
    ),
    runs: some,
    values: [],
    checkpoints: [],
  }));
  const executed = chunks(runs, 10).map((some): LogBatch => ({
    rows: some.map(executionEvents),
    runs: some.map((run) => ({
      ...run,
      status: 'SUCCESS',
      startedAt: AT,
      endedAt: AT + 9,
      tookMs: 9,
    })),
    values: some.flatMap((run) => ASSETS.map((assetKey) => valueOf(run, assetKey))),
    checkpoints: [],
  }));
  return [...created, ...executed];
}

function runOf(runNumber: number): Run {
  const partitionKey = `2024-01-01-customer-${runNumber}`;
  return {
    notebookId: NOTEBOOK,
    runId: `0d5e7a90-1b2c-4d3e-8f4a-${String(runNumber).padStart(12, '0')}`,
    runNumber,
    jobName: '__ASSET_JOB',
    status: 'QUEUED',
    assetKeys: ASSETS,
    partitionKey,
    tags: { 'dagster/partition': partitionKey, 'dagster/backfill': 'abcdefgh' },
    runConfig: {},
    backfillId: 'abcdefgh',
    parentRunId: null,
    createdAt: AT,
    startedAt: null,
    endedAt: null,
    tookMs: null,
    failure: null,
  };
}

function executionEvents(run: Run): readonly EventDraft[] {
  return [
    ...startEvents(run, AT + 1),
    ...ASSETS.flatMap((asset) => [
      stepEvent(run, asset, 'STEP_START', `Started execution of step "${asset}".`),
      ...(asset === 'customer_summary'
        ? [
            stepEvent(run, asset, 'LOADED_INPUT', 'Loaded input "customer_orders".'),
            stepEvent(run, asset, 'STEP_INPUT', 'Got input "customer_orders" of type "Any".'),
          ]
        : []),
      stepEvent(run, asset, 'LOG', `Fetching orders for customer: ${run.partitionKey}`),
      stepEvent(run, asset, 'STEP_OUTPUT', 'Yielded output "result" of type "Any".'),
      {
        ...stepEvent(run, asset, 'ASSET_MATERIALIZATION', `Materialized value ${asset}.`),
        metadata: { path: `storage/${asset}/${run.partitionKey}` },
        provenance: {
          deps: ASSETS.slice(0, ASSETS.indexOf(asset)),
          bodyHash: `${asset} as it ran`,
          asOf: 19 * run.runNumber,
        },
      },
      stepEvent(run, asset, 'HANDLED_OUTPUT', 'Handled output "result" using IO manager.'),
      stepEvent(run, asset, 'STEP_SUCCESS', `Finished execution of step "${asset}" in 3ms.`),
    ]),
    runSucceeded(run, AT + 9),
  ];
}

function stepEvent(run: Run, asset: string, type: EventType, message: string): EventDraft {
  return {
    runId: run.runId,
    type,
    level: 'DEBUG',
    at: AT + 5,
    message,
    stepKey: asset,
    assetKey: asset,
    partitionKey: run.partitionKey,
    metadata: null,
    error: null,
    byAuthor: type === 'LOG',
  };
}

function valueOf(run: Run, assetKey: string): ValueWrite {
  const value = Array.from({ length: 3 }, (_, at) => ({
    order_id: `${assetKey}-${at}`,
    amount: 150,
  }));
  const { partitionKey, runId } = run;
  const path = `storage/${assetKey}/${partitionKey}`;
  return { assetKey, partitionKey, path, value, bytes: 120, runId, at: AT + 5 };
}

/** Appends to a database of its own and notes every row that reaches the browser. */
async function record(batches: readonly LogBatch[]): Promise<readonly Written[]> {
  const byTransaction = new Map<
    IDBTransaction,
    Map<string, { method: 'add' | 'put'; row: unknown }[]>
  >();
  const methods = { add: IDBObjectStore.prototype.add, put: IDBObjectStore.prototype.put };
  for (const method of ['add', 'put'] as const) {
    IDBObjectStore.prototype[method] = function (row: unknown) {
      const tables = byTransaction.get(this.transaction) ?? new Map();
      byTransaction.set(this.transaction, tables);
      tables.set(this.name, [...(tables.get(this.name) ?? []), { method, row }]);
      return methods[method].call(this, row);
    };
  }
  const db = new PartitaDatabase('/bench-record/');
  const { instances } = new DexieStores(db);
  for (const batch of batches) await instances.append(NOTEBOOK, batch);
  Object.assign(IDBObjectStore.prototype, methods);
  await db.delete();
  return [...byTransaction.values()];
}

function writeRaw(db: IDBDatabase, rows: Written): Promise<void> {
  return new Promise((resolve, reject) => {
    const transaction = db.transaction([...rows.keys()], 'readwrite', { durability: 'relaxed' });
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new Error('aborted'));
    for (const [table, writes] of rows) {
      const store = transaction.objectStore(table);
      for (const { method, row } of writes) store[method](row);
    }
  });
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

async function all(batches: AsyncIterable<readonly Event[]>): Promise<readonly Event[]> {
  const events: Event[] = [];
  for await (const some of batches) for (const event of some) events.push(event);
  return events;
}

Object.assign(globalThis, { measureHistory });
