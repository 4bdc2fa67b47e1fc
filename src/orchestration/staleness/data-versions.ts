import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { AssetKeyText, AssetSpec } from '../../definitions/definitions.ts';
import type { AssetGraph } from '../../definitions/graph.ts';
import { countOf } from '../../partitions/subset/subset-algebra.ts';
import { keysOf } from '../../partitions/subset/subset-keys.ts';
import type { EventId } from '../event.ts';
import type { KeySpace } from '../key-space.ts';
import { DAGSTER_KEY_LIMIT, DependencyEdge } from './dependency-edge.ts';
import type { MaterializationLog } from './materialization-log.ts';
import type { MaterializationRecords, Origin } from './materialization-records.ts';
import { compareAssetKeys } from './stale-cause.ts';

/** The version of what is taken to be there though nothing was recorded, or no version with it. */
export const INITIAL_VERSION = 'INITIAL';
/** The version of what was never recorded. */
export const NULL_VERSION = 'NULL';
const UNKNOWN_VERSION = 'UNKNOWN';

/** One record of an asset. */
export interface RecordRef {
  readonly assetKey: AssetKeyText;
  readonly records: MaterializationRecords;
  readonly place: number;
}

/** The SHA-256 of a text's UTF-8 bytes, in lower-case hex. */
export function sha256Hex(text: string): string {
  return bytesToHex(sha256(utf8ToBytes(text)));
}

/**
 * Data versions of what was recorded (STALE-3), worked out when they are asked for: most are
 * told apart without. Keys that were read are taken as the mapping has them now.
 */
export class DataVersions {
  readonly #log: MaterializationLog;
  readonly #graph: AssetGraph;
  readonly #keySpace: KeySpace;
  /** By records, then by the first of the group. */
  readonly #known = new Map<MaterializationRecords, Map<number, string>>();
  readonly #edges = new Map<string, DependencyEdge>();

  constructor(log: MaterializationLog, graph: AssetGraph, keySpace: KeySpace) {
    this.#log = log;
    this.#graph = graph;
    this.#keySpace = keySpace;
  }

  /** The data version of a record; null if it was recorded without one. */
  of(ref: RecordRef): string | null {
    // Not by recursion: an asset that reads its own yesterday may go back for years.
    const waiting = [ref];
    for (;;) {
      const next = waiting.at(-1) as RecordRef;
      const told = this.#told(next);
      if (told !== undefined) {
        if (waiting.length === 1) return told;
        waiting.pop();
        continue;
      }
      const unknown = this.#needs(next).filter((one) => this.#told(one) === undefined);
      if (unknown.length > 0) waiting.push(...unknown);
      else this.#learn(next, this.#work(next));
    }
  }

  /** Whether two records of one asset have the same data version. */
  same(a: RecordRef, b: RecordRef): boolean {
    const [first, second] = [this.#source(a), this.#source(b)];
    if (first.place === second.place && first.records === second.records) return true;
    const byRun = first.records.isByRun(first.place);
    if (byRun !== second.records.isByRun(second.place)) return false;
    if (byRun) return first.records.runIds[first.place] === second.records.runIds[second.place];
    return this.of(first) === this.of(second);
  }

  /** Whether a record says no data version, which is quicker told than which. */
  isNone(ref: RecordRef): boolean {
    return this.#told(ref) === null;
  }

  /** What a run read of a dependency, as one record: its newest materialization then, or observation; null if there was none. */
  inputOf({ records, place }: RecordRef, dependencyKey: AssetKeyText): RecordRef | null {
    const view = records.viewOf(place);
    const { materializations, observations } = this.#log.of(dependencyKey);
    const newest = materializations.newestIn(view);
    if (newest >= 0) return { assetKey: dependencyKey, records: materializations, place: newest };
    const seen = observations.newestIn(view);
    return seen < 0 ? null : { assetKey: dependencyKey, records: observations, place: seen };
  }

  /** The event of what `inputOf` says, for every record of an asset at once; `Infinity` where it read nothing. */
  inputEvents(records: MaterializationRecords, dependencyKey: AssetKeyText): Float64Array {
    const events = new Float64Array(records.count).fill(Infinity);
    const { materializations, observations } = this.#log.of(dependencyKey);
    for (const source of [observations, materializations]) {
      if (source.count === 0) continue;
      const newest = source.newestForEach(records);
      for (let place = 0; place < newest.length; place++) {
        const found = newest[place] as number;
        if (found >= 0) events[place] = source.eventIds[found] as EventId;
      }
    }
    return events;
  }

  /** Its version if that is clear; undefined if it must be worked out. */
  #told(ref: RecordRef): string | null | undefined {
    const source = this.#source(ref);
    const { records, place } = source;
    const given = records.givenVersions[place] ?? null;
    // Dagster takes an empty text as none.
    if (given !== null || originOf(source) === null) return given || null;
    return this.#known.get(records)?.get(records.groups[place] as number);
  }

