import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { expectAccessible } from './axe.ts';
import { PHONE, useChromium, visit } from './chromium.ts';
import { linkTo, notebookOf, showView } from './notebook-page.ts';

useChromium();

const READINGS = linkTo(
  notebookOf(
    `const timezone = 'America/Los_Angeles';
const hours = dg.HourlyPartitionsDefinition({ startDate: '2025-10-01-00:00', timezone });
const days = dg.DailyPartitionsDefinition({ startDate: '2025-10-01', timezone });`,
    `const readings = dg.asset({ partitionsDef: hours, group: 'raw' }, () => 1);
const daily_mean = dg.asset({ partitionsDef: days, ins: { readings } }, () => 1);
const day_change = dg.asset({ partitionsDef: days, deps: [
  dg.AssetDep(daily_mean, { partitionMapping: dg.TimeWindowPartitionMapping({ startOffset: -1 }) }),
] }, () => 1);`,
    `const days_job = dg.defineAssetJob('days_job', { selection: [daily_mean, day_change] });
const nightly = dg.buildScheduleFromPartitionedJob(days_job);`,
  ),
);

const slider = (page: Page, asset: string) =>
  page.getByRole('tabpanel').getByRole('slider', { name: `Partitions of ${asset}`, exact: true });

async function openMappings(page: Page): Promise<void> {
  await page.getByRole('tab', { name: 'Mappings', exact: true }).click();
  await slider(page, 'daily_mean').first().waitFor();
}

async function chooseOddDay(page: Page): Promise<void> {
  await page.getByRole('textbox', { name: 'Key of daily_mean' }).fill('2025-11-02');
  await page.getByText('2025-11-02 reads 25 hourly keys of readings,').waitFor();
}

describe('the microscope', () => {
  it('[MAP-TW-4] the day with 25 hours is told, listed and found among all', async () => {
    await visit(READINGS, {}, async ({ page }) => {
      await openMappings(page);
      await chooseOddDay(page);
      const list = page.getByRole('list', { name: 'Keys of readings' });
      await list.getByRole('button', { name: '2025-11-02-01:00-0800, missing' }).waitFor();
      const odd = page.getByRole('list', { name: 'Odd keys' });
      await odd.getByRole('button', { name: '2025-11-02' }).waitFor();
      await odd.getByRole('button', { name: '2026-03-08' }).click();
      await page.getByText('2026-03-08 reads 23 hourly keys of readings,').waitFor();
      await expect.poll(() => page.url()).toContain('key=2026-03-08');
      await expectAccessible(page);
    });
  });

  it('is used by keys alone: along both ends, and into a key', async () => {
    await visit(READINGS, {}, async ({ page }) => {
      await openMappings(page);
      await chooseOddDay(page);
      await slider(page, 'daily_mean').focus();
      await page.keyboard.press('ArrowRight');
      await page.getByText('2025-11-03 reads 24 hourly keys of readings,').waitFor();
      await expect
        .poll(() => slider(page, 'daily_mean').getAttribute('aria-valuetext'))
        .toBe('2025-11-03: missing, reads 24 keys');
      await slider(page, 'readings').focus();
      await page.keyboard.press('ArrowLeft');
      await page.getByText('reads 2025-11-02-23:00', { exact: false }).first().waitFor();
      await page.keyboard.press('Enter');
      expect(
        await page.getByRole('tab', { name: 'Partitions' }).getAttribute('aria-selected'),
      ).toBe('true');
    });
  });

  it('another mapping is tried, compared and copied; the notebook stays as it is', async () => {
    await visit(READINGS, {}, async ({ page }) => {
      await openMappings(page);
      await chooseOddDay(page);
      const mapping = page.getByRole('combobox', { name: 'Mapping', exact: true });
      await mapping.selectOption('timeWindow');
      await page.getByRole('spinbutton', { name: 'startOffset' }).fill('-1');
      await page.getByText('24 more, hatched').waitFor();
      await page.getByText('159 of 160 keys read something else.').waitFor();
      const trial = page.getByRole('region', { name: /^Try another mapping/ });
      await trial.getByText('dg.TimeWindowPartitionMapping({ startOffset: -1 })').waitFor();
      await mapping.selectOption('identity');
      await page
        .getByRole('alert')
        .getByText(/must match/)
        .waitFor();
      await page.getByRole('button', { name: 'Stop trying' }).click();
      await page.getByText('2025-11-02 reads 25 hourly keys of readings,').waitFor();
    });
  });

  it('on a phone everything is there, one below the other', async () => {
    await visit(READINGS, { viewport: PHONE }, async ({ page }) => {
      await showView(page, 'Mappings');
      await slider(page, 'daily_mean').waitFor();
      await chooseOddDay(page);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      expect(wide).toBeLessThanOrEqual(390);
      await expectAccessible(page);
    });
  });
});

