import { parseCron, type CronSchedule } from '../../time/cron.ts';
import { tickAtOrAfter } from '../../time/cron-ticks.ts';
import { timeFormat } from '../../time/strftime.ts';
import type { EpochMs, TimeWindow } from '../../time/time-window.ts';
import { zoneOf } from '../../time/zone.ts';
import type { PartitionKey } from '../context.ts';
import { DIMENSION_SEPARATOR } from '../definition/multi.ts';
import { openingOf } from '../definition/now-rule.ts';
import type { TimeWindowPartitionsDefinition } from '../definition/partitions-definition.ts';
import { instantOfText } from '../definition/time-window.ts';
import { windowSequenceOf, type WindowSequence } from '../definition/window-sequence.ts';
import type { PartitionIndex } from '../partition-index.ts';
import { clockChangesBetween, type ClockChange } from './clock-change.ts';
import { nearestText } from './nearest-text.ts';

/** Why a key exists. */
export type ExistenceReason =
  /** The author listed it. */
  | { readonly kind: 'listed' }
  /** It was added to the dynamic keys of that name. */
  | { readonly kind: 'added'; readonly name: string }
  /** Time has brought it. */
  | {
      readonly kind: 'opened';
      readonly window: TimeWindow;
      /** From this instant on it exists. */
      readonly opensAt: EpochMs;
      readonly endOffset: number;
      readonly timezone: string;
    }
  /** Each of its parts exists, by dimension in name order. */
  | {
      readonly kind: 'pair';
      readonly parts: readonly {
        readonly dimension: string;
        readonly key: PartitionKey;
        readonly reason: ExistenceReason;
      }[];
    };

/** Why a key does not exist: yet, or ever. */
export type AbsenceReason =
  /** Time will bring it. */
  | {
      readonly kind: 'notYet';
      readonly window: TimeWindow;
      readonly opensAt: EpochMs;
      readonly endOffset: number;
      readonly timezone: string;
    }
  /** Its window is left out (TW-22), by this cron expression, or by its own date if null. */
  | {
      readonly kind: 'excluded';
      readonly window: TimeWindow;
      readonly by: string | null;
      readonly timezone: string;
    }
  | { readonly kind: 'beforeStart'; readonly firstKey: PartitionKey }
  /** Its window would end after the end of the definition. */
  | {
      readonly kind: 'pastEnd';
      readonly endAt: EpochMs;
      readonly lastKey: PartitionKey;
      readonly timezone: string;
    }
  /** The definition has no window at all between its start and its end. */
  | { readonly kind: 'noWindows' }
  /** It is no text in the format of the keys; `example` is one that is. */
  | { readonly kind: 'wrongFormat'; readonly fmt: string; readonly example: PartitionKey }
  /** It means a window, and the key of that is written otherwise. */
  | { readonly kind: 'otherSpelling'; readonly written: PartitionKey }
  /** The clocks leave its time out. */
  | { readonly kind: 'skippedTime'; readonly change: ClockChange }
  /** No window starts at its time: it lies in one, and another comes next. */
  | {
      readonly kind: 'betweenStarts';
      readonly within: PartitionKey;
      readonly next: PartitionKey;
    }
  /** The author did not list it; `first` is the first that is listed, null if none is. */
  | { readonly kind: 'notListed'; readonly first: PartitionKey | null }
  /** It is not among the dynamic keys of that name; `first` is the first of them, null if there is none. */
  | { readonly kind: 'notAdded'; readonly name: string; readonly first: PartitionKey | null }
  /** It has not one part for each dimension. */
  | {
      readonly kind: 'wrongParts';
      readonly dimensions: readonly string[];
      readonly given: number;
    }
  /** Its parts stand in the wrong order. */
  | { readonly kind: 'swappedParts'; readonly dimensions: readonly string[] }
  /** A part of it does not exist: those that do not, in name order of their dimensions. */
  | {
      readonly kind: 'absentParts';
      readonly parts: readonly {
        readonly dimension: string;
        readonly key: PartitionKey;
        readonly answer: AbsentKey;
      }[];
    };

/** A key that exists. */
export interface ExistingKey {
  readonly exists: true;
  readonly ordinal: number;
  readonly reason: ExistenceReason;
}

