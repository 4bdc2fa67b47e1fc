import type { AssetKeyText } from '../../definitions/definitions.ts';
import type { PartitionKey } from '../../partitions/context.ts';
import { subtract, union } from '../../partitions/subset/subset-algebra.ts';
import type { EpochMs } from '../../time/time-window.ts';
import type { LoadedCode } from '../daemon-ports.ts';
import type { AskKeyConfigs } from '../key-configs.ts';
import type { KeySpace } from '../key-space.ts';
import type { DaemonRecord } from '../ports.ts';
import type { RunDraft } from '../run-draft.ts';
import { runKeysFor } from '../run-keys.ts';
import { RunTag } from '../run-tags.ts';
import { isTerminal, type Run } from '../run.ts';
import type { AssetSubsets, Backfill, BackfillJob, BackfillRunRequest } from './backfill.ts';
import { BackfillGraph } from './backfill-graph.ts';
import { BackfillWork } from './backfill-work.ts';
import type { StoredRuns } from './failed-runs.ts';
import type { JobBackfillWork, MadeDrafts } from './job-backfill-work.ts';
import { ownConfigOf } from './launch-extras.ts';
import { loadBackfill } from './load-backfill.ts';
import type { BackfillRun } from './observe-runs.ts';
import { runRequestsFor } from './run-requests.ts';
import { cancelBackfill, pauseBackfill } from './steer-backfill.ts';

/** Runs that one transaction makes. */
const RUNS_A_BATCH = 1000;
/** A backfill that asks for nothing so often, although it may, is at its end. */
const MOST_IDLE_LOOKS = 5;

/** What backfills act through. All of it is called in turn with the daemon's other commands. */
export interface BackfillPorts {
  /** Makes runs that wait, and keeps records in the same transaction. */
  readonly makeRuns: (
    drafts: readonly RunDraft[],
    code: LoadedCode,
    records: readonly DaemonRecord[],
  ) => Promise<readonly Run[]>;
  readonly keep: (records: readonly DaemonRecord[]) => Promise<void>;
  /** Asks the sandbox what a job's partitioned config says of keys. */
  readonly askKeyConfigs: (code: LoadedCode) => AskKeyConfigs;
  /** Cancels the runs of a backfill that cannot go on; it is looked at again once they have ended. */
  readonly cancelRuns: (backfillId: string) => void;
  readonly keySpaceAt: (at: EpochMs) => KeySpace;
  readonly stored: StoredRuns;
}

/** Keys that a run recorded, by asset; null for a materialization without a key. */
export type RecordedKeys = ReadonlyMap<AssetKeyText, readonly (PartitionKey | null)[]>;

type Active = ActiveAssets | ActiveJob;

interface ActiveAssets extends Owed {
  readonly kind: 'assets';
  readonly work: BackfillWork;
}

interface ActiveJob extends Owed {
  readonly kind: 'job';
  readonly work: JobBackfillWork;
}

interface Owed {
  readonly code: LoadedCode;
  /** Of the last look of an earlier daemon, which did not come to make them. */
  readonly unmade: AssetSubsets;
}

/** The backfills that a daemon works: each is looked at whenever its runs have ended. */
export class Backfills {
  readonly #ports: BackfillPorts;
  readonly #active = new Map<string, Active>();

  constructor(ports: BackfillPorts) {
    this.#ports = ports;
  }

