import type { AssetKeyText, AssetSpec } from '../../definitions/definitions.ts';
import type { AssetGraph } from '../../definitions/graph.ts';
import type { PartitionKey } from '../../partitions/context.ts';
import { countOf, ordinalsOf } from '../../partitions/subset/subset-algebra.ts';
import type { PartitionsSubset } from '../../partitions/subset/partitions-subset.ts';
import type { EpochMs } from '../../time/time-window.ts';
import type { EventId } from '../event.ts';
import type { KeySpace } from '../key-space.ts';
import { DataVersions, INITIAL_VERSION, NULL_VERSION, type RecordRef } from './data-versions.ts';
import { DAGSTER_KEY_LIMIT, DependencyEdge } from './dependency-edge.ts';
import { EdgeUpdates } from './edge-updates.ts';
import type { MaterializationLog } from './materialization-log.ts';
import type { MaterializationRecords, Origin } from './materialization-records.ts';
import {
  editedCode,
  inOrder,
  newCodeVersion,
  newData,
  newDependency,
  newInput,
  removedDependency,
  rootsOf,
  type AssetPartition,
  type StaleCause,
  type StaleStatus,
} from './stale-cause.ts';

/** How a key stands, where many are told at once; 0 for those that were not recorded. */
const FRESH = 1;
const STALE = 2;

/** What staleness is told from, and how. */
export interface StalenessWorld {
  readonly log: MaterializationLog;
  readonly graph: AssetGraph;
  readonly keySpace: KeySpace;
  /** Whether edges over many keys are passed over, as in Dagster (STALE-7, STALE-8). */
  readonly dagsterLimits: boolean;
  /** Extension: whether an edited body counts as changed code where there is no code version. */
  readonly countEdits: boolean;
}

/**
 * Which keys are stale, and why, as of one state of the log and of the definitions
 * (STALE-1 … STALE-11). Make a new one when either changes.
 */
export class Staleness {
  readonly #world: StalenessWorld;
  readonly #versions: DataVersions;
  readonly #edges = new Map<AssetKeyText, readonly DependencyEdge[]>();
  readonly #updates = new Map<DependencyEdge, EdgeUpdates>();

  constructor(world: StalenessWorld) {
    this.#world = world;
    this.#versions = new DataVersions(world.log, world.graph, world.keySpace);
  }

