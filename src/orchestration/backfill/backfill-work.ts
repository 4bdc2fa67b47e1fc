import type { AssetKeyText } from '../../definitions/definitions.ts';
import { union } from '../../partitions/subset/subset-algebra.ts';
import type { PartitionsSubset } from '../../partitions/subset/partitions-subset.ts';
import type { AssetSubsets, Backfill } from './backfill.ts';
import type { BackfillGraph } from './backfill-graph.ts';
import { iterateBackfill, type BackfillIteration } from './iterate-backfill.ts';
import { observeRuns, type BackfillRun } from './observe-runs.ts';
import { OpenBackfill } from './open-backfill.ts';

/** An open backfill of assets: what its runs have come to so far, gathered between the looks (`iterateBackfill`). */
export class BackfillWork extends OpenBackfill {
  readonly graph: BackfillGraph;
  /** Runs that ended since the last look. */
  #ended: BackfillRun[] = [];
  readonly #materialized = new Map<AssetKeyText, PartitionsSubset>();
  readonly #failed = new Map<AssetKeyText, PartitionsSubset>();

  constructor(backfill: Backfill, graph: BackfillGraph) {
    super(backfill);
    this.graph = graph;
    for (const [assetKey, subset] of backfill.materialized)
      this.#materialized.set(assetKey, subset);
  }

  /** As it stands, with what ended since the last look; what reads a failed key is told by the next one. */
  get standing(): Backfill {
    this.#observe();
    const failedAndDownstream = new Map(this.current.failedAndDownstream);
    join(failedAndDownstream, this.#failed);
    return { ...this.current, materialized: new Map(this.#materialized), failedAndDownstream };
  }

  /** A run of it stands so; to be told once it is in the log that it ended. */
  ended(runId: string, run: BackfillRun): void {
    if (this.note({ runId, status: run.status })) this.#ended.push(run);
  }

  /** The next look. What it asks for counts as requested; the caller makes the runs. */
  iterate(): BackfillIteration {
    this.#observe();
    const iteration = iterateBackfill(this.current, {
      graph: this.graph,
      canceledRuns: this.takeCanceledRuns(),
      observation: {
        materialized: this.#materialized,
        failed: this.#failed,
        unfinishedRuns: this.unfinishedCount,
        awaitedRetries: 0,
      },
    });
    this.current = iteration.backfill;
    return iteration;
  }

  #observe(): void {
    if (this.#ended.length === 0) return;
    const ended = this.#ended;
    this.#ended = [];
    const seen = observeRuns(ended, this.current.targets, this.graph.keySpace);
    join(this.#materialized, seen.materialized);
    join(this.#failed, seen.failed);
  }
}

function join(into: Map<AssetKeyText, PartitionsSubset>, more: AssetSubsets): void {
  for (const [assetKey, subset] of more) {
    into.set(assetKey, union(into.get(assetKey) ?? [], subset));
  }
}
