import { describe, expect, it } from 'vitest';
import { assetWiped, materializationReported } from '../../src/orchestration/asset-events.ts';
import type { Event, EventDraft } from '../../src/orchestration/event.ts';
import { AssetStatusFold } from '../../src/orchestration/status-fold.ts';
import { statusShapeOf } from '../../src/orchestration/status-shapes.ts';
import type { PartitionsDefinition } from '../../src/partitions/definition/partitions-definition.ts';
import { makeMultiPartitionsDefinition } from '../../src/partitions/definition/multi.ts';
import { indexPartitions } from '../../src/partitions/index-partitions.ts';
import { keysOf } from '../../src/partitions/subset/subset-keys.ts';
import { customers, days } from './sample-assets.ts';

const AT = Date.parse('2024-01-08T00:00:00Z');

/** A fold with the events that it is fed. */
class Folded {
  readonly index;
  readonly fold;
  #lastEventId = 0;

  constructor(definition: PartitionsDefinition, dynamicPartitions = new Map<string, string[]>()) {
    this.index = indexPartitions(definition, { effectiveAt: AT, dynamicPartitions });
    this.fold = new AssetStatusFold('a', this.index);
  }

  happen(type: EventDraft['type'], runId: string, more: Partial<EventDraft> = {}): this {
    const event: Event = {
      eventId: ++this.#lastEventId,
      runId,
      type,
      level: 'DEBUG',
      at: AT,
      message: '',
      stepKey: null,
      assetKey: type.startsWith('ASSET_') ? 'a' : null,
      partitionKey: null,
      metadata: null,
      error: null,
      byAuthor: false,
      ...more,
    };
    this.fold.apply(event);
    return this;
  }

  plan(runId: string, ...keys: readonly string[]): this {
    for (const partitionKey of keys) {
      this.happen('ASSET_MATERIALIZATION_PLANNED', runId, { partitionKey, stepKey: 'a' });
    }
    return this.happen('RUN_START', runId);
  }

  record(runId: string, ...keys: readonly string[]): this {
    for (const partitionKey of keys) {
      this.happen('ASSET_MATERIALIZATION', runId, { partitionKey, stepKey: 'a' });
    }
    return this;
  }

  draft(event: EventDraft): this {
    return this.happen(event.type, event.runId, event);
  }

  /** Only what there is. */
  get statuses() {
    const named = Object.entries(this.fold.overlappingStatuses()).map(
      ([name, subset]: [string, readonly number[]]) => [name, keysOf(this.index, subset)] as const,
    );
    return Object.fromEntries(named.filter(([, keys]) => keys.length > 0));
  }
}

