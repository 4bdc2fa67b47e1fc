/** What a folder of the project may import, besides itself. */
export interface FolderRule {
  /** Folders, as paths from the root without a slash at the end; or single files. */
  readonly folders: readonly string[];
  /** Folders of which only types may be imported. */
  readonly typesOf?: readonly string[];
  /** Packages; a name that ends in `*` stands for all that begin with it. */
  readonly packages: readonly string[];
}

const BASE = ['src/counts.ts', 'src/errors.ts', 'src/nearest-name.ts'];
const CALENDAR = [...BASE, 'src/time'];
const DECLARED = [...CALENDAR, 'src/partitions', 'src/config'];
const DECIDING = [...DECLARED, 'src/definitions'];

/** The folders that decide and know no page, worker, storage or clock, with their errors. */
export const CORE_FOLDERS = [
  ...DECIDING,
  'src/orchestration',
  'src/ledger',
  'src/twin',
  'src/notebook',
  'src/protocol',
  'src/export',
  'src/comparison',
  'src/convert',
  'src/advisor',
] as const;

/** One rule for each place where code may stand; what stands nowhere here is out of place. */
export const IMPORT_TABLE: Readonly<Record<string, FolderRule>> = {
  'src/main.ts': { folders: ['src/app', 'src/ui'], packages: ['svelte', '@fontsource-variable/*'] },
  'src/virtual.d.ts': { folders: [], typesOf: ['src/notebook'], packages: [] },
  // How many there are, wherever it is said.
  'src/counts.ts': { folders: [], packages: [] },
  'src/errors.ts': { folders: [], packages: [] },
  // What was meant by a name: the notebook asks it of cells, the language of what they call.
  'src/nearest-name.ts': { folders: [], packages: [] },
  'src/time': { folders: BASE, packages: ['luxon'] },
  'src/partitions': { folders: CALENDAR, packages: [] },
  'src/config': { folders: BASE, packages: [] },
  'src/definitions': { folders: DECLARED, packages: [] },
  // Its ports name what passes to whoever acts for it, which the protocol declares.
  'src/orchestration': {
    folders: DECIDING,
    typesOf: ['src/protocol'],
    packages: ['@noble/hashes/*'],
  },
  // Asks what a history can answer: it reads the log as the engine folds it.
  'src/ledger': { folders: [...DECIDING, 'src/orchestration'], packages: [] },
  'src/notebook': {
    folders: BASE,
    packages: ['acorn', '@sveltejs/acorn-typescript', 'fflate'],
  },
  // Plays worlds on an engine that it is given: what it asks for is what the engine's protocol says.
  'src/twin': {
    folders: [...DECIDING, 'src/orchestration', 'src/ledger', 'src/notebook'],
    typesOf: ['src/protocol'],
    packages: [],
  },
  'src/protocol': {
    folders: BASE,
    typesOf: [...DECIDING, 'src/orchestration', 'src/ledger', 'src/notebook'],
    packages: [],
  },
  // Turns definitions into the files of a Dagster project; it runs nothing.
  'src/export': { folders: [...DECIDING, 'src/orchestration'], packages: ['fflate'] },
  // What the engine answers, and what Dagster is asked to answer too.
  'src/comparison': {
    folders: [...DECIDING, 'src/orchestration', 'src/export'],
    packages: ['@noble/hashes/*'],
  },
  // Dagster itself, in a frame of its own that knows nothing of the engine.
  'src/real-dagster': { folders: [...BASE, 'src/runtime'], packages: ['virtual:sandbox/*'] },
  // Edits cells by their tree; what their history holds it is told in columns.
  'src/convert': { folders: [...DECIDING, 'src/orchestration', 'src/notebook'], packages: [] },
  // Recommends a form that `src/convert` can turn an asset to.
  'src/advisor': { folders: [...DECIDING, 'src/convert'], packages: [] },
  'src/sdk': {
    folders: [...DECIDING, 'src/orchestration', 'src/protocol'],
    packages: ['zod', 'luxon', 'chai'],
  },
  'src/runtime': {
    folders: [...BASE, 'src/protocol'],
    typesOf: ['src/orchestration', 'src/definitions', 'src/partitions', 'src/time'],
    packages: ['comlink', 'virtual:sandbox/*'],
  },
  'src/storage': { folders: CORE_FOLDERS, packages: ['dexie'] },
  'src/app': {
    folders: [...CORE_FOLDERS, 'src/runtime', 'src/storage', 'src/real-dagster'],
    packages: ['svelte', 'svelte/reactivity', 'comlink'],
  },
  'src/ui': {
    folders: [...CORE_FOLDERS, 'src/app'],
    packages: [
      'svelte',
      'svelte/*',
      '@codemirror/*',
      '@lezer/*',
      'd3-*',
      'marked',
      'dompurify',
      'lucide-static/*',
      '@fontsource-variable/*',
    ],
  },
  workers: {
    folders: [...CORE_FOLDERS, 'src/sdk', 'src/runtime', 'src/storage'],
    typesOf: ['src/real-dagster'],
    packages: [
      ...['comlink', 'zod', 'luxon', 'chai', '@dagrejs/dagre', 'd3-shape'],
      ...['virtual:sandbox/*', 'virtual:example-analyses'],
    ],
  },
};

/** Everything that may lie at the root of the project. */
export const TOP_LEVEL_ENTRIES = [
  '.ci',
  '.gitignore',
  '.npmrc',
  '.prettierignore',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  'LICENSE',
  'README.md',
  'index.html',
  'package-lock.json',
  'package.json',
  'public',
  'src',
  'test',
  'tools',
  'tsconfig.json',
  'vite.config.ts',
  'workers',
] as const;
