import { describe, expect, it } from 'vitest';
import { asset, days, dep } from '../orchestration/sample-assets.ts';
import { NotebookScenario, turn } from './notebook-scenario.ts';

const yesterday = {
  kind: 'timeWindow',
  startOffset: -1,
  endOffset: -1,
  allowNonexistentUpstreamPartitions: true,
} as const;
const assets = [
  asset('a', days()),
  asset('a_next', days(), [dep('a', { mapping: yesterday })]),
  asset('b', days()),
  asset('b_next', days(), [dep('b', { mapping: yesterday })]),
];
const keys = ['2024-01-01', '2024-01-02', '2024-01-03', '2024-01-04'];

/** What the log says of two backfills that go side by side; steps take as many turns as `turnsOf` says. */
async function logOf(limit: number, turnsOf: (assetKey: string, key: string) => number) {
  const compute = Object.fromEntries(
    assets.map(({ assetKey }) => [
      assetKey,
      async ({ partitionKeys: [key = ''] }: { readonly partitionKeys: readonly string[] }) => {
        for (let left = turnsOf(assetKey, key); left > 0; left--) await turn();
        if (assetKey === 'b' && key === '2024-01-02') throw new Error('no');
      },
    ]),
  );
  const notebook = new NotebookScenario(assets, compute, { limit });
  // Both are asked for at one instant.
  const giveBack = notebook.daemon.hold();
  await Promise.all([
    notebook.launch(['a', 'a_next'], keys),
    notebook.launch(['b', 'b_next'], keys, { tags: { 'dagster/max_retries': '1' } }),
  ]);
  giveBack();
  await notebook.settled();
  return JSON.stringify(notebook.events);
}

describe('two backfills at once', () => {
  it('[Q-3] leave the same log, with any number of workers, whatever ends first', async () => {
    const plain = await logOf(1, () => 0);
    for (const limit of [1, 2, 5]) {
      expect(await logOf(limit, () => 1)).toBe(plain);
      expect(await logOf(limit, (assetKey) => (assetKey.startsWith('a') ? 7 : 0))).toBe(plain);
      expect(await logOf(limit, (_assetKey, key) => Number(key.at(-1)) % 3)).toBe(plain);
    }
  });
});
