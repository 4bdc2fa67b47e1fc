import { describe, expect, it } from 'vitest';
import { definitionsIn, errorIn, seenIn, thrownIn, valueOf } from './guest-of.ts';

const OPS = `const load = dg.op((context) => [3, 1, 2]);
const sort = dg.op({ ins: { rows: {} } }, (context, { rows }) => [...rows].sort());
const both = dg.op({ ins: { parts: {} } }, (context, { parts }) => parts.flat());`;

describe('a job of ops', () => {
  it('[SDK-29] [JOB-1] its steps are the calls of its function, a second one of an op with a number', () => {
    const { jobs } = definitionsIn(
      OPS,
      `const sorted = dg.job(() => { both({ parts: [sort({ rows: load() }), load()] }); });`,
    );
    expect(jobs).toMatchObject([
      {
        jobName: 'sorted',
        assetKeys: [],
        ops: [
          { stepKey: 'load', opName: 'load', inputs: [], outputs: [{ name: 'result' }] },
          {
            stepKey: 'sort',
            inputs: [{ name: 'rows', list: false, sources: [{ stepKey: 'load' }] }],
          },
          { stepKey: 'load_2', opName: 'load' },
          {
            stepKey: 'both',
            inputs: [
              {
                name: 'parts',
                list: true,
                sources: [{ stepKey: 'sort', outputName: 'result' }, { stepKey: 'load_2' }],
              },
            ],
          },
        ],
      },
    ]);
  });

  it('[§12] [IO-3] runs its steps level by level and by name, with the events of ops', async () => {
    const result = await seenIn(
      `const result = await sorted.executeInProcess();
return [result.success, result.outputForNode('both'), result.events.map((e) => [e.type, e.stepKey].filter(Boolean).join(' '))];`,
      OPS,
      `const sorted = dg.job(() => { both({ parts: [sort({ rows: load() }), load()] }); });`,
    );
    const step = (key: string, inputs: number) => [
      `STEP_START ${key}`,
      ...Array.from({ length: inputs }, () => `LOADED_INPUT ${key}`),
      ...(inputs > 0 ? [`STEP_INPUT ${key}`] : []),
      `STEP_OUTPUT ${key}`,
      `HANDLED_OUTPUT ${key}`,
      `STEP_SUCCESS ${key}`,
    ];
    expect(result).toEqual([
      true,
      [1, 2, 3, 3, 1, 2],
      [
        'RUN_START',
        ...step('load', 0),
        ...step('load_2', 0),
        ...step('sort', 1),
        ...step('both', 2),
        'RUN_SUCCESS',
      ],
    ]);
  });

  it('[§12] an optional output that is left out skips what reads it', async () => {
    const cells = [
      `const two = dg.op({ out: { p: {}, q: { isRequired: false } } }, () => ({ p: 1 }));
const after = dg.op({ ins: { x: {} } }, (context, { x }) => x);
const j = dg.job(() => { const { p, q } = two(); after({ x: p }); after({ x: q }); });`,
    ];
    expect(
      await seenIn(
        `const result = await j.executeInProcess();
return [result.success, result.outputForNode('two', 'p'), result.outputForNode('after'), result.events.filter((e) => e.type === 'STEP_SKIPPED').map((e) => e.message)];`,
        ...cells,
      ),
    ).toEqual([true, 1, 1, ['Skipped execution of step "after_2".']]);
    expect(
      await thrownIn(
        `await dg.job({ name: 'k' }, () => { wrong(); }).executeInProcess();`,
        `const wrong = dg.op({ out: { p: {}, q: {} } }, () => ({ p: 1 }));`,
      ),
    ).toEqual([
      'DagsterStepOutputNotFoundError',
      'Core compute for op "wrong" did not return an output for non-optional output "q"',
    ]);
  });

  it('[§12] a list takes what is there, and is skipped only if nothing is', async () => {
    expect(
      await seenIn(
        `const some = await some_job.executeInProcess();
const none = await none_job.executeInProcess();
return [some.outputForNode('fan'), none.success, none.events.some((e) => e.type === 'STEP_SKIPPED')];`,
        `const two = dg.op({ out: { p: { isRequired: false }, q: { isRequired: false } } }, () => ({ p: 1 }));
const nothing = dg.op({ out: { p: { isRequired: false } } }, () => {});
const fan = dg.op({ ins: { xs: {} } }, (context, { xs }) => xs);
const some_job = dg.job(() => { const { p, q } = two(); fan({ xs: [p, q] }); });
const none_job = dg.job(() => { fan({ xs: [nothing(), nothing()] }); });`,
      ),
    ).toEqual([[1], true, true]);
  });

  it('[§12] a failed op is tried again as its policy says; a job raises what its op threw', async () => {
    const cells = [
      `let tries = 0;
const flaky = dg.op({ retryPolicy: dg.RetryPolicy({ maxRetries: 2 }) }, (context) => { tries += 1; if (context.retryNumber < 2) throw new TypeError('not yet'); return context.retryNumber; });
const broken = dg.op(() => { throw new RangeError('boom'); });
const j = dg.job(() => { flaky(); });
const k = dg.job(() => { broken(); });`,
    ];
    expect(
      await seenIn(
        `const result = await j.executeInProcess();
return [result.success, result.outputForNode('flaky'), result.events.map((e) => e.type)];`,
        ...cells,
      ),
    ).toEqual([
      true,
      2,
      [
        'RUN_START',
        'STEP_START',
        'STEP_UP_FOR_RETRY',
        'STEP_RESTARTED',
        'STEP_UP_FOR_RETRY',
        'STEP_RESTARTED',
        'STEP_OUTPUT',
        'HANDLED_OUTPUT',
        'STEP_SUCCESS',
        'RUN_SUCCESS',
      ],
    ]);
    expect(await thrownIn('await k.executeInProcess();', ...cells)).toEqual(['RangeError', 'boom']);
    expect(
      await thrownIn(
        `const result = await k.executeInProcess({ raiseOnError: false });
assert.equal(result.success, false);
result.outputForNode('broken');`,
        ...cells,
      ),
    ).toEqual([
      'DagsterInvariantViolationError',
      "No outputs found for output 'result' from node 'broken'.",
    ]);
  });

  it('[SDK-3] a call that does not fit is an error at its job', () => {
    expect(errorIn(OPS, `const j = dg.job(() => { sort(); });`)).toMatchObject({
      cellId: 'c2',
      kind: 'DagsterInvalidDefinitionError',
      message: expect.stringContaining("Input 'rows' of op 'sort' has no way of being resolved"),
    });
    expect(errorIn(OPS, `const j = dg.job(() => { sort({ rows: [1] }); });`).message).toContain(
      'must be what an op of the job gives back, not 1',
    );
    expect(errorIn(OPS, `const j = dg.job(() => { sort({ row: load() }); });`).message).toContain(
      'has no input "row"',
    );
    expect(errorIn(OPS, `const j = dg.job(() => { sort(load()); });`).message).toContain(
      'takes its inputs by name',
    );
    expect(errorIn(`const x = dg.job(() => { dg.op(() => 1)(); });`).message).toContain(
      'has no name yet',
    );
  });
});

