import type { AssetKeyText, AssetSpec } from '../../definitions/definitions.ts';
import type { PartitionKey, PartitionKeyRange } from '../../partitions/context.ts';
import { equalPartitionsDefinitions } from '../../partitions/definition/identity.ts';
import { subsetOfRanges, type KeyRanges } from '../../partitions/key-ranges.ts';
import { keysInRange } from '../../partitions/keys-in-range.ts';
import type { PartitionsSubset } from '../../partitions/subset/partitions-subset.ts';
import { subsetOfSpan, union } from '../../partitions/subset/subset-algebra.ts';
import { fromKeys } from '../../partitions/subset/subset-keys.ts';
import type { BackfillError, BackfillTarget } from './backfill.ts';
import type { BackfillGraph } from './backfill-graph.ts';

/** What to materialize, as it is asked for (BF-1). */
export type TargetRequest =
  /** Keys of the assets that no other chosen asset comes before; the others by the mappings (BF-2). */
  | {
      readonly kind: 'keys';
      readonly assetKeys: readonly AssetKeyText[];
      readonly ranges: KeyRanges;
    }
  /** All that exists of each asset. */
  | { readonly kind: 'all'; readonly assetKeys: readonly AssetKeyText[] }
  /** Each asset for itself; no ranges means all that exists of it. */
  | {
      readonly kind: 'byAsset';
      readonly assets: readonly {
        readonly assetKey: AssetKeyText;
        readonly ranges: readonly PartitionKeyRange[];
      }[];
    };

export type TargetOutcome =
  /** An asset after all that it depends on; without those for which nothing is left. */
  | { readonly status: 'targeted'; readonly targets: readonly BackfillTarget[] }
  | { readonly status: 'refused'; readonly error: BackfillError };

const THE_ONE: PartitionsSubset = [0, 1];

/**
 * The keys of each asset that a backfill is to materialize. Keys that a static or dynamic
 * definition does not have are kept as unknown; windows that do not exist are dropped.
 *
 * @throws {InvalidDefinitionError} if a mapping does not fit, or a range has an end that is no key.
 */
export function targetBackfill(request: TargetRequest, graph: BackfillGraph): TargetOutcome {
  switch (request.kind) {
    case 'keys':
      return targetKeys(request.assetKeys, request.ranges, graph);
    case 'all':
      return targeted(
        request.assetKeys.map((assetKey) => ({ assetKey, subset: all(assetKey, graph) })),
        graph,
      );
    case 'byAsset':
      return targeted(
        request.assets.map(({ assetKey, ranges }) => {
          const index = graph.indexOf(assetKey);
          if (!index || ranges.length === 0) return { assetKey, subset: all(assetKey, graph) };
          const keys = ranges.flatMap((range) => keysInRange(index, range));
          return { assetKey, subset: fromKeys(index, keys).subset };
        }),
        graph,
      );
  }
}

function targetKeys(
  assetKeys: readonly AssetKeyText[],
  ranges: KeyRanges,
  graph: BackfillGraph,
): TargetOutcome {
  const chosen = graph.inOrder(assetKeys).flatMap((assetKey) => graph.specOf(assetKey) ?? []);
  const partitioned = chosen.filter(({ partitionsDef }) => partitionsDef !== null);
  const roots = rootsOf(partitioned, graph);
  const [first] = roots;
  const index = first ? graph.indexOf(first.assetKey) : null;
  // Dagster fails here without a word of its own (BF-2).
  if (!first || !index) return refused('StopIteration', '');
  const same = roots.every((root) =>
    equalPartitionsDefinitions(root.partitionsDef, first.partitionsDef),
  );
  if (!same) {
    return refused(
      'DagsterBackfillFailedError',
      'All the assets at the root of the backfill must have the same PartitionsDefinition',
    );
  }
  const { subset, unknownKeys } = subsetOfRanges(index, ranges);
  const kept = index.definition.kind === 'timeWindow' ? [] : [...new Set(unknownKeys)];
  if (subset.length === 0 && kept.length === 0) {
    return refused(
      'CheckError',
      'Invariant failed. Description: Multiple initial assets not yet supported',
    );
  }
  const found = new Map<AssetKeyText, { subset: PartitionsSubset; unknown: PartitionKey[] }>();
  for (const { assetKey } of roots) found.set(assetKey, { subset, unknown: kept });
  for (const { assetKey, partitionsDef } of partitioned) {
    if (found.has(assetKey)) continue;
    let mapped: PartitionsSubset = [];
    const unknown = new Set<PartitionKey>();
    for (const edge of graph.upstreamOf(assetKey)) {
      const upstream = edge.upstream === assetKey ? undefined : found.get(edge.upstream);
      if (!upstream) continue;
      mapped = union(mapped, graph.toDownstream(edge, upstream.subset));
      // What a key that does not exist maps to is asked of no definition: only by key it is itself.
      const byKey =
        edge.mapping.kind === 'identity' &&
        equalPartitionsDefinitions(
          graph.specOf(edge.upstream)?.partitionsDef ?? null,
          partitionsDef,
        );
      if (byKey) for (const key of upstream.unknown) unknown.add(key);
    }
    if (mapped.length > 0 || unknown.size > 0) {
      found.set(assetKey, { subset: mapped, unknown: [...unknown] });
    }
  }
  for (const { assetKey, partitionsDef } of chosen) {
    if (partitionsDef === null) found.set(assetKey, { subset: THE_ONE, unknown: [] });
  }
  return targeted(
    [...found].map(([assetKey, { subset: keys, unknown }]) => ({
      assetKey,
      subset: keys,
      unknownKeys: unknown,
    })),
    graph,
  );
}

/** Those that no other of `assets` comes before, through whatever assets. */
export function rootsOf(assets: readonly AssetSpec[], graph: BackfillGraph): readonly AssetSpec[] {
  const chosen = new Set(assets.map(({ assetKey }) => assetKey));
  return assets.filter(({ assetKey }) => {
    const seen = new Set([assetKey]);
    const left = [assetKey];
    for (let next = left.pop(); next !== undefined; next = left.pop()) {
      for (const { upstream } of graph.upstreamOf(next)) {
        if (seen.has(upstream)) continue;
        if (chosen.has(upstream)) return false;
        seen.add(upstream);
        left.push(upstream);
      }
    }
    return true;
  });
}

function all(assetKey: AssetKeyText, graph: BackfillGraph): PartitionsSubset {
  const index = graph.indexOf(assetKey);
  return index ? subsetOfSpan(0, index.count) : THE_ONE;
}

function targeted(
  found: readonly {
    readonly assetKey: AssetKeyText;
    readonly subset: PartitionsSubset;
    readonly unknownKeys?: readonly PartitionKey[];
  }[],
  graph: BackfillGraph,
): TargetOutcome {
  const byKey = new Map(found.map((one) => [one.assetKey, one]));
  const targets = graph.inOrder(byKey.keys()).flatMap((assetKey): readonly BackfillTarget[] => {
    const { subset = [], unknownKeys = [] } = byKey.get(assetKey) ?? {};
    if (subset.length === 0 && unknownKeys.length === 0) return [];
    const partitionsDef = graph.specOf(assetKey)?.partitionsDef ?? null;
    return [{ assetKey, partitionsDef, subset, unknownKeys }];
  });
  return { status: 'targeted', targets };
}

function refused(error: string, message: string): TargetOutcome {
  return { status: 'refused', error: { error, message } };
}
