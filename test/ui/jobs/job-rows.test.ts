import { describe, expect, it } from 'vitest';
import {
  RUN_STATUS_CODES,
  StepCode,
  type JobHistory,
} from '../../../src/orchestration/job-history.ts';
import type { RunStatus } from '../../../src/orchestration/run.ts';
import { indexPartitions } from '../../../src/partitions/index-partitions.ts';
import {
  ages,
  columnsWith,
  durations,
  jobRows,
  valuesAmong,
} from '../../../src/ui/jobs/job-rows.ts';
import { among } from '../../../src/ui/jobs/job-statuses.ts';
import { findKeys } from '../../../src/ui/launchpad/find-keys.ts';

interface MadeRun {
  readonly keys: readonly [first: number, last: number];
  readonly status: RunStatus;
  readonly steps: readonly number[];
}

/** Runs of a job with the steps `first` and `second`, a minute apart. */
function historyOf(...runs: readonly MadeRun[]): JobHistory {
  return {
    stepKeys: ['first', 'second'],
    runIds: runs.map((_, at) => `r${at}`),
    statuses: Uint8Array.from(runs, ({ status }) => RUN_STATUS_CODES.indexOf(status)),
    firstOrdinals: Int32Array.from(runs, ({ keys }) => keys[0]),
    lastOrdinals: Int32Array.from(runs, ({ keys }) => keys[1]),
    createdAt: Float64Array.from(runs, (_, at) => at * 60_000),
    tookMs: Float64Array.from(runs, (_, at) => at + 1),
    isOfJob: new Uint8Array(runs.length).fill(1),
    steps: Uint8Array.from(runs.flatMap(({ steps }) => steps)),
    stepMs: new Float64Array(runs.length * 2).fill(0),
  };
}

const { success, failure, skipped, none } = StepCode;
const whole: MadeRun = { keys: [0, 4], status: 'SUCCESS', steps: [success, success] };
const failed: MadeRun = { keys: [2, 2], status: 'FAILURE', steps: [success, failure] };
const retried: MadeRun = { keys: [2, 2], status: 'SUCCESS', steps: [none, success] };

describe('the matrix of a job', () => {
  it('shows the last run of each key, and of each step the last that tells of it', () => {
    const history = historyOf(failed, retried);
    const { rows } = jobRows(history, 5, false);
    expect(rows.map(({ name, statuses }) => [name, statuses.materialized])).toEqual([
      ['last run', [2, 3]],
      ['first', [2, 3]],
      ['second', [2, 3]],
    ]);
    expect(rows.map(({ runs }) => runs[2])).toEqual([1, 0, 1]);
  });

  it('shows what was run before, as far back as a key has runs', () => {
    const { rows, byKey } = jobRows(historyOf(whole, failed, retried), 5, true);
    expect(rows.map(({ name }) => name)).toEqual([
      'last run',
      'the run before',
      '2 runs before',
      'first',
      'second',
    ]);
    expect(rows[1]?.statuses.failed).toEqual([2, 3]);
    expect(rows[2]?.statuses.materialized).toEqual([2, 3]);
    expect(byKey.runsOf(2)).toEqual([2, 1, 0]);
    expect(byKey.runsOf(4)).toEqual([0]);
  });

  it('shows a step that waited for a failed one as not tried', () => {
    const { rows } = jobRows(historyOf({ ...failed, steps: [failure, skipped] }), 5, false);
    expect(rows[2]?.statuses.notTried).toEqual([2, 3]);
  });

  it('has of a job without partitions a column for each run', () => {
    const { columns, rows } = jobRows(historyOf(whole, failed), null, true);
    expect(columns).toBe(2);
    expect(rows[0]?.statuses.failed).toEqual([1, 2]);
  });

  it('keeps failures and gaps alone, counted among themselves', () => {
    const { rows } = jobRows(historyOf({ ...whole, keys: [0, 2] }, failed), 5, false);
    const columns = columnsWith(rows, new Set(['failed', 'missing']), 5);
    expect(columns).toEqual([2, 5]);
    const [first] = rows;
    expect(first && among(first.statuses, columns)).toMatchObject({ failed: [0, 1] });
  });

  it('puts the values of some columns side by side', () => {
    expect([...valuesAmong(Float64Array.of(1, 2, 3, 4, 5), [0, 1, 3, 5])]).toEqual([1, 4, 5]);
  });

  it('tells ages by the clock, and durations by real time where the clock stood', () => {
    const history = historyOf(whole, failed);
    const [row] = jobRows(history, 6, false).rows;
    expect(row && [...ages(row, history, 120_000)]).toEqual([
      120_000,
      120_000,
      60_000,
      120_000,
      120_000,
      NaN,
    ]);
    expect(row && [...durations(row, history)]).toEqual([1, 1, 2, 1, 1, NaN]);
  });
});

it('finds keys by what they hold, the exact one first', () => {
  const context = { effectiveAt: 0, dynamicPartitions: new Map<string, string[]>() };
  const keys = ['ab', 'b', 'abc', 'x'];
  const index = indexPartitions({ kind: 'static', keys }, context);
  const found = (text: string, lastFirst: boolean) =>
    findKeys(index, text, lastFirst, 10).map((ordinal) => keys[ordinal]);
  expect(found('b', false)).toEqual(['b', 'ab', 'abc']);
  expect(found('AB', true)).toEqual(['abc', 'ab']);
  expect(found('', true)).toEqual(['x', 'abc', 'b', 'ab']);
});
