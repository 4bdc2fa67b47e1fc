import type { AssetGraph } from '../src/definitions/graph.ts';
import type { AssetDependency, AssetKeyText, AssetSpec } from '../src/definitions/definitions.ts';
import { InvalidDefinitionError } from '../src/errors.ts';
import { NO_RUN } from '../src/orchestration/event.ts';
import type { KeySpace } from '../src/orchestration/key-space.ts';
import type { InstanceStore } from '../src/orchestration/ports.ts';
import { DataVersions } from '../src/orchestration/staleness/data-versions.ts';
import { DependencyEdge } from '../src/orchestration/staleness/dependency-edge.ts';
import type { MaterializationLog } from '../src/orchestration/staleness/materialization-log.ts';
import type { MaterializationRecords } from '../src/orchestration/staleness/materialization-records.ts';
import type { PartitionKey } from '../src/partitions/context.ts';
import { defaultMapping } from '../src/partitions/mapping/default-mapping.ts';
import { mapToDownstream } from '../src/partitions/mapping/map-partitions.ts';
import type { PartitionIndex } from '../src/partitions/partition-index.ts';
import type { PartitionsSubset } from '../src/partitions/subset/partitions-subset.ts';
import { countOf, slice } from '../src/partitions/subset/subset-algebra.ts';
import { keysOf } from '../src/partitions/subset/subset-keys.ts';
import type {
  HistoryEntry,
  KeyEvent,
  KeyLinks,
  KeyRow,
  KeyUse,
  RecordedAt,
} from '../src/protocol/engine.ts';
import type { HistoryIndex } from './history-index.ts';

/** What answers about single keys are made from. */
export interface KeyRecordsWorld {
  readonly notebookId: string;
  readonly instances: InstanceStore;
  readonly history: HistoryIndex;
  readonly log: MaterializationLog;
  readonly graph: AssetGraph;
  readonly keySpace: KeySpace;
}

/** Of an edge over more keys than these, the first are told. */
const MOST_KEYS = 100;

/** What happened to one key, newest first: each event with its run and what it was made from. */
export async function readKeyEvents(
  world: KeyRecordsWorld,
  assetKey: AssetKeyText,
  partitionKey: PartitionKey | null,
  limit: number,
): Promise<readonly KeyEvent[]> {
  const { notebookId, instances, history } = world;
  const entries = await history.list(assetKey, { partitionKey, limit });
  const versions = new DataVersions(world.log, world.graph, world.keySpace);
  const happened = await Promise.all(
    entries.map(async (entry): Promise<KeyEvent> => {
      const [run, events] = await Promise.all([
        instances.findRun(notebookId, entry.runId),
        instances.readRunEvents(notebookId, entry.runId),
      ]);
      const event = events.find(({ eventId }) => eventId === entry.eventId);
      return {
        ...entry,
        run,
        metadata: event?.metadata ?? null,
        codeVersion: event?.provenance?.codeVersion ?? null,
        dataVersion: dataVersionOf(world, versions, entry),
        marksFine: event?.provenance?.marksFine ?? false,
      };
    }),
  );
  const wipes = wipesOf(world, assetKey, partitionKey);
  if (wipes.length === 0) return happened;
  return [...happened, ...wipes].sort((a, b) => b.eventId - a.eventId).slice(0, limit);
}

/** The wipes that made something of a key be forgotten. */
function wipesOf(
  { history }: KeyRecordsWorld,
  assetKey: AssetKeyText,
  partitionKey: PartitionKey | null,
): readonly KeyEvent[] {
  return (history.wipes.get(assetKey) ?? []).flatMap(({ eventId, at, forgotten }): KeyEvent[] => {
    const before = forgotten.filter((entry) => entry.partitionKey === partitionKey);
    if (before.length === 0) return [];
    const what = before.length === 1 ? 'the one event' : `the ${before.length} events`;
    const message = `Forgot ${what} before it. Stored values stay.`;
    const none = { run: null, metadata: null, codeVersion: null, dataVersion: null };
    const wiped = { type: 'ASSET_WIPED', runId: NO_RUN, marksFine: false, ...none } as const;
    return [{ eventId, at, assetKey, partitionKey, message, ...wiped }];
  });
}

/** The newest event of each of some keys, and how long its run took, in their order. */
export async function readKeyRows(
  { notebookId, instances, history }: KeyRecordsWorld,
  assetKey: AssetKeyText,
  partitionKeys: readonly (PartitionKey | null)[],
): Promise<readonly KeyRow[]> {
  const newest = await history.newestOf(assetKey, partitionKeys);
  const runIds = new Set(newest.flatMap((entry) => (entry ? [entry.runId] : [])));
  const found = await Promise.all(
    Array.from(
      runIds,
      async (runId) => [runId, await instances.findRun(notebookId, runId)] as const,
    ),
  );
  const runs = new Map(found);
  return newest.map((entry) => ({
    newest: entry,
    tookMs: (entry && runs.get(entry.runId)?.tookMs) ?? null,
  }));
}

