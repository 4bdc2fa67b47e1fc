import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { build, type Plugin, type Rolldown } from 'vite';
import { defineConfig } from 'vitest/config';
import { sourceHosts } from './src/app/source-hosts.ts';
import { analyseCell } from './src/notebook/analysis.ts';
import { parseNotebook } from './src/notebook/file-format.ts';
import type { CellId } from './src/notebook/notebook.ts';
import { bootScriptHash } from './src/runtime/boot-script.ts';

const port = Number(process.env.PORT ?? 4173);

// Code that reads the machine's zone by mistake should fail on every machine: this
// one is 5 h 45 min ahead of UTC, and no notebook of ours uses it.
if (process.env.VITEST) process.env.TZ = 'Asia/Kathmandu';

/** The zod module that lists every language; `zod` exports it whole, so bundlers keep it. */
const ZOD_LOCALES = /^\.\.\/locales\/index\.js$/;

/** Leaves English alone of zod's languages: 92 KB become 54, gzipped. */
function zodInEnglish(): Plugin {
  return {
    name: 'partita:zod-in-english',
    enforce: 'pre',
    resolveId: {
      filter: { id: ZOD_LOCALES },
      handler(_source, importer) {
        if (!importer?.includes('/node_modules/zod/')) return null;
        return this.resolve('zod/v4/locales/en.js', importer);
      },
    },
  };
}

/** The parts of a sandbox session's script, each built from the entry named. */
const SANDBOX_ENTRIES: Readonly<Record<string, string>> = {
  core: 'workers/sandbox.ts',
  zod: 'workers/sandbox-zod.ts',
  luxon: 'workers/sandbox-luxon.ts',
  chai: 'workers/sandbox-chai.ts',
  execution: 'workers/sandbox-execution.ts',
  goals: 'workers/sandbox-goals.ts',
  exported: 'workers/exported.ts',
  dagster: 'workers/real-dagster.ts',
};

const SANDBOX_MODULE = /^virtual:sandbox\/(\w+)$/;

/**
 * Serves `virtual:sandbox/core` and its companions: modules that export, as `text`, a
 * classic script without imports. A session's worker in the opaque-origin frame can
 * load nothing, so the engine concatenates the texts that a notebook needs.
 */
