import type { AssetKeyText } from '../src/definitions/definitions.ts';
import { wipedKeys } from '../src/orchestration/asset-events.ts';
import type { Event, EventId } from '../src/orchestration/event.ts';
import type { PartitionKey } from '../src/partitions/context.ts';
import type { PartitionIndex } from '../src/partitions/partition-index.ts';
import type {
  HistoryEntry,
  MaterializationTimes,
  MetadataNumbers,
} from '../src/protocol/engine.ts';
import type { ReadLog } from './standing-log.ts';

const BATCH = 5000;

/** A wipe of keys of an asset. */
export interface Wipe extends Pick<Event, 'eventId' | 'at'> {
  /** Oldest first; at least one. */
  readonly forgotten: readonly HistoryEntry[];
}

/**
 * Every materialization and failure of a notebook, by asset: read from the log when first
 * asked for, and from then on only what is new.
 */
export class HistoryIndex {
  /** By asset, oldest first: the wipes that found something, and what they made be forgotten. */
  readonly wipes = new Map<AssetKeyText, Wipe[]>();
  readonly #notebookId: string;
  readonly #instances: Pick<ReadLog, 'readEvents' | 'listRuns'>;
  readonly #entries = new Map<AssetKeyText, HistoryEntry[]>();
  readonly #newest = new Map<AssetKeyText, Map<PartitionKey | null, HistoryEntry>>();
  /** By asset and name: the newest number that a materialization of each key told. */
  readonly #numbers = new Map<AssetKeyText, Map<string, Map<PartitionKey | null, number>>>();
  readonly #runNumbers = new Map<string, number>();
  #reaches: EventId = 0;
  #reading: Promise<void> = Promise.resolve();

  constructor(notebookId: string, instances: Pick<ReadLog, 'readEvents' | 'listRuns'>) {
    this.#notebookId = notebookId;
    this.#instances = instances;
  }

  /** Newest first; of one key if `partitionKey` is given. */
  async list(
    assetKey: AssetKeyText,
    {
      partitionKey,
      limit,
    }: { readonly partitionKey?: PartitionKey | null; readonly limit: number },
  ): Promise<readonly HistoryEntry[]> {
    await this.#catchUp();
    const all = this.#entries.get(assetKey) ?? [];
    const found: HistoryEntry[] = [];
    for (let at = all.length - 1; at >= 0 && found.length < limit; at--) {
      const entry = all[at] as HistoryEntry;
      if (partitionKey === undefined || entry.partitionKey === partitionKey) found.push(entry);
    }
    return found;
  }

  /** The newest event of each key, in their order; null for a key without one. */
  async newestOf(
    assetKey: AssetKeyText,
    partitionKeys: readonly (PartitionKey | null)[],
  ): Promise<readonly (HistoryEntry | null)[]> {
    await this.#catchUp();
    const newest = this.#newest.get(assetKey);
    return partitionKeys.map((key) => newest?.get(key) ?? null);
  }

