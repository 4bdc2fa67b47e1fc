import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PartitionsSubset } from '../../../src/partitions/subset/partitions-subset.ts';
import type { ShownStatus } from '../../../src/ui/partitions/shown-status.ts';
import { tallyStatuses } from '../../../src/ui/partitions/status-tally.ts';

/** The spans of the ordinals at which `letters` has `letter`. */
function spansOf(letters: readonly string[], letter: string): PartitionsSubset {
  const spans: number[] = [];
  letters.forEach((found, ordinal) => {
    if (found !== letter) return;
    if (spans.at(-1) === ordinal) spans[spans.length - 1] = ordinal + 1;
    else spans.push(ordinal, ordinal + 1);
  });
  return spans;
}

const WORDS: Record<string, ShownStatus> = {
  o: 'materialized',
  r: 'materializing',
  q: 'queued',
  f: 'failed',
  n: 'not tried',
  '.': 'missing',
};

function tallyOfLetters(letters: readonly string[]) {
  return tallyStatuses(
    {
      materialized: spansOf(letters, 'o'),
      materializing: spansOf(letters, 'r'),
      queued: spansOf(letters, 'q'),
      failed: spansOf(letters, 'f'),
      notTried: spansOf(letters, 'n'),
    },
    letters.length,
  );
}

describe('the tally of an asset’s keys', () => {
  it('counts as a list of the keys would, over any span', () => {
    const someKeys = fc.array(fc.constantFrom(...Object.keys(WORDS)), { maxLength: 60 });
    fc.assert(
      fc.property(someKeys, fc.nat(70), fc.nat(70), (letters, a, b) => {
        const [from, to] = [Math.min(a, b), Math.max(a, b)];
        const tally = tallyOfLetters(letters);
        for (const [letter, word] of Object.entries(WORDS)) {
          const expected = letters.slice(from, to).filter((found) => found === letter).length;
          expect(tally.countIn(word, Math.min(from, letters.length), to)).toBe(expected);
        }
      }),
      { seed: 7 },
    );
  });

  it('counts many stretches as it does each, apart or overlapping', () => {
    const someKeys = fc.array(fc.constantFrom(...Object.keys(WORDS)), { maxLength: 60 });
    const somePlaces = fc.array(fc.nat(70), { maxLength: 20 });
    fc.assert(
      fc.property(someKeys, somePlaces, fc.nat(3), (letters, places, overlap) => {
        const tally = tallyOfLetters(letters);
        const bounds = Float64Array.from(places).sort();
        const stretches = [...bounds.slice(1)].flatMap((end, at) => [
          bounds[at] ?? 0,
          end + overlap,
        ]);
        for (const status of ['failed', 'materialized', 'queued'] as const) {
          const each = tally.countInEach(status, Float64Array.from(stretches));
          expect([...each]).toEqual(
            [...each.keys()].map((at) =>
              tally.countIn(status, stretches[at * 2] ?? 0, stretches[at * 2 + 1] ?? 0),
            ),
          );
        }
      }),
      { seed: 7 },
    );
  });

  it('counts thousands of stretches as a list of their keys would', () => {
    const manyKeys = fc.array(fc.constantFrom('o', 'f', '.'), {
      minLength: 6_000,
      maxLength: 6_000,
      size: 'max',
    });
    const somePlaces = fc.array(fc.nat(6_100), { minLength: 2, maxLength: 40 });
    fc.assert(
      fc.property(manyKeys, somePlaces, (letters, places) => {
        const tally = tallyOfLetters(letters);
        const bounds = Float64Array.from(places).sort();
        const stretches = [...bounds.slice(1)].flatMap((end, at) => [bounds[at] ?? 0, end]);
        for (const [letter, status] of [
          ['o', 'materialized'],
          ['f', 'failed'],
        ] as const) {
          const each = tally.countInEach(status, Float64Array.from(stretches));
          expect([...each]).toEqual(
            [...each.keys()].map(
              (at) =>
                letters
                  .slice(stretches[at * 2], stretches[at * 2 + 1])
                  .filter((found) => found === letter).length,
            ),
          );
        }
      }),
      { seed: 7, numRuns: 20 },
    );
  });

  it('names the status of each key, and of keys that do not exist yet', () => {
    const letters = [...'oofr.qn'];
    const tally = tallyOfLetters(letters);
    expect(letters.map((_, ordinal) => tally.statusAt(ordinal))).toEqual(
      letters.map((letter) => WORDS[letter]),
    );
    expect(tally.statusAt(7)).toBe('not yet existing');
    expect(tally.countIn('not yet existing', 5, 10)).toBe(3);
  });

  it('finds the next key of a status', () => {
    const tally = tallyOfLetters([...'offo.f']);
    expect([0, 1, 2, 3, 5, 6].map((ordinal) => tally.firstFrom('failed', ordinal))).toEqual([
      1, 1, 2, 5, 5, -1,
    ]);
    expect([0, 1, 2, 3, 5, 6].map((ordinal) => tally.lastBefore('failed', ordinal))).toEqual([
      -1, -1, 1, 2, 2, 5,
    ]);
  });

  it('takes stale keys out of the materialized', () => {
    const tally = tallyStatuses(
      {
        materialized: [0, 4],
        stale: [1, 2],
        materializing: [],
        queued: [],
        failed: [],
        notTried: [],
      },
      5,
    );
    expect(tally.countIn('materialized', 0, 5)).toBe(3);
    expect(tally.countIn('stale', 0, 5)).toBe(1);
    expect(tally.countIn('missing', 0, 5)).toBe(1);
    expect(tally.statusAt(1)).toBe('stale');
    expect(tally.present).toEqual(['missing', 'stale', 'materialized']);
  });
});
