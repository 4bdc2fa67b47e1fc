/** Something to say about a cell, at a place in its text. */
export interface Problem {
  /** An error keeps the cell from running; a warning does not. */
  readonly severity: 'error' | 'warning';
  /** snake_case; what tests and fixes go by. */
  readonly code: string;
  /** One sentence or two. */
  readonly message: string;
  /** Both counted from 1. */
  readonly line: number;
  readonly column: number;
  /** Offsets in the text; the end is not included. */
  readonly span: { readonly from: number; readonly to: number };
}

/** A problem at `from` to `to` of `text`; of a longer stretch, what is on its first line. */
export function problemAt(
  text: string,
  from: number,
  to: number,
  severity: Problem['severity'],
  code: string,
  message: string,
): Problem {
  const lineEnd = text.indexOf('\n', from);
  const end = lineEnd < 0 ? to : Math.min(to, lineEnd);
  return {
    severity,
    code,
    message,
    ...positionAt(text, from),
    span: { from, to: Math.max(from, end) },
  };
}

/** Line and column of an offset, both counted from 1. */
export function positionAt(
  text: string,
  offset: number,
): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset);
  return {
    line: before.split('\n').length,
    column: offset - before.lastIndexOf('\n'),
  };
}
