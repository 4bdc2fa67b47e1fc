import { describe, expect, it } from 'vitest';
import type { JobSpec } from '../../src/definitions/definitions.ts';
import type { Event, EventType } from '../../src/orchestration/event.ts';
import {
  concernsJob,
  jobHistory,
  noteStep,
  StepCode,
  stepsAsOf,
  stepKeysOfJob,
  type StepStanding,
} from '../../src/orchestration/job-history.ts';
import type { Run } from '../../src/orchestration/run.ts';
import { indexPartitions } from '../../src/partitions/index-partitions.ts';

const job: JobSpec = {
  cellId: 'c1',
  name: 'nightly',
  jobName: 'nightly',
  ops: ['first', 'second'].map((stepKey) => ({
    stepKey,
    opName: stepKey,
    description: null,
    config: null,
    configName: null,
    inputs: [],
    outputs: [],
  })),
  assetKeys: [],
  partitionsDef: { kind: 'static', keys: ['a', 'b', 'c'] },
  description: null,
};

const index = indexPartitions(
  { kind: 'static', keys: ['a', 'b', 'c'] },
  { effectiveAt: 0, dynamicPartitions: new Map() },
);

function run(runId: string, partitionKey: string | null, more: Partial<Run> = {}): Run {
  return {
    notebookId: 'n',
    runId,
    runNumber: 1,
    jobName: 'nightly',
    status: 'SUCCESS',
    assetKeys: [],
    partitionKey,
    tags: {},
    runConfig: {},
    backfillId: null,
    parentRunId: null,
    createdAt: 5,
    startedAt: 5,
    endedAt: 9,
    tookMs: 4,
    failure: null,
    ...more,
  };
}

/** The steps after these events, each `TYPE step@instant`. */
function stepsAfter(...lines: readonly string[]): ReadonlyMap<string, StepStanding> {
  const steps = new Map<string, StepStanding>();
  for (const line of lines) {
    const [type = '', stepKey = '', at = ''] = line.split(/[ @]/);
    noteStep(steps, {
      eventId: 1,
      runId: 'r',
      type: type as EventType,
      level: 'INFO',
      at: Number(at),
      message:
        type === 'LOG' ? `Dependencies for step ${stepKey} failed: ['first']. Not executing.` : '',
      stepKey,
      assetKey: null,
      partitionKey: null,
      metadata: null,
      error: null,
      byAuthor: false,
    } satisfies Event);
  }
  return steps;
}

describe('what the runs of a job came to', () => {
  it('tells how each step ended and how long it took', () => {
    const steps = stepsAfter('STEP_START first@10', 'STEP_FAILURE first@14', 'LOG second@14');
    const history = jobHistory(job, stepKeysOfJob(job, []), [run('r', 'b')], () => steps, index);
    expect([...history.steps]).toEqual([StepCode.failure, StepCode.skipped]);
    expect([...history.stepMs]).toEqual([4, 0]);
    expect([history.firstOrdinals[0], history.lastOrdinals[0]]).toEqual([1, 1]);
  });

  it('counts a step that is tried again from its last attempt', () => {
    const steps = stepsAfter(
      'STEP_START first@10',
      'STEP_RESTARTED first@20',
      'STEP_SUCCESS first@23',
    );
    expect(steps.get('first')).toMatchObject({ code: StepCode.success, startedAt: 20 });
  });

  it('places a run over a range on all its keys, and one whose key is gone on none', () => {
    const range = {
      'dagster/asset_partition_range_start': 'a',
      'dagster/asset_partition_range_end': 'c',
    };
    const runs = [run('r1', null, { tags: range }), run('r2', 'gone'), run('r3', null)];
    const history = jobHistory(job, ['first'], runs, () => undefined, index);
    expect([...history.firstOrdinals]).toEqual([0, -1, -1]);
    expect([...history.lastOrdinals]).toEqual([2, -1, -1]);
    expect([...history.steps]).toEqual([0, 0, 0]);
  });

  it('tells of an earlier instant what stood then', () => {
    const steps = stepsAfter(
      'STEP_START first@10',
      'STEP_SUCCESS first@14',
      'STEP_START second@14',
    );
    const codesAt = (at: number) => [...stepsAsOf(steps, at)].map(([key, { code }]) => [key, code]);
    expect(codesAt(9)).toEqual([]);
    expect(codesAt(12)).toEqual([['first', StepCode.running]]);
    expect(codesAt(14)).toEqual([
      ['first', StepCode.success],
      ['second', StepCode.running],
    ]);
  });

  it('takes in runs that hold an asset of the job, whoever launched them', () => {
    const ofAssets = { ...job, assetKeys: ['orders'] };
    expect(concernsJob(run('r', 'a', { jobName: '__ASSET_JOB' }), ofAssets)).toBe(false);
    const byHand = run('r', 'a', { jobName: '__ASSET_JOB', assetKeys: ['orders'] });
    expect(concernsJob(byHand, ofAssets)).toBe(true);
  });
});
