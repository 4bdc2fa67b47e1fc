import { describe, expect, it } from 'vitest';
import type { InstigatorState } from '../../../src/protocol/engine.ts';
import { nextEvents } from '../../../src/ui/automation/next-events.ts';
import {
  instantText,
  parseInstant,
  spanInWords,
} from '../../../src/ui/automation/typed-instant.ts';
import { asset, customers, days } from '../../orchestration/sample-assets.ts';

const NOW = Date.parse('2024-01-08T00:00:00Z');
const HOUR = 3_600_000;

const nightly: InstigatorState = {
  kind: 'schedule',
  name: 'nightly',
  running: true,
  cursor: null,
  lastTickAt: null,
  tickCount: 0,
  nextTickAt: NOW + 24 * HOUR,
};

describe('what a passing clock brings [AU-4]', () => {
  it('keys that open, by what gets them, then ticks of the same instant', () => {
    const context = { effectiveAt: NOW, dynamicPartitions: new Map() };
    const assets = [asset('events', days()), asset('orders', customers), asset('totals', days())];
    expect(
      nextEvents(assets, [nightly, { ...nightly, name: 'idle', nextTickAt: null }], context),
    ).toEqual([
      {
        kind: 'opening',
        at: NOW + 24 * HOUR,
        key: '2024-01-08',
        assetKeys: ['events', 'totals'],
      },
      { kind: 'tick', at: NOW + 24 * HOUR, name: 'nightly' },
    ]);
  });
});

describe('an instant that is typed', () => {
  it('is a day, a day and a time, or one with seconds, in the zone', () => {
    const zone = 'America/New_York';
    expect(parseInstant('2024-03-10', zone)).toBe(Date.parse('2024-03-10T05:00:00Z'));
    expect(parseInstant(' 2024-03-11T01:30 ', zone)).toBe(Date.parse('2024-03-11T05:30:00Z'));
    expect(parseInstant('2024-03-11 01:30:05', zone)).toBe(Date.parse('2024-03-11T05:30:05Z'));
    expect(parseInstant('tomorrow', zone)).toBeNull();
    expect(instantText(Date.parse('2024-03-11T05:30:05Z'), zone)).toBe('2024-03-11 01:30:05');
    expect(instantText(Date.parse('2024-03-10T05:00:00Z'), zone)).toBe('2024-03-10 00:00');
  });

  it('is told as how far it is', () => {
    expect([30_000, 10.5 * HOUR, 24 * HOUR, 50 * HOUR, 400 * HOUR].map(spanInWords)).toEqual([
      '30 s',
      '10 h 30 min',
      '1 day',
      '2 days 2 h',
      '16 days',
    ]);
  });
});
