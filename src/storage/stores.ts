import type {
  CommandQueue,
  FileStore,
  InstanceStore,
  NotebookStore,
} from '../orchestration/ports.ts';

/** One place where notebooks are kept, with all that belongs to them. */
export interface Stores {
  readonly instances: InstanceStore;
  readonly notebooks: NotebookStore;
  readonly files: FileStore;
  readonly commands: CommandQueue;
  /**
   * Does several writes as one: all are kept or, if `work` rejects, none. `work` may wait
   * for these stores alone. In memory there is nothing to take back: a write there fails
   * before it changes anything.
   */
  together<T>(work: () => Promise<T>): Promise<T>;
}
