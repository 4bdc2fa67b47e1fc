import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { expectAccessible } from './axe.ts';
import { DESKTOP, PHONE, useChromium, visit } from './chromium.ts';
import {
  expectCard,
  linkTo,
  materialize,
  notebookOf,
  openLaunchPanel,
  showView,
} from './notebook-page.ts';

useChromium();

/** Colours by day, of which one key fails; and customers, whose orders grow with each run. */
const COLOURS = notebookOf(`
const by_day = dg.MultiPartitionsDefinition({
  color: dg.StaticPartitionsDefinition(['red', 'yellow', 'blue']),
  date: dg.DailyPartitionsDefinition({ startDate: '2026-02-01' }),
});
const painted = dg.asset({ partitionsDef: by_day }, (context) => {
  const key = String(context.partitionKey);
  assert(key !== 'red|2026-02-03', 'no paint left');
  return key;
});
`);
const SHOP = notebookOf(`
const customers = dg.StaticPartitionsDefinition(['customer_a', 'customer_b']);
const Limits = dg.Config({ limit: z.int().default(1) });
const orders = dg.asset({ partitionsDef: customers, config: Limits }, (context) => {
  context.addOutputMetadata({ rows: context.config.limit });
  return Array.from({ length: context.config.limit }, (_, at) => ({ id: at, of: context.partitionKey }));
});
const summary = dg.asset({ partitionsDef: customers, ins: { orders } }, (_, { orders }) => orders.length);
`);

const chosenKey = (page: Page) => page.getByRole('region', { name: 'Chosen key' });

async function openGrid(page: Page) {
  await expectCard(page, 'painted', /^0 of/);
  await materialize(page, 'painted', '[red|2026-02-01...red|2026-02-05]');
  await expectCard(page, 'painted', '1 failed');
  await showView(page, 'Partitions');
  const grid = page.getByRole('grid', { name: 'Grid of painted: color by date' });
  await grid.waitFor();
  return grid;
}

/** So many assets that what is told of a key stands below the fold. */
const MANY = notebookOf(
  `const letters = dg.StaticPartitionsDefinition(['a', 'b', 'c']);`,
  ...Array.from(
    { length: 40 },
    (_, at) => `const asset_${at} = dg.asset({ partitionsDef: letters }, () => ${at});`,
  ),
);

describe('a chosen key', () => {
  it.each([PHONE, DESKTOP])(
    'is told where it is chosen, and leads to what is below',
    async (viewport) => {
      await visit(linkTo(MANY), { viewport }, async ({ page }) => {
        await expectCard(page, 'asset_0', /^0 of 3/);
        await showView(page, 'Partitions');
        await page.getByRole('gridcell', { name: 'asset_0 b: missing' }).click();
        const head = chosenKey(page).getByRole('heading').first();
        const isInSight = async () => {
          const at = await head.boundingBox();
          // Below the bar at the top and the tabs of the views.
          return at !== null && at.y > 80 && at.y + at.height < viewport.height - 60;
        };
        const way = page.getByRole('button', { name: /^asset_0 b missing Details/ });
        await way.waitFor();
        expect(await isInSight()).toBe(false);
        await expectAccessible(page);
        await way.click();
        await expect.poll(isInSight).toBe(true);
        await way.waitFor({ state: 'detached' });
      });
    },
  );
});

describe('keys of two dimensions', () => {
  it('are read and selected in a grid by keyboard, and the address names both', async () => {
    await visit(linkTo(COLOURS), {}, async ({ page }) => {
      const grid = await openGrid(page);
      await grid.focus();
      await page.keyboard.press('ArrowRight');
      for (const key of ['ArrowRight', 'ArrowRight']) await page.keyboard.press(key);
      await grid.getByRole('gridcell').getByText('red|2026-02-03: failed').waitFor();
      await chosenKey(page).getByText('no paint left').first().waitFor();
      await page.keyboard.press('Shift+ArrowDown');
      await page.keyboard.press('Shift+ArrowRight');
      const selection = page.getByRole('region', { name: 'Selected keys', exact: true });
      await selection.getByText('4 keys of painted selected').waitFor();
      await selection.getByText('color=(red, yellow) & date=(2026-02-03, 2026-02-04)').waitFor();
      await page.keyboard.press('End');
      await page.keyboard.press('PageDown');
      await grid.getByRole('gridcell').getByText('blue|2026-03-09: missing').waitFor();
      await expect.poll(() => page.evaluate(() => location.search)).toContain('blue%7C2026-03-09');
      const search = await page.evaluate(() => location.search);
      expect(search).toContain('of=painted&keys=');
    });
  });

  it('are selected by dragging, whole rows and columns by their names and the strip', async () => {
    await visit(linkTo(COLOURS), {}, async ({ page }) => {
      const grid = await openGrid(page);
      const selection = page.getByRole('region', { name: 'Selected keys', exact: true });
      const box = await grid.boundingBox();
      if (!box) throw new Error('There is no grid.');
      await page.mouse.move(box.x + 4, box.y + 4);
      await page.mouse.down();
      await page.mouse.move(box.x + box.width - 4, box.y + 4, { steps: 4 });
      await page.mouse.up();
      await selection.getByText('37 keys of painted selected').waitFor();
      await page.keyboard.down('Shift');
      await page.mouse.click(box.x - 40, box.y + box.height - 6);
      await page.keyboard.up('Shift');
      await selection.getByText('74 keys of painted selected').waitFor();
      await page.mouse.click(box.x + 4, box.y + box.height + 10);
      await selection.getByText('3 keys of painted selected').waitFor();
      await selection.getByRole('button', { name: 'Clear' }).click();
      await selection.waitFor({ state: 'detached' });
    });
  });

  it('are listed by status; arrows go from row to row, and End to the last of all', async () => {
    await visit(linkTo(COLOURS), {}, async ({ page }) => {
      await openGrid(page);
      await page.getByRole('button', { name: /106 missing/ }).click();
      const list = page.getByRole('grid', { name: 'Keys that are missing' });
      await list.getByRole('row', { name: 'painted red|2026-02-06: missing' }).click();
      await page.keyboard.press('ArrowDown');
      await chosenKey(page).getByText('red|2026-02-07').first().waitFor();
      await page.keyboard.press('End');
      await chosenKey(page).getByText('blue|2026-03-09').first().waitFor();
      await list.getByRole('row', { name: 'painted blue|2026-03-09: missing' }).waitFor();
      await page.waitForURL(/status=missing/);
    });
  });
});

