import type { PartitionsSubset } from './partitions-subset.ts';

/** One span of ordinals: `start` included, `end` not. */
export interface OrdinalSpan {
  readonly start: number;
  readonly end: number;
}

/** The subset of these ordinals, in any order, repeats allowed. */
export function subsetOf(ordinals: Iterable<number>): PartitionsSubset {
  const listed = Array.isArray(ordinals) ? (ordinals as readonly number[]) : Array.from(ordinals);
  return spansOfAscending(listed) ?? spansOfAscending(Float64Array.from(listed).sort()) ?? [];
}

/** Mostly ordinals come in order, and need not be sorted; null if they do not. */
function spansOfAscending(ordinals: ArrayLike<number>): PartitionsSubset | null {
  const spans: number[] = [];
  let end = -1;
  for (let at = 0; at < ordinals.length; at += 1) {
    const ordinal = ordinals[at] as number;
    if (ordinal > end) {
      if (end >= 0) spans.push(end);
      spans.push(ordinal);
    } else if (ordinal < end - 1) return null;
    end = ordinal + 1;
  }
  if (end >= 0) spans.push(end);
  return spans;
}

/**
 * Adds the ordinals from `start` to before `end` to boundaries under construction. What is added
 * may overlap or touch the span before, but may not start before that does.
 */
export function appendSpan(boundaries: number[], start: number, end: number): void {
  if (start >= end) return;
  const last = boundaries.length - 1;
  if (last < 0 || start > (boundaries[last] as number)) boundaries.push(start, end);
  else if (end > (boundaries[last] as number)) boundaries[last] = end;
}

/** The subset of all ordinals from `start` to before `end`. */
export function subsetOfSpan(start: number, end: number): PartitionsSubset {
  return start < end ? [start, end] : [];
}

/** What is in `a` or `b`. */
export function union(a: PartitionsSubset, b: PartitionsSubset): PartitionsSubset {
  if (b.length === 0) return a;
  if (a.length === 0) return b;
  return merge(a, b, 0b1110);
}

/** What is in any of them. */
export function unionAll(subsets: readonly PartitionsSubset[]): PartitionsSubset {
  if (subsets.length <= 1) return subsets[0] ?? [];
  const middle = subsets.length >> 1;
  return union(unionAll(subsets.slice(0, middle)), unionAll(subsets.slice(middle)));
}

/** What is in both. */
export function intersect(a: PartitionsSubset, b: PartitionsSubset): PartitionsSubset {
  if (a.length === 0 || b.length === 0) return [];
  return merge(a, b, 0b1000);
}

/** What is in `a` and not in `b`. */
export function subtract(a: PartitionsSubset, b: PartitionsSubset): PartitionsSubset {
  if (a.length === 0 || b.length === 0) return a;
  return merge(a, b, 0b0010);
}

/** What of the first `count` ordinals is not in `subset`. */
export function complement(subset: PartitionsSubset, count: number): PartitionsSubset {
  return subtract(subsetOfSpan(0, count), subset);
}

/** How many ordinals are in it. */
export function countOf(subset: PartitionsSubset): number {
  let count = 0;
  for (let at = 0; at < subset.length; at += 2) {
    count += (subset[at + 1] as number) - (subset[at] as number);
  }
  return count;
}

export function contains(subset: PartitionsSubset, ordinal: number): boolean {
  // An odd number of boundaries at or before it: within a span.
  return boundariesUpTo(subset, ordinal) % 2 === 1;
}

export function equalSubsets(a: PartitionsSubset, b: PartitionsSubset): boolean {
  return a.length === b.length && a.every((boundary, at) => boundary === b[at]);
}

/** Its spans, ascending. */
export function* spansOf(subset: PartitionsSubset): Generator<OrdinalSpan> {
  for (let at = 0; at < subset.length; at += 2) {
    yield { start: subset[at] as number, end: subset[at + 1] as number };
  }
}

/** Its ordinals, ascending. */
export function* ordinalsOf(subset: PartitionsSubset): Generator<number> {
  for (const { start, end } of spansOf(subset)) {
    for (let ordinal = start; ordinal < end; ordinal += 1) yield ordinal;
  }
}

/** The first or, counted from 0, any later ordinal in it; -1 if there are fewer. */
export function ordinalAt(subset: PartitionsSubset, position: number): number {
  for (const { start, end } of spansOf(subset)) {
    if (position < end - start) return start + position;
    position -= end - start;
  }
  return -1;
}

/** The part of `subset` from `start` to before `end`. */
export function slice(subset: PartitionsSubset, start: number, end: number): PartitionsSubset {
  if (start >= end) return [];
  const from = boundariesUpTo(subset, start);
  const to = boundariesUpTo(subset, end - 1);
  const inner = subset.slice(from, to);
  return [...(from % 2 === 1 ? [start] : []), ...inner, ...(to % 2 === 1 ? [end] : [])];
}

/** How many boundaries are at or before `ordinal`. */
function boundariesUpTo(subset: PartitionsSubset, ordinal: number): number {
  let low = 0;
  let high = subset.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((subset[middle] as number) <= ordinal) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Sweeps both lists of boundaries once.
 *
 * @param kept what is in the answer: bit 0 says it of what is in neither, bit 1 of what is in
 *   `a` alone, bit 2 in `b` alone, bit 3 in both.
 */
function merge(a: PartitionsSubset, b: PartitionsSubset, kept: number): PartitionsSubset {
  const spans: number[] = [];
  const [endA, endB] = [a.length, b.length];
  let atA = 0;
  let atB = 0;
  let inside = 0;
  let nextA = endA > 0 ? (a[0] as number) : Infinity;
  let nextB = endB > 0 ? (b[0] as number) : Infinity;
  while (atA < endA || atB < endB) {
    const boundary = nextA < nextB ? nextA : nextB;
    if (nextA === boundary) {
      atA += 1;
      nextA = atA < endA ? (a[atA] as number) : Infinity;
    }
    if (nextB === boundary) {
      atB += 1;
      nextB = atB < endB ? (b[atB] as number) : Infinity;
    }
    // An odd number of boundaries behind: within a span.
    if (((kept >> ((atA & 1) | ((atB & 1) << 1))) & 1) !== inside) {
      spans.push(boundary);
      inside = 1 - inside;
    }
  }
  return spans;
}
