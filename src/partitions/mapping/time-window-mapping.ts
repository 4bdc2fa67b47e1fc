import { HOUR_MS } from '../../time/calendar.ts';
import type { EpochMs, TimeWindow } from '../../time/time-window.ts';
import type { PartitionKey } from '../context.ts';
import { equalPartitionsDefinitions, equalSequences } from '../definition/identity.ts';
import type { TimeWindowPartitionsDefinition } from '../definition/partitions-definition.ts';
import { basicCadenceOf } from '../definition/time-window.ts';
import { windowSequenceOf, type WindowSequence } from '../definition/window-sequence.ts';
import type { PartitionIndex, Stretches } from '../partition-index.ts';
import type { PartitionsSubset } from '../subset/partitions-subset.ts';
import { keysInWindow } from '../time-queries.ts';
import type { PartitionMapping } from './partition-mapping.ts';

type TimeWindowMapping = Extract<PartitionMapping, { kind: 'timeWindow' }>;

/** One side of a time-window mapping. */
export interface TimeSide {
  readonly index: PartitionIndex;
  readonly definition: TimeWindowPartitionsDefinition;
}

/** What a mapping answers: what exists, and what would be needed and does not. */
export interface MappedWindows {
  readonly subset: PartitionsSubset;
  readonly requiredButNonexistent: readonly PartitionKey[];
}

/**
 * The upstream windows that overlap the downstream ones in `subset`, shifted by the offsets in
 * downstream windows (MAP-TW-4). Works on whole runs of neighbouring windows, never key by key.
 */
export function mapWindowsToUpstream(
  mapping: TimeWindowMapping,
  downstream: TimeSide,
  upstream: TimeSide,
  subset: PartitionsSubset,
): MappedWindows {
  const { found, missing } = toUpstream(
    mapping,
    downstream,
    upstream,
    stretchesOf(downstream, subset),
  );
  return {
    subset: subsetIn(upstream, found),
    requiredButNonexistent: windowsIn(missing).flatMap((window) =>
      keysInWindow(upstream.definition, window),
    ),
  };
}

/** The downstream windows that read the upstream ones in `subset` (MAP-TW-6). */
export function mapWindowsToDownstream(
  mapping: TimeWindowMapping,
  upstream: TimeSide,
  downstream: TimeSide,
  subset: PartitionsSubset,
): PartitionsSubset {
  const stretches = stretchesOf(upstream, subset);
  return subsetIn(downstream, toDownstream(mapping, upstream, downstream, stretches));
}

/**
 * As `mapWindowsToUpstream`, from stretches of time to stretches of time: ascending, disjoint,
 * each one a run of neighbouring windows. `missing` is what would be needed and does not exist.
 */
export function mapStretchesToUpstream(
  mapping: TimeWindowMapping,
  downstream: TimeSide,
  upstream: TimeSide,
  windows: readonly TimeWindow[],
): { readonly windows: readonly TimeWindow[]; readonly missing: readonly TimeWindow[] } {
  const { found, missing } = toUpstream(mapping, downstream, upstream, stretchesIn(windows));
  return { windows: windowsIn(found), missing: windowsIn(missing) };
}

/** As `mapWindowsToDownstream`, from stretches of time to stretches of time. */
export function mapStretchesToDownstream(
  mapping: TimeWindowMapping,
  upstream: TimeSide,
  downstream: TimeSide,
  windows: readonly TimeWindow[],
): readonly TimeWindow[] {
  return windowsIn(toDownstream(mapping, upstream, downstream, stretchesIn(windows)));
}

/** Collects stretches in the order of their starts; what overlaps or touches becomes one. */
class StretchList {
  readonly #bounds: Float64Array;
  #length = 0;

  /** @param room for so many bounds, two for each stretch. */
  constructor(room: number) {
    this.#bounds = new Float64Array(room);
  }

  append(startAt: EpochMs, endAt: EpochMs): void {
    const length = this.#length;
    const bounds = this.#bounds;
    if (length === 0 || startAt > (bounds[length - 1] as EpochMs)) {
      bounds[length] = startAt;
      bounds[length + 1] = endAt;
      this.#length = length + 2;
    } else if (endAt > (bounds[length - 1] as EpochMs)) bounds[length - 1] = endAt;
  }

  get stretches(): Stretches {
    return this.#bounds.subarray(0, this.#length);
  }
}

const NONE: Stretches = new Float64Array(0);

