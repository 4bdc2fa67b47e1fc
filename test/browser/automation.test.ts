import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { expectAccessible } from './axe.ts';
import { DESKTOP, PHONE, useChromium, visit } from './chromium.ts';
import { expectCard, linkTo, notebookOf, showView } from './notebook-page.ts';

useChromium();

const CUSTOMERS = `const customers = dg.StaticPartitionsDefinition(['customer_a', 'customer_b', 'customer_c']);
const orders = dg.asset({ partitionsDef: customers }, (context) => context.partitionKey);
const orders_job = dg.defineAssetJob('orders_job', { selection: [orders], partitionsDef: customers });`;

/** A schedule that asks for every customer; as the seed prints it, without run keys. */
const NIGHTLY = `const nightly = dg.schedule(
  { cronSchedule: '0 1 * * *', job: orders_job },
  () => customers.getPartitionKeys().map((partitionKey) => dg.RunRequest({ partitionKey })),
);`;

const MENDED = NIGHTLY.replace('{ partitionKey }', '{ partitionKey, runKey: partitionKey }');

const WATCHER = `const images = dg.DynamicPartitionsDefinition({ name: 'images' });
const image = dg.asset({ partitionsDef: images }, (context) => context.partitionKey);
const images_job = dg.defineAssetJob('images_job', { selection: [image], partitionsDef: images });
const watcher = dg.sensor({ job: images_job }, (context) => {
  const next = Number(context.cursor ?? 0) + 1;
  context.log.info(\`looked \${next} times\`);
  return dg.SensorResult({
    runRequests: [dg.RunRequest({ partitionKey: \`image_\${next}\`, runKey: \`image_\${next}\` })],
    dynamicPartitionsRequests: [images.buildAddRequest([\`image_\${next}\`])],
    cursor: String(next),
  });
});`;

/** Days, each of which is loaded with a config of its own. */
const DAYS = `const days = dg.DailyPartitionsDefinition({ startDate: '2026-03-01' });
const Load = dg.Config({ limit: z.int().default(1) });
const daily = dg.asset({ partitionsDef: days, config: Load }, (context) => context.config.limit);
const daily_job = dg.defineAssetJob('daily_job', { selection: [daily], partitionsDef: days });
const nightly = dg.schedule({ cronSchedule: '0 1 * * *', job: daily_job }, (context) => {
  const day = DateTime.fromMillis(Number(context.scheduledExecutionTime), { zone: 'utc' }).minus({ days: 1 });
  return dg.RunRequest({
    partitionKey: day.toFormat('yyyy-MM-dd'),
    runConfig: { ops: { daily: { config: { limit: day.day } } } },
  });
});`;

const schedule = (page: Page) => page.getByRole('region', { name: 'Schedule nightly' });
const sensor = (page: Page) => page.getByRole('region', { name: 'Sensor watcher' });

async function openClock(page: Page) {
  await page.getByRole('button', { name: /^Clock/ }).click();
  return page.getByRole('dialog', { name: 'Clock' });
}

describe('the clock', () => {
  it('[AU-2] [AU-4] is stepped to the tick that it names, run on, and set back', async () => {
    await visit(linkTo(notebookOf(CUSTOMERS, MENDED)), {}, async ({ page }) => {
      await schedule(page).getByRole('switch').click();
      const clock = await openClock(page);
      const next = clock.getByRole('listitem');
      await next.filter({ hasText: 'Wed 11 Mar 2026, 01:00' }).getByText('ticks').waitFor();
      await next.getByRole('button', { name: 'Go' }).click();
      await expectCard(page, 'orders', '3 of 3 materialized');
      await page.getByRole('button', { name: /^Clock Wed 11 Mar 2026, 01:00/ }).waitFor();
      await clock.getByRole('button', { name: '+1 week' }).click();
      await page.getByRole('button', { name: /^Clock Wed 18 Mar 2026, 01:00/ }).waitFor();
      await schedule(page).getByText('18 Mar, 01:00').waitFor();
      await clock.getByRole('textbox', { name: 'Instant' }).fill('2026-03-12');
      await clock.getByRole('button', { name: 'Set back' }).click();
      await page.getByRole('button', { name: /^Clock Thu 12 Mar 2026, 00:00/ }).waitFor();
      await clock.getByRole('textbox', { name: 'Instant' }).fill('soon');
      await clock.getByRole('textbox', { name: 'Instant' }).press('Enter');
      await clock.getByRole('alert').getByText('"soon" is no instant').waitFor();
      await clock.getByRole('button', { name: 'Back to the start' }).click();
      await page.getByRole('button', { name: /^Clock Tue 10 Mar 2026, 09:00/ }).waitFor();
    });
  });

  it('[AU-9] plays until it is stopped, and can be real', async () => {
    await visit(linkTo(notebookOf(CUSTOMERS, MENDED)), {}, async ({ page }) => {
      await schedule(page).getByRole('switch').click();
      const clock = await openClock(page);
      await clock.getByText('1 day', { exact: true }).click();
      await clock.getByRole('button', { name: 'Play' }).click();
      await expectCard(page, 'orders', '3 of 3 materialized');
      await page.getByRole('button', { name: 'Stop the clock' }).click();
      await page.getByRole('button', { name: 'Play the clock' }).waitFor();
      await openClock(page);
      await clock.getByText('Real time', { exact: true }).click();
      await clock.getByText('Time passes by itself.').waitFor();
      await clock.getByText('Virtual', { exact: true }).click();
      await page.getByRole('button', { name: /^Clock Tue 10 Mar 2026, 09:00/ }).waitFor();
    });
  });
});

