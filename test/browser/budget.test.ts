import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { matchesGlob } from 'node:path';
import type { Request } from 'playwright-core';
import { describe, expect, inject, it } from 'vitest';
import { useChromium, visit } from './chromium.ts';
import { expectCard, materialize } from './notebook-page.ts';

useChromium();

/** The budgets of package.json: which files count towards which limit. */
const budgets = (
  JSON.parse(readFileSync('package.json', 'utf8')) as {
    'size-limit': readonly { readonly name: string; readonly path: readonly string[] }[];
  }
)['size-limit'];

/** Which of these scripts a budget does not count. */
function uncounted(scripts: readonly string[], budget: string): readonly string[] {
  const patterns = budgets.find(({ name }) => name === budget)?.path ?? [];
  const counted = (path: string) =>
    patterns.some((pattern) => !pattern.startsWith('!') && matchesGlob(path, pattern)) &&
    !patterns.some((pattern) => pattern.startsWith('!') && matchesGlob(path, pattern.slice(1)));
  return scripts.filter((path) => !counted(path));
}

/** Notes the frame in which the code of the first example stands. */
function markReadable(): void {
  const look = () => {
    if (document.body?.textContent?.includes('dg.StaticPartitionsDefinition')) {
      performance.mark('readable');
    } else {
      requestAnimationFrame(look);
    }
  };
  if (window === window.top) look();
}

describe('the budgets of size', () => {
  it('count every script that is asked for before the text stands, and before the first result', async () => {
    await visit('', {}, async ({ context }) => {
      const requests: Request[] = [];
      context.on('request', (request) => {
        if (new URL(request.url()).pathname.endsWith('.js')) requests.push(request);
      });
      await context.addInitScript(markReadable);
      const page = await context.newPage();
      await page.goto(`${inject('siteUrl')}?example=partitions`);
      await materialize(page, 'customer_orders');
      await expectCard(page, 'customer_orders', '3 of 3 materialized');

      const readableAt = await page.evaluate(
        () =>
          performance.timeOrigin + (performance.getEntriesByName('readable')[0]?.startTime ?? NaN),
      );
      const scripts = requests.map((request) => ({
        path: `dist${new URL(request.url()).pathname}`,
        askedAt: request.timing().startTime,
      }));
      const before = scripts.filter(({ askedAt }) => askedAt < readableAt);
      expect(before.length).toBeGreaterThan(0);
      const paths = (some: typeof scripts) => some.map(({ path }) => path);
      expect(uncounted(paths(before), 'before reading')).toEqual([]);
      expect(
        // The editor is apart: the text of a cell stands, and runs, without it.
        uncounted(paths(scripts), 'before the first result').filter(
          (path) => !path.includes('page-code-mirror'),
        ),
      ).toEqual([]);
    });
  });

  it.skipIf(process.env.PARTITA_DIST)('are kept', () => {
    const output = execFileSync(process.execPath, ['node_modules/size-limit/bin.js', '--json'], {
      encoding: 'utf8',
    });
    const sizes = JSON.parse(output) as readonly { name: string; size: number; passed: boolean }[];
    expect(sizes.filter(({ passed, size }) => !passed || size === 0)).toEqual([]);
    expect(sizes.map(({ name }) => name)).toEqual(budgets.map(({ name }) => name));
  });
});
