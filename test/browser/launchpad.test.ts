import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { expectAccessible } from './axe.ts';
import { DESKTOP, PHONE, useChromium, visit } from './chromium.ts';
import {
  assetCard,
  expectCard,
  linkTo,
  materialize,
  notebookOf,
  showView,
} from './notebook-page.ts';

useChromium();

const OPS = `const Load = dg.Config({
  date: z.string(),
  limit: z.int().min(1).default(1000),
  mode: z.enum(['fast', 'slow']).default('fast'),
});
const load = dg.op({ config: Load }, (context) => {
  if (context.config.date === 'b') throw new Error('no data');
  return context.config.date;
});
const store = dg.op({ ins: { day: {} } }, (_, { day }) => day);
const by_key = dg.staticPartitionedConfig(
  { partitionKeys: ['a', 'b', 'c'] },
  (partitionKey) => ({ ops: { load: { config: { date: partitionKey } } } }),
);
const nightly = dg.job({ config: by_key }, () => { store({ day: load() }); });
const plain = dg.job(() => { store({ day: load() }); });`;

async function openLaunchpad(page: Page, job: string) {
  await page.getByRole('button', { name: `Open launchpad of ${job}`, exact: true }).click();
  const launchpad = page.getByRole('dialog', { name: `Launchpad of ${job}` });
  await launchpad.getByRole('textbox', { name: 'Config as text' }).waitFor();
  return launchpad;
}

describe('a launchpad', () => {
  it('[CFG-11] [CFG-15] is form and text of one value, with every fault at its place', async () => {
    await visit(linkTo(notebookOf(OPS)), {}, async ({ page }) => {
      const launchpad = await openLaunchpad(page, 'plain');
      const launch = launchpad.getByRole('button', { name: /^Launch/ });
      await launchpad.getByText('date is required.').waitFor();
      expect(await launch.isDisabled()).toBe(true);
      await launchpad.getByRole('button', { name: 'Scaffold missing 1' }).click();
      const text = launchpad.getByRole('textbox', { name: 'Config as text' });
      await text.getByText('"date": "..."').waitFor();
      await launchpad.getByRole('textbox', { name: 'date' }).fill('2026');
      await text.getByText('"date": "2026"').waitFor();
      await launchpad.getByRole('textbox', { name: 'limit' }).fill('many');
      await text.getByText('Value "many" of type').waitFor();
      expect(await launch.isDisabled()).toBe(true);
      await launchpad.getByRole('textbox', { name: 'limit' }).fill('');
      await launchpad.getByRole('button', { name: 'Undo' }).click();
      await text.getByText('{}', { exact: true }).waitFor();
      await launchpad.getByRole('textbox', { name: 'date' }).fill('2026');
      await launchpad.getByRole('button', { name: 'Launch 1 run' }).click();
      await page.getByRole('region', { name: 'Job plain' }).getByText('success').waitFor();
      // Of several jobs, the view opens on the one that ran last.
      await showView(page, 'Jobs');
      const shown = page.getByRole('combobox', { name: 'Job', exact: true });
      await expect.poll(() => shown.inputValue()).toBe('plain');
    });
  }, 60_000);

  it("[CFG-9] an author's condition that a step refused comes back to its field, until it is mended", async () => {
    await visit(linkTo(notebookOf(OPS)), {}, async ({ page }) => {
      let launchpad = await openLaunchpad(page, 'plain');
      const field = (name: string) => launchpad.getByRole('textbox', { name, exact: true });
      await field('date').fill('a');
      await field('limit').fill('0');
      await launchpad.getByRole('button', { name: 'Launch 1 run' }).click();
      await page.getByRole('region', { name: 'Job plain' }).getByText('failed').waitFor();
      launchpad = await openLaunchpad(page, 'plain');
      const text = launchpad.getByRole('textbox', { name: 'Config as text' });
      await text.getByText('"limit": 0').waitFor();
      await expect.poll(() => field('limit').getAttribute('aria-invalid')).toBe('true');
      await launchpad
        .getByText(/>=1\. So run \w+ said when load started\.$/)
        .first()
        .waitFor();
      // Dagster's first check lets it pass: it may be launched as it is.
      await launchpad.getByRole('button', { name: 'Launch 1 run' }).waitFor();
      await field('limit').focus();
      await page.keyboard.press('ControlOrMeta+A');
      await page.keyboard.type('7');
      await expect.poll(() => field('limit').getAttribute('aria-invalid')).not.toBe('true');
      await page.keyboard.press('ControlOrMeta+Enter');
      await page.getByRole('region', { name: 'Job plain' }).getByText('success').waitFor();
    });
  }, 60_000);

  it('[PC-1] fills a key in beside what was typed, and launches many keys with their own', async () => {
    await visit(linkTo(notebookOf(OPS)), {}, async ({ page }) => {
      const launchpad = await openLaunchpad(page, 'nightly');
      const text = launchpad.getByRole('textbox', { name: 'Config as text' });
      await text.getByText('"date": "c"').waitFor();
      await launchpad.getByRole('textbox', { name: 'date' }).fill('mine');
      await launchpad.getByRole('button', { name: 'The key before' }).click();
      const filled = launchpad.getByRole('region', { name: 'Filled in' });
      await filled.getByText('yours stays').waitFor();
      await text.getByText('"date": "mine"').waitFor();
      await filled.getByRole('button', { name: 'Take the other' }).click();
      await text.getByText('"date": "b"').waitFor();
      await launchpad.getByRole('combobox', { name: 'Partition' }).fill('a, b, c');
      await launchpad.getByText('Each of the 3 keys gets').waitFor();
      await launchpad.getByRole('button', { name: 'Launch 3 runs' }).click();
      await page.getByRole('button', { name: 'Runs by key of nightly' }).click();
      const grid = page.getByRole('grid', { name: 'Keys of nightly by step' });
      await page.getByRole('button', { name: '1 failed' }).click();
      await grid.getByRole('gridcell', { name: 'b, load: failed' }).waitFor({ state: 'attached' });
      await grid
        .getByRole('gridcell', { name: 'b, store: not tried' })
        .waitFor({ state: 'attached' });
      await grid.getByRole('gridcell').first().focus();
      await page.keyboard.press('ArrowDown');
      await page.getByRole('region', { name: 'nightly b' }).getByText('no data').first().waitFor();
      await page.waitForURL(/job=nightly/);
    });
  }, 60_000);
});

