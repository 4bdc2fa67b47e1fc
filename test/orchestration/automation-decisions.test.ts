import { describe, expect, it } from 'vitest';
import type {
  AssetSpec,
  Definitions,
  ScheduleSpec,
  SensorSpec,
} from '../../src/definitions/definitions.ts';
import { AssetGraph } from '../../src/definitions/graph.ts';
import { KeySpace } from '../../src/orchestration/key-space.ts';
import type {
  AutomationOutcome,
  AutomationResult,
  RunRequest,
} from '../../src/orchestration/run-request.ts';
import {
  decideScheduleTick,
  type ScheduleTickWorld,
} from '../../src/orchestration/schedule-tick.ts';
import {
  decideSensorRetry,
  decideSensorTick,
  type SensorTickWorld,
} from '../../src/orchestration/sensor-tick.ts';
import type { PartitionsDefinition } from '../../src/partitions/definition/partitions-definition.ts';
import { asset as plainAsset } from './sample-assets.ts';

const NOW = Date.parse('2024-01-05T01:00:00Z');
const letters: PartitionsDefinition = { kind: 'static', keys: ['a', 'b', 'c'] };
const numbers: PartitionsDefinition = { kind: 'static', keys: ['1', '2'] };
const images: PartitionsDefinition = { kind: 'dynamic', name: 'images' };

function asset(assetKey: string, partitionsDef: PartitionsDefinition | null, q = false): AssetSpec {
  const field = { name: 'q', schema: { kind: 'int' }, required: true, description: null } as const;
  const config = { kind: 'shape', fields: [field], permissive: false } as const;
  return plainAsset(assetKey, partitionsDef, [], q ? { config } : {});
}

/** A notebook of these assets, with a job of those named. */
function notebook(assets: readonly AssetSpec[], jobAssets = assets.map((one) => one.assetKey)) {
  const partitionsDef =
    assets.find((one) => jobAssets.includes(one.assetKey) && one.partitionsDef)?.partitionsDef ??
    null;
  const definitions: Definitions = {
    partitionsDefinitions: [],
    configs: [],
    assets,
    jobs: [
      {
        cellId: 'c',
        name: 'my_job',
        jobName: 'my_job',
        assetKeys: jobAssets,
        partitionsDef,
        tags: { team: 'job', k: 'v' },
        description: null,
      },
    ],
    schedules: [],
    sensors: [],
    tests: [],
  };
  return { definitions, graph: new AssetGraph(assets) };
}

const schedule: ScheduleSpec = {
  cellId: 'c',
  name: 'my_schedule',
  scheduleName: 'my_schedule',
  cronSchedule: ['0 1 * * *'],
  executionTimezone: 'UTC',
  jobName: 'my_job',
  description: null,
};
const sensor: SensorSpec = {
  cellId: 'c',
  name: 'my_sensor',
  sensorName: 'my_sensor',
  jobName: 'my_job',
  minimumIntervalMs: 30_000,
  description: null,
};

function request(given: Partial<RunRequest> = {}): AutomationResult {
  const request: RunRequest = {
    runKey: null,
    partitionKey: null,
    runConfig: {},
    tags: {},
    jobName: null,
    assetSelection: null,
    staleAssetsOnly: false,
    ...given,
  };
  return { kind: 'runRequest', request };
}

const gave = (...results: AutomationResult[]): AutomationOutcome => ({
  status: 'evaluated',
  evaluation: { results },
});

const config = (q: unknown) => ({ ops: { x: { config: { q } } } });

function tickOf(
  outcome: AutomationOutcome,
  world: Partial<ScheduleTickWorld> = {},
  spec: Partial<ScheduleSpec> = {},
) {
  return decideScheduleTick({ ...schedule, ...spec }, NOW, outcome, {
    ...notebook([asset('x', letters)]),
    keySpace: new KeySpace({ effectiveAt: NOW, dynamicPartitions: new Map() }),
    earlierRuns: [],
    staleAmong: ({ assetKeys }) => assetKeys,
    ...world,
  });
}

function lookOf(
  outcome: AutomationOutcome,
  world: Partial<SensorTickWorld> = {},
  spec: Partial<SensorSpec> = {},
) {
  return decideSensorTick({ ...sensor, ...spec }, outcome, sensorWorld(world));
}

function sensorWorld(world: Partial<SensorTickWorld>): SensorTickWorld {
  return {
    ...notebook([asset('x', images)]),
    now: NOW,
    dynamicPartitions: new Map([['images', ['a', 'b']]]),
    cursor: null,
    usedRunKeys: new Set(),
    staleAmong: ({ assetKeys }) => assetKeys,
    ...world,
  };
}

