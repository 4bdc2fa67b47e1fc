import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Definitions } from '../../src/definitions/definitions.ts';
import type { WorldView } from '../../src/ledger/world-view.ts';
import type { Run } from '../../src/orchestration/run.ts';
import { MemoryStores } from '../../src/storage/memory-stores.ts';
import { EngineHost } from '../../workers/engine-host.ts';
import { rangesOfKeys } from '../partitions/ranges-of-keys.ts';
import { turn } from '../scenarios/notebook-scenario.ts';
import { portsInMemory } from '../workers/ports-in-memory.ts';
import { GuestRunner } from './guest-runner.ts';

const EXAMPLES = fileURLToPath(new URL('../../public/examples/', import.meta.url));
const MINUTE_MS = 60_000;
const DAY_MS = 1440 * MINUTE_MS;

/** The code cells of a shipped example. */
export function cellsOfExample(name: string): readonly string[] {
  const source = readFileSync(`${EXAMPLES}${name}.md`, 'utf8');
  return [...source.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map((match) => match[1] ?? '');
}

/** Cells that run on a real engine, in memory; each action takes a minute of the virtual clock. */
export class PlayedWorld {
  readonly name: string;
  readonly #device: MemoryStores;
  readonly #host: EngineHost;
  #notebookId = '';
  #cells: readonly string[];
  #now = Date.parse('2026-03-10T09:00:00Z');
  #definitions: Definitions | null = null;
  #presses = 0;
  #valuesTyped = 0;

  private constructor(name: string, cells: readonly string[]) {
    this.name = name;
    this.#cells = cells;
    this.#device = new MemoryStores(() => 0);
    this.#host = new EngineHost(
      portsInMemory(this.#device, 0, {
        lead: async (_id, { onLead }) => onLead(),
        newRunner: ({ text }) => new GuestRunner(text),
        concurrency: 1,
      }),
    );
  }

  /** A world of these cells in which nothing has happened. */
  static async of(name: string, cells: readonly string[]): Promise<PlayedWorld> {
    const world = new PlayedWorld(name, cells);
    await world.#host.start({ basePath: '/', ephemeral: false }, () => {});
    const draft = { notebookId: name, source: name, title: name, example: null, transient: false };
    world.#notebookId = (await world.#host.createNotebook(draft)).notebookId;
    await world.#evaluate();
    return world;
  }

  get definitions(): Definitions {
    if (!this.#definitions) throw new Error('The cells were not evaluated.');
    return this.#definitions;
  }

  /** Runs every asset of the world for one piece: its key, or the text that its config asks for. */
  async run(piece: string, more: Readonly<Record<string, unknown>> = {}): Promise<void> {
    const { assets } = this.definitions;
    const keyed = assets.some(({ partitionsDef }) => partitionsDef !== null);
    const ops = Object.fromEntries(
      assets.flatMap(({ assetKey, config }) => {
        if (!config) return [];
        const named = config.fields.filter(({ required }) => required && !keyed);
        const own = Object.fromEntries(named.map((field) => [field.name, piece]));
        this.#valuesTyped += named.length;
        return [[assetKey, { config: { ...own, ...more } }]];
      }),
    );
    this.#presses += 1;
    const outcome = await this.#host.launch(this.#notebookId, {
      assetKeys: assets.map(({ assetKey }) => assetKey),
      partitionRanges: rangesOfKeys(keyed ? [piece] : null),
      runConfig: { ops },
      tags: {},
      jobName: null,
    });
    if (outcome.status === 'refused') throw new Error(JSON.stringify(outcome.problems));
    await this.#settled();
    this.#now += MINUTE_MS;
    await this.#host.setClock(this.#notebookId, this.#now);
  }

  /** Changes the code. */
  async edit(from: string, to: string): Promise<void> {
    this.#cells = this.#cells.map((cell) => cell.replaceAll(from, to));
    await this.#evaluate();
  }

  /** Lets the clock run through the next night, with its schedules running. */
  async night(): Promise<void> {
    for (const { scheduleName } of this.definitions.schedules) {
      await this.#host.setInstigatorRunning(this.#notebookId, 'schedule', scheduleName, true);
    }
    this.#now += DAY_MS;
    await this.#settled();
  }

  async view(): Promise<WorldView> {
    const { events, values } = await this.#host.readWholeLog(this.#notebookId);
    return {
      name: this.name,
      definitions: this.definitions,
      events,
      values,
      now: this.#now,
      effort: {
        presses: this.#presses,
        valuesTyped: this.#valuesTyped,
        runs: (await this.runs()).length,
        linesOfCode: this.#cells.join('').split('\n').length - 1,
        linesChanged: 0,
      },
      nextTicks: await this.#nextTicks(),
    };
  }

  /** With their configs, which no event holds; oldest first. */
  async runs(): Promise<readonly Run[]> {
    const options = { limit: 1000, before: null, statuses: null };
    return (await this.#device.instances.listRuns(this.#notebookId, options)).toReversed();
  }

  async #nextTicks(): Promise<NonNullable<WorldView['nextTicks']>> {
    const night = Math.ceil(this.#now / DAY_MS) * DAY_MS + 60 * MINUTE_MS;
    return Promise.all(
      this.definitions.schedules.map(async ({ scheduleName }) => {
        const id = this.#notebookId;
        const preview = await this.#host.dryRunTick(id, 'schedule', scheduleName, night);
        if (!preview) throw new Error(`There is no ${scheduleName}.`);
        return { scheduleName, preview };
      }),
    );
  }

  async #evaluate(): Promise<void> {
    const sources = this.#cells.map((text, at) => ({ cellId: `c${at + 1}`, text }));
    const settings = { startsAt: this.#now, seed: 1 };
    const { definitions, problems } = await this.#host.evaluate(
      this.#notebookId,
      sources,
      settings,
    );
    const faults = problems.filter(({ severity }) => severity === 'error');
    if (faults.length > 0) throw new Error(faults.map(({ message }) => message).join(' '));
    this.#definitions = definitions;
  }

  /** Until all has happened that is due now. */
  async #settled(): Promise<void> {
    await this.#host.setClock(this.#notebookId, this.#now);
    for (let turns = 0; turns < 1000; turns++) {
      await turn();
      const runs = await this.runs();
      if (turns > 20 && runs.every(({ endedAt }) => endedAt !== null)) return;
    }
    throw new Error('A run never ended.');
  }
}
