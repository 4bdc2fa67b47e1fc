import type { Cell, CellId, Notebook } from '../notebook/notebook.ts';
import { isShared, notebookOfWorld } from '../notebook/worlds.ts';
import type { CellSource } from '../protocol/engine.ts';

/** A fault in the code of a world. */
export interface StandingProblem {
  readonly cellId: string;
  readonly message: string;
}

/** An edit that was made, and how many lines of the code it changed. */
export interface MadeEdit {
  readonly code: WorldCode;
  readonly linesChanged: number;
}

/** The code cells of one world, as actions have left them. */
export class WorldCode {
  readonly #cells: readonly (CellSource & { readonly isOwn: boolean })[];

  private constructor(cells: WorldCode['cells']) {
    this.#cells = cells;
  }

  /** @param notebook with the cells of all worlds. */
  static of(notebook: Notebook, world: string): WorldCode {
    const places = new Map(notebook.cells.map(({ cellId }, at) => [cellId, at]));
    const own = new Set(notebook.cells.filter((cell) => !isShared(cell)).map(idOf));
    const { cells } = notebookOfWorld(notebook, world);
    return new WorldCode(
      cells
        .filter(({ kind }) => kind === 'code')
        .map(({ cellId, text }) => ({
          cellId,
          text,
          number: (places.get(cellId) ?? 0) + 1,
          isOwn: own.has(cellId),
        })),
    );
  }

  get cells(): readonly (CellSource & { readonly isOwn: boolean })[] {
    return this.#cells;
  }

  /** Lines of the world's own cells, blank ones aside. */
  get lineCount(): number {
    return this.#cells
      .filter(({ isOwn }) => isOwn)
      .flatMap(({ text }) => text.split('\n'))
      .filter((line) => line.trim() !== '').length;
  }

  /**
   * Each occurrence of a text as another; null if the code does not say it.
   *
   * @param except the cells that stay as they are: those that say what is to be replaced.
   */
  replaced(from: string, to: string, except: ReadonlySet<string>): MadeEdit | null {
    const edited = this.#cells.map((cell) =>
      except.has(cell.cellId) ? cell : { ...cell, text: cell.text.replaceAll(from, to) },
    );
    return this.#made(edited);
  }

  /** With one more key in the list of a definition; null if no cell writes that list out. */
  async withKey(definitionName: string, key: string): Promise<MadeEdit | null> {
    // It brings the parser, which nothing else here needs.
    const { withAddedKey } = await import('./add-key.ts');
    const edited = this.#cells.map((cell) => ({
      ...cell,
      text: withAddedKey(cell.text, definitionName, key) ?? cell.text,
    }));
    return this.#made(edited);
  }

  #made(edited: WorldCode['cells']): MadeEdit | null {
    let linesChanged = 0;
    edited.forEach(({ text }, at) => {
      linesChanged += changedLines(this.#cells[at]?.text ?? '', text);
    });
    return linesChanged === 0 ? null : { code: new WorldCode(edited), linesChanged };
  }
}

function idOf({ cellId }: Cell): CellId {
  return cellId;
}

/** How many lines of the new text are not lines of the old one at their place, counted from both ends. */
function changedLines(before: string, after: string): number {
  if (before === after) return 0;
  const old = before.split('\n');
  const now = after.split('\n');
  if (old.length === now.length) return now.filter((line, at) => line !== old[at]).length;
  const shorter = Math.min(old.length, now.length);
  let head = 0;
  while (head < shorter && old[head] === now[head]) head += 1;
  let tail = 0;
  while (tail < shorter - head && old.at(-1 - tail) === now.at(-1 - tail)) tail += 1;
  return Math.max(old.length, now.length) - head - tail;
}
