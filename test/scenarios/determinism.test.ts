import { describe, expect, it } from 'vitest';
import type { ScheduleSpec, SensorSpec } from '../../src/definitions/definitions.ts';
import type { RunRequest } from '../../src/orchestration/run-request.ts';
import { makeDynamicPartitionsDefinition } from '../../src/partitions/definition/dynamic.ts';
import { packEvents } from '../../src/storage/event-row.ts';
import { MemoryStores } from '../../src/storage/memory-stores.ts';
import { asset, customers, days, dep, load, months } from '../orchestration/sample-assets.ts';
import { NOW, Tab } from '../workers/tab.ts';
import { FakeRetry, noDefinitions, type Compute } from './fake-runner.ts';
import { turn } from './notebook-scenario.ts';

const DAY = 86_400_000;

/** Numbers from 0 to before 1; others for another seed. */
function chanceOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const images = makeDynamicPartitionsDefinition('images');

const assets = [
  asset('events', days('2023-12-01'), [], { retryPolicy: { maxRetries: 2, delaySeconds: 0 } }),
  asset('totals', days('2023-12-01'), [
    load('totals', {
      mapping: {
        kind: 'timeWindow',
        startOffset: -1,
        endOffset: -1,
        allowNonexistentUpstreamPartitions: true,
      },
    }),
    load('events'),
  ]),
  asset('monthly', months('2023-12-01'), [dep('events')]),
  asset('windows', days('2023-12-01'), [dep('events')], {
    backfillPolicy: { maxPartitionsPerRun: 5 },
  }),
  asset('orders', customers),
  asset('summary', customers, [load('orders')]),
  asset('image', images),
];

const schedule = (scheduleName: string, assetKeys: readonly string[]): ScheduleSpec => ({
  cellId: 'cell',
  name: scheduleName,
  scheduleName,
  cronSchedule: ['0 1 * * *'],
  executionTimezone: 'UTC',
  jobName: null,
  target: { mixesPartitions: false, assetKeys },
  description: null,
});

const watcher: SensorSpec = {
  cellId: 'cell',
  name: 'watcher',
  sensorName: 'watcher',
  jobName: null,
  target: { mixesPartitions: false, assetKeys: ['image'] },
  minimumIntervalMs: DAY / 3,
  description: null,
};

const requestFor = (partitionKey: string): RunRequest => ({
  runKey: partitionKey,
  partitionKey,
  runConfig: {},
  tags: {},
  jobName: null,
  assetSelection: null,
  staleAssetsOnly: false,
});
const asked = (partitionKey: string) =>
  ({ kind: 'runRequest', request: requestFor(partitionKey) }) as const;

/**
 * Works a notebook through backfills, failures, retries and five days of ticks.
 *
 * @param workers how many runs go at once.
 * @param seed of how long each step, and each evaluation, takes.
 * @returns all that is kept of it, as text.
 */
