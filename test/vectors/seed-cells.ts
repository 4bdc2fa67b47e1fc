/** The examples of the two seed documents as cells, by what they are about. */

const CUSTOMERS = `
const rowsOf = (customer) => [
  { order_id: customer + '-001', amount: 150 },
  { order_id: customer + '-002', amount: 275.5 },
  { order_id: customer + '-003', amount: 89.99 },
];
const summaryOf = (customer) => ({ customer_id: customer, total_orders: 3, total_revenue: 515.49 });
const textOf = (summary) =>
  "{'customer_id': '" + summary.customer_id + "', 'total_orders': " + summary.total_orders +
  ", 'total_revenue': " + summary.total_revenue + '}';
const ordersOf = (context, customer) => {
  context.log.info('Fetching orders for customer: ' + customer);
  const orders = rowsOf(customer);
  context.log.info('Processed ' + orders.length + ' orders for ' + customer);
  return orders;
};
const summarize = (context, customer) => {
  context.log.info('Generating summary for customer: ' + customer);
  const summary = summaryOf(customer);
  context.log.info('Summary for ' + customer + ': ' + textOf(summary));
  return summary;
};
`;

/** Seed A: one customer a partition. */
export function customersAsPartitions(keys: readonly string[]): readonly string[] {
  return [
    CUSTOMERS,
    `const customer_partitions = dg.StaticPartitionsDefinition(${JSON.stringify(keys)});
const customer_orders = dg.asset({ partitionsDef: customer_partitions }, (context) =>
  ordersOf(context, context.partitionKey));
const customer_summary = dg.asset(
  { partitionsDef: customer_partitions, deps: [customer_orders] },
  (context) => summarize(context, context.partitionKey),
);
const assets = [customer_orders, customer_summary];`,
  ];
}

/** Seed A: the customer is config. */
export const customersAsConfig: readonly string[] = [
  CUSTOMERS,
  `const CustomerConfig = dg.Config({ customer_id: z.string() });
const customer_orders = dg.asset({ config: CustomerConfig }, (context) =>
  ordersOf(context, context.config.customer_id));
const customer_summary = dg.asset(
  { config: CustomerConfig, deps: [customer_orders] },
  (context) => summarize(context, context.config.customer_id),
);
const assets = [customer_orders, customer_summary];`,
];

/** Seed A: the customer is a partition, how it is processed is config. */
export function customersAsBoth(keys: readonly string[]): readonly string[] {
  return [
    `const customer_partitions = dg.StaticPartitionsDefinition(${JSON.stringify(keys)});
const ProcessingConfig = dg.Config({
  include_archived: z.boolean().default(false),
  limit: z.number().int().default(1000),
});
const customer_data = dg.asset(
  { partitionsDef: customer_partitions, config: ProcessingConfig },
  (context) => {
    const archived = context.config.include_archived ? 'True' : 'False';
    context.log.info('Processing ' + context.partitionKey + ' with include_archived=' + archived);
    return null;
  },
);
const assets = [customer_data];`,
  ];
}

/** Seed B: what is fetched for a day goes to a file of its own. */
export function dailyAsset(startDate: string): readonly string[] {
  return [
    `const my_daily_partitioned_asset = dg.asset(
  { partitionsDef: dg.DailyPartitionsDefinition({ startDate: '${startDate}' }) },
  (context) => {
    context.log.info('weather_observations/' + context.assetPartitionKeyForOutput() + '.csv');
    return dg.MaterializeResult();
  },
);
const assets = [my_daily_partitioned_asset];`,
  ];
}

/** Seed B: a day and a colour. */
export function multiAsset(startDate: string, colours: readonly string[]): readonly string[] {
  return [
    `const multi_partitions_asset = dg.asset(
  {
    partitionsDef: dg.MultiPartitionsDefinition({
      date: dg.DailyPartitionsDefinition({ startDate: '${startDate}' }),
      color: dg.StaticPartitionsDefinition(${JSON.stringify(colours)}),
    }),
  },
  (context) => {
    const { color, date } = context.partitionKey.keysByDimension;
    context.log.info('{"color": "' + color + '", "date": "' + date + '"}');
    return String(context.partitionKey);
  },
);
const assets = [multi_partitions_asset];`,
  ];
}

/** Seed B: a job over two hourly assets. */
export const assetJob: readonly string[] = [
  `const hourly_partitions_def = dg.HourlyPartitionsDefinition({ startDate: '2022-05-31-00:00' });
const asset1 = dg.asset({ partitionsDef: hourly_partitions_def }, () => 1);
const asset2 = dg.asset({ partitionsDef: hourly_partitions_def }, () => 2);
const partitioned_asset_job = dg.defineAssetJob('partitioned_asset_job', {
  selection: dg.AssetSelection.assets(asset1, asset2),
  partitionsDef: hourly_partitions_def,
});`,
];

/** Seed B: jobs of ops, with config by hand, by the day, by the offset day, and by the continent. */
export const opJobs: readonly string[] = [
  `const ProcessDateConfig = dg.Config({ date: z.string() });
const process_data_for_date = dg.op({ config: ProcessDateConfig }, (context) => {
  context.log.info('processing data for ' + context.config.date);
  return null;
});
const do_stuff = dg.job(() => { process_data_for_date(); });`,
  `const my_partitioned_config = dg.dailyPartitionedConfig(
  { startDate: '2020-01-01' },
  (start, end) => ({
    ops: { process_data_for_date: { config: { date: start.toFormat('yyyy-MM-dd') } } },
  }),
);
const do_stuff_partitioned = dg.job({ config: my_partitioned_config }, () => {
  process_data_for_date();
});
const do_stuff_partitioned_schedule = dg.buildScheduleFromPartitionedJob(do_stuff_partitioned);`,
  `const ProcessConfig = dg.Config({ start: z.string(), end: z.string() });
const process_data = dg.op({ config: ProcessConfig }, (context) => {
  context.log.info('processing data for ' + context.config.start + ' - ' + context.config.end);
  return null;
});
const my_offset_partitioned_config = dg.dailyPartitionedConfig(
  { startDate: '2020-01-01', minuteOffset: 15 },
  (start, end) => ({
    ops: {
      process_data: {
        config: {
          start: start.toFormat('yyyy-MM-dd-HH:mm'),
          end: end.toFormat('yyyy-MM-dd-HH:mm'),
        },
      },
    },
  }),
);
const do_more_stuff_partitioned = dg.job({ config: my_offset_partitioned_config }, () => {
  process_data();
});`,
  `const CONTINENTS = [
  'Africa', 'Antarctica', 'Asia', 'Europe', 'North America', 'Oceania', 'South America',
];
const continent_config = dg.staticPartitionedConfig(
  { partitionKeys: CONTINENTS },
  (partitionKey) => ({ ops: { continent_op: { config: { continent_name: partitionKey } } } }),
);
const ContinentOpConfig = dg.Config({ continent_name: z.string() });
const continent_op = dg.op({ config: ContinentOpConfig }, (context) => {
  context.log.info(context.config.continent_name);
  return null;
});
const continent_job = dg.job({ config: continent_config }, () => { continent_op(); });
const continent_schedule = dg.schedule(
  { cronSchedule: '0 0 * * *', job: continent_job },
  function* () {
    for (const name of CONTINENTS) yield dg.RunRequest({ runKey: name, partitionKey: name });
  },
);
const antarctica_schedule = dg.schedule(
  { cronSchedule: '0 0 * * *', job: continent_job },
  () => dg.RunRequest({ partitionKey: 'Antarctica' }),
);`,
];
