import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { useChromium, visit } from './chromium.ts';
import {
  assetCard,
  expectCard,
  materialize,
  openLaunchPanel,
  runRow,
  showView,
} from './notebook-page.ts';

useChromium();

describe.each([['/', ''] as const, ['/a/b/', 'a/b/'] as const])('below %s', (_path, base) => {
  it('the first page offers every example and a blank notebook', async () => {
    await visit('', { base }, async ({ page }) => {
      await page.getByRole('button', { name: 'New notebook' }).waitFor();
      const links = page.locator('a[href*="example="]');
      await links.first().waitFor();
      const addresses = await links.evaluateAll((all) =>
        all.map((link) => link.getAttribute('href')),
      );
      const index = JSON.parse(readFileSync('public/examples/index.json', 'utf8')) as readonly {
        readonly name: string;
      }[];
      expect(new Set(addresses)).toEqual(new Set(index.map(({ name }) => `?example=${name}`)));
    });
  });

  it('partitions: three customers turn green, and are after a reload', async () => {
    await visit('?example=partitions', { base }, async ({ page }) => {
      await materialize(page, 'customer_orders');
      await expectCard(page, 'customer_orders', '3 of 3 materialized');
      await materialize(page, 'customer_summary');
      await expectCard(page, 'customer_summary', '3 of 3 materialized');
      await page.reload();
      await expectCard(page, 'customer_orders', '3 of 3 materialized');
      await expectCard(page, 'customer_summary', '3 of 3 materialized');
      const bar = assetCard(page, 'customer_orders').getByRole('slider', {
        name: 'Partitions of customer_orders',
      });
      await expect
        .poll(() => bar.getAttribute('aria-valuetext'))
        .toMatch(/^customer_[abc]: materialized/);
      await showView(page, 'Runs');
      await runRow(page, 'customer_summary', 'customer_c').first().waitFor();
    });
  });

  it('config: a customer is given at the launch', async () => {
    await visit('?example=config', { base }, async ({ page }) => {
      const panel = await openLaunchPanel(page, 'customer_orders');
      const launch = panel.getByRole('button', { name: /^Launch/ });
      await panel.getByRole('textbox', { name: /^customer_id/ }).fill('customer_a');
      await launch.click();
      await expectCard(page, 'customer_orders', /materialized/i);
      await page.reload();
      await expectCard(page, 'customer_orders', /customer_a-001/);
    });
  });

  it('hybrid: keys and config in one launch', async () => {
    await visit('?example=hybrid', { base }, async ({ page }) => {
      await materialize(page, 'customer_data');
      await expectCard(page, 'customer_data', '3 of 3 materialized');
      await page.reload();
      await expectCard(page, 'customer_data', '3 of 3 materialized');
    });
  });

  it('weather: 1,461 days in one action, then the months, then the report', async () => {
    await visit('?example=weather', { base }, async ({ page }) => {
      await materialize(page, 'weather_days');
      await assetCard(page, 'weather_days')
        .getByText(/1,?461 of 1,?461 materialized/)
        .waitFor({ timeout: 120_000 });
      await materialize(page, 'weather_months');
      await expectCard(page, 'weather_months', '48 of 48 materialized');
      await materialize(page, 'weather_report');
      await expectCard(page, 'weather_report', 'wettest');
      await page.reload();
      await expectCard(page, 'weather_days', /1,?461 of 1,?461 materialized/);
      await expectCard(page, 'weather_months', '48 of 48 materialized');
    });
  }, 180_000);
});
