import type { AssetKeyText } from '../../definitions/definitions.ts';
import type { PartitionKey } from '../../partitions/context.ts';
import { partitionsDefinitionIdentity } from '../../partitions/definition/identity.ts';
import { keysInRange } from '../../partitions/keys-in-range.ts';
import type { PartitionIndex } from '../../partitions/partition-index.ts';
import type { PartitionsSubset } from '../../partitions/subset/partitions-subset.ts';
import { countOf, ordinalsOf, spansOf } from '../../partitions/subset/subset-algebra.ts';
import { fromKeys, keyRangesOf, keysOf } from '../../partitions/subset/subset-keys.ts';
import { partitionTags } from '../partition-tags.ts';
import { RunTag } from '../run-tags.ts';
import type { AssetSubsets, BackfillRunRequest } from './backfill.ts';
import type { BackfillGraph } from './backfill-graph.ts';
import { policyText } from './choose-keys.ts';
import { configPartsOf, cutByConfig } from './launch-extras.ts';

/**
 * Runs of the same assets that a backfill asks for at one look, told by their keys: until they are
 * listed, a million cost what one does.
 */
export interface RunGroup {
  /** In the order in which they execute. */
  readonly assetKeys: readonly AssetKeyText[];
  /** The keys of all its runs, as ordinals of the assets' common definition. */
  readonly subset: PartitionsSubset;
  /** The same keys; cut, where a run takes several, so that those of a piece have the same config. */
  readonly pieces: readonly PartitionsSubset[];
  /** Neighbouring keys that a run takes at most; null where each takes one key, without a range. */
  readonly partitionsPerRun: number | null;
  readonly runCount: number;
}

/**
 * The runs for chosen keys (BF-12): assets of one definition, policy and set of keys go
 * together; without a policy a run takes one key; with one it takes neighbours, up to as many as
 * the policy allows, never across a gap (BP-3).
 */
export function runGroupsFor(chosen: AssetSubsets, graph: BackfillGraph): readonly RunGroup[] {
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
  return [...groups.values()].flatMap((assetKeys): readonly RunGroup[] => {
    const [first] = assetKeys as [AssetKeyText];
    const subset = chosen.get(first) ?? [];
    const index = graph.indexOf(first);
    const policy = index && graph.specOf(first)?.backfillPolicy;
    const partitionsPerRun = policy ? (policy.maxPartitionsPerRun ?? Infinity) : null;
    const pieces =
      partitionsPerRun === null
        ? [subset]
        : cutByConfig(subset, configPartsOf(graph.extras, index));
    const runCount = pieces.reduce(
      (sum, piece) => sum + countRuns(piece, index, partitionsPerRun),
      0,
    );
    return runCount > 0 ? [{ assetKeys, subset, pieces, partitionsPerRun, runCount }] : [];
  });
}

/**
 * The runs of a group: for single keys by the order of their texts, for neighbours in definition
 * order; or the newest first, if the launch says so.
 */
export function runRequestsOf(
  { assetKeys, subset, pieces, partitionsPerRun }: RunGroup,
  graph: BackfillGraph,
): readonly BackfillRunRequest[] {
  const index = graph.indexOf(assetKeys[0] ?? '');
  if (!index) return [{ assetKeys, partitionKey: null, range: null, subset, tags: {} }];
  const requests =
    partitionsPerRun === null
      ? runsByKey(assetKeys, subset, index)
      : pieces.flatMap((piece) => runsByRange(assetKeys, piece, index, partitionsPerRun));
  if (!graph.extras?.newestFirst) return requests;
  const first = (request: BackfillRunRequest) => request.subset[0] ?? 0;
  return [...requests].sort((one, other) => first(other) - first(one));
}

/** The runs for chosen keys, group by group. */
export function runRequestsFor(
  chosen: AssetSubsets,
  graph: BackfillGraph,
): readonly BackfillRunRequest[] {
  return runGroupsFor(chosen, graph).flatMap((group) => runRequestsOf(group, graph));
}

/**
 * How many runs these keys make.
 *
 * @param index null for assets without partitions.
 * @param partitionsPerRun neighbouring keys that a run takes at most; null for one run a key.
 */
export function countRuns(
  subset: PartitionsSubset,
  index: PartitionIndex | null,
  partitionsPerRun: number | null,
): number {
  if (!index) return subset.length > 0 ? 1 : 0;
  if (partitionsPerRun === null) return countOf(subset);
  let runs = 0;
  if (index.dimensions === undefined) {
    for (const { start, end } of spansOf(subset)) runs += runsIn(end - start, partitionsPerRun);
    return runs;
  }
  const columns = index.dimensions[1]?.count ?? 1;
  for (const { start, end } of keyRangesOf(index, subset)) {
    const first = index.ordinalOf(start);
    const last = index.ordinalOf(end);
    // A range runs along one dimension: within a row, or down a column.
    const inOneRow = Math.floor(first / columns) === Math.floor(last / columns);
    const keys = inOneRow ? last - first + 1 : (last - first) / columns + 1;
    runs += runsIn(keys, partitionsPerRun);
  }
  return runs;
}

function runsIn(keys: number, most: number): number {
  return most === Infinity ? 1 : Math.ceil(keys / most);
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
