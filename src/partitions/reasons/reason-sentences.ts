import { formatCount } from '../../counts.ts';
import { HOUR_MS, MINUTE_MS } from '../../time/calendar.ts';
import {
  formatDay,
  formatInstant,
  formatTimeOfDay,
  zoneAbbreviation,
} from '../../time/format-instant.ts';
import type { EpochMs, TimeWindow } from '../../time/time-window.ts';
import type { PartitionKey } from '../context.ts';
import type { PartitionsDefinition, TimeWindowClass } from '../definition/partitions-definition.ts';
import type { PartitionIndex } from '../partition-index.ts';
import type { PartitionsSubset } from '../subset/partitions-subset.ts';
import { countOf, ordinalAt } from '../subset/subset-algebra.ts';
import { clockEffectOn, type ClockChange, type ClockEffect } from './clock-change.ts';
import type { ClockNote, LeftOut } from './definition-notes.ts';
import type { AbsenceReason, AbsentKey, ExistenceReason, ExistingKey } from './key-reason.ts';
import type {
  DownstreamAnswer,
  MappingReason,
  OverlapReason,
  UpstreamAnswer,
} from './mapping-reason.ts';
import type { NonexistentAnswer, Remedy } from './nonexistent-reason.ts';

/*
 * Reasons in words: short main clauses, instants in the zone of the definition concerned.
 * Every kind of reason has its words here, and nowhere else.
 */

/** Why `key` exists, or why not and what may have been meant: a sentence or two. */
export function keySentence(key: PartitionKey, answer: ExistingKey | AbsentKey): string {
  return answer.exists ? presentSentence(key, answer.reason) : absentSentence(key, answer);
}

/** One end of a dependency, for words about the key that is asked about. */
export interface MappedEnds {
  /** The key that is asked about; null if its asset has no partitions. */
  readonly key: PartitionKey | null;
  /** The name of its asset. */
  readonly asset: string;
  /** The name of the asset at the other end. */
  readonly otherAsset: string;
  /** The partitions of that asset; null if it has none. */
  readonly other: PartitionIndex | null;
}

/** What a key reads upstream, and why: one sentence. */
export function upstreamSentence(ends: MappedEnds, answer: UpstreamAnswer): string {
  const { other, otherAsset } = ends;
  const subject = ends.key ?? ends.asset;
  const { reason, subset, requiredButNonexistent } = answer;
  if (other === null || reason.kind === 'otherUnpartitioned') {
    return `${subject} reads the value of ${otherAsset}, which has no partitions.`;
  }
  const count = countOf(subset);
  const keys = keysInWords(other, subset);
  const reads = `${subject} reads ${keys} of ${otherAsset}`;
  const nothing = `${subject} reads nothing of ${otherAsset}`;
  const needs = (missing: readonly PartitionKey[]): string =>
    missing.length === 1
      ? `${subject} needs ${missing[0] ?? ''} of ${otherAsset}, which does not exist.`
      : `${subject} needs ${formatCount(missing.length)} keys of ${otherAsset} that do not exist.`;
  switch (reason.kind) {
    case 'unpartitioned':
      return `${subject} reads every key of ${otherAsset}, ${formatCount(count)} now: it has no partitions of its own.`;
    case 'every':
      return `${subject} reads every key of ${otherAsset}, ${formatCount(count)} now.`;
    case 'last':
      return reason.lastKey === null
        ? `${subject} reads the last key of ${otherAsset}, and there is none yet.`
        : `${subject} reads the last key of ${otherAsset}, now ${reason.lastKey}.`;
    case 'named':
      return count === 0
        ? `${nothing}: none of the keys that the mapping names exists.`
        : `${reads}: the mapping names ${count === 1 ? 'it' : 'them'} for every key.`;
    case 'paired':
      return count === 0
        ? `${nothing}: the mapping pairs no key with it.`
        : `${reads}: the mapping pairs them.`;
    case 'function':
      if (!reason.isAsked) {
        return `${subject} opened after the function of the mapping was asked: evaluate the cells again.`;
      }
      return count === 0
        ? `${nothing}: the function of the mapping gives no key that exists.`
        : `${reads}: the function of the mapping says so.`;
    case 'sameKey':
      return count === 0
        ? `${subject} needs the same key of ${otherAsset}, which does not exist.`
        : `${subject} reads the same key of ${otherAsset}.`;
    case 'sameWindow':
      if (count > 0) {
        return keys === ends.key
          ? `${subject} reads the same key of ${otherAsset}.`
          : `${reads}, the same window.`;
      }
      return requiredButNonexistent.length > 0
        ? needs(requiredButNonexistent)
        : `${nothing}: the same window is left out there.`;
    case 'offset': {
      const words = offsetWords(reason.startOffset, reason.endOffset, reason.unit);
      if (count > 0) return `${reads}, ${words}.`;
      return requiredButNonexistent.length > 0
        ? needs(requiredButNonexistent)
        : `${nothing}: ${words} would lie outside of its keys.`;
    }
    case 'overlap':
      if (count > 0) return `${reads}, ${overlapWords(reason, count)}.`;
      return requiredButNonexistent.length > 0
        ? needs(requiredButNonexistent)
        : `${nothing}: none of its ${nouns(reason.otherUnit)} shares time with it.`;
    case 'oneDimension':
      if (count === 0) {
        return requiredButNonexistent.length > 0
          ? needs(requiredButNonexistent)
          : `${nothing}: no key there has ${partWords(reason)}.`;
      }
      return reason.multiIsUpstream
        ? `${reads}: those with ${partWords(reason)}, at every ${reason.otherDimension}.`
        : `${reads}, by its ${reason.dimension}${sameOr(reason.inner, count)}.`;
    case 'byDimension':
      return `${count === 0 ? nothing : reads}, by dimension: ${dimensionWords(reason, true)}.`;
  }
}

