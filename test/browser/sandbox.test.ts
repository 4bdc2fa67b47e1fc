import { chromium, type Browser, type Page } from 'playwright-core';
import puppeteer from 'puppeteer-core';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { CHROMIUM_ARGUMENTS, PLAYWRIGHT_ARGUMENTS } from './chromium-arguments.ts';
import { countHits, type HitCounter } from './hit-counter.ts';
import { COMLINK_ATTACK, probeCell } from './sandbox-probe.ts';
import { serveSandboxPage } from './sandbox-site.ts';
import type { RunningServer } from './static-server.ts';

let site: RunningServer;
let foreign: HitCounter;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  site = await serveSandboxPage();
  foreign = await countHits();
  browser = await chromium.launch({
    executablePath: inject('chromium'),
    args: [...PLAYWRIGHT_ARGUMENTS],
  });
});

afterAll(async () => {
  await browser.close();
  await foreign.close();
  await site.close();
});

beforeEach(async () => {
  await page?.context().close();
  page = await (await browser.newContext()).newPage();
  await page.goto(site.url);
});

const load = (...cells: string[]) =>
  page.evaluate((texts) => window.sandboxPage.load(...texts), cells);
const execute = (assetKey: string) =>
  page.evaluate((key) => window.sandboxPage.execute(key), assetKey);
const polluted = () => page.evaluate(() => 'polluted' in {} || 'polluted' in (() => {}));

describe('what a stranger’s cell can reach', () => {
  it('[RT-1] no network, storage or other thread, by any channel', async () => {
    expect(await load(probeCell(foreign.url.slice(0, -1)))).toMatchObject({ status: 'loaded' });
    const outcome = await execute('probe');
    expect(outcome).toMatchObject({ status: 'success' });
    const answers = outcome.status === 'success' ? (outcome.value as Record<string, string>) : {};
    const reached = Object.entries(answers).filter(([, answer]) => !answer.startsWith('refused'));
    // What is posted to the frame is heard by no one.
    expect(reached).toEqual([]);
    expect(answers['fetch']).toContain('network is off in cells');
    expect(foreign.hits).toEqual([]);
  });

  it('[RT-1] with its ports, nothing of ours', async () => {
    await load(COMLINK_ATTACK, `const bystander = dg.asset(() => 'still here');`);
    await execute('attack');
    expect(await polluted()).toBe(false);
    expect(await execute('bystander')).toMatchObject({ status: 'success', value: 'still here' });
  });

  it('[RT-2] by navigating its frame, nothing: a new frame takes over', async () => {
    await load(`const brief = dg.asset(() => 'still here');`);
    const frame = page.frames().find((each) => each !== page.mainFrame());
    await frame?.evaluate((url) => {
      location.href = url;
    }, `${foreign.url}navigated`);
    await expect.poll(() => execute('brief')).toMatchObject({ value: 'still here' });
    expect(foreign.hits).toEqual([]);
  });

  it('[RT-3] with names such as __proto__, only its own data', async () => {
    const outcome = await load(`
const payload = JSON.parse('{"__proto__": {"polluted": true}, "constructor": {"prototype": {"polluted": true}}}');
const keys = dg.StaticPartitionsDefinition(['__proto__', 'constructor']);
const tainted = dg.asset({ partitionsDef: keys, tags: { constructor: 'x' } }, (context) => {
  context.log.info(payload);
  context.addOutputMetadata(payload);
  return payload;
});`);
    expect(outcome).toMatchObject({ status: 'loaded' });
    const result = await page.evaluate(async () => {
      const answer = await window.sandboxPage.execute('tainted', { partitionKeys: ['__proto__'] });
      return answer.status === 'success' ? Object.keys(answer.value as object) : answer.status;
    });
    expect(result).toEqual(['__proto__', 'constructor']);
    expect(await polluted()).toBe(false);
  });
});

