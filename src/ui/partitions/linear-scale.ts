/** A straight line: from numbers to places, and back. */
export interface LinearScale {
  (value: number): number;
  /** The number at a place. */
  invert(place: number): number;
}

/**
 * The line on which `domain` fills `range`, and goes on beyond both ends. A domain of one number
 * stands in the middle.
 */
export function linearScale(
  domain: readonly [from: number, to: number],
  range: readonly [start: number, end: number],
): LinearScale {
  const scale = (value: number) => between(range, share(domain, value));
  return Object.assign(scale, { invert: (place: number) => between(domain, share(range, place)) });
}

function share([from, to]: readonly [number, number], value: number): number {
  return to === from ? 0.5 : (value - from) / (to - from);
}

/** So weighed, both ends are met exactly. */
function between([from, to]: readonly [number, number], part: number): number {
  return from * (1 - part) + to * part;
}
