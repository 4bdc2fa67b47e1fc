import type { CommandQueue } from '../orchestration/ports.ts';
import type { EpochMs } from '../time/time-window.ts';
import { watchTables } from './changes.ts';
import { ofNotebook, type PartitaDatabase } from './database.ts';
import { ANSWER_KEPT_MS } from './memory-command-queue.ts';
import { writing } from './write-errors.ts';

/** Commands from tab to tab through IndexedDB. */
export class DexieCommandQueue implements CommandQueue {
  readonly #db: PartitaDatabase;
  readonly #now: () => EpochMs;

  /** @param now real time, by which answers grow old. */
  constructor(db: PartitaDatabase, now: () => EpochMs) {
    this.#db = db;
    this.#now = now;
  }

  post(notebookId: string, command: unknown): Promise<number> {
    const { commands, commandCounters } = this.#db;
    return writing('The command', () =>
      this.#db.transaction('rw', [commands, commandCounters], async () => {
        const counter = await commandCounters.get(notebookId);
        const commandId = (counter?.lastCommandId ?? 0) + 1;
        await commandCounters.put({ notebookId, lastCommandId: commandId });
        await commands.add({ notebookId, commandId, command });
        return commandId;
      }),
    );
  }

  take(
    notebookId: string,
  ): Promise<readonly { readonly commandId: number; readonly command: unknown }[]> {
    const { commands } = this.#db;
    return writing('The taking of commands', () =>
      this.#db.transaction('rw', commands, async () => {
        const waiting = commands.where(':id').between(...ofNotebook(notebookId));
        const rows = await waiting.toArray();
        if (rows.length > 0) await waiting.delete();
        return rows.map(({ commandId, command }) => ({ commandId, command }));
      }),
    );
  }

  async answer(notebookId: string, commandId: number, answer: unknown): Promise<void> {
    const { answers } = this.#db;
    const at = this.#now();
    await writing('The answer to a command', () =>
      this.#db.transaction('rw', answers, async () => {
        await answers
          .where('at')
          .below(at - ANSWER_KEPT_MS)
          .delete();
        await answers.put({ notebookId, commandId, answer, at });
      }),
    );
  }

  takeAnswer(notebookId: string, commandId: number): Promise<{ readonly answer: unknown } | null> {
    const { answers } = this.#db;
    return writing('The taking of an answer', () =>
      this.#db.transaction('rw', answers, async () => {
        const found = await answers.get([notebookId, commandId]);
        if (!found) return null;
        await answers.delete([notebookId, commandId]);
        return { answer: found.answer };
      }),
    );
  }

  subscribe(notebookId: string, changed: () => void): () => void {
    return watchTables(this.#db, ['commands', 'answers'], notebookId, changed);
  }
}
