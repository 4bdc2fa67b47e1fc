import { tickAtOrBefore } from '../../time/cron-ticks.ts';
import type { EpochMs, TimeWindow } from '../../time/time-window.ts';
import { zoneOf } from '../../time/zone.ts';
import type { TimeWindowPartitionsDefinition } from '../definition/partitions-definition.ts';
import { windowSequenceOf } from '../definition/window-sequence.ts';

/** A stretch of the clock's face that a day leaves out, or shows twice. */
export interface ClockChange {
  readonly kind: 'skipped' | 'repeated';
  /** The instant at which the clocks are changed. */
  readonly at: EpochMs;
  /** The stretch as wall times, the start included and the end not, each as the instant at which UTC would show it. */
  readonly fromWallTime: number;
  readonly toWallTime: number;
}

/** How the clocks make some windows of a definition longer or shorter than they are on other days. */
export interface ClockEffect {
  readonly lengthMs: number;
  /** How long they would be if the clocks did not change. */
  readonly usualMs: number;
  /** In order; at least one. */
  readonly changes: readonly ClockChange[];
}

/** The changes of a zone's clocks from `startAt` to `endAt`, both included, in order. */
export function clockChangesBetween(
  timezone: string,
  startAt: EpochMs,
  endAt: EpochMs,
): readonly ClockChange[] {
  return zoneOf(timezone)
    .transitionsBetween(startAt - 1, endAt)
    .map(({ at, beforeMs, afterMs }) => ({
      kind: afterMs > beforeMs ? 'skipped' : 'repeated',
      at,
      fromWallTime: at + Math.min(beforeMs, afterMs),
      toWallTime: at + Math.max(beforeMs, afterMs),
    }));
}

/**
 * What the clocks do to the time from the start of one window of `definition` to the end of
 * another; null if it is as long as on other days. Where every hour ticks, windows are never
 * longer or shorter: there are more or fewer of them (CRON-4).
 */
export function clockEffectOn(
  definition: TimeWindowPartitionsDefinition,
  { startAt, endAt }: TimeWindow,
): ClockEffect | null {
  const { schedule, zone } = windowSequenceOf(definition);
  if (schedule.repeatsEveryHour) return null;
  // A tick that a gap has moved stands for the time that the schedule names.
  const utc = zoneOf('UTC');
  const nominal = (at: EpochMs): number => tickAtOrBefore(schedule, utc, at + zone.offsetAt(at));
  const usualMs = nominal(endAt) - nominal(startAt);
  const lengthMs = endAt - startAt;
  if (usualMs === lengthMs) return null;
  const changes = clockChangesBetween(definition.timezone, startAt, endAt);
  return changes.length === 0 ? null : { lengthMs, usualMs, changes };
}
