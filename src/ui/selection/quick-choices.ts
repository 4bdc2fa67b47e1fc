import { MOST_RUNS } from '../../orchestration/most-runs.ts';
import type { PartitionStatuses } from '../../orchestration/partition-status.ts';
import type { PartitionIndex } from '../../partitions/partition-index.ts';
import {
  complement,
  countOf,
  subsetOfSpan,
  unionAll,
} from '../../partitions/subset/subset-algebra.ts';
import type { PartitionsSubset } from '../../partitions/subset/partitions-subset.ts';

/** The choices of keys that take one press; `custom` is any other. */
export type QuickChoice =
  'all' | 'missing' | 'failed' | 'failed and missing' | 'stale' | 'latest' | 'custom';

/** The choices that have keys of their own. */
export type QuickWord = Exclude<QuickChoice, 'custom'>;

/** The keys of each quick choice. */
export type QuickChoices = Readonly<Record<QuickWord, PartitionsSubset>>;

/** What each quick choice is called in a text that selects. */
export const QUICK_TEXTS: Readonly<Record<QuickWord, string>> = {
  all: 'all',
  missing: 'missing',
  failed: 'failed',
  'failed and missing': 'failed, missing',
  stale: 'stale',
  latest: 'latest',
};

/**
 * The quick choices over the keys that exist. Failed ones include those that were not tried, as
 * in Dagster; the latest is the last key, and of two dimensions of which the last is time, that
 * of every row.
 */
export function quickChoices(index: PartitionIndex, statuses: PartitionStatuses): QuickChoices {
  const { count, dimensions } = index;
  const known = unionAll([
    statuses.materialized,
    statuses.materializing,
    statuses.queued,
    statuses.failed,
    statuses.notTried,
  ]);
  const missing = complement(known, count);
  const failed = unionAll([statuses.failed, statuses.notTried]);
  return {
    all: subsetOfSpan(0, count),
    missing,
    failed,
    'failed and missing': unionAll([failed, missing]),
    stale: statuses.stale ?? [],
    latest: latestOf(count, dimensions ?? []),
  };
}

function latestOf(count: number, dimensions: readonly PartitionIndex[]): PartitionsSubset {
  const times = dimensions.filter(({ definition }) => definition.kind === 'timeWindow');
  const [rows, columns] = dimensions;
  if (times.length !== 1 || rows === undefined || columns === undefined || count === 0) {
    return count > 0 ? subsetOfSpan(count - 1, count) : [];
  }
  if (times[0] === rows) return subsetOfSpan(count - columns.count, count);
  return Array.from({ length: rows.count }, (_, row) => (row + 1) * columns.count).flatMap((end) =>
    columns.count === 1 ? [] : [end - 1, end],
  );
}

/**
 * What a choice begins with: what failed, if anything did; else what was chosen last time, if it
 * still holds a key; else what is missing, if there is something beside it; else all. In place of
 * what nobody chose and is more than a launch holds with a run for each key, it is the latest.
 */
export function firstChoice(choices: QuickChoices, remembered: QuickWord | null): QuickWord {
  const fits = (word: QuickWord) => (countOf(choices[word]) > MOST_RUNS ? 'latest' : word);
  if (countOf(choices.failed) > 0) return fits('failed');
  if (remembered && countOf(choices[remembered]) > 0) return remembered;
  const missing = countOf(choices.missing);
  return fits(missing > 0 && missing < countOf(choices.all) ? 'missing' : 'all');
}
