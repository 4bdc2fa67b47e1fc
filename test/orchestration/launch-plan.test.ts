import { describe, expect, it } from 'vitest';
import type { ConfigShape } from '../../src/config/config-schema.ts';
import type { AssetSpec } from '../../src/definitions/definitions.ts';
import { AssetGraph } from '../../src/definitions/graph.ts';
import { KeySpace } from '../../src/orchestration/key-space.ts';
import { planLaunch } from '../../src/orchestration/launch-plan.ts';
import { makeStaticPartitionsDefinition } from '../../src/partitions/definition/static.ts';
import { makeTimeWindowPartitionsDefinition } from '../../src/partitions/definition/time-window.ts';
import type { PartitionsSubset } from '../../src/partitions/subset/partitions-subset.ts';
import type { LaunchRequest } from '../../src/protocol/engine.ts';
import { rangesOfKeys } from '../partitions/ranges-of-keys.ts';
import { asset, customers, days, dep, load, months } from './sample-assets.ts';

const NOW = Date.parse('2024-03-10T09:00:00Z');

function decide(
  assets: readonly AssetSpec[],
  request: Partial<LaunchRequest>,
  materialized: Readonly<Record<string, PartitionsSubset>> = {},
) {
  return planLaunch(
    {
      assetKeys: assets.map(({ assetKey }) => assetKey),
      partitionRanges: null,
      runConfig: {},
      tags: {},
      jobName: null,
      ...request,
    },
    {
      graph: new AssetGraph(assets),
      keySpace: new KeySpace({ effectiveAt: NOW, dynamicPartitions: new Map() }),
      everMaterialized: (assetKey) => materialized[assetKey] ?? [],
    },
  );
}

const messages = (decision: ReturnType<typeof decide>) =>
  decision.plan.problems.map(({ severity, field, message }) => `${severity} ${field}: ${message}`);
const shape = (decision: ReturnType<typeof decide>) =>
  decision.plan.waves.map(({ assetKeys, partitionRanges, runCount }) => [
    assetKeys.join(' '),
    partitionRanges?.map((range) => [...new Set(range)].join('...')).join(' ') ?? null,
    runCount,
  ]);

const pair = [
  asset('customer_orders', customers),
  asset('customer_summary', customers, [dep('customer_orders')]),
];

