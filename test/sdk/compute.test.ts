import { describe, expect, it } from 'vitest';
import { guestOf } from './guest-of.ts';

const CUSTOMERS = `const customers = dg.StaticPartitionsDefinition(['a', 'b']);`;

/** One asset called `it` whose function is given, with options. */
const asset = (body: string, options = '{}') => `const it = dg.asset(${options}, ${body});`;

/** In a function: what each question about an input is answered, or what it throws. */
const EACH_OF_INPUT = `const each = (name) => [
  () => context.assetPartitionKeysForInput(name),
  () => context.assetPartitionKeyForInput(name),
  () => context.assetPartitionKeyRangeForInput(name).end,
  () => context.assetPartitionsTimeWindowForInput(name).end.toISODate(),
].map((ask) => { try { return ask(); } catch (thrown) { return thrown.kind + ': ' + thrown.message; } });`;

describe('computing an asset', () => {
  it('[SDK-8] the function gets the run’s key, and throws where there is none', async () => {
    const { execute, lines } = guestOf([
      CUSTOMERS,
      asset(
        `(context) => { context.log.info('of ' + context.partitionKey); return [context.partitionKey, context.hasPartitionKey, context.assetKey.toUserString(), context.run.runId]; }`,
        '{ partitionsDef: customers }',
      ),
    ]);
    expect(await execute('it', { partitionKeys: ['b'] })).toMatchObject({
      status: 'success',
      value: ['b', true, 'it', 'run1'],
      hasValue: true,
      handled: true,
    });
    expect(lines).toEqual(['INFO of b']);
    expect(await execute('it')).toMatchObject({
      status: 'failure',
      error: {
        kind: 'DagsterInvariantViolationError',
        message: 'Cannot access partition_key for a non-partitioned run',
      },
    });
    expect(await execute('it', { partitionKeys: ['a', 'b'] })).toMatchObject({
      error: { message: expect.stringContaining('partition_key_range instead') as string },
    });
  });

  it('[CTX-6] the window of a range is from the first start to the last end', async () => {
    const { execute } = guestOf([
      `const daily = dg.DailyPartitionsDefinition({ startDate: '2026-03-01' });`,
      asset(
        `({ partitionTimeWindow, partitionKeys, partitionKeyRange }) => [partitionTimeWindow.start.toISODate(), partitionTimeWindow.end.toISODate(), partitionKeys.length, partitionKeyRange.end]`,
        '{ partitionsDef: daily }',
      ),
    ]);
    expect(await execute('it', { partitionKeys: ['2026-03-02', '2026-03-03'] })).toMatchObject({
      value: ['2026-03-02', '2026-03-04', 2, '2026-03-03'],
    });
  });

  it('[SDK-9] inputs are null, a value, or a record by key', async () => {
    const { execute } = guestOf([
      asset(`(context, inputs) => inputs`, `{ ins: { a: 'x', b: 'y', c: 'z' } }`),
    ]);
    const inputs = [
      { name: 'a', kind: 'none' },
      { name: 'b', kind: 'single', value: [1] },
      { name: 'c', kind: 'byKey', entries: [['__proto__', 1]] },
    ] as const;
    const answer = await execute('it', { inputs });
    expect(answer).toMatchObject({ value: { a: null, b: [1] } });
    const { c } = (answer as { readonly value: { readonly c: object } }).value;
    expect(Object.entries(c)).toEqual([['__proto__', 1]]);
  });

  it('[CTX-9] an input tells the keys that it is mapped to', async () => {
    const { execute } = guestOf([
      CUSTOMERS,
      `const daily = dg.DailyPartitionsDefinition({ startDate: '2026-03-01' });
const days = dg.asset({ partitionsDef: daily }, () => 1);
const people = dg.asset({ partitionsDef: customers }, () => 1);
const plain = dg.asset(() => 1);`,
      asset(
        `(context) => { ${EACH_OF_INPUT} return ['days', 'people', 'plain', 'other', 'x'].map(each); }`,
        `{ partitionsDef: daily, ins: { days, people, plain }, deps: ['other'] }`,
      ),
    ]);
    const inputs = [
      { name: 'days', keys: ['2026-03-01', '2026-03-03'], kind: 'byKey', entries: [] },
      { name: 'people', keys: ['b'], kind: 'single', value: 1 },
      { name: 'plain', kind: 'single', value: 1 },
    ] as const;
    const answer = await execute('it', { inputs, partitionKeys: ['2026-03-03'] });
    const twoRanges =
      'CheckError: Failure condition: Tried to access asset partition key range, but there are (2) key ranges associated with this input.';
    const noInput =
      'DagsterInvariantViolationError: The asset it has no input "x". Its inputs: other, days, people, plain.';
    expect(answer).toMatchObject({
      value: [
        [['2026-03-01', '2026-03-03'], twoRanges, twoRanges, twoRanges],
        [
          ['b'],
          'b',
          'b',
          "ValueError: Tried to get asset partitions for an input 'people' that correponds to a partitioned asset that is not time-partitioned.",
        ],
        ...['plain', 'other'].map((name) => [
          ...Array<string>(3).fill(
            'CheckError: Failure condition: The input has no asset partitions',
          ),
          `ValueError: Tried to get asset partitions for an input '${name}' that does not correspond to a partitioned asset.`,
        ]),
        [noInput, noInput, noInput, noInput],
      ],
    });
  });

  it('[CTX-9] an input over several keys in two dimensions, or over one range, tells which', async () => {
    const { execute } = guestOf([
      `const daily = dg.DailyPartitionsDefinition({ startDate: '2026-03-01', endDate: '2026-03-03' });
const both = dg.MultiPartitionsDefinition({ date: daily, who: dg.StaticPartitionsDefinition(['a', 'b']) });
const up = dg.asset({ partitionsDef: both }, () => 1);
const days = dg.asset({ partitionsDef: daily }, () => 1);`,
      asset(
        `(context) => { ${EACH_OF_INPUT} return ['up', 'days'].map(each); }`,
        `{ partitionsDef: both, deps: [up, days] }`,
      ),
    ]);
    const rectangle = ['2026-03-01|a', '2026-03-01|b', '2026-03-02|a', '2026-03-02|b'];
    const twoRanges =
      'CheckError: Failure condition: Tried to access asset partition key range, but there are (2) key ranges associated with this input.';
    expect(await execute('it', { partitionKeys: rectangle })).toMatchObject({
      value: [
        [expect.anything(), twoRanges, twoRanges, twoRanges],
        [
          ['2026-03-01', '2026-03-02'],
          "CheckError: Failure condition: Tried to access partition key for input 'days' of step 'it', but the step input has a partition range: '2026-03-01' to '2026-03-02'.",
          '2026-03-02',
          '2026-03-03',
        ],
      ],
    });
  });

  it('[CTX-9, MAP-0] an input that needs keys that do not exist says so to every question, and which', async () => {
    const { execute } = guestOf([
      CUSTOMERS,
      `const late = dg.DailyPartitionsDefinition({ startDate: '2026-03-03' });
const hourly = dg.HourlyPartitionsDefinition({ startDate: '2026-03-01-12:00' });
const daily = dg.DailyPartitionsDefinition({ startDate: '2026-03-01' });
const both = dg.MultiPartitionsDefinition({ date: daily, who: customers });
const days = dg.asset({ partitionsDef: late }, () => 1);
const hours = dg.asset({ partitionsDef: hourly }, () => 1);
const pairs = dg.asset({ partitionsDef: dg.MultiPartitionsDefinition({ date: late, who: customers }) }, () => 1);
const few = dg.asset({ partitionsDef: dg.StaticPartitionsDefinition(['b']) }, () => 1);
const byDay = dg.asset({ partitionsDef: daily, deps: [days, hours] }, (context) => { ${EACH_OF_INPUT} return ['days', 'hours'].map(each); });
const byPair = dg.asset({ partitionsDef: both, deps: [pairs, dg.AssetDep(days, { partitionMapping: dg.MultiToSingleDimensionPartitionMapping({ partitionDimensionName: 'date' }) })] }, (context) => { ${EACH_OF_INPUT} return ['pairs', 'days'].map(each); });
const person = dg.asset({ partitionsDef: customers, deps: [dg.AssetDep(few, { partitionMapping: dg.IdentityPartitionMapping() })] }, (context) => { ${EACH_OF_INPUT} return each('few'); });`,
    ]);
    const fault = (range: string, step: string, lacking: string, upstream: string) =>
      `DagsterInvariantViolationError: Partition key range PartitionKeyRange(${range}) in ${step} depends on invalid partitions ${lacking} in upstream asset AssetKey(['${upstream}'])`;
    const all = (text: string) => [text, text, text, text];
    const windows = (ends: string) => `TimeWindowPartitionsSubset([PartitionKeyRange(${ends})])`;
    const one = "start='2026-03-01', end='2026-03-01'";
    expect(await execute('byDay', { partitionKeys: ['2026-03-01'] })).toMatchObject({
      value: [
        all(fault(one, 'byDay', windows(one), 'days')),
        all(
          fault(one, 'byDay', windows("start='2026-03-01-00:00', end='2026-03-01-11:00'"), 'hours'),
        ),
      ],
    });
    const range = ['2026-03-01', '2026-03-02', '2026-03-03'];
    const answer = await execute('byDay', { partitionKeys: range });
    expect((answer as { readonly value: readonly unknown[] }).value[0]).toEqual(
      all(
        fault(
          "start='2026-03-01', end='2026-03-03'",
          'byDay',
          windows("start='2026-03-01', end='2026-03-02'"),
          'days',
        ),
      ),
    );
    const pair = "start='2026-03-01|a', end='2026-03-01|a'";
    expect(await execute('byPair', { partitionKeys: ['2026-03-01|a'] })).toMatchObject({
      value: [
        all(fault(pair, 'byPair', "DefaultPartitionsSubset(subset={'2026-03-01|a'})", 'pairs')),
        all(fault(pair, 'byPair', "DefaultPartitionsSubset(subset={'2026-03-01'})", 'days')),
      ],
    });
    const ofA = "start='a', end='a'";
    const noA = fault(ofA, 'person', "DefaultPartitionsSubset(subset={'a'})", 'few');
    expect(await execute('person', { partitionKeys: ['a'] })).toMatchObject({
      value: [
        noA,
        noA,
        noA,
        "ValueError: Tried to get asset partitions for an input 'few' that correponds to a partitioned asset that is not time-partitioned.",
      ],
    });
  });

  it('[CTX-8] the output tells its keys, and why it has none', async () => {
    const probe = `[
  () => context.assetPartitionKeysForOutput(),
  () => context.assetPartitionKeyForOutput(),
  () => context.assetPartitionKeyRangeForOutput().end,
  () => context.assetPartitionsTimeWindowForOutput().end.toISODate(),
].map((ask) => { try { return ask(); } catch (thrown) { return thrown.kind + ': ' + thrown.message; } })`;
    const { execute } = guestOf([
      CUSTOMERS,
      `const person = dg.asset({ partitionsDef: customers }, (context) => ${probe});
const plain = dg.asset((context) => ${probe});`,
    ]);
    expect(await execute('person', { partitionKeys: ['a', 'b'] })).toMatchObject({
      value: [
        ['a', 'b'],
        "CheckError: Failure condition: Tried to access partition key for output 'result' of step 'person', but the step output has a partition range: 'a' to 'b'.",
        'b',
        "ValueError: Tried to get asset partitions for an output 'result' that correponds to a partitioned asset that is not time-partitioned.",
      ],
    });
    const none = 'CheckError: Failure condition: The output has no asset partitions';
    expect(await execute('plain')).toMatchObject({
      value: [
        "DagsterInvariantViolationError: Attempting to access partitions def for asset AssetKey(['plain']), but it is not partitioned",
        none,
        none,
        "ValueError: Tried to get asset partitions for an output 'result' that does not correspond to a partitioned asset.",
      ],
    });
  });

  it('[SDK-3] a misspelt member of the context is an error', async () => {
    const { execute } = guestOf([asset('(context) => context.partition_key')]);
    expect(await execute('it')).toMatchObject({
      error: {
        kind: 'AttributeError',
        message: 'context has no partition_key. Did you mean context.partitionKey?',
      },
    });
    const { execute: other } = guestOf([
      asset('async (context) => JSON.stringify([await context].length)'),
    ]);
    expect(await other('it')).toMatchObject({ value: '1' });
  });

  it('[SDK-7] config is parsed by zod when the step starts, and frozen', async () => {
    const { execute } = guestOf([
      `const Settings = dg.Config({ limit: z.int().max(5), pet: z.discriminatedUnion('type', [z.object({ type: z.literal('cat'), lives: z.int() })]) });`,
      asset(
        `({ config }) => { try { config.limit = 9; } catch (thrown) { return [config, thrown.name]; } }`,
        '{ config: Settings }',
      ),
    ]);
    const pet = { cat: { lives: 9 } };
    expect(await execute('it', { config: { limit: 5, pet } })).toMatchObject({
      value: [{ limit: 5, pet: { type: 'cat', lives: 9 } }, 'TypeError'],
    });
    expect(await execute('it', { config: { limit: 6, pet } })).toMatchObject({
      status: 'failure',
      error: {
        kind: 'ValidationError',
        message: expect.stringContaining('1 validation error for Settings: limit: ') as string,
      },
    });
  });

  it('[SDK-10] results carry metadata, and leave the I/O manager out if they have no value', async () => {
    const { execute } = guestOf([
      `const result = dg.asset((context) => { context.addOutputMetadata({ n: 2 }); return dg.MaterializeResult({ metadata: { n: 1, at: dg.MetadataValue.md('*x*'), list: [1] } }); });
const output = dg.asset(() => dg.Output([1], { dataVersion: 'v1' }));
const nothing = dg.asset(() => {});
const none = dg.asset(() => null);`,
    ]);
    expect(await execute('result')).toMatchObject({
      hasValue: false,
      handled: false,
      metadata: { n: 2, at: { type: 'md', value: '*x*' }, list: { type: 'json', value: [1] } },
    });
    expect(await execute('output')).toMatchObject({ value: [1], handled: true, dataVersion: 'v1' });
    expect(await execute('nothing')).toMatchObject({ hasValue: false, handled: true });
    expect(await execute('none')).toMatchObject({ hasValue: true, value: null });
  });

  it('[RT-9] each run evaluates the cells afresh', async () => {
    const { execute } = guestOf([`let count = 0;`, asset(`() => (count += 1)`)]);
    await execute('it');
    expect(await execute('it')).toMatchObject({ value: 1 });
  });

  it('[SDK-15] what is written with the console belongs to the run that is on', async () => {
    const { guest, execute, lines } = guestOf([asset(`() => 1`)]);
    const running = execute('it');
    guest.say('INFO', 'during');
    await running;
    guest.say('INFO', 'after');
    expect(lines).toEqual(['INFO during']);
  });

  it('[RT-7] lines beyond 1 MB are counted, not kept', async () => {
    const { execute, lines } = guestOf([
      asset(`({ log }) => { for (let i = 0; i < 2000; i++) log.info('x'.repeat(1000)); }`),
    ]);
    await execute('it');
    expect(lines.length).toBeLessThan(1030);
    expect(lines.at(-1)).toMatch(/^WARNING \d+ further lines were not kept/);
  });
});

