import { describe, expect, it } from 'vitest';
import { fuzzyMatch } from '../../../src/ui/palette/fuzzy.ts';

/** The texts that match, best first. */
function ranked(typed: string, ...texts: readonly string[]): readonly string[] {
  return texts
    .flatMap((text) => {
      const match = fuzzyMatch(text, typed);
      return match ? [{ text, score: match.score }] : [];
    })
    .sort((a, b) => b.score - a.score)
    .map(({ text }) => text);
}

describe('what is meant by what was typed', () => {
  it('letters in order match, others do not', () => {
    expect(fuzzyMatch('Materialize orders', 'mtor')).not.toBeNull();
    expect(fuzzyMatch('Materialize orders', 'rom')).toBeNull();
    expect(fuzzyMatch('Materialize orders', '')?.places).toEqual([]);
  });

  it('every word must match, in any order', () => {
    expect(fuzzyMatch('Materialize daily_mean', 'mean mat')).not.toBeNull();
    expect(fuzzyMatch('Materialize daily_mean', 'mean theme')).toBeNull();
  });

  it('beginnings of words are meant, letters here and there are not', () => {
    expect(ranked('dm', 'random', 'daily_mean')).toEqual(['daily_mean']);
    expect(ranked('run', 'Clear runs', 'prune')).toEqual(['Clear runs', 'prune']);
    expect(ranked('orders', 'customer_orders', 'or derails')[0]).toBe('customer_orders');
  });

  it('the whole word goes before its beginning, and the shorter text before the longer', () => {
    expect(ranked('share', 'shareholders', 'Share')[0]).toBe('Share');
    expect(ranked('show', 'Show mappings', 'Show runs')[0]).toBe('Show runs');
  });

  it('tells which letters were meant', () => {
    expect(fuzzyMatch('daily_mean', 'dm')?.places).toEqual([0, 6]);
  });
});
