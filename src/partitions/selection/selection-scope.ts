import type { EpochMs } from '../../time/time-window.ts';
import type { PartitionIndex } from '../partition-index.ts';
import type { PartitionsSubset } from '../subset/partitions-subset.ts';
import type { KeyScans } from './key-scans.ts';
import type { StatusWord } from './selection-tree.ts';

/** The keys of one asset with each status. */
export type StatusSubsets = Readonly<Record<StatusWord, PartitionsSubset>>;

/** What is known of another asset. */
export interface OtherAsset {
  /** Null if it has no partitions. */
  readonly index: PartitionIndex | null;
  readonly statuses: StatusSubsets;
}

/** The other assets that a selection may name. */
export interface SelectionAssets {
  /** In notebook order. */
  readonly names: readonly string[];
  /** Null if there is none of that name. */
  find(name: string): OtherAsset | null;
  /**
   * The keys of the selection's own asset that `subset` of the named one reads, directly or
   * through others; null if it reads none of them by any way.
   */
  upstreamOf(name: string, subset: PartitionsSubset): PartitionsSubset | null;
  /** The keys of the selection's own asset that read `subset` of the named one, likewise. */
  downstreamOf(name: string, subset: PartitionsSubset): PartitionsSubset | null;
}

/** What the words of a selection mean. */
export interface SelectionScope {
  /** Whose keys are selected. */
  readonly index: PartitionIndex;
  /** Null where nothing has a status, as in one dimension of two. */
  readonly statuses: StatusSubsets | null;
  /** What `today` is. */
  readonly now: EpochMs;
  /** The texts of selections that have a name. */
  readonly named: ReadonlyMap<string, string>;
  /** Null where there are no others. */
  readonly assets: SelectionAssets | null;
  /** Looks for patterns in many keys, a part at a time. */
  readonly scans: KeyScans;
}

/** The scope of a selection within another: the same words over the keys of `index`. */
export function scopeWithin(
  scope: SelectionScope,
  index: PartitionIndex,
  statuses: StatusSubsets | null,
): SelectionScope {
  return { ...scope, index, statuses, assets: null };
}

/** The index of a dimension, and its place in name order; null if there is no such dimension. */
export function dimensionNamed(
  { definition, dimensions }: PartitionIndex,
  name: string,
): { readonly index: PartitionIndex; readonly position: number } | null {
  if (definition.kind !== 'multi') return null;
  const position = definition.dimensions.findIndex((dimension) => dimension.name === name);
  const index = dimensions?.[position];
  return index === undefined ? null : { index, position };
}
