import type { NotebookState } from '../src/protocol/engine.ts';

/** What the tab that leads a notebook knows and no log says. */
export type Standing = Pick<NotebookState, 'instigators' | 'clockSpeed' | 'activeBackfills'>;

/** It is asked for at most so often, however much is written. */
const REST_MS = 250;

/** What standings of another tab are had through. */
export interface LeaderStandingPorts {
  /** Has the leading tab tell; null if it stopped leading meanwhile. */
  readonly ask: () => Promise<Standing | null>;
  /** What is known is another. */
  readonly changed: () => void;
  readonly after: (ms: number, act: () => void) => () => void;
}

/** How schedules, backfills and the clock stand in the tab that leads, as far as this one was told. */
export class LeaderStanding {
  readonly #ports: LeaderStandingPorts;
  #known: Standing = { instigators: [], clockSpeed: 0, activeBackfills: [] };
  #state: 'ready' | 'asking' | 'resting' = 'ready';
  #missed = false;
  #cancel = () => {};
  #isOver = false;

  constructor(ports: LeaderStandingPorts) {
    this.#ports = ports;
  }

  /** What was told last; nothing before that. */
  get known(): Standing {
    return this.#known;
  }

  /** Looks in a moment: by then this tab leads itself, if no other does. */
  soon(): void {
    this.#cancel = this.#ports.after(REST_MS, () => this.look());
  }

  /** Something was written there: it is asked now, or as soon as it may be again. */
  look(): void {
    if (this.#isOver) return;
    if (this.#state === 'ready') void this.#ask();
    else this.#missed = true;
  }

  /** This tab leads, or is done with the notebook. */
  dispose(): void {
    this.#isOver = true;
    this.#cancel();
  }

  async #ask(): Promise<void> {
    this.#cancel();
    this.#state = 'asking';
    this.#missed = false;
    try {
      const told = await this.#ports.ask();
      if (told) this.#known = told;
      if (!this.#isOver) this.#ports.changed();
    } catch {
      // The tab that was asked is closed: the next that leads writes, and is asked then.
    }
    if (!this.#isOver) this.#rest();
  }

  #rest(): void {
    this.#state = 'resting';
    this.#cancel = this.#ports.after(REST_MS, () => {
      this.#state = 'ready';
      // Nothing is written when a clock that plays is told to stand.
      if (this.#missed || this.#known.clockSpeed !== 0) void this.#ask();
    });
  }
}
