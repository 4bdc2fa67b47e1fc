import { describe, expect, it } from 'vitest';
import { asset } from '../orchestration/sample-assets.ts';
import { noDefinitions } from '../scenarios/fake-runner.ts';
import { NOW, Tab } from './tab.ts';

describe('an edited function', () => {
  it('[STALE-2] makes stale what it made only if the notebook says so, and fresh again when it is put back', async () => {
    const tab = new Tab();
    tab.definitions = {
      ...noDefinitions,
      assets: [asset('a'), asset('b', null, [], { codeVersion: '1' })],
    };
    await tab.create();
    const evaluate = (value: number, countsEdits: boolean) => {
      const body = `() => ${value}`;
      const text = `const a = dg.asset({}, ${body}); const b = dg.asset({}, ${body});`;
      const settings = { startsAt: NOW, seed: 1, countsEdits };
      return tab.host.evaluate(tab.notebookId, [{ cellId: 'cell', text }], settings);
    };
    const statusOf = async (assetKey: string) => {
      const { status, causes } = await tab.host.explainStaleness(tab.notebookId, assetKey, null);
      return [status, ...causes.map(({ category }) => category)];
    };
    await evaluate(1, true);
    await tab.launch(null, ['a', 'b']);
    await tab.ended();
    expect(await statusOf('a')).toEqual(['FRESH']);
    await evaluate(2, true);
    expect(await statusOf('a')).toEqual(['STALE', 'CODE']);
    expect(await statusOf('b')).toEqual(['FRESH']);
    await evaluate(2, false);
    expect(await statusOf('a')).toEqual(['FRESH']);
    await evaluate(1, true);
    expect(await statusOf('a')).toEqual(['FRESH']);
  });
});
