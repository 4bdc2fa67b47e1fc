import type { PartitionsSubset } from '../../partitions/subset/partitions-subset.ts';
import { countOf, slice, spansOf } from '../../partitions/subset/subset-algebra.ts';
import type { OrdinalView } from '../partitions/key-scale.ts';

/** Neighbouring keys of equal width on a bar; CSS px from its left end. */
export interface BarPart {
  /** Ordinals `from` up to, not including, `to`. */
  readonly from: number;
  readonly to: number;
  readonly left: number;
  readonly width: number;
  /** Whether its keys are wider than the rest. */
  readonly magnified: boolean;
}

/** Where something stands on a bar; CSS px. */
export interface Extent {
  readonly left: number;
  readonly right: number;
}

/** A magnified key is at least so wide, CSS px. */
export const MAGNIFIED_KEY = 18;
/** And no wider than this: more room shows nothing more. */
const WIDEST_KEY = 44;
/** Magnified keys leave this part of the bar to the rest. */
const MOST_MAGNIFIED = 0.74;
/** Between parts, CSS px. */
const PART_GAP = 5;
/** What is compressed is no narrower, CSS px. */
const NARROWEST_PART = 6;
/** More separate stretches of magnified keys would leave nothing of the rest. */
const MOST_STRETCHES = 12;

/**
 * Lays the keys of `view` out on a line: those in `magnified` wider, the rest compressed, the order kept. All
 * alike where that makes them wide enough, or where the magnified ones are too scattered.
 */
export function layOutBar(
  view: OrdinalView,
  magnified: PartitionsSubset,
  width: number,
): readonly BarPart[] {
  const count = view.to - view.from;
  if (count <= 0 || width <= 0) return [];
  const alike: BarPart = { ...view, left: 0, width, magnified: false };
  const inView = slice(magnified, view.from, view.to);
  const large = countOf(inView);
  const stretches = inView.length / 2;
  if (large === 0 || large === count || stretches > MOST_STRETCHES) return [alike];
  if (width / count >= MAGNIFIED_KEY) return [alike];
  const pieces = piecesOf(view, inView);
  const gaps = (pieces.length - 1) * PART_GAP;
  const rests = pieces.filter((piece) => !piece.magnified);
  const room = Math.min(width * MOST_MAGNIFIED, width - gaps - rests.length * NARROWEST_PART);
  const magnifiedWidth = Math.min(room, large * WIDEST_KEY);
  // Where that makes them no wider than they are anyway, nothing is gained.
  if (magnifiedWidth / large <= (width / count) * 1.1) return [alike];
  const spare = width - gaps - magnifiedWidth - rests.length * NARROWEST_PART;
  const small = count - large;
  let left = 0;
  return pieces.map((piece): BarPart => {
    const keys = piece.to - piece.from;
    const wide = piece.magnified
      ? (magnifiedWidth * keys) / large
      : NARROWEST_PART + (spare * keys) / small;
    const part = { ...piece, left, width: wide };
    left += wide + PART_GAP;
    return part;
  });
}

function piecesOf(view: OrdinalView, magnified: PartitionsSubset) {
  const pieces: { from: number; to: number; magnified: boolean }[] = [];
  let at = view.from;
  for (const { start, end } of spansOf(magnified)) {
    if (start > at) pieces.push({ from: at, to: start, magnified: false });
    pieces.push({ from: start, to: end, magnified: true });
    at = end;
  }
  if (at < view.to) pieces.push({ from: at, to: view.to, magnified: false });
  return pieces;
}

/** Where the keys from `from` to before `to` stand; null if none of them is on the bar. */
export function extentOf(parts: readonly BarPart[], from: number, to: number): Extent | null {
  const first = parts.find((part) => part.to > from);
  const last = parts.findLast((part) => part.from < to);
  if (!first || !last || first.from >= to || last.to <= from) return null;
  return { left: placeIn(first, from), right: placeIn(last, to) };
}

function placeIn({ from, to, left, width }: BarPart, boundary: number): number {
  const inside = Math.min(Math.max(boundary, from), to);
  return left + (width * (inside - from)) / (to - from);
}

/** The key under `x`; between two parts, the nearer one's; -1 if nothing is on the bar. */
export function keyAtPlace(parts: readonly BarPart[], x: number): number {
  const part =
    parts.find(({ left, width }) => x < left + width + PART_GAP / 2) ?? parts[parts.length - 1];
  if (!part) return -1;
  const at = Math.floor(part.from + ((x - part.left) / part.width) * (part.to - part.from));
  return Math.min(Math.max(at, part.from), part.to - 1);
}

/** How wide the keys of a part are, CSS px. */
export function keyWidth({ from, to, width }: BarPart): number {
  return width / (to - from);
}
