import { IDBFactory, IDBKeyRange } from 'fake-indexeddb';
import { describe, expect, it } from 'vitest';
import { StorageWriteError } from '../../src/errors.ts';
import { PartitaDatabase } from '../../src/storage/database.ts';
import { DexieStores } from '../../src/storage/dexie-stores.ts';
import { packEvents } from '../../src/storage/event-row.ts';
import { describeCommandQueue } from '../orchestration/command-queue.contract.ts';
import { describeFileStore } from '../orchestration/file-store.contract.ts';
import {
  batch,
  describeInstanceStore,
  draft,
  run,
} from '../orchestration/instance-store.contract.ts';
import { describeNotebookStore, notebook } from '../orchestration/notebook-store.contract.ts';

/** Two tabs on one empty device. */
async function openTabs(now: () => number = () => 0) {
  const options = { indexedDB: new IDBFactory(), IDBKeyRange };
  const db = new PartitaDatabase('/', options);
  await db.open();
  const stores = new DexieStores(db, now);
  const otherTab = new DexieStores(new PartitaDatabase('/', options), now);
  return { db, stores, otherTab };
}

describeInstanceStore('IndexedDB', async () => {
  const { stores, otherTab } = await openTabs();
  return { store: stores.instances, otherTab: otherTab.instances };
});

describeNotebookStore('IndexedDB', async () => openTabs());

describeFileStore('IndexedDB', async () => {
  const { stores, otherTab } = await openTabs();
  return { store: stores.files, otherTab: otherTab.files };
});

describeCommandQueue('IndexedDB', async (now) => {
  const { stores, otherTab } = await openTabs(now);
  return { queue: stores.commands, otherTab: otherTab.commands };
});

