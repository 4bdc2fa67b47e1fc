import { parseNotebook } from '../../src/notebook/file-format.ts';
import type { Cell, CellId, Notebook } from '../../src/notebook/notebook.ts';
import { isShared, notebookOfWorld, worldsOf } from '../../src/notebook/worlds.ts';

/** Ids `cell-1`, `cell-2` … from a counter of its own. */
function cellIds(): () => CellId {
  let count = 0;
  return () => `cell-${++count}` as CellId;
}

export function notebookOf(file: string): Notebook {
  return parseNotebook(file, cellIds());
}

/** The cells as `text:…` and `code:…`, to compare at a glance. */
export function glance({ cells }: { readonly cells: readonly Cell[] }): readonly string[] {
  return cells.map(({ kind, text }) => `${kind}:${text}`);
}

/** What is evaluated together: the cells of no world, and the notebook of each world. */
export function eachAlone(notebook: Notebook): readonly Pick<Notebook, 'cells'>[] {
  const shared = { cells: notebook.cells.filter(isShared) };
  return [shared, ...worldsOf(notebook).map((world) => notebookOfWorld(notebook, world))];
}
