import { describe, expect, it } from 'vitest';
import { parseDefinitions } from '../../src/protocol/parse-definitions.ts';
import { definitionsIn, errorIn, guestOf, valueOf } from './guest-of.ts';

const CUSTOMERS = `const customers = dg.StaticPartitionsDefinition(['a', 'b', 'c']);`;
const DAILY = `const daily = dg.DailyPartitionsDefinition({ startDate: '2026-03-01', timezone: 'Europe/Berlin' });`;

describe('what cells declare', () => {
  it('[SDK-1] has the name of its constant, or the one given', () => {
    const { assets, partitionsDefinitions } = definitionsIn(
      CUSTOMERS,
      `const orders = dg.asset({ partitionsDef: customers }, () => 1);
const other = dg.asset({ name: 'given', keyPrefix: ['x', 'y'], group: 'g' }, () => 1);`,
    );
    expect(partitionsDefinitions).toMatchObject([{ cellId: 'c1', name: 'customers' }]);
    expect(assets).toMatchObject([
      { cellId: 'c2', name: 'orders', assetKey: 'orders', group: 'default' },
      { cellId: 'c2', name: 'other', assetKey: 'x/y/given', group: 'g' },
    ]);
  });

  it('[SDK-1] needs a name, and one that is allowed', () => {
    expect(errorIn('const a = 1;', 'dg.asset(() => 1);')).toMatchObject({
      cellId: 'c2',
      kind: 'DagsterInvalidDefinitionError',
      message: expect.stringContaining('has no name yet') as string,
    });
    expect(errorIn('const $a = dg.asset(() => 1);').message).toContain('"$a" is not a valid name');
  });

  it('[SDK-2] is the same with `new`', () => {
    const cell = (
      word: string,
    ) => `const d = ${word} dg.DailyPartitionsDefinition({ startDate: '2024-01-01' });
const m = ${word} dg.MultiPartitionsDefinition({ b: d, a: ${word} dg.StaticPartitionsDefinition(['x']) });`;
    expect(definitionsIn(cell('new'))).toEqual(definitionsIn(cell('')));
  });

  it('[SDK-3] is checked where it is written, with Dagster’s class', () => {
    expect(errorIn(`const a = dg.asset({ partitionDef: 1 }, () => 1);`)).toMatchObject({
      cellId: 'c1',
      kind: 'ParameterCheckError',
      message: expect.stringContaining('dg.asset has no option "partitionDef"') as string,
    });
    expect(errorIn(`const a = dg.StaticPartitionsDefinition(['a', 'a']);`).kind).toBe(
      'DagsterInvalidDefinitionError',
    );
    expect(
      errorIn(`const a = dg.DailyPartitionsDefinition({ startDate: '2024-13-01' });`).kind,
    ).toBe('ValueError');
    expect(
      errorIn(
        `const a = dg.DailyPartitionsDefinition({ startDate: '2024-01-01', timezone: 'X/Y' });`,
      ).kind,
    ).toBe('ZoneInfoNotFoundError');
    expect(errorIn(`const a = dg.asset({ deps: [undefined] }, () => 1);`).message).toBe(
      'deps[0] must be an asset, a dg.AssetKey or the text of one, not undefined.',
    );
  });

  it.each([
    [`dg.asset({ partitions_def: 1 }, () => 1)`, 'Did you mean partitionsDef?'],
    [`dg.asset({ sizes: 1 }, () => 1)`, 'It takes partitionsDef, deps, '],
    [`dg.asset({ partitionsDef: dg.asset(() => 1) }, () => 1)`, 'not an asset.'],
    [`dg.asset({ deps: [dg.AssetIn('up')] }, () => 1)`, 'in `deps` it is a dg.AssetDep'],
    [`dg.asset({})`, 'the function that computes the asset last'],
    [`dg.Config(z.object({ a: z.string() }))`, 'takes the fields themselves'],
    [`dg.schedule({}, () => 1)`, 'dg.schedule needs a `cronSchedule`'],
    [`dg.schedule({ cronSchedule: 'daily' }, () => 1)`, 'invalid cron schedule "daily"'],
    [
      `dg.schedule({ cronSchedule: '0 1 * * *', executionTimezone: 'X/Y' }, () => 1)`,
      'No time zone found with key X/Y',
    ],
    [`dg.sensor({ minimumIntervalSeconds: -1 }, () => 1)`, 'a number from 0 to 1,000,000,000'],
    [`dg.MetadataValue.timestamp('now')`, 'a DateTime, a Date or milliseconds, not "now"'],
    [`dg.asset({ name: 'x'.repeat(201) }, () => 1)`, 'at most 200 characters, not 201'],
    [`dg.define_asset_job('all')`, 'dg has no define_asset_job. Did you mean dg.defineAssetJob?'],
    [`files.readTxt('a')`, 'files has no readTxt. Did you mean files.readText?'],
  ])('[SDK-3] says what to write instead: %s', (wrong, words) => {
    expect(errorIn(`const a = ${wrong};`).message).toContain(words);
  });

  it('[SDK-4] a long description is cut, and loads', () => {
    const definitions = definitionsIn(
      `const a = dg.asset({ description: 'x'.repeat(20_000) }, () => 1);`,
    );
    expect(parseDefinitions(definitions).assets[0]?.description).toHaveLength(10_001);
  });

  it('[SDK-5] has its dependencies in order, `deps` first, each once', () => {
    const { assets } = definitionsIn(
      `const one = dg.asset(() => 1);
const two = dg.asset(() => 2);
const spec = dg.AssetSpec('outer/three', { description: 'external' });
const all = dg.asset({
  ins: { two: dg.AssetIn(two, { partitionMapping: dg.AllPartitionMapping(), byKey: true, metadata: { allow_missing_partitions: true } }) },
  deps: [one, dg.AssetDep('other', { partitionMapping: dg.TimeWindowPartitionMapping({ startOffset: -1 }) }), spec],
}, () => 1);`,
    );
    expect(assets.find(({ name }) => name === 'spec')).toMatchObject({ external: true });
    expect(assets.at(-1)?.deps).toEqual([
      {
        assetKey: 'one',
        inputName: null,
        mapping: null,
        byKey: false,
        allowMissingPartitions: false,
      },
      {
        assetKey: 'other',
        inputName: null,
        mapping: {
          kind: 'timeWindow',
          startOffset: -1,
          endOffset: 0,
          allowNonexistentUpstreamPartitions: false,
        },
        byKey: false,
        allowMissingPartitions: false,
      },
      {
        assetKey: 'outer/three',
        inputName: null,
        mapping: null,
        byKey: false,
        allowMissingPartitions: false,
      },
      {
        assetKey: 'two',
        inputName: 'two',
        mapping: { kind: 'all' },
        byKey: true,
        allowMissingPartitions: true,
      },
    ]);
    expect(
      errorIn(`const one = dg.asset(() => 1);
const two = dg.asset({ deps: [one], ins: { one } }, () => 1);`).message,
    ).toContain('depends on one twice');
  });

  it('[SDK-4] jobs, schedules, sensors and tests become data', () => {
    const definitions = definitionsIn(
      CUSTOMERS,
      `const up = dg.asset({ partitionsDef: customers }, () => 1);
const down = dg.asset({ partitionsDef: customers, deps: [up] }, () => 1);
const alone = dg.asset(() => 1);
const job = dg.defineAssetJob('both', { selection: dg.AssetSelection.assets(up).downstream() });
const everything = dg.defineAssetJob('everything');
const nightly = dg.schedule({ cronSchedule: '0 1 * * *', job, executionTimezone: 'Europe/Berlin' }, () => []);
const watch = dg.sensor({ job: everything, minimumIntervalSeconds: 5 }, () => dg.SkipReason('no'));`,
      `dg.test('one', () => {}); dg.test('two', () => {});`,
    );
    expect(definitions.jobs).toMatchObject([
      { jobName: 'both', assetKeys: ['up', 'down'], partitionsDef: { kind: 'static' } },
      { jobName: 'everything', assetKeys: ['up', 'down', 'alone'] },
    ]);
    expect(definitions.schedules).toMatchObject([
      { scheduleName: 'nightly', cronSchedule: ['0 1 * * *'], jobName: 'both' },
    ]);
    expect(definitions.sensors).toMatchObject([{ sensorName: 'watch', minimumIntervalMs: 5000 }]);
    expect(definitions.tests).toEqual([
      { cellId: 'c3', testId: 0, title: 'one' },
      { cellId: 'c3', testId: 1, title: 'two' },
    ]);
  });

  it('[SDK-4] metadata of an asset, config and tags of a job are kept', () => {
    const { assets, jobs } = definitionsIn(
      `const orders = dg.asset({ metadata: { owner: 'ops', schema: dg.MetadataValue.md('*x*'), columns: ['a'] } }, () => 1);
const plain = dg.asset(() => 1);
const all = dg.defineAssetJob('all', { config: { ops: { orders: { config: { limit: 5 } } } }, tags: { team: 'a', tier: 1 } });`,
    );
    expect(assets[0]?.metadata).toEqual({
      owner: 'ops',
      schema: { type: 'md', value: '*x*' },
      columns: { type: 'json', value: ['a'] },
    });
    expect(assets[1]).not.toHaveProperty('metadata');
    expect(jobs[0]).toMatchObject({
      runConfig: { ops: { orders: { config: { limit: 5 } } } },
      tags: { team: 'a', tier: '1' },
    });
    expect(errorIn(`const all = dg.defineAssetJob('all', { config: { n: 1n } });`).message).toBe(
      'The config of dg.defineAssetJob must be plain data, as JSON can hold it, not an object.',
    );
  });

  it('[SDK-4] is only what dg.Definitions names, if it is called', () => {
    const { assets } = definitionsIn(`const a = dg.asset(() => 1);
const b = dg.asset(() => 1);
const defs = dg.Definitions({ assets: [b] });`);
    expect(assets.map(({ assetKey }) => assetKey)).toEqual(['b']);
  });

  it('[RT-11] what needs a library that is not there is told apart', () => {
    const answer = guestOf([DAILY, `daily.timeWindowForPartitionKey('2026-03-02');`], {}).load();
    expect(answer).toMatchObject({ status: 'library_missing' });
    const caught = `try { dg.Config({}); } catch {}`;
    expect(guestOf([caught], {}).load()).toMatchObject({ status: 'library_missing' });
  });
});

