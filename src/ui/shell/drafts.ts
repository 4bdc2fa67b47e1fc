/*
 * Text that was typed in the last moment before a page went away. Writing to the database takes
 * longer than a closing page is given, so the text waits here, and is saved when the notebook is opened again.
 */

const PREFIX = 'partita:draft:';

/** Keeps the text of a notebook whose last change is not saved. */
export function keepDraft(notebookId: string, source: string): void {
  try {
    localStorage.setItem(PREFIX + notebookId, source);
  } catch {
    // Storage is blocked or full: there is nowhere left to put it, and the page is going away.
  }
}

/** Takes the kept text, so that it is used once; null if there is none. */
export function takeDraft(notebookId: string): string | null {
  try {
    const source = localStorage.getItem(PREFIX + notebookId);
    if (source !== null) localStorage.removeItem(PREFIX + notebookId);
    return source;
  } catch {
    // Storage is blocked: nothing was kept.
    return null;
  }
}
