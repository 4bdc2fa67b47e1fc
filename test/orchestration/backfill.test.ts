import { describe, expect, it } from 'vitest';
import type { AssetSpec } from '../../src/definitions/definitions.ts';
import { AssetGraph } from '../../src/definitions/graph.ts';
import { progressOf, type Backfill } from '../../src/orchestration/backfill/backfill.ts';
import { BackfillGraph } from '../../src/orchestration/backfill/backfill-graph.ts';
import { forecastBackfill } from '../../src/orchestration/backfill/forecast-backfill.ts';
import { loadBackfill } from '../../src/orchestration/backfill/load-backfill.ts';
import { startBackfill } from '../../src/orchestration/backfill/start-backfill.ts';
import {
  cancelBackfill,
  pauseBackfill,
  repeatBackfill,
} from '../../src/orchestration/backfill/steer-backfill.ts';
import { targetBackfill } from '../../src/orchestration/backfill/target-backfill.ts';
import { KeySpace } from '../../src/orchestration/key-space.ts';
import { retryOf, willRetry } from '../../src/orchestration/run-retry.ts';
import { makeDynamicPartitionsDefinition } from '../../src/partitions/definition/dynamic.ts';
import { makeStaticPartitionsDefinition } from '../../src/partitions/definition/static.ts';
import { BackfillPlay, type Outcome } from './backfill-harness.ts';
import { asset, days, dep } from './sample-assets.ts';

const NOW = Date.parse('2024-01-06T00:00:00Z');

function started(
  assets: readonly AssetSpec[],
  dynamic: Readonly<Record<string, readonly string[]>> = {},
) {
  const graph = new AssetGraph(assets);
  const dynamicPartitions = new Map(Object.entries(dynamic));
  const known = new BackfillGraph(graph, new KeySpace({ effectiveAt: NOW, dynamicPartitions }));
  const outcome = targetBackfill({ kind: 'all', assetKeys: graph.order }, known);
  if (outcome.status === 'refused') throw new Error(outcome.error.message);
  const options = { backfillId: 'first', jobName: 'job', runConfig: {}, tags: { team: 'core' } };
  const backfill = startBackfill(outcome.targets, known.keySpace.context, options);
  return { graph, known, backfill };
}

function play(
  backfill: Backfill,
  graph: AssetGraph,
  outcomes: Readonly<Record<string, Outcome>> = {},
): BackfillPlay {
  return new BackfillPlay(backfill, graph, {
    outcomeOf: (assetKey, key) => outcomes[`${assetKey} ${key}`] ?? 'ok',
  });
}

const yesterday = {
  kind: 'timeWindow',
  startOffset: -1,
  endOffset: -1,
  allowNonexistentUpstreamPartitions: true,
} as const;
const lagged = [
  asset('events', days()),
  asset('stats', days(), [dep('events', { mapping: yesterday })]),
];

