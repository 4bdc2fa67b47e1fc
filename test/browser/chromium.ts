import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, inject } from 'vitest';
import { PLAYWRIGHT_ARGUMENTS } from './chromium-arguments.ts';

/** How a visitor looks at the site. */
export interface VisitOptions {
  /** CSS px; 1,440 × 900 unless given. */
  readonly viewport?: { readonly width: number; readonly height: number };
  readonly colorScheme?: 'light' | 'dark';
  /** Below which path of the server the site is; the root unless given. */
  readonly base?: '' | 'a/b/';
  /** Messages that belong to what is tried: a probe's refused requests, say. */
  readonly expectedFaults?: readonly RegExp[];
}

/** One profile's time on the site. */
export interface Visit {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Opens a further tab of the same profile. */
  openTab(path: string): Promise<Page>;
}

/** The two sizes at which every screen must stand. */
export const DESKTOP = { width: 1440, height: 900 } as const;
export const PHONE = { width: 390, height: 844 } as const;

let browser: Browser | null = null;

/** One Chromium for the tests of a file. Call it once, at the top of the file. */
export function useChromium(): void {
  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath: inject('chromium'),
      args: [...PLAYWRIGHT_ARGUMENTS],
    });
  });
  afterAll(async () => {
    await browser?.close();
    browser = null;
  });
}

/**
 * Opens `path` of the site in a clean profile and hands the page to `act`. Afterwards
 * fails if anything wrote an error to the console, threw without a catch, or broke the
 * content security policy, in any tab of the profile.
 */
export async function visit(
  path: string,
  options: VisitOptions,
  act: (visit: Visit) => Promise<void>,
): Promise<void> {
  if (!browser) throw new Error('Call useChromium() at the top of the test file.');
  const { viewport = DESKTOP, colorScheme = 'light', base = '', expectedFaults = [] } = options;
  const context = await browser.newContext({ viewport, colorScheme });
  context.setDefaultTimeout(40_000);
  await context.addInitScript(reportPolicyViolations);
  const faults: string[] = [];
  context.on('console', (message) => {
    if (message.type() === 'error') faults.push(`console: ${message.text()}`);
  });
  context.on('weberror', (error) => faults.push(`uncaught: ${error.error().stack}`));
  const openTab = async (tabPath: string): Promise<Page> => {
    const page = await context.newPage();
    await page.goto(inject('siteUrl') + base + tabPath);
    return page;
  };
  try {
    await act({ context, page: await openTab(path), openTab });
  } finally {
    await context.close();
  }
  const unexpected = faults.filter((fault) => !expectedFaults.some((known) => known.test(fault)));
  expect(unexpected, 'faults on the page').toEqual([]);
}

/** Runs in the page, and in the sandbox frame. */
function reportPolicyViolations(): void {
  addEventListener('securitypolicyviolation', (violation) => {
    const { effectiveDirective, blockedURI, sourceFile, lineNumber } = violation;
    console.error(
      `policy: ${effectiveDirective} refused ${blockedURI} (${sourceFile}:${lineNumber})`,
    );
  });
}
