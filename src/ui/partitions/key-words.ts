import { formatCount } from '../../counts.ts';
import type { PartitionIndex } from '../../partitions/partition-index.ts';
import { formatDay, formatInstant, formatTimeOfDay } from '../../time/format-instant.ts';
import type { TimeWindow } from '../../time/time-window.ts';

const HOUR_MS = 3_600_000;

/** A window in words: `2015-09-17 00:00 to …` in the zone, with its length: `Thu 17 Sep 2015, 00:00 to 24:00, 24 hours`. */
export function windowInWords({ startAt, endAt }: TimeWindow, zone: string): string {
  const hours = (endAt - startAt) / HOUR_MS;
  const length =
    hours <= 48
      ? `${formatCount(hours)} ${hours === 1 ? 'hour' : 'hours'}`
      : `${formatCount(Math.round(hours / 24))} days`;
  const start = formatInstant(startAt, zone);
  const end =
    formatDay(startAt, zone) === formatDay(endAt, zone)
      ? formatTimeOfDay(endAt, zone)
      : formatInstant(endAt, zone);
  return `${start} to ${end}, ${length}`;
}

/** The zone in which an index's windows are shown: its definition's own; `fallback` for other definitions. */
export function zoneOfIndex({ definition }: PartitionIndex, fallback: string): string {
  return definition.kind === 'timeWindow' ? definition.timezone : fallback;
}
