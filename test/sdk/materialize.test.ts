import { describe, expect, it } from 'vitest';
import { guestOf, seenIn, thrownIn } from './guest-of.ts';

const DAYS = `const days = dg.DailyPartitionsDefinition({ startDate: '2026-03-01' });
const events = dg.asset({ partitionsDef: days }, (context) => [context.partitionKey]);
const stats = dg.asset({ partitionsDef: days, ins: { events: dg.AssetIn(events, { partitionMapping: dg.TimeWindowPartitionMapping({ startOffset: -1, endOffset: -1 }) }) } }, (context, { events }) => events ? events[0] : 'none');`;

describe('materializing in the sandbox', () => {
  it('[SDK-30] [JOB-5] runs the assets with the events of a run in process', async () => {
    expect(
      await seenIn(
        `const result = await dg.materialize([events], { partitionKey: '2026-03-02', tags: { team: 'x' } });
return [result.success, result.outputForNode('events'), result.run.tags, result.assetMaterializationsForNode('events').map((m) => [String(m.assetKey), m.partition, m.metadata]), result.events.map((e) => e.type)];`,
        DAYS,
      ),
    ).toEqual([
      true,
      ['2026-03-02'],
      {
        team: 'x',
        'dagster/partition': '2026-03-02',
        'dagster/partition_set': '__ephemeral_asset_job___partition_set',
      },
      [['events', '2026-03-02', { path: 'storage/events/2026-03-02' }]],
      [
        'ASSET_MATERIALIZATION_PLANNED',
        'RUN_START',
        'STEP_START',
        'LOG',
        'STEP_OUTPUT',
        'LOG',
        'ASSET_MATERIALIZATION',
        'HANDLED_OUTPUT',
        'STEP_SUCCESS',
        'RUN_SUCCESS',
      ].filter((type, at) => !(type === 'LOG' && at === 3)),
    ]);
  });

  it('[MAP-5] values last as long as the instance; without one, nothing is there', async () => {
    expect(
      await seenIn(
        `const instance = dg.DagsterInstance.ephemeral();
await dg.materialize([events], { partitionKey: '2026-03-01', instance });
const [second, first] = await Promise.all(['2026-03-02', '2026-03-01'].map((partitionKey) => dg.materialize([events, stats], { selection: [stats], partitionKey, instance })));
return [second.outputForNode('stats'), first.outputForNode('stats'), instance.getMaterializedPartitions(events)];`,
        DAYS,
      ),
    ).toEqual(['2026-03-01', 'none', ['2026-03-01']]);
    expect(
      await thrownIn(
        `await dg.materialize([events, stats], { selection: [stats], partitionKey: '2026-03-02' });`,
        DAYS,
      ),
    ).toEqual([
      'FileNotFoundError',
      "[Errno 2] No such file or directory: 'storage/events/2026-03-01'",
    ]);
  });

  it('[JOB-2] [JOB-5] refuses keys and definitions that do not fit', async () => {
    const hourly = `const hours = dg.asset({ partitionsDef: dg.HourlyPartitionsDefinition({ startDate: '2026-03-01-00:00' }) }, () => 1);
const plain = dg.asset(() => 1);`;
    expect(await thrownIn(`await dg.materialize([events], { partitionKey: 'x' });`, DAYS)).toEqual([
      'DagsterUnknownPartitionError',
      'Could not find a partition with key `x`.',
    ]);
    expect(
      await thrownIn(`await dg.materialize([plain], { partitionKey: 'x' });`, hourly),
    ).toMatchObject(['CheckError', expect.stringContaining('no PartitionsDefinition shared')]);
    const several = await thrownIn(
      `await dg.materialize([events, hours], { partitionKey: '2026-03-01' });`,
      DAYS,
      hourly,
    );
    expect(several).toEqual([
      'DagsterInvalidDefinitionError',
      'Failed to resolve asset job __ephemeral_asset_job__',
      'DagsterInvalidDefinitionError',
      expect.stringContaining('Error resolving selection for asset job "__ephemeral_asset_job__"'),
      'DagsterInvalidDefinitionError',
      expect.stringContaining('Selected assets must have the same partitions definitions'),
    ]);
    expect(
      await seenIn(
        `return (await dg.materialize([events, hours, plain], { selection: dg.AssetSelection.assets(events, plain), partitionKey: '2026-03-01' })).success;`,
        DAYS,
        hourly,
      ),
    ).toBe(true);
    expect(await thrownIn(`await dg.materialize([events]);`, DAYS)).toEqual([
      'DagsterInvariantViolationError',
      'Cannot access partition_key for a non-partitioned run',
    ]);
  });

  it('[CFG-9] run config is checked before the run, and by zod in its step', async () => {
    const cell = `const Limit = dg.Config({ limit: z.int().min(1).default(5) });
const limited = dg.asset({ config: Limit }, (context) => context.config.limit);
const limited_job = dg.defineAssetJob('limited_job', { selection: [limited], config: { ops: { limited: { config: { limit: 3 } } } } });`;
    expect(
      await seenIn(
        `const outputs = [];
for (const result of [await dg.materialize([limited]), await limited_job.executeInProcess(), await limited_job.executeInProcess({ runConfig: dg.RunConfig({ ops: { limited: { config: { limit: 4 } } } }) })]) outputs.push(result.outputForNode('limited'));
const failed = await dg.materialize([limited], { runConfig: { ops: { limited: { config: { limit: 0 } } } }, raiseOnError: false });
return [outputs, failed.success, failed.events.map((e) => e.type)];`,
        cell,
      ),
    ).toEqual([
      [5, 3, 4],
      false,
      ['ASSET_MATERIALIZATION_PLANNED', 'RUN_START', 'STEP_START', 'STEP_FAILURE', 'RUN_FAILURE'],
    ]);
    expect(
      await thrownIn(
        `await dg.materialize([limited], { runConfig: { ops: { limited: { config: { limit: 'x' } } } } });`,
        cell,
      ),
    ).toMatchObject(['DagsterInvalidConfigError', expect.stringContaining('Invalid scalar')]);
  });

  it('[CTX-5] [PS-5] a run over a range records each key', async () => {
    expect(
      await seenIn(
        `const result = await dg.materialize([week], { tags: { 'dagster/asset_partition_range_start': '2026-03-02', 'dagster/asset_partition_range_end': '2026-03-04' } });
return [result.events.filter((e) => e.type === 'ASSET_MATERIALIZATION').map((e) => [e.partitionKey, e.metadata]), result.success];`,
        DAYS,
        `const week = dg.asset({ partitionsDef: days, backfillPolicy: dg.BackfillPolicy.singleRun() }, (context) => {
  assert.isFalse(context.hasPartitionKey);
  assert.isTrue(context.hasPartitionKeyRange);
  assert.deepEqual(context.partitionKeys, ['2026-03-02', '2026-03-03', '2026-03-04']);
  assert.equal(context.partitionTimeWindow.end.toISODate(), '2026-03-05');
  context.addAssetMetadata({ all: 1 });
  context.addAssetMetadata({ only: 2 }, { partitionKey: '2026-03-03' });
  return dg.MaterializeResult({ metadata: { rows: 3 } });
});`,
      ),
    ).toEqual([
      [
        ['2026-03-02', { rows: 3, all: 1 }],
        ['2026-03-03', { rows: 3, all: 1, only: 2 }],
        ['2026-03-04', { rows: 3, all: 1 }],
      ],
      true,
    ]);
  });

  it('[SDK-33] [CTX-9] [CTX-13] a function may ask for the keys of what it does not load', async () => {
    expect(
      await seenIn(
        `return (await dg.materialize([events, report], { selection: [report], partitionKey: '2026-03-03' })).outputForNode('report');`,
        DAYS,
        `const report = dg.asset({ partitionsDef: days, deps: [dg.AssetDep(events, { partitionMapping: dg.TimeWindowPartitionMapping({ startOffset: -1 }) })] }, (context) => [context.assetPartitionKeysForInput('events'), context.assetPartitionKeyRangeForInput('events').end]);`,
      ),
    ).toEqual([['2026-03-02', '2026-03-03'], '2026-03-03']);
  });

  it('[SDK-33] [CTX-9] asked for keys that it needs and that do not exist, an input names them as Dagster does', async () => {
    const asks = ['PartitionKeys', 'PartitionKey', 'PartitionKeyRange', 'PartitionsTimeWindow'].map(
      (name) => `context.asset${name}ForInput('readings')`,
    );
    const told = asks.map(
      (ask) => `(() => { try { return ${ask}; } catch (thrown) { return thrown.message; } })()`,
    );
    expect(
      await seenIn(
        `return (await dg.materialize([readings, mean], { selection: [mean], partitionKey: '2026-03-01' })).outputForNode('mean');`,
        DAYS,
        `const hours = dg.HourlyPartitionsDefinition({ startDate: '2026-03-01-06:00' });
const readings = dg.asset({ partitionsDef: hours }, () => 1);
const mean = dg.asset({ partitionsDef: days, deps: [readings] }, (context) => [${told.join(', ')}]);`,
      ),
    ).toEqual(
      Array(4).fill(
        "Partition key range PartitionKeyRange(start='2026-03-01', end='2026-03-01') in mean depends on invalid partitions TimeWindowPartitionsSubset([PartitionKeyRange(start='2026-03-01-00:00', end='2026-03-01-05:00')]) in upstream asset AssetKey(['readings'])",
      ),
    );
  });

  it('[SDK-33] [CTX-3] an asset without partitions sees the key of the run that it rides along in', async () => {
    expect(
      await seenIn(
        `return (await dg.materialize([events, rider], { partitionKey: '2026-03-02' })).outputForNode('rider');`,
        DAYS,
        `const rider = dg.asset((context) => [context.partitionKey, context.hasPartitionKey, context.getTag('dagster/partition')]);`,
      ),
    ).toEqual(['2026-03-02', true, '2026-03-02']);
  });

  it('[DYN-3] keys are those of the instance', async () => {
    const cell = `const images = dg.DynamicPartitionsDefinition({ name: 'images' });
const image = dg.asset({ partitionsDef: images }, (context) => context.instance.hasDynamicPartition('images', context.partitionKey));`;
    expect(
      await seenIn(
        `const instance = dg.DagsterInstance.ephemeral();
instance.addDynamicPartitions('images', ['new.png']);
return (await dg.materialize([image], { partitionKey: 'new.png', instance })).outputForNode('image');`,
        cell,
      ),
    ).toBe(true);
    expect(await thrownIn(`await dg.materialize([image], { partitionKey: 'a' });`, cell)).toContain(
      'DagsterUnknownPartitionError',
    );
  });
});