describe('one key', () => {
  it('tells what it read and what changed in its value; its history is wiped and comes back', async () => {
    await visit(linkTo(SHOP), {}, async ({ page }) => {
      await expectCard(page, 'orders', /^0 of/);
      await materialize(page, 'orders', 'customer_a');
      await expectCard(page, 'orders', '1 of 2 materialized');
      await materialize(page, 'summary', 'customer_a');
      await expectCard(page, 'summary', '1 of 2 materialized');
      const card = page.getByRole('region', { name: 'Asset orders', exact: true });
      await card.getByRole('button', { name: 'Materialize', exact: true }).click();
      const panel = page.getByRole('dialog', { name: 'Materialize orders', exact: true });
      await panel.getByRole('textbox', { name: 'Partitions', exact: true }).fill('customer_a');
      await panel.getByLabel('limit').first().fill('2');
      await panel.getByRole('button', { name: /^Launch/ }).click();
      await expectCard(page, 'summary', '1 stale');
      await showView(page, 'Partitions');
      await page.getByRole('gridcell', { name: /^summary customer_a/ }).click();
      const key = chosenKey(page);
      await key.getByText(/^read as of run \w+, .* made again by run \w+/).waitFor();
      await key.getByText('STALE-2').waitFor();
      await key.getByRole('button', { name: 'Mark as fine' }).waitFor();
      await key.getByRole('button', { name: /^orders customer_a/ }).click();
      await key.getByText('read it as of run').waitFor();
      await key.getByText('Difference from an earlier value').click();
      await key.getByText('1 row added').waitFor();
      await key.getByRole('row', { name: /Materialized \w+ limit: 2 / }).waitFor();
      await key.getByRole('row', { name: /Materialized \w+ limit: 1 / }).waitFor();
      await key.getByRole('button', { name: 'Wipe history' }).click();
      await key.getByText('Missing. Its history was wiped').waitFor();
      await key.getByRole('row', { name: /Wiped.*Forgot the 2 events before it/ }).waitFor();
      await page.getByRole('status').getByRole('button', { name: 'Undo' }).click();
      await key.getByText('Materialized.').waitFor();
      await expect.poll(() => key.getByText('Wiped').count()).toBe(0);
      await key.getByRole('button', { name: 'Report as materialized' }).click();
      await key.getByRole('row', { name: /Reported.*Reported by hand/ }).waitFor();
    });
  });

  it('that failed after it was there says both; and so while a run of it goes on', async () => {
    const cell = `
const keys = dg.StaticPartitionsDefinition(['a', 'b']);
const Ways = dg.Config({ fails: z.boolean().default(false), waitMs: z.int().default(0) });
const made = dg.asset({ partitionsDef: keys, config: Ways }, async ({ config }) => {
  await new Promise((resolve) => setTimeout(resolve, config.waitMs));
  if (config.fails) throw new Error('as told');
  return 1;
});`;
    await visit(linkTo(notebookOf(cell)), {}, async ({ page }) => {
      await expectCard(page, 'made', /^0 of/);
      await materialize(page, 'made', 'a');
      await expectCard(page, 'made', '1 of 2 materialized');
      const panel = await openLaunchPanel(page, 'made');
      await panel.getByRole('textbox', { name: 'Partitions', exact: true }).fill('a');
      await panel.getByLabel('fails').first().check();
      await panel.getByRole('button', { name: /^Launch/ }).click();
      await expectCard(page, 'made', '1 failed');
      await showView(page, 'Partitions');
      await page.getByRole('gridcell', { name: /^made a/ }).click();
      const key = chosenKey(page);
      await key.getByText(/Failed at [\d:.]+ in run \w+, materialized before\./).waitFor();
      await openLaunchPanel(page, 'made');
      await panel.getByRole('textbox', { name: 'Partitions', exact: true }).fill('a');
      await panel.getByLabel('waitMs').first().fill('30000');
      await panel.getByRole('button', { name: /^Launch/ }).click();
      await key.getByText(/Run \w+ of it is running\. Until it ends, the value of /).waitFor();
    });
  });

  for (const [name, size] of [
    ['on a wide screen', DESKTOP],
    ['on a phone', PHONE],
  ] as const) {
    it(`and its asset are accessible ${name}`, async () => {
      await visit(linkTo(COLOURS), { viewport: size }, async ({ page }) => {
        const grid = await openGrid(page);
        await grid.focus();
        await page.keyboard.press('ArrowRight');
        await chosenKey(page).getByText('Materialized.').waitFor();
        await page
          .getByRole('button', { name: /1 failed/ })
          .first()
          .click();
        await page.getByRole('grid', { name: 'Keys that are failed' }).waitFor();
        await expectAccessible(page);
        await page.getByRole('button', { name: 'About painted' }).click();
        await page.getByRole('region', { name: 'Chosen asset' }).getByText('Events').waitFor();
        await expectAccessible(page);
      });
    });
  }
});
