import type { AssetKeyText } from '../../definitions/definitions.ts';
import type { PartitionKey } from '../../partitions/context.ts';
import { subsetOf } from '../../partitions/subset/subset-algebra.ts';
import type { KeySpace } from '../key-space.ts';
import { isTerminal, type RunStatus } from '../run.ts';
import type { AssetSubsets, BackfillTarget } from './backfill.ts';

/** One run of a backfill, as the log tells it. */
export interface BackfillRun {
  readonly status: RunStatus;
  readonly assetKeys: readonly AssetKeyText[];
  /** All keys of the run; null for a run without a key. */
  readonly partitionKeys: readonly PartitionKey[] | null;
  /** Keys that it recorded, by asset; null for a materialization without a key. */
  readonly materialized: ReadonlyMap<AssetKeyText, readonly (PartitionKey | null)[]>;
  /** Whether another run will try again what failed. */
  readonly willRetry: boolean;
}

/** What the runs of a backfill have come to. */
export interface BackfillObservation {
  readonly materialized: AssetSubsets;
  /** All that runs planned which failed or were canceled, recorded or not (BF-5). */
  readonly failed: AssetSubsets;
  readonly unfinishedRuns: number;
  /** Failed runs that another run will try again (BF-14). */
  readonly awaitedRetries: number;
}

/**
 * What the runs of a backfill have come to, in any order of the runs.
 *
 * @param keySpace the keys under which the backfill's ordinals count; see `keySpaceOf`.
 */
export function observeRuns(
  runs: Iterable<BackfillRun>,
  targets: readonly BackfillTarget[],
  keySpace: KeySpace,
): BackfillObservation {
  const materialized = new Ordinals(targets, keySpace);
  const failed = new Ordinals(targets, keySpace);
  let unfinishedRuns = 0;
  let awaitedRetries = 0;
  for (const run of runs) {
    for (const [assetKey, keys] of run.materialized) materialized.add(assetKey, keys);
    if (!isTerminal(run.status)) unfinishedRuns++;
    if (run.status !== 'FAILURE' && run.status !== 'CANCELED') continue;
    if (run.willRetry) awaitedRetries++;
    const keys = run.partitionKeys ?? [null];
    for (const assetKey of run.assetKeys) failed.add(assetKey, keys);
  }
  return {
    materialized: materialized.subsets(),
    failed: failed.subsets(),
    unfinishedRuns,
    awaitedRetries,
  };
}

/** Ordinals of several assets, as they come. */
class Ordinals {
  readonly #byAsset: ReadonlyMap<
    AssetKeyText,
    { readonly ordinalOf: (key: PartitionKey | null) => number; readonly ordinals: number[] }
  >;

  constructor(targets: readonly BackfillTarget[], keySpace: KeySpace) {
    this.#byAsset = new Map(
      targets.map(({ assetKey, partitionsDef }) => {
        const index = keySpace.indexOf(partitionsDef);
        // A key of an asset without partitions says nothing, nor does no key of one with.
        const ordinalOf = index
          ? (key: PartitionKey | null) => (key === null ? -1 : index.ordinalOf(key))
          : () => 0;
        return [assetKey, { ordinalOf, ordinals: [] }];
      }),
    );
  }

  add(assetKey: AssetKeyText, keys: readonly (PartitionKey | null)[]): void {
    const asset = this.#byAsset.get(assetKey);
    if (!asset) return;
    for (const key of keys) {
      const ordinal = asset.ordinalOf(key);
      if (ordinal >= 0) asset.ordinals.push(ordinal);
    }
  }

  subsets(): AssetSubsets {
    const found = new Map<AssetKeyText, readonly number[]>();
    for (const [assetKey, { ordinals }] of this.#byAsset) {
      if (ordinals.length > 0) found.set(assetKey, subsetOf(ordinals));
    }
    return found;
  }
}
