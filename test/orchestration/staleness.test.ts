import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AssetSpec } from '../../src/definitions/definitions.ts';
import { AssetGraph } from '../../src/definitions/graph.ts';
import { markedFine, observationReported } from '../../src/orchestration/asset-events.ts';
import type { Event } from '../../src/orchestration/event.ts';
import { KeySpace } from '../../src/orchestration/key-space.ts';
import { sha256Hex } from '../../src/orchestration/staleness/data-versions.ts';
import { HighestInSpan } from '../../src/orchestration/staleness/highest-in-span.ts';
import { MaterializationLog } from '../../src/orchestration/staleness/materialization-log.ts';
import { provenanceOf } from '../../src/orchestration/staleness/provenance.ts';
import { Staleness } from '../../src/orchestration/staleness/staleness.ts';
import type { PartitionMapping } from '../../src/partitions/mapping/partition-mapping.ts';
import { makeStaticPartitionsDefinition } from '../../src/partitions/definition/static.ts';
import { makeMultiPartitionsDefinition } from '../../src/partitions/definition/multi.ts';
import { makeTimeWindowPartitionsDefinition } from '../../src/partitions/definition/time-window.ts';
import { ordinalsOf } from '../../src/partitions/subset/subset-algebra.ts';
import { asset, days, dep } from './sample-assets.ts';

const context = { effectiveAt: Date.UTC(2025, 0, 1), dynamicPartitions: new Map() };
const keySpace = new KeySpace(context);

/** A log that is written by hand; each call is one event. */
class Log {
  readonly log = new MaterializationLog();
  readonly #assets: readonly AssetSpec[];
  #lastId = 0;
  #lastRun = 0;

  constructor(assets: readonly AssetSpec[]) {
    this.#assets = assets;
  }

  get lastId(): number {
    return this.#lastId;
  }

