import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { parseNotebook } from '../../src/notebook/file-format.ts';
import type { CellId } from '../../src/notebook/notebook.ts';
import { expectAccessible } from './axe.ts';
import { DESKTOP, PHONE, useChromium, visit } from './chromium.ts';
import {
  expectCard,
  linkTo,
  materialize,
  notebookOf,
  openLaunchPanel,
  writeCell,
} from './notebook-page.ts';

useChromium();

/** Waits until the notebook counts its goals so. */
async function expectCount(page: Page, text: string): Promise<void> {
  const bar = page.getByRole('region', { name: 'Goals of this notebook' });
  await bar
    .getByRole('status')
    .filter({ hasText: new RegExp(`^${text}$`) })
    .waitFor();
}

/** Waits until a goal says so. */
async function expectGoal(page: Page, title: string, text: string | RegExp): Promise<void> {
  const goal = page
    .getByRole('list', { name: /^Goals of cell/ })
    .getByRole('listitem')
    .filter({ hasText: title });
  await goal.filter({ hasText: text }).waitFor();
}

/** Launches from an asset's panel what one of its choices ticks. */
async function launchChoice(page: Page, asset: string, choice: RegExp): Promise<void> {
  const panel = await openLaunchPanel(page, asset);
  const radio = page.getByRole('radio', { name: choice });
  await panel.locator('label').filter({ has: radio }).first().click();
  await panel.getByRole('button', { name: /^Launch/ }).click();
}

/** Launches keys of an asset by ticking them and no others. */
async function tickAndLaunch(page: Page, asset: string, ...keys: readonly string[]): Promise<void> {
  const panel = await openLaunchPanel(page, asset);
  const boxes = panel.getByRole('list', { name: 'Keys' }).getByRole('checkbox');
  for (const box of await boxes.all()) {
    const name = await box.evaluate((input) => input.closest('label')?.textContent ?? '');
    await box.setChecked(keys.some((key) => name.includes(key)));
  }
  await panel.getByRole('button', { name: 'Launch 1 run' }).click();
}

/** Launches an asset with text in fields of its config. */
async function launchWith(
  page: Page,
  asset: string,
  fields: Readonly<Record<string, string>>,
  keys?: string,
): Promise<void> {
  const panel = await openLaunchPanel(page, asset);
  if (keys !== undefined) {
    await panel.getByRole('textbox', { name: 'Partitions', exact: true }).fill(keys);
  }
  for (const [name, text] of Object.entries(fields)) {
    await panel.getByRole('textbox', { name: new RegExp(`^${name}`) }).fill(text);
  }
  await panel.getByRole('button', { name: /^Launch/ }).click();
}

/** A lesson whose code cells are edited as its text says; on a narrow screen the shown lines are others. */
function editorOf(page: Page, lesson: string) {
  const source = readFileSync(`public/examples/${lesson}.md`, 'utf8');
  let count = 0;
  const { cells } = parseNotebook(source, () => `c${(count += 1)}` as CellId);
  const texts = cells.map(({ text }) => text);
  return async (cell: number, from: string, to: string): Promise<void> => {
    const text = texts[cell - 1] ?? '';
    expect(text).toContain(from);
    texts[cell - 1] = text.replace(from, to);
    await writeCell(page, cell, text.replace(from, to));
    await page.keyboard.press('Escape');
  };
}

const SIZES = [
  ['on a desktop', DESKTOP],
  ['on a phone', PHONE],
] as const;

