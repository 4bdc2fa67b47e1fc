import { describe, expect, it } from 'vitest';
import type { EventDraft } from '../../src/orchestration/event.ts';
import { reexecutionOf } from '../../src/orchestration/reexecute-run.ts';
import { endInterrupted } from '../../src/orchestration/interrupted-run.ts';
import {
  PlayedRuns,
  type PlayedFunction,
  type WrittenAsset,
  type WrittenOutcomes,
  type WrittenRun,
} from '../vectors/played-runs.ts';

const daily = { kind: 'daily', start: '2024-01-01' } as const;
const now = '2024-01-08T00:00:00Z';

/** Steps and what happened to them, as `TYPE step key`. */
function told(events: readonly EventDraft[], ...types: readonly EventDraft['type'][]) {
  return events
    .filter(({ type }) => types.includes(type))
    .map(({ type, stepKey, partitionKey }) =>
      [type.replace(/^(STEP|ASSET)_/, ''), stepKey, partitionKey].filter(Boolean).join(' '),
    );
}

const STEPS = [
  'STEP_START',
  'STEP_RESTARTED',
  'STEP_UP_FOR_RETRY',
  'STEP_SKIPPED',
  'STEP_SUCCESS',
  'STEP_FAILURE',
] as const;

/** Plays one run of assets. */
async function run(
  assets: readonly WrittenAsset[],
  {
    outcomes = {},
    functions = {},
    ...written
  }: WrittenRun & {
    readonly outcomes?: WrittenOutcomes;
    readonly functions?: Readonly<Record<string, PlayedFunction>>;
  } = {},
) {
  const world = new PlayedRuns({ graph: { assets }, now, outcomes }, functions);
  const played = await world.play(written);
  if ('raised' in played) throw new Error(played.raised.message);
  return { ...played, world };
}

/** An asset that depends on others, and loads nothing. */
const on = (key: string, ...upstream: readonly string[]): WrittenAsset => ({
  key,
  deps: upstream.map((asset) => ({ asset })),
});

describe('the steps of a run', () => {
  it('[§12] go as they become ready, and by name among those that are ready together', async () => {
    const { events } = await run([
      on('zz'),
      on('yy'),
      on('xx', 'zz'),
      on('aa', 'zz'),
      on('b', 'yy'),
    ]);
    expect(told(events, 'STEP_START')).toEqual(
      ['yy', 'zz', 'b', 'aa', 'xx'].map((step) => `START ${step}`),
    );
  });

  it('[§12] one that is tried again goes behind those that are ready', async () => {
    const retried = { ...on('a'), retryPolicy: { maxRetries: 2 } };
    const outcomes = { a: { '': ['fail', 'ok'] } };
    const { run: ended, events } = await run([retried, on('b'), on('c', 'a')], { outcomes });
    expect(ended.status).toBe('SUCCESS');
    expect(told(events, ...STEPS)).toEqual([
      'START a',
      'UP_FOR_RETRY a',
      'START b',
      'SUCCESS b',
      'RESTARTED a',
      'SUCCESS a',
      'START c',
      'SUCCESS c',
    ]);
  });

  it('[§12] a retry that is asked for counts on its own, and says when it was the last', async () => {
    const asks = { ...on('a'), maxRetries: 1 };
    const { events } = await run([asks], { outcomes: { a: { '': 'retry' } } });
    const failure = events.find(({ type }) => type === 'STEP_FAILURE');
    expect(failure?.error).toMatchObject({
      name: 'RetryRequested',
      message: 'Exceeded max_retries of 1',
    });
  });

  it('[§12] an error of Dagster’s own is not tried again; one of loading is', async () => {
    const policy = { retryPolicy: { maxRetries: 1 } };
    const functions = {
      a: () => {
        throw Object.assign(new Error('no key'), { name: 'DagsterInvariantViolationError' });
      },
    };
    const own = await run([{ ...on('a'), ...policy }], { functions });
    expect(told(own.events, ...STEPS)).toEqual(['START a', 'FAILURE a']);
    const loads: WrittenAsset = { key: 'b', deps: [{ asset: 'a', load: true }], ...policy };
    const loading = await run([on('a'), loads], { select: ['b'] });
    expect(told(loading.events, ...STEPS)).toEqual([
      'START b',
      'UP_FOR_RETRY b',
      'RESTARTED b',
      'FAILURE b',
    ]);
    const failure = loading.events.find(({ type }) => type === 'STEP_FAILURE');
    expect(failure?.error?.cause?.name).toBe('FileNotFoundError');
  });

  it('[§12, 4] what is not recorded skips all behind it, also where another upstream failed', async () => {
    const outcomes = { opt: { '': 'omit' }, w: { '': 'fail' } };
    const { run: ended, events } = await run(
      [
        { ...on('opt'), optionalOutput: true },
        on('p', 'opt'),
        on('q', 'p'),
        on('w'),
        on('both', 'opt', 'w'),
      ],
      { outcomes },
    );
    expect(ended.status).toBe('FAILURE');
    expect(told(events, ...STEPS)).toEqual([
      'START opt',
      'SUCCESS opt',
      'SKIPPED p',
      'SKIPPED q',
      'START w',
      'FAILURE w',
      'SKIPPED both',
    ]);
  });

  it('[§12, 4] a step behind one that failed says so, and one behind that too', async () => {
    const outcomes = { a: { '': 'fail' } };
    const { events } = await run([on('a'), on('b', 'a'), on('c', 'a', 'b')], { outcomes });
    const lines = events.filter(({ type, level }) => type === 'LOG' && level === 'ERROR');
    expect(lines.map(({ message }) => message)).toEqual([
      "Dependencies for step b failed: ['a']. Not executing.",
      "Dependencies for step c failed: ['a'] were not executed: ['b']. Not executing.",
    ]);
  });

  it('[CTX-12] metadata of the output, of the I/O manager, of the asset, of the key: later wins', async () => {
    const functions: Readonly<Record<string, PlayedFunction>> = {
      x: (step, services) =>
        services.output?.(step.stepId, 'x', {
          value: 1,
          hasValue: true,
          handled: true,
          metadata: { path: 'mine', output: 1, asset: 1, key: 1 },
          assetMetadata: { asset: 2, key: 2 },
          metadataByKey: { '2024-01-02': { key: 3 }, '2024-01-03': { key: 4 } },
          dataVersion: null,
        }),
    };
    const step = { multiAsset: 'm', partitions: daily, canSubset: true, assets: [{ key: 'x' }] };
    const world = new PlayedRuns({ graph: { assets: [step] }, now }, functions);
    const played = await world.play({ partition: '2024-01-02' });
    if ('raised' in played) throw new Error(played.raised.message);
    const recorded = played.events.find(({ type }) => type === 'ASSET_MATERIALIZATION');
    expect(recorded?.metadata).toEqual({
      path: 'storage/x/2024-01-02',
      output: 1,
      asset: 2,
      key: 3,
    });
  });
});

