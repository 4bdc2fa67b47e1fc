import { createHash } from 'node:crypto';
import { PlaygroundError } from '../../src/errors.ts';
import type { PartitionLoadingContext } from '../../src/partitions/context.ts';
import { makeDynamicPartitionsDefinition } from '../../src/partitions/definition/dynamic.ts';
import { makeMultiPartitionsDefinition } from '../../src/partitions/definition/multi.ts';
import type { PartitionsDefinition } from '../../src/partitions/definition/partitions-definition.ts';
import { makeStaticPartitionsDefinition } from '../../src/partitions/definition/static.ts';
import {
  makeTimeWindowPartitionsDefinition,
  type TimeWindowOptions,
  type WallTime,
} from '../../src/partitions/definition/time-window.ts';
import type { PartitionMapping } from '../../src/partitions/mapping/partition-mapping.ts';

export const instant = (text: string): number => Date.parse(text);

/** An instant as the vectors write it. */
export const iso = (at: number): string => new Date(at).toISOString().replace('.000Z', 'Z');

/** Dagster's class of what `act` throws; null if it throws nothing. */
export function errorKind(act: () => unknown): string | null {
  try {
    act();
    return null;
  } catch (thrown) {
    if (!(thrown instanceof PlaygroundError)) throw thrown;
    return (thrown as PlaygroundError & { kind?: string }).kind ?? thrown.code;
  }
}

/** A key list as the vectors pack it. */
export interface PackedKeys {
  readonly count: number;
  readonly keys?: readonly string[];
  readonly head?: readonly string[];
  readonly tail?: readonly string[];
  readonly sha256?: string;
}

export function pack(keys: readonly string[]): PackedKeys {
  if (keys.length <= 60) return { count: keys.length, keys };
  return {
    count: keys.length,
    head: keys.slice(0, 5),
    tail: keys.slice(-5),
    sha256: createHash('sha256').update(keys.join('\n')).digest('hex'),
  };
}

/** A definition as the vectors write it. */
export type WrittenDefinition =
  | { readonly kind: 'static'; readonly keys: readonly string[] }
  | { readonly kind: 'dynamic'; readonly name: string }
  | { readonly kind: 'multi'; readonly dimensions: Readonly<Record<string, WrittenDefinition>> }
  | (Omit<TimeWindowOptions, 'className' | 'start' | 'end' | 'exclusions' | 'cronSchedule'> & {
      readonly kind: 'hourly' | 'daily' | 'weekly' | 'monthly' | 'timeWindow';
      readonly start: string | { readonly datetime: string };
      readonly end?: string | { readonly datetime: string };
      readonly cron?: string;
      readonly exclusions?: readonly string[];
    });

/** Makes the definition through the constructors that authors use. */
export function definitionOf(written: WrittenDefinition): PartitionsDefinition {
  switch (written.kind) {
    case 'static':
      return makeStaticPartitionsDefinition(written.keys);
    case 'dynamic':
      return makeDynamicPartitionsDefinition(written.name);
    case 'multi':
      return makeMultiPartitionsDefinition(
        Object.fromEntries(
          Object.entries(written.dimensions).map(([name, inner]) => [name, definitionOf(inner)]),
        ),
      );
    default: {
      const { kind, cron, start, end, exclusions, ...rest } = written;
      return makeTimeWindowPartitionsDefinition({
        ...rest,
        className: kind,
        start: boundOf(start),
        end: end === undefined ? null : boundOf(end),
        cronSchedule: cron,
        exclusions: exclusions?.map((one) =>
          /^\d{4}-/.test(one) ? boundOf({ datetime: one }) : one,
        ),
      });
    }
  }
}

function boundOf(written: string | { readonly datetime: string }): string | WallTime {
  if (typeof written === 'string') return written;
  const [date, time = '00:00'] = written.datetime.replace(/(Z|[+-]\d\d:\d\d)$/, '').split('T');
  return { wallTime: Date.parse(`${date}T${time}Z`) };
}

export function contextOf({
  now = '2024-06-01T00:00:00Z',
  dynamic = {},
}: {
  readonly now?: string;
  readonly dynamic?: Readonly<Record<string, readonly string[]>>;
}): PartitionLoadingContext {
  return {
    effectiveAt: instant(now),
    dynamicPartitions: new Map(
      Object.entries(dynamic).map(([name, keys]) => [name, [...new Set(keys)]]),
    ),
  };
}

/** A mapping as the vectors write it. */
export type WrittenMapping =
  | { readonly kind: 'identity' | 'all' | 'last' }
  | { readonly kind: 'specific'; readonly keys: readonly string[] }
  | {
      readonly kind: 'static';
      readonly downstreamByUpstream: Readonly<Record<string, string | readonly string[]>>;
    }
  | {
      readonly kind: 'timeWindow';
      readonly startOffset?: number;
      readonly endOffset?: number;
      readonly allowNonexistentUpstreamPartitions?: boolean;
    }
  | { readonly kind: 'multiToSingle'; readonly dimension?: string }
  | {
      readonly kind: 'multi';
      readonly dimensions: Readonly<
        Record<string, { readonly dimension: string; readonly mapping: WrittenMapping }>
      >;
    };

export function mappingOf(written: WrittenMapping): PartitionMapping {
  switch (written.kind) {
    case 'static':
      return {
        kind: 'static',
        downstreamByUpstream: Object.entries(written.downstreamByUpstream).map(([key, keys]) => [
          key,
          [keys].flat(),
        ]),
      };
    case 'timeWindow':
      return {
        kind: 'timeWindow',
        startOffset: written.startOffset ?? 0,
        endOffset: written.endOffset ?? 0,
        allowNonexistentUpstreamPartitions: written.allowNonexistentUpstreamPartitions ?? false,
      };
    case 'multiToSingle':
      return { kind: 'multiToSingle', partitionDimensionName: written.dimension ?? null };
    case 'multi':
      return {
        kind: 'multi',
        dimensions: Object.entries(written.dimensions).map(([upstream, one]) => ({
          upstream,
          downstream: one.dimension,
          mapping: mappingOf(one.mapping),
        })),
      };
    default:
      return written;
  }
}
