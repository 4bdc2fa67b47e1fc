import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  describePartitionsDefinition,
  summarizePartitions,
} from '../../src/partitions/describe.ts';
import { indexPartitions } from '../../src/partitions/index-partitions.ts';
import { nextOpening } from '../../src/partitions/time-queries.ts';
import { contextOf, definitionOf, iso, type WrittenDefinition } from './vectors.ts';

const at = (effectiveAt: number) => ({ effectiveAt, dynamicPartitions: new Map() });

describe('the next partition (OPEN)', () => {
  it('[OPEN-1] exists from the instant that is told, and not before', () => {
    fc.assert(
      fc.property(
        fc.constantFrom<WrittenDefinition['kind']>('hourly', 'daily', 'weekly'),
        fc.constantFrom('UTC', 'America/New_York', 'America/Sao_Paulo'),
        fc.integer({ min: -3, max: 3 }),
        fc.constantFrom([], ['0 0 * * 6,0'], ['30 5 * * *']),
        fc.boolean(),
        fc.integer({ min: Date.UTC(2018, 9, 20), max: Date.UTC(2018, 10, 25) }),
        (kind, timezone, endOffset, exclusions, ends, now) => {
          const definition = definitionOf({
            kind,
            timezone,
            endOffset,
            exclusions,
            start: { datetime: '2018-10-30T00:00' },
            ...(ends ? { end: { datetime: '2018-11-12T00:00' } } : {}),
          } as WrittenDefinition);
          const before = indexPartitions(definition, at(now)).count;
          const next = nextOpening(definition, at(now));
          if (next === null) {
            expect(indexPartitions(definition, at(now + 60 * 86_400_000)).count).toBe(before);
            return;
          }
          expect(next.opensAt).toBeGreaterThan(now);
          const index = indexPartitions(definition, at(next.opensAt));
          expect(indexPartitions(definition, at(next.opensAt - 1)).count).toBe(before);
          expect(index.count).toBeGreaterThan(before);
          expect(index.keyAt(before)).toBe(next.key);
        },
      ),
      { seed: 6, numRuns: 400 },
    );
  });

  it('[OPEN-2] of two dimensions, the first key that opens', () => {
    const definition = definitionOf({
      kind: 'multi',
      dimensions: {
        date: { kind: 'daily', start: '2024-01-01' },
        color: { kind: 'static', keys: ['red', 'blue'] },
      },
    });
    const next = nextOpening(definition, contextOf({ now: '2024-01-03T12:00:00Z' }));
    expect(next?.key).toBe('red|2024-01-03');
    expect(iso(next?.opensAt ?? 0)).toBe('2024-01-04T00:00:00Z');
    expect(nextOpening(definitionOf({ kind: 'static', keys: ['a'] }), contextOf({}))).toBeNull();
  });

  it('[OPEN-3] a card has the definition in words, its count, its ends and what comes next', () => {
    const definition = definitionOf({
      kind: 'daily',
      start: '2024-01-01',
      timezone: 'Europe/Berlin',
    });
    const context = contextOf({ now: '2024-01-03T12:00:00Z' });
    expect(describePartitionsDefinition(definition)).toBe('daily from 2024-01-01 in Europe/Berlin');
    expect(summarizePartitions(definition, context)).toMatchObject({
      count: 2,
      first: '2024-01-01',
      last: '2024-01-02',
      next: { key: '2024-01-03', opensAt: Date.parse('2024-01-03T23:00:00Z') },
    });
  });
});
