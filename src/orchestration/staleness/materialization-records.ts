import type { PartitionKey } from '../../partitions/context.ts';
import { partitionsDefinitionIdentity } from '../../partitions/definition/identity.ts';
import type { PartitionIndex } from '../../partitions/partition-index.ts';
import type { EpochMs } from '../../time/time-window.ts';
import { wipedKeys } from '../asset-events.ts';
import { NO_RUN, type Event, type EventId } from '../event.ts';
import type { Provenance } from './provenance.ts';

/** Provenance less `asOf`: most records of an asset share one. */
export type Origin = Omit<Provenance, 'asOf'>;

/** The keys of an asset by number, and where they stand in an index. */
interface PlacedKeys {
  readonly index: PartitionIndex;
  /** Of its definition. */
  readonly identity: string;
  readonly keys: readonly (PartitionKey | null)[];
  /** By number; -1 for keys that do not exist now. */
  readonly ordinals: Int32Array;
  /** How many numbers are placed. */
  readonly count: number;
}

/** Of each index, the keys that were placed in it last. */
const placedLast = new WeakMap<PartitionIndex, PlacedKeys>();

/** A time in the log as one run sees it: what was there, and what the run itself had recorded. */
export interface LogView {
  /** Only what came before counts. */
  readonly before: EventId;
  /** What came after it counts only if it is of the run; null if all before counts. */
  readonly asOf: EventId | null;
  readonly runId: string;
}

/**
 * The materializations of one asset, or its observations, oldest first: a column for each
 * field, and a record is a place in them. Records that were wiped stay, as others were made
 * from them, but are no longer the latest of their key.
 */
export class MaterializationRecords {
  readonly eventIds: EventId[] = [];
  readonly ats: EpochMs[] = [];
  readonly runIds: string[] = [];
  /** The data version that was given; null if none was. */
  readonly givenVersions: (string | null)[] = [];
  /** Null for what no run made. */
  readonly origins: (Origin | null)[] = [];
  /** The first of the records that the same run made next to each other. */
  readonly groups: number[] = [];
  /** The record of the same key before it, wiped or not; -1 if there is none. */
  readonly #previous: number[] = [];
  readonly #keyNumbers: number[] = [];
  readonly #asOfs: (EventId | null)[] = [];
  /** By key number: its newest record, removed or not. */
  readonly #newestOfNumber: number[] = [];
  /** By key number: its newest record that stands; -1 if there is none. */
  readonly #latest: number[] = [];
  readonly #numbers = new Map<PartitionKey | null, number>();
  readonly #keys: (PartitionKey | null)[] = [];
  /** Of the last record's key. */
  #lastNumber = -1;
  /** The last answer of `#countBefore`. */
  #lastCount = 0;
  readonly #originsBySignature = new Map<string, Origin>();
  /** Of the last record that had one: most have the same. */
  #lastOrigin: Origin | null = null;
  /** The event that removed a record. */
  readonly #removedBy = new Map<number, EventId>();
  #places: PlacedKeys | null = null;

  get count(): number {
    return this.eventIds.length;
  }

  keyAt(place: number): PartitionKey | null {
    return this.#keys[this.#keyNumbers[place] as number] ?? null;
  }