async function historyOf(workers: number, seed: number): Promise<string> {
  const chance = chanceOf(seed);
  const rest = async () => {
    for (let turns = Math.floor(chance() * 6); turns > 0; turns -= 1) await turn();
  };
  const attempts = new Map<string, number>();
  const steps: Readonly<Record<string, Compute>> = {
    events: ({ partitionKeys: [key = ''] }) => {
      const attempt = (attempts.get(key) ?? 0) + 1;
      attempts.set(key, attempt);
      if (key.endsWith('-07')) throw new Error('no events on a seventh');
      if (key.endsWith('3') && attempt === 1) throw new FakeRetry(1);
      return Number(key.slice(8));
    },
    totals: ({ inputs }) => inputs.length,
    monthly: () => 'month',
    windows: () => undefined,
    orders: ({ partitionKeys: [key] }) => `orders of ${key}`,
    summary: ({ inputs }) => inputs,
    image: ({ partitionKeys: [key] }) => key,
  };
  const compute = Object.fromEntries(
    Object.entries(steps).map(([name, step]): [string, Compute] => [
      name,
      async (...call) => {
        await rest();
        return step(...call);
      },
    ]),
  );
  const device = new MemoryStores(() => NOW);
  const tab = new Tab(device);
  const dayBefore = (at: number) => new Date(at - DAY).toISOString().slice(0, 10);
  tab.definitions = {
    ...noDefinitions,
    assets,
    schedules: [schedule('nightly', ['events']), schedule('customers', ['orders', 'summary'])],
    sensors: [watcher],
  };
  tab.automations = {
    nightly: (tick) => ({
      results: 'scheduledAt' in tick ? [asked(dayBefore(tick.scheduledAt))] : [],
    }),
    customers: () => ({ results: ['customer_a', 'customer_b', 'customer_c'].map(asked) }),
    watcher: (look) => {
      const count = 'cursor' in look ? Number(look.cursor ?? 0) + 1 : 0;
      const key = `image ${count}`;
      return {
        results: [
          {
            kind: 'sensorResult',
            runRequests: [requestFor(key)],
            skipReason: null,
            cursor: String(count),
            dynamicPartitionsRequests: [
              { action: 'add', partitionsDefName: 'images', partitionKeys: [key] },
            ],
          },
        ],
      };
    },
  };
  await tab.create();
  await tab.evaluate(undefined, compute);
  await tab.until(({ leader }) => leader);
  await tab.host.setConcurrency(tab.notebookId, workers);
  const days40 = Array.from({ length: 38 }, (_, day) => dayBefore(NOW - day * DAY)).reverse();
  await tab.launch(days40, ['events', 'totals', 'monthly', 'windows']);
  await tab.ended();
  await tab.launch(['customer_a', 'customer_b', 'customer_c'], ['orders', 'summary']);
  await tab.ended();
  for (const [kind, name] of [
    ['schedule', 'nightly'],
    ['schedule', 'customers'],
    ['sensor', 'watcher'],
  ] as const) {
    await tab.host.setInstigatorRunning(tab.notebookId, kind, name, true);
  }
  await tab.host.advanceClock(tab.notebookId, { to: NOW + 5 * DAY, waits: true });
  await tab.ended();
  return writtenOf(device, tab.notebookId);
}

/** The log as its rows hold it, the runs without how long they really took, and the records. */
async function writtenOf({ instances }: MemoryStores, notebookId: string): Promise<string> {
  const events = [];
  for await (const some of instances.readEvents(notebookId, 0, 1000)) events.push(...some);
  const runs = await instances.listRuns(notebookId, {
    limit: Infinity,
    before: null,
    statuses: null,
  });
  const all = { prefix: '', before: null, limit: 1000 };
  const records = await Promise.all(
    (['backfill', 'tick', 'instigator', 'dynamicPartitions'] as const).map((kind) =>
      instances.listRecords(notebookId, kind, all),
    ),
  );
  const timeless = runs.map(({ tookMs: _took, ranFromMs: _from, ...run }) => run);
  return JSON.stringify([packEvents(events), timeless, records], (_name, value: unknown) =>
    value instanceof Map ? [...value] : value,
  );
}

describe('under the virtual clock', () => {
  it('[Q-3] the same actions give the same log byte for byte, with any number of workers, whatever ends first', async () => {
    const reference = await historyOf(1, 1);
    expect(reference.match(/"FAILURE"/g)?.length).toBeGreaterThan(1);
    for (const [workers, seed] of [
      [1, 2],
      [2, 3],
      [2, 4],
      [8, 5],
      [8, 6],
      [8, 7],
    ] as const) {
      const history = await historyOf(workers, seed);
      expect(
        history === reference,
        `${workers} workers, seed ${seed}: ${difference(history, reference)}`,
      ).toBe(true);
    }
  });
});

/** Where two texts part. */
function difference(one: string, other: string): string {
  let at = 0;
  while (at < one.length && one[at] === other[at]) at += 1;
  const around = (text: string) => text.slice(Math.max(0, at - 120), at + 200);
  return `\n${around(one)}\n${around(other)}`;
}
