import { isTerminal } from '../orchestration/run.ts';
import type { RunRow } from './database.ts';

/**
 * The unfinished runs of notebooks as this tab stored them last, so that it need not read
 * them back before it appends to them. Of use only as long as no other tab has written.
 */
export class RecentRuns {
  readonly #byNotebook = new Map<string, { stamp: string; readonly rows: Map<string, RunRow> }>();

  /** @returns by `runId`; empty if the head's stamp is not that of what is remembered. */
  recall(notebookId: string, stamp: string | null): ReadonlyMap<string, RunRow> {
    const recent = this.#byNotebook.get(notebookId);
    return recent && recent.stamp === stamp ? recent.rows : new Map();
  }

  /**
   * Takes note of a committed append.
   *
   * @param before the stamp that it found, `after` the one that it left.
   */
  remember(
    notebookId: string,
    before: string | null,
    after: string,
    written: readonly RunRow[],
  ): void {
    const recent = this.#byNotebook.get(notebookId);
    const rows = recent && recent.stamp === before ? recent.rows : new Map<string, RunRow>();
    for (const row of written) {
      if (isTerminal(row.status)) rows.delete(row.runId);
      else rows.set(row.runId, row);
    }
    this.#byNotebook.set(notebookId, { stamp: after, rows });
  }
}
