import { describe, expect, it } from 'vitest';
import { checkMapping, checkSelfDependency } from '../../src/partitions/mapping/check-mapping.ts';
import {
  mapToDownstream,
  mapToUpstream,
  type MappedAssets,
} from '../../src/partitions/mapping/map-partitions.ts';
import type { PartitionMapping } from '../../src/partitions/mapping/partition-mapping.ts';
import { traceDownstream, traceUpstream } from '../../src/partitions/mapping/trace-keys.ts';
import { indexPartitions } from '../../src/partitions/index-partitions.ts';
import { keysOf } from '../../src/partitions/subset/subset-keys.ts';

const mapping: PartitionMapping = {
  kind: 'function',
  upstreamByDownstream: [
    ['a', ['x', 'z', 'x']],
    ['b', []],
    ['c', ['y', 'nowhere']],
    ['gone', ['y']],
  ],
};

const listed = (...keys: string[]) =>
  indexPartitions(
    { kind: 'static', keys },
    { effectiveAt: 0, dynamicPartitions: new Map<string, string[]>() },
  );
const upstream = listed('x', 'y', 'z');
const downstream = listed('a', 'b', 'c', 'later');
const assets: MappedAssets = { mapping, upstream, downstream };

const readBy = (from: number, to: number) => {
  const { subset, requiredButNonexistent } = mapToUpstream({ ...assets, subset: [from, to] });
  return [keysOf(upstream, subset), requiredButNonexistent];
};

describe('a mapping by a function', () => {
  it('[MAP-FN-1] gives what the function said, and tells of keys that do not exist', () => {
    expect(readBy(0, 1)).toEqual([['x', 'z'], []]);
    expect(readBy(1, 2)).toEqual([[], []]);
    expect(readBy(2, 3)).toEqual([['y'], ['nowhere']]);
    expect(readBy(0, 3)).toEqual([['x', 'y', 'z'], ['nowhere']]);
  });

  it('[MAP-FN-2] its inverse is found by enumeration, of the keys that exist', () => {
    const readers = (ordinal: number) =>
      keysOf(downstream, mapToDownstream({ ...assets, subset: [ordinal, ordinal + 1] }));
    expect([0, 1, 2].map(readers)).toEqual([['a'], ['c'], ['a']]);
    for (let up = 0; up < upstream.count; up += 1) {
      for (let down = 0; down < downstream.count; down += 1) {
        const reads = mapToUpstream({ ...assets, subset: [down, down + 1] }).subset;
        expect(readers(up).includes(downstream.keyAt(down))).toBe(
          keysOf(upstream, reads).includes(upstream.keyAt(up)),
        );
      }
    }
    expect(traceUpstream(assets)(2)).toMatchObject({ rows: [1, 2], lacks: true });
    expect(traceDownstream(assets)(1).rows).toEqual([2, 3]);
  });

  it('[MAP-FN-3] a key that the function was not asked for needs one that tells of it', () => {
    expect(readBy(3, 4)).toEqual([[], ['later']]);
  });

  it('[MAP-FN-4] no asset depends on itself by one', () => {
    expect(() => checkSelfDependency('a', mapping, downstream.definition)).toThrow('itself');
  });

  it('[MAP-FN-1] needs downstream keys', () => {
    expect(() => checkMapping(mapping, upstream.definition, downstream.definition)).not.toThrow();
    expect(() => checkMapping(mapping, upstream.definition, null)).toThrow(
      'partitioned downstream',
    );
  });
});
