import { civilOfDay, DAY_MS, dayOfCivil } from '../../../time/calendar.ts';
import type { EpochMs } from '../../../time/time-window.ts';
import { zoneOf } from '../../../time/zone.ts';

/** With fewer of a unit, the next smaller one is marked. */
const FEWEST = 2;
/** With more, none would be told from its neighbour. */
const MOST = 40;

/**
 * Beginnings of years, or of months, or of days in `zone`, between two instants: the largest unit
 * of which there are at least two; empty if there are too many or too few.
 */
export function timelineTicks(from: EpochMs, to: EpochMs, zone: string): readonly EpochMs[] {
  const offsets = zoneOf(zone);
  const first = civilOfDay(Math.floor((from + offsets.offsetAt(from)) / DAY_MS));
  const last = civilOfDay(Math.floor((to + offsets.offsetAt(to)) / DAY_MS));
  const instant = (day: number) => {
    const wallTime = day * DAY_MS;
    return wallTime - offsets.offsetAt(wallTime - offsets.offsetAt(wallTime));
  };
  const inside = (days: readonly number[]) =>
    days.map(instant).filter((at) => at > from && at < to);

  const years = inside(span(first.year, last.year).map((year) => dayOfCivil(year, 1, 1)));
  if (years.length >= FEWEST) return years.length <= MOST ? years : [];
  const months = inside(
    span(first.year * 12 + first.month - 1, last.year * 12 + last.month - 1).map((month) =>
      dayOfCivil(Math.floor(month / 12), (month % 12) + 1, 1),
    ),
  );
  if (months.length >= FEWEST) return months;
  const firstDay = dayOfCivil(first.year, first.month, first.day);
  const days = inside(span(firstDay, dayOfCivil(last.year, last.month, last.day)));
  return days.length >= FEWEST && days.length <= MOST ? days : [];
}

function span(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from + 1 }, (_, place) => from + place);
}
