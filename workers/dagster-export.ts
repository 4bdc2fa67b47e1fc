/*
 * Entry of the worker that makes a Dagster project of a notebook: a list of a million keys takes
 * longer to write than the page may stand still. It is started for one export and ended after it.
 */
import { expose } from 'comlink';
import { text as runtime } from 'virtual:sandbox/exported';
import { archiveOf } from '../src/export/archive.ts';
import type { DagsterExportApi } from '../src/export/export-api.ts';
import { projectOf } from '../src/export/project-files.ts';
import type { CellId } from '../src/notebook/notebook.ts';
import { analyseNotebook } from '../src/notebook/order.ts';
import { composeProgram } from '../src/notebook/program.ts';

const api: DagsterExportApi = {
  makeExport({ cells, exclude, ...notebook }) {
    const project = projectOf({
      ...notebook,
      program: composeProgram(
        analyseNotebook(
          cells.map(({ cellId, ...cell }) => ({ cellId: cellId as CellId, ...cell })),
        ),
        { exclude: new Set(exclude as readonly CellId[]) },
      ),
      cellIds: cells.map(({ cellId }) => cellId),
      runtime,
    });
    const { name, files, leftOut, renamed } = project;
    const python = [...files].find(([path]) => path.endsWith('/definitions.py'))?.[1];
    return { name, archive: archiveOf(project), python: String(python), leftOut, renamed };
  },
};

expose(api);
