import type { FileStore, StoredFile } from '../orchestration/ports.ts';
import type { EpochMs } from '../time/time-window.ts';
import { watchTables } from './changes.ts';
import { ofNotebook, type PartitaDatabase } from './database.ts';
import { writing } from './write-errors.ts';

/** Notebooks' folders in IndexedDB. Contents stand apart, so that a listing does not read them. */
export class DexieFileStore implements FileStore {
  readonly #db: PartitaDatabase;

  constructor(db: PartitaDatabase) {
    this.#db = db;
  }

  /** By path, as text compares. */
  async list(notebookId: string): Promise<readonly StoredFile[]> {
    const rows = await this.#db.files
      .where('[notebookId+path]')
      .between(...ofNotebook(notebookId))
      .toArray();
    return rows.map(({ notebookId: _, ...file }) => file);
  }

  async read(notebookId: string, path: string): Promise<Uint8Array | null> {
    return (await this.#db.fileContents.get([notebookId, path]))?.content ?? null;
  }

  async write(
    notebookId: string,
    path: string,
    bytes: Uint8Array,
    shipped: boolean,
    at: EpochMs,
  ): Promise<void> {
    const { files, fileContents } = this.#db;
    // A copy of just these bytes: a view is stored with the whole buffer that it looks into.
    const content = bytes.slice();
    await writing(`The file "${path}"`, () =>
      this.#db.transaction('rw', [files, fileContents], () =>
        Promise.all([
          files.put({ notebookId, path, bytes: content.byteLength, updatedAt: at, shipped }),
          fileContents.put({ notebookId, path, content }),
        ]),
      ),
    );
  }

  async remove(notebookId: string, path: string): Promise<void> {
    const { files, fileContents } = this.#db;
    await writing(`The file "${path}"`, () =>
      this.#db.transaction('rw', [files, fileContents], () =>
        Promise.all([files.delete([notebookId, path]), fileContents.delete([notebookId, path])]),
      ),
    );
  }

  subscribe(notebookId: string, changed: () => void): () => void {
    return watchTables(this.#db, ['files'], notebookId, changed);
  }
}
