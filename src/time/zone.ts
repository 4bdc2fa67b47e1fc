import { InvalidDefinitionError } from '../errors.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from './calendar.ts';
import type { EpochMs } from './time-window.ts';

/** A time during which a zone keeps one offset from UTC. */
export interface OffsetSegment {
  readonly startAt: EpochMs;
  readonly endAt: EpochMs;
  /** Milliseconds to add to an instant to get the wall time. */
  readonly offsetMs: number;
  /** When this offset began; `startAt` if nothing changed there that matters here. */
  readonly changedAt: EpochMs;
  /** The offset before `changedAt`. */
  readonly beforeMs: number;
}

/** An instant at which a zone changes its offset. */
export interface ZoneTransition {
  readonly at: EpochMs;
  readonly beforeMs: number;
  readonly afterMs: number;
}

/** The instants that a wall time stands for. */
export interface WallTimeResolution {
  /** The first instant that shows it; in a gap, the instant found with the offset before the gap. */
  readonly first: EpochMs;
  /** The last instant that shows it; equal to `first` unless the time is repeated. */
  readonly second: EpochMs;
  /** Where the gap ends that swallows this time; null if the time exists. */
  readonly gapEndAt: EpochMs | null;
}

/** An IANA zone, by name. */
export interface Zone {
  /** As asked for. */
  readonly name: string;
  segmentAt(at: EpochMs): OffsetSegment;
  offsetAt(at: EpochMs): number;
  /** Changes of offset in (`from`, `to`], in order. */
  transitionsBetween(from: EpochMs, to: EpochMs): readonly ZoneTransition[];
  resolve(wallTime: number): WallTimeResolution;
  /** The one instant that shows a wall time; NaN near a change of the offset, where `resolve` knows more. */
  steadyInstant(wallTime: number): EpochMs;
}

/** No zone is further from UTC than this. */
const WIDEST_OFFSET_MS = 16 * HOUR_MS;
/** Intl is asked once per step: no zone changes its offset and changes it back within one. */
const STEP_MS = 16 * DAY_MS;
const STEPS_PER_BLOCK = 90;
const BLOCK_MS = STEP_MS * STEPS_PER_BLOCK;

const ALWAYS_UTC: OffsetSegment = {
  startAt: -Infinity,
  endAt: Infinity,
  offsetMs: 0,
  changedAt: -Infinity,
  beforeMs: 0,
};

/** Every part of a name in the zone database begins with a capital letter. */
const ZONE_NAME = /^[A-Z][^/]*(\/[A-Z][^/]*)*$/;
/** Names that only ICU knows: each means one of several zones. */
const OLD_ABBREVIATIONS: ReadonlySet<string> = new Set(
  'ACT AET AGT ART AST BET BST CAT CNT CST CTT EAT ECT IET IST JST MIT NET NST PLT PNT PRT PST SST VST'.split(
    ' ',
  ),
);

/** Holds no instant: every block of a zone is made when it is first asked for. */
const NOWHERE: OffsetSegment = { ...ALWAYS_UTC, startAt: Infinity, endAt: -Infinity };

const zones = new Map<string, Zone>();

/**
 * The zone called `name`, made once.
 *
 * @throws {InvalidDefinitionError} of kind `ZoneInfoNotFoundError` if there is none.
 */
export function zoneOf(name: string): Zone {
  let zone = zones.get(name);
  if (zone === undefined) {
    zone = new IntlZone(name, readerOf(name));
    zones.set(name, zone);
  }
  return zone;
}

/** Whether Dagster takes the zone for UTC by its name alone (DST-8). */
export function isUtc(name: string): boolean {
  return name === 'UTC' || name === 'utc';
}

/** Asks Intl for offsets; null if the zone is UTC for ever. */
function readerOf(name: string): ((at: EpochMs) => number) | null {
  if (isUtc(name) || name === 'Etc/UTC') return null;
  let format: Intl.DateTimeFormat;
  try {
    // Intl takes bare offsets, names in any case and some old abbreviations too; the zone database has none.
    if (!ZONE_NAME.test(name) || OLD_ABBREVIATIONS.has(name)) throw new RangeError(name);
    format = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' });
    const { timeZone } = format.resolvedOptions();
    if (timeZone !== name && timeZone.toUpperCase() === name.toUpperCase())
      throw new RangeError(name);
  } catch {
    throw new InvalidDefinitionError(
      `No time zone found with key ${name}. Expected an IANA name such as "Europe/Berlin".`,
      'ZoneInfoNotFoundError',
    );
  }
  return (at) => {
    const match = /GMT([+-])(\d+):(\d+)(?::(\d+))?$/.exec(format.format(at));
    if (match === null) return 0;
    const seconds = Number(match[2]) * 3600 + Number(match[3]) * 60 + Number(match[4] ?? 0);
    return (match[1] === '-' ? -seconds : seconds) * 1000;
  };
}

/**
 * A table of segments, filled by blocks of about four years: within a block Intl is
 * asked for offsets at fixed steps, each change is found by bisection, and everything
 * after that is integers.
 */
class IntlZone implements Zone {
  readonly name: string;
  readonly #read: ((at: EpochMs) => number) | null;
  readonly #blocks = new Map<number, readonly OffsetSegment[]>();
  #latest: OffsetSegment;

  constructor(name: string, read: ((at: EpochMs) => number) | null) {
    this.name = name;
    this.#read = read;
    this.#latest = read === null ? ALWAYS_UTC : NOWHERE;
  }

