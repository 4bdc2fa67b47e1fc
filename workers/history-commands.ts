import type { AssetGraph } from '../src/definitions/graph.ts';
import {
  eventsUndone,
  keysWiped,
  markedFine,
  materializationReported,
  MOST_REPORTS,
  tooManyReports,
} from '../src/orchestration/asset-events.ts';
import {
  DynamicPartitions,
  type DynamicPartitionsChange,
} from '../src/orchestration/dynamic-partitions.ts';
import { NO_RUN, type Event, type EventDraft, type EventId } from '../src/orchestration/event.ts';
import type { KeySpace } from '../src/orchestration/key-space.ts';
import type { InstanceStore, LogBatch } from '../src/orchestration/ports.ts';
import { runDeleted } from '../src/orchestration/run-events.ts';
import { isTerminal, type Run } from '../src/orchestration/run.ts';
import type { StatusFolds } from '../src/orchestration/status-folds.ts';
import type { PartitionKey } from '../src/partitions/context.ts';
import type { PartitionsDefinition } from '../src/partitions/definition/partitions-definition.ts';
import { subsetOfRanges, type KeyRanges } from '../src/partitions/key-ranges.ts';
import { DIMENSION_SEPARATOR } from '../src/partitions/definition/multi.ts';
import { union } from '../src/partitions/subset/subset-algebra.ts';
import { keysOf } from '../src/partitions/subset/subset-keys.ts';
import type { EpochMs } from '../src/time/time-window.ts';
import type { FollowedHistory } from './followed-history.ts';
import type { StandingLog } from './standing-log.ts';

/** What a command on the history writes: all of it in one transaction. */
export interface HistoryChange extends Partial<Pick<LogBatch, 'runs' | 'checkpoints' | 'records'>> {
  readonly events: readonly EventDraft[];
}

/** What commands on the history are decided from. */
export interface HistoryWorld {
  readonly notebookId: string;
  readonly instances: InstanceStore;
  readonly log: StandingLog;
  readonly graph: AssetGraph;
  readonly keySpace: KeySpace;
  readonly now: EpochMs;
}

const EVENTS_A_READ = 5000;

/**
 * Wipes keys of an asset.
 *
 * @param ranges null for the whole asset, with keys that do not exist now.
 * @throws {Error} if there is no such asset, or no such key.
 */
export function wipeOf(
  assetKey: string,
  ranges: KeyRanges | null,
  world: HistoryWorld,
): HistoryChange {
  const keys = ranges && keysIn(assetKey, ranges, world);
  return { events: keysWiped(assetKey, keys, world.now) };
}

/**
 * Reports keys of an asset as materialized by someone else, or the asset if it has no partitions.
 *
 * @throws {Error} if there is no such asset, no such key, or it has partitions and no keys are named.
 */
export function reportOf(
  assetKey: string,
  ranges: KeyRanges | null,
  description: string,
  world: HistoryWorld,
): HistoryChange {
  const asset = world.graph.assets.get(assetKey);
  if (ranges === null && asset?.partitionsDef) {
    throw new Error(`${assetKey} has partitions: say which keys were materialized.`);
  }
  const keys = ranges ? keysIn(assetKey, ranges, world) : [null];
  if (!asset) throw unknownAsset(assetKey);
  if (keys.length > MOST_REPORTS) {
    throw new Error(tooManyReports);
  }
  const metadata = description.trim() === '' ? {} : { description: description.trim() };
  return {
    events: keys.map((key) => materializationReported(assetKey, key, metadata, world.now)),
  };
}

/**
 * Deletes a run: it is neither listed nor counted any more, and its materializations are no history.
 *
 * @param backfillIsActive whether the backfill that asked for it has not ended.
 * @throws {Error} if it is not known, or has not ended.
 */
export function deletionOf(
  run: Run | null,
  backfillIsActive: boolean,
  { now }: HistoryWorld,
): HistoryChange {
  if (!run || run.deletedAt !== undefined) throw new Error('There is no such run.');
  if (!isTerminal(run.status)) throw new Error('The run has not ended: stop it first.');
  if (backfillIsActive) throw new Error('Its backfill has not ended: cancel it first.');
  return { events: runDeleted(run, now), runs: [{ ...run, deletedAt: now }] };
}

/** Declares keys of an asset fine as they stand; null if there is no such asset. */
export function fineOf(
  assetKey: string,
  keys: readonly (PartitionKey | null)[],
  { graph, now }: HistoryWorld,
): HistoryChange | null {
  const asset = graph.assets.get(assetKey);
  return asset ? { events: keys.map((key) => markedFine(asset, key, now)) } : null;
}

/**
 * Adds keys to a dynamic definition, or deletes some; null if that changes nothing.
 *
 * @param wipes whether the history of deleted keys goes with them.
 */
export function keyChangeOf(
  change: DynamicPartitionsChange,
  wipes: boolean,
  { dynamicPartitions, folds }: Pick<FollowedHistory, 'dynamicPartitions' | 'folds'>,
  world: HistoryWorld,
): HistoryChange | null {
  const made = dynamicPartitions.change(change, world.now);
  if (!made) return null;
  const wiped = wipes && change.action === 'delete' ? wipesOfDeleted(change, folds, world) : [];
  return { events: [...wiped, made.event], records: [made.record] };
}

