import { functionArgument, optionsOf, textArgument } from './arguments.ts';
import type { Evaluation } from './evaluation.ts';

/** A goal of the notebook: its title, and the function that tells from the history whether it is reached. */
export interface DeclaredGoal {
  readonly cellId: string;
  readonly title: string;
  readonly hint: string | null;
  readonly check: (world: unknown) => unknown;
}

/** `dg.goal`, an extension. */
export function goalConstructors(evaluation: Evaluation) {
  return {
    goal: (title: unknown, check: unknown, options?: unknown) => {
      const { hint } = optionsOf(options ?? {}, 'dg.goal', ['hint']);
      evaluation.goals.push({
        cellId: evaluation.cellId,
        title: textArgument(title, 'The title of dg.goal'),
        hint: hint === undefined ? null : textArgument(hint, 'hint'),
        check: functionArgument(check, 'The second argument of dg.goal') as DeclaredGoal['check'],
      });
    },
  };
}