describe('partitions definitions in cells', () => {
  it('[TW-16] keys exist at the notebook’s now, or at the time given', async () => {
    expect(
      await valueOf(
        `[daily.getFirstPartitionKey(), daily.getLastPartitionKey(), daily.getNumPartitions()]`,
        DAILY,
      ),
    ).toEqual(['2026-03-01', '2026-03-09', 9]);
    expect(await valueOf(`daily.getPartitionKeys({ currentTime: '2026-03-03' })`, DAILY)).toEqual([
      '2026-03-01',
      '2026-03-02',
    ]);
    expect(
      await valueOf(
        `daily.getPartitionKeys({ currentTime: DateTime.fromISO('2026-03-02T23:00Z') })`,
        DAILY,
      ),
    ).toEqual(['2026-03-01', '2026-03-02']);
  });

  it('[TW-28] windows are DateTimes in the zone of the definition', async () => {
    expect(await valueOf(`daily.timeWindowForPartitionKey('2026-03-29').end.toISO()`, DAILY)).toBe(
      '2026-03-30T00:00:00.000+02:00',
    );
    expect(
      await valueOf(`daily.timeWindowForPartitionKey('2026-03-29').start.toISO()`, DAILY),
    ).toBe('2026-03-29T00:00:00.000+01:00');
    expect(
      await valueOf(
        `[daily.getNextPartitionKey('2026-03-02'), daily.getPrevPartitionKey('2026-03-01'), daily.getPartitionKeyForTimestamp(new Date('2026-03-05T12:00Z'))]`,
        DAILY,
      ),
    ).toEqual(['2026-03-03', null, '2026-03-05']);
  });

  it('[TW-7] the zone of a DateTime start is replaced, not converted', async () => {
    const start = `dg.DailyPartitionsDefinition({ startDate: DateTime.fromISO('2024-01-01T00:00', { zone: 'Asia/Karachi' }) })`;
    expect(await valueOf(`${start}.timeWindowForPartitionKey('2024-01-01').start.toISO()`)).toBe(
      '2024-01-01T00:00:00.000Z',
    );
  });

  it('[MULTI-6] multi keys are objects with dimensions, and text in name order', async () => {
    const multi = `const grid = dg.MultiPartitionsDefinition({ color: dg.StaticPartitionsDefinition(['red']), an: dg.DynamicPartitionsDefinition({ name: 'images' }) });`;
    expect(await valueOf(`grid.getPartitionKeys().map(String)`, multi)).toEqual(['b|red', 'a|red']);
    expect(await valueOf(`grid.getPartitionKeys()[0].keysByDimension`, multi)).toEqual({
      an: 'b',
      color: 'red',
    });
    expect(
      await valueOf(`grid.hasPartitionKey(dg.MultiPartitionKey({ color: 'red', an: 'a' }))`, multi),
    ).toBe(true);
  });

  it('[GEN-4] [GEN-5] ranges and pages', async () => {
    expect(
      await valueOf(`customers.getPartitionKeysInRange(dg.PartitionKeyRange('a', 'b'))`, CUSTOMERS),
    ).toEqual(['a', 'b']);
    expect(await valueOf(`customers.getPaginatedPartitionKeys({ limit: 2 })`, CUSTOMERS)).toEqual({
      results: ['a', 'b'],
      cursor: '2',
      hasMore: true,
    });
    await expect(
      valueOf(`customers.getPartitionKeysInRange(dg.PartitionKeyRange('a', 'z'))`, CUSTOMERS),
    ).rejects.toThrow('Nonexistent partition keys: z');
  });
});