describe.each(SIZES)('the course %s', (_size, viewport) => {
  it('lesson 1 is done by pressing what it says, and stays done', async () => {
    await visit('', { viewport }, async ({ page }) => {
      const edit = editorOf(page, 'lesson-1');
      await page.getByRole('link', { name: /Your first partitions.*Start here/ }).click();
      await expectCount(page, '0 of 6 goals');
      await tickAndLaunch(page, 'orders', 'customer_a');
      await expectGoal(page, 'The orders of customer_a are there', ': reached');
      await expectCount(page, '1 of 6 goals');
      await launchChoice(page, 'orders', /^Missing/);
      await expectCount(page, '2 of 6 goals');
      await tickAndLaunch(page, 'summary', 'customer_b');
      await expectCount(page, '3 of 6 goals');
      await tickAndLaunch(page, 'orders', 'customer_b');
      await expectCount(page, '4 of 6 goals');
      await expectCard(page, 'summary', '1 stale');
      await edit(2, "'customer_c'", "'customer_c', 'customer_d'");
      await expectCount(page, '5 of 6 goals');
      await launchChoice(page, 'orders', /^Missing/);
      await expectCount(page, 'All 6 goals are reached');
      await expectAccessible(page);
      await page.reload();
      await expectCount(page, 'All 6 goals are reached');
      await page.getByRole('link', { name: 'Go on: The same with config' }).click();
      await expectCount(page, '0 of 5 goals');
      await page
        .getByRole('link', { name: /Partita|Start/ })
        .first()
        .click();
      await page.getByRole('link', { name: /Your first partitions.*done/ }).waitFor();
    });
  });

  it('lesson 2 is done by pressing what it says', async () => {
    await visit('?example=lesson-2', { viewport }, async ({ page }) => {
      const edit = editorOf(page, 'lesson-2');
      await expectCount(page, '0 of 5 goals');
      const panel = await openLaunchPanel(page, 'orders');
      // What the text says of the button.
      expect(await panel.getByRole('button', { name: /^Launch/ }).isDisabled()).toBe(true);
      await panel.getByRole('textbox', { name: /^customer_id/ }).fill('customer_a');
      await panel.getByRole('button', { name: /^Launch/ }).click();
      await expectCount(page, '1 of 5 goals');
      await launchWith(page, 'orders', { customer_id: 'customer_b' });
      await expectCount(page, '2 of 5 goals');
      // The wrong answer first.
      const whose = 'You know whose orders are stored';
      await edit(8, '?', 'customer_a');
      await expectGoal(page, whose, 'Not customer_a: look at the order numbers.');
      await edit(8, 'customer_a', 'customer_b');
      await expectCount(page, '3 of 5 goals');
      await edit(11, '0', '1');
      await expectGoal(page, 'You know how many runs', 'There are 2 runs of orders');
      await edit(11, '1', '2');
      await expectCount(page, '4 of 5 goals');
      await launchWith(page, 'orders', { customer_id: 'custmer_a' });
      await expectCount(page, 'All 5 goals are reached');
      await page.getByRole('link', { name: /^Go on: When something fails/ }).waitFor();
    });
  });

  it('lesson 3 is done by pressing what it says', async () => {
    await visit('?example=lesson-3', { viewport }, async ({ page }) => {
      const edit = editorOf(page, 'lesson-3');
      await expectCount(page, '0 of 5 goals');
      await launchChoice(page, 'orders', /^All/);
      await expectCount(page, '1 of 5 goals');
      await expectCard(page, 'orders', '1 failed');
      await edit(2, "['customer_c']", '[]');
      await launchChoice(page, 'orders', /^Failed/);
      await expectCount(page, '2 of 5 goals');
      await launchChoice(page, 'summary', /^All/);
      await expectCount(page, '3 of 5 goals');
      await edit(9, 'orders[0].amount', 'orders[0].amount / 100');
      await edit(9, "codeVersion: '1'", "codeVersion: '2'");
      await expectCount(page, '4 of 5 goals');
      await expectCard(page, 'summary', '3 stale');
      await launchChoice(page, 'summary', /^All/);
      await expectCount(page, 'All 5 goals are reached');
    });
  });

  it('lesson 4 is done by pressing what it says, and leads on', async () => {
    await visit('?example=lesson-4', { viewport, colorScheme: 'dark' }, async ({ page }) => {
      await expectCount(page, '0 of 4 goals');
      await launchChoice(page, 'orders', /^All/);
      await expectCount(page, '1 of 4 goals');
      await launchWith(page, 'orders', { limit: '500' }, 'customer_b');
      await expectCount(page, '2 of 4 goals');
      const panel = await openLaunchPanel(page, 'orders');
      await panel.getByRole('textbox', { name: /^limit/ }).fill('many');
      expect(await panel.getByRole('button', { name: /^Launch/ }).isDisabled()).toBe(true);
      await page.keyboard.press('Escape');
      await panel.waitFor({ state: 'hidden' });
      await page.getByRole('switch', { name: 'Run nightly' }).click();
      await expectCount(page, '3 of 4 goals');
      await page.getByRole('button', { name: /^Clock/ }).click();
      await page
        .getByRole('dialog', { name: 'Clock' })
        .getByRole('button', { name: 'Go' })
        .first()
        .click();
      await expectCount(page, 'All 4 goals are reached');
      await expectAccessible(page);
      await page.getByRole('link', { name: /^Go on: Partitions, config and both/ }).waitFor();
    });
  });
});