function toUpstream(
  mapping: TimeWindowMapping,
  downstream: TimeSide,
  upstream: TimeSide,
  stretches: Stretches,
): { readonly found: Stretches; readonly missing: Stretches } {
  const { startOffset, endOffset } = mapping;
  const mayMiss = mapping.allowNonexistentUpstreamPartitions;
  if (startOffset === 0 && endOffset === 0) {
    const short = mapUnshifted(downstream, upstream, stretches);
    if (short === 'same') return { found: stretches, missing: NONE };
    if (short === 'before') return { found: NONE, missing: mayMiss ? NONE : stretches };
  }
  const bounds = boundsOf(upstream);
  const shiftStart = shiftBy(downstream, startOffset);
  const shiftEnd = shiftBy(downstream, endOffset);
  const widen = needsWidening(downstream.definition, upstream.definition)
    ? new Widening(upstream)
    : null;
  const found = new StretchList(stretches.length);
  let missing: StretchList | null = null;
  const miss = (startAt: EpochMs, endAt: EpochMs): void => {
    if (mayMiss) return;
    missing ??= new StretchList(stretches.length);
    missing.append(startAt, endAt);
  };
  for (let at = 0; at < stretches.length; at += 2) {
    let startAt = clamp(shiftStart(stretches[at] as EpochMs), startOffset, bounds);
    let endAt = clamp(shiftEnd(stretches[at + 1] as EpochMs), endOffset, bounds);
    if (widen !== null) {
      startAt = widen.startOf(startAt);
      endAt = widen.endOf(endAt);
    }
    if (startAt >= endAt) continue;
    if (bounds === null) {
      miss(startAt, endAt);
      continue;
    }
    const early = startAt < bounds.startAt;
    const late = endAt > bounds.endAt;
    // What sticks out at both ends is reported whole (MAP-TW-4q).
    if (early && late) miss(startAt, endAt);
    else if (early) miss(startAt, Math.min(endAt, bounds.startAt));
    else if (late) miss(Math.max(startAt, bounds.endAt), endAt);
    appendExisting(found, startAt, endAt, bounds);
  }
  // A closure may have set it, which the compiler does not see.
  const missed = missing as StretchList | null;
  return { found: found.stretches, missing: missed?.stretches ?? NONE };
}

function toDownstream(
  mapping: TimeWindowMapping,
  upstream: TimeSide,
  downstream: TimeSide,
  stretches: Stretches,
): Stretches {
  const startOffset = -mapping.endOffset;
  const endOffset = -mapping.startOffset;
  if (startOffset === 0 && endOffset === 0) {
    const short = mapUnshifted(upstream, downstream, stretches);
    if (short === 'same') return stretches;
    if (short === 'before') return NONE;
  }
  const bounds = boundsOf(downstream);
  if (bounds === null) return NONE;
  const shiftStart = shiftBy(downstream, startOffset);
  const shiftEnd = shiftBy(downstream, endOffset);
  const widen = needsWidening(upstream.definition, downstream.definition)
    ? new Widening(downstream)
    : null;
  const found = new StretchList(stretches.length);
  for (let at = 0; at < stretches.length; at += 2) {
    let startAt = stretches[at] as EpochMs;
    let endAt = stretches[at + 1] as EpochMs;
    if (widen !== null) {
      startAt = widen.startOf(startAt);
      endAt = widen.endOf(endAt);
    }
    startAt = clamp(shiftStart(startAt), startOffset, bounds);
    endAt = clamp(shiftEnd(endAt), endOffset, bounds);
    if (startAt < endAt) appendExisting(found, startAt, endAt, bounds);
  }
  return found.stretches;
}

/** All the time from the first existing window to the last, with what the clipping needs. */
interface ExistingTime extends TimeWindow {
  readonly firstEndAt: EpochMs;
  readonly lastStartAt: EpochMs;
}

function boundsOf({ index }: TimeSide): ExistingTime | null {
  const first = index.count === 0 ? null : index.windowAt(0);
  const last = index.count === 0 ? null : index.windowAt(index.count - 1);
  if (first === null || last === null) return null;
  return {
    startAt: first.startAt,
    firstEndAt: first.endAt,
    lastStartAt: last.startAt,
    endAt: last.endAt,
  };
}

/** Of a side, which is one of time windows. */
function stretchesOf({ index }: TimeSide, subset: PartitionsSubset): Stretches {
  return index.stretchesOf(subset) as Stretches;
}

