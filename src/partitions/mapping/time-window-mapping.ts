import { HOUR_MS } from '../../time/calendar.ts';
import type { EpochMs, TimeWindow } from '../../time/time-window.ts';
import type { PartitionKey } from '../context.ts';
import { partitionsDefinitionIdentity } from '../definition/identity.ts';
import type { TimeWindowPartitionsDefinition } from '../definition/partitions-definition.ts';
import { basicCadenceOf } from '../definition/time-window.ts';
import { windowSequenceOf } from '../definition/window-sequence.ts';
import type { PartitionIndex } from '../partition-index.ts';
import type { PartitionsSubset } from '../subset/partitions-subset.ts';
import { spansOf, unionAll, subsetOfSpan } from '../subset/subset-algebra.ts';
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
  const { windows, missing } = mapStretchesToUpstream(
    mapping,
    downstream,
    upstream,
    windowsOf(downstream, subset),
  );
  return {
    subset: subsetIn(upstream, windows),
    requiredButNonexistent: missing.flatMap((window) => keysInWindow(upstream.definition, window)),
  };
}

/** The downstream windows that read the upstream ones in `subset` (MAP-TW-6). */
export function mapWindowsToDownstream(
  mapping: TimeWindowMapping,
  upstream: TimeSide,
  downstream: TimeSide,
  subset: PartitionsSubset,
): PartitionsSubset {
  const windows = windowsOf(upstream, subset);
  return subsetIn(downstream, mapStretchesToDownstream(mapping, upstream, downstream, windows));
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
  const nonexistent = (missing: readonly TimeWindow[]): readonly TimeWindow[] =>
    mapping.allowNonexistentUpstreamPartitions ? [] : mergeWindows(missing);
  const { startOffset, endOffset } = mapping;
  if (startOffset === 0 && endOffset === 0) {
    const short = mapUnshifted(downstream, upstream, windows);
    if (short === 'same') return { windows, missing: [] };
    if (short === 'before') return { windows: [], missing: nonexistent(windows) };
  }
  const bounds = boundsOf(upstream);
  const widen = needsWidening(downstream.definition, upstream.definition);
  const found: TimeWindow[] = [];
  const missing: TimeWindow[] = [];
  for (const { startAt, endAt } of windows) {
    const shifted = {
      startAt: clamp(shift(downstream, startAt, startOffset), startOffset, bounds),
      endAt: clamp(shift(downstream, endAt, endOffset), endOffset, bounds),
    };
    const window = widen ? widened(upstream, shifted) : shifted;
    if (window.startAt >= window.endAt) continue;
    if (bounds === null) {
      missing.push(window);
      continue;
    }
    const early = window.startAt < bounds.startAt;
    const late = window.endAt > bounds.endAt;
    // What sticks out at both ends is reported whole (MAP-TW-4q).
    if (early && late) missing.push(window);
    else if (early) missing.push({ ...window, endAt: Math.min(window.endAt, bounds.startAt) });
    else if (late) missing.push({ ...window, startAt: Math.max(window.startAt, bounds.endAt) });
    found.push(...clipped(window, bounds));
  }
  return { windows: mergeWindows(found), missing: nonexistent(missing) };
}

