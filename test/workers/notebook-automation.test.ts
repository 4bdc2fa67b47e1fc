import { describe, expect, it } from 'vitest';
import type { ScheduleSpec, SensorSpec } from '../../src/definitions/definitions.ts';
import type { AutomationResult, RunRequest } from '../../src/orchestration/run-request.ts';
import { makeDynamicPartitionsDefinition } from '../../src/partitions/definition/dynamic.ts';
import type { NotebookState } from '../../src/protocol/engine.ts';
import { MemoryStores } from '../../src/storage/memory-stores.ts';
import { asset, days, dep } from '../orchestration/sample-assets.ts';
import { NO_VALUE, noDefinitions } from '../scenarios/fake-runner.ts';
import { NOW, Tab } from './tab.ts';

const DAY = 86_400_000;
const HOUR = DAY / 24;

const daily: ScheduleSpec = {
  cellId: 'cell',
  name: 'nightly',
  scheduleName: 'nightly',
  cronSchedule: ['0 1 * * *'],
  executionTimezone: 'UTC',
  jobName: null,
  target: { mixesPartitions: false, assetKeys: ['events'] },
  description: null,
};

const watcher: SensorSpec = {
  cellId: 'cell',
  name: 'watcher',
  sensorName: 'watcher',
  jobName: null,
  target: { mixesPartitions: false, assetKeys: ['image'] },
  minimumIntervalMs: 30_000,
  description: null,
};

function request(
  partitionKey: string,
  runKey: string | null = null,
): Extract<AutomationResult, { readonly kind: 'runRequest' }> {
  const asked: RunRequest = {
    runKey,
    partitionKey,
    runConfig: {},
    tags: {},
    jobName: null,
    assetSelection: null,
    staleAssetsOnly: false,
  };
  return { kind: 'runRequest', request: asked };
}

/** The key of the day that ended last at an instant. */
const yesterday = (at: number) => new Date(at - DAY).toISOString().slice(0, 10);

/** A notebook with a nightly schedule over days, switched on. */
async function nightly(device = new MemoryStores(() => NOW)): Promise<Tab> {
  const tab = new Tab(device);
  tab.definitions = {
    ...noDefinitions,
    assets: [asset('events', days())],
    schedules: [daily],
  };
  tab.automations = {
    nightly: (asked) =>
      'scheduledAt' in asked
        ? { results: [request(yesterday(asked.scheduledAt), 'k')] }
        : { results: [] },
  };
  await tab.create();
  await tab.evaluate();
  await tab.until(({ leader }) => leader);
  return tab;
}

const ticksOf = (tab: Tab, kind: 'schedule' | 'sensor', name: string) =>
  tab.host.listTicks(tab.notebookId, kind, name, { limit: 100, before: null });

