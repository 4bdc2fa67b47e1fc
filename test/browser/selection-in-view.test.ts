import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { expectAccessible } from './axe.ts';
import { DESKTOP, PHONE, useChromium, visit } from './chromium.ts';
import { expectCard, linkTo, materialize, notebookOf, showView } from './notebook-page.ts';

useChromium();

/** Shops, whose few keys are a matrix, and letters, whose many are a bar. */
const SHOPS = notebookOf(`
const shops = dg.StaticPartitionsDefinition(['north', 'south', 'west']);
const letters = dg.StaticPartitionsDefinition(Array.from({ length: 90 }, (_, at) => 'letter-' + (100 + at)));
const sales = dg.asset({ partitionsDef: shops }, (context) => {
  assert(context.partitionKey !== 'south', 'no till');
  return 1;
});
const post = dg.asset({ partitionsDef: letters }, () => 1);
`);

const selection = (page: Page) => page.getByRole('region', { name: 'Selected keys', exact: true });
const textOf = (page: Page) => page.getByRole('textbox', { name: 'Partitions', exact: true });
const searchOf = (page: Page) => page.evaluate(() => location.search);

describe('a selection in the view of partitions', () => {
  it('[SEL-11] is typed by keyboard alone, marked in the lane, kept in the address, and launched', async () => {
    await visit('?example=size&view=partitions', {}, async ({ page }) => {
      await expectCard(page, 'readings', /^0 of 10,000/);
      await page.getByRole('button', { name: 'Select keys' }).focus();
      await page.keyboard.press('Enter');
      await expect.poll(() => textOf(page).evaluate((field) => field.matches(':focus'))).toBe(true);
      await page.keyboard.type('weekends & last 30 days');
      await selection(page).getByText('216 keys selected').waitFor();
      const lane = page.getByRole('slider', { name: 'Timeline of readings' });
      await lane.getByText('216 selected').waitFor();
      await expect.poll(() => searchOf(page)).toContain('keys=weekends+%26+last+30+days&pick');
      await selection(page).getByRole('button', { name: 'Done' }).click();
      await expect.poll(() => searchOf(page)).not.toContain('pick');
      await page.reload();
      await selection(page).getByText('216 keys of readings selected').waitFor();
      await lane.getByText('216 selected').waitFor();
      await expect.poll(() => textOf(page).count()).toBe(0);
      await selection(page).getByRole('button', { name: 'Change' }).click();
      await expect.poll(() => textOf(page).inputValue()).toBe('weekends & last 30 days');
      await textOf(page).fill('latest 2');
      await selection(page).getByRole('button', { name: 'Materialize 2 keys' }).click();
      const panel = page.getByRole('dialog', { name: 'Materialize readings', exact: true });
      await panel.getByRole('button', { name: 'Launch 2 runs' }).click();
      await expectCard(page, 'readings', '2 of 10,000');
    });
  });

  it('[SEL-6] [SEL-16] says what is wrong, has names, and goes over to another asset', async () => {
    await visit(linkTo(SHOPS), {}, async ({ page }) => {
      await expectCard(page, 'sales', /^0 of/);
      await materialize(page, 'sales');
      await expectCard(page, 'sales', '1 failed');
      await showView(page, 'Partitions');
      await page.getByRole('button', { name: 'Select keys' }).click();
      await textOf(page).fill('faild');
      await selection(page).getByText('Did you mean failed?').waitFor();
      await selection(page).getByRole('button', { name: 'Use failed' }).click();
      await page.getByRole('gridcell', { name: /^sales south: .*selected$/ }).waitFor();
      const parts = page.getByRole('button', { name: 'Parts, names and words of the selection' });
      await parts.click();
      await page.getByRole('textbox', { name: 'Name of this selection' }).fill('broken');
      await page.getByRole('button', { name: 'Keep', exact: true }).click();
      await page.getByTitle('Use @broken').waitFor();
      await selection(page).getByRole('combobox', { name: 'of' }).selectOption('post');
      await textOf(page).fill('letter-11*');
      await selection(page).getByText('10 keys selected').waitFor();
      await page
        .getByRole('slider', { name: 'Keys of post', exact: true })
        .getByText('10 selected')
        .waitFor();
      await selection(page).getByRole('button', { name: 'Wipe history' }).waitFor();
      await expectAccessible(page);
    });
  });

  it('is taken key by key in the matrix and brushed on the bar; Shift adds, Ctrl removes', async () => {
    await visit(linkTo(SHOPS), {}, async ({ page }) => {
      await expectCard(page, 'sales', /^0 of/);
      const cell = page.getByRole('gridcell', { name: /^sales north/ });
      await cell.click();
      await page.keyboard.press('Space');
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('Space');
      await selection(page).getByText('2 keys of sales selected').waitFor();
      await selection(page).getByText('north, west').waitFor();
      await cell.click({ modifiers: ['Shift'] });
      await selection(page).getByText('1 key of sales selected').waitFor();

      const bar = page.getByRole('slider', { name: 'Keys of post', exact: true });
      const box = await bar.boundingBox();
      if (!box) throw new Error('There is no bar.');
      const drag = async (from: number, to: number) => {
        await page.mouse.move(box.x + box.width * from, box.y + 8);
        await page.mouse.down();
        await page.mouse.move(box.x + box.width * to, box.y + 8, { steps: 4 });
        await page.mouse.up();
      };
      await drag(0.01, 0.105);
      await selection(page).getByText('10 keys of post selected').waitFor();
      await page.keyboard.down('Shift');
      await drag(0.505, 0.605);
      await page.keyboard.up('Shift');
      await selection(page).getByText('20 keys of post selected').waitFor();
      await page.keyboard.down('Control');
      await drag(0.505, 0.555);
      await page.keyboard.up('Control');
      await selection(page).getByText('15 keys of post selected').waitFor();
      await selection(page).getByRole('button', { name: 'Clear' }).click();
      await selection(page).waitFor({ state: 'detached' });
    });
  });

  it('is dragged on a lane: Shift adds, Ctrl takes away', async () => {
    await visit('?example=size&view=partitions', {}, async ({ page }) => {
      const lane = page.getByRole('slider', { name: 'Timeline of daily_readings' });
      await page
        .getByRole('radiogroup', { name: 'Quick ranges' })
        .getByText('30 days', { exact: true })
        .click();
      const box = await lane.boundingBox();
      if (!box) throw new Error('There is no lane.');
      const drag = async (modifier: string, from: number, to: number) => {
        await page.keyboard.down(modifier);
        await page.mouse.move(box.x + box.width * from, box.y + 8);
        await page.mouse.down();
        await page.mouse.move(box.x + box.width * to, box.y + 8, { steps: 4 });
        await page.mouse.up();
        await page.keyboard.up(modifier);
      };
      const count = async () => {
        const words = await selection(page)
          .getByText(/keys? of daily_readings selected/)
          .innerText();
        return Number.parseInt(words, 10);
      };
      await drag('Shift', 0.1, 0.3);
      const first = await count();
      await drag('Shift', 0.5, 0.7);
      await expect.poll(count).toBeGreaterThan(first + 1);
      await drag('Control', 0.05, 0.35);
      await expect.poll(count).toBeLessThanOrEqual(first + 1);
      await drag('Control', 0.4, 0.8);
      await selection(page).waitFor({ state: 'detached' });
    });
  });

  it.each([DESKTOP, PHONE])(
    'stands at $width px, where its address opens the view',
    async (viewport) => {
      const path = '?example=size&view=partitions&of=readings&keys=latest+3&pick';
      await visit(path, { viewport, colorScheme: 'dark' }, async ({ page }) => {
        await selection(page).getByText('3 keys selected').waitFor();
        await selection(page).getByText('3 of 10,000 keys').waitFor();
        await expectAccessible(page);
        const excess = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        expect(excess).toBeLessThanOrEqual(0);
      });
    },
  );
});
