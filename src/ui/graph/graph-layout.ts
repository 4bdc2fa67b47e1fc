import { mean } from 'd3-array';
import { linkHorizontal } from 'd3-shape';

/** A graph of named nodes; an edge runs from what is read to what reads it. */
export interface LayoutInput {
  /** In the order in which they were declared; it settles ties. */
  readonly nodes: readonly string[];
  readonly edges: readonly { readonly from: string; readonly to: string }[];
  /** Space between columns, for the words of the edges; CSS px. */
  readonly columnGap: number;
}

/** Where a node stands: upper left corner, CSS px. */
export interface PlacedNode {
  readonly name: string;
  /** Edges on the longest way to it from a node that reads nothing. */
  readonly depth: number;
  readonly x: number;
  readonly y: number;
}

export interface GraphLayout {
  readonly nodes: readonly PlacedNode[];
  readonly width: number;
  readonly height: number;
}

/** Measures of a node and of the space between; CSS px. */
export const NODE_WIDTH = 206;
export const NODE_HEIGHT = 66;
/** The least space between columns. */
export const COLUMN_GAP = 98;
const ROW_GAP = 48;

/** Passes over the columns; more change nothing that is seen. */
const SWEEPS = 6;

/**
 * Lays a graph out from left to right: by depth, each column ordered so that neighbours stand
 * near each other, and centred. Edges to unknown nodes, of a node to itself, and those that close a
 * cycle do not count.
 */
export function layOutGraph({ nodes, edges, columnGap }: LayoutInput): GraphLayout {
  const upstream = neighbours(nodes, edges, 'to', 'from');
  const downstream = neighbours(nodes, edges, 'from', 'to');
  const depths = depthsOf(nodes, upstream);
  const columns: string[][] = [];
  for (const name of nodes) (columns[depths.get(name) ?? 0] ??= []).push(name);
  orderColumns(columns, upstream, downstream);

  const tallest = Math.max(0, ...columns.map((column) => heightOf(column.length)));
  const places = placeRows(columns, upstream, tallest);
  const placed = columns.flatMap((column, depth) =>
    column.map((name) => ({
      name,
      depth,
      x: depth * (NODE_WIDTH + columnGap),
      y: places.get(name) ?? 0,
    })),
  );
  return {
    nodes: placed,
    width: Math.max(0, columns.length * (NODE_WIDTH + columnGap) - columnGap),
    height: Math.max(0, ...placed.map(({ y }) => y + NODE_HEIGHT)),
  };
}

type Neighbours = ReadonlyMap<string, readonly string[]>;

function neighbours(
  nodes: readonly string[],
  edges: LayoutInput['edges'],
  of: 'from' | 'to',
  which: 'from' | 'to',
): Neighbours {
  const found = new Map<string, string[]>(nodes.map((name) => [name, []]));
  for (const edge of edges) {
    if (edge.from !== edge.to && found.has(edge[which])) found.get(edge[of])?.push(edge[which]);
  }
  return found;
}

function depthsOf(nodes: readonly string[], upstream: Neighbours): ReadonlyMap<string, number> {
  const depths = new Map<string, number>();
  const open = new Set<string>();
  function depthOf(name: string): number {
    const known = depths.get(name);
    if (known !== undefined) return known;
    open.add(name);
    let depth = 0;
    for (const above of upstream.get(name) ?? []) {
      if (!open.has(above)) depth = Math.max(depth, depthOf(above) + 1);
    }
    open.delete(name);
    depths.set(name, depth);
    return depth;
  }
  for (const name of nodes) depthOf(name);
  return depths;
}

/** Barycentres: each node moves to the mean place of its neighbours, forth and back. */
function orderColumns(columns: string[][], upstream: Neighbours, downstream: Neighbours): void {
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const forth = sweep % 2 === 0;
    const near = forth ? upstream : downstream;
    const places = new Map(columns.flatMap((column) => column.map((name, at) => [name, at])));
    const order = columns.map((_, at) => (forth ? at : columns.length - 1 - at));
    for (const at of order) {
      const column = columns[at] ?? [];
      const centres = new Map(
        column.map((name, place) => [name, meanOf(near.get(name) ?? [], places) ?? place]),
      );
      column.sort((a, b) => (centres.get(a) ?? 0) - (centres.get(b) ?? 0));
      column.forEach((name, place) => places.set(name, place));
    }
  }
}

function meanOf(names: readonly string[], places: ReadonlyMap<string, number>): number | undefined {
  return mean(names, (name) => places.get(name) ?? 0);
}

function heightOf(rows: number): number {
  return rows * (NODE_HEIGHT + ROW_GAP) - ROW_GAP;
}

/** Each node level with what it reads, as far as its column leaves room; the first column centred. */
function placeRows(
  columns: readonly (readonly string[])[],
  upstream: Neighbours,
  tallest: number,
): ReadonlyMap<string, number> {
  const places = new Map<string, number>();
  for (const column of columns) {
    let next = (tallest - heightOf(column.length)) / 2;
    const wished = column.map((name) => meanOf(upstream.get(name) ?? [], places));
    // The column moves as a block by what its nodes wish in the mean, so rows keep their pitch.
    const pitch = NODE_HEIGHT + ROW_GAP;
    const shift = mean(wished, (wish, at) => (wish === undefined ? undefined : wish - at * pitch));
    if (shift !== undefined) {
      next = Math.min(Math.max(0, shift), Math.max(0, tallest - heightOf(column.length)));
    }
    for (const name of column) {
      places.set(name, next);
      next += pitch;
    }
  }
  return places;
}

/** An edge as an SVG path, from the middle of one node's right side to the middle of the other's left. */
export function edgePath(from: PlacedNode, to: PlacedNode): string {
  const path = link({
    source: [from.x + NODE_WIDTH, from.y + NODE_HEIGHT / 2],
    target: [to.x, to.y + NODE_HEIGHT / 2],
  });
  return path ?? ''; // null only when drawn on a canvas
}

const link = linkHorizontal();
