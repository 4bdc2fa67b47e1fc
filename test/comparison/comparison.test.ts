import { describe, expect, it } from 'vitest';
import { InvalidDefinitionError } from '../../src/errors.ts';
import { bugReport } from '../../src/comparison/bug-report.ts';
import { compareAnswers, tallyOf, type Compared } from '../../src/comparison/compare-answers.ts';
import { Comparison } from '../../src/comparison/comparison.ts';
import type { DagsterReply } from '../../src/comparison/dagster-questions.ts';
import { equalAnswers } from '../../src/comparison/equal-answers.ts';
import { EngineAnswers, type EngineRules } from '../../src/comparison/engine-answers.ts';
import type { Question } from '../../src/comparison/question.ts';
import { questionWords, topicOf } from '../../src/comparison/question-words.ts';
import { sampleOrdinals } from '../../src/comparison/sample-keys.ts';
import { tagsOfKey } from '../../src/partitions/multi-keys.ts';
import { indexPartitions } from '../../src/partitions/index-partitions.ts';
import { listedKeys } from '../../src/partitions/listed-keys.ts';
import { defaultMapping } from '../../src/partitions/mapping/default-mapping.ts';
import { mapToDownstream, mapToUpstream } from '../../src/partitions/mapping/map-partitions.ts';
import { windowOfKey } from '../../src/partitions/time-queries.ts';
import { forecastBackfill } from '../../src/orchestration/backfill/forecast-backfill.ts';
import { runRequestsOf } from '../../src/orchestration/backfill/run-requests.ts';
import { resolveRunRequest } from '../../src/orchestration/resolve-run-request.ts';
import { nextTick } from '../../src/orchestration/ticks.ts';
import { validateConfig } from '../../src/config/validate.ts';
import { notebookUnderTest } from './asked-notebook.ts';
// What Dagster 1.13.27 answered, by `npm run record:dagster`.
import recorded from './dagster-replies.json' with { type: 'json' };

const HOUR_MS = 3_600_000;
const notebook = notebookUnderTest();
const replies = new Map(
  (recorded as unknown as readonly (readonly [Question, DagsterReply])[]).map(
    ([question, reply]) => [JSON.stringify(question), reply],
  ),
);

/** Compares all answers of the notebook under test with Dagster's, under other rules than the engine's. */
function compareAll(rules: Partial<EngineRules> = {}): readonly Compared[] {
  const comparison = new Comparison(notebook, rules);
  const { questions } = comparison.plan.questions;
  const known = questions.map((question) => {
    const reply = replies.get(JSON.stringify(question));
    if (!reply) throw new Error(`Not recorded: ${JSON.stringify(question)}`);
    return reply;
  });
  return comparison.compare(0, JSON.stringify(known));
}

/** What differs, as clauses. */
function differencesUnder(rules: Partial<EngineRules>): readonly string[] {
  const { questions } = new Comparison(notebook).plan;
  return compareAll(rules)
    .filter(({ verdict }) => verdict === 'differs')
    .map(({ question }) => questionWords(question, questions));
}

