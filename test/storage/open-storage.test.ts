import { IDBFactory, IDBKeyRange } from 'fake-indexeddb';
import { describe, expect, it } from 'vitest';
import { StorageWriteError } from '../../src/errors.ts';
import { openStorage, type Device } from '../../src/storage/open-storage.ts';
import { notebook } from '../orchestration/notebook-store.contract.ts';

const SITE = { basePath: '/a/b/', ephemeral: false } as const;

function newDevice(): Device {
  return { indexedDB: new IDBFactory(), IDBKeyRange };
}

/** Opens the site's database as another version of the app would, and holds it. */
function openRaw(
  device: Device,
  version: number,
  onVersionChange?: (db: IDBDatabase) => void,
): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = device.indexedDB.open('partita:/a/b/', version);
    request.onerror = () => reject(request.error ?? new Error('not opened'));
    request.onsuccess = () => {
      const db = request.result;
      db.onversionchange = () => onVersionChange?.(db);
      resolve(db);
    };
  });
}

describe('opening storage (SO)', () => {
  it('[SO-1] what is kept is there when the site is opened again', async () => {
    const device = newDevice();
    const first = await openStorage({ ...SITE, device });
    expect(first).toMatchObject({ mode: 'persistent', banner: null });
    await first.notebooks.put(notebook('one'));
    const again = await openStorage({ ...SITE, device });
    expect(await again.notebooks.get('one')).toEqual(notebook('one'));
  });

  it('[SO-2] two sites below one host keep apart', async () => {
    const device = newDevice();
    const one = await openStorage({ ...SITE, device });
    await one.notebooks.put(notebook('one'));
    const other = await openStorage({ ...SITE, basePath: '/a/', device });
    expect(await other.notebooks.list()).toEqual([]);
  });

  it('[SO-3] an embed keeps nothing and says nothing', async () => {
    const device = newDevice();
    const stores = await openStorage({ ...SITE, ephemeral: true, device });
    expect(stores).toMatchObject({ mode: 'memory', banner: null });
    expect(await device.indexedDB.databases()).toEqual([]);
  });

  it('[SO-4] where storage is refused, notebooks work in memory under a banner', async () => {
    const refuse = () => {
      throw new DOMException('The operation is insecure.', 'SecurityError');
    };
    for (const refused of [
      { open: refuse, databases: () => Promise.resolve([]) },
      { open: refuse, databases: refuse },
      undefined,
    ]) {
      const indexedDB = refused as unknown as IDBFactory;
      const stores = await openStorage({ ...SITE, device: { indexedDB, IDBKeyRange } });
      expect(stores.mode).toBe('memory');
      expect(stores.banner).toMatch(/stores nothing/);
      await stores.notebooks.put(notebook('one'));
      expect(await stores.notebooks.list()).toHaveLength(1);
    }
  });

  it("[SO-5] a newer version's database is left as it is", async () => {
    const device = newDevice();
    (await openRaw(device, 30)).close();
    const stores = await openStorage({ ...SITE, device });
    expect(stores.mode).toBe('memory');
    expect(stores.banner).toMatch(/newer version/);
    const [database] = await device.indexedDB.databases();
    expect(database?.version).toBe(30);
  });

  it('[SO-6] a tab makes way for a newer version, says so, and refuses to write', async () => {
    const device = newDevice();
    const banners: string[] = [];
    const interrupted = (banner: string) => banners.push(banner);
    const stores = await openStorage({ ...SITE, device, interrupted });
    await stores.notebooks.put(notebook('one'));
    (await openRaw(device, 30)).close();
    expect(banners).toEqual([expect.stringMatching(/Reload this page/)]);
    await expect(stores.notebooks.put(notebook('two'))).rejects.toBeInstanceOf(StorageWriteError);
  });

  it('[SO-7] an older version that does not make way is named', async () => {
    const device = newDevice();
    const old = await openRaw(device, 1);
    const stores = await openStorage({ ...SITE, device });
    expect(stores.mode).toBe('memory');
    expect(stores.banner).toMatch(/older version/);
    old.close();
  });

  it('[SO-8] when the data of the site is deleted, it is said and not brought back', async () => {
    const device = newDevice();
    const banners: string[] = [];
    const interrupted = (banner: string) => banners.push(banner);
    const stores = await openStorage({ ...SITE, device, interrupted });
    await new Promise((resolve) => {
      device.indexedDB.deleteDatabase('partita:/a/b/').onsuccess = resolve;
    });
    expect(banners).toEqual([expect.stringMatching(/deleted/)]);
    await expect(stores.notebooks.put(notebook('one'))).rejects.toBeInstanceOf(StorageWriteError);
    expect(await device.indexedDB.databases()).toEqual([]);
  });
});
