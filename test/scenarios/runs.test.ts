import { describe, expect, it } from 'vitest';
import { AssetGraph } from '../../src/definitions/graph.ts';
import { reexecutionOf } from '../../src/orchestration/reexecute-run.ts';
import { StatusFolds } from '../../src/orchestration/status-folds.ts';
import { MemoryInstanceStore } from '../../src/storage/memory-instance-store.ts';
import { makeStaticPartitionsDefinition } from '../../src/partitions/definition/static.ts';
import { asset, customers, days, dep, load, months } from '../orchestration/sample-assets.ts';
import { FOREVER, NO_VALUE, type Compute } from './fake-runner.ts';
import { NOTEBOOK, NotebookScenario, turn } from './notebook-scenario.ts';

const pair = [
  asset('customer_orders', customers),
  asset('customer_summary', customers, [load('customer_orders')]),
];
const keys = ['customer_a', 'customer_b', 'customer_c'];
const both = ['customer_orders', 'customer_summary'];
const fine: Readonly<Record<string, Compute>> = {
  customer_orders: ({ partitionKeys: [key] }) => `orders of ${key}`,
  customer_summary: () => 'summary',
};
const failing = (bad: string): Readonly<Record<string, Compute>> => ({
  ...fine,
  customer_orders: ({ partitionKeys: [key] }) => {
    if (key === bad) throw new Error(`no orders for ${key}`);
    return 'orders';
  },
});

