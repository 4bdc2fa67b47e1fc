import type { DaemonPorts } from './daemon-ports.ts';
import type { EventDraft } from './event.ts';
import type { LogWriter } from './log-writer.ts';
import type { DaemonRecord, ValueWrite } from './ports.ts';
import type { RunSlot } from './run-slot.ts';
import { RunTag } from './run-tags.ts';

/** Finished runs that one transaction takes. */
const ENDED_A_BATCH = 50;
/** While others wait in the queue, transactions begin so far apart: each costs as much as several runs. */
const BETWEEN_BATCHES_MS = 50;
/** Events that one row takes, unless a single run has more. */
const EVENTS_A_ROW = 250;

/** What the slots are written with. */
export interface SlotWriterPorts extends Pick<DaemonPorts, 'inQueueOrder' | 'elapsedMs' | 'pause'> {
  readonly log: LogWriter;
  /** By the order in which they left the queue. */
  readonly slots: ReadonlyMap<string, RunSlot>;
  /** How many runs of a backfill have not ended, as far as was told by `written`. */
  readonly unfinishedOf: (backfillId: string) => number;
  /** Settles when what the ends that were written have led to is in the log. */
  readonly ledOn: () => Promise<void>;
  /** Whether more runs are about to end: then ends may gather. */
  readonly expectsMore: () => boolean;
  /** What is kept of the values that these replace; null if they replace none. */
  readonly replaced: (values: readonly ValueWrite[]) => Promise<readonly DaemonRecord[]> | null;
  /** What is now in the log: values, and runs that have ended. */
  readonly written: (values: readonly ValueWrite[], ended: readonly RunSlot[]) => void;
}

/**
 * Writes what slots have to say: at once if nothing was written for a while or nothing else
 * waits to run, else together with what ends within the next moment.
 */
export class SlotWriter {
  readonly #ports: SlotWriterPorts;
  #writing: Promise<void> | null = null;
  #beganMs = -Infinity;
  #endGathering = () => {};
  /** Whether the newest batch ends with a run whose end leads to other runs. */
  #leadsOn = false;
  #closed = false;

  constructor(ports: SlotWriterPorts) {
    this.#ports = ports;
  }

  /** Writes what is due; while that goes on, more gathers for the next transaction. */
  flush(): Promise<void> {
    this.#writing ??= this.#writeDue();
    if (!this.#mayGather()) this.#endGathering();
    return this.#writing;
  }

  close(): void {
    this.#closed = true;
    this.#endGathering();
  }

  async #writeDue(): Promise<void> {
    // What finishes in the same turn goes into one transaction.
    await Promise.resolve();
    for (;;) {
      await this.#gather();
      const due = this.#dueSlots();
      if (due.length === 0 || this.#closed) {
        // In the same turn as the look above: what finishes later asks for a new one.
        this.#writing = null;
        return;
      }
      this.#beganMs = this.#ports.elapsedMs();
      const ended = due.filter((slot) => slot.finished);
      const taken = due.map((slot) => slot.take());
      const values = taken.flatMap((one) => one.values);
      const replaced = this.#ports.replaced(values);
      await this.#ports.log.append({
        rows: rowsOf(taken.map(({ events }) => events)),
        runs: due.map(({ run }) => run),
        values,
        checkpoints: [],
        ...(replaced && { records: await replaced }),
      });
      if (this.#closed) continue;
      for (const slot of due) slot.written();
      this.#ports.written(values, ended);
      if (this.#leadsOn) await this.#ports.ledOn();
    }
  }

  async #gather(): Promise<void> {
    const { elapsedMs, pause } = this.#ports;
    const restMs = this.#beganMs + BETWEEN_BATCHES_MS - elapsedMs();
    if (restMs <= 0 || this.#closed || !this.#mayGather()) return;
    const hurried = new Promise<void>((resolve) => (this.#endGathering = resolve));
    await Promise.race([hurried, pause(restMs)]);
    this.#endGathering = () => {};
  }

  /** What was stopped is written at once, and so is a full batch. */
  #mayGather(): boolean {
    if (!this.#ports.expectsMore()) return false;
    let finished = 0;
    for (const slot of this.#ports.slots.values()) {
      if (slot.finished && (slot.abort.signal.aborted || ++finished >= ENDED_A_BATCH)) return false;
    }
    return true;
  }

  /**
   * Under the virtual clock, a run's end waits for those of the runs before it, unless it was stopped, and for
   * the runs to which these led: so the log does not hang on how many run at once.
   */
  #dueSlots(): readonly RunSlot[] {
    const due: RunSlot[] = [];
    const endedOf = new Map<string, number>();
    this.#leadsOn = false;
    const inOrder = this.#ports.inQueueOrder();
    let isFirst = true;
    for (const slot of this.#ports.slots.values()) {
      if (due.length >= ENDED_A_BATCH) break;
      const mayEnd = slot.finished && (!inOrder || isFirst || slot.abort.signal.aborted);
      if (mayEnd || slot.flushDue) due.push(slot);
      if (!slot.finished) isFirst = false;
      else if (inOrder && mayEnd && this.#isLeading(slot, endedOf)) {
        this.#leadsOn = true;
        break;
      }
    }
    return due;
  }

  /** Whether the end of a run leads to others: it is to be tried again, or a backfill has waited for it. */
  #isLeading({ run }: RunSlot, endedOf: Map<string, number>): boolean {
    if (run.tags[RunTag.willRetry] === 'true') return true;
    const { backfillId } = run;
    if (backfillId === null) return false;
    const ended = (endedOf.get(backfillId) ?? 0) + 1;
    endedOf.set(backfillId, ended);
    return ended === this.#ports.unfinishedOf(backfillId);
  }
}

/** Short runs share a row, in their order: a row costs more than its bytes. */
function rowsOf(runs: readonly (readonly EventDraft[])[]): readonly (readonly EventDraft[])[] {
  const rows: EventDraft[][] = [];
  let row: EventDraft[] = [];
  for (const events of runs) {
    if (row.length === 0 || row.length + events.length > EVENTS_A_ROW) rows.push((row = []));
    for (const event of events) row.push(event);
  }
  return rows;
}
