import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { PHONE, useChromium, visit } from './chromium.ts';
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

/** What stands under the lines of a cell; cells are counted from 1. */
function problemsOf(page: Page, cell: number) {
  return page.getByRole('list', { name: `Problems of cell ${cell}`, exact: true });
}

/** What has the focus, by its name; within an editor, the editor. */
function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    return (element?.getAttribute('aria-label') ?? element?.textContent ?? '').trim();
  });
}

async function download(page: Page, press: () => Promise<void>): Promise<Buffer> {
  const started = page.waitForEvent('download');
  await press();
  return readFileSync(await (await started).path());
}

async function openFromMenu(page: Page, item: string | RegExp): Promise<void> {
  await page.getByRole('button', { name: 'More', exact: true }).first().click();
  await page.getByRole('button', { name: item }).click();
}

describe('a failure', () => {
  const fails = `const letters = dg.StaticPartitionsDefinition(['a', 'b']);
const sent = dg.asset({ partitionsDef: letters }, (context) => {
  if (context.partitionKey === 'b') throw new Error('no stamp');
  return context.partitionKey;
});`;

  it('[APP-10] moves with its line, and stands on the card once that was edited', async () => {
    await visit(linkTo(notebookOf(fails)), {}, async ({ page }) => {
      await materialize(page, 'sent');
      await problemsOf(page, 1).getByText('b failed here.').waitFor();
      await writeCell(page, 1, `// first\n${fails}`);
      await problemsOf(page, 1).getByText('b failed here.').waitFor();
      await writeCell(page, 1, fails.replace(/^ {2}if.*\n/m, ''));
      await expectCard(page, 'sent', 'b failed before this edit.');
      await expect.poll(() => problemsOf(page, 1).count()).toBe(0);
      await materialize(page, 'sent');
      await expectCard(page, 'sent', '2 of 2 materialized');
      await expect
        .poll(() => assetCard(page, 'sent').getByText('before this edit').count())
        .toBe(0);
    });
  });

  it('its text can be selected', async () => {
    await visit(linkTo(notebookOf(fails)), {}, async ({ page }) => {
      await materialize(page, 'sent');
      const words = problemsOf(page, 1).getByText('b failed here.');
      await words.dblclick();
      expect(await page.evaluate(() => getSelection()?.toString().trim())).not.toBe('');
    });
  });
});

describe('layers', () => {
  it('the focus is where it was when one closes, and work is stopped without losing it', async () => {
    const spin = `const spin = dg.asset(() => { while (true) {} });`;
    await visit(linkTo(notebookOf(spin)), {}, async ({ page }) => {
      const press = (keys: string) => page.keyboard.press(keys);
      await assetCard(page, 'spin').getByRole('button', { name: 'Materialize' }).focus();
      await press('Enter');
      const panel = page.getByRole('dialog', { name: 'Materialize spin' });
      await panel.getByRole('button', { name: 'Launch 1 run' }).waitFor();
      await press('Escape');
      await panel.waitFor({ state: 'detached' });
      expect(await focused(page)).toBe('Materialize');
      await press('Enter');
      await panel.getByRole('button', { name: 'Launch 1 run' }).waitFor();
      await press('Control+Enter');
      await panel.waitFor({ state: 'detached' });
      expect(await focused(page)).toBe('Materialize');
      const stop = assetCard(page, 'spin').getByRole('button', { name: 'Stop' });
      await stop.waitFor();
      await press('Shift+Tab');
      expect(await focused(page)).toBe('Stop');
      await press('Enter');
      await stop.waitFor({ state: 'detached' });
      expect(await focused(page)).toBe('Materialize');
    });
  });

  it('the palette gives the focus to what it opens, and that gives it back', async () => {
    await visit('?example=partitions', {}, async ({ page }) => {
      await assetCard(page, 'customer_orders').waitFor();
      await page.getByRole('button', { name: 'Share' }).focus();
      for (const [words, title] of [
        ['files', 'Files'],
        ['share', 'Share'],
        ['keys', 'Keys'],
      ] as const) {
        await page.keyboard.press('ControlOrMeta+K');
        await page.getByRole('combobox', { name: 'Find a command' }).fill(words);
        await page.keyboard.press('Enter');
        const dialog = page.getByRole('dialog', { name: title, exact: true });
        await dialog.waitFor();
        expect(await dialog.evaluate((node) => node.contains(document.activeElement))).toBe(true);
        await page.keyboard.press('Escape');
        await dialog.waitFor({ state: 'detached' });
        expect(await focused(page)).toBe('Share');
      }
    });
  });
});

