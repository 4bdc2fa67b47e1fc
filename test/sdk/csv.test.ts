import { describe, expect, it } from 'vitest';
import { copyRows, formatCsv, parseCsv } from '../../src/sdk/csv.ts';

const rows = (text: string, types: Readonly<Record<string, 'text' | 'number'>> = {}) =>
  copyRows(parseCsv(text, 'a.csv', new Map(Object.entries(types))));

describe('CSV', () => {
  it('[SDK-13] a column of numbers gives numbers, an empty field null', () => {
    expect(rows('a,b,c,d\n1,x,,007\n-2.5e3,2,3,12\n')).toEqual([
      { a: 1, b: 'x', c: null, d: '007' },
      { a: -2500, b: '2', c: 3, d: '12' },
    ]);
    expect(rows('a\n1\n', { a: 'text' })).toEqual([{ a: '1' }]);
    expect(() => rows('a\n1\nx\n', { a: 'number' })).toThrow(
      'a.csv, row 2: a is "x", not a number',
    );
  });

  it('[SDK-13] quotes, commas and line ends within quotes, CRLF, a mark at the beginning', () => {
    expect(rows('\uFEFFa,b\r\n"x, ""y""","1\n2"\r\n"",z')).toEqual([
      { a: 'x, "y"', b: '1\n2' },
      { a: '', b: 'z' },
    ]);
    expect(rows('')).toEqual([]);
    expect(rows('a,b\n')).toEqual([]);
    expect(rows('a,b\n1,2\n\n3,4')).toHaveLength(2);
  });

  it('[SDK-13] what is wrong is told with its line', () => {
    expect(() => rows('a,b\n1,2\n1,2,3\n')).toThrow(
      'a.csv, line 3: 3 fields where there are 2 columns (a, b)',
    );
    expect(() => rows('a,b\n"1\n2",3\n4\n')).toThrow('line 4: 1 field where');
    expect(() => rows('a\n"x')).toThrow('line 2: a quote is not closed');
    expect(() => rows('a\n"x"y')).toThrow('after a closing quote stands "y"');
    expect(() => rows('a,a\n')).toThrow('two columns are called "a"');
    expect(() => rows('a,,b\n')).toThrow('column 2 has no name');
  });

  it('[RT-3] a column called __proto__ is a column', () => {
    const [row] = rows('__proto__,a\n1,2\n');
    expect(Object.entries(row ?? {})).toEqual([
      ['__proto__', 1],
      ['a', 2],
    ]);
  });

  it('[SDK-13] what is written is read again', () => {
    const table = [
      { n: 1, text: 'a "b", c\nd', none: null },
      { n: 2.5, text: 'x', none: null },
    ];
    expect(rows(formatCsv(table))).toEqual(table);
    expect(() => formatCsv([{ a: 1 }, { b: 2 }])).toThrow('Row 2 has a column "b"');
  });
});
