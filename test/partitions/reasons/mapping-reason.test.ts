import { describe, expect, it } from 'vitest';
import type { PartitionsDefinition } from '../../../src/partitions/definition/partitions-definition.ts';
import type { PartitionMapping } from '../../../src/partitions/mapping/partition-mapping.ts';
import {
  explainDownstream,
  explainUpstream,
  type MappingReason,
} from '../../../src/partitions/reasons/mapping-reason.ts';
import {
  downstreamSentence,
  upstreamSentence,
} from '../../../src/partitions/reasons/reason-sentences.ts';
import { grid, listed, mapped, offsets, seenAt, windows } from './written.ts';

const NEW_YORK = { timezone: 'America/New_York' };
const DAYS = windows('daily');
const COLORED_DAYS = grid({ day: DAYS, color: listed('red', 'blue') });

const CONTEXT = seenAt('2024-12-20T12:00:00Z');

interface Question {
  readonly upstream: PartitionsDefinition | null;
  readonly downstream: PartitionsDefinition | null;
  readonly mapping?: PartitionMapping;
  /** Null for an asset without partitions. */
  readonly key: string | null;
}

/** The reason and the sentence for what a key of `lower` reads of `upper`. */
function above({ upstream, downstream, mapping, key }: Question) {
  const assets = mapped(upstream, downstream, mapping ?? null, CONTEXT);
  const ordinal = key === null ? 0 : (assets.downstream?.ordinalOf(key) ?? -1);
  const answer = explainUpstream({ ...assets, ordinal });
  const ends = { key, asset: 'lower', otherAsset: 'upper', other: assets.upstream };
  return [answer.reason.kind, upstreamSentence(ends, answer)];
}

/** The reason and the sentence for what of `lower` reads a key of `upper`. */
function below({ upstream, downstream, mapping, key }: Question) {
  const assets = mapped(upstream, downstream, mapping ?? null, CONTEXT);
  const ordinal = key === null ? 0 : (assets.upstream?.ordinalOf(key) ?? -1);
  const answer = explainDownstream({ ...assets, ordinal });
  const ends = { key, asset: 'upper', otherAsset: 'lower', other: assets.downstream };
  return [answer.reason.kind, downstreamSentence(ends, answer)];
}

/** A question with its sentence upstream, and one with its sentence downstream. */
type Example = readonly [up: Question, reads: string, down: Question, isRead: string];

const twoBefore: PartitionMapping = {
  kind: 'function',
  upstreamByDownstream: [
    ['a', ['x', 'nowhere']],
    ['b', []],
  ],
};
const pairs: PartitionMapping = { kind: 'static', downstreamByUpstream: [['a', ['x']]] };
const byDay: PartitionMapping = {
  kind: 'multi',
  dimensions: [{ upstream: 'day', downstream: 'day', mapping: offsets(-1, -1) }],
};
const numberedDays = grid({ day: DAYS, number: listed('1', '2') });

