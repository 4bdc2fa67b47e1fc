import { describe, expect, it } from 'vitest';
import { guestOf, thrownIn, valueOf } from './guest-of.ts';

const DAYS = `const days = dg.DailyPartitionsDefinition({ startDate: '2026-03-01', timezone: 'America/New_York' });`;

describe('rules, as cells meet them', () => {
  it('[GEN-2] a time without a zone is one of the definition’s zone', async () => {
    expect(await valueOf(`days.getPartitionKeys({ currentTime: '2026-03-03' })`, DAYS)).toEqual([
      '2026-03-01',
      '2026-03-02',
    ]);
  });

  it('[RNG-1] a range of keys is not checked where it is written', async () => {
    const range = `dg.PartitionKeyRange('z', 'a')`;
    expect(await valueOf(`[${range}.start, ${range}.end]`)).toEqual(['z', 'a']);
  });

  it('[MPK-2] what takes a key takes a key of two dimensions, or its text', async () => {
    const cell = `${DAYS}
const both = dg.MultiPartitionsDefinition({ day: days, color: dg.StaticPartitionsDefinition(['red']) });
const key = dg.MultiPartitionKey({ day: '2026-03-01', color: 'red' });`;
    const asked = `[both.hasPartitionKey(key), both.hasPartitionKey('red|2026-03-01'), String(key)]`;
    expect(await valueOf(asked, cell)).toEqual([true, true, 'red|2026-03-01']);
  });

  it('[CFG-2] config is given as a RunConfig or as the plain object', async () => {
    const plain = `{ ops: { load: { config: { limit: 1 } } } }`;
    const cell = `const Limit = dg.Config({ limit: z.int() });
const load = dg.op({ config: Limit }, () => null);
const one_job = dg.job(() => { load(); });`;
    expect(await valueOf(`dg.validateRunConfig(one_job, dg.RunConfig(${plain}))`, cell)).toEqual(
      await valueOf(`dg.validateRunConfig(one_job, ${plain})`, cell),
    );
  });

  it('[CFG-7] config cannot be changed by what it is given to', async () => {
    const { execute } = guestOf([
      `const Limit = dg.Config({ limit: z.int() });
const it = dg.asset({ config: Limit }, ({ config }) => { try { config.limit = 9; } catch { return config.limit; } });`,
    ]);
    expect(await execute('it', { config: { limit: 5 } })).toMatchObject({ value: 5 });
  });

  it('[PC-1] a partitioned config is a definition and a function of its keys', async () => {
    const cell = `const letters = dg.StaticPartitionsDefinition(['a', 'b']);
const by_letter = dg.PartitionedConfig({
  partitionsDef: letters,
  runConfigForPartitionKeyFn: (key) => ({ ops: { load: { config: { key } } } }),
  tagsForPartitionKeyFn: (key) => ({ letter: key }),
});`;
    const asked = `[by_letter.getPartitionKeys(), by_letter.getRunConfigForPartitionKey('b'), by_letter.getTagsForPartitionKey('b').letter]`;
    expect(await valueOf(asked, cell)).toEqual([
      ['a', 'b'],
      { ops: { load: { config: { key: 'b' } } } },
      'b',
    ]);
  });

  it('[CTX-4] a run of one key has the range from it to it', async () => {
    const { execute } = guestOf([
      DAYS,
      `const it = dg.asset({ partitionsDef: days }, ({ partitionKeyRange: { start, end } }) => [start, end]);`,
    ]);
    expect(await execute('it', { partitionKeys: ['2026-03-02'] })).toMatchObject({
      value: ['2026-03-02', '2026-03-02'],
    });
  });

  it('[CTX-8] the keys of an output are those of the run, and only one can be asked for as one', async () => {
    const { execute } = guestOf([
      DAYS,
      `const it = dg.asset({ partitionsDef: days }, (context) => {
  const key = () => { try { return context.assetPartitionKeyForOutput(); } catch (thrown) { return thrown.kind; } };
  const { start, end } = context.assetPartitionKeyRangeForOutput();
  return [key(), context.assetPartitionKeysForOutput(), start, end, context.assetPartitionsTimeWindowForOutput().end.toISODate()];
});`,
    ]);
    const [second, third] = ['2026-03-02', '2026-03-03'];
    expect(await execute('it', { partitionKeys: [second] })).toMatchObject({
      value: [second, [second], second, second, third],
    });
    expect(await execute('it', { partitionKeys: [second, third] })).toMatchObject({
      value: ['CheckError', [second, third], second, third, '2026-03-04'],
    });
  });

  it('[CTX-10] metadata that is added twice counts as it was added last', async () => {
    const { execute } = guestOf([
      `const it = dg.asset((context) => {
  context.addOutputMetadata({ rows: 1, kept: 2 });
  context.addOutputMetadata({ rows: 3 });
  return context.run.runId;
});`,
    ]);
    const answer = await execute('it');
    expect(answer).toMatchObject({ status: 'success', value: 'run1' });
    expect(answer).toHaveProperty('metadata', { rows: 3, kept: 2 });
  });

  it('[RR-2] a request that names its key by another option is refused with the right one', async () => {
    expect(await thrownIn(`dg.RunRequest({ partitionkey: 'a' });`)).toMatchObject({
      1: expect.stringContaining('partitionKey') as string,
    });
  });
});
