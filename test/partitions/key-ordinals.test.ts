import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  equalPartitionsDefinitions,
  partitionsDefinitionIdentity,
} from '../../src/partitions/definition/identity.ts';
import { makeStaticPartitionsDefinition } from '../../src/partitions/definition/static.ts';
import { makeTimeWindowPartitionsDefinition } from '../../src/partitions/definition/time-window.ts';
import { indexPartitions } from '../../src/partitions/index-partitions.ts';
import { KeyOrdinals } from '../../src/partitions/key-ordinals.ts';
import { subsetOf } from '../../src/partitions/subset/subset-algebra.ts';
import { fromKeys } from '../../src/partitions/subset/subset-keys.ts';

const context = { effectiveAt: Date.UTC(2024, 5, 1), dynamicPartitions: new Map() };

describe('keys found by their hashes', () => {
  it('[ST-1] each key has the ordinal at which it is first listed, every other text none', () => {
    const texts = fc.array(fc.string({ maxLength: 3 }));
    fc.assert(
      fc.property(texts, texts, (keys, others) => {
        const ordinals = new KeyOrdinals(keys);
        for (const key of [...keys, ...others]) {
          expect(ordinals.ordinalOf(key)).toBe(keys.indexOf(key));
        }
        expect(ordinals.distinct).toBe(new Set(keys).size);
      }),
    );
  });

  it('[SUB-1] keys in any order, repeated or unknown, make the subset of their ordinals', () => {
    const definition = makeStaticPartitionsDefinition(
      Array.from({ length: 30 }, (_, at) => `k${at}`),
    );
    const index = indexPartitions(definition, context);
    fc.assert(
      fc.property(fc.array(fc.nat(35)), (ordinals) => {
        const { subset, unknownKeys } = fromKeys(
          index,
          ordinals.map((ordinal) => `k${ordinal}`),
        );
        expect(subset).toEqual(subsetOf(ordinals.filter((ordinal) => ordinal < 30)));
        expect(unknownKeys).toEqual(
          ordinals.filter((ordinal) => ordinal >= 30).map((ordinal) => `k${ordinal}`),
        );
      }),
    );
  });

  it('[TW-29] every listed key leads back to its ordinal, as the window does to its start', () => {
    for (const timezone of ['UTC', 'America/New_York', 'Australia/Lord_Howe', 'Africa/Cairo']) {
      for (const cronSchedule of ['0 * * * *', '*/7 * * * *', '0 0 * * *', '15 9,17 * * 1-5']) {
        const index = indexPartitions(
          makeTimeWindowPartitionsDefinition({
            className: 'timeWindow',
            start: '2023-10-01-00:00',
            end: '2024-04-20-00:00',
            fmt: '%Y-%m-%d-%H:%M',
            timezone,
            cronSchedule,
          }),
          context,
        );
        const keys = index.keys();
        keys.forEach((key, ordinal) => {
          if (index.ordinalOf(key) !== ordinal) expect([key, index.ordinalOf(key)]).toBe(ordinal);
          const window = index.windowAt(ordinal);
          if (index.countStartingBefore(window?.startAt ?? NaN) !== ordinal) {
            expect(window).toBe(ordinal);
          }
        });
        expect(keys).toHaveLength(index.count);
        expect(keys.map((_, ordinal) => index.keyAt(ordinal))).toEqual(keys);
      }
    }
  });
});

describe('equality of definitions', () => {
  const times = (fields: object) =>
    makeTimeWindowPartitionsDefinition({
      className: 'hourly',
      start: '2024-01-01-00:00',
      ...fields,
    });
  const definitions = [
    times({}),
    times({}),
    times({ end: '2024-02-01-00:00' }),
    times({ endOffset: 1 }),
    times({ timezone: 'Etc/UTC' }),
    times({ exclusions: ['0 0 * * *'] }),
    times({ exclusions: ['0 1 * * *'] }),
    times({ minuteOffset: 5 }),
    makeStaticPartitionsDefinition(['a', 'b']),
    makeStaticPartitionsDefinition(['a', 'b']),
    makeStaticPartitionsDefinition(['b', 'a']),
    makeStaticPartitionsDefinition(['a']),
  ];

  it('[GEN-6] is that of their identities, asked once or again', () => {
    for (const a of [...definitions, ...definitions]) {
      for (const b of definitions) {
        expect(equalPartitionsDefinitions(a, b)).toBe(
          partitionsDefinitionIdentity(a) === partitionsDefinitionIdentity(b),
        );
      }
    }
  });

  it('[GEN-6] of long lists too: equal ones are kept once, others apart', () => {
    const listOf = (prefix: string, count = 2000) =>
      makeStaticPartitionsDefinition(Array.from({ length: count }, (_, at) => prefix + at));
    const first = listOf('k');
    expect(listOf('k').keys).toBe(first.keys);
    for (const other of [listOf('l'), listOf('k', 2001), listOf('k', 1999)]) {
      expect(other.keys).not.toBe(first.keys);
      expect(equalPartitionsDefinitions(other, first)).toBe(false);
    }
    const reversed = makeStaticPartitionsDefinition(first.keys.toReversed());
    expect(equalPartitionsDefinitions(reversed, first)).toBe(false);
  });
});
