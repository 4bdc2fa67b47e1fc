import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser } from 'playwright-core';
import { build } from 'vite';
import { encodeLink } from '../../src/notebook/encode-link.ts';
import { PLAYWRIGHT_ARGUMENTS } from '../browser/chromium-arguments.ts';
import { findChromium } from '../browser/find-browser.ts';
import { serveStatically } from '../browser/static-server.ts';
import { traceMainThread, type MainThreadTime } from './main-thread.ts';
import { SeededChance } from './workload.ts';
import {
  drag,
  GRAPH_ACTIONS,
  REPORT_BY_TURNS,
  SIZE_ACTIONS,
  untilCard,
  type WorkbenchAction,
} from './workbench-actions.ts';

const WRITTEN_SIZE = 'const SIZE = 10_000;';
const GOAL_MS = 100;

/** A notebook, and what is done with it. */
interface Trial {
  /** Heads its column. */
  readonly title: string;
  readonly source: string;
  /** An asset, and what its card says once the notebook stands. */
  readonly stands: readonly [asset: string, text: string];
  readonly actions: readonly WorkbenchAction[];
}

/** What the main thread did for what was done, by its name. */
type Times = ReadonlyMap<string, MainThreadTime>;

/**
 * Does in the workbench what a reader does, with the example `size` at several sizes and with a graph of 100 assets, and
 * prints of each action the longest task of the main thread, in processor time; of each motion also its frames.
 */
export async function run(): Promise<void> {
  const root = fileURLToPath(new URL('../../', import.meta.url));
  const directory = await mkdtemp(join(tmpdir(), 'partita-bench-'));
  await build({ root, logLevel: 'warn', build: { outDir: directory, emptyOutDir: true } });
  const written = await readFile(join(root, 'public/examples/size.md'), 'utf8');
  const site = await serveStatically(directory);
  const browser = await chromium.launch({
    executablePath: findChromium(),
    args: [...PLAYWRIGHT_ARGUMENTS],
  });
  try {
    const bare = await framesOfBarePage(browser);
    const sizes = new Map<string, Times>();
    for (const trial of sizeTrials(written)) {
      sizes.set(trial.title, await timesOf(browser, site.url, trial));
    }
    print(sizes, bare);
    const graph = graphTrial();
    print(new Map([[graph.title, await timesOf(browser, site.url, graph)]]), bare);
  } finally {
    await browser.close();
    await site.close();
    await rm(directory, { recursive: true });
  }
}

function sizeTrials(written: string): readonly Trial[] {
  const of = (size: number, title: string, before: readonly WorkbenchAction[]): Trial => ({
    title: `${size.toLocaleString('en-US')} ${title}`,
    source: written.replace(WRITTEN_SIZE, `const SIZE = ${size};`) + JOB,
    stands: ['readings', `0 of ${size.toLocaleString('en-US')}`],
    actions: [...before, ...SIZE_ACTIONS],
  });
  return [
    of(10, 'keys', []),
    of(100_000, 'keys', []),
    of(1_000_000, 'keys', []),
    of(1_000_000, 'by turns', REPORT_BY_TURNS),
  ];
}

/** Of the example's days. */
const JOB = `
\`\`\`ts
const days_job = dg.defineAssetJob('days_job', { selection: [daily_readings] });
const nightly = dg.buildScheduleFromPartitionedJob(days_job);
\`\`\`
`;

/** Each asset but the first reads up to three that come before it. */
function graphTrial(): Trial {
  const chance = new SeededChance(11);
  const assets = Array.from({ length: 100 }, (_, at) => {
    const read = Array.from({ length: Math.min(at, 3) }, () =>
      Math.max(0, at - 1 - chance.index(12)),
    );
    const deps = [...new Set(read)].map((other) => `asset_${other}`).join(', ');
    return `const asset_${at} = dg.asset({ partitionsDef: days, deps: [${deps}] }, () => 1);`;
  });
  const days = `const days = dg.DailyPartitionsDefinition({ startDate: '2026-01-01' });`;
  return {
    title: '100 assets',
    source: `<!-- partita 1
title: Graph
now: 2026-03-10T09:00:00Z
zone: UTC
-->

\`\`\`ts
${[days, ...assets].join('\n')}
\`\`\`
`,
    stands: ['asset_0', '0 of 68'],
    actions: GRAPH_ACTIONS,
  };
}

async function timesOf(browser: Browser, url: string, trial: Trial): Promise<Times> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  const link = `#p=${encodeLink({ source: trial.source, at: null, view: null })}`;
  const times = new Map<string, MainThreadTime>();
  const opening = traceMainThread(page, 3_000, async () => {
    await page.goto(url + link);
    await untilCard(page, ...trial.stands);
  });
  times.set('open the notebook', await opening);
  for (const { name, prepare, act, settleMs } of trial.actions) {
    const place = await prepare(page);
    if (!place) continue;
    times.set(name, await traceMainThread(page, settleMs, () => act(page, place)));
  }
  await context.close();
  return times;
}

/** Frames a second that this machine draws of a square on an empty page which follows the pointer: no view can have more. */
async function framesOfBarePage(browser: Browser): Promise<number> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  await page.setContent(
    '<div style="position: fixed; width: 40px; height: 40px; background: grey"></div>',
  );
  await page.evaluate(() => {
    const square = document.querySelector('div');
    addEventListener('pointermove', ({ clientX }) => {
      if (square) square.style.left = `${clientX}px`;
    });
  });
  const place = { x: 200, y: 200, width: 1000, height: 400 };
  const time = await traceMainThread(page, 1_500, () => drag(page, place));
  await context.close();
  return framesASecond(time);
}

function framesASecond({ frames, framesMs }: MainThreadTime): number {
  return (frames - 1) / (framesMs / 1000);
}

/**
 * A column for each trial.
 *
 * @param bare frames a second of an empty page.
 */
function print(trials: ReadonlyMap<string, Times>, bare: number): void {
  const one = (value: number) => Math.round(value * 10) / 10;
  const names = new Set([...trials.values()].flatMap((times) => [...times.keys()]));
  console.table(
    [...names].map((name) => ({
      'longest task, ms': name,
      ...Object.fromEntries(
        [...trials].map(([title, times]) => {
          const time = times.get(name);
          const ms = one(time?.longestMs ?? 0);
          return [title, time ? (ms > GOAL_MS ? `${ms} (too long)` : ms) : '–'];
        }),
      ),
    })),
  );
  const motions = [...SIZE_ACTIONS, ...GRAPH_ACTIONS].filter(({ isMotion }) => isMotion);
  console.table(
    motions.flatMap(({ name }) =>
      [...trials].flatMap(([title, times]) => {
        const time = times.get(name);
        if (!time) return [];
        const { frames, totalMs, scriptMs } = time;
        const rate = framesASecond(time);
        return {
          motion: name,
          of: title,
          frames,
          'frames a second': one(rate),
          'of an empty page, %': Math.round((rate / bare) * 100),
          'main thread a frame, ms': one(totalMs / frames),
          'script a frame, ms': one(scriptMs / frames),
        };
      }),
    ),
  );
}
