import { describe, expect, it } from 'vitest';
import { expectAccessibleInBothThemes } from './axe.ts';
import { DESKTOP, PHONE, useChromium, visit } from './chromium.ts';
import { expectCard, materialize, openLaunchPanel, showView } from './notebook-page.ts';

useChromium();

const SCREENS = [DESKTOP, PHONE].map((viewport) => ({ viewport }));

describe.each(SCREENS)('at $viewport.width px, in both themes', (options) => {
  it('axe finds nothing serious on the first page', async () => {
    await visit('', options, async ({ page }) => {
      await page.getByRole('button', { name: 'New notebook' }).waitFor();
      await page.locator('a[href*="example="]').first().waitFor();
      await expectAccessibleInBothThemes(page);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(
        options.viewport.width,
      );
    });
  });

  it('axe finds nothing serious in a notebook, its panels and its views', async () => {
    await visit('?example=partitions', options, async ({ page }) => {
      await expectCard(page, 'customer_orders', '0 of 3 materialized');
      await openLaunchPanel(page, 'customer_orders');
      await expectAccessibleInBothThemes(page);
      await page.keyboard.press('Escape');
      await materialize(page, 'customer_orders', 'customer_a, customer_b');
      await expectCard(page, 'customer_orders', '2 of 3 materialized');
      await expectAccessibleInBothThemes(page);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(
        options.viewport.width,
      );
      for (const view of ['Graph', 'Partitions', 'Runs', 'Backfills', 'Automation', 'Mappings']) {
        await showView(page, view);
        await expectAccessibleInBothThemes(page);
      }
    });
  }, 120_000);
});
