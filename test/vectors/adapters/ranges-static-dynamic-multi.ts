import type {
  MultiPartitionsDefinition,
  PartitionsDefinition,
} from '../../../src/partitions/definition/partitions-definition.ts';
import { indexPartitions } from '../../../src/partitions/index-partitions.ts';
import {
  keysWithDimensionValue,
  listedKeys,
  statedCount,
} from '../../../src/partitions/listed-keys.ts';
import { keysInRange } from '../../../src/partitions/keys-in-range.ts';
import {
  keysByDimension,
  primaryPosition,
  tagsOfKey,
  windowOfMultiKey,
} from '../../../src/partitions/multi-keys.ts';
import { contextOf, definitionOf, pack, type WrittenDefinition } from '../../partitions/vectors.ts';
import { comparePages, writtenWindow, type AskedPages } from '../asked-partitions.ts';
import { answerOf, compared, isErrorAnswer } from '../compare-answers.ts';
import type { ComparedAnswer, VectorAdapter, VectorCase } from '../vector-adapter.ts';

interface AskedKey {
  readonly key: string;
  readonly accident?: boolean;
  readonly expect: unknown;
}

interface RangesCase extends VectorCase {
  readonly definition: WrittenDefinition;
  readonly now?: string;
  readonly dynamic?: Readonly<Record<string, readonly string[]>>;
  readonly expect: unknown;
  readonly first: string | null;
  readonly last: string | null;
  readonly numPartitions: number;
  readonly numPartitionsAccident?: boolean;
  readonly ranges?: readonly {
    readonly start: string;
    readonly end: string;
    readonly accident?: boolean;
    readonly expect: unknown;
  }[];
  readonly has?: readonly AskedKey[];
  readonly tags?: readonly AskedKey[];
  readonly dimensionNames?: readonly string[];
  readonly primaryDimension?: string;
  readonly dimensionValue?: readonly (AskedKey & { readonly dimension: string })[];
  readonly split?: readonly AskedKey[];
  readonly windows?: readonly AskedKey[];
  readonly pages?: readonly AskedPages[];
}

/** A definition of key texts or of two dimensions, with all that can be asked of it. */
export const rangesStaticDynamicMultiAdapter: VectorAdapter = (vectorCase) => {
  const one = vectorCase as RangesCase;
  if (isErrorAnswer(one.expect)) {
    const keys = (): unknown =>
      indexPartitions(definitionOf(one.definition), contextOf(one)).keys();
    return [compared('definition', one.expect, answerOf(keys))];
  }
  const definition: PartitionsDefinition = definitionOf(one.definition);
  const context = contextOf(one);
  const index = indexPartitions(definition, context);
  const listed = listedKeys(definition, context);
  const answers: ComparedAnswer[] = [];
  const ask = (question: string, expected: unknown, act: () => unknown, accident = false): void => {
    answers.push(compared(question, expected, answerOf(act), accident));
  };
  const askEach = (
    what: string,
    questions: readonly AskedKey[] | undefined,
    answer: (key: string) => unknown,
  ): void => {
    for (const { key, expect, accident } of questions ?? []) {
      ask(`${what} ${key}`, expect, () => answer(key), accident);
    }
  };
  ask('keys', one.expect, () => pack(listed));
  ask('first', one.first, () => listed[0] ?? null);
  ask('last', one.last, () => listed.at(-1) ?? null);
  ask(
    'numPartitions',
    one.numPartitions,
    () => statedCount(definition, context),
    one.numPartitionsAccident,
  );
  for (const { start, end, expect, accident } of one.ranges ?? []) {
    ask(
      `range ${start} ... ${end}`,
      expect,
      () => pack(keysInRange(index, { start, end })),
      accident,
    );
  }
  askEach('has', one.has, (key) => index.ordinalOf(key) >= 0);
  askEach('tags', one.tags, (key) => tagsOfKey(definition, key));
  answers.push(...comparePages(index, one.pages ?? []));

  const multi = definition as MultiPartitionsDefinition;
  if (one.dimensionNames !== undefined) {
    ask('dimensionNames', one.dimensionNames, () => multi.dimensions.map(({ name }) => name));
  }
  if (one.primaryDimension !== undefined) {
    ask('primaryDimension', one.primaryDimension, () => {
      return multi.dimensions[primaryPosition(multi)]?.name;
    });
  }
  for (const { dimension, key, expect, accident } of one.dimensionValue ?? []) {
    const keys = (): unknown => pack(keysWithDimensionValue(multi, dimension, key, context));
    ask(`dimensionValue ${dimension} ${key}`, expect, keys, accident);
  }
  askEach('split', one.split, (key) => keysByDimension(multi, key));
  askEach('windows', one.windows, (key) => writtenWindow(windowOfMultiKey(multi, key)));
  return answers;
};