describe('the wrong paths that the lessons warn of', () => {
  it('lesson 1: all at once reaches both goals; others run again are said to be, and can be mended', async () => {
    await visit('?example=lesson-1', {}, async ({ page }) => {
      await launchChoice(page, 'orders', /^All/);
      await expectCount(page, '2 of 6 goals');
      await launchChoice(page, 'orders', /^All/);
      await expectGoal(
        page,
        'The orders of customer_b were made anew',
        'Others were made again too',
      );
      await materialize(page, 'orders', 'customer_b');
      await expectGoal(page, 'The orders of customer_b were made anew', ': reached');
    });
  });

  it('lesson 3: all run for one that failed is said to be, and can be tried again', async () => {
    const title = 'customer_c is repaired, and nothing else was run with it';
    await visit('?example=lesson-3', {}, async ({ page }) => {
      const edit = editorOf(page, 'lesson-3');
      await launchChoice(page, 'orders', /^All/);
      await expectCount(page, '1 of 5 goals');
      await edit(2, "['customer_c']", '[]');
      await launchChoice(page, 'orders', /^All/);
      await expectGoal(page, title, '3 customers were run.');
      // As the goal says.
      await edit(2, '[]', "['customer_c']");
      await materialize(page, 'orders', 'customer_c');
      await expectCard(page, 'orders', '1 failed');
      await edit(2, "['customer_c']", '[]');
      await launchChoice(page, 'orders', /^Failed/);
      await expectGoal(page, title, ': reached');
    });
  });

  it('lesson 3: made again before the mistake was mended, then after', async () => {
    await visit('?example=lesson-3', {}, async ({ page }) => {
      const edit = editorOf(page, 'lesson-3');
      await edit(2, "['customer_c']", '[]');
      await launchChoice(page, 'orders', /^All/);
      await expectGoal(page, 'customer_c failed', 'has not been tried while');
      await launchChoice(page, 'summary', /^All/);
      await edit(9, "codeVersion: '1'", "codeVersion: '2'");
      await expectGoal(page, 'All three summaries are known', ': reached');
      await launchChoice(page, 'summary', /^All/);
      await expectCard(page, 'summary', '3 of 3 materialized');
      await expectGoal(page, 'All three summaries are in euros', ': not reached yet');
      await edit(9, 'orders[0].amount', 'orders[0].amount / 100');
      await launchChoice(page, 'summary', /^All/);
      await expectGoal(page, 'All three summaries are in euros', ': reached');
    });
  });

  it('lesson 4: all with the limit is said to be, and can be mended', async () => {
    const title = 'customer_b alone was fetched with a limit of 500';
    await visit('?example=lesson-4', {}, async ({ page }) => {
      await launchWith(page, 'orders', { limit: '500' });
      await expectGoal(page, title, 'Others had 500 too.');
      await launchWith(page, 'orders', { limit: '500' }, 'customer_b');
      await expectGoal(page, title, ': reached');
    });
  });
});

describe('goals that are wrong', () => {
  it('one that throws or never ends says so at itself, and the others are told', async () => {
    const cells = [
      'const one = dg.asset({}, () => 1);',
      "dg.goal('Throws', () => { throw new Error('no'); });",
      "dg.goal('Never ends', () => { for (;;); });",
      "dg.goal('Is made', (world) => world.asset(one).status() === 'materialized', { hint: 'Press it.' });",
    ];
    await visit(linkTo(notebookOf(...cells)), {}, async ({ page }) => {
      await expectGoal(page, 'Throws', 'Error: no');
      await expectGoal(page, 'Never ends', 'It did not end within 2 s.');
      await page.getByRole('button', { name: 'Hint for: Is made' }).click();
      await expectGoal(page, 'Is made', 'Press it.');
      await materialize(page, 'one');
      await expectGoal(page, 'Is made', ': reached');
      await expectCount(page, '1 of 3 goals');
      await page.getByRole('button', { name: 'How this is checked' }).first().press('Enter');
      await page.getByRole('textbox', { name: 'Code of cell 2', exact: true }).waitFor();
    });
  });
});
