import type { PartitionKey } from '../../partitions/context.ts';
import type { PartitionIndex } from '../../partitions/partition-index.ts';
import type { EpochMs, TimeWindow } from '../../time/time-window.ts';
import type { StatusTally } from './status-tally.ts';

/** An asset whose keys are windows of time, as a lane of the timeline. */
export interface TimeLaneData {
  readonly assetKey: string;
  /** The keys that exist, and after them those that the timeline shows as not yet existing. */
  readonly index: PartitionIndex;
  /** Of the same ordinals; its `existing` tells the two apart. */
  readonly tally: StatusTally;
}

/** So much of a range is kept free after the last key, so that its end and the now line are seen. */
const MARGIN = 0.04;
/** Above so many keys the timeline begins with the newest. */
const ALL_AT_ONCE = 400;
const NEWEST = 200;

/** A range from the first window of all to the last one that is open; null if no lane has a window. */
export function fullRange(lanes: readonly TimeLaneData[], now: EpochMs): TimeWindow | null {
  let startAt = Infinity;
  let endAt = -Infinity;
  for (const { index, tally } of lanes) {
    // The next key is part of the picture, as it tells when it opens.
    const last = index.windowAt(Math.min(index.count, tally.existing + 1) - 1);
    const first = index.count > 0 ? index.windowAt(0) : null;
    if (!first || !last) continue;
    startAt = Math.min(startAt, first.startAt);
    endAt = Math.max(endAt, last.endAt);
  }
  if (startAt >= endAt) return null;
  const lasts = endAt - startAt;
  // Now belongs on the axis unless it is so far off that it would squeeze the keys.
  if (now > endAt && now < endAt + lasts * 0.1) endAt = now;
  return { startAt, endAt: endAt + lasts * MARGIN };
}

/** What the timeline shows at first: everything, or the newest keys where there are many. */
export function initialRange(lanes: readonly TimeLaneData[], full: TimeWindow): TimeWindow {
  const finest = finestLane(lanes);
  if (!finest || finest.tally.existing <= ALL_AT_ONCE) return full;
  return latestRange(finest, NEWEST, full);
}

/** The newest `keys` existing windows of a lane, with some room after them. */
export function latestRange(lane: TimeLaneData, keys: number, full: TimeWindow): TimeWindow {
  const { index, tally } = lane;
  const first = index.windowAt(Math.max(0, tally.existing - keys));
  const last = index.windowAt(tally.existing - 1);
  if (!first || !last) return full;
  const endAt = last.endAt + (last.endAt - first.startAt) * 0.1;
  return clampRange({ startAt: first.startAt, endAt }, full);
}

/** The lane with the most keys; null if there is none. */
export function finestLane(lanes: readonly TimeLaneData[]): TimeLaneData | null {
  return lanes.reduce<TimeLaneData | null>(
    (finest, lane) => (finest && finest.index.count >= lane.index.count ? finest : lane),
    null,
  );
}

/** `range` magnified `factor` times about `at`, inside `full`; never shorter than `shortest` ms. */
export function zoomRange(
  range: TimeWindow,
  factor: number,
  at: EpochMs,
  full: TimeWindow,
  shortest: number,
): TimeWindow {
  const before = range.endAt - range.startAt;
  const lasts = Math.min(full.endAt - full.startAt, Math.max(shortest, before / factor));
  const startAt = at - ((at - range.startAt) / before) * lasts;
  return clampRange({ startAt, endAt: startAt + lasts }, full);
}

/** `range` moved by `ms` as far as `full` goes. */
export function panRange(range: TimeWindow, ms: number, full: TimeWindow): TimeWindow {
  return clampRange({ startAt: range.startAt + ms, endAt: range.endAt + ms }, full);
}

/** `range` moved, or cut if it is too long, so that it lies within `full`. */
export function clampRange({ startAt, endAt }: TimeWindow, full: TimeWindow): TimeWindow {
  const lasts = Math.min(endAt - startAt, full.endAt - full.startAt);
  const start = Math.min(Math.max(startAt, full.startAt), full.endAt - lasts);
  return { startAt: start, endAt: start + lasts };
}

/** `[first...last]` of the keys of a lane that lie in `range`; empty if none does. */
export function rangeText({ index }: TimeLaneData, range: TimeWindow): string {
  const from = index.countStartingBefore(range.startAt) ?? 0;
  const to = index.countStartingBefore(range.endAt) ?? 0;
  if (from >= to) return '';
  const [first, last] = [index.keyAt(from), index.keyAt(to - 1)];
  return first === last ? first : `[${first}...${last}]`;
}

/**
 * The range from the first key of a text to the last: `[2015-07-01...2015-07-31]`, or one key. A key may
 * be any lane's.
 */
export function parseRangeText(
  text: string,
  lanes: readonly TimeLaneData[],
): { readonly range: TimeWindow } | { readonly problem: string } {
  const [, first = text.trim(), last = first] =
    /^\[?\s*(.+?)\s*\.\.\.\s*(.+?)\s*\]?$/.exec(text) ?? [];
  const start = windowOf(first, lanes);
  const end = windowOf(last, lanes);
  if (!start) return { problem: `${first} is not a key of these assets.` };
  if (!end) return { problem: `${last} is not a key of these assets.` };
  if (end.endAt <= start.startAt) return { problem: `${last} is before ${first}.` };
  return { range: { startAt: start.startAt, endAt: end.endAt } };
}

function windowOf(key: PartitionKey, lanes: readonly TimeLaneData[]): TimeWindow | null {
  for (const { index } of lanes) {
    const ordinal = index.ordinalOf(key);
    if (ordinal >= 0) return index.windowAt(ordinal);
  }
  return null;
}
