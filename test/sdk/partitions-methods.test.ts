import { readFileSync } from 'node:fs';
import { DateTime } from 'luxon';
import * as luxon from 'luxon';
import { describe, expect, it } from 'vitest';
import { PlaygroundError } from '../../src/errors.ts';
import { makeDg } from '../../src/sdk/dg.ts';
import { Evaluation } from '../../src/sdk/evaluation.ts';
import { LibraryShelf } from '../../src/sdk/libraries.ts';
import { instant, iso, pack } from '../partitions/vectors.ts';
import { valueOf } from './guest-of.ts';

/* Every method of a definition, asked as a cell asks it, answers as Dagster did. */

type Written = Readonly<Record<string, unknown>> & { readonly kind: string };

interface Case {
  readonly id: string;
  readonly marks?: readonly string[];
  readonly definition: Written;
  readonly now?: string;
  readonly dynamic?: Readonly<Record<string, readonly string[]>>;
  readonly expect: unknown;
  readonly first: string | null;
  readonly last: string | null;
  readonly numPartitions: number;
  readonly numPartitionsAccident?: boolean;
  readonly [questions: string]: unknown;
}

interface Asked {
  readonly accident?: boolean;
  readonly expect: unknown;
  readonly [field: string]: unknown;
}

// Cells are not compiled here, so that what they call is looked up by name.
type Loose = Record<string, (...args: readonly unknown[]) => never>;

function casesOf(file: string): readonly Case[] {
  const path = new URL(`../vectors/partitions/${file}.json`, import.meta.url);
  return (JSON.parse(readFileSync(path, 'utf8')) as { readonly cases: readonly Case[] }).cases;
}

function dgAt(one: Case): Loose {
  const world = {
    now: one.now === undefined ? 0 : instant(one.now),
    seed: 'test',
    // A key that is added again stays where it is (DYN-3).
    dynamicPartitions: Object.entries(one.dynamic ?? {}).map(
      ([name, keys]): [string, readonly string[]] => [name, [...new Set(keys)]],
    ),
    files: [],
  };
  return makeDg(new Evaluation(world, new LibraryShelf({ luxon }))) as Loose;
}

const CLASSES: Readonly<Record<string, string>> = {
  hourly: 'HourlyPartitionsDefinition',
  daily: 'DailyPartitionsDefinition',
  weekly: 'WeeklyPartitionsDefinition',
  monthly: 'MonthlyPartitionsDefinition',
};

/** The definition that the vectors write, as a cell writes it. */
function make(dg: Loose, written: Written): Loose {
  const { kind, start, end, cron, dimensions, keys, ...options } = written;
  switch (kind) {
    case 'static':
      return dg.StaticPartitionsDefinition?.(keys) as unknown as Loose;
    case 'dynamic':
      return dg.DynamicPartitionsDefinition?.(options) as unknown as Loose;
    case 'multi':
      return dg.MultiPartitionsDefinition?.(
        Object.fromEntries(
          Object.entries(dimensions as Record<string, Written>).map(([name, inner]) => [
            name,
            make(dg, inner),
          ]),
        ),
      ) as unknown as Loose;
    case 'timeWindow':
      return dg.TimeWindowPartitionsDefinition?.({
        ...options,
        start: bound(start),
        end: bound(end),
        cronSchedule: cron,
        exclusions: exclusionsOf(written),
      }) as unknown as Loose;
    default:
      return dg[CLASSES[kind] ?? '']?.({
        ...options,
        startDate: bound(start),
        endDate: bound(end),
        exclusions: exclusionsOf(written),
      }) as unknown as Loose;
  }
}

const exclusionsOf = ({ exclusions }: Written) =>
  (exclusions as readonly string[] | undefined)?.map((one) =>
    /^\d{4}-/.test(one) ? bound({ datetime: one }) : one,
  );

function bound(written: unknown): unknown {
  if (typeof written !== 'object' || written === null) return written;
  return DateTime.fromISO((written as { readonly datetime: string }).datetime, { zone: 'UTC' });
}

/** What a cell gets, in the words of the vectors. */
function told(answer: unknown): unknown {
  if (Array.isArray(answer)) return pack(answer.map(String));
  if (DateTime.isDateTime(answer)) return iso(answer.toMillis());
  if (typeof answer !== 'object' || answer === null) return answer;
  if ('start' in answer) {
    const { start, end } = answer as { readonly start: DateTime; readonly end: DateTime };
    return { start: iso(start.toMillis()), end: iso(end.toMillis()) };
  }
  return String(answer);
}

