import { describe, expect, it } from 'vitest';
import { pythonOf } from '../../src/export/python-module.ts';
import { definitionsIn } from '../sdk/guest-of.ts';

/** The module of some cells, without its imports and its last statement. */
function bodyOf(...cells: string[]): string {
  const { text } = pythonOf(definitionsIn(...cells), { bodies: 'none' });
  return text.slice(text.indexOf('import dagster as dg\n') + 22, text.indexOf('\n\ndefs =')).trim();
}

function moduleOf(...cells: string[]) {
  return pythonOf(definitionsIn(...cells), { bodies: 'none' });
}

describe('a Python module of definitions (EXP)', () => {
  it('[EXP-1] is the same for equal definitions', () => {
    const cell = `const days = dg.DailyPartitionsDefinition({ startDate: '2026-01-01' });
      const a = dg.asset({ partitionsDef: days }, () => 1);`;
    expect(moduleOf(cell)).toEqual(moduleOf(cell));
  });

  it('holds assets with their partitions, config, dependencies, inputs and policies', () => {
    expect(
      moduleOf(`
        const customers = dg.StaticPartitionsDefinition(['a', 'b']);
        const Settings = dg.Config({ limit: z.int().default(10), mode: z.enum(['fast', 'slow']) });
        const orders = dg.asset({
          partitionsDef: customers, config: Settings, group: 'sales', codeVersion: '2',
          description: 'All of "them"', tags: { team: 'x' }, kinds: ['csv'],
          backfillPolicy: dg.BackfillPolicy.singleRun(), retryPolicy: dg.RetryPolicy({ maxRetries: 2, delay: 5 }),
        }, () => 1);
        const summary = dg.asset({
          partitionsDef: customers, deps: ['elsewhere'],
          ins: { orders: dg.AssetIn(orders, { partitionMapping: dg.AllPartitionMapping() }) },
        }, () => 1);`).text,
    ).toBe(`from typing import Literal

import dagster as dg

customers = dg.StaticPartitionsDefinition(["a", "b"])


class Settings(dg.Config):
    limit: int = 10
    mode: Literal["fast", "slow"]


@dg.asset(
    partitions_def=customers,
    group_name="sales",
    description="All of \\"them\\"",
    code_version="2",
    tags={"team": "x"},
    kinds={"csv"},
    backfill_policy=dg.BackfillPolicy.single_run(),
    retry_policy=dg.RetryPolicy(max_retries=2, delay=5),
)
def orders(context: dg.AssetExecutionContext, config: Settings):
    return None


@dg.asset(
    partitions_def=customers,
    deps=[dg.AssetKey(["elsewhere"])],
    ins={
        "orders": dg.AssetIn(
            key=dg.AssetKey(["orders"]),
            partition_mapping=dg.AllPartitionMapping(),
        ),
    },
)
def summary(context: dg.AssetExecutionContext, orders):
    return None


defs = dg.Definitions(assets=[orders, summary])
`);
  });

  it('[EXP-3] gives names that Python or Dagster does not take another, and lists those that show', () => {
    const { text, renamed } = moduleOf(`
      const $class = dg.DailyPartitionsDefinition({ startDate: '2026-01-01' });
      const a = dg.asset({ key: ['my team', 'lambda'] }, () => 1);
      const b = dg.asset({ ins: { class: a, größe: dg.AssetKey('other') } }, () => 1);`);
    expect(text).toContain('_class = dg.Daily');
    expect(text).toContain('key=["my_team", "lambda"]');
    expect(text).toContain('def b(context: dg.AssetExecutionContext, class_, gr__e):');
    expect(renamed).toEqual([
      { name: 'my team/lambda', pythonName: 'my_team/lambda' },
      { name: 'b: class', pythonName: 'class_' },
      { name: 'b: größe', pythonName: 'gr__e' },
    ]);
  });

  it('[EXP-5] writes equal definitions once, and those of another class of windows apart', () => {
    const body = bodyOf(`
      const first = dg.DailyPartitionsDefinition({ startDate: '2026-01-01' });
      const again = dg.DailyPartitionsDefinition({ startDate: '2026-01-01' });
      const windows = dg.TimeWindowPartitionsDefinition({ start: '2026-01-01', fmt: '%Y-%m-%d', cronSchedule: '0 0 * * *' });
      const both = dg.MultiPartitionsDefinition({ day: again, who: dg.StaticPartitionsDefinition(['x']) });
      const a = dg.asset({ partitionsDef: again }, () => 1);`);
    expect(body).toContain('first = dg.DailyPartitionsDefinition(start_date="2026-01-01")');
    expect(body).not.toContain('again');
    expect(body).toContain('windows = dg.TimeWindowPartitionsDefinition(');
    expect(body).toContain('{"day": first, "who": dg.StaticPartitionsDefinition(["x"])}');
    expect(body).toContain('@dg.asset(partitions_def=first)');
  });

  it('[EXP-6] a field that pydantic does not take has an alias, and a union a field to tell it by', () => {
    const body = bodyOf(`
      const C = dg.Config({
        class: z.string(), _private: z.int().nullable(), model_name: z.number().default(1),
        pet: z.discriminatedUnion('type', [
          z.object({ type: z.literal('cat'), kind: z.string() }),
          z.object({ type: z.literal('dog'), lives: z.int().default(1) }),
        ]),
      });
      const a = dg.asset({ config: C }, () => 1);`);
    expect(body).toContain('class_: str = pydantic.Field(alias="class")');
    expect(body).toContain('field__private: Optional[int] = pydantic.Field(alias="_private")');
    expect(body).toContain('kind_: Literal["cat"]');
    expect(body).toContain(
      'pet: Union[C_pet_cat, C_pet_dog] = pydantic.Field(discriminator="kind_")',
    );
    expect(body.indexOf('class C_pet_cat')).toBeLessThan(body.indexOf('class C(dg.Config)'));
  });

  it('[EXP-4] a union of one option is left out with the reason', () => {
    const { text, leftOut } = moduleOf(`
      const C = dg.Config({ pet: z.discriminatedUnion('type', [z.object({ type: z.literal('cat') })]) });`);
    expect(text).toContain('pet: Any');
    expect(leftOut.map(({ name }) => name)).toEqual(['C.pet']);
  });

  it('[EXP-7] bounds and exclusions of windows keep their instants', () => {
    const body = bodyOf(`
      const hours = dg.HourlyPartitionsDefinition({ startDate: '2026-03-01-00:00', timezone: 'Europe/Berlin', minuteOffset: 15 });
      const months = dg.MonthlyPartitionsDefinition({
        startDate: DateTime.fromISO('2026-01-15T12:30'), fmt: '%Y-%m', dayOffset: 3,
        exclusions: ['0 0 3 2 *', DateTime.fromISO('2026-04-03')], endOffset: -1,
      });`);
    expect(body).toBe(`hours = dg.HourlyPartitionsDefinition(
    start_date="2026-03-01-00:00",
    minute_offset=15,
    timezone="Europe/Berlin",
)
months = dg.MonthlyPartitionsDefinition(
    start_date=datetime(2026, 1, 15, 12, 30),
    day_offset=3,
    fmt="%Y-%m",
    end_offset=-1,
    exclusions=["0 0 3 2 *", datetime(2026, 4, 3)],
)`);
  });

  it('holds jobs of ops with their outputs, and jobs over assets with tags and config', () => {
    const body = bodyOf(`
      const split = dg.op({ out: { odd: {}, even: { isRequired: false } } }, () => 1);
      const sum = dg.op({ ins: { rows: {}, input: {} } }, () => 1);
      const numbers = dg.job(() => { const { odd, even } = split(); sum({ rows: [odd, even], input: even }); });
      const a = dg.asset(() => 1);
      const all = dg.defineAssetJob('everything', { selection: [a], tags: { x: '1' }, config: { ops: {} } });
      const nightly = dg.schedule({ cronSchedule: ['0 1 * * *', '0 2 * * *'], job: all, executionTimezone: 'Europe/Berlin' }, () => []);
      const watch = dg.sensor({ assetSelection: [a], minimumIntervalSeconds: 5, defaultStatus: 'RUNNING' }, () => []);`);
    expect(body).toContain(`@dg.job
def numbers():
    split_result = split()
    sum(rows=[split_result[0], split_result[1]], input_2=split_result[1])`);
    expect(body).toContain('out={"odd": dg.Out(), "even": dg.Out(is_required=False)}');
    expect(body).toContain(`everything = dg.define_asset_job(
    "everything",
    selection=dg.AssetSelection.assets(dg.AssetKey(["a"])),
    config={"ops": {}},
    tags={"x": "1"},
)`);
    expect(body).toContain(`@dg.schedule(
    cron_schedule=["0 1 * * *", "0 2 * * *"],
    job=everything,
    execution_timezone="Europe/Berlin",
)
def nightly(context: dg.ScheduleEvaluationContext):`);
    expect(body).toContain('default_status=dg.DefaultSensorStatus.RUNNING');
  });

  it('[EXP-13] a schedule that follows from its job is built from it, at its own time', () => {
    const body = bodyOf(`
      const days = dg.DailyPartitionsDefinition({ startDate: '2026-01-01', timezone: 'Europe/Berlin' });
      const a = dg.asset({ partitionsDef: days }, () => 1);
      const job = dg.defineAssetJob('daily_job', { selection: [a] });
      const plain = dg.buildScheduleFromPartitionedJob(job);
      const early = dg.buildScheduleFromPartitionedJob(job, { name: 'early', hourOfDay: 5, tags: { team: 'x' } });
      const colours = dg.StaticPartitionsDefinition(['red']);
      const b = dg.asset({ partitionsDef: colours }, () => 1);
      const paint = dg.defineAssetJob('paint', { selection: [b], partitionsDef: colours });
      const nightly = dg.buildScheduleFromPartitionedJob(paint, { cronSchedule: '0 3 * * *', executionTimezone: 'Asia/Tokyo' });`);
    expect(body).toContain(
      'daily_job_schedule = dg.build_schedule_from_partitioned_job(daily_job)',
    );
    expect(body).toContain(`early = dg.build_schedule_from_partitioned_job(
    daily_job,
    name="early",
    hour_of_day=5,
    tags={"team": "x"},
)`);
    expect(body).toContain(`paint_schedule = dg.build_schedule_from_partitioned_job(
    paint,
    cron_schedule="0 3 * * *",
    execution_timezone="Asia/Tokyo",
)`);
  });

  it('[EXP-14] keys that a function lists stay those of a function', () => {
    const cells = `
      const config = dg.dynamicPartitionedConfig({ partitionFn: () => ['a', 'b'] }, (key) => ({ ops: {} }));
      const step = dg.op(() => 1);
      const listed = dg.job({ config }, () => { step(); });`;
    const { text } = pythonOf(definitionsIn(cells), { bodies: 'pipes' });
    expect(text).toContain(`def listed_keys(current_time=None):
    return partita.partition_keys("listed", current_time)`);
    expect(text).toContain('partitions_def=dg.DynamicPartitionsDefinition(listed_keys)');
    expect(bodyOf(cells)).toContain('return ["a", "b"]');
  });

  it('[EXP-14] and are listed as left out where Dagster takes no function', () => {
    const { leftOut } = moduleOf(`
      const config = dg.dynamicPartitionedConfig({ partitionFn: () => ['a'] }, (key) => ({ ops: {} }));
      const a = dg.asset({ partitionsDef: config.partitionsDef }, () => 1);`);
    expect(leftOut.map(({ name }) => name)).toEqual(['a']);
  });

  it('[EXP-4] goals, actions and tests are listed', () => {
    const { leftOut } = moduleOf(`
      dg.goal('Run it', () => true);
      dg.goal('Run it again', () => true);
      dg.test('one', () => {});`);
    expect(leftOut.map(({ name }) => name)).toEqual(['One test', '2 goals']);
  });

  it('[MAP-FN-5] a dependency by a function is left out and listed', () => {
    const { text, leftOut } = moduleOf(`
      const keys = dg.StaticPartitionsDefinition(['a', 'b']);
      const orders = dg.asset({ partitionsDef: keys }, () => 1);
      const before = dg.FunctionPartitionMapping((key) => (key === 'a' ? [] : 'a'));
      const late = dg.asset({ partitionsDef: keys, ins: { orders: dg.AssetIn(orders, { partitionMapping: before }) } }, () => 1);`);
    expect(leftOut).toEqual([
      { name: 'late', reason: expect.stringMatching(/orders by a function.* input orders is not/) },
    ]);
    expect(text).not.toMatch(/AssetIn|Function/);
  });
});