describe('what a cell that misbehaves comes to', () => {
  it('[RT-5] a loop in the definitions is told apart from an error, with its cell', async () => {
    const outcome = await load('const first = 1;', 'while (true) {}');
    expect(outcome).toEqual({ status: 'timed_out', cellId: 'c2', limitMs: 250 });
    expect(await load('const first = 1;', 'throw new TypeError("no")')).toMatchObject({
      status: 'threw',
      cellId: 'c2',
      error: { name: 'TypeError', frames: [{ cellId: 'c2', line: 1, column: 7 }] },
    });
  });

  it('[RT-6] a loop in a run is stopped at once, and the next run finds a session', async () => {
    await load(
      `const loop = dg.asset(() => { while (true) {} });`,
      `const brief = dg.asset(() => 1);`,
    );
    const { outcome, tookMs } = await page.evaluate(() => window.sandboxPage.stop('loop', 100));
    console.log(`a loop was stopped in ${tookMs.toFixed(1)} ms`);
    expect(outcome).toEqual({ status: 'canceled' });
    expect(await execute('brief')).toMatchObject({ status: 'success', value: 1 });
  });

  it('[RT-7] a log without end fails the run, with what was kept of it', async () => {
    await load(
      `const flood = dg.asset((context) => { for (;;) context.log.info('x'.repeat(1000)); });`,
    );
    expect(await execute('flood')).toMatchObject({ status: 'failure' });
    const kept = await page.evaluate(() => window.sandboxPage.lines.length);
    expect(kept).toBeGreaterThan(500);
    expect(kept).toBeLessThan(1100);
  });

  it('[RT-7] a flood on the port itself ends the session', async () => {
    await load(`const flood = dg.asset(async (context) => {
  const post = MessagePort.prototype.postMessage;
  let port;
  MessagePort.prototype.postMessage = function (...args) { port = this; return post.apply(this, args); };
  await files.write('a.txt', 'x');
  for (;;) post.call(port, [{ kind: 'progress', stepId: 1, done: 1, total: 2 }]);
});`);
    expect(await execute('flood')).toMatchObject({
      status: 'crashed',
      message: expect.stringContaining('messages a second') as string,
    });
  });

  it('[RT-8] a value that cannot be stored is refused with the place of it', async () => {
    await load(
      `const client = dg.asset(() => ({ rows: [1, { client: new (class Socket {})() }] }));
const wide = dg.asset(() => 'x'.repeat(40_000_000));
const proxy = dg.asset(() => new Proxy({}, {}));`,
    );
    expect(await execute('client')).toMatchObject({
      error: { message: expect.stringContaining('value.rows[1].client is a Socket') as string },
    });
    expect(await execute('wide')).toMatchObject({
      error: { message: expect.stringContaining('more than 64 MB') as string },
    });
    expect(await execute('proxy')).toMatchObject({ status: 'failure' });
  });

  it('[RT-9] nothing is left of a run in the next', async () => {
    await load(`let count = 0;
const leave = dg.asset(() => { globalThis.left = 1; count += 1; setTimeout(() => { throw new Error('late'); }, 30); return count; });
const look = dg.asset(async () => { await new Promise((r) => setTimeout(r, 60)); return [typeof left, count]; });`);
    expect(await execute('leave')).toMatchObject({ value: 1 });
    expect(await execute('leave')).toMatchObject({ value: 1 });
    expect(await execute('look')).toMatchObject({ value: ['undefined', 0] });
    expect(await page.evaluate(() => window.sandboxPage.lines)).toEqual([]);
  });

  it('[RT-10] time and chance are the notebook’s', async () => {
    await load(`const clock = dg.asset(() => [
  Date.now(), new Date().toISOString(), Date().slice(0, 15), new Date(0) instanceof Date,
  typeof Temporal === 'undefined' ? Date.now() : Temporal.Now.instant().epochMilliseconds, Math.random(),
]);`);
    const first = await execute('clock');
    const at = Date.UTC(2026, 2, 10, 9);
    expect(first).toMatchObject({
      value: [
        at,
        '2026-03-10T09:00:00.000Z',
        'Tue Mar 10 2026',
        true,
        at,
        expect.any(Number) as number,
      ],
    });
    expect(await execute('clock')).toEqual(first);
  });

  it('[RT-11] a library that no one named comes by a new start', async () => {
    await load(`const now = dg.asset((context) => context['n' + 'ow'].toISO());`);
    expect(await execute('now')).toMatchObject({ value: '2026-03-10T09:00:00.000Z' });
  });
});

/** What a machine could show of itself. */
const MACHINE = `const machine = dg.asset(() => [
  new Date(2026, 6, 1, 12, 30).toISOString(), new Date('2026-07-01T12:30').toISOString(),
  String(new Date()), new Date().getHours(), new Date().toLocaleString(), (1234.5).toLocaleString(),
  new Intl.DateTimeFormat().resolvedOptions().timeZone, new Intl.NumberFormat().resolvedOptions().locale,
  DateTime.now().toISO(), DateTime.local(2026, 7, 1).toLocaleString(DateTime.DATETIME_FULL),
  navigator.language, crypto.randomUUID(), [...crypto.getRandomValues(new Uint8Array(4))],
  performance.timeOrigin, performance.now() < 1000,
]);`;

describe('a machine of another zone and language', () => {
  it('[RT-10] shows a cell the same', async () => {
    await load(MACHINE);
    const here = await execute('machine');
    expect(here).toMatchObject({ status: 'success' });
    const elsewhere = await chromium.launch({
      executablePath: inject('chromium'),
      args: [...PLAYWRIGHT_ARGUMENTS, '--lang=de'],
      env: { ...process.env, TZ: 'America/New_York', LANG: 'de_DE.UTF-8', LANGUAGE: 'de' },
    });
    try {
      const other = await elsewhere.newPage();
      await other.goto(site.url);
      const [itself, there] = await other.evaluate(async (cell) => {
        await window.sandboxPage.load(cell);
        return [new Date(0).getHours(), await window.sandboxPage.execute('machine')] as const;
      }, MACHINE);
      expect(itself).toBe(19);
      expect(there).toEqual(here);
    } finally {
      await elsewhere.close();
    }
  });
});

describe('a sandbox that runs out of memory', () => {
  // Playwright takes the end of any frame's process for the page's; puppeteer does not, if it
  // lets Chromium keep sandboxed frames in a process of their own, as it does for people.
  it('[RT-4] is noticed, and another takes over', async () => {
    const ignored = puppeteer.defaultArgs().filter((one) => one.startsWith('--disable-features='));
    const isolating = await puppeteer.launch({
      executablePath: inject('chromium'),
      ignoreDefaultArgs: ignored,
      args: [...CHROMIUM_ARGUMENTS],
      protocolTimeout: 110_000,
    });
    try {
      const held = await isolating.newPage();
      await held.goto(site.url);
      const began = Date.now();
      const [first, second] = await held.evaluate(async () => {
        await window.sandboxPage.load(
          `const bomb = dg.asset(() => { const held = []; for (;;) held.push(new Array(4_000_000).fill(1.5)); });`,
          `const brief = dg.asset(() => 'still here');`,
        );
        const outcome = await window.sandboxPage.execute('bomb');
        return [outcome, await window.sandboxPage.execute('brief')] as const;
      });
      console.log(`a memory bomb and the run after it took ${Date.now() - began} ms`);
      expect(['crashed', 'timed_out']).toContain(first.status);
      expect(second).toMatchObject({ status: 'success', value: 'still here' });
    } finally {
      await isolating.close();
    }
  }, 120_000);
});
