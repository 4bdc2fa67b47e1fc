/*
 * `npm run pictures -- FOLDER [FILTER]`: builds the site, and writes a picture of every view with 3, 300
 * and 100,000 keys, on a screen and on a phone, in both themes, to FOLDER. Some keys are
 * materialized, one has failed, some are stale. FILTER chooses views by a part of their names.
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { build, runnerImport } from 'vite';

const [, , folder, filter = ''] = process.argv;
if (!folder) {
  console.error('Name a folder for the pictures.');
  process.exit(2);
}
const root = fileURLToPath(new URL('../../', import.meta.url));
const load = async (path) => (await runnerImport(join(root, 'test/browser', path))).module;
const { serveStatically } = await load('static-server.ts');
const { findChromium } = await load('find-browser.ts');
const { PLAYWRIGHT_ARGUMENTS } = await load('chromium-arguments.ts');
const { assetCard, expectCard, linkTo, openLaunchPanel, runRow, showView } =
  await load('notebook-page.ts');

const SIZES = [3, 300, 100_000];
const SCREENS = [
  { name: 'desktop', viewport: { width: 1440, height: 900 } },
  { name: 'phone', viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
];

/** An hour in the latest three fails, a job and a schedule have something to show. */
const sourceOf = (size) => `<!-- partita 1
title: ${size.toLocaleString('en-US')} hours
now: 2026-03-10T09:00:00Z
zone: UTC
-->

# Readings of a station

Each hour is read, and each day is summed up.

\`\`\`ts
const NOW = DateTime.utc(2026, 3, 10, 9);
const hours = dg.HourlyPartitionsDefinition({ startDate: NOW.minus({ hours: ${size} }) });
const days = dg.DailyPartitionsDefinition({ startDate: NOW.minus({ hours: ${Math.max(size, 48)} }) });
const stations = dg.StaticPartitionsDefinition(['harbour', 'hill', 'airport']);
\`\`\`

\`\`\`ts
const readings = dg.asset(
  { partitionsDef: hours, config: dg.Config({ unit: z.enum(['celsius', 'kelvin']).default('celsius') }) },
  (context) => {
    context.log.info(\`Reading \${context.partitionKey}\`);
    if (context.partitionKey.endsWith('07:00')) throw new Error('the station did not answer');
    return { hour: context.partitionKey, unit: context.config.unit };
  },
);

const daily_readings = dg.asset(
  { partitionsDef: days, deps: [readings] },
  (context) => context.partitionKey,
);

const by_station = dg.asset(
  { partitionsDef: dg.MultiPartitionsDefinition({ day: days, station: stations }), deps: [daily_readings] },
  () => 1,
);
\`\`\`

\`\`\`ts
const days_job = dg.defineAssetJob('days_job', { selection: [daily_readings] });
const nightly = dg.buildScheduleFromPartitionedJob(days_job);
\`\`\`
`;

const tab = (name) => (page) => showView(page, name);
const back = (page) => page.keyboard.press('Escape');

