import type { CellFailure } from '../../app/notebook-session.svelte.ts';
import { countOf } from '../../counts.ts';
import type { CellProblem } from '../../protocol/engine.ts';
import type { LineNote } from '../editor/line-note.ts';

/** Past the end of any cell: stands for its last line. */
const LAST_LINE = Number.MAX_SAFE_INTEGER;

/**
 * What stands under the lines of a cell, in the order of lines: the faults of its text, and the
 * run failure that stands among its assets. A failure whose line was edited since is left to the card.
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
  if (failure && !failure.edited) notes.push(failureNote(failure));
  return notes.sort((a, b) => a.line - b.line);
}

function failureNote(failure: CellFailure): LineNote {
  const { line, runId } = failure;
  return {
    line: line ?? LAST_LINE,
    span: null,
    severity: 'error',
    lead: `${failedKeys(failure)} failed${line === null ? '' : ' here'}.`,
    rest: failureReason(failure),
    runId,
  };
}

/** Who failed, as the beginning of a sentence: the key, how many keys, or the asset without partitions. */
export function failedKeys({ keys, partitionKey, assetKey }: CellFailure): string {
  return keys > 1 ? countOf(keys, 'key') : (partitionKey ?? assetKey);
}

/** Why, as a sentence. */
export function failureReason({ error }: CellFailure): string {
  // What ends as if more came, as an error without a message does, ends here.
  const message = `${error.name}: ${error.message}`.replace(/[\s:;,]+$/, '');
  return /[.!?…]$/.test(message) ? message : `${message}.`;
}

/** A message cut after its first sentence. */
function firstSentence(message: string): [string, string] {
  const end = /[.?!](?=\s)/.exec(message);
  if (!end) return [message, ''];
  return [message.slice(0, end.index + 1), message.slice(end.index + 1).trim()];
}
