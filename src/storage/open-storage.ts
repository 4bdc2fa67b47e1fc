import type { StorageMode } from '../protocol/engine.ts';
import { databaseName, PartitaDatabase, SCHEMA_VERSION } from './database.ts';
import { DexieStores } from './dexie-stores.ts';
import { MemoryStores } from './memory-stores.ts';
import type { Stores } from './stores.ts';

/** The stores of a tab, and what its reader must know of them. */
export interface OpenedStorage extends Stores {
  readonly mode: StorageMode;
  /** A sentence or two for the top of the page; null if all is as it should be. */
  readonly banner: string | null;
}

/** IndexedDB, as a browser offers it. */
export interface Device {
  readonly indexedDB: IDBFactory;
  readonly IDBKeyRange: typeof IDBKeyRange;
}

const IN_THIS_TAB_ONLY = 'What you do here lasts as long as this tab: save as a file what matters.';
const REFUSED = `This browser stores nothing for this site, as in some private windows. ${IN_THIS_TAB_ONLY}`;
const NEWER = `A newer version of Partita keeps your notebooks: reload this page to get it. ${IN_THIS_TAB_ONLY}`;
const HELD = `Another tab holds an older version of Partita: close it, then reload this page. ${IN_THIS_TAB_ONLY}`;
const OUTDATED =
  'A newer version of Partita was opened in another tab. Reload this page: what you do in it is no longer saved.';
const DELETED =
  'The data of this site was deleted. What this tab still shows is no longer saved: save as a file what matters.';

/**
 * Opens the stores of the site at `basePath`. Where they cannot be had, stores in memory
 * take their place and a banner says so: it never rejects.
 *
 * @param options `ephemeral`: keep nothing, and say nothing of it. `interrupted`: called
 * with a banner if the stores, once open, have to be given up; writes are refused then.
 * `device`: if not the browser's own.
 */
export async function openStorage({
  basePath,
  ephemeral,
  interrupted,
  device,
}: {
  readonly basePath: string;
  readonly ephemeral: boolean;
  readonly interrupted?: (banner: string) => void;
  readonly device?: Device;
}): Promise<OpenedStorage> {
  if (ephemeral) return inMemory(null);
  try {
    const { indexedDB } = device ?? globalThis;
    if (await isNewer(indexedDB, basePath)) return inMemory(NEWER);
    const db = new PartitaDatabase(basePath, device);
    db.on('versionchange', ({ newVersion }) => {
      // Makes way at once; and stays closed, as opening again would bring back what was
      // deleted, or meet a schema that this version does not know.
      db.close({ disableAutoOpen: true });
      interrupted?.(newVersion === null ? DELETED : OUTDATED);
      return false;
    });
    if ((await openUnlessBlocked(db)) === 'blocked') return inMemory(HELD);
    return opened(new DexieStores(db), 'persistent', null);
  } catch {
    // Each browser has its own error for "not here"; what follows is the same for all.
    return inMemory(REFUSED);
  }
}

/** Asked before opening: given a newer schema, Dexie would open it and add what it misses. */
async function isNewer(factory: IDBFactory, basePath: string): Promise<boolean> {
  const name = databaseName(basePath);
  const databases = await factory.databases();
  // Dexie counts in tenths of the browser's versions.
  return databases.some(
    (one) => one.name === name && (one.version ?? 0) >= 10 * (SCHEMA_VERSION + 1),
  );
}

async function openUnlessBlocked(db: PartitaDatabase): Promise<'open' | 'blocked'> {
  const blocked = new Promise<'blocked'>((resolve) => {
    db.on('blocked', () => {
      resolve('blocked');
      // Said in the banner, so not also on the console.
      return false;
    });
  });
  const outcome = await Promise.race([db.open().then(() => 'open' as const), blocked]);
  if (outcome === 'blocked') db.close({ disableAutoOpen: true });
  return outcome;
}

function inMemory(banner: string | null): OpenedStorage {
  return opened(new MemoryStores(), 'memory', banner);
}

function opened(stores: Stores, mode: StorageMode, banner: string | null): OpenedStorage {
  const { instances, notebooks, files, commands } = stores;
  const together: Stores['together'] = (work) => stores.together(work);
  return { instances, notebooks, files, commands, together, mode, banner };
}
