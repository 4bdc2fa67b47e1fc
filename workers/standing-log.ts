import { undoneBy } from '../src/orchestration/asset-events.ts';
import type { Event, EventId } from '../src/orchestration/event.ts';
import type { DaemonRecord, InstanceStore } from '../src/orchestration/ports.ts';

/** What folds are made from. */
export type ReadLog = Pick<InstanceStore, 'readEvents' | 'readCheckpoints' | 'listRuns'>;

const RECORD = { kind: 'undone', recordId: 'events' } as const;

/** The log of a notebook less what was undone: to those who fold it, that never was. */
export class StandingLog implements ReadLog {
  readonly #notebookId: string;
  readonly #instances: InstanceStore;
  readonly #undone = new Set<EventId>();

  constructor(notebookId: string, instances: InstanceStore) {
    this.#notebookId = notebookId;
    this.#instances = instances;
  }

  /** Reads what was undone so far. */
  async restore(): Promise<void> {
    const record = await this.#instances.readRecord(this.#notebookId, RECORD.kind, RECORD.recordId);
    this.#undone.clear();
    for (const eventId of (record?.value ?? []) as readonly EventId[]) this.#undone.add(eventId);
  }

  /** Takes events that follow what was read; whether any undid another. */
  take(events: readonly Event[]): boolean {
    const before = this.#undone.size;
    for (const event of events) for (const eventId of undoneBy(event)) this.#undone.add(eventId);
    return this.#undone.size > before;
  }

  /** What is kept of what was undone, once these are too. */
  recordWith(eventIds: readonly EventId[]): DaemonRecord {
    return { ...RECORD, value: [...new Set([...this.#undone, ...eventIds])] };
  }

  isUndone(eventId: EventId): boolean {
    return this.#undone.has(eventId);
  }

  async *readEvents(
    ...asked: Parameters<InstanceStore['readEvents']>
  ): AsyncGenerator<readonly Event[]> {
    for await (const events of this.#instances.readEvents(...asked)) {
      yield this.#undone.size === 0
        ? events
        : events.filter(({ eventId }) => !this.#undone.has(eventId));
    }
  }

  readCheckpoints(
    ...asked: Parameters<InstanceStore['readCheckpoints']>
  ): ReturnType<InstanceStore['readCheckpoints']> {
    return this.#instances.readCheckpoints(...asked);
  }

  listRuns(...asked: Parameters<InstanceStore['listRuns']>): ReturnType<InstanceStore['listRuns']> {
    return this.#instances.listRuns(...asked);
  }
}
