import { AssetGraph } from '../../definitions/graph.ts';
import { BackfillGraph } from '../../orchestration/backfill/backfill-graph.ts';
import { KeySpace } from '../../orchestration/key-space.ts';
import { downstreamKeysIn, upstreamKeysIn } from '../../orchestration/lineage.ts';
import { noStatuses, type PartitionStatuses } from '../../orchestration/partition-status.ts';
import {
  completeSelection,
  type Completions,
} from '../../partitions/selection/complete-selection.ts';
import { dagsterText, type DagsterText } from '../../partitions/selection/dagster-text.ts';
import {
  evaluateSelection,
  type EvaluatedSelection,
} from '../../partitions/selection/evaluate-selection.ts';
import { KeyScans } from '../../partitions/selection/key-scans.ts';
import type {
  SelectionAssets,
  SelectionScope,
  StatusSubsets,
} from '../../partitions/selection/selection-scope.ts';
import { complement, unionAll } from '../../partitions/subset/subset-algebra.ts';
import type { SelectionSource, SelectionSurroundings } from './selection-source.ts';

/** The language of selections over what a notebook has; loaded when somebody begins to write. */
export class SelectionLanguage {
  /** To be looked further in while a selection is pending. */
  readonly scans = new KeyScans();
  #latest: { readonly source: SelectionSource; readonly scope: SelectionScope } | null = null;

  read(text: string, source: SelectionSource): EvaluatedSelection {
    return evaluateSelection(text, this.#scopeOf(source));
  }

  /** What may be written at `cursor`; null if nothing is known to fit. */
  complete(text: string, cursor: number, source: SelectionSource): Completions | null {
    return completeSelection(text, cursor, this.#scopeOf(source));
  }

  inDagster(selection: EvaluatedSelection, { index }: SelectionSource): DagsterText {
    return dagsterText(selection, index);
  }

  #scopeOf(source: SelectionSource): SelectionScope {
    if (this.#latest?.source !== source) {
      const { index, statuses, named, surroundings } = source;
      const scope = {
        index,
        statuses: statusSubsets(statuses, index.count),
        now: surroundings.context.effectiveAt,
        named,
        assets: assetsAround(surroundings),
        scans: this.scans,
      };
      this.#latest = { source, scope };
    }
    return this.#latest.scope;
  }
}

function statusSubsets(statuses: PartitionStatuses, count: number): StatusSubsets {
  const { materialized, materializing, queued, notTried, stale = [] } = statuses;
  const failed = unionAll([statuses.failed, notTried]);
  return {
    materialized,
    materializing,
    queued,
    failed,
    'not tried': notTried,
    stale,
    missing: complement(unionAll([materialized, materializing, queued, failed]), count),
  };
}

function assetsAround(around: SelectionSurroundings): SelectionAssets {
  const { definitions, assetKey, context } = around;
  let made: BackfillGraph | null = null;
  const graph = () =>
    (made ??= new BackfillGraph(new AssetGraph(definitions.assets), new KeySpace(context)));
  return {
    names: definitions.assets.map((asset) => asset.assetKey),
    find: (name) => {
      if (graph().specOf(name) === null) return null;
      const index = graph().indexOf(name);
      const statuses = around.statusesOf(name) ?? noStatuses;
      return { index, statuses: statusSubsets(statuses, index?.count ?? 1) };
    },
    upstreamOf: (name, subset) => upstreamKeysIn(graph(), name, subset, assetKey),
    downstreamOf: (name, subset) => downstreamKeysIn(graph(), name, subset, assetKey),
  };
}
