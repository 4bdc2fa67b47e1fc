import { deleteCell } from './edit.ts';
import { formatNotebook } from './file-format.ts';
import type { Cell, Notebook } from './notebook.ts';

/** The worlds that a notebook's cells are marked with, in the order of first appearance; empty if none is. */
export function worldsOf(notebook: Notebook): readonly string[] {
  return [...new Set(notebook.cells.flatMap(({ world }) => (world === undefined ? [] : [world])))];
}

/**
 * The notebook of one world: without the cells of other worlds, and with the world's own cells as
 * ordinary ones. Cells keep their ids. Of a name that no cell bears, what belongs to all is left.
 */
export function notebookOfWorld(notebook: Notebook, world: string): Notebook {
  const others = notebook.cells.filter((cell) => cell.world !== undefined && cell.world !== world);
  const alone = others.reduce((left, { cellId }) => deleteCell(left, cellId), notebook);
  return { ...alone, cells: alone.cells.map(unmarked) };
}

/** The notebook of one world as a file. */
export function textOfWorld(notebook: Notebook, world: string): string {
  return formatNotebook(notebookOfWorld(notebook, world));
}

/** Whether the notebook's own engine evaluates a cell: a marked one lives in its world alone. */
export function isShared({ world }: Cell): boolean {
  return world === undefined;
}

function unmarked({ world: _world, ...cell }: Cell): Cell {
  return cell;
}
