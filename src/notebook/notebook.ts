/** Names a cell for as long as its notebook is open; not part of the file. */
export type CellId = string & { readonly __brand: 'CellId' };

export interface Cell {
  readonly cellId: CellId;
  readonly kind: 'text' | 'code';
  /** Markdown, or TypeScript; without the fence, and without a trailing line end. */
  readonly text: string;
}

/** A notebook as a document: header and cells, and what is needed to write it back byte for byte. */
export interface Notebook {
  readonly header: NotebookHeader;
  readonly cells: readonly Cell[];
}

/** The comment that a notebook file begins with. Unknown keys are kept in `entries`. */
export interface NotebookHeader {
  /** In the order of the file. */
  readonly entries: readonly (readonly [key: string, value: string])[];
}
