import type { NotebookSession } from '../../app/notebook-session.svelte.ts';
import type { Run, RunStatus } from '../../orchestration/run.ts';

/** Between two questions while runs are under way, so that a backfill does not drown the engine. */
const PAUSE_MS = 200;

/** The newest runs of a notebook, asked for anew whenever something happened. */
export class RunLoader {
  /** Newest first. */
  runs: readonly Run[] = $state.raw([]);
  /** Whether anything has been answered yet. */
  loaded = $state(false);
  readonly #session: NotebookSession;
  #wanted: { limit: number; statuses: readonly RunStatus[] | null } | null = null;
  #busy = false;
  #closed = false;

  constructor(session: NotebookSession) {
    this.#session = session;
  }

  /** Asks for the newest `limit` runs of these statuses; the newest question is answered last. */
  refresh(limit: number, statuses: readonly RunStatus[] | null): void {
    this.#wanted = { limit, statuses };
    if (!this.#busy) void this.#work();
  }

  /** Nothing is asked for afterwards. */
  close(): void {
    this.#closed = true;
  }

  async #work(): Promise<void> {
    this.#busy = true;
    while (this.#wanted && !this.#closed) {
      const question = this.#wanted;
      this.#wanted = null;
      this.runs = await this.#session.listRuns({ ...question, before: null });
      this.loaded = true;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
    this.#busy = false;
  }
}
