import type { EpochMs } from '../../time/time-window.ts';
import type { TimeWindowPartitionsDefinition } from '../definition/partitions-definition.ts';
import { windowSequenceOf } from '../definition/window-sequence.ts';

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