describe('the top bar', () => {
  it('a title is written into the file', async () => {
    await visit('?example=partitions', {}, async ({ page }) => {
      await page.getByRole('button', { name: /^Title/ }).click();
      await page.getByRole('textbox', { name: 'Title' }).fill('Customers --> all');
      await page.keyboard.press('Enter');
      expect(await focused(page)).toBe('Title: Customers -> all');
      await expectSaveState(page, 'Saved');
      const file = await download(page, () => openFromMenu(page, 'Save as a file'));
      expect(file.toString()).toMatch(/^title: Customers -> all$/m);
    });
  });

  it('on a phone it has the title and the clock, and says what is not saved', async () => {
    await visit('?example=weather', { viewport: { width: 360, height: 740 } }, async ({ page }) => {
      await assetCard(page, 'weather_days').waitFor();
      await expectSaveState(page, 'Saved');
      await page.getByText('10 Mar, 02:00').waitFor();
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
      await openFromMenu(page, 'Run all tests');
      await page.getByRole('status').filter({ hasText: '1 of 1 test passed' }).waitFor();
    });
  });

  it('runs all tests, and an edit forgets what they said', async () => {
    const tests = `dg.test('good', () => assert(true));\ndg.test('bad', () => assert(false, 'no'));`;
    await visit(linkTo(notebookOf(tests)), {}, async ({ page }) => {
      await page.getByRole('button', { name: 'Run all tests' }).click();
      await page.getByRole('status').filter({ hasText: '1 of 2 tests passed' }).waitFor();
      const items = page.getByRole('list', { name: 'Tests of cell 1' }).getByRole('listitem');
      expect(await items.allInnerTexts()).toEqual([
        'good: passed',
        expect.stringMatching(/^bad: failed/),
      ]);
      await writeCell(page, 1, `${tests}\n// edited`);
      await items.filter({ hasText: 'good: not run' }).waitFor();
      await expect.poll(() => page.getByText('tests passed').count()).toBe(0);
    });
  });
});

it('a launch from the card of a job bears its name', async () => {
  await visit('?example=partitions', {}, async ({ page }) => {
    await page.getByRole('button', { name: 'Materialize the assets of all_customers_job' }).click();
    const panel = page.getByRole('dialog', { name: 'Materialize 2 assets' });
    await panel.getByText('as all_customers_job').waitFor();
    await panel.getByRole('button', { name: 'Launch 3 runs' }).click();
    await expectCard(page, 'customer_summary', '3 of 3 materialized');
    await showView(page, 'Runs');
    await runRow(page, 'all_customers_job', 'customer_c').first().waitFor();
  });
});