describe('the comparison of both engines', () => {
  it('[CMP-1] asks about all that the definitions say, and the same each time', () => {
    const { questions, definitions, edges } = new Comparison(notebook).plan.questions;
    expect(questions).toEqual(new Comparison(notebookUnderTest()).plan.questions.questions);
    expect(definitions.map(({ name }) => name)).toEqual([
      'by_hour',
      'by_day',
      'by_early_hour',
      'by_week',
      'by_month',
      'by_region',
      'by_letter',
      'by_grid',
      'by_picture',
      'by_album',
    ]);
    expect(edges).toHaveLength(12);
    expect(new Set(questions.map(topicOf))).toEqual(
      new Set(['definitions', 'keys', 'mappings', 'ticks', 'config', 'runs', 'staleness']),
    );
    expect(new Set(questions.map((question) => JSON.stringify(question))).size).toBe(
      questions.length,
    );
  });

  it('[CMP-1] [CMP-8] [CMP-9] finds that both agree on every answer', () => {
    const compared = compareAll();
    expect(compared.filter(({ verdict }) => verdict !== 'agrees')).toEqual([]);
    expect(tallyOf(compared).agrees).toBe(replies.size);
  });

  it('[CMP-2] looks at the ends and beside clock changes', () => {
    const definition = new Comparison(notebook).plan.questions.definitions[0]!.definition;
    const hours = indexPartitions(definition, {
      effectiveAt: notebook.now,
      dynamicPartitions: new Map(),
    });
    const keys = sampleOrdinals(hours, 12).map((ordinal) => hours.keyAt(ordinal));
    expect(keys).toContain('2025-10-20-00:00');
    expect(keys).toContain('2025-10-20-01:00');
    expect(keys).toContain('2025-11-02-01:00');
    expect(keys.at(-1)).toBe(hours.keyAt(hours.count - 1));
    expect(sampleOrdinals(hours, 1000)).toHaveLength(hours.count);
  });

  it('[CMP-2] tells many keys by a digest: the same number and ends are not enough', () => {
    const found = differencesUnder({
      listedKeys: (definition, context) => {
        const keys = [...listedKeys(definition, context)];
        if (keys.length > 60) [keys[30], keys[31]] = [keys[31]!, keys[30]!];
        return keys;
      },
    });
    expect(found).toEqual(['The keys of by_hour', 'The keys of by_early_hour']);
  });

  it('[CMP-3] compares data whatever the order of names, and errors by their class', () => {
    expect(equalAnswers({ a: 1, b: [2] }, { b: [2], a: 1 })).toBe(true);
    expect(equalAnswers({ a: 1 }, { a: 1, b: null })).toBe(false);
    expect(equalAnswers([1, 2], [2, 1])).toBe(false);
    expect(equalAnswers(1, true)).toBe(false);
    const fault = { error: 'CheckError', message: 'one way' };
    expect(equalAnswers(fault, { error: 'CheckError', message: 'another' })).toBe(true);
    expect(equalAnswers(fault, { error: 'KeyError', message: 'one way' })).toBe(false);
    expect(equalAnswers(fault, null)).toBe(false);
  });

  it('[CMP-4] counts what could not be asked neither way', () => {
    const question = { ask: 'job', jobName: 'all_days' } as const;
    const compared = compareAnswers(
      question,
      { assets: [] },
      { unasked: 'no such thing' },
      { questions: new Comparison(notebook).plan.questions, notebook },
    );
    expect(compared).toMatchObject({ verdict: 'unasked', dagsters: null });
    expect(compared.note).toContain('no such thing');
    expect(tallyOf([compared])).toEqual({ agrees: 0, differs: 0, known: 0, unasked: 1 });
  });
});

describe('a difference that is meant', () => {
  const odd = { ...notebook, dynamicPartitions: new Map([['pictures', ['sea', 'a|b']]]) };
  const { questions } = new Comparison(odd).plan;
  const edge = questions.edges.findIndex(({ downstreamKey }) => downstreamKey === 'by_album');
  const question = { ask: 'downstream', edge, keys: ['2025-11-01'] } as const;
  const ours = { listed: 1, keys: ['2025-11-01|sea'] };
  const asked = { questions, notebook: odd };

  it('[CMP-5] is a key that two dimensions cannot hold: Dagster maps to it and lists it nowhere', () => {
    const answer = { listed: 2, keys: ['2025-11-01|a|b', '2025-11-01|sea'] };
    const compared = compareAnswers(question, ours, { answer }, asked);
    expect(compared.verdict).toBe('known');
    expect(compared.note).toContain('MULTI-5');
  });

  it('[CMP-5] is not any other beside it', () => {
    const answer = { listed: 2, keys: ['2025-11-01|a|b', '2025-11-01|lake'] };
    expect(compareAnswers(question, ours, { answer }, asked).verdict).toBe('differs');
    const many = { listed: 62, first: 'a', last: 'b|c|d', digest: 'x' };
    const fewer = { listed: 61, first: 'a', last: 'b', digest: 'y' };
    const digested = { answer: { ...many, parting: fewer } };
    expect(compareAnswers(question, fewer, digested, asked).verdict).toBe('known');
    const others = { ...fewer, digest: 'z' };
    expect(compareAnswers(question, others, digested, asked).verdict).toBe('differs');
    expect(compareAnswers(question, fewer, { answer: many }, asked).verdict).toBe('differs');
    const even = { questions, notebook };
    const other = { listed: 2, keys: ['2025-11-01|a|b', '2025-11-01|sea'] };
    expect(compareAnswers(question, ours, { answer: other }, even).verdict).toBe('differs');
  });
});