/** Which keys downstream read a key, and why: one sentence. */
export function downstreamSentence(ends: MappedEnds, answer: DownstreamAnswer): string {
  const { other, otherAsset } = ends;
  const subject = ends.key ?? ends.asset;
  const { reason, subset } = answer;
  const count = countOf(subset);
  if (other === null || reason.kind === 'otherUnpartitioned') {
    return count === 0
      ? `${otherAsset} does not read ${subject}.`
      : `${otherAsset} reads ${subject}: it has no partitions of its own.`;
  }
  const readers = `${keysInWords(other, subset)} of ${otherAsset}`;
  const verb = `${count === 1 ? 'reads' : 'read'} ${subject}`;
  const read = `${readers} ${verb}`;
  const nobody = `No key of ${otherAsset} reads ${subject} now`;
  const everybody = `Every key of ${otherAsset} reads ${subject}, ${formatCount(count)} now`;
  switch (reason.kind) {
    case 'unpartitioned':
      return `${everybody}: ${ends.asset} has no partitions.`;
    case 'every':
      return `${everybody}.`;
    case 'last':
      return count === 0
        ? `${nobody}: they read the last key${reason.lastKey === null ? '' : `, ${reason.lastKey}`}.`
        : `${everybody}: it is the last key.`;
    case 'named':
      return count === 0
        ? `${nobody}: the mapping names ${textsInWords(reason.keys)}.`
        : `${everybody}: the mapping names it.`;
    case 'paired':
      return count === 0
        ? `${nobody}: the mapping pairs no key with it.`
        : `${read}: the mapping pairs them.`;
    case 'function':
      return count === 0
        ? `${nobody}: the function of the mapping gives it for no key.`
        : `${read}: the function of the mapping says so.`;
    case 'sameKey':
      return count === 0
        ? `${nobody}: it has no key of that name.`
        : `The same key of ${otherAsset} reads ${subject}.`;
    case 'sameWindow':
      if (count === 0) return `${nobody}: its window does not exist there.`;
      return keysInWords(other, subset) === ends.key
        ? `The same key of ${otherAsset} reads ${subject}.`
        : `${read}: it is the same window.`;
    case 'offset': {
      const words = offsetWords(-reason.endOffset, -reason.startOffset, reason.unit);
      return count === 0
        ? `${nobody}: ${words} does not exist there.`
        : `${readers}, ${words}, ${verb}.`;
    }
    case 'overlap': {
      if (count === 0) {
        return `${nobody}: no ${noun(reason.otherUnit)} that shares time with it exists there.`;
      }
      const { startOffset, endOffset, unit, otherUnit } = reason;
      return startOffset === 0 && endOffset === 0
        ? `${readers}, ${overlapWords(reason, count)}, ${verb}.`
        : `${read}: ${count === 1 ? 'it' : 'each'} reads ${nouns(unit)} of ${offsetWords(startOffset, endOffset, otherUnit)}.`;
    }
    case 'oneDimension':
      if (count === 0) return `${nobody}: none there has ${partWords(reason)}.`;
      return reason.multiIsUpstream
        ? `${read}, by its ${reason.dimension}${sameOr(reason.inner, count)}.`
        : `${read}: those with ${partWords(reason)}, at every ${reason.otherDimension}.`;
    case 'byDimension':
      return `${count === 0 ? nobody : read}, by dimension: ${dimensionWords(reason, false)}.`;
  }
}

