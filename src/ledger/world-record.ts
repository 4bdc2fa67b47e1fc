import type { AssetKeyText, AssetSpec } from '../definitions/definitions.ts';
import { AssetGraph } from '../definitions/graph.ts';
import { undoneBy, wipedKeys } from '../orchestration/asset-events.ts';
import { DynamicPartitions } from '../orchestration/dynamic-partitions.ts';
import { NO_RUN, type Event, type EventId } from '../orchestration/event.ts';
import { KeySpace } from '../orchestration/key-space.ts';
import type { PartitionStatuses } from '../orchestration/partition-status.ts';
import { failsAsset } from '../orchestration/run-events.ts';
import { MaterializationLog } from '../orchestration/staleness/materialization-log.ts';
import { Staleness } from '../orchestration/staleness/staleness.ts';
import { StatusFolds } from '../orchestration/status-folds.ts';
import type { PartitionKey } from '../partitions/context.ts';
import type { PartitionsSubset } from '../partitions/subset/partitions-subset.ts';
import { contains, intersect, subtract, unionAll } from '../partitions/subset/subset-algebra.ts';
import { subjectOf, type Subject } from './subject.ts';
import type { WorldView } from './world-view.ts';

/** A run, as far as the log tells of it: not its config. */
export interface LoggedRun {
  readonly runId: string;
  /** That ended it; null while it goes on. */
  readonly end: Event | null;
  /** Of its steps, in order; the run's own if no step failed. Empty if it did not fail. */
  readonly failures: readonly Event[];
}

const NO_RUNS: ReadonlySet<string> = new Set();

/** What one world's log and definitions say, folded once for all questions. */
export class WorldRecord {
  readonly view: WorldView;
  readonly subject: Subject;
  readonly graph: AssetGraph;
  readonly keySpace: KeySpace;
  /** Of the subject's assets, in order, without what was wiped, deleted or undone. */
  readonly materializations: readonly Event[];
  /** Those that computed any of the subject's assets, or meant to, oldest first. */
  readonly runs: readonly LoggedRun[];
  readonly staleness: Staleness;
  readonly #folds = new StatusFolds();
  /** What an event itself calls its piece, by run, where a config would name it. */
  readonly #namedRuns = new Map<string, string>();

  constructor(view: WorldView) {
    this.view = view;
    const { definitions, now } = view;
    this.graph = new AssetGraph(definitions.assets);
    const undone = new Set(view.events.flatMap(undoneBy));
    const events =
      undone.size > 0 ? view.events.filter((one) => !undone.has(one.eventId)) : view.events;
    const dynamic = new DynamicPartitions();
    const log = new MaterializationLog();
    for (const event of events) dynamic.apply(event);
    log.apply(events);
    const keySpace = new KeySpace({ effectiveAt: now, dynamicPartitions: dynamic.keys });
    this.keySpace = keySpace;
    this.subject = subjectOf(definitions, keySpace);
    this.#folds.declare(definitions.assets, keySpace);
    this.#folds.apply(events);
    this.staleness = new Staleness({
      log,
      graph: this.graph,
      keySpace,
      dagsterLimits: false,
      countEdits: true,
    });
    const assetKeys = new Set(this.subject.assets.map(({ assetKey }) => assetKey));
    this.materializations = standingMaterializations(events, assetKeys);
    this.runs = runsOf(events, assetKeys);
    this.#nameRuns(this.materializations);
  }

  /** How the keys of an asset stand; of one without keys, as one. */
  statusesOf(assetKey: AssetKeyText): PartitionStatuses {
    return this.#folds.of(assetKey).statuses(NO_RUNS);
  }

  /** The same with those that are stale, as pictures show them. */
  shownStatusesOf(assetKey: AssetKeyText): PartitionStatuses {
    const statuses = this.statusesOf(assetKey);
    return {
      ...statuses,
      stale: intersect(this.staleness.staleKeys(assetKey), statuses.materialized),
    };
  }

  /** The keys of which every asset of the subject is materialized, and none has failed since. */
  doneKeys(): PartitionsSubset {
    const { assets } = this.subject;
    return assets
      .map(({ assetKey }) => this.statusesOf(assetKey).materialized)
      .reduce((a, b) => intersect(a, b));
  }

  /** The keys of which any asset of the subject has failed, or was not tried because another had. */
  failedKeys(): PartitionsSubset {
    return unionAll(
      this.subject.assets.flatMap(({ assetKey }) => {
        const { failed, notTried } = this.statusesOf(assetKey);
        return [failed, notTried];
      }),
    );
  }

  /** The keys of which any asset of the subject was made by other code, or from other data, than there is now. */
  staleKeys(): PartitionsSubset {
    const stale = this.subject.assets.map(({ assetKey }) => this.staleness.staleKeys(assetKey));
    return subtract(unionAll(stale), this.failedKeys());
  }

  /** Those of some events that name a key of a subset, in order. */
  ofKeys(subset: PartitionsSubset, events: readonly Event[]): readonly Event[] {
    const { subject } = this;
    if (subject.kind !== 'keys') return [];
    return events.filter(({ partitionKey }) => {
      const ordinal = partitionKey === null ? -1 : subject.index.ordinalOf(partitionKey);
      return ordinal >= 0 && contains(subset, ordinal);
    });
  }

  /** The newest of each asset for one key; those that there are. */
  latestOfKey(key: PartitionKey): readonly Event[] {
    return this.#latestWhere(({ partitionKey }) => partitionKey === key);
  }

  /** The newest of each asset for what an event itself names so. */
  latestNamed(name: string): readonly Event[] {
    return this.#latestWhere(({ runId }) => this.nameOf(runId) === name);
  }