describe('backfills', () => {
  it('[BF-7, BF-11] what waits says why', () => {
    const { backfill, graph } = started(lagged);
    const { runRequests, rejections } = play(backfill, graph).iterate();
    expect(runRequests.map(({ partitionKey }) => partitionKey)).toHaveLength(5);
    expect(rejections).toEqual([
      {
        assetKey: 'stats',
        subset: [0, 5],
        reason: { kind: 'cannotShare', upstream: 'events', because: 'readsOtherKeys' },
      },
    ]);
  });

  it('[BF-12] a policy makes runs over neighbours, with the tags of a range', () => {
    const policy = { backfillPolicy: { maxPartitionsPerRun: 2 } };
    const { backfill, graph } = started([asset('a', days(), [], policy)]);
    const { runRequests } = play(backfill, graph).iterate();
    expect(runRequests.map(({ partitionKey, tags }) => [partitionKey, tags])).toEqual(
      [
        ['2024-01-01', '2024-01-02'],
        ['2024-01-03', '2024-01-04'],
        ['2024-01-05', '2024-01-05'],
      ].map(([start, end]) => [
        null,
        {
          'dagster/asset_partition_range_start': start,
          'dagster/asset_partition_range_end': end,
        },
      ]),
    );
  });

  it('[BF-5, BF-18] a failed key takes with it what reads it, and no more', () => {
    const { backfill, graph, known } = started(lagged);
    const played = play(backfill, graph, { 'events 2024-01-02': 'fail' });
    played.finish();
    expect(played.backfill.status).toBe('COMPLETED_FAILED');
    expect(progressOf(played.backfill)).toEqual([
      {
        assetKey: 'events',
        partitioned: true,
        targeted: 5,
        materialized: 4,
        failed: 1,
        inProgress: 0,
      },
      {
        assetKey: 'stats',
        partitioned: true,
        targeted: 5,
        materialized: 4,
        failed: 1,
        inProgress: 0,
      },
    ]);
    const forecast = forecastBackfill(backfill, known, new Map([['events', [1, 2]]]));
    expect(forecast.backfill).toEqual(played.backfill);
  });

  it('[BF-17] a canceled backfill cancels its runs and asks for nothing more', () => {
    const { backfill, graph } = started(lagged);
    const played = play(backfill, graph);
    played.iterate();
    played.execute(2);
    played.backfill = cancelBackfill(played.backfill);
    expect(played.iterate().backfill.status).toBe('CANCELING');
    const { backfill: ended, runRequests } = played.iterate();
    expect([ended.status, runRequests]).toEqual(['CANCELED', []]);
    expect(ended.failedAndDownstream).toEqual(new Map([['events', [2, 5]]]));
    expect(cancelBackfill(ended)).toBe(ended);
  });

  it('a paused backfill goes on with its runs and asks for nothing until it is resumed', () => {
    const { backfill, graph } = started(lagged);
    const played = play(pauseBackfill(backfill, true), graph);
    expect(played.iterate().runRequests).toEqual([]);
    played.backfill = pauseBackfill(played.backfill, false);
    expect(played.iterate().runRequests).toHaveLength(5);
    played.backfill = pauseBackfill(played.backfill, true);
    played.execute();
    expect(played.iterate().backfill.materialized).toEqual(new Map([['events', [0, 5]]]));
    played.backfill = pauseBackfill(played.backfill, false);
    played.finish();
    expect(played.backfill.status).toBe('COMPLETED_SUCCESS');
  });

  it('[BF-19] it can be repeated whole, or for what is missing', () => {
    const { backfill, graph } = started(lagged);
    const played = play(backfill, graph, { 'events 2024-01-02': 'fail' });
    played.finish();
    const again = { backfillId: 'second', startedAt: NOW };
    const missing = repeatBackfill(played.backfill, 'missing', again);
    expect(missing?.targets.map(({ assetKey, subset }) => [assetKey, subset])).toEqual([
      ['events', [1, 2]],
      ['stats', [2, 3]],
    ]);
    expect(missing?.tags).toMatchObject({
      'dagster/parent_backfill_id': 'first',
      'dagster/root_backfill_id': 'first',
    });
    const second = play(missing as Backfill, graph);
    second.finish();
    expect(second.backfill.status).toBe('COMPLETED_SUCCESS');
    expect(repeatBackfill(second.backfill, 'missing', again)).toBeNull();
    const third = repeatBackfill(second.backfill, 'whole', { ...again, backfillId: 'third' });
    expect([third?.parentBackfillId, third?.rootBackfillId]).toEqual(['second', 'first']);
  });

  it('[BF-4] keys are told apart by their text while definitions change', () => {
    const images = makeDynamicPartitionsDefinition('images');
    const assets = [asset('a', images), asset('s', makeStaticPartitionsDefinition(['x', 'y']))];
    const { backfill, graph } = started(assets, { images: ['one', 'two'] });
    const grown = loadBackfill(backfill, graph, new Map([['images', ['zero', 'one', 'two']]]));
    expect(grown.backfill.targets[0]?.subset).toEqual([1, 3]);
    const gone = loadBackfill(backfill, graph, new Map([['images', ['two']]]));
    expect(gone).toMatchObject({ status: 'outdated', backfill });
    const turned = new AssetGraph([
      asset('a', images),
      asset('s', makeStaticPartitionsDefinition(['y', 'new', 'x'])),
    ]);
    const store = new Map([['images', ['one', 'two']]]);
    expect(loadBackfill(backfill, turned, store).backfill.targets[1]?.subset).toEqual([0, 1, 2, 3]);
    const daily = new AssetGraph([asset('a', days()), asset('s')]);
    expect(loadBackfill(backfill, daily, store)).toMatchObject({
      status: 'outdated',
      error: { error: 'DagsterAssetBackfillDataLoadError' },
    });
  });

  it('[BF-19] a failed run is tried again as often as its tag says, from where it failed', () => {
    const run = { runId: 'one', tags: { 'dagster/max_retries': '1', team: 'core' } };
    expect(willRetry(run, 0)).toBe(true);
    expect(willRetry({ tags: {} }, 0)).toBe(false);
    const { tags, onlyFailedSteps } = retryOf(run);
    expect(onlyFailedSteps).toBe(true);
    expect(tags).toEqual({
      team: 'core',
      'dagster/max_retries': '1',
      'dagster/retry_number': '1',
      'dagster/parent_run_id': 'one',
      'dagster/root_run_id': 'one',
      'dagster/is_resume_retry': 'true',
    });
    expect(willRetry({ tags }, 3)).toBe(false);
    const whole = retryOf({ ...run, tags: { 'dagster/retry_strategy': 'ALL_STEPS' } });
    expect(whole.onlyFailedSteps).toBe(false);
  });
});
