import { describe, expect, it } from 'vitest';
import { useChromium, visit } from './chromium.ts';
import {
  assetCard,
  expectCard,
  expectSaveState,
  linkTo,
  materialize,
  notebookOf,
  openLaunchPanel,
  runRow,
  showView,
  writeCell,
} from './notebook-page.ts';

useChromium();

const KEYS = `const letters = dg.StaticPartitionsDefinition(['a', 'b', 'c']);`;

const FAILING = `const greeting = dg.asset({ partitionsDef: letters }, (context) => {
  if (context.partitionKey === 'c') throw new Error('no greeting for c');
  return context.partitionKey;
});`;

describe('a failing key', () => {
  it('is red with its reason under its line; once mended, the failed alone is run again', async () => {
    await visit(linkTo(notebookOf(KEYS, FAILING)), {}, async ({ page }) => {
      await materialize(page, 'greeting');
      await expectCard(page, 'greeting', '2 of 3 materialized');
      await expectCard(page, 'greeting', '1 failed');
      await page.getByText('no greeting for c').first().waitFor();

      await writeCell(page, 2, FAILING.replace("=== 'c'", "=== 'd'"));
      const panel = await openLaunchPanel(page, 'greeting');
      await panel.getByText(/^\s*Failed 1/).click();
      const keys = panel.getByRole('textbox', { name: 'Partitions', exact: true });
      await expect.poll(() => keys.inputValue()).toBe('c');
      await panel.getByRole('button', { name: /^Launch/ }).click();
      await expectCard(page, 'greeting', '3 of 3 materialized');
      await expect.poll(() => assetCard(page, 'greeting').getByText('failed').count()).toBe(0);

      await showView(page, 'Runs');
      await runRow(page, 'greeting', 'c').nth(1).waitFor();
      await expect.poll(() => runRow(page, 'greeting', 'a').count()).toBe(1);
    });
  });
});

describe('Stop', () => {
  it('ends a cell that loops for ever, and the next run works', async () => {
    const loop = `const endless = dg.asset(() => { while (true) {} });
const brief = dg.asset(() => 1);`;
    await visit(linkTo(notebookOf(loop)), {}, async ({ page }) => {
      await materialize(page, 'endless');
      const stop = assetCard(page, 'endless').getByRole('button', { name: 'Stop', exact: true });
      await stop.click();
      await stop.waitFor({ state: 'detached' });
      await showView(page, 'Runs');
      await runRow(page, 'endless', 'canceled').first().waitFor();
      await materialize(page, 'brief');
      await expectCard(page, 'brief', /materialized/i);
    });
  });
});

describe('history', () => {
  it('stays with its key when a key is inserted before it', async () => {
    await visit('?example=partitions', {}, async ({ page }) => {
      await materialize(page, 'customer_orders', 'customer_b');
      await expectCard(page, 'customer_orders', '1 of 3 materialized');
      const cell = page.getByRole('group', { name: /^Cell \d+$/ }).filter({
        hasText: 'dg.StaticPartitionsDefinition(',
      });
      const number = Number((await cell.first().getAttribute('aria-label'))?.slice(5));
      await writeCell(
        page,
        number,
        "const customer_partitions = dg.StaticPartitionsDefinition(['customer_a', 'customer_aa', 'customer_b', 'customer_c']);",
      );
      await expectCard(page, 'customer_orders', '1 of 4 materialized');
      const bar = assetCard(page, 'customer_orders').getByRole('slider');
      await bar.focus();
      await page.keyboard.press('Home');
      const texts: (string | null)[] = [];
      for (let key = 0; key < 4; key += 1) {
        texts.push(await bar.getAttribute('aria-valuetext'));
        await page.keyboard.press('ArrowRight');
      }
      expect(texts).toEqual([
        expect.stringMatching(/^customer_a: missing/),
        expect.stringMatching(/^customer_aa: missing/),
        expect.stringMatching(/^customer_b: materialized/),
        expect.stringMatching(/^customer_c: missing/),
      ]);
      await expectSaveState(page, 'Saved');
    });
  });
});
