import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { text as runtime } from 'virtual:sandbox/exported';
import { projectOf, type ExportedProject } from '../../src/export/project-files.ts';
import { parseNotebook } from '../../src/notebook/file-format.ts';
import type { CellId } from '../../src/notebook/notebook.ts';
import { analyseNotebook } from '../../src/notebook/order.ts';
import { composeProgram } from '../../src/notebook/program.ts';
import { notebookSettings } from '../../src/notebook/settings.ts';
import { guestOf } from '../sdk/guest-of.ts';

const EXAMPLES = fileURLToPath(new URL('../../public/examples/', import.meta.url));

/** The shipped examples and lessons, in their order. */
export function exampleNames(): readonly string[] {
  const index = JSON.parse(readFileSync(`${EXAMPLES}index.json`, 'utf8')) as readonly {
    readonly name: string;
  }[];
  return index.map(({ name }) => name);
}

/** The Dagster project of a shipped notebook, at the instant at which it begins. */
export function projectOfExample(name: string): ExportedProject {
  const source = readFileSync(`${EXAMPLES}${name}.md`, 'utf8');
  let count = 0;
  const { header, cells: all } = parseNotebook(source, () => `c${(count += 1)}` as CellId);
  // Of a notebook of several worlds, the first.
  const first = all.find(({ world }) => world !== undefined)?.world;
  const cells = all.filter(({ world }) => world === undefined || world === first);
  const settings = notebookSettings(header);
  const code = cells.flatMap(({ kind, text }) => (kind === 'code' ? [text] : []));
  const loaded = guestOf(code).load();
  if (loaded.status !== 'loaded') throw new Error(`${name} does not load.`);
  return projectOf({
    title: name,
    source,
    definitions: loaded.definitions,
    program: composeProgram(analyseNotebook(cells), { exclude: new Set() }),
    cellIds: cells.map(({ cellId }) => cellId),
    seed: settings.seed,
    now: settings.startsAt ?? Date.UTC(2026, 2, 10, 9),
    dynamicPartitions: new Map(),
    files: settings.files
      .filter((path) => existsSync(`${EXAMPLES}${path}`))
      .map((path) => ({ path, bytes: new Uint8Array(readFileSync(`${EXAMPLES}${path}`)) })),
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