describe('the log in IndexedDB', () => {
  it('[SD-1] a list of events is one row, which is never rewritten', async () => {
    const { db, stores } = await openTabs();
    const rows = [Array.from({ length: 20 }, () => draft(1)), [draft(1)], []];
    await stores.instances.append('notebook-1', batch({ runs: [run(1)], rows }));
    const before = await db.events.toArray();
    expect(before.map((row) => [row.firstEventId, row.count])).toEqual([
      [1, 20],
      [21, 1],
    ]);
    await stores.instances.append('notebook-1', batch({ rows: [[draft(1)]] }));
    expect((await db.events.toArray()).slice(0, 2)).toEqual(before);
  });

  it('[SD-2] the events of a run are read by key, from no rows but its own', async () => {
    const { db, stores } = await openTabs();
    const runs = Array.from({ length: 50 }, (_, at) => run(at + 1));
    const rows = runs.map(({ runNumber }) => [draft(runNumber), draft(runNumber)]);
    await stores.instances.append('notebook-1', batch({ runs, rows }));
    const read: unknown[] = [];
    db.events.hook('reading', (row) => {
      read.push(row);
      return row;
    });
    expect(await stores.instances.readRunEvents('notebook-1', 'run-30')).toHaveLength(2);
    expect(read).toHaveLength(1);
  });

  it('[SD-3] a transaction that ends early leaves nothing', async () => {
    const { db, stores, otherTab } = await openTabs();
    await stores.instances.append('notebook-1', batch({ runs: [run(1)], rows: [[draft(1)]] }));
    const torn = stores.together(async () => {
      await stores.instances.append('notebook-1', batch({ runs: [run(2)], rows: [[draft(2)]] }));
      await stores.notebooks.put(notebook('notebook-1'));
      throw new Error('the tab was closed');
    });
    await expect(torn).rejects.toThrow('the tab was closed');
    expect(await otherTab.instances.lastEventId('notebook-1')).toBe(1);
    expect(await otherTab.notebooks.list()).toEqual([]);
    expect(await db.runs.count()).toBe(1);
    expect(await db.events.count()).toBe(1);
  });

  it('[SD-4] ten thousand runs are kept, counted and paged through', async () => {
    const { stores } = await openTabs();
    const { instances } = stores;
    for (let first = 1; first <= 10_000; first += 1_000) {
      const runs = Array.from({ length: 1_000 }, (_, at) => run(first + at, 'SUCCESS'));
      const rows = runs.map(({ runNumber }) => [draft(runNumber), draft(runNumber)]);
      await instances.append('notebook-1', batch({ runs, rows }));
    }
    expect(await instances.lastEventId('notebook-1')).toBe(20_000);
    expect(await instances.countRuns('notebook-1')).toMatchObject({ SUCCESS: 10_000 });
    const page = { limit: 3, before: 5_001, statuses: ['SUCCESS'] as const };
    const runs = await instances.listRuns('notebook-1', page);
    expect(runs.map((one) => one.runNumber)).toEqual([5_000, 4_999, 4_998]);
    expect(await instances.listUnfinishedRuns('notebook-1')).toEqual([]);
    const events = await instances.readRunEvents('notebook-1', 'run-9999');
    expect(events.map((event) => event.eventId)).toEqual([19_997, 19_998]);
  }, 60_000);

  it('[SD-5] a row that is there already is not overwritten: the append fails whole', async () => {
    const { db, stores } = await openTabs();
    await stores.instances.append('notebook-1', batch({ runs: [run(1)], rows: [[draft(1)]] }));
    const stray = { notebookId: 'notebook-1', firstEventId: 3, ...packEvents([draft(1)]) };
    await db.events.add(stray);
    const rows = [[draft(1)], [draft(1)]];
    const failing = stores.instances.append('notebook-1', batch({ runs: [run(2)], rows }));
    await expect(failing).rejects.toBeInstanceOf(StorageWriteError);
    expect(await stores.instances.lastEventId('notebook-1')).toBe(1);
    expect(await stores.instances.findRun('notebook-1', 'run-2')).toBeNull();
    expect(await db.events.count()).toBe(2);
  });

  it('[SD-6] what a tab remembers of runs gives way to what another tab wrote', async () => {
    const { stores, otherTab } = await openTabs();
    const one = stores.instances;
    const other = otherTab.instances;
    const append = (store: typeof one, parts: Parameters<typeof batch>[0]) =>
      store.append('notebook-1', batch(parts));
    await append(one, { runs: [run(1), run(2)], rows: [[draft(1)]] });
    await append(one, { runs: [run(1, 'STARTED')], rows: [[draft(1)]] });
    await append(other, { runs: [run(2, 'CANCELED')], rows: [[draft(2), draft(1)]] });
    await append(one, { runs: [run(1, 'SUCCESS')], rows: [[draft(1)], [draft(2)]] });
    expect(await one.countRuns('notebook-1')).toMatchObject({ SUCCESS: 1, CANCELED: 1, QUEUED: 0 });
    const idsOf = async (runId: string) =>
      (await other.readRunEvents('notebook-1', runId)).map((event) => event.eventId);
    expect(await idsOf('run-1')).toEqual([1, 2, 4, 5]);
    expect(await idsOf('run-2')).toEqual([3, 6]);
    expect(await one.findRun('notebook-1', 'run-2')).toEqual(run(2, 'CANCELED'));

    await other.clear('notebook-1');
    await append(other, { runs: [run(1)], rows: [[draft(1)]] });
    await append(one, { runs: [run(2)], rows: [[draft(1), draft(2)]] });
    expect(await idsOf('run-1')).toEqual([1, 2]);
    expect(await one.countRuns('notebook-1')).toMatchObject({ QUEUED: 2, SUCCESS: 0 });
  });

  it('[SD-7] a full disk is told apart from other failures', async () => {
    const { db, stores } = await openTabs();
    db.heads.hook('creating', () => {
      throw new DOMException('no more room', 'QuotaExceededError');
    });
    const full = stores.instances.append('notebook-1', batch({ runs: [run(1)] }));
    await expect(full).rejects.toMatchObject({ code: 'storage_write', full: true });
    db.close();
    const closed = stores.notebooks.put(notebook('notebook-1'));
    await expect(closed).rejects.toMatchObject({ code: 'storage_write', full: false });
    await expect(closed).rejects.toThrow(/reload the page/);
  });
});