describe('runs', () => {
  it('[RUN-3, PS-1] one key fails, what depends on it is not tried, the others are done', async () => {
    const scenario = new NotebookScenario(pair, failing('customer_c'));
    await scenario.run(both, keys);
    expect(scenario.status('customer_orders')).toEqual({
      materialized: ['customer_a', 'customer_b'],
      failed: ['customer_c'],
    });
    expect(scenario.status('customer_summary')).toEqual({
      materialized: ['customer_a', 'customer_b'],
      notTried: ['customer_c'],
    });
    expect(scenario.folds.of('customer_orders').newestFailure).toMatchObject({
      partitionKey: 'customer_c',
      keys: 1,
      error: { message: 'no orders for customer_c', frames: [{ line: 3 }] },
    });
    expect(scenario.folds.of('customer_summary').newestFailure).toBeNull();
    const runs = await scenario.instances.listRuns(NOTEBOOK, {
      limit: 9,
      before: null,
      statuses: null,
    });
    expect(
      runs.map(({ status, partitionKey, failure }) => [partitionKey, status, failure]),
    ).toEqual([
      ['customer_c', 'FAILURE', 'customer_orders: Error: no orders for customer_c'],
      ['customer_b', 'SUCCESS', null],
      ['customer_a', 'SUCCESS', null],
    ]);

    scenario.edit(pair, fine);
    await scenario.run(both, ['customer_c']);
    expect(scenario.status('customer_orders')).toEqual({ materialized: keys });
    expect(scenario.status('customer_summary')).toEqual({ materialized: keys });
    expect(scenario.folds.of('customer_orders').newestFailure).toBeNull();
  });

  it('[IO-4] a step gets what the step before it in the run stored', async () => {
    const scenario = new NotebookScenario(pair, fine);
    await scenario.run(both, ['customer_b']);
    expect(scenario.runner.calls[1]?.inputs).toEqual([
      {
        name: 'customer_orders',
        keys: ['customer_b'],
        kind: 'single',
        value: 'orders of customer_b',
      },
    ]);
    expect(
      await scenario.instances.readValue(NOTEBOOK, 'customer_orders', 'customer_b'),
    ).toMatchObject({
      path: 'customer_orders/customer_b',
      value: 'orders of customer_b',
    });
  });

  it('[IO-4, BF-7] months load their days, the report loads every month, wave by wave', async () => {
    const assets = [
      asset('daily', days('2024-01-01', '2024-03-01')),
      asset('monthly', months('2024-01-01', '2024-03-01'), [load('daily')]),
      asset('report', null, [load('monthly')]),
    ];
    const scenario = new NotebookScenario(
      assets,
      {
        daily: ({ partitionKeys: [day] }) => Number(day?.slice(8)),
        monthly: ({ inputs: [input] }) => (input?.kind === 'byKey' ? input.entries.length : 0),
        report: ({ inputs: [input] }) => input,
      },
      { now: '2024-03-10T00:00:00Z' },
    );
    const all = Array.from({ length: 60 }, (_, day) =>
      new Date(Date.UTC(2024, 0, 1 + day)).toISOString().slice(0, 10),
    );
    await scenario.run(['daily', 'monthly', 'report'], all);
    expect(await scenario.instances.readValue(NOTEBOOK, 'report', null)).toMatchObject({
      value: {
        kind: 'byKey',
        entries: [
          ['2024-01-01', 31],
          ['2024-02-01', 29],
        ],
      },
    });
    const counts = await scenario.instances.countRuns(NOTEBOOK);
    expect(counts.SUCCESS).toBe(63);
  });

  it('[BF-5] a month of which a day failed is not requested', async () => {
    const scenario = new NotebookScenario(
      [
        asset('daily', days('2024-01-01', '2024-03-01')),
        asset('monthly', months('2024-01-01', '2024-03-01'), [dep('daily')]),
      ],
      {
        daily: ({ partitionKeys: [day] }) => {
          if (day === '2024-02-02') throw new Error('no data');
        },
      },
      { now: '2024-03-10T00:00:00Z' },
    );
    await scenario.run(['daily', 'monthly'], ['2024-01-31', '2024-02-01', '2024-02-02']);
    expect(scenario.status('daily')).toEqual({
      materialized: ['2024-01-31', '2024-02-01'],
      failed: ['2024-02-02'],
    });
    expect(scenario.status('monthly')).toEqual({ materialized: ['2024-01-01'] });
    expect(scenario.runner.calls.filter(({ assetKey }) => assetKey === 'monthly')).toHaveLength(1);
  });

  it('[BF-10] an asset that reads itself goes key by key, oldest first', async () => {
    const yesterday = {
      kind: 'timeWindow',
      startOffset: -1,
      endOffset: -1,
      allowNonexistentUpstreamPartitions: false,
    } as const;
    const scenario = new NotebookScenario(
      [asset('total', days(), [load('total', { mapping: yesterday })])],
      {
        total: async ({ inputs: [before] }) => {
          await turn();
          return (before?.kind === 'single' ? Number(before.value) : 0) + 1;
        },
      },
    );
    await scenario.run(['total'], ['2024-01-01', '2024-01-02', '2024-01-03']);
    expect(scenario.runner.most).toBe(1);
    expect(await scenario.instances.readValue(NOTEBOOK, 'total', '2024-01-03')).toMatchObject({
      value: 3,
    });
  });

  it('[IO-5] what is not stored fails the step with the file error', async () => {
    const scenario = new NotebookScenario(pair, fine);
    await scenario.run(['customer_summary'], ['customer_a']);
    const failure = scenario.events.find(({ type }) => type === 'STEP_FAILURE');
    expect(failure?.error).toMatchObject({
      name: 'DagsterExecutionLoadInputError',
      message: 'Error occurred while loading input "customer_orders" of step "customer_summary":',
      cause: {
        name: 'FileNotFoundError',
        message: "[Errno 2] No such file or directory: 'storage/customer_orders/customer_a'",
      },
    });
    expect(scenario.runner.calls).toEqual([]);
  });

  it('[IO-8, IO-9] a result without value is recorded, and not handled', async () => {
    const scenario = new NotebookScenario([asset('a')], { a: () => NO_VALUE });
    await scenario.run(['a'], null);
    expect(scenario.events.map(({ type }) => type)).toEqual([
      'ASSET_MATERIALIZATION_PLANNED',
      'RUN_ENQUEUED',
      'RUN_STARTING',
      'RUN_START',
      'STEP_START',
      'STEP_OUTPUT',
      'ASSET_MATERIALIZATION',
      'STEP_SUCCESS',
      'RUN_SUCCESS',
    ]);
    expect(scenario.status('a')).toEqual({ materialized: [''] });
    expect(await scenario.instances.readValue(NOTEBOOK, 'a', null)).toBeNull();
  });

  it('[RUN-2] runs bear their key, their partition set or their backfill', async () => {
    const scenario = new NotebookScenario(pair, fine);
    await scenario.run(both, ['customer_a'], {
      jobName: 'all_customers_job',
      tags: { user: 'me' },
    });
    await scenario.run(both, ['customer_a', 'customer_b']);
    const runs = await scenario.instances.listRuns(NOTEBOOK, {
      limit: 9,
      before: null,
      statuses: null,
    });
    expect(runs.map(({ tags }) => tags).reverse()).toEqual([
      {
        user: 'me',
        'dagster/partition': 'customer_a',
        'dagster/partition_set': 'all_customers_job_partition_set',
      },
      { 'dagster/partition': 'customer_a', 'dagster/backfill': runs[0]?.backfillId },
      { 'dagster/partition': 'customer_b', 'dagster/backfill': runs[0]?.backfillId },
    ]);
    expect(runs[0]?.backfillId).toMatch(/^[a-z]{8}$/);
  });
});

