import type { Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { expectAccessible } from './axe.ts';
import { PHONE, useChromium, visit } from './chromium.ts';
import { expectCard, openLaunchPanel } from './notebook-page.ts';

useChromium();

const textOf = (panel: Locator) => panel.getByRole('textbox', { name: 'Partitions', exact: true });
const unfold = (panel: Locator) =>
  panel.getByRole('button', { name: 'Parts, names and words of the selection' }).click();

async function openSize(page: Page): Promise<Locator> {
  await expectCard(page, 'readings', /^0 of 10,000/);
  return openLaunchPanel(page, 'readings');
}

describe('a selection in the launch panel', () => {
  it('[SEL-17] counts each part of a text, and says what Dagster could be told', async () => {
    await visit('?example=size', {}, async ({ page }) => {
      const panel = await openSize(page);
      await textOf(panel).fill('[2026-03-01-00:00..2026-03-02-00:00) - latest 3, not tried');
      await unfold(panel);
      const parts = panel.getByRole('list', { name: 'Parts of the selection' });
      await parts.getByRole('button', { name: /^latest 3\s+3\s+keys$/ }).waitFor();
      await parts.getByRole('button', { name: /^\[2026.*\)\s+24\s+keys$/ }).waitFor();
      await panel.getByText('[2026-03-01-00:00...2026-03-01-23:00]').waitFor();
      await panel.getByRole('button', { name: 'Launch 24 runs' }).waitFor();
      await expectAccessible(page);
    });
  });

  it('[SEL-6] says under the text what is wrong, and mends it', async () => {
    await visit('?example=size', {}, async ({ page }) => {
      const panel = await openSize(page);
      await textOf(panel).fill('all - latst 30');
      await panel.getByText('Did you mean latest 30?').waitFor();
      expect(await panel.getByRole('button', { name: /^Launch/ }).isDisabled()).toBe(true);
      await panel.getByRole('button', { name: 'Use latest 30' }).click();
      await expect.poll(() => textOf(panel).inputValue()).toBe('all - latest 30');
      await panel.getByText('9,970 of 10,000 keys').waitFor();
    });
  });

  it('[SEL-18] offers what may be written, by keyboard alone', async () => {
    await visit('?example=size', {}, async ({ page }) => {
      const panel = await openSize(page);
      await textOf(panel).fill('');
      await textOf(panel).pressSequentially('weeke');
      const offers = page.getByRole('listbox', { name: 'What may be written here' });
      await offers.getByRole('option', { name: 'weekends' }).waitFor();
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      await expect.poll(() => textOf(panel).inputValue()).toBe('weekends');
      await textOf(panel).fill('mond');
      await offers.getByRole('option', { name: 'mondays' }).waitFor();
      await page.keyboard.press('Escape');
      await offers.waitFor({ state: 'detached' });
      await expect.poll(() => panel.isVisible()).toBe(true);
    });
  });

  it('[SEL-18] offers what fits what was typed before the help had come', async () => {
    await visit('?example=size', {}, async ({ page }) => {
      let help = () => {};
      const isTyped = new Promise<void>((resolve) => (help = resolve));
      await page.route('**/page-FieldAids-*.js', async (route) => {
        await isTyped;
        await route.continue();
      });
      const panel = await openSize(page);
      await textOf(panel).fill('');
      await textOf(panel).pressSequentially('weeke');
      const offers = page.getByRole('listbox', { name: 'What may be written here' });
      await expect.poll(() => offers.count()).toBe(0);
      help();
      await offers.getByRole('option', { name: 'weekends' }).waitFor();
    });
  });

  it('is narrowed by a press to what failed or is missing of it', async () => {
    await visit('?example=size', {}, async ({ page }) => {
      let panel = await openSize(page);
      await textOf(panel).fill('2026-03-10-05:00');
      await panel.getByRole('button', { name: 'Launch 1 run' }).click();
      await expectCard(page, 'readings', /^1 of 10,000/);
      panel = await openLaunchPanel(page, 'readings');
      await textOf(panel).fill('latest 4');
      await panel
        .getByRole('button', { name: 'Only what failed or is missing of these: 3' })
        .click();
      await expect
        .poll(() => textOf(panel).inputValue())
        .toBe('[2026-03-10-06:00...2026-03-10-08:00]');
      await panel.getByRole('button', { name: 'Launch 3 runs' }).waitFor();
      expect(await panel.getByText('Only what failed or is missing').count()).toBe(0);
    });
  });

  it('is brushed: Shift adds, Ctrl removes', async () => {
    await visit('?example=size', {}, async ({ page }) => {
      const panel = await openSize(page);
      const bar = panel.getByRole('slider', { name: 'Keys of readings to launch' });
      const box = await bar.boundingBox();
      if (!box) throw new Error('The panel has no bar.');
      const drag = async (from: number, to: number) => {
        await page.mouse.move(box.x + box.width * from, box.y + 8);
        await page.mouse.down();
        await page.mouse.move(box.x + box.width * to, box.y + 8, { steps: 4 });
        await page.mouse.up();
      };
      const ranges = async () => (await textOf(panel).inputValue()).split(', ').length;
      await drag(0.1, 0.4);
      await expect.poll(ranges).toBe(1);
      await page.keyboard.down('Shift');
      await drag(0.6, 0.8);
      await page.keyboard.up('Shift');
      await expect.poll(ranges).toBe(2);
      await page.keyboard.down('Control');
      await drag(0.2, 0.3);
      await page.keyboard.up('Control');
      await expect.poll(ranges).toBe(3);
    });
  });

  it('is ticked in a list that is searched, sorted and walked by keyboard', async () => {
    await visit('?example=size', {}, async ({ page }) => {
      const panel = await openSize(page);
      await textOf(panel).fill('latest 2');
      await panel.getByRole('button', { name: 'List', exact: true }).click();
      const list = panel.getByRole('listbox', { name: 'Keys to choose from' });
      const latest = list.getByRole('option', { name: '2026-03-10-08:00 missing', selected: true });
      // Only rows in sight are in the document: it opens at what is chosen.
      await latest.waitFor();
      await list.getByRole('option', { name: '2026-03-10-04:00 missing' }).waitFor();
      await panel.getByRole('combobox', { name: 'Order of the keys' }).selectOption('reverse');
      await latest.waitFor();
      await list.focus();
      await page.keyboard.press('Home');
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Space');
      await expect.poll(() => textOf(panel).inputValue()).toBe('2026-03-10-08:00');
      await panel.getByRole('searchbox', { name: 'Search the keys' }).fill('2026-03-10');
      await panel.getByRole('button', { name: 'Select these 9' }).click();
      await expect
        .poll(() => textOf(panel).inputValue())
        .toBe('[2026-03-10-00:00...2026-03-10-08:00]');
      await expectAccessible(page);
    });
  });

  it('[SEL-16] has a name that outlives a reload', async () => {
    await visit('?example=size', {}, async ({ page }) => {
      let panel = await openSize(page);
      await textOf(panel).fill('latest 7');
      await unfold(panel);
      await panel.getByRole('textbox', { name: 'Name of this selection' }).fill('recent');
      await panel.getByRole('button', { name: 'Keep' }).click();
      await panel.getByTitle('Use @recent').waitFor();
      await page.reload();
      panel = await openSize(page);
      await textOf(panel).fill('@recent - latest');
      await panel.getByText('6 of 10,000 keys').waitFor();
    });
  });

  it('has a row for each dimension, whose product it is', async () => {
    await visit('?example=dimensions', { viewport: PHONE }, async ({ page }) => {
      const panel = await openLaunchPanel(page, 'multi_partitions_asset');
      const color = panel.getByRole('group', { name: 'Dimension color' });
      await color.getByRole('checkbox', { name: 'red' }).uncheck();
      await expect.poll(() => textOf(panel).inputValue()).toBe('color=(yellow, blue)');
      await panel
        .getByRole('group', { name: 'Dimension date' })
        .getByText('Latest', { exact: true })
        .click();
      await expect
        .poll(() => textOf(panel).inputValue())
        .toBe('color=(yellow, blue) & date=2022-01-03');
      await panel.getByRole('button', { name: 'Launch 2 runs' }).waitFor();
      await expectAccessible(page);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(
        PHONE.width,
      );
    });
  });

  it('[DYN-5] takes a new key in place, and says why one is refused', async () => {
    await visit('?example=dynamic', {}, async ({ page }) => {
      const panel = await openLaunchPanel(page, 'images');
      const fresh = panel.getByRole('textbox', { name: 'Add partition' });
      await fresh.fill('cat.png');
      await panel.getByRole('button', { name: 'Add', exact: true }).click();
      await panel.getByRole('checkbox', { name: /cat\.png/ }).waitFor();
      await fresh.fill('cat.png');
      await panel.getByRole('button', { name: 'Add', exact: true }).click();
      await panel.getByText('cat.png is a key of images already.').waitFor();
    });
  });
});
