import { describe, expect, it } from 'vitest';
import type { TimeWindow } from '../../src/time/time-window.ts';
import { checkPartitionsDefinition } from '../../src/partitions/check-definition.ts';
import type { TimeWindowPartitionsDefinition } from '../../src/partitions/definition/partitions-definition.ts';
import { indexPartitions } from '../../src/partitions/index-partitions.ts';
import { keysInRange, pageOfKeys } from '../../src/partitions/keys-in-range.ts';
import {
  keyOfInstant,
  keysInWindow,
  nextKey,
  nextWindow,
  previousWindow,
  startOfKey,
  windowOfKey,
} from '../../src/partitions/time-queries.ts';
import {
  contextOf,
  definitionOf,
  errorKind,
  instant,
  isErrorAnswer,
  iso,
  pack,
  readVectors,
  type ErrorAnswer,
  type PackedKeys,
  type WrittenDefinition,
} from './vectors.ts';

interface Asked<Answer> {
  readonly accident?: boolean;
  readonly expect: Answer | ErrorAnswer;
}

interface TimeKeysCase {
  readonly id: string;
  readonly rules?: readonly string[];
  readonly marks?: readonly string[];
  readonly definition: WrittenDefinition;
  readonly now: string;
  readonly expect: PackedKeys | ErrorAnswer;
  readonly first: string | null;
  readonly last: string | null;
  readonly numPartitions: number;
  readonly numPartitionsAccident?: boolean;
  readonly validate: 'ok' | ErrorAnswer;
  readonly windows?: readonly (Asked<Answered> & { readonly key: string })[];
  readonly startTime?: readonly (Asked<string> & { readonly key: string })[];
  readonly ranges?: readonly (Asked<PackedKeys> & {
    readonly start: string;
    readonly end: string;
  })[];
  readonly has?: readonly (Asked<boolean> & { readonly key: string })[];
  readonly nextKey?: readonly (Asked<string | null> & { readonly key: string })[];
  readonly next?: readonly (Asked<Answered | null> & AskedWindow)[];
  readonly prev?: readonly (Asked<Answered | null> & AskedWindow)[];
  readonly keyForTimestamp?: readonly (Asked<string> & {
    readonly at: string;
    readonly endClosed: boolean;
  })[];
  readonly keysInWindow?: readonly (Asked<PackedKeys> & {
    readonly start: string;
    readonly end: string;
  })[];
  readonly pages?: readonly {
    readonly accident?: boolean;
    readonly limit: number;
    readonly ascending: boolean;
    readonly expect: readonly { readonly keys: readonly string[]; readonly hasMore: boolean }[];
  }[];
}

interface Answered {
  readonly start: string;
  readonly end: string;
}

interface AskedWindow {
  readonly at: string;
  readonly respectBounds: boolean;
}

const written = (window: TimeWindow | null): Answered | null =>
  window === null ? null : { start: iso(window.startAt), end: iso(window.endAt) };

/** Asks each question and compares; what is marked an accident is not asked. */
function ask<Question extends Asked<unknown>>(
  questions: readonly Question[] | undefined,
  answer: (question: Question) => unknown,
): void {
  for (const question of questions ?? []) {
    if (question.accident === true) continue;
    const { expect: expected } = question;
    if (isErrorAnswer(expected)) {
      expect(
        errorKind(() => answer(question)),
        JSON.stringify(question),
      ).toBe(expected.error);
    } else {
      expect(answer(question), JSON.stringify(question)).toEqual(expected);
    }
  }
}

const cases = readVectors<TimeKeysCase>('time-keys').filter(
  ({ marks }) => !marks?.includes('accident'),
);

describe('time windows against the vectors', () => {
  it.each(cases)('$rules $id', (one) => {
    if (isErrorAnswer(one.expect)) {
      expect(errorKind(() => definitionOf(one.definition))).toBe(one.expect.error);
      return;
    }
    const definition = definitionOf(one.definition) as TimeWindowPartitionsDefinition;
    const context = contextOf(one);
    const index = indexPartitions(definition, context);
    expect(pack(index.keys())).toEqual(one.expect);
    expect(index.count === 0 ? null : index.keyAt(0)).toBe(one.first);
    expect(index.count === 0 ? null : index.keyAt(index.count - 1)).toBe(one.last);
    if (one.numPartitionsAccident !== true) expect(index.count).toBe(one.numPartitions);
    expect(errorKind(() => checkPartitionsDefinition(index)) ?? 'ok').toBe(
      isErrorAnswer(one.validate) ? one.validate.error : 'ok',
    );
    ask(one.windows, ({ key }) => written(windowOfKey(definition, key)));
    ask(one.startTime, ({ key }) => iso(startOfKey(definition, key)));
    ask(one.ranges, (range) => pack(keysInRange(index, range)));
    ask(one.has, ({ key }) => index.ordinalOf(key) >= 0);
    ask(one.nextKey, ({ key }) => nextKey(definition, key, context));
    ask(one.next, ({ at, respectBounds }) =>
      written(nextWindow(definition, instant(at), respectBounds ? context : null)),
    );
    ask(one.prev, ({ at, respectBounds }) =>
      written(previousWindow(definition, instant(at), respectBounds ? context : null)),
    );
    ask(one.keyForTimestamp, ({ at, endClosed }) =>
      keyOfInstant(definition, instant(at), endClosed),
    );
    ask(one.keysInWindow, ({ start, end }) =>
      pack(keysInWindow(definition, { startAt: instant(start), endAt: instant(end) })),
    );
    for (const { accident, limit, ascending, expect: pages } of one.pages ?? []) {
      if (accident === true) continue;
      let cursor: string | null = null;
      for (const page of pages) {
        const answer = pageOfKeys(index, limit, ascending, cursor);
        expect({ keys: answer.keys, hasMore: answer.hasMore }).toEqual(page);
        cursor = answer.cursor;
      }
    }
  });
});
