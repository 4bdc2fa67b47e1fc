import { describe, expect, it } from 'vitest';
import type { ConfigShape } from '../../src/config/config-schema.ts';
import type { AssetSpec } from '../../src/definitions/definitions.ts';
import type { PartitionStatuses } from '../../src/orchestration/partition-status.ts';
import { makeTimeWindowPartitionsDefinition } from '../../src/partitions/definition/time-window.ts';
import type { PartitionIndex } from '../../src/partitions/partition-index.ts';
import { indexPartitions } from '../../src/partitions/index-partitions.ts';
import {
  configFaults,
  initialEntries,
  readField,
  runConfigOf,
  strayFaults,
  writeField,
} from '../../src/ui/launch/config-draft.ts';
import { firstChoice, quickChoices } from '../../src/ui/selection/quick-choices.ts';
import { downstreamAssets, keyedAsset } from '../../src/ui/launch/launch-assets.ts';

const none: PartitionStatuses = {
  materialized: [],
  materializing: [],
  queued: [],
  failed: [],
  notTried: [],
};

function letters(...keys: string[]): PartitionIndex {
  const context = { effectiveAt: 0, dynamicPartitions: new Map<string, string[]>() };
  return indexPartitions({ kind: 'static', keys }, context);
}

function asset(assetKey: string, keys: string[] | null, ...upstream: string[]): AssetSpec {
  return {
    cellId: 'c1',
    name: assetKey,
    assetKey,
    group: 'default',
    description: null,
    partitionsDef: keys && { kind: 'static', keys },
    deps: upstream.map((key) => ({
      assetKey: key,
      inputName: null,
      mapping: null,
      byKey: false,
      allowMissingPartitions: false,
    })),
    config: null,
    configName: null,
    codeVersion: null,
    tags: {},
    owners: [],
    kinds: [],
    external: false,
  };
}

const shape: ConfigShape = {
  kind: 'shape',
  permissive: false,
  fields: [
    { name: 'customer_id', schema: { kind: 'string' }, required: true, description: null },
    {
      name: 'limit',
      schema: { kind: 'int' },
      required: false,
      defaultValue: 1000,
      description: null,
    },
    {
      name: 'window',
      required: false,
      description: null,
      schema: {
        kind: 'shape',
        permissive: false,
        fields: [{ name: 'days', schema: { kind: 'int' }, required: true, description: null }],
      },
    },
  ],
};
const configured = { assetKey: 'a', stepKey: 'a', shape, configName: null };