describe('files', () => {
  it('are dropped in, shown, saved and deleted; ragged rows are told where they are read', async () => {
    const ragged = 'a,b\n1,2\n3\n4,5,6\n';
    const cell = `const rows = dg.asset(async () => files.readCsv('ragged.csv'));`;
    await visit(linkTo(notebookOf(cell)), {}, async ({ page }) => {
      await assetCard(page, 'rows').waitFor();
      await openFromMenu(page, 'Files');
      const dialog = page.getByRole('dialog', { name: 'Files' });
      for (const [name, text] of [
        ['ragged.csv', ragged],
        ['other.csv', 'x\n1\n'],
      ]) {
        const dataTransfer = await page.evaluateHandle(
          ([fileName, content]) => {
            const transfer = new DataTransfer();
            transfer.items.add(new File([content as string], fileName as string));
            return transfer;
          },
          [name, text],
        );
        await dialog.getByRole('group').dispatchEvent('drop', { dataTransfer });
        await dialog.getByRole('button', { name: name as string, exact: true }).waitFor();
      }
      await dialog.getByRole('button', { name: 'ragged.csv', exact: true }).click();
      await dialog.getByText('4,5,6').waitFor();
      const save = dialog.getByRole('button', { name: 'Save ragged.csv' });
      expect((await download(page, () => save.click())).toString()).toBe(ragged);
      page.once('dialog', (question) => void question.accept());
      await dialog.getByRole('button', { name: 'Delete other.csv' }).click();
      await dialog.getByText('other.csv').waitFor({ state: 'detached' });
      await page.keyboard.press('Escape');
      await materialize(page, 'rows');
      await problemsOf(page, 1)
        .getByText(/ragged\.csv/)
        .waitFor();
      await page.getByRole('button', { name: 'Share', exact: true }).click();
      await page.getByRole('dialog', { name: 'Share' }).getByText('ragged.csv').waitFor();
    });
  });

  it.each([
    [
      'crlf.md',
      '<!-- partita 1\r\ntitle:  a \r\nother: kept\r\n-->\r\n\r\nHello\r\n\r\n````ts\r\n1;\r\n````\r\n\r\n end ',
    ],
    ['mark.md', '\uFEFF# A readme\n\nwords'],
    ['empty.md', ''],
  ])('a notebook opened from %s is saved byte for byte', async (name, text) => {
    await visit('', {}, async ({ page }) => {
      await page.getByRole('button', { name: 'Open a file' }).waitFor();
      const buffer = Buffer.from(text);
      await page
        .locator('input[type=file]')
        .setInputFiles({ name, mimeType: 'text/markdown', buffer });
      await expectSaveState(page, 'Saved');
      const saved = await download(page, () => openFromMenu(page, 'Save as a file'));
      expect(saved.equals(buffer)).toBe(true);
    });
  });

  it.each([
    ['binary', Buffer.from([0, 1, 255, 254]), /UTF-8/],
    ['not in UTF-8', Buffer.from('# caf\u00e9', 'latin1'), /UTF-8/],
    ['of a later format', Buffer.from('<!-- partita 9\n-->\n'), /format 9/],
    ['with a header that does not end', Buffer.from('<!-- partita 1\ntitle: x\n'), /-->/],
  ])('what is %s is said to be no notebook', async (_what, buffer, message) => {
    await visit('', { viewport: PHONE }, async ({ page }) => {
      await page.getByRole('button', { name: 'Open a file' }).waitFor();
      await page
        .locator('input[type=file]')
        .setInputFiles({ name: 'some.md', mimeType: 'text/markdown', buffer });
      const alert = page.getByRole('alert').filter({ hasText: message });
      await alert.waitFor();
      const box = await alert.boundingBox();
      expect(box && box.x >= 0 && box.x + box.width <= PHONE.width).toBe(true);
    });
  });
});

