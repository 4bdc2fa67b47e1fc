import { untrack } from 'svelte';
import type { NotebookSession } from '../../app/notebook-session.svelte.ts';
import type { TickPreview } from '../../orchestration/automations.ts';
import type { InstigatorState } from '../../protocol/engine.ts';
import type { EpochMs } from '../../time/time-window.ts';

/** Of so many dry runs at once, the engine has enough to do. */
const AT_ONCE = 2;

/**
 * What ticks that are still to come would ask for, found out one after another, and only of those that
 * someone looks at. An edit of the notebook, or of its dynamic keys, makes them all be asked anew.
 */
export class TickPreviews {
  readonly #session: NotebookSession;
  #known: ReadonlyMap<string, TickPreview | null> = $state.raw(new Map());
  #wanted: { readonly id: string; readonly ask: () => Promise<TickPreview | null> }[] = [];
  /** Asked and not answered. */
  #underWay = new Set<string>();
  #world = '';
  #isClosed = false;

  constructor(session: NotebookSession) {
    this.#session = session;
  }

  /** What is known of a tick; undefined while that is being found out. */
  at(kind: InstigatorState['kind'], name: string, at: EpochMs): TickPreview | null | undefined {
    return this.#known.get(idOf(kind, name, at));
  }

  /** Has these ticks found out, in this order; what was wanted before and is not among them is left. */
  want(
    ticks: readonly {
      readonly kind: InstigatorState['kind'];
      readonly name: string;
      readonly at: EpochMs;
    }[],
  ): void {
    const { state } = this.#session;
    const world = `${state?.codeLocation.version} ${JSON.stringify(state?.dynamicPartitions)}`;
    untrack(() => {
      if (world !== this.#world) {
        this.#world = world;
        this.#known = new Map();
        this.#underWay = new Set();
      }
      this.#wanted = ticks
        .map(({ kind, name, at }) => ({
          id: idOf(kind, name, at),
          ask: () => this.#session.dryRunTick(kind, name, at),
        }))
        .filter(({ id }) => !this.#known.has(id) && !this.#underWay.has(id));
      this.#work();
    });
  }

  /** Nothing is asked any more. */
  close(): void {
    this.#isClosed = true;
    this.#wanted = [];
  }

  #work(): void {
    while (!this.#isClosed && this.#underWay.size < AT_ONCE) {
      const next = this.#wanted.shift();
      if (!next) return;
      void this.#ask(next.id, next.ask);
    }
  }

  async #ask(id: string, ask: () => Promise<TickPreview | null>): Promise<void> {
    const underWay = this.#underWay;
    underWay.add(id);
    try {
      const preview = await ask();
      // The world may be another by now.
      if (underWay === this.#underWay) this.#known = new Map(this.#known).set(id, preview);
    } finally {
      underWay.delete(id);
      this.#work();
    }
  }
}

function idOf(kind: InstigatorState['kind'], name: string, at: EpochMs): string {
  return `${kind} ${name} ${at}`;
}
