import { describe, expect, it } from 'vitest';
import { AssetGraph } from '../../src/definitions/graph.ts';
import type { EventDraft } from '../../src/orchestration/event.ts';
import { KeySpace } from '../../src/orchestration/key-space.ts';
import {
  eventsUndone,
  keysWiped,
  materializationReported,
} from '../../src/orchestration/asset-events.ts';
import { countOf } from '../../src/partitions/subset/subset-algebra.ts';
import { MemoryInstanceStore } from '../../src/storage/memory-instance-store.ts';
import { LookBack } from '../../workers/look-back.ts';
import { asset, customers, days } from '../orchestration/sample-assets.ts';
import { NOW, Tab } from './tab.ts';

const DAY = 86_400_000;
const orders = asset('customer_orders', customers);

function counts(tab: Tab, assetKey: string): readonly number[] {
  const statuses = tab.state.assets.find((one) => one.assetKey === assetKey)?.statuses;
  return [countOf(statuses?.materialized ?? []), countOf(statuses?.failed ?? [])];
}

describe('looking back', () => {
  it('[EN-24] shows keys, statuses, runs and histories as of an earlier instant, and goes back to now', async () => {
    const tab = new Tab();
    await tab.create();
    const fails = { on: false };
    await tab.evaluate([orders, asset('daily', days())], {
      customer_orders: () => {
        if (fails.on) throw new Error('no');
      },
    });
    const { notebookId, host } = tab;
    const to = (days: number) =>
      host.advanceClock(notebookId, { to: NOW + days * DAY, waits: true });
    await tab.launch(['customer_a'], ['customer_orders']);
    await tab.ended();
    await to(1);
    await tab.launch(['customer_b'], ['customer_orders']);
    await tab.ended();
    await to(2);
    fails.on = true;
    await tab.launch(['customer_a'], ['customer_orders']);
    await tab.ended();
    const dailyNow = tab.state.effectiveAt;
    expect(counts(tab, 'customer_orders')).toEqual([1, 1]);
    expect([...(await host.readInstants(notebookId))]).toEqual([NOW, NOW + DAY, NOW + 2 * DAY]);

    await host.lookAt(notebookId, NOW + 1.5 * DAY);
    await tab.until(({ lookingAt }) => lookingAt === NOW + 1.5 * DAY);
    expect(counts(tab, 'customer_orders')).toEqual([2, 0]);
    expect(tab.state.effectiveAt).toBe(NOW + 1.5 * DAY);
    expect(tab.state.runCounts).toMatchObject({ SUCCESS: 2, FAILURE: 0 });
    const all = { limit: 9, before: null, statuses: null };
    expect(await host.listRuns(notebookId, all)).toHaveLength(2);
    const of = { limit: 9, partitionKey: 'customer_a' };
    expect(await host.listHistory(notebookId, 'customer_orders', of)).toHaveLength(1);

    await host.lookAt(notebookId, NOW - 1);
    await tab.until(({ lookingAt }) => lookingAt === NOW - 1);
    expect(counts(tab, 'customer_orders')).toEqual([0, 0]);
    expect(await host.listRuns(notebookId, all)).toEqual([]);

    await host.lookAt(notebookId, null);
    await tab.until(({ lookingAt }) => lookingAt === null);
    expect(counts(tab, 'customer_orders')).toEqual([1, 1]);
    expect(tab.state.effectiveAt).toBe(dailyNow);
  });

  it('[EN-24] refuses whatever changes something, with a sentence', async () => {
    const tab = new Tab();
    await tab.create();
    await tab.evaluate([orders]);
    await tab.launch(['customer_a'], ['customer_orders']);
    await tab.ended();
    const { notebookId, host } = tab;
    await host.lookAt(notebookId, NOW - 1);
    const sentence = 'shown as of an earlier instant';
    await expect(tab.launch(['customer_b'], ['customer_orders'])).rejects.toThrow(sentence);
    await expect(host.setClock(notebookId, NOW)).rejects.toThrow(sentence);
    await expect(host.wipePartitions(notebookId, 'customer_orders', null)).rejects.toThrow(
      sentence,
    );
    await expect(host.clearHistory(notebookId)).rejects.toThrow(sentence);
    await host.lookAt(notebookId, null);
    await tab.launch(['customer_b'], ['customer_orders']);
    await tab.ended();
    expect(counts(tab, 'customer_orders')).toEqual([2, 0]);
  });

  it('[EN-24] from the nearest mark comes to what the whole log says, at every instant, undone or not', async () => {
    const store = new MemoryInstanceStore();
    const keys = Array.from({ length: 40 }, (_, at) => `k${at}`);
    const definition = { kind: 'static', keys } as const;
    const assets = [asset('one', definition), asset('two', definition)];
    const wiped = [1500, 2600];
    const drafts: EventDraft[] = [];
    for (let at = 1; at <= 4000; at++) {
      const assetKey = at % 3 === 0 ? 'one' : 'two';
      const key = keys[(at * 7) % keys.length] as string;
      if (wiped.includes(at)) drafts.push(...keysWiped('one', null, at));
      else if (at === 2000) drafts.push(eventsUndone([1500], 'a wipe', at));
      else if (at % 11 === 0) drafts.push(...keysWiped(assetKey, [key], at));
      else drafts.push(materializationReported(assetKey, key, {}, at));
    }
    const none = { runs: [], values: [], checkpoints: [] };
    await store.append('n', { ...none, rows: [drafts] });
    const keySpace = new KeySpace({ effectiveAt: 0, dynamicPartitions: new Map() });
    const lookBack = new LookBack('n', store, assets, keySpace, () => false);
    for (const at of [0, 1, 999, 1000, 1499, 1500, 1999, 2000, 2599, 2600, 3333, 4000, 9999]) {
      const past = await lookBack.lookAt(at);
      const undone = at >= 2000 ? [1500] : [];
      for (const { assetKey } of new AssetGraph(assets).assets.values()) {
        const held = new Set<string>();
        for (const [place, event] of drafts.slice(0, at).entries()) {
          if (event.assetKey !== assetKey || undone.includes(place + 1)) continue;
          if (event.type === 'ASSET_MATERIALIZATION') held.add(event.partitionKey ?? '');
          else if (event.metadata === null) held.clear();
          else for (const key of event.metadata['partitionKeys'] as string[]) held.delete(key);
        }
        expect([at, assetKey, countOf(past.folds.of(assetKey).everMaterialized())]).toEqual([
          at,
          assetKey,
          held.size,
        ]);
      }
    }
  });
});
