import { asset, customers, dep } from '../orchestration/sample-assets.ts';
import type { AssetSpec, Definitions } from '../../src/definitions/definitions.ts';
import type { NotebookState } from '../../src/protocol/engine.ts';
import type { LoadOutcome } from '../../src/protocol/sandbox.ts';
import { MemoryStores } from '../../src/storage/memory-stores.ts';
import { EngineHost } from '../../workers/engine-host.ts';
import {
  FakeRunner,
  noDefinitions,
  type Automation,
  type Compute,
  type ConfigOfKey,
} from '../scenarios/fake-runner.ts';
import { rangesOfKeys } from '../partitions/ranges-of-keys.ts';
import { turn } from '../scenarios/notebook-scenario.ts';
import { portsInMemory } from './ports-in-memory.ts';

/** Where the clock of a tab's notebook starts. */
export const NOW = Date.parse('2024-01-08T00:00:00Z');
/** Two assets over the same three customers, the second of which reads the first. */
export const pair = [
  asset('customer_orders', customers),
  asset('customer_summary', customers, [dep('customer_orders')]),
];
const both = pair.map(({ assetKey }) => assetKey);

/** A tab with its engine; several may share one device. */
export class Tab {
  readonly host: EngineHost;
  readonly runners: FakeRunner[] = [];
  readonly states: NotebookState[] = [];
  notebookId = '';
  /** Whether what runs need was asked for. */
  fetchedAhead = false;
  compute: Readonly<Record<string, Compute>> = {};
  definitions: Definitions = { ...noDefinitions, assets: pair };
  /** What loading comes to, by the text of the program; loaded if it says nothing. */
  outcome: (program: string) => LoadOutcome | null = () => null;
  tests: readonly (() => void)[] = [];
  /** What schedules and sensors give, by name. */
  automations: Readonly<Record<string, Automation>> = {};
  /** What the partitioned configs of jobs give, by name. */
  keyConfigs: Readonly<Record<string, ConfigOfKey>> = {};
  readonly #abort = new AbortController();

  constructor(
    device = new MemoryStores(() => NOW),
    locks: { held: Promise<void> } = { held: Promise.resolve() },
  ) {
    this.host = new EngineHost({
      ...portsInMemory(device, NOW, {
        lead: async (_id, { onLead, signal }) => {
          const before = locks.held;
          locks.held = new Promise((release) => {
            const end = () => release();
            signal.addEventListener('abort', end);
            this.#abort.signal.addEventListener('abort', end);
          });
          await before;
          if (!signal.aborted && !this.#abort.signal.aborted) onLead();
        },
        newRunner: (program) => {
          const outcome = this.outcome(program.text) ?? {
            status: 'loaded',
            definitions: this.definitions,
          };
          const { compute, tests, automations, keyConfigs } = this;
          const runner = new FakeRunner(compute, outcome, tests, automations, keyConfigs);
          this.runners.push(runner);
          return runner;
        },
        concurrency: 2,
      }),
      fetchAhead: async () => {
        this.fetchedAhead = true;
        return [];
      },
    });
    void this.host.start({ basePath: '/', ephemeral: false }, () => {});
  }

  async create(transient = false): Promise<void> {
    const draft = { notebookId: 'n1', source: 'text', title: 'Title', example: null, transient };
    this.notebookId = (await this.host.createNotebook(draft)).notebookId;
    await this.follow(this.notebookId);
  }

  async follow(notebookId: string): Promise<void> {
    this.notebookId = notebookId;
    await this.host.watchState(notebookId, (state) => this.states.push(state));
  }

  evaluate(
    assets?: readonly AssetSpec[],
    compute?: Readonly<Record<string, Compute>>,
    text = 'const a = 1;',
  ) {
    if (assets) this.definitions = { ...this.definitions, assets };
    if (compute) this.compute = compute;
    const cells = [{ cellId: 'cell', text }];
    return this.host.evaluate(this.notebookId, cells, { startsAt: NOW, seed: 1 });
  }

  launch(partitionKeys: readonly string[] | null, assetKeys: readonly string[] = both) {
    const partitionRanges = rangesOfKeys(partitionKeys);
    const request = { assetKeys, partitionRanges, runConfig: {}, tags: {}, jobName: null };
    return this.host.launch(this.notebookId, request);
  }

  get state(): NotebookState {
    return this.states.at(-1) as NotebookState;
  }

  /** Until the newest state says so. */
  async until(holds: (state: NotebookState) => boolean): Promise<NotebookState> {
    for (let turns = 0; turns < 500; turns++) {
      if (this.states.length > 0 && holds(this.state)) return this.state;
      await turn();
    }
    throw new Error(`It never was: ${JSON.stringify(this.state, null, 1)}`);
  }

  async idle(): Promise<NotebookState> {
    return this.until(({ runCounts }) => runCounts.QUEUED + runCounts.STARTED === 0);
  }

  /** Until no run waits or runs, and no backfill asks for more. */
  ended(): Promise<NotebookState> {
    return this.until(
      ({ runCounts, activeBackfills }) =>
        runCounts.QUEUED + runCounts.STARTED === 0 && activeBackfills.length === 0,
    );
  }

  close(): void {
    this.#abort.abort();
  }
}
