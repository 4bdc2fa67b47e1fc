import { describe, expect, it } from 'vitest';
import { runsAtFirst } from '../../../src/app/runs-shown.ts';
import type { Run, RunStatus } from '../../../src/orchestration/run.ts';
import { launcherOf, listShownRuns } from '../../../src/ui/runs/shown-runs.ts';

function run(runNumber: number, more: Partial<Run> = {}): Run {
  return {
    runId: `r${runNumber}`,
    runNumber,
    jobName: '__ASSET_JOB',
    status: 'SUCCESS',
    assetKeys: ['orders'],
    partitionKey: null,
    tags: {},
    backfillId: null,
    parentRunId: null,
    ...more,
  } as Run;
}

const all = [
  run(7, { tags: { 'dagster/schedule_name': 'nightly' }, jobName: 'night' }),
  run(6, { backfillId: 'b2', partitionKey: 'customer_b' }),
  run(5, { parentRunId: 'r1' }),
  run(4, { backfillId: 'b1', partitionKey: 'customer_a', status: 'FAILURE' }),
  run(3, { backfillId: 'b1', partitionKey: 'customer_b' }),
  run(2, { backfillId: 'b1', partitionKey: 'customer_c' }),
  run(1),
];

interface Options {
  readonly limit: number;
  readonly before: number | null;
  readonly statuses: readonly RunStatus[] | null;
}
const listRuns = async ({ limit, before, statuses }: Options) =>
  all
    .filter(({ runNumber }) => before === null || runNumber < before)
    .filter(({ status }) => statuses === null || statuses.includes(status))
    .slice(0, limit);

async function shown(change: Partial<typeof runsAtFirst>) {
  const { runs } = await listShownRuns({ ...runsAtFirst, ...change }, 100, 1000, listRuns);
  return runs.map(({ runNumber }) => runNumber);
}

describe('which runs are listed', () => {
  it('[RUN-1] the runs of a backfill are one row, until it is asked for', async () => {
    expect(await shown({})).toEqual([7, 6, 5, 4, 1]);
    expect(await shown({ grouped: false })).toEqual([7, 6, 5, 4, 3, 2, 1]);
    expect(await shown({ backfillId: 'b1' })).toEqual([4, 3, 2]);
  });

  it('[RUN-1] by status, asset or job, key, and who launched them', async () => {
    expect(await shown({ status: 'failed' })).toEqual([4]);
    expect(await shown({ subject: 'NIGHT' })).toEqual([7]);
    expect(await shown({ key: '_b', grouped: false })).toEqual([6, 3]);
    expect(await shown({ by: 'schedule' })).toEqual([7]);
    expect(await shown({ by: 'again' })).toEqual([5]);
    expect(await shown({ by: 'hand' })).toEqual([1]);
    expect(all.map(launcherOf).filter((by) => by === 'backfill')).toHaveLength(4);
  });

  it('[RUN-1] says when not all were looked through', async () => {
    const few = await listShownRuns({ ...runsAtFirst, grouped: false }, 3, 1000, listRuns);
    expect(few.isWhole).toBe(false);
    const whole = await listShownRuns({ ...runsAtFirst, key: 'zzz' }, 3, 1000, listRuns);
    expect(whole).toEqual({ runs: [], isWhole: true, read: 7 });
  });
});
