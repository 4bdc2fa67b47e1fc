import type { AssetKeyText, AssetSpec, Definitions } from '../definitions/definitions.ts';
import type { PartitionsDefinition } from '../partitions/definition/partitions-definition.ts';
import mainText from './project/main.mjs?raw';
import partitaText from './project/partita.py?raw';
import readmeText from './project/readme.md?raw';
import backfillsText from './project/test_backfills.py?raw';
import configErrorsText from './project/config_errors.py?raw';
import conftestText from './project/conftest.py?raw';
import definitionsText from './project/test_definitions.py?raw';
import functionsText from './project/test_functions.py?raw';
import predictedText from './project/predicted.py?raw';
import { predictionsOf } from './predictions.ts';
import type { FunctionAnswers } from './predicted-functions.ts';
import { AssetKeys } from './python-asset-keys.ts';
import { pythonOf } from './python-module.ts';
import type { LeftOut, Renamed } from './python-parts.ts';
import type { EpochMs } from '../time/time-window.ts';

/** What a project is made of. */
export interface ExportedNotebook {
  /** Null if it has none. */
  readonly title: string | null;
  /** Its text, as it is saved. */
  readonly source: string;
  readonly definitions: Definitions;
  /** Its cells as the body of one function, types stripped. */
  readonly program: {
    readonly text: string;
    readonly cellLines: readonly {
      readonly cellId: string;
      readonly firstLine: number;
      readonly lineCount: number;
    }[];
  };
  /** Every cell in order, text cells too. */
  readonly cellIds: readonly string[];
  /** The names of its worlds that the definitions leave out. */
  readonly worlds: readonly string[];
  readonly seed: number;
  /** Whether an edited function counts as changed code. */
  readonly countsEdits: boolean;
  /** At which the predictions hold. */
  readonly now: EpochMs;
  readonly dynamicPartitions: ReadonlyMap<string, readonly string[]>;
  readonly files: readonly { readonly path: string; readonly bytes: Uint8Array }[];
  /** Materialized keys, of assets whose functions ask for them; empty if none does. */
  readonly materialized: ReadonlyMap<AssetKeyText, readonly string[]>;
  /** What its functions give at this instant. */
  readonly answers: FunctionAnswers;
  /** What runs the cells in Node. */
  readonly runtime: string;
}

/** A Dagster project: its files by their paths, and what it lacks. */
export interface ExportedProject {
  /** Of its folder and, with underscores, of its Python package. */
  readonly name: string;
  readonly files: ReadonlyMap<string, string | Uint8Array>;
  readonly leftOut: readonly LeftOut[];
  readonly renamed: readonly Renamed[];
}

/** The version that the project asks for: the one whose answers are this project's rules. */
const DAGSTER_VERSION = '1.13.27';

/** What the tests of every project are; `PACKAGE` stands for the name of its package. */
const TESTS: readonly (readonly [name: string, text: string])[] = [
  ['conftest.py', conftestText],
  ['config_errors.py', configErrorsText],
  ['predicted.py', predictedText],
  ['test_definitions.py', definitionsText],
  ['test_functions.py', functionsText],
  ['test_backfills.py', backfillsText],
];

/** A notebook as a project that Dagster runs. Equal notebooks give equal files. */
export function projectOf(notebook: ExportedNotebook): ExportedProject {
  const { definitions, program, title } = notebook;
  const slug = slugOf(title ?? '');
  const folder = `partita_${slug.replaceAll('-', '_')}`;
  const { text, leftOut, renamed } = pythonOf(definitions, { bodies: 'pipes' });
  const lost = [...leftOut, ...historyAsked(program.text), ...settingsLost(notebook)];
  const files = new Map<string, string | Uint8Array>([
    ['README.md', readmeOf(notebook, folder, lost, renamed)],
    ['pyproject.toml', pyprojectOf(slug, folder)],
    ['.gitignore', '__pycache__/\n*.egg-info/\n.venv/\nstorage/\n'],
    [`${folder}/__init__.py`, ''],
    [`${folder}/definitions.py`, text],
    [`${folder}/partita.py`, partitaText],
    [`${folder}/notebook/main.mjs`, mainText],
    [`${folder}/notebook/runtime.js`, notebook.runtime],
    [`${folder}/notebook/cells.js`, program.text],
    [`${folder}/notebook/notebook.json`, aboutOf(notebook)],
    [`${folder}/notebook/notebook.md`, notebook.source],
    ...TESTS.map(([name, test]) => [`tests/${name}`, test.replaceAll('PACKAGE', folder)] as const),
    ['tests/predictions.json', `${JSON.stringify(predictionsOf(notebook), null, 1)}\n`],
  ]);
  for (const { path, bytes } of notebook.files) {
    files.set(`${folder}/notebook/files/${path}`, bytes);
  }
  return { name: `partita-${slug}`, files, leftOut: lost, renamed };
}