  /** One run of one asset. */
  run(
    assetKey: string,
    keys: readonly (string | null)[] = [null],
    more: Partial<Event> = {},
  ): void {
    const one = this.#assets.find((each) => each.assetKey === assetKey) as AssetSpec;
    const runId = `run ${++this.#lastRun}`;
    const provenance = provenanceOf(one, this.#lastId);
    for (const partitionKey of keys) {
      this.write({ assetKey, partitionKey, runId, provenance, ...more });
    }
  }

  write(event: Partial<Event>): void {
    this.log.apply([
      {
        eventId: ++this.#lastId,
        type: 'ASSET_MATERIALIZATION',
        runId: '',
        level: 'DEBUG',
        at: this.#lastId * 1000,
        message: '',
        stepKey: null,
        assetKey: null,
        partitionKey: null,
        metadata: null,
        error: null,
        byAuthor: false,
        ...event,
      },
    ]);
  }

  staleness(
    assets = this.#assets,
    more: { dagsterLimits?: boolean; countEdits?: boolean; keySpace?: KeySpace } = {},
  ) {
    const graph = new AssetGraph(assets);
    const how = { dagsterLimits: false, countEdits: false, keySpace, ...more };
    return new Staleness({ log: this.log, graph, ...how });
  }
}

describe('staleness', () => {
  it('[STALE-3] a data version is the hash of the code version and those that were read, by key', () => {
    const assets = [
      asset('b', null, [], { codeVersion: '1' }),
      asset('a', null, []),
      asset('c', null, [dep('b'), dep('a')], { codeVersion: '7' }),
    ];
    const log = new Log(assets);
    log.run('b');
    log.run('a', [null], { dataVersion: 'mine' });
    log.run('c');
    const staleness = log.staleness();
    expect(staleness.dataVersionOf('b', null)).toBe(sha256Hex('1'));
    expect(staleness.dataVersionOf('c', null)).toBe(sha256Hex(`7mine${sha256Hex('1')}`));
  });

  it('[STALE-3] without a code version the id of the run counts as one', () => {
    const log = new Log([asset('a')]);
    log.run('a');
    expect(log.staleness().dataVersionOf('a', null)).toBe(sha256Hex('run 1'));
  });

  it('[STALE-9] of a partitioned input, the hash of what was read key by key is what counts', () => {
    const partitionsDef = makeStaticPartitionsDefinition(['x', 'y', 'z']);
    const assets = [
      asset('s', partitionsDef, [], { codeVersion: '1' }),
      asset('u', null, [dep('s')], { codeVersion: '2' }),
    ];
    const log = new Log(assets);
    log.run('s', ['y']);
    log.run('s', ['x'], { dataVersion: 'mine' });
    log.run('u');
    const read = sha256Hex(`mine${sha256Hex('1')}`);
    expect(log.staleness().dataVersionOf('u', null)).toBe(sha256Hex(`2${read}`));
  });

  it('[STALE-3] an asset that reads its own day before has a version after years, too', () => {
    const before: PartitionMapping = {
      kind: 'timeWindow',
      startOffset: -1,
      endOffset: -1,
      allowNonexistentUpstreamPartitions: true,
    };
    const partitionsDef = days('2000-01-01', '2024-01-01');
    const assets = [asset('c', partitionsDef, [dep('c', { mapping: before })])];
    const log = new Log(assets);
    const keys = keySpace.indexOf(partitionsDef)?.keys() ?? [];
    for (const key of keys) log.run('c', [key]);
    expect(log.staleness().dataVersionOf('c', keys.at(-1) ?? null)).toMatch(/^[0-9a-f]{64}$/);
    expect(log.staleness().staleKeys('c')).toEqual([]);
  });

  it('[STALE-7] an edge over 100 keys counts, but within the limits of Dagster', () => {
    const keys = Array.from({ length: 100 }, (_, at) => `k${at}`);
    const assets = [asset('h', makeStaticPartitionsDefinition(keys)), asset('u', null, [dep('h')])];
    const log = new Log(assets);
    log.run('h', ['k0']);
    log.run('u');
    log.run('h', ['k0']);
    expect(log.staleness().statusOf('u', null)).toBe('STALE');
    expect(log.staleness(assets, { dagsterLimits: true }).statusOf('u', null)).toBe('FRESH');
  });

  it('[STALE-8] all of a time-partitioned asset counts, but within the limits of Dagster', () => {
    const assets = [asset('d', days('2024-01-01', '2024-01-04')), asset('u', null, [dep('d')])];
    const log = new Log(assets);
    log.run('d', ['2024-01-01']);
    log.run('u');
    log.run('d', ['2024-01-02']);
    const { staleKeys, causes } = {
      staleKeys: log.staleness().staleKeys('u'),
      causes: log.staleness().causesOf('u', null),
    };
    expect(staleKeys).toEqual([0, 1]);
    expect(causes.map(({ dependency }) => dependency?.partitionKey)).toEqual(['2024-01-02']);
    expect(log.staleness(assets, { dagsterLimits: true }).staleKeys('u')).toEqual([]);
  });

  it('[STALE-2] extension: an edited body counts as changed code if it is asked for', () => {
    const before = [asset('a', null, [], { bodyHash: 'one' })];
    const after = [asset('a', null, [], { bodyHash: 'two' })];
    const log = new Log(before);
    log.run('a');
    expect(log.staleness(after).statusOf('a', null)).toBe('FRESH');
    expect(log.staleness(before, { countEdits: true }).statusOf('a', null)).toBe('FRESH');
    const [cause] = log.staleness(after, { countEdits: true }).causesOf('a', null);
    expect(cause).toMatchObject({ category: 'CODE', reason: 'has edited code' });
  });

  it('[STALE-4] extension: a key that is marked fine is fresh, and makes nothing else stale', () => {
    const assets = [asset('a'), asset('b', null, [dep('a')]), asset('c', null, [dep('b')])];
    const log = new Log(assets);
    for (const key of ['a', 'b', 'c', 'a']) log.run(key);
    expect(log.staleness().statusOf('b', null)).toBe('STALE');
    const version = log.staleness().dataVersionOf('b', null);
    log.write(markedFine(assets[1] as AssetSpec, null, 9000));
    expect(log.staleness().statusOf('b', null)).toBe('FRESH');
    expect(log.staleness().dataVersionOf('b', null)).toBe(version);
    expect(log.staleness().statusOf('c', null)).toBe('FRESH');
  });

  it('[STALE-6] of a partitioned external asset, only observations make what reads it stale', () => {
    const partitionsDef = makeStaticPartitionsDefinition(['x', 'y']);
    const assets = [
      asset('e', partitionsDef, [], { external: true }),
      asset('b', partitionsDef, [dep('e')]),
    ];
    const log = new Log(assets);
    log.write({ assetKey: 'e', partitionKey: 'x', dataVersion: '1' });
    log.run('b', ['x']);
    log.write({ assetKey: 'e', partitionKey: 'x', dataVersion: '2' });
    expect(log.staleness().staleKeys('b')).toEqual([]);
    log.write(observationReported('e', 'x', {}, 9000, '3'));
    expect(log.staleness().staleKeys('b')).toEqual([0, 1]);
    expect(log.staleness().statusOf('e', 'x')).toBe('FRESH');
  });

  it('[PS-7] what a deleted run recorded counts no more', () => {
    const log = new Log([asset('a'), asset('b', null, [dep('a')])]);
    log.run('a');
    log.run('b');
    log.run('a');
    expect(log.staleness().statusOf('b', null)).toBe('STALE');
    log.write({ type: 'RUN_DELETED', assetKey: 'a', runId: 'run 3' });
    expect(log.staleness().statusOf('b', null)).toBe('FRESH');
  });

  it('[STALE-4] a run read what was in the log when its step started, or what it recorded itself', () => {
    const assets = [asset('a'), asset('b', null, [dep('a')])];
    const log = new Log(assets);
    log.run('a');
    const asOf = log.lastId;
    log.run('a');
    // It began before the second run of `a` ended.
    log.run('b', [null], { provenance: { deps: ['a'], asOf } });
    expect(log.staleness().statusOf('b', null)).toBe('STALE');
    log.write({ assetKey: 'a', runId: 'both', provenance: { deps: [], asOf } });
    log.write({ assetKey: 'b', runId: 'both', provenance: { deps: ['a'], asOf } });
    expect(log.staleness().statusOf('b', null)).toBe('FRESH');
  });

  it('[STALE-5] 100,000 keys are told at once as they are one by one', () => {
    const hourly = makeTimeWindowPartitionsDefinition({
      className: 'hourly',
      start: '2010-01-01-00:00',
      end: '2021-05-29-16:00',
    });
    const assets = [asset('a', hourly), asset('b', hourly, [dep('a')])];
    const log = new Log(assets);
    const keys = keySpace.indexOf(hourly)?.keys() ?? [];
    expect(keys).toHaveLength(100_000);
    log.run('a', keys);
    log.run('b', keys);
    log.run('a', keys.slice(20, 30));
    log.run('a', keys.slice(99_990));
    const staleness = log.staleness();
    expect(staleness.staleKeys('b')).toEqual([20, 30, 99_990, 100_000]);
    expect(staleness.causesOf('b', keys[20] ?? null)).toHaveLength(1);
    expect(staleness.causesOf('b', keys[31] ?? null)).toEqual([]);
  });

  it('[STALE-2] all keys at once say what each key says, whatever the graph and the log', () => {
    fc.assert(
      fc.property(
        graphs,
        fc.array(steps, { maxLength: 25 }),
        fc.boolean(),
        (assets, all, limits) => {
          const log = new Log(assets);
          for (const step of all) take(log, assets, step);
          const staleness = log.staleness(assets, { dagsterLimits: limits });
          for (const { assetKey, partitionsDef } of assets) {
            const index = keySpace.indexOf(partitionsDef);
            const one = index ? index.keys() : [null];
            const stale = one.filter((key) => staleness.statusOf(assetKey, key) === 'STALE');
            const told = [...ordinalsOf(staleness.staleKeys(assetKey))].map((at) => one[at]);
            expect(told).toEqual(stale);
          }
        },
      ),
      { numRuns: 300, seed: 5 },
    );
  });

  it('[STALE-2] keys of before and of today that come after an answer are both looked at', () => {
    const assets = [asset('a', days()), asset('b', days(), [dep('a')])];
    const log = new Log(assets);
    const at = (effectiveAt: number) => ({
      keySpace: new KeySpace({ effectiveAt, dynamicPartitions: new Map() }),
    });
    const [before, today] = [at(Date.UTC(2024, 0, 4)), at(Date.UTC(2024, 0, 5))];
    log.run('a', ['2024-01-01']);
    log.run('b', ['2024-01-01']);
    expect(log.staleness(assets, before).staleKeys('b')).toEqual([]);
    for (const key of ['2024-01-03', '2024-01-04']) log.run('a', [key]);
    for (const key of ['2024-01-03', '2024-01-04']) log.run('b', [key]);
    log.run('a', ['2024-01-01', '2024-01-03', '2024-01-04']);
    expect(log.staleness(assets, today).staleKeys('b')).toEqual([0, 1, 2, 4]);
    expect(log.staleness(assets, before).staleKeys('b')).toEqual([0, 1, 2, 3]);
    expect(log.staleness(assets, today).staleKeys('b')).toEqual([0, 1, 2, 4]);
  });

  it('[STALE-5] the highest in a span is found as by looking at each', () => {
    const numbers = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(numbers, fc.nat(39), fc.nat(40), fc.nat(9), (list, from, end, bound) => {
        const to = Math.min(end, list.length);
        const found = list.findIndex((one, at) => at >= from && at < to && one > bound);
        const start = Math.min(from, list.length);
        expect(new HighestInSpan(Float64Array.from(list)).firstAbove(start, to, bound)).toBe(found);
      }),
      { seed: 7 },
    );
  });
});