/** A text that is no key now. */
export interface AbsentKey {
  readonly exists: false;
  readonly reason: AbsenceReason;
  /** The existing key that was probably meant; null if none is near, or none exists. */
  readonly nearest: PartitionKey | null;
}

/** Whether `key` exists among the partitions of `index`, and why or why not. */
export function explainKey(index: PartitionIndex, key: PartitionKey): ExistingKey | AbsentKey {
  const ordinal = index.ordinalOf(key);
  return ordinal >= 0
    ? { exists: true, ordinal, reason: whyPresent(index, key, ordinal) }
    : { exists: false, ...whyAbsent(index, key) };
}

/** The instant from which an absent key exists; null if time alone never brings it. */
export function opensAtOf({ reason }: AbsentKey): EpochMs | null {
  if (reason.kind === 'notYet') return reason.opensAt;
  if (reason.kind !== 'absentParts') return null;
  const instants = reason.parts.map(({ answer }) => opensAtOf(answer));
  return instants.includes(null) ? null : Math.max(...(instants as EpochMs[]));
}

function whyPresent(index: PartitionIndex, key: PartitionKey, ordinal: number): ExistenceReason {
  const { definition } = index;
  switch (definition.kind) {
    case 'static':
      return { kind: 'listed' };
    case 'dynamic':
      return { kind: 'added', name: definition.name };
    case 'timeWindow': {
      const window = index.windowAt(ordinal) as TimeWindow;
      const { endOffset, timezone } = definition;
      const opensAt = openingOf(definition, window.startAt);
      return { kind: 'opened', window, opensAt, endOffset, timezone };
    }
    case 'multi': {
      const parts = key.split(DIMENSION_SEPARATOR);
      return {
        kind: 'pair',
        parts: (index.dimensions ?? []).map((dimension, position) => {
          const part = parts[position] as PartitionKey;
          return {
            dimension: definition.dimensions[position]?.name ?? '',
            key: part,
            reason: whyPresent(dimension, part, dimension.ordinalOf(part)),
          };
        }),
      };
    }
  }
}

function whyAbsent(index: PartitionIndex, key: PartitionKey): Omit<AbsentKey, 'exists'> {
  const { definition } = index;
  const first = definition.kind === 'timeWindow' || index.count === 0 ? null : index.keyAt(0);
  switch (definition.kind) {
    case 'static':
      return { reason: { kind: 'notListed', first }, nearest: nearestText(key, index.keys()) };
    case 'dynamic':
      return {
        reason: { kind: 'notAdded', name: definition.name, first },
        nearest: nearestText(key, index.keys()),
      };
    case 'timeWindow': {
      const reason = whyNoWindow(definition, index, key);
      return { reason, nearest: nearestWindow(definition, index, key, reason) };
    }
    case 'multi':
      return whyNoPair(index, key);
  }
}

function whyNoWindow(
  definition: TimeWindowPartitionsDefinition,
  index: PartitionIndex,
  key: PartitionKey,
): AbsenceReason {
  const { fmt, timezone, endAt, endOffset } = definition;
  const sequence = windowSequenceOf(definition);
  const first = sequence.startAtOrAfter(definition.startAt);
  if (first === Infinity || (endAt !== null && sequence.endOf(first) > endAt)) {
    return { kind: 'noWindows' };
  }
  const firstKey = sequence.keyOf(first);
  const at = instantOfText(key, fmt, timezone);
  if (at === null) {
    const example = index.count > 0 ? index.keyAt(index.count - 1) : firstKey;
    return { kind: 'wrongFormat', fmt, example };
  }
  const { schedule, zone } = sequence;
  // The window that the text names, left out or not.
  const startAt = tickAtOrAfter(schedule, zone, at);
  const window = { startAt, endAt: sequence.endOf(startAt) };
  const written = sequence.keyOf(startAt);
  if (written === key) {
    if (startAt < first) return { kind: 'beforeStart', firstKey };
    if (endAt !== null && window.endAt > endAt) {
      const lastKey = sequence.keyOf(sequence.startOfLastEndedBy(endAt));
      return { kind: 'pastEnd', endAt, lastKey, timezone };
    }
    if (sequence.isExcluded(startAt)) {
      return { kind: 'excluded', window, by: excludingCron(definition, startAt), timezone };
    }
    const opensAt = openingOf(definition, startAt);
    return { kind: 'notYet', window, opensAt, endOffset, timezone };
  }
  const change = skippingChange(key, fmt, sequence);
  if (change !== null) return { kind: 'skippedTime', change };
  if (instantOfText(written, fmt, timezone) === at) return { kind: 'otherSpelling', written };
  if (at < first) return { kind: 'beforeStart', firstKey };
  return {
    kind: 'betweenStarts',
    within: sequence.keyOf(sequence.startAtOrBefore(at)),
    next: sequence.keyOf(sequence.startAtOrAfter(at)),
  };
}