  segmentAt(at: EpochMs): OffsetSegment {
    if (at < this.#latest.startAt || at >= this.#latest.endAt) {
      const segments = this.#block(Math.floor(at / BLOCK_MS));
      let last = segments.length - 1;
      while ((segments[last] as OffsetSegment).startAt > at) last -= 1;
      this.#latest = segments[last] as OffsetSegment;
    }
    return this.#latest;
  }

  offsetAt(at: EpochMs): number {
    return this.segmentAt(at).offsetMs;
  }

  transitionsBetween(from: EpochMs, to: EpochMs): readonly ZoneTransition[] {
    const transitions: ZoneTransition[] = [];
    if (this.#read === null) return transitions;
    for (let segment = this.segmentAt(from); segment.endAt <= to;) {
      const next = this.segmentAt(segment.endAt);
      if (next.offsetMs !== segment.offsetMs) {
        transitions.push({
          at: next.startAt,
          beforeMs: segment.offsetMs,
          afterMs: next.offsetMs,
        });
      }
      segment = next;
    }
    return transitions;
  }

  steadyInstant(wallTime: number): EpochMs {
    const segment = this.segmentAt(wallTime - this.#latest.offsetMs);
    const near = wallTime - segment.offsetMs;
    // Behind the gap or repetition that began the segment, and before the one that ends it.
    const settledAt = segment.changedAt + Math.abs(segment.offsetMs - segment.beforeMs);
    if (near < segment.startAt || near < settledAt || near >= segment.endAt) return NaN;
    if (near + DAY_MS < segment.endAt) return near;
    const repeatedMs = segment.offsetMs - this.segmentAt(segment.endAt).offsetMs;
    return near < segment.endAt - repeatedMs ? near : NaN;
  }

  resolve(wallTime: number): WallTimeResolution {
    const steady = this.steadyInstant(wallTime);
    if (!Number.isNaN(steady)) return { first: steady, second: steady, gapEndAt: null };
    let segment: OffsetSegment;
    let first: EpochMs | null = null;
    let second = 0;
    let beforeGap = 0;
    let gapEndAt: EpochMs | null = null;
    const lastAt = wallTime + WIDEST_OFFSET_MS;
    for (segment = this.segmentAt(wallTime - WIDEST_OFFSET_MS); ;) {
      const at = wallTime - segment.offsetMs;
      if (at >= segment.startAt && at < segment.endAt) {
        first ??= at;
        second = at;
      }
      if (segment.endAt > lastAt) break;
      const next = this.segmentAt(segment.endAt);
      if (at >= segment.endAt && wallTime - next.offsetMs < next.startAt) {
        beforeGap = at;
        gapEndAt = next.startAt;
      }
      segment = next;
    }
    if (first === null) return { first: beforeGap, second: beforeGap, gapEndAt };
    return { first, second, gapEndAt: null };
  }

  #block(index: number): readonly OffsetSegment[] {
    const known = this.#blocks.get(index);
    const read = this.#read;
    if (known !== undefined || read === null) return known ?? [this.#latest];
    const blockAt = index * BLOCK_MS;
    const segments: OffsetSegment[] = [];
    let startAt = blockAt;
    let offsetMs = read(blockAt);
    // A block may begin shortly after a change, whose gap or repetition reaches into it.
    let beforeMs = read(blockAt - DAY_MS);
    let changedAt =
      beforeMs === offsetMs ? blockAt : changeAfter(read, blockAt - DAY_MS, blockAt, beforeMs);
    for (let step = 1; step <= STEPS_PER_BLOCK; step += 1) {
      const stepAt = blockAt + step * STEP_MS;
      let nextOffset = read(stepAt);
      let from = stepAt - STEP_MS;
      while (nextOffset !== offsetMs) {
        const at = changeAfter(read, from, stepAt, offsetMs);
        if (at >= blockAt + BLOCK_MS) break;
        segments.push({ startAt, endAt: at, offsetMs, changedAt, beforeMs });
        startAt = at;
        changedAt = at;
        beforeMs = offsetMs;
        offsetMs = read(at);
        from = at;
        nextOffset = read(stepAt);
      }
    }
    segments.push({ startAt, endAt: blockAt + BLOCK_MS, offsetMs, changedAt, beforeMs });
    this.#blocks.set(index, segments);
    return segments;
  }
}

/** The first instant after `from` at which the offset is not `offsetMs`; at `to` it is not. Whole seconds. */
function changeAfter(
  read: (at: EpochMs) => number,
  from: EpochMs,
  to: EpochMs,
  offsetMs: number,
): EpochMs {
  // Clocks change at whole quarters of an hour, but for the oldest changes.
  const quarter = bisect(read, from, to, offsetMs, 15 * MINUTE_MS);
  return read(quarter - 1000) === offsetMs
    ? quarter
    : bisect(read, quarter - 15 * MINUTE_MS, quarter, offsetMs, 1000);
}

function bisect(
  read: (at: EpochMs) => number,
  from: EpochMs,
  to: EpochMs,
  offsetMs: number,
  unitMs: number,
): EpochMs {
  let low = Math.floor(from / unitMs);
  let high = Math.ceil(to / unitMs);
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (read(middle * unitMs) === offsetMs) low = middle;
    else high = middle;
  }
  return high * unitMs;
}
