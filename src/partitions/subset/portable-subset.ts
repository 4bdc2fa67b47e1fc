import { InvalidDefinitionError } from '../../errors.ts';
import type { TimeWindow } from '../../time/time-window.ts';
import type { PartitionKey, PartitionKeyRange } from '../context.ts';
import type { TimeWindowPartitionsDefinition } from '../definition/partitions-definition.ts';
import { instantOfText } from '../definition/time-window.ts';
import { windowSequenceOf } from '../definition/window-sequence.ts';
import { keysWithPart, partsOfKey, primaryPosition } from '../multi-keys.ts';
import type { PartitionIndex } from '../partition-index.ts';
import { keyOfInstant, keysInWindow, previousWindow, windowOfKey } from '../time-queries.ts';
import { intersectWindows, subtractWindows, uniteWindows } from './window-algebra.ts';

/**
 * Some partitions by what names them, so that it means something without an index and outlives
 * a change of the definition: stretches of time, or key texts. As in Dagster, a text that no
 * partition has stays in it, while a time that does not exist is left out (SUB-5); and
 * everything is told apart from what happens to hold every partition (SUB-1). Immutable.
 */
export type PortableSubset =
  | { readonly kind: 'all' }
  /** Ascending and disjoint; each a run of neighbouring windows. */
  | { readonly kind: 'windows'; readonly windows: readonly TimeWindow[] }
  | { readonly kind: 'keys'; readonly keys: ReadonlySet<PartitionKey> };

/**
 * The partitions that `keys` name. A time text stands for its window, and is left out where
 * that does not exist.
 *
 * @throws {InvalidDefinitionError} of kind `ValueError` if a key does not fit the format of
 *   times, of kind `CheckError` if there are no windows to hold any.
 */
export function portableSubset(
  index: PartitionIndex,
  keys: Iterable<PartitionKey>,
): PortableSubset {
  return index.definition.kind === 'timeWindow'
    ? { kind: 'windows', windows: withKeys(index, index.definition, [], keys) }
    : { kind: 'keys', keys: new Set(keys) };
}

/** Every partition that exists, told by its parts. */
export function portableWhole(index: PartitionIndex): PortableSubset {
  return index.definition.kind === 'timeWindow'
    ? { kind: 'windows', windows: wholeOf(index) }
    : { kind: 'keys', keys: new Set(index.keys()) };
}

/**
 * The stretches of time that a subset of time windows covers.
 *
 * @throws {TypeError} if it is one of keys.
 */
export function windowsOfPortable(
  index: PartitionIndex,
  subset: PortableSubset,
): readonly TimeWindow[] {
  if (subset.kind === 'windows') return subset.windows;
  if (subset.kind === 'all') return wholeOf(index);
  throw new TypeError('A subset of keys covers no stretch of time.');
}

/** `subset` with the partitions that `keys` name added, one after the other (SUB-2). */
export function addKeys(
  index: PartitionIndex,
  subset: PortableSubset,
  keys: Iterable<PartitionKey>,
): PortableSubset {
  const { definition } = index;
  if (subset.kind === 'all') return subset;
  return subset.kind === 'windows' && definition.kind === 'timeWindow'
    ? { kind: 'windows', windows: withKeys(index, definition, subset.windows, keys) }
    : { kind: 'keys', keys: new Set([...keysOfPortable(index, subset), ...keys]) };
}

/** What is in `a` or `b`. */
export function unitePortable(
  index: PartitionIndex,
  a: PortableSubset,
  b: PortableSubset,
): PortableSubset {
  if (a.kind === 'all') return a;
  if (a.kind === 'windows') {
    return { kind: 'windows', windows: uniteWindows(a.windows, windowsOfPortable(index, b)) };
  }
  return b.kind === 'all' ? b : addKeys(index, a, keysOfPortable(index, b));
}

/** What is in both. */
export function intersectPortable(
  index: PartitionIndex,
  a: PortableSubset,
  b: PortableSubset,
): PortableSubset {
  if (a.kind === 'all') return b;
  if (a.kind === 'windows') {
    const windows = intersectWindows(a.windows, windowsOfPortable(index, b));
    return { kind: 'windows', windows: notEmpty(index, windows) };
  }
  if (b.kind !== 'keys') return a;
  return { kind: 'keys', keys: new Set([...a.keys].filter((key) => b.keys.has(key))) };
}

