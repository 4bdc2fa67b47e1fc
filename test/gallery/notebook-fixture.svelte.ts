import type { AssetSpec } from '../../src/definitions/definitions.ts';
import type { Cell, CellId } from '../../src/notebook/notebook.ts';
import { makeTimeWindowPartitionsDefinition } from '../../src/partitions/definition/time-window.ts';
import type { PartitionsDefinition } from '../../src/partitions/definition/partitions-definition.ts';
import { indexPartitions } from '../../src/partitions/index-partitions.ts';
import type { PartitionIndex } from '../../src/partitions/partition-index.ts';
import type { CellProblem, LaunchRequest } from '../../src/protocol/engine.ts';

const NOW = Date.UTC(2026, 10, 22, 14, 20);
const customers: PartitionsDefinition = {
  kind: 'static',
  keys: ['customer_a', 'customer_b', 'customer_c'],
};
const days = makeTimeWindowPartitionsDefinition({
  className: 'daily',
  start: '2023-01-01',
  timezone: 'America/Los_Angeles',
});
const months = makeTimeWindowPartitionsDefinition({ className: 'monthly', start: '2023-01-01' });

const texts: readonly (readonly [Cell['kind'], string])[] = [
  [
    'text',
    '# Partitions or config?\n\nThree customers, the same work for each. Make each customer a *partition*, and every one is computed, recorded and repaired on its own. One of the three fails below on purpose.',
  ],
  [
    'code',
    "const customer_partitions = dg.StaticPartitionsDefinition(\n  ['customer_a', 'customer_b', 'customer_c']);",
  ],
  [
    'code',
    "const customer_orders = dg.asset(\n  { partitionsDef: customer_partitions },\n  (context) => {\n    const customer_id = context.partitionKey;\n    context.log.info(`Fetching orders for customer: ${customer_id}`);\n    assert(customer_id !== 'customer_c', 'no orders yet');\n    return [\n      { order_id: `${customer_id}-001`, amount: 150.0 },\n      { order_id: `${customer_id}-002`, amount: 275.5 },\n      { order_id: `${customer_id}-003`, amount: 89.99 },\n    ];\n  });",
  ],
  [
    'code',
    'const customer_summary = dg.asset(\n  { partitionsDef: customer_partitions, ins: { customer_orders } },\n  (context, { customer_orders }) => ({\n    customer_id: context.partitionKey,\n    total: sum(custmer_orders), // a slip\n  }));',
  ],
  [
    'text',
    '## Both: partitions, and options on each run\n\nPartition by customer, so each stays visible; use config for what may differ between runs.\n\n- one `key` each\n- a [link](https://example.org)\n\n| Question | Answer |\n| --- | --- |\n| Which customers are done? | a, b |',
  ],
  [
    'code',
    "const ProcessingConfig = dg.Config({\n  customer: z.string(),\n  include_archived: z.boolean().default(false),\n  limit: z.int().default(1000),\n  mode: z.enum(['fast', 'exact']).default('fast'),\n  tags: z.array(z.string()).default([]) });\nconst customer_data = dg.asset(\n  { partitionsDef: customer_partitions, config: ProcessingConfig },\n  (context) => processCustomer(context.partitionKey, context.config));",
  ],
  [
    'code',
    "const days = dg.DailyPartitionsDefinition({ startDate: '2023-01-01', timezone: 'America/Los_Angeles' });\nconst months = dg.MonthlyPartitionsDefinition({ startDate: '2023-01-01' });\nconst weather_days = dg.asset({ partitionsDef: days }, readDay);",
  ],
  [
    'code',
    "const all_customers_job = dg.defineAssetJob('all_customers_job', { selection: [customer_orders, customer_summary] });\nconst daily = dg.schedule({ cronSchedule: '0 1 * * *', job: all_customers_job }, requests);\n\ndg.test('every customer has a key', () => assert.equal(3, 3));\ndg.test('totals are right', () => assert.equal(1, 2));",
  ],
];

function asset(changes: Partial<AssetSpec> & { assetKey: string; cellId: string }): AssetSpec {
  return {
    name: changes.assetKey,
    group: 'default',
    description: null,
    partitionsDef: customers,
    deps: [],
    config: null,
    configName: null,
    codeVersion: null,
    tags: {},
    owners: [],
    kinds: [],
    external: false,
    ...changes,
  };
}

