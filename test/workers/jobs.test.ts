import { describe, expect, it } from 'vitest';
import type { ConfigShape } from '../../src/config/config-schema.ts';
import type { AssetSpec, JobSpec } from '../../src/definitions/definitions.ts';
import type { Event } from '../../src/orchestration/event.ts';
import type { LaunchRequest } from '../../src/protocol/engine.ts';
import { asset, customers, days, dep } from '../orchestration/sample-assets.ts';
import { rangesOfKeys } from '../partitions/ranges-of-keys.ts';
import { FOREVER, noDefinitions, type Compute } from '../scenarios/fake-runner.ts';
import { MemoryStores } from '../../src/storage/memory-stores.ts';
import { NOW, Tab } from './tab.ts';

const shape = (name: string, kind: 'string' | 'int'): ConfigShape => ({
  kind: 'shape',
  permissive: false,
  fields: [{ name, schema: { kind }, required: true, description: null }],
});

/** A job of one op, `do`, that takes a key as its config. */
const opJob: JobSpec = {
  cellId: 'cell',
  name: 'work',
  jobName: 'work',
  description: null,
  assetKeys: [],
  partitionsDef: customers,
  partitionedConfig: true,
  tags: { team: 'x' },
  ops: [
    {
      stepKey: 'do',
      opName: 'do',
      description: null,
      config: shape('key', 'string'),
      configName: null,
      inputs: [],
      outputs: [{ name: 'result', required: true }],
    },
  ],
};

const assetJob = (assets: readonly AssetSpec[], more: Partial<JobSpec> = {}): JobSpec => {
  const { ops: _ops, partitionedConfig: _config, tags: _tags, ...job } = opJob;
  return { ...job, assetKeys: assets.map(({ assetKey }) => assetKey), ...more };
};

async function tabWith(
  job: JobSpec,
  {
    assets = [],
    compute = {},
    device = new MemoryStores(() => NOW),
    configOf = (key: string): unknown => key,
  }: {
    readonly assets?: readonly AssetSpec[];
    readonly compute?: Readonly<Record<string, Compute>>;
    readonly device?: MemoryStores;
    readonly configOf?: (key: string) => unknown;
  } = {},
) {
  const tab = new Tab(device);
  tab.definitions = { ...noDefinitions, assets, jobs: [job] };
  tab.compute = compute;
  tab.keyConfigs = {
    work: (key) => ({
      runConfig: { ops: { do: { config: { key: configOf(key) } } } },
      tags: { user: `u-${key}` },
    }),
  };
  return tab;
}

const request = (partitionKeys: readonly string[] | null, more: Partial<LaunchRequest> = {}) => ({
  assetKeys: [],
  partitionRanges: rangesOfKeys(partitionKeys),
  runConfig: {},
  tags: {},
  jobName: 'work',
  ...more,
});

async function runsOf(tab: Tab) {
  const all = { limit: 100, before: null, statuses: null };
  return [...(await tab.host.listRuns(tab.notebookId, all))].reverse();
}

const all = ['customer_a', 'customer_b', 'customer_c'];

