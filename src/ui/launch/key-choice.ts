import type { PartitionStatuses } from '../../orchestration/partition-status.ts';
import type { PartitionIndex } from '../../partitions/partition-index.ts';
import {
  complement,
  countOf,
  subsetOfSpan,
  unionAll,
} from '../../partitions/subset/subset-algebra.ts';
import type { PartitionsSubset } from '../../partitions/subset/partitions-subset.ts';

/** The quick choices of keys; `custom` is any other. */
export type KeyChoice = 'all' | 'missing' | 'failed' | 'latest' | 'custom';

/** The keys of each quick choice. */
export type QuickChoices = Readonly<Record<Exclude<KeyChoice, 'custom'>, PartitionsSubset>>;

/**
 * The quick choices over the keys that exist. Failed ones include those that were not tried, as
 * in Dagster; the latest is the last key.
 */
export function quickChoices(index: PartitionIndex, statuses: PartitionStatuses): QuickChoices {
  const { count } = index;
  const known = unionAll([
    statuses.materialized,
    statuses.materializing,
    statuses.queued,
    statuses.failed,
    statuses.notTried,
  ]);
  return {
    all: subsetOfSpan(0, count),
    missing: complement(known, count),
    failed: unionAll([statuses.failed, statuses.notTried]),
    latest: count > 0 ? subsetOfSpan(count - 1, count) : [],
  };
}

/**
 * What a panel begins with: what failed, if anything did; else what was chosen last time, if it
 * still holds a key; else what is missing, if there is something beside it; else all.
 */
export function firstChoice(
  choices: QuickChoices,
  remembered: Exclude<KeyChoice, 'custom'> | null,
): Exclude<KeyChoice, 'custom'> {
  if (countOf(choices.failed) > 0) return 'failed';
  if (remembered && countOf(choices[remembered]) > 0) return remembered;
  const missing = countOf(choices.missing);
  return missing > 0 && missing < countOf(choices.all) ? 'missing' : 'all';
}
