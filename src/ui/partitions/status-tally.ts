import { bisectRight } from 'd3-array';
import type { PartitionStatuses } from '../../orchestration/partition-status.ts';
import type { PartitionsSubset } from '../../partitions/subset/partitions-subset.ts';
import { WORST_FIRST, type ShownStatus } from './shown-status.ts';

/** What a picture of one asset's keys is made from. */
export interface ShownStatuses extends PartitionStatuses {
  /** Materialized keys whose upstream is newer; left out where nothing tells. */
  readonly stale?: PartitionsSubset;
}

/** Answers how many keys of a span have a status, however many keys there are. */
export interface StatusTally {
  /** How many keys exist. Ordinals from here on do not exist yet. */
  readonly existing: number;
  /** The number of keys of `status` among ordinals `from` up to, not including, `to`. */
  countIn(status: ShownStatus, from: number, to: number): number;
  /** @param ordinal at or after `existing` for a key that does not exist yet. */
  statusAt(ordinal: number): ShownStatus;
  /** The first key of `status` at or after `ordinal`; -1 if there is none. `missing` and `not yet existing` have no list. */
  firstFrom(status: ListedStatus, ordinal: number): number;
  /** The last key of `status` before `ordinal`; -1 if there is none. */
  lastBefore(status: ListedStatus, ordinal: number): number;
  /**
   * The number of keys of a status in each of the spans that `bounds` holds, start and end by turns; both
   * starts and ends ascend. Quicker than one by one, as each search begins where the last ended. Stale keys
   * count as materialized too.
   */
  countInEach(status: ListedStatus, bounds: Float64Array): Float64Array;
  /** The statuses that at least one existing key has, worst first. */
  readonly present: readonly ShownStatus[];
}

/** The statuses that are kept as subsets; the others are what these leave out. */
export type ListedStatus =
  'materialized' | 'materializing' | 'queued' | 'failed' | 'not tried' | 'stale';

/** Of statuses that overlap, the first counts. */
export const LISTED: readonly ListedStatus[] = [
  'queued',
  'materializing',
  'not tried',
  'failed',
  'stale',
  'materialized',
];

/** Prefix sums over a subset's spans. */
interface SpanSums {
  readonly spans: PartitionsSubset;
  /** Keys in the spans before each, and last the number of all. */
  readonly before: Float64Array;
}

/** Prepares the statuses of an asset with `existing` keys; takes time by the number of spans, not of keys. */
export function tallyStatuses(statuses: ShownStatuses, existing: number): StatusTally {
  const sums: Record<ListedStatus, SpanSums> = {
    materialized: sumsOf(statuses.materialized),
    materializing: sumsOf(statuses.materializing),
    queued: sumsOf(statuses.queued),
    failed: sumsOf(statuses.failed),
    'not tried': sumsOf(statuses.notTried),
    stale: sumsOf(statuses.stale ?? []),
  };

  function listedIn(status: ListedStatus, from: number, to: number): number {
    const of = sums[status];
    if (of.spans.length === 0) return 0;
    return countBefore(of, to) - countBefore(of, from);
  }

  function countIn(status: ShownStatus, from: number, to: number): number {
    const end = Math.min(to, existing);
    switch (status) {
      case 'not yet existing':
        return Math.max(0, to - Math.max(from, existing));
      case 'materialized':
        return listedIn('materialized', from, end) - listedIn('stale', from, end);
      case 'missing': {
        let known = 0;
        for (const listed of LISTED) {
          if (listed !== 'stale') known += listedIn(listed, from, end);
        }
        return Math.max(0, end - from - known);
      }
      default:
        return listedIn(status, from, end);
    }
  }

  function statusAt(ordinal: number): ShownStatus {
    if (ordinal >= existing) return 'not yet existing';
    return LISTED.find((status) => listedIn(status, ordinal, ordinal + 1) > 0) ?? 'missing';
  }

  function firstFrom(status: ListedStatus, ordinal: number): number {
    const { spans } = sums[status];
    const span = spanEndingAfter(spans, ordinal);
    return span * 2 < spans.length ? Math.max(ordinal, spans[span * 2] ?? 0) : -1;
  }

  function lastBefore(status: ListedStatus, ordinal: number): number {
    const { spans } = sums[status];
    const span = spanEndingAfter(spans, ordinal - 1);
    const start = spans[span * 2];
    if (start !== undefined && start < ordinal) return ordinal - 1;
    return span > 0 ? (spans[span * 2 - 1] ?? 0) - 1 : -1;
  }

  function countInEach(status: ListedStatus, bounds: Float64Array): Float64Array {
    const { spans, before } = sums[status];
    const counts = new Float64Array(bounds.length >> 1);
    let span = 0;
    let end = 0;
    for (let at = 0; at < bounds.length; at += 2) {
      const [from, to] = [bounds[at] as number, bounds[at + 1] as number]; // within, as all below
      // Where this stretch begins with the last key of the one before, or after it, so does its search.
      const isNext = at > 0 && from >= (bounds[at - 1] as number) - 1;
      const stride = end - span;
      span = spanEndingAfterFrom(spans, from, isNext ? Math.max(span, end - 1) : span, 1);
      end = spanEndingAfterFrom(spans, to, span, stride);
      const inside = (before[end] as number) - (before[span] as number);
      counts[at >> 1] = inside + partBefore(spans, end, to) - partBefore(spans, span, from);
    }
    return counts;
  }

  const present = WORST_FIRST.filter((status) => countIn(status, 0, existing) > 0);
  return { existing, countIn, statusAt, firstFrom, lastBefore, countInEach, present };
}

function sumsOf(spans: PartitionsSubset): SpanSums {
  const before = new Float64Array(spans.length / 2 + 1);
  for (let span = 0; span * 2 < spans.length; span++) {
    const size = (spans[span * 2 + 1] ?? 0) - (spans[span * 2] ?? 0);
    before[span + 1] = (before[span] ?? 0) + size;
  }
  return { spans, before };
}

/** How many keys of the subset stand before `ordinal`. */
function countBefore({ spans, before }: SpanSums, ordinal: number): number {
  const span = spanEndingAfter(spans, ordinal);
  return (before[span] ?? 0) + partBefore(spans, span, ordinal);
}

/** How many keys of one span, which ends after `ordinal`, stand before it; none of a span beyond the last. */
function partBefore(spans: PartitionsSubset, span: number, ordinal: number): number {
  const start = spans[span * 2];
  return start === undefined || start > ordinal ? 0 : ordinal - start;
}

/** The index of the first span that ends after `ordinal`; the number of spans if none does. */
function spanEndingAfter(spans: PartitionsSubset, ordinal: number): number {
  return spanOfBound(bisectRight(spans, ordinal));
}

/** The same where the answer is not before `from`: looks near it first, in steps that begin with `stride`. */
function spanEndingAfterFrom(
  spans: PartitionsSubset,
  ordinal: number,
  from: number,
  stride: number,
): number {
  const size = spans.length >> 1;
  let low = from;
  let step = Math.max(1, stride >> 2);
  let high = from;
  while (high < size && (spans[high * 2 + 1] as number) <= ordinal) {
    low = high + 1;
    high += step;
    step *= 2;
  }
  if (low >= high) return low;
  return spanOfBound(bisectRight(spans, ordinal, low * 2, Math.min(high, size) * 2));
}

/** Starts and ends of spans ascend together: the first bound after an ordinal is of the span that ends after it. */
function spanOfBound(bound: number): number {
  return bound >> 1;
}
