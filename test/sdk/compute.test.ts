import { describe, expect, it } from 'vitest';
import { guestOf } from './guest-of.ts';

const CUSTOMERS = `const customers = dg.StaticPartitionsDefinition(['a', 'b']);`;

/** One asset called `it` whose function is given, with options. */
const asset = (body: string, options = '{}') => `const it = dg.asset(${options}, ${body});`;

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
    const probe = `const each = (name) => [
  () => context.assetPartitionKeysForInput(name),
  () => context.assetPartitionKeyForInput(name),
  () => context.assetPartitionKeyRangeForInput(name).end,
  () => context.assetPartitionsTimeWindowForInput(name).end.toISODate(),
].map((ask) => { try { return ask(); } catch (thrown) { return thrown.kind + ': ' + thrown.message; } });`;
    const { execute } = guestOf([
      CUSTOMERS,
      `const daily = dg.DailyPartitionsDefinition({ startDate: '2026-03-01' });
const days = dg.asset({ partitionsDef: daily }, () => 1);
const people = dg.asset({ partitionsDef: customers }, () => 1);
const plain = dg.asset(() => 1);`,
      asset(
        `(context) => { ${probe} return ['days', 'people', 'plain', 'other', 'x'].map(each); }`,
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
      'CheckError: Tried to access asset partition key range, but there are (2) key ranges associated with this input.';
    const noPartitions = 'CheckError: The input has no asset partitions';
    const noInput =
      'DagsterInvariantViolationError: The asset it has no input "x". Its inputs: other, days, people, plain.';
    expect(answer).toMatchObject({
      value: [
        [['2026-03-01', '2026-03-03'], twoRanges, twoRanges, twoRanges],
        [
          ['b'],
          'b',
          'b',
          "ValueError: Tried to get asset partitions for an input 'people' that corresponds to a partitioned asset that is not time-partitioned.",
        ],
        [noPartitions, noPartitions, noPartitions, noPartitions],
        [noPartitions, noPartitions, noPartitions, noPartitions],
        [noInput, noInput, noInput, noInput],
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