/** Of each view how to get there and how to leave it; in the order in which they are visited. */
const VIEWS = [
  { name: 'notebook', open: async () => {} },
  { name: 'launch', open: (page) => openLaunchPanel(page, 'readings'), close: back },
  {
    name: 'launch-plan',
    open: async (page) => {
      const panel = await openLaunchPanel(page, 'readings');
      await panel.getByText('Also daily_readings').first().click();
      await panel.getByRole('textbox', { name: 'Partitions', exact: true }).fill('latest 100');
    },
    close: back,
  },
  { name: 'partitions', open: tab('Partitions') },
  {
    name: 'partitions-keys',
    open: (page) => page.getByRole('radio', { name: 'Keys', exact: true }).click({ force: true }),
    close: (page) => page.getByRole('radio', { name: /^Time/ }).first().click({ force: true }),
  },
  {
    name: 'partitions-select',
    open: async (page) => {
      await page.getByRole('button', { name: 'Select keys', exact: true }).click();
      await page
        .getByRole('textbox', { name: 'Partitions', exact: true })
        .fill('failed | latest 2');
    },
    close: async (page) => {
      await page.getByRole('button', { name: 'Done', exact: true }).click();
      await page.getByRole('button', { name: 'Clear', exact: true }).first().click();
    },
  },
  {
    name: 'key',
    open: async (page) => {
      const slider = page
        .getByRole('slider', { name: /^(Timeline|Keys|Partitions) of readings/ })
        .last();
      await slider.focus();
      await page.keyboard.press('End');
      await page.keyboard.press('ArrowLeft');
      await page.keyboard.press('Enter');
    },
  },
  { name: 'mappings', open: tab('Mappings') },
  { name: 'graph', open: tab('Graph') },
  { name: 'runs', open: tab('Runs') },
  {
    name: 'run',
    open: (page) => runRow(page, 'Failure').first().click(),
    close: (page) => page.goBack(),
  },
  { name: 'backfills', open: tab('Backfills') },
  {
    name: 'backfill',
    open: (page) => page.getByRole('row').nth(1).getByRole('button').first().click(),
    close: (page) => page.goBack(),
  },
  { name: 'automation', open: tab('Automation') },
  { name: 'jobs', open: tab('Jobs') },
  {
    name: 'launchpad',
    open: (page) =>
      page
        .getByRole('button', { name: /Launchpad/ })
        .first()
        .click(),
    close: back,
  },
  {
    name: 'clock',
    open: (page) => page.getByRole('button', { name: /^Clock/ }).click(),
    close: back,
  },
  { name: 'commands', open: (page) => page.keyboard.press('ControlOrMeta+k'), close: back },
];

async function prepare(page, size) {
  const some = Math.max(1, Math.floor(size * 0.6));
  await expectCard(page, 'readings', new RegExp(`^0 of `));
  const launch = async (asset, keys) => {
    const panel = await openLaunchPanel(page, asset);
    await panel.getByRole('textbox', { name: 'Partitions', exact: true }).fill(keys);
    await panel.getByRole('button', { name: /^Launch/ }).click();
  };
  await showView(page, 'Partitions');
  await page.getByRole('button', { name: 'Select keys', exact: true }).click();
  await page.getByRole('textbox', { name: 'Partitions', exact: true }).fill(`latest ${some}`);
  await page.getByRole('button', { name: 'Report as materialized' }).click();
  await page.getByRole('button', { name: 'Done', exact: true }).click();
  await page.getByRole('button', { name: 'Clear', exact: true }).first().click();
  const notebook = page.getByRole('navigation', { name: 'Panes' });
  const toCells = async () => {
    if (await notebook.isVisible())
      await notebook.getByRole('button', { name: 'Notebook' }).click();
  };
  await toCells();
  await launch('daily_readings', 'latest 1');
  await expectCard(page, 'daily_readings', /^1 of /);
  await toCells();
  await launch('readings', 'latest 3');
  await expectCard(page, 'readings', '1 failed');
  await toCells();
}

const directory = await mkdtemp(join(tmpdir(), 'partita-pictures-'));
await build({ root, logLevel: 'warn', build: { outDir: directory, emptyOutDir: true } });
await mkdir(folder, { recursive: true });
const site = await serveStatically(directory);
const browser = await chromium.launch({
  executablePath: findChromium(),
  args: [...PLAYWRIGHT_ARGUMENTS],
});
const missing = [];
for (const { name: screen, ...options } of SCREENS) {
  for (const size of SIZES) {
    const context = await browser.newContext(options);
    context.setDefaultTimeout(15_000);
    const page = await context.newPage();
    await page.goto(site.url + linkTo(sourceOf(size)));
    await prepare(page, size);
    for (const { name, open, close } of VIEWS) {
      const wanted = name.includes(filter);
      const title = `${name}-${size}-${screen}`;
      try {
        await open(page);
        for (const colorScheme of wanted ? ['light', 'dark'] : []) {
          await page.emulateMedia({ colorScheme });
          await page.waitForTimeout(700);
          await page.screenshot({ path: join(folder, `${title}-${colorScheme}.png`) });
        }
        await page.emulateMedia({ colorScheme: 'light' });
        await close?.(page);
      } catch (error) {
        missing.push(`${title}: ${error.message.split('\n')[0]}`);
      }
    }
    await context.close();
  }
}
for (const line of missing) console.error(`not seen: ${line}`);
await browser.close();
await site.close();
await rm(directory, { recursive: true });
