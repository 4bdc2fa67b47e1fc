import type { AssetKeyText } from '../../definitions/definitions.ts';
import type { PartitionKey } from '../../partitions/context.ts';
import { partitionsDefinitionIdentity } from '../../partitions/definition/identity.ts';
import { keysInRange } from '../../partitions/keys-in-range.ts';
import type { PartitionIndex } from '../../partitions/partition-index.ts';
import type { PartitionsSubset } from '../../partitions/subset/partitions-subset.ts';
import { ordinalsOf, spansOf } from '../../partitions/subset/subset-algebra.ts';
import { fromKeys, keyRangesOf, keysOf } from '../../partitions/subset/subset-keys.ts';
import { partitionTags } from '../partition-tags.ts';
import { RunTag } from '../run-tags.ts';
import type { AssetSubsets, BackfillRunRequest } from './backfill.ts';
import type { BackfillGraph } from './backfill-graph.ts';
import { policyText } from './choose-keys.ts';

/**
 * The runs for chosen keys (BF-12): assets of one definition, policy and set of keys go
 * together; without a policy a run takes one key, by the order of their texts; with one it
 * takes neighbours, up to as many as the policy allows, never across a gap (BP-3).
 */
export function runRequestsFor(
  chosen: AssetSubsets,
  graph: BackfillGraph,
): readonly BackfillRunRequest[] {
  const groups = new Map<string, AssetKeyText[]>();
  for (const assetKey of graph.inOrder(chosen.keys())) {
    const spec = graph.specOf(assetKey);
    if (!spec) continue;
    const definition = spec.partitionsDef ? partitionsDefinitionIdentity(spec.partitionsDef) : '';
    const subset = (chosen.get(assetKey) ?? []).join();
    const group = `${policyText(spec)} ${subset} ${definition}`;
    const together = groups.get(group);
    if (together) together.push(assetKey);
    else groups.set(group, [assetKey]);
  }
  return [...groups.values()].flatMap((assetKeys) => {
    const [first] = assetKeys as [AssetKeyText];
    const subset = chosen.get(first) ?? [];
    const index = graph.indexOf(first);
    if (!index) return [{ assetKeys, partitionKey: null, range: null, subset, tags: {} }];
    const policy = graph.specOf(first)?.backfillPolicy;
    if (!policy) return runsByKey(assetKeys, subset, index);
    return runsByRange(assetKeys, subset, index, policy.maxPartitionsPerRun ?? Infinity);
  });
}

function runsByKey(
  assetKeys: readonly AssetKeyText[],
  subset: PartitionsSubset,
  index: PartitionIndex,
): readonly BackfillRunRequest[] {
  const keys = keysOf(index, subset);
  const requests = Array.from(ordinalsOf(subset), (ordinal, at): BackfillRunRequest => {
    const partitionKey = keys[at] as PartitionKey;
    return {
      assetKeys,
      partitionKey,
      range: null,
      subset: [ordinal, ordinal + 1],
      tags: partitionTags(partitionKey, index.definition, null),
    };
  });
  const inOrder = keys.every((key, at) => at === 0 || (keys[at - 1] as PartitionKey) < key);
  if (inOrder) return requests;
  const text = ({ partitionKey }: BackfillRunRequest) => partitionKey as PartitionKey;
  return requests.sort((one, other) => (text(one) < text(other) ? -1 : 1));
}

/** Runs over neighbouring keys, `most` of them at most, in definition order (BP-3). */
export function runsByRange(
  assetKeys: readonly AssetKeyText[],
  subset: PartitionsSubset,
  index: PartitionIndex,
  most: number,
): readonly BackfillRunRequest[] {
  const runOf = (start: PartitionKey, end: PartitionKey, taken: PartitionsSubset) => ({
    assetKeys,
    partitionKey: null,
    range: { start, end },
    subset: taken,
    tags: { [RunTag.rangeStart]: start, [RunTag.rangeEnd]: end },
  });
  const requests: BackfillRunRequest[] = [];
  if (index.dimensions === undefined) {
    for (const { start, end } of spansOf(subset)) {
      for (let from = start; from < end; from += most) {
        const to = Math.min(from + most, end);
        requests.push(runOf(index.keyAt(from), index.keyAt(to - 1), [from, to]));
      }
    }
    return requests;
  }
  // With two dimensions, neighbours are runs along either: their ordinals need not touch.
  for (const range of keyRangesOf(index, subset)) {
    const keys = keysInRange(index, range);
    for (let from = 0; from < keys.length; from += most) {
      const chunk = keys.slice(from, from + most);
      const [start, end] = [chunk[0] as PartitionKey, chunk.at(-1) as PartitionKey];
      requests.push(runOf(start, end, fromKeys(index, chunk).subset));
    }
  }
  return requests;
}