function answerOf(ask: () => unknown): unknown {
  try {
    return told(ask());
  } catch (thrown) {
    if (!(thrown instanceof PlaygroundError)) throw thrown;
    return { error: (thrown as PlaygroundError & { kind?: string }).kind };
  }
}

/** Of an error the class alone is compared. */
function expected(answer: unknown): unknown {
  if (typeof answer !== 'object' || answer === null || !('error' in answer)) return answer;
  return { error: (answer as { readonly error: string }).error };
}

const at = (text: unknown) => DateTime.fromISO(text as string, { zone: 'UTC' });

/** How a cell asks each question of the vectors. */
const QUESTIONS: Readonly<Record<string, (definition: Loose, asked: Asked, dg: Loose) => unknown>> =
  {
    windows: (d, { key }) => d.timeWindowForPartitionKey?.(key),
    startTime: (d, { key }) => d.startTimeForPartitionKey?.(key),
    ranges: (d, { start, end }, dg) =>
      d.getPartitionKeysInRange?.(dg.PartitionKeyRange?.(start, end)),
    has: (d, { key }) => d.hasPartitionKey?.(key),
    nextKey: (d, { key }) => d.getNextPartitionKey?.(key),
    next: (d, asked) => d.getNextPartitionWindow?.(at(asked.at)),
    prev: (d, asked) => d.getPrevPartitionWindow?.(at(asked.at)),
    keyForTimestamp: (d, { at: when, endClosed }) =>
      d.getPartitionKeyForTimestamp?.(at(when), { endClosed }),
    keysInWindow: (d, { start, end }, dg) =>
      d.getPartitionKeysInTimeWindow?.(dg.TimeWindow?.(at(start), at(end))),
    dimensionValue: (d, { dimension, key }) =>
      d.getMultipartitionKeysWithDimensionValue?.(dimension, key),
  };

function turn(definition: Loose, { limit, ascending, expect: pages }: Asked): unknown {
  let cursor: unknown;
  return (pages as readonly unknown[]).map(() => {
    const page = definition.getPaginatedPartitionKeys?.({
      limit,
      ascending,
      cursor,
    }) as unknown as {
      readonly results: readonly unknown[];
      readonly cursor: string;
      readonly hasMore: boolean;
    };
    cursor = page.cursor;
    return { keys: page.results.map(String), hasMore: page.hasMore };
  });
}

function check(one: Case): number {
  const dg = dgAt(one);
  if (expected(one.expect) !== one.expect) {
    expect(answerOf(() => make(dg, one.definition).getPartitionKeys?.())).toEqual(
      expected(one.expect),
    );
    return 1;
  }
  const definition = make(dg, one.definition);
  let asked = 3;
  expect(answerOf(() => definition.getPartitionKeys?.())).toEqual(one.expect);
  expect(answerOf(() => definition.getFirstPartitionKey?.())).toBe(one.first);
  expect(answerOf(() => definition.getLastPartitionKey?.())).toBe(one.last);
  if (one.numPartitionsAccident !== true) {
    asked += 1;
    expect(answerOf(() => definition.getNumPartitions?.())).toBe(one.numPartitions);
  }
  for (const [name, ask] of Object.entries(QUESTIONS)) {
    for (const question of (one[name] as readonly Asked[] | undefined) ?? []) {
      // What lies outside of the bounds cannot be asked by a cell.
      if (question.accident === true || question.respectBounds === false) continue;
      asked += 1;
      expect(
        answerOf(() => ask(definition, question, dg)),
        `${name} ${JSON.stringify(question)}`,
      ).toEqual(expected(question.expect));
    }
  }
  for (const question of (one.pages as readonly Asked[] | undefined) ?? []) {
    if (question.accident === true) continue;
    asked += 1;
    expect(turn(definition, question)).toEqual(question.expect);
  }
  return asked;
}

const followed = (one: Case) =>
  one.marks?.some((mark) => mark === 'accident' || mark === 'python-only') !== true;