function slugOf(title: string): string {
  const slug = title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 40)
    .replace(/^-+|-+$/g, '');
  return slug === '' ? 'notebook' : slug;
}

/** What Node and Python look up of the notebook. */
function aboutOf({ definitions, program, cellIds, seed }: ExportedNotebook): string {
  const { assets } = definitions;
  const keys = new AssetKeys(assets, []);
  const about = {
    seed,
    asksForKeys: program.text.includes('getMaterializedPartitions'),
    dynamicPartitions: dynamicNames(definitions),
    assetPaths: Object.fromEntries(assets.map(({ assetKey }) => [assetKey, keys.pathOf(assetKey)])),
    byKey: Object.fromEntries(assets.map((asset) => [asset.assetKey, inputsByKey(asset)])),
    cells: program.cellLines.map(({ cellId, firstLine, lineCount }) => {
      return { number: cellIds.indexOf(cellId) + 1, firstLine, lineCount };
    }),
  };
  return `${JSON.stringify(about, null, 1)}\n`;
}

function inputsByKey({ deps }: AssetSpec): readonly string[] {
  return deps.flatMap(({ inputName, byKey }) => (byKey && inputName !== null ? [inputName] : []));
}

function dynamicNames({ assets, jobs, partitionsDefinitions }: Definitions): readonly string[] {
  const names = (definition: PartitionsDefinition | null): readonly string[] => {
    if (definition?.kind === 'dynamic') return [definition.name];
    return definition?.kind === 'multi'
      ? definition.dimensions.flatMap((dimension) => names(dimension.definition))
      : [];
  };
  const all = [...assets, ...jobs].flatMap(({ partitionsDef }) => names(partitionsDef));
  const declared = partitionsDefinitions.flatMap(({ definition }) => names(definition));
  return [...new Set([...all, ...declared])];
}

function historyAsked(program: string): readonly LeftOut[] {
  if (!program.includes('getLatestMaterialization')) return [];
  const name = 'context.instance.getLatestMaterialization';
  return [{ name, reason: 'A function that calls it fails outside of the notebook.' }];
}

function settingsLost({ worlds, countsEdits }: ExportedNotebook): readonly LeftOut[] {
  return [
    ...worlds.map((world) => ({
      name: `World ${world}`,
      reason: 'A project has one set of definitions: cells of this world are not part of it.',
    })),
    ...(countsEdits
      ? [
          {
            name: 'Edits as changed code',
            reason: 'Dagster compares code versions only: give one to each asset.',
          },
        ]
      : []),
  ];
}

function pyprojectOf(slug: string, folder: string): string {
  return `[build-system]
requires = ["setuptools>=68"]
build-backend = "setuptools.build_meta"

[project]
name = "partita-${slug}"
version = "0.1.0"
requires-python = ">=3.10"
dependencies = ["dagster==${DAGSTER_VERSION}", "dagster-pipes==${DAGSTER_VERSION}", "universal-pathlib"]

[project.optional-dependencies]
dev = ["dagster-webserver==${DAGSTER_VERSION}", "pytest"]

[tool.setuptools]
packages = ["${folder}"]

[tool.setuptools.package-data]
"${folder}" = ["notebook/**"]

[tool.dagster]
module_name = "${folder}.definitions"
`;
}

function readmeOf(
  { title }: ExportedNotebook,
  folder: string,
  leftOut: readonly LeftOut[],
  renamed: readonly Renamed[],
): string {
  const lines = [
    ...leftOut.map(({ name, reason }) => `- ${code(name)}: ${reason}`),
    ...renamed.map(({ name, pythonName }) => `- ${code(name)} is called ${code(pythonName)} here.`),
  ];
  const said: Readonly<Record<string, string>> = {
    TITLE: (title ?? 'A notebook').replace(/[\\`*_[\]<>#&]/g, '\\$&'),
    PACKAGE: folder,
    DIFFERENCES: lines.length === 0 ? 'Nothing is.' : lines.join('\n'),
  };
  // In one pass: a title may hold the other words.
  return readmeText.replace(/TITLE|PACKAGE|DIFFERENCES/g, (word) => said[word] ?? word);
}

/** A text as code in Markdown. */
function code(text: string): string {
  return `\`${text.replace(/[`\s]+/g, ' ')}\``;
}
