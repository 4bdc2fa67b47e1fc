import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluateSelection } from '../../../src/partitions/selection/evaluate-selection.ts';
import { formatSelection } from '../../../src/partitions/selection/format-selection.ts';
import { subsetOf } from '../../../src/partitions/subset/subset-algebra.ts';
import { customers, days, grid, indexOf, problemsIn, scopeOf, selected } from './scopes.ts';

describe('texts that select partitions (SEL)', () => {
  it('[SEL-1] keys are parted by commas, in any order; empty items say nothing', () => {
    expect(selected('2024-01-03 ,2024-01-01,, ')).toEqual(['2024-01-01', '2024-01-03']);
    expect(selected('')).toEqual([]);
  });

  it('[SEL-2] a range has both its ends', () => {
    expect(selected('[2024-01-30...2024-02-02]')).toEqual([
      '2024-01-30',
      '2024-01-31',
      '2024-02-01',
      '2024-02-02',
    ]);
    expect(selected('[red|2024-02-01...yellow|2024-02-02]', grid)).toEqual([
      'red|2024-02-01',
      'red|2024-02-02',
      'yellow|2024-02-01',
      'yellow|2024-02-02',
    ]);
  });

  it('[SEL-3] one star stands for anything', () => {
    expect(selected('2024-02-*')).toHaveLength(29);
    expect(selected('*-15')).toEqual(['2024-01-15', '2024-02-15']);
    expect(problemsIn('a*b*')).toEqual([
      { from: 0, to: 4, message: 'Only one * is allowed in a key.' },
    ]);
    expect(problemsIn('zz*')[0]?.message).toBe('No key matches zz*.');
  });

  it('[SEL-4] quotes keep signs from meaning anything', () => {
    expect(selected('"x, y", "[z]", "say \\"hi\\"", "st*r"', customers)).toEqual([
      'x, y',
      '[z]',
      'say "hi"',
      'st*r',
    ]);
    expect(problemsIn('"open')[0]?.message).toBe('This quote is not closed.');
  });

  it('[SEL-5] a word has its meaning, even where a key is called the same; in quotes it is a key', () => {
    expect(selected('all', customers)).toHaveLength(customers.count);
    expect(selected('"all"', customers)).toEqual(['all']);
  });

  it('[SEL-6] a problem names the key, where it stands, and the nearest one', () => {
    expect(problemsIn('customer_a, customer_d')).toEqual([
      {
        from: 12,
        to: 22,
        message: 'customer_d is not a key. Did you mean customer_c?',
        nearest: 'customer_c',
      },
    ]);
    expect(problemsIn('[customer_a...customer_x]')).toEqual([
      {
        from: 14,
        to: 24,
        message: 'customer_x is not a key. Did you mean customer_c?',
        nearest: 'customer_c',
      },
    ]);
    expect(problemsIn('2024-03-01', days)[0]?.message).toBe(
      '2024-03-01 does not exist yet: it opens Sat 2 Mar 2024, 00:00 UTC, when its window ends. The last key is 2024-02-29.',
    );
    expect(problemsIn('2023-12-31', days)[0]?.message).toBe(
      '2023-12-31 is before the first key, 2024-01-01.',
    );
    expect(problemsIn('2024-1-5', days)[0]?.message).toBe(
      '2024-1-5 is not a key. Did you mean 2024-01-05?',
    );
    expect(problemsIn('m', days)[0]?.message).toBe('m is not a key. Keys look like 2024-02-29.');
    expect(problemsIn('rad|2024-02-01', grid)[0]?.message).toBe(
      'rad is not a key. Did you mean red?',
    );
    expect(problemsIn('red', grid)[0]?.message).toContain('red|2024-02-01');
    expect(problemsIn('[customer_c...customer_a]')[0]?.message).toBe(
      'This range is empty: customer_a comes before customer_c.',
    );
    expect(problemsIn('[customer_a')[0]?.message).toBe('A range ends with "]", as in [a...b].');
    expect(problemsIn('customer_a...customer_c')[0]?.message).toBe(
      'Write a range in brackets: [customer_a...customer_c].',
    );
  });

  it('[SEL-7] a subset is written so that it reads back', () => {
    expect(formatSelection([0, 1, 4, 6, 10, 60], days)).toBe(
      '2024-01-01, 2024-01-05, 2024-01-06, [2024-01-11...2024-02-29]',
    );
    fc.assert(
      fc.property(
        fc.constantFrom(customers, days, grid),
        fc.array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), { maxLength: 40 }),
        (index, places) => {
          const subset = subsetOf(places.map((place) => Math.floor(place * index.count)));
          const read = evaluateSelection(formatSelection(subset, index), scopeOf(index));
          expect(read).toMatchObject({ subset, problems: [] });
        },
      ),
      { seed: 5, numRuns: 200 },
    );
  });

  it('[SEL-6] says so where there are no partitions', () => {
    const none = indexOf({ kind: 'dynamic', name: 'images' });
    expect(problemsIn('a', none)[0]?.message).toBe(
      'a is not a key: none has been added to images yet.',
    );
  });
});
