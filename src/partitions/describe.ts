import { timeFormat } from '../time/strftime.ts';
import type { EpochMs } from '../time/time-window.ts';
import { zoneOf } from '../time/zone.ts';
import type { PartitionKey, PartitionLoadingContext } from './context.ts';
import type { PartitionsDefinition } from './definition/partitions-definition.ts';
import { indexPartitions } from './index-partitions.ts';
import { nextOpening, type NextOpening } from './time-queries.ts';

/** What a card says about a definition at one time. */
export interface PartitionsSummary {
  readonly count: number;
  /** Null if there are none. */
  readonly first: PartitionKey | null;
  readonly last: PartitionKey | null;
  /** Null if time brings no more. */
  readonly next: NextOpening | null;
}

export function summarizePartitions(
  definition: PartitionsDefinition,
  context: PartitionLoadingContext,
): PartitionsSummary {
  const index = indexPartitions(definition, context);
  const { count } = index;
  return {
    count,
    first: count === 0 ? null : index.keyAt(0),
    last: count === 0 ? null : index.keyAt(count - 1),
    next: nextOpening(definition, context),
  };
}

/** A definition in a few words: `daily from 2024-01-01 in Europe/Berlin`. */
export function describePartitionsDefinition(definition: PartitionsDefinition): string {
  switch (definition.kind) {
    case 'static':
      return definition.keys.length === 1 ? '1 fixed key' : `${definition.keys.length} fixed keys`;
    case 'dynamic':
      return `dynamic keys of ${definition.name}`;
    case 'multi':
      return definition.dimensions
        .map((one) => `${one.name}: ${describePartitionsDefinition(one.definition)}`)
        .join(' × ');
    case 'timeWindow': {
      const { className, cronSchedule, startAt, endAt, timezone } = definition;
      const cadence = className === 'timeWindow' ? `windows of "${cronSchedule}"` : className;
      const day = (at: EpochMs): string => shortInstant(at, timezone);
      return `${cadence} from ${day(startAt)}${endAt === null ? '' : ` to ${day(endAt)}`} in ${timezone}`;
    }
  }
}

function shortInstant(at: EpochMs, zone: string): string {
  const { format } = timeFormat('%Y-%m-%d %H:%M');
  const offsetMs = zoneOf(zone).offsetAt(at);
  return format(at + offsetMs, offsetMs).replace(/ 00:00$/, '');
}
