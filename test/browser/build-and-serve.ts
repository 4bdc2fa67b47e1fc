import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import type { TestProject } from 'vitest/node';
import { findChromium, findFirefox } from './find-browser.ts';
import { serveStatically } from './static-server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the built site is served; ends in a slash. Below `a/b/` it is served again. */
    siteUrl: string;
    /** Path of the browser. */
    chromium: string;
    /** Path of the browser; null where there is none. */
    firefox: string | null;
  }
}

/**
 * Builds the site once for all browser tests and serves it until they have run.
 * `PARTITA_DIST` names a directory that is built already.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const root = fileURLToPath(new URL('../../', import.meta.url));
  const directory = process.env.PARTITA_DIST || `${root}dist`;
  if (!process.env.PARTITA_DIST) {
    // What the test runner sets would build Svelte with its checks for developers.
    const environment = process.env.NODE_ENV;
    process.env.NODE_ENV = 'production';
    await build({ root, logLevel: 'warn', build: { outDir: directory } });
    process.env.NODE_ENV = environment;
  }
  const server = await serveStatically(directory);
  project.provide('siteUrl', server.url);
  project.provide('chromium', findChromium());
  project.provide('firefox', findFirefox());
  return () => server.close();
}
