import type { PartitionIndex } from '../../partitions/partition-index.ts';
import {
  appendSpan,
  countOf,
  ordinalAt,
  ordinalsOf,
  slice,
  spansOf,
} from '../../partitions/subset/subset-algebra.ts';
import type { PartitionsSubset } from '../../partitions/subset/partitions-subset.ts';

/** An index of only the keys in `targeted`, in the same order: its ordinals count those alone. */
export function targetedIndex(index: PartitionIndex, targeted: PartitionsSubset): PartitionIndex {
  const count = countOf(targeted);
  return {
    definition: index.definition,
    count,
    keyAt: (ordinal) => index.keyAt(ordinalAt(targeted, ordinal)),
    ordinalOf: (key) => placeIn(targeted, index.ordinalOf(key)),
    keys: () => Array.from(ordinalsOf(targeted), (ordinal) => index.keyAt(ordinal)),
    windowAt: (ordinal) => index.windowAt(ordinalAt(targeted, ordinal)),
    // Between its keys there may be gaps, so a span of time is no span of ordinals.
    countStartingBefore: () => null,
    stretchesOf: () => null,
    startingWithin: () => null,
  };
}

/** `subset`, a part of `targeted`, by the places that its ordinals have there. */
export function placesIn(targeted: PartitionsSubset, subset: PartitionsSubset): PartitionsSubset {
  const places: number[] = [];
  const spans = [...spansOf(targeted)];
  let at = 0;
  let before = 0;
  for (const { start, end } of spansOf(subset)) {
    for (let span = spans[at]; span && span.end <= start; span = spans[at]) {
      before += span.end - span.start;
      at += 1;
    }
    const span = spans[at];
    if (span) appendSpan(places, before + start - span.start, before + end - span.start);
  }
  return places;
}

/** The place of an ordinal among those of `targeted`; -1 if it is none of them. */
function placeIn(targeted: PartitionsSubset, ordinal: number): number {
  const upTo = slice(targeted, 0, ordinal + 1);
  return upTo.at(-1) === ordinal + 1 ? countOf(upTo) - 1 : -1;
}
