import { describe, expect, it } from 'vitest';
import { excerptOf } from '../../src/protocol/value-excerpt.ts';

describe('an excerpt of a value', () => {
  it('of a small value is the value', () => {
    const small = [
      { a: 1, b: null, c: undefined, d: 1n },
      new Map([[{ key: 1 }, 'x']]),
      new Set([1]),
      new Date(0),
      new Uint8Array(8),
      { $partita: 'Duration', values: { hours: 1 } },
      { $partita: 'escaped', value: { $partita: 'excerpt', mine: true } },
    ];
    expect(excerptOf(small)).toEqual(small);
    expect(excerptOf('text')).toBe('text');
  });

  it('has the first of many, and how many there are', () => {
    const rows = Array.from({ length: 100_000 }, (_, row) => ({ row }));
    expect(excerptOf(rows)).toEqual({
      $partita: 'excerpt',
      of: 'list',
      total: 100_000,
      value: rows.slice(0, 500),
    });
    expect(excerptOf({ rows })).toMatchObject({ rows: { of: 'list', total: 100_000 } });
    expect(excerptOf(new Map(rows.map(({ row }) => [row, row])))).toMatchObject({
      of: 'map',
      total: 100_000,
    });
    expect(excerptOf(new Set(rows))).toMatchObject({ of: 'set', total: 100_000 });
    expect(excerptOf(Object.fromEntries(rows.map(({ row }) => [`r${row}`, 0])))).toMatchObject({
      of: 'fields',
      total: 100_000,
    });
    expect(excerptOf('x'.repeat(1_000_000))).toEqual({
      $partita: 'excerpt',
      of: 'text',
      total: 1_000_000,
      value: 'x'.repeat(2000),
    });
    expect(excerptOf(new Float64Array(100_000))).toEqual({
      $partita: 'excerpt',
      of: 'bytes',
      total: 800_000,
      value: null,
    });
  });

  it('stays small however the value is nested, and ends on a cycle', () => {
    const wide = (depth: number): unknown =>
      depth === 0 ? 'x'.repeat(100) : Array.from({ length: 60 }, () => wide(depth - 1));
    expect(JSON.stringify(excerptOf(wide(3))).length).toBeLessThan(4_000_000);
    let deep: unknown = 'end';
    for (let level = 0; level < 900; level += 1) deep = [deep];
    expect(JSON.stringify(excerptOf(deep)).length).toBeLessThan(1000);
    const cycle: unknown[] = [];
    cycle.push(cycle, cycle);
    expect(() => excerptOf(cycle)).not.toThrow();
  });

  it('an object with the key of the tag is cut like any other', () => {
    const fields = Object.fromEntries(Array.from({ length: 600 }, (_, n) => [`f${n}`, n]));
    const wrapped = { $partita: 'escaped', value: { $partita: 'mine', ...fields } };
    expect(excerptOf(wrapped)).toMatchObject({
      of: 'fields',
      total: 601,
      value: { $partita: 'mine' },
    });
  });
});
