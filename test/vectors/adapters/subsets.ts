import type { PartitionKeyRange } from '../../../src/partitions/context.ts';
import { indexPartitions } from '../../../src/partitions/index-partitions.ts';
import type { PartitionIndex } from '../../../src/partitions/partition-index.ts';
import {
  addKeys,
  equalPortable,
  intersectPortable,
  isEmptyPortable,
  keysNotInPortable,
  keysOfPortable,
  portableContains,
  portableSubset,
  portableWhole,
  rangesOfPortable,
  subtractPortable,
  unitePortable,
  type PortableSubset,
} from '../../../src/partitions/subset/portable-subset.ts';
import type { PartitionsSubset } from '../../../src/partitions/subset/partitions-subset.ts';
import {
  complement,
  countOf,
  intersect,
  subsetOfSpan,
  subtract,
  union,
} from '../../../src/partitions/subset/subset-algebra.ts';
import { fromKeys, keyRangesOf, keysOf } from '../../../src/partitions/subset/subset-keys.ts';
import { contextOf, definitionOf, pack, type WrittenDefinition } from '../../partitions/vectors.ts';
import { writtenWindow } from '../asked-partitions.ts';
import { answerOf, compared, isErrorAnswer } from '../compare-answers.ts';
import type { ComparedAnswer, VectorAdapter, VectorCase } from '../vector-adapter.ts';

type WrittenSubset = readonly string[] | 'all';

interface SubsetsCase extends VectorCase {
  readonly definition: WrittenDefinition;
  readonly now?: string;
  readonly dynamic?: Readonly<Record<string, readonly string[]>>;
  readonly a: WrittenSubset;
  readonly b?: WrittenSubset;
  readonly keys?: readonly string[];
  readonly op: string;
  readonly expect: Readonly<Record<string, unknown>>;
}

/** An operation on one subset or two. */
export const subsetsAdapter: VectorAdapter = (vectorCase) => {
  const one = vectorCase as SubsetsCase;
  const index = indexPartitions(definitionOf(one.definition), contextOf(one));
  if (isErrorAnswer(one.expect)) {
    return [
      compared(
        one.op,
        one.expect,
        answerOf(() => operate(one, index)),
      ),
    ];
  }
  const result = operate(one, index);
  if (!('subset' in result)) return [compared(one.op, one.expect, result.answer)];
  return [...compareSubset(one, index, result.subset), ...compareByOrdinals(one, index)];
};

type Result = { readonly subset: PortableSubset } | { readonly answer: unknown };

function operate({ a, b, keys, op }: SubsetsCase, index: PartitionIndex): Result {
  const read = (written: WrittenSubset): PortableSubset =>
    written === 'all' ? { kind: 'all' } : portableSubset(index, written);
  const left = read(a);
  switch (op) {
    case 'make':
      return { subset: left };
    case 'union':
      return { subset: unitePortable(index, left, read(b ?? [])) };
    case 'intersect':
      return { subset: intersectPortable(index, left, read(b ?? [])) };
    case 'difference':
      return { subset: subtractPortable(index, left, read(b ?? [])) };
    case 'addKeys':
      return { subset: addKeys(index, left, keys ?? []) };
    case 'allMinus':
      return { subset: subtractPortable(index, portableWhole(index), left) };
    case 'complement':
      return { answer: pack(keysNotInPortable(index, left)) };
    case 'equal':
      return { answer: { equal: equalPortable(left, read(b ?? [])) } };
    case 'contains':
      return {
        answer: {
          contains: Object.fromEntries(
            (keys ?? []).map((key) => [key, portableContains(index, left, key)]),
          ),
        },
      };
    default:
      throw new Error(`There is no operation "${op}".`);
  }
}

function compareSubset(
  { expect }: SubsetsCase,
  index: PartitionIndex,
  subset: PortableSubset,
): readonly ComparedAnswer[] {
  const { length, isEmpty, ranges, rangesAccident, windows, ...keys } = expect;
  const listed = keysOfPortable(index, subset);
  const answers = [compared('keys', keys, pack(listed))];
  if (length !== undefined) answers.push(compared('length', length, listed.length));
  if (isEmpty !== undefined) answers.push(compared('isEmpty', isEmpty, isEmptyPortable(subset)));
  if (windows !== undefined) {
    const actual = subset.kind === 'windows' ? subset.windows.map(writtenWindow) : null;
    answers.push(compared('windows', windows, actual));
  }
  if (ranges !== undefined) {
    const ordered = subset.kind === 'windows';
    const texts = (ranges as readonly (readonly string[])[]).map((ends) => ends.join(' ... '));
    const actual = answerOf(() => rangeTexts(rangesOfPortable(index, subset), ordered));
    const expected = ordered ? texts : texts.sort();
    answers.push(compared('ranges', expected, actual, rangesAccident === true));
  }
  return answers;
}

/**
 * The same by spans of ordinals, where these can hold it: existing partitions that need not be
 * told from their neighbours over excluded windows (SUB-2).
 */
function compareByOrdinals(
  { a, b = [], keys = [], op, expect }: SubsetsCase,
  index: PartitionIndex,
): readonly ComparedAnswer[] {
  const read = (written: WrittenSubset): PartitionsSubset | null => {
    if (written === 'all') return subsetOfSpan(0, index.count);
    const { subset, unknownKeys } = fromKeys(index, written);
    return unknownKeys.length === 0 ? subset : null;
  };
  const [left, right, added] = [read(a), read(b), read(keys)];
  if (left === null || right === null || added === null) return [];
  const result = {
    union: union(left, right),
    intersect: intersect(left, right),
    difference: subtract(left, right),
    addKeys: union(left, added),
    allMinus: complement(left, index.count),
  }[op];
  if (result === undefined) return [];
  const { length, ranges, rangesAccident, keys: listed, count, head, tail, sha256 } = expect;
  const packed = listed === undefined ? { count, head, tail, sha256 } : { count, keys: listed };
  const answers = [
    compared('keys by ordinals', packed, pack(keysOf(index, result))),
    compared('length by ordinals', length, countOf(result)),
  ];
  const { definition } = index;
  const excludes = definition.kind === 'timeWindow' && definition.exclusions.length > 0;
  if (ranges !== undefined && !excludes && a !== 'all' && b !== 'all') {
    const texts = (ranges as readonly (readonly string[])[]).map((ends) => ends.join(' ... '));
    const actual = rangeTexts(keyRangesOf(index, result), false);
    answers.push(compared('ranges by ordinals', texts.sort(), actual, rangesAccident === true));
  }
  return answers;
}

function rangeTexts(ranges: readonly PartitionKeyRange[], ordered: boolean): readonly string[] {
  const texts = ranges.map(({ start, end }) => `${start} ... ${end}`);
  return ordered ? texts : texts.sort();
}
