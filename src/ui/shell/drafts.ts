/*
 * Text that was typed in the last moment before a page went away. Writing to the database takes
 * longer than a closing page is given, so the text waits here, and is saved when the notebook is opened again.
 */

const PREFIX = 'partita:draft:';

/** A text, and the revision of the notebook that it was written on. */
export interface Draft {
  readonly source: string;
  readonly revision: number;
}

/** Keeps the text of a notebook whose last change is not saved. */
export function keepDraft(notebookId: string, { revision, source }: Draft): void {
  try {
    localStorage.setItem(PREFIX + notebookId, `${revision}\n${source}`);
  } catch {
    // Storage is blocked or full: there is nowhere left to put it, and the page is going away.
  }
}

/** Takes the kept text, so that it is used once; null if there is none. */
export function takeDraft(notebookId: string): Draft | null {
  try {
    const kept = localStorage.getItem(PREFIX + notebookId);
    if (kept === null) return null;
    localStorage.removeItem(PREFIX + notebookId);
    const [, revision, source] = /^(\d+)\n([^]*)$/.exec(kept) ?? [];
    // Kept by an earlier version, which told no revision: whoever wrote since is not overwritten.
    return source === undefined
      ? { source: kept, revision: 0 }
      : { source, revision: Number(revision) };
  } catch {
    // Storage is blocked: nothing was kept.
    return null;
  }
}