  /** The numbers that materializations told in their metadata, by name, of the keys that exist now. */
  async numbers(
    assetKey: AssetKeyText,
    index: PartitionIndex | null,
  ): Promise<readonly MetadataNumbers[]> {
    await this.#catchUp();
    const byName = [...(this.#numbers.get(assetKey) ?? [])];
    return byName.map(([name, byKey]) => {
      const points = Array.from(byKey, ([key, value]) => {
        const ordinal = index ? (key === null ? -1 : index.ordinalOf(key)) : 0;
        return { ordinal, value };
      });
      const known = points.filter(({ ordinal }) => ordinal >= 0);
      known.sort((one, other) => one.ordinal - other.ordinal);
      return {
        name,
        ordinals: Int32Array.from(known, ({ ordinal }) => ordinal),
        values: Float64Array.from(known, ({ value }) => value),
      };
    });
  }

  /** @param index the keys that exist now; null for an asset without partitions. */
  async materializationTimes(
    assetKey: AssetKeyText,
    index: PartitionIndex | null,
  ): Promise<MaterializationTimes> {
    await this.#catchUp();
    const entries = (this.#entries.get(assetKey) ?? []).filter(
      ({ type }) => type === 'ASSET_MATERIALIZATION',
    );
    if (entries.some(({ runId }) => !this.#runNumbers.has(runId))) await this.#readRunNumbers();
    return {
      ordinals: Int32Array.from(entries, ({ partitionKey }) => {
        if (!index) return partitionKey === null ? 0 : -1;
        return partitionKey === null ? -1 : index.ordinalOf(partitionKey);
      }),
      at: Float64Array.from(entries, (entry) => entry.at),
      runNumbers: Int32Array.from(entries, ({ runId }) => this.#runNumbers.get(runId) ?? 0),
    };
  }

  #catchUp(): Promise<void> {
    this.#reading = this.#reading.then(() => this.#read());
    return this.#reading;
  }

  async #read(): Promise<void> {
    for await (const events of this.#instances.readEvents(this.#notebookId, this.#reaches, BATCH)) {
      for (const event of events) {
        this.#reaches = event.eventId;
        const { type, assetKey, error } = event;
        if (type === 'ASSET_WIPED' || type === 'RUN_DELETED') this.#forget(event);
        if (type !== 'ASSET_MATERIALIZATION' && type !== 'STEP_FAILURE') continue;
        if (assetKey === null) continue;
        const { eventId, partitionKey, runId, at } = event;
        const message = error ? `${error.name}: ${error.message}` : event.message;
        const entry = { eventId, type, assetKey, partitionKey, runId, at, message };
        const entries = this.#entries.get(assetKey);
        if (entries) entries.push(entry);
        else this.#entries.set(assetKey, [entry]);
        within(this.#newest, assetKey).set(partitionKey, entry);
        for (const [name, value] of Object.entries(event.metadata ?? {})) {
          if (typeof value !== 'number' || !Number.isFinite(value)) continue;
          within(within(this.#numbers, assetKey), name).set(partitionKey, value);
        }
      }
    }
  }

  /** What was wiped, or is of a deleted run, is no history any more. */
  #forget(event: Event): void {
    const { assetKey, type, runId } = event;
    if (assetKey === null) return;
    const keys = type === 'ASSET_WIPED' ? wipedKeys(event) : null;
    const wiped = keys && new Set<PartitionKey | null>(keys);
    const isMeant = (entry: HistoryEntry) =>
      type === 'RUN_DELETED'
        ? entry.runId === runId
        : wiped === null || wiped.has(entry.partitionKey);
    const entries = this.#entries.get(assetKey) ?? [];
    const kept = entries.filter((entry) => !isMeant(entry));
    if (kept.length === entries.length) return;
    if (type === 'ASSET_WIPED') {
      const { eventId, at } = event;
      const wipe = { eventId, at, forgotten: entries.filter(isMeant) };
      this.wipes.set(assetKey, [...(this.wipes.get(assetKey) ?? []), wipe]);
    }
    this.#entries.set(assetKey, kept);
    const newest = new Map(kept.map((entry) => [entry.partitionKey, entry]));
    for (const [key, before] of this.#newest.get(assetKey) ?? []) {
      if (newest.get(key) === before) continue;
      for (const byKey of this.#numbers.get(assetKey)?.values() ?? []) byKey.delete(key);
    }
    this.#newest.set(assetKey, newest);
  }

  async #readRunNumbers(): Promise<void> {
    const all = { limit: Infinity, before: null, statuses: null };
    for (const { runId, runNumber } of await this.#instances.listRuns(this.#notebookId, all)) {
      this.#runNumbers.set(runId, runNumber);
    }
  }
}

/** The map of a key, made if there is none. */
function within<Key, Of, To>(maps: Map<Key, Map<Of, To>>, key: Key): Map<Of, To> {
  let inner = maps.get(key);
  if (!inner) maps.set(key, (inner = new Map()));
  return inner;
}
