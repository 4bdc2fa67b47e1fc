import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  complement,
  contains,
  countOf,
  intersect,
  ordinalAt,
  ordinalsOf,
  slice,
  subsetOf,
  subtract,
  union,
  unionAll,
} from '../../src/partitions/subset/subset-algebra.ts';

describe('the algebra of subsets (SUB)', () => {
  const someOrdinals = fc.uniqueArray(fc.integer({ min: 0, max: 40 }), { maxLength: 30 });

  it('[SUB-1] equals that of sets', () => {
    fc.assert(
      fc.property(someOrdinals, someOrdinals, (a, b) => {
        const [inA, inB] = [new Set(a), new Set(b)];
        const all = Array.from({ length: 41 }, (_, ordinal) => ordinal);
        const [left, right] = [subsetOf(a), subsetOf(b)];
        const expectSame = (subset: readonly number[], members: readonly number[]): void => {
          expect([...ordinalsOf(subset)]).toEqual(members);
          expect(subset).toEqual(subsetOf(members));
        };
        expectSame(
          union(left, right),
          all.filter((one) => inA.has(one) || inB.has(one)),
        );
        expectSame(
          intersect(left, right),
          all.filter((one) => inA.has(one) && inB.has(one)),
        );
        expectSame(
          subtract(left, right),
          all.filter((one) => inA.has(one) && !inB.has(one)),
        );
        expectSame(
          complement(left, 41),
          all.filter((one) => !inA.has(one)),
        );
        expectSame(
          slice(left, 7, 30),
          all.filter((one) => inA.has(one) && one >= 7 && one < 30),
        );
        expectSame(
          unionAll(a.map((one) => [one, one + 1])),
          all.filter((one) => inA.has(one)),
        );
        expect(countOf(left)).toBe(inA.size);
        expect(all.map((one) => contains(left, one))).toEqual(all.map((one) => inA.has(one)));
        expect(ordinalAt(left, 3)).toBe(all.filter((one) => inA.has(one))[3] ?? -1);
      }),
      { seed: 4, numRuns: 300 },
    );
  });
});
