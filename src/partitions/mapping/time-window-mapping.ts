import { HOUR_MS } from '../../time/calendar.ts';
import type { EpochMs, TimeWindow } from '../../time/time-window.ts';
import type { PartitionKey } from '../context.ts';
import { equalPartitionsDefinitions, equalSequences } from '../definition/identity.ts';
import type { TimeWindowPartitionsDefinition } from '../definition/partitions-definition.ts';
import { basicCadenceOf } from '../definition/time-window.ts';
import { windowSequenceOf } from '../definition/window-sequence.ts';
import type { PartitionIndex } from '../partition-index.ts';
import type { PartitionsSubset } from '../subset/partitions-subset.ts';
import { appendSpan } from '../subset/subset-algebra.ts';
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
  const shiftStart = shiftBy(downstream, startOffset);
  const shiftEnd = shiftBy(downstream, endOffset);
  const widen = needsWidening(downstream.definition, upstream.definition)
    ? wideningTo(upstream)
    : null;
  const found: TimeWindow[] = [];
  const missing: TimeWindow[] = [];
  for (const { startAt, endAt } of windows) {
    const shifted = {
      startAt: clamp(shiftStart(startAt), startOffset, bounds),
      endAt: clamp(shiftEnd(endAt), endOffset, bounds),
    };
    const window = widen === null ? shifted : widen(shifted);
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
    const existing = clipped(window, bounds);
    if (existing !== null) found.push(existing);
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
  const shiftStart = shiftBy(downstream, startOffset);
  const shiftEnd = shiftBy(downstream, endOffset);
  const widen = needsWidening(upstream.definition, downstream.definition)
    ? wideningTo(downstream)
    : null;
  const found: TimeWindow[] = [];
  for (const window of windows) {
    const { startAt, endAt } = widen === null ? window : widen(window);
    const shifted = {
      startAt: clamp(shiftStart(startAt), startOffset, bounds),
      endAt: clamp(shiftEnd(endAt), endOffset, bounds),
    };
    if (shifted.startAt >= shifted.endAt) continue;
    const existing = clipped(shifted, bounds);
    if (existing !== null) found.push(existing);
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
  const windows: TimeWindow[] = [];
  for (let at = 0; at < subset.length; at += 2) {
    const start = subset[at] as number;
    const last = (subset[at + 1] as number) - 1;
    // The index is one of time windows.
    const first = index.windowAt(start) as TimeWindow;
    windows.push(
      start === last
        ? first
        : { startAt: first.startAt, endAt: (index.windowAt(last) as TimeWindow).endAt },
    );
  }
  return windows;
}

/** The existing windows that start within one of `windows`, which ascend. */
function subsetIn({ index }: TimeSide, windows: readonly TimeWindow[]): PartitionsSubset {
  const boundaries: number[] = [];
  for (const { startAt, endAt } of windows) {
    appendSpan(
      boundaries,
      index.countStartingBefore(startAt) ?? 0,
      index.countStartingBefore(endAt) ?? 0,
    );
  }
  return boundaries;
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
  if (equalPartitionsDefinitions(from, to)) return 'same';
  if (startsLater && endsEarlier && from.endOffset === to.endOffset && equalSequences(from, to)) {
    return 'same';
  }
  if (startsLater && basicCadenceOf(from) === 'daily' && basicCadenceOf(to) === 'hourly') {
    const [sourceBounds, targetBounds] = [boundsOf(source), boundsOf(target)];
    if (sourceBounds && targetBounds && sourceBounds.endAt <= targetBounds.endAt) return 'same';
  }
  return last.endAt <= to.startAt ? 'before' : null;
}

/** Whether windows of the one need not begin and end where windows of the other do. */
function needsWidening(
  from: TimeWindowPartitionsDefinition,
  to: TimeWindowPartitionsDefinition,
): boolean {
  if (from.cronSchedule === to.cronSchedule) return false;
  return !(basicCadenceOf(from) === 'daily' && basicCadenceOf(to) === 'hourly');
}

/** Gives the least run of whole windows of `side` around a window. */
function wideningTo({ definition }: TimeSide): (window: TimeWindow) => TimeWindow {
  const sequence = windowSequenceOf(definition);
  // The latest window of `side`: many a window in a row lies in the same.
  let latestStart = NaN;
  let latestEnd = NaN;
  const findLatest = (at: EpochMs): void => {
    if (at >= latestStart && at < latestEnd) return;
    latestStart = sequence.startAtOrBefore(at);
    latestEnd = sequence.endOf(latestStart);
  };
  return (window) => {
    findLatest(window.startAt);
    const startAt = latestStart;
    findLatest(window.endAt - 1);
    return { startAt, endAt: latestEnd };
  };
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

/** The part of `window` that exists; null if none does. */
function clipped(window: TimeWindow, bounds: ExistingTime): TimeWindow | null {
  if (window.startAt > bounds.lastStartAt || window.endAt < bounds.firstEndAt) return null;
  if (window.startAt >= bounds.startAt && window.endAt <= bounds.endAt) return window;
  return {
    startAt: Math.max(window.startAt, bounds.startAt),
    endAt: Math.min(window.endAt, bounds.endAt),
  };
}

function mergeWindows(windows: readonly TimeWindow[]): readonly TimeWindow[] {
  const ascend = windows.every(
    ({ startAt }, at) => at === 0 || startAt >= (windows[at - 1] as TimeWindow).startAt,
  );
  const merged: TimeWindow[] = [];
  let last: TimeWindow | null = null;
  for (const window of ascend ? windows : windows.toSorted((a, b) => a.startAt - b.startAt)) {
    if (last === null || window.startAt > last.endAt) {
      merged.push(window);
      last = window;
    } else if (window.endAt > last.endAt) {
      last = { startAt: last.startAt, endAt: window.endAt };
      merged[merged.length - 1] = last;
    }
  }
  return merged;
}