describe('steps of several assets', () => {
  const step = (canSubset: boolean) => ({
    multiAsset: 'm',
    canSubset,
    assets: [on('x'), on('y', 'x'), on('w')],
  });

  it('[§12, 4] a run may take some of them; what waits for one that is left out is skipped', async () => {
    const world = new PlayedRuns({
      graph: { assets: [step(true), on('z', 'x'), on('v', 'w')] },
      now,
      outcomes: { w: { '': 'omit' } },
    });
    const played = await world.play({ select: ['x', 'w', 'z', 'v'] });
    if ('raised' in played) throw new Error(played.raised.message);
    expect(played.calls.map(({ asset }) => asset)).toEqual(['x', 'w', 'z']);
    expect(told(played.events, ...STEPS)).toEqual([
      'START m',
      'SUCCESS m',
      'SKIPPED v',
      'START z',
      'SUCCESS z',
    ]);
    expect(world.folds.of('y').isKnown).toBe(false);
  });

  it('[§12] one that was not told of, and may not be left out, is recorded without a value', async () => {
    const world = new PlayedRuns({
      graph: { assets: [step(false)] },
      now,
      outcomes: { y: { '': 'omit' } },
    });
    const played = await world.play({});
    if ('raised' in played) throw new Error(played.raised.message);
    const recorded = played.events.filter(({ type }) => type === 'ASSET_MATERIALIZATION');
    expect(recorded.map(({ assetKey }) => assetKey)).toEqual(['x', 'y', 'w']);
    expect(played.run.status).toBe('SUCCESS');
  });
});

