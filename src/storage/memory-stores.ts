import type { EpochMs } from '../time/time-window.ts';
import { MemoryCommandQueue } from './memory-command-queue.ts';
import { MemoryFileStore } from './memory-file-store.ts';
import { MemoryInstanceStore } from './memory-instance-store.ts';
import { MemoryNotebookStore } from './memory-notebook-store.ts';
import type { Stores } from './stores.ts';

/**
 * Stores that keep everything as long as this object lives, and in this tab alone: for
 * notebooks opened from a link, for browsers that refuse to store, and for tests.
 */
export class MemoryStores implements Stores {
  readonly instances = new MemoryInstanceStore();
  readonly files = new MemoryFileStore();
  readonly commands: MemoryCommandQueue;
  readonly notebooks: MemoryNotebookStore;

  /** @param now real time. */
  constructor(now: () => EpochMs = Date.now) {
    this.commands = new MemoryCommandQueue(now);
    this.notebooks = new MemoryNotebookStore(async (notebookId) => {
      await this.instances.clear(notebookId);
      await this.files.removeAll(notebookId);
      await this.commands.removeAll(notebookId);
    });
  }

  together<T>(work: () => Promise<T>): Promise<T> {
    return work();
  }
}