function sandboxScripts(): Plugin {
  return {
    name: 'partita:sandbox-scripts',
    resolveId: { filter: { id: SANDBOX_MODULE }, handler: (source) => `\0${source}` },
    load: {
      filter: { id: /^\0virtual:sandbox\// },
      async handler(id) {
        const entry = SANDBOX_ENTRIES[SANDBOX_MODULE.exec(id.slice(1))?.[1] ?? ''];
        if (entry === undefined) throw new Error(`There is no sandbox script "${id.slice(1)}".`);
        const chunk = await buildClassicScript(fromRoot(entry));
        for (const file of chunk.moduleIds) if (existsSync(file)) this.addWatchFile(file);
        return `export const text = ${JSON.stringify(inAscii(chunk.code))};`;
      },
    },
  };
}

/**
 * A script with escapes for what is beyond ASCII: a single such letter, of which ours have a few in their texts,
 * would have the browser keep and read the whole of it at two bytes a letter.
 */
function inAscii(code: string): string {
  return code.replace(
    /[\u0080-\uffff]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

async function buildClassicScript(entry: string): Promise<Rolldown.OutputChunk> {
  const result = await build({
    configFile: false,
    root: fromRoot('.'),
    logLevel: 'warn',
    plugins: [zodInEnglish()],
    define: { 'process.env.NODE_ENV': '"production"' },
    publicDir: false,
    build: {
      write: false,
      target: 'es2022',
      minify: true,
      lib: { entry, formats: ['iife'], name: 'partitaSandbox' },
    },
  });
  const [output] = [result].flat() as Rolldown.RolldownOutput[];
  const [chunk, ...others] = output?.output ?? [];
  if (chunk?.type !== 'chunk' || others.length > 0) {
    throw new Error(`${entry} must build to a single script.`);
  }
  return chunk;
}

const EXAMPLE_ANALYSIS = /^virtual:example-analyses\/example-([\w-]+)$/;

/**
 * Serves `virtual:example-analyses`, and for each shipped notebook a module with what its code cells say, so that
 * the first run of one waits for no parser. A cell that is edited, or whose notebook was fetched from elsewhere,
 * is not found by its text, and parsed.
 */
function exampleAnalyses(): Plugin {
  const folder = fromRoot('public/examples');
  return {
    name: 'partita:example-analyses',
    resolveId: {
      filter: { id: /^virtual:example-analyses/ },
      handler: (source) => `\0${source}`,
    },
    load: {
      filter: { id: /^\0virtual:example-analyses/ },
      handler(id) {
        const name = EXAMPLE_ANALYSIS.exec(id.slice(1))?.[1];
        if (name === undefined) {
          const names = readdirSync(folder).flatMap((file) => /^(.*)[.]md$/.exec(file)?.[1] ?? []);
          const members = names.map(
            (known) =>
              `${JSON.stringify(known)}: () => import('virtual:example-analyses/example-${known}')`,
          );
          return `export const exampleAnalyses = { ${members.join(', ')} };`;
        }
        const file = `${folder}/${name}.md`;
        this.addWatchFile(file);
        let cellId = 0;
        const { cells } = parseNotebook(readFileSync(file, 'utf8'), () => `${++cellId}` as CellId);
        const analyses = cells.flatMap(({ kind, text }) =>
          kind === 'code' ? [analyseCell(text)] : [],
        );
        return `export const analyses = ${JSON.stringify(analyses)};`;
      },
    },
  };
}

/**
 * Writes the content security policy into the built page. Only there: the development
 * server needs inline styles and scripts of its own.
 */
function contentSecurityPolicy(): Plugin {
  return {
    name: 'partita:content-security-policy',
    apply: 'build',
    transformIndexHtml() {
      const content = [
        "default-src 'none'",
        // Frames inherit this policy, so what each may do must be allowed here too: their one script, and in that of
        // real Dagster WebAssembly, which makes no code of texts.
        `script-src 'self' ${bootScriptHash} 'wasm-unsafe-eval'`,
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        ['connect-src', "'self'", ...sourceHosts].join(' '),
        "worker-src 'self' blob:",
        "manifest-src 'self'",
        "frame-src 'none'",
        "base-uri 'none'",
        "form-action 'none'",
      ].join('; ');
      return [
        {
          tag: 'meta',
          attrs: { 'http-equiv': 'Content-Security-Policy', content },
          injectTo: 'head-prepend',
        },
      ];
    },
  };
}

/** What is shown between the text and the first result. */
const FIRST_RUN = /src\/ui\/.*\/(?:CellCards|LaunchPanel|Workbench|PartitionsView)\.svelte$/;

/** The fonts of every first screen: had they to wait for the styles that name them, the text would be laid out twice. */
const FIRST_FONTS = /\/(?:source-sans-3|source-code-pro)-latin-wght-normal-[^/]*\.woff2$/;

/** Has the browser fetch what every first screen needs at once: the page's code, its styles and its fonts. */
function preloadFirstScreen(): Plugin {
  return {
    name: 'partita:preload-first-screen',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler: (_page, { bundle = {} }) => {
        const chunkOf = (file: string) => {
          const found = bundle[file];
          return found?.type === 'chunk' ? found : null;
        };
        const first = Object.keys(bundle).find(
          (file) => chunkOf(file)?.facadeModuleId === fromRoot('src/ui/open-page.ts'),
        );
        // Another page, as tests build with these settings, has none.
        if (first === undefined) return [];
        const entry = Object.keys(bundle).find((file) => chunkOf(file)?.isEntry);
        const known = new Set([entry, ...(chunkOf(entry ?? '')?.imports ?? [])]);
        const files = [first];
        for (const file of files) {
          for (const next of chunkOf(file)?.imports ?? []) {
            if (!files.includes(next) && !known.has(next)) files.push(next);
          }
        }
        const chunks = files.flatMap((file) => chunkOf(file) ?? []);
        const styles = new Set(
          chunks.flatMap(({ viteMetadata }) => [...viteMetadata!.importedCss]),
        );
        const link = (file: string, attrs: Record<string, string>) => ({
          tag: 'link',
          attrs: { ...attrs, href: `./${file}`, crossorigin: '' },
          injectTo: 'head' as const,
        });
        return [
          ...chunks.map(({ fileName }) => link(fileName, { rel: 'modulepreload' })),
          ...[...styles].map((file) => link(file, { rel: 'stylesheet' })),
          ...Object.keys(bundle)
            .filter((file) => FIRST_FONTS.test(file))
            .map((file) => link(file, { rel: 'preload', as: 'font', type: 'font/woff2' })),
        ];
      },
    },
  };
}

/** Parts of a notebook's engine that come after its worker's entry; each chunk is all of its entry less what came before. */
const ENGINE_CHUNKS = [
  { name: 'notebook-engine', entry: 'workers/notebook-engine.ts' },
  { name: 'stale-keys', entry: 'workers/stale-keys.ts' },
];

/**
 * Names the chunks of what comes after the engine's worker. What they share with parts that come later would else
 * be chunks of their own, of which the browser knows only once it has read the first.
 */
function engineChunks() {
  let chunkOf: ReadonlyMap<string, string> | null = null;
  return (moduleId: string, modules: Rolldown.ChunkingContext) => {
    // Other workers are built for themselves, and are not the engine's.
    if (!modules.getModuleInfo(fromRoot('workers/notebook-engine.ts'))) return null;
    const importsOf = (file: string) => {
      const found = new Set([fromRoot(file)]);
      for (const id of found)
        for (const next of modules.getModuleInfo(id)?.importedIds ?? []) found.add(next);
      return found;
    };
    if (chunkOf === null) {
      const ofWorker = importsOf('workers/engine.ts');
      const found = new Map<string, string>();
      for (const { name, entry } of ENGINE_CHUNKS) {
        for (const id of importsOf(entry)) {
          if (!ofWorker.has(id) && !found.has(id)) found.set(id, name);
        }
      }
      chunkOf = found;
    }
    return chunkOf.get(moduleId) ?? null;
  };
}

function fromRoot(path: string): string {
  return fileURLToPath(new URL(path, import.meta.url));
}

export default defineConfig({
  // Relative addresses: the built site works below any path of a static host.
  base: './',
  plugins: [
    svelte({ configFile: false, compilerOptions: { runes: true } }),
    zodInEnglish(),
    sandboxScripts(),
    exampleAnalyses(),
    contentSecurityPolicy(),
    preloadFirstScreen(),
  ],
  build: {
    target: 'es2022',
    modulePreload: { polyfill: false },
    // Fonts and pictures inlined as data: would be refused by the policy.
    assetsInlineLimit: 0,
    rolldownOptions: {
      input: { app: fromRoot('index.html') },
      output: {
        entryFileNames: 'assets/[name]-[hash].js',
        chunkFileNames: 'assets/page-[name]-[hash].js',
        // The first screen and the first run, each with all that it is made of less what comes before: few requests,
        // and names to count on in the budgets of package.json.
        codeSplitting: {
          groups: [
            {
              name: 'start',
              test: /src\/app\/(?:engine-worker|example-ahead)\.ts$|vite\/preload-helper/,
              priority: 4,
            },
            { name: 'first-screen', test: /src\/ui\/open-page\.ts$/, priority: 2 },
            { name: 'first-run', test: FIRST_RUN, priority: 1 },
            // What reads a link, which also serves to write one.
            {
              name: 'link',
              test: /src\/app\/(?:decode|unpack)-link\.ts$|src\/notebook\/(?:link|crc32|base64-url)\.ts$/,
              priority: 3,
            },
          ],
        },
      },
    },
  },
  worker: {
    format: 'es',
    plugins: () => [zodInEnglish(), sandboxScripts(), exampleAnalyses()],
    rolldownOptions: {
      output: {
        entryFileNames: 'assets/worker-[name]-[hash].js',
        chunkFileNames: 'assets/worker-chunk-[name]-[hash].js',
        codeSplitting: {
          includeDependenciesRecursively: false,
          groups: [{ name: engineChunks() }],
        },
      },
    },
  },
  server: { port, strictPort: true },
  preview: { port, strictPort: true },
  test: {
    projects: [
      {
        extends: true,
        // The client build of Svelte, so that reactive state behaves as on the page.
        resolve: { conditions: ['browser'] },
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/browser/**'],
          // Random runs against a model take seconds on a busy machine.
          testTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          globalSetup: ['test/browser/build-and-serve.ts'],
          // After the others, and two browsers at a time: each leaves the machine idle half of the time.
          sequence: { groupOrder: 1 },
          maxWorkers: 2,
          // What is shown follows what is known, a frame or an answer of the engine later.
          expect: { poll: { timeout: 10_000 } },
          testTimeout: 120_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