/** The change of the clocks that leaves out the time in `key`; null if it exists. */
function skippingChange(
  key: PartitionKey,
  fmt: string,
  { zone }: WindowSequence,
): ClockChange | null {
  const parsed = timeFormat(fmt).parse(key);
  if (parsed === null || parsed.offsetMs !== null) return null;
  const { gapEndAt } = zone.resolve(parsed.wallTime);
  return gapEndAt === null ? null : (clockChangesBetween(zone.name, gapEndAt, gapEndAt)[0] ?? null);
}

/** The cron expression that leaves out the window that starts at `startAt`; null if its date does. */
function excludingCron(
  { exclusions, timezone }: TimeWindowPartitionsDefinition,
  startAt: EpochMs,
): string | null {
  if (exclusions.includes(startAt)) return null;
  const zone = zoneOf(timezone);
  return (
    exclusions.find(
      (one): one is string =>
        typeof one === 'string' &&
        tickAtOrAfter(parseCron(one) as CronSchedule, zone, startAt) === startAt,
    ) ?? null
  );
}

/** The existing key that is nearest to the time in `key`. */
function nearestWindow(
  definition: TimeWindowPartitionsDefinition,
  index: PartitionIndex,
  key: PartitionKey,
  reason: AbsenceReason,
): PartitionKey | null {
  const { count } = index;
  if (count === 0) return null;
  if (reason.kind === 'wrongFormat') return index.keyAt(count - 1);
  const at = instantOfText(key, definition.fmt, definition.timezone);
  if (at === null) return null;
  const after = index.countStartingBefore(at) ?? count;
  if (after === 0) return index.keyAt(0);
  const before = index.windowAt(after - 1) as TimeWindow;
  if (after === count) return index.keyAt(count - 1);
  const next = index.windowAt(after) as TimeWindow;
  // The window in which the time lies; between two that are apart, the nearer one.
  const isBefore =
    next.startAt > at && (at < before.endAt || at - before.endAt < next.startAt - at);
  return index.keyAt(isBefore ? after - 1 : after);
}

function whyNoPair(index: PartitionIndex, key: PartitionKey): Omit<AbsentKey, 'exists'> {
  const { definition, count, dimensions = [] } = index;
  const names = definition.kind === 'multi' ? definition.dimensions.map(({ name }) => name) : [];
  const parts = key.split(DIMENSION_SEPARATOR);
  if (parts.length !== dimensions.length) {
    return {
      reason: { kind: 'wrongParts', dimensions: names, given: parts.length },
      nearest: count === 0 ? null : index.keyAt(0),
    };
  }
  const swapped = parts.toReversed().join(DIMENSION_SEPARATOR);
  if (index.ordinalOf(swapped) >= 0) {
    return { reason: { kind: 'swappedParts', dimensions: names }, nearest: swapped };
  }
  const answers = dimensions.map((dimension, position) => ({
    dimension: names[position] ?? '',
    key: parts[position] as PartitionKey,
    answer: explainKey(dimension, parts[position] as PartitionKey),
  }));
  const nearest = answers.map(({ key: part, answer }) => (answer.exists ? part : answer.nearest));
  return {
    reason: {
      kind: 'absentParts',
      parts: answers.flatMap(({ answer, ...part }) => (answer.exists ? [] : [{ ...part, answer }])),
    },
    nearest: nearest.includes(null) ? null : nearest.join(DIMENSION_SEPARATOR),
  };
}
