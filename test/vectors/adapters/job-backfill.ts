import type { BackfillStatus } from '../../../src/orchestration/backfill/backfill.ts';
import { jobRunFor, lookAtJobBackfill } from '../../../src/orchestration/backfill/job-backfill.ts';
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
  const job = {
    backfillId: '<id>',
    jobName: 'my_job',
    partitionsDef: definitionOf(asked.partitions),
    runConfig: options.runConfig ?? {},
    tags: options.tags ?? {},
    jobTags: {},
  };
  let status: BackfillStatus = 'REQUESTED';
  const configOf = (key: PartitionKey) =>
    asked.configFrom === 'partition'
      ? { runConfig: { ops: { do: { config: { key } } } }, tags: { user: `u-${key}` } }
      : null;
  const runs: PlayedRun[] = [];
  const answers: ComparedAnswer[] = [];
  for (let number = 1; number <= (options.maxIterations ?? 30); number++) {
    if (options.cancelBeforeIteration === number) status = 'CANCELING';
    const canceledRuns = status === 'CANCELING' && cancel(runs);
    const look = lookAtJobBackfill(status, {
      hasLeft: runs.length < asked.keys.length,
      hasUnfinishedRuns: runs.some((run) => !isTerminal(run.status)),
      hasFailedRuns: runs.some((run) => run.status === 'FAILURE' || run.status === 'CANCELED'),
      canceledRuns,
    });
    status = look.status;
    const asks = look.asksForRuns ? asked.keys : [];
    const launched = asks.map((key) => ({
      partition: key,
      ...jobRunFor(key, job, configOf(key)),
    }));
    const expected = expect.iterations[number - 1] ?? {};
    answers.push(compared(`iteration ${number}`, expected, { launched, status }));
    if (status !== 'REQUESTED' && status !== 'CANCELING') break;
    for (const partition of asks) runs.push({ partition, status: 'QUEUED' });
    const waiting = runs.filter(({ status }) => status === 'QUEUED');
    for (const run of waiting.slice(0, options.runsPerRound)) {
      run.status = asked.fail?.[run.partition] === undefined ? 'SUCCESS' : 'FAILURE';
    }
  }
  answers.push(
    compared('partition set', expect.partitionSet, `${job.jobName}_partition_set`),
    compared('runs', expect.runs, runs),
    compared('final status', expect.finalStatus, status),
  );
  return answers;
};

/** @returns whether there was a run to cancel. */
function cancel(runs: readonly PlayedRun[]): boolean {
  const unfinished = runs.filter(({ status }) => !isTerminal(status));
  for (const run of unfinished) run.status = 'CANCELED';
  return unfinished.length > 0;
}
