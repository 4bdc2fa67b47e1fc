import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { BrowserContext, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { expectAccessible } from './axe.ts';
import { PHONE, useChromium, visit } from './chromium.ts';
import { countHits } from './hit-counter.ts';

useChromium();

const PACK = fileURLToPath(new URL('../../public/dagster/manifest.json', import.meta.url));

/**
 * Stands for Pyodide: tries what it should not reach, compiles WebAssembly, and answers every question with null,
 * but the first with what it tried.
 */
const probingPyodide = (foreign: string): string => `
const tried = {};
const attempt = async (name, act) => {
  try { await act(); tried[name] = 'reached'; } catch (thrown) { tried[name] = String(thrown); }
};
const realFetch = fetch.bind(self);
self.createPyodideModule = {};
self.pyodideLock = {};
self.loadPyodide = async () => {
  await attempt('fetch', () => realFetch('${foreign}fetch'));
  await attempt('XMLHttpRequest', () => {
    const request = new XMLHttpRequest();
    request.open('GET', '${foreign}xhr', false);
    request.send();
  });
  await attempt('WebSocket', () => new Promise((resolve, reject) => {
    const socket = new WebSocket('${foreign}socket'.replace('http', 'ws'));
    socket.onopen = resolve;
    socket.onerror = () => reject('refused');
  }));
  await attempt('importScripts', () => importScripts('${foreign}script'));
  await attempt('import', () => import('${foreign}module'));
  const heard = (target) => new Promise((resolve, reject) => {
    target.onopen = target.onmessage = resolve;
    target.onerror = () => reject('refused');
  });
  const outside = URL.createObjectURL(new Blob(["fetch('${foreign}nested').then(() => postMessage(1), () => close())"]));
  await attempt('EventSource', () => heard(new EventSource('${foreign}events')));
  await attempt('WebTransport', () => new WebTransport('${foreign}transport'.replace('http:', 'https:')).ready);
  await attempt('Worker of the network', () => heard(new Worker('${foreign}worker')));
  await attempt('Worker of a blob', () => Promise.race([
    heard(new Worker(outside)),
    new Promise((_, reject) => setTimeout(() => reject('nothing heard'), 500)),
  ]));
  await attempt('SharedWorker', () => new SharedWorker('${foreign}shared'));
  await attempt('caches', () => caches.open('x'));
  await attempt('storage', () => navigator.storage.getDirectory());
  await attempt('RTCPeerConnection', () => new RTCPeerConnection());
  await attempt('sendBeacon', () => navigator.sendBeacon('${foreign}beacon', 'x'));
  await attempt('indexedDB', () => new Promise((resolve, reject) => {
    const request = indexedDB.open('partita');
    request.onsuccess = resolve;
    request.onerror = reject;
  }));
  await attempt('eval', () => eval('1'));
  await attempt('Function', () => new Function('return 1')());
  await attempt('WebAssembly', () => WebAssembly.compile(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])));
  let found = {};
  return {
    globals: { set: (name, value) => { found[name] = value; } },
    unpackArchive() {},
    runPython(program) {
      if (!program.includes('_answer(one)')) return 'null';
      return JSON.stringify(JSON.parse(found.argument).map((question) => question.ask === 'load'
        ? { answer: { error: 'Probe', message: JSON.stringify(tried) } }
        : { answer: null }));
    },
  };
};
`;

async function servePack(context: BrowserContext, pyodide: string): Promise<void> {
  const files: Readonly<Record<string, string>> = {
    'pyodide.js': pyodide,
    'pyodide.wasm': 'wasm',
    'python.zip': 'python',
    'site.zip': 'site',
  };
  const manifest = {
    format: 1,
    versions: { dagster: '1.13.27', pyodide: '0' },
    files: Object.entries(files).map(([name, text]) => ({
      name,
      bytes: text.length,
      sha256: createHash('sha256').update(text).digest('hex'),
    })),
  };
  await context.route('**/dagster/*', (route) => {
    const name = new URL(route.request().url()).pathname.split('/').at(-1) ?? '';
    return route.fulfill({ body: files[name] ?? JSON.stringify(manifest) });
  });
}

async function openPanel(page: Page): Promise<void> {
  await page.getByLabel('More', { exact: true }).click();
  await page.getByRole('button', { name: 'Ask real Dagster' }).click();
}

describe('asking real Dagster', () => {
  it('[RD-1] says what is needed where the site has no pack', async () => {
    const expectedFaults = [/404/];
    await visit('?example=partitions', { expectedFaults }, async ({ context, page }) => {
      await context.route('**/dagster/*', (route) => route.fulfill({ status: 404, body: '' }));
      await openPanel(page);
      await page.getByText('This site was built without Dagster.').waitFor();
      await page.getByText('npm run build:dagster').waitFor();
      await expectAccessible(page);
    });
  });

  it('[RD-4] [RD-5] has WebAssembly and nothing else, and leaves with its panel', async () => {
    const foreign = await countHits();
    // What the frame refuses is reported there.
    const expectedFaults = [/policy|Content Security Policy|Refused|blocked/i];
    await visit('?example=partitions', { expectedFaults }, async ({ context, page }) => {
      await servePack(context, probingPyodide(foreign.url));
      await openPanel(page);
      await page.getByRole('button', { name: 'Ask Dagster' }).click();
      await page.getByText(/Dagster 1\.13\.27 agrees on 0 of \d+ answers/).waitFor();
      const frames = page.frames().length;
      const probe = await page.locator('pre', { hasText: 'Probe:' }).innerText();
      const tried = JSON.parse(probe.slice('Probe: '.length)) as Record<string, string>;
      const reached = Object.keys(tried).filter((name) => tried[name] === 'reached');
      expect(reached).toEqual(['WebAssembly']);
      expect(foreign.hits).toEqual([]);
      await expectAccessible(page);
      await page.keyboard.press('Escape');
      await expect.poll(() => page.frames().length).toBe(frames - 1);
    });
    await foreign.close();
  });

  it('[CMP-7] shows both answers of a difference, on a phone too', async () => {
    const foreign = await countHits();
    const expectedFaults = [/policy|Content Security Policy|Refused|blocked/i];
    const options = { viewport: PHONE, colorScheme: 'dark', expectedFaults } as const;
    await visit('?example=partitions', options, async ({ context, page }) => {
      await servePack(context, probingPyodide(foreign.url));
      await openPanel(page);
      await page.getByRole('button', { name: 'Ask Dagster' }).click();
      await page.getByRole('button', { name: 'Copy as a bug report' }).waitFor();
      await page.getByText('Whether the definitions load').waitFor();
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(overflow).toBe(0);
      await expectAccessible(page);
    });
    await foreign.close();
  });

  it.runIf(existsSync(PACK))('[CMP-1] agrees with Dagster itself', async () => {
    await visit('?example=partitions', {}, async ({ page }) => {
      await openPanel(page);
      await page.getByRole('button', { name: 'Ask Dagster' }).click();
      const verdict = page.getByText(/agrees on \d+ of \d+ answers/);
      await verdict.waitFor({ timeout: 110_000 });
      const [agreeing, asked] =
        (await verdict.innerText()).match(/\d+(?= of)|\d+(?= answers)/g) ?? [];
      expect(agreeing).toBe(asked);
    });
  });
});
