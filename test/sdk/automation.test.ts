import { describe, expect, it } from 'vitest';
import type { GuestWorld } from '../../src/protocol/sandbox.ts';
import { definitionsIn, errorIn, guestOf, valueOf } from './guest-of.ts';

const DAYS = `const days = dg.DailyPartitionsDefinition({ startDate: '2026-03-01' });
const sales = dg.asset({ partitionsDef: days }, () => 1);
const sales_job = dg.defineAssetJob('sales_job', { selection: [sales] });`;

const world = (now: string, given: Partial<GuestWorld> = {}): GuestWorld => ({
  now: Date.parse(now),
  seed: 'test',
  dynamicPartitions: [],
  files: [],
  ...given,
});

/** What the schedule of some cells gives at midnight of March 5. */
async function scheduled(...cells: string[]) {
  const { guest } = guestOf(cells);
  const scheduledAt = Date.parse('2026-03-05T00:00:00Z');
  const scheduleName = 'nightly';
  const answer = await guest.evaluateSchedule({
    stepId: 1,
    scheduleName,
    scheduledAt,
    world: world('2026-03-05T00:00:02Z'),
  });
  if (answer.status === 'library_missing') throw new Error('A library is missing.');
  return answer.status === 'evaluated' ? answer.evaluation.results : answer.error;
}

const nightly = (body: string, options = '') =>
  `const nightly = dg.schedule({ cronSchedule: '0 0 * * *', job: sales_job, ${options} }, ${body});`;

describe('a schedule of a cell', () => {
  it('[SDK-34] [SCH-10] gives what it returns, lists or yields, in order', async () => {
    const one = { kind: 'runRequest', request: { partitionKey: '2026-03-04' } };
    const key = "dg.RunRequest({ partitionKey: '2026-03-04' })";
    expect(await scheduled(DAYS, nightly(`() => ${key}`))).toMatchObject([one]);
    expect(await scheduled(DAYS, nightly(`() => [${key}, ${key}]`))).toMatchObject([one, one]);
    expect(await scheduled(DAYS, nightly(`function* () { yield ${key}; }`))).toMatchObject([one]);
    expect(
      await scheduled(DAYS, nightly(`async function* () { yield ${key}; yield ${key}; }`)),
    ).toMatchObject([one, one]);
    expect(await scheduled(DAYS, nightly('() => undefined'))).toEqual([{ kind: 'nothing' }]);
  });

  it('[SCH-10] a plain object is run config, of a run with the tags of the schedule', async () => {
    const cell = nightly('() => ({ ops: { x: {} } })', "tags: { team: 'core' }");
    expect(await scheduled(DAYS, cell)).toMatchObject([
      { kind: 'runRequest', request: { runConfig: { ops: { x: {} } }, tags: { team: 'core' } } },
    ]);
  });

  it('[SCH-10] knows the instant of its tick, in its zone', async () => {
    const cell = nightly(
      '(context) => dg.SkipReason(context.scheduledExecutionTime.toISO())',
      "executionTimezone: 'America/New_York'",
    );
    expect(await scheduled(DAYS, cell)).toEqual([
      { kind: 'skipReason', message: '2026-03-04T19:00:00.000-05:00' },
    ]);
  });

  it('[SCH-14] does nothing where shouldExecute says so', async () => {
    const message = 'should_execute function for nightly returned false.';
    expect(
      await scheduled(DAYS, nightly('() => { throw 1; }', 'shouldExecute: () => false')),
    ).toEqual([{ kind: 'skipReason', message }]);
  });

  it('[SCH-10] what it throws is the cause of an error that names it; Dagster errors stay', async () => {
    expect(await scheduled(DAYS, nightly("() => { throw new Error('boom'); }"))).toMatchObject({
      kind: 'ScheduleExecutionError',
      message: 'Error occurred during the evaluation of schedule nightly',
      cause: { message: 'boom' },
    });
    expect(
      await scheduled(DAYS, nightly('() => 1', "shouldExecute: () => { throw new Error('no'); }")),
    ).toMatchObject({
      message: 'Error occurred during the execution of should_execute for schedule nightly',
    });
    const bare = `const bare = dg.PartitionedConfig({
  partitionsDef: days, runConfigForPartitionKeyFn: () => ({}) });`;
    expect(await scheduled(DAYS, bare, nightly('() => bare()'))).toMatchObject({
      kind: 'DagsterInvalidInvocationError',
    });
  });

  it('[RR-3] tags that are no text are written as JSON', async () => {
    const body = '() => dg.RunRequest({ tags: { n: 5, list: [1], text: "t" } })';
    expect(await scheduled(DAYS, nightly(body))).toMatchObject([
      { request: { tags: { n: '5', list: '[1]', text: 't' } } },
    ]);
  });

  it('[PC-2] carries what the partitioned config says for its keys, or what that throws', async () => {
    const cells = [
      `const config = dg.dailyPartitionedConfig(
  { startDate: '2026-03-01', tagsForPartitionFn: (start) => ({ day: start.toISODate() }) },
  (start, end) => {
    if (start.day === 3) throw new Error('not the third');
    return { ops: { work: { config: { until: end.toISODate() } } } };
  });
const work = dg.op(() => undefined);
const sales_job = dg.job({ config }, () => { work(); });`,
      nightly(`() => ['2026-03-03', '2026-03-04'].map((partitionKey) =>
  dg.RunRequest({ partitionKey, runKey: partitionKey }))`),
    ];
    const tags = {
      day: '2026-03-04',
      'dagster/partition': '2026-03-04',
      'dagster/partition_set': 'sales_job_partition_set',
    };
    expect(await scheduled(...cells)).toMatchObject([
      {
        request: {
          forPartition: { runConfig: { status: 'threw', error: { message: 'not the third' } } },
        },
      },
      {
        request: {
          forPartition: {
            runConfig: { value: { ops: { work: { config: { until: '2026-03-05' } } } } },
            tags: { status: 'given', value: tags },
          },
        },
      },
    ]);
  });

  it('[SDK-36] [SCH-13] as a test sees it: requests with the tags of their keys, or the error', async () => {
    const tick = (key: string) =>
      valueOf(
        `nightly.evaluateTick(dg.buildScheduleContext({ scheduledExecutionTime: '2026-03-05' }))
  .then(({ runRequests }) => runRequests[0].tags, (thrown) => thrown.kind)`,
        DAYS,
        nightly(`() => dg.RunRequest({ partitionKey: '${key}' })`),
      );
    expect(await tick('2026-03-04')).toEqual({
      'dagster/partition': '2026-03-04',
      'dagster/partition_set': 'sales_job_partition_set',
      'dagster/schedule_name': 'nightly',
    });
    expect(await tick('2026-03-05')).toBe('DagsterUnknownPartitionError');
  });
});