/** Wipes keys that are deleted from a dynamic definition, for every asset that has them. */
function wipesOfDeleted(
  { partitionsDefName, partitionKeys }: DynamicPartitionsChange,
  folds: StatusFolds,
  { graph, keySpace, now }: HistoryWorld,
): readonly EventDraft[] {
  const deleted = new Set(partitionKeys);
  return [...graph.assets.values()].flatMap(({ assetKey, partitionsDef }) => {
    const places = placesOf(partitionsDef, partitionsDefName);
    const index = keySpace.indexOf(partitionsDef);
    if (!index || places.length === 0) return [];
    const { materialized, failed } = folds.of(assetKey).overlappingStatuses();
    const known = keysOf(index, union(materialized, failed));
    const isSingle = partitionsDef?.kind !== 'multi';
    const wiped = known.filter((key) =>
      isSingle
        ? deleted.has(key)
        : places.some((at) => deleted.has(key.split(DIMENSION_SEPARATOR)[at] ?? '')),
    );
    return wiped.length > 0 ? keysWiped(assetKey, wiped, now) : [];
  });
}

/**
 * Undoes wipes, reports, deletions of runs and changes of dynamic keys, as if they had never been.
 *
 * @throws {Error} if one is none of these, or was undone already.
 */
export async function undoingOf(
  eventIds: readonly EventId[],
  world: HistoryWorld,
): Promise<HistoryChange> {
  const { log, notebookId, instances, now } = world;
  const events = await eventsOf(eventIds, world);
  if (events.length === 0 || events.some((event) => !canUndo(event))) {
    throw new Error('That cannot be undone.');
  }
  if (events.some(({ eventId }) => log.isUndone(eventId))) {
    throw new Error('That was undone already.');
  }
  const runIds = new Set(
    events.flatMap(({ type, runId }) => (type === 'RUN_DELETED' ? runId : [])),
  );
  const runs = await Promise.all([...runIds].map((id) => instances.findRun(notebookId, id)));
  const assetKeys = new Set(events.flatMap(({ assetKey }) => assetKey ?? []));
  const changesKeys = events.some(({ type }) => type.startsWith('DYNAMIC_PARTITIONS'));
  const [first] = events as [Event];
  const more = events.length - 1;
  const what = more > 0 ? `${first.message} And ${more} more.` : first.message;
  return {
    events: [eventsUndone(eventIds, what, now)],
    runs: runs.flatMap((run) => (run ? [standing(run)] : [])),
    records: [
      log.recordWith(eventIds),
      ...(changesKeys ? await keysWithout(new Set(eventIds), world) : []),
    ],
    // No definition has this identity: the next tab folds these assets anew.
    checkpoints: [...assetKeys].map((assetKey) => ({
      assetKey,
      definitionIdentity: '',
      state: null,
    })),
  };
}

function standing({ deletedAt: _, ...run }: Run): Run {
  return run;
}

function canUndo({ type, runId }: Event): boolean {
  switch (type) {
    case 'ASSET_WIPED':
    case 'RUN_DELETED':
    case 'DYNAMIC_PARTITIONS_ADDED':
    case 'DYNAMIC_PARTITIONS_DELETED':
      return true;
    case 'ASSET_MATERIALIZATION':
      return runId === NO_RUN;
    default:
      return false;
  }
}

async function eventsOf(
  eventIds: readonly EventId[],
  { notebookId, instances }: HistoryWorld,
): Promise<readonly Event[]> {
  const asked = new Set(eventIds);
  const [first, last] = [Math.min(...asked), Math.max(...asked)];
  const found: Event[] = [];
  for await (const events of instances.readEvents(notebookId, first - 1, EVENTS_A_READ)) {
    found.push(...events.filter(({ eventId }) => asked.has(eventId)));
    if ((events.at(-1)?.eventId ?? Infinity) >= last) break;
  }
  return found;
}

/** The records of dynamic definitions as they are without some events, in the order that they had before. */
async function keysWithout(undone: ReadonlySet<EventId>, { notebookId, log }: HistoryWorld) {
  const keys = new DynamicPartitions();
  for await (const events of log.readEvents(notebookId, 0, EVENTS_A_READ)) {
    for (const event of events) if (!undone.has(event.eventId)) keys.apply(event);
  }
  return [...keys.keys].map(([recordId, value]) => {
    return { kind: 'dynamicPartitions', recordId, value } as const;
  });
}

function keysIn(
  assetKey: string,
  ranges: KeyRanges,
  { graph, keySpace }: HistoryWorld,
): readonly PartitionKey[] {
  const asset = graph.assets.get(assetKey);
  if (!asset) throw unknownAsset(assetKey);
  const index = keySpace.indexOf(asset.partitionsDef);
  if (!index) throw new Error(`${assetKey} has no partitions, so it has no keys.`);
  const { subset, unknownKeys } = subsetOfRanges(index, ranges);
  if (unknownKeys.length > 0) throw new Error(`${unknownKeys[0]} is not a key of ${assetKey}.`);
  if (subset.length === 0) throw new Error('No key is chosen.');
  return keysOf(index, subset);
}

/** Where a definition takes keys of a dynamic one: as a whole, or in which dimensions; empty if nowhere. */
function placesOf(definition: PartitionsDefinition | null, name: string): readonly number[] {
  const isMeant = (one: PartitionsDefinition) => one.kind === 'dynamic' && one.name === name;
  if (!definition) return [];
  if (definition.kind !== 'multi') return isMeant(definition) ? [0] : [];
  return definition.dimensions.flatMap((dimension, at) =>
    isMeant(dimension.definition) ? [at] : [],
  );
}

function unknownAsset(assetKey: string): Error {
  return new Error(`${assetKey} is not an asset of this notebook.`);
}