describe('the queue', () => {
  it('[Q-1] no more runs execute at once than the limit allows', async () => {
    const scenario = new NotebookScenario(
      [asset('daily', days('2024-01-01'))],
      { daily: turn },
      { limit: 3 },
    );
    await scenario.run(
      ['daily'],
      ['2024-01-01', '2024-01-02', '2024-01-03', '2024-01-04', '2024-01-05'],
    );
    expect(scenario.runner.most).toBe(3);
  });

  it('[Q-2] under the virtual clock, ends are in queue order, whatever finishes first', async () => {
    let openFirst = () => {};
    const first = new Promise<void>((resolve) => (openFirst = resolve));
    const scenario = new NotebookScenario([asset('customer_orders', customers)], {
      customer_orders: ({ partitionKeys: [key] }) => (key === 'customer_a' ? first : undefined),
    });
    await scenario.launch(['customer_orders'], keys);
    for (let at = 0; at < 5; at++) await turn();
    expect(scenario.status('customer_orders')).toEqual({ materializing: keys });
    openFirst();
    await scenario.settled();
    const ends = scenario.events.filter(({ type }) => type === 'RUN_SUCCESS');
    expect(ends.map(({ runId }) => runId)).toEqual(
      scenario.events.filter(({ type }) => type === 'RUN_ENQUEUED').map(({ runId }) => runId),
    );
  });

  it('[Q-3] the same actions give the same log', async () => {
    const logOf = async (limit: number) => {
      const scenario = new NotebookScenario(pair, failing('customer_b'), { limit });
      await scenario.run(both, keys);
      await scenario.run(both, ['customer_b']);
      return scenario.events;
    };
    expect(await logOf(4)).toEqual(await logOf(1));
  });

  it('[Q-4] in real time, a run that takes long is written as it goes', async () => {
    const scenario = new NotebookScenario(
      [asset('slow', customers)],
      { slow: ({ partitionKeys: [key] }) => (key === 'customer_a' ? FOREVER : undefined) },
      { realTime: true },
    );
    await scenario.launch(['slow'], ['customer_a', 'customer_b']);
    for (let at = 0; at < 5; at++) await turn();
    expect(scenario.status('slow')).toEqual({
      materialized: ['customer_b'],
      materializing: ['customer_a'],
    });
    scenario.pauses.splice(0).forEach((settle) => settle());
    for (let at = 0; at < 5; at++) await turn();
    const [run] = await scenario.instances.listUnfinishedRuns(NOTEBOOK);
    expect(run?.status).toBe('STARTED');
    expect(scenario.eventsOf(run?.runId).at(-1)?.type).toBe('STEP_START');
    await scenario.daemon.stop(null);
    await scenario.settled();
    expect(
      scenario
        .eventsOf(run?.runId)
        .map(({ type }) => type)
        .slice(-4),
    ).toEqual(['STEP_START', 'RUN_CANCELING', 'STEP_FAILURE', 'RUN_CANCELED']);
  });
});

