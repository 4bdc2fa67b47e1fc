import { describe, expect, it } from 'vitest';
import { makeStaticPartitionsDefinition } from '../../src/partitions/definition/static.ts';
import type { NotebookState } from '../../src/protocol/engine.ts';
import { MemoryStores } from '../../src/storage/memory-stores.ts';
import { asset, customers, days, dep } from '../orchestration/sample-assets.ts';
import { FOREVER, noDefinitions } from '../scenarios/fake-runner.ts';
import { turn } from '../scenarios/notebook-scenario.ts';
import { NOW, pair, Tab } from './tab.ts';

const keys = ['customer_a', 'customer_b', 'customer_c'];

const statusesOf = (state: NotebookState, at: number) => state.assets[at]?.statuses;

describe('the engine of a tab', () => {
  it('[EN-1] materializes, and says of every key how it stands', async () => {
    const tab = new Tab();
    await tab.create();
    await tab.evaluate(pair, {
      customer_orders: ({ partitionKeys: [key] }) => {
        if (key === 'customer_c') throw new Error('boom');
        return key === 'customer_b' ? FOREVER : [key];
      },
    });
    const launched = await tab.launch(keys);
    expect(launched).toMatchObject({ status: 'launched', backfillId: expect.any(String) });
    // Under the virtual clock, what finished later waits for what was before it in the queue.
    await tab.until((state) => (statusesOf(state, 0)?.materialized.length ?? 0) > 0);
    expect(statusesOf(tab.state, 0)).toMatchObject({ materialized: [0, 1], materializing: [1, 3] });
    const [, second = ''] = launched.status === 'launched' ? launched.runIds : [];
    await tab.host.stop(tab.notebookId, second);
    const state = await tab.idle();
    expect(state.assets.map(({ statuses }) => statuses)).toEqual([
      { materialized: [0, 1], materializing: [], queued: [], failed: [2, 3], notTried: [] },
      { materialized: [0, 1], materializing: [], queued: [], failed: [], notTried: [2, 3] },
    ]);
    expect(state.assets[0]?.latest).toMatchObject({ partitionKey: 'customer_a' });
    expect(state.assets[0]?.failure).toMatchObject({ partitionKey: 'customer_c', keys: 1 });
    expect(state.runCounts).toMatchObject({ SUCCESS: 1, FAILURE: 1, CANCELED: 1 });
    expect(state.leader).toBe(true);
    expect(await tab.host.readValue(tab.notebookId, 'customer_orders', 'customer_a')).toMatchObject(
      {
        value: ['customer_a'],
      },
    );
  });

  it('[EN-1] what runs need is fetched as a notebook is first worked with, not to show its text', async () => {
    const tab = new Tab();
    const draft = { notebookId: 'n1', source: 'text', title: 'T', example: null, transient: false };
    await tab.host.createNotebook(draft);
    expect(await tab.host.findNotebook({ notebookId: 'n1' })).toMatchObject({ source: 'text' });
    expect(tab.fetchedAhead).toBe(false);
    void tab.follow('n1');
    expect(tab.fetchedAhead).toBe(true);
  });

  it('[EN-2] after the cell is fixed, only what failed is run again', async () => {
    const tab = new Tab();
    await tab.create();
    await tab.evaluate(pair, {
      customer_orders: ({ partitionKeys: [key] }) => {
        if (key === 'customer_c') throw new Error('boom');
      },
    });
    await tab.launch(keys);
    await tab.idle();
    await tab.evaluate(pair, {});
    await tab.launch(['customer_c']);
    const state = await tab.until(({ runCounts }) => runCounts.SUCCESS === 3);
    expect(state.assets.map(({ statuses }) => statuses.materialized)).toEqual([
      [0, 3],
      [0, 3],
    ]);
    expect(tab.runners.at(-1)?.calls.map(({ partitionKeys }) => partitionKeys)).toEqual([
      ['customer_c'],
      ['customer_c'],
    ]);
  });

  it('[EN-3] a definition that changes keeps each key’s history', async () => {
    const tab = new Tab();
    await tab.create();
    await tab.evaluate(pair, {});
    await tab.launch(['customer_a', 'customer_c']);
    await tab.idle();
    const more = makeStaticPartitionsDefinition([
      'customer_a',
      'customer_aa',
      'customer_b',
      'customer_c',
    ]);
    await tab.evaluate([asset('customer_orders', more)], {});
    const changed = await tab.until(({ codeLocation }) => codeLocation.version === 2);
    expect(statusesOf(changed, 0)?.materialized).toEqual([0, 1, 3, 4]);
    await tab.evaluate([asset('customer_orders', days('2024-01-03'))], {});
    await tab.launch(['2024-01-04'], ['customer_orders']);
    await tab.idle();
    await tab.evaluate([asset('customer_orders', days('2024-01-01'))], {});
    const moved = await tab.until(({ codeLocation }) => codeLocation.version === 4);
    expect(statusesOf(moved, 0)?.materialized).toEqual([3, 4]);
  });

  it('[EN-4] the clock decides which keys exist; an earlier look shows fewer', async () => {
    const tab = new Tab();
    await tab.create();
    await tab.evaluate([asset('daily', days())], {});
    await tab.launch(['2024-01-01', '2024-01-07'], ['daily']);
    await tab.idle();
    await tab.host.setClock(tab.notebookId, Date.parse('2024-01-04T00:00:00Z'));
    const early = await tab.until(({ effectiveAt }) => effectiveAt < NOW);
    expect(statusesOf(early, 0)?.materialized).toEqual([0, 1]);
    const refused = await tab.launch(['2024-01-07'], ['daily']);
    expect(refused).toMatchObject({ status: 'refused', problems: [{ field: 'partitions' }] });
    await tab.host.setClock(tab.notebookId, NOW);
    const later = await tab.until(({ effectiveAt }) => effectiveAt === NOW);
    expect(statusesOf(later, 0)?.materialized).toEqual([0, 1, 6, 7]);
  });

  it('[EN-5] a cell that throws is left out with what uses it; the rest loads', async () => {
    const tab = new Tab();
    await tab.create();
    const cells = [
      { cellId: 'bad', text: 'const bad = boom();', number: 2 },
      { cellId: 'user', text: 'const user = bad + 1;', number: 3 },
      { cellId: 'good', text: 'const good = 1;', number: 5 },
    ];
    const error = { name: 'TypeError', code: null, kind: null, message: 'no', cause: null };
    tab.outcome = (text) =>
      text.includes('boom')
        ? {
            status: 'threw',
            cellId: 'bad',
            error: { ...error, frames: [{ cellId: 'bad', line: 1, column: 13 }] },
          }
        : null;
    const location = await tab.host.evaluate(tab.notebookId, cells, { startsAt: NOW, seed: 1 });
    expect(location.definitions.assets).toHaveLength(2);
    expect(location.problems.filter(({ severity }) => severity === 'error')).toMatchObject([
      { cellId: 'bad', line: 1, column: 13, message: 'TypeError: no' },
    ]);
    expect(location.heldBack).toEqual([{ cellId: 'user', becauseOf: 'bad' }]);
    tab.outcome = (text) =>
      text.includes('boom') ? { status: 'timed_out', cellId: 'bad', limitMs: 250 } : null;
    const slow = await tab.host.evaluate(tab.notebookId, cells, { startsAt: NOW, seed: 1 });
    expect(slow.problems.find(({ code }) => code === 'cell_timed_out')?.message).toContain(
      'did not finish within 250 ms',
    );
    expect(tab.runners.filter(({ disposed }) => !disposed)).toHaveLength(1);
  });

  it('[EN-6] [Q-6] the newest evaluation wins; a run keeps the code that it was launched with', async () => {
    const tab = new Tab();
    await tab.create();
    const first = tab.evaluate(pair, {});
    const second = tab.evaluate(pair, { customer_orders: () => FOREVER });
    expect((await first).version).toBe(2);
    expect((await second).version).toBe(2);
    await tab.launch(['customer_a'], ['customer_orders']);
    await tab.until(({ runCounts }) => runCounts.STARTED === 1);
    const old = tab.runners.at(-1);
    await tab.evaluate(pair, {});
    expect(old?.disposed).toBe(false);
    await tab.host.stop(tab.notebookId, null);
    await tab.idle();
    expect(old?.disposed).toBe(true);
  });

  it('[EN-7] what is declared wrongly is a problem where it is declared', async () => {
    const tab = new Tab();
    await tab.create();
    const assets = [
      asset('a', customers, [], { name: 'a' }),
      asset('b', days(), [dep('a')], { name: 'b' }),
    ];
    const text = 'const a = 1;\nconst b = a;';
    const { problems } = await tab.evaluate(assets, {}, text);
    expect(problems).toMatchObject([
      { cellId: 'cell', line: 2, column: 7, code: 'invalid_mapping', severity: 'error' },
    ]);
    expect(problems[0]?.message).toContain('Invalid partition mapping from b to a');
  });

  it('[EN-8] the lines of a run are told while it still runs', async () => {
    const tab = new Tab();
    await tab.create();
    await tab.evaluate(pair, {
      customer_orders: ({ stepId }, { log }) => {
        log(stepId, 'INFO', 'working on it');
        return FOREVER;
      },
    });
    const launched = await tab.launch(['customer_a']);
    const [runId = ''] = launched.status === 'launched' ? launched.runIds : [];
    let heard: readonly { message: string; eventId: number; type: string }[] = [];
    await tab.host.watchRunEvents(tab.notebookId, runId, (events) => (heard = events));
    for (let at = 0; at < 5; at++) await turn();
    expect(heard.map(({ message }) => message)).toContain('working on it');
    expect(
      (await tab.host.listRuns(tab.notebookId, { limit: 1, before: null, statuses: null }))[0]
        ?.status,
    ).toBe('STARTED');
    await tab.host.stop(tab.notebookId, runId);
    await tab.idle();
    for (let at = 0; at < 5; at++) await turn();
    expect(heard.map(({ eventId }) => eventId)).toEqual(heard.map((_, at) => at + 1));
    expect(heard.at(-1)?.type).toBe('RUN_CANCELED');
  });

  it('[EN-9] histories name every materialization and failure', async () => {
    const tab = new Tab();
    await tab.create();
    let bad = true;
    await tab.evaluate(pair, {
      customer_orders: ({ partitionKeys: [key] }) => {
        if (bad && key === 'customer_b') throw new Error('boom');
      },
    });
    await tab.launch(keys);
    await tab.idle();
    bad = false;
    await tab.launch(['customer_b']);
    await tab.until(({ runCounts }) => runCounts.SUCCESS === 3);
    const history = await tab.host.listHistory(tab.notebookId, 'customer_orders', {
      partitionKey: 'customer_b',
      limit: 10,
    });
    expect(history.map(({ type, message }) => [type, message])).toEqual([
      ['ASSET_MATERIALIZATION', 'Materialized value customer_orders.'],
      ['STEP_FAILURE', 'Error: boom'],
    ]);
    const times = await tab.host.readMaterializationTimes(tab.notebookId, 'customer_orders');
    expect([...times.ordinals]).toEqual([0, 2, 1]);
    expect([...times.runNumbers]).toEqual([1, 3, 4]);
  });

  it('[STALE-4] a key whose upstream was made again is stale, in the state and with its cause', async () => {
    const tab = new Tab();
    await tab.create();
    await tab.evaluate(pair, {});
    await tab.launch(keys);
    await tab.until(({ runCounts }) => runCounts.SUCCESS === 3);
    const why = (key: string) => tab.host.explainStaleness(tab.notebookId, 'customer_summary', key);
    expect(await why('customer_b')).toMatchObject({ status: 'FRESH' });
    await tab.launch(['customer_b'], ['customer_orders']);
    await tab.until(({ assets }) => assets[1]?.statuses.stale?.length === 2);
    expect(tab.states.at(-1)?.assets.map(({ statuses }) => statuses.stale)).toEqual([[], [1, 2]]);
    expect(await why('customer_a')).toMatchObject({ status: 'FRESH', causes: [] });
    expect(await why('customer_b')).toMatchObject({
      status: 'STALE',
      causes: [{ reason: 'has a new dependency materialization' }],
      rootCauses: [{ assetKey: 'customer_orders', partitionKey: 'customer_b' }],
    });
    await tab.host.markFine(tab.notebookId, 'customer_summary', ['customer_b']);
    await tab.until(({ assets }) => assets[1]?.statuses.stale?.length === 0);
    expect(await why('customer_b')).toMatchObject({ status: 'FRESH' });
    await tab.host.clearHistory(tab.notebookId);
    expect(await why('customer_b')).toMatchObject({ status: 'MISSING', dataVersion: 'NULL' });
  });

  it('[EN-10] cleared history is gone, with the files that were written; shipped files stay', async () => {
    const tab = new Tab();
    await tab.create();
    await tab.host.writeFile(tab.notebookId, 'shipped.csv', new Uint8Array([1]), true);
    await tab.evaluate(pair, {
      customer_orders: async (_step, { request }) => {
        await request({ kind: 'writeFile', path: 'out.csv', bytes: new Uint8Array([2]) });
        return request({ kind: 'readFile', path: 'shipped.csv' });
      },
    });
    await tab.launch(['customer_a']);
    await tab.until(({ runCounts }) => runCounts.SUCCESS === 1);
    expect(await tab.host.readValue(tab.notebookId, 'customer_orders', 'customer_a')).toMatchObject(
      {
        value: { status: 'ok', bytes: new Uint8Array([1]) },
      },
    );
    await tab.host.clearHistory(tab.notebookId);
    const state = await tab.until(({ lastEventId }) => lastEventId === 0);
    expect(statusesOf(state, 0)?.materialized).toEqual([]);
    const files: string[] = [];
    await tab.host.watchFiles(tab.notebookId, (all) =>
      files.push(all.map(({ path }) => path).join()),
    );
    expect(files).toEqual(['shipped.csv']);
    await tab.launch(['customer_b']);
    const again = await tab.until(({ runCounts }) => runCounts.SUCCESS === 1);
    expect(statusesOf(again, 0)?.materialized).toEqual([1, 2]);
  });

  it('[EN-11] tests run on request, each on its own', async () => {
    const tab = new Tab();
    await tab.create();
    tab.definitions = {
      ...noDefinitions,
      tests: [
        { cellId: 'cell', testId: 0, title: 'holds' },
        { cellId: 'cell', testId: 1, title: 'fails' },
      ],
    };
    tab.tests = [
      () => {},
      () => {
        throw new Error('expected 1 to equal 2');
      },
    ];
    await tab.evaluate();
    const results = await tab.host.runTests(tab.notebookId, 'cell');
    expect(results.map(({ title, status }) => `${title}: ${status}`)).toEqual([
      'holds: passed',
      'fails: failed',
    ]);
    expect(await tab.host.runTests(tab.notebookId, 'other')).toEqual([]);
  });
});

