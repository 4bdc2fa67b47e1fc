import type { AssetKeyText } from '../../definitions/definitions.ts';
import { union } from '../../partitions/subset/subset-algebra.ts';
import type { PartitionsSubset } from '../../partitions/subset/partitions-subset.ts';
import { isTerminal, type Run } from '../run.ts';
import { backfillHasEnded, type AssetSubsets, type Backfill } from './backfill.ts';
import type { BackfillGraph } from './backfill-graph.ts';
import { iterateBackfill, type BackfillIteration } from './iterate-backfill.ts';
import { observeRuns, type BackfillRun } from './observe-runs.ts';

/**
 * A backfill that is being worked: what its runs have come to so far, gathered between the looks
 * (`iterateBackfill`). It looks again when all runs that it asked for have ended, so that the outcome
 * does not hang on how many run at once.
 */
export class BackfillWork {
  readonly graph: BackfillGraph;
  #backfill: Backfill;
  readonly #unfinished = new Set<string>();
  /** Runs that ended since the last look. */
  #ended: BackfillRun[] = [];
  readonly #materialized = new Map<AssetKeyText, PartitionsSubset>();
  readonly #failed = new Map<AssetKeyText, PartitionsSubset>();
  #canceledRuns = false;

  constructor(backfill: Backfill, graph: BackfillGraph) {
    this.#backfill = backfill;
    this.graph = graph;
    for (const [assetKey, subset] of backfill.materialized)
      this.#materialized.set(assetKey, subset);
  }

  get backfill(): Backfill {
    return this.#backfill;
  }

  get hasEnded(): boolean {
    return backfillHasEnded(this.#backfill.status);
  }

  /** How many of its runs have not ended. */
  get unfinishedCount(): number {
    return this.#unfinished.size;
  }

  /** Whether it can be looked at: none of its runs waits or runs, and nobody holds it. */
  get isDue(): boolean {
    const held = this.#backfill.paused && this.#backfill.status === 'REQUESTED';
    return this.#unfinished.size === 0 && !this.hasEnded && !held;
  }

  /** As it stands, with what ended since the last look; what reads a failed key is told by the next one. */
  get standing(): Backfill {
    this.#observe();
    const failedAndDownstream = new Map(this.#backfill.failedAndDownstream);
    join(failedAndDownstream, this.#failed);
    return { ...this.#backfill, materialized: new Map(this.#materialized), failedAndDownstream };
  }

  /** Runs of it were made. */
  made(runs: readonly Run[]): void {
    for (const { runId } of runs) this.#unfinished.add(runId);
  }

  /** A run of it stands so; to be told once it is in the log that it ended. */
  ended(runId: string, run: BackfillRun): void {
    this.#unfinished.delete(runId);
    if (isTerminal(run.status)) this.#ended.push(run);
  }

  /** Has it canceled, paused or resumed. */
  steer(change: (backfill: Backfill) => Backfill): void {
    if (this.hasEnded) return;
    const before = this.#backfill.status;
    this.#backfill = change(this.#backfill);
    if (before !== this.#backfill.status) this.#canceledRuns = this.#unfinished.size > 0;
  }

  /** The next look. What it asks for counts as requested; the caller makes the runs. */
  iterate(): BackfillIteration {
    this.#observe();
    const canceledRuns = this.#canceledRuns;
    this.#canceledRuns = false;
    const iteration = iterateBackfill(this.#backfill, {
      graph: this.graph,
      canceledRuns,
      observation: {
        materialized: this.#materialized,
        failed: this.#failed,
        unfinishedRuns: this.#unfinished.size,
        awaitedRetries: 0,
      },
    });
    this.#backfill = iteration.backfill;
    return iteration;
  }

  #observe(): void {
    if (this.#ended.length === 0) return;
    const ended = this.#ended;
    this.#ended = [];
    const seen = observeRuns(ended, this.#backfill.targets, this.graph.keySpace);
    join(this.#materialized, seen.materialized);
    join(this.#failed, seen.failed);
  }
}

function join(into: Map<AssetKeyText, PartitionsSubset>, more: AssetSubsets): void {
  for (const [assetKey, subset] of more) {
    into.set(assetKey, union(into.get(assetKey) ?? [], subset));
  }
}
