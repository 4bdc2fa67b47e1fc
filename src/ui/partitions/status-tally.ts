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
   * How many keys of a status stand before each of `ordinals`, which ascend: quicker than one by
   * one, as each search begins where the last ended. Stale keys count as materialized too.
   */
  countBeforeEach(status: ListedStatus, ordinals: Float64Array): Float64Array;
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

  function countBeforeEach(status: ListedStatus, ordinals: Float64Array): Float64Array {
    const { spans, before } = sums[status];
    const counts = new Float64Array(ordinals.length);
    const size = spans.length >> 1;
    let span = 0;
    for (let at = 0; at < ordinals.length; at++) {
      const ordinal = ordinals[at] as number; // `at` is within
      span = spanEndingAfterFrom(spans, ordinal, span, size);
      const start = span < size ? (spans[span * 2] as number) : ordinal;
      counts[at] = (before[span] as number) + (ordinal > start ? ordinal - start : 0);
    }
    return counts;
  }

  const present = WORST_FIRST.filter((status) => countIn(status, 0, existing) > 0);
  return { existing, countIn, statusAt, firstFrom, lastBefore, countBeforeEach, present };
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
  const start = spans[span * 2];
  const inside = start === undefined ? 0 : Math.max(0, ordinal - start);
  return (before[span] ?? 0) + inside;
}

/** The index of the first span that ends after `ordinal`; the number of spans if none does. */
function spanEndingAfter(spans: PartitionsSubset, ordinal: number): number {
  return spanBetween(spans, ordinal, 0, spans.length >> 1);
}

/** The same where the answer is not before `from`: looks near it first. */
function spanEndingAfterFrom(
  spans: PartitionsSubset,
  ordinal: number,
  from: number,
  size: number,
): number {
  let low = from;
  let step = 1;
  let high = from;
  while (high < size && (spans[high * 2 + 1] as number) <= ordinal) {
    low = high + 1;
    high += step;
    step *= 2;
  }
  return spanBetween(spans, ordinal, low, Math.min(high, size));
}

/** The same among the spans from `low` to `high`. */
function spanBetween(spans: PartitionsSubset, ordinal: number, low: number, high: number): number {
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((spans[middle * 2 + 1] ?? 0) > ordinal) high = middle;
    else low = middle + 1;
  }
  return low;
}
