import type { PartitionsSubset } from '../../partitions/subset/partitions-subset.ts';
import {
  countOf,
  equalSubsets,
  ordinalAt,
  ordinalsOf,
  spansOf,
} from '../../partitions/subset/subset-algebra.ts';
import type { OrdinalView } from '../partitions/key-scale.ts';
import { extentOf, keyWidth, type BarPart, type Extent } from './bar-layout.ts';

/** What joins keys of one end with keys of the other. */
export interface Ribbon {
  /** At the end that is looked from. */
  readonly own: Extent;
  /** At the other end. */
  readonly other: Extent;
}

/** One key at the other end, as it joins the key in focus. */
export interface Strand extends Ribbon {
  /** Its ordinal. */
  readonly counterpart: number;
}

/** More strands than this are one ribbon. */
export const MOST_STRANDS = 400;
/** A ribbon of the rest joins keys of at least so many px, CSS px. */
const LEAST_GROUP = 5;
/** A group that reads more stretches than this is drawn as if it read all between. */
const MOST_STRETCHES = 24;

/** Which keys of the other end the keys `from` up to, not including, `to` have. */
export type Counterparts = (from: number, to: number) => PartitionsSubset;

/** Neighbouring keys, and what they have at the other end. */
export interface KeyGroup {
  readonly from: number;
  readonly to: number;
  readonly subset: PartitionsSubset;
}

/**
 * All keys of a bar, in groups wide enough to be seen; neighbours with the same counterparts are one. The bar may hold
 * a million keys: it is asked for as many groups as there is room for.
 */
export function groupsOf(own: readonly BarPart[], counterparts: Counterparts): readonly KeyGroup[] {
  const groups: { from: number; to: number; subset: PartitionsSubset }[] = [];
  for (const part of own) {
    const step = Math.max(1, Math.ceil(LEAST_GROUP / keyWidth(part)));
    for (let from = part.from; from < part.to; from += step) {
      const to = Math.min(from + step, part.to);
      const subset = counterparts(from, to);
      const last = groups.at(-1);
      if (last && last.to === from && equalSubsets(last.subset, subset)) last.to = to;
      else groups.push({ from, to, subset });
    }
  }
  return groups;
}

/** The ribbons of groups, on two bars. */
export function groupRibbons(
  groups: readonly KeyGroup[],
  own: readonly BarPart[],
  other: readonly BarPart[],
): readonly Ribbon[] {
  return groups.flatMap(({ from, to, subset }) => {
    const place = extentOf(own, from, to);
    return place ? stretchesOf(subset, other).map((extent) => ({ own: place, other: extent })) : [];
  });
}

/** The stretches of a subset that are on the bar; one for all if there are too many. */
function stretchesOf(subset: PartitionsSubset, parts: readonly BarPart[]): readonly Extent[] {
  const last = subset.at(-1);
  if (last === undefined) return [];
  if (subset.length / 2 > MOST_STRETCHES) {
    const all = extentOf(parts, subset[0] as number, last);
    return all ? [all] : [];
  }
  return Array.from(spansOf(subset)).flatMap(({ start, end }) => {
    const extent = extentOf(parts, start, end);
    return extent ? [extent] : [];
  });
}

/**
 * The strands of one key, side by side where they leave it; empty if there are too many, or none is on the bar.
 *
 * @param subset its counterparts.
 */
export function strandsOf(
  place: Extent,
  subset: PartitionsSubset,
  other: readonly BarPart[],
): readonly Strand[] {
  const count = countOf(subset);
  if (count === 0 || count > MOST_STRANDS) return [];
  const slice = (place.right - place.left) / count;
  return Array.from(ordinalsOf(subset)).flatMap((counterpart, at) => {
    const extent = extentOf(other, counterpart, counterpart + 1);
    const left = place.left + at * slice;
    return extent ? [{ counterpart, own: { left, right: left + slice }, other: extent }] : [];
  });
}

/** One ribbon for each stretch of a key's counterparts. */
export function wholeRibbons(
  place: Extent,
  subset: PartitionsSubset,
  other: readonly BarPart[],
): readonly Ribbon[] {
  return stretchesOf(subset, other).map((extent) => ({ own: place, other: extent }));
}

/** From the first to the last key of the other end that keys of `view` have; null if they have none. */
export function hullOf(view: OrdinalView, counterparts: Counterparts): OrdinalView | null {
  const subset = counterparts(view.from, view.to);
  const to = subset.at(-1);
  return to === undefined ? null : { from: ordinalAt(subset, 0), to };
}
