import type { Page, Worker } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { useChromium, visit } from './chromium.ts';
import {
  assetCard,
  expectCard,
  expectSaveState,
  linkTo,
  materialize,
  notebookOf,
  runRow,
  showView,
  writeCell,
} from './notebook-page.ts';

useChromium();

/** Opens `source` and keeps it on the device; gives the path under which another tab finds it. */
async function keep(page: Page): Promise<string> {
  await page.getByRole('button', { name: 'Keep a copy' }).click();
  await expectSaveState(page, 'Saved');
  await page.waitForURL(/[?]notebook=/);
  return new URL(page.url()).search;
}

function engineOf(page: Page): Worker {
  const engine = page.workers().find((worker) => worker.url().includes('worker-engine'));
  if (!engine) throw new Error('The engine worker is not there.');
  return engine;
}

/** Makes every write of the history fail as on a full disk, or work again. */
async function setDiskFull(page: Page, full: boolean): Promise<void> {
  await engineOf(page).evaluate((isFull) => {
    const store = IDBObjectStore.prototype as IDBObjectStore & { kept?: IDBObjectStore['add'] };
    const add = (store.kept ??= store.add);
    store.add = isFull
      ? () => {
          throw new DOMException('The disk is full.', 'QuotaExceededError');
        }
      : add;
  }, full);
}

describe('two tabs of one notebook', () => {
  const LOOP = `const endless = dg.asset(() => { while (true) {} });
const brief = dg.asset(() => 'done');`;

  it('[EN-12] a launch and a stop pressed in the second are worked by the first', async () => {
    await visit(linkTo(notebookOf(LOOP)), {}, async ({ page, openTab }) => {
      const address = await keep(page);
      const second = await openTab(address);
      await materialize(second, 'endless');
      const stopHere = assetCard(page, 'endless').getByRole('button', {
        name: 'Stop',
        exact: true,
      });
      const stopThere = assetCard(second, 'endless').getByRole('button', {
        name: 'Stop',
        exact: true,
      });
      await stopHere.waitFor();
      await stopThere.click();
      await stopHere.waitFor({ state: 'detached' });
      await stopThere.waitFor({ state: 'detached' });
      await showView(second, 'Runs');
      await runRow(second, 'endless', 'canceled').first().waitFor();
      await materialize(second, 'brief');
      await expectCard(second, 'brief', 'done');
      await expectCard(page, 'brief', 'done');
    });
  });

  it('[EN-17] a backfill goes on in the second when the first is closed in the middle', async () => {
    const slow = `const days = dg.DailyPartitionsDefinition({ startDate: '2026-01-01', endDate: '2026-03-02' });
const daily = dg.asset({ partitionsDef: days }, async () => {
  await new Promise((done) => setTimeout(done, 60));
});`;
    await visit(linkTo(notebookOf(slow)), {}, async ({ page, openTab }) => {
      const address = await keep(page);
      const second = await openTab(address);
      await expectCard(second, 'daily', '0 of 60 materialized');
      await materialize(page, 'daily');
      await expectCard(second, 'daily', /\b[1-9]\d* of 60 materialized/);
      await page.close();
      await assetCard(second, 'daily')
        .getByRole('button', { name: 'Stop', exact: true })
        .waitFor({ state: 'detached', timeout: 30_000 });
      await expectCard(second, 'daily', '60 of 60 materialized');
    });
  });
});

describe('an asset that', () => {
  it('[EN-18] floods its log is stopped or cut, and the page lives', async () => {
    const source = notebookOf(`const flood = dg.asset((context) => {
  while (true) context.log.info('again and again and again');
});
const sound = dg.asset(() => 'still here');`);
    await visit(linkTo(source), {}, async ({ page }) => {
      await materialize(page, 'flood');
      await page
        .getByText(/wrote more than|too much at once|messages a second/)
        .first()
        .waitFor({ timeout: 45_000 });
      await materialize(page, 'sound');
      await expectCard(page, 'sound', 'still here');
    });
  }, 90_000);

  it('returns what cannot be kept names the place in it', async () => {
    const source = notebookOf(`const odd = dg.asset(() => ({ rows: [{ when: () => 1 }] }));`);
    await visit(linkTo(source), {}, async ({ page }) => {
      await materialize(page, 'odd');
      await page
        .getByText(/value\.rows\[0\]\.when is a function/)
        .first()
        .waitFor();
    });
  });
});

describe('definitions', () => {
  it('[EN-5] that never end are told apart from those that throw', async () => {
    const source = notebookOf('while (true) {}', `throw new Error('on purpose');`);
    await visit(linkTo(source), {}, async ({ page }) => {
      await page
        .getByText(/This cell did not finish within 250 ms/)
        .first()
        .waitFor();
      await page
        .getByText(/Error: on purpose/)
        .first()
        .waitFor();
    });
  });

  it('[PS-4] a start date that moves turns no key green', async () => {
    const daily = (start: string) => `const daily = dg.asset(
  { partitionsDef: dg.DailyPartitionsDefinition({ startDate: '${start}', endDate: '2026-01-11' }) },
  () => 1,
);`;
    await visit(linkTo(notebookOf(daily('2026-01-03'))), {}, async ({ page }) => {
      await materialize(page, 'daily', '[2026-01-03...2026-01-04]');
      await expectCard(page, 'daily', '2 of 8 materialized');
      await writeCell(page, 1, daily('2026-01-01'));
      await expectCard(page, 'daily', '2 of 10 materialized');
      await writeCell(page, 1, daily('2026-01-04'));
      await expectCard(page, 'daily', '1 of 7 materialized');
    });
  });
});

describe('the clock', () => {
  it('[EN-19] stays where it was moved over a reload, until the history is cleared', async () => {
    const source = notebookOf(`const daily = dg.asset(
  { partitionsDef: dg.DailyPartitionsDefinition({ startDate: '2026-03-01' }) },
  () => 1,
);`);
    await visit(linkTo(source), {}, async ({ page }) => {
      const address = await keep(page);
      await expectCard(page, 'daily', '0 of 9 materialized');
      await page.getByRole('button', { name: /^Clock/ }).click();
      await page
        .getByRole('dialog', { name: 'Clock' })
        .getByRole('button', { name: 'Go', exact: true })
        .first()
        .click();
      await expectCard(page, 'daily', '0 of 10 materialized');
      await page.goto(new URL(address, page.url()).href);
      await expectCard(page, 'daily', '0 of 10 materialized');
      page.on('dialog', (dialog) => void dialog.accept());
      await page.keyboard.press('Escape');
      await page.keyboard.press('ControlOrMeta+K');
      await page.getByText('Clear history', { exact: true }).first().click();
      await expectCard(page, 'daily', '0 of 9 materialized');
    });
  });
});

describe('a full disk', () => {
  it('[Q-7] is told, and what a run did is written once there is room', async () => {
    const source = notebookOf(`const before = dg.asset(() => 'there was room');
const word = dg.asset(() => 'kept after all');`);
    await visit(linkTo(source), { expectedFaults: [/quota/i] }, async ({ page }) => {
      const address = await keep(page);
      await materialize(page, 'before');
      await expectCard(page, 'before', 'there was room');
      await setDiskFull(page, true);
      await materialize(page, 'word');
      await page
        .getByText(/The history could not be/)
        .first()
        .waitFor();
      await expect.poll(() => assetCard(page, 'word').getByText('kept after all').count()).toBe(0);
      await setDiskFull(page, false);
      await expectCard(page, 'word', 'kept after all');
      await page.goto(new URL(address, page.url()).href);
      await expectCard(page, 'word', 'kept after all');
    });
  });
});
