import type { AssetKeyText } from '../../definitions/definitions.ts';
import type { PartitionsSubset } from '../../partitions/subset/partitions-subset.ts';

/** Why keys are not requested yet (BF-7 … BF-11). */
export type WaitReason =
  /** They read keys of `upstream` that are not materialized yet. */
  | { readonly kind: 'notMaterialized'; readonly upstream: AssetKeyText }
  /** They read `upstream`, which runs now and cannot share the run: */
  | {
      readonly kind: 'cannotShare';
      readonly upstream: AssetKeyText;
      readonly because: CannotShareReason;
    }
  /** They read earlier keys of their own asset, which are not materialized yet. */
  | { readonly kind: 'earlierKeys' }
  /** As many earlier keys of their own asset go now as its policy lets into one run. */
  | { readonly kind: 'runIsFull'; readonly maxPartitionsPerRun: number }
  /** They are computed together with `other`, which cannot go yet. */
  | { readonly kind: 'togetherWith'; readonly other: AssetKeyText };

/** Why two assets cannot share a run (BF-8). */
export type CannotShareReason =
  | 'differentPolicies'
  | 'differentDefinitions'
  /** The downstream asset reads itself too. */
  | 'readsItself'
  /** The upstream asset runs now for other keys than the downstream one would. */
  | 'differentKeys'
  /** A key reads other keys than its own, and one run need not hold them all. */
  | 'readsOtherKeys';

/** Keys of an asset that wait, and why. */
export interface Rejection {
  readonly assetKey: AssetKeyText;
  readonly subset: PartitionsSubset;
  readonly reason: WaitReason;
}
