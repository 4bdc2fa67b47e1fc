/*
 * `npm run picture`: builds the site, runs the first example with a failing customer, and
 * writes what a reader then sees to public/picture.png, for the README.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { build, runnerImport } from 'vite';

const root = fileURLToPath(new URL('../../', import.meta.url));
const load = async (path) => (await runnerImport(join(root, 'test/browser', path))).module;
const { serveStatically } = await load('static-server.ts');
const { findChromium } = await load('find-browser.ts');
const { CHROMIUM_ARGUMENTS } = await load('chromium-arguments.ts');
const { assetCard, openLaunchPanel, writeCell } = await load('notebook-page.ts');

const directory = await mkdtemp(join(tmpdir(), 'partita-picture-'));
await build({ root, logLevel: 'warn', build: { outDir: directory, emptyOutDir: true } });
const site = await serveStatically(directory);
const browser = await chromium.launch({
  executablePath: findChromium(),
  args: [...CHROMIUM_ARGUMENTS],
});
const page = await browser.newPage({
  viewport: { width: 1440, height: 900 },
  deviceScaleFactor: 1.5,
  colorScheme: 'light',
});
await page.goto(`${site.url}?example=partitions`);
const cell = page
  .getByRole('group', { name: /^Cell \d+$/ })
  .filter({ has: assetCard(page, 'customer_orders') });
const number = Number((await cell.getAttribute('aria-label')).slice('Cell '.length));
await writeCell(
  page,
  number,
  `const customer_orders = dg.asset(
  { partitionsDef: customer_partitions },
  (context) => {
    const customer_id = context.partitionKey;
    context.log.info(\`Fetching orders for customer: \${customer_id}\`);
    assert(customer_id !== 'customer_c', 'no orders yet');
    return [
      { order_id: \`\${customer_id}-001\`, amount: 150.0 },
      { order_id: \`\${customer_id}-002\`, amount: 275.5 },
      { order_id: \`\${customer_id}-003\`, amount: 89.99 },
    ];
  },
);`,
);
const panel = await openLaunchPanel(page, 'customer_orders');
await panel.getByText('Also customer_summary').click();
await page.getByRole('button', { name: /^Launch/ }).click();
await assetCard(page, 'customer_orders').getByText('1 failed').waitFor();
await page.getByRole('gridcell', { name: /^customer_summary customer_c/ }).click();
await page.getByText(/^Not tried/).waitFor();
// A picture without a focus ring, and without the last hover.
await page.evaluate(() => document.activeElement?.blur());
await page.mouse.move(0, 0);
await page.screenshot({ path: join(root, 'public/picture.png') });
await browser.close();
await site.close();
await rm(directory, { recursive: true });
