import type { ScheduleSpec, SensorSpec } from '../definitions/definitions.ts';
import { InvalidDefinitionError } from '../errors.ts';
import type { SerializableErrorInfo } from '../protocol/error-info.ts';
import { parseCron, type CronSchedule } from '../time/cron.ts';
import { tickAfter, tickAtOrAfter, tickAtOrBefore } from '../time/cron-ticks.ts';
import type { EpochMs } from '../time/time-window.ts';
import { zoneOf, type Zone } from '../time/zone.ts';
import type { DynamicPartitionsResult } from './dynamic-partitions-requests.ts';

/** SCH-15. */
export type TickStatus = 'STARTED' | 'SUCCESS' | 'SKIPPED' | 'FAILURE';

/** One evaluation of a schedule or a sensor, as it is kept. Plain data. */
export interface Tick {
  readonly tickId: string;
  readonly kind: 'schedule' | 'sensor';
  /** Of the schedule or sensor. */
  readonly name: string;
  /** Of a schedule the instant that it was due; of a sensor when it was evaluated. */
  readonly at: EpochMs;
  readonly startedAt: EpochMs;
  /** Null while it is `STARTED`. */
  readonly endedAt: EpochMs | null;
  readonly status: TickStatus;
  /** Of a skipped one; null if it has no message. */
  readonly skipMessage: string | null;
  readonly error: SerializableErrorInfo | null;
  /** Runs that it launched or found, in order. */
  readonly runIds: readonly string[];
  /** Of requests that were not launched because their key was used (RR-1). */
  readonly skippedRunKeys: readonly string[];
  /** Of a sensor: what it keeps; null if nothing. */
  readonly cursor: string | null;
  readonly dynamicPartitions: readonly DynamicPartitionsResult[];
  /** Lines that its function wrote; absent if none. */
  readonly logs?: readonly string[];
}

/** When a schedule ticks. */
type Cadence = Pick<ScheduleSpec, 'cronSchedule' | 'executionTimezone'>;

/** More ticks than these are not listed at once. */
const MOST_TICKS = 10_000;

/**
 * The one tick to evaluate at `now`, or null if none is due. Ticks can be missed, as while the page is
 * closed: then only the latest is made up for, as in Dagster (SCH-15).
 *
 * @param from when the schedule was started, or just after its last tick; included.
 */
export function dueTick(schedule: Cadence, from: EpochMs, now: EpochMs): EpochMs | null {
  const { crons, zone } = cadenceOf(schedule);
  const latest = Math.max(...crons.map((cron) => latestOf(cron, zone, now)));
  return latest >= from ? latest : null;
}

/** Every tick from `from` to `to`, both included, ascending; at most 10,000 of them. */
export function ticksBetween(schedule: Cadence, from: EpochMs, to: EpochMs): readonly EpochMs[] {
  const ticks: EpochMs[] = [];
  for (
    let at = firstTick(schedule, from);
    at !== null && at <= to && ticks.length < MOST_TICKS;
    at = nextTick(schedule, at)
  ) {
    ticks.push(at);
  }
  return ticks;
}

/** The first tick after `after`; null if there is none (SCH-14: of several expressions, the union). */
export function nextTick(schedule: Cadence, after: EpochMs): EpochMs | null {
  const { crons, zone } = cadenceOf(schedule);
  return earliest(crons.map((cron) => orNever(() => tickAfter(cron, zone, after))));
}

/** The first `count` ticks after `after`, ascending; fewer if there are no more. */
export function nextTicks(schedule: Cadence, after: EpochMs, count: number): readonly EpochMs[] {
  const ticks: EpochMs[] = [];
  for (let at: EpochMs | null = after; ticks.length < count;) {
    at = nextTick(schedule, at);
    if (at === null) break;
    ticks.push(at);
  }
  return ticks;
}

/** Whether a sensor may be evaluated at `now`: not sooner than its interval after the tick before. */
export function isSensorDue(
  { minimumIntervalMs }: Pick<SensorSpec, 'minimumIntervalMs'>,
  lastTickStartedAt: EpochMs | null,
  now: EpochMs,
): boolean {
  return lastTickStartedAt === null || now - lastTickStartedAt >= minimumIntervalMs;
}

function firstTick(schedule: Cadence, from: EpochMs): EpochMs | null {
  const { crons, zone } = cadenceOf(schedule);
  return earliest(crons.map((cron) => orNever(() => tickAtOrAfter(cron, zone, from))));
}

function latestOf(cron: CronSchedule, zone: Zone, now: EpochMs): EpochMs {
  return orNever(() => tickAtOrBefore(cron, zone, now)) ?? -Infinity;
}

function earliest(ticks: readonly (EpochMs | null)[]): EpochMs | null {
  const some = ticks.filter((at) => at !== null);
  return some.length === 0 ? null : Math.min(...some);
}

/** Null for an expression that no date matches. */
function orNever(tick: () => EpochMs): EpochMs | null {
  try {
    return tick();
  } catch (fault) {
    if (fault instanceof InvalidDefinitionError && fault.kind === 'CroniterBadDateError') {
      return null;
    }
    throw fault;
  }
}

function cadenceOf({ cronSchedule, executionTimezone }: Cadence): {
  readonly crons: readonly CronSchedule[];
  readonly zone: Zone;
} {
  return {
    crons: cronSchedule.flatMap((text) => parseCron(text) ?? []),
    zone: zoneOf(executionTimezone),
  };
}
