import type { TimeWindow } from '../../../src/time/time-window.ts';
import { checkPartitionsDefinition } from '../../../src/partitions/check-definition.ts';
import type { TimeWindowPartitionsDefinition } from '../../../src/partitions/definition/partitions-definition.ts';
import { indexPartitions } from '../../../src/partitions/index-partitions.ts';
import { keysInRange } from '../../../src/partitions/keys-in-range.ts';
import { listedKeys } from '../../../src/partitions/listed-keys.ts';
import {
  keyOfInstant,
  keysInWindow,
  nextKey,
  nextWindow,
  previousWindow,
  startOfKey,
  windowOfKey,
} from '../../../src/partitions/time-queries.ts';
import {
  contextOf,
  definitionOf,
  instant,
  iso,
  pack,
  type WrittenDefinition,
} from '../../partitions/vectors.ts';
import { comparePages, writtenWindow, type AskedPages } from '../asked-partitions.ts';
import { answerOf, compared, isErrorAnswer } from '../compare-answers.ts';
import type { ComparedAnswer, VectorAdapter, VectorCase } from '../vector-adapter.ts';

/** One question of a list. */
interface Asked {
  readonly accident?: boolean;
  readonly expect: unknown;
}

interface AskedKey extends Asked {
  readonly key: string;
}

interface AskedSpan extends Asked {
  readonly start: string;
  readonly end: string;
}

interface AskedWindow extends Asked {
  readonly at: string;
  readonly respectBounds: boolean;
}

interface TimeKeysCase extends VectorCase {
  readonly definition: WrittenDefinition;
  readonly now?: string;
  readonly expect: unknown;
  readonly first: string | null;
  readonly last: string | null;
  readonly numPartitions: number;
  readonly numPartitionsAccident?: boolean;
  readonly validate: unknown;
  readonly windows?: readonly AskedKey[];
  readonly startTime?: readonly AskedKey[];
  readonly ranges?: readonly AskedSpan[];
  readonly has?: readonly AskedKey[];
  readonly nextKey?: readonly AskedKey[];
  readonly next?: readonly AskedWindow[];
  readonly prev?: readonly AskedWindow[];
  readonly keyForTimestamp?: readonly (Asked & {
    readonly at: string;
    readonly endClosed: boolean;
  })[];
  readonly keysInWindow?: readonly (AskedSpan & { readonly count?: number })[];
  readonly pages?: readonly AskedPages[];
}

const orNull = (window: TimeWindow | null): unknown =>
  window === null ? null : writtenWindow(window);

/** One time-window definition at one time, with all that can be asked of it. */
export const timeKeysAdapter: VectorAdapter = (vectorCase) => {
  const one = vectorCase as TimeKeysCase;
  if (isErrorAnswer(one.expect)) {
    return [
      compared(
        'definition',
        one.expect,
        answerOf(() => indexPartitions(definitionOf(one.definition), contextOf(one)).keys()),
      ),
    ];
  }
  const definition = definitionOf(one.definition) as TimeWindowPartitionsDefinition;
  const context = contextOf(one);
  const index = indexPartitions(definition, context);
  const answers: ComparedAnswer[] = [];
  const ask = (question: string, expected: unknown, act: () => unknown, accident = false): void => {
    answers.push(compared(question, expected, answerOf(act), accident));
  };
  const askEach = <Question extends Asked>(
    what: string,
    questions: readonly Question[] | undefined,
    answer: (question: Question) => unknown,
  ): void => {
    for (const question of questions ?? []) {
      const { expect, accident, ...asked } = question;
      ask(`${what} ${JSON.stringify(asked)}`, expect, () => answer(question), accident);
    }
  };
  ask('keys', one.expect, () => pack(listedKeys(definition, context)));
  ask('first', one.first, () => (index.count === 0 ? null : index.keyAt(0)));
  ask('last', one.last, () => (index.count === 0 ? null : index.keyAt(index.count - 1)));
  ask('numPartitions', one.numPartitions, () => index.count, one.numPartitionsAccident);
  ask('validate', one.validate, () => {
    checkPartitionsDefinition(index);
    return 'ok';
  });
  askEach('windows', one.windows, ({ key }) => writtenWindow(windowOfKey(definition, key)));
  askEach('startTime', one.startTime, ({ key }) => iso(startOfKey(definition, key)));
  askEach('ranges', one.ranges, (range) => pack(keysInRange(index, range)));
  askEach('has', one.has, ({ key }) => index.ordinalOf(key) >= 0);
  askEach('nextKey', one.nextKey, ({ key }) => nextKey(definition, key, context));
  askEach('next', one.next, ({ at, respectBounds }) =>
    orNull(nextWindow(definition, instant(at), respectBounds ? context : null)),
  );
  askEach('prev', one.prev, ({ at, respectBounds }) =>
    orNull(previousWindow(definition, instant(at), respectBounds ? context : null)),
  );
  askEach('keyForTimestamp', one.keyForTimestamp, ({ at, endClosed }) =>
    keyOfInstant(definition, instant(at), endClosed),
  );
  for (const { start, end, count, expect, accident } of one.keysInWindow ?? []) {
    const keys = (): readonly string[] =>
      keysInWindow(definition, { startAt: instant(start), endAt: instant(end) });
    ask(`keysInWindow ${start} ${end}`, expect, () => pack(keys()), accident);
    if (count !== undefined) ask(`count in ${start} ${end}`, count, () => keys().length, accident);
  }
  answers.push(...comparePages(index, one.pages ?? []));
  return answers;
};
