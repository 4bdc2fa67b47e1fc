import { wrap } from 'comlink';
import type { DagsterExport, DagsterExportApi } from '../export/export-api.ts';
import { isShared } from '../notebook/worlds.ts';
import type { NotebookSession } from './notebook-session.svelte.ts';

/** A notebook as a Dagster project, made in a worker of its own, at the notebook's instant. */
export async function exportToDagster(session: NotebookSession): Promise<DagsterExport> {
  const { notebook, definitions, settings, now, title } = session;
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
    const made = wrap<DagsterExportApi>(worker).makeExport({
      title,
      source: session.exportSource(),
      definitions,
      cells: cells.map(({ cellId, kind, text }) => ({ cellId, kind, text })),
      exclude: cells.flatMap(({ cellId }) => (broken.has(cellId) ? [cellId] : [])),
      seed: settings.seed,
      now,
      dynamicPartitions: new Map(session.state?.dynamicPartitions ?? []),
      files: files.flatMap(({ path, bytes }) => (bytes ? [{ path, bytes }] : [])),
    });
    return await Promise.race([made, failed]);
  } finally {
    worker.terminate();
  }
}
