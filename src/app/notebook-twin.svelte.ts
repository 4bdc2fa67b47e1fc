import { messageOf } from '../errors.ts';
import type { Notebook } from '../notebook/notebook.ts';
import type { Action } from '../twin/action.ts';
import type { TwinEngine } from '../twin/twin-engine.ts';
import type { TwinFrame } from '../twin/twin-frame.ts';
import { TwinRun } from '../twin/twin-run.ts';
import { LoneWorld } from './lone-world.ts';
import { newNotebookId } from './new-notebook-id.ts';
import type { NotebookSession } from './notebook-session.svelte.ts';

/** The twin run of an open notebook: where it stands, and how to move it. */
export class NotebookTwin {
  readonly #session: NotebookSession;
  readonly #engine: TwinEngine;
  #run: TwinRun | null = null;
  #recipe: string | null = null;

  /** In notebook order; empty until the worlds have begun. */
  actions: readonly Action[] = $state.raw([]);
  #frames: readonly TwinFrame[] = $state.raw([]);
  /** Whether what is shown is of an earlier text, while the new one is played. */
  #isOutdated = $state(false);
  /** Why it cannot be played; null if it can. */
  problem: string | null = $state(null);

  /** Where the reader wants it; more than there are actions means the end. */
  readonly #wanted: number = $derived.by(() => this.#session.twinShown.step);
  /** The position that is shown: the one that is wanted, or how far it has come. */
  readonly position: number = $derived(
    Math.min(this.#wanted, Math.max(0, this.#frames.length - 1)),
  );
  /** What is shown; null until the worlds have begun. */
  readonly frame: TwinFrame | null = $derived(this.#frames[this.position] ?? null);
  /** Those up to it, from the beginning on. */
  readonly shownFrames: readonly TwinFrame[] = $derived(this.#frames.slice(0, this.position + 1));
  /** Whether more is being played. */
  readonly isPlaying: boolean = $derived(
    this.problem === null &&
      (this.#isOutdated ||
        this.frame === null ||
        this.position < Math.min(this.#wanted, this.actions.length)),
  );
  /** The action that comes next; null at the end. */
  readonly next: Action | null = $derived(this.actions[this.position] ?? null);

  constructor(session: NotebookSession, engine: TwinEngine) {
    this.#session = session;
    this.#engine = engine;
  }

  /** Plays the notebook as it stands from the beginning to where the reader wants it, unless it is the same. */
  follow(notebook: Notebook, recipe: string): void {
    if (recipe === this.#recipe) return;
    this.#recipe = recipe;
    void this.#run?.dispose();
    this.problem = null;
    this.#isOutdated = true;
    try {
      this.#run = new TwinRun(this.#engine, notebook, { newNotebookId, now: this.#session.now });
    } catch (thrown) {
      this.#run = null;
      this.#frames = [];
      this.problem = messageOf(thrown);
      return;
    }
    void this.#play(this.#run);
  }

  /** Goes to a position; what was not played yet is. */
  goTo(position: number): void {
    const step = Math.max(0, position);
    this.#session.twinShown = { ...this.#session.twinShown, step };
    if (this.#run) void this.#play(this.#run);
  }

  /** One of the worlds as its code stands, apart from those that are played; whoever opens it ends it. */
  openWorld(name: string): Promise<LoneWorld> {
    const { notebook, now } = this.#session;
    return LoneWorld.open(this.#engine, notebook, name, now);
  }

  /** Forgets the worlds. */
  dispose(): void {
    void this.#run?.dispose();
    this.#run = null;
    this.#recipe = null;
  }

  async #play(run: TwinRun): Promise<void> {
    const told = () => {
      if (run !== this.#run) return;
      this.actions = run.actions;
      this.#frames = [...run.frames];
      this.#isOutdated = false;
    };
    try {
      await run.playTo(0);
      // What stands there of an earlier text stays until the new one has come as far.
      const isFresh = this.#frames.length === 0;
      if (isFresh) told();
      await run.playTo(this.#session.twinShown.step, () => {
        if (!this.#isOutdated) told();
      });
      told();
    } catch (thrown) {
      if (run === this.#run) this.problem = messageOf(thrown);
    }
  }
}