describe('text', () => {
  it('of a stranger does nothing but be read', async () => {
    const text = [
      '# Hello <img src=x onerror="document.title=1"> <svg onload="document.title=1"></svg>',
      '<style>body { display: none }</style><script>document.title = 1</script>',
      '[one](javascript:document.title=1) ![A cat on a mat](https://example.org/cat.png)',
      '<form action="/x"><button>send</button></form> <p id="app" style="position:fixed">by name</p>',
    ].join('\n\n');
    const source = `<!-- partita 1\ntitle: Trial\n-->\n\n${text}\n`;
    // The parser of HTML reports what the policy would refuse, though none of it gets into the page.
    const expectedFaults = [/inline/];
    await visit(linkTo(source), { expectedFaults }, async ({ page }) => {
      const cell = page.getByRole('group', { name: 'Cell 1' });
      await cell.getByText('A cat on a mat').waitFor();
      expect(await page.title()).toBe('Trial · Partita');
      const left = 'img, svg, style, script, form, [style], [onerror], [href^="javascript"], #app';
      await expect.poll(() => cell.locator('.prose').locator(left).count()).toBe(0);
      expect(await page.evaluate(() => performance.getEntriesByName(`${origin}/x`).length)).toBe(0);
    });
  });

  it('is typed in before its editor has come, and nothing of it is lost', async () => {
    await visit('', {}, async ({ context, openTab }) => {
      let release = () => {};
      const released = new Promise<void>((resolve) => (release = resolve));
      await context.route(/code-mirror[^/]*\.js$/, async (route) => {
        await released;
        await route.continue();
      });
      const page = await openTab(linkTo(notebookOf('const one = 1;')));
      const code = page.getByRole('textbox', { name: 'Code of cell 1', exact: true });
      await code.click({ position: { x: 400, y: 18 } });
      await page.keyboard.type(' // soon');
      release();
      await expect.poll(() => code.textContent()).toBe('const one = 1; // soon');
      await page.keyboard.type('!');
      await expect.poll(() => code.textContent()).toBe('const one = 1; // soon!');
    });
  });

  it('is edited in place; cells are moved, deleted, added, and all of it undone', async () => {
    const source = notebookOf(`const one = dg.asset(() => 1);`) + '\nwords\n';
    await visit(linkTo(source), {}, async ({ page }) => {
      await assetCard(page, 'one').waitFor();
      const order = () =>
        page
          .locator('[data-cell]')
          .evaluateAll((cells) =>
            cells.map((cell) => (cell.className.includes('code') ? 'code' : 'text')),
          );
      await page.getByText('words', { exact: true }).click();
      await page.getByRole('textbox', { name: 'Text of cell 2' }).fill('other **words**');
      await page.keyboard.press('Escape');
      await page.locator('strong', { hasText: 'words' }).waitFor();
      expect(await focused(page)).toMatch(/^Cell 2/);
      await page.getByRole('button', { name: 'Move cell 2 up' }).click();
      expect(await order()).toEqual(['text', 'code']);
      await page.keyboard.press('ControlOrMeta+Z');
      expect(await order()).toEqual(['code', 'text']);
      await page.getByRole('button', { name: 'Delete cell 2' }).click();
      expect(await order()).toEqual(['code']);
      await page.keyboard.press('ControlOrMeta+Z');
      await page.locator('strong', { hasText: 'words' }).waitFor();
      await page.getByRole('button', { name: 'Add text cell' }).click();
      expect(await order()).toEqual(['code', 'text', 'text']);
      await page.keyboard.press('Escape');
      await page.keyboard.press('ControlOrMeta+Z');
      expect(await order()).toEqual(['code', 'text']);
      await page.keyboard.press('ControlOrMeta+Shift+Z');
      expect(await order()).toEqual(['code', 'text', 'text']);
    });
  });
});

