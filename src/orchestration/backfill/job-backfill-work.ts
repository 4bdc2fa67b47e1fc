import { validateConfig } from '../../config/validate.ts';
import type { AssetKeyText, JobSpec } from '../../definitions/definitions.ts';
import { equalPartitionsDefinitions } from '../../partitions/definition/identity.ts';
import { indexPartitions } from '../../partitions/index-partitions.ts';
import { keysInRange } from '../../partitions/keys-in-range.ts';
import type { PartitionKey } from '../../partitions/context.ts';
import type { PartitionIndex } from '../../partitions/partition-index.ts';
import type { PartitionsSubset } from '../../partitions/subset/partitions-subset.ts';
import { ordinalsOf, subtract, union, unionAll } from '../../partitions/subset/subset-algebra.ts';
import { fromKeys, keysOf } from '../../partitions/subset/subset-keys.ts';
import type { LoadedCode } from '../daemon-ports.ts';
import { jobConfigSchema } from '../job-config.ts';
import { keyConfigsOf, type AskKeyConfigs } from '../key-configs.ts';
import type { RunDraft } from '../run-draft.ts';
import { rangeOf } from '../run-keys.ts';
import type { Run } from '../run.ts';
import type {
  AssetSubsets,
  Backfill,
  BackfillError,
  BackfillJob,
  BackfillRunRequest,
} from './backfill.ts';
import { failedRunsOf, resumed, type StoredRuns } from './failed-runs.ts';
import { jobRunFor, lookAtJobBackfill } from './job-backfill.ts';
import { ownConfigOf } from './launch-extras.ts';
import { OpenBackfill } from './open-backfill.ts';
import { runsByRange } from './run-requests.ts';

/** Runs to make, and why those after them cannot be; null if all can. */
export interface MadeDrafts {
  readonly drafts: readonly RunDraft[];
  readonly error: BackfillError | null;
}

/** An open backfill of a job: what its runs have come to so far, gathered between the looks (`lookAtJobBackfill`). */
export class JobBackfillWork extends OpenBackfill {
  readonly #index: PartitionIndex;
  readonly #job: BackfillJob;
  readonly #code: LoadedCode;
  /** Keys of the runs that ended since the last look. */
  #succeeded: PartitionsSubset[] = [];
  #failed: PartitionsSubset[] = [];
  #hasFailedRuns = false;

  /** @param code what its runs execute. */
  constructor(backfill: Backfill & { readonly job: BackfillJob }, code: LoadedCode) {
    const misfit = misfitOf(backfill, code);
    super(misfit ? { ...backfill, status: 'FAILING', error: misfit } : backfill);
    this.#job = backfill.job;
    this.#code = code;
    const { startedAt: effectiveAt, dynamicPartitions, targets } = backfill;
    const definition = targets[0]?.partitionsDef ?? { kind: 'static', keys: [] };
    this.#index = indexPartitions(definition, { effectiveAt, dynamicPartitions });
  }

