import { fieldsOf, listOf, cutTextOf, wordOf } from './checked.ts';
import type { SerializableErrorInfo } from './error-info.ts';
import type { GoalVerdict } from './goals.ts';
import { parseError, postedOf, type Answer, type Locate } from './parse-guest-answer.ts';

const MAX_GOALS = 10_000;
const MAX_REASON_CHARS = 1000;

/** What is there of goals that were asked and answered. */
export type GoalsAnswer =
  | { readonly status: 'evaluated'; readonly verdicts: readonly GoalVerdict[] }
  | { readonly status: 'failure'; readonly error: SerializableErrorInfo };

/**
 * The guest's answer to `checkGoals`.
 *
 * @throws {ShapeError} if it is none.
 */
export function parseGoalsAnswer(data: unknown, locate: Locate): Answer<GoalsAnswer> {
  const fields = fieldsOf(data, 'answer');
  const posted = postedOf(fields('posted'));
  const status = wordOf(fields('status'), 'answer.status', [
    'evaluated',
    'failure',
    'library_missing',
  ]);
  switch (status) {
    case 'library_missing':
      return { posted, outcome: null };
    case 'failure':
      return { posted, outcome: { status, error: parseError(fields('error'), locate) } };
    case 'evaluated': {
      const verdicts = listOf(fields('verdicts'), 'verdicts', MAX_GOALS, (verdict, path) =>
        verdictOf(verdict, path, locate),
      );
      return { posted, outcome: { status, verdicts } };
    }
  }
}

function verdictOf(data: unknown, path: string, locate: Locate): GoalVerdict {
  const fields = fieldsOf(data, path);
  const status = wordOf(fields('status'), `${path}.status`, ['reached', 'open', 'threw']);
  switch (status) {
    case 'reached':
      return { status };
    case 'open': {
      const reason = fields('reason');
      return {
        status,
        reason: reason === null ? null : cutTextOf(reason, `${path}.reason`, MAX_REASON_CHARS),
      };
    }
    case 'threw':
      return { status, error: parseError(fields('error'), locate) };
  }
}
