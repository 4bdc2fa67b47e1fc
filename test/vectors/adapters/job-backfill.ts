import {
  iterateJobBackfill,
  type JobBackfill,
  type JobRunRequest,
} from '../../../src/orchestration/backfill/job-backfill.ts';
import { isTerminal, type RunConfig, type RunStatus } from '../../../src/orchestration/run.ts';
import type { PartitionKey } from '../../../src/partitions/context.ts';
import { definitionOf, type WrittenDefinition } from '../../partitions/vectors.ts';
import { compared } from '../compare-answers.ts';
import type { ComparedAnswer, VectorAdapter, VectorCase } from '../vector-adapter.ts';

interface JobBackfillCase extends VectorCase {
  readonly partitions: WrittenDefinition;
  readonly keys: readonly PartitionKey[];
  readonly configFrom?: 'partition';
  readonly fail?: Readonly<Record<PartitionKey, string>>;
  readonly options?: {
    readonly runsPerRound?: number;
    readonly cancelBeforeIteration?: number;
    readonly tags?: Readonly<Record<string, string>>;
    readonly runConfig?: RunConfig;
    readonly maxIterations?: number;
  };
  readonly expect: {
    readonly partitionSet: string;
    readonly iterations: readonly Readonly<Record<string, unknown>>[];
    readonly runs: unknown;
    readonly finalStatus: unknown;
  };
}

/** A run, as far as a job backfill asks. */
interface PlayedRun {
  readonly partition: PartitionKey;
  status: RunStatus;
}

/** Job backfills, look by look; the runs in between are played as the case says they end. */
export const jobBackfillAdapter: VectorAdapter = (vectorCase) => {
  const asked = vectorCase as JobBackfillCase;
  const { options = {}, expect } = asked;
  let backfill: JobBackfill = {
    backfillId: '<id>',
    status: 'REQUESTED',
    jobName: 'my_job',
    partitionsDef: definitionOf(asked.partitions),
    partitionKeys: asked.keys,
    submitted: 0,
    runConfig: options.runConfig ?? {},
    tags: options.tags ?? {},
  };
  const configOf =
    asked.configFrom === 'partition'
      ? (key: PartitionKey) => ({
          runConfig: { ops: { do: { config: { key } } } },
          tags: { user: `u-${key}` },
        })
      : null;
  const runs: PlayedRun[] = [];
  const answers: ComparedAnswer[] = [];
  for (let number = 1; number <= (options.maxIterations ?? 30); number++) {
    if (options.cancelBeforeIteration === number) backfill = { ...backfill, status: 'CANCELING' };
    const canceledRuns = backfill.status === 'CANCELING' && cancel(runs);
    const statuses = runs.map(({ status }) => status);
    const iteration = iterateJobBackfill(backfill, statuses, configOf, canceledRuns);
    backfill = iteration.backfill;
    const expected = expect.iterations[number - 1] ?? {};
    const actual = { launched: iteration.runRequests.map(writtenRequest), status: backfill.status };
    answers.push(compared(`iteration ${number}`, expected, actual));
    if (backfill.status !== 'REQUESTED' && backfill.status !== 'CANCELING') break;
    for (const { partitionKey } of iteration.runRequests) {
      runs.push({ partition: partitionKey, status: 'QUEUED' });
    }
    const waiting = runs.filter(({ status }) => status === 'QUEUED');
    for (const run of waiting.slice(0, options.runsPerRound)) {
      run.status = asked.fail?.[run.partition] === undefined ? 'SUCCESS' : 'FAILURE';
    }
  }
  answers.push(
    compared('partition set', expect.partitionSet, `${backfill.jobName}_partition_set`),
    compared('runs', expect.runs, runs),
    compared('final status', expect.finalStatus, backfill.status),
  );
  return answers;
};

/** @returns whether there was a run to cancel. */
function cancel(runs: readonly PlayedRun[]): boolean {
  const unfinished = runs.filter(({ status }) => !isTerminal(status));
  for (const run of unfinished) run.status = 'CANCELED';
  return unfinished.length > 0;
}

function writtenRequest({ partitionKey, tags, runConfig }: JobRunRequest): unknown {
  return { partition: partitionKey, tags, runConfig };
}
