import { describe, expect, it } from 'vitest';
import type { Tick } from '../../src/orchestration/ticks.ts';
import { DexieStores } from '../../src/storage/dexie-stores.ts';
import { useChromium, visit } from './chromium.ts';
import { copyDevice } from './device-rows.ts';
import { expectCard, runRow, showView } from './notebook-page.ts';

useChromium();

const CUSTOMERS = ['customer_a', 'customer_b', 'customer_c'];

describe('a month in which nobody does anything', () => {
  it('[SCH-12] [AU-2] has a tick each night, each with a run of every customer', async () => {
    await visit('?example=partitions', {}, async ({ page }) => {
      const schedule = page.getByRole('region', { name: 'Schedule daily_customer_schedule' });
      await schedule.getByRole('switch').click();
      await page.getByRole('button', { name: /^Clock/ }).click();
      const clock = page.getByRole('dialog', { name: 'Clock' });
      await clock.getByRole('textbox', { name: 'Instant' }).fill('2026-04-10T09:00');
      await clock.getByRole('button', { name: 'Run to' }).click();
      await page.getByRole('button', { name: /^Clock Fri 10 Apr 2026, 09:00/ }).waitFor();
      await page.keyboard.press('Escape');
      await expectCard(page, 'customer_orders', '3 of 3 materialized');
      await expectCard(page, 'customer_summary', '3 of 3 materialized');
      await showView(page, 'Runs');
      await runRow(page, 'customer_c').first().waitFor();

      const db = await copyDevice(page);
      const { notebookId = '' } = (await db.notebooks.toCollection().first()) ?? {};
      const { instances } = new DexieStores(db);
      const all = { prefix: '', before: null, limit: 1000 };
      const ticks = (await instances.listRecords(notebookId, 'tick', all))
        .map(({ value }) => value as Tick)
        .reverse();
      const nights = Array.from({ length: 31 }, (_, night) => Date.UTC(2026, 2, 11 + night, 1));
      expect(ticks.map(({ at }) => at)).toEqual(nights);
      expect(new Set(ticks.map(({ status }) => status))).toEqual(new Set(['SUCCESS']));
      for (const { at, runIds } of ticks) {
        const runs = await Promise.all(runIds.map((runId) => instances.findRun(notebookId, runId)));
        expect(runs.map((run) => run?.partitionKey)).toEqual(CUSTOMERS);
        expect(runs.map((run) => [run?.createdAt, run?.status])).toEqual(
          CUSTOMERS.map(() => [at, 'SUCCESS']),
        );
      }
      expect((await instances.countRuns(notebookId)).SUCCESS).toBe(93);
    });
  });
});
