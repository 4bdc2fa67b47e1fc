import { describe, expect, it } from 'vitest';
import type { MultiPartitionsDefinition } from '../../src/partitions/definition/partitions-definition.ts';
import { timeDimensionOf } from '../../src/partitions/definition/multi.ts';
import { indexPartitions } from '../../src/partitions/index-partitions.ts';
import { keysInRange, pageOfKeys } from '../../src/partitions/keys-in-range.ts';
import {
  contextOf,
  definitionOf,
  errorKind,
  isErrorAnswer,
  pack,
  readVectors,
  type ErrorAnswer,
  type PackedKeys,
  type WrittenDefinition,
} from './vectors.ts';

interface RangesCase {
  readonly id: string;
  readonly marks?: readonly string[];
  readonly definition: WrittenDefinition;
  readonly now?: string;
  readonly dynamic?: Readonly<Record<string, readonly string[]>>;
  readonly expect: PackedKeys | ErrorAnswer;
  readonly first: string | null;
  readonly last: string | null;
  readonly numPartitions: number;
  readonly numPartitionsAccident?: boolean;
  readonly ranges?: readonly {
    readonly start: string;
    readonly end: string;
    readonly accident?: boolean;
    readonly expect: PackedKeys | ErrorAnswer;
  }[];
  readonly has?: readonly { readonly key: string; readonly expect: boolean }[];
  readonly dimensionNames?: readonly string[];
  readonly primaryDimension?: string;
  readonly pages?: readonly {
    readonly accident?: boolean;
    readonly limit: number;
    readonly ascending: boolean;
    readonly expect: readonly { readonly keys: readonly string[]; readonly hasMore: boolean }[];
  }[];
}

/**
 * Ours differs, on purpose: an index counts what it lists (Dagster counts keys that it leaves
 * out, MULTI-5), and an `end` within the first window leaves nothing (TW-10q).
 */
const DIFFERENT = ['ks-multi-pipe-fmt', 'ks-r1-095'];

const cases = readVectors<RangesCase>('ranges-static-dynamic-multi').filter(
  ({ id, marks }) =>
    !marks?.includes('accident') && !marks?.includes('python-only') && !DIFFERENT.includes(id),
);

describe('static, dynamic and multi definitions against the vectors', () => {
  it.each(cases)('$rules $id', (one) => {
    if (isErrorAnswer(one.expect)) {
      expect(errorKind(() => definitionOf(one.definition))).toBe(one.expect.error);
      return;
    }
    const definition = definitionOf(one.definition);
    const index = indexPartitions(definition, contextOf(one));
    expect(pack(index.keys())).toEqual(one.expect);
    expect(index.count === 0 ? null : index.keyAt(0)).toBe(one.first);
    expect(index.count === 0 ? null : index.keyAt(index.count - 1)).toBe(one.last);
    if (one.numPartitionsAccident !== true) expect(index.count).toBe(one.numPartitions);
    for (const { start, end, accident, expect: answer } of one.ranges ?? []) {
      if (accident === true) continue;
      const ask = (): PackedKeys => pack(keysInRange(index, { start, end }));
      if (isErrorAnswer(answer)) expect(errorKind(ask), `${start}..${end}`).toBe(answer.error);
      else expect(ask(), `${start}..${end}`).toEqual(answer);
    }
    for (const { key, expect: answer } of one.has ?? []) {
      expect(index.ordinalOf(key) >= 0, key).toBe(answer);
    }
    for (const { accident, limit, ascending, expect: pages } of one.pages ?? []) {
      if (accident === true) continue;
      let cursor: string | null = null;
      for (const page of pages) {
        const answer = pageOfKeys(index, limit, ascending, cursor);
        expect({ keys: answer.keys, hasMore: answer.hasMore }).toEqual(page);
        cursor = answer.cursor;
      }
    }
    if (one.dimensionNames !== undefined) {
      const { dimensions } = definition as MultiPartitionsDefinition;
      expect(dimensions.map(({ name }) => name)).toEqual(one.dimensionNames);
      const primary = timeDimensionOf(definition as MultiPartitionsDefinition) ?? dimensions[0];
      expect(primary?.name).toBe(one.primaryDimension);
    }
  });
});
