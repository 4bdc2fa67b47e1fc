import type { NotebookStore, StoredNotebook } from '../orchestration/ports.ts';
import type { EpochMs } from '../time/time-window.ts';
import { watchTables } from './changes.ts';
import { ofNotebook, type PartitaDatabase } from './database.ts';
import { savedNotebook } from './saved-notebook.ts';
import { writing } from './write-errors.ts';

/** Notebooks in IndexedDB. */
export class DexieNotebookStore implements NotebookStore {
  readonly #db: PartitaDatabase;

  constructor(db: PartitaDatabase) {
    this.#db = db;
  }

  /** Newest first. */
  async list(): Promise<readonly StoredNotebook[]> {
    return this.#db.notebooks.orderBy('updatedAt').reverse().toArray();
  }

  async get(notebookId: string): Promise<StoredNotebook | null> {
    return (await this.#db.notebooks.get(notebookId)) ?? null;
  }

  /** The newest, if there are several. */
  async findByExample(example: string): Promise<StoredNotebook | null> {
    const copies = await this.#db.notebooks.where('example').equals(example).sortBy('updatedAt');
    return copies.at(-1) ?? null;
  }

  async put(notebook: StoredNotebook): Promise<void> {
    await writing('The notebook', () => this.#db.notebooks.put(notebook));
  }

  save(
    notebookId: string,
    source: string,
    title: string,
    baseRevision: number,
    at: EpochMs,
  ): Promise<{ readonly saved: boolean; readonly record: StoredNotebook }> {
    const { notebooks } = this.#db;
    return writing('The notebook', () =>
      this.#db.transaction('rw', notebooks, async () => {
        const stored = await notebooks.get(notebookId);
        const outcome = savedNotebook(stored, source, title, baseRevision, at);
        if (outcome.saved) await notebooks.put(outcome.record);
        return outcome;
      }),
    );
  }

  async delete(notebookId: string): Promise<void> {
    await writing('The notebook', () =>
      this.#db.transaction('rw', this.#db.tables, () =>
        Promise.all(
          this.#db.tables.map((table) =>
            table.schema.primKey.compound
              ? table
                  .where(':id')
                  .between(...ofNotebook(notebookId))
                  .delete()
              : table.delete(notebookId),
          ),
        ),
      ),
    );
  }

  subscribe(changed: () => void): () => void {
    return watchTables(this.#db, ['notebooks'], null, changed);
  }
}
