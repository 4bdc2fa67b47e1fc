import type { FileStore, StoredFile } from '../orchestration/ports.ts';
import type { EpochMs } from '../time/time-window.ts';
import { Listeners } from './listeners.ts';

interface MemoryFile {
  readonly entry: StoredFile;
  readonly content: Uint8Array;
}

/** Notebooks' folders for as long as this object lives. */
export class MemoryFileStore implements FileStore {
  readonly #folders = new Map<string, Map<string, MemoryFile>>();
  readonly #listeners = new Listeners();

  async list(notebookId: string): Promise<readonly StoredFile[]> {
    return [...(this.#folders.get(notebookId)?.values() ?? [])]
      .map((file) => file.entry)
      .sort((one, other) => (one.path < other.path ? -1 : 1));
  }

  async read(notebookId: string, path: string): Promise<Uint8Array | null> {
    // A copy: the reader may transfer its buffer to another thread, which empties it here.
    return this.#folders.get(notebookId)?.get(path)?.content.slice() ?? null;
  }

  async write(
    notebookId: string,
    path: string,
    bytes: Uint8Array,
    shipped: boolean,
    at: EpochMs,
  ): Promise<void> {
    const folder = this.#folders.get(notebookId) ?? new Map<string, MemoryFile>();
    const entry = { path, bytes: bytes.byteLength, updatedAt: at, shipped };
    this.#folders.set(notebookId, folder.set(path, { entry, content: bytes.slice() }));
    this.#listeners.tell(notebookId);
  }

  async remove(notebookId: string, path: string): Promise<void> {
    if (this.#folders.get(notebookId)?.delete(path)) this.#listeners.tell(notebookId);
  }

  /** Removes all files of a notebook. */
  async removeAll(notebookId: string): Promise<void> {
    if (this.#folders.delete(notebookId)) this.#listeners.tell(notebookId);
  }

  subscribe(notebookId: string, changed: () => void): () => void {
    return this.#listeners.add(notebookId, changed);
  }
}
