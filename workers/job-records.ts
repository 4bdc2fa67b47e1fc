import type { AssetSpec, JobSpec } from '../src/definitions/definitions.ts';
import type { EventId } from '../src/orchestration/event.ts';
import {
  concernsJob,
  jobHistory,
  noteStep,
  stepsAsOf,
  stepKeysOfJob,
  type JobHistory,
  type StepStanding,
} from '../src/orchestration/job-history.ts';
import type { InstanceStore } from '../src/orchestration/ports.ts';
import type { PartitionIndex } from '../src/partitions/partition-index.ts';
import type { EpochMs } from '../src/time/time-window.ts';
import type { ListRuns } from './newest-runs.ts';

const BATCH = 5000;

/** How the steps of all runs of a notebook went: read from the log when first asked for, and from then on only what is new. */
export class JobRecords {
  readonly #notebookId: string;
  readonly #instances: InstanceStore;
  readonly #steps = new Map<string, Map<string, StepStanding>>();
  #reaches: EventId = 0;
  #reading: Promise<void> = Promise.resolve();

  constructor(notebookId: string, instances: InstanceStore) {
    this.#notebookId = notebookId;
    this.#instances = instances;
  }

  /** @param asOf the instant that is looked back to; null for now. */
  async history(
    job: JobSpec,
    assets: Iterable<AssetSpec>,
    index: PartitionIndex | null,
    listRuns: ListRuns,
    asOf: EpochMs | null,
  ): Promise<JobHistory> {
    this.#reading = this.#reading.then(() => this.#read());
    await this.#reading;
    const listed = await listRuns({ limit: Infinity, before: null, statuses: null });
    const runs = listed.filter((run) => concernsJob(run, job)).reverse();
    const stepKeys = stepKeysOfJob(job, assets);
    const stepsOf = (runId: string) => {
      const steps = this.#steps.get(runId);
      return steps && asOf !== null ? stepsAsOf(steps, asOf) : steps;
    };
    return jobHistory(job, stepKeys, runs, stepsOf, index);
  }

  async #read(): Promise<void> {
    // A history that was cleared begins anew.
    if ((await this.#instances.lastEventId(this.#notebookId)) < this.#reaches) {
      this.#steps.clear();
      this.#reaches = 0;
    }
    for await (const events of this.#instances.readEvents(this.#notebookId, this.#reaches, BATCH)) {
      for (const event of events) {
        this.#reaches = event.eventId;
        if (event.stepKey === null) continue;
        let steps = this.#steps.get(event.runId);
        if (!steps) this.#steps.set(event.runId, (steps = new Map()));
        noteStep(steps, event);
      }
    }
  }
}