  /** @param partitionKey null for an asset without partitions; a partitioned one as a whole is `FRESH` (STALE-6). */
  statusOf(assetKey: AssetKeyText, partitionKey: PartitionKey | null): StaleStatus {
    const asset = this.#assetOf(assetKey);
    if (asset?.partitionsDef && partitionKey === null) return 'FRESH';
    if (this.#isMissing(assetKey, partitionKey)) return 'MISSING';
    return this.causesOf(assetKey, partitionKey).length > 0 ? 'STALE' : 'FRESH';
  }

  /** The data version that a key has now (STALE-3); `NULL` if it was never recorded. */
  dataVersionOf(assetKey: AssetKeyText, partitionKey: PartitionKey | null): string {
    const current = this.#currentOf(assetKey, partitionKey);
    if (current) return this.#versions.of(current) ?? INITIAL_VERSION;
    return isExternal(this.#assetOf(assetKey)) ? INITIAL_VERSION : NULL_VERSION;
  }

  /** Why a key is stale, by the text of what changed; empty if it is not, or was never recorded. */
  causesOf(assetKey: AssetKeyText, partitionKey: PartitionKey | null): readonly StaleCause[] {
    const asset = this.#assetOf(assetKey);
    if (!asset || isExternal(asset) || (asset.partitionsDef && partitionKey === null)) return [];
    const current = this.#currentOf(assetKey, partitionKey);
    if (!current || this.#isMissing(assetKey, partitionKey)) return [];
    const of = { assetKey, partitionKey };
    const causes: StaleCause[] = [];
    const origin = originOf(current);
    if (origin) {
      if (this.#hasNewCodeVersion(asset, current)) causes.push(newCodeVersion(of));
      if (this.#isEdited(asset, origin)) causes.push(editedCode(of));
      for (const key of removedFrom(asset, origin)) causes.push(removedDependency(of, key));
    }
    const ordinal = this.#ordinalOf(asset, partitionKey);
    for (const edge of ordinal < 0 ? [] : this.#edgesOf(asset)) {
      for (const read of this.#changedIn(edge, current, ordinal)) {
        const dependency = {
          assetKey: edge.dependencyKey,
          partitionKey: edge.upstream?.keyAt(read) ?? null,
        };
        if (origin && !origin.deps.includes(edge.dependencyKey)) {
          causes.push(newDependency(of, dependency));
        } else if (origin) {
          causes.push(newData(of, dependency, this.#isVersionTold(edge, dependency)));
        } else if (this.#currentOf(dependency.assetKey, dependency.partitionKey)) {
          causes.push(newData(of, dependency, false));
        } else {
          causes.push(newInput(of, dependency));
        }
      }
    }
    return inOrder(causes);
  }

  /** What made a key stale in the first place (STALE-5). */
  rootCausesOf(assetKey: AssetKeyText, partitionKey: PartitionKey | null): readonly StaleCause[] {
    return rootsOf(this.causesOf(assetKey, partitionKey));
  }

  /** The keys of an asset that are stale, of those that exist now; an asset without partitions counts as one. */
  staleKeys(assetKey: AssetKeyText): PartitionsSubset {
    const asset = this.#assetOf(assetKey);
    if (!asset || isExternal(asset)) return [];
    const index = this.#world.keySpace.indexOf(asset.partitionsDef);
    const { materializations: records } = this.#world.log.of(assetKey);
    const latest = index ? records.latestByOrdinal(index) : Int32Array.of(records.newest());
    const standing = this.#markRecorded(asset, records, latest);
    for (const edge of this.#edgesOf(asset)) this.#markChanged(edge, records, latest, standing);
    const spans: number[] = [];
    for (let ordinal = 0; ordinal < standing.length; ordinal++) {
      if (standing[ordinal] !== STALE) continue;
      const start = ordinal;
      while (standing[ordinal] === STALE) ordinal++;
      spans.push(start, ordinal);
    }
    return spans;
  }

  /** How each key stands by its own record alone. */
  #markRecorded(asset: AssetSpec, records: MaterializationRecords, latest: Int32Array): Uint8Array {
    const standing = new Uint8Array(latest.length);
    const { origins, givenVersions } = records;
    // Neighbours mostly have one origin, and stand or fall by it together.
    let lastOrigin: Origin | null = null;
    let lastStands = FRESH;
    for (let ordinal = 0; ordinal < latest.length; ordinal++) {
      const place = latest[ordinal] as number;
      if (place < 0 || givenVersions[place] === NULL_VERSION) continue;
      const origin = origins[place] ?? null;
      if (origin && origin !== lastOrigin) {
        lastOrigin = origin;
        const isChanged =
          this.#hasNewCodeVersion(asset, { assetKey: asset.assetKey, records, place }) ||
          this.#isEdited(asset, origin) ||
          removedFrom(asset, origin).length > 0;
        lastStands = isChanged ? STALE : FRESH;
      }
      standing[ordinal] = origin ? lastStands : FRESH;
    }
    return standing;
  }

  /** Of the keys that are fresh, marks those that read something through an edge that is another than it was. */
  #markChanged(
    edge: DependencyEdge,
    records: MaterializationRecords,
    latest: Int32Array,
    standing: Uint8Array,
  ): void {
    const { dependencyKey } = edge;
    // Nearly every edge of a large history is of one kind: it is spared the subsets.
    const isPlain = edge.isSameKey && !this.#isPassedOver(edge);
    const inputs = isPlain ? this.#versions.inputEvents(records, dependencyKey) : null;
    const updates = this.#updatesOf(edge);
    let lastOrigin: Origin | null = null;
    let isRead = false;
    for (let ordinal = 0; ordinal < latest.length; ordinal++) {
      if (standing[ordinal] !== FRESH) continue;
      const place = latest[ordinal] as number;
      const origin = records.origins[place] ?? null;
      if (origin !== lastOrigin) isRead = origin?.deps.includes(dependencyKey) ?? false;
      lastOrigin = origin;
      const isChanged =
        inputs && isRead
          ? updates.isUpdated(ordinal, inputs[place] as EventId)
          : this.#isChanged(edge, { assetKey: edge.asset.assetKey, records, place }, ordinal);
      if (isChanged) standing[ordinal] = STALE;
    }
  }

  #isChanged(edge: DependencyEdge, current: RecordRef, ordinal: number): boolean {
    for (const _ of this.#changedIn(edge, current, ordinal)) return true;
    return false;
  }

  /** Of the keys that a key reads through an edge, those that are others than they were, ascending. */
  #changedIn(edge: DependencyEdge, current: RecordRef, ordinal: number): Iterable<number> {
    const { dependencyKey, upstream } = edge;
    if (this.#isPassedOver(edge)) return [];
    const read = edge.readBy(ordinal);
    if (this.#world.dagsterLimits && upstream && countOf(read) >= DAGSTER_KEY_LIMIT) return [];
    const origin = originOf(current);
    if (!origin) return edge.isExternal ? [] : this.#newerIn(edge, read, current);
    if (!origin.deps.includes(dependencyKey)) return ordinalsOf(read);
    const input = this.#versions.inputOf(current, dependencyKey);
    if (!upstream) return this.#isAnotherVersion(edge, input) ? ordinalsOf(read) : [];
    // To Dagster, what was never there cannot have changed.
    return input === null ? [] : this.#updatesOf(edge).updated(read, eventIdOf(input));
  }

  /** For a key without provenance: what it reads that is not there, or came later (STALE-2). */
  *#newerIn(
    { dependencyKey, upstream }: DependencyEdge,
    read: PartitionsSubset,
    current: RecordRef,
  ): Generator<number> {
    for (const ordinal of ordinalsOf(read)) {
      const dependency = this.#currentOf(dependencyKey, upstream?.keyAt(ordinal) ?? null);
      if (!dependency || atOf(dependency) > atOf(current)) yield ordinal;
    }
  }

  /** Whether a dependency without partitions has another version than the one that was read. */
  #isAnotherVersion(
    { dependencyKey, isExternal: external }: DependencyEdge,
    input: RecordRef | null,
  ): boolean {
    const current = this.#currentOf(dependencyKey, null);
    if (input && current && input.records === current.records) {
      return !this.#versions.same(input, current);
    }
    const read = (input && this.#versions.of(input)) ?? INITIAL_VERSION;
    const standing = current
      ? (this.#versions.of(current) ?? INITIAL_VERSION)
      : external
        ? INITIAL_VERSION
        : NULL_VERSION;
    // It was not there then, and is not there now.
    if (read === INITIAL_VERSION && standing === NULL_VERSION) return false;
    return read !== standing;
  }

  /** Whether the dependency's data versions mean something: it has a code version, or its own code gave this one (STALE-11). */
  #isVersionTold(edge: DependencyEdge, { assetKey, partitionKey }: AssetPartition): boolean {
    if (edge.isExternal || edge.dependency?.codeVersion != null) return true;
    const current = this.#currentOf(assetKey, partitionKey);
    if (!current || !originOf(current)) return false;
    return current.records.givenVersions[current.place] !== null;
  }

  #isPassedOver(edge: DependencyEdge): boolean {
    return this.#world.dagsterLimits && edge.isIgnoredByDagster;
  }

  #hasNewCodeVersion({ codeVersion }: AssetSpec, { records, place }: RecordRef): boolean {
    if (!codeVersion) return false;
    return codeVersion !== (records.origins[place]?.codeVersion ?? records.runIds[place]);
  }

  #isEdited({ codeVersion, bodyHash }: AssetSpec, origin: Origin): boolean {
    if (!this.#world.countEdits || codeVersion || bodyHash === undefined) return false;
    return origin.bodyHash !== undefined && origin.bodyHash !== bodyHash;
  }

  /** Null if there is no record. External assets are there without. */
  #currentOf(assetKey: AssetKeyText, partitionKey: PartitionKey | null): RecordRef | null {
    const { materializations: records } = this.#world.log.of(assetKey);
    const isPartitioned = this.#assetOf(assetKey)?.partitionsDef;
    const place = isPartitioned ? records.latestOf(partitionKey) : records.newest();
    return place < 0 ? null : { assetKey, records, place };
  }

  #isMissing(assetKey: AssetKeyText, partitionKey: PartitionKey | null): boolean {
    const current = this.#currentOf(assetKey, partitionKey);
    if (!current) return !isExternal(this.#assetOf(assetKey));
    return current.records.givenVersions[current.place] === NULL_VERSION;
  }

  #ordinalOf(asset: AssetSpec, partitionKey: PartitionKey | null): number {
    const index = this.#world.keySpace.indexOf(asset.partitionsDef);
    if (!index) return 0;
    return partitionKey === null ? -1 : index.ordinalOf(partitionKey);
  }

  #assetOf(assetKey: AssetKeyText): AssetSpec | undefined {
    return this.#world.graph.assets.get(assetKey);
  }

  #edgesOf(asset: AssetSpec): readonly DependencyEdge[] {
    let edges = this.#edges.get(asset.assetKey);
    if (!edges) {
      const { graph, keySpace } = this.#world;
      const keys = new Set(asset.deps.map(({ assetKey }) => assetKey));
      edges = Array.from(keys, (key) => new DependencyEdge(asset, key, graph, keySpace));
      this.#edges.set(asset.assetKey, edges);
    }
    return edges;
  }

  #updatesOf(edge: DependencyEdge): EdgeUpdates {
    let updates = this.#updates.get(edge);
    if (!updates) {
      updates = new EdgeUpdates(edge, this.#world.log, this.#versions);
      this.#updates.set(edge, updates);
    }
    return updates;
  }
}

/** Whether something else materializes it, or nobody says who does. */
function isExternal(asset: AssetSpec | undefined): boolean {
  return asset?.external ?? true;
}

function originOf({ records, place }: RecordRef): Origin | null {
  return records.origins[place] ?? null;
}

function eventIdOf({ records, place }: RecordRef): EventId {
  return records.eventIds[place] as EventId;
}

function atOf({ records, place }: RecordRef): EpochMs {
  return records.ats[place] as EpochMs;
}

/** What the record was made from that the asset no longer depends on. */
function removedFrom(asset: AssetSpec, { deps }: Origin): readonly AssetKeyText[] {
  return deps.filter((key) => !asset.deps.some(({ assetKey }) => assetKey === key));
}
