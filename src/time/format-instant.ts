import { civilOfDay, DAY_MS, HOUR_MS, MINUTE_MS, weekdayOfDay } from './calendar.ts';
import { timeFormat } from './strftime.ts';
import type { EpochMs } from './time-window.ts';
import { zoneOf } from './zone.ts';

/** An instant for people: `Sun 22 Nov 2026, 14:20`. */
export function formatInstant(at: EpochMs, zone: string): string {
  return `${formatDay(at, zone)}, ${formatTimeOfDay(at, zone)}`;
}

/** An instant for people where there is little room: `22 Nov, 14:20`. */
export function formatShortInstant(at: EpochMs, zone: string): string {
  const wallTime = wallTimeOf(at, zone);
  const { day } = civilOfDay(Math.floor(wallTime / DAY_MS));
  return `${day}${timeFormat(' %b').format(wallTime, 0)}, ${formatTimeOfDay(at, zone)}`;
}

/** The day of an instant for people: `Sun 22 Nov 2026`. */
export function formatDay(at: EpochMs, zone: string): string {
  const wallTime = wallTimeOf(at, zone);
  const { day } = civilOfDay(Math.floor(wallTime / DAY_MS));
  return timeFormat('%a ').format(wallTime, 0) + day + timeFormat(' %b %Y').format(wallTime, 0);
}

/** The time of an instant, without its day: `14:20`, or `14:20:05` if it is not on a whole minute. */
export function formatTimeOfDay(at: EpochMs, zone: string): string {
  const wallTime = wallTimeOf(at, zone);
  return timeFormat(wallTime % MINUTE_MS === 0 ? '%H:%M' : '%H:%M:%S').format(wallTime, 0);
}

/**
 * When something opens, as seen at `now`: `today at 14:20`, `tomorrow at 00:00`,
 * `Sun at 00:00` within six days, else the whole instant.
 */
export function formatOpens(at: EpochMs, now: EpochMs, zone: string): string {
  const day = Math.floor(wallTimeOf(at, zone) / DAY_MS);
  const ahead = day - Math.floor(wallTimeOf(now, zone) / DAY_MS);
  const time = formatTimeOfDay(at, zone);
  if (ahead === 0) return `today at ${time}`;
  if (ahead === 1) return `tomorrow at ${time}`;
  if (ahead > 1 && ahead <= 6) return `${DAY_NAMES[weekdayOfDay(day)]} at ${time}`;
  return formatInstant(at, zone);
}

/** What the zone is called at an instant: `PST`, `UTC`, `CET`; `UTC+5:30` where there is no short name. */
export function zoneAbbreviation(at: EpochMs, zone: string): string {
  if (zone === 'UTC') return zone;
  // English of both sides of the Atlantic: each knows the short names of its own zones only.
  for (const locale of ['en-US', 'en-GB', 'en-AU']) {
    const name = new Intl.DateTimeFormat(locale, { timeZone: zone, timeZoneName: 'short' })
      .formatToParts(at)
      .find(({ type }) => type === 'timeZoneName')?.value;
    if (name !== undefined && /^[A-Z]+$/.test(name)) return name;
  }
  const offsetMs = zoneOf(zone).offsetAt(at);
  const minutes = Math.abs(offsetMs % HOUR_MS) / MINUTE_MS;
  return `UTC${offsetMs < 0 ? '-' : '+'}${Math.floor(Math.abs(offsetMs) / HOUR_MS)}${minutes === 0 ? '' : `:${String(minutes).padStart(2, '0')}`}`;
}

const DAY_NAMES = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

function wallTimeOf(at: EpochMs, zone: string): number {
  return at + zoneOf(zone).offsetAt(at);
}
