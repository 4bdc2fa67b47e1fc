import type { AssetKeyText } from '../definitions/definitions.ts';
import type { PartitionsSubset } from '../partitions/subset/partitions-subset.ts';
import type { NotebookFunctions } from './predicted-functions.ts';
import type { ExportedNotebook } from './project-files.ts';
import type { LeftOut, Renamed } from './python-parts.ts';

/** A notebook whose cells are text still. */
export type NotebookToExport = Omit<
  ExportedNotebook,
  'runtime' | 'program' | 'cellIds' | 'answers' | 'materialized'
> & {
  /** Of each asset, the keys that were ever materialized. */
  readonly materialized: ReadonlyMap<AssetKeyText, PartitionsSubset>;
  /** Those that the notebook's own engine evaluates, and text. */
  readonly cells: readonly {
    readonly cellId: string;
    readonly kind: 'text' | 'code';
    readonly text: string;
  }[];
  /** Cells that do not load. */
  readonly exclude: readonly string[];
};

/** What the page shows of a project, and gives to the reader. */
export interface DagsterExport {
  readonly name: string;
  /** The bytes of a zip. */
  readonly archive: Uint8Array;
  /** The Python module of the definitions. */
  readonly python: string;
  readonly leftOut: readonly LeftOut[];
  readonly renamed: readonly Renamed[];
}

/** What the worker answers that makes an export. */
export interface DagsterExportApi {
  /** @param functions asks the notebook's own engine. */
  makeExport(notebook: NotebookToExport, functions: NotebookFunctions): Promise<DagsterExport>;
}
