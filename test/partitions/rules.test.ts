import { describe, expect, it } from 'vitest';
import {
  equalPartitionsDefinitions,
  partitionsDefinitionIdentity,
} from '../../src/partitions/definition/identity.ts';
import { makeStaticPartitionsDefinition } from '../../src/partitions/definition/static.ts';
import { indexPartitions } from '../../src/partitions/index-partitions.ts';
import { keysInRange } from '../../src/partitions/keys-in-range.ts';
import { mapToUpstream } from '../../src/partitions/mapping/map-partitions.ts';
import { portableWhole, windowsOfPortable } from '../../src/partitions/subset/portable-subset.ts';
import { fromKeys, keyRangesOf } from '../../src/partitions/subset/subset-keys.ts';
import { contextOf, definitionOf, errorKind, type WrittenDefinition } from './vectors.ts';

const colors: WrittenDefinition = { kind: 'static', keys: ['red', 'yellow', 'blue'] };
const daily: WrittenDefinition = { kind: 'daily', start: '2024-01-01' };
const names: WrittenDefinition = { kind: 'dynamic', name: 'names' };

describe('rules of partitions', () => {
  it('[GEN-1] what exists follows from the context alone, whatever was asked before', () => {
    const definition = definitionOf({ kind: 'multi', dimensions: { daily, names } });
    const keysAt = (now: string, ...keys: readonly string[]) =>
      indexPartitions(definition, contextOf({ now, dynamic: { names: keys } })).keys();
    expect(keysAt('2024-01-02T00:00:00Z', 'a')).toEqual(['2024-01-01|a']);
    expect(keysAt('2024-01-03T00:00:00Z', 'a')).toEqual(['2024-01-01|a', '2024-01-02|a']);
    expect(keysAt('2024-01-02T00:00:00Z', 'a')).toEqual(['2024-01-01|a']);
  });

  it('[MULTI-16q] a key that is added counts at the same instant', () => {
    const definition = definitionOf({ kind: 'multi', dimensions: { colors, names } });
    const count = (...keys: readonly string[]) =>
      indexPartitions(definition, contextOf({ dynamic: { names: keys } })).count;
    expect([count('a'), count('a', 'b'), count()]).toEqual([3, 6, 0]);
  });

  it('[GEN-3] definitions have one identity exactly if they are equal', () => {
    const written: readonly WrittenDefinition[] = [
      daily,
      { kind: 'timeWindow', start: '2024-01-01', cron: '0 0 * * *', fmt: '%Y-%m-%d' },
      { ...daily, timezone: 'Etc/UTC' },
      { ...daily, timezone: '' },
      { ...daily, exclusions: [] },
      { ...daily, exclusions: ['0 0 * * 6'] },
      { ...daily, endOffset: 1 },
      colors,
      { kind: 'static', keys: ['yellow', 'red', 'blue'] },
      names,
      { kind: 'multi', dimensions: { daily, colors } },
      { kind: 'multi', dimensions: { colors, daily } },
    ];
    const definitions = written.map(definitionOf);
    for (const a of definitions) {
      for (const b of definitions) {
        expect(partitionsDefinitionIdentity(a) === partitionsDefinitionIdentity(b)).toBe(
          equalPartitionsDefinitions(a, b),
        );
      }
    }
  });

  it('[TW-6] an empty zone is none', () => {
    expect(definitionOf({ ...daily, timezone: '' })).toEqual(definitionOf(daily));
  });

  it('[ST-5] signs that part keys are fine until the definition becomes a dimension', () => {
    const keys = ['a|b', 'c,d', '[e]'];
    expect(makeStaticPartitionsDefinition(keys).keys).toEqual(keys);
    expect(
      errorKind(() =>
        definitionOf({ kind: 'multi', dimensions: { daily, odd: { kind: 'static', keys } } }),
      ),
    ).toBe('DagsterInvalidDefinitionError');
  });

  it('[RNG-2] a range is a slice, a stretch of time or a rectangle, by kind', () => {
    const range = (written: WrittenDefinition, start: string, end: string) =>
      keysInRange(
        indexPartitions(definitionOf(written), contextOf({ now: '2024-01-03T00:00:00Z' })),
        { start, end },
      );
    expect(range(colors, 'yellow', 'blue')).toEqual(['yellow', 'blue']);
    // Time goes on behind now.
    expect(range(daily, '2024-01-02', '2024-01-04')).toEqual([
      '2024-01-02',
      '2024-01-03',
      '2024-01-04',
    ]);
    expect(
      range(
        { kind: 'multi', dimensions: { date: daily, color: colors } },
        'red|2024-01-01',
        'yellow|2024-01-02',
      ),
    ).toEqual(['red|2024-01-01', 'red|2024-01-02', 'yellow|2024-01-01', 'yellow|2024-01-02']);
  });

  it('[SUB-10] a hundred thousand hours in a row are one span, one range and one window', () => {
    const now = '2024-01-01T00:00:00Z';
    const hours = indexPartitions(
      definitionOf({ kind: 'hourly', start: '2010-01-01-00:00' }),
      contextOf({ now }),
    );
    expect(hours.count).toBeGreaterThan(100_000);
    const { subset } = fromKeys(hours, hours.keys());
    expect(subset).toEqual([0, hours.count]);
    expect(keyRangesOf(hours, subset)).toEqual([
      { start: '2010-01-01-00:00', end: '2023-12-31-23:00' },
    ]);
    expect(windowsOfPortable(hours, portableWhole(hours))).toHaveLength(1);
    const days = indexPartitions(
      definitionOf({ kind: 'daily', start: '2010-01-01' }),
      contextOf({ now }),
    );
    const mapped = mapToUpstream({
      mapping: {
        kind: 'timeWindow',
        startOffset: 0,
        endOffset: 0,
        allowNonexistentUpstreamPartitions: false,
      },
      upstream: hours,
      downstream: days,
      subset: [0, days.count],
    });
    expect(mapped).toEqual({ subset: [0, hours.count], requiredButNonexistent: [] });
  });
});
