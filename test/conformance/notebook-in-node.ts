import { existsSync, readFileSync } from 'node:fs';
import { runInThisContext } from 'node:vm';
import { text as runtimeText } from 'virtual:sandbox/exported';
import type { Definitions } from '../../src/definitions/definitions.ts';
import type { Notebook } from '../../src/notebook/notebook.ts';
import type { NotebookSettings } from '../../src/notebook/settings.ts';
import { backfillHasEnded } from '../../src/orchestration/backfill/backfill.ts';
import { isTerminal } from '../../src/orchestration/run.ts';
import type { Event } from '../../src/orchestration/event.ts';
import type { LaunchRequest, NotebookState } from '../../src/protocol/engine.ts';
import { MemoryStores } from '../../src/storage/memory-stores.ts';
import { EngineHost } from '../../workers/engine-host.ts';
import { turn } from '../scenarios/notebook-scenario.ts';
import { portsInMemory } from '../workers/ports-in-memory.ts';
import { GuestRunner, type ExportedRuntime } from './guest-runner.ts';

/** The clock of notebooks that go by real time. */
export const NOW = Date.UTC(2026, 2, 10, 9);

/** Keeps its clock and chance after the notebook's: one for all notebooks. */
const runtime = (): ExportedRuntime => {
  const scope = globalThis as { partitaRuntime?: ExportedRuntime };
  if (!scope.partitaRuntime) runInThisContext(runtimeText, { filename: 'runtime.js' });
  if (!scope.partitaRuntime) throw new Error('The runtime is not there.');
  return scope.partitaRuntime;
};

/** A notebook with the app's own engine, in memory; its clock stands where the notebook begins. */
export class NotebookInNode {
  readonly host: EngineHost;
  readonly notebookId: string;
  readonly definitions: Definitions;

  private constructor(host: EngineHost, notebookId: string, definitions: Definitions) {
    this.host = host;
    this.notebookId = notebookId;
    this.definitions = definitions;
  }

  /** @param folder of the files that the notebook comes with. */
  static async open(
    notebook: Notebook,
    settings: NotebookSettings,
    folder: string,
  ): Promise<NotebookInNode> {
    const host = new EngineHost(
      portsInMemory(new MemoryStores(() => NOW), NOW, {
        lead: async (_id, { onLead }) => onLead(),
        newRunner: (program) => new GuestRunner(runtime(), program.text),
        concurrency: 1,
      }),
    );
    void host.start({ basePath: '/', ephemeral: false }, () => {});
    const draft = { source: '', title: '', example: null, transient: false };
    const { notebookId } = await host.createNotebook({ ...draft, notebookId: 'notebook' });
    for (const path of settings.files) {
      if (!existsSync(`${folder}${path}`)) continue;
      const bytes = new Uint8Array(readFileSync(`${folder}${path}`));
      await host.writeFile(notebookId, path, bytes, true);
    }
    const cells = notebook.cells.flatMap(({ cellId, kind, text }) =>
      kind === 'code' ? [{ cellId, text }] : [],
    );
    const { seed, startsAt } = settings;
    const location = await host.evaluate(notebookId, cells, { startsAt: startsAt ?? NOW, seed });
    const [problem] = location.problems.filter(({ severity }) => severity === 'error');
    if (problem) throw new Error(`It does not load: ${problem.message}`);
    return new NotebookInNode(host, notebookId, location.definitions);
  }

  /** The newest state. */
  state(): Promise<NotebookState> {
    return new Promise((resolve) => {
      void this.host.watchState(this.notebookId, resolve);
    });
  }

  eventsOf(runId: string): Promise<readonly Event[]> {
    return new Promise((resolve) => {
      void this.host.watchRunEvents(this.notebookId, runId, resolve);
    });
  }

  /** Launches, and waits until every run of it has ended; answers their ids, null if it is refused. */
  async run(request: LaunchRequest): Promise<readonly string[] | null> {
    const outcome = await this.host.launch(this.notebookId, request);
    if (outcome.status === 'refused') return null;
    const { runIds, backfillId } = outcome;
    for (let turns = 0; turns < 1_000_000; turns++) {
      await turn();
      if (backfillId === null) {
        const runs = await Promise.all(
          runIds.map((runId) => this.host.findRun(this.notebookId, runId)),
        );
        if (runs.every((run) => run && isTerminal(run.status))) return runIds;
        continue;
      }
      const state = await this.host.findBackfill(this.notebookId, backfillId);
      if (state && backfillHasEnded(state.backfill.status)) return runIds;
    }
    throw new Error('The runs do not end.');
  }
}
