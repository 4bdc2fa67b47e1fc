import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PartitionsDefinition } from '../../../src/partitions/definition/partitions-definition.ts';
import { indexPartitions } from '../../../src/partitions/index-partitions.ts';
import {
  explainKey,
  opensAtOf,
  type AbsenceReason,
  type ExistenceReason,
} from '../../../src/partitions/reasons/key-reason.ts';
import { keySentence } from '../../../src/partitions/reasons/reason-sentences.ts';
import { dynamic, grid, listed, seenAt, windows } from './written.ts';

const DAYS = windows('daily');
const HOURS = windows('hourly', { timezone: 'America/New_York' });
const WEEKDAYS = windows('daily', {
  exclusions: ['0 0 * * 6,0', { wallTime: Date.UTC(2024, 0, 9) }],
});
const COLORED_DAYS = grid({ day: DAYS, color: listed('red', 'blue') });

/** A definition, a key, the nearest existing key, and the sentence. */
type Example = readonly [
  definition: PartitionsDefinition,
  key: string,
  nearest: string | null,
  sentence: string,
];

const NOW = '2024-04-01T12:00:00Z';

function explain(definition: PartitionsDefinition, key: string, now = NOW) {
  return explainKey(indexPartitions(definition, seenAt(now, { images: ['cat_1', 'dog'] })), key);
}

const PRESENT = {
  listed: [listed('a', 'b'), 'a', 'a', 'a exists: its definition lists it.'],
  added: [dynamic('images'), 'dog', 'dog', 'dog exists: it was added to images.'],
  opened: [
    DAYS,
    '2024-03-31',
    '2024-03-31',
    '2024-03-31 exists since Mon 1 Apr 2024, 00:00 UTC, when its window ended.',
  ],
  pair: [
    COLORED_DAYS,
    'red|2024-03-31',
    'red|2024-03-31',
    'red|2024-03-31 exists: red is listed, and 2024-03-31 opened Mon 1 Apr 2024, 00:00 UTC.',
  ],
} satisfies Record<ExistenceReason['kind'], Example>;

const ABSENT = {
  notYet: [
    DAYS,
    '2024-04-01',
    '2024-03-31',
    '2024-04-01 does not exist yet: it opens Tue 2 Apr 2024, 00:00 UTC, when its window ends. The last key is 2024-03-31.',
  ],
  excluded: [
    WEEKDAYS,
    '2024-01-06',
    '2024-01-05',
    '2024-01-06 is left out: exclusions has "0 0 * * 6,0", which ticks when its window starts. The nearest key is 2024-01-05.',
  ],
  beforeStart: [
    DAYS,
    '2023-12-31',
    '2024-01-01',
    '2023-12-31 is before the first key, 2024-01-01.',
  ],
  pastEnd: [
    windows('daily', { end: '2024-02-01', timezone: 'Europe/Berlin' }),
    '2024-02-01',
    '2024-01-31',
    '2024-02-01 never exists: its window ends after Thu 1 Feb 2024, 00:00 CET, the end of the definition. The last key is 2024-01-31.',
  ],
  noWindows: [
    windows('daily', { end: '2023-01-01' }),
    '2024-01-01',
    null,
    '2024-01-01 is not a key: the definition has no window between its start and its end.',
  ],
  wrongFormat: [DAYS, 'monday', '2024-03-31', 'monday is not a key. Keys look like 2024-03-31.'],
  otherSpelling: [
    DAYS,
    '2024-1-5',
    '2024-01-05',
    '2024-1-5 is not a key. Did you mean 2024-01-05?',
  ],
  skippedTime: [
    HOURS,
    '2024-03-10-02:00',
    '2024-03-10-03:00',
    '2024-03-10-02:00 is not a key: on Sun 10 Mar 2024 the clocks went from 02:00 to 03:00. The nearest key is 2024-03-10-03:00.',
  ],
  betweenStarts: [
    windows('weekly'),
    '2024-01-10',
    '2024-01-07',
    '2024-01-10 is not a key: it lies in the window of 2024-01-07, and the next is 2024-01-14.',
  ],
  notListed: [
    listed('customer_a', 'customer_c'),
    'customer_d',
    'customer_c',
    'customer_d is not a key. Did you mean customer_c?',
  ],
  notAdded: [
    dynamic('images'),
    'cat1',
    'cat_1',
    'cat1 is not among the keys of images now. Did you mean cat_1?',
  ],
  wrongParts: [
    COLORED_DAYS,
    'red',
    'red|2024-01-01',
    'red is not a key. A key has 2 parts with | between them, color and day, such as red|2024-01-01.',
  ],
  swappedParts: [
    COLORED_DAYS,
    '2024-01-01|blue',
    'blue|2024-01-01',
    '2024-01-01|blue has its parts in another order than color|day. Did you mean blue|2024-01-01?',
  ],
  absentParts: [
    COLORED_DAYS,
    'rad|2024-01-01',
    'red|2024-01-01',
    'rad is not a key. Did you mean red?',
  ],
} satisfies Record<AbsenceReason['kind'], Example>;

