import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { useChromium, visit } from './chromium.ts';
import { countHits } from './hit-counter.ts';
import { assetCard, expectCard, linkTo, materialize, notebookOf } from './notebook-page.ts';
import { COMLINK_ATTACK, probeCell } from './sandbox-probe.ts';

useChromium();

/** What the browser writes to the console when a policy refuses a channel. */
const REFUSALS = [/policy: /, /Content Security Policy/i, /Refused to/i, /Failed to load resource/];

/** Sums up what the probe's attempts came to. */
const VERDICT = `const verdict = dg.asset({ ins: { probe } }, (context, { probe }) => {
  const reached = Object.entries(probe).filter(([, answer]) => !answer.startsWith('refused'));
  return reached.length === 0 ? 'reached nothing' : reached.flat().join(' ');
});`;

/** Whether `Object.prototype` has been tampered with, in the page and in each of its workers. */
async function polluted(page: Page): Promise<readonly boolean[]> {
  const look = () => 'polluted' in {} || 'polluted' in (() => {});
  const workers = page.workers().filter((worker) => worker.url().startsWith('http'));
  return Promise.all([page.evaluate(look), ...workers.map((worker) => worker.evaluate(look))]);
}

describe('a stranger’s notebook', () => {
  it('[RT-1] reaches no network, storage or other tab by any channel', async () => {
    const foreign = await countHits();
    try {
      const source = notebookOf(probeCell(foreign.url.slice(0, -1)), VERDICT);
      await visit(linkTo(source), { expectedFaults: REFUSALS }, async ({ page }) => {
        await materialize(page, 'probe');
        await expectCard(page, 'probe', 'materialized');
        await materialize(page, 'verdict');
        await expectCard(page, 'verdict', 'reached nothing');
      });
      expect(foreign.hits).toEqual([]);
    } finally {
      await foreign.close();
    }
  });

  it('[RT-1] reaches nothing of the page or its workers by speaking Comlink on its ports', async () => {
    const bystander = `const bystander = dg.asset(() => 'still here');`;
    await visit(linkTo(notebookOf(COMLINK_ATTACK, bystander)), {}, async ({ page }) => {
      await materialize(page, 'attack');
      await assetCard(page, 'attack')
        .getByText(/materialized|failed/i)
        .first()
        .waitFor();
      await materialize(page, 'bystander');
      await expectCard(page, 'bystander', 'still here');
      expect(await polluted(page)).not.toContain(true);
    });
  });

  it('[RT-3] cannot pollute prototypes with what it declares, logs, returns or adds as metadata', async () => {
    const payload = `
const payload = JSON.parse('{"__proto__": {"polluted": true}, "constructor": {"prototype": {"polluted": true}}}');
const odd = dg.StaticPartitionsDefinition(['__proto__', 'constructor', 'toString']);
const tainted = dg.asset({ partitionsDef: odd, tags: { constructor: 'x' } }, (context) => {
  context.log.info(payload);
  context.addOutputMetadata(payload);
  return payload;
});`;
    await visit(linkTo(notebookOf(payload)), {}, async ({ page }) => {
      await materialize(page, 'tainted');
      await assetCard(page, 'tainted')
        .getByText(/3 of 3 materialized|3 failed/)
        .waitFor();
      expect(await polluted(page)).not.toContain(true);
    });
  });

  it('[RT-7] that floods its log is stopped, and the page lives', async () => {
    const flood = `
const flood = dg.asset((context) => { for (;;) context.log.info('x'.repeat(1000)); });
const brief = dg.asset(() => 'still here');`;
    await visit(linkTo(notebookOf(flood)), {}, async ({ page }) => {
      await materialize(page, 'flood');
      await expectCard(page, 'flood', /failed/i);
      await materialize(page, 'brief');
      await expectCard(page, 'brief', 'still here');
    });
  });
});

describe('the page', () => {
  it('is the only document of the site, and runs no script but its own', async () => {
    await visit('', {}, async ({ page }) => {
      const policy = await page
        .locator('meta[http-equiv="Content-Security-Policy"]')
        .getAttribute('content');
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("frame-src 'none'");
      // WebAssembly alone, for the frame of real Dagster, which inherits this policy; no code from texts.
      expect(policy?.replace("'wasm-unsafe-eval'", '')).not.toContain('unsafe');
    });
  });
});
