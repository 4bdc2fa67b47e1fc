import { describe, expect, it } from 'vitest';
import { expectAccessible } from './axe.ts';
import { DESKTOP, PHONE, useChromium, visit } from './chromium.ts';
import { expectCard, materialize, openLaunchPanel, showView } from './notebook-page.ts';

useChromium();

const SCREENS = [DESKTOP, PHONE].flatMap((viewport) =>
  (['light', 'dark'] as const).map((colorScheme) => ({ viewport, colorScheme })),
);

describe.each(SCREENS)('at $viewport.width px, $colorScheme', (options) => {
  it('axe finds nothing serious on the first page', async () => {
    await visit('', options, async ({ page }) => {
      await page.getByRole('button', { name: 'New notebook' }).waitFor();
      await page.locator('a[href*="example="]').first().waitFor();
      await expectAccessible(page);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(
        options.viewport.width,
      );
    });
  });

  it('axe finds nothing serious in a notebook, its panels and its views', async () => {
    await visit('?example=partitions', options, async ({ page }) => {
      await expectCard(page, 'customer_orders', '0 of 3 materialized');
      await openLaunchPanel(page, 'customer_orders');
      await expectAccessible(page);
      await page.keyboard.press('Escape');
      await materialize(page, 'customer_orders', 'customer_a, customer_b');
      await expectCard(page, 'customer_orders', '2 of 3 materialized');
      await expectAccessible(page);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(
        options.viewport.width,
      );
      for (const view of ['Graph', 'Partitions', 'Runs', 'Backfills', 'Automation', 'Mappings']) {
        await showView(page, view);
        await expectAccessible(page);
      }
    });
  }, 120_000);
});
