import type { Definitions } from '../definitions/definitions.ts';
import type { NotebookFunctions } from '../export/predicted-functions.ts';
import type { Notebook } from '../notebook/notebook.ts';
import { notebookSettings } from '../notebook/settings.ts';
import type { FilledRunConfig } from '../protocol/engine.ts';
import type { EpochMs } from '../time/time-window.ts';
import type { TwinEngine } from '../twin/twin-engine.ts';
import { WorldCode } from '../twin/world-code.ts';
import { newNotebookId } from './new-notebook-id.ts';

/** One world of a notebook as its code declares it, before any action: a notebook of its own, kept nowhere. */
export class LoneWorld {
  readonly name: string;
  readonly definitions: Definitions;
  /** At which the clock of all worlds starts. */
  readonly startsAt: EpochMs;
  readonly #engine: TwinEngine;
  readonly #notebookId: string;

  private constructor(
    engine: TwinEngine,
    notebookId: string,
    world: Pick<LoneWorld, 'name' | 'definitions' | 'startsAt'>,
  ) {
    this.#engine = engine;
    this.#notebookId = notebookId;
    this.name = world.name;
    this.definitions = world.definitions;
    this.startsAt = world.startsAt;
  }

  /**
   * Evaluates a world; `end` forgets it.
   *
   * @param now where the clock starts if the notebook's is real.
   */
  static async open(
    engine: TwinEngine,
    notebook: Notebook,
    name: string,
    now: EpochMs,
  ): Promise<LoneWorld> {
    const notebookId = newNotebookId();
    const draft = { source: '', title: name, example: null, transient: true };
    await engine.createNotebook({ ...draft, notebookId });
    const { startsAt: written, seed, countsEdits } = notebookSettings(notebook.header);
    const startsAt = written ?? now;
    const cells = WorldCode.of(notebook, name).cells.map(({ cellId, text }) => ({ cellId, text }));
    const settings = { startsAt, seed, countsEdits };
    const { definitions } = await engine.evaluate(notebookId, cells, settings);
    return new LoneWorld(engine, notebookId, { name, definitions, startsAt });
  }

  tick(
    ...[kind, name, at]: Parameters<NotebookFunctions['tick']>
  ): ReturnType<NotebookFunctions['tick']> {
    return this.#engine.dryRunTick(this.#notebookId, kind, name, at, null);
  }

  keyConfig(jobName: string, partitionKey: string): Promise<FilledRunConfig | null> {
    return this.#engine.readPartitionRunConfig(this.#notebookId, jobName, partitionKey);
  }

  /** Forgets the world. */
  end(): Promise<void> {
    return this.#engine.deleteNotebook(this.#notebookId);
  }
}
