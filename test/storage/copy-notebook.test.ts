import { IDBFactory, IDBKeyRange } from 'fake-indexeddb';
import { describe, expect, it } from 'vitest';
import { StorageWriteError } from '../../src/errors.ts';
import type { Event } from '../../src/orchestration/event.ts';
import { copyNotebook } from '../../src/storage/copy-notebook.ts';
import { PartitaDatabase } from '../../src/storage/database.ts';
import { DexieStores } from '../../src/storage/dexie-stores.ts';
import { MemoryStores } from '../../src/storage/memory-stores.ts';
import type { Stores } from '../../src/storage/stores.ts';
import { batch, draft, run } from '../orchestration/instance-store.contract.ts';
import { notebook } from '../orchestration/notebook-store.contract.ts';

const ID = 'notebook-1';

/** A notebook with two runs, a value, a file and checkpoints of different reach. */
async function lived(): Promise<MemoryStores> {
  const stores = new MemoryStores();
  const checkpoint = { definitionIdentity: 'd', state: Uint32Array.of(1, 2) };
  await stores.notebooks.put(notebook(ID, { revision: 7, clockAt: 99 }));
  await stores.files.write(ID, 'weather.csv', Uint8Array.of(1, 2), true, 5);
  await stores.instances.append(
    ID,
    batch({
      runs: [run(1), run(2)],
      rows: [[draft(1), draft(2)], [draft(2)]],
      checkpoints: [{ ...checkpoint, assetKey: 'a' }],
    }),
  );
  await stores.instances.append(ID, batch({ rows: [[draft(1)], [draft(2), draft(2)]] }));
  await stores.instances.append(
    ID,
    batch({
      runs: [run(1, 'SUCCESS')],
      rows: [[draft(1, { type: 'RUN_SUCCESS' })]],
      values: [
        {
          ...{ assetKey: 'a', partitionKey: 'k', path: 'a/k', bytes: 3 },
          value: 'v',
          runId: 'run-1',
          at: 1,
        },
      ],
      checkpoints: [{ ...checkpoint, assetKey: 'b' }],
    }),
  );
  await stores.instances.append(ID, batch({ rows: [[draft(2)]] }));
  return stores;
}

async function everythingIn(stores: Stores): Promise<unknown> {
  const events: Event[] = [];
  for await (const some of stores.instances.readEvents(ID, 0, 100)) events.push(...some);
  return {
    notebook: await stores.notebooks.get(ID),
    files: await stores.files.list(ID),
    content: await stores.files.read(ID, 'weather.csv'),
    events,
    ofRun2: await stores.instances.readRunEvents(ID, 'run-2'),
    runs: await stores.instances.listRuns(ID, { limit: 99, before: null, statuses: null }),
    counts: await stores.instances.countRuns(ID),
    checkpoints: await stores.instances.readCheckpoints(ID),
    value: await stores.instances.readValue(ID, 'a', 'k'),
  };
}

describe('keeping a notebook (SK)', () => {
  it('[SK-1] all that a notebook has is copied, ids and checkpoints included', async () => {
    const from = await lived();
    const db = new PartitaDatabase('/', { indexedDB: new IDBFactory(), IDBKeyRange });
    const to = new DexieStores(db);
    await copyNotebook(from, to, ID);
    expect(await everythingIn(to)).toEqual(await everythingIn(from));
    expect(await db.events.count()).toBe(6);
    const inMemory = new MemoryStores();
    await copyNotebook(from, inMemory, ID);
    expect(await everythingIn(inMemory)).toEqual(await everythingIn(from));
  });

  it('[SK-2] a second copy replaces the first', async () => {
    const from = await lived();
    const db = new PartitaDatabase('/', { indexedDB: new IDBFactory(), IDBKeyRange });
    const to = new DexieStores(db);
    await copyNotebook(from, to, ID);
    await copyNotebook(from, to, ID);
    expect(await everythingIn(to)).toEqual(await everythingIn(from));
  });

  it('[SK-3] a copy that fails leaves what was there', async () => {
    const from = await lived();
    const db = new PartitaDatabase('/', { indexedDB: new IDBFactory(), IDBKeyRange });
    const to = new DexieStores(db);
    await to.notebooks.put(notebook(ID, { title: 'Kept before' }));
    db.heads.hook('creating', () => {
      throw new DOMException('no more room', 'QuotaExceededError');
    });
    const failing = copyNotebook(from, to, ID);
    await expect(failing).rejects.toBeInstanceOf(StorageWriteError);
    await expect(failing).rejects.toMatchObject({ full: true });
    expect(await to.notebooks.list()).toEqual([notebook(ID, { title: 'Kept before' })]);
    expect(await to.files.list(ID)).toEqual([]);
  });

  it('[SK-4] a notebook that is not there cannot be copied', async () => {
    const copying = copyNotebook(new MemoryStores(), new MemoryStores(), ID);
    await expect(copying).rejects.toThrow(/no notebook/);
  });
});