/** Which keys a run would need that do not exist, and why not: a sentence for each kind of reason. */
export function nonexistentSentence({ missing, alsoExisting }: NonexistentAnswer): string {
  const sentences = missing.map(({ first, last, count, answer }) => {
    const { reason } = answer;
    if (count === 1) return keySentence(last, { ...answer, nearest: null });
    const needed = `${formatCount(count)} keys are needed`;
    switch (reason.kind) {
      case 'notYet':
        return `${needed} that do not exist yet, ${first} to ${last}: the last opens ${since(reason.opensAt, reason.timezone)}${openingWords(reason, 'ends')}.`;
      case 'beforeStart':
        return `${needed} that lie before the first key, ${reason.firstKey}: ${first} to ${last}.`;
      case 'pastEnd':
        return `${needed} that lie after the last key, ${reason.lastKey}: ${first} to ${last}.`;
      default:
        return `${needed} that do not exist, ${first} to ${last}. ${keySentence(last, { ...answer, nearest: null })}`;
    }
  });
  if (alsoExisting > 0) {
    sentences.push(
      `The time that is read begins before the first key and ends after the last, so Dagster counts ${formatCount(alsoExisting)} existing ${alsoExisting === 1 ? 'key' : 'keys'} among them.`,
    );
  }
  return sentences.join(' ');
}

/** What to do so that a key needs nothing that does not exist: one sentence. */
export function remedySentence(remedy: Remedy, upstreamAsset: string): string {
  switch (remedy.kind) {
    case 'wait':
      return `Wait until ${instant(remedy.until, remedy.timezone)}.`;
    case 'endOffset':
      return `Give the definition of ${upstreamAsset} endOffset: ${remedy.endOffset}, so that its keys exist before their windows end.`;
    case 'start':
      return `Let the definition of ${upstreamAsset} start at ${remedy.firstKey}.`;
    case 'end':
      return `Let the definition of ${upstreamAsset} end after ${remedy.lastKey}.`;
    case 'offsets':
      return `Map with startOffset: ${remedy.startOffset}, endOffset: ${remedy.endOffset}, to read what is there already.`;
    case 'allowNonexistent':
      return 'Map with allowNonexistentUpstreamPartitions: true, to read only what exists.';
    case 'listKeys':
      return `List ${textsInWords(remedy.keys)} in the definition of ${upstreamAsset}.`;
    case 'addKeys':
      return `Add ${textsInWords(remedy.keys)} to the dynamic keys of ${remedy.name}.`;
  }
}

/** What is left out of a definition: one sentence; empty if nothing was, and nothing will be soon. */
export function leftOutSentence({ count, nextAt, timezone }: LeftOut): string {
  const next = nextAt === null ? '' : formatDay(nextAt, timezone);
  if (count === 0) return next === '' ? '' : `Exclusions leave out ${next} next.`;
  const windows = `Exclusions leave out ${formatCount(count)} ${count === 1 ? 'window' : 'windows'}`;
  return next === '' ? `${windows}.` : `${windows}; the next is ${next}.`;
}

/** What the clocks do to the keys of a definition, as seen at `now`: one sentence. */
export function clockNoteSentence(note: ClockNote, now: EpochMs): string {
  switch (note.kind) {
    case 'oddWindow': {
      const [change] = note.effect.changes;
      const length = lengthWords(note.effect.lengthMs);
      if (change === undefined) return `${note.key} has ${length}.`;
      const isPast = change.at <= now;
      return `${note.key} ${isPast ? 'had' : 'has'} ${length}: ${clockChangeWords(change, isPast)}.`;
    }
    case 'repeatedTime': {
      const [first, second] = note.keys;
      return `On ${dayOf(note.change)} ${clockChangeWords(note.change, note.change.at <= now)}: as ${first} and as ${second}.`;
    }
    case 'skippedTime':
      return `On ${dayOf(note.change)} ${clockChangeWords(note.change, note.change.at <= now)}, so no key begins then.`;
  }
}