// Random graphs and histories

const colors = makeStaticPartitionsDefinition(['red', 'blue']);
const daily = days('2024-01-01', '2024-01-06');
const DEFINITIONS = [
  null,
  daily,
  colors,
  makeMultiPartitionsDefinition({ day: daily, color: colors }),
];
const MAPPINGS: readonly (PartitionMapping | null)[] = [
  null,
  { kind: 'all' },
  { kind: 'last' },
  { kind: 'timeWindow', startOffset: -1, endOffset: 0, allowNonexistentUpstreamPartitions: true },
];

/** Assets a, b, c, d, each of which may read those before it, and itself. */
const graphs = fc
  .array(
    fc.record({
      definition: fc.nat(3),
      edges: fc.array(fc.option(fc.nat(3), { nil: null }), { minLength: 4, maxLength: 4 }),
      codeVersion: fc.constantFrom(null, null, '1'),
    }),
    { minLength: 2, maxLength: 4 },
  )
  .map((list) =>
    list.map(({ definition, edges, codeVersion }, place) =>
      asset(
        'abcd'[place] as string,
        DEFINITIONS[definition] ?? null,
        edges.slice(0, place + 1).flatMap((edge, at) => {
          if (edge === null || (at === place && definition !== 1)) return [];
          return dep('abcd'[at] as string, { mapping: MAPPINGS[at === place ? 3 : edge] ?? null });
        }),
        { codeVersion },
      ),
    ),
  );

const steps = fc.record({
  asset: fc.nat(3),
  first: fc.nat(11),
  count: fc.integer({ min: 1, max: 3 }),
  what: fc.constantFrom('run', 'run', 'run', 'given', 'report', 'wipe', 'mark'),
});

function take(
  log: Log,
  assets: readonly AssetSpec[],
  { asset: place, first, count, what }: typeof steps extends fc.Arbitrary<infer T> ? T : never,
): void {
  const one = assets[place % assets.length] as AssetSpec;
  const { assetKey } = one;
  const index = keySpace.indexOf(one.partitionsDef);
  const all = index ? index.keys() : [null];
  const keys = all.slice(first % all.length, (first % all.length) + count);
  if (what === 'wipe') log.write({ type: 'ASSET_WIPED', assetKey });
  else if (what === 'report') for (const key of keys) log.write({ assetKey, partitionKey: key });
  else if (what === 'mark') {
    log.run(assetKey, keys, { provenance: { ...provenanceOf(one, null), marksFine: true } });
  } else log.run(assetKey, keys, what === 'given' ? { dataVersion: `v${first % 2}` } : {});
}
