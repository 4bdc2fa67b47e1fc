import { describe, expect, it } from 'vitest';
import { expectAccessible } from './axe.ts';
import { DESKTOP, PHONE, useChromium, visit } from './chromium.ts';
import {
  expectCard,
  linkTo,
  materialize,
  notebookOf,
  openLaunchPanel,
  runRow,
  showView,
} from './notebook-page.ts';

useChromium();

const ORDERS = `const customers = dg.StaticPartitionsDefinition(['a', 'b', 'c', 'd']);
const large = ['d'];
const Orders = dg.Config({ limit: z.int().default(1000), archived: z.boolean().default(false) });
const orders = dg.asset({ partitionsDef: customers, config: Orders }, (context) => {
  context.log.info('limit ' + context.config.limit + ' archived ' + context.config.archived);
  return context.config.limit;
});
const summary = dg.asset({ partitionsDef: customers, ins: { orders } }, (_, { orders }) => orders);`;

describe('the plan of a launch', () => {
  it('says why an asset that goes along has nothing to run', async () => {
    const source = notebookOf(`
const hours = dg.HourlyPartitionsDefinition({ startDate: '2026-03-09-00:00' });
const days = dg.DailyPartitionsDefinition({ startDate: '2026-03-09' });
const readings = dg.asset({ partitionsDef: hours }, () => 1);
const daily_mean = dg.asset({ partitionsDef: days, deps: [readings] }, () => 1);
`);
    await visit(linkTo(source), {}, async ({ page }) => {
      const panel = await openLaunchPanel(page, 'readings');
      await panel.getByRole('textbox', { name: 'Partitions', exact: true }).fill('latest 2');
      await panel.getByRole('checkbox', { name: 'Also daily_mean', exact: true }).check();
      const both = page.getByRole('dialog', { name: 'Materialize 2 assets' });
      await both.getByText('daily_mean reads none of the chosen keys; it is left out.').waitFor();
      await both.getByText(/^No key of daily_mean reads 2026-03-10-08:00 now: no day/).waitFor();
    });
  });
});

