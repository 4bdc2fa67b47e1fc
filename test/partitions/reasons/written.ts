import type { PartitionLoadingContext } from '../../../src/partitions/context.ts';
import type {
  PartitionsDefinition,
  StaticPartitionsDefinition,
  TimeWindowClass,
} from '../../../src/partitions/definition/partitions-definition.ts';
import { makeMultiPartitionsDefinition } from '../../../src/partitions/definition/multi.ts';
import {
  makeTimeWindowPartitionsDefinition,
  type TimeWindowOptions,
} from '../../../src/partitions/definition/time-window.ts';
import { indexPartitions } from '../../../src/partitions/index-partitions.ts';
import { defaultMapping } from '../../../src/partitions/mapping/default-mapping.ts';
import type { MappedAssets } from '../../../src/partitions/mapping/map-partitions.ts';
import type { PartitionMapping } from '../../../src/partitions/mapping/partition-mapping.ts';

/** Windows from the beginning of 2024 in UTC, unless `options` say otherwise. */
export function windows(
  className: TimeWindowClass,
  options: Partial<Omit<TimeWindowOptions, 'className'>> = {},
) {
  const start = className === 'hourly' ? '2024-01-01-00:00' : '2024-01-01';
  return makeTimeWindowPartitionsDefinition({ className, start, ...options });
}

export function listed(...keys: string[]): StaticPartitionsDefinition {
  return { kind: 'static', keys };
}

export function dynamic(name: string): PartitionsDefinition {
  return { kind: 'dynamic', name };
}

export function grid(dimensions: Readonly<Record<string, PartitionsDefinition>>) {
  return makeMultiPartitionsDefinition(dimensions);
}

/** As seen at the instant `now`, with these dynamic keys by name. */
export function seenAt(
  now: string | number,
  keys: Readonly<Record<string, readonly string[]>> = {},
): PartitionLoadingContext {
  return {
    effectiveAt: typeof now === 'number' ? now : Date.parse(now),
    dynamicPartitions: new Map(Object.entries(keys)),
  };
}

export function offsets(startOffset: number, endOffset: number) {
  return {
    kind: 'timeWindow',
    startOffset,
    endOffset,
    allowNonexistentUpstreamPartitions: false,
  } as const;
}

/** The two ends of a dependency, with the mapping given or the default one. */
export function mapped(
  upstream: PartitionsDefinition | null,
  downstream: PartitionsDefinition | null,
  mapping: PartitionMapping | null,
  context: PartitionLoadingContext,
): MappedAssets {
  return {
    mapping: mapping ?? defaultMapping(upstream, downstream),
    upstream: upstream && indexPartitions(upstream, context),
    downstream: downstream && indexPartitions(downstream, context),
  };
}