/** What is in `a` and not in `b`. */
export function subtractPortable(
  index: PartitionIndex,
  a: PortableSubset,
  b: PortableSubset,
): PortableSubset {
  if (index.definition.kind === 'timeWindow') {
    const windows = subtractWindows(windowsOfPortable(index, a), windowsOfPortable(index, b));
    return { kind: 'windows', windows: notEmpty(index, windows) };
  }
  const removed = b.kind === 'keys' ? b.keys : null;
  const left = keysOfPortable(index, a).filter((key) => removed !== null && !removed.has(key));
  return { kind: 'keys', keys: new Set(left) };
}

/** Its keys in definition order; texts that no partition has come last, in the order of texts. */
export function keysOfPortable(
  index: PartitionIndex,
  subset: PortableSubset,
): readonly PartitionKey[] {
  const { definition } = index;
  if (subset.kind === 'all') return index.keys();
  if (subset.kind === 'windows') {
    const time = definition as TimeWindowPartitionsDefinition;
    return subset.windows.flatMap((window) => keysInWindow(time, window));
  }
  const placed = Array.from(subset.keys, (key) => ({ key, ordinal: index.ordinalOf(key) }));
  const known = placed.filter(({ ordinal }) => ordinal >= 0);
  const unknown = placed.filter(({ ordinal }) => ordinal < 0);
  return [
    ...known.sort((a, b) => a.ordinal - b.ordinal),
    ...unknown.sort((a, b) => (a.key < b.key ? -1 : 1)),
  ].map(({ key }) => key);
}

/** The keys that exist and are not in it, in definition order (SUB-6). */
export function keysNotInPortable(
  index: PartitionIndex,
  subset: PortableSubset,
): readonly PartitionKey[] {
  if (subset.kind === 'all') return [];
  if (subset.kind === 'keys') return index.keys().filter((key) => !subset.keys.has(key));
  const left = subtractWindows(wholeOf(index), subset.windows);
  return keysOfPortable(index, { kind: 'windows', windows: left });
}

/** Whether it holds nothing; everything never does, even where nothing exists. */
export function isEmptyPortable(subset: PortableSubset): boolean {
  if (subset.kind === 'all') return false;
  return subset.kind === 'windows' ? subset.windows.length === 0 : subset.keys.size === 0;
}

/** Whether `key` is in it. A time text stands for its window; one that cannot be read is in none. */
export function portableContains(
  index: PartitionIndex,
  subset: PortableSubset,
  key: PartitionKey,
): boolean {
  const { definition } = index;
  if (subset.kind === 'all') return index.ordinalOf(key) >= 0;
  if (subset.kind === 'keys') return subset.keys.has(key);
  if (definition.kind !== 'timeWindow') return false;
  if (instantOfText(key, definition.fmt, definition.timezone) === null) return false;
  const { startAt } = windowOfKey(definition, key);
  return subset.windows.some((window) => startAt >= window.startAt && startAt < window.endAt);
}

/** Whether both hold the same in the same pieces (SUB-8); everything equals nothing but itself. */
export function equalPortable(a: PortableSubset, b: PortableSubset): boolean {
  if (a.kind === 'windows' && b.kind === 'windows') {
    return (
      a.windows.length === b.windows.length &&
      a.windows.every(
        ({ startAt, endAt }, at) =>
          startAt === b.windows[at]?.startAt && endAt === b.windows[at]?.endAt,
      )
    );
  }
  if (a.kind === 'keys' && b.kind === 'keys') {
    return a.keys.size === b.keys.size && [...a.keys].every((key) => b.keys.has(key));
  }
  return a.kind === b.kind;
}

/**
 * Ranges of keys that cover it, as Dagster writes them: one for each stretch of time; of key
 * texts, runs of neighbours; in two dimensions, runs along the one with more keys at a constant
 * key of the other (SUB-4, SUB-7).
 *
 * @throws {InvalidDefinitionError} of kind `CheckError` if a key has not two parts where it
 *   should.
 */
