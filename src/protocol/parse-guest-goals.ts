import { fieldsOf, listOf, cutTextOf, wordOf } from './checked.ts';
import type { SerializableErrorInfo } from './error-info.ts';
import type { GoalVerdict } from './goals.ts';
import { parseError, parseOutcome, type Answer, type Locate } from './parse-guest-answer.ts';

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
  return parseOutcome(data, locate, 'evaluated', (fields) => ({
    status: 'evaluated',
    verdicts: listOf(fields('verdicts'), 'verdicts', MAX_GOALS, (verdict, path) =>
      verdictOf(verdict, path, locate),
    ),
  }));
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
