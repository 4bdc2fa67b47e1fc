import type { AssetKeyText, AssetSpec } from '../../definitions/definitions.ts';
import type { PartitionKey } from '../../partitions/context.ts';
import { equalPartitionsDefinitions } from '../../partitions/definition/identity.ts';
import type { PartitionsSubset } from '../../partitions/subset/partitions-subset.ts';
import {
  countOf,
  equalSubsets,
  intersect,
  slice,
  ordinalAt,
  subtract,
  union,
} from '../../partitions/subset/subset-algebra.ts';
import { keysOf } from '../../partitions/subset/subset-keys.ts';
import { assetKeyInDagster, subsetInDagster } from '../dagster-text.ts';
import type { AssetSubsets, BackfillError } from './backfill.ts';
import type { BackfillEdge, BackfillGraph } from './backfill-graph.ts';
import type { CannotShareReason, Rejection } from './wait-reason.ts';

/** Where a backfill stands when keys are chosen. */
export interface BackfillStanding {
  readonly targets: AssetSubsets;
  readonly requested: AssetSubsets;
  readonly materialized: AssetSubsets;
  readonly failedAndDownstream: AssetSubsets;
}

export type ChosenKeys =
  | {
      readonly status: 'chosen';
      readonly chosen: AssetSubsets;
      readonly rejections: readonly Rejection[];
    }
  | { readonly status: 'failed'; readonly error: BackfillError };

/**
 * The keys of `candidates`, and of what reads those that are chosen, for which runs can be
 * made now (BF-6 … BF-10). Whole subsets are weighed, never single keys.
 *
 * @throws {InvalidDefinitionError} if a mapping does not fit the two definitions.
 */
export function chooseKeys(
  candidates: AssetSubsets,
  standing: BackfillStanding,
  graph: BackfillGraph,
): ChosenKeys {
  return new KeyChoice(standing, graph).choose(candidates);
}

/** What is thrown to leave the search, and caught where it began. */
class NonexistentUpstream extends Error {}

class KeyChoice {
  readonly #standing: BackfillStanding;
  readonly #graph: BackfillGraph;
  readonly #chosen = new Map<AssetKeyText, PartitionsSubset>();
  readonly #rejections: Rejection[] = [];

  constructor(standing: BackfillStanding, graph: BackfillGraph) {
    this.#standing = standing;
    this.#graph = graph;
  }

  choose(candidates: AssetSubsets): ChosenKeys {
    const waiting = new Map(candidates);
    try {
      for (const unit of this.#unitsOf(this.#standing.targets.keys())) {
        let subset: PartitionsSubset = [];
        for (const assetKey of unit) subset = union(subset, waiting.get(assetKey) ?? []);
        if (subset.length === 0) continue;
        const chosen = this.#chooseOf(unit, subset);
        if (chosen.length === 0) continue;
        for (const assetKey of unit) {
          this.#chosen.set(assetKey, chosen);
          for (const edge of this.#graph.downstreamOf(assetKey)) {
            const { downstream } = edge;
            if (unit.includes(downstream) || !this.#standing.targets.has(downstream)) continue;
            const reached = this.#graph.toDownstream(edge, chosen);
            waiting.set(downstream, union(waiting.get(downstream) ?? [], reached));
          }
        }
      }
    } catch (fault) {
      if (!(fault instanceof NonexistentUpstream)) throw fault;
      const error = { error: 'DagsterInvariantViolationError', message: fault.message };
      return { status: 'failed', error };
    }
    return { status: 'chosen', chosen: this.#chosen, rejections: this.#rejections };
  }

  /** Assets that always run together, in the order of the graph; most are alone. */
  #unitsOf(assetKeys: Iterable<AssetKeyText>): readonly (readonly AssetKeyText[])[] {
    const { graph } = this.#graph;
    const units: (readonly AssetKeyText[])[] = [];
    const steps = new Set<string>();
    for (const assetKey of this.#graph.inOrder(assetKeys)) {
      const step = this.#graph.specOf(assetKey)?.sharedStep;
      if (!step || step.canSubset) {
        units.push([assetKey]);
      } else if (!steps.has(step.stepName)) {
        steps.add(step.stepName);
        units.push(
          graph.order.filter(
            (other) => graph.assets.get(other)?.sharedStep?.stepName === step.stepName,
          ),
        );
      }
    }
    return units;
  }

  #chooseOf(unit: readonly AssetKeyText[], candidate: PartitionsSubset): PartitionsSubset {
    const before = this.#rejections.length;
    let subset = candidate;
    for (const assetKey of unit) subset = intersect(subset, this.#open(assetKey));
    for (const assetKey of unit) {
      if (subset.length === 0) break;
      subset = this.#mayGo(assetKey, unit, subset);
    }
    this.#rejectTogether(unit, before);
    return subset;
  }

  /** What is targeted and has not been requested, recorded or given up. */
  #open(assetKey: AssetKeyText): PartitionsSubset {
    const { targets, requested, materialized, failedAndDownstream } = this.#standing;
    let open = targets.get(assetKey) ?? [];
    for (const done of [requested, materialized, failedAndDownstream]) {
      open = subtract(open, done.get(assetKey) ?? []);
    }
    return open;
  }