/** Why a window is longer or shorter than others, as seen at `now`: `01:00 happened twice`; empty if it is not. */
export function windowClockWords(
  definition: PartitionsDefinition,
  window: TimeWindow,
  now: EpochMs,
): string {
  const effect = definition.kind === 'timeWindow' ? clockEffectOn(definition, window) : null;
  const changes = effect?.changes ?? [];
  return changes.map((change) => clockChangeWords(change, change.at <= now)).join(', and ');
}

/** What a change of the clocks does to its day: `01:00 happened twice`, or what it will do: `01:00 happens twice`. */
function clockChangeWords(
  { kind, fromWallTime, toWallTime }: ClockChange,
  isPast: boolean,
): string {
  const from = formatTimeOfDay(fromWallTime, 'UTC');
  const isOneHour = toWallTime - fromWallTime === HOUR_MS && fromWallTime % HOUR_MS === 0;
  const stretch = isOneHour ? from : `${from} to ${formatTimeOfDay(toWallTime, 'UTC')}`;
  if (kind === 'repeated') return `${stretch} ${isPast ? 'happened' : 'happens'} twice`;
  return `${stretch} ${isPast ? 'did' : 'does'} not happen`;
}

/** A length of time: `25 hours`, `7 days`; in hours wherever it is not a whole number of days from two on. */
function lengthWords(lengthMs: number): string {
  const hours = lengthMs / HOUR_MS;
  if (hours >= 48 && hours % 24 === 0) return `${formatCount(hours / 24)} days`;
  if (hours < 1) return `${formatCount(lengthMs / MINUTE_MS)} minutes`;
  return `${formatCount(hours)} ${hours === 1 ? 'hour' : 'hours'}`;
}

function dayOf({ fromWallTime }: ClockChange): string {
  return formatDay(fromWallTime, 'UTC');
}

function presentSentence(key: PartitionKey, reason: ExistenceReason): string {
  switch (reason.kind) {
    case 'listed':
      return `${key} exists: its definition lists it.`;
    case 'added':
      return `${key} exists: it was added to ${reason.name}.`;
    case 'opened':
      return `${key} exists since ${since(reason.opensAt, reason.timezone)}${openingWords(reason, 'ended')}.`;
    case 'pair':
      return `${key} exists: ${reason.parts.map(({ key: part, reason: inner }) => partExists(part, inner)).join(', and ')}.`;
  }
}

function partExists(key: PartitionKey, reason: ExistenceReason): string {
  switch (reason.kind) {
    case 'listed':
      return `${key} is listed`;
    case 'added':
      return `${key} was added to ${reason.name}`;
    case 'opened':
      return `${key} opened ${since(reason.opensAt, reason.timezone)}`;
    case 'pair':
      return `${key} exists`;
  }
}

function absentSentence(key: PartitionKey, { reason, nearest }: AbsentKey): string {
  const near = nearest === null ? '' : ` The nearest key is ${nearest}.`;
  switch (reason.kind) {
    case 'notYet':
      return `${key} does not exist yet: it opens ${since(reason.opensAt, reason.timezone)}${openingWords(reason, 'ends')}.${nearest === null ? '' : ` The last key is ${nearest}.`}`;
    case 'excluded':
      return `${key} is left out: ${reason.by === null ? `exclusions names ${formatDay(reason.window.startAt, reason.timezone)}` : `exclusions has "${reason.by}", which ticks when its window starts`}.${near}`;
    case 'beforeStart':
      return `${key} is before the first key, ${reason.firstKey}.`;
    case 'pastEnd':
      return `${key} never exists: its window ends after ${instant(reason.endAt, reason.timezone)}, the end of the definition. The last key is ${reason.lastKey}.`;
    case 'noWindows':
      return `${key} is not a key: the definition has no window between its start and its end.`;
    case 'wrongFormat':
      return `${key} is not a key. Keys look like ${reason.example}.`;
    case 'otherSpelling':
      return nearest === reason.written
        ? `${key} is not a key. Did you mean ${nearest}?`
        : `${key} is not a key: its window is written ${reason.written}.${near}`;
    case 'skippedTime':
      return `${key} is not a key: on ${dayOf(reason.change)} the clocks went from ${formatTimeOfDay(reason.change.fromWallTime, 'UTC')} to ${formatTimeOfDay(reason.change.toWallTime, 'UTC')}.${near}`;
    case 'betweenStarts':
      return `${key} is not a key: it lies in the window of ${reason.within}, and the next is ${reason.next}.`;
    case 'notListed':
      if (reason.first === null) return `${key} is not a key: the definition lists none.`;
      return nearest === null
        ? `${key} is not a key. The first is ${reason.first}.`
        : `${key} is not a key. Did you mean ${nearest}?`;
    case 'notAdded':
      if (reason.first === null)
        return `${key} is not a key: none has been added to ${reason.name} yet.`;
      return nearest === null
        ? `${key} is not among the keys of ${reason.name} now.`
        : `${key} is not among the keys of ${reason.name} now. Did you mean ${nearest}?`;
    case 'wrongParts':
      return `${key} is not a key. A key has ${reason.dimensions.length} parts with | between them, ${reason.dimensions.join(' and ')}${nearest === null ? '' : `, such as ${nearest}`}.`;
    case 'swappedParts':
      return `${key} has its parts in another order than ${reason.dimensions.join('|')}.${nearest === null ? '' : ` Did you mean ${nearest}?`}`;
    case 'absentParts':
      return reason.parts.map(({ key: part, answer }) => absentSentence(part, answer)).join(' ');
  }
}

