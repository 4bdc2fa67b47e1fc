import type { CellFailure } from '../../app/notebook-session.svelte.ts';
import type { CellProblem } from '../../protocol/engine.ts';
import type { LineNote } from '../editor/line-note.ts';

/** Past the end of any cell: stands for its last line. */
const LAST_LINE = Number.MAX_SAFE_INTEGER;

/**
 * What stands under the lines of a cell, in the order of lines: the faults of its text, and the
 * run failure that stands among its assets.
 */
export function cellNotes(
  problems: readonly CellProblem[],
  failure: CellFailure | null,
): readonly LineNote[] {
  const notes: LineNote[] = problems.map((problem) => {
    const [lead, rest] = firstSentence(problem.message);
    return {
      line: problem.line,
      span: problem.span,
      severity: problem.severity,
      lead,
      rest,
      runId: null,
    };
  });
  if (failure) notes.push(failureNote(failure));
  return notes.sort((a, b) => a.line - b.line);
}

function failureNote(failure: CellFailure): LineNote {
  const { error, keys, partitionKey, assetKey, runId } = failure;
  const what = keys > 1 ? `${keys.toLocaleString('en')} keys` : (partitionKey ?? assetKey);
  const message = `${error.name}: ${error.message}`.trimEnd();
  return {
    line: failure.line ?? LAST_LINE,
    span: null,
    severity: 'error',
    lead: `${what} failed here.`,
    rest: /[.!?]$/.test(message) ? message : `${message}.`,
    runId,
  };
}

/** A message cut after its first sentence. */
function firstSentence(message: string): [string, string] {
  const end = /[.?!](?=\s)/.exec(message);
  if (!end) return [message, ''];
  return [message.slice(0, end.index + 1), message.slice(end.index + 1).trim()];
}
