import type { AssetKeyText } from '../../src/definitions/definitions.ts';
import type { AssetGraph } from '../../src/definitions/graph.ts';
import type { Backfill, BackfillRunRequest } from '../../src/orchestration/backfill/backfill.ts';
import {
  failing,
  iterateBackfill,
  type BackfillIteration,
} from '../../src/orchestration/backfill/iterate-backfill.ts';
import { loadBackfill } from '../../src/orchestration/backfill/load-backfill.ts';
import { observeRuns, type BackfillRun } from '../../src/orchestration/backfill/observe-runs.ts';
import { retryOf, willRetry } from '../../src/orchestration/run-retry.ts';
import { RunTag } from '../../src/orchestration/run-tags.ts';
import { isTerminal, type RunStatus } from '../../src/orchestration/run.ts';
import type { PartitionKey } from '../../src/partitions/context.ts';
import { keysInRange } from '../../src/partitions/keys-in-range.ts';
import type { KeySpace } from '../../src/orchestration/key-space.ts';

/** How one attempt at one key ends. */
export type Outcome =
  | 'ok'
  | 'fail'
  | 'retry'
  | 'omit'
  /** The run is canceled before it starts. */
  | 'cancel'
  /** The run is canceled while its function is at this key. */
  | 'interrupt';

/** What the functions of the assets do, instead of being there. */
export interface PlayedAssets {
  /** Counts as an attempt. */
  readonly outcomeOf: (assetKey: AssetKeyText, key: PartitionKey | null) => Outcome;
  /** Whether it records each key of a range before it goes on to the next. */
  readonly recordsEachKey?: (assetKey: AssetKeyText) => boolean;
  /** Further attempts within a run, after `retry` or a retry policy. */
  readonly stepRetries?: (assetKey: AssetKeyText, outcome: Outcome) => number;
}

/** A run that was made, and what came of it. */
export interface PlayedRun extends Omit<BackfillRun, 'status' | 'materialized' | 'willRetry'> {
  readonly runId: string;
  status: RunStatus;
  tags: Record<string, string>;
  readonly materialized: Map<AssetKeyText, (PartitionKey | null)[]>;
  willRetry: boolean;
  /** Assets that it executes; null for all of its own. */
  readonly only: readonly AssetKeyText[] | null;
  /** Those that failed, and those that did not start because of them. */
  readonly notDone: Set<AssetKeyText>;
}

export interface PlayedCall {
  readonly asset: AssetKeyText;
  readonly partitions: readonly PartitionKey[] | null;
}

/** Executes the runs of a backfill without code, and looks at it in between: a daemon of a few lines. */
export class BackfillPlay {
  readonly runs: PlayedRun[] = [];
  readonly calls: PlayedCall[] = [];
  backfill: Backfill;
  readonly #assets: AssetGraph;
  readonly #played: PlayedAssets;
  readonly #dynamicPartitions: Map<string, PartitionKey[]>;
  readonly #retries: boolean;
  /** The keys as the newest look has seen them. */
  #keySpace: KeySpace | null = null;

  constructor(
    backfill: Backfill,
    assets: AssetGraph,
    played: PlayedAssets,
    {
      dynamicPartitions = new Map<string, PartitionKey[]>(),
      retries = false,
    }: { dynamicPartitions?: Map<string, PartitionKey[]>; retries?: boolean } = {},
  ) {
    this.backfill = backfill;
    this.#assets = assets;
    this.#played = played;
    this.#dynamicPartitions = dynamicPartitions;
    this.#retries = retries;
  }

  /** Looks at the backfill once, and makes the runs that it asks for. */
  iterate(): BackfillIteration {
    const winding = this.backfill.status === 'CANCELING' || this.backfill.status === 'FAILING';
    let canceledRuns = false;
    if (winding) {
      for (const run of this.runs) {
        if (isTerminal(run.status)) continue;
        run.status = 'CANCELED';
        canceledRuns = true;
      }
    }
    const loaded = loadBackfill(this.backfill, this.#assets, this.#dynamicPartitions);
    const { graph, backfill } = loaded;
    this.#keySpace = graph.keySpace;
    const observation = observeRuns(this.runs, backfill.targets, graph.keySpace);
    const iteration =
      loaded.status === 'outdated' && !winding
        ? failing(backfill, loaded.error)
        : iterateBackfill(backfill, { graph, observation, canceledRuns });
    this.backfill = iteration.backfill;
    for (const request of inTextOrder(iteration.runRequests)) this.#make(request);
    return iteration;
  }

  /** Executes the oldest `count` runs that wait; then makes the runs that try the failed ones again. */
  execute(count = Infinity): void {
    const waiting = this.runs.filter(({ status }) => status === 'QUEUED').slice(0, count);
    for (const run of waiting) this.#execute(run);
    for (const run of waiting) {
      if (run.willRetry) this.#retry(run);
    }
  }

  /** Until it has ended, all runs in between. */
  finish(): void {
    for (let left = 5000; left > 0; left--) {
      this.iterate();
      if (this.backfill.status.startsWith('COMPLETED') || this.backfill.status === 'FAILED') return;
      this.execute();
    }
    throw new Error('The backfill does not end.');
  }

  #make(request: BackfillRunRequest): void {
    const [first = ''] = request.assetKeys;
    const definition = this.#assets.assets.get(first)?.partitionsDef ?? null;
    const index = this.#keySpace?.indexOf(definition) ?? null;
    const { range, partitionKey } = request;
    this.runs.push({
      runId: `run ${this.runs.length}`,
      status: 'QUEUED',
      assetKeys: request.assetKeys,
      partitionKeys:
        range && index ? keysInRange(index, range) : partitionKey === null ? null : [partitionKey],
      materialized: new Map(),
      willRetry: false,
      tags: { ...this.backfill.tags, ...request.tags, [RunTag.backfill]: '<id>' },
      only: null,
      notDone: new Set(),
    });
  }

