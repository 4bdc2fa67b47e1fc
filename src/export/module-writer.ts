import type { AssetKeys } from './python-asset-keys.ts';
import type { PythonConfigs } from './python-config.ts';
import type { PythonNames } from './python-names.ts';
import type { LeftOut, Renamed } from './python-parts.ts';
import type { PartitionsVariables } from './python-partitions-variables.ts';

/** What the parts of one module share while they are written. */
export interface ModuleWriter {
  /** Of the module. */
  readonly names: PythonNames;
  readonly assetKeys: AssetKeys;
  readonly partitions: PartitionsVariables;
  readonly configs: PythonConfigs;
  readonly renamed: Renamed[];
  readonly leftOut: LeftOut[];
  /** Whether functions call the notebook's own; else they do nothing. */
  readonly hasBodies: boolean;
}
