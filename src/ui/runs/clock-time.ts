import { timeFormat } from '../../time/strftime.ts';
import type { EpochMs } from '../../time/time-window.ts';
import { zoneOf } from '../../time/zone.ts';

/** The time of day to the millisecond: `14:19:58.412`. */
export function clockTime(at: EpochMs, zone: string): string {
  const wallTime = at + zoneOf(zone).offsetAt(at);
  const ms = String(((wallTime % 1000) + 1000) % 1000).padStart(3, '0');
  return `${timeFormat('%H:%M:%S').format(wallTime, 0)}.${ms}`;
}