describe('a tick of a schedule', () => {
  it('[RR-2] [RR-9] a run bears the tags of its job, its request, its key and its schedule', () => {
    const { runs } = tickOf(
      gave(request({ partitionKey: 'a', runKey: 'r', tags: { team: 'request' } })),
    );
    expect(runs).toMatchObject([
      {
        launch: {
          partitionKey: 'a',
          assetKeys: ['x'],
          tags: {
            team: 'request',
            k: 'v',
            'dagster/partition': 'a',
            'dagster/partition_set': 'my_job_partition_set',
            'dagster/run_key': 'r',
            'dagster/schedule_name': 'my_schedule',
            '.dagster/scheduled_execution_time': '2024-01-05T01:00:00+00:00',
          },
        },
      },
    ]);
  });

  it('[SCH-12] a run of the same tick and key is found again, and without a key any of the tick', () => {
    const earlierRuns = [{ runId: 'run1', runKey: 'r' }];
    const found = [{ kind: 'existing', runId: 'run1' }];
    const same = gave(request({ partitionKey: 'a', runKey: 'r' }));
    expect(tickOf(same, { earlierRuns }).runs).toEqual(found);
    expect(tickOf(gave(request({ partitionKey: 'a' })), { earlierRuns }).runs).toEqual(found);
    const other = gave(request({ partitionKey: 'a', runKey: 's' }));
    expect(tickOf(other, { earlierRuns }).runs).toMatchObject([{ kind: 'launch' }]);
  });

  it('[SCH-13] a run that cannot start fails the tick; those before it are launched', () => {
    const world = notebook([asset('x', letters, true)]);
    const decision = tickOf(
      gave(
        request({ partitionKey: 'a', runKey: '1', runConfig: config(1) }),
        request({ partitionKey: 'b', runKey: '2' }),
        request({ partitionKey: 'c', runKey: '3', runConfig: config(1) }),
      ),
      world,
    );
    expect(decision.status).toBe('FAILURE');
    expect(decision.error).toMatchObject({
      kind: 'DagsterInvalidConfigError',
      message:
        "Error in config for job my_job\n    Error 1: Missing required config entry \"ops\" at the root. You must provide this value in your run config. Example config for the missing entry: {'ops': {'x': {'config': {'q': 0}}}}",
    });
    expect(decision.runs).toHaveLength(1);
  });

  it('[SCH-13] a bad key among several launches nothing', () => {
    const decision = tickOf(
      gave(
        request({ partitionKey: 'a', runKey: '1' }),
        request({ partitionKey: 'z', runKey: '2' }),
      ),
    );
    expect(decision).toMatchObject({
      status: 'FAILURE',
      runs: [],
      error: {
        kind: 'DagsterUnknownPartitionError',
        message: 'Could not find a partition with key `z`.',
      },
    });
  });

  it('[RR-2] run config of the partition stands in only where the request has none', () => {
    const forPartition = {
      runConfig: { status: 'given', value: config(7) },
      tags: { status: 'given', value: { 'dagster/partition': 'a', user: 'u' } },
    } as const;
    const world = notebook([asset('x', letters, true)]);
    const launched = (runConfig: Readonly<Record<string, unknown>>) => {
      const { runs } = tickOf(gave(request({ partitionKey: 'a', runConfig, forPartition })), world);
      return runs.map((run) => run.kind === 'launch' && run.launch);
    };
    expect(launched({})).toMatchObject([{ runConfig: config(7), tags: { user: 'u' } }]);
    expect(launched(config(8))).toMatchObject([{ runConfig: config(8) }]);
  });

  it('[PC-4] what the partitioned config throws fails the tick', () => {
    const error = { name: 'Error', code: null, kind: null, message: 'no', frames: [], cause: null };
    const threw = { status: 'threw', error } as const;
    const decision = tickOf(
      gave(request({ partitionKey: 'a', forPartition: { runConfig: threw, tags: threw } })),
    );
    expect(decision.error).toMatchObject({
      kind: 'ScheduleExecutionError',
      message: 'Error occurred during the execution function for schedule my_schedule',
      cause: { message: 'no' },
    });
  });

  it('[JOB-3] a request may name assets of the notebook outside the job, but not of other partitions', () => {
    const assets = [asset('x', letters), asset('y', letters), asset('n', numbers)];
    const world = notebook(assets, ['x']);
    const outside = tickOf(gave(request({ partitionKey: 'a', assetSelection: ['y'] })), world);
    expect(outside.runs).toMatchObject([{ launch: { assetKeys: ['y'] } }]);
    const other = tickOf(gave(request({ partitionKey: 'a', assetSelection: ['n'] })), world);
    expect(other.error?.kind).toBe('CheckError');
  });

  it('[RR-4] a request for stale assets launches those, and nothing if none is', () => {
    const world = notebook([asset('x', letters), asset('y', letters)]);
    const outcome = gave(request({ partitionKey: 'a', staleAssetsOnly: true }));
    const stale = tickOf(outcome, { ...world, staleAmong: () => ['y'] });
    expect(stale.runs).toMatchObject([{ launch: { assetKeys: ['y'], assetSelection: ['y'] } }]);
    const fresh = tickOf(outcome, { ...world, staleAmong: () => [] });
    expect(fresh).toMatchObject({ status: 'SUCCESS', runs: [] });
  });

  it('[RR-5] a key and a range together are refused', () => {
    const tags = {
      'dagster/asset_partition_range_start': 'a',
      'dagster/asset_partition_range_end': 'b',
    };
    const decision = tickOf(gave(request({ partitionKey: 'a', tags })));
    expect(decision.error?.kind).toBe('DagsterInvariantViolationError');
  });

  it('[SCH-10] what is no request is refused', () => {
    const text = { kind: 'other', shown: "'hello'", typeName: 'str' } as const;
    expect(tickOf(gave(text)).error?.cause?.message).toBe(
      "Object 'hello' is not one of ['RunRequest', 'SkipReason']. Got 'hello' with type <class 'str'>.",
    );
    const nothing = { kind: 'nothing' } as const;
    expect(tickOf(gave(nothing)).skipMessage).toBe('Schedule function returned an empty result');
    expect(tickOf(gave(nothing, nothing)).error?.cause?.kind).toBe('CheckError');
  });

  it('runs assets without a job of their own, under the name that Dagster makes', () => {
    const target = { mixesPartitions: false, assetKeys: ['x'] };
    const decision = tickOf(gave(request({ partitionKey: 'a' })), {}, { jobName: null, target });
    expect(decision.runs).toMatchObject([
      {
        launch: {
          jobName: '__anonymous_asset_job_my_schedule',
          tags: { 'dagster/partition_set': '__anonymous_asset_job_my_schedule_partition_set' },
        },
      },
    ]);
  });

  it('says why an evaluation came to nothing', () => {
    const late = tickOf({ status: 'timed_out', limitMs: 60_000 });
    expect(late).toMatchObject({
      status: 'FAILURE',
      error: { kind: 'ScheduleExecutionError', cause: { code: 'timed_out' } },
    });
  });
});