describe('the methods of a partitions definition', () => {
  it.each(['time-keys', 'ranges-static-dynamic-multi'])(
    '[SDK-17] [GEN-4, GEN-5, TW-28 … TW-35, MULTI-9 … MULTI-14] answer as Dagster does: %s',
    (file) => {
      let asked = 0;
      for (const one of casesOf(file).filter(followed)) {
        try {
          asked += check(one);
        } catch (thrown) {
          throw new Error(`${one.id}: ${String(thrown)}`, { cause: thrown });
        }
      }
      expect(asked).toBeGreaterThan(500);
    },
  );

  it('[TW-18] ask about another time', async () => {
    const cell = `const days = dg.DailyPartitionsDefinition({ startDate: '2026-03-01', timezone: 'Europe/Berlin' });`;
    expect(await valueOf(`days.getPartitionKeys({ currentTime: '2026-03-03' })`, cell)).toEqual([
      '2026-03-01',
      '2026-03-02',
    ]);
    expect(
      await valueOf(
        `days.getPartitionKeys({ currentTime: DateTime.fromISO('2026-03-02T00:00+01:00') })`,
        cell,
      ),
    ).toEqual(['2026-03-01']);
    expect(await valueOf(`days.getPrevPartitionKey('2026-03-02')`, cell)).toBe('2026-03-01');
    expect(await valueOf(`days.getPrevPartitionKey('2026-03-01')`, cell)).toBeNull();
    expect(await valueOf(`days.getCronSchedule()`, cell)).toBe('0 0 * * *');
  });

  it('[TW-22] leave out windows by a cron expression, a DateTime or a text in their format', async () => {
    const cell = `const days = dg.DailyPartitionsDefinition({
  startDate: '2026-03-02',
  exclusions: ['0 0 * * 6,0', DateTime.utc(2026, 3, 4), '2026-03-06'],
});`;
    expect(await valueOf(`days.getPartitionKeys()`, cell)).toEqual([
      '2026-03-02',
      '2026-03-03',
      '2026-03-05',
      '2026-03-09',
    ]);
  });

  it('[DYN-6] a dynamic definition asks for keys to be added and deleted', async () => {
    const cell = `const images = dg.DynamicPartitionsDefinition({ name: 'images' });`;
    expect(await valueOf(`images.buildAddRequest(['c'])`, cell)).toEqual({
      action: 'add',
      partitionsDefName: 'images',
      partitionKeys: ['c'],
    });
    expect(await valueOf(`images.buildDeleteRequest(['a']).action`, cell)).toBe('delete');
    expect(await valueOf(`[images.name, ...images.getPartitionKeys()]`, cell)).toEqual([
      'images',
      'b',
      'a',
    ]);
  });

  it('[MPK-1] a key in two dimensions is read by its text, dimensions in name order', async () => {
    const cell = `const grid = dg.MultiPartitionsDefinition({
  day: dg.DailyPartitionsDefinition({ startDate: '2026-03-08' }),
  color: dg.StaticPartitionsDefinition(['red', 'blue']),
});`;
    expect(
      await valueOf(`String(dg.MultiPartitionKey({ day: '2026-03-08', color: 'red' }))`, cell),
    ).toBe('red|2026-03-08');
    expect(
      await valueOf(
        `grid.hasPartitionKey(new dg.MultiPartitionKey({ x: 'red', y: '2026-03-08' }))`,
        cell,
      ),
    ).toBe(true);
    expect(await valueOf(`grid.getFirstPartitionKey().keysByDimension.day`, cell)).toBe(
      '2026-03-08',
    );
    expect(await valueOf(`grid.partitionDimensionNames`, cell)).toEqual(['color', 'day']);
    expect(
      await valueOf(`grid.getPartitionsDefForDimension('color').getNumPartitions()`, cell),
    ).toBe(2);
  });

  it.each([
    [`grid.getPartitionsDefForDimension('size')`, 'There is no dimension size'],
    [`grid.timeWindowForPartitionKey('red')`, 'Expected 2 partition keys'],
    [`grid.getPaginatedPartitionKeys({ limit: 0 })`, 'needs a `limit` of at least 1'],
    [`grid.getPaginatedPartitionKeys({ limit: 2, cursor: 'x' })`, '"x" is no `cursor`'],
    [
      `dg.TimeWindow('2026-03-08', '2026-03-09')`,
      'The start of a TimeWindow must be a valid DateTime',
    ],
    [`dg.PartitionKeyRange('a')`, 'The end of a PartitionKeyRange must be text, not undefined'],
    [
      `dg.DynamicPartitionsDefinition({ name: 'i' }).buildAddRequest('a')`,
      'The keys must be a list',
    ],
  ])('[SDK-3] %s says what is wrong', async (expression, message) => {
    const cell = `const grid = dg.MultiPartitionsDefinition({
  day: dg.DailyPartitionsDefinition({ startDate: '2026-03-08' }),
  color: dg.StaticPartitionsDefinition(['red', 'blue']),
});`;
    await expect(valueOf(expression, cell)).rejects.toThrow(message);
  });
});
