import { flushSync } from 'svelte';
import { describe, expect, it } from 'vitest';
import type { PartitionStatuses } from '../../../src/orchestration/partition-status.ts';
import type { PartitionIndex } from '../../../src/partitions/partition-index.ts';
import { countOf } from '../../../src/partitions/subset/subset-algebra.ts';
import type { SelectionSource } from '../../../src/ui/selection/selection-source.ts';
import { SelectionState } from '../../../src/ui/selection/selection-state.svelte.ts';
import { days, grid, indexOf, NOW } from '../../partitions/selection/scopes.ts';

const none: PartitionStatuses = {
  materialized: [],
  materializing: [],
  queued: [],
  failed: [],
  notTried: [],
};

function sourceOf(
  index: PartitionIndex,
  statuses: Partial<PartitionStatuses> = {},
): SelectionSource {
  return {
    index,
    statuses: { ...none, ...statuses },
    named: new Map([['first', '2024-01-01']]),
    surroundings: {
      assetKey: 'readings',
      definitions: {
        partitionsDefinitions: [],
        configs: [],
        assets: [],
        jobs: [],
        schedules: [],
        sensors: [],
        tests: [],
      },
      context: { effectiveAt: NOW, dynamicPartitions: new Map() },
      statusesOf: () => null,
    },
  };
}

/** A selection over what `source` holds, and a way to change that. */
function selectionOf(first: SelectionSource) {
  let source = $state.raw(first);
  const selection = new SelectionState(() => source);
  const change = (next: SelectionSource) => {
    source = next;
    flushSync();
  };
  return { selection, change };
}

describe('a selection of keys', () => {
  it('is a quick choice, written as keys where these are few stretches, else as its word', () => {
    const { selection, change } = selectionOf(
      sourceOf(days, { failed: [3, 4], notTried: [9, 10] }),
    );
    selection.choose('failed');
    expect(selection.text).toBe('2024-01-04, 2024-01-10');
    const every = Array.from({ length: 30 }, (_, at) => [at * 2, at * 2 + 1]).flat();
    change(sourceOf(days, { failed: every }));
    expect(selection.text).toBe('failed');
    selection.choose('failed and missing');
    expect(selection.text).toBe('[2024-01-01...2024-02-29]');
  });

  it('is live: a text means what it says as things stand', async () => {
    const { selection, change } = selectionOf(sourceOf(days, { failed: [3, 4] }));
    selection.setText('failed | @first');
    expect(selection.isPending).toBe(true);
    await selection.load();
    expect(selection.isPending).toBe(false);
    expect(selection.subset).toEqual([0, 1, 3, 4]);
    change(sourceOf(days, { failed: [3, 4, 8, 9] }));
    expect(selection.subset).toEqual([0, 1, 3, 4, 8, 9]);
  });

  it('takes what is brushed, adds to it and removes from it', async () => {
    const { selection } = selectionOf(sourceOf(days));
    selection.setSubset([0, 10]);
    expect(selection.isPending).toBe(false);
    expect(selection.text).toBe('[2024-01-01...2024-01-10]');
    selection.remove([3, 5]);
    selection.add([20, 21]);
    expect(selection.subset).toEqual([0, 3, 5, 10, 20, 21]);
    expect(selection.text).toBe('[2024-01-01...2024-01-03], [2024-01-06...2024-01-10], 2024-01-21');
    await selection.load();
    expect(selection.subset).toEqual([0, 3, 5, 10, 20, 21]);
  });

  it('[SEL-19] of many stretches is written as what was, and what was added or removed', async () => {
    const hours = indexOf({ kind: 'hourly', start: '2023-01-01-00:00' });
    const { selection } = selectionOf(sourceOf(hours));
    await selection.load();
    selection.setText('*-12:00');
    const before = countOf(selection.subset);
    selection.remove([0, 48]);
    expect(selection.text).toBe('(*-12:00) - ([2023-01-01-00:00...2023-01-02-23:00])');
    expect(countOf(selection.subset)).toBe(before - 2);
    selection.add([0, 1]);
    expect(selection.text).toContain(', 2023-01-01-00:00');
    expect(countOf(selection.subset)).toBe(before - 1);
  });

  it('[SEL-15] of every pair of some parts is written by its dimensions', async () => {
    const { selection } = selectionOf(sourceOf(grid));
    await selection.load();
    selection.setSubset([0, 2, 58, 60]);
    expect(selection.text).toBe('color=(red, blue) & date=(2024-02-01, 2024-02-02)');
    expect(selection.subset).toEqual([0, 2, 58, 60]);
    selection.setSubset([0, 29]);
    expect(selection.text).toBe('color=red');
    selection.setSubset([0, 87]);
    expect(selection.text).toBe('all');
    selection.setSubset([0, 1, 30, 31]);
    expect(selection.text).toBe('red|2024-02-01, yellow|2024-02-02');
  });

  it('keeps its keys when it becomes a custom one', () => {
    const { selection } = selectionOf(sourceOf(days, { materialized: [0, 50] }));
    selection.choose('missing');
    selection.choose('custom');
    expect(selection.text).toBe('[2024-02-20...2024-02-29]');
    expect(selection.subset).toEqual([50, 60]);
  });
});