const nothing = { materialized: [], materializing: [], queued: [], failed: [], notTried: [] };
const config = {
  kind: 'shape' as const,
  permissive: false,
  fields: [
    { name: 'customer', schema: { kind: 'string' as const }, required: true, description: null },
    {
      name: 'include_archived',
      schema: { kind: 'bool' as const },
      required: false,
      defaultValue: false,
      description: 'Old orders too',
    },
    {
      name: 'limit',
      schema: { kind: 'int' as const },
      required: false,
      defaultValue: 1000,
      description: null,
    },
    {
      name: 'mode',
      schema: { kind: 'enum' as const, values: ['fast', 'exact'] },
      required: false,
      defaultValue: 'fast',
      description: null,
    },
    {
      name: 'tags',
      schema: { kind: 'array' as const, item: { kind: 'string' as const } },
      required: false,
      defaultValue: [],
      description: null,
    },
  ],
};
const failure = {
  runId: 'b41c9a02',
  partitionKey: 'customer_c',
  at: NOW,
  keys: 1,
  error: {
    name: 'AssertionError',
    code: null,
    kind: null,
    message: 'no orders yet',
    frames: [],
    cause: null,
  },
};

/** A session that looks like the real one, with every state at once and no engine. */
export class FixtureSession {
  notebookId = 'fixture';
  zone = 'UTC';
  now = NOW;
  cells: Cell[] = $state.raw(
    texts.map(([kind, text], place) => ({ cellId: `c${place + 1}` as CellId, kind, text })),
  );
  focus = $state.raw(null);
  launchPanel: unknown = $state.raw(null);
  testResults = new Map([
    [0, { testId: 0, status: 'passed', error: null }],
    [1, { testId: 1, status: 'failed', error: { name: 'AssertionError', message: '1 is not 2' } }],
  ]);
  runningAssets = new Set(['weather_days']);
  runningTests = false;
  canUndo = true;
  canRedo = false;
  state = { lastEventId: 1, dynamicPartitions: [] };
  definitions = {
    partitionsDefinitions: [
      { cellId: 'c2', name: 'customer_partitions', definition: customers },
      { cellId: 'c7', name: 'days', definition: days },
      { cellId: 'c7', name: 'months', definition: months },
    ],
    configs: [{ cellId: 'c6', name: 'ProcessingConfig', schema: config }],
    assets: [
      asset({ assetKey: 'customer_orders', cellId: 'c3' }),
      asset({
        assetKey: 'customer_summary',
        cellId: 'c4',
        deps: [
          {
            assetKey: 'customer_orders',
            inputName: null,
            mapping: null,
            byKey: false,
            allowMissingPartitions: false,
          },
        ],
      }),
      asset({ assetKey: 'customer_data', cellId: 'c6', config, configName: 'ProcessingConfig' }),
      asset({ assetKey: 'weather_days', cellId: 'c7', partitionsDef: days }),
    ],
    jobs: [
      {
        cellId: 'c8',
        name: 'all_customers_job',
        jobName: 'all_customers_job',
        assetKeys: ['customer_orders', 'customer_summary'],
        partitionsDef: customers,
        description: null,
      },
    ],
    schedules: [
      {
        cellId: 'c8',
        name: 'daily',
        scheduleName: 'daily_customer_schedule',
        cronSchedule: ['0 1 * * *'],
        executionTimezone: 'UTC',
        jobName: 'all_customers_job',
        description: null,
      },
    ],
    sensors: [
      {
        cellId: 'c8',
        name: 's',
        sensorName: 'image_sensor',
        jobName: 'images_job',
        minimumIntervalMs: 30000,
        description: null,
      },
    ],
    tests: [
      { cellId: 'c8', testId: 0, title: 'every customer has a key' },
      { cellId: 'c8', testId: 1, title: 'totals are right' },
    ],
  };

