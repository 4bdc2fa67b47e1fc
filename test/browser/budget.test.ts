import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { matchesGlob } from 'node:path';
import type { Page, Request } from 'playwright-core';
import { describe, expect, inject, it } from 'vitest';
import { useChromium, visit } from './chromium.ts';
import { expectCard, linkTo, materialize } from './notebook-page.ts';

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

/** Notes the frames in which the code of the first example stands, and in which its first result does. */
function markMoments(): void {
  const awaited = [
    ['readable', 'dg.StaticPartitionsDefinition'],
    ['result', '3 of 3 materialized'],
  ];
  const look = () => {
    const [name = '', text = ''] = awaited[0] ?? [];
    if (document.body?.textContent?.includes(text)) {
      performance.mark(name);
      awaited.shift();
    }
    if (awaited.length > 0) requestAnimationFrame(look);
  };
  if (window === window.top) look();
}

/** When a moment was, in Unix ms. */
function timeOf(page: Page, moment: string): Promise<number> {
  return page.evaluate(
    (name) =>
      performance.timeOrigin + (performance.getEntriesByName(name)[0]?.startTime ?? Number.NaN),
    moment,
  );
}

const EXAMPLE = { opens: 'an example', path: '?example=partitions' };
const OWN = {
  opens: "a notebook of one's own",
  path: linkTo(readFileSync('public/examples/partitions.md', 'utf8')),
};

describe('the budgets of size', () => {
  it.each([
    { ...EXAMPLE, budget: 'before the first result' },
    { ...OWN, budget: "before the first result of a notebook of one's own" },
  ])(
    'count every script that is asked for before the text of $opens stands, and before its first result',
    async ({ path, budget }) => {
      await visit('', {}, async ({ context, page: firstPage }) => {
        // What it still asks for is not what a notebook does.
        await firstPage.close();
        const requests: { readonly request: Request; readonly heardAt: number }[] = [];
        context.on('request', (request) => {
          if (!new URL(request.url()).pathname.endsWith('.js')) return;
          requests.push({ request, heardAt: Date.now() });
        });
        await context.addInitScript(markMoments);
        const page = await context.newPage();
        await page.goto(inject('siteUrl') + path);
        await materialize(page, 'customer_orders');
        await expectCard(page, 'customer_orders', '3 of 3 materialized');

        const readableAt = await timeOf(page, 'readable');
        const resultAt = await timeOf(page, 'result');
        const scripts = requests.map(({ request, heardAt }) => ({
          path: `dist${new URL(request.url()).pathname}`,
          // Of one that is not answered yet, the time is not known.
          askedAt: request.timing().startTime || heardAt,
        }));
        const before = scripts.filter(({ askedAt }) => askedAt < readableAt);
        const untilResult = scripts.filter(({ askedAt }) => askedAt < resultAt);
        expect(before.length).toBeGreaterThan(0);
        expect(untilResult.length).toBeGreaterThan(before.length);
        const paths = (some: typeof scripts) => some.map((script) => script.path);
        expect(uncounted(paths(before), 'before reading')).toEqual([]);
        expect(
          // The editor is apart: the text of a cell stands, and runs, without it.
          uncounted(paths(untilResult), budget).filter((one) => !one.includes('page-code-mirror')),
        ).toEqual([]);
      });
    },
  );

  it.skipIf(process.env.PARTITA_DIST)('are kept', () => {
    const output = execFileSync(process.execPath, ['node_modules/size-limit/bin.js', '--json'], {
      encoding: 'utf8',
    });
    const sizes = JSON.parse(output) as readonly { name: string; size: number; passed: boolean }[];
    expect(sizes.filter(({ passed, size }) => !passed || size === 0)).toEqual([]);
    expect(sizes.map(({ name }) => name)).toEqual(budgets.map(({ name }) => name));
  });
});
