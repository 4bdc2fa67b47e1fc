import type { PartitionsSubset } from '../../partitions/subset/partitions-subset.ts';
import { subtract } from '../../partitions/subset/subset-algebra.ts';
import type { EpochMs } from '../../time/time-window.ts';
import { RunTag } from '../run-tags.ts';
import type { Backfill } from './backfill.ts';

/** Asks it to end: its runs are to be canceled, and it is looked at until they have ended (BF-17). */
export function cancelBackfill(backfill: Backfill): Backfill {
  return backfill.status === 'REQUESTED' ? { ...backfill, status: 'CANCELING' } : backfill;
}

/** _Extension_: while it is paused, its runs go on and nothing more is requested. */
export function pauseBackfill(backfill: Backfill, paused: boolean): Backfill {
  return { ...backfill, paused };
}

/**
 * A new backfill of the same keys, or of those that the first has not materialized (BF-19); of a job, these
 * go on from where their runs failed.
 *
 * @returns null if nothing is left to do.
 */
export function repeatBackfill(
  backfill: Backfill,
  part: 'whole' | 'missing',
  { backfillId, startedAt }: { readonly backfillId: string; readonly startedAt: EpochMs },
): Backfill | null {
  const targets = backfill.targets.flatMap((target) => {
    const done: PartitionsSubset = backfill.materialized.get(target.assetKey) ?? [];
    const subset = part === 'whole' ? target.subset : subtract(target.subset, done);
    return subset.length === 0 && target.unknownKeys.length === 0 ? [] : [{ ...target, subset }];
  });
  if (targets.length === 0) return null;
  const rootBackfillId = backfill.rootBackfillId ?? backfill.backfillId;
  const { fromFailure: _, ...whole } = backfill;
  return {
    ...whole,
    ...(backfill.job && part === 'missing' && { fromFailure: true }),
    backfillId,
    status: 'REQUESTED',
    paused: false,
    startedAt,
    targets,
    requested: new Map(),
    materialized: new Map(),
    failedAndDownstream: new Map(),
    iterations: 0,
    runCount: 0,
    tags: {
      ...backfill.tags,
      [RunTag.parentBackfill]: backfill.backfillId,
      [RunTag.rootBackfill]: rootBackfillId,
    },
    parentBackfillId: backfill.backfillId,
    rootBackfillId,
    error: null,
  };
}