describe('stopping', () => {
  const stuck: Readonly<Record<string, Compute>> = { ...fine, customer_orders: () => FOREVER };

  it('[PS-2] one run is canceled, whether it runs or waits; its key stays as it was', async () => {
    const scenario = new NotebookScenario(pair, stuck, { limit: 1 });
    const launched = await scenario.launch(both, keys);
    const [first = '', second = ''] = launched.status === 'launched' ? launched.runIds : [];
    await scenario.daemon.stop(second);
    expect(scenario.status('customer_orders')).toEqual({
      materializing: ['customer_a'],
      queued: ['customer_c'],
    });
    await scenario.daemon.stop(first);
    for (let at = 0; at < 5; at++) await turn();
    expect(scenario.status('customer_orders')).toEqual({ materializing: ['customer_c'] });
    await scenario.daemon.stop(null);
    await scenario.settled();
    expect(scenario.status('customer_orders')).toEqual({});
    expect((await scenario.instances.countRuns(NOTEBOOK)).CANCELED).toBe(3);
  });

  it('[PS-2] all runs at once; what was green stays green', async () => {
    const scenario = new NotebookScenario(pair, fine, { limit: 2 });
    await scenario.run(both, ['customer_a']);
    scenario.edit(pair, stuck);
    await scenario.launch(both, keys);
    await turn();
    await scenario.daemon.stop(null);
    await scenario.settled();
    expect(scenario.status('customer_orders')).toEqual({ materialized: ['customer_a'] });
    const events = scenario.events.slice(-2).map(({ type }) => type);
    expect(events).toEqual(['STEP_FAILURE', 'RUN_CANCELED']);
  });

  it('[§12, PS-2] the step that runs fails as interrupted, what waits for it says nothing, and no key has failed', async () => {
    const chain = [
      asset('a', customers),
      asset('b', customers, [dep('a')]),
      asset('c', customers, [dep('b')]),
    ];
    const scenario = new NotebookScenario(chain, { a: () => 1, b: () => FOREVER });
    await scenario.launch(['a', 'b', 'c'], ['customer_a']);
    for (let at = 0; at < 9; at++) await turn();
    const [run] = await scenario.instances.listUnfinishedRuns(NOTEBOOK);
    await scenario.daemon.stop(null);
    await scenario.settled();
    const events = scenario.eventsOf(run?.runId);
    const from = events.findIndex(({ type }) => type === 'RUN_CANCELING');
    expect(
      events.slice(from).map(({ type, stepKey, error }) => [type, stepKey, error?.name]),
    ).toEqual([
      ['RUN_CANCELING', null, undefined],
      ['STEP_FAILURE', 'b', 'DagsterExecutionInterruptedError'],
      ['RUN_CANCELED', null, undefined],
    ]);
    expect(events.filter(({ stepKey }) => stepKey === 'c').map(({ type }) => type)).toEqual([
      'ASSET_MATERIALIZATION_PLANNED',
    ]);
    expect(scenario.status('a')).toEqual({ materialized: ['customer_a'] });
    expect([scenario.status('b'), scenario.status('c')]).toEqual([{}, {}]);
    expect(scenario.folds.of('b').newestFailure).toBeNull();
    const [ended] = await scenario.instances.listRuns(NOTEBOOK, {
      limit: 1,
      before: null,
      statuses: null,
    });
    if (!ended) throw new Error('No run was kept.');
    const again = reexecutionOf(ended, 'fromFailure', events, new AssetGraph(chain));
    expect(again.assetKeys).toEqual(['b', 'c']);
  });

  it('[§12] a step with a retry policy is to be tried again, and the run is canceled all the same', async () => {
    const policy = { maxRetries: 1, delaySeconds: 0 };
    const stubborn = [{ ...asset('a', customers), retryPolicy: policy }];
    const failsFirst = ({ retryNumber = 0 }: { readonly retryNumber?: number }) => {
      if (retryNumber === 0) throw new Error('not yet');
      return FOREVER;
    };
    for (const [compute, expected] of [
      [() => FOREVER, ['STEP_START', 'RUN_CANCELING', 'STEP_UP_FOR_RETRY', 'RUN_CANCELED']],
      [failsFirst, ['STEP_RESTARTED', 'RUN_CANCELING', 'STEP_FAILURE', 'RUN_CANCELED']],
    ] as const) {
      const scenario = new NotebookScenario(stubborn, { a: compute });
      await scenario.launch(['a'], ['customer_a']);
      for (let at = 0; at < 9; at++) await turn();
      await scenario.daemon.stop(null);
      await scenario.settled();
      expect(scenario.events.slice(-4).map(({ type }) => type)).toEqual(expected);
    }
  });

  it('[PS-2] a failure from before keeps its words when the run that tries again is canceled', async () => {
    const scenario = new NotebookScenario(pair, failing('customer_a'));
    await scenario.run(both, ['customer_a']);
    scenario.edit(pair, stuck);
    await scenario.launch(['customer_orders'], ['customer_a']);
    for (let at = 0; at < 9; at++) await turn();
    await scenario.daemon.stop(null);
    await scenario.settled();
    expect(scenario.status('customer_orders')).toEqual({ failed: ['customer_a'] });
    const { newestFailure } = scenario.folds.of('customer_orders');
    expect(newestFailure?.error.message).toBe('no orders for customer_a');
  });
});