describe('a sensor of a cell', () => {
  async function looked(body: string, given: Partial<GuestWorld> = {}) {
    const { guest, changes } = guestOf([
      `const images = dg.DynamicPartitionsDefinition({ name: 'images' });
const pictures = dg.asset({ partitionsDef: images }, () => 1);
const watch = dg.sensor({ target: [pictures] }, ${body});`,
    ]);
    const answer = await guest.evaluateSensor({
      stepId: 1,
      sensorName: 'watch',
      cursor: 'old',
      lastTickAt: null,
      world: world('2026-03-05T00:00:00Z', { dynamicPartitions: [['images', ['a']]], ...given }),
    });
    if (answer.status === 'library_missing') throw new Error('A library is missing.');
    return { answer, changes };
  }

  it('[RR-8] reads its cursor, and says where it goes on', async () => {
    const { answer } = await looked(`(context) => {
  context.updateCursor(context.cursor + '+');
  return dg.SkipReason(context.cursor);
}`);
    expect(answer).toMatchObject({
      evaluation: { results: [{ kind: 'skipReason', message: 'old+' }], updatedCursor: 'old+' },
    });
  });

  it('[SDK-35] sees the keys that it adds at once, and they are told in order', async () => {
    const { answer, changes } = await looked(`(context) => {
  context.instance.addDynamicPartitions('images', ['a', 'b', 'b']);
  context.instance.deleteDynamicPartition('images', 'a');
  throw new Error(images.getPartitionKeys().join());
}`);
    expect(answer).toMatchObject({ status: 'failure', error: { message: 'b' } });
    expect(changes).toEqual([
      { action: 'add', partitionsDefName: 'images', partitionKeys: ['b'] },
      { action: 'delete', partitionsDefName: 'images', partitionKeys: ['a'] },
    ]);
  });

  it('asks for history', async () => {
    const { answer } = await looked(
      `async (context) => {
  const latest = await context.instance.getLatestMaterialization(pictures);
  return dg.SkipReason(context.instance.getMaterializedPartitions('pictures') + ' ' + latest);
}`,
      { materializedPartitions: [['pictures', ['a']]] },
    );
    expect(answer).toMatchObject({ evaluation: { results: [{ message: 'a null' }] } });
  });

  it('[RR-7] what it may not return is refused as in Dagster', async () => {
    const { answer } = await looked("() => 'hello'");
    expect(answer).toMatchObject({
      status: 'failure',
      error: {
        kind: 'Exception',
        message:
          "Error in sensor watch: Sensor unexpectedly returned output hello of type <class 'str'>.  Should only return SkipReason or RunRequest objects.",
      },
    });
    const both = await looked(
      "() => dg.SensorResult({ runRequests: [dg.RunRequest()], skipReason: 'x' })",
    );
    expect(both.answer).toMatchObject({ error: { kind: 'CheckError' } });
  });
});

