import axe, { type RunOptions } from 'axe-core';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

/** Fails if axe finds anything serious or critical on the page as it stands. */
export async function expectAccessible(page: Page): Promise<void> {
  await expectNothingGrave(page, {});
}

/** What axe looks at that a theme decides. */
const RULES_OF_COLOR = ['color-contrast', 'link-in-text-block'];

/** Does {@link expectAccessible}, and does again in the dark theme what colours decide. */
export async function expectAccessibleInBothThemes(page: Page): Promise<void> {
  await turnTo(page, 'dark');
  await expectNothingGrave(page, { runOnly: RULES_OF_COLOR });
  await turnTo(page, 'light');
  await expectAccessible(page);
}

/** Has the device ask for a theme, and waits until the page has it. */
async function turnTo(page: Page, colorScheme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme });
  await page.locator(`html[data-theme="${colorScheme}"]`).waitFor();
}

async function expectNothingGrave(page: Page, options: RunOptions): Promise<void> {
  // Evaluated by the debugger, which the page's policy does not bind.
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe.source);
  // Half-way from one colour to another there is no contrast to speak of.
  await page.evaluate(async () => {
    const isPassing = (animation: Animation) => animation instanceof CSSTransition;
    const passing = document.getAnimations().filter(isPassing);
    // One that is broken off is over, too.
    await Promise.allSettled(passing.map(({ finished }) => finished));
  });
  const { violations } = await page.evaluate(
    (chosen) =>
      (globalThis as unknown as { axe: typeof axe }).axe.run(document, {
        ...chosen,
        resultTypes: ['violations'],
      }),
    options,
  );
  const grave = violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, help, nodes }) => ({
      id,
      help,
      nodes: nodes.map(({ target, failureSummary }) => `${target.join(' ')}: ${failureSummary}`),
    }));
  expect(grave).toEqual([]);
}
