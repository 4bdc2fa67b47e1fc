import type { Worker } from 'playwright-core';
import { describe, it } from 'vitest';
import { useChromium, visit } from './chromium.ts';
import { expectCard, expectSaveState, writeCell } from './notebook-page.ts';

useChromium();

/** Makes every write of a worker fail as on a full disk, or work again. */
async function setDiskFull(worker: Worker, full: boolean): Promise<void> {
  await worker.evaluate((isFull) => {
    const store = IDBObjectStore.prototype as IDBObjectStore & { kept?: IDBObjectStore['put'] };
    const put = (store.kept ??= store.put);
    store.put = isFull
      ? () => {
          throw new DOMException('The disk is full.', 'QuotaExceededError');
        }
      : put;
  }, full);
}

describe('a full disk', () => {
  it('is told, and nothing is lost from the page', async () => {
    await visit('?example=partitions', { expectedFaults: [/quota/i] }, async ({ page }) => {
      await expectCard(page, 'customer_orders', '0 of 3 materialized');
      await expectSaveState(page, 'Saved');
      const engine = page.workers().find((worker) => worker.url().includes('worker-engine'));
      if (!engine) throw new Error('The engine worker is not there.');
      await setDiskFull(engine, true);
      await writeCell(page, 2, '// An edit that does not fit.');
      await expectSaveState(page, 'Not saved');
      await page.getByText('// An edit that does not fit.').first().waitFor();
      await setDiskFull(engine, false);
      await writeCell(page, 2, '// An edit that fits.');
      await expectSaveState(page, 'Saved');
      await page.reload();
      await page.getByText('// An edit that fits.').first().waitFor();
    });
  });
});