describe('two tabs', () => {
  it('[EN-12] one leads; what the other asks for is done there, and both see it', async () => {
    const device = new MemoryStores(() => NOW);
    const locks = { held: Promise.resolve() };
    const one = new Tab(device, locks);
    const other = new Tab(device, locks);
    await one.create();
    await one.evaluate(pair, {});
    await one.until(({ leader }) => leader);
    await other.follow(one.notebookId);
    await other.evaluate(pair, {});
    expect(await other.launch(keys)).toMatchObject({ status: 'launched' });
    const done = ({ runCounts }: NotebookState) => runCounts.SUCCESS === 3;
    const followed = await other.until(done);
    expect(followed.leader).toBe(false);
    expect(statusesOf(followed, 1)?.materialized).toEqual([0, 3]);
    expect(statusesOf(await one.until(done), 1)?.materialized).toEqual([0, 3]);
    expect(one.runners[0]?.calls).toHaveLength(6);
    expect(other.runners[0]?.calls).toHaveLength(0);

    one.close();
    await other.until(({ leader }) => leader);
    await other.launch(['customer_a']);
    await other.until(({ runCounts }) => runCounts.SUCCESS === 4);
    expect(other.runners[0]?.calls).toHaveLength(2);
  });
});

describe('notebooks', () => {
  it('[EN-13] a transient one moves to the device with its history, and goes on', async () => {
    const device = new MemoryStores(() => NOW);
    const tab = new Tab(device);
    await tab.create(true);
    await tab.evaluate(pair, {});
    await tab.launch(['customer_a']);
    await tab.until(({ runCounts }) => runCounts.SUCCESS === 1);
    expect(await device.notebooks.list()).toEqual([]);
    const kept = await tab.host.keepNotebook(tab.notebookId);
    expect(kept.title).toBe('Title');
    await tab.launch(['customer_b']);
    const state = await tab.until(({ runCounts }) => runCounts.SUCCESS === 2);
    expect(statusesOf(state, 0)?.materialized).toEqual([0, 2]);
    expect((await device.instances.countRuns(tab.notebookId)).SUCCESS).toBe(2);
  });

  it.each([0, 1, 2, 3, 5, 8])(
    '[EN-13] also if it moves %i turns after its evaluation began',
    async (turns) => {
      const device = new MemoryStores(() => NOW);
      const tab = new Tab(device);
      await tab.create(true);
      const evaluation = tab.evaluate(pair, {});
      for (let at = 0; at < turns; at++) await Promise.resolve();
      await tab.host.keepNotebook(tab.notebookId);
      await evaluation;
      await tab.launch(['customer_a']);
      await tab.until(({ runCounts }) => runCounts.SUCCESS === 1);
      expect((await device.instances.countRuns(tab.notebookId)).SUCCESS).toBe(1);
    },
  );

  it.each([0, 1, 2, 3, 5, 8, 13, 21])(
    '[EN-13] also if it moves %i turns after it was opened',
    async (turns) => {
      const device = new MemoryStores(() => NOW);
      const tab = new Tab(device);
      const draft = {
        notebookId: 'n1',
        source: 'text',
        title: 'Title',
        example: null,
        transient: true,
      };
      tab.notebookId = (await tab.host.createNotebook(draft)).notebookId;
      const opening = tab.follow(tab.notebookId);
      const evaluation = tab.evaluate(pair, {});
      for (let at = 0; at < turns; at++) await Promise.resolve();
      await tab.host.keepNotebook(tab.notebookId);
      await Promise.all([opening, evaluation]);
      await tab.launch(['customer_a']);
      await tab.until(({ runCounts }) => runCounts.SUCCESS === 1);
      expect((await device.instances.countRuns(tab.notebookId)).SUCCESS).toBe(1);
    },
  );

  it('[EN-14] two saves of one revision: the second is told of the first', async () => {
    const tab = new Tab();
    await tab.create();
    const heard: number[] = [];
    await tab.host.watchNotebook(tab.notebookId, ({ revision }) => heard.push(revision));
    const saved = await tab.host.saveNotebook(tab.notebookId, 'new', 'Title', 1);
    expect(saved).toMatchObject({ status: 'saved', record: { revision: 2, source: 'new' } });
    const conflict = await tab.host.saveNotebook(tab.notebookId, 'mine', 'Title', 1);
    expect(conflict).toMatchObject({ status: 'conflict', record: { source: 'new' } });
    for (let at = 0; at < 3; at++) await turn();
    expect(heard).toEqual([1, 2]);
    await tab.host.deleteNotebook(tab.notebookId);
    expect(await tab.host.findNotebook({ notebookId: tab.notebookId })).toBeNull();
    await expect(tab.evaluate(pair, {})).rejects.toThrow('There is no notebook');
  });

  it('[EN-19] a clock that was moved is found there by the next tab, until the history is cleared', async () => {
    const device = new MemoryStores(() => NOW);
    const tab = new Tab(device);
    await tab.create();
    await tab.evaluate([asset('daily', days())], {});
    const moved = Date.parse('2024-01-04T00:00:00Z');
    await tab.host.setClock(tab.notebookId, moved);
    const next = new Tab(device);
    await next.follow(tab.notebookId);
    await next.evaluate([asset('daily', days())], {});
    await next.until(({ effectiveAt }) => effectiveAt === moved);
    await tab.host.setClock(tab.notebookId, null);
    expect((await device.notebooks.get(tab.notebookId))?.clockAt).toBe('real');
    await tab.host.setClock(tab.notebookId, moved);
    await tab.until(({ leader }) => leader);
    await tab.host.clearHistory(tab.notebookId);
    await tab.until(({ effectiveAt }) => effectiveAt === NOW);
    await next.until(({ effectiveAt }) => effectiveAt === NOW);
    expect((await device.notebooks.get(tab.notebookId))?.clockAt).toBeNull();
  });

  it('[EN-10, Q-7] with a full disk the history can still be cleared', async () => {
    const device = new MemoryStores(() => NOW);
    const tab = new Tab(device);
    await tab.create();
    await tab.evaluate(pair, {});
    await tab.until(({ leader }) => leader);
    const append = device.instances.append.bind(device.instances);
    device.instances.append = () => Promise.reject(new Error('the disk is full'));
    void tab.launch(['customer_a']);
    await tab.until(({ storageProblem }) => storageProblem === 'the disk is full');
    await tab.host.clearHistory(tab.notebookId);
    await tab.until(({ storageProblem }) => storageProblem === null);
    device.instances.append = append;
    await tab.launch(['customer_b']);
    const state = await tab.until(({ runCounts }) => runCounts.SUCCESS === 1);
    expect(statusesOf(state, 0)?.materialized).toEqual([1, 2]);
  });

  it('[EN-15] of one example there is one copy', async () => {
    const tab = new Tab();
    const draft = { source: 'text', title: 'Title', example: 'partitions', transient: false };
    const first = await tab.host.createNotebook({ ...draft, notebookId: 'n1' });
    const second = await tab.host.createNotebook({ ...draft, notebookId: 'n2' });
    expect(second).toEqual(first);
    expect(await tab.host.findNotebook({ example: 'partitions' })).toEqual(first);
    await expect(tab.follow('n2')).rejects.toThrow('There is no notebook "n2".');
  });

  it.each([true, false])(
    '[EN-20] a notebook can be worked with before it is kept (transient: %s)',
    async (transient) => {
      const tab = new Tab();
      const creating = tab.create(transient);
      tab.notebookId = 'n1';
      const evaluation = tab.evaluate(pair, {});
      await Promise.all([creating, evaluation]);
      await tab.launch(['customer_a']);
      const state = await tab.until(({ runCounts }) => runCounts.SUCCESS === 1);
      expect(statusesOf(state, 0)?.materialized).toEqual([0, 1]);
    },
  );

  it('[EN-16] runs know that the files are the same until one of them changes', async () => {
    const tab = new Tab();
    await tab.create();
    const versions: (number | undefined)[] = [];
    await tab.evaluate(pair, {
      customer_orders: async ({ world, partitionKeys }, { request }) => {
        versions.push(world.filesVersion);
        if (partitionKeys[0] !== 'customer_c') return 1;
        return request({ kind: 'writeFile', path: 'out.csv', bytes: new Uint8Array([2]) });
      },
    });
    for (const key of ['customer_a', 'customer_b', 'customer_c', 'customer_a']) {
      await tab.launch([key], ['customer_orders']);
      await tab.idle();
    }
    const [first, second, third, fourth] = versions;
    expect(first).toBeTypeOf('number');
    expect([second, third]).toEqual([first, first]);
    expect(fourth).not.toBe(first);
    await tab.host.writeFile(tab.notebookId, 'in.csv', new Uint8Array([1]), false);
    await tab.launch(['customer_a'], ['customer_orders']);
    await tab.idle();
    expect(versions.at(-1)).not.toBe(fourth);
  });
});
