import { describe, expect, it } from 'vitest';
import { differenceOf } from '../../src/ui/values/value-difference.ts';

describe('the difference between two values', () => {
  it('matches rows by the column that tells them apart', () => {
    const before = [
      { id: 1, amount: 10 },
      { id: 2, amount: 20 },
      { id: 3, amount: 30 },
    ];
    const after = [
      { id: 3, amount: 30 },
      { id: 2, amount: 25 },
      { id: 4, amount: 40 },
    ];
    const difference = differenceOf(before, after);
    expect(difference).toMatchObject({ kind: 'rows', keyColumn: 'id', same: 1 });
    if (difference.kind !== 'rows') return;
    expect(difference.rows.map(({ kind }) => kind)).toEqual(['changed', 'added', 'removed']);
    expect(difference.rows[0]).toMatchObject({
      before: { amount: 20 },
      after: { amount: 25 },
      changed: new Set(['amount']),
    });
  });

  it('matches rows that nothing tells apart by all that is in them, each once', () => {
    const row = { colour: 'red' };
    const difference = differenceOf([row, row, { colour: 'blue' }], [row, { colour: 'green' }]);
    expect(difference).toMatchObject({ kind: 'rows', keyColumn: null, same: 1 });
    if (difference.kind !== 'rows') return;
    expect(difference.rows.map(({ kind }) => kind).sort()).toEqual(['added', 'removed', 'removed']);
  });

  it('names the parts of trees that were added, removed or changed', () => {
    const before = { total: 3, by: { red: 1, blue: 2 }, gone: true };
    const after = { total: 4, by: { red: 1, green: 3 }, more: [1] };
    const difference = differenceOf(before, after);
    if (difference.kind !== 'tree') throw new Error('These are no tables.');
    expect(difference.same).toBe(1);
    expect(difference.entries.map(({ kind, path }) => `${kind} ${path.join('.')}`)).toEqual([
      'changed total',
      'added by.green',
      'removed by.blue',
      'added more',
      'removed gone',
    ]);
  });

  it('finds none between equal values', () => {
    for (const value of [null, 1, 'text', [{ a: 1 }], { a: [1, { b: 2 }] }]) {
      const difference = differenceOf(value, structuredClone(value));
      expect(difference.kind === 'rows' ? difference.rows : difference.entries).toEqual([]);
    }
  });
});
