import type { AssetKeyText, AssetSpec } from '../definitions/definitions.ts';
import type { AssetGraph } from '../definitions/graph.ts';
import type { PartitionKey, PartitionKeyRange } from '../partitions/context.ts';
import { keysInRange } from '../partitions/keys-in-range.ts';
import type { KeySpace } from './key-space.ts';
import { stepKeyOfAsset } from './run-steps.ts';
import { RunTag } from './run-tags.ts';
import type { Run } from './run.ts';

/** What tells which keys a run is for. */
type RunKeys = Pick<Run, 'partitionKey' | 'tags'>;

/** The range of keys that a run is for, as its tags say; null if it is for one key or for none (CTX-1). */
export function rangeOf({ tags }: Pick<Run, 'tags'>): PartitionKeyRange | null {
  const { [RunTag.rangeStart]: start, [RunTag.rangeEnd]: end } = tags;
  return start === undefined || end === undefined ? null : { start, end };
}

/**
 * The keys of a run for one asset, in definition order, also such as do not exist yet
 * (TW-33); empty for an asset without partitions, a run without keys and a range in reverse.
 *
 * @throws {InvalidDefinitionError} if the range is none of the asset's definition.
 */
export function runKeysFor(
  asset: AssetSpec | undefined,
  run: RunKeys,
  keySpace: KeySpace,
): readonly PartitionKey[] {
  const index = keySpace.indexOf(asset?.partitionsDef ?? null);
  if (index === null) return [];
  if (run.partitionKey !== null) return [run.partitionKey];
  const range = rangeOf(run);
  return range === null ? [] : keysInRange(index, range);
}

/**
 * The keys that a run plans of each of its assets (PS-5): the one `null` if the asset has no partitions, or the run no
 * key; empty for a range without keys. Where the step that is last by name makes windows of time, they are planned of
 * assets without partitions too, as in Dagster.
 *
 * @param graph null if the code cannot be read.
 * @returns what throws an `InvalidDefinitionError` if the range is none of the asset's definition.
 */
export function plannedKeysOf(
  run: RunKeys & { readonly assetKeys: readonly AssetKeyText[] },
  graph: AssetGraph | null,
  keySpace: KeySpace,
): (assetKey: AssetKeyText) => readonly (PartitionKey | null)[] {
  if (run.partitionKey === null && rangeOf(run) === null) return () => [null];
  const steps = run.assetKeys.map((key) => ({ key, stepKey: stepKeyOfAsset(key, graph) }));
  const last = steps.reduce((one, other) => (other.stepKey < one.stepKey ? one : other), {
    key: '',
    stepKey: '',
  });
  const lastAsset = graph?.assets.get(last.key);
  const beside = lastAsset?.partitionsDef?.kind === 'timeWindow' ? lastAsset : null;
  return (assetKey) => {
    const asset = graph?.assets.get(assetKey);
    const planned = asset?.partitionsDef ? asset : asset && beside;
    return planned ? runKeysFor(planned, run, keySpace) : [null];
  };
}
