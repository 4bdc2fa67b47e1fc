import { InvalidDefinitionError } from '../errors.ts';
import { DAY_MS, MINUTE_MS } from './calendar.ts';
import { matchesDay, type CronSchedule } from './cron.ts';
import type { EpochMs } from './time-window.ts';
import type { Zone } from './zone.ts';

/** A leap day, or the fifth Monday of a February, comes back within this many days. */
const SEARCH_DAYS = 41 * 366;

/**
 * The first tick of `schedule` in `zone` at or after `at` (CRON-6).
 *
 * @throws {InvalidDefinitionError} of kind `CroniterBadDateError` if it never ticks.
 */
export function tickAtOrAfter(schedule: CronSchedule, zone: Zone, at: EpochMs): EpochMs {
  const today = dayAt(zone, at);
  // The day before too: a gap can carry its last ticks past midnight.
  const firstDay = steadyOffset(zone, today) === null ? today - 1 : today;
  for (let day = firstDay; day < firstDay + SEARCH_DAYS; day += 1) {
    if (!matchesDay(schedule, day)) continue;
    const offsetMs = steadyOffset(zone, day);
    if (offsetMs !== null) {
      const minute = (at + offsetMs - day * DAY_MS) / MINUTE_MS;
      const index = lowerBound(schedule.minutesOfDay, minute);
      if (index === schedule.minutesOfDay.length) continue;
      return day * DAY_MS - offsetMs + (schedule.minutesOfDay[index] as number) * MINUTE_MS;
    }
    const ticks = ticksAround(schedule, zone, day);
    const index = lowerBound(ticks, at);
    if (index < ticks.length) return ticks[index] as EpochMs;
  }
  throw neverTicks(schedule);
}

/**
 * The last tick of `schedule` in `zone` at or before `at` (CRON-6).
 *
 * @throws {InvalidDefinitionError} of kind `CroniterBadDateError` if it never ticks.
 */
export function tickAtOrBefore(schedule: CronSchedule, zone: Zone, at: EpochMs): EpochMs {
  const today = dayAt(zone, at);
  const lastDay = steadyOffset(zone, today) === null ? today + 1 : today;
  for (let day = lastDay; day > lastDay - SEARCH_DAYS; day -= 1) {
    if (!matchesDay(schedule, day)) continue;
    const offsetMs = steadyOffset(zone, day);
    if (offsetMs !== null) {
      const minute = (at + offsetMs - day * DAY_MS) / MINUTE_MS;
      const index = lowerBound(schedule.minutesOfDay, Math.floor(minute) + 1) - 1;
      if (index < 0) continue;
      return day * DAY_MS - offsetMs + (schedule.minutesOfDay[index] as number) * MINUTE_MS;
    }
    const ticks = ticksAround(schedule, zone, day - 1);
    const index = lowerBound(ticks, at + 1) - 1;
    if (index >= 0) return ticks[index] as EpochMs;
  }
  throw neverTicks(schedule);
}

/** The first tick after `at`. */
export function tickAfter(schedule: CronSchedule, zone: Zone, at: EpochMs): EpochMs {
  return tickAtOrAfter(schedule, zone, at + 1);
}

/** The last tick before `at`. */
export function tickBefore(schedule: CronSchedule, zone: Zone, at: EpochMs): EpochMs {
  return tickAtOrBefore(schedule, zone, at - 1);
}

