/** Names a cell for as long as its notebook is open; not part of the file. */
export type CellId = string & { readonly __brand: 'CellId' };

export interface Cell {
  readonly cellId: CellId;
  readonly kind: 'text' | 'code';
  /**
   * Markdown, or TypeScript; without the fence, and without a trailing line end.
   * Lines end with `\n`, whatever the file has.
   */
  readonly text: string;
  /** _Extension_: of a code cell, the world that it belongs to; absent if it belongs to all. */
  readonly world?: string;
  /** How the cell stood in the file it was read from; absent for a cell made since. */
  readonly source?: CellSource;
}

/** The part of a file that a cell was read from, so that an unchanged cell is written back as it was. */
export interface CellSource {
  /** The cell's own lines, fence included; without the line end after them. */
  readonly raw: string;
  readonly before: Gap;
}

/** What stands between two cells of a file: line ends, blank lines and separators. */
export interface Gap {
  readonly raw: string;
  /** The cell that it follows; null after the header. Behind another cell it means nothing. */
  readonly after: CellId | null;
}

/** A notebook as a document: header and cells, and what is needed to write it back byte for byte. */
export interface Notebook {
  readonly header: NotebookHeader;
  readonly cells: readonly Cell[];
  /** What stands after the last cell. */
  readonly ending: Gap;
  /** The file's first line end; new lines are written with it. */
  readonly lineEnd: '\n' | '\r\n' | '\r';
}

/** The comment that a notebook file begins with. Unknown keys are kept. */
export interface NotebookHeader {
  /** In the order of the file. Values are trimmed. */
  readonly entries: readonly (readonly [key: string, value: string])[];
  /** The comment as it stands in the file, with a byte order mark if there is one; empty if there is none. */
  readonly raw: string;
}
