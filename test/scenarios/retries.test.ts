import { describe, expect, it } from 'vitest';
import { asset, customers, dep } from '../orchestration/sample-assets.ts';
import { NOTEBOOK, NotebookScenario } from './notebook-scenario.ts';

const assets = [asset('orders', customers), asset('summary', customers, [dep('orders')])];
const both = ['orders', 'summary'];
const all = { limit: 100, before: null, statuses: null };

/** A notebook whose `summary` fails so often before it succeeds. */
function failing(times: number) {
  const calls: string[] = [];
  let left = times;
  const notebook = new NotebookScenario(assets, {
    orders: () => void calls.push('orders'),
    summary: () => {
      calls.push('summary');
      if (left-- > 0) throw new Error('no');
    },
  });
  return { notebook, calls };
}

async function runsOf({ instances }: NotebookScenario) {
  return [...(await instances.listRuns(NOTEBOOK, all))].reverse();
}

describe('a run that fails (BF-19)', () => {
  it('[BF-19] is tried again by itself, as often as its tag says, from where it failed', async () => {
    const { notebook, calls } = failing(1);
    await notebook.run(both, ['customer_a'], { tags: { 'dagster/max_retries': '2' } });
    const [first, second, ...others] = await runsOf(notebook);
    expect(others).toEqual([]);
    expect(first).toMatchObject({ status: 'FAILURE' });
    expect(first?.tags).toMatchObject({
      'dagster/will_retry': 'true',
      'dagster/auto_retry_run_id': second?.runId,
    });
    expect(second).toMatchObject({
      status: 'SUCCESS',
      assetKeys: ['summary'],
      parentRunId: first?.runId,
    });
    expect(second?.tags).toMatchObject({
      'dagster/retry_number': '1',
      'dagster/parent_run_id': first?.runId,
      'dagster/root_run_id': first?.runId,
      'dagster/is_resume_retry': 'true',
    });
    expect(second?.tags).not.toHaveProperty('dagster/will_retry');
    expect(calls).toEqual(['orders', 'summary', 'summary']);
    expect(notebook.status('summary')).toEqual({ materialized: ['customer_a'] });
  });

  it('[BF-19] is tried again whole if its tag says so, and not more often than it may be', async () => {
    const { notebook, calls } = failing(9);
    const tags = { 'dagster/max_retries': '1', 'dagster/retry_strategy': 'ALL_STEPS' };
    await notebook.run(both, ['customer_a'], { tags });
    const runs = await runsOf(notebook);
    expect(runs.map(({ status, assetKeys }) => [status, assetKeys])).toEqual([
      ['FAILURE', both],
      ['FAILURE', both],
    ]);
    expect(runs[1]?.tags).not.toHaveProperty('dagster/will_retry');
    expect(calls).toEqual(['orders', 'summary', 'orders', 'summary']);
  });

  it('[BF-19] is not tried again if its tag excepts failures of steps', async () => {
    const { notebook } = failing(9);
    const tags = {
      'dagster/max_retries': '1',
      'dagster/retry_on_asset_or_op_failure': 'false',
    };
    await notebook.run(both, ['customer_a'], { tags });
    expect(await runsOf(notebook)).toHaveLength(1);
  });

  it('[BF-14, BF-19] in a backfill holds it open until its retry has ended, and is mended by it', async () => {
    const { notebook } = failing(1);
    const keys = ['customer_a', 'customer_b', 'customer_c'];
    const outcome = await notebook.run(both, keys, { tags: { 'dagster/max_retries': '1' } });
    const { backfillId } = outcome as { backfillId: string };
    const record = await notebook.instances.readRecord(NOTEBOOK, 'backfill', backfillId);
    expect(record?.value).toMatchObject({ status: 'COMPLETED_SUCCESS' });
    const runs = await runsOf(notebook);
    expect(runs).toHaveLength(4);
    expect(runs.at(-1)).toMatchObject({ backfillId, status: 'SUCCESS', assetKeys: ['summary'] });
  });

  it('[BF-19, Q-5] is tried again by the next daemon if the one before did not come to it', async () => {
    const { notebook } = failing(1);
    await notebook.run(both, ['customer_a']);
    const [run] = await runsOf(notebook);
    if (!run) throw new Error('there is no run');
    const tags = { ...run.tags, 'dagster/max_retries': '1', 'dagster/will_retry': 'true' };
    const nothing = { rows: [], values: [], checkpoints: [] };
    await notebook.instances.append(NOTEBOOK, { ...nothing, runs: [{ ...run, tags }] });
    const next = new NotebookScenario(assets, {}, { instances: notebook.instances });
    await next.daemon.start();
    await next.settled();
    const runs = await runsOf(next);
    expect(runs.map(({ status }) => status)).toEqual(['FAILURE', 'SUCCESS']);
    expect(runs[1]).toMatchObject({ assetKeys: ['summary'], parentRunId: run.runId });
  });
});