  /** As it stands, with what ended since the last look. */
  get standing(): Backfill {
    if (this.#succeeded.length + this.#failed.length === 0) return this.current;
    const { jobName, materialized, failedAndDownstream } = this.current;
    const done = union(materialized.get(jobName) ?? [], unionAll(this.#succeeded));
    const failed = union(failedAndDownstream.get(jobName) ?? [], unionAll(this.#failed));
    this.#succeeded = [];
    this.#failed = [];
    this.current = {
      ...this.current,
      materialized: subsetsOf(jobName, done),
      failedAndDownstream: subsetsOf(jobName, subtract(failed, done)),
    };
    return this.current;
  }

  /** A run of it stands so; to be told once it is in the log that it ended. */
  ended(run: Run): void {
    if (!this.note(run)) return;
    const success = run.status === 'SUCCESS';
    if (!success) this.#hasFailedRuns = true;
    (success ? this.#succeeded : this.#failed).push(this.#keysOf(run));
  }

  /** The next look. What it asks for counts as requested; the caller makes the runs. */
  iterate(): { readonly runRequests: readonly BackfillRunRequest[] } {
    const backfill = this.standing;
    const left = this.#left;
    const { status, asksForRuns } = lookAtJobBackfill(backfill.status, {
      hasLeft: left.length > 0,
      hasUnfinishedRuns: this.unfinishedCount > 0,
      hasFailedRuns: this.#hasFailedRuns,
      canceledRuns: this.takeCanceledRuns(),
    });
    const runRequests = asksForRuns ? this.requestsFor(left) : [];
    const { jobName, requested, iterations, runCount } = backfill;
    this.current = {
      ...backfill,
      status,
      iterations: iterations + 1,
      runCount: runCount + runRequests.length,
      ...(asksForRuns && {
        requested: subsetsOf(jobName, union(requested.get(jobName) ?? [], left)),
      }),
    };
    return { runRequests };
  }

  /** The runs for some of its keys, in definition order: for each key, or for neighbours (JB-1, JB-2). */
  requestsFor(subset: PartitionsSubset): readonly BackfillRunRequest[] {
    const { assetKeys, partitionsPerRun } = this.#job;
    if (partitionsPerRun !== 1) {
      return runsByRange(assetKeys, subset, this.#index, partitionsPerRun ?? Infinity);
    }
    const keys = keysOf(this.#index, subset);
    const requests = Array.from(ordinalsOf(subset), (ordinal, at) => ({
      assetKeys,
      partitionKey: keys[at] as PartitionKey,
      range: null,
      subset: [ordinal, ordinal + 1],
      tags: {},
    }));
    return this.current.extras?.newestFirst ? requests.reverse() : requests;
  }

  /**
   * Run requests as runs to make, with what the job fills in for their keys; in order, up to the first that
   * cannot be made. Where the backfill goes on from failures, a run executes only what did not succeed.
   */
  async draftsOf(
    requests: readonly BackfillRunRequest[],
    ask: AskKeyConfigs,
    stored: StoredRuns,
  ): Promise<MadeDrafts> {
    const { backfillId, jobName, runConfig, tags, targets, fromFailure, parentBackfillId } =
      this.current;
    const job = this.#code.jobOf(jobName);
    const partitionsDef = targets[0]?.partitionsDef;
    if (!job || !partitionsDef) return { drafts: [], error: null };
    const whole = requests.map(({ partitionKey, range }) => partitionKey ?? range);
    const [first] = whole;
    // All ranges go by the first key of the first.
    const asked =
      first && typeof first !== 'string' ? [first.start] : (whole as readonly PartitionKey[]);
    const configs = await keyConfigsOf(job, asked, ask);
    const options = {
      backfillId,
      jobName,
      partitionsDef,
      runConfig,
      tags,
      jobTags: job.tags ?? {},
    };
    const schema = jobConfigSchema(job, this.#code.graph.assets.values(), this.#job.assetKeys);
    const before =
      fromFailure && parentBackfillId !== null
        ? await failedRunsOf(parentBackfillId, stored)
        : null;
    const drafts: RunDraft[] = [];
    for (const [at, { assetKeys, partitionKey, range }] of requests.entries()) {
      const own = configs[range ? 0 : at];
      const keys = partitionKey ?? range;
      if (!own || keys === null) continue;
      if ('error' in own) {
        const { kind, name, message } = own.error;
        return { drafts: [], error: { error: kind ?? name, message } };
      }
      // _Extension_: the config that the launch gives a key of its own.
      const typed =
        typeof keys === 'string'
          ? ownConfigOf(this.current.extras, this.#index, this.#index.ordinalOf(keys))
          : null;
      const ofKey = typed ? { ...own, runConfig: typed } : own;
      const given = jobRunFor(keys, options, ofKey);
      const outcome = validateConfig(schema, given.runConfig, []);
      if (outcome.status === 'invalid') {
        const lines = outcome.errors.map(({ message }, i) => `\n    Error ${i + 1}: ${message}`);
        const message = `Error in config for job ${jobName}${lines.join('')}`;
        return { drafts, error: { error: 'DagsterInvalidConfigError', message } };
      }
      const draft = { jobName, assetKeys, partitionKey, ...given, backfillId, parentRunId: null };
      const failed = partitionKey === null ? undefined : before?.get(partitionKey);
      drafts.push(failed ? await resumed(draft, failed, this.#code.graph, stored) : draft);
    }
    return { drafts, error: null };
  }

  /** Keys that have no run yet. */
  get #left(): PartitionsSubset {
    const { targets, requested, jobName } = this.current;
    return subtract(targets[0]?.subset ?? [], requested.get(jobName) ?? []);
  }

  #keysOf(run: Run): PartitionsSubset {
    const range = rangeOf(run);
    if (range) return fromKeys(this.#index, keysInRange(this.#index, range)).subset;
    const ordinal = run.partitionKey === null ? -1 : this.#index.ordinalOf(run.partitionKey);
    return ordinal < 0 ? [] : [ordinal, ordinal + 1];
  }
}

/** Keys of one job, as a backfill keeps them. */
function subsetsOf(jobName: AssetKeyText, subset: PartitionsSubset): AssetSubsets {
  return subset.length > 0 ? new Map([[jobName, subset]]) : new Map();
}

/** Why the notebook can no longer do what a job backfill asks for; null if it can (BF-4). */
function misfitOf(
  { jobName, targets: [target] }: Backfill,
  code: LoadedCode,
): BackfillError | null {
  const job: JobSpec | undefined = code.jobOf(jobName);
  const error = 'DagsterBackfillFailedError';
  if (!job) return { error, message: `${jobName} is no longer a job of this notebook.` };
  if (equalPartitionsDefinitions(job.partitionsDef, target?.partitionsDef ?? null)) return null;
  return {
    error,
    message: `The partitions of ${jobName} have changed since the backfill started.`,
  };
}