describe('statuses of one asset', () => {
  it('[PS-5] what a range run raised stands for each key that it has not recorded', () => {
    const error = { name: 'Boom', code: null, kind: null, message: 'x', frames: [], cause: null };
    const folded = new Folded(days())
      .plan('r1', '2024-01-02', '2024-01-03', '2024-01-04')
      .happen('STEP_START', 'r1', { stepKey: 'a' })
      .record('r1', '2024-01-02')
      .happen('STEP_FAILURE', 'r1', { stepKey: 'a', assetKey: 'a', error })
      .happen('RUN_FAILURE', 'r1');
    expect(folded.statuses).toEqual({
      materialized: ['2024-01-02'],
      failed: ['2024-01-03', '2024-01-04'],
    });
    expect(folded.fold.newestFailure).toMatchObject({ partitionKey: '2024-01-04', keys: 2 });
  });

  it('[PS-1] [PS-6] a step of several assets starts for each of them, and is tried then', () => {
    const folded = new Folded(days())
      .happen('ASSET_MATERIALIZATION_PLANNED', 'r1', { partitionKey: '2024-01-02', stepKey: 'ma' })
      .happen('STEP_START', 'r1', { stepKey: 'ma' })
      .happen('RUN_FAILURE', 'r1');
    const { failed, notTried } = folded.fold.statuses(new Set());
    expect([failed, notTried]).toEqual([[1, 2], []]);
  });

  it('[PS-1] a deleted run is not in progress; what failed stays while anything else is known', () => {
    const folded = new Folded(days()).plan('r1', '2024-01-02').plan('r2', '2024-01-03');
    folded.happen('RUN_FAILURE', 'r1').happen('RUN_DELETED', 'r1', { assetKey: 'a' });
    expect(folded.statuses).toEqual({ failed: ['2024-01-02'], inProgress: ['2024-01-03'] });
    folded.happen('RUN_DELETED', 'r2', { assetKey: 'a' });
    expect(folded.statuses).toEqual({});
    expect(folded.fold.isKnown).toBe(false);
  });

  it('[PS-4] a wipe forgets all; what is recorded afterwards counts', () => {
    const folded = new Folded(days()).plan('r1', '2024-01-02', '2024-01-03');
    folded.record('r1', '2024-01-02').draft(assetWiped('a', null, AT));
    expect(folded.statuses).toEqual({});
    folded.draft(materializationReported('a', '2024-01-03', {}, AT)).happen('RUN_FAILURE', 'r1');
    expect(folded.statuses).toEqual({ materialized: ['2024-01-03'] });
    expect(() => assetWiped('a', ['2024-01-03'], AT)).toThrow(/not supported/);
  });

  it('a checkpoint brings back open attempts and what is known', () => {
    const folded = new Folded(days()).plan('r1', '2024-01-02').record('r1', '2024-01-02');
    folded.plan('r2', '2024-01-03');
    const again = new Folded(days());
    expect(again.fold.restore(folded.fold.identity, folded.fold.checkpoint())).toBe(true);
    expect(again.statuses).toEqual(folded.statuses);
    expect([...again.fold.openStepKeys]).toEqual(['a']);
    expect(again.happen('RUN_FAILURE', 'r2').statuses).toEqual({
      materialized: ['2024-01-02'],
      failed: ['2024-01-03'],
    });
  });

  it('[PS-7] keys by name: never materialized includes what failed and what is in progress', () => {
    const folded = new Folded(customers)
      .plan('r1', 'customer_c')
      .record('r1', 'customer_c')
      .plan('r2', 'customer_b')
      .happen('RUN_FAILURE', 'r2')
      .plan('r3', 'customer_c');
    expect(statusShapeOf(folded.index, folded.fold.overlappingStatuses())).toEqual({
      shape: 'keys',
      materialized: [],
      failed: ['customer_b'],
      materializing: ['customer_c'],
      unmaterialized: ['customer_a', 'customer_b'],
    });
  });

  it('[PS-7] two dimensions: equal neighbours along time are one range, in whatever order they are named', () => {
    const definition = makeMultiPartitionsDefinition({
      zone: customers,
      day: days('2024-01-01', '2024-01-04'),
    });
    const folded = new Folded(definition).record(
      '',
      '2024-01-01|customer_b',
      '2024-01-02|customer_b',
      '2024-01-03|customer_a',
    );
    const row = (materialized: readonly string[]) =>
      expect.objectContaining({ materialized, failed: [], materializing: [] }) as unknown;
    expect(statusShapeOf(folded.index, folded.fold.overlappingStatuses())).toEqual({
      shape: 'multi',
      primaryDimension: 'day',
      ranges: [
        {
          primaryStart: '2024-01-01',
          primaryEnd: '2024-01-02',
          secondary: row(['customer_b']),
        },
        {
          primaryStart: '2024-01-03',
          primaryEnd: '2024-01-03',
          secondary: row(['customer_a']),
        },
      ],
    });
  });

  it('answers for 100,000 keys that were recorded one by one', () => {
    const many = { kind: 'static', keys: Array.from({ length: 100_000 }, (_, at) => `k${at}`) };
    const folded = new Folded(many as PartitionsDefinition);
    for (const key of folded.index.keys()) folded.record('r', key);
    expect(folded.fold.overlappingStatuses().materialized).toEqual([0, 100_000]);
  });
});