function stretchesIn(windows: readonly TimeWindow[]): Stretches {
  return Float64Array.from(windows.flatMap(({ startAt, endAt }) => [startAt, endAt]));
}

function windowsIn(stretches: Stretches): readonly TimeWindow[] {
  return Array.from({ length: stretches.length / 2 }, (_, place) => ({
    startAt: stretches[place * 2] as EpochMs,
    endAt: stretches[place * 2 + 1] as EpochMs,
  }));
}

/** The existing windows that start within one of `stretches`. */
function subsetIn({ index }: TimeSide, stretches: Stretches): PartitionsSubset {
  return index.startingWithin(stretches) as PartitionsSubset;
}

/** The shorter ways that Dagster takes without offsets (MAP-TW-7): the same windows, nothing yet, or null for neither. */
function mapUnshifted(
  source: TimeSide,
  target: TimeSide,
  stretches: Stretches,
): 'same' | 'before' | null {
  const from = source.definition;
  const to = target.definition;
  const firstAt = stretches[0];
  const lastAt = stretches[stretches.length - 1];
  if (firstAt === undefined || lastAt === undefined) return 'same';
  const startsLater = from.startAt >= to.startAt || firstAt >= to.startAt;
  const endsEarlier = to.endAt === null || (from.endAt !== null && from.endAt <= to.endAt);
  if (equalPartitionsDefinitions(from, to)) return 'same';
  if (startsLater && endsEarlier && from.endOffset === to.endOffset && equalSequences(from, to)) {
    return 'same';
  }
  if (startsLater && basicCadenceOf(from) === 'daily' && basicCadenceOf(to) === 'hourly') {
    const [sourceBounds, targetBounds] = [boundsOf(source), boundsOf(target)];
    if (sourceBounds && targetBounds && sourceBounds.endAt <= targetBounds.endAt) return 'same';
  }
  return lastAt <= to.startAt ? 'before' : null;
}

/** Whether windows of the one need not begin and end where windows of the other do. */
function needsWidening(
  from: TimeWindowPartitionsDefinition,
  to: TimeWindowPartitionsDefinition,
): boolean {
  if (from.cronSchedule === to.cronSchedule) return false;
  return !(basicCadenceOf(from) === 'daily' && basicCadenceOf(to) === 'hourly');
}

/** Finds the least run of whole windows of one side around a stretch of time. */
class Widening {
  readonly #sequence: WindowSequence;
  /** The window that was found last: many a stretch in a row lies in the same. */
  #startAt = NaN;
  #endAt = NaN;

  constructor({ definition }: TimeSide) {
    this.#sequence = windowSequenceOf(definition);
  }

  startOf(startAt: EpochMs): EpochMs {
    this.#find(startAt);
    return this.#startAt;
  }

  endOf(endAt: EpochMs): EpochMs {
    this.#find(endAt - 1);
    return this.#endAt;
  }

  #find(at: EpochMs): void {
    if (at >= this.#startAt && at < this.#endAt) return;
    this.#startAt = this.#sequence.startAtOrBefore(at);
    this.#endAt = this.#sequence.endOf(this.#startAt);
  }
}

/** Gives an instant moved by `count` windows of `side`; plain hours are hours (MAP-TW-4). */
function shiftBy({ definition }: TimeSide, count: number): (at: EpochMs) => EpochMs {
  if (count === 0) return (at) => at;
  if (basicCadenceOf(definition) === 'hourly') return (at) => at + count * HOUR_MS;
  const sequence = windowSequenceOf(definition);
  return (at) => {
    for (let left = count; left > 0; left -= 1) at = sequence.endOf(sequence.startAtOrAfter(at));
    for (let left = count; left < 0; left += 1) at = sequence.startOfLastEndedBy(at);
    return at;
  };
}

/** An offset never leads out of what exists on its side (MAP-TW-5). */
function clamp(at: EpochMs, offset: number, bounds: ExistingTime | null): EpochMs {
  if (bounds === null || offset === 0) return at;
  return offset < 0 ? Math.max(at, bounds.startAt) : Math.min(at, bounds.endAt);
}

/** Adds the part of a stretch that exists, if any does. */
function appendExisting(
  found: StretchList,
  startAt: EpochMs,
  endAt: EpochMs,
  bounds: ExistingTime,
): void {
  if (startAt > bounds.lastStartAt || endAt < bounds.firstEndAt) return;
  found.append(Math.max(startAt, bounds.startAt), Math.min(endAt, bounds.endAt));
}
