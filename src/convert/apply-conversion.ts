import { deleteCell, insertCell, setCellText } from '../notebook/edit.ts';
import type { CellId, Notebook } from '../notebook/notebook.ts';
import type { CellChange } from './conversion.ts';

/** The notebook with the changes made. */
export function applyConversion(
  notebook: Notebook,
  changes: readonly CellChange[],
  newCellId: () => CellId,
): Notebook {
  let turned = notebook;
  for (const change of changes) {
    if (change.kind === 'edit') {
      turned = setCellText(turned, change.cellId as CellId, change.after);
    }
    if (change.kind === 'add') {
      const before = turned.cells.findIndex(({ cellId }) => cellId === change.beforeCellId);
      const place = before < 0 ? turned.cells.length : before;
      turned = insertCell(turned, place, {
        cellId: newCellId(),
        kind: 'code',
        text: change.after,
      });
    }
  }
  // Last, as what is added stands before cells by their ids.
  for (const change of changes) {
    if (change.kind === 'delete') turned = deleteCell(turned, change.cellId as CellId);
  }
  return turned;
}