describe('a new daemon', () => {
  it('[Q-5, BF-19] takes up what waits, and tries again what had started', async () => {
    const instances = new MemoryInstanceStore();
    const slow: Readonly<Record<string, Compute>> = { customer_orders: () => FOREVER };
    const before = new NotebookScenario([pair[0] as (typeof pair)[0]], slow, {
      instances,
      limit: 1,
      realTime: true,
    });
    await before.launch(['customer_orders'], keys);
    await turn();
    before.pauses.splice(0).forEach((settle) => settle());
    for (let at = 0; at < 5; at++) await turn();
    before.daemon.dispose();

    const after = new NotebookScenario(pair, fine, { instances });
    await after.folds.load(NOTEBOOK, instances);
    await after.daemon.start();
    await after.settled();
    expect(after.status('customer_orders')).toEqual({ materialized: keys });
    expect(after.folds.of('customer_orders').newestFailure).toBeNull();
    const [interrupted] = await instances.listRuns(NOTEBOOK, {
      limit: 1,
      before: null,
      statuses: ['FAILURE'],
    });
    expect(interrupted?.failure).toContain('closed or reloaded');
    expect(after.eventsOf(interrupted?.runId).map(({ type }) => type)).toEqual([
      'STEP_FAILURE',
      'RUN_FAILURE',
    ]);
    const [retry] = await instances.listRuns(NOTEBOOK, {
      limit: 1,
      before: null,
      statuses: ['SUCCESS'],
    });
    expect(retry).toMatchObject({
      parentRunId: interrupted?.runId,
      partitionKey: 'customer_a',
      tags: { 'dagster/parent_run_id': interrupted?.runId, 'dagster/retry_number': '1' },
    });
  });

  it('[Q-5] ends as failed a single run that had started', async () => {
    const instances = new MemoryInstanceStore();
    const slow: Readonly<Record<string, Compute>> = { customer_orders: () => FOREVER };
    const before = new NotebookScenario(pair, slow, { instances, realTime: true });
    await before.launch(['customer_orders'], ['customer_a']);
    await turn();
    before.pauses.splice(0).forEach((settle) => settle());
    for (let at = 0; at < 5; at++) await turn();
    before.daemon.dispose();
    const after = new NotebookScenario(pair, fine, { instances });
    await after.folds.load(NOTEBOOK, instances);
    await after.daemon.start();
    await after.settled();
    expect(after.status('customer_orders')).toEqual({ failed: ['customer_a'] });
    expect(after.folds.of('customer_orders').newestFailure?.error.kind).toBe(
      'DagsterExecutionInterruptedError',
    );
  });

  it('[BF-6] makes the runs of a look that an earlier daemon did not come to make', async () => {
    const instances = new MemoryInstanceStore();
    const many = makeStaticPartitionsDefinition(
      Array.from({ length: 1500 }, (_, at) => String(at).padStart(4, '0')),
    );
    const assets = [asset('first', many), asset('second', many, [dep('first')])];
    const before = new NotebookScenario(assets, { first: () => FOREVER }, { instances });
    const index = before.keySpace.indexOf(many);
    const append = instances.append.bind(instances);
    instances.append = async (...batch) => {
      const events = await append(...batch);
      before.daemon.dispose();
      return events;
    };
    await before.launch(['first', 'second'], index?.keys() ?? []);
    expect((await instances.countRuns(NOTEBOOK)).QUEUED).toBe(1000);
    instances.append = append;
    const after = new NotebookScenario(assets, {}, { instances });
    await after.folds.load(NOTEBOOK, instances);
    await after.daemon.start();
    await after.settled();
    expect(after.status('second').materialized).toHaveLength(1500);
    expect((await instances.countRuns(NOTEBOOK)).SUCCESS).toBe(1500);
  });

  it('[Q-5] waits for code before it ends or tries anything of a backfill, and keeps no run from its look', async () => {
    const instances = new MemoryInstanceStore();
    const before = new NotebookScenario(pair, { customer_orders: () => FOREVER }, { instances });
    await before.launch(both, keys);
    for (let at = 0; at < 5; at++) await turn();
    before.daemon.dispose();
    const after = new NotebookScenario(pair, fine, { instances });
    await after.folds.load(NOTEBOOK, instances);
    after.hasCode = false;
    await after.daemon.start();
    expect(after.status('customer_orders')).toEqual({ queued: keys });
    after.hasCode = true;
    after.daemon.pump();
    await turn();
    await after.settled();
    expect(after.status('customer_summary')).toEqual({ materialized: keys });
    expect((await instances.countRuns(NOTEBOOK)).SUCCESS).toBe(3);
    const [backfill] = await instances.listRecords(NOTEBOOK, 'backfill', {
      prefix: '',
      before: null,
      limit: 9,
    });
    expect(backfill?.value).toMatchObject({ status: 'COMPLETED_SUCCESS' });
  });

  it('[BF-5, BF-19] goes on with a backfill, and tries again what was interrupted', async () => {
    const instances = new MemoryInstanceStore();
    const assets = [
      asset('daily', days('2024-01-01', '2024-03-01')),
      asset('monthly', months('2024-01-01', '2024-03-01'), [dep('daily')]),
    ];
    const before = new NotebookScenario(
      assets,
      {
        daily: ({ partitionKeys: [day] }) => {
          if (day === '2024-01-01') throw new Error('no data');
          return day === '2024-02-01' ? FOREVER : 1;
        },
      },
      { instances, now: '2024-03-10T00:00:00Z' },
    );
    await before.launch(['daily', 'monthly'], ['2024-01-01', '2024-02-01']);
    for (let at = 0; at < 5; at++) await turn();
    before.daemon.dispose();
    const after = new NotebookScenario(assets, {}, { instances, now: '2024-03-10T00:00:00Z' });
    await after.folds.load(NOTEBOOK, instances);
    await after.daemon.start();
    await after.settled();
    // The day that was interrupted is tried again; the month of the one that failed is not requested.
    expect(after.status('monthly')).toEqual({ materialized: ['2024-02-01'] });
    const records = await instances.listRecords(NOTEBOOK, 'backfill', {
      prefix: '',
      before: null,
      limit: 9,
    });
    expect(records).toMatchObject([{ value: { status: 'COMPLETED_FAILED' } }]);
  });
});

