import { DateTime, Duration, Interval } from 'luxon';
import { describe, expect, it } from 'vitest';
import { decodeValue, encodeValue, measureValue } from '../../src/protocol/stored-value.ts';
import { LibraryShelf } from '../../src/sdk/libraries.ts';
import { MultiPartitionKey } from '../../src/sdk/partitions-definitions.ts';
import { valueCodec } from '../../src/sdk/value-codec.ts';
import * as luxon from 'luxon';

const codec = valueCodec(new LibraryShelf({ luxon }));

/** What a value is after it has been stored and loaded. */
function stored(value: unknown): unknown {
  return decodeValue(structuredClone(encodeValue(value, codec).value), codec);
}

const refusal = (value: unknown) => () => encodeValue(value, codec);

describe('stored values', () => {
  it('[SDK-11] plain data, maps, sets, dates, bytes and cycles stay as they are', () => {
    const shared = { a: 1 };
    const value: Record<string, unknown> = {
      text: 'x',
      big: 12n,
      nothing: null,
      missing: undefined,
      map: new Map<unknown, unknown>([[shared, [shared]]]),
      set: new Set([1, 'a']),
      at: new Date(5),
      bytes: new Uint8Array([1, 2]),
    };
    value['self'] = value;
    const back = stored(value) as typeof value;
    expect(back).toEqual(value);
    expect(back['self']).toBe(back);
  });

  it('[SDK-11] dates, durations, intervals and multi keys come back as themselves', () => {
    const at = DateTime.fromISO('2024-03-10T12:00', { zone: 'America/New_York' });
    const value = {
      at,
      list: [Duration.fromObject({ hours: 2, minutes: 1 })],
      interval: Interval.fromDateTimes(at, at.plus({ days: 1 })),
      key: new MultiPartitionKey({ color: 'red', date: '2024-01-01' }),
    };
    const back = stored(value) as typeof value;
    expect(back.at.equals(at)).toBe(true);
    expect(back.list[0]?.toISO()).toBe('PT2H1M');
    expect(back.interval.equals(value.interval)).toBe(true);
    expect(String(back.key)).toBe('red|2024-01-01');
  });

  it('[SDK-11] an object that looks like a tag is still that object', () => {
    const value = { $partita: 'DateTime', at: 1, inner: { $partita: 'escaped' } };
    expect(stored(value)).toEqual(value);
    expect(stored([value, DateTime.utc(2024)])).toMatchObject([value, {}]);
  });

  it('[RT-3] a key called __proto__ is an own key, and stays one', () => {
    const value = JSON.parse('{"__proto__": {"polluted": true}, "$partita": 1}') as object;
    const back = stored({ value, at: DateTime.utc(2024) }) as { readonly value: object };
    expect(Object.keys(back.value)).toEqual(['__proto__', '$partita']);
    expect('polluted' in back.value).toBe(false);
  });

  it('[SDK-11] what cannot be kept is refused with its place', () => {
    class Socket {}
    expect(refusal({ rows: [1, 2, 3, { client: new Socket() }] })).toThrow(
      /^value\.rows\[3\]\.client is a Socket, which cannot be stored/,
    );
    expect(refusal([() => 1])).toThrow('value[0] is a function');
    expect(refusal({ 'a b': Symbol('x') })).toThrow('value["a b"] is a symbol');
    expect(refusal({ later: Promise.resolve(1) })).toThrow('value.later is a promise: await it');
    expect(refusal(new Map([['k', new Socket()]]))).toThrow('value.get("k") is a Socket');
    expect(refusal(new WeakMap())).toThrow('value is a WeakMap');
  });

  it('[RT-8] too much is refused, by the guest and by us', () => {
    const wide = 'x'.repeat(34 * 1024 * 1024);
    expect(refusal(wide)).toThrow('more than 64 MB');
    expect(() => measureValue([new Uint8Array(70 * 1024 * 1024)])).toThrow('more than 64 MB');
    expect(() => measureValue(new Array(1e9))).toThrow('more than 64 MB');
    let deep: unknown = null;
    for (let i = 0; i < 5000; i++) deep = [deep];
    expect(() => measureValue(deep)).toThrow('levels deep');
  });
});
