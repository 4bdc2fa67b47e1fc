import { InvalidDefinitionError } from '../../errors.ts';
import { DAY_MS, MINUTE_MS } from '../../time/calendar.ts';
import { matchesDay, parseCron, type CronSchedule } from '../../time/cron.ts';
import {
  TickTable,
  tickAfter,
  tickAtOrAfter,
  tickAtOrBefore,
  tickBefore,
} from '../../time/cron-ticks.ts';
import { offsetText, timeFormat, type TimeFormat } from '../../time/strftime.ts';
import type { EpochMs } from '../../time/time-window.ts';
import { isUtc, zoneOf, type Zone } from '../../time/zone.ts';
import type { PartitionKey } from '../context.ts';
import type { TimeWindowPartitionsDefinition } from './partitions-definition.ts';
import { instantOfText } from './time-window.ts';

/** Exclusions that leave nothing for so long, over so many windows, leave nothing at all. */
const LONGEST_GAP_MS = 3653 * DAY_MS;
const FEWEST_EXCLUDED = 100;
const MOST_EXCLUDED = 500_000;
const MOST_OFFSET = 100_000;
/** Of so many keys, the memory that they take is worth more than the time to list them. */
const LONG_LIST = 250_000;

const sequences = new WeakMap<TimeWindowPartitionsDefinition, WindowSequence>();

/** The windows of `definition`, as if it had neither beginning nor end. */
export function windowSequenceOf(definition: TimeWindowPartitionsDefinition): WindowSequence {
  let sequence = sequences.get(definition);
  if (sequence === undefined) {
    sequence = new WindowSequence(definition);
    sequences.set(definition, sequence);
  }
  return sequence;
}

/**
 * Every window of a cron schedule but the excluded ones, each told by its start. Where there
 * is no window (exclusions can leave none) a start is `Infinity`, or `-Infinity` looking back.
 */
export class WindowSequence {
  readonly schedule: CronSchedule;
  readonly zone: Zone;
  /** Whether windows are left out. */
  readonly hasExclusions: boolean;
  readonly #definition: TimeWindowPartitionsDefinition;
  readonly #format: TimeFormat;
  /** Whether the second copy of a repeated time is told apart by its offset (DST-1). */
  readonly #marksRepeats: boolean;
  readonly #excludedAt: ReadonlySet<EpochMs>;
  readonly #excludedBy: readonly ExcludingCron[];

  constructor(definition: TimeWindowPartitionsDefinition) {
    const { cronSchedule, timezone, fmt, exclusions } = definition;
    this.#definition = definition;
    // Checked where the definition was made.
    this.schedule = parseCron(cronSchedule) as CronSchedule;
    this.zone = zoneOf(timezone);
    this.#format = timeFormat(fmt);
    this.#marksRepeats = this.schedule.repeatsEveryHour && !fmt.includes('%z') && !isUtc(timezone);
    this.hasExclusions = exclusions.length > 0;
    this.#excludedAt = new Set(exclusions.filter((one) => typeof one === 'number'));
    this.#excludedBy = exclusions
      .filter((one) => typeof one === 'string')
      .map((text) => ({ schedule: parseCron(text) as CronSchedule, from: 0, next: -1 }));
  }

  /** Where the window that starts at `start` ends: at the next tick, excluded or not (TW-23). */
  endOf(start: EpochMs): EpochMs {
    return Number.isFinite(start) ? tickAfter(this.schedule, this.zone, start) : start;
  }

  /** The first window that starts at or after `at`. */
  startAtOrAfter(at: EpochMs): EpochMs {
    if (!Number.isFinite(at)) return at;
    let start = tickAtOrAfter(this.schedule, this.zone, at);
    for (let excluded = 0; this.isExcluded(start); excluded += 1) {
      if (leavesNothing(excluded, start - at)) return Infinity;
      start = tickAfter(this.schedule, this.zone, start);
    }
    return start;
  }

  /** The last window that starts at or before `at`. */
  startAtOrBefore(at: EpochMs): EpochMs {
    if (!Number.isFinite(at)) return at;
    let start = tickAtOrBefore(this.schedule, this.zone, at);
    for (let excluded = 0; this.isExcluded(start); excluded += 1) {
      if (leavesNothing(excluded, at - start)) return -Infinity;
      start = tickBefore(this.schedule, this.zone, start);
    }
    return start;
  }

  /** The last window that has ended at `at`. */
  startOfLastEndedBy(at: EpochMs): EpochMs {
    if (!Number.isFinite(at)) return at;
    return this.startAtOrBefore(tickAtOrBefore(this.schedule, this.zone, at) - 1);
  }

  /**
   * The window `count` windows after the one that starts at `start`; before it if negative.
   *
   * @throws {InvalidDefinitionError} if `count` is beyond all use: each window is walked.
   */
  offset(start: EpochMs, count: number): EpochMs {
    if (Math.abs(count) > MOST_OFFSET) {
      throw new InvalidDefinitionError(
        `An offset of ${count} windows is too far. At most ${MOST_OFFSET} are allowed.`,
      );
    }
    for (; count > 0; count -= 1) start = this.startAtOrAfter(start + 1);
    for (; count < 0; count += 1) start = this.startAtOrBefore(start - 1);
    return start;
  }