describe('schedules and sensors under the virtual clock (AU)', () => {
  it('[AU-1] a stopped schedule does nothing; one that is started says when it ticks next', async () => {
    const tab = await nightly();
    await tab.host.advanceClock(tab.notebookId, { to: NOW + 3 * DAY, waits: true });
    expect(await ticksOf(tab, 'schedule', 'nightly')).toEqual([]);
    await tab.host.setInstigatorRunning(tab.notebookId, 'schedule', 'nightly', true);
    const { instigators } = await tab.until(({ instigators: [one] }) => one?.running === true);
    expect(instigators).toMatchObject([
      { kind: 'schedule', name: 'nightly', nextTickAt: NOW + 3 * DAY + HOUR, lastTickAt: null },
    ]);
  });

  it('[AU-2] told not to wait, it arrives while the runs that it asked for still run', async () => {
    let goOn = () => {};
    const held = new Promise<void>((resolve) => (goOn = resolve));
    const tab = await nightly();
    await tab.evaluate(undefined, {
      events: async () => {
        await held;
        return 1;
      },
    });
    await tab.host.setInstigatorRunning(tab.notebookId, 'schedule', 'nightly', true);
    await tab.host.advanceClock(tab.notebookId, { to: NOW + 3 * DAY, waits: false });
    expect(await ticksOf(tab, 'schedule', 'nightly')).toHaveLength(3);
    const arrived = await tab.until(({ effectiveAt }) => effectiveAt === NOW + 3 * DAY);
    expect(arrived.runCounts.SUCCESS).toBe(0);
    goOn();
    await tab.until(({ runCounts }) => runCounts.SUCCESS === 3);
  });

  it('[AU-2] time that is run through fires every tick at its instant, and waits for what it launched', async () => {
    const tab = await nightly();
    await tab.host.setInstigatorRunning(tab.notebookId, 'schedule', 'nightly', true);
    await tab.host.advanceClock(tab.notebookId, { to: NOW + 3 * DAY, waits: true });
    const state = await tab.until(({ runCounts }) => runCounts.SUCCESS === 3);
    expect(state.effectiveAt).toBe(NOW + 3 * DAY);
    const ticks = await ticksOf(tab, 'schedule', 'nightly');
    expect(ticks.map(({ at, status, runIds }) => [at - NOW, status, runIds.length])).toEqual([
      [2 * DAY + HOUR, 'SUCCESS', 1],
      [DAY + HOUR, 'SUCCESS', 1],
      [HOUR, 'SUCCESS', 1],
    ]);
    const runs = await tab.host.listRuns(tab.notebookId, {
      limit: 9,
      before: null,
      statuses: null,
    });
    expect(
      runs.map(({ createdAt, partitionKey, tags }) => [createdAt - NOW, partitionKey, tags]),
    ).toEqual(
      [2, 1, 0].map((day) => [
        day * DAY + HOUR,
        yesterday(NOW + day * DAY),
        expect.objectContaining({
          'dagster/schedule_name': 'nightly',
          'dagster/run_key': 'k',
          'dagster/tick': ticks[2 - day]?.tickId,
        }),
      ]),
    );
  });

  it('[RR-5, PS-5] a run over a range that fails half way: what it recorded is kept, and the range is executed again', async () => {
    const range = {
      'dagster/asset_partition_range_start': '2024-01-01',
      'dagster/asset_partition_range_end': '2024-01-04',
    };
    const tab = new Tab(new MemoryStores(() => NOW));
    const policy = { backfillPolicy: { maxPartitionsPerRun: null } };
    tab.definitions = {
      ...noDefinitions,
      assets: [
        asset('events', days(), [], policy),
        asset('stats', days(), [dep('events')], policy),
      ],
      schedules: [{ ...daily, target: { mixesPartitions: false, assetKeys: ['events', 'stats'] } }],
    };
    const asked = { ...request('', null).request, partitionKey: null, tags: range };
    tab.automations = {
      nightly: () => ({ results: [{ kind: 'runRequest', request: asked }] }),
    };
    let fails = true;
    tab.compute = {
      events: ({ stepId, partitionKeys }, { report }) => {
        for (const partitionKey of partitionKeys) {
          if (fails && partitionKey === '2024-01-03') throw new Error('no events');
          report?.(stepId, {
            kind: 'materialization',
            assetKey: 'events',
            partitionKey,
            metadata: {},
          });
        }
        return NO_VALUE;
      },
      stats: () => NO_VALUE,
    };
    await tab.create();
    await tab.evaluate();
    await tab.until(({ leader }) => leader);
    const { host, notebookId } = tab;
    await host.setInstigatorRunning(notebookId, 'schedule', 'nightly', true);
    await host.advanceClock(notebookId, { to: NOW + 2 * HOUR, waits: true });
    const standing = ({ assets }: NotebookState) =>
      assets.map(({ statuses: { materialized, failed, notTried } }) => [
        materialized,
        failed,
        notTried,
      ]);
    // Ordinals of days, from 2024-01-01.
    expect(standing(await tab.until(({ runCounts }) => runCounts.FAILURE === 1))).toEqual([
      [[0, 2], [2, 4], []],
      [[], [], [0, 4]],
    ]);
    const [run] = await host.listRuns(notebookId, { limit: 1, before: null, statuses: null });
    expect(run).toMatchObject({ partitionKey: null, tags: range });
    fails = false;
    const again = await host.reexecuteRun(notebookId, run?.runId ?? '', 'fromFailure');
    expect(standing(await tab.until(({ runCounts }) => runCounts.SUCCESS === 1))).toEqual([
      [[0, 4], [], []],
      [[0, 4], [], []],
    ]);
    const [second] = await host.listRuns(notebookId, { limit: 1, before: null, statuses: null });
    expect(second).toMatchObject({
      runId: again,
      assetKeys: ['events', 'stats'],
      tags: { ...range, 'dagster/parent_run_id': run?.runId },
    });
  });

  it('[EN-24] while the reader looks back, a schedule and a sensor stand as their ticks tell', async () => {
    const tab = await nightly();
    const { host, notebookId } = tab;
    await host.setInstigatorRunning(notebookId, 'schedule', 'nightly', true);
    await host.advanceClock(notebookId, { to: NOW + 3 * DAY, waits: true });
    await host.setInstigatorRunning(notebookId, 'schedule', 'nightly', false);
    const asOf = async (at: number) => {
      await host.lookAt(notebookId, at);
      return (await tab.until(({ lookingAt }) => lookingAt === at)).instigators;
    };
    expect(await asOf(NOW)).toMatchObject([
      { running: true, tickCount: 0, lastTickAt: null, nextTickAt: NOW + HOUR },
    ]);
    expect(await asOf(NOW + 1.5 * DAY)).toMatchObject([
      {
        running: true,
        tickCount: 2,
        lastTickAt: NOW + DAY + HOUR,
        nextTickAt: NOW + 2 * DAY + HOUR,
      },
    ]);
    expect(await asOf(NOW + 3 * DAY)).toMatchObject([
      { running: false, tickCount: 3, lastTickAt: NOW + 2 * DAY + HOUR, nextTickAt: null },
    ]);
  });

  it('[AU-3] [SCH-15] a clock that is set further makes up for the latest missed tick alone', async () => {
    const tab = await nightly();
    await tab.host.setInstigatorRunning(tab.notebookId, 'schedule', 'nightly', true);
    await tab.host.setClock(tab.notebookId, NOW + 10 * DAY);
    await tab.until(({ runCounts }) => runCounts.SUCCESS === 1);
    expect((await ticksOf(tab, 'schedule', 'nightly')).map(({ at }) => at - NOW)).toEqual([
      9 * DAY + HOUR,
    ]);
  });

  it('[AU-4] a step goes to the next tick or the next partition that opens', async () => {
    const tab = await nightly();
    await tab.host.advanceClock(tab.notebookId, { to: 'nextEvent', waits: true });
    await tab.until(({ effectiveAt }) => effectiveAt === NOW + DAY);
    await tab.host.setInstigatorRunning(tab.notebookId, 'schedule', 'nightly', true);
    await tab.host.advanceClock(tab.notebookId, { to: 'nextEvent', waits: true });
    await tab.until(({ effectiveAt }) => effectiveAt === NOW + DAY + HOUR);
    expect(await ticksOf(tab, 'schedule', 'nightly')).toHaveLength(1);
  });

  it('[AU-5] a dry run shows what a tick would do, and does nothing', async () => {
    const tab = await nightly();
    const at = NOW + 5 * DAY + HOUR;
    const preview = await tab.host.dryRunTick(tab.notebookId, 'schedule', 'nightly', at);
    expect(preview).toMatchObject({
      status: 'SUCCESS',
      launches: [{ partitionKey: yesterday(at), assetKeys: ['events'] }],
    });
    expect(await ticksOf(tab, 'schedule', 'nightly')).toEqual([]);
    expect((await tab.idle()).runCounts.SUCCESS).toBe(0);
  });

  it('[AU-11] a dry run is launched as it was shown: no tick, and the tick itself still comes', async () => {
    const tab = await nightly();
    const { host, notebookId } = tab;
    await host.setInstigatorRunning(notebookId, 'schedule', 'nightly', true);
    const preview = async (at: number) => {
      const found = await host.dryRunTick(notebookId, 'schedule', 'nightly', at);
      if (!found) throw new Error('nightly is not declared');
      return found;
    };
    const before = await preview(NOW - DAY + HOUR);
    const [runId] = await host.launchPreview(notebookId, 'schedule', 'nightly', before);
    await tab.until(({ runCounts }) => runCounts.SUCCESS === 1);
    const run = await host.findRun(notebookId, runId ?? '');
    expect(run).toMatchObject({ partitionKey: yesterday(NOW - DAY), createdAt: NOW });
    expect(Object.keys(run?.tags ?? {})).toEqual([
      'dagster/partition',
      'dagster/partition_set',
      'dagster/schedule_name',
    ]);
    expect(await ticksOf(tab, 'schedule', 'nightly')).toEqual([]);
    const later = await preview(NOW + 5 * DAY + HOUR);
    await expect(host.launchPreview(notebookId, 'schedule', 'nightly', later)).rejects.toThrow(
      `${yesterday(NOW + 5 * DAY)} is not a key of events now. Nothing was launched.`,
    );
    await host.advanceClock(notebookId, { to: NOW + DAY, waits: true });
    await tab.until(({ runCounts }) => runCounts.SUCCESS === 2);
    expect(await ticksOf(tab, 'schedule', 'nightly')).toHaveLength(1);
  });

  it('[AU-6] how they stand is found again by the next tab', async () => {
    const device = new MemoryStores(() => NOW);
    const tab = await nightly(device);
    await tab.host.setInstigatorRunning(tab.notebookId, 'schedule', 'nightly', true);
    await tab.host.advanceClock(tab.notebookId, { to: NOW + DAY, waits: true });
    tab.close();
    const next = new Tab(device);
    next.definitions = tab.definitions;
    next.automations = tab.automations;
    await next.follow(tab.notebookId);
    await next.evaluate();
    const { instigators } = await next.until(({ instigators: all }) => all.length > 0);
    expect(instigators).toMatchObject([
      { running: true, tickCount: 1, nextTickAt: NOW + DAY + HOUR },
    ]);
  });

  it('[EN-10] a history that was cleared starts over, with a schedule that says how it stands by default', async () => {
    const tab = await nightly();
    await tab.host.setInstigatorRunning(tab.notebookId, 'schedule', 'nightly', true);
    await tab.host.advanceClock(tab.notebookId, { to: NOW + 2 * DAY, waits: true });
    await tab.host.clearHistory(tab.notebookId);
    expect((await tab.until(({ effectiveAt }) => effectiveAt === NOW)).instigators).toMatchObject([
      { running: false, tickCount: 0, lastTickAt: null },
    ]);
    await tab.host.setInstigatorRunning(tab.notebookId, 'schedule', 'nightly', true);
    await tab.host.advanceClock(tab.notebookId, { to: NOW + DAY, waits: true });
    const { runCounts } = await tab.until(({ effectiveAt }) => effectiveAt === NOW + DAY);
    expect(runCounts.SUCCESS).toBe(1);
    expect(await ticksOf(tab, 'schedule', 'nightly')).toHaveLength(1);
  });

  it('[AU-7] [RR-8] what a sensor asks for is done in one: keys, runs, and what it keeps', async () => {
    const images = makeDynamicPartitionsDefinition('images');
    const tab = new Tab();
    tab.definitions = {
      ...noDefinitions,
      assets: [asset('image', images)],
      sensors: [watcher],
    };
    tab.automations = {
      watcher: (asked) => {
        const cursor = 'cursor' in asked ? Number(asked.cursor ?? 0) + 1 : 0;
        const key = `image ${Math.min(cursor, 2)}`;
        return {
          results: [
            {
              kind: 'sensorResult',
              runRequests: [request(key, key)].flatMap((one) =>
                one.kind === 'runRequest' ? [one.request] : [],
              ),
              skipReason: null,
              cursor: String(cursor),
              dynamicPartitionsRequests: [
                { action: 'add', partitionsDefName: 'images', partitionKeys: [key] },
              ],
            },
          ],
        };
      },
    };
    await tab.create();
    await tab.evaluate();
    await tab.until(({ leader }) => leader);
    await tab.host.setInstigatorRunning(tab.notebookId, 'sensor', 'watcher', true);
    await tab.host.advanceClock(tab.notebookId, { to: NOW + 65_000, waits: true });
    const state = await tab.until(({ runCounts }) => runCounts.SUCCESS === 2);
    expect(state.dynamicPartitions).toEqual([['images', ['image 1', 'image 2']]]);
    expect(state.assets[0]?.statuses.materialized).toEqual([0, 2]);
    expect(state.instigators).toMatchObject([{ cursor: '3', tickCount: 3 }]);
    const ticks = await ticksOf(tab, 'sensor', 'watcher');
    const second = ticks[1];
    const at = second?.startedAt ?? NaN;
    await tab.host.lookAt(tab.notebookId, at);
    expect((await tab.until(({ lookingAt }) => lookingAt === at)).instigators).toMatchObject([
      { cursor: second?.cursor, tickCount: 2 },
    ]);
    expect(second?.cursor).not.toBe('3');
    expect(ticks.map(({ status, skippedRunKeys }) => [status, skippedRunKeys])).toEqual([
      ['SKIPPED', ['image 2']],
      ['SUCCESS', []],
      ['SUCCESS', []],
    ]);
  });

  it('[AU-11] a dry run of a sensor is launched with its keys, and its cursor is kept', async () => {
    const tab = new Tab();
    const images = makeDynamicPartitionsDefinition('images');
    tab.definitions = { ...noDefinitions, assets: [asset('image', images)], sensors: [watcher] };
    tab.automations = {
      watcher: () => ({
        results: [
          {
            kind: 'sensorResult',
            runRequests: [request('cat', 'k')].flatMap((one) =>
              one.kind === 'runRequest' ? [one.request] : [],
            ),
            skipReason: null,
            cursor: 'here',
            dynamicPartitionsRequests: [
              { action: 'add', partitionsDefName: 'images', partitionKeys: ['cat'] },
            ],
          },
        ],
      }),
    };
    await tab.create();
    await tab.evaluate();
    await tab.until(({ leader }) => leader);
    const { host, notebookId } = tab;
    const found = await host.dryRunTick(notebookId, 'sensor', 'watcher', NOW);
    if (!found) throw new Error('watcher is not declared');
    expect(await host.launchPreview(notebookId, 'sensor', 'watcher', found)).toHaveLength(1);
    const state = await tab.until(({ runCounts }) => runCounts.SUCCESS === 1);
    expect(state.dynamicPartitions).toEqual([['images', ['cat']]]);
    const { instigators } = await tab.until(({ instigators: [one] }) => one?.cursor === 'here');
    expect(instigators).toMatchObject([{ tickCount: 0, lastTickAt: null }]);
  });

  it('[AU-8] a sensor that throws keeps what it kept, and says so', async () => {
    const tab = new Tab();
    tab.definitions = {
      ...noDefinitions,
      assets: [asset('image', days())],
      sensors: [watcher],
    };
    tab.automations = {
      watcher: () => {
        throw new Error('no such folder');
      },
    };
    await tab.create();
    await tab.evaluate();
    await tab.until(({ leader }) => leader);
    await tab.host.setCursor(tab.notebookId, 'watcher', 'here');
    await tab.host.setInstigatorRunning(tab.notebookId, 'sensor', 'watcher', true);
    const { instigators } = await tab.until(({ instigators: [one] }) => one?.tickCount === 1);
    expect(instigators).toMatchObject([{ cursor: 'here' }]);
    const [tick] = await ticksOf(tab, 'sensor', 'watcher');
    expect(tick).toMatchObject({ status: 'FAILURE', error: { name: 'SensorExecutionError' } });
  });

  it('[AU-9] a clock on its way stops at the tick at which it is told to, and goes on when it is sent again', async () => {
    const tab = await nightly();
    tab.automations = {
      nightly: (asked) => {
        const at = 'scheduledAt' in asked ? asked.scheduledAt : 0;
        if (at === NOW + DAY + HOUR) void tab.host.playClock(tab.notebookId, 0);
        return { results: [request(yesterday(at))] };
      },
    };
    await tab.evaluate();
    await tab.host.setInstigatorRunning(tab.notebookId, 'schedule', 'nightly', true);
    await tab.host.advanceClock(tab.notebookId, { to: NOW + 5 * DAY, waits: true });
    expect((await tab.until(({ runCounts }) => runCounts.SUCCESS === 2)).effectiveAt).toBe(
      NOW + DAY + HOUR,
    );
    await tab.host.advanceClock(tab.notebookId, { to: NOW + 3 * DAY, waits: true });
    await tab.until(({ effectiveAt }) => effectiveAt === NOW + 3 * DAY);
    expect(await ticksOf(tab, 'schedule', 'nightly')).toHaveLength(3);
  });

  it('[AU-10] a sensor that is stopped can be evaluated at once', async () => {
    const tab = new Tab();
    tab.definitions = { ...noDefinitions, assets: [asset('image', days())], sensors: [watcher] };
    tab.automations = { watcher: () => ({ results: [request('2024-01-05', 'k')] }) };
    await tab.create();
    await tab.evaluate();
    await tab.until(({ leader }) => leader);
    const tick = await tab.host.evaluateSensor(tab.notebookId, 'watcher');
    expect(tick).toMatchObject({ at: NOW, status: 'SUCCESS', runIds: [expect.any(String)] });
    const { instigators } = await tab.until(({ runCounts }) => runCounts.SUCCESS === 1);
    expect(instigators).toMatchObject([{ running: false, tickCount: 1 }]);
    expect(await tab.host.evaluateSensor(tab.notebookId, 'nobody')).toBeNull();
  });
});

describe('two tabs', () => {
  it('[EN-33] what is switched on in the one that leads is on in the other', async () => {
    const device = new MemoryStores(() => NOW);
    const locks = { held: Promise.resolve() };
    const [one, other] = [new Tab(device, locks), new Tab(device, locks)];
    for (const tab of [one, other]) {
      tab.definitions = { ...noDefinitions, assets: [asset('events', days())], schedules: [daily] };
    }
    await one.create();
    await one.evaluate();
    await one.until(({ leader }) => leader);
    await other.follow(one.notebookId);
    await other.evaluate();
    await one.host.setInstigatorRunning(one.notebookId, 'schedule', 'nightly', true);
    const followed = await other.until(({ instigators: [first] }) => first?.running === true);
    expect(followed.leader).toBe(false);
    expect(followed.instigators).toMatchObject([{ name: 'nightly', nextTickAt: NOW + HOUR }]);
  });
});
