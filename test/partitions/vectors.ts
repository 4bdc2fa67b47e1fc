import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
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
import type { PartitionIndex } from '../../src/partitions/partition-index.ts';
import type { PartitionsSubset } from '../../src/partitions/subset/partitions-subset.ts';
import { subsetOf, subsetOfSpan } from '../../src/partitions/subset/subset-algebra.ts';
import { fromKeys } from '../../src/partitions/subset/subset-keys.ts';
import { windowOfKey } from '../../src/partitions/time-queries.ts';

/** The cases of one file of recorded answers; their form is in test/vectors/partitions/README.md. */
export function readVectors<Case>(name: string): readonly Case[] {
  const path = new URL(`../vectors/partitions/${name}.json`, import.meta.url);
  return (JSON.parse(readFileSync(path, 'utf8')) as { cases: readonly Case[] }).cases;
}

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

export interface ErrorAnswer {
  readonly error: string;
  readonly message: string;
}

export function isErrorAnswer(answer: unknown): answer is ErrorAnswer {
  return typeof answer === 'object' && answer !== null && 'error' in answer;
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

/**
 * A subset from key texts as Dagster makes one: a time text stands for its window, and is
 * dropped where that does not exist (SUB-5). `unknownKeys` are texts that ours cannot hold.
 */
export function subsetFrom(
  index: PartitionIndex,
  keys: readonly string[] | 'all',
): { readonly subset: PartitionsSubset; readonly unknownKeys: readonly string[] } {
  if (keys === 'all') return { subset: subsetOfSpan(0, index.count), unknownKeys: [] };
  const { definition } = index;
  if (definition.kind !== 'timeWindow') return fromKeys(index, keys);
  const existing = keys
    .map((key) => index.countStartingBefore(windowOfKey(definition, key).startAt) ?? -1)
    .filter(
      (ordinal, position) =>
        ordinal < index.count &&
        index.windowAt(ordinal)?.startAt ===
          windowOfKey(definition, keys[position] as string).startAt,
    );
  return { subset: subsetOf(existing), unknownKeys: [] };
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
