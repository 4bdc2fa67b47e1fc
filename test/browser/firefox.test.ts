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

  it('three worlds play their story, and tell what they know', async () => {
    await visitInFirefox('?example=twin&step=4', [], async (page) => {
      const twin = 'section[aria-label="Twin run"]';
      await page.locator(`${twin}[aria-busy="false"]`).wait();
      await page.locator(`${twin} [role="status"] ::-p-text(The file is mended)`).wait();
      const table = `${twin} table[aria-label="What can be known afterwards"]`;
      await page.locator(`${table} ::-p-text(None now; 1 failed run since mended)`).wait();
    });
  }, 120_000);
});
