import type { Page } from 'playwright-core';
import { KeySpace } from '../../src/orchestration/key-space.ts';
import { makeTimeWindowPartitionsDefinition } from '../../src/partitions/definition/time-window.ts';
import { databaseName } from '../../src/storage/database.ts';
import type { HistoryHead } from '../../src/storage/history-head.ts';
import { asset, load } from '../orchestration/sample-assets.ts';
import { copyDevice } from './device-rows.ts';
import { examineDevice, type DeviceReport } from './device-faults.ts';
import { Profile, type KillableBrowser } from './killable-browser.ts';
import { expectCard, expectSaveState, linkTo, openLaunchPanel } from './notebook-page.ts';

/** How a backfill is killed. */
export interface KillTrial {
  /** Path of Chromium. */
  readonly executable: string;
  /** Where the site is; ends in a slash. */
  readonly siteUrl: string;
  readonly kills: number;
  /** Chooses the instants. */
  readonly seed: number;
  /** Whether the notebook's clock stands; else time passes, and a run that takes long is written as it goes. */
  readonly virtual: boolean;
}

/** What a trial came to. */
export interface KillReport extends DeviceReport {
  /** Kills before the backfill had come to its end. */
  readonly killsAtWork: number;
}

const FIRST_DAY = '2024-01-01';
/** The end of the last of 200 days. */
const END = '2024-07-19';
/** About how many events the backfill writes. */
const EVENTS = 5500;

/** 200 days, the same days of another asset that reads the day before too, and their weeks. */
const CELL = `const days = dg.DailyPartitionsDefinition({ startDate: '${FIRST_DAY}', endDate: '${END}' });
const weeks = dg.WeeklyPartitionsDefinition({ startDate: '${FIRST_DAY}', endDate: '${END}' });
const since_yesterday = dg.TimeWindowPartitionMapping({
  startOffset: -1,
  allowNonexistentUpstreamPartitions: true,
});

const visits = dg.asset({ partitionsDef: days }, (context) => Number(context.partitionKey.slice(8)));

const returns = dg.asset(
  { partitionsDef: days, ins: { visits: dg.AssetIn(visits, { partitionMapping: since_yesterday }) } },
  async (context, { visits }) => {
    // Some take so long, on any machine, that they are written as they go.
    if (context.partitionKey.endsWith('5')) await new Promise((done) => setTimeout(done, 400));
    return Object.keys(visits).length;
  },
);

const weekly = dg.asset(
  { partitionsDef: weeks, ins: { returns } },
  (context, { returns }) => Object.keys(returns).length,
);`;

const [days, weeks] = (['daily', 'weekly'] as const).map((className) =>
  makeTimeWindowPartitionsDefinition({ className, start: FIRST_DAY, end: END }),
);
const assets = [
  asset('visits', days),
  asset('returns', days, [load('visits')]),
  asset('weekly', weeks, [load('returns')]),
];
/** All days and weeks have ended. */
const NOW = Date.parse('2024-08-01T00:00:00Z');

/** The notebook of the trials: a backfill of 200 keys over three assets, in several waves. */
export function backfillNotebook(virtual: boolean): string {
  const now = virtual ? 'now: 2024-08-01T00:00:00Z\n' : '';
  return `<!-- partita 1\ntitle: Trial\n${now}zone: UTC\n-->\n\n\`\`\`ts\n${CELL}\n\`\`\`\n`;
}

/** Opens the notebook, keeps it on the device, and launches its backfill. */
export async function launchBackfill(page: Page, siteUrl: string, source: string): Promise<string> {
  await page.goto(siteUrl + linkTo(source));
  await page.getByRole('button', { name: 'Keep a copy', exact: true }).click();
  await page.waitForURL(/[?]notebook=/);
  await expectSaveState(page, 'Saved');
  await openLaunchPanel(page, 'visits');
  const panel = page.getByRole('dialog', { name: /^Materialize/ });
  for (const also of ['returns', 'weekly']) {
    await panel.getByRole('checkbox', { name: `Also ${also}`, exact: true }).check();
  }
  await panel.getByRole('button', { name: /^Launch/ }).click();
  return new URL(page.url()).searchParams.get('notebook') ?? '';
}