const CONFIGURED = `const DateConfig = dg.Config({ date: z.string(), limit: z.int().default(7) });
const process_data = dg.op({ config: DateConfig }, (context) => { context.log.info('processing ' + context.config.date); return context.config.limit; });
const other = dg.op(() => 1);
const do_stuff = dg.job(() => { process_data(); other(); });`;

describe('run config of a job', () => {
  it('[SDK-32] [CFG-14] is resolved with all its sections', async () => {
    expect(
      await valueOf(
        `dg.validateRunConfig(do_stuff, { ops: { process_data: { config: { date: 'd' } } } })`,
        CONFIGURED,
      ),
    ).toEqual({
      ops: {
        process_data: { config: { date: 'd', limit: 7 }, inputs: {}, outputs: null },
        other: { config: null, inputs: {}, outputs: null },
      },
      execution: {
        multi_or_in_process_executor: {
          multiprocess: { max_concurrent: null, retries: { enabled: {} } },
        },
      },
      resources: { io_manager: { config: null } },
      loggers: {},
    });
    expect(
      await valueOf(
        `dg.validateRunConfig(do_stuff, dg.RunConfig({ ops: { process_data: { config: { date: 'd', limit: 1 } } } })).ops.process_data.config`,
        CONFIGURED,
      ),
    ).toEqual({ date: 'd', limit: 1 });
  });

  it('[CFG-11] is refused with every fault, in Dagster’s words', async () => {
    const missing = `Missing required config entry "ops" at the root. You must provide this value in your run config. Example config for the missing entry: {'ops': {'process_data': {'config': {'date': '...'}}}}`;
    expect(await thrownIn(`dg.validateRunConfig(do_stuff);`, CONFIGURED)).toEqual([
      'DagsterInvalidConfigError',
      `Error in config for job do_stuff\n    Error 1: ${missing}`,
    ]);
    expect(
      await seenIn(
        `try { dg.validateRunConfig(do_stuff, {}); } catch (thrown) { return thrown.errors; }`,
        CONFIGURED,
      ),
    ).toEqual([{ reason: 'MISSING_REQUIRED_FIELD', path: [], message: missing }]);
    expect(
      await seenIn(
        `try { dg.validateRunConfig(do_stuff, { ops: { nope: {} } }); } catch (thrown) { return thrown.errors.map((e) => e.message); }`,
        CONFIGURED,
      ),
    ).toEqual([
      'Received unexpected config entry "nope" at path root:ops. Expected: "{ other?: { config?: Any } process_data: { config: { date: (String | { env: String }) limit?: (Int | { env: String })? } } }".',
      `Missing required config entry "process_data" at path root:ops. You must provide this value in your run config. Example config for the missing entry: {'process_data': {'config': {'date': '...'}}}`,
    ]);
    expect(await thrownIn(`await do_stuff.executeInProcess();`, CONFIGURED)).toContain(
      'DagsterInvalidConfigError',
    );
  });

  it('[JOB-5] a key is refused where there are none, and where it does not exist', async () => {
    const config = `runConfig: { ops: { process_data: { config: { date: 'd' } } } }`;
    expect(
      await thrownIn(
        `await do_stuff.executeInProcess({ partitionKey: 'x', ${config} });`,
        CONFIGURED,
      ),
    ).toEqual([
      'CheckError',
      'Failure condition: There is no PartitionsDefinition shared by all the provided assets',
    ]);
    const parted = `const parted = dg.job({ partitionsDef: dg.StaticPartitionsDefinition(['a', 'b']), config: { ops: { process_data: { config: { date: 'each' } } } } }, () => { process_data(); });`;
    expect(
      await thrownIn(`await parted.executeInProcess({ partitionKey: 'c' });`, CONFIGURED, parted),
    ).toEqual(['DagsterUnknownPartitionError', 'Could not find a partition with key `c`.']);
    expect(
      await seenIn(
        `const { run, success } = await parted.executeInProcess({ partitionKey: 'b' }); return [success, run.tags];`,
        CONFIGURED,
        parted,
      ),
    ).toEqual([
      true,
      { 'dagster/partition': 'b', 'dagster/partition_set': 'parted_partition_set' },
    ]);
  });
});

