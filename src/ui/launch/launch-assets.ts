import type { AssetSpec, Definitions } from '../../definitions/definitions.ts';
import type { PartitionsDefinition } from '../../partitions/definition/partitions-definition.ts';

/**
 * The chosen asset whose keys are chosen: the first that is partitioned and depends on no other
 * chosen partitioned asset; the keys of the others follow from it. Null if none is partitioned.
 */
export function keyedAsset(
  chosen: readonly AssetSpec[],
): (AssetSpec & { readonly partitionsDef: PartitionsDefinition }) | null {
  const partitioned = chosen.filter(isPartitioned);
  const keys = new Set(partitioned.map(({ assetKey }) => assetKey));
  const root = partitioned.find(({ assetKey, deps }) =>
    deps.every((dep) => dep.assetKey === assetKey || !keys.has(dep.assetKey)),
  );
  return root ?? partitioned[0] ?? null;
}

/**
 * Assets that could be materialized along with `assetKeys` because they depend on them, however
 * far; in notebook order. External assets are left out.
 */
export function downstreamAssets(
  { assets }: Definitions,
  assetKeys: readonly string[],
): readonly AssetSpec[] {
  const reached = new Set(assetKeys);
  for (let size = -1; size !== reached.size;) {
    size = reached.size;
    for (const { assetKey, deps } of assets) {
      if (deps.some((dep) => reached.has(dep.assetKey))) reached.add(assetKey);
    }
  }
  return assets.filter(
    ({ assetKey, external }) => reached.has(assetKey) && !assetKeys.includes(assetKey) && !external,
  );
}

function isPartitioned(
  spec: AssetSpec,
): spec is AssetSpec & { readonly partitionsDef: PartitionsDefinition } {
  return spec.partitionsDef !== null;
}