  add(event: Event): void {
    const { eventId, partitionKey, runId, provenance } = event;
    const number = this.#numberOf(partitionKey);
    const place = this.eventIds.push(eventId) - 1;
    this.ats.push(event.at);
    this.runIds.push(runId);
    this.givenVersions.push(event.dataVersion ?? null);
    this.origins.push(provenance ? this.#originOf(provenance) : null);
    this.#asOfs.push(provenance?.asOf ?? null);
    this.#keyNumbers.push(number);
    this.#previous.push(this.#newestOfNumber[number] ?? -1);
    this.#newestOfNumber[number] = place;
    const continues = place > 0 && runId !== NO_RUN && this.runIds[place - 1] === runId;
    this.groups.push(continues ? (this.groups[place - 1] as number) : place);
    this.#latest[number] = place;
  }

  /** Removes what `event` wipes: of some keys, or everything. */
  wipe(event: Event): void {
    const keys = wipedKeys(event);
    const wiped = keys && new Set<PartitionKey | null>(keys);
    this.#remove(event.eventId, (place) => wiped === null || wiped.has(this.keyAt(place)));
  }

  /** Removes what a run recorded that is forgotten. */
  removeRun({ eventId, runId }: Event): void {
    this.#remove(eventId, (place) => this.runIds[place] === runId);
  }

  /** The newest record that stands, of whichever key; -1 if there is none. */
  newest(): number {
    let place = this.count - 1;
    while (place >= 0 && this.#removedBy.has(place)) place--;
    return place;
  }

  /** The newest record of a key that stands; -1 if there is none. */
  latestOf(key: PartitionKey | null): number {
    const number = this.#numbers.get(key);
    return number === undefined ? -1 : (this.#latest[number] ?? -1);
  }

  /** The record of the same key before `place` that stands; -1 if there is none. */
  previousOf(place: number): number {
    let previous = this.#previous[place] as number;
    if (this.#removedBy.size === 0) return previous;
    while (previous >= 0 && this.#removedBy.has(previous)) {
      previous = this.#previous[previous] as number;
    }
    return previous;
  }

  /**
   * Whether the data version of a record hangs on the run that made it, as no code version and
   * no given one stands for it: then that of every other run is another.
   */
  isByRun(place: number): boolean {
    const origin = this.origins[place] ?? null;
    if (origin === null || this.givenVersions[place] !== null) return false;
    return origin.codeVersion === undefined && !origin.marksFine;
  }

  /** What the run that made a record could read; a record of a group reads none of the group. */
  viewOf(place: number): LogView {
    const first = this.groups[place] as number;
    return {
      before: this.eventIds[first] as EventId,
      asOf: this.#asOfs[place] ?? null,
      runId: this.runIds[place] as string,
    };
  }

  /** The newest record in the view, of whichever key; -1 if there is none. */
  newestIn(view: LogView): number {
    let place = this.#countBefore(view.before) - 1;
    while (place >= 0 && !this.#isIn(view, place)) place--;
    return place;
  }

  /** The newest record of a key in the view; -1 if there is none. */
  latestIn(view: LogView, key: PartitionKey): number {
    const number = this.#numbers.get(key);
    let place = number === undefined ? -1 : (this.#newestOfNumber[number] ?? -1);
    while (place >= 0 && !this.#isIn(view, place)) place = this.#previous[place] as number;
    return place;
  }

  /** The latest record of every key of `index`, by ordinal; -1 where there is none. */
  latestByOrdinal(index: PartitionIndex): Int32Array {
    const latest = new Int32Array(index.count).fill(-1);
    const ordinals = this.#ordinalsIn(index);
    for (let number = 0; number < this.#keys.length; number++) {
      const ordinal = ordinals[number] as number;
      if (ordinal >= 0) latest[ordinal] = this.#latest[number] as number;
    }
    return latest;
  }

  /**
   * For every record of `readers` the newest record here that its run could read, of whichever
   * key, as `newestIn` says one by one; -1 where there is none.
   */
  newestForEach(readers: MaterializationRecords): Int32Array {
    const { eventIds } = this;
    const newest = new Int32Array(readers.count);
    let end = 0;
    for (let reader = 0; reader < newest.length; reader++) {
      const before = readers.eventIds[readers.groups[reader] as number] as EventId;
      while (end < eventIds.length && (eventIds[end] as EventId) < before) end++;
      let place = end - 1;
      const asOf = readers.#asOfs[reader] ?? Infinity;
      // Only where something else came in between, or was removed, is a closer look needed.
      const isClear =
        this.#removedBy.size === 0 && place >= 0 && (eventIds[place] as EventId) <= asOf;
      if (!isClear && place >= 0) {
        const view = readers.viewOf(reader);
        while (place >= 0 && !this.#isIn(view, place)) place--;
      }
      newest[reader] = place;
    }
    return newest;
  }

  #isIn({ before, asOf, runId }: LogView, place: number): boolean {
    const eventId = this.eventIds[place] as EventId;
    if (eventId >= before) return false;
    if (asOf !== null && eventId > asOf && this.runIds[place] !== runId) return false;
    if (this.#removedBy.size === 0) return true;
    const removedBy = this.#removedBy.get(place);
    return removedBy === undefined || removedBy > before;
  }

  #countBefore(eventId: EventId): number {
    const { eventIds } = this;
    let [low, high] = [0, eventIds.length];
    // Those who ask one after another mostly ask for neighbours.
    const guess = this.#lastCount;
    if (guess <= high && (guess === 0 || (eventIds[guess - 1] as EventId) < eventId)) {
      low = guess;
      let width = 1;
      while (low + width < high && (eventIds[low + width - 1] as EventId) < eventId) {
        low += width;
        width *= 2;
      }
      high = Math.min(high, low + width);
    }
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((eventIds[middle] as EventId) < eventId) low = middle + 1;
      else high = middle;
    }
    this.#lastCount = low;
    return low;
  }

  #remove(eventId: EventId, isMeant: (place: number) => boolean): void {
    const numbers = new Set<number>();
    for (let place = 0; place < this.count; place++) {
      if (this.#removedBy.has(place) || !isMeant(place)) continue;
      this.#removedBy.set(place, eventId);
      numbers.add(this.#keyNumbers[place] as number);
    }
    for (const number of numbers) {
      let place = this.#newestOfNumber[number] as number;
      while (place >= 0 && this.#removedBy.has(place)) place = this.#previous[place] as number;
      this.#latest[number] = place;
    }
  }

  #numberOf(key: PartitionKey | null): number {
    // Keys mostly come in the order in which they came before, which spares looking them up.
    const guess = this.#lastNumber + 1;
    let number = this.#keys[guess] === key ? guess : this.#numbers.get(key);
    if (number === undefined) {
      number = this.#keys.push(key) - 1;
      this.#numbers.set(key, number);
      this.#newestOfNumber.push(-1);
      this.#latest.push(-1);
    }
    this.#lastNumber = number;
    return number;
  }

  /** The ordinal of each key number; -1 for keys that do not exist now. May be longer than there are numbers. */
  #ordinalsIn(index: PartitionIndex): Int32Array {
    const keys = this.#keys;
    let placed = this.#places?.index === index ? this.#places : this.#place(index);
    const from = placed.count;
    if (from < keys.length) {
      let { ordinals } = placed;
      if (ordinals.length < keys.length) {
        ordinals = new Int32Array(Math.max(keys.length, 2 * from));
        ordinals.set(placed.ordinals);
      }
      // Assets of one definition are mostly recorded in one order: a look spares reading the key.
      const neighbour = placedLast.get(index);
      for (let number = from; number < keys.length; number++) {
        const key = keys[number] as PartitionKey | null;
        const isKnown = neighbour !== undefined && number < neighbour.count;
        if (key === null) ordinals[number] = -1;
        else if (isKnown && neighbour.keys[number] === key) {
          ordinals[number] = neighbour.ordinals[number] as number;
        } else ordinals[number] = index.ordinalOf(key);
      }
      placed = { ...placed, ordinals, count: keys.length };
    }
    this.#places = placed;
    placedLast.set(index, placed);
    return placed.ordinals;
  }

  /** What is known of the ordinals from before `index`; those of the other numbers are looked up. */
  #place(index: PartitionIndex): PlacedKeys {
    const known = this.#places;
    const identity = partitionsDefinitionIdentity(index.definition);
    const placed = { index, identity, keys: this.#keys };
    // Windows only come and go at the end, so their ordinals hold.
    if (known?.identity !== identity || index.definition.kind !== 'timeWindow') {
      return { ...placed, ordinals: new Int32Array(), count: 0 };
    }
    const { count } = known;
    const ordinals = known.ordinals.map((ordinal) => (ordinal < index.count ? ordinal : -1));
    for (let ordinal = known.index.count; ordinal < index.count; ordinal++) {
      const number = this.#numbers.get(index.keyAt(ordinal));
      if (number !== undefined && number < count) ordinals[number] = ordinal;
    }
    return { ...placed, ordinals, count };
  }

  #originOf(provenance: Provenance): Origin {
    if (this.#lastOrigin && isOfOrigin(provenance, this.#lastOrigin)) return this.#lastOrigin;
    const { deps, codeVersion = '', bodyHash = '', marksFine = '' } = provenance;
    const signature = `${codeVersion}\n${bodyHash}\n${marksFine}\n${deps.join('\n')}`;
    let origin = this.#originsBySignature.get(signature);
    if (!origin) {
      const { asOf: _, ...others } = provenance;
      origin = others;
      this.#originsBySignature.set(signature, origin);
    }
    this.#lastOrigin = origin;
    return origin;
  }
}

function isOfOrigin(provenance: Provenance, origin: Origin): boolean {
  return (
    provenance.codeVersion === origin.codeVersion &&
    provenance.bodyHash === origin.bodyHash &&
    provenance.marksFine === origin.marksFine &&
    provenance.deps.length === origin.deps.length &&
    provenance.deps.every((key, at) => key === origin.deps[at])
  );
}
