import type { Page } from 'puppeteer-core';
import { describe, it } from 'vitest';
import { hasFirefox, visitInFirefox } from './firefox.ts';

/** Materializes an asset as the launch panel suggests, and waits until its card says `text`. */
async function materialize(page: Page, asset: string, text: string): Promise<void> {
  const card = `::-p-aria([name="Asset ${asset}"][role="region"])`;
  const panel = `::-p-aria([name="Materialize ${asset}"][role="dialog"])`;
  await page.locator(`${card} >>> ::-p-aria([name="Materialize"][role="button"])`).click();
  await page.locator(`${panel} >>> ::-p-text(Launch)`).click();
  await page.locator(`${card} >>> ::-p-text(${text})`).wait();
}

describe.skipIf(!hasFirefox())('in Firefox', () => {
  it('three customers turn green, and are after a reload', async () => {
    await visitInFirefox('?example=partitions', [], async (page) => {
      await materialize(page, 'customer_orders', '3 of 3 materialized');
      await materialize(page, 'customer_summary', '3 of 3 materialized');
      await page.reload();
      const card = '::-p-aria([name="Asset customer_summary"][role="region"])';
      await page.locator(`${card} >>> ::-p-text(3 of 3 materialized)`).wait();
    });
  }, 120_000);
});
