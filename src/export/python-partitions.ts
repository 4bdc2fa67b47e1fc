import type {
  PartitionsDefinition,
  TimeWindowClass,
  TimeWindowPartitionsDefinition,
} from '../partitions/definition/partitions-definition.ts';
import { instantOfText } from '../partitions/definition/time-window.ts';
import type { PartitionMapping } from '../partitions/mapping/partition-mapping.ts';
import { timeFormat } from '../time/strftime.ts';
import type { EpochMs } from '../time/time-window.ts';
import { zoneOf } from '../time/zone.ts';
import {
  pythonBoolean,
  pythonCall,
  pythonDict,
  pythonList,
  pythonNumber,
  pythonText,
} from './python-literal.ts';

/**
 * A partitions definition as an expression.
 *
 * @param named the variable that holds an equal definition, for dimensions; null if none does.
 */
export function pythonPartitionsDefinition(
  definition: PartitionsDefinition,
  named: (dimension: PartitionsDefinition) => string | null = () => null,
): string {
  switch (definition.kind) {
    case 'static':
      return pythonCall('dg.StaticPartitionsDefinition', [
        pythonList(definition.keys.map(pythonText)),
      ]);
    case 'dynamic':
      return pythonCall('dg.DynamicPartitionsDefinition', [`name=${pythonText(definition.name)}`]);
    case 'multi':
      return pythonCall('dg.MultiPartitionsDefinition', [
        pythonDict(
          definition.dimensions.map(({ name, definition: dimension }) => [
            pythonText(name),
            named(dimension) ?? pythonPartitionsDefinition(dimension, named),
          ]),
        ),
      ]);
    case 'timeWindow':
      return pythonTimeWindows(definition);
  }
}

/** How the cron expression of a class is made of its offsets, and what they are by default. */
const CADENCES: Readonly<
  Record<
    Exclude<TimeWindowClass, 'timeWindow'>,
    {
      readonly cron: RegExp;
      readonly offsets: readonly (readonly [argument: string, byDefault: number])[];
      readonly fmt: string;
    }
  >
> = {
  hourly: {
    cron: /^(\d+) \* \* \* \*$/,
    offsets: [['minute_offset', 0]],
    fmt: '%Y-%m-%d-%H:%M',
  },
  daily: {
    cron: /^(\d+) (\d+) \* \* \*$/,
    offsets: [
      ['minute_offset', 0],
      ['hour_offset', 0],
    ],
    fmt: '%Y-%m-%d',
  },
  weekly: {
    cron: /^(\d+) (\d+) \* \* (\d+)$/,
    offsets: [
      ['minute_offset', 0],
      ['hour_offset', 0],
      ['day_offset', 0],
    ],
    fmt: '%Y-%m-%d',
  },
  monthly: {
    cron: /^(\d+) (\d+) (\d+) \* \*$/,
    offsets: [
      ['minute_offset', 0],
      ['hour_offset', 0],
      ['day_offset', 1],
    ],
    fmt: '%Y-%m-%d',
  },
};

function pythonTimeWindows(definition: TimeWindowPartitionsDefinition): string {
  const { className, startAt, endAt, timezone, fmt, endOffset, cronSchedule } = definition;
  const cadence = className === 'timeWindow' ? null : CADENCES[className];
  const offsets = cadence?.cron.exec(cronSchedule)?.slice(1).map(Number) ?? null;
  const zone = timezone === 'UTC' ? [] : [`timezone=${pythonText(timezone)}`];
  const end = endAt === null ? [] : [pythonInstant(endAt, definition)];
  const rest = [
    ...(endOffset === 0 ? [] : [`end_offset=${pythonNumber(endOffset)}`]),
    ...(definition.exclusions.length === 0
      ? []
      : [
          `exclusions=${pythonList(
            definition.exclusions.map((one) =>
              typeof one === 'string' ? pythonText(one) : pythonDatetime(one, timezone),
            ),
          )}`,
        ]),
  ];
  if (className === 'timeWindow' || !cadence || !offsets) {
    return pythonCall('dg.TimeWindowPartitionsDefinition', [
      `cron_schedule=${pythonText(cronSchedule)}`,
      `start=${pythonInstant(startAt, definition)}`,
      ...end.map((text) => `end=${text}`),
      ...zone,
      `fmt=${pythonText(fmt)}`,
      ...rest,
    ]);
  }
  const name = `${className[0]?.toUpperCase()}${className.slice(1)}`;
  return pythonCall(`dg.${name}PartitionsDefinition`, [
    `start_date=${pythonInstant(startAt, definition)}`,
    ...end.map((text) => `end_date=${text}`),
    ...cadence.offsets.flatMap(([argument, byDefault], i) =>
      offsets[i] === byDefault ? [] : [`${argument}=${pythonNumber(offsets[i] ?? byDefault)}`],
    ),
    ...zone,
    ...(fmt === cadence.fmt ? [] : [`fmt=${pythonText(fmt)}`]),
    ...rest,
  ]);
}

