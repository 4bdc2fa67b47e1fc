import type { AssetSpec } from '../../src/definitions/definitions.ts';
import { AssetGraph } from '../../src/definitions/graph.ts';
import { Daemon } from '../../src/orchestration/daemon.ts';
import type { Event } from '../../src/orchestration/event.ts';
import { KeySpace } from '../../src/orchestration/key-space.ts';
import { planLaunch } from '../../src/orchestration/launch-plan.ts';
import type { InstanceStore } from '../../src/orchestration/ports.ts';
import { StatusFolds } from '../../src/orchestration/status-folds.ts';
import type { PartitionsSubset } from '../../src/partitions/subset/partitions-subset.ts';
import { keysOf } from '../../src/partitions/subset/subset-keys.ts';
import type { LaunchOutcome, LaunchRequest } from '../../src/protocol/engine.ts';
import { measureValue } from '../../src/protocol/stored-value.ts';
import { MemoryInstanceStore } from '../../src/storage/memory-instance-store.ts';
import { rangesOfKeys } from '../partitions/ranges-of-keys.ts';
import { FakeRunner, type Compute } from './fake-runner.ts';

export const NOTEBOOK = 'notebook';

interface Options {
  readonly now?: string;
  readonly limit?: number;
  readonly instances?: InstanceStore;
  /** Real time instead of the virtual clock. */
  readonly realTime?: boolean;
}

/** A notebook with its daemon and its folds, in memory, at a time that stands still. */
export class NotebookScenario {
  readonly instances: InstanceStore;
  readonly events: Event[] = [];
  readonly folds = new StatusFolds();
  readonly problems: (string | null)[] = [];
  readonly daemon: Daemon;
  runner: FakeRunner;
  graph: AssetGraph;
  keySpace: KeySpace;
  now: number;
  /** Whether the notebook loads. */
  hasCode = true;
  /** Advanced by hand: settles the daemon's pauses. */
  readonly pauses: (() => void)[] = [];

  constructor(
    assets: readonly AssetSpec[],
    compute: Readonly<Record<string, Compute>>,
    { now = '2024-01-08T00:00:00Z', limit = 4, instances, realTime = false }: Options = {},
  ) {
    this.instances = instances ?? new MemoryInstanceStore();
    this.now = Date.parse(now);
    this.runner = new FakeRunner(compute);
    this.graph = new AssetGraph(assets);
    this.keySpace = new KeySpace({ effectiveAt: this.now, dynamicPartitions: new Map() });
    this.folds.declare(assets, this.keySpace);
    this.daemon = new Daemon(
      {
        notebookId: NOTEBOOK,
        instances: this.instances,
        now: () => this.now,
        inQueueOrder: () => !realTime,
        elapsedMs: () => 0,
        pause: () => new Promise((resolve) => this.pauses.push(resolve)),
        seed: () => 1,
        contextAt: (effectiveAt) => ({ effectiveAt, dynamicPartitions: new Map() }),
        takeCode: () =>
          this.hasCode
            ? {
                graph: this.graph,
                runner: this.runner,
                jobOf: () => undefined,
                release: () => {},
              }
            : null,
        listFiles: async () => ({ files: [] }),
        request: async () => ({ status: 'error', message: 'there are no files here' }),
        sizeOf: measureValue,
        newAbort: () => new AbortController(),
        listener: {
          committed: (events) => {
            this.events.push(...events);
            this.folds.apply(events);
          },
          progressed: () => {},
          idle: () => {},
          storageProblem: (message) => this.problems.push(message),
          dueCheckpoints: (isIdle) => (isIdle ? this.folds.takeCheckpoints() : []),
        },
      },
      limit,
    );
  }

  /** Declares other assets, as after an edit. */
  edit(assets: readonly AssetSpec[], compute: Readonly<Record<string, Compute>>): void {
    this.runner = new FakeRunner(compute);
    this.graph = new AssetGraph(assets);
    this.keySpace = new KeySpace({ effectiveAt: this.now, dynamicPartitions: new Map() });
    this.folds.declare(assets, this.keySpace);
  }

  async launch(
    assetKeys: readonly string[],
    partitionKeys: readonly string[] | null,
    more: Partial<LaunchRequest> = {},
  ): Promise<LaunchOutcome> {
    const partitionRanges = rangesOfKeys(partitionKeys);
    const request = { assetKeys, partitionRanges, runConfig: {}, tags: {}, jobName: null, ...more };
    const { plan, run, backfill, options } = planLaunch(request, {
      graph: this.graph,
      keySpace: this.keySpace,
      everMaterialized: (assetKey) => this.folds.of(assetKey).everMaterialized(),
    });
    if (!run && !backfill) return { status: 'refused', problems: plan.problems };
    const launched = await this.daemon.launch({ run, backfill }, options);
    return { status: 'launched', ...launched };
  }

  /** Launches, and waits until everything has ended. */
  async run(...launch: Parameters<NotebookScenario['launch']>): Promise<LaunchOutcome> {
    const outcome = await this.launch(...launch);
    await this.settled();
    return outcome;
  }

  /** Until nothing runs and nothing waits. */
  async settled(): Promise<void> {
    while (!this.daemon.isIdle) await turn();
  }

  /** The keys of an asset by how they stand; only what there is. */
  status(assetKey: string): Readonly<Record<string, readonly string[]>> {
    const index = this.keySpace.indexOf(this.graph.assets.get(assetKey)?.partitionsDef ?? null);
    const statuses = this.folds.of(assetKey).statuses(this.daemon.startedRuns);
    const named = (subset: PartitionsSubset) => (index ? keysOf(index, subset) : ['']);
    return Object.fromEntries(
      Object.entries(statuses)
        .filter(([, subset]: [string, PartitionsSubset]) => subset.length > 0)
        .map(([status, subset]: [string, PartitionsSubset]) => [status, named(subset)]),
    );
  }

  eventsOf(runId: string | undefined): readonly Event[] {
    return this.events.filter((event) => event.runId === runId);
  }
}

/** Lets everything that is ready go on. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
