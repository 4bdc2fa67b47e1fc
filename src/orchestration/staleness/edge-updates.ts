import type { EventId } from '../event.ts';
import { spansOf } from '../../partitions/subset/subset-algebra.ts';
import type { PartitionsSubset } from '../../partitions/subset/partitions-subset.ts';
import type { DataVersions } from './data-versions.ts';
import type { DependencyEdge } from './dependency-edge.ts';
import { HighestInSpan } from './highest-in-span.ts';
import type { MaterializationLog } from './materialization-log.ts';
import type { MaterializationRecords } from './materialization-records.ts';

/** Which keys of a partitioned dependency have another data version than at some event before (STALE-4). */
export class EdgeUpdates {
  readonly #edge: DependencyEdge;
  readonly #versions: DataVersions;
  /** Where Dagster looks for news: of external assets, only observations. */
  readonly #records: MaterializationRecords;
  #latest: Int32Array | null = null;
  #standsSince: Float64Array | null = null;
  #highest: HighestInSpan | null = null;

  constructor(edge: DependencyEdge, log: MaterializationLog, versions: DataVersions) {
    this.#edge = edge;
    this.#versions = versions;
    const { materializations, observations } = log.of(edge.dependencyKey);
    this.#records = edge.isExternal ? observations : materializations;
  }

  /** Those of some ordinals that were updated after an event, ascending. */
  *updated(read: PartitionsSubset, after: EventId): Generator<number> {
    this.#highest ??= new HighestInSpan(this.#since());
    for (const { start, end } of spansOf(read)) {
      for (let from = start; from < end; from++) {
        from = this.#highest.firstAbove(from, end, after);
        if (from < 0) break;
        if (this.isUpdated(from, after)) yield from;
      }
    }
  }

  /** Whether one ordinal was updated after an event. */
  isUpdated(ordinal: number, after: EventId): boolean {
    const latest = this.#latestByOrdinal()[ordinal] ?? -1;
    const records = this.#records;
    if (latest < 0 || (records.eventIds[latest] as EventId) <= after) return false;
    let before = records.previousOf(latest);
    while (before >= 0 && (records.eventIds[before] as EventId) > after) {
      before = records.previousOf(before);
    }
    return !this.#same(before, latest);
  }

  /** By ordinal: the event since which its data version stands; 0 if that was always so. */
  #since(): Float64Array {
    if (this.#standsSince) return this.#standsSince;
    const records = this.#records;
    const latest = this.#latestByOrdinal();
    const since = new Float64Array(latest.length);
    for (let ordinal = 0; ordinal < latest.length; ordinal++) {
      let place = latest[ordinal] as number;
      if (place < 0) continue;
      let previous = records.previousOf(place);
      while (previous >= 0 && this.#same(previous, place)) {
        place = previous;
        previous = records.previousOf(place);
      }
      const isFirst = previous < 0 && this.#same(-1, place);
      since[ordinal] = isFirst ? 0 : (records.eventIds[place] as EventId);
    }
    this.#standsSince = since;
    return since;
  }

  #latestByOrdinal(): Int32Array {
    const { upstream } = this.#edge;
    this.#latest ??= upstream ? this.#records.latestByOrdinal(upstream) : new Int32Array();
    return this.#latest;
  }

  /** -1 stands for no record: to Dagster, the same as one without a version. */
  #same(first: number, second: number): boolean {
    if (first === second) return true;
    const { dependencyKey: assetKey } = this.#edge;
    const records = this.#records;
    if (records.isByRun(second) && (first < 0 || records.isByRun(first))) {
      return first >= 0 && records.runIds[first] === records.runIds[second];
    }
    const ref = (place: number) => ({ assetKey, records, place });
    if (first < 0) return this.#versions.isNone(ref(second));
    return this.#versions.same(ref(first), ref(second));
  }
}
