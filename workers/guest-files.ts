import type { FilesView } from '../src/orchestration/execute-run.ts';
import { messageOf } from '../src/errors.ts';
import type { FileStore } from '../src/orchestration/ports.ts';
import type { GuestAnswer, GuestRequest } from '../src/protocol/sandbox.ts';
import type { EpochMs } from '../src/time/time-window.ts';

const LONGEST_PATH = 1000;

/** A notebook's folder as its code sees it. */
export class GuestFiles {
  readonly #notebookId: string;
  readonly #store: FileStore;
  readonly #now: () => EpochMs;
  readonly #unsubscribe: () => void;
  #view: FilesView | null = null;
  #version: number;

  /**
   * @param now the notebook's clock, by which files are stamped.
   * @param firstVersion above those of any folder that the notebook had before.
   */
  constructor(notebookId: string, store: FileStore, now: () => EpochMs, firstVersion: number) {
    this.#notebookId = notebookId;
    this.#store = store;
    this.#now = now;
    this.#version = firstVersion;
    this.#unsubscribe = store.subscribe(notebookId, () => this.#changed());
  }

  get version(): number {
    return this.#version;
  }

  /** The names as of now, and a version that grows with every change. */
  async list(): Promise<FilesView> {
    if (this.#view) return this.#view;
    const filesVersion = this.#version;
    const stored = await this.#store.list(this.#notebookId);
    const view = { files: stored.map(({ path }) => path), filesVersion };
    // What changed while it was read is listed again by the next.
    if (filesVersion === this.#version) this.#view = view;
    return view;
  }

  /** Does what a run asks. */
  async answer(ask: GuestRequest): Promise<GuestAnswer> {
    const { path } = ask;
    if (path === '' || path.length > LONGEST_PATH) {
      return { status: 'error', message: 'A file needs a name of 1 to 1,000 characters.' };
    }
    try {
      switch (ask.kind) {
        case 'readFile':
          return { status: 'ok', bytes: await this.#store.read(this.#notebookId, path) };
        case 'writeFile':
          await this.#store.write(this.#notebookId, path, ask.bytes, false, this.#now());
          break;
        case 'removeFile':
          await this.#store.remove(this.#notebookId, path);
      }
      this.#changed();
      return { status: 'ok', bytes: null };
    } catch (problem) {
      return {
        status: 'error',
        message: messageOf(problem),
      };
    }
  }

  /** For one test: the files as they are, with what it writes on top; nothing of it is kept. */
  overlaid(): (ask: GuestRequest) => Promise<GuestAnswer> {
    const written = new Map<string, Uint8Array | null>();
    return async (ask) => {
      if (ask.kind === 'readFile') {
        const own = written.get(ask.path);
        return own === undefined ? this.answer(ask) : { status: 'ok', bytes: own };
      }
      written.set(ask.path, ask.kind === 'writeFile' ? ask.bytes : null);
      return { status: 'ok', bytes: null };
    };
  }

  dispose(): void {
    this.#unsubscribe();
  }

  #changed(): void {
    this.#view = null;
    this.#version += 1;
  }
}
