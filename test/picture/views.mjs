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
const { expectCard, linkTo, openLaunchPanel, runRow, showView } = await load('notebook-page.ts');

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
const escape = (page) => page.keyboard.press('Escape');

/** Brings the cells to the front, which on a phone are a pane of their own. */
async function showCells(page) {
  const panes = page.getByRole('navigation', { name: 'Panes' });
  if (await panes.isVisible()) await panes.getByRole('button', { name: 'Notebook' }).click();
}

async function openLaunch(page) {
  await showCells(page);
  return openLaunchPanel(page, 'readings');
}

async function pick(page, text) {
  await page.getByRole('button', { name: 'Select keys', exact: true }).click();
  await page.getByRole('textbox', { name: 'Partitions', exact: true }).fill(text);
}

async function pickNothing(page) {
  await page.getByRole('button', { name: 'Done', exact: true }).click();
  await page.getByRole('button', { name: 'Clear', exact: true }).first().click();
}

/** Runs in the page. */
function scrollUp(element) {
  element.scrollIntoView({ block: 'start' });
}

/** Of each view how to get there and how to leave it; in the order in which they are visited. */
const VIEWS = [
  { name: 'notebook', open: showCells },
  { name: 'launch', open: openLaunch, close: escape },
  {
    name: 'plan',
    open: async (page) => {
      const panel = await openLaunch(page);
      await panel.getByRole('checkbox', { name: 'Also daily_readings' }).check();
      const both = page.getByRole('dialog', { name: 'Materialize 2 assets' });
      await both.getByRole('textbox', { name: 'Partitions', exact: true }).fill('latest 100');
    },
    close: escape,
  },
  {
    name: 'options',
    open: async (page) => {
      const panel = await openLaunch(page);
      await panel.getByRole('textbox', { name: 'Partitions', exact: true }).fill('latest 5');
      await panel.getByText('Config per key').click();
      await panel.getByText('Run options').click();
    },
    close: escape,
  },
  { name: 'time', open: tab('Partitions') },
  {
    name: 'keys',
    open: (page) => page.getByRole('radio', { name: 'Keys', exact: true }).check({ force: true }),
    close: (page) => page.getByRole('radio', { name: /^Time/ }).first().check({ force: true }),
  },
  { name: 'select', open: (page) => pick(page, 'failed | latest 2'), close: pickNothing },
  {
    name: 'key',
    open: async (page) => {
      await page.getByRole('slider', { name: 'Timeline of readings' }).focus();
      for (const key of ['End', 'ArrowLeft', 'Enter']) await page.keyboard.press(key);
    },
  },
  {
    name: 'detail',
    open: (page) => page.getByRole('button', { name: 'Materialize this key' }).evaluate(scrollUp),
  },
  { name: 'mappings', open: tab('Mappings') },
  { name: 'graph', open: tab('Graph') },
  { name: 'runs', open: tab('Runs') },
  {
    name: 'times',
    open: (page) => page.getByRole('checkbox', { name: 'When they ran' }).check(),
    close: (page) => page.getByRole('checkbox', { name: 'When they ran' }).uncheck(),
  },
  { name: 'run', open: (page) => runRow(page, 'failed').first().click() },
  { name: 'backfills', open: tab('Backfills') },
  { name: 'automation', open: tab('Automation') },
  {
    name: 'year',
    open: async (page) => {
      await page.getByText('The next 365 days').click();
      await page.getByText('The next 365 days').evaluate(scrollUp);
    },
  },
  { name: 'jobs', open: tab('Jobs') },
  {
    name: 'launchpad',
    open: (page) =>
      page.getByRole('tabpanel').getByRole('button', { name: 'Open launchpad' }).click(),
    close: escape,
  },
  {
    name: 'clock',
    open: (page) => page.getByRole('button', { name: /^Clock/ }).click(),
    close: escape,
  },
  { name: 'commands', open: (page) => page.keyboard.press('ControlOrMeta+k'), close: escape },
];

async function prepare(page, size) {
  await expectCard(page, 'readings', /^0 of /);
  const launch = async (asset, keys) => {
    await showCells(page);
    const panel = await openLaunchPanel(page, asset);
    await panel.getByRole('textbox', { name: 'Partitions', exact: true }).fill(keys);
    await panel.getByRole('button', { name: /^Launch/ }).click();
  };
  await showView(page, 'Partitions');
  // No more than can be reported at once.
  await pick(page, `latest ${Math.min(50_000, Math.ceil(size * 0.6))}`);
  await page.getByRole('button', { name: 'Report as materialized' }).click();
  await pickNothing(page);
  await launch('daily_readings', 'latest 1');
  await expectCard(page, 'daily_readings', /^1 of /);
  await launch('readings', 'latest 3');
  await expectCard(page, 'readings', '1 failed');
  // A night passes, and its tick asks for a day.
  await showCells(page);
  await page
    .getByRole('region', { name: 'Schedule days_job_schedule' })
    .getByRole('switch')
    .click();
  await page.getByRole('button', { name: /^Clock/ }).click();
  await page.getByRole('button', { name: '+1 day' }).click();
  await page.getByRole('button', { name: /^Clock .*11 Mar.*09:00/ }).waitFor();
  await escape(page);
  await expectCard(page, 'daily_readings', /^2 of /);
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
    context.setDefaultTimeout(4_000);
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
        await escape(page);
      }
    }
    await context.close();
  }
}
for (const line of missing) console.error(`not seen: ${line}`);
await browser.close();
await site.close();
await rm(directory, { recursive: true });
