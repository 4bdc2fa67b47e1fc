import type { TimeWindow } from '../../time/time-window.ts';
import type { PartitionKey } from '../context.ts';
import type {
  TimeWindowClass,
  TimeWindowPartitionsDefinition,
} from '../definition/partitions-definition.ts';
import { windowSequenceOf } from '../definition/window-sequence.ts';
import { mappedDimensions, requireDimension } from '../mapping/check-mapping.ts';
import { functionTable } from '../mapping/function-mapping.ts';
import {
  mapToDownstream,
  mapToUpstream,
  type MappedAssets,
  type UpstreamPartitionsResult,
} from '../mapping/map-partitions.ts';
import type { PartitionMapping } from '../mapping/partition-mapping.ts';
import type { PartitionIndex } from '../partition-index.ts';
import type { PartitionsSubset } from '../subset/partitions-subset.ts';
import { countOf, ordinalAt } from '../subset/subset-algebra.ts';
import { keysInWindow } from '../time-queries.ts';
import { clockEffectOn, type ClockEffect } from './clock-change.ts';

/** Why one key reads the keys upstream that it reads, or is read by those that read it. */
export type MappingReason =
  /** The asset at the other end has no partitions. */
  | { readonly kind: 'otherUnpartitioned' }
  /** Its own asset has no partitions. */
  | { readonly kind: 'unpartitioned' }
  /** Every key reads every key. */
  | { readonly kind: 'every' }
  /** Every key reads the last upstream key; null if there is none. */
  | { readonly kind: 'last'; readonly lastKey: PartitionKey | null }
  /** Every key reads these upstream keys. */
  | { readonly kind: 'named'; readonly keys: readonly PartitionKey[] }
  /** The author paired them. */
  | { readonly kind: 'paired' }
  /** A function of the author's said so; of a key that opened later than its table goes, nothing. */
  | { readonly kind: 'function'; readonly isAsked: boolean }
  /** The key of the same text. */
  | { readonly kind: 'sameKey' }
  /** The window that begins and ends with its own. */
  | { readonly kind: 'sameWindow' }
  /** Windows of the same length, so many windows away: downstream ones, counted from the reader. */
  | {
      readonly kind: 'offset';
      readonly startOffset: number;
      readonly endOffset: number;
      readonly unit: TimeWindowClass;
    }
  /** Windows that share time with its own. */
  | OverlapReason
  /** One dimension of a key in two decides; of the other one every key counts. */
  | {
      readonly kind: 'oneDimension';
      readonly dimension: string;
      readonly otherDimension: string;
      /** Whether the keys in two dimensions are the upstream ones. */
      readonly multiIsUpstream: boolean;
      /** The key's part that decides. */
      readonly part: PartitionKey;
      readonly inner: MappingReason;
    }
  /** Each pair of dimensions for itself, in the author's order; of the dimensions in `free` every key counts. */
  | {
      readonly kind: 'byDimension';
      readonly pairs: readonly {
        /** The dimension at the other end. */
        readonly dimension: string;
        readonly ownDimension: string;
        readonly part: PartitionKey;
        readonly inner: MappingReason;
      }[];
      readonly free: readonly string[];
    };

export interface OverlapReason {
  readonly kind: 'overlap';
  /** Of the key that is asked about. */
  readonly window: TimeWindow;
  /** In downstream windows; both 0 if nothing is shifted. */
  readonly startOffset: number;
  readonly endOffset: number;
  /** The classes of the key that is asked about, and of the keys at the other end. */
  readonly unit: TimeWindowClass;
  readonly otherUnit: TimeWindowClass;
  readonly timezone: string;
  /** What the clocks do to the number of keys: null if nothing. */
  readonly clock: ClockEffect | null;
  /** How many windows of the other end are left out within it (TW-22). */
  readonly excluded: number;
  /** Whether the windows of the other end are parts of it, or one is the whole around it; `mixed` if some share only a part of their time. */
  readonly relation: 'parts' | 'whole' | 'mixed';
  /** A key that shares no time with it and counts all the same, since the window at its start is left out (MAP-TW-9q); null if none. */
  readonly reachedBack: PartitionKey | null;
}

/** What one key reads upstream, and why. */
export interface UpstreamAnswer extends UpstreamPartitionsResult {
  readonly reason: MappingReason;
}

/** Which downstream keys read one key, and why. */
export interface DownstreamAnswer {
  readonly subset: PartitionsSubset;
  readonly reason: MappingReason;
}