/** What the newest materialization of a key read, and which keys read the key, as the mappings have them now. */
export function readKeyLinks(
  world: KeyRecordsWorld,
  assetKey: AssetKeyText,
  partitionKey: PartitionKey | null,
): KeyLinks {
  const asset = world.graph.assets.get(assetKey);
  if (!asset) return { inputs: [], readers: [] };
  const ordinal = ordinalOf(world, asset, partitionKey);
  if (ordinal < 0) return { inputs: [], readers: [] };
  const own = world.log.of(assetKey).materializations;
  const place = asset.partitionsDef ? own.latestOf(partitionKey) : own.newest();
  const dependencies = [...new Set(asset.deps.map((dep) => dep.assetKey))];
  const readers = [...world.graph.assets.values()].flatMap((reader) => {
    const dep = reader.deps.find((one) => one.assetKey === assetKey);
    return dep ? [readersOf(world, asset, partitionKey, ordinal, reader, dep)] : [];
  });
  return {
    inputs: dependencies.map((key) => inputsOf(world, asset, ordinal, own, place, key)),
    readers,
  };
}

function inputsOf(
  { graph, keySpace, log }: KeyRecordsWorld,
  asset: AssetSpec,
  ordinal: number,
  own: MaterializationRecords,
  place: number,
  dependencyKey: AssetKeyText,
): KeyUse {
  const edge = new DependencyEdge(asset, dependencyKey, graph, keySpace);
  const { materializations: records } = log.of(dependencyKey);
  const view = place < 0 ? null : own.viewOf(place);
  const keys = namedKeys(edge.upstream, edge.readBy(ordinal));
  return {
    assetKey: dependencyKey,
    keys: keys.map((key) => {
      const read =
        view === null ? -1 : key === null ? records.newestIn(view) : records.latestIn(view, key);
      const now = key === null ? records.newest() : records.latestOf(key);
      return { partitionKey: key, read: recordedAt(records, read), now: recordedAt(records, now) };
    }),
  };
}

function readersOf(
  { keySpace, log }: KeyRecordsWorld,
  asset: AssetSpec,
  partitionKey: PartitionKey | null,
  ordinal: number,
  reader: AssetSpec,
  dep: AssetDependency,
): KeyUse {
  const upstream = keySpace.indexOf(asset.partitionsDef);
  const downstream = keySpace.indexOf(reader.partitionsDef);
  const { materializations: own } = log.of(asset.assetKey);
  const { materializations: records } = log.of(reader.assetKey);
  const mapping = dep.mapping ?? defaultMapping(asset.partitionsDef, reader.partitionsDef);
  const subset = unlessUnfit(() =>
    mapToDownstream({ mapping, upstream, downstream, subset: [ordinal, ordinal + 1] }),
  );
  const current = asset.partitionsDef ? own.latestOf(partitionKey) : own.newest();
  return {
    assetKey: reader.assetKey,
    keys: namedKeys(downstream, subset).map((key) => {
      const place = key === null ? records.newest() : records.latestOf(key);
      const view = place < 0 ? null : records.viewOf(place);
      const read =
        view === null
          ? -1
          : partitionKey === null
            ? own.newestIn(view)
            : own.latestIn(view, partitionKey);
      return {
        partitionKey: key,
        read: recordedAt(own, read),
        now: recordedAt(own, current),
      };
    }),
  };
}

/** A mapping that does not fit its definitions is shown where it is declared. */
function unlessUnfit(map: () => PartitionsSubset): PartitionsSubset {
  try {
    return map();
  } catch (fault) {
    if (fault instanceof InvalidDefinitionError) return [];
    throw fault;
  }
}

function namedKeys(
  index: PartitionIndex | null,
  subset: PartitionsSubset,
): readonly (PartitionKey | null)[] {
  if (!index) return subset.length > 0 ? [null] : [];
  return keysOf(index, countOf(subset) > MOST_KEYS ? slice(subset, 0, MOST_KEYS) : subset);
}

function recordedAt(records: MaterializationRecords, place: number): RecordedAt | null {
  if (place < 0) return null;
  return {
    eventId: records.eventIds[place] as number,
    runId: records.runIds[place] as string,
    at: records.ats[place] as number,
  };
}

function ordinalOf(
  { keySpace }: KeyRecordsWorld,
  { partitionsDef }: AssetSpec,
  partitionKey: PartitionKey | null,
): number {
  const index = keySpace.indexOf(partitionsDef);
  if (!index) return 0;
  return partitionKey === null ? -1 : index.ordinalOf(partitionKey);
}

/** The data version that a materialization got (STALE-3); null for failures. */
function dataVersionOf(
  { log }: KeyRecordsWorld,
  versions: DataVersions,
  { type, assetKey, eventId }: HistoryEntry,
): string | null {
  if (type !== 'ASSET_MATERIALIZATION') return null;
  const { materializations: records } = log.of(assetKey);
  const place = records.eventIds.lastIndexOf(eventId);
  if (place < 0) return null;
  return versions.of({ assetKey, records, place });
}
