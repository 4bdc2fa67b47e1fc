import { createContext, runInContext } from 'node:vm';
import { afterEach, describe, expect, it } from 'vitest';
import { followWorld } from '../../src/sdk/prelude.ts';

const NOW = Date.UTC(2026, 2, 10, 9);

/** A global scope of its own, as a session has one, that follows a world. */
function scopeAt(timezone: string, seed = 'a seed') {
  process.env.TZ = timezone;
  let elapsedMs = 1000;
  const context = createContext({
    crypto: {},
    performance: { now: () => elapsedMs, timeOrigin: 1 },
  });
  const world = followWorld(runInContext('globalThis', context) as typeof globalThis);
  world.follow({ now: NOW, seed });
  return {
    world,
    valueOf: (expression: string): unknown => runInContext(expression, context),
    wait: (ms: number) => (elapsedMs += ms),
  };
}

const machineZone = process.env.TZ;
afterEach(() => {
  process.env.TZ = machineZone;
});

/** A name for each thing that could differ between machines, and how cells write it. */
const ANSWERS: readonly (readonly [expression: string, answer: unknown])[] = [
  ['new Date(2026, 6, 1, 12, 30).toISOString()', '2026-07-01T12:30:00.000Z'],
  ['new Date(99, 0).getFullYear()', 1999],
  [`new Date('2026-07-01T12:30').toISOString()`, '2026-07-01T12:30:00.000Z'],
  [`new Date('2026-07-01T12:30:15.5').toISOString()`, '2026-07-01T12:30:15.500Z'],
  [`new Date('2026-07-01').toISOString()`, '2026-07-01T00:00:00.000Z'],
  [`new Date('2026-07-01T12:30+02:00').toISOString()`, '2026-07-01T10:30:00.000Z'],
  [`new Date('2026-07-01 12:30').toISOString()`, '2026-07-01T12:30:00.000Z'],
  [`new Date('2026/7/1').toISOString()`, '2026-07-01T00:00:00.000Z'],
  [`new Date('July 1, 2026 12:30').toISOString()`, '2026-07-01T12:30:00.000Z'],
  [`new Date('Wed Jul 01 2026').toISOString()`, '2026-07-01T00:00:00.000Z'],
  [`new Date('Wed, 01 Jul 2026 12:30:00 GMT').toISOString()`, '2026-07-01T12:30:00.000Z'],
  [`new Date('1 Jul 2026 12:30 -0400').toISOString()`, '2026-07-01T16:30:00.000Z'],
  [`new Date('1 Jul 2026 12:30 PM EST').toISOString()`, '2026-07-01T17:30:00.000Z'],
  [`new Date(String(new Date(5000))).getTime()`, 5000],
  [`Date.parse('2026-07-01T00:00')`, Date.UTC(2026, 6, 1)],
  [`Number.isNaN(Date.parse('no date'))`, true],
  ['new Date(new Date(7)).getTime()', 7],
  ['new Date({ valueOf: () => 7 }).getTime()', 7],
  ['Number.isNaN(new Date(undefined).getTime())', true],
  ['new Date().getHours()', 9],
  ['new Date().getDay()', 2],
  ['new Date().getTimezoneOffset()', 0],
  ['{ const d = new Date(); d.setHours(1, 2); d.toISOString(); }', '2026-03-10T01:02:00.000Z'],
  ['String(new Date())', 'Tue Mar 10 2026 09:00:00 GMT+0000 (Coordinated Universal Time)'],
  ['Date()', 'Tue Mar 10 2026 09:00:00 GMT+0000 (Coordinated Universal Time)'],
  ['`${new Date(NaN)}`', 'Invalid Date'],
  ['new Date().toDateString()', 'Tue Mar 10 2026'],
  ['new Date().toTimeString()', '09:00:00 GMT+0000 (Coordinated Universal Time)'],
  ['new Date().toLocaleDateString()', '3/10/2026'],
  [`new Date().toLocaleTimeString([], { timeStyle: 'short' }).replace(/\\s/, ' ')`, '9:00 AM'],
  [`new Date().toLocaleString('de', { dateStyle: 'long' })`, '10. März 2026'],
  [`new Date().toLocaleTimeString('de', { timeZone: 'Europe/Berlin' })`, '10:00:00'],
  ['new Intl.DateTimeFormat().resolvedOptions().timeZone', 'UTC'],
  ['Intl.DateTimeFormat().resolvedOptions().locale', 'en-US'],
  [`new Intl.DateTimeFormat('xx').resolvedOptions().locale`, 'en-US'],
  ['new Intl.DateTimeFormat() instanceof Intl.DateTimeFormat', true],
  [`Intl.NumberFormat.supportedLocalesOf('de').length`, 1],
  ['new Intl.NumberFormat().resolvedOptions().locale', 'en-US'],
  ['(1234.5).toLocaleString()', '1,234.5'],
  ['[1234.5].toLocaleString()', '1,234.5'],
  ['1234n.toLocaleString()', '1,234'],
  [`'I'.toLocaleLowerCase()`, 'i'],
  [`'a'.localeCompare('B')`, -1],
  ['new Date(0) instanceof Date && new Date(0).constructor === Date', true],
  ['(class Later extends Date {}).name + new (class extends Date {})(3).getTime()', 'Later3'],
  ['performance.timeOrigin', NOW],
];

describe('what could differ between machines', () => {
  it.each(['America/New_York', 'Asia/Kathmandu', 'Pacific/Apia'])(
    '[RT-10] is the same in %s as in UTC',
    (timezone) => {
      const { valueOf } = scopeAt(timezone);
      expect(new Date(NOW).getTimezoneOffset()).not.toBe(0);
      const answers = ANSWERS.map(([expression]) => [expression, valueOf(expression)]);
      expect(answers).toEqual(ANSWERS);
    },
  );

  it('[RT-10] chance and random bytes follow the seed, and another seed gives others', () => {
    const drawn = (seed: string) =>
      scopeAt('UTC', seed).valueOf(
        'JSON.stringify([Math.random(), [...crypto.getRandomValues(new Uint8Array(4))], crypto.randomUUID()])',
      );
    expect(drawn('a')).toBe(drawn('a'));
    expect(drawn('a')).not.toBe(drawn('b'));
    expect(drawn('a')).toMatch(/"[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}"/);
  });

  it('[RT-10] performance.now counts from the beginning of a call, through its evaluation', () => {
    const { world, valueOf, wait } = scopeAt('UTC');
    expect(valueOf('performance.now()')).toBe(0);
    wait(5);
    world.reseed();
    expect(valueOf('performance.now()')).toBe(5);
    world.follow({ now: NOW, seed: 'next' });
    expect(valueOf('performance.now()')).toBe(0);
  });
});
