import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeStaticPartitionsDefinition } from '../../../src/partitions/definition/static.ts';
import { indexPartitions } from '../../../src/partitions/index-partitions.ts';
import { ordinalsOf, subsetOf } from '../../../src/partitions/subset/subset-algebra.ts';
import {
  countListed,
  listedBetween,
  placeOfListed,
  type ListedKeys,
} from '../../../src/ui/partitions/listed-keys.ts';
import { subsetOfStatus } from '../../../src/ui/partitions/status-subset.ts';
import { tallyStatuses, type ShownStatuses } from '../../../src/ui/partitions/status-tally.ts';
import { WORST_FIRST } from '../../../src/ui/partitions/shown-status.ts';

const SIZE = 40;
const definition = makeStaticPartitionsDefinition(
  Array.from({ length: SIZE }, (_, at) => `key_${String(at).padStart(2, '0')}`),
);
const index = indexPartitions(definition, { effectiveAt: 0, dynamicPartitions: new Map() });

const subset = fc
  .array(fc.nat({ max: SIZE - 1 }), { minLength: 1, maxLength: 25 })
  .map((all) => subsetOf(new Set(all)));
const parts = fc.array(subset, { minLength: 1, maxLength: 3 }).map((all) =>
  all.map((one, at): ListedKeys => ({
    assetKey: `asset_${at}`,
    partitioned: true,
    index,
    subset: one,
  })),
);

describe('a list of keys', () => {
  it('shows at each place what the whole list has there, in both orders', () => {
    fc.assert(
      fc.property(parts, fc.boolean(), fc.nat(60), fc.nat(30), (all, newestFirst, from, size) => {
        const whole = all.flatMap(({ assetKey, subset: own }) => {
          const ordinals = [...ordinalsOf(own)];
          if (newestFirst) ordinals.reverse();
          return ordinals.map((ordinal) => ({
            assetKey,
            ordinal,
            partitionKey: index.keyAt(ordinal),
          }));
        });
        expect(countListed(all)).toBe(whole.length);
        const shown = listedBetween(all, from, from + size, newestFirst);
        expect(shown).toEqual(whole.slice(from, from + size));
        whole.forEach(({ assetKey, ordinal }, place) => {
          expect(placeOfListed(all, assetKey, ordinal, newestFirst)).toBe(place);
        });
      }),
    );
  });

  it('takes of a million keys those that are asked for', () => {
    const million: ListedKeys = {
      assetKey: 'readings',
      partitioned: false,
      index,
      subset: [0, 500_000, 500_001, 1_000_001],
    };
    expect(countListed([million])).toBe(1_000_000);
    const [last] = listedBetween([million], 999_999, 1_000_000, false);
    expect(last?.ordinal).toBe(1_000_000);
    expect(placeOfListed([million], 'readings', 500_000, false)).toBe(-1);
  });
});

describe('the keys of a status', () => {
  it('are those that a bar draws with it', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 6 }), { minLength: SIZE, maxLength: SIZE }), (codes) => {
        const of = (...wanted: readonly number[]) =>
          subsetOf(codes.flatMap((code, at) => (wanted.includes(code) ? [at] : [])));
        const statuses: ShownStatuses = {
          materialized: of(1, 6),
          materializing: of(2),
          queued: of(3),
          failed: of(4),
          notTried: of(5),
          stale: of(6),
        };
        const tally = tallyStatuses(statuses, SIZE);
        for (const status of WORST_FIRST) {
          const expected = codes.flatMap((_, at) => (tally.statusAt(at) === status ? [at] : []));
          expect([...ordinalsOf(subsetOfStatus(statuses, status, SIZE))]).toEqual(expected);
        }
      }),
    );
  });
});
