import type { PartitionsSubset } from '../../partitions/subset/partitions-subset.ts';

/** Keys of one asset, by their ordinals among those that exist. */
export interface KeysOfAsset {
  readonly assetKey: string;
  readonly subset: PartitionsSubset;
}
