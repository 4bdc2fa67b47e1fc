import type { PartitionsSubset } from './partitions-subset.ts';
import type { OrdinalSpan } from './subset-algebra.ts';

/** A span of ordinals that all belong to the same of several subsets. */
export interface LayeredSpan extends OrdinalSpan {
  /** Which of them, by its place. */
  readonly layer: number;
}

/**
 * Lays subsets over each other, the first on top, and lists what is then seen: ascending,
 * disjoint spans. So statuses that overlap become ranges for display, where materializing goes
 * before failed and failed before materialized (PS-3). What is in none is left out.
 */
export function flattenSubsets(layers: readonly PartitionsSubset[]): readonly LayeredSpan[] {
  const spans: LayeredSpan[] = [];
  const places = layers.map(() => 0);
  let seen = -1;
  let start = 0;
  for (;;) {
    let next = Infinity;
    for (let layer = 0; layer < layers.length; layer += 1) {
      const boundary = layers[layer]?.[places[layer] as number];
      if (boundary !== undefined && boundary < next) next = boundary;
    }
    if (next === Infinity) return spans;
    let top = -1;
    for (let layer = layers.length - 1; layer >= 0; layer -= 1) {
      let place = places[layer] as number;
      if (layers[layer]?.[place] === next) {
        place += 1;
        places[layer] = place;
      }
      // An odd number of boundaries behind: within a span of this layer.
      if (place % 2 === 1) top = layer;
    }
    if (top === seen) continue;
    if (seen >= 0) spans.push({ start, end: next, layer: seen });
    seen = top;
    start = next;
  }
}
