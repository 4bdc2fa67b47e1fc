import { tickAfter, tickAtOrAfter, TickTable } from '../../time/cron-ticks.ts';
import { DAY_MS } from '../../time/calendar.ts';
import type { EpochMs } from '../../time/time-window.ts';
import type { PartitionKey } from '../context.ts';
import type { TimeWindowPartitionsDefinition } from '../definition/partitions-definition.ts';
import { windowSequenceOf } from '../definition/window-sequence.ts';
import type { PartitionIndex } from '../partition-index.ts';
import {
  clockChangesBetween,
  clockEffectOn,
  type ClockChange,
  type ClockEffect,
} from './clock-change.ts';

/** The windows of a definition that its exclusions leave out. */
export interface LeftOut {
  /** Between the first key that exists and the last. */
  readonly count: number;
  /** Where the next one starts that has not begun yet; null if none is near. */
  readonly nextAt: EpochMs | null;
  readonly timezone: string;
}

/** What a change of the clocks near now does to the keys of a definition. */
export type ClockNote =
  /** A window is longer or shorter than others. */
  | { readonly kind: 'oddWindow'; readonly key: PartitionKey; readonly effect: ClockEffect }
  /** Times that happen twice have a key each: the first of both. */
  | {
      readonly kind: 'repeatedTime';
      readonly change: ClockChange;
      readonly keys: readonly [PartitionKey, PartitionKey];
    }
  /** Times that do not happen have no key. */
  | { readonly kind: 'skippedTime'; readonly change: ClockChange };

/** Windows are looked at up to so many ahead. */
const MOST_AHEAD = 400;
/** A change of the clocks is near from so long before it until so long after it. */
const NEAR_BEFORE_MS = 21 * DAY_MS;
const NEAR_AFTER_MS = 7 * DAY_MS;
/** In longer windows an hour is not missed. */
const LONGEST_TOLD_MS = 8 * DAY_MS;

/** What the exclusions of a definition leave out; null if it has none. */
export function leftOutOf(index: PartitionIndex, now: EpochMs): LeftOut | null {
  const { definition, count } = index;
  if (definition.kind !== 'timeWindow') return null;
  const sequence = windowSequenceOf(definition);
  if (!sequence.hasExclusions) return null;
  const { schedule, zone } = sequence;
  const first = count === 0 ? null : index.windowAt(0);
  const last = count === 0 ? null : index.windowAt(count - 1);
  const all =
    first === null || last === null
      ? 0
      : new TickTable(schedule, zone, first.startAt, last.startAt).count;
  let nextAt: EpochMs | null = tickAtOrAfter(schedule, zone, now);
  for (let ahead = 0; nextAt !== null && !sequence.isExcluded(nextAt); ahead += 1) {
    nextAt = ahead === MOST_AHEAD ? null : tickAfter(schedule, zone, nextAt);
  }
  if (nextAt !== null && definition.endAt !== null && nextAt >= definition.endAt) nextAt = null;
  return { count: all - count, nextAt, timezone: definition.timezone };
}

/** What the clocks do to the keys of a definition near `now`; null if nothing, or if the change lies outside of it. */
export function clockNoteOf(
  definition: TimeWindowPartitionsDefinition,
  now: EpochMs,
): ClockNote | null {
  const { timezone, startAt, endAt } = definition;
  const changes = clockChangesBetween(timezone, now - NEAR_AFTER_MS, now + NEAR_BEFORE_MS);
  const change = changes.find(({ at }) => at >= startAt && (endAt === null || at < endAt));
  if (change === undefined) return null;
  const sequence = windowSequenceOf(definition);
  const { schedule, zone } = sequence;
  const lengthMs = change.toWallTime - change.fromWallTime;
  if (schedule.repeatsEveryHour) {
    if (change.kind === 'skipped') return { kind: 'skippedTime', change };
    const second = sequence.startAtOrAfter(change.at);
    if (second >= change.at + lengthMs) return null;
    const first = tickAtOrAfter(schedule, zone, second - lengthMs);
    const keys = [sequence.keyOf(first), sequence.keyOf(second)] as const;
    return { kind: 'repeatedTime', change, keys };
  }
  // The window that holds the change; or that begins or ends with it, as where midnight is left out.
  for (const at of [change.at - 1, change.at]) {
    const windowStart = sequence.startAtOrBefore(at);
    const window = { startAt: windowStart, endAt: sequence.endOf(windowStart) };
    if (window.endAt < change.at) continue;
    const effect = clockEffectOn(definition, window);
    if (effect !== null && effect.usualMs <= LONGEST_TOLD_MS) {
      return { kind: 'oddWindow', key: sequence.keyOf(windowStart), effect };
    }
  }
  return null;
}