describe('the plan of a launch', () => {
  it('[BF-8] assets with the same keys share a run for each key', () => {
    const decision = decide(pair, { partitionRanges: rangesOfKeys(['customer_c', 'customer_a']) });
    expect(shape(decision)).toEqual([
      ['customer_orders customer_summary', 'customer_a customer_c', 2],
    ]);
    expect(decision.plan.waves[0]?.reason).toBe(
      'One run for each key. customer_orders and customer_summary share a run, because each key reads only its own.',
    );
    expect(decision.run).toBeNull();
    expect(decision.backfill?.targets.map(({ subset }) => subset)).toEqual([
      [0, 1, 2, 3],
      [0, 1, 2, 3],
    ]);
    expect(messages(decision)).toEqual([]);
  });

  it('[BF-2, BF-7] other definitions wait for later waves; the keys map down', () => {
    const assets = [
      asset('report', null, [load('monthly')]),
      asset('monthly', months('2024-01-01'), [load('daily')]),
      asset('daily', days('2024-01-01')),
    ];
    const decision = decide(assets, {
      partitionRanges: rangesOfKeys(['2024-01-31', '2024-02-01', '2024-03-09']),
    });
    expect(shape(decision)).toEqual([
      ['daily', '2024-01-31...2024-02-01 2024-03-09', 3],
      ['monthly', '2024-01-01...2024-02-01', 2],
      ['report', null, 1],
    ]);
    expect(decision.plan.runCount).toBe(6);
    expect(decision.plan.waves.map(({ reason }) => reason)).toEqual([
      'One run for each key.',
      'Wave 2 waits: monthly has keys of its own, each made from keys of daily. One run for each key.',
      'Wave 3 waits: report reads every key of monthly.',
    ]);
    expect(decision.plan.waves.map(({ wave }) => wave)).toEqual([1, 2, 3]);
    expect(messages(decision)[0]).toMatch(
      /^warning partitions: daily is missing at 2024-01-01, .* more, and monthly loads it/,
    );
  });

  it('[BF-8] an offset keeps two assets of one definition apart', () => {
    const yesterday = {
      kind: 'timeWindow',
      startOffset: -1,
      endOffset: -1,
      allowNonexistentUpstreamPartitions: false,
    } as const;
    const assets = [
      asset('events', days()),
      asset('stats', days(), [load('events', { mapping: yesterday })]),
    ];
    const decision = decide(assets, {
      partitionRanges: rangesOfKeys(['2024-01-01', '2024-01-02']),
    });
    expect(shape(decision)).toEqual([
      ['events', '2024-01-01...2024-01-02', 2],
      ['stats', '2024-01-02...2024-01-03', 2],
    ]);
    expect(decision.plan.waves[1]?.reason).toContain('reads other keys of events than its own');
    const running = decide([asset('cum', days(), [load('cum', { mapping: yesterday })])], {
      partitionRanges: rangesOfKeys(['2024-01-01', '2024-01-02']),
    });
    expect(running.plan.waves).toMatchObject([
      {
        partitionRanges: [['2024-01-01', '2024-01-02']],
        keyCount: 2,
        runCount: 2,
        oneByOne: true,
        reason: 'Its keys go one after another, because each reads one before it.',
      },
    ]);
  });

  it('[RUN-3] an unknown key refuses the launch and offers the nearest', () => {
    const unknown = decide(pair, { partitionRanges: rangesOfKeys(['customer_d', 'customer_a']) });
    expect(messages(unknown)).toEqual([
      'error partitions: customer_d is not a key. Did you mean customer_c?',
    ]);
    expect([unknown.run, unknown.backfill]).toEqual([null, null]);
    expect(
      messages(decide([asset('a', days())], { partitionRanges: rangesOfKeys(['2024-03-10']) })),
    ).toEqual([
      'error partitions: 2024-03-10 does not exist yet: it opens Mon 11 Mar 2024, 00:00 UTC, when its window ends. The last key is 2024-03-09.',
    ]);
    expect(messages(decide([asset('a')], { partitionRanges: rangesOfKeys(['x']) }))[0]).toContain(
      'takes no keys',
    );
    expect(messages(decide(pair, { partitionRanges: rangesOfKeys([]) }))).toEqual([
      'error partitions: No key is chosen.',
    ]);
    expect(messages(decide(pair, { assetKeys: ['customer_ordres'] }))[0]).toContain(
      'is not an asset',
    );
  });

  it('[JOB-7] a partitioned asset may run without a key', () => {
    const decision = decide(pair, {});
    expect(decision.run).toMatchObject({ partitionKey: null });
    expect(messages(decision)[0]).toMatch(/^warning partitions: No key is chosen/);
  });

  it('[CFG-11] config is checked for each asset, at the field that is wrong', () => {
    const config: ConfigShape = {
      kind: 'shape',
      permissive: false,
      fields: [
        { name: 'customer_id', schema: { kind: 'string' }, required: true, description: null },
        {
          name: 'limit',
          schema: { kind: 'int' },
          required: false,
          defaultValue: 1,
          description: null,
        },
      ],
    };
    const assets = [asset('raw/orders', null, [], { config }), asset('plain')];
    expect(messages(decide(assets, {}))).toEqual([
      `error raw__orders.customer_id: Missing required config entry "customer_id" at path root:ops:raw__orders:config. You must provide this value in your run config. Example config for the missing entry: {'customer_id': '...'}`,
    ]);
    const wrong = decide(assets, {
      runConfig: {
        ops: { raw__orders: { config: { customer_id: 'a', limit: 'x', lmit: 2 } }, plane: {} },
      },
    });
    expect(wrong.plan.problems.map(({ field }) => field)).toEqual([
      'plane',
      'raw__orders.lmit',
      'raw__orders.limit',
    ]);
    const right = decide(assets, {
      runConfig: { ops: { raw__orders: { config: { customer_id: 'a' } } } },
    });
    expect(messages(right)).toEqual([]);
    expect(shape(right)).toEqual([['raw/orders plain', null, 1]]);
  });

  it('[CFG-1] a step that declares no config takes any', () => {
    const runConfig = { ops: { plain: { config: { limit: 5, deep: { any: [1] } } } } };
    const decided = decide([asset('plain')], { runConfig });
    expect(messages(decided)).toEqual([]);
    expect(decided.options.runConfig).toEqual(runConfig);
  });

  it('[MAP-0, IO-5] what a step needs must exist, and what it loads should be stored', () => {
    const fewer = makeStaticPartitionsDefinition(['a', 'b']);
    const more = makeStaticPartitionsDefinition(['a', 'b', 'd']);
    const assets = [asset('up', fewer), asset('down', more, [load('up')])];
    const early = decide(assets, { assetKeys: ['down'], partitionRanges: rangesOfKeys(['d']) });
    expect(messages(early)).toEqual([
      'error partitions: down needs d of up, which does not exist.',
    ]);
    const missing = decide(pair, {
      assetKeys: ['customer_summary'],
      partitionRanges: rangesOfKeys(['customer_b']),
    });
    expect(messages(missing)).toEqual([
      'warning partitions: customer_orders is missing at customer_b. customer_summary depends on it without loading it, so it runs.',
    ]);
    expect(
      messages(
        decide(
          pair,
          { assetKeys: ['customer_summary'], partitionRanges: rangesOfKeys(['customer_b']) },
          { customer_orders: [1, 2] },
        ),
      ),
    ).toEqual([]);
  });

  it('[PLAN-1] a million keys are counted, not listed', () => {
    const hours = makeTimeWindowPartitionsDefinition({
      className: 'hourly',
      start: '1900-01-01-00:00',
    });
    const decision = decide([asset('size', hours), asset('copy', hours, [dep('size')])], {
      partitionRanges: [['1900-01-01-00:00', '2014-01-29-15:00']],
    });
    expect(decision.plan.runCount).toBe(1_000_000);
    expect(messages(decision)).toEqual([
      'error partitions: That makes 1,000,000 runs. One launch holds at most 50,000; choose fewer keys.',
    ]);
  });
});
