import { describe, expect, it } from 'vitest';
import { seenIn } from './guest-of.ts';

/** A name that the two documents use, what a notebook writes for it, and what comes of it. */
interface SeedName {
  readonly name: string;
  readonly cells?: readonly string[];
  /** The body of an async function; what it gives back is `gives`. */
  readonly body: string;
  readonly gives: unknown;
}

const DAILY = `const daily = dg.DailyPartitionsDefinition({ startDate: '2026-03-01' });`;
const COLOURS = `const colours = dg.StaticPartitionsDefinition(['red', 'blue']);`;
const MULTI = `${DAILY}
${COLOURS}
const pairs = dg.MultiPartitionsDefinition({ date: daily, color: colours });`;
const ORDERS = `${COLOURS}
const orders = dg.asset({ partitionsDef: colours }, (context) => { context.log.info('of ' + context.partitionKey); return context.partitionKey; });
const summary = dg.asset({ partitionsDef: colours, deps: [orders] }, () => 1);
const all_job = dg.defineAssetJob('all_job', { selection: dg.AssetSelection.assets(orders, summary), partitionsDef: colours });`;
const OP_JOB = `const DateConfig = dg.Config({ date: z.string() });
const work = dg.op({ config: DateConfig }, (context) => context.config.date);
const days_config = dg.dailyPartitionedConfig({ startDate: '2026-03-01' }, (start, end) => ({ ops: { work: { config: { date: start.toISODate() + ' to ' + end.toISODate() } } } }));
const days_job = dg.job({ config: days_config }, () => { work(); });`;
const MIDNIGHT = `dg.buildScheduleContext({ scheduledExecutionTime: DateTime.utc(2026, 3, 4) })`;

