/*
 * Windows of time by enumeration: every five minutes of a month a clock on the wall is looked
 * at, and the rules of schedules are applied to that, one wall time after the other. Slow,
 * and short enough to be seen to be right.
 */

import { zoneOf } from '../../src/time/zone.ts';

const MINUTE = 60_000;
/** All schedules here tick at such minutes, and clocks show them before and after each change. */
const LOOK = 5 * MINUTE;
const DAY = 86_400_000;

/** A month in a zone, around something that its clocks do. */
export interface Place {
  readonly zone: string;
  /** Midnight in UTC of the day in whose neighbourhood it happens. */
  readonly around: number;
  /** Whether a whole day is missing: then only schedules of every hour follow a rule. */
  readonly skipsDay?: boolean;
}

const place = (zone: string, day: string): Place => ({ zone, around: Date.parse(`${day}T00:00Z`) });

export const PLACES: readonly Place[] = [
  place('UTC', '2024-02-29'),
  place('America/New_York', '2024-03-10'),
  place('America/New_York', '2024-11-03'),
  place('Europe/Berlin', '2023-03-26'),
  place('Europe/Berlin', '2023-10-29'),
  place('Australia/Lord_Howe', '2025-10-05'),
  place('Australia/Lord_Howe', '2025-04-06'),
  place('America/Sao_Paulo', '2018-11-04'),
  place('America/Sao_Paulo', '2018-02-18'),
  place('America/Havana', '2024-11-03'),
  place('Africa/Cairo', '2023-04-28'),
  place('America/St_Johns', '2010-11-07'),
  place('Asia/Kathmandu', '2023-12-31'),
  { ...place('Pacific/Apia', '2011-12-30'), skipsDay: true },
];

/** A cron schedule, spelled out. */
export interface Cadence {
  readonly cron: string;
  readonly minutes: readonly number[];
  /** Null if every hour. */
  readonly hours: readonly number[] | null;
  /** Of the weekdays that count, 0 is Sunday; null if all do. */
  readonly weekdays: readonly number[] | null;
  /** Whether a repeated time outside 01:00 to 03:59 ticks at its first copy (CRON-8). */
  readonly common: boolean;
}

const cadence = (
  cron: string,
  minutes: readonly number[],
  hours: readonly number[] | null,
  weekdays: readonly number[] | null = null,
  common = false,
): Cadence => ({ cron, minutes, hours, weekdays, common });

export const CADENCES: readonly Cadence[] = [
  cadence('0 * * * *', [0], null),
  cadence('30 * * * *', [30], null),
  cadence('*/20 * * * *', [0, 20, 40], null),
  cadence('0 0 * * *', [0], [0], null, true),
  cadence('15 1 * * *', [15], [1], null, true),
  cadence('30 2 * * *', [30], [2], null, true),
  cadence('45 23 * * *', [45], [23], null, true),
  cadence('0 */6 * * *', [0], [0, 6, 12, 18]),
  cadence('10,40 2,14 * * *', [10, 40], [2, 14]),
  cadence('0 0 * * 1', [0], [0], [1], true),
  cadence('0 0 * * 1-5', [0], [0], [1, 2, 3, 4, 5]),
];

/** Schedules whose ticks may be left out of others. */
export const EXCLUDING: readonly Cadence[] = [
  cadence('0 0 * * 6,0', [0], [0], [6, 0]),
  cadence('0 12 * * *', [0], [12], null, true),
  cadence('30 5 * * *', [30], [5], null, true),
];

/** One window; it ends where the next tick is, left out or not. */
export interface NaiveWindow {
  readonly startAt: number;
  readonly endAt: number;
  /** In the format `%Y-%m-%d-%H:%M`. */
  readonly key: string;
}

/** The instants that show a wall time, for a month of one place. */
interface Wall {
  readonly instants: ReadonlyMap<number, readonly number[]>;
  readonly first: number;
  readonly last: number;
}

const walls = new Map<Place, Wall>();

/** What the clocks of a place show, from two weeks before to four weeks after. */
function wallOf(at: Place): Wall {
  const known = walls.get(at);
  if (known !== undefined) return known;
  const zone = zoneOf(at.zone);
  const instants = new Map<number, number[]>();
  let [first, last] = [Infinity, -Infinity];
  for (let now = at.around - 14 * DAY; now < at.around + 28 * DAY; now += LOOK) {
    const shown = now + zone.offsetAt(now);
    const listed = instants.get(shown);
    if (listed === undefined) instants.set(shown, [now]);
    else listed.push(now);
    first = Math.min(first, shown);
    last = Math.max(last, shown);
  }
  const wall = { instants, first, last };
  walls.set(at, wall);
  return wall;
}

const windows = new Map<string, readonly NaiveWindow[]>();

/** Every window of a schedule in the month of a place, in order; none is left out. */
export function windowsOf(at: Place, schedule: Cadence): readonly NaiveWindow[] {
  const id = `${at.zone} ${at.around} ${schedule.cron}`;
  let known = windows.get(id);
  if (known === undefined) {
    const ticks = ticksOf(at, schedule);
    known = ticks.slice(0, -1).map((tick, place) => ({
      ...tick,
      endAt: (ticks[place + 1] as { startAt: number }).startAt,
    }));
    windows.set(id, known);
  }
  return known;
}

function ticksOf(
  at: Place,
  { minutes, hours, weekdays, common }: Cadence,
): readonly { readonly startAt: number; readonly key: string }[] {
  const { instants, first, last } = wallOf(at);
  const keys = new Map<number, string>();
  const add = (startAt: number, key: string): void => {
    if (!keys.has(startAt)) keys.set(startAt, key);
  };
  for (let day = Math.ceil(first / DAY) * DAY; day + DAY <= last; day += DAY) {
    if (weekdays !== null && !weekdays.includes(new Date(day).getUTCDay())) continue;
    for (const hour of hours ?? Array.from({ length: 24 }, (_, one) => one)) {
      for (const minute of minutes) {
        const wall = day + (hour * 60 + minute) * MINUTE;
        const shownAt = instants.get(wall) ?? [];
        const [one, two] = shownAt;
        const inNight = hour >= 1 && hour <= 3;
        if (hours === null) {
          if (one !== undefined) add(one, written(wall));
          if (two !== undefined) add(two, written(wall) + offsetText(wall - two));
        } else if (one !== undefined) {
          add(two === undefined || (common && !inNight) ? one : two, written(wall));
        } else {
          const before = nearest(instants, wall, -LOOK);
          const behind = nearest(instants, wall, LOOK);
          if (inNight) add(behind.at, written(behind.wall));
          else add(before.at + wall - before.wall, written(wall));
        }
      }
    }
  }
  return [...keys]
    .map(([startAt, key]) => ({ startAt, key }))
    .sort((a, b) => a.startAt - b.startAt);
}

/** The nearest wall time that exists, and its instant; from a gap, look by look. */
function nearest(
  instants: ReadonlyMap<number, readonly number[]>,
  missing: number,
  step: number,
): { readonly wall: number; readonly at: number } {
  for (let wall = missing + step; ; wall += step) {
    const at = instants.get(wall)?.at(-1);
    if (at !== undefined) return { wall, at };
  }
}

function written(wall: number): string {
  return new Date(wall).toISOString().slice(0, 16).replace('T', '-');
}

function offsetText(offsetMs: number): string {
  const minutes = Math.abs(offsetMs) / MINUTE;
  const two = (part: number): string => String(part).padStart(2, '0');
  return `${offsetMs < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}${two(minutes % 60)}`;
}