/** Why a key opens when it does, after the instant. */
function openingWords(
  {
    window,
    opensAt,
    endOffset,
  }: Extract<ExistenceReason | AbsenceReason, { readonly opensAt: EpochMs }>,
  verb: 'ends' | 'ended',
): string {
  if (endOffset === 0 || opensAt === window.endAt) return `, when its window ${verb}`;
  const windows = Math.abs(endOffset) === 1 ? '1 window' : `${Math.abs(endOffset)} windows`;
  return endOffset > 0
    ? `: endOffset ${endOffset} lets it in ${windows} early`
    : `: endOffset ${minus(endOffset)} holds it back by ${windows}`;
}

/** Which windows at the other end share time with a key's, as so many keys have been found. */
function overlapWords(reason: OverlapReason, count: number): string {
  const { clock, excluded, relation, reachedBack, startOffset, endOffset, unit, otherUnit } =
    reason;
  const isShifted = startOffset !== 0 || endOffset !== 0;
  const scope = isShifted ? offsetWords(startOffset, endOffset, unit) : `its ${noun(unit)}`;
  const words =
    relation === 'whole'
      ? `the ${noun(otherUnit)} that holds ${scope}`
      : relation === 'parts'
        ? `${count === 1 ? `the one ${noun(otherUnit)}` : `the ${nouns(otherUnit)}`} of ${scope}`
        : `all ${nouns(otherUnit)} that share time with ${scope}`;
  const notes = [
    ...(clock === null ? [] : clock.changes.map((change) => changeInContext(change, clock))),
    ...(excluded === 0
      ? []
      : [`${formatCount(excluded)} ${excluded === 1 ? 'is' : 'are'} left out`]),
    ...(reachedBack === null
      ? []
      : [`${reachedBack} counts too, since the ${noun(otherUnit)} at its start is left out`]),
  ];
  return notes.length === 0 ? words : `${words}: ${notes.join(', and ')}`;
}

/** With the day, if more than one day is spoken of. */
function changeInContext(change: ClockChange, { lengthMs }: ClockEffect): string {
  const words = clockChangeWords(change, true);
  return lengthMs > 26 * HOUR_MS ? `${words} on ${dayOf(change)}` : words;
}

/** Windows told by how far they are from one: `the day before`, `from 7 days before to 1 day before`. */
function offsetWords(startOffset: number, endOffset: number, unit: TimeWindowClass): string {
  if (startOffset === endOffset) {
    if (startOffset === 0) return `the same ${noun(unit)}`;
    if (startOffset === -1) return `the ${noun(unit)} before`;
    if (startOffset === 1) return `the ${noun(unit)} after`;
    return distance(startOffset, unit);
  }
  if (startOffset === -1 && endOffset === 0) return `the ${noun(unit)} before and its own`;
  if (startOffset === 0 && endOffset === 1) return `its own ${noun(unit)} and the one after`;
  return `from ${distance(startOffset, unit)} to ${distance(endOffset, unit)}`;
}

function distance(offset: number, unit: TimeWindowClass): string {
  if (offset === 0) return `its own ${noun(unit)}`;
  const count = Math.abs(offset);
  return `${formatCount(count)} ${count === 1 ? noun(unit) : nouns(unit)} ${offset < 0 ? 'before' : 'after'}`;
}

