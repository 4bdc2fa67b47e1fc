import { describe, expect, it } from 'vitest';
import { useChromium, visit } from './chromium.ts';
import {
  backfillNotebook,
  examineBackfill,
  followBackfill,
  launchBackfill,
  showsAllGreen,
} from './kill-trial.ts';
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

  it('[EN-33] show schedules and the clock alike, whichever moves them', async () => {
    await visit('?example=partitions', {}, async ({ page, openTab }) => {
      await expectCard(page, 'customer_orders', '0 of 3 materialized');
      const second = await openTab('?example=partitions');
      await expectCard(second, 'customer_orders', '0 of 3 materialized');
      const [switched, followed] = [page, second].map((tab) =>
        tab.getByRole('region', { name: 'Schedule daily_customer_schedule' }).getByRole('switch'),
      );
      await followed?.click();
      await page.locator('[role=switch][aria-checked=true]').first().waitFor();
      expect(await switched?.getAttribute('aria-checked')).toBe('true');
      await second.getByRole('button', { name: /^Clock/ }).click();
      await second.getByRole('button', { name: '+1 day' }).click();
      await second.getByRole('button', { name: /^Clock Wed 11 Mar 2026, 09:00/ }).waitFor();
      await page.getByRole('button', { name: /^Clock Wed 11 Mar 2026, 09:00/ }).waitFor();
      await expectCard(page, 'customer_summary', '3 of 3 materialized');
    });
  });

  it.each([
    ['where the clock stands', true],
    ['in real time', false],
  ] as const)(
    '[EN-12, EN-17] a backfill goes on in the other when the one that works it is closed, %s',
    async (_clock, virtual) => {
      const source = backfillNotebook(virtual);
      await visit('', {}, async ({ page, openTab }) => {
        const site = page.url();
        const notebookId = await launchBackfill(page, site, source);
        const second = await openTab(`?notebook=${notebookId}`);
        await expectCard(second, 'visits', /of 200 materialized/);
        const closedAt = await followBackfill(second, notebookId, 1500);
        expect(closedAt.ended).toBe(false);
        await page.close();
        await followBackfill(second, notebookId, Infinity);
        await showsAllGreen(second);
        expect((await examineBackfill(second, notebookId, source)).faults).toEqual([]);
      });
    },
  );
});
