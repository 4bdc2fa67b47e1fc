import { describe, it } from 'vitest';
import { useChromium, visit } from './chromium.ts';
import { expectCard, materialize } from './notebook-page.ts';

useChromium();

describe('two tabs of one notebook', () => {
  it('show the same history as it grows, whichever launches', async () => {
    await visit('?example=partitions', {}, async ({ page, openTab }) => {
      await expectCard(page, 'customer_orders', '0 of 3 materialized');
      const second = await openTab('?example=partitions');
      await expectCard(second, 'customer_orders', '0 of 3 materialized');
      await materialize(page, 'customer_orders', 'customer_a');
      await expectCard(page, 'customer_orders', '1 of 3 materialized');
      await expectCard(second, 'customer_orders', '1 of 3 materialized');
      await materialize(second, 'customer_orders', 'customer_b');
      await expectCard(second, 'customer_orders', '2 of 3 materialized');
      await expectCard(page, 'customer_orders', '2 of 3 materialized');
    });
  });

  it('go on when the one that works the notebook is closed', async () => {
    await visit('?example=partitions', {}, async ({ page, openTab }) => {
      await expectCard(page, 'customer_orders', '0 of 3 materialized');
      const second = await openTab('?example=partitions');
      await expectCard(second, 'customer_orders', '0 of 3 materialized');
      await page.close();
      await materialize(second, 'customer_orders');
      await expectCard(second, 'customer_orders', '3 of 3 materialized');
    });
  });
});
