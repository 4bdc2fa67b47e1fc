import type { PartitionIndex } from '../../partitions/partition-index.ts';
import { DAY_MS, civilOfDay, dayOfCivil } from '../../time/calendar.ts';
import type { EpochMs } from '../../time/time-window.ts';
import { zoneOf } from '../../time/zone.ts';
import type { OrdinalView } from '../partitions/key-scale.ts';

/** The keys of one calendar year. */
export interface KeysOfYear extends OrdinalView {
  readonly year: number;
}

/** The year in which the window of `ordinal` starts, in its definition's zone; null if keys are no time. */
export function yearOfKey(index: PartitionIndex, ordinal: number): KeysOfYear | null {
  const { definition, count } = index;
  const window = ordinal >= 0 && ordinal < count ? index.windowAt(ordinal) : null;
  if (definition.kind !== 'timeWindow' || !window) return null;
  const zone = zoneOf(definition.timezone);
  const wallTime = window.startAt + zone.offsetAt(window.startAt);
  const { year } = civilOfDay(Math.floor(wallTime / DAY_MS));
  // Where the first midnight of a year is skipped, it begins as that ends.
  const startOf = (which: number): EpochMs => {
    const { first, gapEndAt } = zone.resolve(dayOfCivil(which, 1, 1) * DAY_MS);
    return gapEndAt ?? first;
  };
  return {
    year,
    from: index.countStartingBefore(startOf(year)) ?? 0,
    to: index.countStartingBefore(startOf(year + 1)) ?? count,
  };
}