describe('choice of keys', () => {
  it('[PS-3] failed keys include those that were not tried, missing ones are in no status', () => {
    const choices = quickChoices(letters('a', 'b', 'c', 'd'), {
      ...none,
      materialized: [0, 1],
      failed: [1, 2],
      notTried: [2, 3],
    });
    expect(choices).toEqual({
      all: [0, 4],
      missing: [3, 4],
      failed: [1, 3],
      'failed and missing': [1, 4],
      stale: [],
      latest: [3, 4],
    });
  });

  it('a panel begins with what failed, then what was chosen before, then what is missing', () => {
    const index = letters('a', 'b', 'c');
    const of = (statuses: Partial<PartitionStatuses>) =>
      quickChoices(index, { ...none, ...statuses });
    expect(firstChoice(of({ failed: [2, 3] }), 'all')).toBe('failed');
    expect(firstChoice(of({ materialized: [0, 2] }), 'all')).toBe('all');
    expect(firstChoice(of({ materialized: [0, 2] }), 'failed')).toBe('missing');
    expect(firstChoice(of({ materialized: [0, 3] }), 'missing')).toBe('all');
    expect(firstChoice(of({}), null)).toBe('all');
  });

  it('it begins with the latest where what nobody chose is more than a launch holds', () => {
    const hourly = makeTimeWindowPartitionsDefinition({
      className: 'hourly',
      start: '2020-01-01-00:00',
    });
    const now = Date.parse('2026-03-10T09:00:00Z');
    const index = indexPartitions(hourly, { effectiveAt: now, dynamicPartitions: new Map() });
    const of = (statuses: Partial<PartitionStatuses>) =>
      quickChoices(index, { ...none, ...statuses });
    expect(index.count).toBeGreaterThan(50_000);
    expect(firstChoice(of({}), null)).toBe('latest');
    expect(firstChoice(of({}), 'all')).toBe('all');
    expect(firstChoice(of({ failed: [0, 50_001] }), null)).toBe('latest');
    expect(firstChoice(of({ failed: [0, 50_000] }), null)).toBe('failed');
    expect(firstChoice(of({ materialized: [0, index.count - 9] }), null)).toBe('missing');
  });

  it('keys are those of the asset that no other chosen one comes before', () => {
    const days = asset('days', ['1', '2']);
    const months = asset('months', ['1'], 'days');
    const report = asset('report', null, 'months');
    expect(keyedAsset([months, days, report])?.assetKey).toBe('days');
    expect(keyedAsset([months, report])?.assetKey).toBe('months');
    expect(keyedAsset([report])).toBeNull();
  });

  it('assets downstream are found however far, without external ones', () => {
    const assets = [
      asset('a', null),
      asset('c', null, 'b'),
      asset('b', null, 'a'),
      { ...asset('x', null, 'a'), external: true },
      asset('z', null),
    ];
    const definitions = {
      assets,
      partitionsDefinitions: [],
      configs: [],
      jobs: [],
      schedules: [],
      sensors: [],
      tests: [],
    };
    const found = (...keys: string[]) =>
      downstreamAssets(definitions, keys).map(({ assetKey }) => assetKey);
    expect(found('a')).toEqual(['c', 'b']);
    expect(found('a', 'b')).toEqual(['c']);
    expect(found('z')).toEqual([]);
  });
});

describe('config as a form', () => {
  it('[CFG-15] begins with the defaults, and says what is required at its field', () => {
    const entries = initialEntries(shape);
    expect(entries).toEqual({ limit: 1000, window: {} });
    const faults = configFaults(configured, entries);
    expect([...faults]).toEqual([
      ['customer_id', 'customer_id is required.'],
      ['window.days', 'days is required.'],
    ]);
    expect(strayFaults(shape, faults)).toEqual([]);
  });

  it('[CFG-11] a fault stands at the field that it is about, an unknown entry apart', () => {
    const faults = configFaults(configured, {
      customer_id: 'customer_a',
      limit: '5x',
      window: { days: 1 },
      limt: 1,
    });
    expect([...faults.keys()].sort()).toEqual(['limit', 'limt']);
    expect(strayFaults(shape, faults)).toEqual([
      expect.stringContaining('Received unexpected config entry "limt"'),
    ]);
  });

  it('what is typed is read by its type, and written back the same', () => {
    const read = (kind: 'int' | 'float' | 'string' | 'any', text: string) =>
      readField({ kind }, text);
    expect(read('int', ' 50 ')).toEqual({ status: 'value', value: 50 });
    expect(read('int', '5x')).toEqual({ status: 'value', value: '5x' });
    expect(read('float', '1.')).toEqual({ status: 'value', value: 1 });
    expect(read('string', '50')).toEqual({ status: 'value', value: '50' });
    expect(read('string', '')).toEqual({ status: 'absent' });
    expect(read('any', '[1, 2]')).toEqual({ status: 'value', value: [1, 2] });
    expect(read('any', '[1').status).toBe('unreadable');
    expect(readField({ kind: 'noneable', inner: { kind: 'int' } }, 'null')).toEqual({
      status: 'value',
      value: null,
    });
    expect(writeField({ kind: 'int' }, 50)).toBe('50');
    expect(writeField({ kind: 'array', item: { kind: 'int' } }, [1])).toBe('[1]');
    expect(writeField({ kind: 'string' }, undefined)).toBe('');
  });

  it('[CFG-1] config is given by step', () => {
    expect(runConfigOf({})).toEqual({});
    expect(runConfigOf({ a: { limit: 5 } })).toEqual({ ops: { a: { config: { limit: 5 } } } });
  });
});
