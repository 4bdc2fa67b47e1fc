import type { OpSource, OpStepSpec } from '../definitions/definitions.ts';
import { inStepOrder, type Step } from './run-steps.ts';

/** What stands for an output of a step of a job, as Dagster writes it. */
export function outputText({ stepKey, outputName }: OpSource): string {
  return `${stepKey}.${outputName}`;
}

/** The steps of a job of ops, in the order of `stepsOf`; what they wait for are outputs. */
export function opStepsOf(ops: readonly OpStepSpec[]): readonly Step[] {
  return inStepOrder(
    ops.map(({ stepKey, inputs }): Step => {
      const waitsFor = inputs.flatMap(({ name, sources, list }) =>
        sources.map((source) => ({
          stepKey: source.stepKey,
          assetKey: outputText(source),
          ...(list && { list: name }),
        })),
      );
      return { stepKey, assetKeys: [], assets: [], waitsFor };
    }),
  );
}