  #learn(ref: RecordRef, version: string): void {
    const { records, place } = this.#source(ref);
    let known = this.#known.get(records);
    if (!known) this.#known.set(records, (known = new Map()));
    known.set(records.groups[place] as number, version);
  }

  /** The records whose versions must be known before. */
  #needs(ref: RecordRef): readonly RecordRef[] {
    return this.#inputs(ref).flatMap(({ refs }) => refs);
  }

  #work(ref: RecordRef): string {
    const source = this.#source(ref);
    const { records, place } = source;
    const origin = originOf(source) as Origin;
    const code = origin.codeVersion ?? (records.runIds[place] as string);
    const versions = this.#inputs(source).map(({ byKey, refs }) => {
      const told = refs.map((one) => this.#told(one) ?? null);
      if (byKey) return sha256Hex(told.filter((version) => version !== null).join(''));
      return told[0] ?? INITIAL_VERSION;
    });
    if (versions.includes(UNKNOWN_VERSION)) return UNKNOWN_VERSION;
    return sha256Hex(code + versions.join(''));
  }

  /** What goes into a version, by the text of the dependency's key: one record, or those of the keys that were read, by key. */
  #inputs(
    ref: RecordRef,
  ): readonly { readonly byKey: boolean; readonly refs: readonly RecordRef[] }[] {
    const source = this.#source(ref);
    const deps = originOf(source)?.deps ?? [];
    return [...deps].sort(compareAssetKeys).map((dependencyKey) => {
      const input = this.inputOf(source, dependencyKey);
      if (input === null) return { byKey: false, refs: [] };
      const byKey = this.#keysRead(source, dependencyKey);
      return byKey ? { byKey: true, refs: byKey } : { byKey: false, refs: [input] };
    });
  }

  /** The materializations of each key that was read, by the text of the key; null where the asset counts as one. */
  #keysRead(
    { assetKey, records, place }: RecordRef,
    dependencyKey: AssetKeyText,
  ): readonly RecordRef[] | null {
    const asset = this.#graph.assets.get(assetKey);
    if (!asset) return null;
    const edge = this.#edgeOf(asset, dependencyKey);
    const { upstream } = edge;
    if (!upstream) return null;
    const read = edge.readByKeys(asset.partitionsDef ? keysOfGroup(records, place) : null);
    if (countOf(read) >= DAGSTER_KEY_LIMIT) return null;
    const view = records.viewOf(place);
    const { materializations } = this.#log.of(dependencyKey);
    return [...keysOf(upstream, read)].sort().flatMap((key) => {
      const found = materializations.latestIn(view, key);
      if (found < 0) return [];
      return { assetKey: dependencyKey, records: materializations, place: found };
    });
  }

  #edgeOf(asset: AssetSpec, dependencyKey: AssetKeyText): DependencyEdge {
    const name = JSON.stringify([asset.assetKey, dependencyKey]);
    let edge = this.#edges.get(name);
    if (!edge) {
      edge = new DependencyEdge(asset, dependencyKey, this.#graph, this.#keySpace);
      this.#edges.set(name, edge);
    }
    return edge;
  }

  /** A mark that a key is fine stands for what it marks. */
  #source(ref: RecordRef): RecordRef {
    const { assetKey, records } = ref;
    let { place } = ref;
    while (records.origins[place]?.marksFine) {
      const previous = records.previousOf(place);
      if (previous < 0) break;
      place = previous;
    }
    return place === ref.place ? ref : { assetKey, records, place };
  }
}

function originOf({ records, place }: RecordRef): Origin | null {
  return records.origins[place] ?? null;
}

/** The keys that a run recorded together. */
function keysOfGroup(records: MaterializationRecords, place: number): readonly string[] {
  const group = records.groups[place] as number;
  const keys: string[] = [];
  for (let at = group; at < records.count && records.groups[at] === group; at++) {
    const key = records.keyAt(at);
    if (key !== null) keys.push(key);
  }
  return keys;
}
