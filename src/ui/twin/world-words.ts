import { countOf, formatCount } from '../../counts.ts';
import { optionsOf } from '../../ledger/subject.ts';
import type { WorldRecord } from '../../ledger/world-record.ts';
import type { Effort } from '../../ledger/world-view.ts';
import type { Run } from '../../orchestration/run.ts';
import { countOf as keyCount } from '../../partitions/subset/subset-algebra.ts';

/** How this world says which piece a run is about: `the customer is a key`. */
export function namingInWords({ subject }: WorldRecord, one: string): string {
  switch (subject.kind) {
    case 'keys':
      return optionsOf(subject.assets).length > 0
        ? `the ${one} is a key, options are parameters`
        : `the ${one} is a key`;
    case 'field':
      return `the ${one} is a parameter`;
    case 'single':
      return 'there is one piece';
  }
}

/** How a world stands, in few words. */
export interface StandingWords {
  /** `2 of 3 materialized`, or `3 materializations` where nothing says of whom. */
  readonly done: string;
  /** `1 failed`; null if nothing has. */
  readonly failed: string | null;
  /** `3 stale`; null if nothing is. */
  readonly stale: string | null;
}

export function standingInWords(record: WorldRecord, runs: readonly Run[]): StandingWords {
  const { subject } = record;
  if (subject.kind === 'keys') {
    const failed = keyCount(record.failedKeys());
    const stale = keyCount(record.staleKeys());
    return {
      done: `${formatCount(keyCount(record.doneKeys()))} of ${formatCount(subject.index.count)} materialized`,
      failed: failed > 0 ? `${formatCount(failed)} failed` : null,
      stale: stale > 0 ? `${formatCount(stale)} stale` : null,
    };
  }
  const ended = (status: Run['status']) => runs.filter((run) => run.status === status).length;
  const failed = ended('FAILURE');
  return {
    done: countOf(ended('SUCCESS'), 'materialization'),
    failed: failed > 0 ? countOf(failed, 'failed run') : null,
    stale: null,
  };
}

/** What a world has cost so far, as names and numbers. */
export function effortInWords(effort: Effort): readonly (readonly [name: string, count: string])[] {
  const { presses, valuesTyped, runs, linesOfCode, linesChanged } = effort;
  return [
    ['presses', formatCount(presses)],
    ['typed', formatCount(valuesTyped)],
    ['runs', formatCount(runs)],
    ['lines', formatCount(linesOfCode)],
    ['changed', formatCount(linesChanged)],
  ];
}
