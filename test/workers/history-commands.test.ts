import { describe, expect, it } from 'vitest';
import { makeStaticPartitionsDefinition } from '../../src/partitions/definition/static.ts';
import type { PartitionsDefinition } from '../../src/partitions/definition/partitions-definition.ts';
import { countOf } from '../../src/partitions/subset/subset-algebra.ts';
import { MemoryStores } from '../../src/storage/memory-stores.ts';
import { asset, customers, dep } from '../orchestration/sample-assets.ts';
import { noDefinitions } from '../scenarios/fake-runner.ts';
import { NOW, Tab } from './tab.ts';

const orders = asset('customer_orders', customers, [], { codeVersion: '1' });
const summary = asset('customer_summary', customers, [dep('customer_orders')], {
  codeVersion: '1',
});
const keys = ['customer_a', 'customer_b', 'customer_c'];
const B = [['customer_b', 'customer_b']] as const;

async function materialized(tab = new Tab()): Promise<Tab> {
  await tab.create();
  await tab.evaluate([orders, summary]);
  await tab.launch(keys);
  await tab.ended();
  return tab;
}

/** How many keys of an asset are materialized. */
function count(tab: Tab, assetKey = 'customer_orders'): number {
  const found = tab.state.assets.find((one) => one.assetKey === assetKey);
  return countOf(found?.statuses.materialized ?? []);
}

const history = async (tab: Tab, partitionKey: string) =>
  (await tab.host.listHistory(tab.notebookId, 'customer_orders', { partitionKey, limit: 9 })).map(
    ({ type }) => type,
  );

async function runCount(tab: Tab): Promise<number> {
  const all = { limit: 100, before: null, statuses: null };
  return (await tab.host.listRuns(tab.notebookId, all)).length;
}

describe('a wipe', () => {
  it('[EN-25] forgets the history of its keys, and can be undone', async () => {
    const tab = await materialized();
    const eventIds = await tab.host.wipePartitions(tab.notebookId, 'customer_orders', B);
    await tab.until(() => count(tab) === 2);
    expect(await history(tab, 'customer_b')).toEqual([]);
    expect(await history(tab, 'customer_a')).toEqual(['ASSET_MATERIALIZATION']);
    await tab.host.undoWipe(tab.notebookId, eventIds);
    await tab.until(() => count(tab) === 3);
    expect(await history(tab, 'customer_b')).toEqual(['ASSET_MATERIALIZATION']);
  });

  it('[EN-25] of a whole asset forgets all of it; what comes after counts, also once it is undone', async () => {
    const tab = await materialized();
    const eventIds = await tab.host.wipePartitions(tab.notebookId, 'customer_orders', null);
    await tab.until(() => count(tab) === 0);
    await tab.launch(['customer_a'], ['customer_orders']);
    await tab.ended();
    expect(count(tab)).toBe(1);
    await tab.host.undoWipe(tab.notebookId, eventIds);
    await tab.until(() => count(tab) === 3);
    expect(await history(tab, 'customer_a')).toHaveLength(2);
  });

  it('[EN-25] and its undoing are found again by the next tab, and heard of by others', async () => {
    const device = new MemoryStores(() => NOW);
    const tab = await materialized(new Tab(device));
    const other = new Tab(device, { held: new Promise(() => {}) });
    other.definitions = { ...noDefinitions, assets: [orders, summary] };
    await other.follow(tab.notebookId);
    await other.evaluate();
    const eventIds = await tab.host.wipePartitions(tab.notebookId, 'customer_orders', B);
    await other.until(() => count(other) === 2);
    await tab.host.undoWipe(tab.notebookId, eventIds);
    await other.until(() => count(other) === 3);
    const next = new Tab(device, { held: new Promise(() => {}) });
    next.definitions = other.definitions;
    await next.follow(tab.notebookId);
    await next.evaluate();
    await next.until(() => count(next) === 3);
  });

  it('[EN-25] of what there is not is refused with a sentence, and nothing can be undone twice', async () => {
    const tab = await materialized();
    const { notebookId, host } = tab;
    await expect(host.wipePartitions(notebookId, 'other', null)).resolves.toHaveLength(1);
    await expect(
      host.wipePartitions(notebookId, 'customer_orders', [['customer_z', 'customer_z']]),
    ).rejects.toThrow('customer_z is not a key of customer_orders.');
    const eventIds = await host.wipePartitions(notebookId, 'customer_orders', B);
    await host.undoWipe(notebookId, eventIds);
    await tab.until(() => count(tab) === 3);
    await expect(host.undoWipe(notebookId, eventIds)).rejects.toThrow('That was undone already.');
    await expect(host.undoWipe(notebookId, [1])).rejects.toThrow('That cannot be undone.');
  });
});