/** What the keys in two dimensions have in the one that decides. */
function partWords({
  dimension,
  part,
  inner,
}: Extract<MappingReason, { kind: 'oneDimension' }>): string {
  return isSame(inner) ? `${dimension} ${part}` : `a ${dimension} that shares time with ${part}`;
}

function dimensionWords(
  { pairs, free }: Extract<MappingReason, { kind: 'byDimension' }>,
  up: boolean,
): string {
  return [
    ...pairs.map(({ dimension, ownDimension, inner }) => {
      const by = dimension === ownDimension ? dimension : `${dimension} for ${ownDimension}`;
      return `${by} ${innerWords(inner, up)}`;
    }),
    ...free.map((dimension) => `every ${dimension}`),
  ].join(', ');
}

/** How the dimension that decides is mapped; nothing if by the same key. */
function sameOr(inner: MappingReason, count: number): string {
  if (isSame(inner)) return '';
  return `: ${inner.kind === 'overlap' ? overlapWords(inner, count) : innerWords(inner, true)}`;
}

/** How one dimension is mapped, as a few words, seen from the key that is asked about. */
function innerWords(reason: MappingReason, up: boolean): string {
  switch (reason.kind) {
    case 'every':
    case 'unpartitioned':
    case 'otherUnpartitioned':
      return 'every key';
    case 'last':
      return 'the last key';
    case 'named':
      return `only ${textsInWords(reason.keys)}`;
    case 'paired':
      return 'as the mapping pairs them';
    case 'function':
      return 'as the function says';
    case 'sameKey':
      return 'the same key';
    case 'sameWindow':
      return 'the same window';
    case 'offset':
      return up
        ? offsetWords(reason.startOffset, reason.endOffset, reason.unit)
        : offsetWords(-reason.endOffset, -reason.startOffset, reason.unit);
    case 'overlap':
      return 'by shared time';
    case 'oneDimension':
      return partWords(reason);
    case 'byDimension':
      return dimensionWords(reason, up);
  }
}

function isSame({ kind }: MappingReason): boolean {
  return kind === 'sameKey' || kind === 'sameWindow';
}

/** Keys by name where they are few: `a, b and c`; else `25 hourly keys`. */
function keysInWords(index: PartitionIndex, subset: PartitionsSubset): string {
  const count = countOf(subset);
  const at = (position: number): string => index.keyAt(ordinalAt(subset, position));
  if (count === 0) return 'no key';
  if (count <= MOST_NAMED) return listed(Array.from({ length: count }, (_, place) => at(place)));
  const { definition } = index;
  const kind = definition.kind === 'timeWindow' ? adjective(definition.className) : '';
  return `${formatCount(count)} ${kind}keys`;
}

/** Keys are named up to so many. */
const MOST_NAMED = 3;

function textsInWords(keys: readonly PartitionKey[]): string {
  const more = keys.length - MOST_NAMED;
  if (more <= 0) return listed(keys);
  return `${keys.slice(0, MOST_NAMED).join(', ')} and ${formatCount(more)} more`;
}

function listed(texts: readonly string[]): string {
  if (texts.length <= 1) return texts[0] ?? 'no key';
  return `${texts.slice(0, -1).join(', ')} and ${texts.at(-1) ?? ''}`;
}

const NOUNS: Readonly<Record<TimeWindowClass, string>> = {
  hourly: 'hour',
  daily: 'day',
  weekly: 'week',
  monthly: 'month',
  timeWindow: 'window',
};

function noun(unit: TimeWindowClass): string {
  return NOUNS[unit];
}

function nouns(unit: TimeWindowClass): string {
  return `${NOUNS[unit]}s`;
}

/** Before `key`: `hourly `, or nothing for windows without a name. */
function adjective(unit: TimeWindowClass): string {
  return unit === 'timeWindow' ? '' : `${unit} `;
}

/** With a minus sign that can be told from a hyphen. */
function minus(count: number): string {
  return count < 0 ? `−${-count}` : String(count);
}

function instant(at: EpochMs, zone: string): string {
  return `${formatInstant(at, zone)} ${zoneAbbreviation(at, zone)}`;
}

/** An instant from which something holds; just after it if it does not hold at the instant itself (TW-21q). */
function since(at: EpochMs, zone: string): string {
  return at % 1000 === 0 ? instant(at, zone) : `just after ${instant(at - 1, zone)}`;
}