/** As `mapWindowsToDownstream`, from stretches of time to stretches of time. */
export function mapStretchesToDownstream(
  mapping: TimeWindowMapping,
  upstream: TimeSide,
  downstream: TimeSide,
  windows: readonly TimeWindow[],
): readonly TimeWindow[] {
  const startOffset = -mapping.endOffset;
  const endOffset = -mapping.startOffset;
  if (startOffset === 0 && endOffset === 0) {
    const short = mapUnshifted(upstream, downstream, windows);
    if (short === 'same') return windows;
    if (short === 'before') return [];
  }
  const bounds = boundsOf(downstream);
  if (bounds === null) return [];
  const widen = needsWidening(upstream.definition, downstream.definition);
  const found: TimeWindow[] = [];
  for (const window of windows) {
    const { startAt, endAt } = widen ? widened(downstream, window) : window;
    const shifted = {
      startAt: clamp(shift(downstream, startAt, startOffset), startOffset, bounds),
      endAt: clamp(shift(downstream, endAt, endOffset), endOffset, bounds),
    };
    if (shifted.startAt < shifted.endAt) found.push(...clipped(shifted, bounds));
  }
  return mergeWindows(found);
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

/** The stretches of time that a subset covers, one for each run of neighbours. */
function windowsOf({ index }: TimeSide, subset: PartitionsSubset): readonly TimeWindow[] {
  return Array.from(spansOf(subset), ({ start, end }) => ({
    startAt: index.windowAt(start)?.startAt ?? NaN,
    endAt: index.windowAt(end - 1)?.endAt ?? NaN,
  }));
}

/** The existing windows that start within one of `windows`. */
function subsetIn({ index }: TimeSide, windows: readonly TimeWindow[]): PartitionsSubset {
  return unionAll(
    windows.map(({ startAt, endAt }) =>
      subsetOfSpan(index.countStartingBefore(startAt) ?? 0, index.countStartingBefore(endAt) ?? 0),
    ),
  );
}

/** The shorter ways that Dagster takes without offsets (MAP-TW-7): the same windows, nothing yet, or null for neither. */
function mapUnshifted(
  source: TimeSide,
  target: TimeSide,
  windows: readonly TimeWindow[],
): 'same' | 'before' | null {
  const [from, to] = [source.definition, target.definition];
  const first = windows[0];
  const last = windows.at(-1);
  if (first === undefined || last === undefined) return 'same';
  const startsLater = from.startAt >= to.startAt || first.startAt >= to.startAt;
  const endsEarlier = to.endAt === null || (from.endAt !== null && from.endAt <= to.endAt);
  if (partitionsDefinitionIdentity(from) === partitionsDefinitionIdentity(to)) return 'same';
  if (
    startsLater &&
    endsEarlier &&
    partitionsDefinitionIdentity(unbounded(from)) === partitionsDefinitionIdentity(unbounded(to))
  ) {
    return 'same';
  }
  if (startsLater && basicCadenceOf(from) === 'daily' && basicCadenceOf(to) === 'hourly') {
    const [sourceBounds, targetBounds] = [boundsOf(source), boundsOf(target)];
    if (sourceBounds && targetBounds && sourceBounds.endAt <= targetBounds.endAt) return 'same';
  }
  return last.endAt <= to.startAt ? 'before' : null;
}

function unbounded(definition: TimeWindowPartitionsDefinition): TimeWindowPartitionsDefinition {
  return { ...definition, startAt: 0, endAt: null };
}

/** Whether windows of the one need not begin and end where windows of the other do. */
function needsWidening(
  from: TimeWindowPartitionsDefinition,
  to: TimeWindowPartitionsDefinition,
): boolean {
  if (from.cronSchedule === to.cronSchedule) return false;
  return !(basicCadenceOf(from) === 'daily' && basicCadenceOf(to) === 'hourly');
}

/** The least run of whole windows of `side` around `window`. */
function widened({ definition }: TimeSide, window: TimeWindow): TimeWindow {
  const sequence = windowSequenceOf(definition);
  return {
    startAt: sequence.startAtOrBefore(window.startAt),
    endAt: sequence.endOf(sequence.startAtOrBefore(window.endAt - 1)),
  };
}

/** `at`, moved by `count` windows of `side`; plain hours are hours (MAP-TW-4). */
function shift({ definition }: TimeSide, at: EpochMs, count: number): EpochMs {
  if (basicCadenceOf(definition) === 'hourly') return at + count * HOUR_MS;
  const sequence = windowSequenceOf(definition);
  for (; count > 0; count -= 1) at = sequence.endOf(sequence.startAtOrAfter(at));
  for (; count < 0; count += 1) at = sequence.startOfLastEndedBy(at);
  return at;
}

/** An offset never leads out of what exists on its side (MAP-TW-5). */
function clamp(at: EpochMs, offset: number, bounds: ExistingTime | null): EpochMs {
  if (bounds === null || offset === 0) return at;
  return offset < 0 ? Math.max(at, bounds.startAt) : Math.min(at, bounds.endAt);
}

/** The part of `window` that exists: one window, or none. */
function clipped(window: TimeWindow, bounds: ExistingTime): readonly TimeWindow[] {
  if (window.startAt > bounds.lastStartAt || window.endAt < bounds.firstEndAt) return [];
  return [
    {
      startAt: Math.max(window.startAt, bounds.startAt),
      endAt: Math.min(window.endAt, bounds.endAt),
    },
  ];
}

function mergeWindows(windows: readonly TimeWindow[]): readonly TimeWindow[] {
  const merged: TimeWindow[] = [];
  for (const window of windows.toSorted((a, b) => a.startAt - b.startAt)) {
    const last = merged.at(-1);
    if (last === undefined || window.startAt > last.endAt) merged.push(window);
    else merged[merged.length - 1] = { ...last, endAt: Math.max(last.endAt, window.endAt) };
  }
  return merged;
}
