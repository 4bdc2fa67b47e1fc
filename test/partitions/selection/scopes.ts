import type { PartitionIndex } from '../../../src/partitions/partition-index.ts';
import { indexPartitions } from '../../../src/partitions/index-partitions.ts';
import { evaluateSelection } from '../../../src/partitions/selection/evaluate-selection.ts';
import { KeyScans } from '../../../src/partitions/selection/key-scans.ts';
import type {
  SelectionScope,
  StatusSubsets,
} from '../../../src/partitions/selection/selection-scope.ts';
import { complement, unionAll } from '../../../src/partitions/subset/subset-algebra.ts';
import type { PartitionsSubset } from '../../../src/partitions/subset/partitions-subset.ts';
import { keysOf } from '../../../src/partitions/subset/subset-keys.ts';
import { contextOf, definitionOf, type WrittenDefinition } from '../vectors.ts';

export const NOW = Date.parse('2024-03-01T12:00:00Z');

const context = contextOf({ now: '2024-03-01T12:00:00Z' });

export const indexOf = (written: WrittenDefinition): PartitionIndex =>
  indexPartitions(definitionOf(written), context);

export const customers = indexOf({
  kind: 'static',
  keys: ['customer_a', 'customer_b', 'customer_c', 'all', 'x, y', '[z]', 'say "hi"', 'st*r'],
});
export const days = indexOf({ kind: 'daily', start: '2024-01-01' });
export const grid = indexOf({
  kind: 'multi',
  dimensions: {
    color: { kind: 'static', keys: ['red', 'yellow', 'blue'] },
    date: { kind: 'daily', start: '2024-02-01' },
  },
});

/** Statuses of which some are told; the rest is missing. */
export function statusesOf(
  index: PartitionIndex,
  told: Partial<Record<'materialized' | 'failed' | 'not tried' | 'stale', PartitionsSubset>> = {},
): StatusSubsets {
  const { materialized = [], failed = [], stale = [] } = told;
  const notTried = told['not tried'] ?? [];
  return {
    materialized,
    failed: unionAll([failed, notTried]),
    'not tried': notTried,
    stale,
    queued: [],
    materializing: [],
    missing: complement(unionAll([materialized, failed, notTried]), index.count),
  };
}

export function scopeOf(
  index: PartitionIndex,
  more: Partial<Omit<SelectionScope, 'index' | 'scans'>> = {},
): SelectionScope {
  return {
    index,
    statuses: statusesOf(index),
    now: NOW,
    named: new Map(),
    assets: null,
    scans: new KeyScans(),
    ...more,
  };
}

/** The keys that a text selects, when everything was looked through. */
export function selected(
  text: string,
  index: PartitionIndex = days,
  more: Parameters<typeof scopeOf>[1] = {},
): readonly string[] {
  const scope = scopeOf(index, more);
  let answer = evaluateSelection(text, scope);
  while (answer.isPending) {
    scope.scans.advance();
    answer = evaluateSelection(text, scope);
  }
  return keysOf(index, answer.subset);
}

export const problemsIn = (
  text: string,
  index: PartitionIndex = customers,
  more: Parameters<typeof scopeOf>[1] = {},
) => evaluateSelection(text, scopeOf(index, more)).problems;