describe('a wrong rule', () => {
  const rules: Readonly<Record<string, readonly [Partial<EngineRules>, RegExp]>> = {
    'a day that exists before it has ended': [
      {
        indexPartitions: (definition, context) =>
          indexPartitions(definition, {
            ...context,
            effectiveAt: context.effectiveAt + 14 * HOUR_MS,
          }),
      },
      /Whether “2025-11-04” is a key of by_day/,
    ],
    'a list without its last key': [
      { listedKeys: (...asked) => listedKeys(...asked).slice(0, -1) },
      /^The keys of by_region$/,
    ],
    'a day that always has 24 hours': [
      {
        windowOfKey: (definition, key) => {
          const { startAt, endAt } = windowOfKey(definition, key);
          const hours = Math.min(24, (endAt - startAt) / HOUR_MS);
          return { startAt, endAt: startAt + hours * HOUR_MS };
        },
      },
      /The time of 2025-11-02 in by_day/,
    ],
    'no tags for dimensions': [
      {
        tagsOfKey: (definition, key) => ({
          ...tagsOfKey(definition, key),
          'dagster/partition/day': '',
        }),
      },
      /The tags of a run of .*\|eu of by_grid/,
    ],
    'another default mapping': [
      {
        defaultMapping: (upstream, downstream) => {
          const mapping = defaultMapping(upstream, downstream);
          return mapping.kind === 'timeWindow' ? { kind: 'identity' } : mapping;
        },
      },
      /The mapping from by_day to by_week/,
    ],
    'a mapping that never fits': [
      {
        checkMapping: () => {
          throw new InvalidDefinitionError('It does not fit.');
        },
      },
      /The mapping from by_day to by_week/,
    ],
    'a range that leaves out the hour that comes twice': [
      {
        mapToUpstream: (asked) => {
          const found = mapToUpstream(asked);
          const [start = 0, end = 0] = found.subset;
          return end - start === 25
            ? { ...found, subset: [start, end - 1, ...found.subset.slice(2)] }
            : found;
        },
      },
      /What 2025-11-02 of by_day read in by_hour/,
    ],
    'what is missing passed over': [
      { mapToUpstream: (asked) => ({ ...mapToUpstream(asked), requiredButNonexistent: [] }) },
      /What 2025-10-25 of of_early read in by_early_hour/,
    ],
    'nothing reads the first key': [
      {
        mapToDownstream: (asked) => (asked.subset[0] === 0 ? [] : mapToDownstream(asked)),
      },
      /What reads eu of by_region in by_letter/,
    ],
    'ticks in UTC': [
      { nextTick: (schedule, after) => nextTick({ ...schedule, executionTimezone: 'UTC' }, after) },
      /The next ticks of every_night/,
    ],
    'numbers taken for texts': [
      {
        validateConfig: (schema, value, path) =>
          validateConfig(
            schema,
            JSON.parse(JSON.stringify(value).replaceAll('7.5', '"7.5"')) as unknown,
            path,
          ),
      },
      /Run config of by_day: 7.5 for by_day.label/,
    ],
    'a backfill that takes its keys in one run each time': [
      {
        runRequestsOf: (group, graph) =>
          runRequestsOf({ ...group, subset: group.subset.slice(0, 2) }, graph),
      },
      /The runs of a backfill of 2025-10-20 … 2025-11-03 .* of by_day$/,
    ],
    'a backfill that asks for everything at once': [
      {
        forecastBackfill: (...asked) => {
          const forecast = forecastBackfill(...asked);
          const runGroups = forecast.waves.flatMap((wave) => wave.runGroups);
          return { ...forecast, waves: [{ runGroups, rejections: [] }] };
        },
      },
      /The runs of a backfill of .* of by_hour, by_day$/,
    ],
    'nothing that goes stale by newer data': [
      { causesOf: () => [] },
      /Whether .* of by_letter is stale after 3 runs/,
    ],
    'runs of a key that no set has': [
      {
        resolveRunRequest: (request, target, world, tags) =>
          resolveRunRequest(request, { ...target, partitionsDef: null }, world, tags),
      },
      /What a run of 2025-11-03 of all_days is given/,
    ],
    'a default that is left out': [
      {
        validateConfig: (...asked) => {
          const outcome = validateConfig(...asked);
          return outcome.status === 'valid' ? { status: 'valid', value: asked[1] } : outcome;
        },
      },
      /Run config of by_day: what is required/,
    ],
  };

  it.each(Object.entries(rules))('[CMP-6] is found: %s', (_, [rule, where]) => {
    const found = differencesUnder(rule);
    expect(found.some((words) => where.test(words))).toBe(true);
  });
});