const EXAMPLES = {
  otherUnpartitioned: [
    { upstream: null, downstream: listed('a'), key: 'a' },
    'a reads the value of upper, which has no partitions.',
    { upstream: listed('a'), downstream: null, key: 'a' },
    'lower reads a: it has no partitions of its own.',
  ],
  unpartitioned: [
    { upstream: listed('a', 'b'), downstream: null, key: null },
    'lower reads every key of upper, 2 now: it has no partitions of its own.',
    { upstream: null, downstream: listed('a', 'b'), key: null },
    'Every key of lower reads upper, 2 now: upper has no partitions.',
  ],
  every: [
    { upstream: DAYS, downstream: listed('x'), mapping: { kind: 'all' }, key: 'x' },
    'x reads every key of upper, 354 now.',
    { upstream: DAYS, downstream: listed('x'), mapping: { kind: 'all' }, key: '2024-01-01' },
    'Every key of lower reads 2024-01-01, 1 now.',
  ],
  last: [
    { upstream: DAYS, downstream: listed('x'), mapping: { kind: 'last' }, key: 'x' },
    'x reads the last key of upper, now 2024-12-19.',
    { upstream: DAYS, downstream: listed('x'), mapping: { kind: 'last' }, key: '2024-01-01' },
    'No key of lower reads 2024-01-01 now: they read the last key, 2024-12-19.',
  ],
  named: [
    {
      upstream: listed('a', 'b', 'c'),
      downstream: listed('x'),
      mapping: { kind: 'specific', keys: ['a', 'c'] },
      key: 'x',
    },
    'x reads a and c of upper: the mapping names them for every key.',
    {
      upstream: listed('a', 'b', 'c'),
      downstream: listed('x'),
      mapping: { kind: 'specific', keys: ['a', 'c'] },
      key: 'b',
    },
    'No key of lower reads b now: the mapping names a and c.',
  ],
  paired: [
    { upstream: listed('a', 'b'), downstream: listed('x', 'y'), mapping: pairs, key: 'x' },
    'x reads a of upper: the mapping pairs them.',
    { upstream: listed('a', 'b'), downstream: listed('x', 'y'), mapping: pairs, key: 'b' },
    'No key of lower reads b now: the mapping pairs no key with it.',
  ],
  function: [
    { upstream: listed('x', 'y'), downstream: listed('a', 'b'), mapping: twoBefore, key: 'b' },
    'b reads nothing of upper: the function of the mapping gives no key that exists.',
    { upstream: listed('x', 'y'), downstream: listed('a', 'b'), mapping: twoBefore, key: 'y' },
    'No key of lower reads y now: the function of the mapping gives it for no key.',
  ],
  sameKey: [
    { upstream: listed('a', 'b'), downstream: listed('a', 'b', 'c'), key: 'c' },
    'c needs the same key of upper, which does not exist.',
    { upstream: listed('a', 'b'), downstream: listed('a'), key: 'b' },
    'No key of lower reads b now: it has no key of that name.',
  ],
  sameWindow: [
    {
      upstream: windows('daily', { start: '2024/01/01', fmt: '%Y/%m/%d' }),
      downstream: DAYS,
      key: '2024-03-01',
    },
    '2024-03-01 reads 2024/03/01 of upper, the same window.',
    { upstream: DAYS, downstream: DAYS, key: '2024-03-01' },
    'The same key of lower reads 2024-03-01.',
  ],
  offset: [
    { upstream: DAYS, downstream: DAYS, mapping: offsets(-1, -1), key: '2024-03-01' },
    '2024-03-01 reads 2024-02-29 of upper, the day before.',
    { upstream: DAYS, downstream: DAYS, mapping: offsets(-7, -1), key: '2024-03-01' },
    '7 daily keys of lower, from 1 day after to 7 days after, read 2024-03-01.',
  ],
  overlap: [
    {
      upstream: windows('hourly', NEW_YORK),
      downstream: windows('daily', NEW_YORK),
      key: '2024-11-03',
    },
    '2024-11-03 reads 25 hourly keys of upper, the hours of its day: 01:00 happened twice.',
    { upstream: DAYS, downstream: windows('monthly'), key: '2024-02-29' },
    '2024-02-01 of lower, the month that holds its day, reads 2024-02-29.',
  ],
  oneDimension: [
    { upstream: COLORED_DAYS, downstream: DAYS, key: '2024-03-01' },
    '2024-03-01 reads red|2024-03-01 and blue|2024-03-01 of upper: those with day 2024-03-01, at every color.',
    { upstream: DAYS, downstream: COLORED_DAYS, key: '2024-03-01' },
    'red|2024-03-01 and blue|2024-03-01 of lower read 2024-03-01: those with day 2024-03-01, at every color.',
  ],
  byDimension: [
    { upstream: COLORED_DAYS, downstream: numberedDays, mapping: byDay, key: '2024-03-01|1' },
    '2024-03-01|1 reads red|2024-02-29 and blue|2024-02-29 of upper, by dimension: day the day before, every color.',
    { upstream: COLORED_DAYS, downstream: numberedDays, mapping: byDay, key: 'red|2024-02-29' },
    '2024-03-01|1 and 2024-03-01|2 of lower read red|2024-02-29, by dimension: day the day after, every number.',
  ],
} satisfies Record<MappingReason['kind'], Example>;