const NAMES: readonly SeedName[] = [
  {
    name: 'StaticPartitionsDefinition, get_partition_keys',
    cells: [COLOURS],
    body: 'return colours.getPartitionKeys();',
    gives: ['red', 'blue'],
  },
  {
    name: 'HourlyPartitionsDefinition',
    body: `return dg.HourlyPartitionsDefinition({ startDate: '2026-03-10-07:00' }).getPartitionKeys();`,
    gives: ['2026-03-10-07:00', '2026-03-10-08:00'],
  },
  {
    name: 'DailyPartitionsDefinition',
    cells: [DAILY],
    body: 'return [daily.getNumPartitions(), daily.getLastPartitionKey()];',
    gives: [9, '2026-03-09'],
  },
  {
    name: 'WeeklyPartitionsDefinition: Sunday is 0',
    body: `return dg.WeeklyPartitionsDefinition({ startDate: '2026-02-20' }).getPartitionKeys();`,
    gives: ['2026-02-22', '2026-03-01'],
  },
  {
    name: 'MonthlyPartitionsDefinition: days count from 1',
    body: `return dg.MonthlyPartitionsDefinition({ startDate: '2026-01-01' }).getPartitionKeys();`,
    gives: ['2026-01-01', '2026-02-01'],
  },
  {
    name: 'MultiPartitionsDefinition, MultiPartitionKey.keys_by_dimension',
    cells: [MULTI],
    body: `const key = pairs.getFirstPartitionKey(); return [String(key), key.keysByDimension.color, pairs.partitionDimensionNames];`,
    gives: ['red|2026-03-01', 'red', ['color', 'date']],
  },
  {
    name: 'DynamicPartitionsDefinition, build_add_request',
    body: `const images = dg.DynamicPartitionsDefinition({ name: 'images' }); const { action, partitionKeys } = images.buildAddRequest(['x']); return [images.getPartitionKeys(), action, partitionKeys];`,
    gives: [['b', 'a'], 'add', ['x']],
  },
  {
    name: 'context.instance.has_dynamic_partition',
    cells: [
      `const look = dg.asset((context) => context.instance.hasDynamicPartition('images', 'x'));`,
    ],
    body: `const instance = dg.DagsterInstance.ephemeral(); instance.addDynamicPartitions('images', ['x']); return [(await dg.materialize([look], { instance })).outputForNode('look'), (await dg.materialize([look])).outputForNode('look')];`,
    gives: [true, false],
  },
  {
    name: 'OpExecutionContext.partition_key',
    cells: [
      COLOURS,
      `const paint = dg.op((context) => context.partitionKey);
const paint_job = dg.job({ partitionsDef: colours }, () => { paint(); });`,
    ],
    body: `return (await paint_job.executeInProcess({ partitionKey: 'blue' })).outputForNode('paint');`,
    gives: 'blue',
  },
  {
    name: 'AssetExecutionContext.partition_key, context.log.info, @asset(partitions_def, deps)',
    cells: [ORDERS],
    body: `const result = await dg.materialize([orders, summary], { partitionKey: 'red' }); return [result.outputForNode('orders'), result.events.filter((e) => e.type === 'LOG' && e.byAuthor).map((e) => e.message)];`,
    gives: ['red', ['of red']],
  },
  {
    name: 'context.asset_partition_key_for_output()',
    cells: [
      DAILY,
      `const day = dg.asset({ partitionsDef: daily }, (context) => context.assetPartitionKeyForOutput());`,
    ],
    body: `return (await dg.materialize([day], { partitionKey: '2026-03-02' })).outputForNode('day');`,
    gives: '2026-03-02',
  },
  {
    name: 'AssetIn, TimeWindowPartitionMapping(start_offset=-1, end_offset=-1)',
    cells: [
      DAILY,
      `const events = dg.asset({ partitionsDef: daily }, (context) => context.partitionKey);
const before = dg.asset({ partitionsDef: daily, ins: { events: dg.AssetIn(events, { partitionMapping: dg.TimeWindowPartitionMapping({ startOffset: -1, endOffset: -1 }) }) } }, (context, { events }) => events);`,
    ],
    body: `const instance = dg.DagsterInstance.ephemeral();
await dg.materialize([events], { partitionKey: '2026-03-01', instance });
const read = async (partitionKey) => (await dg.materialize([events, before], { selection: [before], partitionKey, instance })).outputForNode('before');
return [await read('2026-03-01'), await read('2026-03-02')];`,
    gives: [null, '2026-03-01'],
  },
  {
    name: 'AssetDep(partition_mapping): a mapping without loading',
    cells: [
      DAILY,
      `const events = dg.asset({ partitionsDef: daily }, () => 1);
const before = dg.asset({ partitionsDef: daily, deps: [dg.AssetDep(events, { partitionMapping: dg.TimeWindowPartitionMapping({ startOffset: -1, endOffset: -1 }) })] }, (context) => context.assetPartitionKeysForInput('events'));`,
    ],
    body: `return (await dg.materialize([events, before], { selection: [before], partitionKey: '2026-03-02' })).outputForNode('before');`,
    gives: ['2026-03-01'],
  },
  {
    name: 'materialize(partition_key=MultiPartitionKey(…)).success',
    cells: [
      MULTI,
      `const pair = dg.asset({ partitionsDef: pairs }, (context) => context.partitionKey.keysByDimension);`,
    ],
    body: `const result = await dg.materialize([pair], { partitionKey: dg.MultiPartitionKey({ date: '2026-03-01', color: 'red' }) }); return [result.success, result.outputForNode('pair')];`,
    gives: [true, { color: 'red', date: '2026-03-01' }],
  },
  {
    name: 'define_asset_job, AssetSelection.assets and .keys',
    cells: [
      ORDERS,
      `const one_job = dg.defineAssetJob('one_job', { selection: dg.AssetSelection.keys('orders') });`,
    ],
    body: `return [(await all_job.executeInProcess({ partitionKey: 'red' })).events.filter((e) => e.type === 'STEP_SUCCESS').map((e) => e.stepKey), (await one_job.executeInProcess({ partitionKey: 'red' })).success];`,
    gives: [['orders', 'summary'], true],
  },
  {
    name: 'Definitions(assets)',
    cells: [ORDERS, `const defs = dg.Definitions({ assets: [orders] });`],
    body: `return 'declared';`,
    gives: 'declared',
  },
  {
    name: 'sensor, SensorResult(run_requests, dynamic_partitions_requests)',
    cells: [
      `const images = dg.DynamicPartitionsDefinition({ name: 'images' });
const image = dg.asset({ partitionsDef: images }, () => 1);
const image_job = dg.defineAssetJob('image_job', { selection: [image] });
const image_sensor = dg.sensor({ job: image_job }, (context) => { const fresh = ['x', 'y'].filter((name) => !context.instance.hasDynamicPartition('images', name)); return dg.SensorResult({ runRequests: fresh.map((partitionKey) => dg.RunRequest({ partitionKey })), dynamicPartitionsRequests: [images.buildAddRequest(fresh)] }); });`,
    ],
    body: `const instance = dg.DagsterInstance.ephemeral(); instance.addDynamicPartitions('images', ['x']);
const tick = await image_sensor.evaluateTick(dg.buildSensorContext({ instance }));
return [tick.runRequests.map((r) => r.partitionKey), tick.dynamicPartitionsRequests.map((r) => r.partitionKeys)];`,
    gives: [['y'], [['y']]],
  },
  {
    name: 'schedule, RunRequest(partition_key, run_key): several requests, each with a run key',
    cells: [
      ORDERS,
      `const nightly = dg.schedule({ cronSchedule: '0 1 * * *', job: all_job }, function* () { for (const partitionKey of colours.getPartitionKeys()) yield dg.RunRequest({ partitionKey, runKey: partitionKey }); });`,
    ],
    body: `return (await nightly.evaluateTick(${MIDNIGHT})).runRequests.map((r) => [r.runKey, r.partitionKey]);`,
    gives: [
      ['red', 'red'],
      ['blue', 'blue'],
    ],
  },
  {
    name: 'a schedule that returns one request',
    cells: [
      ORDERS,
      `const only_red = dg.schedule({ cronSchedule: '0 0 * * *', job: all_job }, () => dg.RunRequest({ partitionKey: 'red' }));`,
    ],
    body: `return (await only_red.evaluateTick(${MIDNIGHT})).runRequests.map((r) => [r.runKey, r.partitionKey]);`,
    gives: [[null, 'red']],
  },
  {
    name: 'PartitionedConfig',
    cells: [COLOURS],
    body: `const config = dg.PartitionedConfig({ partitionsDef: colours, runConfigForPartitionKeyFn: (key) => ({ ops: { paint: { config: { key } } } }) }); return [config.getPartitionKeys(), config.getRunConfigForPartitionKey('red')];`,
    gives: [['red', 'blue'], { ops: { paint: { config: { key: 'red' } } } }],
  },
  {
    name: 'the hourly, daily, weekly and monthly decorators',
    body: `const span = (start, end) => ({ ops: { it: { config: { span: start.toFormat('MM-dd HH:mm') + ' ' + end.toFormat('MM-dd HH:mm') } } } });
const configs = [dg.hourlyPartitionedConfig({ startDate: '2026-03-01-00:00' }, span), dg.dailyPartitionedConfig({ startDate: '2026-03-01' }, span), dg.weeklyPartitionedConfig({ startDate: '2026-02-01' }, span), dg.monthlyPartitionedConfig({ startDate: '2026-01-01' }, span)];
return configs.map((config) => config.getRunConfigForPartitionKey(config.getPartitionKeys()[0]).ops.it.config.span);`,
    gives: [
      '03-01 00:00 03-01 01:00',
      '03-01 00:00 03-02 00:00',
      '02-01 00:00 02-08 00:00',
      '01-01 00:00 02-01 00:00',
    ],
  },
  {
    name: 'static_partitioned_config, dynamic_partitioned_config, partitioned_config',
    cells: [COLOURS],
    body: `const give = (key) => ({ ops: { it: { config: { key } } } });
const configs = [dg.staticPartitionedConfig({ partitionKeys: ['a'] }, give), dg.dynamicPartitionedConfig({ partitionFn: () => ['b'] }, give), dg.partitionedConfig({ partitionsDef: colours }, give)];
return configs.map((config) => { const [key] = config.getPartitionKeys(); return config.getRunConfigForPartitionKey(key).ops.it.config.key; });`,
    gives: ['a', 'b', 'red'],
  },
  {
    name: 'calling a partitioned config, .get_run_config_for_partition_key',
    cells: [OP_JOB],
    body: `return [days_config(DateTime.utc(2026, 3, 3), DateTime.utc(2026, 3, 4)).ops.work.config.date, days_config.getRunConfigForPartitionKey('2026-03-05').ops.work.config.date];`,
    gives: ['2026-03-03 to 2026-03-04', '2026-03-05 to 2026-03-06'],
  },
  {
    name: 'build_schedule_from_partitioned_job',
    cells: [OP_JOB, `const days_schedule = dg.buildScheduleFromPartitionedJob(days_job);`],
    body: `return (await days_schedule.evaluateTick(${MIDNIGHT})).runRequests.map((r) => [r.runKey, r.partitionKey]);`,
    gives: [['2026-03-03', '2026-03-03']],
  },
  {
    name: 'validate_run_config',
    cells: [OP_JOB],
    body: `return dg.validateRunConfig(days_job, days_config.getRunConfigForPartitionKey('2026-03-01')).ops;`,
    gives: {
      work: { config: { date: '2026-03-01 to 2026-03-02' }, inputs: {}, outputs: null },
    },
  },
  {
    name: 'JobDefinition.execute_in_process(partition_key).success, @op, @job(config)',
    cells: [OP_JOB],
    body: `const result = await days_job.executeInProcess({ partitionKey: '2026-03-02' }); return [result.success, result.outputForNode('work')];`,
    gives: [true, '2026-03-02 to 2026-03-03'],
  },
  {
    name: 'Config with defaults: the hybrid runs without run config',
    cells: [
      COLOURS,
      `const ProcessingConfig = dg.Config({ include_archived: z.boolean().default(false), limit: z.int().default(1000) });
const customer_data = dg.asset({ partitionsDef: colours, config: ProcessingConfig }, (context) => [context.partitionKey, context.config.include_archived, context.config.limit]);`,
    ],
    body: `return (await dg.materialize([customer_data], { partitionKey: 'red' })).outputForNode('customer_data');`,
    gives: ['red', false, 1000],
  },
  {
    name: 'run config: { ops: { name: { config } } }',
    cells: [
      `const CustomerConfig = dg.Config({ customer_id: z.string() });
const customer_orders = dg.asset({ config: CustomerConfig }, (context) => context.config.customer_id);`,
    ],
    body: `return (await dg.materialize([customer_orders], { runConfig: { ops: { customer_orders: { config: { customer_id: 'c' } } } } })).outputForNode('customer_orders');`,
    gives: 'c',
  },
  {
    name: 'the default I/O manager’s path',
    cells: [
      DAILY,
      `const my_daily_partitioned_asset = dg.asset({ partitionsDef: daily }, () => [1]);`,
    ],
    body: `return (await dg.materialize([my_daily_partitioned_asset], { partitionKey: '2026-03-02' })).assetMaterializationsForNode('my_daily_partitioned_asset')[0].metadata.path;`,
    gives: 'storage/my_daily_partitioned_asset/2026-03-02',
  },
];

describe('every name of the two documents works in a notebook (§13)', () => {
  it.each(NAMES)('[§13] $name', async ({ cells = [], body, gives }) => {
    expect(await seenIn(body, ...cells)).toEqual(gives);
  });
});