describe('config in cells', () => {
  it('[SDK-6] a zod shape becomes a schema', () => {
    const { configs } = definitionsIn(`const Settings = dg.Config({
  name: z.string().describe('who'),
  limit: z.int().min(1).default(10),
  ratio: z.number(),
  on: z.boolean().optional(),
  mode: z.enum(['fast', 'slow']),
  kind: z.literal('x'),
  tags: z.array(z.string()),
  rates: z.record(z.string(), z.number()),
  inner: dg.PermissiveConfig({ a: z.int().default(1) }),
  pet: z.discriminatedUnion('type', [z.object({ type: z.literal('cat'), lives: z.int() }), z.object({ type: z.literal('dog') })]),
  trimmed: z.string().transform((text) => text.trim()),
  anything: z.any(),
});`);
    const settings = configs.find(({ name }) => name === 'Settings');
    expect(settings?.name).toBe('Settings');
    expect(settings?.schema.permissive).toBe(false);
    const kinds = settings?.schema.fields.map(({ name, schema, required }) => [
      name,
      schema.kind,
      required,
    ]);
    expect(kinds).toEqual([
      ['name', 'string', true],
      ['limit', 'int', false],
      ['ratio', 'float', true],
      ['on', 'noneable', false],
      ['mode', 'enum', true],
      ['kind', 'enum', true],
      ['tags', 'array', true],
      ['rates', 'map', true],
      ['inner', 'shape', false],
      ['pet', 'selector', true],
      ['trimmed', 'string', true],
      ['anything', 'any', true],
    ]);
    expect(settings?.schema.fields[0]?.description).toBe('who');
    expect(settings?.schema.fields[1]?.defaultValue).toBe(10);
  });

  it('[CFG-5] a type that config cannot hold is refused by name', () => {
    expect(errorIn(`const C = dg.Config({ inner: z.object({ at: z.date() }) });`)).toMatchObject({
      kind: 'DagsterInvalidPythonicConfigDefinitionError',
      message: expect.stringContaining('The config field inner.at is z.date()') as string,
    });
    expect(errorIn(`const C = dg.Config({ a: 5 });`).message).toContain('The field a of dg.Config');
  });

  it.each([
    [`z.literal('x').optional()`, 'a is a literal in .optional(); write z.enum'],
    [`z.array(z.literal(['x', 'y']))`, 'a[] is a literal in an array'],
    [`z.record(z.string(), z.literal('x'))`, 'a[…] is a literal in a record'],
    [
      `z.array(z.discriminatedUnion('t', [z.object({ t: z.literal('x') }), z.object({ t: z.literal('y') })])).default([])`,
      'a[] is a union in an array',
    ],
  ])('[CFG-5] a literal or a union is all of a field: not %s', (type, told) => {
    expect(errorIn(`const C = dg.Config({ a: ${type} });`)).toMatchObject({
      kind: 'DagsterInvalidPythonicConfigDefinitionError',
      message: expect.stringContaining(`The config field ${told}`) as string,
    });
  });

  it('[CFG-5] a literal is a text', () => {
    expect(errorIn(`const C = dg.Config({ a: z.literal([1, 2]) });`)).toMatchObject({
      kind: 'ParameterCheckError',
      message: expect.stringContaining('The config field a is the literal 1, not a text') as string,
    });
  });
});
