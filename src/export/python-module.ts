import type { Definitions } from '../definitions/definitions.ts';
import type { ModuleWriter } from './module-writer.ts';
import { AssetKeys } from './python-asset-keys.ts';
import { pythonAsset } from './python-assets.ts';
import { pythonSchedule, pythonSensor } from './python-automation.ts';
import { PythonConfigs } from './python-config.ts';
import { PythonJobs } from './python-jobs.ts';
import { pythonCall, pythonDict, pythonList } from './python-literal.ts';
import { PythonNames } from './python-names.ts';
import type { Imports, LeftOut, Renamed } from './python-parts.ts';
import { PartitionsVariables } from './python-partitions-variables.ts';
import { withoutFunctionMappings } from './without-functions.ts';

export interface PythonModule {
  /** The module's text; it ends in `defs = dg.Definitions(…)`. */
  readonly text: string;
  /** What Dagster cannot express. */
  readonly leftOut: readonly LeftOut[];
  /** What is called otherwise in Python, with both names. */
  readonly renamed: readonly Renamed[];
}

export interface PythonOptions {
  /**
   * `pipes`: functions call the notebook's own, through the module `partita` that stands beside
   * this one. `none`: they do nothing.
   */
  readonly bodies: 'none' | 'pipes';
}

/** The definitions of a notebook as one Python module for Dagster. Equal definitions give equal texts. */
export function pythonOf(notebook: Definitions, { bodies }: PythonOptions): PythonModule {
  const { definitions, leftOut: functions } = withoutFunctionMappings(notebook);
  const leftOut: LeftOut[] = [...functions];
  const renamed: Renamed[] = [];
  const imports: Imports = { modules: new Set(), typing: new Set() };
  const names = new PythonNames();
  const module: ModuleWriter = {
    names,
    assetKeys: new AssetKeys(definitions.assets, renamed),
    partitions: new PartitionsVariables(names),
    configs: new PythonConfigs(names, imports, leftOut),
    renamed,
    leftOut,
    hasBodies: bodies === 'pipes',
  };
  for (const { name, definition } of definitions.partitionsDefinitions) {
    if (name !== null) module.partitions.variableFor(definition, name);
  }
  for (const { name, schema } of definitions.configs) {
    if (name !== null) module.configs.classFor(schema, name);
  }
  const assets = definitions.assets.map((asset) => pythonAsset(module, asset));
  const jobs = new PythonJobs(module);
  for (const job of definitions.jobs) jobs.add(job);
  const schedules = definitions.schedules.map((one) =>
    pythonSchedule(module, one, jobs.variables, definitions),
  );
  const sensors = definitions.sensors.map((one) => pythonSensor(module, one, jobs.variables));
  leftOut.push(...extensionsIn(definitions));

  const lists = [
    ['assets', assets.map(({ name }) => name)],
    ['jobs', [...jobs.variables.values()]],
    ['schedules', schedules.map(({ name }) => name)],
    ['sensors', sensors.map(({ name }) => name)],
  ] as const;
  const defs = pythonCall('dg.Definitions', [
    ...lists.flatMap(([kind, items]) => (items.length > 0 ? [`${kind}=${pythonList(items)}`] : [])),
    ...(bodies === 'pipes'
      ? [
          `resources=${pythonDict([
            ['"io_manager"', 'partita.io_manager'],
            ['"cell_io_manager"', 'partita.cell_io_manager'],
          ])}`,
        ]
      : []),
  ]);
  const { assignments } = module.partitions;
  const body = [
    ...(assignments.length > 0 ? [assignments.join('\n')] : []),
    ...module.configs.classes,
    ...assets.map(({ text }) => text),
    ...jobs.texts,
    ...[...schedules, ...sensors].map(({ text }) => text),
    `defs = ${defs}`,
  ].join('\n\n\n');
  const text = `${headOf(imports, body, bodies)}\n\n${body}\n`;
  return { text, leftOut, renamed };
}

function headOf({ modules, typing }: Imports, body: string, bodies: 'none' | 'pipes'): string {
  const standard = [
    ...(modules.has('enum') ? ['import enum'] : []),
    ...(/\bdatetime\(/.test(body) ? ['from datetime import datetime'] : []),
    ...(typing.size > 0 ? [`from typing import ${[...typing].sort().join(', ')}`] : []),
  ];
  return [
    ...(standard.length > 0 ? [...standard, ''] : []),
    'import dagster as dg',
    ...(modules.has('pydantic') ? ['import pydantic'] : []),
    ...(bodies === 'pipes' ? ['', 'from . import partita'] : []),
  ].join('\n');
}

/** What goes further than Dagster, or lives in the notebook only. */
function extensionsIn(definitions: Definitions): readonly LeftOut[] {
  const { assets, jobs, tests, goals = [], actions = [] } = definitions;
  const overAssets = jobs.filter(({ ops }) => !ops);
  return [
    ...[
      ...assets.map(({ assetKey: name, partitionsDef }) => ({ name, partitionsDef })),
      ...overAssets.map(({ jobName: name, partitionsDef }) => ({ name, partitionsDef })),
    ].flatMap(({ name, partitionsDef }) =>
      partitionsDef?.kind === 'static' && partitionsDef.listed
        ? [
            {
              name,
              reason:
                'Its keys are listed by a function, which Dagster asks for jobs of ops only. Here they stay those of this instant.',
            },
          ]
        : [],
    ),
    ...assets.flatMap(({ assetKey, sharedStep }) =>
      sharedStep
        ? [{ name: assetKey, reason: 'It gets a step of its own in place of one that it shares.' }]
        : [],
    ),
    ...inNotebookOnly(tests.length, 'test', 'Tests of cells are run by the notebook.'),
    ...inNotebookOnly(
      goals.length,
      'goal',
      'Goals are for the reader of a notebook; Dagster has nothing like them.',
    ),
    ...inNotebookOnly(
      actions.length,
      'action',
      'Actions play in the worlds of a notebook; Dagster has nothing like them.',
    ),
  ];
}

function inNotebookOnly(count: number, what: string, reason: string): readonly LeftOut[] {
  if (count === 0) return [];
  return [{ name: count === 1 ? `One ${what}` : `${count} ${what}s`, reason }];
}
