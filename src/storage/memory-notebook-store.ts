import type { NotebookStore, StoredNotebook } from '../orchestration/ports.ts';
import type { EpochMs } from '../time/time-window.ts';
import { Listeners } from './listeners.ts';
import { savedNotebook } from './saved-notebook.ts';
import { writing } from './write-errors.ts';

const ALL = '';

/** Notebooks for as long as this object lives. */
export class MemoryNotebookStore implements NotebookStore {
  readonly #notebooks = new Map<string, StoredNotebook>();
  readonly #listeners = new Listeners();
  readonly #forget: (notebookId: string) => Promise<void>;

  /** @param forget drops the rows of a notebook from the other stores. */
  constructor(forget: (notebookId: string) => Promise<void>) {
    this.#forget = forget;
  }

  async list(): Promise<readonly StoredNotebook[]> {
    return [...this.#notebooks.values()].sort((one, other) => other.updatedAt - one.updatedAt);
  }

  async get(notebookId: string): Promise<StoredNotebook | null> {
    return this.#notebooks.get(notebookId) ?? null;
  }

  async findByExample(example: string): Promise<StoredNotebook | null> {
    return (await this.list()).find((notebook) => notebook.example === example) ?? null;
  }

  async put(notebook: StoredNotebook): Promise<void> {
    this.#notebooks.set(notebook.notebookId, notebook);
    this.#listeners.tell(ALL);
  }

  save(
    notebookId: string,
    source: string,
    title: string,
    baseRevision: number,
    at: EpochMs,
  ): Promise<{ readonly saved: boolean; readonly record: StoredNotebook }> {
    return writing('The notebook', async () => {
      const stored = this.#notebooks.get(notebookId);
      const outcome = savedNotebook(stored, source, title, baseRevision, at);
      if (outcome.saved) await this.put(outcome.record);
      return outcome;
    });
  }

  async delete(notebookId: string): Promise<void> {
    this.#notebooks.delete(notebookId);
    await this.#forget(notebookId);
    this.#listeners.tell(ALL);
  }

  subscribe(changed: () => void): () => void {
    return this.#listeners.add(ALL, changed);
  }
}
