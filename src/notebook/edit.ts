import { hasHeader, withHeaderEntry } from './header.ts';
import type { Cell, CellId, Gap, Notebook } from './notebook.ts';

/** The notebook with `cell` at `index`; past the end, it is the last. */
export function insertCell(notebook: Notebook, index: number, cell: Cell): Notebook {
  return { ...notebook, cells: notebook.cells.toSpliced(index, 0, cell) };
}

/** The notebook without the cell; unchanged if it has none of that id. */
export function deleteCell(notebook: Notebook, cellId: CellId): Notebook {
  return { ...notebook, cells: notebook.cells.filter((cell) => cell.cellId !== cellId) };
}

/**
 * The notebook with the cell at `index` among the others, counted without it;
 * unchanged if it has none of that id.
 */
export function moveCell(notebook: Notebook, cellId: CellId, index: number): Notebook {
  const moved = notebook.cells.find((cell) => cell.cellId === cellId);
  return moved ? insertCell(deleteCell(notebook, cellId), index, moved) : notebook;
}

/** The notebook with another text in the cell. Line ends of any kind are taken. */
export function setCellText(notebook: Notebook, cellId: CellId, text: string): Notebook {
  const lines = text.replace(/\r\n?/g, '\n');
  return {
    ...notebook,
    cells: notebook.cells.map((cell) => (cell.cellId === cellId ? { ...cell, text: lines } : cell)),
  };
}

/** The notebook with a key of its header set, or removed if `value` is null. */
export function setHeaderEntry(notebook: Notebook, key: string, value: string | null): Notebook {
  const header = withHeaderEntry(notebook.header, key, value, notebook.lineEnd);
  const edited = { ...notebook, header };
  return hasHeader(header) && !hasHeader(notebook.header) ? withRoomForHeader(edited) : edited;
}

/** Puts the line ends after a new header before what was the beginning of the file. */
function withRoomForHeader(notebook: Notebook): Notebook {
  const { cells, ending, lineEnd } = notebook;
  const below = (gap: Gap, lines: string): Gap =>
    gap.after === null ? { ...gap, raw: lines + gap.raw } : gap;
  return {
    ...notebook,
    cells: cells.map((cell) =>
      cell.source
        ? {
            ...cell,
            source: { ...cell.source, before: below(cell.source.before, lineEnd + lineEnd) },
          }
        : cell,
    ),
    ending: below(ending, lineEnd),
  };
}