  #mayGo(
    assetKey: AssetKeyText,
    unit: readonly AssetKeyText[],
    candidate: PartitionsSubset,
  ): PartitionsSubset {
    const { targets, materialized } = this.#standing;
    let subset = candidate;
    // By name, as which of several reasons is met first decides whether the backfill fails.
    const edges = this.#graph
      .upstreamOf(assetKey)
      .filter(({ upstream }) => !unit.includes(upstream))
      .sort((one, other) => (one.upstream < other.upstream ? -1 : 1));
    const shared: BackfillEdge[] = [];
    for (const edge of edges) {
      const { upstream } = edge;
      const read = this.#read(edge, subset);
      const now = this.#chosen.get(upstream) ?? [];
      // Of all candidates, also of those that an upstream before this one has taken out (BF-9).
      if (intersect(candidate, this.#graph.toDownstream(edge, now)).length > 0) {
        const because = this.#cannotShare(edge, candidate, now);
        if (because !== null) {
          this.#reject(assetKey, candidate, { kind: 'cannotShare', upstream, because });
          return [];
        }
        shared.push(edge);
        continue;
      }
      const missing = subtract(
        intersect(read, targets.get(upstream) ?? []),
        materialized.get(upstream) ?? [],
      );
      if (missing.length === 0) continue;
      const blocked = intersect(subset, this.#graph.toDownstream(edge, missing));
      this.#reject(assetKey, blocked, { kind: 'notMaterialized', upstream });
      subset = subtract(subset, blocked);
      if (subset.length === 0) return subset;
    }
    // What has since been taken out, for another upstream, would be run without its own.
    for (const { upstream } of shared) {
      if (equalSubsets(this.#chosen.get(upstream) ?? [], subset)) continue;
      const reason = { kind: 'cannotShare', upstream, because: 'differentKeys' } as const;
      this.#reject(assetKey, subset, reason);
      return [];
    }
    const self = this.#graph.selfEdgeOf(assetKey);
    return self ? this.#oneAfterAnother(self, subset) : subset;
  }

  /** BF-8; null if the keys of the downstream asset can go in the runs of the upstream one. */
  #cannotShare(
    { upstream, downstream, mapping }: BackfillEdge,
    subset: PartitionsSubset,
    now: PartitionsSubset,
  ): CannotShareReason | null {
    const above = this.#graph.specOf(upstream) as AssetSpec;
    const below = this.#graph.specOf(downstream) as AssetSpec;
    const policy = policyText(above);
    if (policy !== policyText(below)) return 'differentPolicies';
    if (!equalPartitionsDefinitions(above.partitionsDef, below.partitionsDef)) {
      return 'differentDefinitions';
    }
    if (this.#graph.selfEdgeOf(downstream)) return 'readsItself';
    const sameKeys = equalSubsets(now, subset);
    const ownKeys =
      below.partitionsDef === null ||
      mapping.kind === 'identity' ||
      (mapping.kind === 'timeWindow' && mapping.startOffset === 0 && mapping.endOffset === 0);
    if (ownKeys) return sameKeys ? null : 'differentKeys';
    const { targets } = this.#standing;
    const target = targets.get(upstream) ?? [];
    const most = above.backfillPolicy ? (above.backfillPolicy.maxPartitionsPerRun ?? Infinity) : 0;
    const oneRunHoldsAll =
      most > countOf(now) &&
      equalSubsets(target, targets.get(downstream) ?? []) &&
      equalSubsets(target, now);
    return sameKeys && oneRunHoldsAll ? null : 'readsOtherKeys';
  }

  /** BF-10. */
  #oneAfterAnother(self: BackfillEdge, subset: PartitionsSubset): PartitionsSubset {
    const assetKey = self.downstream;
    const { targets, materialized } = this.#standing;
    const policy = this.#graph.specOf(assetKey)?.backfillPolicy;
    const missing = subtract(
      intersect(this.#read(self, subset), targets.get(assetKey) ?? []),
      materialized.get(assetKey) ?? [],
    );
    if (missing.length === 0) return subset;
    let ready = subset;
    if (!policy || subtract(missing, subset).length > 0) {
      const blocked = intersect(subset, this.#graph.toDownstream(self, missing));
      this.#reject(assetKey, blocked, { kind: 'earlierKeys' });
      ready = subtract(subset, blocked);
    }
    const most = policy?.maxPartitionsPerRun ?? null;
    if (most === null || countOf(ready) <= most) return ready;
    const first = slice(ready, 0, ordinalAt(ready, most));
    const reason = { kind: 'runIsFull', maxPartitionsPerRun: most } as const;
    this.#reject(assetKey, subtract(ready, first), reason);
    return first;
  }

  #read(edge: BackfillEdge, subset: PartitionsSubset): PartitionsSubset {
    const read = this.#graph.toUpstream(edge, subset);
    if (read.requiredButNonexistent.length === 0) return read.subset;
    const needs = this.#written(edge.downstream, subset);
    const lacking = this.#writtenKeys(edge.upstream, read.requiredButNonexistent);
    throw new NonexistentUpstream(
      `Asset partition subset ${needs} depends on non-existent partitions ${lacking}`,
    );
  }

  /** A subset as Dagster's messages write it. */
  #written(assetKey: AssetKeyText, subset: PartitionsSubset): string {
    const index = this.#graph.indexOf(assetKey);
    if (!index) return `EntitySubset<${assetKeyInDagster(assetKey)}>(True)`;
    return this.#writtenKeys(assetKey, keysOf(index, subset));
  }

  /** @param keys in definition order; they need not exist. */
  #writtenKeys(assetKey: AssetKeyText, keys: readonly PartitionKey[]): string {
    const inside = subsetInDagster(this.#graph.indexOf(assetKey)?.definition, keys);
    return `EntitySubset<${assetKeyInDagster(assetKey)}>(${inside})`;
  }

  /** The keys of its unit that an asset was refused are refused to all of the unit. */
  #rejectTogether(unit: readonly AssetKeyText[], from: number): void {
    if (unit.length < 2) return;
    for (const { assetKey, subset } of this.#rejections.slice(from)) {
      for (const other of unit) {
        if (other === assetKey) continue;
        this.#reject(other, subset, { kind: 'togetherWith', other: assetKey });
      }
    }
  }

  #reject(assetKey: AssetKeyText, subset: PartitionsSubset, reason: Rejection['reason']): void {
    if (subset.length > 0) this.#rejections.push({ assetKey, subset, reason });
  }
}

/** Equal for equal policies; none is one of its own (BP-1). */
export function policyText({ backfillPolicy }: AssetSpec): string {
  if (!backfillPolicy) return 'none';
  return backfillPolicy.maxPartitionsPerRun === null
    ? 'singleRun'
    : `multiRun ${backfillPolicy.maxPartitionsPerRun}`;
}
