import type { AssetDependency, AssetSpec } from '../../definitions/definitions.ts';
import { defaultMapping } from '../../partitions/mapping/default-mapping.ts';
import { mapToDownstream, mapToUpstream } from '../../partitions/mapping/map-partitions.ts';
import type { PartitionIndex } from '../../partitions/partition-index.ts';
import type { PartitionsSubset } from '../../partitions/subset/partitions-subset.ts';

/** Keys of another asset that a key reads, or is read by. */
export interface KeyNeighbours {
  readonly assetKey: string;
  readonly subset: PartitionsSubset;
  /** Keys that would be read and do not exist; empty if none, and always downstream. */
  readonly nonexistent: readonly string[];
}

/** What is asked of the notebook to follow a mapping. */
export interface MappingSource {
  readonly assets: readonly AssetSpec[];
  indexFor(definition: AssetSpec['partitionsDef']): PartitionIndex;
}

/** What one key of an asset reads, by asset in the order of its dependencies. A mapping that does not fit gives nothing: its cell says why. */
export function neighboursAbove(
  source: MappingSource,
  spec: AssetSpec,
  ordinal: number,
): readonly KeyNeighbours[] {
  return spec.deps.flatMap((dep) => {
    const upstream = source.assets.find(({ assetKey }) => assetKey === dep.assetKey);
    if (!upstream) return [];
    return fitting(() => {
      const { subset, requiredButNonexistent } = mapToUpstream({
        ...mapped(source, dep, upstream, spec),
        subset: [ordinal, ordinal + 1],
      });
      return { assetKey: dep.assetKey, subset, nonexistent: requiredButNonexistent };
    });
  });
}

/** What reads one key of an asset, by asset in notebook order. */
export function neighboursBelow(
  source: MappingSource,
  spec: AssetSpec,
  ordinal: number,
): readonly KeyNeighbours[] {
  return source.assets.flatMap((downstream) =>
    downstream.deps
      .filter(({ assetKey }) => assetKey === spec.assetKey)
      .flatMap((dep) =>
        fitting(() => {
          const subset = mapToDownstream({
            ...mapped(source, dep, spec, downstream),
            subset: [ordinal, ordinal + 1],
          });
          return { assetKey: downstream.assetKey, subset, nonexistent: [] };
        }),
      ),
  );
}

function mapped(
  source: MappingSource,
  dep: AssetDependency,
  upstream: AssetSpec,
  downstream: AssetSpec,
) {
  const indexOf = ({ partitionsDef }: AssetSpec) =>
    partitionsDef ? source.indexFor(partitionsDef) : null;
  return {
    mapping: dep.mapping ?? defaultMapping(upstream.partitionsDef, downstream.partitionsDef),
    upstream: indexOf(upstream),
    downstream: indexOf(downstream),
  };
}

function fitting(find: () => KeyNeighbours): readonly KeyNeighbours[] {
  try {
    return [find()];
  } catch {
    // A mapping that does not fit its definitions is a problem of its cell, and stands there.
    return [];
  }
}
