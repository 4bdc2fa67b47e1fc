import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { encodeLink } from '../../src/notebook/encode-link.ts';
import { serveStatically } from '../browser/static-server.ts';
import type { Script } from './in-page.ts';
import { figures, measureCold, type Marks } from './measure-cold.ts';

const ROUNDS = 5;

/** A notebook with one trivial key, and one with 30, under a clock that stands. */
const TRIVIAL = `<!-- partita 1
title: Trivial
now: 2026-03-10T09:00:00Z
-->

Two assets that do nothing.

\`\`\`ts
const one = dg.asset({ partitionsDef: dg.StaticPartitionsDefinition(['only']) }, () => 1);
const thirty = dg.asset(
  { partitionsDef: dg.DailyPartitionsDefinition({ startDate: '2026-01-01', endDate: '2026-01-31' }) },
  () => 1,
);
\`\`\`
`;

const FIRST_EXAMPLE: Script = {
  steps: [
    { mark: 'readable', text: ['Three customers', 'dg.StaticPartitionsDefinition'] },
    { mark: null, within: 'Asset customer_orders', press: 'Materialize' },
    { mark: null, within: 'Materialize customer_orders', press: 'Launch' },
    { mark: 'result', within: 'Asset customer_orders', text: ['3 of 3 materialized'] },
  ],
};

const ONE_KEY: Script = {
  steps: [
    { mark: null, within: 'Asset one', press: 'Materialize' },
    { mark: 'pressed one', within: 'Materialize one', press: 'Launch' },
    { mark: 'green one', within: 'Asset one', text: ['1 of 1 materialized'] },
    { mark: null, within: 'Asset thirty', press: 'Materialize' },
    { mark: 'pressed thirty', within: 'Materialize thirty', press: 'Launch' },
    { mark: 'green thirty', within: 'Asset thirty', text: ['30 of 30 materialized'] },
  ],
};

/** One that only stopping ends; its runs are in view. */
const ENDLESS = `<!-- partita 1
title: Endless
now: 2026-03-10T09:00:00Z
-->

\`\`\`ts
const endless = dg.asset(() => { while (true) {} });
\`\`\`
`;

const STOP: Script = {
  steps: [
    { mark: null, within: 'Asset endless', press: 'Materialize' },
    { mark: null, within: 'Materialize endless', press: 'Launch' },
    { mark: 'pressed stop', within: 'Asset endless', press: 'Stop', afterMs: 1_000 },
    { mark: 'canceled', within: 'Workbench', text: ['canceled'] },
  ],
};

const VUE: Script = {
  steps: [
    { mark: 'readable', text: ["const customers: string[] = ['customer_a'"] },
    { mark: 'result', text: ['3 of 3 materialized'] },
  ],
};

/**
 * Measures cold starts, beside Vue's playground in the same rounds, and small launches,
 * and a stop, and prints them against their floors.
 */
export async function run(): Promise<void> {
  const root = fileURLToPath(new URL('../../', import.meta.url));
  const directory = await mkdtemp(join(tmpdir(), 'partita-bench-'));
  const ours = join(directory, 'ours');
  const vue = join(directory, 'vue');
  await build({ root, logLevel: 'warn', build: { outDir: ours, emptyOutDir: true } });
  await build({
    configFile: false,
    root: join(root, 'test/bench/vue-repl'),
    base: './',
    logLevel: 'error',
    define: { __VUE_PROD_DEVTOOLS__: 'false', __VUE_OPTIONS_API__: 'true' },
    build: { outDir: vue, emptyOutDir: true },
  });
  await copyFile(
    join(root, 'node_modules/vue/dist/vue.runtime.esm-browser.prod.js'),
    join(vue, 'vue.js'),
  );
  const trivial = `#p=${encodeLink({ source: TRIVIAL, at: null, view: null })}`;
  const endless = `#p=${encodeLink({ source: ENDLESS, at: null, view: 'runs' })}`;
  const [site, peer] = [await serveStatically(ours), await serveStatically(vue)];
  const rounds: Record<'ours' | 'vue' | 'trivial' | 'stop', Marks[]> = {
    ours: [],
    vue: [],
    trivial: [],
    stop: [],
  };
  try {
    for (let round = 0; round < ROUNDS; round += 1) {
      rounds.ours.push(await measureCold(`${site.url}?example=partitions`, FIRST_EXAMPLE));
      rounds.vue.push(await measureCold(peer.url, VUE));
      rounds.trivial.push(await measureCold(site.url + trivial, ONE_KEY));
      rounds.stop.push(await measureCold(site.url + endless, STOP));
    }
  } finally {
    await Promise.all([site.close(), peer.close()]);
    await rm(directory, { recursive: true });
  }
  const span = (marks: readonly Marks[], from: string | null, to: string) =>
    marks.map((each) => (each.get(to) ?? NaN) - (from === null ? 0 : (each.get(from) ?? NaN)));
  console.table([
    figures('first example readable', 500, span(rounds.ours, null, 'readable')),
    figures('first materialization done', 1_500, span(rounds.ours, null, 'result')),
    figures("Vue's playground: editor readable", null, span(rounds.vue, null, 'readable')),
    figures("Vue's playground: first result", null, span(rounds.vue, null, 'result')),
    figures('one key, press to green', 300, span(rounds.trivial, 'pressed one', 'green one')),
    figures(
      '30 keys, press to green',
      1_000,
      span(rounds.trivial, 'pressed thirty', 'green thirty'),
    ),
    figures('stop of a cell that never yields', 50, span(rounds.stop, 'pressed stop', 'canceled')),
    figures(
      'longest task until it is readable',
      null,
      rounds.ours.map((marks) => marks.get('longest task before readable') ?? 0),
    ),
    figures(
      'longest task from then to the first result',
      100,
      rounds.ours.map((marks) => marks.get('longest task before result') ?? 0),
    ),
  ]);
}