  /** Those that have not ended, oldest first. */
  get active(): readonly Pick<BackfillWork, 'backfill' | 'standing'>[] {
    return [...this.#active.values()].map(({ work }) => work);
  }

  /** Whether none of them will ask for more by itself. */
  get isIdle(): boolean {
    return this.active.every(({ backfill }) => backfill.paused);
  }

  /** Backfills that can be looked at now. */
  get due(): readonly string[] {
    return [...this.#active].flatMap(([backfillId, { work }]) => (work.isDue ? [backfillId] : []));
  }

  /** The instant as of which a run's keys are told: for all runs of a backfill, its start (BF-3). */
  keysAsOf(run: Run): EpochMs {
    const active = this.#active.get(run.backfillId ?? '');
    return active?.work.backfill.startedAt ?? run.createdAt;
  }

  /** _Extension_: how many runs of a backfill may execute at once. */
  mostAtOnce(backfillId: string): number {
    return this.#active.get(backfillId)?.work.backfill.extras?.mostAtOnce ?? Infinity;
  }

  /** Begins one, and makes its first runs. */
  async start(backfill: Backfill, code: LoadedCode): Promise<readonly Run[]> {
    const { backfillId, job, startedAt, extras } = backfill;
    const owed = { code, unmade: new Map() };
    if (job) {
      const work = await jobWork({ ...backfill, job }, code);
      this.#active.set(backfillId, { kind: 'job', work, ...owed });
    } else {
      const keySpace = this.#ports.keySpaceAt(startedAt);
      const graph = new BackfillGraph(code.graph, keySpace, extras);
      const work = new BackfillWork(backfill, graph);
      this.#active.set(backfillId, { kind: 'assets', work, ...owed });
    }
    return this.look(backfillId);
  }

  /**
   * Takes up one that an earlier daemon left.
   *
   * @param runs all its runs that are known, with the keys that each recorded; those that have not ended wait.
   */
  async resume(
    backfill: Backfill,
    code: LoadedCode,
    runs: readonly { readonly run: Run; readonly recorded: RecordedKeys }[],
  ): Promise<void> {
    const { backfillId } = backfill;
    this.#active.set(
      backfillId,
      backfill.job
        ? await resumedJob({ ...backfill, job: backfill.job }, code)
        : this.#resumed(backfill, code),
    );
    const active = this.#active.get(backfillId);
    active?.work.made(runs.map(({ run }) => run));
    for (const { run, recorded } of runs) if (isTerminal(run.status)) this.ended(run, recorded);
  }

  #resumed(backfill: Backfill, code: LoadedCode): ActiveAssets {
    const { dynamicPartitions } = this.#ports.keySpaceAt(backfill.startedAt).context;
    const loaded = loadBackfill(backfill, code.graph, dynamicPartitions);
    const outdated = loaded.status === 'outdated' ? loaded.error : null;
    const { unmade = new Map() as AssetSubsets, ...left } = loaded.backfill;
    const work = new BackfillWork(
      outdated
        ? { ...left, status: 'FAILING', error: outdated }
        : { ...left, requested: joined(left.requested, unmade) },
      loaded.graph,
    );
    const isActive = work.backfill.status === 'REQUESTED';
    return { kind: 'assets', work, code, unmade: isActive ? unmade : new Map() };
  }

