/*
 * What the page asks of the worker that lays a graph out.
 */

/** A graph of named nodes; an edge runs from what is read to what reads it. */
export interface LayoutInput {
  /** In the order in which they were declared; it settles ties. */
  readonly nodes: readonly LayoutNode[];
  readonly edges: readonly LayoutEdge[];
  /** From left to right, or on narrow screens from top to bottom. */
  readonly direction: 'LR' | 'TB';
}

export interface LayoutNode {
  readonly id: string;
  readonly width: number;
  readonly height: number;
}

export interface LayoutEdge {
  readonly from: string;
  readonly to: string;
  /** How wide its words are, CSS px; 0 for none. */
  readonly wordsWidth: number;
}

/** A rectangle; upper left corner, CSS px. */
export interface PlacedNode {
  readonly id: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface PlacedEdge {
  readonly from: string;
  readonly to: string;
  /** As an SVG path. */
  readonly path: string;
  /** The arrow's head, as an SVG path. */
  readonly head: string;
  /** The middle of its words. */
  readonly words: { readonly x: number; readonly y: number };
}

export interface GraphLayout {
  readonly nodes: readonly PlacedNode[];
  /** In the order of the input; edges to unknown nodes are left out. */
  readonly edges: readonly PlacedEdge[];
  readonly width: number;
  readonly height: number;
}

/** What that worker answers. */
export interface GraphLayoutApi {
  layOut(input: LayoutInput): GraphLayout;
}