describe('tests in cells', () => {
  it('[SDK-12] pass or fail, on a copy of the files', async () => {
    const { guest, files, world } = guestOf([
      `dg.test('writes', async () => {
  await files.write('a.csv', [{ n: 1, text: 'x, "y"' }, { n: 2, text: null }]);
  assert.deepEqual(files.list(), ['a.csv']);
  assert.deepEqual(await files.readCsv('a.csv'), [{ n: 1, text: 'x, "y"' }, { n: 2, text: null }]);
});
dg.test('fails', () => { assert.equal(1, 2); });`,
    ]);
    expect(await guest.runTest(0, world)).toMatchObject({ status: 'passed' });
    expect(files.size).toBe(0);
    expect(await guest.runTest(1, world)).toMatchObject({
      status: 'failed',
      error: { name: 'AssertionError', message: 'expected 1 to equal 2' },
    });
  });
});

describe('files', () => {
  it('[SDK-12] a call sees its own writes, and reads a file once as long as it is the same', async () => {
    const { execute, files, reads, world } = guestOf([
      `const write = dg.asset(async () => { await files.write('out/a.txt', 'hello'); return [files.has('out/a.txt'), await files.readText('out/a.txt')]; });
const read = dg.asset(async () => { const rows = await files.readCsv('in.csv'); rows[0].n = 'mine'; return (await files.readCsv('in.csv'))[0].n; });`,
    ]);
    expect(await execute('write')).toMatchObject({ value: [true, 'hello'] });
    files.set('in.csv', new TextEncoder().encode('n\n1\n'));
    const before = reads.count;
    const stays = { ...world, files: ['in.csv'], filesVersion: 1 };
    expect(await execute('read', { world: stays })).toMatchObject({ value: 1 });
    expect(await execute('read', { world: stays })).toMatchObject({ value: 1 });
    expect(reads.count).toBe(before + 1);
    files.set('in.csv', new TextEncoder().encode('n\n5\n'));
    expect(await execute('read', { world: { ...stays, filesVersion: 2 } })).toMatchObject({
      value: 5,
    });
  });

  it('[SDK-12] a file that is not there is named, with those that are', async () => {
    const { execute, files } = guestOf([
      asset(`() => files.readText('b.txt')`),
      `const up = dg.asset(() => files.readText('../x'));`,
    ]);
    files.set('a.txt', new Uint8Array());
    expect(await execute('it')).toMatchObject({
      error: { message: 'There is no file "b.txt": the notebook has a.txt.' },
    });
    expect(await execute('up')).toMatchObject({
      error: { message: expect.stringContaining('is not a path') as string },
    });
  });
});