describe('a tick that gave wrong runs', () => {
  type Launch = (typeof notebook.ticks)[number]['runs'][number];
  const without = (launch: Launch, tag: string): Launch => ({
    ...launch,
    tags: Object.fromEntries(Object.entries(launch.tags).filter(([name]) => name !== tag)),
  });
  /** Dagster is asked the same: what it adds to a request, it adds whether the engine did or not. */
  const wrong: Readonly<Record<string, readonly [string, (launch: Launch) => readonly Launch[]]>> =
    {
      'the key of the day that has just begun': [
        'each_day',
        (launch) => [{ ...launch, partitionKey: '2025-11-05' }],
      ],
      'no run key': ['each_day', (launch) => [{ ...launch, runKey: null }]],
      'two runs for one': ['each_day', (launch) => [launch, launch]],
      'no run': ['each_day', () => []],
      'nothing of the schedule': [
        'each_day',
        (launch) => [without(launch, 'dagster/schedule_name')],
      ],
      "no tags of the schedule's job": ['by_hand', (launch) => [without(launch, 'team')]],
      'no tag of the key': ['by_hand', (launch) => [without(launch, 'dagster/partition')]],
    };

  it.each(Object.entries(wrong))('[CMP-6] [CMP-9] is found: %s', (_, [schedule, change]) => {
    const ticks = notebook.ticks.map((tick) =>
      tick.name === schedule ? { ...tick, runs: tick.runs.flatMap(change) } : tick,
    );
    const { plan } = new Comparison(notebook);
    const question = plan.questions.questions.find(
      (one) => one.ask === 'tick' && one.name === schedule,
    )!;
    const asked = { questions: plan.questions, notebook: { ...notebook, ticks } };
    const ours = new EngineAnswers(asked.notebook, plan.questions).answer(question);
    const reply = replies.get(JSON.stringify(question))!;
    const compared = compareAnswers(question, ours, reply, asked);
    expect(compared.verdict).toBe('differs');
    expect(questionWords(question, plan.questions)).toMatch(`The runs that ${schedule} asks for`);
    expect(compared.ours).not.toEqual(compared.dagsters);
  });
});

describe('a report of differences', () => {
  it('[CMP-7] names the question, both answers and the definitions, and no answer ends its fence', () => {
    const { plan } = new Comparison(notebook);
    const text = bugReport(
      [
        {
          question: { ask: 'tags', definition: 1, key: '2025-11-02' },
          verdict: 'differs',
          ours: { error: 'CheckError', message: '```\n# not a heading\n````' },
          dagsters: { 'dagster/partition': '2025-11-02' },
          note: null,
        },
      ],
      { questions: plan.questions, version: '1.13.27', now: '2025-11-04', module: plan.module },
    );
    expect(text).toContain('### The tags of a run of 2025-11-02 of by_day');
    expect(text).toContain('`````\nCheckError: ```\n# not a heading\n````\n`````');
    expect(text).toContain('"dagster/partition": "2025-11-02"');
    expect(text).toContain('@dg.asset(');
  });
});
