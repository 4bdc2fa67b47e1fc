import type { Page } from 'puppeteer-core';
import { describe, it } from 'vitest';
import { hasFirefox, visitInFirefox } from './firefox.ts';

/** The card of an asset. By attributes: Firefox takes a second for each look at its tree of names. */
const cardOf = (asset: string) => `section[aria-label="Asset ${asset}"]`;

/** Materializes an asset as the launch panel suggests, and waits until its card says `text`. */
async function materialize(page: Page, asset: string, text: string): Promise<void> {
  const panel = `dialog[aria-label="Materialize ${asset}"]`;
  await page.locator(`${cardOf(asset)} ::-p-text(Materialize)`).click();
  await page.locator(`${panel} footer ::-p-text(Launch)`).click();
  await page.locator(`${cardOf(asset)} ::-p-text(${text})`).wait();
}

describe.skipIf(!hasFirefox())('in Firefox', () => {
  it('three customers turn green, and are after a reload', async () => {
    await visitInFirefox('?example=partitions', [], async (page) => {
      await materialize(page, 'customer_orders', '3 of 3 materialized');
      await materialize(page, 'customer_summary', '3 of 3 materialized');
      await page.reload();
      await page.locator(`${cardOf('customer_summary')} ::-p-text(3 of 3 materialized)`).wait();
    });
  }, 120_000);
});
