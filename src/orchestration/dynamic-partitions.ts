import { formatCount } from '../counts.ts';
import type { PartitionKey } from '../partitions/context.ts';
import type { EpochMs } from '../time/time-window.ts';
import { NO_RUN, type Event, type EventDraft } from './event.ts';
import type { DaemonRecord } from './ports.ts';

/** Keys added to a dynamic definition, or deleted from it, in order. */
export interface DynamicPartitionsChange {
  readonly action: 'add' | 'delete';
  readonly partitionsDefName: string;
  readonly partitionKeys: readonly PartitionKey[];
}

/**
 * The keys of every dynamic definition of a notebook, in the order in which they were added (DYN-1), folded
 * from the log. Adding a known key and deleting an unknown one change nothing (RR-10), so an event may come twice.
 */
export class DynamicPartitions {
  readonly #byName = new Map<string, Set<PartitionKey>>();
  #listed: ReadonlyMap<string, readonly PartitionKey[]> | null = null;

  /** As they stand; the same map until something changes. */
  get keys(): ReadonlyMap<string, readonly PartitionKey[]> {
    this.#listed ??= new Map([...this.#byName].map(([name, keys]) => [name, [...keys]]));
    return this.#listed;
  }

  /** Takes one event; whether any keys changed by it. */
  apply({ type, metadata }: Pick<Event, 'type' | 'metadata'>): boolean {
    if (type !== 'DYNAMIC_PARTITIONS_ADDED' && type !== 'DYNAMIC_PARTITIONS_DELETED') return false;
    const { partitionsDefName, partitionKeys } = metadata as unknown as ChangeMetadata;
    const known = this.#byName.get(partitionsDefName) ?? new Set();
    const before = known.size;
    for (const key of partitionKeys) {
      if (type === 'DYNAMIC_PARTITIONS_ADDED') known.add(key);
      else known.delete(key);
    }
    this.#byName.set(partitionsDefName, known);
    if (known.size === before) return false;
    this.#listed = null;
    return true;
  }

  /** The event of a change, and the record of its definition as it stands after it; null if it changes nothing. */
  change(
    { action, partitionsDefName, partitionKeys }: DynamicPartitionsChange,
    at: EpochMs,
  ): { readonly event: EventDraft; readonly record: DaemonRecord } | null {
    const known = this.#byName.get(partitionsDefName) ?? new Set();
    const keys = [...new Set(partitionKeys)].filter(
      (key) => known.has(key) === (action === 'delete'),
    );
    if (keys.length === 0) return null;
    const after = new Set(known);
    for (const key of keys) {
      if (action === 'add') after.add(key);
      else after.delete(key);
    }
    const metadata: ChangeMetadata = { partitionsDefName, partitionKeys: keys };
    const count = keys.length === 1 ? `"${keys[0]}"` : `${formatCount(keys.length)} keys`;
    return {
      event: {
        runId: NO_RUN,
        type: action === 'add' ? 'DYNAMIC_PARTITIONS_ADDED' : 'DYNAMIC_PARTITIONS_DELETED',
        level: 'DEBUG',
        at,
        message: `${action === 'add' ? 'Added' : 'Deleted'} ${count} ${action === 'add' ? 'to' : 'from'} "${partitionsDefName}".`,
        stepKey: null,
        assetKey: null,
        partitionKey: null,
        metadata: { ...metadata },
        error: null,
        byAuthor: false,
      },
      record: { kind: 'dynamicPartitions', recordId: partitionsDefName, value: [...after] },
    };
  }

  /** The events of several changes, one after another, and the records of their definitions after all of them. */
  changes(
    changes: readonly DynamicPartitionsChange[],
    at: EpochMs,
  ): { readonly events: readonly EventDraft[]; readonly records: readonly DaemonRecord[] } {
    const after = new DynamicPartitions();
    for (const [name, keys] of this.#byName) after.#byName.set(name, new Set(keys));
    const events: EventDraft[] = [];
    const records = new Map<string, DaemonRecord>();
    for (const change of changes) {
      const made = after.change(change, at);
      if (!made) continue;
      after.apply(made.event);
      events.push(made.event);
      records.set(made.record.recordId, made.record);
    }
    return { events, records: [...records.values()] };
  }

  /** Takes up what records say; events after them may follow, and those before them too. */
  restore(records: readonly DaemonRecord[]): void {
    for (const { recordId, value } of records) {
      this.#byName.set(recordId, new Set(value as readonly PartitionKey[]));
    }
    this.#listed = null;
  }
}

interface ChangeMetadata {
  readonly partitionsDefName: string;
  readonly partitionKeys: readonly PartitionKey[];
}
