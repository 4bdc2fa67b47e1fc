import { describe, expect, it } from 'vitest';
import { AssetGraph } from '../../src/definitions/graph.ts';
import { BackfillGraph } from '../../src/orchestration/backfill/backfill-graph.ts';
import { KeySpace } from '../../src/orchestration/key-space.ts';
import { downstreamKeysIn, upstreamKeysIn } from '../../src/orchestration/lineage.ts';
import { fromKeys, keysOf } from '../../src/partitions/subset/subset-keys.ts';
import { asset, customers, days, dep, months } from './sample-assets.ts';

const effectiveAt = Date.parse('2024-04-01T00:00:00Z');
const yesterday = { kind: 'timeWindow', startOffset: -1, endOffset: -1 } as const;
const graph = new BackfillGraph(
  new AssetGraph([
    asset('orders', days()),
    asset('clean', days(), [dep('orders')]),
    asset('running', days(), [
      dep('orders'),
      dep('running', {
        mapping: { ...yesterday, allowNonexistentUpstreamPartitions: true },
      }),
    ]),
    asset('summary', months(), [dep('clean')]),
    asset('report', null, [dep('summary')]),
    asset('customers', customers),
  ]),
  new KeySpace({ effectiveAt, dynamicPartitions: new Map() }),
);

const subsetOf = (assetKey: string, keys: readonly string[]) => {
  const index = graph.indexOf(assetKey);
  return index ? fromKeys(index, keys).subset : [0, 1];
};
const up = (from: string, keys: readonly string[], target: string) => {
  const found = upstreamKeysIn(graph, from, subsetOf(from, keys), target);
  const index = graph.indexOf(target);
  return found && index ? keysOf(index, found) : found;
};
const down = (from: string, keys: readonly string[], target: string) => {
  const found = downstreamKeysIn(graph, from, subsetOf(from, keys), target);
  const index = graph.indexOf(target);
  return found && index ? keysOf(index, found) : found;
};

describe('keys along the graph', () => {
  it('[SEL-10] are found over every way, through the mappings', () => {
    expect(up('summary', ['2024-02-01'], 'orders')).toHaveLength(29);
    expect(up('report', [], 'orders')).toHaveLength(91);
    expect(down('orders', ['2024-03-05'], 'summary')).toEqual(['2024-03-01']);
    expect(down('orders', ['2024-03-05'], 'report')).toEqual([0, 1]);
  });

  it('[SEL-10] are none where there is no way', () => {
    expect(up('orders', ['2024-02-01'], 'summary')).toBeNull();
    expect(up('summary', ['2024-02-01'], 'customers')).toBeNull();
    expect(down('customers', ['customer_a'], 'orders')).toBeNull();
  });

  it('[SEL-10] of an asset itself are those that it reads of itself, one step', () => {
    expect(up('running', ['2024-02-01'], 'running')).toEqual(['2024-01-31']);
    expect(down('running', ['2024-02-01'], 'running')).toEqual(['2024-02-02']);
    expect(up('running', ['2024-02-01'], 'orders')).toEqual(['2024-02-01']);
    expect(up('orders', ['2024-02-01'], 'orders')).toBeNull();
  });
});
