import type { TimeWindow } from '../../src/time/time-window.ts';
import type { PartitionIndex } from '../../src/partitions/partition-index.ts';
import { pageOfKeys } from '../../src/partitions/keys-in-range.ts';
import { iso } from '../partitions/vectors.ts';
import { answerOf, compared } from './compare-answers.ts';
import type { ComparedAnswer } from './vector-adapter.ts';

/** A window as the vectors write it. */
export interface WrittenWindow {
  readonly start: string;
  readonly end: string;
}

export const writtenWindow = ({ startAt, endAt }: TimeWindow): WrittenWindow => ({
  start: iso(startAt),
  end: iso(endAt),
});

/** Some pages in a row, each continuing from the one before. */
export interface AskedPages {
  readonly accident?: boolean;
  readonly limit: number;
  readonly ascending: boolean;
  readonly expect: readonly { readonly keys: readonly string[]; readonly hasMore: boolean }[];
}

/** Turns the pages of an index as they are asked for. */
export function comparePages(
  index: PartitionIndex,
  asked: readonly AskedPages[],
): readonly ComparedAnswer[] {
  return asked.map(({ limit, ascending, expect, accident }) => {
    const turn = (): unknown => {
      let cursor: string | null = null;
      return expect.map(() => {
        const page = pageOfKeys(index, limit, ascending, cursor);
        cursor = page.cursor;
        return { keys: page.keys, hasMore: page.hasMore };
      });
    };
    const question = `pages of ${limit}, ${ascending ? 'ascending' : 'descending'}`;
    return compared(question, expect, answerOf(turn), accident);
  });
}
