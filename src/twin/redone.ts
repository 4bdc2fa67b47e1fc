import { WorldRecord } from '../ledger/world-record.ts';
import type { WorldView } from '../ledger/world-view.ts';
import type { Run } from '../orchestration/run.ts';
import type { PartitionKey } from '../partitions/context.ts';
import { ordinalsOf } from '../partitions/subset/subset-algebra.ts';
import type { EpochMs } from '../time/time-window.ts';
import type { EffortAdded } from './effort.ts';

/** What is done again: keys in one launch, or runs one by one. */
export type Redone =
  /** In definition order. */
  | { readonly by: 'keys'; readonly keys: readonly PartitionKey[]; readonly effort: EffortAdded }
  /** Oldest first. */
  | { readonly by: 'runs'; readonly runIds: readonly string[]; readonly effort: EffortAdded }
  | { readonly by: 'nothing'; readonly reason: string };

/**
 * What failed and stands so. By keys the count of failures is pressed, and Launch. Without keys each failed
 * run is opened, and executed again from its failure.
 */
export function failedToRedo(view: WorldView, runs: readonly Run[]): Redone {
  const record = new WorldRecord(view);
  const { subject } = record;
  if (subject.kind === 'keys') {
    const keys = Array.from(ordinalsOf(record.failedKeys()), (at) => subject.index.keyAt(at));
    if (keys.length === 0) return nothing('Nothing has failed here.');
    return { by: 'keys', keys, effort: pressed(2) };
  }
  const retried = new Set(runs.map(({ parentRunId }) => parentRunId));
  const failed = runs.filter(({ status, runId }) => status === 'FAILURE' && !retried.has(runId));
  if (failed.length === 0) return nothing('Nothing has failed here.');
  return { by: 'runs', runIds: failed.map(idOf), effort: pressed(2 * failed.length) };
}

/**
 * What was materialized from an instant on. By keys: the panel, each stretch of neighbouring keys, Launch.
 * Without keys every run since is opened for its config, and the newest of each config is executed again.
 */
export function materializedToRedo(view: WorldView, runs: readonly Run[], since: EpochMs): Redone {
  const { subject } = new WorldRecord(view);
  if (subject.kind === 'keys') {
    const ordinals = new Set(
      view.events.flatMap(({ type, at, partitionKey }) =>
        type === 'ASSET_MATERIALIZATION' && at >= since && partitionKey !== null
          ? [subject.index.ordinalOf(partitionKey)]
          : [],
      ),
    );
    ordinals.delete(-1);
    const sorted = [...ordinals].sort((a, b) => a - b);
    if (sorted.length === 0) return nothing('Nothing was materialized since then.');
    const stretches = sorted.filter((at) => !ordinals.has(at - 1)).length;
    const keys = sorted.map((at) => subject.index.keyAt(at));
    return { by: 'keys', keys, effort: pressed(2 + stretches) };
  }
  const opened = runs.filter(({ status, createdAt }) => status === 'SUCCESS' && createdAt >= since);
  const newest = new Map(opened.map((run) => [JSON.stringify(run.runConfig), run]));
  if (newest.size === 0) return nothing('Nothing was materialized since then.');
  return {
    by: 'runs',
    runIds: [...newest.values()].map(idOf),
    effort: pressed(opened.length + newest.size),
  };
}

function nothing(reason: string): Redone {
  return { by: 'nothing', reason };
}

function pressed(presses: number): EffortAdded {
  return { presses, valuesTyped: 0, linesChanged: 0 };
}

function idOf({ runId }: Run): string {
  return runId;
}
