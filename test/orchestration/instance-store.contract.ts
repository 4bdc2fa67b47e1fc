import { beforeEach, describe, expect, it } from 'vitest';
import { StorageWriteError } from '../../src/errors.ts';
import type { Event, EventDraft } from '../../src/orchestration/event.ts';
import type { InstanceStore, LogBatch, ValueWrite } from '../../src/orchestration/ports.ts';
import type { Run, RunStatus } from '../../src/orchestration/run.ts';

const NOTEBOOK = 'notebook-1';
const OTHER = 'notebook-2';

/** A run of one asset for one key; `runId` is made from the number. */
export function run(runNumber: number, status: RunStatus = 'QUEUED', more: Partial<Run> = {}): Run {
  return {
    notebookId: NOTEBOOK,
    runId: `run-${runNumber}`,
    runNumber,
    jobName: '__ASSET_JOB',
    status,
    assetKeys: ['customer_orders'],
    partitionKey: 'customer_a',
    tags: { 'dagster/partition': 'customer_a' },
    runConfig: { ops: { customer_orders: { config: { limit: 10 } } } },
    backfillId: null,
    parentRunId: null,
    createdAt: 1_000 + runNumber,
    startedAt: null,
    endedAt: null,
    tookMs: null,
    failure: null,
    ...more,
  };
}

/** An event of the run of that number, with nothing but what every event has. */
export function draft(runNumber: number, more: Partial<EventDraft> = {}): EventDraft {
  return {
    runId: `run-${runNumber}`,
    type: 'STEP_START',
    level: 'DEBUG',
    at: 2_000,
    message: '',
    stepKey: null,
    assetKey: null,
    partitionKey: null,
    metadata: null,
    error: null,
    byAuthor: false,
    ...more,
  };
}

/** A batch of what is given, and nothing else. */
export function batch(parts: Partial<LogBatch>): LogBatch {
  return { rows: [], runs: [], values: [], checkpoints: [], ...parts };
}

function value(partitionKey: string | null, more: Partial<ValueWrite> = {}): ValueWrite {
  return {
    assetKey: 'customer_orders',
    partitionKey,
    path: `customer_orders/${partitionKey}`,
    value: [{ order_id: `${partitionKey}-001`, amount: 150 }],
    bytes: 40,
    runId: 'run-1',
    at: 3_000,
    ...more,
  };
}

/** One event of every shape: with and without each field that may be empty. */
const ONE_OF_EACH: readonly EventDraft[] = [
  draft(1, { type: 'ASSET_MATERIALIZATION_PLANNED', stepKey: 'orders', assetKey: 'orders' }),
  draft(1, {
    type: 'RUN_START',
    level: 'INFO',
    at: 2_000.25,
    message: 'Started: “größer” 日本 🙂',
  }),
  draft(1, { type: 'LOG', level: 'WARNING', byAuthor: true, message: 'half a pair: \ud83d' }),
  draft(1, {
    type: 'ASSET_MATERIALIZATION',
    assetKey: 'orders',
    partitionKey: '2024-01-01|customer_a',
    metadata: { rows: 3, ratio: Number.NaN, since: new Date(0), nested: { list: [1, null, ''] } },
  }),
  draft(1, { assetKey: 'orders', partitionKey: '' }),
  draft(1, {
    type: 'STEP_FAILURE',
    level: 'ERROR',
    stepKey: 'orders',
    error: {
      name: 'TypeError',
      code: null,
      kind: null,
      message: 'no',
      frames: [{ cellId: 'c1', line: 3, column: 7 }],
      cause: { name: 'Error', code: 'x', kind: 'ValueError', message: '', frames: [], cause: null },
    },
  }),
  draft(1, { type: 'RUN_FAILURE', level: 'CRITICAL', at: 1_999 }),
];

async function allEvents(store: InstanceStore, after = 0, batchSize = 100): Promise<Event[]> {
  const events: Event[] = [];
  for await (const some of store.readEvents(NOTEBOOK, after, batchSize)) events.push(...some);
  return events;
}

const idsOf = (events: readonly Event[]) => events.map((event) => event.eventId);
const numbersOf = (runs: readonly Run[]) => runs.map((one) => one.runNumber);
const upTo = (count: number) => Array.from({ length: count }, (_, at) => at + 1);

