import { describe, expect, it } from 'vitest';
import { fromTaggedJson, toTaggedJson } from '../../src/export/tagged-json.ts';

describe('values as JSON (EXP-9)', () => {
  it('[EXP-9] plain data is plain JSON', () => {
    expect(toTaggedJson({ a: [1, 'x', null, true] })).toBe('{"a":[1,"x",null,true]}');
  });

  it('[EXP-9] what JSON has no word for comes back as it was', () => {
    const value = {
      day: new Date(0),
      never: new Date(NaN),
      counts: new Map<unknown, unknown>([[{ id: 1 }, new Set(['a', undefined])]]),
      big: 2n ** 70n,
      odd: [NaN, Infinity, -Infinity, -0],
      pattern: /a+/gi,
      bytes: new Uint8Array([1, 2, 255]),
      floats: new Float32Array([0.5]),
      buffer: new Uint8Array([7]).buffer,
      $js: 'Date',
      inner: { $js: { $js: 1 } },
    };
    expect(fromTaggedJson(toTaggedJson(value))).toEqual(value);
  });

  it('[EXP-9] an error keeps its name and message', () => {
    const back = fromTaggedJson(toTaggedJson(new TypeError('no')));
    expect(back).toMatchObject({ name: 'TypeError', message: 'no' });
  });

  it('[EXP-9] a value that holds itself is refused; one that is held twice is not', () => {
    const shared = { a: 1 };
    expect(fromTaggedJson(toTaggedJson([shared, shared]))).toEqual([shared, shared]);
    const ring: unknown[] = [];
    ring.push(ring);
    expect(() => toTaggedJson(ring)).toThrow(/holds itself/);
  });
});
