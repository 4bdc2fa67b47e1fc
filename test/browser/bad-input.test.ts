import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { useChromium, visit } from './chromium.ts';
import {
  assetCard,
  expectCard,
  linkTo,
  materialize,
  notebookOf,
  openLaunchPanel,
  writeCell,
} from './notebook-page.ts';

useChromium();

/** What stands under the lines of a cell; cells are counted from 1. */
function problemsOf(page: Page, cell: number) {
  return page.getByRole('list', { name: `Problems of cell ${cell}`, exact: true });
}

const SOUND = `const sound = dg.asset(() => 'still here');`;

describe('a cell that', () => {
  it.each([
    ['awaits at its top', 'await Promise.resolve();', /await/],
    ['is no TypeScript', 'const = 1;', /./],
    ['throws', `const first = 1;\nthrow new RangeError('too far');`, /too far/],
    ['never ends', 'while (true) {}', /250/],
    ['uses what is not erasable', 'enum Colour { Red }', /enum/],
    ['names what nobody declares', 'const one = nobody + 1;', /nobody/],
  ])('%s says so under its line, and another cell works', async (_name, code, message) => {
    await visit(linkTo(notebookOf(code, SOUND)), {}, async ({ page }) => {
      await problemsOf(page, 1).getByText(message).first().waitFor();
      await materialize(page, 'sound');
      await expectCard(page, 'sound', 'still here');
    });
  });

  it('declares a name twice, or in a circle, says so at each place', async () => {
    const source = notebookOf(
      'const twice = 1;',
      'const twice = 2;',
      'const a = b;',
      'const b = a;',
      SOUND,
    );
    await visit(linkTo(source), {}, async ({ page }) => {
      await problemsOf(page, 2).getByText(/twice/).first().waitFor();
      await problemsOf(page, 3)
        .or(problemsOf(page, 4))
        .getByText(/cycle|circle|each other/i)
        .first()
        .waitFor();
      await materialize(page, 'sound');
      await expectCard(page, 'sound', 'still here');
    });
  });

  it('is mended in place loads again', async () => {
    await visit(linkTo(notebookOf('const = 1;', SOUND)), {}, async ({ page }) => {
      const problem = problemsOf(page, 1).getByRole('listitem').first();
      await problem.waitFor();
      await writeCell(page, 1, 'const fine = dg.asset(() => 1);');
      await expectCard(page, 'fine', 'fine');
      await problem.waitFor({ state: 'detached' });
    });
  });
});

describe('an asset that', () => {
  it.each([
    ['returns what cannot be cloned', '() => () => 1', /function/i],
    ['returns an instance of a class', 'class Own {}; return new Own();', /Own/],
    ['returns more than 64 MB', `() => 'x'.repeat(70_000_000)`, /64 MB/],
  ])('%s fails with the reason', async (_name, body, message) => {
    const compute = body.startsWith('()') ? body : `() => { ${body} }`;
    const source = notebookOf(`const odd = dg.asset(${compute});`, SOUND);
    await visit(linkTo(source), {}, async ({ page }) => {
      await materialize(page, 'odd');
      await problemsOf(page, 1).getByText(message).first().waitFor();
      await materialize(page, 'sound');
      await expectCard(page, 'sound', 'still here');
    });
  });

  it('returns 50 MB keeps them', async () => {
    const source = notebookOf(`const large = dg.asset(() => new Uint8Array(50_000_000));`);
    await visit(linkTo(source), {}, async ({ page }) => {
      await materialize(page, 'large');
      await expectCard(page, 'large', /materialized/i);
    });
  });

  it('reads a table with ragged rows is told which row', async () => {
    const source = notebookOf(`
const table = dg.asset(async () => {
  await files.write('ragged.csv', 'a,b\\n1,2\\n3\\n4,5,6\\n');
  return files.readCsv('ragged.csv');
});`);
    await visit(linkTo(source), {}, async ({ page }) => {
      await materialize(page, 'table');
      await problemsOf(page, 1)
        .getByText(/line 3/)
        .first()
        .waitFor();
    });
  });
});

describe('the launch panel', () => {
  it('names a key that does not exist, and does not launch', async () => {
    await visit('?example=partitions', {}, async ({ page }) => {
      const panel = await openLaunchPanel(page, 'customer_orders');
      await panel.getByRole('textbox', { name: 'Partitions', exact: true }).fill('customer_z');
      await panel
        .getByText(/customer_z/)
        .first()
        .waitFor();
      await expect
        .poll(() => panel.getByRole('button', { name: /^Launch/ }).isDisabled())
        .toBe(true);
    });
  });

  it('shows a config error where it was typed, and launches once it is mended', async () => {
    await visit('?example=hybrid', {}, async ({ page }) => {
      const panel = await openLaunchPanel(page, 'customer_data');
      const launch = panel.getByRole('button', { name: /^Launch/ });
      const limit = panel.getByRole('textbox', { name: /^limit/ });
      await limit.fill('many');
      await expect.poll(() => launch.isDisabled()).toBe(true);
      await limit.fill('10');
      await expect.poll(() => launch.isDisabled()).toBe(false);
      await launch.click();
      await expectCard(page, 'customer_data', '3 of 3 materialized');
    });
  });
});

describe('a file', () => {
  it('that is no notebook is refused with a reason, and the page lives', async () => {
    await visit('', {}, async ({ page }) => {
      const chooser = page.waitForEvent('filechooser');
      await page.getByRole('button', { name: 'Open a file' }).click();
      await (
        await chooser
      ).setFiles({
        name: 'picture.md',
        mimeType: 'text/markdown',
        buffer: Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1, 2, 3, 0xff, 0xfe]),
      });
      await page
        .getByText(/not a notebook|no notebook|not text/i)
        .first()
        .waitFor();
      await page.getByRole('button', { name: 'New notebook' }).waitFor();
    });
  });

  it('that is a notebook opens, and is saved with every byte', async () => {
    const source = notebookOf(SOUND).replaceAll('\n', '\r\n');
    await visit('', {}, async ({ page }) => {
      const chooser = page.waitForEvent('filechooser');
      await page.getByRole('button', { name: 'Open a file' }).click();
      await (
        await chooser
      ).setFiles({
        name: 'sound.md',
        mimeType: 'text/markdown',
        buffer: Buffer.from(source),
      });
      await assetCard(page, 'sound').waitFor();
      const saving = page.waitForEvent('download');
      await page.getByRole('button', { name: 'More', exact: true }).click();
      await page.getByRole('button', { name: 'Save as a file' }).click();
      const stream = await (await saving).createReadStream();
      const chunks: Buffer[] = [];
      for await (const chunk of stream) chunks.push(chunk as Buffer);
      expect(Buffer.concat(chunks).toString()).toBe(source);
    });
  });
});
