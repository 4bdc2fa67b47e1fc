import type { TimeWindowPartitionsDefinition } from '../definition/partitions-definition.ts';
import { windowSequenceOf } from '../definition/window-sequence.ts';
import type { PartitionIndex } from '../partition-index.ts';
import type { PartitionsSubset } from '../subset/partitions-subset.ts';
import { appendSpan, ordinalAt } from '../subset/subset-algebra.ts';
import type { MappedAssets } from './map-partitions.ts';
import type { PartitionMapping } from './partition-mapping.ts';
import {
  equalTraced,
  traceDownstream,
  tracedCount,
  traceUpstream,
  type KeyTracer,
  type TracedKeys,
} from './trace-keys.ts';

/** A number for each of many keys: runs of neighbours that have the same. */
export interface CountRuns {
  /** The first ordinal of each run, ascending from 0; the next begins where it ends. */
  readonly starts: Float64Array;
  readonly counts: Float64Array;
  /** How many keys there are. */
  readonly size: number;
}

/** What a mapping comes to over all keys of both ends as they exist now. */
export interface MappingSurvey {
  /** How many upstream keys each downstream key reads. */
  readonly reads: CountRuns;
  /** How many downstream keys read each upstream key. */
  readonly readers: CountRuns;
  /** Downstream keys that need keys which do not exist. */
  readonly lacking: PartitionsSubset;
  /** Downstream keys that share only part of the time of a window that they read. */
  readonly partial: PartitionsSubset;
  /** Downstream keys that read something else by the mapping that it was compared with; null if with none. */
  readonly differing: PartitionsSubset | null;
}

/**
 * Traces every key of both ends. A generator, so that whoever runs it may do other things in between: it
 * yields after every few hundred keys.
 *
 * @param other a mapping to compare with; null for none.
 * @throws {InvalidDefinitionError} if a mapping does not fit the two definitions.
 */
export function* surveyMapping(
  assets: MappedAssets,
  other: PartitionMapping | null,
): Generator<void, MappingSurvey> {
  const up = traceUpstream(assets);
  const otherUp = other === null ? null : traceUpstream({ ...assets, mapping: other });
  const isPartial = partialReads(assets);
  const reads = new RunList();
  const lacking: number[] = [];
  const partial: number[] = [];
  const differing: number[] = [];
  const downstreamCount = assets.downstream?.count ?? 1;
  for (let ordinal = 0; ordinal < downstreamCount; ordinal += 1) {
    if (ordinal % A_TURN === 0) yield;
    const traced = up(ordinal);
    reads.add(tracedCount(traced));
    if (traced.lacks) appendSpan(lacking, ordinal, ordinal + 1);
    if (isPartial?.(ordinal, traced)) appendSpan(partial, ordinal, ordinal + 1);
    if (otherUp && !equalTraced(traced, otherUp(ordinal))) {
      appendSpan(differing, ordinal, ordinal + 1);
    }
  }
  const readers = yield* countAll(traceDownstream(assets), assets.upstream?.count ?? 1);
  return {
    reads: reads.runs(downstreamCount),
    readers,
    lacking,
    partial,
    differing: other === null ? null : differing,
  };
}

/** Keys that are traced at a stretch. */
const A_TURN = 500;

function* countAll(trace: KeyTracer, size: number): Generator<void, CountRuns> {
  const list = new RunList();
  for (let ordinal = 0; ordinal < size; ordinal += 1) {
    if (ordinal % A_TURN === 0) yield;
    list.add(tracedCount(trace(ordinal)));
  }
  return list.runs(size);
}

/** Collects runs, one key after the other. */
class RunList {
  readonly #starts: number[] = [];
  readonly #counts: number[] = [];
  #size = 0;

  add(count: number): void {
    if (this.#counts.at(-1) !== count) {
      this.#starts.push(this.#size);
      this.#counts.push(count);
    }
    this.#size += 1;
  }

  runs(size: number): CountRuns {
    return {
      starts: Float64Array.from(this.#starts),
      counts: Float64Array.from(this.#counts),
      size,
    };
  }
}

/** Whether windows that a key reads stick out of its own time, and do not hold all of it; null where that cannot be. */
function partialReads({
  mapping,
  upstream,
  downstream,
}: MappedAssets): ((ordinal: number, traced: TracedKeys) => boolean) | null {
  const own = timeOf(downstream);
  const other = timeOf(upstream);
  if (mapping.kind !== 'timeWindow' || own === null || other === null) return null;
  if (own.definition.cronSchedule === other.definition.cronSchedule) return null;
  const { startOffset, endOffset } = mapping;
  const sequence = windowSequenceOf(own.definition);
  return (ordinal, { rows }) => {
    const window = own.index.windowAt(ordinal);
    const last = rows.at(-1);
    if (window === null || last === undefined) return false;
    const first = other.index.windowAt(ordinalAt(rows, 0));
    const final = other.index.windowAt(last - 1);
    if (first === null || final === null) return false;
    const startAt =
      startOffset === 0 ? window.startAt : sequence.offset(window.startAt, startOffset);
    const endAt =
      endOffset === 0 ? window.endAt : sequence.endOf(sequence.offset(window.startAt, endOffset));
    const isInside = first.startAt >= startAt && final.endAt <= endAt;
    const holdsIt = first.startAt <= startAt && first.endAt >= endAt;
    return !isInside && !holdsIt;
  };
}

interface TimeIndex {
  readonly index: PartitionIndex;
  readonly definition: TimeWindowPartitionsDefinition;
}

function timeOf(index: PartitionIndex | null): TimeIndex | null {
  return index?.definition.kind === 'timeWindow' ? { index, definition: index.definition } : null;
}
