/** Something to say under a line of a cell: a fault of its text, or a run that failed there. */
export interface LineNote {
  /** Counted from 1; a line past the end stands for the last. */
  readonly line: number;
  /** What is underlined, as offsets in the text; null underlines the line. */
  readonly span: { readonly from: number; readonly to: number } | null;
  readonly severity: 'error' | 'warning';
  /** What it says first, in bold: a sentence with its full stop. */
  readonly lead: string;
  /** What follows; empty if nothing. */
  readonly rest: string;
  /** The run that failed here; null for a fault of the text. */
  readonly runId: string | null;
}

/** A note's line in a text of that many lines. */
export function noteLine(note: LineNote, lineCount: number): number {
  return Math.min(Math.max(1, note.line), lineCount);
}

/**
 * What is underlined in `text`, as offsets: the note's span, or its line without the blanks
 * around it. Null if nothing is there to underline.
 */
export function underlined(note: LineNote, text: string): { from: number; to: number } | null {
  if (note.span && note.span.to > note.span.from && note.span.to <= text.length) {
    return { from: note.span.from, to: note.span.to };
  }
  const lines = text.split('\n');
  const index = noteLine(note, lines.length) - 1;
  const line = lines[index] ?? '';
  const start = lines.slice(0, index).reduce((sum, { length }) => sum + length + 1, 0);
  const from = start + line.length - line.trimStart().length;
  const to = start + line.trimEnd().length;
  return to > from ? { from, to } : null;
}
