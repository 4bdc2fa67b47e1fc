import { describe, expect, it } from 'vitest';
import { makeMultiPartitionsDefinition } from '../../src/partitions/definition/multi.ts';
import type { PartitionsDefinition } from '../../src/partitions/definition/partitions-definition.ts';
import { makeStaticPartitionsDefinition } from '../../src/partitions/definition/static.ts';
import { makeTimeWindowPartitionsDefinition } from '../../src/partitions/definition/time-window.ts';
import { indexPartitions } from '../../src/partitions/index-partitions.ts';
import { defaultMapping } from '../../src/partitions/mapping/default-mapping.ts';
import {
  mapToDownstream,
  mapToUpstream,
  type MappedAssets,
} from '../../src/partitions/mapping/map-partitions.ts';
import type { PartitionMapping } from '../../src/partitions/mapping/partition-mapping.ts';
import {
  surveyMapping,
  type CountRuns,
  type MappingSurvey,
} from '../../src/partitions/mapping/survey-mapping.ts';
import { countOf, equalSubsets, ordinalsOf } from '../../src/partitions/subset/subset-algebra.ts';

const CONTEXT = {
  effectiveAt: Date.parse('2024-12-20T00:00Z'),
  dynamicPartitions: new Map<string, readonly string[]>(),
};
const timezone = 'America/Los_Angeles';

const hours = time('hourly', '2024-10-25-00:00');
const days = time('daily', '2024-10-25');
const lateDays = time('daily', '2024-11-01');
const weeks = time('weekly', '2024-10-27');
const months = time('monthly', '2024-10-01');
const letters = makeStaticPartitionsDefinition(['a', 'b', 'c', 'd']);
const others = makeStaticPartitionsDefinition(['d', 'b', 'e']);
const shortDays = makeTimeWindowPartitionsDefinition({
  className: 'daily',
  start: '2024-11-01',
  end: '2024-11-06',
  timezone,
});
const letterDays = makeMultiPartitionsDefinition({ letter: letters, day: shortDays });

function time(className: 'hourly' | 'daily' | 'weekly' | 'monthly', start: string) {
  return makeTimeWindowPartitionsDefinition({ className, start, timezone });
}

const lag = (startOffset: number, endOffset: number): PartitionMapping => ({
  kind: 'timeWindow',
  startOffset,
  endOffset,
  allowNonexistentUpstreamPartitions: false,
});

const PAIRED: PartitionMapping = {
  kind: 'static',
  downstreamByUpstream: [
    ['a', ['d']],
    ['b', ['d', 'b']],
    ['d', []],
  ],
};

const BY_DAY: PartitionMapping = {
  kind: 'multi',
  dimensions: [{ upstream: 'day', downstream: 'day', mapping: lag(-1, -1) }],
};

const BOTH: PartitionMapping = {
  kind: 'multi',
  dimensions: [
    { upstream: 'day', downstream: 'day', mapping: lag(-1, 0) },
    { upstream: 'letter', downstream: 'letter', mapping: { kind: 'identity' } },
  ],
};

type Definition = PartitionsDefinition | null;

const CASES: readonly (readonly [string, Definition, Definition, PartitionMapping | null])[] = [
  ['hours to days', hours, days, null],
  ['days to hours', days, hours, null],
  ['weeks to months', weeks, months, null],
  ['the days before', days, days, lag(-3, -1)],
  ['from a later start', lateDays, days, null],
  ['letters to others', letters, others, null],
  ['pairs', letters, others, PAIRED],
  ['every key', letters, days, { kind: 'all' }],
  ['the last key', letters, days, { kind: 'last' }],
  ['some keys', letters, days, { kind: 'specific', keys: ['b', 'c'] }],
  ['without partitions above', null, letters, null],
  ['without partitions below', letters, null, null],
  ['one dimension of two', letters, letterDays, null],
  ['two dimensions to one', letterDays, shortDays, null],
  ['by day alone', letterDays, letterDays, BY_DAY],
  ['by both dimensions', letterDays, letterDays, BOTH],
];

function assetsOf(upstream: Definition, downstream: Definition, mapping: PartitionMapping | null) {
  const indexOf = (one: Definition) => (one === null ? null : indexPartitions(one, CONTEXT));
  return {
    mapping: mapping ?? defaultMapping(upstream, downstream),
    upstream: indexOf(upstream),
    downstream: indexOf(downstream),
  };
}

function survey(assets: MappedAssets, other: PartitionMapping | null = null): MappingSurvey {
  const work = surveyMapping(assets, other);
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}

function listed({ starts, counts, size }: CountRuns): readonly number[] {
  return Array.from(counts).flatMap((count, run) =>
    Array.from({ length: (starts[run + 1] ?? size) - (starts[run] ?? 0) }, () => count),
  );
}

function readBy(assets: MappedAssets, ordinal: number) {
  return mapToUpstream({ ...assets, subset: [ordinal, ordinal + 1] });
}

describe('what a mapping comes to over all keys', () => {
  it.each(CASES)('[MAP-0] counts as each key alone is mapped: %s', (_, up, down, mapping) => {
    const assets = assetsOf(up, down, mapping);
    const found = survey(assets);
    const alone = Array.from({ length: assets.downstream?.count ?? 1 }, (_, at) =>
      readBy(assets, at),
    );
    expect(listed(found.reads)).toEqual(alone.map(({ subset }) => countOf(subset)));
    expect([...ordinalsOf(found.lacking)]).toEqual(
      alone.flatMap(({ requiredButNonexistent }, at) =>
        requiredButNonexistent.length > 0 ? [at] : [],
      ),
    );
    expect(listed(found.readers)).toEqual(
      Array.from({ length: assets.upstream?.count ?? 1 }, (_, at) =>
        countOf(mapToDownstream({ ...assets, subset: [at, at + 1] })),
      ),
    );
  });

  it('[MAP-TW-4] the day with 25 hours is a run of its own', () => {
    const { reads } = survey(assetsOf(hours, days, null));
    expect(Array.from(reads.counts)).toEqual([24, 25, 24]);
    expect(indexPartitions(days, CONTEXT).keyAt(reads.starts[1] ?? -1)).toBe('2024-11-03');
  });

  it('[MAP-TW-4] a month shares only part of the weeks at its ends', () => {
    expect(survey(assetsOf(weeks, months, null)).partial).toEqual([0, 2]);
    expect(survey(assetsOf(days, months, null)).partial).toEqual([]);
    expect(survey(assetsOf(months, days, null)).partial).toEqual([]);
  });

  it.each([
    ['the day before', days, days, lag(0, 0), lag(-1, -1)],
    ['every letter', letters, letters, { kind: 'identity' }, { kind: 'all' }],
    ['pairs', letters, others, { kind: 'identity' }, PAIRED],
    ['dimensions', letterDays, letterDays, BY_DAY, BOTH],
  ] as const)('[MAP-0] keys that read something else: %s', (_, up, down, one, other) => {
    const assets = assetsOf(up, down, one);
    const differing = new Set(ordinalsOf(survey(assets, other).differing ?? []));
    for (let at = 0; at < (assets.downstream?.count ?? 0); at += 1) {
      const [a, b] = [readBy(assets, at), readBy({ ...assets, mapping: other }, at)];
      const same =
        equalSubsets(a.subset, b.subset) &&
        a.requiredButNonexistent.length > 0 === b.requiredButNonexistent.length > 0;
      expect(differing.has(at), String(at)).toBe(!same);
    }
  });
});
