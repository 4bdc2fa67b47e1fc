import puppeteer, { type Browser, type Page } from 'puppeteer-core';
import { expect, inject } from 'vitest';

/** True where there is a Firefox to test with. */
export function hasFirefox(): boolean {
  return inject('firefox') !== null;
}

/**
 * Opens `path` of the site in a Firefox with a clean profile, driven over WebDriver
 * BiDi, and hands the page to `act`. Afterwards fails if the page wrote an error to the
 * console or threw without a catch; `expectedFaults` may be.
 */
export async function visitInFirefox(
  path: string,
  expectedFaults: readonly RegExp[],
  act: (page: Page) => Promise<void>,
): Promise<void> {
  const executablePath = inject('firefox');
  if (executablePath === null) throw new Error('There is no Firefox.');
  const browser: Browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath,
    headless: true,
  });
  const faults: string[] = [];
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(30_000);
    await page.setViewport({ width: 1440, height: 900 });
    page.on('console', (message) => {
      if (message.type() === 'error') faults.push(`console: ${message.text()}`);
    });
    page.on('pageerror', (error) => faults.push(`uncaught: ${String(error)}`));
    await page.goto(inject('siteUrl') + path);
    await act(page);
  } finally {
    await browser.close();
  }
  const unexpected = faults.filter((fault) => !expectedFaults.some((known) => known.test(fault)));
  expect(unexpected, 'faults on the page').toEqual([]);
}
