import { describe, expect, it } from 'vitest';
import { Tab, pair } from './tab.ts';

async function launched(): Promise<Tab> {
  const tab = new Tab();
  await tab.create();
  await tab.evaluate(pair, {});
  await tab.launch(['customer_a', 'customer_b']);
  await tab.idle();
  return tab;
}

describe('what is known of single keys', () => {
  it('[EN-31] a key tells what its newest materialization read, and what it would read now', async () => {
    const tab = await launched();
    const read = () => tab.host.readKeyLinks(tab.notebookId, 'customer_summary', 'customer_a');
    const [first] = (await read()).inputs;
    expect(first).toMatchObject({ assetKey: 'customer_orders' });
    expect(first?.keys.map(({ partitionKey }) => partitionKey)).toEqual(['customer_a']);
    expect(first?.keys[0]?.read).toEqual(first?.keys[0]?.now);
    await tab.launch(['customer_a'], ['customer_orders']);
    await tab.until(({ runCounts }) => runCounts.SUCCESS === 3);
    const [then] = (await read()).inputs;
    expect(then?.keys[0]?.read).toEqual(first?.keys[0]?.read);
    expect(then?.keys[0]?.now?.eventId).toBeGreaterThan(then?.keys[0]?.read?.eventId ?? Infinity);
  });

  it('[EN-31] a key tells which keys read it, and whether they read it as it is now', async () => {
    const tab = await launched();
    const { readers, inputs } = await tab.host.readKeyLinks(
      tab.notebookId,
      'customer_orders',
      'customer_b',
    );
    expect(inputs).toEqual([]);
    expect(readers).toHaveLength(1);
    const [key] = readers[0]?.keys ?? [];
    expect(key).toMatchObject({ partitionKey: 'customer_b' });
    expect(key?.read).toEqual(key?.now);
    const unread = await tab.host.readKeyLinks(tab.notebookId, 'customer_orders', 'customer_c');
    expect(unread.readers[0]?.keys).toEqual([
      { partitionKey: 'customer_c', read: null, now: null },
    ]);
  });

  it('[EN-31] a key has its history with runs and data versions, newest first', async () => {
    const tab = await launched();
    await tab.launch(['customer_a'], ['customer_orders']);
    await tab.until(({ runCounts }) => runCounts.SUCCESS === 3);
    const events = await tab.host.readKeyEvents(
      tab.notebookId,
      'customer_orders',
      'customer_a',
      10,
    );
    expect(events.map(({ type }) => type)).toEqual([
      'ASSET_MATERIALIZATION',
      'ASSET_MATERIALIZATION',
    ]);
    expect(events[0]?.run?.runNumber).toBeGreaterThan(events[1]?.run?.runNumber ?? Infinity);
    const versions = events.map(({ dataVersion }) => dataVersion);
    expect(new Set(versions).size).toBe(2);
    expect(versions[0]).toMatch(/^[0-9a-f]{64}$/);
  });

  it('[EN-25] [EN-31] a wipe and a report stand in the history of a key; undone, a wipe does not', async () => {
    const tab = await launched();
    const { host, notebookId } = tab;
    const of = [['customer_a', 'customer_a']] as const;
    const history = async () =>
      (await host.readKeyEvents(notebookId, 'customer_orders', 'customer_a', 10)).map(
        ({ type, run, message }) => [type, run !== null, message] as const,
      );
    const [made] = await history();
    const wipe = await host.wipePartitions(notebookId, 'customer_orders', of);
    const wiped = ['ASSET_WIPED', false, 'Forgot the one event before it. Stored values stay.'];
    expect(await history()).toEqual([wiped]);
    await host.reportMaterialization(notebookId, 'customer_orders', of, 'by hand');
    expect((await history()).map(([type]) => type)).toEqual([
      'ASSET_MATERIALIZATION',
      'ASSET_WIPED',
    ]);
    await host.undoWipe(notebookId, wipe);
    const [reported, before] = await history();
    expect(reported?.slice(0, 2)).toEqual(['ASSET_MATERIALIZATION', false]);
    expect(before).toEqual(made);
    const other = await host.readKeyEvents(notebookId, 'customer_orders', 'customer_b', 10);
    expect(other.map(({ type }) => type)).toEqual(['ASSET_MATERIALIZATION']);
  });

  it('[EN-31] rows of a list have the newest event of each key, in the order asked for', async () => {
    const tab = await launched();
    const keys = ['customer_c', 'customer_a'];
    const rows = await tab.host.readKeyRows(tab.notebookId, 'customer_orders', keys);
    expect(rows.map(({ newest }) => newest?.partitionKey ?? null)).toEqual([null, 'customer_a']);
  });
});

describe('values that were replaced', () => {
  it('[EN-32] the newest few of a key are kept, newest first', async () => {
    const tab = new Tab();
    await tab.create();
    let made = 0;
    await tab.evaluate(pair, { customer_orders: () => [(made += 1)] });
    const read = () => tab.host.readReplacedValues(tab.notebookId, 'customer_orders', 'customer_a');
    for (let runs = 1; runs <= 6; runs++) {
      await tab.launch(['customer_a'], ['customer_orders']);
      await tab.until(({ runCounts }) => runCounts.SUCCESS === runs);
      await tab.idle();
      if (runs === 1) expect(await read()).toEqual([]);
    }
    expect((await read()).map(({ value }) => value)).toEqual([[5], [4], [3]]);
    const other = await tab.host.readReplacedValues(tab.notebookId, 'customer_orders', 'customer');
    expect(other).toEqual([]);
  });
});
