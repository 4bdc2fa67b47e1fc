import type { Event, EventDraft } from '../src/orchestration/event.ts';
import type { Unsubscribe } from '../src/protocol/engine.ts';

/** Listeners are told at most so often. */
const FRAME_MS = 16;

interface RunWatch {
  readonly runId: string;
  readonly listener: (events: readonly Event[]) => void;
  committed: Event[];
  cancel: (() => void) | null;
}

/** What a watch shows beside the events that it has. */
export interface RunWatchPorts {
  readonly after: (ms: number, act: () => void) => () => void;
  /** Events of a run that are in the log. */
  readonly readEvents: (runId: string) => Promise<readonly Event[]>;
  /** Events of a run that are not in the log yet. */
  readonly liveEvents: (runId: string) => readonly EventDraft[];
  /** The last event of the log. */
  readonly lastEventId: () => number;
}

/** Those who follow the events of single runs. */
export class RunWatches {
  readonly #ports: RunWatchPorts;
  readonly #watches = new Set<RunWatch>();

  constructor(ports: RunWatchPorts) {
    this.#ports = ports;
  }

  async watch(runId: string, listener: (events: readonly Event[]) => void): Promise<Unsubscribe> {
    const watch: RunWatch = { runId, listener, committed: [], cancel: null };
    this.#watches.add(watch);
    const stored = await this.#ports.readEvents(runId);
    const last = stored.at(-1)?.eventId ?? 0;
    watch.committed = [...stored, ...watch.committed.filter(({ eventId }) => eventId > last)];
    this.#tell(watch);
    return () => {
      this.#watches.delete(watch);
      watch.cancel?.();
    };
  }

  /** Events that are in the log; some perhaps for the second time. */
  committed(events: readonly Event[]): void {
    for (const watch of this.#watches) {
      const last = watch.committed.at(-1)?.eventId ?? 0;
      const news = events.filter(({ runId, eventId }) => runId === watch.runId && eventId > last);
      if (news.length === 0) continue;
      watch.committed.push(...news);
      this.#tellSoon(watch);
    }
  }

  /** A run has events that are not in the log yet. */
  progressed(runId: string): void {
    for (const watch of this.#watches) if (watch.runId === runId) this.#tellSoon(watch);
  }

  /** The log is empty again. */
  cleared(): void {
    for (const watch of this.#watches) {
      watch.committed = [];
      this.#tell(watch);
    }
  }

  dispose(): void {
    for (const { cancel } of this.#watches) cancel?.();
    this.#watches.clear();
  }

  #tellSoon(watch: RunWatch): void {
    watch.cancel ??= this.#ports.after(FRAME_MS, () => {
      watch.cancel = null;
      this.#tell(watch);
    });
  }

  /** Events that are not in the log yet are numbered on for the time being. */
  #tell({ runId, listener, committed }: RunWatch): void {
    const live = this.#ports.liveEvents(runId);
    const next = this.#ports.lastEventId() + 1;
    listener([...committed, ...live.map((event, at) => ({ ...event, eventId: next + at }))]);
  }
}
