import { describe, expect, it } from 'vitest';
import {
  formatDay,
  formatInstant,
  formatOpens,
  formatShortInstant,
  formatTimeOfDay,
  zoneAbbreviation,
} from '../../src/time/format-instant.ts';

const at = (text: string): number => Date.parse(text);

describe('instants for people (TIME)', () => {
  it('[TIME-4] where there is little room, names day and time in the zone', () => {
    expect(formatShortInstant(at('2026-11-22T13:20:00Z'), 'Europe/Berlin')).toBe('22 Nov, 14:20');
    expect(formatShortInstant(at('2026-03-10T23:30:00Z'), 'Asia/Tokyo')).toBe('11 Mar, 08:30');
  });

  it('[TIME-4] names weekday, day and time in the zone', () => {
    expect(formatInstant(at('2026-11-22T13:20:00Z'), 'Europe/Berlin')).toBe(
      'Sun 22 Nov 2026, 14:20',
    );
    expect(formatDay(at('2026-11-01T23:30:00Z'), 'Asia/Kolkata')).toBe('Mon 2 Nov 2026');
    expect(formatTimeOfDay(at('2026-11-22T13:20:05Z'), 'UTC')).toBe('13:20:05');
  });

  it('[TIME-4] says when something opens, from where the reader stands', () => {
    const now = at('2026-11-22T13:20:00Z');
    expect(formatOpens(at('2026-11-22T14:00:00Z'), now, 'UTC')).toBe('today at 14:00');
    expect(formatOpens(at('2026-11-23T00:00:00Z'), now, 'UTC')).toBe('tomorrow at 00:00');
    expect(formatOpens(at('2026-11-25T00:00:00Z'), now, 'UTC')).toBe('Wed at 00:00');
    expect(formatOpens(at('2026-12-01T00:00:00Z'), now, 'UTC')).toBe('Tue 1 Dec 2026, 00:00');
  });

  it('[TIME-4] gives the zone its short name of that day', () => {
    expect(zoneAbbreviation(at('2026-01-01T00:00:00Z'), 'America/Los_Angeles')).toBe('PST');
    expect(zoneAbbreviation(at('2026-07-01T00:00:00Z'), 'America/Los_Angeles')).toBe('PDT');
    expect(zoneAbbreviation(at('2026-01-01T00:00:00Z'), 'Europe/Berlin')).toBe('CET');
    expect(zoneAbbreviation(at('2026-01-01T00:00:00Z'), 'UTC')).toBe('UTC');
    expect(zoneAbbreviation(at('2026-01-01T00:00:00Z'), 'Asia/Kathmandu')).toBe('UTC+5:45');
  });
});