describe.each([DESKTOP, PHONE])('at $width px', (viewport) => {
  it('axe finds nothing serious in a launchpad and in the view of jobs', async () => {
    await visit(linkTo(notebookOf(OPS)), { viewport }, async ({ page }) => {
      await page.getByRole('button', { name: 'Open launchpad of nightly', exact: true }).click();
      const launchpad = page.getByRole('dialog', { name: 'Launchpad of nightly' });
      await launchpad.getByRole('textbox', { name: 'date' }).waitFor();
      await expectAccessible(page);
      await launchpad.getByRole('button', { name: 'Launch 1 run' }).click();
      await showView(page, 'Jobs');
      await page.getByRole('grid', { name: 'Keys of nightly by step' }).waitFor();
      await expectAccessible(page);
    });
  }, 60_000);
});

it('looking back shows all as of then, disables what changes it, and goes back to now', async () => {
  const cell = `const orders = dg.asset({ partitionsDef: dg.StaticPartitionsDefinition(['a', 'b']) }, () => 1);`;
  await visit(linkTo(notebookOf(cell)), {}, async ({ page }) => {
    await materialize(page, 'orders', 'a');
    await expectCard(page, 'orders', '1 of 2 materialized');
    await page.getByRole('button', { name: /^Clock/ }).click();
    const clock = page.getByRole('dialog', { name: 'Clock' });
    await clock.getByRole('button', { name: '+1 day' }).click();
    await page.getByRole('button', { name: /^Clock Wed 11 Mar/ }).waitFor();
    await page.keyboard.press('Escape');
    await materialize(page, 'orders', 'b');
    await expectCard(page, 'orders', '2 of 2 materialized');
    await page.getByRole('button', { name: /^Clock/ }).click();
    await clock.getByRole('slider', { name: 'Look back' }).focus();
    await page.keyboard.press('Home');
    await page.getByText('As of Tue 10 Mar 2026, 09:00').waitFor();
    await expectCard(page, 'orders', '1 of 2 materialized');
    const materializes = assetCard(page, 'orders').getByRole('button', { name: 'Materialize' });
    expect(await materializes.isDisabled()).toBe(true);
    await expect.poll(() => materializes.getAttribute('title')).toContain('go back to now');
    await clock.getByRole('button', { name: 'Back to now' }).click();
    await expectCard(page, 'orders', '2 of 2 materialized');
    expect(await materializes.isDisabled()).toBe(false);
  });
}, 60_000);
