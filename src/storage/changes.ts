import { Dexie, RangeSet, rangesOverlap, type IndexableType, type ObservabilitySet } from 'dexie';
import { ofNotebook } from './database.ts';

/**
 * Calls back after each commit, of this tab or another, that touched one of `tables` where
 * `concerns` says; once for all commits of one turn of the event loop. Dexie tells the tabs
 * of each other's commits.
 *
 * @param tables by name.
 * @param concerns a notebook, or null for all of them.
 * @returns how to stop.
 */
export function watchTables(
  db: Dexie,
  tables: readonly string[],
  concerns: string | null,
  changed: () => void,
): () => void {
  const watched = tables.map((table) => ({
    part: `idb://${db.name}/${table}/` as const,
    keys: keysOf(db, table, concerns),
  }));
  let told = false;
  let stopped = false;
  const listener = (parts: ObservabilitySet) => {
    // `all` comes when the page returns from the browser's back-and-forward cache.
    const touches = watched.some(({ part, keys }) => {
      const touched = parts[part] ?? parts['all' as typeof part];
      return touched && rangesOverlap(keys, touched);
    });
    if (!touches || told) return;
    told = true;
    queueMicrotask(() => {
      told = false;
      if (!stopped) changed();
    });
  };
  Dexie.on('storagemutated', listener);
  return () => {
    stopped = true;
    Dexie.on.storagemutated.unsubscribe(listener);
  };
}

function keysOf(db: Dexie, table: string, notebookId: string | null): RangeSet {
  if (notebookId === null) return new RangeSet(Dexie.minKey, Dexie.maxKey);
  if (!db.table(table).schema.primKey.compound) return new RangeSet(notebookId);
  const [lower, upper] = ofNotebook(notebookId);
  return new RangeSet(lower as IndexableType, upper as IndexableType);
}
