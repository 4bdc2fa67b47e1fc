import type { PartitionStatuses } from '../../orchestration/partition-status.ts';
import type { PartitionsSubset } from '../../partitions/subset/partitions-subset.ts';
import { contains } from '../../partitions/subset/subset-algebra.ts';
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
  /** Whether a key that stands otherwise was materialized before, and has that value still. */
  wasMaterialized(ordinal: number): boolean;
  /** The first key of `status` at or after `ordinal`; -1 if there is none. `missing` and `not yet existing` have no list. */
  firstFrom(status: ListedStatus, ordinal: number): number;
  /** The last key of `status` before `ordinal`; -1 if there is none. */
  lastBefore(status: ListedStatus, ordinal: number): number;
  /**
   * The number of keys of a status in each of the spans that `bounds` holds, start and end by turns. Stale
   * keys count as materialized too.
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
  /** Ordinals go by blocks of 2 to the power of this, about as many as there are spans. */
  readonly blockBits: number;
  /** The first span that ends after the first ordinal of each block, and last the number of spans. */
  readonly firstSpans: Int32Array;
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

  function wasMaterialized(ordinal: number): boolean {
    return contains(statuses.materializedBefore ?? [], ordinal);
  }

  function firstFrom(status: ListedStatus, ordinal: number): number {
    const { spans } = sums[status];
    const span = spanEndingAfter(sums[status], ordinal);
    return span * 2 < spans.length ? Math.max(ordinal, spans[span * 2] ?? 0) : -1;
  }

  function lastBefore(status: ListedStatus, ordinal: number): number {
    const { spans } = sums[status];
    const span = spanEndingAfter(sums[status], ordinal - 1);
    const start = spans[span * 2];
    if (start !== undefined && start < ordinal) return ordinal - 1;
    return span > 0 ? (spans[span * 2 - 1] ?? 0) - 1 : -1;
  }

  function countInEach(status: ListedStatus, bounds: Float64Array): Float64Array {
    const of = sums[status];
    const counts = new Float64Array(bounds.length >> 1);
    if (of.spans.length === 0) return counts;
    let latestFrom = bounds[0] as number; // within, as all below
    let beforeLatest = countBefore(of, latestFrom);
    for (let at = 0; at < counts.length; at++) {
      const to = bounds[at * 2 + 1] as number;
      const beforeFrom = beforeLatest;
      latestFrom = bounds[at * 2 + 2] ?? to;
      const span = spanEndingAfter(of, latestFrom);
      const start = of.spans[span * 2] ?? Infinity;
      beforeLatest = (of.before[span] as number) + Math.max(0, latestFrom - start);
      // Mostly a stretch ends where the next one begins, or with its first key: one search for both.
      const past = to - latestFrom;
      const beforeTo =
        past === 0 || past === 1
          ? beforeLatest + (start <= latestFrom ? past : 0)
          : countBefore(of, to);
      counts[at] = beforeTo - beforeFrom;
    }
    return counts;
  }

  const present = WORST_FIRST.filter((status) => countIn(status, 0, existing) > 0);
  return {
    existing,
    countIn,
    statusAt,
    wasMaterialized,
    firstFrom,
    lastBefore,
    countInEach,
    present,
  };
}

function sumsOf(spans: PartitionsSubset): SpanSums {
  const size = spans.length >> 1;
  const before = new Float64Array(size + 1);
  for (let span = 0; span < size; span++) {
    const keys = (spans[span * 2 + 1] as number) - (spans[span * 2] as number); // within, as all below
    before[span + 1] = (before[span] as number) + keys;
  }
  const end = spans.at(-1) ?? 0;
  const blockBits = Math.max(0, Math.ceil(Math.log2(end / Math.max(1, size))));
  const firstSpans = new Int32Array((end >> blockBits) + 2).fill(size);
  let span = 0;
  for (let block = 0; span < size; block++) {
    firstSpans[block] = span;
    const next = (block + 1) * 2 ** blockBits;
    while (span < size && (spans[span * 2 + 1] as number) <= next) span++;
  }
  return { spans, before, blockBits, firstSpans };
}

/** How many keys of the subset stand before `ordinal`. */
function countBefore(of: SpanSums, ordinal: number): number {
  const span = spanEndingAfter(of, ordinal);
  const start = of.spans[span * 2];
  // Of a span that ends after the ordinal, a part may stand before it; of one beyond the last, nothing.
  const part = start === undefined || start > ordinal ? 0 : ordinal - start;
  return (of.before[span] as number) + part;
}

/** The index of the first span that ends after `ordinal`; the number of spans if none does. */
function spanEndingAfter({ spans, blockBits, firstSpans }: SpanSums, ordinal: number): number {
  if (ordinal < 0) return 0;
  const block = Math.min(ordinal >> blockBits, firstSpans.length - 1);
  let low = firstSpans[block] as number;
  let high = firstSpans[Math.min(block + 1, firstSpans.length - 1)] as number;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((spans[middle * 2 + 1] as number) <= ordinal) low = middle + 1;
    else high = middle;
  }
  return low;
}