describe('history', () => {
  it('[PS-4] every key keeps its own when the definition changes', async () => {
    const scenario = new NotebookScenario(pair, failing('customer_c'));
    await scenario.run(both, keys);
    const more = makeStaticPartitionsDefinition([
      'customer_a',
      'customer_aa',
      'customer_c',
      'customer_b',
    ]);
    scenario.edit([asset('customer_orders', more)], fine);
    expect(scenario.status('customer_orders')).toEqual({
      materialized: ['customer_a', 'customer_b'],
      failed: ['customer_c'],
    });
    scenario.edit(pair, fine);
    expect(scenario.status('customer_summary')).toEqual({
      materialized: ['customer_a', 'customer_b'],
      notTried: ['customer_c'],
    });
  });

  it('[PS-4] a start date that moves turns no key green, nor back', async () => {
    const scenario = new NotebookScenario([asset('daily', days('2024-01-03'))], {});
    await scenario.run(['daily'], ['2024-01-03', '2024-01-05']);
    for (const start of ['2024-01-01', '2024-01-05', '2024-01-03']) {
      scenario.edit([asset('daily', days(start))], {});
      const materialized = ['2024-01-03', '2024-01-05'].filter((day) => day >= start);
      expect(scenario.status('daily')).toEqual({ materialized });
    }
  });

  it('[PS-4] is taken up again from checkpoints, or from the log where they do not fit', async () => {
    const scenario = new NotebookScenario(pair, failing('customer_c'));
    await scenario.run(both, keys);
    expect(await scenario.instances.readCheckpoints(NOTEBOOK)).toHaveLength(2);
    const again = async (definition: typeof customers) => {
      const folds = new StatusFolds();
      const assets = [asset('customer_orders', definition), asset('new_one', definition)];
      folds.declare(assets, scenario.keySpace);
      await folds.load(NOTEBOOK, scenario.instances);
      return folds.of('customer_orders').statuses(new Set());
    };
    const same = await again(customers);
    expect(same).toMatchObject({ materialized: [0, 2], failed: [2, 3] });
    const other = makeStaticPartitionsDefinition(['customer_c', 'customer_b', 'x', 'customer_a']);
    expect(await again(other)).toMatchObject({ failed: [0, 1], materialized: [1, 2, 3, 4] });
  });
});