/**
 * What the downstream partition `ordinal` reads, and why; 0 for an asset without partitions.
 *
 * @throws {InvalidDefinitionError} if the mapping does not fit the two definitions.
 */
export function explainUpstream(
  assets: MappedAssets & { readonly ordinal: number },
): UpstreamAnswer {
  const { upstream, downstream, mapping, ordinal } = assets;
  const result = mapToUpstream({ ...assets, subset: [ordinal, ordinal + 1] });
  const reason: MappingReason =
    upstream === null
      ? { kind: 'otherUnpartitioned' }
      : downstream === null && mapping.kind === 'all'
        ? { kind: 'unpartitioned' }
        : reasonOf(mapping, downstream, upstream, { ordinal, up: true }, result.subset);
  return { ...result, reason };
}

/**
 * Which downstream partitions read the upstream partition `ordinal`, and why; 0 for an asset
 * without partitions.
 *
 * @throws {InvalidDefinitionError} if the mapping does not fit the two definitions.
 */
export function explainDownstream(
  assets: MappedAssets & { readonly ordinal: number },
): DownstreamAnswer {
  const { upstream, downstream, mapping, ordinal } = assets;
  const subset = mapToDownstream({ ...assets, subset: [ordinal, ordinal + 1] });
  const reason: MappingReason =
    downstream === null
      ? { kind: 'otherUnpartitioned' }
      : upstream === null
        ? { kind: 'unpartitioned' }
        : reasonOf(mapping, upstream, downstream, { ordinal, up: false }, subset);
  return { subset, reason };
}

/** Which partition is asked about, and whether it looks at what it reads or at what reads it. */
interface Question {
  readonly ordinal: number;
  readonly up: boolean;
}

function reasonOf(
  mapping: PartitionMapping,
  own: PartitionIndex | null,
  other: PartitionIndex,
  question: Question,
  found: PartitionsSubset,
): MappingReason {
  const { ordinal, up } = question;
  switch (mapping.kind) {
    case 'all':
      return { kind: 'every' };
    case 'last': {
      const upstream = up ? other : own;
      const count = upstream?.count ?? 0;
      return { kind: 'last', lastKey: count === 0 ? null : (upstream?.keyAt(count - 1) ?? null) };
    }
    case 'specific':
      return { kind: 'named', keys: mapping.keys };
    case 'static':
      return { kind: 'paired' };
    case 'function':
      return {
        kind: 'function',
        isAsked: !up || own === null || functionTable(mapping).upstreamOf.has(own.keyAt(ordinal)),
      };
    case 'identity':
      return { kind: 'sameKey' };
    case 'timeWindow':
      return own === null
        ? { kind: 'unpartitioned' }
        : timeReason(mapping, own, other, question, found);
    case 'multiToSingle': {
      if (own === null) return { kind: 'unpartitioned' };
      const { position, mapping: inner } = requireDimension(
        (up ? other : own).definition,
        (up ? own : other).definition,
      );
      const multi = own.dimensions === undefined ? other : own;
      const names = dimensionNames(multi);
      const ownPart = partOf(own, position, ordinal);
      const otherPart = other.dimensions?.[position] ?? other;
      return {
        kind: 'oneDimension',
        dimension: names[position] ?? '',
        otherDimension: names.find((_, at) => at !== position) ?? '',
        multiIsUpstream: (multi === other) === up,
        part: ownPart.key,
        inner: innerReason(inner, ownPart, otherPart, up),
      };
    }
    case 'multi': {
      if (own === null) return { kind: 'unpartitioned' };
      const pairs = mappedDimensions(
        mapping,
        (up ? other : own).definition,
        (up ? own : other).definition,
      ).map(({ upstreamPosition, downstreamPosition, mapping: inner }) => {
        const ownPosition = up ? downstreamPosition : upstreamPosition;
        const otherPosition = up ? upstreamPosition : downstreamPosition;
        const ownPart = partOf(own, ownPosition, ordinal);
        const otherPart = other.dimensions?.[otherPosition] ?? other;
        return {
          dimension: dimensionNames(other)[otherPosition] ?? '',
          ownDimension: dimensionNames(own)[ownPosition] ?? '',
          part: ownPart.key,
          inner: innerReason(inner, ownPart, otherPart, up),
        };
      });
      return {
        kind: 'byDimension',
        pairs,
        free: dimensionNames(other).filter((name) =>
          pairs.every(({ dimension }) => dimension !== name),
        ),
      };
    }
  }
}

