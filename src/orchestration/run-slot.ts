import type { AssetKeyText } from '../definitions/definitions.ts';
import type { PartitionKey } from '../partitions/context.ts';
import type { AbortHandle } from './daemon-ports.ts';
import type { EventDraft } from './event.ts';
import type { ValueWrite } from './ports.ts';
import { isTerminal, type Run } from './run.ts';

/** A run that has left the queue, until its end is in the log. */
export class RunSlot {
  run: Run;
  readonly abort: AbortHandle;
  /** Whether nothing more happens in it; its end may not be in the log yet. */
  finished = false;
  /** Whether what there is should be written before it is finished. */
  flushDue = false;
  /** Keys that it has recorded, by asset; null for a materialization without a key. */
  readonly recorded = new Map<AssetKeyText, (PartitionKey | null)[]>();
  #events: EventDraft[] = [];
  #beingWritten: readonly EventDraft[] = [];
  #values: ValueWrite[] = [];

  constructor(run: Run, abort: AbortHandle) {
    this.run = run;
    this.abort = abort;
  }

  /** The run as it is shown: one that is finished goes on until its end is in the log. */
  get shown(): Run {
    const { run, finished } = this;
    if (!finished || !isTerminal(run.status)) return run;
    return { ...run, status: 'STARTED', endedAt: null };
  }

  /** Events that are not in the log yet, oldest first. */
  get unwritten(): readonly EventDraft[] {
    return [...this.#beingWritten, ...this.#events];
  }

  /** Whether there are events that are not on their way to the log. */
  get hasNews(): boolean {
    return this.#events.length > 0;
  }

  add(event: EventDraft): void {
    this.#events.push(event);
    if (event.type === 'ASSET_MATERIALIZATION' && event.assetKey !== null) {
      const keys = this.recorded.get(event.assetKey);
      if (keys) keys.push(event.partitionKey);
      else this.recorded.set(event.assetKey, [event.partitionKey]);
    }
  }

  keep(value: ValueWrite): void {
    this.#values.push(value);
  }

  /** What is to be written now; it counts as unwritten until `written` is called. */
  take(): { readonly events: readonly EventDraft[]; readonly values: readonly ValueWrite[] } {
    const taken = { events: this.#events, values: this.#values };
    this.#beingWritten = this.#events;
    this.#events = [];
    this.#values = [];
    this.flushDue = false;
    return taken;
  }

  /** What was taken is in the log. */
  written(): void {
    this.#beingWritten = [];
  }
}
