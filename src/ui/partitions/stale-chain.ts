import type { AssetSpec } from '../../definitions/definitions.ts';
import type { PartitionsSubset } from '../../partitions/subset/partitions-subset.ts';
import { countOf, unionAll } from '../../partitions/subset/subset-algebra.ts';
import { neighboursAbove, type MappingSource } from './key-neighbours.ts';

/** Keys of one asset that a chain materializes. */
export interface ChainLink {
  readonly assetKey: string;
  readonly subset: PartitionsSubset;
}

/** A chain of more keys than these is not followed further up. */
const MOST_KEYS = 2000;

/**
 * What must be materialized for one key to be fresh: of what it reads, near and far, the keys that
 * `needed` answers for an asset; what others read comes first, the key itself last.
 */
export function staleChain(
  source: MappingSource,
  spec: AssetSpec,
  ordinal: number,
  needed: (assetKey: string, subset: PartitionsSubset) => PartitionsSubset,
): readonly ChainLink[] {
  const links = new Map<string, PartitionsSubset>();
  let followed = 0;
  const visit = (asset: AssetSpec, ordinals: PartitionsSubset) => {
    for (let at = 0; at < ordinals.length; at += 2) {
      for (let one = ordinals[at] as number; one < (ordinals[at + 1] as number); one++) {
        if (followed++ > MOST_KEYS) return;
        for (const { assetKey, subset } of neighboursAbove(source, asset, one)) {
          const upstream = source.assets.find((candidate) => candidate.assetKey === assetKey);
          if (!upstream || upstream.external) continue;
          const wanted = needed(assetKey, subset);
          const before = links.get(assetKey) ?? [];
          const all = unionAll([before, wanted]);
          if (countOf(all) === countOf(before)) continue;
          links.set(assetKey, all);
          visit(upstream, wanted);
        }
      }
    }
  };
  visit(spec, [ordinal, ordinal + 1]);
  const own = links.get(spec.assetKey) ?? [];
  links.set(spec.assetKey, unionAll([own, [ordinal, ordinal + 1]]));
  return inOrder(source.assets)
    .filter((assetKey) => links.has(assetKey))
    .map((assetKey) => ({ assetKey, subset: links.get(assetKey) ?? [] }));
}

/** Assets with what they read before them. */
function inOrder(assets: readonly AssetSpec[]): readonly string[] {
  const byKey = new Map(assets.map((asset) => [asset.assetKey, asset]));
  const placed = new Set<string>();
  const order: string[] = [];
  const place = (assetKey: string) => {
    const asset = byKey.get(assetKey);
    if (!asset || placed.has(assetKey)) return;
    placed.add(assetKey);
    for (const dep of asset.deps) place(dep.assetKey);
    order.push(assetKey);
  };
  for (const { assetKey } of assets) place(assetKey);
  return order;
}