  /** Whether a tick is left out (TW-22). */
  isExcluded(start: EpochMs): boolean {
    if (!this.hasExclusions) return false;
    if (this.#excludedAt.has(start)) return true;
    return this.#excludedBy.some((cron) => {
      // Starts are mostly asked for in order: the next excluded one stays known until it is passed.
      if (start < cron.from || start > cron.next) {
        cron.from = start;
        cron.next = tickAtOrAfter(cron.schedule, this.zone, start);
      }
      return start === cron.next;
    });
  }

  /** The instant that a text in the definition's format stands for; null if it does not fit. */
  instantOf(text: string): EpochMs | null {
    const wallTime = this.#format.readWritten?.(text) ?? NaN;
    const steady = Number.isNaN(wallTime) ? NaN : this.zone.steadyInstant(wallTime);
    if (!Number.isNaN(steady)) return steady;
    return instantOfText(text, this.#definition.fmt, this.#definition.timezone);
  }

  /** The wall time in a text that is as long as keys and has digits where they have them; else NaN. */
  wallTimeOf(key: PartitionKey): number {
    return this.#format.readWritten === null ? NaN : this.#format.readWritten(key);
  }

  /**
   * What `instantOf` says, of a text that is the key of any window that starts there;
   * `Infinity` if no window can have such a key, NaN if only a closer look can tell.
   *
   * @param wallTime what `wallTimeOf` says of it.
   */
  plainInstantOf(key: PartitionKey, wallTime: number): EpochMs {
    const { readWritten, writtenLength } = this.#format;
    if (!Number.isNaN(wallTime)) return this.zone.steadyInstant(wallTime);
    if (readWritten === null) return NaN;
    // The second copy of a repeated time goes on with its offset.
    const isMarked = key.length !== writtenLength && this.#marksRepeats;
    return isMarked && /[+-]/.test(key.charAt(writtenLength)) ? NaN : Infinity;
  }

  /** The key of the window that starts at `start` (TW-11, DST-1, DST-10). */
  keyOf(start: EpochMs): PartitionKey {
    const { offsetMs, beforeMs, changedAt } = this.zone.segmentAt(start);
    const shiftMs = offsetMs - beforeMs;
    if (shiftMs !== 0 && start < changedAt + Math.abs(shiftMs)) {
      if (shiftMs < 0 && this.#marksRepeats) {
        return this.#format.format(start + offsetMs, offsetMs) + offsetText(offsetMs);
      }
      if (shiftMs > 0 && this.#ticksInGap(start + beforeMs)) {
        return this.#format.format(start + beforeMs, beforeMs);
      }
    }
    return this.#format.format(start + offsetMs, offsetMs);
  }

  /** The keys of the windows that start at `starts`, in order. */
  keysOf(starts: Pick<TickTable, 'count' | 'at'>): readonly PartitionKey[] {
    const keys = new Array<PartitionKey>(starts.count);
    const { split } = this.#format;
    if (split === null || !(starts instanceof TickTable)) {
      for (let ordinal = 0; ordinal < keys.length; ordinal += 1) {
        keys[ordinal] = this.keyOf(starts.at(ordinal));
      }
      return keys;
    }
    const isLong = keys.length >= LONG_LIST;
    const times = this.schedule.minutesOfDay.map((minute) => split.time(minute * MINUTE_MS));
    starts.visit(
      (ordinal, day) => {
        const date = split.day(day);
        for (let at = 0; at < times.length; at += 1) {
          const key = date + (times[at] as string);
          // Asked for a sign, the platform makes one piece of the two. While the key is new, the
          // pieces are let go of; later they would stay, and take more than the key.
          if (isLong) key.charCodeAt(0);
          keys[ordinal + at] = key;
        }
      },
      (ordinal, at) => {
        keys[ordinal] = this.keyOf(at);
      },
    );
    return keys;
  }

  /** Whether the schedule means this missing wall time, and outside the hours in which ticks move to the end of the gap. */
  #ticksInGap(wallTime: number): boolean {
    const day = Math.floor(wallTime / DAY_MS);
    const minute = (wallTime - day * DAY_MS) / MINUTE_MS;
    return (
      !this.schedule.repeatsEveryHour &&
      (minute < 60 || minute >= 240) &&
      this.schedule.minutesOfDay.includes(minute) &&
      matchesDay(this.schedule, day)
    );
  }
}

function leavesNothing(excluded: number, spanMs: number): boolean {
  return excluded > MOST_EXCLUDED || (excluded > FEWEST_EXCLUDED && spanMs > LONGEST_GAP_MS);
}

interface ExcludingCron {
  readonly schedule: CronSchedule;
  /** No tick lies from here to before `next`. */
  from: EpochMs;
  next: EpochMs;
}
