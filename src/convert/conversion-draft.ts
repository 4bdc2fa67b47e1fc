import type { Cell } from '../notebook/notebook.ts';
import type { CellChange, Finding } from './conversion.ts';
import { constantOf, countOfName, sourceCells, type SourceCell } from './source-cells.ts';
import { nodeIn, nodesIn } from '../notebook/syntax-tree.ts';
import { identifierName } from './source-cells.ts';
import { removedAmong, withEdits, type TextEdit } from './text-edit.ts';

interface AddedCell {
  readonly beforeCellId: string | null;
  readonly text: string;
}

/** A conversion while it is made: edits are gathered, and made together at the end. */
export class ConversionDraft {
  readonly cells: readonly SourceCell[];
  readonly obstacles: Finding[] = [];
  readonly notes: Finding[] = [];
  readonly #notebook: readonly Cell[];
  readonly #edits = new Map<string, TextEdit[]>();
  readonly #added: AddedCell[] = [];
  /** Constants that go if nothing names them any more and they say exactly this; with whether they need a cell alone. */
  readonly #spare = new Map<string, { readonly text: string; readonly alone: boolean }>();
  readonly #names: Set<string>;

  constructor(cells: readonly Cell[]) {
    this.#notebook = cells;
    this.cells = sourceCells(cells);
    this.#names = new Set(
      this.cells.flatMap(({ statements }) =>
        statements.flatMap((statement) => {
          const ids = [statement, ...nodesIn(statement, 'declarations')].map((one) =>
            nodeIn(one, 'id'),
          );
          return ids.flatMap((id) => (id ? [identifierName(id) ?? ''] : []));
        }),
      ),
    );
  }

  edit(cellId: string, edits: readonly TextEdit[]): void {
    const known = this.#edits.get(cellId);
    if (known) known.push(...edits);
    else this.#edits.set(cellId, [...edits]);
  }

  /** Adds a code cell behind one of the notebook. */
  addAfter(cellId: string, text: string): void {
    const place = this.#notebook.findIndex((cell) => cell.cellId === cellId);
    this.#added.push({ beforeCellId: this.#notebook[place + 1]?.cellId ?? null, text });
  }

  addBefore(cellId: string, text: string): void {
    this.#added.push({ beforeCellId: cellId, text });
  }

  /** Whether a name is declared, or will be. */
  isTaken(name: string): boolean {
    return this.#names.has(name);
  }

  take(name: string): string {
    this.#names.add(name);
    return name;
  }

  /** Lets a constant go if nothing names it any more and its statement says exactly this. */
  spare(name: string, text: string, options: { readonly alone: boolean }): void {
    this.#spare.set(name, { text, ...options });
  }

  obstacle(part: string, sentence: string): void {
    this.obstacles.push({ part, sentence });
  }

  note(part: string, sentence: string): void {
    if (this.notes.some((one) => one.part === part && one.sentence === sentence)) return;
    this.notes.push({ part, sentence });
  }

  /** Every change, in the order of the notebook. */
  changes(): readonly CellChange[] {
    const texts = new Map<string, string>();
    for (const { cellId, text } of this.cells) {
      texts.set(cellId, withEdits(text, this.#edits.get(cellId) ?? []));
    }
    const deleted = this.#withoutSpare(texts);
    const changes: CellChange[] = [];
    const addsBefore = (beforeCellId: string | null) => {
      for (const { beforeCellId: before, text } of this.#added) {
        if (before === beforeCellId) changes.push({ kind: 'add', beforeCellId, after: text });
      }
    };
    for (const { cellId, text } of this.#notebook) {
      addsBefore(cellId);
      const after = texts.get(cellId) ?? text;
      if (deleted.has(cellId)) changes.push({ kind: 'delete', cellId, before: text });
      else if (after !== text) changes.push({ kind: 'edit', cellId, before: text, after });
    }
    addsBefore(null);
    return changes;
  }

  /** Takes out what nothing names any more; answers the cells of which nothing is left. */
  #withoutSpare(texts: Map<string, string>): ReadonlySet<string> {
    const deleted = new Set<string>();
    for (const [name, { text, alone }] of this.#spare) {
      const cells = [...texts, ...this.#added.map(({ text: added }) => ['', added] as const)].map(
        ([cellId, code]) => ({ cellId, kind: 'code', text: code }) as Cell,
      );
      const sources = sourceCells(cells.filter(({ cellId }) => !deleted.has(cellId)));
      const constant = constantOf(sources, name);
      if (!constant || countOfName(sources, name) !== 1) continue;
      const { cell, statement } = constant;
      const { start, end } = statement;
      if (cell.cellId === '' || cell.text.slice(start, end) !== text) continue;
      if (cell.text.trim() === text) deleted.add(cell.cellId);
      else if (!alone) {
        const taken = removedAmong(cell.statements, statement);
        texts.set(cell.cellId, withEdits(cell.text, [taken]));
      }
    }
    return deleted;
  }
}
