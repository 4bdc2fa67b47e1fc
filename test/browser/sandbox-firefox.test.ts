import puppeteer, { type Browser, type Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { hasFirefox } from './firefox.ts';
import { countHits, type HitCounter } from './hit-counter.ts';
import { COMLINK_ATTACK, probeCell } from './sandbox-probe.ts';
import { serveSandboxPage } from './sandbox-site.ts';
import type { RunningServer } from './static-server.ts';

describe.skipIf(!hasFirefox())('the sandbox in Firefox', () => {
  let site: RunningServer;
  let foreign: HitCounter;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    site = await serveSandboxPage();
    foreign = await countHits();
    const executablePath = inject('firefox') ?? '';
    browser = await puppeteer.launch({ browser: 'firefox', executablePath, headless: true });
    page = await browser.newPage();
    await page.goto(site.url);
  });

  afterAll(async () => {
    await browser.close();
    await foreign.close();
    await site.close();
  });

  it('[RT-1] no cell reaches the network, storage, or our side of its ports', async () => {
    const [outcome, attacked, polluted] = await page.evaluate(
      async (probe, attack) => {
        await window.sandboxPage.load(probe, attack);
        const answers = await window.sandboxPage.execute('probe');
        const attackOutcome = await window.sandboxPage.execute('attack');
        return [answers, attackOutcome, 'polluted' in {} || 'polluted' in (() => {})] as const;
      },
      probeCell(foreign.url.slice(0, -1)),
      COMLINK_ATTACK,
    );
    const answers = outcome.status === 'success' ? (outcome.value as Record<string, string>) : {};
    const reached = Object.entries(answers).filter(([, answer]) => !answer.startsWith('refused'));
    expect(outcome.status).toBe('success');
    expect(reached).toEqual([]);
    expect(foreign.hits).toEqual([]);
    expect(attacked.status).not.toBe('timed_out');
    expect(polluted).toBe(false);
  });

  it('[RT-5] [RT-6] loops are told from errors and stopped, and errors have their line', async () => {
    const [looped, thrown, stopped, after] = await page.evaluate(async () => {
      const { sandboxPage } = window;
      const first = await sandboxPage.load('const a = 1;', 'while (true) {}');
      const second = await sandboxPage.load('const a = 1;', '\n  throw new TypeError("no");');
      await sandboxPage.load(
        'const loop = dg.asset(() => { while (true) {} });',
        'const brief = dg.asset(() => 1);',
      );
      const third = await sandboxPage.stop('loop', 100);
      return [first, second, third, await sandboxPage.execute('brief')] as const;
    });
    expect(looped).toEqual({ status: 'timed_out', cellId: 'c2', limitMs: 250 });
    expect(thrown).toMatchObject({
      status: 'threw',
      error: { name: 'TypeError', frames: [{ cellId: 'c2', line: 2 }] },
    });
    console.log(`a loop was stopped in ${stopped.tookMs.toFixed(1)} ms`);
    expect(stopped.outcome).toEqual({ status: 'canceled' });
    expect(after).toMatchObject({ value: 1 });
  });
});
