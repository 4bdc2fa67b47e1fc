import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { build } from 'vite';
import { CHROMIUM_ARGUMENTS } from '../browser/chromium-arguments.ts';
import { findChromium } from '../browser/find-browser.ts';
import { serveStatically } from '../browser/static-server.ts';
import type { HistoryFigures } from './history-in-page.ts';

const ROUNDS = 5;

/** Measures how fast history is written, against the browser alone, and read; prints the medians. */
export async function run(): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'partita-bench-'));
  const entry = fileURLToPath(new URL('history-in-page.ts', import.meta.url));
  await build({
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    build: {
      outDir: directory,
      emptyOutDir: true,
      lib: { entry, formats: ['es'], fileName: 'history' },
    },
  });
  await writeFile(
    join(directory, 'index.html'),
    '<script type="module" src="history.js"></script>',
  );
  const site = await serveStatically(directory);
  const rounds: HistoryFigures[] = [];
  try {
    for (let round = 0; round < ROUNDS; round += 1) rounds.push(await measure(site.url, round));
  } finally {
    await site.close();
    await rm(directory, { recursive: true });
  }
  const median = (figure: (round: HistoryFigures) => number) =>
    rounds.map(figure).toSorted((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? NaN;
  const row = (what: string, floor: string, figure: (round: HistoryFigures) => number) => ({
    what,
    floor,
    median: Math.round(median(figure) * 100) / 100,
  });
  console.table([
    row('writing 1,000 × 2, through the store, ms', '', ({ store }) => store),
    row('the same rows by the browser alone, ms', '', ({ raw }) => raw),
    row('ratio', 'at most 1.25', ({ store, raw }) => store / raw),
    row('events', '', ({ events }) => events),
    row('events a row', 'at least 10', ({ events, eventRows }) => events / eventRows),
    row(
      '100,000 materializations: checkpoint and the rest, ms',
      '1,000 with the bar',
      (round) => round.checkpoint,
    ),
    row('… the whole log, ms', '', ({ wholeLog }) => wholeLog),
    row('a page of 50 runs, ms', '', ({ page }) => page),
    row('the events of one run, ms', '', ({ runEvents }) => runEvents),
  ]);
}

/** One round in a browser that has never run, with an empty profile on disk. */
async function measure(url: string, round: number): Promise<HistoryFigures> {
  const profile = await mkdtemp(join(tmpdir(), 'partita-profile-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: findChromium(),
    args: [...CHROMIUM_ARGUMENTS],
  });
  try {
    const page = await context.newPage();
    await page.goto(url);
    await page.waitForFunction(() => 'measureHistory' in globalThis);
    return await page.evaluate(
      (storeFirst) =>
        (
          globalThis as unknown as { measureHistory(first: boolean): Promise<HistoryFigures> }
        ).measureHistory(storeFirst),
      round % 2 === 0,
    );
  } finally {
    await context.close();
    await rm(profile, { recursive: true, force: true });
  }
}