describe('why a key reads these keys, and these read it', () => {
  it.each(Object.entries<Example>(EXAMPLES))(
    '[WHY-1, WHY-3] %s',
    (kind, [up, reads, down, isRead]) => {
      expect(above(up)).toEqual([kind, reads]);
      expect(below(down)).toEqual([kind, isRead]);
    },
  );

  it.each<readonly [string, Question, string]>([
    [
      '[DST-4] a day without 02:00 has 23 hours',
      {
        upstream: windows('hourly', NEW_YORK),
        downstream: windows('daily', NEW_YORK),
        key: '2024-03-10',
      },
      '2024-03-10 reads 23 hourly keys of upper, the hours of its day: 02:00 did not happen.',
    ],
    [
      '[DST-4] in a month the day of the change is told',
      {
        upstream: windows('hourly', NEW_YORK),
        downstream: windows('monthly', NEW_YORK),
        key: '2024-03-01',
      },
      '2024-03-01 reads 743 hourly keys of upper, the hours of its month: 02:00 did not happen on Sun 10 Mar 2024.',
    ],
    [
      '[MAP-TW-2] the longer window holds it',
      { upstream: DAYS, downstream: windows('hourly'), key: '2024-03-01-05:00' },
      '2024-03-01-05:00 reads 2024-03-01 of upper, the day that holds its hour.',
    ],
    [
      '[MAP-TW-4] windows that only share time count',
      { upstream: windows('weekly'), downstream: windows('monthly'), key: '2024-02-01' },
      '2024-02-01 reads 5 weekly keys of upper, all weeks that share time with its month.',
    ],
    [
      '[MAP-TW-2] offsets are in windows of the reader',
      { upstream: windows('hourly'), downstream: DAYS, mapping: offsets(-1, 0), key: '2024-03-01' },
      '2024-03-01 reads 48 hourly keys of upper, the hours of the day before and its own.',
    ],
    [
      '[MAP-TW-5] before the first key there is nothing',
      { upstream: DAYS, downstream: DAYS, mapping: offsets(-1, -1), key: '2024-01-01' },
      '2024-01-01 reads nothing of upper: the day before would lie outside of its keys.',
    ],
    [
      '[MAP-TW-9] what is left out is not read',
      {
        upstream: windows('daily', { exclusions: ['0 0 * * 3'] }),
        downstream: windows('weekly'),
        key: '2024-01-07',
      },
      '2024-01-07 reads 6 daily keys of upper, the days of its week: 1 is left out.',
    ],
    [
      '[MAP-TW-9q] before a window that is left out, the one before counts',
      {
        upstream: windows('daily', { exclusions: ['0 0 * * 6,0'] }),
        downstream: windows('weekly'),
        key: '2024-01-07',
      },
      '2024-01-07 reads 6 daily keys of upper, all days that share time with its week: 2 are left out, and 2024-01-05 counts too, since the day at its start is left out.',
    ],
    [
      '[INF-4] a dimension of longer windows goes by shared time',
      { upstream: windows('hourly'), downstream: COLORED_DAYS, key: 'red|2024-03-01' },
      'red|2024-03-01 reads 24 hourly keys of upper, by its day: the hours of its day.',
    ],
  ])('%s', (_, question, sentence) => {
    expect(above(question)[1]).toBe(sentence);
  });

  it('[MAP-TW-6] what reads a key with offsets says what it reads', () => {
    expect(
      below({
        upstream: windows('hourly'),
        downstream: DAYS,
        mapping: offsets(-1, 0),
        key: '2024-02-29-00:00',
      })[1],
    ).toBe(
      '2024-02-29 and 2024-03-01 of lower read 2024-02-29-00:00: each reads hours of the day before and its own.',
    );
  });
});
