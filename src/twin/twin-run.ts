import { InvalidDefinitionError } from '../errors.ts';
import type { Notebook } from '../notebook/notebook.ts';
import { notebookSettings } from '../notebook/settings.ts';
import { worldsOf } from '../notebook/worlds.ts';
import type { EpochMs } from '../time/time-window.ts';
import { readAction, type Action } from './action.ts';
import type { TwinEngine } from './twin-engine.ts';
import type { ActionOutcome, TwinFrame } from './twin-frame.ts';
import { TwinWorld } from './twin-world.ts';

/** How long an action takes, by the clock of all worlds. */
const ACTION_MS = 60_000;

/**
 * The worlds of a notebook under one list of actions, on real engines and one clock. Its state is its recipe:
 * the text and how many actions were taken. A world goes forwards only; what an earlier position looked like
 * is kept as it was played, and another run of the same recipe plays the same again.
 */
export class TwinRun {
  readonly #worlds: readonly TwinWorld[];
  readonly #frames: TwinFrame[] = [];
  #actions: readonly Action[] = [];
  #playing: Promise<void>;
  #isOver = false;

  /**
   * @param options.newNotebookId gives an id that was never given before.
   * @param options.now where the clock starts if the notebook's is real.
   * @throws {InvalidDefinitionError} if no cell is marked with a world.
   */
  constructor(
    engine: TwinEngine,
    notebook: Notebook,
    { newNotebookId, now }: { readonly newNotebookId: () => string; readonly now: EpochMs },
  ) {
    const names = worldsOf(notebook);
    if (names.length === 0) throw new InvalidDefinitionError('No cell is marked with a world.');
    const startsAt = notebookSettings(notebook.header).startsAt ?? now;
    this.#worlds = names.map(
      (name) => new TwinWorld(engine, { name, notebook, startsAt, notebookId: newNotebookId() }),
    );
    this.#playing = this.#begin(startsAt);
    // Whoever plays hears of it.
    this.#playing.catch(() => null);
  }

  /** In notebook order; empty until the first frame is there. */
  get actions(): readonly Action[] {
    return this.#actions;
  }

  /** Every position that was played, from the beginning on. */
  get frames(): readonly TwinFrame[] {
    return this.#frames;
  }

  /**
   * Plays on to a position, or to the end of the list if that comes first; what was played already is there
   * at once. Calls come one after another.
   *
   * @param played is called with each frame as soon as it is known.
   */
  playTo(position: number, played: (frame: TwinFrame) => void = () => {}): Promise<void> {
    const playing = this.#playing.then(async () => {
      while (!this.#isOver && this.#frames.length <= Math.min(position, this.#actions.length)) {
        const frame = await this.#playNext();
        this.#frames.push(frame);
        if (!this.#isOver) played(frame);
      }
    });
    this.#playing = playing.catch(() => undefined);
    return playing;
  }

  /** Forgets the worlds; nothing is played any more. */
  async dispose(): Promise<void> {
    this.#isOver = true;
    await this.#playing.catch(() => null);
    await Promise.all(this.#worlds.map((world) => world.end()));
  }

  async #begin(at: EpochMs): Promise<void> {
    await Promise.all(this.#worlds.map((world) => world.begin()));
    // Actions stand in cells without a mark, so that every world declares the same.
    this.#actions = (this.#worlds[0]?.definitions.actions ?? []).map(readAction);
    const worlds = await Promise.all(this.#worlds.map((world) => world.frame(null)));
    this.#frames.push({ position: 0, at, worlds });
  }

  async #playNext(): Promise<TwinFrame> {
    const before = this.#frames.at(-1);
    const action = this.#actions[this.#frames.length - 1];
    if (!before || !action) throw new Error('There is no such action.');
    const at = before.at + ACTION_MS;
    await Promise.all(this.#worlds.map((world) => world.moveTo(at)));
    const until = this.#endOf(action, at);
    const worlds = await Promise.all(
      this.#worlds.map(async (world) => {
        const outcome: ActionOutcome =
          action.fault === null
            ? await world.take(action.steps, until)
            : { status: 'refused', reason: action.fault, runIds: [] };
        return world.frame(outcome);
      }),
    );
    return { position: before.position + 1, at: Math.max(at, until ?? at), worlds };
  }

  /** Where the clock of all worlds stands when an action has waited; null if it does not wait. */
  #endOf({ steps }: Action, now: EpochMs): EpochMs | null {
    const wait = steps.find((step) => step.kind === 'until');
    if (!wait) return null;
    if (wait.to !== 'next tick') return Math.max(now, wait.to);
    const ticks = this.#worlds.map(({ nextTickAt }) => nextTickAt ?? Infinity);
    const first = Math.min(...ticks);
    return Number.isFinite(first) ? first : null;
  }
}