/** A bound of the windows: as a text in their format if that says all of it, else as what a clock shows. */
function pythonInstant(at: EpochMs, { fmt, timezone }: TimeWindowPartitionsDefinition): string {
  const offsetMs = zoneOf(timezone).offsetAt(at);
  const text = timeFormat(fmt).format(at + offsetMs, offsetMs);
  return instantOfText(text, fmt, timezone) === at
    ? pythonText(text)
    : pythonDatetime(at, timezone);
}

/** What a clock in the zone shows: Dagster reads it there. */
function pythonDatetime(at: EpochMs, timezone: string): string {
  const zone = zoneOf(timezone);
  const wallTime = at + zone.offsetAt(at);
  const date = new Date(wallTime);
  const parts = [
    date.getUTCFullYear(),
    date.getUTCMonth() + 1,
    date.getUTCDate(),
    date.getUTCHours(),
    date.getUTCMinutes(),
    date.getUTCSeconds(),
    date.getUTCMilliseconds() * 1000,
  ];
  while (parts.length > 3 && parts.at(-1) === 0) parts.pop();
  const fold = zone.resolve(wallTime).first === at ? [] : ['fold=1'];
  return pythonCall('datetime', [...parts.map(String), ...fold]);
}

/** A mapping as an expression. */
export function pythonMapping(mapping: PartitionMapping): string {
  switch (mapping.kind) {
    case 'identity':
      return 'dg.IdentityPartitionMapping()';
    case 'all':
      return 'dg.AllPartitionMapping()';
    case 'last':
      return 'dg.LastPartitionMapping()';
    case 'specific':
      return pythonCall('dg.SpecificPartitionsPartitionMapping', [
        pythonList(mapping.keys.map(pythonText)),
      ]);
    case 'static':
      return pythonCall('dg.StaticPartitionMapping', [
        pythonDict(
          mapping.downstreamByUpstream.map(([upstream, downstream]) => [
            pythonText(upstream),
            pythonList(downstream.map(pythonText)),
          ]),
        ),
      ]);
    case 'timeWindow':
      return pythonCall('dg.TimeWindowPartitionMapping', [
        ...(mapping.startOffset === 0 ? [] : [`start_offset=${pythonNumber(mapping.startOffset)}`]),
        ...(mapping.endOffset === 0 ? [] : [`end_offset=${pythonNumber(mapping.endOffset)}`]),
        ...(mapping.allowNonexistentUpstreamPartitions
          ? [`allow_nonexistent_upstream_partitions=${pythonBoolean(true)}`]
          : []),
      ]);
    case 'multiToSingle':
      return pythonCall(
        'dg.MultiToSingleDimensionPartitionMapping',
        mapping.partitionDimensionName === null
          ? []
          : [`partition_dimension_name=${pythonText(mapping.partitionDimensionName)}`],
      );
    case 'function':
      throw new Error('A mapping that is a function is left out of an export.');
    case 'multi':
      return pythonCall('dg.MultiPartitionMapping', [
        pythonDict(
          mapping.dimensions.map((dimension) => [
            pythonText(dimension.upstream),
            pythonCall('dg.DimensionPartitionMapping', [
              `dimension_name=${pythonText(dimension.downstream)}`,
              `partition_mapping=${pythonMapping(dimension.mapping)}`,
            ]),
          ]),
        ),
      ]);
  }
}