  /**
   * Makes what one that was taken up still owes: runs that try interrupted ones again, unless it winds down,
   * and those that its last look asked for and did not come to make.
   */
  async goOn(backfillId: string, retries: readonly RunDraft[]): Promise<void> {
    const active = this.#active.get(backfillId);
    if (active?.work.backfill.status !== 'REQUESTED') return;
    const { work, code, unmade } = active;
    if (retries.length > 0) work.made(await this.#ports.makeRuns(retries, code, []));
    if (unmade.size > 0) await this.#make(active, requestsFor(unmade, active));
  }

  /** How many runs of one have not ended; 0 if it is not worked. */
  unfinishedOf(backfillId: string): number {
    return this.#active.get(backfillId)?.work.unfinishedCount ?? 0;
  }

  /** Whether a backfill still asks for runs, so that a failed one of its own may be tried again. */
  isAsking(backfillId: string): boolean {
    return this.#active.get(backfillId)?.work.backfill.status === 'REQUESTED';
  }

  /** Makes the run that tries a failed one again; to be called before it is told that this has ended. */
  async retry(backfillId: string, draft: RunDraft): Promise<readonly Run[]> {
    const active = this.#active.get(backfillId);
    if (!active) return [];
    const runs = await this.#ports.makeRuns([draft], active.code, []);
    active.work.made(runs);
    return runs;
  }

  /** A run has ended, and the log says so. */
  ended(run: Run, recorded: RecordedKeys): void {
    const active = this.#active.get(run.backfillId ?? '');
    if (active?.kind === 'job') active.work.ended(run);
    else active?.work.ended(run.runId, seen(active.work, run, recorded));
  }

  /** Looks at one, and makes the runs that it asks for; nothing if it cannot be looked at now. */
  async look(backfillId: string): Promise<readonly Run[]> {
    const active = this.#active.get(backfillId);
    if (!active) return [];
    const { work, code } = active;
    const made: Run[] = [];
    for (let looks = 0; work.isDue && made.length === 0; looks += 1) {
      if (looks === MOST_IDLE_LOOKS) work.steer((one) => cancelBackfill(one));
      made.push(...(await this.#make(active, work.iterate().runRequests)));
    }
    if (made.length === 0) await this.#ports.keep([backfillRecord(work.backfill)]);
    if (work.hasEnded) {
      this.#active.delete(backfillId);
      code.release();
    }
    return made;
  }

  /** Makes runs that one asks for, which it counts as requested already. */
  async #make(active: Active, runRequests: readonly BackfillRunRequest[]): Promise<readonly Run[]> {
    const { work, code } = active;
    const made: Run[] = [];
    for (let from = 0; from < runRequests.length; from += RUNS_A_BATCH) {
      const batch = runRequests.slice(from, from + RUNS_A_BATCH);
      // What is kept says with each batch what of the look is still to be made: a crash between two loses neither.
      const unmade = subsetsOf(runRequests.slice(from + RUNS_A_BATCH), active);
      const requested = without(work.backfill.requested, unmade);
      const { backfill } = work;
      const record = backfillRecord(
        unmade.size === 0 ? backfill : { ...backfill, requested, unmade },
      );
      const { drafts, error } = await this.#draftsOf(active, batch);
      const runs = await this.#ports.makeRuns(drafts, code, [record]);
      work.made(runs);
      made.push(...runs);
      if (error === null) continue;
      work.steer((one) => ({ ...one, status: 'FAILING', error }));
      await this.#ports.keep([backfillRecord(work.backfill)]);
      this.#ports.cancelRuns(backfill.backfillId);
      break;
    }
    return made;
  }

  #draftsOf(active: Active, batch: readonly BackfillRunRequest[]): Promise<MadeDrafts> {
    const { backfill } = active.work;
    if (active.kind === 'job') {
      const { askKeyConfigs, stored } = this.#ports;
      return active.work.draftsOf(batch, askKeyConfigs(active.code), stored);
    }
    const { graph } = active.work;
    const drafts = batch.map((request) => draftOf(request, backfill, graph));
    return Promise.resolve({ drafts, error: null });
  }

  /** Has one wind down; the caller cancels its runs, and looks at it once they have ended. */
  cancel(backfillId: string): void {
    this.#active.get(backfillId)?.work.steer(cancelBackfill);
  }

  /** _Extension_: while it is paused, its runs go on and nothing more is requested. */
  async pause(backfillId: string, paused: boolean): Promise<void> {
    const active = this.#active.get(backfillId);
    if (!active) return;
    active.work.steer((backfill) => pauseBackfill(backfill, paused));
    await this.#ports.keep([backfillRecord(active.work.backfill)]);
  }

  /** Gives back what it holds. */
  dispose(): void {
    for (const { code } of this.#active.values()) code.release();
    this.#active.clear();
  }
}

/** A run as its backfill sees it. */
function seen({ graph }: BackfillWork, run: Run, recorded: RecordedKeys): BackfillRun {
  const partitioned = run.assetKeys.find((assetKey) => graph.indexOf(assetKey) !== null);
  const spec = partitioned === undefined ? null : graph.specOf(partitioned);
  return {
    status: run.status,
    assetKeys: run.assetKeys,
    partitionKeys: spec ? runKeysFor(spec, run, graph.keySpace) : null,
    materialized: recorded,
    // What is tried again has a run of its own.
    willRetry: false,
  };
}

/** How a backfill is kept. */
function backfillRecord(backfill: Backfill): DaemonRecord {
  return { kind: 'backfill', recordId: backfill.backfillId, value: backfill };
}

function draftOf(
  { assetKeys, partitionKey, subset, tags }: BackfillRunRequest,
  backfill: Backfill,
  graph: BackfillGraph,
): RunDraft {
  const { backfillId, jobName } = backfill;
  const index = graph.indexOf(assetKeys[0] ?? '');
  // The keys of a run have the same.
  const runConfig = ownConfigOf(backfill.extras, index, subset[0] ?? -1) ?? backfill.runConfig;
  return {
    jobName,
    assetKeys,
    partitionKey,
    runConfig,
    tags: { ...backfill.tags, ...tags, [RunTag.backfill]: backfillId },
    backfillId,
    parentRunId: null,
  };
}

/** The work of a job backfill; it is no part of what the first run waits for. */
async function jobWork(
  backfill: Backfill & { readonly job: BackfillJob },
  code: LoadedCode,
): Promise<JobBackfillWork> {
  const { JobBackfillWork } = await import('./job-backfill-work.ts');
  return new JobBackfillWork(backfill, code);
}

async function resumedJob(
  backfill: Backfill & { readonly job: BackfillJob },
  code: LoadedCode,
): Promise<ActiveJob> {
  const { unmade = new Map() as AssetSubsets, ...left } = backfill;
  const work = await jobWork({ ...left, requested: joined(left.requested, unmade) }, code);
  const isActive = work.backfill.status === 'REQUESTED';
  return { kind: 'job', work, code, unmade: isActive ? unmade : new Map() };
}

/** The runs for keys that are still to be made. */
function requestsFor(unmade: AssetSubsets, active: Active): readonly BackfillRunRequest[] {
  if (active.kind === 'assets') return runRequestsFor(unmade, active.work.graph);
  return active.work.requestsFor(unmade.get(active.work.backfill.jobName) ?? []);
}

/** All keys of run requests, by what the backfill targets. */
function subsetsOf(requests: readonly BackfillRunRequest[], { kind, work }: Active): AssetSubsets {
  const byAsset = new Map<AssetKeyText, number[]>();
  for (const { assetKeys, subset } of requests) {
    for (const assetKey of kind === 'job' ? [work.backfill.jobName] : assetKeys) {
      const spans = byAsset.get(assetKey);
      if (spans) spans.push(...subset);
      else byAsset.set(assetKey, [...subset]);
    }
  }
  return new Map([...byAsset].map(([assetKey, spans]) => [assetKey, inOrder(spans)]));
}

function joined(one: AssetSubsets, other: AssetSubsets): AssetSubsets {
  const both = new Map(one);
  for (const [assetKey, subset] of other) {
    both.set(assetKey, union(both.get(assetKey) ?? [], subset));
  }
  return both;
}

function without(subsets: AssetSubsets, others: AssetSubsets): AssetSubsets {
  const left = new Map(subsets);
  for (const [assetKey, subset] of others) {
    left.set(assetKey, subtract(left.get(assetKey) ?? [], subset));
  }
  return left;
}

/** Spans of several subsets as one: runs are asked for by the order of their keys' texts. */
function inOrder(spans: readonly number[]): readonly number[] {
  const pairs: (readonly [number, number])[] = [];
  for (let at = 0; at < spans.length; at += 2) pairs.push([spans[at] ?? 0, spans[at + 1] ?? 0]);
  const joined: number[] = [];
  for (const [start, end] of pairs.sort(([one], [other]) => one - other)) {
    if (joined.at(-1) === start) joined[joined.length - 1] = end;
    else joined.push(start, end);
  }
  return joined;
}