describe('ways to open', () => {
  it('[APP-11] `?safe` evaluates nothing until it is asked to', async () => {
    await visit('?example=partitions&safe', {}, async ({ page }) => {
      await page.getByText('Opened without evaluating').waitFor();
      await expect.poll(() => assetCard(page, 'customer_orders').count()).toBe(0);
      await page.getByRole('button', { name: 'Evaluate', exact: true }).click();
      await assetCard(page, 'customer_orders').waitFor();
    });
  });

  it('`?embed` has no bar and keeps nothing', async () => {
    await visit('?example=partitions&embed', {}, async ({ page }) => {
      await assetCard(page, 'customer_orders').waitFor();
      await expect.poll(() => page.getByRole('button', { name: 'Share' }).count()).toBe(0);
      expect(await page.evaluate(async () => (await indexedDB.databases()).length)).toBe(0);
    });
  });

  it('[APP-7] a kept link keeps the text and the history made meanwhile', async () => {
    await visit(linkTo(notebookOf(`const one = dg.asset(() => 41);`)), {}, async ({ page }) => {
      await materialize(page, 'one');
      await expectCard(page, 'one', '41');
      await writeCell(page, 1, `const one = dg.asset(() => 42);`);
      await page.getByRole('button', { name: 'Keep a copy' }).click();
      await expectSaveState(page, 'Saved');
      expect(await focused(page)).toBe('Title: Trial');
      await page.reload();
      await expectCard(page, 'one', '41');
      await page.getByText('42').first().waitFor();
    });
  });

  it('without any storage all works as long as the tab, under a banner', async () => {
    await visit('', {}, async ({ context, page }) => {
      await context.addInitScript(() => {
        const denied = () => {
          throw new DOMException('denied', 'SecurityError');
        };
        Object.defineProperty(window, 'localStorage', { get: denied });
      });
      // The database belongs to the engine's worker, which no init script reaches.
      await context.route(/worker-engine.*\.js/, async (route) => {
        const response = await route.fetch();
        const deny = `Object.defineProperty(self, 'indexedDB', { get() { throw new DOMException('denied', 'SecurityError'); } });`;
        await route.fulfill({ response, body: deny + (await response.text()) });
      });
      await page.goto(new URL('?example=partitions', page.url()).href);
      await page.getByText('stores nothing for this site').waitFor();
      await expectSaveState(page, 'In this tab only');
      await materialize(page, 'customer_orders');
      await expectCard(page, 'customer_orders', '3 of 3 materialized');
      await page.getByRole('button', { name: /^Theme/ }).click();
    });
  });
});

describe('values and config', () => {
  it('of a large value the first rows are shown, with the number of all', async () => {
    const cell = `const big = dg.asset(() => Array.from({ length: 200_000 }, (_, n) => ({ n })));`;
    await visit(linkTo(notebookOf(cell)), {}, async ({ page }) => {
      await materialize(page, 'big');
      await expectCard(page, 'big', '199,995 more rows');
    });
  });

  it('a config is a form and a text in step; what is wrong is said where it was typed', async () => {
    const cell = `const Options = dg.Config({
  name: z.string(),
  limit: z.int().default(10),
  colour: z.enum(['red', 'green']).default('red'),
  inner: z.object({ depth: z.int().default(1) }),
});
const made = dg.asset({ config: Options }, (context) => context.config);`;
    await visit(linkTo(notebookOf(cell)), {}, async ({ page }) => {
      const panel = await openLaunchPanel(page, 'made');
      const launch = panel.getByRole('button', { name: /^Launch/ });
      const text = panel.getByRole('textbox', { name: 'Config as text' });
      await panel.getByText('name is required.').waitFor();
      expect(await launch.isDisabled()).toBe(true);
      await panel.getByRole('textbox', { name: 'name', exact: true }).fill('x');
      const limit = panel.getByRole('textbox', { name: 'limit' });
      await limit.fill('ten');
      await panel.getByText(/root:ops:made:config:limit/).waitFor();
      await expect.poll(() => limit.getAttribute('aria-invalid')).toBe('true');
      expect(await launch.isDisabled()).toBe(true);
      await limit.fill('20');
      await panel.getByRole('combobox', { name: 'colour' }).selectOption('green');
      expect(JSON.parse(await text.inputValue())).toEqual({
        name: 'x',
        limit: 20,
        colour: 'green',
        inner: { depth: 1 },
      });
      await text.fill('{ name: "y", inner: { depth: "deep" } }');
      await panel.getByText(/config:inner:depth/).waitFor();
      await expect
        .poll(() => panel.getByRole('textbox', { name: 'name', exact: true }).inputValue())
        .toBe('y');
      await text.fill('{ name: "y", inner: { depth: 2 } }');
      await launch.click();
      await expectCard(page, 'made', 'y');
    });
  });
});