describe('runs over a range', () => {
  const range = ['2024-01-06', '2024-01-10'] as const;

  it('[PS-5, TW-33] keys that do not exist yet are planned and computed, and not recorded', async () => {
    const { events, calls } = await run([{ key: 'a', partitions: daily }], { range });
    expect(calls[0]?.partitions).toHaveLength(5);
    expect(told(events, 'ASSET_MATERIALIZATION_PLANNED')).toHaveLength(5);
    expect(told(events, 'ASSET_MATERIALIZATION')).toEqual([
      'MATERIALIZATION a 2024-01-06',
      'MATERIALIZATION a 2024-01-07',
    ]);
  });

  it('[CTX-5] one in reverse has no keys, and is recorded without one', async () => {
    const { run: ended, events } = await run([{ key: 'a', partitions: daily }], {
      range: ['2024-01-06', '2024-01-04'],
    });
    expect(ended.status).toBe('SUCCESS');
    expect(told(events, 'ASSET_MATERIALIZATION_PLANNED', 'ASSET_MATERIALIZATION')).toEqual([
      'MATERIALIZATION a',
    ]);
  });

  it('[JOB-2] an asset without partitions rides along and is recorded once', async () => {
    const { events } = await run([on('u'), { ...on('b', 'u'), partitions: daily }], {
      range: ['2024-01-06', '2024-01-07'],
    });
    expect(told(events, 'ASSET_MATERIALIZATION')).toEqual([
      'MATERIALIZATION u',
      'MATERIALIZATION b 2024-01-06',
      'MATERIALIZATION b 2024-01-07',
    ]);
  });

  it.each([
    [{ 'dagster/asset_partition_range_start': '2024-01-06' }, undefined, /set without the other/],
    [
      {
        'dagster/asset_partition_range_start': '2024-01-06',
        'dagster/asset_partition_range_end': '2024-01-07',
      },
      '2024-01-03',
      /tags set along with dagster\/partition/,
    ],
  ])('[CTX-1] its two ends go together, and without a key: %j', async (tags, partition, words) => {
    const made = run([{ key: 'a', partitions: daily }], {
      tags,
      ...(partition !== undefined && { partition }),
    });
    await expect(made).rejects.toThrow(words);
  });
});

describe('runs that are executed again', () => {
  const outcomes = { b: { '': 'fail' }, opt: { '': 'omit' } };
  const graph = [
    on('a'),
    on('b', 'a'),
    on('c', 'b'),
    { ...on('opt'), optionalOutput: true },
    on('skipped', 'opt'),
  ];
  const failed = async () => {
    const { run: ended, events, world } = await run(graph, { outcomes, tags: { team: 'x' } });
    const history = events.map((event, at) => ({ ...event, eventId: at + 1 }));
    return { ended, history, graph: world.graph };
  };

  it('[RUN-2] bear the tags of the first, and name it and the root', async () => {
    const { ended, history, graph: declared } = await failed();
    const again = reexecutionOf(ended, 'all', history, declared);
    expect(again).toMatchObject({ assetKeys: ended.assetKeys, parentRunId: ended.runId });
    expect(again.tags).toEqual({
      team: 'x',
      'dagster/parent_run_id': ended.runId,
      'dagster/root_run_id': ended.runId,
    });
    const third = reexecutionOf({ ...ended, ...again, runId: 'second' }, 'all', [], declared);
    expect(third.tags).toMatchObject({
      'dagster/parent_run_id': 'second',
      'dagster/root_run_id': ended.runId,
    });
  });

  it('[BF-19] from failure: what did not succeed and what waits for it, not what was skipped', async () => {
    const { ended, history, graph: declared } = await failed();
    const again = reexecutionOf(ended, 'fromFailure', history, declared);
    expect(again.assetKeys).toEqual(['b', 'c']);
    expect(again.tags['dagster/is_resume_retry']).toBe('true');
    const succeeded = { ...ended, status: 'SUCCESS' as const };
    expect(() => reexecutionOf(succeeded, 'fromFailure', history, declared)).toThrow(/not failed/);
  });
});

describe('runs that are interrupted', () => {
  it('[Q-5] the steps that had started fail with them, also those that were tried again', async () => {
    const retried = { ...on('a'), retryPolicy: { maxRetries: 2 } };
    const { run: ended, events } = await run([retried, on('b')], {
      outcomes: { a: { '': ['fail', 'ok'] } },
    });
    const cut = events.findIndex(({ type }) => type === 'STEP_RESTARTED') + 1;
    const history = events.slice(0, cut).map((event, at) => ({ ...event, eventId: at + 1 }));
    const end = endInterrupted({ ...ended, status: 'STARTED' }, history, ended.createdAt);
    expect(told(end.events, 'STEP_FAILURE')).toEqual(['FAILURE a']);
    const canceling = { ...ended, status: 'CANCELING' } as const;
    const canceled = endInterrupted(canceling, history, ended.createdAt);
    expect(canceled.events.map(({ type, stepKey }) => [type, stepKey])).toEqual([
      ['STEP_FAILURE', 'a'],
      ['RUN_CANCELED', null],
    ]);
  });
});
