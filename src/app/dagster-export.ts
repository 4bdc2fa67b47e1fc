import { proxy, wrap } from 'comlink';
import type { DagsterExport, DagsterExportApi, NotebookToExport } from '../export/export-api.ts';
import { isShared, notebookOfWorld } from '../notebook/worlds.ts';
import { union } from '../partitions/subset/subset-algebra.ts';
import type { LoneWorld } from './lone-world.ts';
import { functionsOf, inWorld } from './notebook-functions.ts';
import type { NotebookSession } from './notebook-session.svelte.ts';

/**
 * A notebook as a Dagster project, made in a worker of its own, at the notebook's instant.
 *
 * @param worldName the world that the project is of; null for a notebook without worlds.
 */
export function exportToDagster(
  session: NotebookSession,
  worldName: string | null,
): Promise<DagsterExport> {
  return inWorld(session, worldName, (world) => exportOf(session, world));
}

async function exportOf(session: NotebookSession, world: LoneWorld | null): Promise<DagsterExport> {
  const { settings, title } = session;
  const { definitions } = world ?? session;
  const now = world?.startsAt ?? session.now;
  const notebook = world ? notebookOfWorld(session.notebook, world.name) : session.notebook;
  const { problems = [], heldBack = [] } = session.state?.codeLocation ?? {};
  const broken = new Set([
    ...problems.flatMap(({ severity, cellId }) => (severity === 'error' ? [cellId] : [])),
    ...heldBack.map(({ cellId }) => cellId),
  ]);
  const files = await Promise.all(
    session.files.map(async ({ path }) => ({ path, bytes: await session.readFile(path) })),
  );
  const cells = notebook.cells.filter(isShared);
  const worker = new Worker(new URL('../../workers/dagster-export.ts', import.meta.url), {
    type: 'module',
    name: 'partita-dagster-export',
  });
  try {
    // A worker that cannot start answers no call.
    const failed = new Promise<never>((_, reject) => {
      worker.onerror = () => reject(new Error('The part of the site that exports did not load.'));
    });
    const notebookToExport: NotebookToExport = {
      title,
      source: session.exportSource(),
      definitions,
      worlds: session.worlds.filter((name) => name !== world?.name),
      countsEdits: settings.countsEdits,
      materialized: new Map(
        (world ? [] : (session.state?.assets ?? [])).map(({ assetKey, statuses }) => [
          assetKey,
          union(statuses.materialized, statuses.materializedBefore ?? []),
        ]),
      ),
      cells: cells.map(({ cellId, kind, text }) => ({ cellId, kind, text })),
      exclude: cells.flatMap(({ cellId }) => (broken.has(cellId) ? [cellId] : [])),
      seed: settings.seed,
      now,
      dynamicPartitions: new Map(world ? [] : session.state?.dynamicPartitions),
      files: files.flatMap(({ path, bytes }) => (bytes ? [{ path, bytes }] : [])),
    };
    const made = wrap<DagsterExportApi>(worker).makeExport(
      notebookToExport,
      proxy(functionsOf(session, world)),
    );
    return await Promise.race([made, failed]);
  } finally {
    worker.terminate();
  }
}