describe('a launch of a job', () => {
  it('[JOB-1, PC-4, RUN-2] of one key is one run, with the config and the tags of its key', async () => {
    const calls: unknown[] = [];
    const tab = await tabWith(opJob, { compute: { 'work.do': (step) => calls.push(step.config) } });
    await tab.create();
    await tab.evaluate();
    const asked = request(['customer_b'], { tags: { mine: '1' } });
    expect(await tab.host.plan(tab.notebookId, asked)).toMatchObject({ runCount: 1, problems: [] });
    expect(await tab.host.launch(tab.notebookId, asked)).toMatchObject({ backfillId: null });
    await tab.ended();
    expect(calls).toEqual([{ key: 'customer_b' }]);
    const [run] = await runsOf(tab);
    expect(run).toMatchObject({
      jobName: 'work',
      status: 'SUCCESS',
      partitionKey: 'customer_b',
      runConfig: { ops: { do: { config: { key: 'customer_b' } } } },
    });
    expect(run?.tags).toEqual({
      team: 'x',
      user: 'u-customer_b',
      mine: '1',
      'dagster/partition': 'customer_b',
      'dagster/partition_set': 'work_partition_set',
    });
  });

  it('[RR-2, JOB-5] a config that is given replaces that of the key', async () => {
    const tab = await tabWith(opJob);
    await tab.create();
    await tab.evaluate();
    const runConfig = { ops: { do: { config: { key: 'another' } } } };
    await tab.host.launch(tab.notebookId, request(['customer_b'], { runConfig }));
    await tab.ended();
    expect((await runsOf(tab))[0]?.runConfig).toEqual(runConfig);
  });

  it('[JOB-5, CFG-9, PC-2] is refused for a key that does not exist, or a config that does not fit, or throws', async () => {
    const tab = await tabWith(opJob, {
      configOf: (key) => {
        if (key === 'customer_c') throw new RangeError('none for c');
        return key === 'customer_b' ? 5 : key;
      },
    });
    await tab.create();
    await tab.evaluate();
    const messages = async (keys: readonly string[]) =>
      (await tab.host.plan(tab.notebookId, request(keys))).problems.map(({ message }) => message);
    expect(await messages(['customer_z'])).toEqual([expect.stringContaining('customer_z')]);
    expect(await messages(['customer_b'])).toEqual([
      expect.stringContaining('Invalid scalar at path root:ops:do:config:key'),
    ]);
    expect(await messages(all)).toEqual([
      expect.stringMatching(/^customer_b: Invalid scalar/),
      'The config of work for customer_c could not be made: RangeError: none for c',
    ]);
    const outcome = await tab.host.launch(tab.notebookId, request(all));
    expect(outcome.status).toBe('refused');
    expect(await runsOf(tab)).toEqual([]);
  });

  it('[JB-1, JB-3, JB-5] of several keys is a backfill: a run for each, with its config; one failed run fails it', async () => {
    const tab = await tabWith(opJob, {
      compute: {
        'work.do': ({ config }) => {
          if ((config as { key: string }).key === 'customer_b') throw new Error('no');
        },
      },
    });
    await tab.create();
    await tab.evaluate();
    const asked = request(all, { tags: { mine: '1' } });
    const plan = await tab.host.plan(tab.notebookId, asked);
    expect(plan).toMatchObject({ runCount: 3, problems: [] });
    const outcome = await tab.host.launch(tab.notebookId, asked);
    await tab.ended();
    const backfillId = (outcome as { backfillId: string }).backfillId;
    const found = await tab.host.findBackfill(tab.notebookId, backfillId);
    expect(found?.backfill).toMatchObject({ status: 'COMPLETED_FAILED', runCount: 3 });
    expect(found?.progress).toEqual([
      {
        assetKey: 'work',
        partitioned: true,
        targeted: 3,
        materialized: 2,
        failed: 1,
        inProgress: 0,
      },
    ]);
    const runs = await runsOf(tab);
    expect(runs.map(({ partitionKey, status }) => [partitionKey, status])).toEqual([
      ['customer_a', 'SUCCESS'],
      ['customer_b', 'FAILURE'],
      ['customer_c', 'SUCCESS'],
    ]);
    expect(runs[0]?.tags).toEqual({
      team: 'x',
      user: 'u-customer_a',
      mine: '1',
      'dagster/partition': 'customer_a',
      'dagster/partition_set': 'work_partition_set',
      'dagster/backfill': backfillId,
    });
    expect(runs[2]?.runConfig).toEqual({ ops: { do: { config: { key: 'customer_c' } } } });
  });

  it('[BF-19] what a job backfill did not do can be repeated alone', async () => {
    let fails = true;
    const tab = await tabWith(opJob, {
      compute: {
        'work.do': ({ config }) => {
          if (fails && (config as { key: string }).key !== 'customer_a') throw new Error('no');
        },
      },
    });
    await tab.create();
    await tab.evaluate();
    const outcome = await tab.host.launch(tab.notebookId, request(all));
    await tab.ended();
    fails = false;
    const { backfillId } = outcome as { backfillId: string };
    const next = await tab.host.repeatBackfill(tab.notebookId, backfillId, 'missing');
    await tab.ended();
    const found = await tab.host.findBackfill(tab.notebookId, next ?? '');
    expect(found?.backfill.status).toBe('COMPLETED_SUCCESS');
    const again = (await runsOf(tab)).slice(3);
    expect(again.map(({ partitionKey }) => partitionKey)).toEqual(['customer_b', 'customer_c']);
    expect(again[0]?.tags).toMatchObject({ 'dagster/parent_backfill_id': backfillId });
  });

  it('[JB-4] what failed goes on from the step that failed, and what never ran is run whole', async () => {
    let fails = true;
    const made: string[] = [];
    const told =
      (assetKey: string, failing: boolean): Compute =>
      ({ partitionKeys: [key = ''] }) => {
        made.push(`${assetKey} ${key}`);
        if (failing && fails && key !== 'customer_a') throw new Error('no');
      };
    const assets = [asset('one', customers), asset('two', customers, [dep('one')])];
    const compute = { one: told('one', false), two: told('two', true) };
    const tab = await tabWith(assetJob(assets), { assets, compute });
    await tab.create();
    await tab.evaluate();
    const asked = request(['customer_a', 'customer_b']);
    const outcome = await tab.host.launch(tab.notebookId, asked);
    await tab.ended();
    fails = false;
    made.length = 0;
    const { backfillId } = outcome as { backfillId: string };
    const next = await tab.host.repeatBackfill(tab.notebookId, backfillId, 'missing');
    await tab.ended();
    expect(made).toEqual(['two customer_b']);
    const [, failed, again] = await runsOf(tab);
    expect(again).toMatchObject({
      assetKeys: ['two'],
      backfillId: next,
      parentRunId: failed?.runId,
      status: 'SUCCESS',
      tags: { 'dagster/parent_run_id': failed?.runId, 'dagster/is_resume_retry': 'true' },
    });
    made.length = 0;
    await tab.host.repeatBackfill(tab.notebookId, next ?? '', 'whole');
    await tab.ended();
    expect(made).toEqual(['one customer_b', 'two customer_b']);
  });

  it('[JB-2, JOB-4] over assets with policies runs over neighbours, by the smallest, with the config of the job', async () => {
    const policy = (most: number | null) => ({ backfillPolicy: { maxPartitionsPerRun: most } });
    const assets = [
      asset('one', days(), [], { ...policy(2), config: shape('n', 'int') }),
      asset('two', days(), [dep('one')], policy(null)),
    ];
    const runConfig = { ops: { one: { config: { n: 4 } } } };
    const job = assetJob(assets, { partitionsDef: days(), runConfig });
    const tab = await tabWith(job, { assets });
    await tab.create();
    await tab.evaluate();
    const keys = ['2024-01-01', '2024-01-02', '2024-01-03', '2024-01-05'];
    const given = { ops: { one: { config: { n: 9 } } } };
    const refused = await tab.host.plan(tab.notebookId, request(keys, { runConfig: given }));
    expect(refused.problems).toMatchObject([{ severity: 'error', field: 'config' }]);
    const plan = await tab.host.plan(tab.notebookId, request(keys));
    expect(plan).toMatchObject({ runCount: 3, problems: [], waves: [{ partitionsPerRun: 2 }] });
    await tab.host.launch(tab.notebookId, request(keys));
    await tab.ended();
    const runs = await runsOf(tab);
    expect(
      runs.map(({ tags }) => [
        tags['dagster/asset_partition_range_start'],
        tags['dagster/asset_partition_range_end'],
        tags['dagster/partition'],
      ]),
    ).toEqual([
      ['2024-01-01', '2024-01-02', undefined],
      ['2024-01-03', '2024-01-03', undefined],
      ['2024-01-05', '2024-01-05', undefined],
    ]);
    expect(runs[0]).toMatchObject({ runConfig, assetKeys: ['one', 'two'], partitionKey: null });
  });

  it('[JB-3] over assets, the config of the job comes before the one given for several keys, and after it for one', async () => {
    const assets = [asset('one', customers, [], { config: shape('n', 'int') })];
    const runConfig = { ops: { one: { config: { n: 4 } } } };
    const given = { ops: { one: { config: { n: 9 } } } };
    const tab = await tabWith(assetJob(assets, { runConfig }), { assets });
    await tab.create();
    await tab.evaluate();
    const several = request(all.slice(0, 2), { runConfig: given });
    const { problems } = await tab.host.plan(tab.notebookId, several);
    expect(problems).toMatchObject([{ severity: 'warning', field: 'config' }]);
    await tab.host.launch(tab.notebookId, several);
    await tab.host.launch(tab.notebookId, request(['customer_c'], { runConfig: given }));
    await tab.ended();
    expect((await runsOf(tab)).map((run) => run.runConfig)).toEqual([runConfig, runConfig, given]);
  });

  it('[JB-1] over assets, says that runs of a job do not wait for the keys they read', async () => {
    const yesterday = {
      kind: 'timeWindow',
      startOffset: -1,
      endOffset: -1,
      allowNonexistentUpstreamPartitions: true,
    } as const;
    const assets = [asset('chain', days(), [dep('chain', { mapping: yesterday })])];
    const tab = await tabWith(assetJob(assets, { partitionsDef: days() }), { assets });
    await tab.create();
    await tab.evaluate();
    const { problems } = await tab.host.plan(tab.notebookId, request(['2024-01-02', '2024-01-03']));
    expect(problems).toContainEqual({
      severity: 'warning',
      field: 'partitions',
      message:
        'chain reads other keys of itself, and the runs of a job do not wait for each other.',
    });
  });

  it('[BF-17, §12] a job backfill is canceled with its runs, whose steps are stopped, and asks for no more', async () => {
    const tab = await tabWith(opJob, { compute: { 'work.do': () => FOREVER } });
    await tab.create();
    await tab.evaluate();
    const outcome = await tab.host.launch(tab.notebookId, request(all));
    const { backfillId } = outcome as { backfillId: string };
    await tab.until(({ runCounts }) => runCounts.STARTED === 2);
    await tab.host.cancelBackfill(tab.notebookId, backfillId);
    await tab.ended();
    const found = await tab.host.findBackfill(tab.notebookId, backfillId);
    expect(found?.backfill.status).toBe('CANCELED');
    const runs = await runsOf(tab);
    expect(runs.map(({ status }) => status)).toEqual(all.map(() => 'CANCELED'));
    const told = await Promise.all(
      runs.map(
        ({ runId }) =>
          new Promise<readonly Event[]>((resolve) => {
            void tab.host.watchRunEvents(tab.notebookId, runId, resolve);
          }),
      ),
    );
    const stopped = told.map((events) => events.find(({ type }) => type === 'STEP_FAILURE'));
    // The third had not started.
    expect(stopped.map((event) => event && [event.stepKey, event.error?.name])).toEqual([
      ['do', 'DagsterExecutionInterruptedError'],
      ['do', 'DagsterExecutionInterruptedError'],
      undefined,
    ]);
  });

  it('[Q-5] a job backfill goes on in the next tab that leads, and runs no key twice', async () => {
    const device = new MemoryStores(() => NOW);
    const locks = { held: Promise.resolve() };
    const make = (compute: Readonly<Record<string, Compute>>) => {
      const tab = new Tab(device, locks);
      tab.definitions = { ...noDefinitions, jobs: [opJob] };
      tab.compute = compute;
      tab.keyConfigs = {
        work: (key) => ({ runConfig: { ops: { do: { config: { key } } } } }),
      };
      return tab;
    };
    const first = make({ 'work.do': () => FOREVER });
    await first.create();
    await first.evaluate();
    const outcome = await first.host.launch(first.notebookId, request(all));
    const { backfillId } = outcome as { backfillId: string };
    const done: unknown[] = [];
    const second = make({ 'work.do': ({ config }) => done.push(config) });
    await second.follow(first.notebookId);
    await second.evaluate();
    first.close();
    await second.until(
      ({ leader, runCounts, activeBackfills }) =>
        leader && runCounts.SUCCESS === 3 && activeBackfills.length === 0,
    );
    const found = await second.host.findBackfill(second.notebookId, backfillId);
    expect(found?.backfill).toMatchObject({ status: 'COMPLETED_SUCCESS', runCount: 3 });
    expect(done).toHaveLength(3);
  });

  it('[JOB-7] without a key is one run, with what it is given alone', async () => {
    const tab = await tabWith(opJob);
    await tab.create();
    await tab.evaluate();
    const { problems } = await tab.host.plan(tab.notebookId, request(null));
    expect(problems.map(({ severity, field }) => [severity, field])).toEqual([
      ['warning', 'partitions'],
      ['error', 'do.key'],
    ]);
    const runConfig = { ops: { do: { config: { key: 'none' } } } };
    await tab.host.launch(tab.notebookId, request(null, { runConfig }));
    await tab.ended();
    const [run] = await runsOf(tab);
    expect(run).toMatchObject({ partitionKey: null, runConfig, tags: { team: 'x' } });
  });
});

describe('what a job fills in', () => {
  it('[PC-2, CFG-15] is told for any key, with the tags by who adds them, or the error of its function', async () => {
    const tab = await tabWith(opJob, {
      configOf: (key) => {
        if (key === 'customer_c') throw new RangeError('none for c');
        return key;
      },
    });
    await tab.create();
    await tab.evaluate();
    const filled = (key: string | null) =>
      tab.host.readPartitionRunConfig(tab.notebookId, 'work', key);
    expect(await filled('customer_a')).toEqual({
      runConfig: { ops: { do: { config: { key: 'customer_a' } } } },
      from: 'partition',
      jobTags: { team: 'x' },
      partitionTags: {
        user: 'u-customer_a',
        'dagster/partition': 'customer_a',
        'dagster/partition_set': 'work_partition_set',
      },
      error: null,
    });
    expect(await filled('customer_c')).toMatchObject({
      from: null,
      error: { name: 'RangeError', message: 'none for c' },
    });
    expect(await filled(null)).toMatchObject({ runConfig: {}, from: null, error: null });
    expect(await tab.host.readPartitionRunConfig(tab.notebookId, 'other', null)).toBeNull();
  });
});
