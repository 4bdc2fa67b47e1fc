import {
  civilOfDay,
  DAY_MS,
  dayOfCivil,
  HOUR_MS,
  MINUTE_MS,
  weekdayOfDay,
} from '../../time/calendar.ts';
import { timeFormat } from '../../time/strftime.ts';
import type { EpochMs, TimeWindow } from '../../time/time-window.ts';
import { zoneOf } from '../../time/zone.ts';

/** A mark on an axis of time. */
export interface TimeTick {
  readonly at: EpochMs;
  /** `Jul`, `5 Oct`, `14:00`; empty where the words of the tick before leave no room. */
  readonly text: string;
  /** What is larger than the tick and begins here, or stands at the first tick: `2015`; empty otherwise. */
  readonly context: string;
}

type Unit = 'year' | 'month' | 'day' | 'hour' | 'minute';

/** Steps from short to long, with about how long they are. */
const STEPS: readonly { readonly unit: Unit; readonly by: number; readonly lastsMs: number }[] = [
  { unit: 'minute', by: 5, lastsMs: 5 * MINUTE_MS },
  { unit: 'minute', by: 15, lastsMs: 15 * MINUTE_MS },
  { unit: 'hour', by: 1, lastsMs: HOUR_MS },
  { unit: 'hour', by: 3, lastsMs: 3 * HOUR_MS },
  { unit: 'hour', by: 6, lastsMs: 6 * HOUR_MS },
  { unit: 'hour', by: 12, lastsMs: 12 * HOUR_MS },
  { unit: 'day', by: 1, lastsMs: DAY_MS },
  { unit: 'day', by: 2, lastsMs: 2 * DAY_MS },
  { unit: 'day', by: 7, lastsMs: 7 * DAY_MS },
  ...[1, 3, 6].map((by) => ({ unit: 'month' as const, by, lastsMs: by * 28 * DAY_MS })),
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500].map((by) => ({
    unit: 'year' as const,
    by,
    lastsMs: by * 365 * DAY_MS,
  })),
];

/** The widest tick's words, CSS px. */
const LEAST_APART = 64;
/** Of 12.5 px type, as wide as most; CSS px. */
const CHARACTER = 7;

/**
 * Ticks at the beginnings of hours, days, months or years of a zone, ascending, as many as
 * `width` has room for. Where clocks change, hours stay whole hours on the wall.
 */
export function timeTicks(range: TimeWindow, zone: string, width: number): readonly TimeTick[] {
  const lasts = range.endAt - range.startAt;
  const step =
    STEPS.find(({ lastsMs }) => (lastsMs / lasts) * width >= LEAST_APART) ?? STEPS.at(-1);
  if (!step || width <= 0) return [];
  const clock = zoneOf(zone);
  const ticks: TimeTick[] = [];
  let wall = floorTo(range.startAt + clock.offsetAt(range.startAt), step);
  let before = '';
  let free = 0; // CSS px from the left end
  // A gap of the clock may give the same instant twice, hence the guard on order.
  for (let guard = 0; guard < 1000; guard++) {
    const at = clock.resolve(wall).first;
    if (at > range.endAt) break;
    if (at >= range.startAt && at > (ticks.at(-1)?.at ?? -Infinity)) {
      const larger = contextOf(wall, step.unit);
      const context = larger === before ? '' : larger;
      const x = ((at - range.startAt) / lasts) * width;
      const text = x < free && !context ? '' : textOf(wall, step.unit);
      if (text) free = x + tickWidth(text, context);
      ticks.push({ at, text, context });
      before = larger;
    }
    wall = offsetBy(wall, step);
  }
  return ticks;
}

/** How wide a tick's words are at most, CSS px. */
export function tickWidth(text: string, context: string): number {
  return `${text} ${context}`.trimEnd().length * CHARACTER;
}

type Step = (typeof STEPS)[number];

function floorTo(wall: number, { unit, by }: Step): number {
  const day = Math.floor(wall / DAY_MS);
  const { year, month } = civilOfDay(day);
  switch (unit) {
    case 'minute':
      return Math.floor(wall / (by * MINUTE_MS)) * by * MINUTE_MS;
    case 'hour':
      return day * DAY_MS + Math.floor((wall - day * DAY_MS) / (by * HOUR_MS)) * by * HOUR_MS;
    case 'day':
      return (by === 7 ? day - ((weekdayOfDay(day) + 6) % 7) : Math.floor(day / by) * by) * DAY_MS;
    case 'month':
      return dayOfCivil(year, Math.floor((month - 1) / by) * by + 1, 1) * DAY_MS;
    case 'year':
      return dayOfCivil(Math.floor(year / by) * by, 1, 1) * DAY_MS;
  }
}

function offsetBy(wall: number, { unit, by }: Step): number {
  const { year, month } = civilOfDay(Math.floor(wall / DAY_MS));
  switch (unit) {
    case 'minute':
      return wall + by * MINUTE_MS;
    case 'hour':
      return wall + by * HOUR_MS;
    case 'day':
      return wall + by * DAY_MS;
    case 'month': {
      const months = year * 12 + month - 1 + by;
      return dayOfCivil(Math.floor(months / 12), (months % 12) + 1, 1) * DAY_MS;
    }
    case 'year':
      return dayOfCivil(year + by, 1, 1) * DAY_MS;
  }
}

function textOf(wall: number, unit: Unit): string {
  const { year, day } = civilOfDay(Math.floor(wall / DAY_MS));
  if (unit === 'year') return String(year);
  if (unit === 'month') return timeFormat('%b').format(wall, 0);
  if (unit === 'day') return `${day} ${timeFormat('%b').format(wall, 0)}`;
  return timeFormat('%H:%M').format(wall, 0);
}

function contextOf(wall: number, unit: Unit): string {
  const { year, day } = civilOfDay(Math.floor(wall / DAY_MS));
  if (unit === 'year') return '';
  if (unit === 'month' || unit === 'day') return String(year);
  return `${day} ${timeFormat('%b').format(wall, 0)}`;
}
