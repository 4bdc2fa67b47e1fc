import { describe, expect, it } from 'vitest';
import type { ConfigShape } from '../../../src/config/config-schema.ts';
import { makeStaticPartitionsDefinition } from '../../../src/partitions/definition/static.ts';
import { indexPartitions } from '../../../src/partitions/index-partitions.ts';
import {
  faultyKeys,
  keyColumns,
  keyedConfigs,
  NO_KEY_CONFIG,
  ownValue,
  pastedCells,
  withTyped,
  type KeyConfig,
} from '../../../src/ui/launch/key-config.ts';

const index = indexPartitions(makeStaticPartitionsDefinition([...'abcdef']), {
  effectiveAt: 0,
  dynamicPartitions: new Map<string, readonly string[]>(),
});
const shape: ConfigShape = {
  kind: 'shape',
  permissive: false,
  fields: [
    {
      name: 'limit',
      schema: { kind: 'int' },
      required: false,
      defaultValue: 1000,
      description: null,
    },
    {
      name: 'all',
      schema: { kind: 'bool' },
      required: false,
      defaultValue: false,
      description: null,
    },
  ],
};
const columns = keyColumns([{ assetKey: 'a', stepKey: 'a', shape, configName: null }]);
const [limit, all] = columns as [(typeof columns)[0], (typeof columns)[0]];
const everyKey = { a: { limit: 1000, all: false } };
const ALL = [0, 6];

describe('config per key', () => {
  it('[CFG-1] keys with the same values share an entry of the launch, beside what all have', () => {
    const config = withTyped(NO_KEY_CONFIG, [
      ['c', limit.id, 50],
      ['b', limit.id, 50],
      ['e', all.id, true],
      ['f', limit.id, 50],
    ]);
    expect(keyedConfigs(config, [0, 5], index, columns, everyKey)).toEqual([
      {
        partitionRanges: [['b', 'c']],
        runConfig: { ops: { a: { config: { limit: 50, all: false } } } },
      },
      {
        partitionRanges: [['e', 'e']],
        runConfig: { ops: { a: { config: { limit: 1000, all: true } } } },
      },
    ]);
    const without = withTyped(config, [['e', all.id, undefined]]);
    expect(without.typed.has('e')).toBe(false);
  });

  it('[CFG-1] what is typed goes before a rule, and a rule before what all have', () => {
    const rule = { expression: '', values: new Map([...'ab'].map((key) => [key, 7])), fault: null };
    const config: KeyConfig = {
      typed: new Map([['a', { [limit.id]: 8 }]]),
      rules: new Map([[limit.id, rule]]),
    };
    expect([...'abc'].map((key) => ownValue(config, key, limit.id))).toEqual([
      { origin: 'typed', value: 8 },
      { origin: 'rule', value: 7 },
      { origin: 'every key', value: undefined },
    ]);
  });

  it('[CFG-11] all rows are checked at once', () => {
    const config = withTyped(NO_KEY_CONFIG, [
      ['d', limit.id, 'x'],
      ['b', limit.id, 'x'],
      ['c', limit.id, 5],
    ]);
    expect(faultyKeys(config, ALL, index, columns, everyKey)).toEqual({ count: 2, first: 1 });
    expect(faultyKeys(config, [2, 3], index, columns, everyKey)).toEqual({ count: 0, first: -1 });
  });

  it('[CFG-1] a sheet is pasted from a cell on, or by the keys in its first column', () => {
    const isKey = (text: string) => index.ordinalOf(text) >= 0;
    expect(pastedCells('5\tTRUE\r\n\tfalse\n', ['b', 'c'], columns, isKey)).toEqual([
      ['b', limit.id, 5],
      ['b', all.id, true],
      ['c', all.id, false],
    ]);
    expect(pastedCells('e\t5\na\tmany', ['b', 'c'], columns, isKey)).toEqual([
      ['e', limit.id, 5],
      ['a', limit.id, 'many'],
    ]);
  });
});
