import type { AssetKeyText } from '../definitions/definitions.ts';
import type { AssetGraph } from '../definitions/graph.ts';
import type { PartitionKey } from '../partitions/context.ts';
import { keyFor } from './execute-run.ts';
import type { KeySpace } from './key-space.ts';
import type { InstanceStore } from './ports.ts';
import { waveOf } from './run-tags.ts';
import type { Run } from './run.ts';
import { upstreamKeysOf } from './upstream-keys.ts';

/** What failed, or was canceled, in each launch that has not ended: later waves do not try what reads it (BF-5). */
export class LaunchFailures {
  readonly #failed = new Map<string, Map<AssetKeyText, Set<PartitionKey | null>>>();

  /** @param materialized what the run recorded before it failed; all else that it planned failed. */
  add(run: Run, materialized: ReadonlySet<AssetKeyText>): void {
    const { backfillId } = run;
    if (backfillId === null) return;
    let failed = this.#failed.get(backfillId);
    if (!failed) this.#failed.set(backfillId, (failed = new Map()));
    for (const assetKey of run.assetKeys) {
      if (materialized.has(assetKey)) continue;
      // Null too: that is how an asset without partitions is read.
      const keys = failed.get(assetKey) ?? new Set([null]);
      failed.set(assetKey, keys.add(run.partitionKey));
    }
  }

  clear(): void {
    this.#failed.clear();
  }

  /** Reads from the log what failed in the launches whose later waves still wait. */
  async recall(
    notebookId: string,
    instances: InstanceStore,
    waiting: readonly Run[],
  ): Promise<void> {
    const launches = new Set<string | null>();
    for (const run of waiting) if (waveOf(run.tags) > 1) launches.add(run.backfillId);
    if (launches.size === 0) return;
    const statuses = ['FAILURE', 'CANCELED'] as const;
    const ended = await instances.listRuns(notebookId, { limit: Infinity, before: null, statuses });
    for (const run of ended) {
      if (run.backfillId === null || !launches.has(run.backfillId)) continue;
      const materialized = new Set<AssetKeyText>();
      for (const { type, assetKey } of await instances.readRunEvents(notebookId, run.runId)) {
        if (type === 'ASSET_MATERIALIZATION' && assetKey !== null) materialized.add(assetKey);
      }
      this.add(run, materialized);
    }
  }

  /** The first of a run's assets with an upstream key that failed in its launch; null if there is none. */
  upstreamOf(
    run: Run,
    graph: AssetGraph,
    keySpace: KeySpace,
  ): { readonly assetKey: AssetKeyText; readonly upstream: string } | null {
    const failed = run.backfillId === null ? null : this.#failed.get(run.backfillId);
    if (!failed) return null;
    for (const assetKey of run.assetKeys) {
      const asset = graph.assets.get(assetKey);
      for (const dependency of asset?.deps ?? []) {
        const failedKeys = failed.get(dependency.assetKey);
        if (!asset || !failedKeys) continue;
        const { keys } = upstreamKeysOf(asset, dependency, keyFor(asset, run), graph, keySpace);
        const key = keys.find((one) => failedKeys.has(one));
        if (key === undefined) continue;
        const upstream = dependency.assetKey + (key === null ? '' : ` at ${key}`);
        return { assetKey, upstream };
      }
    }
    return null;
  }
}
