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

/** A subset with a bit for each ordinal, by words of 32: so keys are counted without looking for spans. */
interface SpanSums {
  readonly spans: PartitionsSubset;
  readonly words: Int32Array;
  /** Keys before each word, and last the number of all. */
  readonly before: Int32Array;
}

/** A subset never changes, and is tallied by more than one view. */
const sumsBySubset = new WeakMap<PartitionsSubset, SpanSums>();

/** Prepares the statuses of an asset with `existing` keys; takes time by the number of spans, and a bit for each key. */
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
    for (let at = 0; at < counts.length; at++) {
      const [from, to] = [bounds[at * 2] as number, bounds[at * 2 + 1] as number]; // within
      counts[at] = countBefore(of, to) - countBefore(of, from);
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
  const known = sumsBySubset.get(spans);
  if (known) return known;
  const size = ((spans.at(-1) ?? 0) >> 5) + 1;
  const words = new Int32Array(size);
  for (let at = 0; at < spans.length; at += 2) {
    const [start, end] = [spans[at] as number, spans[at + 1] as number]; // within, as all below
    const last = end >> 5;
    for (let word = start >> 5; word <= last; word++) {
      const from = word === start >> 5 ? -1 << (start & 31) : -1;
      const to = word === last ? ~(-1 << (end & 31)) : -1;
      words[word] = (words[word] as number) | (from & to);
    }
  }
  const before = new Int32Array(size + 1);
  for (let word = 0; word < size; word++) {
    before[word + 1] = (before[word] as number) + bitsIn(words[word] as number);
  }
  const sums = { spans, words, before };
  sumsBySubset.set(spans, sums);
  return sums;
}

/** How many bits of 32 are set. */
function bitsIn(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** How many keys of the subset stand before `ordinal`. */
function countBefore({ words, before }: SpanSums, ordinal: number): number {
  if (ordinal <= 0) return 0;
  const word = ordinal >> 5;
  if (word >= words.length) return before[words.length] as number; // within, as all below
  return (before[word] as number) + bitsIn((words[word] as number) & ~(-1 << (ordinal & 31)));
}

/** The index of the first span that ends after `ordinal`; the number of spans if none does. */
function spanEndingAfter({ spans }: SpanSums, ordinal: number): number {
  let low = 0;
  let high = spans.length >> 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((spans[middle * 2 + 1] as number) <= ordinal) low = middle + 1;
    else high = middle;
  }
  return low;
}
