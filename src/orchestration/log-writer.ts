import type { DaemonPorts } from './daemon-ports.ts';
import { messageOf } from '../errors.ts';
import type { Event, EventId } from './event.ts';
import type { LogBatch } from './ports.ts';

const RETRY_AFTER_MS = 2000;

/**
 * Appends to the log of one notebook, one batch after another, each told of before the next.
 * What cannot be written is tried again until it can.
 */
export class LogWriter {
  readonly #ports: Pick<DaemonPorts, 'notebookId' | 'instances' | 'pause' | 'listener'>;
  #appends: Promise<void> = Promise.resolve();
  #closed = false;
  #reaches: EventId = 0;
  #endPause = () => {};

  constructor(ports: Pick<DaemonPorts, 'notebookId' | 'instances' | 'pause' | 'listener'>) {
    this.#ports = ports;
  }

  /** The last event in the log, as far as it is known. */
  get reaches(): EventId {
    return this.#reaches;
  }

  /** Asks how far the log reaches, which is not known before something is written. */
  async look(): Promise<void> {
    const { notebookId, instances } = this.#ports;
    this.#reaches = Math.max(this.#reaches, await instances.lastEventId(notebookId));
  }

  /** Resolves when the batch is in the log and told of, with its events, or when the writer is closed. */
  async append(batch: LogBatch): Promise<readonly Event[]> {
    let written: readonly Event[] = [];
    await this.#next(async () => {
      const { notebookId, instances, listener, pause } = this.#ports;
      for (let failed = false; !this.#closed; failed = true) {
        try {
          const events = await instances.append(notebookId, batch);
          this.#reaches = events.at(-1)?.eventId ?? this.#reaches;
          if (failed) listener.storageProblem(null);
          listener.committed(events);
          written = events;
          return;
        } catch (problem) {
          if (this.#closed) return;
          listener.storageProblem(messageOf(problem));
          await Promise.race([
            pause(RETRY_AFTER_MS),
            new Promise<void>((resolve) => (this.#endPause = resolve)),
          ]);
        }
      }
    });
    return written;
  }

  /** Writes the checkpoints that are due, when no event can come between them and the log. */
  checkpoint(isIdle: boolean): Promise<void> {
    return this.#next(async () => {
      const { notebookId, instances, listener } = this.#ports;
      const checkpoints = this.#closed ? [] : listener.dueCheckpoints(isIdle);
      if (checkpoints.length === 0) return;
      try {
        await instances.append(notebookId, { rows: [], runs: [], values: [], checkpoints });
      } catch {
        // They only spare reading the log; what cannot be written is read.
      }
    });
  }

  /** Nothing more is written, but for what is on its way; what still waits is dropped. */
  close(): void {
    this.#closed = true;
    this.#endPause();
  }

  /** Once closed: settles when what was on its way has come to its end. */
  settled(): Promise<void> {
    return this.#appends;
  }

  #next(work: () => Promise<void>): Promise<void> {
    this.#appends = this.#appends.then(work);
    return this.#appends;
  }
}