  #retry(run: PlayedRun): void {
    const { tags, onlyFailedSteps } = retryOf({ ...run, runId: '<id>' });
    run.tags[RunTag.autoRetryRun] = '<id>';
    run.willRetry = false;
    this.runs.push({
      ...run,
      runId: `run ${this.runs.length}`,
      status: 'QUEUED',
      materialized: new Map(),
      tags: { ...tags },
      only: onlyFailedSteps ? [...run.notDone] : null,
      notDone: new Set(),
    });
  }

  #execute(run: PlayedRun): void {
    const keys = run.partitionKeys ?? [null];
    const executed = run.only ?? run.assetKeys;
    const { outcomeOf } = this.#played;
    const omitted = new Set<AssetKeyText>();
    const first = executed.map((assetKey) => keys.map((key) => outcomeOf(assetKey, key)));
    if (first.flat().includes('cancel')) {
      run.status = 'CANCELED';
      return;
    }
    for (const [at, assetKey] of executed.entries()) {
      const upstream = this.#assets.dependenciesOf(assetKey).map((dep) => dep.assetKey);
      if (upstream.some((key) => key !== assetKey && run.notDone.has(key))) {
        run.notDone.add(assetKey);
        continue;
      }
      if (upstream.some((key) => key !== assetKey && omitted.has(key))) {
        omitted.add(assetKey);
        continue;
      }
      this.#compute(run, assetKey, keys, first[at] ?? [], omitted);
      if (run.status === 'CANCELED') return;
    }
    if (run.notDone.size === 0) {
      run.status = 'SUCCESS';
      return;
    }
    run.status = 'FAILURE';
    if (!this.#retries) return;
    run.willRetry = willRetry(run, 0);
    run.tags[RunTag.willRetry] = String(run.willRetry);
  }

  #compute(
    run: PlayedRun,
    assetKey: AssetKeyText,
    keys: readonly (PartitionKey | null)[],
    outcomes: readonly Outcome[],
    omitted: Set<AssetKeyText>,
  ): void {
    const partitions = run.partitionKeys;
    const partitioned = this.#assets.assets.get(assetKey)?.partitionsDef != null;
    for (let attempt = 0; ; attempt++) {
      this.calls.push({ asset: assetKey, partitions: partitions && [...partitions] });
      const ends =
        attempt === 0 ? outcomes : keys.map((key) => this.#played.outcomeOf(assetKey, key));
      const stop = ends.findIndex((end) => end !== 'ok');
      const recorded = partitioned ? keys : [null];
      if (stop < 0) {
        run.materialized.set(assetKey, [...recorded]);
        return;
      }
      if (ends[stop] === 'omit') {
        omitted.add(assetKey);
        return;
      }
      if (this.#played.recordsEachKey?.(assetKey)) {
        run.materialized.set(assetKey, recorded.slice(0, stop));
      }
      if (ends[stop] === 'interrupt') {
        run.status = 'CANCELED';
        return;
      }
      if (attempt < (this.#played.stepRetries?.(assetKey, ends[stop] as Outcome) ?? 0)) continue;
      run.notDone.add(assetKey);
      return;
    }
  }
}

/** By the names of their assets: which group goes first hangs on nothing else. */
function inTextOrder(requests: readonly BackfillRunRequest[]): readonly BackfillRunRequest[] {
  const text = ({ assetKeys }: BackfillRunRequest) => [...assetKeys].sort().join();
  return requests.toSorted((one, other) => {
    const [left, right] = [text(one), text(other)];
    return left < right ? -1 : left > right ? 1 : 0;
  });
}
