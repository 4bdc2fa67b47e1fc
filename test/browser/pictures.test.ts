import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { expectAccessibleInBothThemes } from './axe.ts';
import { DESKTOP, PHONE, useChromium, visit } from './chromium.ts';
import {
  assetCard,
  expectCard,
  linkTo,
  materialize,
  notebookOf,
  openLaunchPanel,
  runRow,
  showView,
} from './notebook-page.ts';

useChromium();

/** 100,000 hours, of which one fails, and two sites, of which one does. */
const HOURS = notebookOf(`
const hours = dg.HourlyPartitionsDefinition({ startDate: '2014-10-15-00:00' });
const readings = dg.asset({ partitionsDef: hours }, (context) => {
  assert(context.partitionKey !== '2014-10-15-05:00', 'no reading');
  return 1;
});
const sites = dg.asset({ partitionsDef: dg.StaticPartitionsDefinition(['a', 'b']) }, (context) => {
  assert(context.partitionKey !== 'b', 'no site');
  return 1;
});
`);

/** The box of an asset's bar, in the window. */
async function boxOf(page: Page, asset: string) {
  const bar = assetCard(page, asset).getByRole('slider');
  await bar.scrollIntoViewIfNeeded();
  const box = await bar.boundingBox();
  if (!box) throw new Error(`The bar of ${asset} is not on the page.`);
  return { bar, ...box };
}

/** The names of keys that stand below an asset's bar. */
async function names(page: Page, asset: string): Promise<readonly string[]> {
  return assetCard(page, asset).locator('.label').allInnerTexts();
}

describe('a bar of 100,000 keys', () => {
  it('is magnified by wheel and keys, moved by dragging, and read key by key', async () => {
    await visit(linkTo(HOURS), {}, async ({ page }) => {
      await expectCard(page, 'readings', /^0 of 9\d,\d{3} materialized/);
      const { bar, x, y, width, height } = await boxOf(page, 'readings');
      await bar.focus();
      await page.keyboard.press('Home');
      await expect
        .poll(() => bar.getAttribute('aria-valuetext'))
        .toMatch(/^2014-10-15-00:00: missing/);
      await page.getByRole('tooltip').getByText('Wed 15 Oct 2014').waitFor();
      await page.keyboard.press('ArrowRight');
      await expect.poll(() => bar.getAttribute('aria-valuetext')).toMatch(/^2014-10-15-01:00/);
      await page.keyboard.press('PageUp');
      expect(Number(await bar.getAttribute('aria-valuenow'))).toBeGreaterThan(9000);
      await page.keyboard.press('End');
      await expect.poll(() => bar.getAttribute('aria-valuetext')).toMatch(/^2026-03-10-08:00/);

      const whole = await names(page, 'readings');
      await page.mouse.move(x + width / 2, y + height / 2);
      await page.mouse.wheel(0, -1200);
      await expect.poll(() => names(page, 'readings')).not.toEqual(whole);
      const near = await names(page, 'readings');
      await page.mouse.down();
      await page.mouse.move(x + width / 4, y + height / 2, { steps: 4 });
      await page.mouse.up();
      await expect.poll(() => names(page, 'readings')).not.toEqual(near);
      for (const key of ['-', '+', 'Escape']) await page.keyboard.press(key);
      await expect.poll(() => names(page, 'readings')).toEqual(whole);
    });
  });

  it('tells where a few keys stand in its timeline, by pointer and by keys', async () => {
    await visit(linkTo(HOURS), {}, async ({ page }) => {
      await expectCard(page, 'readings', /^0 of/);
      await materialize(page, 'readings', '[2014-10-15-00:00...2014-10-15-09:00]');
      await expectCard(page, 'readings', '1 failed');
      await showView(page, 'Partitions');
      const start = page.getByRole('slider', { name: 'Start of the range' });
      await start.focus();
      await page.keyboard.press('Home');
      await expect.poll(() => start.getAttribute('aria-valuetext')).toContain('2014');
      const lane = page.getByRole('slider', { name: 'Timeline of readings' });
      await lane.focus();
      await page.keyboard.press('Home');
      for (let press = 0; press < 5; press += 1) await page.keyboard.press('ArrowRight');
      await expect.poll(() => lane.getAttribute('aria-valuetext')).toBe('2014-10-15-05:00: failed');
      const key = page.getByRole('region', { name: 'Chosen key' });
      await key.getByText('AssertionError').first().waitFor();
      await page.getByRole('img', { name: /9 materializations/ }).waitFor();
      await page.getByRole('button', { name: /1 failed/ }).click();
      const failed = page.getByRole('grid', { name: 'Keys that are failed' });
      await failed.getByRole('row', { name: /05:00: failed/ }).waitFor();
    });
  });
});