describe('partitioned config of a cell', () => {
  it('[SDK-37] [PC-3] is called with the arguments of its own function', async () => {
    const cell = `const config = dg.staticPartitionedConfig({ partitionKeys: ['a', 'b'] },
  (key) => ({ ops: { work: { config: { key } } } }));
const bare = dg.PartitionedConfig({
  partitionsDef: config.partitionsDef, runConfigForPartitionKeyFn: () => ({}) });`;
    expect(await valueOf("config('z').ops.work.config.key", cell)).toBe('z');
    await expect(valueOf("bare('z')", cell)).rejects.toThrow('can be directly invoked');
  });

  it('[PC-2] what it gives is copied', async () => {
    const cell = `const shared = { ops: {} };
const config = dg.staticPartitionedConfig({ partitionKeys: ['a'] }, () => shared);`;
    expect(
      await valueOf(
        "(config.getRunConfigForPartitionKey('a').ops.x = 1, Object.keys(shared.ops))",
        cell,
      ),
    ).toEqual([]);
  });

  it('[PC-6] takes no end', () => {
    expect(
      errorIn(
        "dg.dailyPartitionedConfig({ startDate: '2026-01-01', endDate: '2026-02-01' }, () => ({}));",
      ),
    ).toMatchObject({ kind: 'ParameterCheckError' });
  });

  it('[JOB-1] goes by the keys of its job', () => {
    expect(
      errorIn(
        `const config = dg.staticPartitionedConfig({ partitionKeys: ['a'] }, () => ({}));
const other = dg.asset({ partitionsDef: dg.StaticPartitionsDefinition(['b']) }, () => 1);
dg.defineAssetJob('job', { selection: [other], config });`,
      ),
    ).toMatchObject({ kind: 'CheckError' });
  });
});

describe('what automations declare', () => {
  it('[SDK-38] [SCH-9] a schedule of an asset job knows its partitions once all are declared', () => {
    const { schedules } = definitionsIn(
      `const sales_job = dg.defineAssetJob('sales_job');
const built = dg.buildScheduleFromPartitionedJob(sales_job, { hourOfDay: 3 });`,
      "const sales = dg.asset({ partitionsDef: dg.DailyPartitionsDefinition({ startDate: '2026-03-01', timezone: 'Asia/Tokyo' }) }, () => 1);",
    );
    expect(schedules).toMatchObject([
      {
        name: 'built',
        scheduleName: 'sales_job_schedule',
        cronSchedule: ['0 3 * * *'],
        executionTimezone: 'Asia/Tokyo',
        jobName: 'sales_job',
      },
    ]);
  });

  it('a schedule that dg.Definitions names brings its job along', () => {
    const { jobs, schedules } = definitionsIn(
      DAYS,
      nightly('() => undefined'),
      "const other_job = dg.defineAssetJob('other_job'); dg.Definitions({ assets: [sales], schedules: [nightly] });",
    );
    expect(jobs.map(({ jobName }) => jobName)).toEqual(['sales_job']);
    expect(schedules).toHaveLength(1);
  });

  it('targets, and whether they run from the start', () => {
    const { schedules, sensors } = definitionsIn(
      DAYS,
      `dg.schedule({ cronSchedule: '0 0 * * *', name: 's', target: sales, defaultStatus: 'RUNNING' }, () => undefined);
dg.sensor({ name: 't', assetSelection: dg.AssetSelection.all() }, () => undefined);`,
    );
    expect(schedules).toMatchObject([
      {
        jobName: null,
        defaultStatus: 'RUNNING',
        target: { assetKeys: ['sales'], mixesPartitions: false },
      },
    ]);
    expect(sensors).toMatchObject([{ target: { assetKeys: ['sales'], mixesPartitions: true } }]);
    expect(sensors[0]).not.toHaveProperty('defaultStatus');
  });

  it('[PC-4] tags with the prefix that is Dagster’s are refused', () => {
    expect(errorIn(DAYS, nightly('() => undefined', "tags: { 'dagster/foo': 'x' }"))).toMatchObject(
      { message: 'Attempted to set tag with reserved system prefix: dagster/foo' },
    );
  });
});
