import { civilOfDay, DAY_MS, dayOfCivil, HOUR_MS, weekdayOfDay } from '../../time/calendar.ts';
import type { EpochMs } from '../../time/time-window.ts';
import { zoneOf, type Zone } from '../../time/zone.ts';
import type { PartitionIndex } from '../partition-index.ts';
import type { PartitionsSubset } from '../subset/partitions-subset.ts';
import { appendSpan, subsetOfSpan } from '../subset/subset-algebra.ts';
import { COUNTED, monthOf, weekdaysOf } from './calendar-words.ts';

/**
 * The windows of `index` that start at a time which `words` mean, in the zone of the definition:
 * on such weekdays, in such a month of any year, or from a day on until `now`. It takes time by
 * the number of weeks, months or stretches, not of keys.
 */
export function calendarSubset(
  words: string,
  index: PartitionIndex,
  now: EpochMs,
): PartitionsSubset {
  const { definition, count } = index;
  const first = index.count > 0 ? index.windowAt(0) : null;
  const last = index.count > 0 ? index.windowAt(count - 1) : null;
  if (definition.kind !== 'timeWindow' || first === null || last === null) return [];
  const known = recurring.get(index)?.get(words);
  if (known !== undefined) return known;
  const zone = zoneOf(definition.timezone);
  const before = (at: EpochMs): number => index.countStartingBefore(at) ?? 0;
  const startOf = (day: number): number => before(zone.resolve(day * DAY_MS).first);
  const firstDay = dayAt(zone, first.startAt);
  const lastDay = dayAt(zone, last.startAt);

  const weekdays = weekdaysOf(words);
  if (weekdays !== null) {
    const spans: number[] = [];
    for (let day = firstDay - weekdayOfDay(firstDay); day <= lastDay; day += 7) {
      for (const [from, to] of weekdays) appendSpan(spans, startOf(day + from), startOf(day + to));
    }
    remember(index, words, spans);
    return spans;
  }
  const month = monthOf(words);
  if (month > 0) {
    const spans: number[] = [];
    const { year: lastYear } = civilOfDay(lastDay);
    for (let { year } = civilOfDay(firstDay); year <= lastYear; year += 1) {
      const from = startOf(dayOfCivil(year, month, 1));
      appendSpan(spans, from, startOf(firstOfMonth(year, month + 1)));
    }
    remember(index, words, spans);
    return spans;
  }
  const hours = /^last (\d+) hours?$/.exec(words);
  if (hours !== null) {
    const hourAt = Math.floor(now / HOUR_MS) * HOUR_MS;
    return subsetOfSpan(before(hourAt - Number(hours[1]) * HOUR_MS), before(now + 1));
  }
  const [from, to] = daysOf(words, dayAt(zone, now));
  return subsetOfSpan(startOf(from), to === null ? before(now + 1) : startOf(to));
}

/** Words that mean the same at any time, by index: who writes a selection asks for them with each letter. */
const recurring = new WeakMap<PartitionIndex, Map<string, PartitionsSubset>>();

function remember(index: PartitionIndex, words: string, subset: PartitionsSubset): void {
  const known = recurring.get(index) ?? new Map<string, PartitionsSubset>();
  known.set(words, subset);
  recurring.set(index, known);
}

/** The days that the words mean on `today`, the end not included; null for now. */
function daysOf(words: string, today: number): readonly [number, number | null] {
  const { year, month, day } = civilOfDay(today);
  const monday = today - ((weekdayOfDay(today) + 6) % 7);
  switch (words) {
    case 'today':
      return [today, today + 1];
    case 'yesterday':
      return [today - 1, today];
    case 'this week':
      return [monday, monday + 7];
    case 'last week':
      return [monday - 7, monday];
    case 'this month':
      return [firstOfMonth(year, month), firstOfMonth(year, month + 1)];
    case 'last month':
      return [firstOfMonth(year, month - 1), firstOfMonth(year, month)];
    case 'this year':
      return [dayOfCivil(year, 1, 1), dayOfCivil(year + 1, 1, 1)];
    case 'last year':
      return [dayOfCivil(year - 1, 1, 1), dayOfCivil(year, 1, 1)];
  }
  const [, digits = '0', unit = 'day'] = COUNTED.exec(words) ?? [];
  const count = Number(digits);
  if (unit === 'day') return [today - count, null];
  if (unit === 'week') return [today - count * 7, null];
  const months = unit === 'month' ? count : count * 12;
  const start = firstOfMonth(year, month - months);
  const next = firstOfMonth(year, month - months + 1);
  // Of a shorter month its last day.
  return [Math.min(start + day - 1, next - 1), null];
}

/** The first day of a month; months outside the year count on. */
function firstOfMonth(year: number, month: number): number {
  const months = year * 12 + month - 1;
  return dayOfCivil(Math.floor(months / 12), (((months % 12) + 12) % 12) + 1, 1);
}

function dayAt(zone: Zone, at: EpochMs): number {
  return Math.floor((at + zone.offsetAt(at)) / DAY_MS);
}