describe('a schedule', () => {
  it('[SCH-11] whose requests lack run keys says so before its tick, and is mended by a press', async () => {
    await visit(linkTo(notebookOf(CUSTOMERS, NIGHTLY)), {}, async ({ page }) => {
      const card = schedule(page);
      await card.scrollIntoViewIfNeeded();
      await card
        .getByText(/would fail/)
        .first()
        .waitFor();
      await card.getByRole('switch').click();
      const clock = await openClock(page);
      await clock.getByRole('button', { name: '+1 day' }).click();
      await card
        .getByRole('list', { name: 'Last ticks' })
        .getByText(
          'Schedules that return multiple RunRequests must specify a run_key in each RunRequest',
        )
        .waitFor();
      await page.keyboard.press('Escape');
      await card.getByText('runKey: partitionKey').waitFor();
      await card.getByRole('button', { name: /^Apply to cell/ }).click();
      await card.getByText('customer_a').first().waitFor();
      await openClock(page);
      await clock.getByRole('button', { name: '+1 day' }).click();
      await expectCard(page, 'orders', '3 of 3 materialized');
      await card.getByText('asked for 3 runs').waitFor();
    });
  });

  it('[AU-3] [SCH-15] that was off for three days makes up for the latest tick alone', async () => {
    await visit(linkTo(notebookOf(CUSTOMERS, MENDED)), {}, async ({ page }) => {
      await expectCard(page, 'orders', '0 of 3 materialized');
      await showView(page, 'Automation');
      const view = page.getByRole('tabpanel');
      await view.getByRole('switch').click();
      await view.getByText('A machine that is off for a while').click();
      await view.getByText('misses 3 ticks. Only the latest is made up for').waitFor();
      await view.getByRole('button', { name: /^Start again at Fri 13 Mar/ }).click();
      const ticks = view.getByRole('region', { name: 'Ticks of nightly so far' });
      await ticks.getByText('asked for 3 runs', { exact: true }).waitFor();
      await expect.poll(() => ticks.getByRole('listitem').count()).toBe(1);
      await ticks.getByRole('button', { name: 'Look at this tick' }).click();
      await view.getByText(/was made up for at Fri 13 Mar 2026, 09:00/).waitFor();
    });
  });

  it('[AU-11] is tried at an instant, and what it would launch is launched with its config', async () => {
    await visit(linkTo(notebookOf(DAYS)), {}, async ({ page }) => {
      await expectCard(page, 'daily', '0 of 9 materialized');
      await showView(page, 'Automation');
      const view = page.getByRole('tabpanel');
      await view.getByText('Dry run at any instant').click();
      const at = view.getByRole('textbox', { name: 'At', exact: true });
      await at.fill('2026-03-20 01:00');
      await page.keyboard.press('Enter');
      const report = view.getByRole('status').filter({ hasText: 'ask for 1 run' });
      await report.getByRole('cell', { name: 'limit: 19' }).waitFor();
      await report.getByRole('button', { name: 'Launch 1 run' }).click();
      await report.getByRole('alert').getByText('2026-03-19 is not a key of daily now').waitFor();
      await at.fill('2026-03-05 01:00');
      await page.keyboard.press('Enter');
      await report.getByRole('row', { name: /2026-03-04 .*limit: 4/ }).waitFor();
      await report.getByRole('button', { name: 'Launch 1 run' }).focus();
      await page.keyboard.press('Enter');
      await expectCard(page, 'daily', '1 of 9 materialized');
      await report.getByText(/^Done: 1 run/).waitFor();
      await view.getByText('No ticks yet').waitFor();
      await view.getByText('The next 365 days').click();
      await view.getByRole('button', { name: 'Find out' }).click();
      await view
        .getByRole('row', { name: /Wed 11 Mar 2026, 01:00 2026-03-10 limit: 10/ })
        .waitFor();
      await expectAccessible(page);
    });
  });

  it('the days that no tick asks for are marked in the year to come', async () => {
    const weekdays = `const days = dg.DailyPartitionsDefinition({ startDate: '2026-03-01' });
const daily = dg.asset({ partitionsDef: days }, () => 1);
const daily_job = dg.defineAssetJob('daily_job', { selection: [daily], partitionsDef: days });
const nightly = dg.schedule({ cronSchedule: '0 1 * * 1-5', job: daily_job }, (context) =>
  dg.RunRequest({
    partitionKey: DateTime.fromMillis(Number(context.scheduledExecutionTime), { zone: 'utc' })
      .minus({ days: 1 }).toFormat('yyyy-MM-dd'),
  }));`;
    await visit(linkTo(notebookOf(weekdays)), {}, async ({ page }) => {
      await expectCard(page, 'daily', '0 of 9 materialized');
      await showView(page, 'Automation');
      const view = page.getByRole('tabpanel');
      await view.getByText('The next 365 days').click();
      await view.getByRole('button', { name: 'Find out' }).click();
      await view.getByText('104 keys left out.').waitFor();
      const monday = view.getByRole('row', { name: /^Mon 16 Mar 2026, 01:00/ });
      await monday.getByText('2026-03-13').waitFor();
      await monday.getByText('2026-03-14').waitFor();
      await monday.getByText('2026-03-15').waitFor();
    });
  });
});

