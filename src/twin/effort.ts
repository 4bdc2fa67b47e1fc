import type { Effort } from '../ledger/world-view.ts';

/** Of an effort what an action adds to it. */
export type EffortAdded = Pick<Effort, 'presses' | 'valuesTyped' | 'linesChanged'>;

/** Nothing was done. */
export const NO_EFFORT: EffortAdded = { presses: 0, valuesTyped: 0, linesChanged: 0 };

/** Two efforts one after the other. */
export function addEffort(one: EffortAdded, other: EffortAdded): EffortAdded {
  return {
    presses: one.presses + other.presses,
    valuesTyped: one.valuesTyped + other.valuesTyped,
    linesChanged: one.linesChanged + other.linesChanged,
  };
}
