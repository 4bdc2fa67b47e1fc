import { formatCount } from '../../counts.ts';
import { DAY_MS, MINUTE_MS } from '../../time/calendar.ts';
import { timeFormat } from '../../time/strftime.ts';
import type { EpochMs } from '../../time/time-window.ts';
import { zoneOf } from '../../time/zone.ts';

const DAY = '%Y-%m-%d';
const MINUTE = '%Y-%m-%d %H:%M';
const SECOND = '%Y-%m-%d %H:%M:%S';

/** An instant as it is typed: `2026-03-11 01:00`, with seconds if it has some. */
export function instantText(at: EpochMs, zone: string): string {
  const offset = zoneOf(zone).offsetAt(at);
  return timeFormat((at + offset) % MINUTE_MS === 0 ? MINUTE : SECOND).format(at + offset, offset);
}

/**
 * The instant that is meant by a day, or by a day and a time, in `zone`; null if it is neither. Of a time
 * that comes twice the first is meant.
 */
export function parseInstant(text: string, zone: string): EpochMs | null {
  const words = text.trim().replace('T', ' ');
  for (const format of [MINUTE, SECOND, DAY]) {
    const parsed = timeFormat(format).parse(words);
    if (parsed) return zoneOf(zone).resolve(parsed.wallTime).first;
  }
  return null;
}

/** What to say of a text that is no instant. */
export function noInstant(text: string): string {
  return `"${text}" is no instant. Expected a day, or a day and a time, as 2026-03-11 01:00.`;
}

/** How long it is from one instant to a later one: `10 h 40 min`, `3 days`, `30 s`. */
export function spanInWords(ms: number): string {
  if (ms < MINUTE_MS) return `${Math.round(ms / 1000)} s`;
  const minutes = Math.round(ms / MINUTE_MS);
  const hours = Math.floor(minutes / 60);
  if (ms < DAY_MS) {
    const rest = minutes % 60;
    if (hours === 0) return `${rest} min`;
    return rest === 0 ? `${hours} h` : `${hours} h ${rest} min`;
  }
  const days = Math.floor(hours / 24);
  const count = `${formatCount(days)} ${days === 1 ? 'day' : 'days'}`;
  return hours % 24 === 0 || days > 6 ? count : `${count} ${hours % 24} h`;
}