describe('the graph', () => {
  it('an edge opens the microscope at itself', async () => {
    await visit(READINGS, {}, async ({ page }) => {
      await page.getByRole('tab', { name: 'Graph', exact: true }).click();
      await page.getByRole('button', { name: 'daily_mean reads readings: its hours' }).click();
      const told = page.getByRole('region', { name: 'Chosen dependency' });
      await told.getByText(/reads 24 hourly keys of readings/).waitFor();
      await expectAccessible(page);
      await told.getByRole('button', { name: 'Open in Mappings' }).click();
      await page.getByRole('radio', { name: 'daily_mean reads readings' }).waitFor();
      await expect.poll(() => page.url()).toContain('edge=readings.daily_mean');
    });
  });

  it.each([
    ['from left to right where that fits', 1920, 'ArrowRight'],
    ['from top to bottom where only that does', 1440, 'ArrowDown'],
  ])('%s arrows follow edges, and Space picks', async (_where, width, arrow) => {
    await visit(READINGS, { viewport: { width, height: 900 } }, async ({ page }) => {
      await page.getByRole('tab', { name: 'Graph', exact: true }).click();
      const assets = page.getByRole('list', { name: 'Assets' });
      await assets.getByRole('button', { name: /^readings/ }).focus();
      await page.keyboard.press('Space');
      await page.keyboard.press(arrow);
      await page.keyboard.press('Space');
      await page.getByText('2 assets picked').waitFor();
      await page.getByRole('button', { name: 'Materialize 2 assets' }).click();
      await page.getByRole('dialog', { name: 'Materialize 2 assets' }).waitFor();
    });
  });

  it('jobs and schedules stand beside the assets that they launch; groups fold', async () => {
    await visit(READINGS, {}, async ({ page }) => {
      await page.getByRole('tab', { name: 'Graph', exact: true }).click();
      await page.getByRole('checkbox', { name: 'Jobs, schedules, sensors' }).check();
      await page.getByRole('button', { name: 'job days_job' }).click();
      await page
        .getByRole('region', { name: 'Chosen job' })
        .getByText('daily_mean, day_change')
        .waitFor();
      const groups = page.getByRole('list', { name: 'Groups' });
      await groups.getByRole('button', { name: /raw/ }).click();
      await page.getByRole('button', { name: 'group raw, 1 asset, folded' }).waitFor();
      await expectAccessible(page);
    });
  });
});

describe('the palette', () => {
  it('finds a key in any asset, and a mapping; what was used comes first', async () => {
    await visit(READINGS, {}, async ({ page }) => {
      await page.getByRole('tab', { name: 'Graph', exact: true }).click();
      await page.getByRole('button', { name: 'daily_mean reads readings: its hours' }).waitFor();
      const field = page.getByRole('combobox', { name: 'Find a command' });
      await page.keyboard.press('ControlOrMeta+K');
      await field.fill('2025-11-02');
      await page.getByRole('option', { name: /^2025-11-02 of daily_mean/ }).waitFor();
      await expectAccessible(page);
      await page.keyboard.press('Enter');
      await expect.poll(() => page.url()).toContain('key=2025-11-02');
      await page.keyboard.press('ControlOrMeta+K');
      await field.fill('change mapping');
      await page.keyboard.press('Enter');
      await slider(page, 'day_change').waitFor();
      await page.keyboard.press('ControlOrMeta+K');
      const first = page
        .getByRole('listbox', { name: 'Commands found' })
        .getByRole('option')
        .first();
      await expect.poll(() => first.textContent()).toMatch(/^daily_mean → day_change/);
    });
  });

  it('one table has all keys', async () => {
    await visit(READINGS, {}, async ({ page }) => {
      await page.getByRole('tab', { name: 'Graph', exact: true }).focus();
      await page.keyboard.press('?');
      const dialog = page.getByRole('dialog', { name: 'Keys', exact: true });
      for (const title of ['Anywhere', 'In the graph', 'In the microscope']) {
        await dialog.getByRole('region', { name: title }).waitFor();
      }
      await expectAccessible(page);
    });
  });
});
