import type { OpenedExamples } from '../../app/application.svelte.ts';

/**
 * The shipped notebooks that were opened in this browser, below the site's path: a first visit can show
 * their text before the database is open. Clearing the site's data clears both.
 */
export function openedExamples(basePath: string): OpenedExamples {
  const keyOf = (name: string) => `partita:opened:${basePath}:${name}`;
  return {
    has(name) {
      try {
        return localStorage.getItem(keyOf(name)) !== null;
      } catch {
        // Storage is blocked, or cannot be read: the engine knows.
        return true;
      }
    },
    add(name) {
      try {
        localStorage.setItem(keyOf(name), '');
      } catch {
        // Storage is blocked or full: the next visit asks the engine again.
      }
    },
  };
}
