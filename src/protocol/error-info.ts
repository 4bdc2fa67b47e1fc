/** An error as it crosses a boundary, with its causes, outermost first. */
export interface SerializableErrorInfo {
  readonly name: string;
  /** Set for errors of ours; see src/errors.ts. */
  readonly code: string | null;
  /** Dagster's class for the fault, if it has one. */
  readonly kind: string | null;
  readonly message: string;
  /** Frames in cells only, innermost first; positions as the author sees them. */
  readonly frames: readonly CellPosition[];
  readonly cause: SerializableErrorInfo | null;
}

/** A place in a cell, as the author counts: lines and columns from 1. */
export interface CellPosition {
  readonly cellId: string;
  readonly line: number;
  readonly column: number;
}
