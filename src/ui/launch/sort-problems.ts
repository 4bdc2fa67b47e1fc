import type { PlanProblem } from '../../protocol/engine.ts';

/** The errors of a plan, by where they are shown. */
export interface SortedProblems {
  /** At the text of the keys. */
  readonly ofKeys: readonly string[];
  /** At a field of the config, by its path. */
  readonly ofConfig: ReadonlyMap<string, string>;
  /** Of the own config of single keys. */
  readonly ofSingleKeys: readonly string[];
  /** Below the plan. */
  readonly others: readonly string[];
}

/** Sorts the errors of a plan; what only warns is left out. */
export function sortProblems(
  problems: readonly PlanProblem[],
  configuredSteps: readonly string[],
): SortedProblems {
  const ofKeys: string[] = [];
  const ofConfig = new Map<string, string>();
  const ofSingleKeys: string[] = [];
  const others: string[] = [];
  for (const { severity, field, message, partitionKey } of problems) {
    if (severity !== 'error') continue;
    if (field === 'partitions') ofKeys.push(message);
    else if (partitionKey !== undefined) ofSingleKeys.push(message);
    else if (configuredSteps.some((stepKey) => field.startsWith(stepKey))) {
      ofConfig.set(field, message);
    } else others.push(message);
  }
  return { ofKeys, ofConfig, ofSingleKeys, others };
}