export function rangesOfPortable(
  index: PartitionIndex,
  subset: PortableSubset,
): readonly PartitionKeyRange[] {
  const { definition } = index;
  if (subset.kind === 'all') {
    if (index.count === 0) return [];
    return [{ start: index.keyAt(0), end: index.keyAt(index.count - 1) }];
  }
  if (subset.kind === 'windows') {
    const time = definition as TimeWindowPartitionsDefinition;
    return subset.windows.map(({ startAt, endAt }) => ({
      // The first window in it, where it begins with an excluded one (SUB-4q).
      start: keyOfInstant(time, windowSequenceOf(time).startAtOrAfter(startAt)),
      end: keyOfInstant(time, previousWindow(time, endAt, null)?.startAt ?? startAt),
    }));
  }
  if (definition.kind !== 'multi') return runsIn(index.keys(), subset.keys);
  const primary = primaryPosition(definition);
  const used = [new Set<PartitionKey>(), new Set<PartitionKey>()];
  for (const key of subset.keys) {
    partsOfKey(key).forEach((part, position) => used[position]?.add(part));
  }
  const secondary = 1 - primary;
  const constant = (used[primary]?.size ?? 0) <= (used[secondary]?.size ?? 0) ? primary : secondary;
  return [...(used[constant] ?? [])].flatMap((part) =>
    runsIn(keysWithPart(index, constant, part), subset.keys),
  );
}

/** The runs of neighbours in `all` that `chosen` has. */
function runsIn(
  all: readonly PartitionKey[],
  chosen: ReadonlySet<PartitionKey>,
): readonly PartitionKeyRange[] {
  const ranges: PartitionKeyRange[] = [];
  let start: PartitionKey | null = null;
  all.forEach((key, position) => {
    if (!chosen.has(key)) return;
    start ??= key;
    const next = all[position + 1];
    if (next !== undefined && chosen.has(next)) return;
    ranges.push({ start, end: key });
    start = null;
  });
  return ranges;
}

function withKeys(
  index: PartitionIndex,
  definition: TimeWindowPartitionsDefinition,
  windows: readonly TimeWindow[],
  keys: Iterable<PartitionKey>,
): readonly TimeWindow[] {
  const added = Array.from(keys, (key) => windowOfKey(definition, key)).sort(
    (a, b) => a.startAt - b.startAt,
  );
  const [whole] = wholeOf(index);
  if (added.length === 0) return windows;
  if (whole === undefined) {
    throw new InvalidDefinitionError(
      'There are no partitions yet that a key could name.',
      'CheckError',
    );
  }
  const result = [...windows];
  for (const window of added) {
    if (window.startAt >= whole.startAt && window.endAt <= whole.endAt) {
      addWindow(definition, result, window);
    }
  }
  return result;
}

/**
 * Adds one window to stretches of time. It joins the stretch before it also over nothing but
 * excluded windows; the first stretch it joins only if they touch (SUB-2).
 */
function addWindow(
  definition: TimeWindowPartitionsDefinition,
  windows: TimeWindow[],
  window: TimeWindow,
): void {
  const sequence = windowSequenceOf(definition);
  const joins = (endAt: number, startAt: number): boolean =>
    endAt === startAt || (sequence.hasExclusions && sequence.startAtOrAfter(endAt) >= startAt);
  let at = windows.length;
  while (at > 0 && (windows[at - 1] as TimeWindow).startAt > window.startAt) at -= 1;
  const before = windows[at - 1];
  const after = windows[at];
  if (before !== undefined && window.startAt < before.endAt) return;
  const joinsBefore = before !== undefined && joins(before.endAt, window.startAt);
  const joinsAfter =
    after !== undefined &&
    (before === undefined ? window.endAt === after.startAt : joins(window.endAt, after.startAt));
  const joined = {
    startAt: joinsBefore ? before.startAt : window.startAt,
    endAt: joinsAfter ? after.endAt : window.endAt,
  };
  windows.splice(joinsBefore ? at - 1 : at, (joinsBefore ? 1 : 0) + (joinsAfter ? 1 : 0), joined);
}

/** All the time from the first existing window to the last; nothing if there is none. */
function wholeOf(index: PartitionIndex): readonly TimeWindow[] {
  if (index.count === 0) return [];
  const first = index.windowAt(0);
  const last = index.windowAt(index.count - 1);
  return first === null || last === null ? [] : [{ startAt: first.startAt, endAt: last.endAt }];
}

/** `windows` without those in which every window is excluded. */
function notEmpty(index: PartitionIndex, windows: readonly TimeWindow[]): readonly TimeWindow[] {
  const { definition } = index;
  if (definition.kind !== 'timeWindow' || definition.exclusions.length === 0) return windows;
  const sequence = windowSequenceOf(definition);
  return windows.filter(({ startAt, endAt }) => sequence.startAtOrAfter(startAt) < endAt);
}