describe('a launch', () => {
  it('[CFG-1] [EN-28] gives keys a config of their own: typed, by a rule, pasted', async () => {
    await visit(linkTo(notebookOf(ORDERS)), {}, async ({ page }) => {
      const panel = await openLaunchPanel(page, 'orders');
      await panel.getByRole('button', { name: 'Config per key' }).click();
      const grid = panel.getByRole('grid', { name: 'Config of 4 keys' });
      const limitOf = (key: string) => grid.getByRole('textbox', { name: `limit of ${key}` });
      await limitOf('a').fill('many');
      await panel.getByText('The config of 1 key does not fit.').waitFor();
      const launch = panel.getByRole('button', { name: /^Launch/ });
      expect(await launch.isDisabled()).toBe(true);
      await limitOf('a').fill('5');
      await grid.getByText('set here: limit').waitFor();
      await panel.getByRole('button', { name: 'Rule for limit' }).click();
      const rule = panel.getByRole('textbox', { name: 'Rule of limit' });
      await rule.fill('nothing(key)');
      await panel.getByText(/nothing is not defined/).waitFor();
      await rule.fill('large.includes(key) ? 7 : undefined');
      await grid.getByText('rule: limit').waitFor();
      await limitOf('b').evaluate((cell) => {
        const clipboardData = new DataTransfer();
        clipboardData.setData('text/plain', '6\ttrue\n');
        cell.dispatchEvent(
          new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }),
        );
      });
      await grid.getByText('set here: limit, archived').waitFor();
      await expectAccessible(page);
      await launch.click();
      await expectCard(page, 'orders', '4 of 4 materialized');
      await showView(page, 'Runs');
      const said: Record<string, string> = {
        a: 'limit 5 archived false',
        b: 'limit 6 archived true',
        c: 'limit 1000 archived false',
        d: 'limit 7 archived false',
      };
      for (const [key, line] of Object.entries(said)) {
        await runRow(page, 'orders', key, 'success').click();
        await page.getByRole('region', { name: 'Events' }).getByText(line).waitFor();
      }
    });
  });

  it('[PLAN-1] [PLAN-2] shows its ways to be cut, each run, and what one failure stops', async () => {
    await visit(linkTo(notebookOf(ORDERS)), {}, async ({ page }) => {
      await materialize(page, 'orders', 'a');
      await expectCard(page, 'orders', '1 of 4 materialized');
      const panel = await openLaunchPanel(page, 'orders');
      await panel.getByRole('textbox', { name: 'Partitions', exact: true }).fill('*');
      await panel.getByText('Run options, tags').click();
      const single = panel.getByRole('row', { name: /all neighbouring keys/ });
      await single.getByText('4 keys').waitFor();
      await panel.getByRole('radio', { name: 'Last key first' }).check({ force: true });
      await panel.getByRole('spinbutton', { name: 'Runs at once' }).fill('1');
      await panel.getByRole('button', { name: /Every key/ }).click();
      const runs = panel.getByRole('table', { name: 'Runs of the plan' });
      await expect
        .poll(() => runs.getByRole('row').allInnerTexts())
        .toEqual(
          [expect.stringContaining('4 runs'), 'd', 'c', 'b', 'a'].map((one) =>
            typeof one === 'string' ? expect.stringMatching(new RegExp(`^${one}\\s*$`)) : one,
          ),
        );
      await panel.getByRole('button', { name: 'Launch 4 runs' }).click();
      await expectCard(page, 'orders', '4 of 4 materialized');
      await showView(page, 'Backfills');
      await page.getByRole('slider', { name: /When the runs of backfill/ }).waitFor();
      await page.getByText(/asked for 4 runs in \d looks\. It took [\d.]+ m?s\./).waitFor();
      await page.getByRole('slider', { name: 'Keys of orders in this backfill' }).focus();
      await page.keyboard.press('End');
      const progress = page.getByRole('region', { name: 'Progress of orders' });
      await progress.getByText(/^d: run \w+, success/).waitFor();
      await progress.getByRole('button', { name: /^[0-9a-f]{6}$/ }).click();
      await page.getByRole('region', { name: /^Run [0-9a-f]{6}/ }).waitFor();
    });
  });

  it('says when a text is given and empty, which Dagster takes', async () => {
    const cell = `
const Customer = dg.Config({ customer_id: z.string() });
const orders = dg.asset({ config: Customer }, ({ config }) => config.customer_id);`;
    await visit(linkTo(notebookOf(cell)), {}, async ({ page }) => {
      const panel = await openLaunchPanel(page, 'orders');
      await panel.getByText('customer_id is required.').waitFor();
      const text = panel.getByRole('textbox', { name: 'Config as text' });
      await text.fill('{ "customer_id": "" }');
      await panel.getByText('string, given as an empty text').waitFor();
      expect(await panel.getByRole('button', { name: 'Launch 1 run' }).isEnabled()).toBe(true);
    });
  });

  it('[RUN-1] its runs are found, drawn over time, launched anew and deleted', async () => {
    for (const viewport of [DESKTOP, PHONE]) {
      await visit(linkTo(notebookOf(ORDERS)), { viewport }, async ({ page }) => {
        await materialize(page, 'orders', 'a, b, c');
        await expectCard(page, 'orders', '3 of 4 materialized');
        await showView(page, 'Runs');
        await page.getByRole('searchbox', { name: 'Filter by key' }).fill('b');
        await expect
          .poll(() => page.getByRole('table', { name: 'Runs' }).getByRole('row').count())
          .toBe(2);
        await expect.poll(() => page.url()).toContain('runs-key=b');
        await page.getByRole('checkbox', { name: 'When they ran' }).check();
        const times = page.getByRole('slider', { name: 'When runs ran' });
        await times.focus();
        await expect.poll(() => times.getAttribute('aria-valuetext')).toMatch(/^b: success/);
        await page.keyboard.press('Enter');
        await page.getByRole('button', { name: 'Edit and launch' }).click();
        const panel = page.getByRole('dialog', { name: 'Materialize orders' });
        await panel.getByRole('button', { name: 'Launch 1 run' }).waitFor();
        await page.keyboard.press('Escape');
        await page.getByRole('button', { name: 'Delete the run' }).click();
        await page.getByText(/is deleted/).waitFor();
        await page.getByRole('button', { name: 'Undo' }).click();
        await page.getByRole('button', { name: 'Edit and launch' }).waitFor();
        await expectAccessible(page);
      });
    }
  });
});
