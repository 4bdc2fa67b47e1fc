import { describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { expectAccessibleInBothThemes } from './axe.ts';
import { DESKTOP, PHONE, useChromium, visit } from './chromium.ts';
import { linkTo } from './notebook-page.ts';

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
      await expect.poll(() => runsOf(page, 'config').count()).toBe(1);
      await twin(page).getByRole('button', { name: 'Play all' }).click();
      await settled(page, 'Run customer_b with limit 500');
      await expect.poll(() => runsOf(page, 'partitions').count()).toBe(11);
      await expect.poll(() => runsOf(page, 'config').count()).toBe(9);
      await twin(page).getByRole('button', { name: 'Back', exact: true }).click();
      await settled(page, 'customer_d appears');
      await expect.poll(() => runsOf(page, 'config').count()).toBe(8);
      // The clock above is that of the worlds, and their assets stand as cards.
      await page.getByRole('button', { name: /^Clock of the worlds.* 01:02/ }).waitFor();
      const assets = twin(page).getByRole('list', { name: 'Assets of partitions' });
      await expect.poll(() => assets.getByRole('slider').count()).toBe(2);
      await expect
        .poll(() => assets.getByRole('listitem').first().textContent())
        .toContain('4 of 4');
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
      await expect.poll(() => runsOf(page, 'hybrid').count()).toBe(0);
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
      await expect.poll(() => runsOf(page, 'partitions').count()).toBe(12);
    });
  });

  it.each([DESKTOP, PHONE])('axe finds nothing serious at $width px', async (viewport) => {
    await visit('?example=twin&step=4', { viewport }, async ({ page }) => {
      await settled(page, 'The file is mended');
      const table = twin(page).getByRole('table', { name: 'What can be known afterwards' });
      await table
        .getByRole('row', { name: /^Which one failed/ })
        .getByRole('button')
        .nth(1)
        .click();
      await page
        .getByRole('button', { name: /^Run of customer_c at 09:04/ })
        .first()
        .click();
      await page.getByRole('heading', { name: /^Run .* of partitions/ }).waitFor();
      await expectAccessibleInBothThemes(page);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(
        viewport.width,
      );
    });
  });

  it('by keyboard alone it is played, and an answer and its run are opened', async () => {
    await visit('?example=twin', {}, async ({ page }) => {
      await settled(page, 'At the beginning');
      await twin(page).getByRole('button', { name: /^Next/ }).focus();
      await page.keyboard.press('Enter');
      await settled(page, 'Run customer_a');
      const answer = twin(page)
        .getByRole('row', { name: /^Which customers are done/ })
        .getByRole('button')
        .nth(1);
      await answer.focus();
      await page.keyboard.press('Enter');
      await expect.poll(() => answer.getAttribute('aria-expanded')).toBe('true');
      // Past the answer of the last world comes what proves it: the events, each with its run.
      for (let press = 0; press < 3; press += 1) await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: /^Run .* of config/ }).waitFor();
    });
  });

  it('[TWIN-10] a fault in the code of one world is told above all, with the way to its cell', async () => {
    const source = [
      '```ts world=sound\nconst one = dg.asset({}, () => 1);\n```',
      '```ts world=broken\nconst one = dg.aset({}, () => 1);\n```',
      "```ts\ndg.action('Run', { run: 'one' });\n```",
    ].join('\n\n');
    await visit(linkTo(`${source}\n`), { viewport: PHONE }, async ({ page }) => {
      await page.getByRole('button', { name: 'Twin run' }).first().click();
      const fault = twin(page)
        .getByRole('alert')
        .filter({ hasText: 'The code of broken is at fault' });
      await fault.getByRole('button', { name: 'Cell 2' }).click();
      await page.locator('[role=group][aria-label="Cell 2"]:focus').waitFor();
    });
  });
});