describe('a sensor', () => {
  it('[AU-5] [AU-10] is asked dry and in earnest, and its cursor is written by hand', async () => {
    await visit(linkTo(notebookOf(WATCHER)), {}, async ({ page }) => {
      const card = sensor(page);
      await card.getByRole('button', { name: 'Dry run' }).click();
      await card.getByText('looked 1 times').waitFor();
      await expectCard(page, 'image', '0 of 0 materialized');
      await card
        .getByRole('button', { name: 'Launch 1 run, change 1 key and keep the cursor' })
        .click();
      await expectCard(page, 'image', '1 of 1 materialized');
      await card.getByText(/^Done: 1 run/).waitFor();
      await card.getByRole('button', { name: 'Evaluate now' }).click();
      await expectCard(page, 'image', '2 of 2 materialized');
      await card.getByRole('button', { name: 'Edit' }).click();
      await card.getByRole('textbox', { name: 'Cursor' }).fill('6');
      await card.getByRole('button', { name: 'Set' }).click();
      await card.getByRole('button', { name: 'Evaluate now' }).click();
      await expectCard(page, 'image', '3 of 3 materialized');
      await page.getByRole('list', { name: 'Keys of images' }).getByText('image_7').waitFor();
    });
  });

  it('[DYN-6] keys are added and deleted by hand too', async () => {
    await visit(linkTo(notebookOf(WATCHER)), {}, async ({ page }) => {
      const field = page.getByRole('textbox', { name: 'New key' });
      await field.fill('cat.png');
      await field.press('Enter');
      const keys = page.getByRole('list', { name: 'Keys of images' });
      await keys.getByText('cat.png').waitFor();
      await expectCard(page, 'image', '0 of 1 materialized');
      await field.fill('cat.png');
      await field.press('Enter');
      await page.getByText('cat.png is a key of images already.').waitFor();
      await keys.getByRole('button', { name: 'Delete cat.png' }).click();
      await page.getByText('No keys yet.').waitFor();
    });
  });
});

describe.each(
  [DESKTOP, PHONE].flatMap((viewport) =>
    (['light', 'dark'] as const).map((colorScheme) => ({ viewport, colorScheme })),
  ),
)('automation at $viewport.width px, $colorScheme', (options) => {
  it('axe finds nothing serious, nothing is too wide, and ticks are reached by keys', async () => {
    await visit(linkTo(notebookOf(CUSTOMERS, NIGHTLY, WATCHER)), options, async ({ page }) => {
      await schedule(page).getByRole('switch').click();
      const clock = await openClock(page);
      await clock.getByRole('button', { name: '+1 day' }).click();
      await page.getByRole('button', { name: 'Stop the clock' }).waitFor({ state: 'detached' });
      await expectAccessible(page);
      await page.keyboard.press('Escape');
      await schedule(page).scrollIntoViewIfNeeded();
      await schedule(page).getByRole('list', { name: 'Last ticks' }).waitFor();
      await sensor(page).scrollIntoViewIfNeeded();
      await sensor(page).getByRole('button', { name: 'Dry run' }).click();
      await sensor(page).getByText('looked 1 times').waitFor();
      await expectAccessible(page);
      await showView(page, 'Automation');
      const lane = page.getByRole('slider', { name: 'Ticks of nightly' });
      await lane.getByTitle(/Wed 11 Mar 2026, 01:00: failed/).waitFor();
      await lane.focus();
      await page.keyboard.press('ArrowLeft');
      await expect
        .poll(() => lane.getAttribute('aria-valuetext'))
        .toMatch(/Wed 11 Mar 2026, 01:00: failed/);
      await page.getByRole('heading', { name: /Wed 11 Mar 2026, 01:00 UTC/ }).waitFor();
      await page.getByText('Dry run at any instant').click();
      await expectAccessible(page);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(
        options.viewport.width,
      );
    });
  });
});