describe('an I/O manager of a cell', () => {
  const MANAGER = `const csv = dg.IOManager({
  handleOutput: async (context, rows) => { await files.write(context.getAssetIdentifier().join('/') + '.csv', rows); context.addOutputMetadata({ rows: rows.length }); },
  loadInput: (context) => context.hasAssetPartitions && context.assetPartitionKeys.length > 1
    ? Promise.all(context.assetPartitionKeys.map((key) => files.readCsv('days/' + key + '.csv')))
    : files.readCsv(context.getAssetIdentifier().join('/') + '.csv'),
});
const daily = dg.DailyPartitionsDefinition({ startDate: '2026-03-01' });
const days = dg.asset({ partitionsDef: daily, ioManager: csv }, (context) => [{ day: context.partitionKey, n: 1 }]);
const sum = dg.asset({ partitionsDef: daily, ins: { days } }, (context, { days }) => days.reduce((all, { n }) => all + n, 0));`;

  it('[SDK-31] [IO-8] keeps the value, which is then recorded and not stored by the engine', async () => {
    const { execute, files } = guestOf([MANAGER]);
    const answer = await execute('days', { partitionKeys: ['2026-03-02'] });
    expect(answer).toMatchObject({ status: 'success', keptByCell: true, metadata: { rows: 1 } });
    expect(new TextDecoder().decode(files.get('days/2026-03-02.csv'))).toContain('2026-03-02');
    const inputs = [{ name: 'days', keys: ['2026-03-02'], kind: 'none' }] as const;
    expect(await execute('sum', { partitionKeys: ['2026-03-02'], inputs })).toMatchObject({
      status: 'success',
      value: 1,
    });
  });

  it('[IO-5] fails the step with Dagster’s classes, its own error as the cause', async () => {
    const { execute } = guestOf([MANAGER]);
    const inputs = [{ name: 'days', keys: ['2026-03-05'], kind: 'none' }] as const;
    expect(await execute('sum', { partitionKeys: ['2026-03-05'], inputs })).toMatchObject({
      status: 'failure',
      error: {
        kind: 'DagsterExecutionLoadInputError',
        message: 'Error occurred while loading input "days" of step "sum":',
        cause: { message: expect.stringContaining('There is no file') },
      },
    });
  });

  it('[IO-4] is used by runs in the sandbox too', async () => {
    expect(
      await seenIn(
        `const result = await dg.materialize([days, sum], { partitionKey: '2026-03-04' });
return [result.outputForNode('sum'), result.outputForNode('days'), result.assetMaterializationsForNode('days')[0].metadata];`,
        MANAGER,
      ),
    ).toEqual([1, [{ day: '2026-03-04', n: 1 }], { rows: 1 }]);
  });
});
