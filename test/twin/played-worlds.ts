import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Notebook } from '../../src/notebook/notebook.ts';
import { MemoryStores } from '../../src/storage/memory-stores.ts';
import { TwinRun } from '../../src/twin/twin-run.ts';
import { EngineHost } from '../../workers/engine-host.ts';
import { GuestRunner } from '../ledger/guest-runner.ts';
import { notebookOf } from '../notebook/notebook-of.ts';
import { portsInMemory } from '../workers/ports-in-memory.ts';

const EXAMPLES = fileURLToPath(new URL('../../public/examples/', import.meta.url));
/** Where the clock starts of a notebook that says nothing of it. */
export const NOW = Date.parse('2026-03-10T09:00:00Z');

export function example(name: string): Notebook {
  return notebookOf(readFileSync(`${EXAMPLES}${name}.md`, 'utf8'));
}

/** The engine of a tab, with cells evaluated as in the sandbox; nothing is on the device. */
export function engineInMemory(): { host: EngineHost; device: MemoryStores } {
  const device = new MemoryStores(() => 0);
  const host = new EngineHost(
    portsInMemory(device, 0, {
      lead: async () => {
        throw new Error('A world is nobody else’s.');
      },
      newRunner: ({ text }) => new GuestRunner(text),
      concurrency: 2,
    }),
  );
  void host.start({ basePath: '/', ephemeral: false }, () => {});
  return { host, device };
}

let given = 0;

/** A twin run of a notebook on an engine of its own. */
export function twinOf(notebook: Notebook, { host } = engineInMemory()): TwinRun {
  const newNotebookId = () => `world ${(given += 1)}`;
  return new TwinRun(host, notebook, { newNotebookId, now: NOW });
}