  /** What the events of a run themselves say that it was for, as metadata of the field's name; null if none does. */
  nameOf(runId: string): string | null {
    return this.#namedRuns.get(runId) ?? null;
  }

  /** The runs whose config alone tells what they were for. */
  unnamed(events: readonly Event[]): readonly string[] {
    const runIds = new Set(events.map(({ runId }) => runId));
    return [...runIds].filter((runId) => !this.#namedRuns.has(runId));
  }

  /** A run and all after it, less those whose events say what they were for; none of no run. */
  unnamedRunsSince(run: LoggedRun | undefined): readonly LoggedRun[] {
    const from = run ? this.runs.indexOf(run) : -1;
    return from < 0 ? [] : this.runs.slice(from).filter(({ runId }) => this.nameOf(runId) === null);
  }

  get failedRuns(): readonly LoggedRun[] {
    return this.runs.filter(({ failures }) => failures.length > 0);
  }

  /** The failed runs that no later one mends. */
  get unmendedRuns(): readonly LoggedRun[] {
    return this.failedRuns.filter(({ runId }) => this.mendsOf(runId).length === 0);
  }

  /**
   * The runs that execute this one again, or one that does, and succeeded; oldest first. Of one piece
   * every later run is that.
   */
  mendsOf(runId: string): readonly LoggedRun[] {
    const { parentRuns: parents = {} } = this.view;
    const again = new Set([runId]);
    const isOnePiece = this.subject.kind === 'single';
    let isLater = false;
    return this.runs.filter((run) => {
      if (isOnePiece && isLater) return run.end?.type === 'RUN_SUCCESS';
      isLater ||= run.runId === runId;
      if (!again.has(parents[run.runId] ?? '')) return false;
      again.add(run.runId);
      return run.end?.type === 'RUN_SUCCESS';
    });
  }

  /** Whether the code that made it is the code of now; null if the event does not say which did. */
  isOfCodeNow({ assetKey, provenance }: Event): boolean | null {
    const asset = this.graph.assets.get(assetKey ?? '');
    if (!asset || !provenance) return null;
    if (asset.codeVersion && provenance.codeVersion !== undefined) {
      return provenance.codeVersion === asset.codeVersion;
    }
    if (asset.bodyHash === undefined || provenance.bodyHash === undefined) return null;
    return provenance.bodyHash === asset.bodyHash;
  }

  /** The assets of the subject that take config. */
  get configured(): readonly AssetSpec[] {
    return this.subject.assets.filter(({ config }) => config !== null);
  }

  #latestWhere(holds: (event: Event) => boolean): readonly Event[] {
    const latest = new Map<string, Event>();
    for (const event of this.materializations) {
      if (event.assetKey !== null && holds(event)) latest.set(event.assetKey, event);
    }
    return [...latest.values()].sort((a, b) => a.eventId - b.eventId);
  }

  #nameRuns(events: readonly Event[]): void {
    if (this.subject.kind !== 'field') return;
    const { field } = this.subject;
    for (const { runId, metadata } of events) {
      const name = metadata?.[field];
      if (typeof name === 'string') this.#namedRuns.set(runId, name);
    }
  }
}

/** The materializations that still count: not those wiped since, or of a deleted run. */
function standingMaterializations(
  events: readonly Event[],
  assetKeys: ReadonlySet<AssetKeyText>,
): readonly Event[] {
  const deleted = new Set(
    events.filter(({ type }) => type === 'RUN_DELETED').map(({ runId }) => runId),
  );
  const wholeWiped = new Map<AssetKeyText, EventId>();
  const keyWiped = new Map<string, EventId>();
  for (const event of events) {
    if (event.type !== 'ASSET_WIPED' || event.assetKey === null) continue;
    const keys = wipedKeys(event);
    if (keys === null) wholeWiped.set(event.assetKey, event.eventId);
    for (const key of keys ?? [])
      keyWiped.set(JSON.stringify([event.assetKey, key]), event.eventId);
  }
  return events.filter(({ type, assetKey, partitionKey, runId, eventId }) => {
    if (type !== 'ASSET_MATERIALIZATION' || assetKey === null || !assetKeys.has(assetKey)) {
      return false;
    }
    if (deleted.has(runId) || (wholeWiped.get(assetKey) ?? 0) > eventId) return false;
    return (
      keyWiped.size === 0 || (keyWiped.get(JSON.stringify([assetKey, partitionKey])) ?? 0) < eventId
    );
  });
}

function runsOf(events: readonly Event[], assetKeys: ReadonlySet<AssetKeyText>): LoggedRun[] {
  const runs = new Map<string, { runId: string; end: Event | null; failures: Event[] }>();
  for (const event of events) {
    const { type, runId, assetKey } = event;
    if (runId === NO_RUN) continue;
    const run = runs.get(runId);
    switch (type) {
      case 'ASSET_MATERIALIZATION_PLANNED':
        if (!run && assetKey !== null && assetKeys.has(assetKey)) {
          runs.set(runId, { runId, end: null, failures: [] });
        }
        break;
      case 'STEP_FAILURE':
        if (failsAsset(event)) run?.failures.push(event);
        break;
      case 'RUN_FAILURE':
        if (run?.failures.length === 0) run.failures.push(event);
        if (run) run.end = event;
        break;
      case 'RUN_SUCCESS':
      case 'RUN_CANCELED':
        if (run) run.end = event;
        break;
      case 'RUN_DELETED':
        runs.delete(runId);
    }
  }
  return [...runs.values()];
}
