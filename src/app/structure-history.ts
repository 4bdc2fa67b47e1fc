import type { Cell } from '../notebook/notebook.ts';

/** One change to the order of a notebook's cells, with what undoing needs. */
export type StructureChange =
  | { readonly kind: 'add'; readonly cell: Cell; readonly index: number }
  | { readonly kind: 'delete'; readonly cell: Cell; readonly index: number }
  | { readonly kind: 'move'; readonly from: number; readonly to: number }
  /** All cells at once, as when assets are turned. */
  | { readonly kind: 'cells'; readonly before: readonly Cell[]; readonly after: readonly Cell[] };

/** The change that takes `change` back. */
export function inverse(change: StructureChange): StructureChange {
  switch (change.kind) {
    case 'add':
      return { ...change, kind: 'delete' };
    case 'delete':
      return { ...change, kind: 'add' };
    case 'move':
      return { kind: 'move', from: change.to, to: change.from };
    case 'cells':
      return { kind: 'cells', before: change.after, after: change.before };
  }
}

/** The cells that a change of all cells leaves, with what was typed meanwhile into those that it leaves alone. */
export function withEditsSince(
  { before, after }: Extract<StructureChange, { kind: 'cells' }>,
  now: readonly Cell[],
): readonly Cell[] {
  const was = new Map(before.map((cell) => [cell.cellId, cell.text]));
  const is = new Map(now.map((cell) => [cell.cellId, cell]));
  return after.map((cell) =>
    was.get(cell.cellId) === cell.text ? (is.get(cell.cellId) ?? cell) : cell,
  );
}

/** What can be undone and done again; newest last. Immutable. */
export interface StructureHistory {
  readonly done: readonly StructureChange[];
  readonly undone: readonly StructureChange[];
}

export const emptyHistory: StructureHistory = { done: [], undone: [] };

/** Long enough for an afternoon, and bounded. */
const LIMIT = 200;

/** The history after `change` was made; what was undone before can no longer be redone. */
export function record(history: StructureHistory, change: StructureChange): StructureHistory {
  return { done: [...history.done.slice(1 - LIMIT), change], undone: [] };
}
