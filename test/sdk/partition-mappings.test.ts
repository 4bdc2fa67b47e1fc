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

const WRITTEN: Record<
  Exclude<PartitionMapping['kind'], 'function'>,
  readonly [string, PartitionMapping]
> = {
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
    ['dg.FunctionPartitionMapping(1)', 'takes a function from a key to keys upstream, not 1'],
    ['dg.FunctionPartitionMapping((key) => key)', 'at most 10000 downstream keys'],
    [`'all'`, 'must be a partition mapping, such as dg.AllPartitionMapping(), not "all"'],
  ])('[SDK-3] %s says what is wrong', (expression, message) => {
    expect(
      errorIn(
        UP,
        `const down = dg.asset({ deps: [dg.AssetDep(up, { partitionMapping: ${expression} })] }, () => 1);`,
      ).message,
    ).toContain(message);
  });

  it('[MAP-FN-4] a function maps whole keys, and no dimension', () => {
    const inner = `dg.FunctionPartitionMapping((key) => key)`;
    const dimension = `dg.DimensionPartitionMapping({ dimensionName: 'day', partitionMapping: ${inner} })`;
    expect(errorIn(`const one = ${dimension};`).message).toContain(
      'not a dg.FunctionPartitionMapping',
    );
  });

  const tableOf = (keys: string, upstreamKeys: string) =>
    definitionsIn(
      UP,
      `const keys = ${keys};`,
      `const down = dg.asset({ partitionsDef: keys, ins: { up: dg.AssetIn(up, { partitionMapping: new dg.FunctionPartitionMapping(${upstreamKeys}) }) } }, () => 1);`,
    ).assets.find(({ assetKey }) => assetKey === 'down')?.deps[0]?.mapping;

  it('[MAP-FN-1] a function is a table of the keys that exist', () => {
    expect(
      tableOf(
        `dg.StaticPartitionsDefinition(['a', 'b'])`,
        `(key) => key === 'a' ? 'x' : ['x', key + '!']`,
      ),
    ).toEqual({
      kind: 'function',
      upstreamByDownstream: [
        ['a', ['x']],
        ['b', ['x', 'b!']],
      ],
    });
    const grid = tableOf(
      `dg.MultiPartitionsDefinition({ n: dg.StaticPartitionsDefinition(['1', '2']), c: dg.StaticPartitionsDefinition(['r']) })`,
      `(key) => key.keysByDimension.n`,
    );
    expect(grid).toMatchObject({
      upstreamByDownstream: [
        ['r|1', ['1']],
        ['r|2', ['2']],
      ],
    });
  });

  it('[MAP-FN-3] it is asked for keys that open within a year, and for 10,000 at most', () => {
    const days = tableOf(
      `dg.DailyPartitionsDefinition({ startDate: '2020-01-01' })`,
      `(key) => key`,
    );
    const hours = tableOf(
      `dg.HourlyPartitionsDefinition({ startDate: DateTime.utc(2025, 8, 1) })`,
      `(key) => []`,
    );
    const sizeOf = (mapping: typeof days) =>
      mapping?.kind === 'function' ? mapping.upstreamByDownstream.length : -1;
    expect(sizeOf(hours)).toBe(10_000);
    expect(sizeOf(days)).toBeGreaterThan(366);
    for (const keys of [
      `dg.StaticPartitionsDefinition(Array.from({ length: 10_001 }, (_, at) => 'k' + at))`,
      `dg.DynamicPartitionsDefinition({ name: 'colors' })`,
    ]) {
      expect(() => tableOf(keys, `(key) => key`)).toThrow('known beforehand');
    }
    expect(() => tableOf(`dg.StaticPartitionsDefinition(['a'])`, `(key) => 1`)).toThrow(
      'What the function of a dg.FunctionPartitionMapping gives for a',
    );
  });
});
