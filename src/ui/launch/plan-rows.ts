import type { BackfillGraph } from '../../orchestration/backfill/backfill-graph.ts';
import { waitInWords } from '../../orchestration/backfill/plan-waves.ts';
import { runRequestsFor } from '../../orchestration/backfill/run-requests.ts';
import { subsetOfRanges } from '../../partitions/key-ranges.ts';
import type { PartitionIndex } from '../../partitions/partition-index.ts';
import { contains, ordinalAt } from '../../partitions/subset/subset-algebra.ts';
import type { PartitionsSubset } from '../../partitions/subset/partitions-subset.ts';
import type { LaunchPlan, PlanWave } from '../../protocol/engine.ts';

/** A line of the list of a plan. */
export type PlanRow =
  | { readonly kind: 'wave'; readonly wave: PlanWave }
  | {
      readonly kind: 'run';
      readonly wave: PlanWave;
      /** A key, or a range as it is written in a selection; null for a run without keys. */
      readonly keys: string | null;
      /** The first of its keys; null for a run without keys. */
      readonly firstKey: string | null;
      /** Why it does not go earlier; null in the first wave. */
      readonly reason: string | null;
    };

/** A plan as lines: each group of runs, and below it its runs. Lines are made when they are asked for. */
export class PlanRows {
  readonly count: number;
  readonly #groups: readonly Group[];
  readonly #graph: BackfillGraph;

  /** @param graph as the launch sees it. */
  constructor({ waves }: LaunchPlan, graph: BackfillGraph) {
    this.#graph = graph;
    let start = 0;
    this.#groups = waves.map((wave) => {
      const index = graph.indexOf(wave.assetKeys[0] ?? '');
      const subset =
        index && wave.partitionRanges ? subsetOfRanges(index, wave.partitionRanges).subset : [];
      const group = new Group(wave, graph, subset, start);
      start += 1 + wave.runCount;
      return group;
    });
    this.count = start;
  }

  at(row: number): PlanRow {
    let group = this.#groups[0] as Group;
    for (const one of this.#groups) {
      if (one.start > row) break;
      group = one;
    }
    const { wave, index } = group;
    if (row === group.start) return { kind: 'wave', wave };
    const [first, last] = group.runAt(row - group.start - 1);
    if (!index || first < 0) {
      const [wait] = wave.waits ?? [];
      const reason = wait ? waitInWords(wait.assetKey, wait.reason, this.#graph) : null;
      return { kind: 'run', wave, keys: null, firstKey: null, reason };
    }
    const firstKey = index.keyAt(first);
    const keys = last === first ? firstKey : `[${firstKey}...${index.keyAt(last)}]`;
    return { kind: 'run', wave, keys, firstKey, reason: this.#reasonOf(wave, first) };
  }

  #reasonOf(wave: PlanWave, ordinal: number): string | null {
    for (const { assetKey, partitionRanges, reason } of wave.waits ?? []) {
      const index = this.#graph.indexOf(assetKey);
      const waits =
        !index ||
        !partitionRanges ||
        contains(subsetOfRanges(index, partitionRanges).subset, ordinal);
      if (waits) return waitInWords(assetKey, reason, this.#graph);
    }
    if (wave.oneByOne) return 'after the key before it';
    return null;
  }
}

/** The runs of a group, by their place. */
class Group {
  readonly wave: PlanWave;
  /** Null for assets without partitions. */
  readonly index: PartitionIndex | null;
  /** The line of its head. */
  readonly start: number;
  readonly #graph: BackfillGraph;
  readonly #subset: PartitionsSubset;
  #ranges: readonly (readonly [first: number, last: number])[] | null = null;

  constructor(wave: PlanWave, graph: BackfillGraph, subset: PartitionsSubset, start: number) {
    this.wave = wave;
    this.index = graph.indexOf(wave.assetKeys[0] ?? '');
    this.start = start;
    this.#graph = graph;
    this.#subset = subset;
  }

  /** The first and the last ordinal of a run; -1 for one without keys. */
  runAt(place: number): readonly [first: number, last: number] {
    const { assetKeys, runCount, partitionsPerRun, oneByOne } = this.wave;
    if (!this.index || this.#subset.length === 0) return [-1, -1];
    if (partitionsPerRun === undefined) {
      const isBackwards = this.#graph.extras?.newestFirst && !oneByOne;
      const ordinal = ordinalAt(this.#subset, isBackwards ? runCount - 1 - place : place);
      return [ordinal, ordinal];
    }
    const chosen = new Map(assetKeys.map((assetKey) => [assetKey, this.#subset]));
    this.#ranges ??= runRequestsFor(chosen, this.#graph).map(({ subset }) => {
      return [subset[0] ?? 0, (subset.at(-1) ?? 1) - 1];
    });
    return this.#ranges[place] ?? [-1, -1];
  }
}