describe('why a key exists, or does not', () => {
  it.each(Object.entries<Example>(PRESENT))('[WHY-1] %s', (kind, [definition, key, , sentence]) => {
    const answer = explain(definition, key);
    expect(answer).toMatchObject({ exists: true, reason: { kind } });
    expect(keySentence(key, answer)).toBe(sentence);
  });

  it.each(Object.entries<Example>(ABSENT))(
    '[WHY-1] %s',
    (kind, [definition, key, nearest, sentence]) => {
      const answer = explain(definition, key);
      expect(answer).toMatchObject({ exists: false, nearest, reason: { kind } });
      expect(keySentence(key, answer)).toBe(sentence);
    },
  );

  it('[TW-17, TW-18] an offset lets it in early, or holds it back', () => {
    const say = (endOffset: number, key: string) =>
      keySentence(key, explain(windows('daily', { endOffset }), key));
    expect(say(1, '2024-04-01')).toBe(
      '2024-04-01 exists since Mon 1 Apr 2024, 00:00 UTC: endOffset 1 lets it in 1 window early.',
    );
    expect(say(-2, '2024-03-31')).toBe(
      '2024-03-31 does not exist yet: it opens Wed 3 Apr 2024, 00:00 UTC: endOffset −2 holds it back by 2 windows. The last key is 2024-03-29.',
    );
  });

  it('[TW-21q] before the start, an offset lets a key in just after a tick', () => {
    const early = windows('daily', { start: '2024-01-10', endOffset: 1 });
    expect(keySentence('2024-01-10', explain(early, '2024-01-10'))).toContain(
      'exists since just after Tue 9 Jan 2024, 00:00 UTC',
    );
  });

  it('[TW-22] a date leaves its window out', () => {
    expect(keySentence('2024-01-09', explain(WEEKDAYS, '2024-01-09'))).toBe(
      '2024-01-09 is left out: exclusions names Tue 9 Jan 2024. The nearest key is 2024-01-08.',
    );
  });

  it('[DST-7q] an offset that is not written in the key is another spelling', () => {
    expect(explain(HOURS, '2024-03-10-03:00-0400')).toMatchObject({
      reason: { kind: 'otherSpelling', written: '2024-03-10-03:00' },
    });
    expect(
      explain(windows('hourly', { timezone: 'America/New_York' }), '2024-01-01-05:30'),
    ).toMatchObject({
      reason: { kind: 'betweenStarts', within: '2024-01-01-05:00', next: '2024-01-01-06:00' },
    });
  });

  it('[MULTI-10] every part that is none is told', () => {
    const answer = explain(COLORED_DAYS, 'green|2030-01-01');
    expect(keySentence('green|2030-01-01', answer)).toBe(
      'green is not a key. The first is red. 2030-01-01 does not exist yet: it opens Wed 2 Jan 2030, 00:00 UTC, when its window ends. The last key is 2024-03-31.',
    );
    expect(answer.exists ? null : opensAtOf(answer)).toBeNull();
    const later = explain(COLORED_DAYS, 'red|2024-04-01');
    expect(later.exists ? null : opensAtOf(later)).toBe(Date.UTC(2024, 3, 2));
  });

  it('[WHY-2] a key exists from the instant that is told, and not before', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('hourly', 'daily', 'weekly'),
        fc.constantFrom('UTC', 'America/New_York', 'America/Sao_Paulo'),
        fc.integer({ min: -3, max: 3 }),
        fc.constantFrom([], ['0 0 * * 6,0'], ['30 5 * * *']),
        fc.integer({ min: Date.UTC(2018, 9, 20), max: Date.UTC(2018, 10, 25) }),
        fc.integer({ min: 0, max: 60 }),
        (className, timezone, endOffset, exclusions, now, place) => {
          const definition = windows(className, {
            start: { wallTime: Date.UTC(2018, 9, 30) },
            timezone,
            endOffset,
            exclusions,
          });
          const later = indexPartitions(definition, seenAt(Date.UTC(2019, 1, 1)));
          // Weeks that begin on a Sunday, less those that do, leave nothing.
          fc.pre(later.count > 0);
          const key = later.keyAt(place % later.count);
          const answer = explainKey(indexPartitions(definition, seenAt(now)), key);
          if (answer.exists && answer.reason.kind !== 'opened') throw new Error('no reason');
          const opensAt = answer.exists
            ? (answer.reason as Extract<ExistenceReason, { kind: 'opened' }>).opensAt
            : opensAtOf(answer);
          expect(opensAt).not.toBeNull();
          expect((opensAt ?? 0) <= now).toBe(answer.exists);
          const existsAt = (at: number) =>
            indexPartitions(definition, seenAt(at)).ordinalOf(key) >= 0;
          expect(existsAt(opensAt ?? 0)).toBe(true);
          expect(existsAt((opensAt ?? 0) - 1)).toBe(false);
        },
      ),
      { seed: 7, numRuns: 400 },
    );
  });

  it('the nearest key exists', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(DAYS, WEEKDAYS, HOURS, COLORED_DAYS, windows('weekly')),
        fc.date({
          min: new Date('2023-06-01'),
          max: new Date('2025-01-01'),
          noInvalidDate: true,
        }),
        fc.constantFrom(10, 13, 16),
        (definition, date, length) => {
          const text = date.toISOString().slice(0, length).replace('T', '-');
          const index = indexPartitions(definition, seenAt(NOW));
          const answer = explainKey(index, text);
          if (!answer.exists && answer.nearest !== null) {
            expect(index.ordinalOf(answer.nearest)).toBeGreaterThanOrEqual(0);
          }
          expect(answer.exists).toBe(index.ordinalOf(text) >= 0);
        },
      ),
      { seed: 8, numRuns: 300 },
    );
  });
});
