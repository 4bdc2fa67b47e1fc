import { plainRecord, textArgument } from './arguments.ts';
import type { Evaluation } from './evaluation.ts';

/** `dg.action`, an extension. What its steps mean is known where worlds are played. */
export function actionConstructors(evaluation: Evaluation) {
  return {
    action: (title: unknown, ...steps: readonly unknown[]) => {
      evaluation.actions.push({
        cellId: evaluation.cellId,
        title: textArgument(title, 'The title of dg.action'),
        steps: steps.map((step) => plainRecord(step, 'A step of dg.action')),
      });
    },
  };
}
