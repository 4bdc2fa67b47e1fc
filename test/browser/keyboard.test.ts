import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { useChromium, visit } from './chromium.ts';
import { assetCard, expectCard, expectSaveState } from './notebook-page.ts';

useChromium();

/**
 * Presses Tab until the focus is on what `selector` finds, at most 200 times. In an editor
 * Tab indents: there Escape comes first.
 */
async function tabTo(page: Page, selector: string): Promise<void> {
  const target = page.locator(selector).first();
  await target.waitFor();
  for (let press = 0; press < 200; press += 1) {
    if (await target.evaluate((element) => element.matches(':focus'))) return;
    const inEditor = await page.evaluate(() => {
      const focused = document.activeElement;
      return (focused?.shadowRoot?.activeElement ?? focused)?.matches('[contenteditable]') ?? false;
    });
    if (inEditor) await page.keyboard.press('Escape');
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab never came to ${selector}.`);
}

describe('by keyboard alone', () => {
  it('an example is opened, launched, read on its bar and shared', async () => {
    await visit('', {}, async ({ page }) => {
      await tabTo(page, 'a[href="?example=partitions"]');
      await page.keyboard.press('Enter');
      // The focus goes along, and what has opened is said.
      await page.locator('[role=group][aria-label="Cell 1"]:focus').waitFor();
      await page.getByText(/^Opened Partitions or config/).waitFor({ state: 'attached' });
      await expectCard(page, 'customer_orders', '0 of 3 materialized');

      await tabTo(
        page,
        'role=region[name="Asset customer_orders"] >> role=button[name="Materialize"]',
      );
      await page.keyboard.press('Enter');
      const dialog = 'role=dialog[name="Materialize customer_orders"]';
      await tabTo(page, `${dialog} >> role=button[name=/^Launch/]`);
      await page.keyboard.press('Enter');
      await expectCard(page, 'customer_orders', '3 of 3 materialized');

      const bar = 'role=region[name="Asset customer_orders"] >> role=slider';
      await tabTo(page, bar);
      await page.keyboard.press('End');
      await expect
        .poll(() => page.locator(bar).getAttribute('aria-valuetext'))
        .toMatch(/^customer_c: materialized/);
      await page.keyboard.press('ArrowLeft');
      await expect
        .poll(() => page.locator(bar).getAttribute('aria-valuetext'))
        .toMatch(/^customer_b/);

      await tabTo(page, 'role=button[name="Share"]');
      await page.keyboard.press('Enter');
      await page.getByRole('dialog', { name: 'Share' }).waitFor();
      await page.keyboard.press('Escape');
      await page.getByRole('dialog', { name: 'Share' }).waitFor({ state: 'hidden' });
    });
  });

  it('an editor is entered, left with Escape, and its cell launched with Ctrl+Enter', async () => {
    await visit('?example=partitions', {}, async ({ page }) => {
      await expectCard(page, 'customer_orders', '0 of 3 materialized');
      const editor = page
        .getByRole('group', { name: /^Cell \d+$/ })
        .filter({ has: assetCard(page, 'customer_orders') })
        .getByRole('textbox', { name: /^Code of cell/ });
      await editor.focus();
      await page.keyboard.press('ControlOrMeta+Enter');
      const panel = page.getByRole('dialog', { name: 'Materialize customer_orders' });
      await panel.waitFor();
      await page.keyboard.press('Escape');
      await panel.waitFor({ state: 'hidden' });
      await expectSaveState(page, 'Saved');
    });
  });
});