describe('a report', () => {
  it('[EN-25, PS-4] materializes keys without a run, and can be undone', async () => {
    const tab = new Tab();
    await tab.create();
    await tab.evaluate([orders]);
    const range = [['customer_a', 'customer_b']] as const;
    const { notebookId, host } = tab;
    const eventIds = await host.reportMaterialization(
      notebookId,
      'customer_orders',
      range,
      'by hand',
    );
    expect(eventIds).toHaveLength(2);
    await tab.until(() => count(tab) === 2);
    await expect(
      host.reportMaterialization(notebookId, 'customer_orders', null, ''),
    ).rejects.toThrow('customer_orders has partitions: say which keys were materialized.');
    await host.undoWipe(notebookId, eventIds);
    await tab.until(() => count(tab) === 0);
  });
});

describe('a deleted run', () => {
  it('[EN-26] is neither listed nor counted, and comes back when that is undone', async () => {
    const tab = await materialized();
    const [newest] = await tab.host.listRuns(tab.notebookId, {
      limit: 1,
      before: null,
      statuses: null,
    });
    const before = tab.state.runCounts.SUCCESS;
    const runId = newest?.runId ?? '';
    const eventIds = await tab.host.deleteRun(tab.notebookId, runId);
    await tab.until(({ runCounts }) => runCounts.SUCCESS === before - 1);
    expect(await runCount(tab)).toBe(before - 1);
    expect(await tab.host.findRun(tab.notebookId, runId)).toBeNull();
    await expect(tab.host.deleteRun(tab.notebookId, runId)).rejects.toThrow('no such run');
    await tab.host.undoWipe(tab.notebookId, eventIds);
    await tab.until(({ runCounts }) => runCounts.SUCCESS === before);
    expect(await tab.host.findRun(tab.notebookId, runId)).toEqual(newest);
    expect(await runCount(tab)).toBe(before);
  });
});

describe('deleted dynamic keys', () => {
  it('[EN-27, DYN-9] keep their history, unless it is wiped with them; both come back in their places', async () => {
    const images: PartitionsDefinition = { kind: 'dynamic', name: 'images' };
    const regions = makeStaticPartitionsDefinition(['eu', 'us']);
    const both: PartitionsDefinition = {
      kind: 'multi',
      dimensions: [
        { name: 'image', definition: images },
        { name: 'region', definition: regions },
      ],
    };
    const tab = new Tab();
    await tab.create();
    await tab.evaluate([asset('image', images), asset('regional', both)]);
    const { notebookId, host } = tab;
    const change = (action: 'add' | 'delete', partitionKeys: readonly string[], wipes = false) =>
      host.changeDynamicPartitions(
        notebookId,
        { action, partitionsDefName: 'images', partitionKeys },
        wipes,
      );
    await change('add', ['a', 'b', 'c']);
    await tab.launch(['a', 'b', 'c'], ['image']);
    await tab.launch(['b|eu', 'c|eu'], ['regional']);
    await tab.ended();
    const held = () => tab.state.dynamicPartitions[0]?.[1];
    await change('delete', ['a']);
    await change('add', ['a']);
    await tab.until(() => count(tab, 'image') === 3);
    expect(held()).toEqual(['b', 'c', 'a']);
    const eventIds = await change('delete', ['b'], true);
    await change('add', ['b']);
    await tab.until(() => count(tab, 'image') === 2 && count(tab, 'regional') === 1);
    await host.undoWipe(notebookId, eventIds);
    await tab.until(() => count(tab, 'image') === 3 && count(tab, 'regional') === 2);
    expect(held()).toEqual(['b', 'c', 'a']);
  });
});
