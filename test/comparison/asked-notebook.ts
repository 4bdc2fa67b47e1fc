import { setUpProgram, answerProgram } from '../../src/comparison/dagster-program.ts';
import { Comparison } from '../../src/comparison/comparison.ts';
import type { PredictedLaunch, PredictedTick } from '../../src/export/predicted-functions.ts';
import type { AskedNotebook } from '../../src/comparison/question.ts';
import { guestOf } from '../sdk/guest-of.ts';

const CELLS = `
const days = dg.DailyPartitionsDefinition({ startDate: '2025-10-20', timezone: 'America/New_York' });
const hours = dg.HourlyPartitionsDefinition({ startDate: '2025-10-20-00:00', timezone: 'America/New_York', endDate: '2025-11-05-00:00' });
const early = dg.HourlyPartitionsDefinition({ startDate: '2025-10-20-00:00', timezone: 'America/New_York', endDate: '2025-10-25-06:00' });
const weeks = dg.WeeklyPartitionsDefinition({ startDate: '2025-10-19', timezone: 'America/New_York' });
const months = dg.MonthlyPartitionsDefinition({ startDate: '2025-01-01', endOffset: 1 });
const regions = dg.StaticPartitionsDefinition(['eu', 'us', 'asia']);
const letters = dg.StaticPartitionsDefinition(['a', 'b']);
const pictures = dg.DynamicPartitionsDefinition({ name: 'pictures' });
const grid = dg.MultiPartitionsDefinition({ day: days, region: regions });
const Limits = dg.Config({ at_most: z.number().int().default(3), label: z.string(), rate: z.number().nullable() });

const by_hour = dg.asset({ partitionsDef: hours }, () => 1);
const by_day = dg.asset({ partitionsDef: days, deps: [by_hour], config: Limits }, () => 1);
const by_early_hour = dg.asset({ partitionsDef: early }, () => 1);
const of_early = dg.asset({ partitionsDef: days, deps: [by_early_hour] }, () => 1);
const day_before = dg.asset({ partitionsDef: days, deps: [dg.AssetDep(by_day, { partitionMapping: dg.TimeWindowPartitionMapping({ startOffset: -1, endOffset: -1 }) })] }, () => 1);
const by_week = dg.asset({ partitionsDef: weeks, deps: [by_day] }, () => 1);
const by_month = dg.asset({ partitionsDef: months }, () => 1);
const by_region = dg.asset({ partitionsDef: regions }, () => 1);
const by_letter = dg.asset({ partitionsDef: letters, deps: [dg.AssetDep(by_region, { partitionMapping: dg.StaticPartitionMapping({ eu: 'a', us: ['a', 'b'] }) })] }, () => 1);
const by_grid = dg.asset({ partitionsDef: grid, deps: [by_day, by_region] }, () => 1);
const of_grid = dg.asset({ partitionsDef: days, deps: [by_grid] }, () => 1);
const by_picture = dg.asset({ partitionsDef: pictures, deps: [dg.AssetDep(by_day, { partitionMapping: dg.LastPartitionMapping() })] }, () => 1);
const by_album = dg.asset({ partitionsDef: dg.MultiPartitionsDefinition({ day: days, picture: pictures }), deps: [by_day] }, () => 1);
const whole = dg.asset({ deps: [by_day, by_picture] }, () => 1);

const all_days = dg.defineAssetJob('all_days', { selection: dg.AssetSelection.assets(by_day, day_before), partitionsDef: days });
const every_night = dg.schedule({ job: all_days, cronSchedule: '30 1 * * *', executionTimezone: 'America/New_York' }, () => dg.SkipReason('no'));
const some_days = dg.defineAssetJob('some_days', { selection: dg.AssetSelection.assets(day_before), partitionsDef: days, tags: { team: 'sea' } });
const each_day = dg.buildScheduleFromPartitionedJob(some_days, { name: 'each_day' });
const by_hand = dg.schedule({ job: some_days, cronSchedule: '0 2 * * *' }, () => dg.SkipReason('no'));
`;

const NOW = Date.UTC(2025, 10, 4, 15);

/** A tick of a schedule of `some_days`, as the engine makes one. */
function tickOf(
  name: string,
  run: Pick<PredictedLaunch, 'runKey' | 'tags'> & { readonly partitionKey: string },
): PredictedTick {
  const { runKey, partitionKey, tags } = run;
  return {
    kind: 'schedule',
    name,
    at: Date.UTC(2025, 10, 5, 5),
    status: 'SUCCESS',
    skipMessage: null,
    cursor: null,
    dynamicPartitions: [],
    runs: [
      {
        runKey,
        partitionKey,
        tags: {
          ...tags,
          team: 'sea',
          'dagster/schedule_name': name,
          'dagster/partition': partitionKey,
        },
        runConfig: {},
        assets: null,
      },
    ],
  };
}

/** A notebook with every kind of definition and mapping, two days after the clocks of New York were put back. */
export function notebookUnderTest(): AskedNotebook {
  const loaded = guestOf([CELLS]).load();
  if (loaded.status !== 'loaded') throw new Error(JSON.stringify(loaded));
  return {
    definitions: loaded.definitions,
    now: NOW,
    dynamicPartitions: new Map([['pictures', ['sea', 'a tree', 'Ünï']]]),
    keyConfigs: [],
    ticks: [
      tickOf('each_day', { runKey: '2025-11-04', partitionKey: '2025-11-04', tags: {} }),
      tickOf('by_hand', {
        runKey: null,
        partitionKey: '2025-11-03',
        tags: { mood: 'calm', 'dagster/partition_set': 'some_days_partition_set' },
      }),
    ],
  };
}

/** All that Dagster is to be asked, for `record-replies.mjs`. */
export function toRecord(): {
  readonly programs: readonly string[];
  readonly arguments: readonly string[];
  readonly questions: readonly string[];
} {
  const comparison = new Comparison(notebookUnderTest());
  const { questions } = comparison.plan.questions;
  return {
    programs: [setUpProgram, answerProgram],
    arguments: [comparison.plan.setUp, comparison.batch(0, questions.length)],
    questions: questions.map((question) => JSON.stringify(question)),
  };
}