describe('config by partition', () => {
  const BY_DAY = `const by_day = dg.dailyPartitionedConfig({ startDate: '2026-03-01', tagsForPartitionFn: (start) => ({ day: start.toFormat('dd') }) }, (start) => dg.RunConfig({ ops: { process_data: { config: { date: start.toISODate() } } } }));
const daily_job = dg.job({ config: by_day }, () => { process_data(); });`;

  it('[JOB-1] [JOB-5] a key gives the run its config and tags, unless config is given', async () => {
    expect(definitionsIn(CONFIGURED, BY_DAY).jobs[1]).toMatchObject({
      partitionedConfig: true,
      partitionsDef: { kind: 'timeWindow' },
    });
    expect(
      await seenIn(
        `const one = await daily_job.executeInProcess({ partitionKey: '2026-03-02' });
const two = await daily_job.executeInProcess({ partitionKey: '2026-03-02', runConfig: { ops: { process_data: { config: { date: 'x' } } } } });
return [one, two].map((result) => [result.run.tags.day, result.run.tags['dagster/partition'], result.events.find((e) => e.byAuthor).message]);`,
        CONFIGURED,
        BY_DAY,
      ),
    ).toEqual([
      ['02', '2026-03-02', 'processing 2026-03-02'],
      ['02', '2026-03-02', 'processing x'],
    ]);
  });

  it('[JOB-1] its definition is the job’s, and no other', () => {
    expect(
      errorIn(
        CONFIGURED,
        BY_DAY,
        `const other_job = dg.job({ config: by_day, partitionsDef: dg.StaticPartitionsDefinition(['a']) }, () => { process_data(); });`,
      ),
    ).toMatchObject({ kind: 'CheckError', cellId: 'c3' });
  });
});

describe('calling what is declared', () => {
  it('[SDK-27] an op or asset called with a built context runs its function', async () => {
    const cells = [
      CONFIGURED,
      `const days = dg.DailyPartitionsDefinition({ startDate: '2026-03-01' });
const orders = dg.asset({ partitionsDef: days }, (context) => [context.partitionKey, context.partitionTimeWindow.end.toISODate()]);
const total = dg.asset({ ins: { orders } }, async (context, { orders }) => orders.length);`,
    ];
    expect(
      await seenIn(
        `return [
  process_data(dg.buildOpContext({ config: { date: 'd' } })),
  orders(dg.buildAssetContext({ partitionKey: '2026-03-03' })),
  await total(dg.buildAssetContext(), { orders: [1, 2] }),
  dg.buildOpContext({ partitionKey: dg.MultiPartitionKey({ b: '2', a: '1' }) }).partitionKey.keysByDimension.b,
];`,
        ...cells,
      ),
    ).toEqual([7, ['2026-03-03', '2026-03-04'], 2, '2']);
    expect(await thrownIn(`process_data();`, ...cells)).toContain('DagsterInvalidInvocationError');
    expect(await thrownIn(`process_data(dg.buildOpContext());`, ...cells)).toContain(
      'ValidationError',
    );
  });
});