/**
 * Launches a backfill, kills the browser over it again and again, each time opening the notebook again and
 * nothing else, and looks at what is there once the backfill has come to its end.
 */
export async function tryKills(trial: KillTrial): Promise<KillReport> {
  const { executable, siteUrl, kills, seed, virtual } = trial;
  const source = backfillNotebook(virtual);
  const profile = await Profile.make(executable);
  let browser: KillableBrowser | null = null;
  try {
    browser = await profile.openBrowser();
    let page = await browser.context.newPage();
    const notebookId = await launchBackfill(page, siteUrl, source);
    const chance = new Chance(seed);
    let reached = await followBackfill(page, notebookId, 1);
    let killsAtWork = 0;
    for (let kill = 0; kill < kills; kill += 1) {
      const further = chance.below((1.8 * EVENTS) / (kills + 1));
      // Every fourth kill meets a notebook that is only being opened; where time passes, every fourth
      // a run that the log knows to have started.
      if (kill % 4 !== 3) {
        const moment = kill % 4 === 1 && !virtual ? 'started' : reached.events + further;
        reached = await followBackfill(page, notebookId, moment);
      }
      if (!reached.ended) killsAtWork += 1;
      await browser.kill();
      browser = await profile.openBrowser();
      page = await browser.context.newPage();
      await page.goto(`${siteUrl}?notebook=${notebookId}`);
    }
    await followBackfill(page, notebookId, Infinity);
    await showsAllGreen(page);
    const report = await examineBackfill(page, notebookId, source);
    return { ...report, killsAtWork };
  } finally {
    await browser?.kill();
    await profile.remove();
  }
}

/** Waits until the page says that every key is materialized. */
export async function showsAllGreen(page: Page): Promise<void> {
  const keySpace = new KeySpace({ effectiveAt: NOW, dynamicPartitions: new Map() });
  for (const { assetKey, partitionsDef } of assets) {
    const count = keySpace.indexOf(partitionsDef)?.count;
    await expectCard(page, assetKey, `${count} of ${count} materialized`);
  }
}

/** Looks through what the backfill left on the device. */
export async function examineBackfill(
  page: Page,
  notebookId: string,
  source: string,
): Promise<DeviceReport> {
  const expected = { notebookId, source, assets, now: NOW };
  return examineDevice(await copyDevice(page), expected);
}

/** How far a backfill has come. */
export interface Reached {
  /** In the log. */
  readonly events: number;
  readonly ended: boolean;
}

/** Waits until the log of a notebook has so many events, or says that a run has started, or its backfill has ended. */
export function followBackfill(
  page: Page,
  notebookId: string,
  moment: number | 'started',
): Promise<Reached> {
  return page.evaluate(watchLog, [databaseName('/'), notebookId, moment] as const);
}

/** Runs in the page; self-contained. It looks past the site's own code, which it does not disturb. */
async function watchLog([name, notebookId, moment]: readonly [
  string,
  string,
  number | 'started',
]): Promise<Reached> {
  const settled = <T>(request: IDBRequest<T>) =>
    new Promise<T>((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error ?? new Error('The database cannot be read.'));
    });
  const db = await settled(indexedDB.open(name));
  const ofBackfills = IDBKeyRange.bound([notebookId, 'backfill'], [notebookId, 'backfill', []]);
  try {
    for (;;) {
      const transaction = db.transaction(['heads', 'records'], 'readonly');
      const head = (await settled(transaction.objectStore('heads').get(notebookId))) as
        HistoryHead | undefined;
      const records = await settled(transaction.objectStore('records').getAll(ofBackfills));
      const events = head?.lastEventId ?? 0;
      const statuses = records.map(({ value }: { value: { status: string } }) => value.status);
      const ended =
        statuses.length > 0 && statuses.every((status) => status.startsWith('COMPLETED'));
      const isReached = moment === 'started' ? head?.runCounts.STARTED : events >= moment;
      if (ended || isReached) return { events, ended };
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
  } finally {
    db.close();
  }
}

/** The same numbers for the same seed. */
class Chance {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** A whole number from 0 to before `count`. */
  below(count: number): number {
    this.#state = (Math.imul(this.#state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((this.#state * count) / 2 ** 32);
  }
}
