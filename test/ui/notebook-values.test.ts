import { describe, expect, it } from 'vitest';
import { describeValue, formatCell, type ShownColumn } from '../../src/ui/values/describe-value.ts';

describe('preview of a value', () => {
  it('records are rows, with numbers of a column at one number of decimals', () => {
    const shown = describeValue([
      { order_id: 'a-1', amount: 150, note: null },
      { order_id: 'a-2', amount: 89.99 },
    ]);
    expect(shown).toMatchObject({
      kind: 'rows',
      columns: [
        { name: 'order_id', isNumeric: false, decimals: null },
        { name: 'amount', isNumeric: true, decimals: 2 },
        { name: 'note', isNumeric: false, decimals: null },
      ],
    });
    if (shown.kind !== 'rows') return;
    const amount = shown.columns[1] as ShownColumn;
    expect(formatCell(150, amount)).toBe('150.00');
    expect(formatCell(null, amount)).toBe('');
    expect(formatCell({ a: 1 }, amount)).toBe('1 field');
  });

  it('lists of anything else, objects, maps and sets are entries', () => {
    expect(describeValue([1, 2])).toMatchObject({ kind: 'entries', summary: '2 items' });
    expect(describeValue({ a: 1 })).toMatchObject({ kind: 'entries', entries: [['a', 1]] });
    expect(describeValue(new Map([['a', 1]]))).toMatchObject({ summary: 'Map of 1 entry' });
    expect(describeValue([])).toMatchObject({ kind: 'entries', summary: '0 items' });
  });

  it('classes that survive storage are told in words', () => {
    expect(describeValue({ $partita: 'DateTime', at: 0, zone: 'UTC' })).toEqual({
      kind: 'text',
      text: 'Thu 1 Jan 1970, 00:00 UTC',
      role: 'word',
    });
    expect(describeValue({ $partita: 'Duration', values: { hours: 2 } })).toMatchObject({
      text: '2 hours',
    });
    const keys = [
      ['color', 'red'],
      ['date', '2024-01-01'],
    ];
    expect(describeValue({ $partita: 'MultiPartitionKey', keys })).toMatchObject({
      text: 'red|2024-01-01',
    });
    expect(describeValue({ $partita: 'escaped', value: { $partita: 1 } })).toMatchObject({
      kind: 'entries',
      entries: [['$partita', 1]],
    });
  });

  it('of very many entries the first are shown, and all are counted', () => {
    const shown = describeValue(Array.from({ length: 100_000 }, (_, place) => place));
    expect(shown).toMatchObject({ total: 100_000, summary: '100,000 items' });
    expect(shown.kind === 'entries' && shown.entries.length).toBe(2000);
  });

  it('a long text is cut and says how long it is', () => {
    expect(describeValue('x'.repeat(5000))).toMatchObject({
      text: `${'x'.repeat(400)}… 5,000 characters in all`,
    });
    expect(describeValue(new Float64Array(3))).toMatchObject({ text: 'Float64Array of 3 numbers' });
  });

  it('an excerpt is told with the size of the whole', () => {
    const rows = { $partita: 'excerpt', of: 'list', total: 1461, value: [{ a: 1 }] };
    expect(describeValue(rows)).toMatchObject({ kind: 'rows', total: 1461, rows: [{ a: 1 }] });
    expect(describeValue({ $partita: 'excerpt', of: 'map', total: 9, value: new Map() })).toEqual({
      kind: 'entries',
      entries: [],
      total: 9,
      summary: 'Map of 9 entries',
    });
    expect(
      describeValue({ $partita: 'excerpt', of: 'text', total: 5000, value: 'x'.repeat(2000) }),
    ).toMatchObject({ text: `${'x'.repeat(400)}… 5,000 characters in all` });
    expect(describeValue({ $partita: 'excerpt', of: 'bytes', total: 1, value: null })).toEqual({
      kind: 'text',
      text: '1 byte',
      role: 'word',
    });
  });
});
