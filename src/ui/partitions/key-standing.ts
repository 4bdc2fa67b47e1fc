import type { NotebookSession } from '../../app/notebook-session.svelte.ts';
import type { PartitionKey } from '../../partitions/context.ts';
import type { PartitionsSubset } from '../../partitions/subset/partitions-subset.ts';
import { intersect, ordinalsOf, subtract, union } from '../../partitions/subset/subset-algebra.ts';
import type { KeyNeighbours, MappingSource } from './key-neighbours.ts';
import { WORST_FIRST, type ShownStatus } from './shown-status.ts';
import { tallyStatuses, type ShownStatuses, type StatusTally } from './status-tally.ts';

/** What is used of a session. */
type Standing = Pick<
  NotebookSession,
  'assetState' | 'assetSpec' | 'indexFor' | 'definitions' | 'now' | 'state'
>;

const known = new WeakMap<ShownStatuses, StatusTally>();

/** The tally of an asset as it stands, made once for each state of it; null while nothing is known. */
export function tallyOfAsset(session: Standing, assetKey: string): StatusTally | null {
  const statuses = session.assetState(assetKey)?.statuses;
  if (!statuses) return null;
  const { count } = session.indexFor(session.assetSpec(assetKey)?.partitionsDef ?? null);
  let tally = known.get(statuses);
  if (tally?.existing !== count) known.set(statuses, (tally = tallyStatuses(statuses, count)));
  return tally;
}

/** How one key stands. */
export function statusOfKey(session: Standing, assetKey: string, ordinal: number): ShownStatus {
  return tallyOfAsset(session, assetKey)?.statusAt(ordinal) ?? 'missing';
}

/** The worst status of some keys; `missing` of none. */
export function worstOfKeys(
  session: Standing,
  assetKey: string,
  subset: PartitionsSubset,
): ShownStatus {
  const tally = tallyOfAsset(session, assetKey);
  if (!tally) return 'missing';
  const starts = subset.filter((_, at) => at % 2 === 0);
  return (
    WORST_FIRST.find((status) =>
      starts.some((start, at) => tally.countIn(status, start, subset[at * 2 + 1] ?? start) > 0),
    ) ?? 'missing'
  );
}

/** The key of an ordinal; null for an asset without partitions. */
export function keyOf(session: Standing, assetKey: string, ordinal: number): PartitionKey | null {
  const definition = session.assetSpec(assetKey)?.partitionsDef ?? null;
  return definition ? session.indexFor(definition).keyAt(ordinal) : null;
}

/** The first `most` of some neighbours that tell something: those that failed or were not tried, then stale ones, then others. */
export function tellingOrdinals(
  session: Standing,
  { assetKey, subset }: KeyNeighbours,
  most: number,
): readonly number[] {
  const statuses = session.assetState(assetKey)?.statuses;
  const blocked = statuses ? intersect(subset, union(statuses.failed, statuses.notTried)) : [];
  const stale = statuses?.stale ? intersect(subset, statuses.stale) : [];
  const telling = union(blocked, stale);
  return [
    ...firstOf(blocked, most),
    ...firstOf(subtract(stale, blocked), most),
    ...firstOf(subtract(subset, telling), most),
  ].slice(0, most);
}

/** What mappings are followed with. */
export function mappingSourceOf(session: Standing): MappingSource {
  return {
    assets: session.definitions.assets,
    context: {
      effectiveAt: session.now,
      dynamicPartitions: new Map(session.state?.dynamicPartitions ?? []),
    },
    indexFor: (definition) => session.indexFor(definition),
  };
}

function firstOf(subset: PartitionsSubset, most: number): readonly number[] {
  const found: number[] = [];
  for (const ordinal of ordinalsOf(subset)) {
    if (found.length === most) break;
    found.push(ordinal);
  }
  return found;
}
