import type { AssetSpec } from '../src/definitions/definitions.ts';
import type { KeySpace } from '../src/orchestration/key-space.ts';
import type { PartitionStatuses } from '../src/orchestration/partition-status.ts';
import type { InstanceStore } from '../src/orchestration/ports.ts';
import type { Run } from '../src/orchestration/run.ts';
import type { PartitionKey } from '../src/partitions/context.ts';
import { ordinalAt, slice, union } from '../src/partitions/subset/subset-algebra.ts';
import { keysOf } from '../src/partitions/subset/subset-keys.ts';
import type { HistoryEntry, InstigatorState } from '../src/protocol/engine.ts';
import type { GoalAssetHistory, GoalHistory } from '../src/protocol/goals.ts';

const MOST_RUNS = 1000;
const MOST_ENTRIES = 1000;
const MOST_VALUES = 100;
/** Of one value, as it is stored. */
const MOST_BYTES = 10_000;

/** Where the history that goals are told comes from. */
export interface GoalHistorySource {
  readonly notebookId: string;
  readonly assets: readonly AssetSpec[];
  readonly keySpace: KeySpace;
  readonly statusesOf: (assetKey: string) => PartitionStatuses;
  /** Newest first. */
  readonly listHistory: (
    assetKey: string,
    options: { readonly limit: number },
  ) => Promise<readonly HistoryEntry[]>;
  /** Newest first. */
  readonly listRuns: (options: {
    readonly limit: number;
    readonly before: null;
    readonly statuses: null;
  }) => Promise<readonly Run[]>;
  readonly instigators: readonly InstigatorState[];
  readonly instances: Pick<InstanceStore, 'readValue' | 'readValues'>;
  /** Whether a goal asks for values: reading them costs. */
  readonly asksForValues: boolean;
}

/** The history of a notebook as its goals are told it, in bounds: the newest of everything. */
export async function goalHistory(source: GoalHistorySource): Promise<GoalHistory> {
  const { assets, listRuns, instigators } = source;
  const runs = await listRuns({ limit: MOST_RUNS, before: null, statuses: null });
  return {
    assets: await Promise.all(assets.map((asset) => assetHistory(asset, source))),
    runs: runs.toReversed(),
    automations: instigators.map(({ name, running, tickCount }) => ({ name, running, tickCount })),
  };
}

async function assetHistory(
  asset: AssetSpec,
  source: GoalHistorySource,
): Promise<GoalAssetHistory> {
  const { statusesOf, listHistory, asksForValues } = source;
  const { assetKey } = asset;
  const entries = await listHistory(assetKey, { limit: MOST_ENTRIES });
  return {
    assetKey,
    statuses: statusesOf(assetKey),
    entries: entries.toReversed().map(({ type, eventId, partitionKey, runId, at }) => ({
      type,
      eventId,
      partitionKey,
      runId,
      at,
    })),
    values: asksForValues ? await smallValues(asset, source) : [],
  };
}

async function smallValues(
  { assetKey, partitionsDef }: AssetSpec,
  { notebookId, instances, keySpace, statusesOf }: GoalHistorySource,
): Promise<readonly (readonly [PartitionKey | null, unknown])[]> {
  const index = keySpace.indexOf(partitionsDef);
  const { materialized, materializedBefore = [] } = statusesOf(assetKey);
  const kept = union(materialized, materializedBefore);
  const end = ordinalAt(kept, MOST_VALUES);
  const stored = index
    ? await instances.readValues(
        notebookId,
        assetKey,
        keysOf(index, end < 0 ? kept : slice(kept, 0, end)),
      )
    : [await instances.readValue(notebookId, assetKey, null)];
  return stored.flatMap((one) =>
    one && one.bytes <= MOST_BYTES ? [[one.partitionKey, one.value] as const] : [],
  );
}
