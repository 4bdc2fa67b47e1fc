import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { text as runtime } from 'virtual:sandbox/exported';
import { projectOf, type ExportedProject } from '../../src/export/project-files.ts';
import { askFunctions } from '../../src/export/predicted-functions.ts';
import { parseNotebook } from '../../src/notebook/file-format.ts';
import type { CellId, Notebook } from '../../src/notebook/notebook.ts';
import { analyseNotebook } from '../../src/notebook/analyse-notebook.ts';
import { composeProgram } from '../../src/notebook/program.ts';
import { notebookSettings, type NotebookSettings } from '../../src/notebook/settings.ts';
import { notebookOfWorld, worldsOf } from '../../src/notebook/worlds.ts';
import { NOW, NotebookInNode } from './notebook-in-node.ts';

const EXAMPLES = fileURLToPath(new URL('../../public/examples/', import.meta.url));

/** The shipped examples and lessons, in their order. */
export function exampleNames(): readonly string[] {
  const index = JSON.parse(readFileSync(`${EXAMPLES}index.json`, 'utf8')) as readonly {
    readonly name: string;
  }[];
  return index.map(({ name }) => name);
}

/** A shipped notebook; of one with several worlds, the first. */
export interface Example {
  readonly name: string;
  readonly source: string;
  readonly notebook: Notebook;
  readonly settings: NotebookSettings;
  readonly opened: NotebookInNode;
  /** The instant at which it begins. */
  readonly now: number;
}

export async function openExample(name: string): Promise<Example> {
  const source = readFileSync(`${EXAMPLES}${name}.md`, 'utf8');
  let count = 0;
  const whole = parseNotebook(source, () => `c${(count += 1)}` as CellId);
  const [first] = worldsOf(whole);
  const notebook = first === undefined ? whole : notebookOfWorld(whole, first);
  const settings = notebookSettings(notebook.header);
  const opened = await NotebookInNode.open(notebook, settings, EXAMPLES);
  return { name, source, notebook, settings, opened, now: settings.startsAt ?? NOW };
}

/** The Dagster project of a shipped notebook, at the instant at which it begins. */
export async function projectOfExample(example: Example): Promise<ExportedProject> {
  const { name, source, notebook, settings, opened, now } = example;
  const { definitions, host, notebookId } = opened;
  const dynamicPartitions = new Map<string, readonly string[]>();
  const answers = await askFunctions(
    definitions,
    { effectiveAt: now, dynamicPartitions },
    {
      tick: (kind, called, at) => host.dryRunTick(notebookId, kind, called, at, null),
      keyConfig: (job, key) => host.readPartitionRunConfig(notebookId, job, key),
    },
  );
  const worlds = worldsOf(parseNotebook(source, () => 'c' as CellId)).slice(1);
  return projectOf({
    title: name,
    source,
    definitions,
    program: composeProgram(analyseNotebook(notebook.cells), { exclude: new Set() }),
    cellIds: notebook.cells.map(({ cellId }) => cellId),
    worlds,
    seed: settings.seed,
    countsEdits: settings.countsEdits,
    now,
    dynamicPartitions,
    files: settings.files
      .filter((path) => existsSync(`${EXAMPLES}${path}`))
      .map((path) => ({ path, bytes: new Uint8Array(readFileSync(`${EXAMPLES}${path}`)) })),
    materialized: new Map(),
    answers,
    runtime,
  });
}

/** Writes a project below a folder. */
export function writeProject({ files }: ExportedProject, folder: string): void {
  for (const [path, content] of files) {
    const full = `${folder}/${path}`;
    mkdirSync(dirname(full), { recursive: true });
    writeFileSync(full, content);
  }
}
