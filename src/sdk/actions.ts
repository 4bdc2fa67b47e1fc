import { optionsOf, plainRecord, textArgument } from './arguments.ts';
import type { Evaluation } from './evaluation.ts';

const STEP = 'run with write text remove until replace appears redo redoSince'.split(' ');

/** `dg.action`, an extension. What its steps mean is known where worlds are played. */
export function actionConstructors(evaluation: Evaluation) {
  return {
    action: (title: unknown, ...steps: readonly unknown[]) => {
      evaluation.actions.push({
        cellId: evaluation.cellId,
        title: textArgument(title, 'The title of dg.action'),
        steps: steps.map((step) =>
          plainRecord(optionsOf(step, 'dg.action', STEP), 'A step of dg.action'),
        ),
      });
    },
  };
}
