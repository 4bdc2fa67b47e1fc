import { describe, expect, it } from 'vitest';
import type { PartitionMapping } from '../../src/partitions/mapping/partition-mapping.ts';
import { definitionsIn, errorIn } from './guest-of.ts';

const UP = `const up = dg.asset(() => 1);`;

/** The mapping that a cell writes, as plain data. */
function mappingOf(expression: string): PartitionMapping | null | undefined {
  const { assets } = definitionsIn(
    UP,
    `const down = dg.asset({ deps: [dg.AssetDep(up, { partitionMapping: ${expression} })] }, () => 1);`,
  );
  return assets.find(({ assetKey }) => assetKey === 'down')?.deps[0]?.mapping;
}

const WRITTEN: Record<PartitionMapping['kind'], readonly [string, PartitionMapping]> = {
  identity: ['dg.IdentityPartitionMapping()', { kind: 'identity' }],
  all: ['new dg.AllPartitionMapping()', { kind: 'all' }],
  last: ['dg.LastPartitionMapping()', { kind: 'last' }],
  specific: [
    `dg.SpecificPartitionsPartitionMapping(['a', dg.MultiPartitionKey({ y: '1', x: 'b' })])`,
    { kind: 'specific', keys: ['a', 'b|1'] },
  ],
  static: [
    `dg.StaticPartitionMapping({ a: 'x', b: ['x', 'y'] })`,
    {
      kind: 'static',
      downstreamByUpstream: [
        ['a', ['x']],
        ['b', ['x', 'y']],
      ],
    },
  ],
  timeWindow: [
    'dg.TimeWindowPartitionMapping({ startOffset: -1, endOffset: -1, allowNonexistentUpstreamPartitions: true })',
    {
      kind: 'timeWindow',
      startOffset: -1,
      endOffset: -1,
      allowNonexistentUpstreamPartitions: true,
    },
  ],
  multiToSingle: [
    `dg.MultiToSingleDimensionPartitionMapping({ partitionDimensionName: 'day' })`,
    { kind: 'multiToSingle', partitionDimensionName: 'day' },
  ],
  multi: [
    `dg.MultiPartitionMapping({ day: dg.DimensionPartitionMapping({ dimensionName: 'date', partitionMapping: dg.LastPartitionMapping() }) })`,
    {
      kind: 'multi',
      dimensions: [{ upstream: 'day', downstream: 'date', mapping: { kind: 'last' } }],
    },
  ],
};

describe('a mapping as a cell writes it', () => {
  it.each(Object.entries(WRITTEN))('[MAP] %s is plain data', (_, [expression, mapping]) => {
    expect(mappingOf(expression)).toEqual(mapping);
  });

  it.each([
    ['dg.TimeWindowPartitionMapping({ startOffset: 0.5 })', 'startOffset must be a whole number'],
    ['dg.TimeWindowPartitionMapping({ start_offset: 1 })', 'Did you mean startOffset?'],
    [`dg.SpecificPartitionsPartitionMapping('a')`, 'must be a list, not "a"'],
    [
      `dg.MultiPartitionMapping({ day: dg.AllPartitionMapping() })`,
      'by dg.DimensionPartitionMapping',
    ],
    [`dg.DimensionPartitionMapping({ dimensionName: 'day' })`, 'must be a partition mapping'],
    [`'all'`, 'must be a partition mapping, such as dg.AllPartitionMapping(), not "all"'],
  ])('[SDK-3] %s says what is wrong', (expression, message) => {
    expect(
      errorIn(
        UP,
        `const down = dg.asset({ deps: [dg.AssetDep(up, { partitionMapping: ${expression} })] }, () => 1);`,
      ).message,
    ).toContain(message);
  });
});