  get notebook() {
    return { cells: this.cells };
  }
  problemsOf(cellId: string): readonly CellProblem[] {
    if (cellId !== 'c4') return [];
    return [
      {
        cellId,
        line: 5,
        column: 16,
        span: { from: 178, to: 192 },
        severity: 'error',
        code: 'unknown_name',
        message: 'custmer_orders is not declared. Did you mean customer_orders?',
      },
    ];
  }
  heldBackBy(cellId: string) {
    return cellId === 'c8' ? 'c4' : null;
  }
  placeOf(cellId: string) {
    return this.cells.findIndex((cell) => cell.cellId === cellId);
  }
  declaredIn(cellId: string) {
    return Object.fromEntries(
      Object.entries(this.definitions).map(([kind, list]) => [
        kind,
        (list as { cellId: string }[]).filter((one) => one.cellId === cellId),
      ]),
    );
  }
  assetSpec(key: string) {
    return this.definitions.assets.find(({ assetKey }) => assetKey === key) ?? null;
  }
  assetState(key: string) {
    const latest = { eventId: 7, runId: '5e07d1aa', partitionKey: 'customer_b', at: NOW - 2000 };
    if (key === 'customer_orders') {
      return { statuses: { ...nothing, materialized: [0, 2], failed: [2, 3] }, latest, failure };
    }
    if (key === 'customer_summary') {
      return {
        statuses: { ...nothing, materialized: [0, 2], notTried: [2, 3] },
        latest,
        failure: null,
      };
    }
    if (key === 'weather_days') {
      return {
        statuses: {
          ...nothing,
          materialized: [0, 900],
          failed: [1000, 1001],
          materializing: [1100, 1104],
        },
        latest: { ...latest, eventId: 8, partitionKey: '2025-06-01' },
        failure: null,
      };
    }
    return { statuses: nothing, latest: null, failure: null };
  }
  #indexes = new Map<unknown, PartitionIndex>();
  indexFor(definition: PartitionsDefinition | null): PartitionIndex {
    const known = this.#indexes.get(definition);
    if (known) return known;
    const index = indexPartitions(definition ?? { kind: 'static', keys: [''] }, {
      effectiveAt: NOW,
      dynamicPartitions: new Map(),
    });
    this.#indexes.set(definition, index);
    return index;
  }
  failureIn(cellId: string) {
    return cellId === 'c3' ? { ...failure, assetKey: 'customer_orders', line: 6 } : null;
  }
  editCell(cellId: string, text: string) {
    this.cells = this.cells.map((cell) => (cell.cellId === cellId ? { ...cell, text } : cell));
  }
  addCell(kind: Cell['kind'], index: number) {
    const cell: Cell = { cellId: `n${this.cells.length}` as CellId, kind, text: '' };
    this.cells = this.cells.toSpliced(index, 0, cell);
    return cell.cellId;
  }
  deleteCell(cellId: string) {
    this.cells = this.cells.filter((cell) => cell.cellId !== cellId);
  }
  moveCell(cellId: string, index: number) {
    const cell = this.cells.find((one) => one.cellId === cellId);
    if (cell) this.cells = this.cells.filter((one) => one !== cell).toSpliced(index, 0, cell);
  }
  undo() {}
  redo() {}
  openLaunch(assetKeys: string[], options: object = {}) {
    this.launchPanel = { assetKeys, partitionKeys: null, anchorCellId: null, ...options };
  }
  closeLaunch() {
    this.launchPanel = null;
  }
  async plan(request: LaunchRequest) {
    const count = request.partitionKeys?.length ?? 1;
    const waves = [
      {
        assetKeys: request.assetKeys,
        partitionKeys: request.partitionKeys,
        runCount: count,
        reason: 'No backfill policy, so one run for each key. Nothing they read is in this launch.',
      },
    ];
    if (request.assetKeys.length > 1) {
      waves.push({
        assetKeys: ['customer_summary'],
        partitionKeys: null,
        runCount: 1,
        reason: 'It has no partitions and reads every key, so it waits for all three.',
      });
    }
    return {
      waves,
      runCount: count + waves.length - 1,
      problems: [
        {
          severity: 'warning',
          field: 'x',
          message: 'Two keys have a value; a new one replaces it.',
        },
      ],
    };
  }
  async launch() {
    return { status: 'launched', runIds: [], backfillId: null };
  }
  async stop() {}
  async listRuns() {
    return [];
  }
  watchRunEvents(_runId: string, listener: (events: unknown[]) => void) {
    const line = (eventId: number, message: string) => ({
      eventId,
      assetKey: 'customer_orders',
      stepKey: 'customer_orders',
      partitionKey: 'customer_c',
      type: 'LOG',
      byAuthor: true,
      at: NOW,
      message,
      error: null,
    });
    listener([line(1, 'Fetching orders for customer: customer_c'), line(2, 'Processed 3 orders')]);
    return () => {};
  }
  async readValue(assetKey: string) {
    const value =
      assetKey === 'customer_orders'
        ? [
            { order_id: 'customer_b-001', amount: 150 },
            { order_id: 'customer_b-002', amount: 275.5 },
            { order_id: 'customer_b-003', amount: 89.99 },
          ]
        : {
            customer_id: 'customer_b',
            total_orders: 3,
            total_revenue: 515.49,
            nested: { a: 1, b: [1, 2, 3] },
            none: null,
          };
    return { assetKey, partitionKey: 'customer_b', value };
  }
  async runTests() {}
}