/** One part of a key in two dimensions, or a whole key of one. */
interface KeyPart {
  readonly index: PartitionIndex;
  readonly ordinal: number;
  readonly key: PartitionKey;
}

function innerReason(
  mapping: PartitionMapping,
  { index, ordinal }: KeyPart,
  other: PartitionIndex,
  up: boolean,
): MappingReason {
  const [upstream, downstream] = up ? [other, index] : [index, other];
  return up
    ? explainUpstream({ mapping, upstream, downstream, ordinal }).reason
    : explainDownstream({ mapping, upstream, downstream, ordinal }).reason;
}

function partOf(index: PartitionIndex, position: number, ordinal: number): KeyPart {
  const [rows, columns] = index.dimensions ?? [];
  if (rows === undefined || columns === undefined) {
    return { index, ordinal, key: index.keyAt(ordinal) };
  }
  const part = position === 0 ? rows : columns;
  const at = position === 0 ? Math.floor(ordinal / columns.count) : ordinal % columns.count;
  return { index: part, ordinal: at, key: part.keyAt(at) };
}

function dimensionNames({ definition }: PartitionIndex): readonly string[] {
  return definition.kind === 'multi' ? definition.dimensions.map(({ name }) => name) : [];
}

function timeReason(
  mapping: Extract<PartitionMapping, { kind: 'timeWindow' }>,
  own: PartitionIndex,
  other: PartitionIndex,
  { ordinal, up }: Question,
  found: PartitionsSubset,
): MappingReason {
  const { startOffset, endOffset } = mapping;
  const from = own.definition as TimeWindowPartitionsDefinition;
  const to = other.definition as TimeWindowPartitionsDefinition;
  if (from.cronSchedule === to.cronSchedule) {
    if (startOffset === 0 && endOffset === 0) return { kind: 'sameWindow' };
    const unit = (up ? from : to).className;
    return { kind: 'offset', startOffset, endOffset, unit };
  }
  const window = own.windowAt(ordinal) as TimeWindow;
  // Only what a key reads is shifted first: the windows that read it lie anywhere around it.
  const span = up ? shifted(from, window, startOffset, endOffset) : window;
  const sequence = windowSequenceOf(to);
  const isWhole = up || (startOffset === 0 && endOffset === 0);
  const count = countOf(found);
  const firstAt = count === 0 ? null : other.windowAt(ordinalAt(found, 0));
  const lastAt = count === 0 ? null : other.windowAt(ordinalAt(found, count - 1));
  return {
    kind: 'overlap',
    window,
    startOffset,
    endOffset,
    unit: from.className,
    otherUnit: to.className,
    timezone: to.timezone,
    // Only where every hour ticks are there more keys in a longer day, or fewer in a shorter one.
    clock: isWhole && sequence.schedule.repeatsEveryHour ? clockEffectOn(from, span) : null,
    excluded: isWhole && sequence.hasExclusions ? excludedIn(to, span) : 0,
    relation: isWhole ? relationOf(span, firstAt, lastAt) : 'mixed',
    reachedBack:
      isWhole && firstAt !== null && firstAt.endAt <= span.startAt
        ? other.keyAt(ordinalAt(found, 0))
        : null,
  };
}

function relationOf(
  span: TimeWindow,
  first: TimeWindow | null,
  last: TimeWindow | null,
): OverlapReason['relation'] {
  if (first === null || last === null) return 'parts';
  if (first.startAt >= span.startAt && last.endAt <= span.endAt) return 'parts';
  const isOne = first.startAt === last.startAt;
  return isOne && first.startAt <= span.startAt && first.endAt >= span.endAt ? 'whole' : 'mixed';
}

/** From the window `startOffset` windows away to the one `endOffset` windows away. */
function shifted(
  definition: TimeWindowPartitionsDefinition,
  { startAt }: TimeWindow,
  startOffset: number,
  endOffset: number,
): TimeWindow {
  const sequence = windowSequenceOf(definition);
  return {
    startAt: sequence.offset(startAt, startOffset),
    endAt: sequence.endOf(sequence.offset(startAt, endOffset)),
  };
}

/** How many windows that start in `span` are left out. */
function excludedIn(definition: TimeWindowPartitionsDefinition, span: TimeWindow): number {
  const all = keysInWindow({ ...definition, exclusions: [] }, span);
  return all.length - keysInWindow(definition, span).length;
}