function nextChange(store: InstanceStore, notebookId = NOTEBOOK): Promise<void> {
  return new Promise((resolve) => {
    const stop = store.subscribe(notebookId, () => {
      stop();
      resolve();
    });
  });
}

/**
 * What every `InstanceStore` must do.
 *
 * @param openStore opens an empty store, and a second view of it as another tab would have.
 */
export function describeInstanceStore(
  name: string,
  openStore: () => Promise<{ readonly store: InstanceStore; readonly otherTab: InstanceStore }>,
): void {
  describe(`${name} keeps the event log`, () => {
    let store: InstanceStore;
    let otherTab: InstanceStore;

    beforeEach(async () => {
      ({ store, otherTab } = await openStore());
    });

    describe('records (ST)', () => {
      const tick = (recordId: string, value: unknown = recordId) =>
        ({ kind: 'tick', recordId, value }) as const;
      const listed = async (options: { prefix: string; before?: string; limit?: number }) =>
        (await otherTab.listRecords(NOTEBOOK, 'tick', { limit: 10, before: null, ...options })).map(
          ({ recordId }) => recordId,
        );

      it('[ST-47] are replaced whole, with what else the batch has, or not at all', async () => {
        await store.append(
          NOTEBOOK,
          batch({ records: [tick('a', { keys: new Map([['k', 1]]) })] }),
        );
        await store.append(NOTEBOOK, batch({ records: [tick('a', { keys: new Set(['l']) })] }));
        expect(await otherTab.readRecord(NOTEBOOK, 'tick', 'a')).toEqual(
          tick('a', { keys: new Set(['l']) }),
        );
        expect(await store.readRecord(NOTEBOOK, 'backfill', 'a')).toBeNull();
        const failing = batch({ records: [tick('b')], rows: [[draft(7)]] });
        await expect(store.append(NOTEBOOK, failing)).rejects.toThrow();
        expect(await store.readRecord(NOTEBOOK, 'tick', 'b')).toBeNull();
      });

      it('[ST-48] are listed by id, descending, below a prefix, of one kind and one notebook', async () => {
        const ids = ['s/1', 's/2', 's/3', 's', 't/1', 'ſ'];
        await store.append(NOTEBOOK, batch({ records: ids.map((id) => tick(id)) }));
        await store.append(
          NOTEBOOK,
          batch({ records: [{ kind: 'backfill', recordId: 's/9', value: 0 }] }),
        );
        await store.append(OTHER, batch({ records: [tick('s/8')] }));
        expect(await listed({ prefix: 's/' })).toEqual(['s/3', 's/2', 's/1']);
        expect(await listed({ prefix: 's/', limit: 1, before: 's/3' })).toEqual(['s/2']);
        expect(await listed({ prefix: '' })).toEqual([...ids].sort().reverse());
        await store.clear(NOTEBOOK);
        expect(await listed({ prefix: '' })).toEqual([]);
      });

      it('[ST-49] what happened outside any run needs none', async () => {
        const outside = draft(1, { runId: '', type: 'DYNAMIC_PARTITIONS_ADDED' });
        await store.append(NOTEBOOK, batch({ rows: [[outside]] }));
        expect(await allEvents(otherTab)).toEqual([{ ...outside, eventId: 1 }]);
      });
    });

    describe('events (ST)', () => {
      it('[ST-1] ids count from 1 in the order of rows, without gaps, for each notebook', async () => {
        const rows = [[draft(1), draft(1)], [], [draft(1)]];
        const first = await store.append(NOTEBOOK, batch({ runs: [run(1)], rows }));
        const second = await store.append(NOTEBOOK, batch({ rows: [[draft(1)]] }));
        const other = await store.append(
          OTHER,
          batch({ runs: [run(1, 'QUEUED', { notebookId: OTHER })], rows: [[draft(1)]] }),
        );
        expect(idsOf(first)).toEqual([1, 2, 3]);
        expect(idsOf(second)).toEqual([4]);
        expect(idsOf(other)).toEqual([1]);
        expect(await store.lastEventId(NOTEBOOK)).toBe(4);
        expect(await store.lastEventId('unheard-of')).toBe(0);
      });

      it('[ST-2] every field comes back as it went in', async () => {
        const appended = await store.append(
          NOTEBOOK,
          batch({ runs: [run(1)], rows: [ONE_OF_EACH] }),
        );
        const expected = ONE_OF_EACH.map((event, at) => ({ ...event, eventId: at + 1 }));
        expect(appended).toEqual(expected);
        expect(await allEvents(store)).toEqual(expected);
        expect(await store.readRunEvents(NOTEBOOK, 'run-1')).toEqual(expected);
      });

      it('[ST-3] events are read in order, whole, in batches, from any event on', async () => {
        const rowLengths = [3, 1, 40, 2, 2, 9];
        const rows = rowLengths.map((length) => Array.from({ length }, () => draft(1)));
        await store.append(NOTEBOOK, batch({ runs: [run(1)], rows }));
        const ids = upTo(57);
        for (const batchSize of [1, 5, 44, 1_000]) {
          for (const after of [0, 1, 3, 20, 44, 56, 57, 90]) {
            expect(idsOf(await allEvents(store, after, batchSize))).toEqual(ids.slice(after));
          }
        }
      });

      it('[ST-3] a batch ends where a row ends', async () => {
        const rows = Array.from({ length: 10 }, () => [draft(1), draft(1), draft(1)]);
        await store.append(NOTEBOOK, batch({ runs: [run(1)], rows }));
        const lengths: number[] = [];
        for await (const events of store.readEvents(NOTEBOOK, 0, 7)) lengths.push(events.length);
        expect(lengths).toEqual([9, 9, 9, 3]);
      });

      it('[ST-3] what is appended while reading is read too', async () => {
        await store.append(NOTEBOOK, batch({ runs: [run(1)], rows: [[draft(1)]] }));
        const ids: number[] = [];
        for await (const events of store.readEvents(NOTEBOOK, 0, 1)) {
          ids.push(...idsOf(events));
          if (ids.length < 3) await store.append(NOTEBOOK, batch({ rows: [[draft(1)]] }));
        }
        expect(ids).toEqual([1, 2, 3]);
      });

      it('[ST-4] the events of a run are found among those of others', async () => {
        await store.append(
          NOTEBOOK,
          batch({ runs: [run(1), run(2)], rows: [[draft(1), draft(2), draft(1)], [draft(2)]] }),
        );
        await store.append(NOTEBOOK, batch({ rows: [[draft(2)], [draft(1)]] }));
        await store.append(NOTEBOOK, batch({ runs: [run(1, 'SUCCESS')], rows: [[draft(1)]] }));
        expect(idsOf(await store.readRunEvents(NOTEBOOK, 'run-1'))).toEqual([1, 3, 6, 7]);
        expect(idsOf(await store.readRunEvents(NOTEBOOK, 'run-2'))).toEqual([2, 4, 5]);
        expect(await store.readRunEvents(NOTEBOOK, 'run-3')).toEqual([]);
        expect(await store.readRunEvents(OTHER, 'run-1')).toEqual([]);
      });

      it('[ST-5] appends from two tabs at once share no id and leave no gap', async () => {
        await store.append(NOTEBOOK, batch({ runs: [run(1)] }));
        const appended = await Promise.all(
          upTo(40).map((at) =>
            (at % 2 ? store : otherTab).append(
              NOTEBOOK,
              batch({ rows: [[draft(1), draft(1)], [draft(1)]] }),
            ),
          ),
        );
        expect(appended.flatMap(idsOf).sort((one, other) => one - other)).toEqual(upTo(120));
        expect(idsOf(await allEvents(otherTab))).toEqual(upTo(120));
      });
    });

    describe('one transaction (ST)', () => {
      it('[ST-6] a batch that cannot be written leaves nothing of itself', async () => {
        await store.append(NOTEBOOK, batch({ runs: [run(1)], rows: [[draft(1)]] }));
        const failing = store.append(
          NOTEBOOK,
          batch({
            runs: [run(1, 'SUCCESS'), run(2)],
            rows: [[draft(1)], [draft(2)]],
            checkpoints: [{ assetKey: 'customer_orders', definitionIdentity: 'd', state: 1 }],
            values: [value('customer_a'), value('customer_b', { value: () => 'not data' })],
          }),
        );
        await expect(failing).rejects.toBeInstanceOf(StorageWriteError);
        expect(await store.lastEventId(NOTEBOOK)).toBe(1);
        expect(await store.findRun(NOTEBOOK, 'run-1')).toEqual(run(1));
        expect(await store.findRun(NOTEBOOK, 'run-2')).toBeNull();
        expect(await store.countRuns(NOTEBOOK)).toMatchObject({ QUEUED: 1, SUCCESS: 0 });
        expect(await store.readCheckpoints(NOTEBOOK)).toEqual([]);
        expect(await store.readValue(NOTEBOOK, 'customer_orders', 'customer_a')).toBeNull();
        const [next] = await store.append(NOTEBOOK, batch({ rows: [[draft(1)]] }));
        expect(next?.eventId).toBe(2);
      });

      it('[ST-7] an event of a run that nobody brought is refused', async () => {
        const stray = store.append(NOTEBOOK, batch({ runs: [run(1)], rows: [[draft(9)]] }));
        await expect(stray).rejects.toThrow(/run-9/);
        expect(await store.findRun(NOTEBOOK, 'run-1')).toBeNull();
      });
    });

    describe('runs (ST)', () => {
      it('[ST-18] a deleted run is neither listed nor counted, and can come back', async () => {
        const deleted = { ...run(1, 'SUCCESS'), deletedAt: 5 };
        const every = { limit: 9, before: null, statuses: null };
        await store.append(NOTEBOOK, batch({ runs: [run(1, 'SUCCESS'), run(2, 'SUCCESS')] }));
        await store.append(NOTEBOOK, batch({ runs: [deleted] }));
        expect(await store.listRuns(NOTEBOOK, every)).toEqual([run(2, 'SUCCESS')]);
        expect(await store.listRuns(NOTEBOOK, { ...every, statuses: ['SUCCESS'] })).toHaveLength(1);
        expect((await store.countRuns(NOTEBOOK)).SUCCESS).toBe(1);
        expect(await store.findRun(NOTEBOOK, 'run-1')).toEqual(deleted);
        await store.append(NOTEBOOK, batch({ runs: [run(1, 'SUCCESS')] }));
        expect(await store.listRuns(NOTEBOOK, every)).toHaveLength(2);
        expect((await store.countRuns(NOTEBOOK)).SUCCESS).toBe(2);
      });

      it('[ST-8] a run is kept whole and replaced whole', async () => {
        await store.append(NOTEBOOK, batch({ runs: [run(1)], rows: [[draft(1)]] }));
        expect(await store.findRun(NOTEBOOK, 'run-1')).toEqual(run(1));
        const ended = run(1, 'FAILURE', { endedAt: 9_000, tookMs: 12, failure: 'no', tags: {} });
        await store.append(NOTEBOOK, batch({ runs: [ended], rows: [[draft(1)]] }));
        expect(await store.findRun(NOTEBOOK, 'run-1')).toEqual(ended);
        expect(await store.findRun(OTHER, 'run-1')).toBeNull();
        expect(await store.listRuns(NOTEBOOK, { limit: 9, before: null, statuses: null })).toEqual([
          ended,
        ]);
      });

      it('[ST-9] runs are listed newest first, a page at a time, by status if asked', async () => {
        const statuses = ['SUCCESS', 'FAILURE', 'QUEUED'] as const;
        const runs = upTo(12).map((number) => run(number, statuses[number % 3] ?? 'QUEUED'));
        // In any order of arrival.
        await store.append(
          NOTEBOOK,
          batch({ runs: runs.filter((one) => one.runNumber % 2 === 0) }),
        );
        await store.append(
          NOTEBOOK,
          batch({ runs: runs.filter((one) => one.runNumber % 2 === 1) }),
        );
        const list = async (
          limit: number,
          before: number | null,
          wanted: readonly RunStatus[] | null,
        ) => numbersOf(await store.listRuns(NOTEBOOK, { limit, before, statuses: wanted }));
        expect(await list(4, null, null)).toEqual([12, 11, 10, 9]);
        expect(await list(4, 9, null)).toEqual([8, 7, 6, 5]);
        expect(await list(99, 3, null)).toEqual([2, 1]);
        expect(await list(3, null, ['FAILURE'])).toEqual([10, 7, 4]);
        expect(await list(3, 10, ['SUCCESS', 'FAILURE'])).toEqual([9, 7, 6]);
        expect(await list(9, null, ['CANCELED'])).toEqual([]);
        expect(await list(9, null, [])).toEqual([]);
      });

      it('[ST-10] counts, the last number and unfinished runs follow every change', async () => {
        expect(await store.lastRunNumber(NOTEBOOK)).toBe(0);
        expect(await store.countRuns(NOTEBOOK)).toEqual({
          QUEUED: 0,
          NOT_STARTED: 0,
          STARTING: 0,
          STARTED: 0,
          SUCCESS: 0,
          FAILURE: 0,
          CANCELING: 0,
          CANCELED: 0,
        });
        await store.append(NOTEBOOK, batch({ runs: upTo(11).map((number) => run(number)) }));
        await store.append(
          NOTEBOOK,
          batch({ runs: [run(10, 'STARTED'), run(2, 'SUCCESS'), run(3, 'CANCELING')] }),
        );
        await store.append(NOTEBOOK, batch({ runs: [run(3, 'CANCELED'), run(4, 'FAILURE')] }));
        expect(await store.countRuns(NOTEBOOK)).toMatchObject({
          QUEUED: 7,
          STARTED: 1,
          SUCCESS: 1,
          FAILURE: 1,
          CANCELING: 0,
          CANCELED: 1,
        });
        expect(await store.lastRunNumber(NOTEBOOK)).toBe(11);
        const unfinished = await store.listUnfinishedRuns(NOTEBOOK);
        expect(numbersOf(unfinished)).toEqual([1, 5, 6, 7, 8, 9, 10, 11]);
        expect(unfinished.at(-2)).toEqual(run(10, 'STARTED'));
      });
    });

    describe('values and checkpoints (ST)', () => {
      it('[ST-11] a value is kept for each asset and key, the last one written', async () => {
        const values = [value('customer_a'), value('customer_b'), value(null), value('')];
        await store.append(NOTEBOOK, batch({ values }));
        const again = value('customer_a', { value: { total: 2n ** 70n }, runId: 'run-2' });
        await store.append(NOTEBOOK, batch({ values: [again] }));
        expect(await store.readValue(NOTEBOOK, 'customer_orders', 'customer_a')).toEqual(again);
        expect(await store.readValue(NOTEBOOK, 'customer_orders', 'customer_b')).toEqual(values[1]);
        expect(await store.readValue(NOTEBOOK, 'customer_orders', null)).toEqual(values[2]);
        expect(await store.readValue(NOTEBOOK, 'customer_orders', '')).toEqual(values[3]);
        expect(await store.readValue(NOTEBOOK, 'customer_summary', 'customer_a')).toBeNull();
        expect(await store.readValue(OTHER, 'customer_orders', 'customer_a')).toBeNull();
      });

      it('[ST-12] several values come in the order asked for, absent ones left out', async () => {
        await store.append(NOTEBOOK, batch({ values: ['b', 'a', 'd'].map((key) => value(key)) }));
        const found = await store.readValues(NOTEBOOK, 'customer_orders', ['d', 'x', 'a', 'b']);
        expect(found.map((one) => one.partitionKey)).toEqual(['d', 'a', 'b']);
        expect(await store.readValues(NOTEBOOK, 'customer_orders', [])).toEqual([]);
        expect(await store.readValues(NOTEBOOK, 'other', ['a'])).toEqual([]);
      });

      it('[ST-13] what a value was written from may change afterwards', async () => {
        const rows = [{ amount: 1 }];
        const state = { runs: [1, 2] };
        const checkpoint = { assetKey: 'a', definitionIdentity: 'd', state };
        await store.append(
          NOTEBOOK,
          batch({ values: [value('k', { value: rows })], checkpoints: [checkpoint] }),
        );
        rows[0] = { amount: 2 };
        state.runs.push(3);
        const stored = await store.readValue(NOTEBOOK, 'customer_orders', 'k');
        expect(stored?.value).toEqual([{ amount: 1 }]);
        const [kept] = await store.readCheckpoints(NOTEBOOK);
        expect(kept?.state).toEqual({ runs: [1, 2] });
      });

      it('[ST-14] a checkpoint reaches the last event of its batch, one for each asset', async () => {
        const bits = Uint32Array.of(1, 2, 3);
        const a = { assetKey: 'a', definitionIdentity: 'first', state: { bits } };
        const b = { assetKey: 'b', definitionIdentity: 'first', state: null };
        await store.append(
          NOTEBOOK,
          batch({ runs: [run(1)], rows: [[draft(1), draft(1)]], checkpoints: [b, a] }),
        );
        expect(await store.readCheckpoints(NOTEBOOK)).toEqual([
          { ...a, reachesEventId: 2 },
          { ...b, reachesEventId: 2 },
        ]);
        await store.append(NOTEBOOK, batch({ rows: [[draft(1)]] }));
        const later = { assetKey: 'a', definitionIdentity: 'second', state: [] };
        await store.append(NOTEBOOK, batch({ checkpoints: [later] }));
        expect(await store.readCheckpoints(NOTEBOOK)).toEqual([
          { ...later, reachesEventId: 3 },
          { ...b, reachesEventId: 2 },
        ]);
        expect(await store.readCheckpoints(OTHER)).toEqual([]);
      });
    });

    describe('forgetting (ST)', () => {
      it('[ST-15] clear forgets one notebook and begins again at 1', async () => {
        for (const notebookId of [NOTEBOOK, OTHER]) {
          await store.append(
            notebookId,
            batch({
              runs: [run(7, 'SUCCESS', { notebookId })],
              rows: [[draft(7), draft(7)]],
              values: [value('a'), value(null)],
              checkpoints: [{ assetKey: 'a', definitionIdentity: 'd', state: 1 }],
            }),
          );
        }
        await store.clear(NOTEBOOK);
        expect(await allEvents(store)).toEqual([]);
        expect(await store.findRun(NOTEBOOK, 'run-7')).toBeNull();
        expect(await store.countRuns(NOTEBOOK)).toMatchObject({ SUCCESS: 0 });
        expect(await store.lastRunNumber(NOTEBOOK)).toBe(0);
        expect(await store.readValue(NOTEBOOK, 'customer_orders', 'a')).toBeNull();
        expect(await store.readValue(NOTEBOOK, 'customer_orders', null)).toBeNull();
        expect(await store.readCheckpoints(NOTEBOOK)).toEqual([]);

        expect(await store.lastEventId(OTHER)).toBe(2);
        expect(await store.readRunEvents(OTHER, 'run-7')).toHaveLength(2);
        expect(await store.readValue(OTHER, 'customer_orders', 'a')).toEqual(value('a'));

        const [first] = await store.append(NOTEBOOK, batch({ runs: [run(1)], rows: [[draft(1)]] }));
        expect(first?.eventId).toBe(1);
      });
    });

    describe('following (ST)', () => {
      it('[ST-16] a change is told in every tab, once it can be read', async () => {
        const changes = [nextChange(store), nextChange(otherTab)];
        await store.append(NOTEBOOK, batch({ runs: [run(1)], rows: [[draft(1)]] }));
        await Promise.all(changes);
        expect(await otherTab.lastEventId(NOTEBOOK)).toBe(1);
        const cleared = nextChange(store);
        await otherTab.clear(NOTEBOOK);
        await cleared;
        expect(await store.lastEventId(NOTEBOOK)).toBe(0);
      });

      it('[ST-17] other notebooks, empty batches, failures and those who left are not told', async () => {
        const heard: string[] = [];
        store.subscribe(OTHER, () => heard.push('another notebook'));
        store.subscribe(NOTEBOOK, () => heard.push('left'))();
        expect(await store.append(NOTEBOOK, batch({ rows: [[]] }))).toEqual([]);
        const failing = batch({ values: [value('a', { value: () => 'not data' })] });
        await store.append(OTHER, failing).catch(() => 'expected');
        const told = nextChange(store);
        await store.append(NOTEBOOK, batch({ runs: [run(1)] }));
        await told;
        expect(heard).toEqual([]);
      });
    });
  });
}
