import type { EpochMs } from '../../time/time-window.ts';
import type { TimeWindowPartitionsDefinition } from './partitions-definition.ts';
import { windowSequenceOf } from './window-sequence.ts';

/** The first and the last window that exist, by their starts. */
export interface ExistingWindows {
  readonly firstStartAt: EpochMs;
  readonly lastStartAt: EpochMs;
}

/** Which windows of `definition` exist at `now` (TW-16 … TW-21q); null if none does. */
export function existingWindows(
  definition: TimeWindowPartitionsDefinition,
  now: EpochMs,
): ExistingWindows | null {
  const { startAt, endAt, endOffset } = definition;
  if (endAt !== null && endAt <= startAt) return null;
  const sequence = windowSequenceOf(definition);
  const first = sequence.startAtOrAfter(startAt);
  if (first === Infinity) return null;
  const firstEnd = sequence.endOf(first);
  if (endOffset === 0) {
    if (firstEnd > now) return null;
    const last = sequence.startOfLastEndedBy(endAt === null ? now : Math.min(now, endAt));
    return last < first ? null : { firstStartAt: first, lastStartAt: last };
  }
  // Counted from now and not from the last ended window: so, before the start, a window can
  // be there up to one window early (TW-21q).
  const reach =
    endOffset > 0
      ? sequence.offset(sequence.startAtOrAfter(now), endOffset)
      : sequence.offset(sequence.startOfLastEndedBy(now), endOffset + 1);
  if (firstEnd > reach) return null;
  const current = sequence.offset(sequence.startOfLastEndedBy(now), endOffset);
  const bound = endAt === null ? Infinity : sequence.startOfLastEndedBy(endAt);
  if (bound < first) return null;
  return {
    firstStartAt: first,
    lastStartAt: Math.max(first, Math.min(bound, current)),
  };
}

/**
 * The next window that will exist, and the instant from which it does; null if no more come.
 */
export function nextOpeningWindow(
  definition: TimeWindowPartitionsDefinition,
  now: EpochMs,
): { readonly startAt: EpochMs; readonly opensAt: EpochMs } | null {
  const { startAt, endAt } = definition;
  if (endAt !== null && endAt <= startAt) return null;
  const sequence = windowSequenceOf(definition);
  const existing = existingWindows(definition, now);
  const next =
    existing === null
      ? sequence.startAtOrAfter(startAt)
      : sequence.startAtOrAfter(existing.lastStartAt + 1);
  if (next === Infinity || (endAt !== null && sequence.endOf(next) > endAt)) return null;
  return { startAt: next, opensAt: openingOf(definition, next) };
}

/**
 * The instant from which the window that starts at `startAt` exists, as far as time decides it
 * (TW-16 … TW-18). A window beyond the end of its definition never does.
 */
export function openingOf(definition: TimeWindowPartitionsDefinition, startAt: EpochMs): EpochMs {
  const { endOffset } = definition;
  const sequence = windowSequenceOf(definition);
  if (endOffset > 0 && startAt === sequence.startAtOrAfter(definition.startAt)) {
    // Before the start, windows are counted from now: the first can be there early (TW-21q).
    const after = sequence.startAtOrAfter(sequence.endOf(startAt));
    return sequence.offset(after, -endOffset - 1) + 1;
  }
  return sequence.endOf(sequence.offset(startAt, -endOffset));
}
