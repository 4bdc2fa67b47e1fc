import { readFileSync } from 'node:fs';
import { deflateRawSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { describe, expect, inject, it } from 'vitest';
import { useChromium, visit } from './chromium.ts';
import { expectCard, linkTo, notebookOf } from './notebook-page.ts';

useChromium();

/** The link that Share shows. */
async function share(page: Page): Promise<string> {
  await page.getByRole('button', { name: 'Share', exact: true }).click();
  const link = page
    .getByRole('dialog', { name: 'Share' })
    .getByRole('textbox', { name: 'Link', exact: true });
  await expect.poll(() => link.inputValue()).toMatch(/#p=1/);
  return link.inputValue();
}

describe('a link', () => {
  it.each(['partitions', 'config', 'hybrid'])(
    'to %s is under 2,000 characters and opens in a clean profile, with nothing run',
    async (name) => {
      let link = '';
      await visit(`?example=${name}`, {}, async ({ page }) => {
        link = await share(page);
      });
      expect(link.length).toBeLessThan(2_000);
      const path = link.slice(inject('siteUrl').length);
      const asset = name === 'hybrid' ? 'customer_data' : 'customer_orders';
      await visit(path, {}, async ({ page }) => {
        await expectCard(page, asset, name === 'config' ? asset : '0 of 3 materialized');
      });
    },
  );

  it('is written only when Share is pressed', async () => {
    await visit('?example=partitions', {}, async ({ page }) => {
      await expectCard(page, 'customer_orders', '0 of 3 materialized');
      expect(page.url()).not.toContain('#p=');
    });
  });

  it('opens beside the reader’s own notebook and leaves it alone', async () => {
    const other = notebookOf(`const other = dg.asset(() => 1);`);
    await visit('?example=partitions', {}, async ({ page, openTab }) => {
      await expectCard(page, 'customer_orders', '0 of 3 materialized');
      const second = await openTab(linkTo(other));
      await expectCard(second, 'other', 'other');
      await page.reload();
      await expectCard(page, 'customer_orders', '0 of 3 materialized');
    });
  });

  const whole = linkTo(readFileSync('public/examples/partitions.md', 'utf8'));
  const bomb = `#p=1${deflateRawSync(Buffer.alloc(200_000_000, 'a')).toString('base64url')}`;
  it.each([
    ['cut', whole.slice(0, -20), /truncated/i],
    ['corrupt', `${whole.slice(0, 200)}!!${whole.slice(202)}`, /damaged/i],
    ['from a later version', whole.replace('#p=1', '#p=9'), /version 9/i],
    ['a decompression bomb', bomb, /more than 4 MB/i],
  ])('that is %s says so, and the page lives', async (_name, path, message) => {
    await visit(path, {}, async ({ page }) => {
      await page.getByText(message).first().waitFor();
    });
  });
});
