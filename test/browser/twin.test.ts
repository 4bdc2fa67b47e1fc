import { describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { useChromium, visit } from './chromium.ts';

useChromium();

function twin(page: Page) {
  return page.getByRole('region', { name: 'Twin run' });
}

/** Where the worlds stand, once nothing plays any more. */
async function settled(page: Page, title: string): Promise<void> {
  const status = twin(page).getByRole('status', { name: 'Where the worlds stand' });
  await status.getByText(title).waitFor();
  await page.locator('[aria-label="Twin run"][aria-busy="false"]').waitFor();
}

function runsOf(page: Page, world: string) {
  return twin(page)
    .getByRole('region', { name: world, exact: true })
    .getByRole('button', { name: /^Run of/ });
}

describe('the twin run', () => {
  it('goes forwards, backwards and to the end, and stands there after a reload', async () => {
    await visit('?example=twin', {}, async ({ page }) => {
      await settled(page, 'At the beginning');
      await twin(page).getByRole('button', { name: /^Next/ }).click();
      await settled(page, 'Run customer_a');
      expect(await runsOf(page, 'config').count()).toBe(1);
      await twin(page).getByRole('button', { name: 'Play all' }).click();
      await settled(page, 'Run customer_b with limit 500');
      expect(await runsOf(page, 'partitions').count()).toBe(11);
      expect(await runsOf(page, 'config').count()).toBe(9);
      await twin(page).getByRole('button', { name: 'Back', exact: true }).click();
      await settled(page, 'customer_d appears');
      expect(await runsOf(page, 'config').count()).toBe(8);
      // The clock above is that of the worlds, and their assets stand as cards.
      await page.getByRole('button', { name: /^Clock of the worlds.* 01:02/ }).waitFor();
      const assets = twin(page).getByRole('list', { name: 'Assets of partitions' });
      expect(await assets.getByRole('slider').count()).toBe(2);
      expect(await assets.getByRole('listitem').first().textContent()).toContain('4 of 4');
      const names = await runsOf(page, 'config').evaluateAll((all) =>
        all.map((one) => one.getAttribute('aria-label')),
      );
      await page.reload();
      await settled(page, 'customer_d appears');
      expect(
        await runsOf(page, 'config').evaluateAll((all) =>
          all.map((one) => one.getAttribute('aria-label')),
        ),
      ).toEqual(names);
      await twin(page).getByRole('button', { name: 'Start over', exact: true }).click();
      await settled(page, 'At the beginning');
      expect(await runsOf(page, 'hybrid').count()).toBe(0);
    });
  });

  it('what a world cannot take says why, and the table tells what can be known', async () => {
    await visit('?example=twin&step=8', {}, async ({ page }) => {
      await settled(page, 'Run customer_b with limit 500');
      await twin(page)
        .getByRole('region', { name: 'partitions', exact: true })
        .getByText('There is no place for')
        .waitFor();
      const table = twin(page).getByRole('table', { name: 'What can be known afterwards' });
      await table.getByRole('row', { name: /^Which customers are done\?/ }).waitFor();
    });
  });

  it('an action of the reader’s own becomes code, and survives a reload', async () => {
    await visit('?example=twin&step=1', {}, async ({ page }) => {
      await settled(page, 'Run customer_a');
      const form = twin(page).getByRole('form', { name: 'An action of your own' });
      await form.getByRole('textbox', { name: 'customer' }).fill('customer_c');
      await form.getByRole('button', { name: 'Add action' }).click();
      await settled(page, 'Run customer_c');
      await page.waitForURL(/[?&]step=9\b/);
      await page.getByText('Saved', { exact: true }).waitFor();
      await page.reload();
      await settled(page, 'Run customer_c');
      expect(await runsOf(page, 'partitions').count()).toBe(12);
    });
  });
});
