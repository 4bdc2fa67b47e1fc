import { describe, expect, it } from 'vitest';
import type { TimeWindowPartitionsDefinition } from '../../../src/partitions/definition/partitions-definition.ts';
import { indexPartitions } from '../../../src/partitions/index-partitions.ts';
import {
  clockNoteOf,
  leftOutOf,
  type ClockNote,
} from '../../../src/partitions/reasons/definition-notes.ts';
import {
  clockNoteSentence,
  leftOutSentence,
  windowClockWords,
} from '../../../src/partitions/reasons/reason-sentences.ts';
import { seenAt, windows } from './written.ts';

const NEW_YORK = { timezone: 'America/New_York' };

function note(definition: TimeWindowPartitionsDefinition, now: string) {
  const found = clockNoteOf(definition, Date.parse(now));
  return found && { kind: found.kind, sentence: clockNoteSentence(found, Date.parse(now)) };
}

describe('what a card notes of a definition', () => {
  const NOTES: Record<
    ClockNote['kind'],
    readonly [TimeWindowPartitionsDefinition, string, string]
  > = {
    oddWindow: [
      windows('daily', NEW_YORK),
      '2024-10-20T12:00:00Z',
      '2024-11-03 has 25 hours: 01:00 happens twice.',
    ],
    repeatedTime: [
      windows('hourly', NEW_YORK),
      '2024-11-05T12:00:00Z',
      'On Sun 3 Nov 2024 01:00 happened twice: as 2024-11-03-01:00 and as 2024-11-03-01:00-0500.',
    ],
    skippedTime: [
      windows('hourly', NEW_YORK),
      '2024-03-01T12:00:00Z',
      'On Sun 10 Mar 2024 02:00 does not happen, so no key begins then.',
    ],
  };
  it.each(Object.entries(NOTES))('[WHY-5] %s', (kind, [definition, now, sentence]) => {
    expect(note(definition, now)).toEqual({ kind, sentence });
  });

  it('[WHY-5, CRON-8] where midnight is left out, the day after it is short', () => {
    const days = windows('daily', { start: '2018-01-01', timezone: 'America/Sao_Paulo' });
    expect(note(days, '2018-11-01T12:00:00Z')?.sentence).toBe(
      '2018-11-04 has 23 hours: 00:00 does not happen.',
    );
  });

  it('[WHY-5] nothing, away from changes and where no hour is missed', () => {
    expect(note(windows('daily', NEW_YORK), '2024-07-01T00:00:00Z')).toBeNull();
    expect(note(windows('monthly', NEW_YORK), '2024-03-01T00:00:00Z')).toBeNull();
    expect(note(windows('daily'), '2024-03-05T00:00:00Z')).toBeNull();
  });

  it('[WHY-5] a window says why it is longer or shorter', () => {
    const days = windows('daily', NEW_YORK);
    const now = '2024-12-01T00:00:00Z';
    const index = indexPartitions(days, seenAt(now));
    const say = (key: string) => {
      const window = index.windowAt(index.ordinalOf(key));
      return window && windowClockWords(days, window, Date.parse(now));
    };
    expect(say('2024-11-02')).toBe('');
    expect(say('2024-11-03')).toBe('01:00 happened twice');
    expect(say('2024-03-10')).toBe('02:00 did not happen');
  });

  it('[TW-22] counts what is left out, and tells the next', () => {
    const weekdays = windows('daily', { exclusions: ['0 0 * * 6,0'] });
    const now = '2024-01-17T12:00:00Z';
    const left = leftOutOf(indexPartitions(weekdays, seenAt(now)), Date.parse(now));
    expect(left?.count).toBe(4);
    expect(left && leftOutSentence(left)).toBe(
      'Exclusions leave out 4 windows; the next is Sat 20 Jan 2024.',
    );
    const past = windows('daily', { exclusions: [{ wallTime: Date.UTC(2024, 0, 9) }] });
    const once = leftOutOf(indexPartitions(past, seenAt(now)), Date.parse(now));
    expect(once && leftOutSentence(once)).toBe('Exclusions leave out 1 window.');
    expect(leftOutOf(indexPartitions(windows('daily'), seenAt(now)), 0)).toBeNull();
  });
});
