import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { build } from 'vite';
import { CHROMIUM_ARGUMENTS } from '../browser/chromium-arguments.ts';
import { findChromium } from '../browser/find-browser.ts';
import { serveStatically } from '../browser/static-server.ts';
import { encodeLink } from '../../src/notebook/encode-link.ts';
import type { Script } from './in-page.ts';
import { figures, measureCold, type Marks } from './measure-cold.ts';
import type { SessionFigures } from './session-page/page.ts';

const ROUNDS = 3;
const SESSIONS = 15;
/** What a session may take beyond two of the browser's own workers, in ms. */
const BEYOND_TWO_WORKERS_MS = 20;

/** Two assets of 1,000 days, whose functions do next to nothing. */
const NOTEBOOK = `\`\`\`ts
const days = dg.DailyPartitionsDefinition({ startDate: '2021-01-01', endDate: '2023-09-28' });

const readings = dg.asset({ partitionsDef: days }, (context) => context.partitionKey.length);

const doubled = dg.asset(
  { partitionsDef: days, ins: { readings: dg.AssetIn(readings) } },
  (context, { readings }) => readings * 2,
);
\`\`\`
`;

const TWO_ASSETS: Script = {
  steps: [
    { mark: null, within: 'Asset doubled', text: ['0 of 1,000 materialized'] },
    { mark: 'ready', press: 'Materialize 2 assets', afterMs: 1_000 },
    { mark: 'pressed', within: 'Materialize 2 assets', press: 'Launch' },
    { mark: null, within: 'Asset readings', text: ['1,000 of 1,000 materialized'] },
    { mark: 'green', within: 'Asset doubled', text: ['1,000 of 1,000 materialized'] },
  ],
};

/**
 * Measures a backfill of 1,000 partitions × 2 assets from the press to green, how long the page was held up meanwhile,
 * and a run of two assets in a session made for it beside the browser's own workers.
 */
export async function run(): Promise<void> {
  const root = fileURLToPath(new URL('../../', import.meta.url));
  const directory = await mkdtemp(join(tmpdir(), 'partita-bench-'));
  const [whole, alone] = [join(directory, 'whole'), join(directory, 'alone')];
  await build({ root, logLevel: 'warn', build: { outDir: whole, emptyOutDir: true } });
  const page = fileURLToPath(new URL('session-page/', import.meta.url));
  await build({
    configFile: join(root, 'vite.config.ts'),
    root: page,
    publicDir: false,
    logLevel: 'warn',
    build: {
      outDir: alone,
      emptyOutDir: true,
      rolldownOptions: { input: { app: join(page, 'index.html') } },
    },
  });
  const [site, engine] = [await serveStatically(whole), await serveStatically(alone)];
  const link = `?picked=readings.doubled#p=${encodeLink({ source: NOTEBOOK, at: null, view: 'graph' })}`;
  const rounds: Marks[] = [];
  const sessions: SessionFigures[] = [];
  try {
    for (let round = 0; round < ROUNDS; round += 1) {
      rounds.push(await measureCold(site.url + link, TWO_ASSETS));
      sessions.push(await measureSessions(engine.url));
    }
  } finally {
    await Promise.all([site.close(), engine.close()]);
    await rm(directory, { recursive: true });
  }
  const workers = sessions.flatMap((each) => each.workers);
  const worker = workers.toSorted((a, b) => a - b)[workers.length >> 1] ?? Number.NaN;
  console.table([
    figures(
      '1,000 × 2, press to green',
      10_000,
      rounds.map((marks) => (marks.get('green') ?? NaN) - (marks.get('pressed') ?? NaN)),
    ),
    figures(
      'longest task of the page meanwhile',
      100,
      rounds.map((marks) => marks.get('longest task before green') ?? NaN),
    ),
    figures('a worker in the warm frame', null, workers),
    figures(
      'two assets with their history, in a session made for them',
      Math.round(2 * worker + BEYOND_TWO_WORKERS_MS),
      sessions.flatMap((each) => each.runs),
    ),
  ]);
}

/** In a browser of its own; the first round warms the frame and the code, and is left out. */
async function measureSessions(url: string): Promise<SessionFigures> {
  const browser = await chromium.launch({
    executablePath: findChromium(),
    args: [...CHROMIUM_ARGUMENTS],
  });
  try {
    const page = await browser.newPage();
    await page.goto(url);
    await page.waitForFunction(() => 'measureSessions' in globalThis);
    const { workers, runs } = await page.evaluate(
      (rounds) => window.measureSessions(rounds),
      SESSIONS,
    );
    return { workers: workers.slice(1), runs: runs.slice(1) };
  } finally {
    await browser.close();
  }
}