/** The first index at which `ascending` holds no less than `value`; its length if there is none. */
export function lowerBound(ascending: ArrayLike<number>, value: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ascending[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * The ticks from one tick to another, by ordinal, without a list of them: away from clock
 * changes a day's ticks are always the same minutes, so only the matching days and the few
 * days around each change are kept.
 */
export class TickTable {
  readonly count: number;
  readonly #schedule: CronSchedule;
  readonly #zone: Zone;
  readonly #firstDay: number;
  /** Matching days, ascending; null if that is every day. */
  readonly #days: Int32Array | null;
  readonly #pieces: readonly Piece[];
  readonly #pieceDays: Float64Array;
  readonly #pieceOrdinals: Float64Array;
  /** Ordinal, in the pieces, of the first tick. */
  readonly #base: number;
  /** Milliseconds from tick to tick where clocks do not change, if they are always as many; else 0. */
  readonly #stepMs: number;
  #latest: Piece;

  /** @param firstAt @param lastAt ticks of the schedule, in this order; both are included. */
  constructor(schedule: CronSchedule, zone: Zone, firstAt: EpochMs, lastAt: EpochMs) {
    this.#schedule = schedule;
    this.#zone = zone;
    this.#stepMs = schedule.everyDay ? stepOf(schedule.minutesOfDay) : 0;
    this.#firstDay = dayAt(zone, firstAt) - 1;
    const endDay = dayAt(zone, lastAt) + 2;
    this.#days = schedule.everyDay ? null : matchingDays(schedule, this.#firstDay, endDay);
    this.#pieces = this.#cut(endDay);
    this.#pieceDays = Float64Array.from(this.#pieces, ({ day }) => day);
    this.#pieceOrdinals = Float64Array.from(this.#pieces, ({ ordinal }) => ordinal);
    this.#latest = this.#pieces[0] as Piece;
    this.#base = this.#rawCountBefore(firstAt);
    this.count = this.#rawCountBefore(lastAt) + 1 - this.#base;
  }

  /** The tick of an ordinal that must lie in 0 … count - 1. */
  at(ordinal: number): EpochMs {
    const raw = ordinal + this.#base;
    let piece = this.#latest;
    if (raw < piece.ordinal || raw >= piece.endOrdinal) {
      piece = this.#pieces[lowerBound(this.#pieceOrdinals, raw + 1) - 1] as Piece;
      this.#latest = piece;
    }
    const within = raw - piece.ordinal;
    if (piece.ticks !== null) return piece.ticks[within] as EpochMs;
    if (this.#stepMs > 0) return piece.firstAt + within * this.#stepMs;
    const minutes = this.#schedule.minutesOfDay;
    const days = Math.floor(within / minutes.length);
    return (
      this.#dayOfRank(piece.rank + days) * DAY_MS -
      piece.offsetMs +
      (minutes[within - days * minutes.length] as number) * MINUTE_MS
    );
  }

  /** The ordinal of the tick at `at`; -1 if there is none. */
  ordinalOf(at: EpochMs): number {
    const piece = this.#latest;
    if (this.#stepMs === 0 || !(at >= piece.startAt && at < piece.endAt)) {
      const ordinal = this.countBefore(at);
      return ordinal < this.count && this.at(ordinal) === at ? ordinal : -1;
    }
    const steps = (at - piece.firstAt) / this.#stepMs;
    const ordinal = piece.ordinal + steps - this.#base;
    return Math.floor(steps) === steps && ordinal >= 0 && ordinal < this.count ? ordinal : -1;
  }

  /**
   * As `ordinalOf`, of the tick that the clock on the wall shows, which is told at once while keys are
   * near each other; -1 too if it is not within the steady days last looked at.
   */
  ordinalNearby(wallTime: number): number {
    const piece = this.#latest;
    // Over all of these days the offset is the same, and no other day has their wall times.
    const at = wallTime - piece.offsetMs;
    if (!(at >= piece.startAt && at < piece.endAt)) return -1;
    const steps = (at - piece.firstAt) / this.#stepMs;
    const ordinal = piece.ordinal + steps - this.#base;
    return Math.floor(steps) === steps && ordinal >= 0 && ordinal < this.count ? ordinal : -1;
  }

  /** How many ticks of the table are before `at`. */
  countBefore(at: EpochMs): number {
    return Math.min(Math.max(this.#rawCountBefore(at) - this.#base, 0), this.count);
  }

  /**
   * Visits every tick in order: whole days on which nothing changes as days, with the ordinal
   * of their first tick and their minutes those of the schedule; all other ticks one by one.
   */
  visit(
    onDay: (ordinal: number, day: number) => void,
    onTick: (ordinal: number, at: EpochMs) => void,
  ): void {
    const length = this.#schedule.minutesOfDay.length;
    for (const piece of this.#pieces) {
      const end = Math.min(piece.endOrdinal - this.#base, this.count);
      let ordinal = piece.ordinal - this.#base;
      for (let rank = piece.rank; ordinal < end; rank += 1) {
        if (piece.ticks === null && ordinal >= 0 && ordinal + length <= end) {
          onDay(ordinal, this.#dayOfRank(rank));
          ordinal += length;
          continue;
        }
        const stop = piece.ticks === null ? Math.min(ordinal + length, end) : end;
        for (; ordinal < stop; ordinal += 1) if (ordinal >= 0) onTick(ordinal, this.at(ordinal));
      }
    }
  }

  #rawCountBefore(at: EpochMs): number {
    let piece = this.#latest;
    if (this.#stepMs > 0 && at >= piece.startAt && at < piece.endAt) {
      return piece.ordinal + Math.ceil((at - piece.firstAt) / this.#stepMs);
    }
    const day = dayAt(this.#zone, at);
    if (day < this.#firstDay) return 0;
    if (day < piece.day || day >= piece.endDay) {
      piece = this.#pieces[lowerBound(this.#pieceDays, day + 1) - 1] as Piece;
      this.#latest = piece;
    }
    if (piece.ticks !== null) return piece.ordinal + lowerBound(piece.ticks, at);
    if (day >= piece.endDay) return piece.endOrdinal;
    const minutes = this.#schedule.minutesOfDay;
    const rank = this.#rankOf(day);
    const before = piece.ordinal + (rank - piece.rank) * minutes.length;
    if (this.#days !== null && this.#days[rank] !== day) return before;
    return before + lowerBound(minutes, (at + piece.offsetMs - day * DAY_MS) / MINUTE_MS);
  }

  #cut(endDay: number): Piece[] {
    const pieces: Piece[] = [];
    let ordinal = 0;
    const add = (day: number, end: number, steady: boolean): void => {
      if (day >= end) return;
      const ticks = steady ? null : ticksOfDays(this.#schedule, this.#zone, day, end);
      const rank = this.#rankOf(day);
      const length =
        ticks?.length ?? (this.#rankOf(end) - rank) * this.#schedule.minutesOfDay.length;
      const offsetMs = this.#zone.offsetAt(day * DAY_MS);
      const startAt = steady ? day * DAY_MS - offsetMs : NaN;
      pieces.push({
        startAt,
        endAt: steady ? end * DAY_MS - offsetMs : NaN,
        firstAt: startAt + (this.#schedule.minutesOfDay[0] as number) * MINUTE_MS,
        day,
        endDay: end,
        ordinal,
        endOrdinal: ordinal + length,
        rank,
        offsetMs,
        ticks,
      });
      ordinal += length;
    };
    let day = this.#firstDay;
    for (const { at, beforeMs, afterMs } of this.#zone.transitionsBetween(
      (day - 2) * DAY_MS,
      (endDay + 2) * DAY_MS,
    )) {
      // A day more on either side: a gap can carry ticks past midnight.
      const from = Math.floor((at + Math.min(beforeMs, afterMs)) / DAY_MS) - 1;
      const to = Math.floor((at + Math.max(beforeMs, afterMs)) / DAY_MS) + 2;
      add(day, Math.min(from, endDay), true);
      add(Math.max(day, from), Math.min(to, endDay), false);
      day = Math.max(day, Math.min(to, endDay));
    }
    add(day, endDay, true);
    return pieces;
  }

  /** How many matching days are before `day`. */
  #rankOf(day: number): number {
    return this.#days === null ? day - this.#firstDay : lowerBound(this.#days, day);
  }

  #dayOfRank(rank: number): number {
    return this.#days === null ? this.#firstDay + rank : (this.#days[rank] as number);
  }
}

/** Some days in a row of a table. */
interface Piece {
  readonly day: number;
  readonly endDay: number;
  readonly ordinal: number;
  readonly endOrdinal: number;
  /** How many matching days of the table come before. */
  readonly rank: number;
  /** Of all its days, if `ticks` is null. */
  readonly offsetMs: number;
  /** The instants of its days; NaN if `ticks` is not null. */
  readonly startAt: EpochMs;
  readonly endAt: EpochMs;
  /** The first tick of a matching first day; NaN if `ticks` is not null. */
  readonly firstAt: EpochMs;
  /** All its ticks where clocks change nearby; null where every matching day is alike. */
  readonly ticks: readonly EpochMs[] | null;
}

/** Milliseconds from tick to tick if the ticks of all days are evenly spaced over the night too; else 0. */
function stepOf(minutesOfDay: readonly number[]): number {
  const [first = 0] = minutesOfDay;
  const spacing = DAY_MS / MINUTE_MS / minutesOfDay.length;
  const isEven = minutesOfDay.every((minute, at) => minute === first + at * spacing);
  return isEven ? spacing * MINUTE_MS : 0;
}

function matchingDays(schedule: CronSchedule, day: number, endDay: number): Int32Array {
  const days: number[] = [];
  for (; day < endDay; day += 1) if (matchesDay(schedule, day)) days.push(day);
  return Int32Array.from(days);
}

/** The day that the wall shows at an instant. */
function dayAt(zone: Zone, at: EpochMs): number {
  return Math.floor((at + zone.offsetAt(at)) / DAY_MS);
}

/** The offset that holds from the day before to the day after; null if it changes there. */
function steadyOffset(zone: Zone, day: number): number | null {
  const { startAt, endAt, offsetMs } = zone.segmentAt(day * DAY_MS);
  return startAt <= (day - 2) * DAY_MS && endAt >= (day + 3) * DAY_MS ? offsetMs : null;
}

const unsteadyTicks = new WeakMap<CronSchedule, WeakMap<Zone, Map<number, readonly EpochMs[]>>>();

/** Every tick of `day` and the day after it, near a change of clocks; computed once, as many ask. */
function ticksAround(schedule: CronSchedule, zone: Zone, day: number): readonly EpochMs[] {
  let byZone = unsteadyTicks.get(schedule);
  if (byZone === undefined) unsteadyTicks.set(schedule, (byZone = new WeakMap()));
  let byDay = byZone.get(zone);
  if (byDay === undefined) byZone.set(zone, (byDay = new Map()));
  let ticks = byDay.get(day);
  if (ticks === undefined) byDay.set(day, (ticks = ticksOfDays(schedule, zone, day, day + 2)));
  return ticks;
}

/**
 * Every tick of the days from `day` to before `endDay`, ascending, each instant once,
 * whatever the clocks do (CRON-4, CRON-5, CRON-8).
 */
function ticksOfDays(
  schedule: CronSchedule,
  zone: Zone,
  day: number,
  endDay: number,
): readonly EpochMs[] {
  const ticks: EpochMs[] = [];
  for (; day < endDay; day += 1) {
    if (!matchesDay(schedule, day)) continue;
    const startAt = zone.steadyInstant(day * DAY_MS);
    const lastAt = zone.steadyInstant((day + 1) * DAY_MS - MINUTE_MS);
    if (lastAt - startAt === DAY_MS - MINUTE_MS) {
      for (const minute of schedule.minutesOfDay) ticks.push(startAt + minute * MINUTE_MS);
      continue;
    }
    for (const minute of schedule.minutesOfDay) {
      const { first, second, gapEndAt } = zone.resolve(day * DAY_MS + minute * MINUTE_MS);
      const nightly = minute >= 60 && minute < 240;
      if (schedule.repeatsEveryHour) {
        if (gapEndAt === null) ticks.push(first, second);
      } else if (gapEndAt !== null) {
        ticks.push(nightly ? gapEndAt : first);
      } else {
        ticks.push(!nightly && schedule.commonCadence ? first : second);
      }
    }
  }
  // Only repeated and missing times come out of order.
  if (ticks.some((at, index) => at < (ticks[index - 1] ?? at))) ticks.sort((a, b) => a - b);
  return ticks.filter((at, index) => at !== ticks[index - 1]);
}

function neverTicks(schedule: CronSchedule): InvalidDefinitionError {
  return new InvalidDefinitionError(
    `The cron schedule "${schedule.text}" never ticks: no date matches it.`,
    'CroniterBadDateError',
  );
}
