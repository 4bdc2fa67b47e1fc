import type { EpochMs } from '../time/time-window.ts';
import { DexieCommandQueue } from './command-queue.ts';
import type { PartitaDatabase } from './database.ts';
import { DexieFileStore } from './file-store.ts';
import { DexieInstanceStore } from './instance-store.ts';
import { DexieNotebookStore } from './notebook-store.ts';
import type { Stores } from './stores.ts';

/** Stores over one open database. */
export class DexieStores implements Stores {
  readonly instances: DexieInstanceStore;
  readonly notebooks: DexieNotebookStore;
  readonly files: DexieFileStore;
  readonly commands: DexieCommandQueue;
  readonly #db: PartitaDatabase;

  /** @param now real time. */
  constructor(db: PartitaDatabase, now: () => EpochMs = Date.now) {
    this.#db = db;
    this.instances = new DexieInstanceStore(db);
    this.notebooks = new DexieNotebookStore(db);
    this.files = new DexieFileStore(db);
    this.commands = new DexieCommandQueue(db, now);
  }

  async together<T>(work: () => Promise<T>): Promise<T> {
    return this.#db.transaction('rw', this.#db.tables, work);
  }
}
