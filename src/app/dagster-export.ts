import { proxy, wrap } from 'comlink';
import type { DagsterExport, DagsterExportApi, NotebookToExport } from '../export/export-api.ts';
import type { NotebookFunctions } from '../export/predicted-functions.ts';
import { isShared, worldsOf } from '../notebook/worlds.ts';
import { union } from '../partitions/subset/subset-algebra.ts';
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
    const notebookToExport: NotebookToExport = {
      title,
      source: session.exportSource(),
      definitions,
      worlds: worldsOf(notebook),
      countsEdits: settings.countsEdits,
      materialized: new Map(
        (session.state?.assets ?? []).map(({ assetKey, statuses }) => [
          assetKey,
          union(statuses.materialized, statuses.materializedBefore ?? []),
        ]),
      ),
      cells: cells.map(({ cellId, kind, text }) => ({ cellId, kind, text })),
      exclude: cells.flatMap(({ cellId }) => (broken.has(cellId) ? [cellId] : [])),
      seed: settings.seed,
      now,
      dynamicPartitions: new Map(session.state?.dynamicPartitions ?? []),
      files: files.flatMap(({ path, bytes }) => (bytes ? [{ path, bytes }] : [])),
    };
    const made = wrap<DagsterExportApi>(worker).makeExport(
      notebookToExport,
      proxy(functionsOf(session)),
    );
    return await Promise.race([made, failed]);
  } finally {
    worker.terminate();
  }
}

/** A function that has not answered by then is left out of the predictions. */
const PATIENCE_MS = 5000;

function functionsOf(session: NotebookSession): NotebookFunctions {
  return {
    tick: (kind, name, at) => soon(session.dryRunTick(kind, name, at, null)),
    keyConfig: (jobName, key) => soon(session.readPartitionRunConfig(jobName, key)),
  };
}

function soon<Value>(answer: Promise<Value | null>): Promise<Value | null> {
  let timer: ReturnType<typeof setTimeout>;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), PATIENCE_MS);
  });
  return Promise.race([answer.catch(() => null), late]).finally(() => clearTimeout(timer));
}
