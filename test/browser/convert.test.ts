import { describe, expect, it } from 'vitest';
import { expectAccessibleInBothThemes } from './axe.ts';
import { PHONE, useChromium, visit } from './chromium.ts';
import { assetCard, expectCard, materialize } from './notebook-page.ts';

useChromium();

describe('Convert', () => {
  it('[CV-3] [CV-15] turns assets by keyboard, tells what is lost, and is undone', async () => {
    await visit('?example=partitions', {}, async ({ page }) => {
      await materialize(page, 'customer_orders');
      await expectCard(page, 'customer_orders', '3 of 3 materialized');
      const more = assetCard(page, 'customer_orders').getByRole('button', {
        name: 'More for customer_orders',
      });
      await more.focus();
      await page.keyboard.press('Enter');
      await page.getByRole('menuitem', { name: /^Convert/ }).waitFor();
      await page.keyboard.press('Escape');
      expect(await more.evaluate((button) => button === document.activeElement)).toBe(true);
      await page.keyboard.press('Enter');
      await page.getByRole('menuitem', { name: /^Convert/ }).waitFor();
      await page.keyboard.press('Enter');
      const dialog = page.getByRole('dialog', { name: 'Convert customer_orders' });
      await dialog.getByText('3 values would replace each other').waitFor();
      await page.waitForURL(/convert=customer_orders/);
      await expectAccessibleInBothThemes(page);
      await dialog.getByRole('button', { name: 'Turn 2 assets to config' }).click();
      await dialog.getByText('2 assets turned to config.').waitFor();
      await page.getByText('CustomerConfig', { exact: true }).first().waitFor();
      await dialog.getByRole('button', { name: 'Undo' }).click();
      await dialog.getByRole('button', { name: 'Cancel' }).click();
      await expectCard(page, 'customer_orders', '3 of 3 materialized');
    });
  });

  it('[CV-7] [CV-13] asks for keys where there are none, and says so', async () => {
    await visit(
      '?example=config&convert=customer_orders&form=hybrid',
      { viewport: PHONE, colorScheme: 'dark' },
      async ({ page }) => {
        const dialog = page.getByRole('dialog', { name: 'Convert customer_orders' });
        const turn = dialog.getByRole('button', { name: 'Turn 2 assets to hybrid' });
        await dialog.getByText('write at least one').waitFor();
        expect(await turn.isDisabled()).toBe(true);
        await dialog.getByRole('textbox', { name: 'New keys' }).fill('customer_a\ncustomer_b');
        await dialog.getByRole('group', { name: 'Difference of Cell 4' }).waitFor();
        await expectAccessibleInBothThemes(page);
        await turn.click();
        await dialog.getByRole('button', { name: 'Done' }).click();
        await expectCard(page, 'customer_orders', '0 of 2 materialized');
      },
    );
  });
});

describe('the advisor', () => {
  it('[ADV-2] [ADV-4] [ADV-5] recommends as one answers, and leads to Convert', async () => {
    await visit('?example=partitions&advise=customer_orders', {}, async ({ page }) => {
      const dialog = page.getByRole('dialog', { name: 'Partitions or config?' });
      const advice = dialog.getByRole('status', { name: 'Recommendation' });
      await advice.getByText('That is what customer_orders has.').waitFor();
      const options = dialog.getByRole('radiogroup', { name: /^Do options change/ });
      await options.getByText('Yes', { exact: true }).click();
      await advice.getByText('the options are config').waitFor();
      await expectAccessibleInBothThemes(page);
      await dialog.getByRole('button', { name: 'Convert to hybrid' }).click();
      await page.getByRole('button', { name: 'Turn 2 assets to hybrid' }).waitFor();
    });
  });
});