describe('the keys of a bar', () => {
  it('are opened by Enter', async () => {
    await visit(linkTo(HOURS), {}, async ({ page }) => {
      await expectCard(page, 'sites', '0 of 2 materialized');
      const { bar } = await boxOf(page, 'sites');
      await bar.focus();
      await page.keyboard.press('End');
      await page.keyboard.press('Enter');
      await page.getByRole('region', { name: 'Chosen key' }).getByText('sites').first().waitFor();
    });
  });

  it('are chosen for a launch by dragging, and by Shift with arrows, under a bracket', async () => {
    await visit(linkTo(HOURS), {}, async ({ page }) => {
      await expectCard(page, 'readings', /^0 of/);
      const panel = await openLaunchPanel(page, 'readings');
      const bar = panel.getByRole('slider', { name: 'Keys of readings to launch' });
      const keys = panel.getByRole('textbox', { name: 'Partitions', exact: true });
      const box = await bar.boundingBox();
      if (!box) throw new Error('The panel has no bar.');
      await page.mouse.move(box.x, box.y + 8);
      await page.mouse.down();
      await page.mouse.move(box.x + box.width / 2, box.y + 8, { steps: 3 });
      await page.mouse.up();
      await panel.getByText(/^\d{2},\d{3} selected$/).waitFor();
      await expect.poll(() => keys.inputValue()).toMatch(/^\[2014-10-15-00:00\.\.\.2020/);
      await bar.focus();
      await page.keyboard.press('Home');
      await page.keyboard.press('Shift+ArrowRight');
      await page.keyboard.press('Shift+ArrowRight');
      await panel.getByText('3 selected', { exact: true }).waitFor();
      await expect.poll(() => keys.inputValue()).toBe('[2014-10-15-00:00...2014-10-15-02:00]');
    });
  });
});

describe('what failed', () => {
  it('is retried a definition at a time where the keys of several failed', async () => {
    await visit(linkTo(HOURS), {}, async ({ page }) => {
      await expectCard(page, 'sites', '0 of 2 materialized');
      await materialize(page, 'sites', 'a, b');
      await expectCard(page, 'sites', '1 failed');
      await materialize(page, 'readings', '2014-10-15-05:00');
      await expectCard(page, 'readings', '1 failed');
      await showView(page, 'Runs');
      await page.getByRole('button', { name: 'Retry failed, 1 key of readings' }).waitFor();
      await page.getByRole('button', { name: 'Retry failed, 1 key of sites' }).click();
      const panel = page.getByRole('dialog', { name: 'Materialize sites' });
      expect(
        await panel.getByRole('textbox', { name: 'Partitions', exact: true }).inputValue(),
      ).toBe('b');
    });
  });

  it('leads to its line in the notebook, on a phone too', async () => {
    await visit(linkTo(HOURS), { viewport: PHONE }, async ({ page }) => {
      await expectCard(page, 'sites', '0 of 2 materialized');
      await materialize(page, 'sites', 'b');
      await expectCard(page, 'sites', '1 failed');
      await showView(page, 'Runs');
      await runRow(page, 'failed', 'sites').click();
      await page.getByRole('button', { name: /^Cell 1, line \d+$/ }).click();
      await page.getByRole('group', { name: 'Cell 1', exact: true }).waitFor();
      await expect.poll(() => page.getByRole('tab', { name: 'Runs' }).isVisible()).toBe(false);
    });
  });
});

describe.each([{ viewport: DESKTOP }, { viewport: PHONE }])(
  'pictures at $viewport.width px, in both themes',
  (options) => {
    it('axe finds nothing serious in dense bars, lanes and histories', async () => {
      await visit(linkTo(HOURS), options, async ({ page }) => {
        await expectCard(page, 'readings', /^0 of/);
        await materialize(page, 'readings', '[2014-10-15-00:00...2014-10-15-09:00]');
        await expectCard(page, 'readings', '1 failed');
        await expectAccessibleInBothThemes(page);
        for (const view of ['Graph', 'Partitions']) {
          await showView(page, view);
          await expectAccessibleInBothThemes(page);
        }
        await showView(page, 'Runs');
        await runRow(page, 'failed', 'readings').click();
        await page.getByRole('region', { name: 'Event log' }).waitFor();
        await expectAccessibleInBothThemes(page);
      });
    });
  },
);
