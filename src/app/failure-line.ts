import { MAX_LINE_TEXT } from '../notebook/program.ts';
import type { SerializableErrorInfo } from '../protocol/error-info.ts';

/** Where a failure stands in a cell as the cell is now. */
export interface FailureLine {
  /** Counted from 1; null if it stands under no line. */
  readonly line: number | null;
  /** Whether the line that failed was changed since, or is gone. */
  readonly edited: boolean;
}

/**
 * The line of `text`, a cell's, at which `error` was thrown: the innermost frame of that cell, found
 * again by what the line said, nearest to where it stood. A cell's id is not enough, as cells are
 * counted anew when a notebook is opened.
 */
export function lineOfFailure(
  error: SerializableErrorInfo,
  cellId: string,
  text: string,
): FailureLine {
  const own = error.frames.filter((frame) => frame.cellId === cellId);
  const lines = text.split('\n').map((line) => line.trim());
  for (const { line, lineText } of own.length > 0 ? own : error.frames) {
    // Written before lines were kept: then its number has to do.
    if (lineText === undefined) return { line: own.length > 0 ? line : null, edited: false };
    const found = nearestLine(lines, lineText, line);
    if (found !== null) return { line: found, edited: false };
    if (own.length > 0) return { line: null, edited: true };
  }
  return { line: null, edited: error.frames.length > 0 };
}

function nearestLine(lines: readonly string[], lineText: string, wanted: number): number | null {
  let nearest: number | null = null;
  for (const [index, line] of lines.entries()) {
    const found = index + 1;
    if (line === '' || line.slice(0, MAX_LINE_TEXT) !== lineText) continue;
    if (nearest === null || Math.abs(found - wanted) < Math.abs(nearest - wanted)) nearest = found;
  }
  return nearest;
}
