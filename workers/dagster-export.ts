/*
 * Entry of the worker that makes a Dagster project of a notebook: a list of a million keys takes
 * longer to write than the page may stand still. It is started for one export and ended after it.
 */
import { expose } from 'comlink';
import { text as runtime } from 'virtual:sandbox/exported';
import { archiveOf } from '../src/export/archive.ts';
import type { AssetKeyText } from '../src/definitions/definitions.ts';
import type { DagsterExportApi, NotebookToExport } from '../src/export/export-api.ts';
import { askFunctions, NO_ANSWERS } from '../src/export/predicted-functions.ts';
import { projectOf } from '../src/export/project-files.ts';
import type { CellId } from '../src/notebook/notebook.ts';
import { analyseNotebook } from '../src/notebook/analyse-notebook.ts';
import { composeProgram } from '../src/notebook/program.ts';
import type { PartitionKey, PartitionLoadingContext } from '../src/partitions/context.ts';
import { indexPartitions } from '../src/partitions/index-partitions.ts';
import { countOf } from '../src/partitions/subset/subset-algebra.ts';
import { keysOf } from '../src/partitions/subset/subset-keys.ts';

/** More materialized keys than these are not handed on: then functions that ask for them are not asked. */
const MOST_MATERIALIZED = 2000;

const api: DagsterExportApi = {
  async makeExport({ cells, exclude, ...notebook }, functions) {
    const { definitions, now: effectiveAt, dynamicPartitions } = notebook;
    const context = { effectiveAt, dynamicPartitions };
    const program = composeProgram(
      analyseNotebook(cells.map(({ cellId, ...cell }) => ({ cellId: cellId as CellId, ...cell }))),
      { exclude: new Set(exclude as readonly CellId[]) },
    );
    const asksForKeys = program.text.includes('getMaterializedPartitions');
    const asksForHistory = program.text.includes('getLatestMaterialization');
    const materialized = asksForKeys ? materializedKeys(notebook, context) : new Map();
    const project = projectOf({
      ...notebook,
      materialized: materialized ?? new Map(),
      answers:
        materialized === null || asksForHistory
          ? NO_ANSWERS
          : await askFunctions(definitions, context, functions),
      program,
      cellIds: cells.map(({ cellId }) => cellId),
      runtime,
    });
    const { name, files, leftOut, renamed } = project;
    const python = [...files].find(([path]) => path.endsWith('/definitions.py'))?.[1];
    return { name, archive: archiveOf(project), python: String(python), leftOut, renamed };
  },
};

/** By asset; null if they are too many. */
function materializedKeys(
  { definitions, materialized }: Pick<NotebookToExport, 'definitions' | 'materialized'>,
  context: PartitionLoadingContext,
): ReadonlyMap<AssetKeyText, readonly PartitionKey[]> | null {
  const keys = new Map<AssetKeyText, readonly PartitionKey[]>();
  let left = MOST_MATERIALIZED;
  for (const { assetKey, partitionsDef } of definitions.assets) {
    const subset = materialized.get(assetKey) ?? [];
    left -= countOf(subset);
    if (left < 0) return null;
    if (partitionsDef && subset.length > 0) {
      keys.set(assetKey, keysOf(indexPartitions(partitionsDef, context), subset));
    }
  }
  return keys;
}

expose(api);