describe('a tick of a sensor', () => {
  const result = (given: Partial<Extract<AutomationResult, { kind: 'sensorResult' }>>) =>
    gave({
      kind: 'sensorResult',
      runRequests: [],
      skipReason: null,
      cursor: null,
      dynamicPartitionsRequests: [],
      ...given,
    });
  const requestOf = (given: Partial<RunRequest>) =>
    (request(given) as Extract<AutomationResult, { kind: 'runRequest' }>).request;
  const change = (action: 'add' | 'delete', ...partitionKeys: string[]) => {
    return { action, partitionsDefName: 'images', partitionKeys };
  };

  it('[RR-8] an empty cursor counts as none, and takes the place of the one before', () => {
    const evaluation = { results: [{ kind: 'nothing' }], updatedCursor: '' } as const;
    expect(lookOf({ status: 'evaluated', evaluation }, { cursor: 'x' }).cursor).toBeNull();
    expect(lookOf(result({ cursor: '' }), { cursor: 'x' }).cursor).toBe('x');
    expect(lookOf(result({ cursor: 'y' }), { cursor: 'x' }).cursor).toBe('y');
  });

  it('[RR-8] what a tick could not launch is tried once more by the next', () => {
    const world = { ...notebook([asset('x', images, true)]), cursor: 'old' };
    const runRequests = [
      requestOf({ partitionKey: 'a', runKey: '1', runConfig: config(1) }),
      requestOf({ partitionKey: 'b', runKey: '2' }),
      requestOf({ partitionKey: 'n', runKey: '3', runConfig: config(1) }),
    ];
    const dynamicPartitionsRequests = [change('add', 'n')];
    const first = lookOf(result({ runRequests, dynamicPartitionsRequests, cursor: 'new' }), world);
    expect(first).toMatchObject({
      status: 'FAILURE',
      launches: [{ runKey: '1' }],
      dynamicPartitions: [{ changed: ['n'], skipped: [] }],
      cursor: 'old',
    });
    if (!first.unfinished) throw new Error('Nothing is left.');
    const again = decideSensorRetry(sensor, first.unfinished, sensorWorld(world));
    expect(again).toMatchObject({ status: 'FAILURE', launches: [], unfinished: null });
    const mended = decideSensorRetry(
      sensor,
      first.unfinished,
      sensorWorld({ cursor: 'old', usedRunKeys: new Set(['1']) }),
    );
    expect(mended).toMatchObject({
      status: 'SUCCESS',
      launches: [{ runKey: '2' }, { runKey: '3' }],
    });
    const plain = { ...first.unfinished, requests: first.unfinished.requests.slice(1) };
    expect(decideSensorRetry(sensor, plain, sensorWorld(world))).toMatchObject({
      status: 'SUCCESS',
      launches: [{ runKey: '3' }],
      cursor: 'new',
    });
  });

  it('[RR-1] a key is used once in the life of the sensor, and once in a tick', () => {
    const runRequests = ['1', '2', '2', '3'].map((runKey) =>
      requestOf({ partitionKey: 'a', runKey }),
    );
    const decision = lookOf(result({ runRequests }), { usedRunKeys: new Set(['1']) });
    expect(decision.launches.map(({ runKey }) => runKey)).toEqual(['2', '3']);
    expect(decision.skippedRunKeys).toEqual(['1', '2']);
  });

  it('[RR-10] keys that one request names twice, or two requests', () => {
    const twice = lookOf(result({ dynamicPartitionsRequests: [change('add', 'n', 'n')] }));
    expect(twice.error?.kind).toBe('IntegrityError');
    const known = lookOf(result({ dynamicPartitionsRequests: [change('add', 'a', 'a', 'n')] }));
    expect(known.dynamicPartitions).toMatchObject([{ changed: ['n'], skipped: ['a', 'a'] }]);
    const gone = lookOf(result({ dynamicPartitionsRequests: [change('delete', 'a', 'a')] }));
    expect(gone.dynamicPartitions).toMatchObject([{ changed: ['a', 'a'], skipped: [] }]);
    for (const action of ['add', 'delete'] as const) {
      const again = [change(action, 'n'), change(action, 'n')];
      expect(lookOf(result({ dynamicPartitionsRequests: again })).error?.kind).toBe(
        'DagsterInvariantViolationError',
      );
    }
  });

  it('[RR-8] a change that fails leaves those before it, and launches nothing', () => {
    const decision = lookOf(
      result({
        dynamicPartitionsRequests: [change('add', 'n'), change('add', 'k', 'k')],
        runRequests: [requestOf({ partitionKey: 'n' })],
        cursor: 'new',
      }),
    );
    expect(decision).toMatchObject({
      status: 'FAILURE',
      launches: [],
      cursor: null,
      dynamicPartitions: [{ changed: ['n'] }],
    });
  });

  it('[RR-7] lists that do not hold together are refused', () => {
    const skip = { kind: 'skipReason', message: 'x' } as const;
    const empty = {
      kind: 'sensorResult',
      runRequests: [],
      skipReason: null,
      cursor: null,
    } as const;
    const full = { ...empty, dynamicPartitionsRequests: [] };
    const causeOf = (...results: AutomationResult[]) => lookOf(gave(...results)).error?.cause;
    expect(causeOf(request({ partitionKey: 'a' }), skip)?.message).toContain(
      'received both RunRequest and SkipReason',
    );
    expect(causeOf(skip, skip)?.message).toContain('received multiple SkipReasons');
    expect(causeOf(full, full)?.message).toContain('it must be the only object returned');
  });

  it('names the job that a request asks for in vain, and the target that it lacks', () => {
    const other = lookOf(gave(request({ partitionKey: 'a', jobName: 'other_job' })));
    expect(other.error?.cause).toMatchObject({
      kind: 'Exception',
      message:
        "Error in sensor my_sensor: Sensor returned a RunRequest with job_name other_job. Expected one of: ['my_job']",
    });
    const none = lookOf(gave(request()), {}, { jobName: null });
    expect(none.error?.cause?.message).toContain('for a sensor lacking a specified target');
    expect(lookOf(gave({ kind: 'nothing' }), {}, { jobName: null }).status).toBe('SKIPPED');
  });

  it('over a selection of assets each request is for one definition', () => {
    const target = { mixesPartitions: true, assetKeys: ['x', 'n', 'u'] };
    const world = notebook([asset('x', images), asset('n', numbers), asset('u', null)], []);
    const look = (given: Partial<RunRequest>) =>
      lookOf(gave(request(given)), world, { jobName: null, target });
    expect(look({ partitionKey: 'a', assetSelection: ['x', 'u'] })).toMatchObject({
      launches: [
        {
          jobName: '__ASSET_JOB',
          assetSelection: ['x', 'u'],
          tags: { 'dagster/partition': 'a', 'dagster/sensor_name': 'my_sensor' },
        },
      ],
    });
    expect(look({ assetSelection: ['x', 'n'] }).launches).toHaveLength(1);
    for (const assetSelection of [null, ['x', 'n'], ['u']]) {
      expect(look({ partitionKey: 'a', assetSelection }).error?.cause?.message).toBe(
        'Invariant failed. Description: All selected assets must have the same or no partitions definition',
      );
    }
    expect(look({ assetSelection: ['nope'] }).error?.kind).toBe('DagsterInvalidSubsetError');
  });
});
