import dagre from '@dagrejs/dagre';
import { curveBumpX, curveBumpY, line } from 'd3-shape';
import type {
  GraphLayout,
  LayoutInput,
  PlacedEdge,
  PlacedNode,
} from '../src/protocol/graph-layout.ts';

/** Between neighbours in a column, and between columns; CSS px. */
const NODE_GAP = 44;
const COLUMN_GAP = 26;
/** Words have a line's height, and stand in the middle of their edge. */
const WORDS_HEIGHT = 20;
const WORDS_MARGIN = 11;
/** Without words an arrow still needs to be seen. */
const SHORTEST_EDGE = 28;
/** Room of an edge from a node to itself, below the node. */
const LOOP_DEPTH = 34;

/** The best layers of more nodes would be waited for; others are nearly as good, several times as quick. */
const MANY = 40;

interface Point {
  readonly x: number;
  readonly y: number;
}

/**
 * Lays a graph out by layers with few crossings; below them, in rows, the nodes that no edge joins to another. Edges
 * of a node to itself are loops at its lower side; cycles do no harm.
 */
export function layOutGraph({ nodes, edges, direction }: LayoutInput): GraphLayout {
  const graph = new dagre.graphlib.Graph({ multigraph: true });
  graph.setGraph({
    rankdir: direction,
    ranker: nodes.length > MANY ? 'tight-tree' : 'network-simplex',
    nodesep: NODE_GAP,
    ranksep: COLUMN_GAP,
    edgesep: 16,
    marginx: 0,
    marginy: 0,
  });
  const known = new Map(nodes.map((node) => [node.id, node]));
  const drawn = edges.filter(({ from, to }) => known.has(from) && known.has(to));
  const loops = new Set(drawn.flatMap(({ from, to }) => (from === to ? from : [])));
  const roomOf = (id: string, height: number): number => height + (loops.has(id) ? LOOP_DEPTH : 0);
  const joined = new Set(drawn.flatMap(({ from, to }) => (from === to ? [] : [from, to])));
  for (const { id, width, height } of nodes) {
    if (joined.has(id)) graph.setNode(id, { width, height: roomOf(id, height) });
  }
  drawn.forEach(({ from, to, wordsWidth }, at) => {
    if (from === to) return;
    const long = wordsWidth > 0 ? wordsWidth + WORDS_MARGIN * 2 : SHORTEST_EDGE;
    const size =
      direction === 'LR'
        ? { width: long, height: WORDS_HEIGHT }
        : { width: wordsWidth, height: WORDS_HEIGHT + WORDS_MARGIN * 2 };
    graph.setEdge(from, to, { ...size, labelpos: 'c' }, String(at));
  });
  if (joined.size > 0) dagre.layout(graph);
  const inLayers = nodes
    .filter(({ id }) => joined.has(id))
    .map(({ id, width, height }): PlacedNode => {
      const { x = 0, y = 0 } = graph.node(id) as Partial<Point>;
      return { id, x: x - width / 2, y: y - roomOf(id, height) / 2, width, height };
    });
  const layersWidth = Math.max(0, ...inLayers.map(({ x, width }) => x + width));
  const layersEnd = Math.max(0, ...inLayers.map(({ id, y, height }) => y + roomOf(id, height)));
  const alone = inRows(
    nodes.filter(({ id }) => !joined.has(id)),
    ({ id, height }) => roomOf(id, height),
    layersWidth,
    inLayers.length > 0 ? layersEnd + NODE_GAP : 0,
  );
  const placed = new Map([...inLayers, ...alone].map((node) => [node.id, node]));
  const placedEdges = drawn.flatMap(({ from, to }, at) => {
    const [source, target] = [placed.get(from), placed.get(to)];
    if (!source || !target) return [];
    if (from === to) return [loopAt(source)];
    const edge = graph.edge({ v: from, w: to, name: String(at) }) as Partial<Point> & {
      readonly points?: readonly Point[];
    };
    return [edgeBetween(source, target, edge, direction)];
  });
  const boxes = nodes.flatMap(({ id }) => placed.get(id) ?? []);
  return {
    nodes: boxes,
    edges: placedEdges,
    width: Math.max(0, ...boxes.map(({ x, width }) => x + width)),
    height: Math.max(0, ...boxes.map(({ id, y, height }) => y + roomOf(id, height))),
  };
}

/** Nodes in their order, in rows from `top` on, together about as wide as high, or of `leastWidth` if that is wider. */
function inRows(
  nodes: LayoutInput['nodes'],
  roomOf: (node: LayoutInput['nodes'][number]) => number,
  leastWidth: number,
  top: number,
): readonly PlacedNode[] {
  const area = nodes.reduce(
    (sum, node) => sum + (node.width + NODE_GAP) * (roomOf(node) + NODE_GAP),
    0,
  );
  const widest = Math.max(0, ...nodes.map(({ width }) => width));
  const rowWidth = Math.max(leastWidth, Math.sqrt(area) + widest / 2);
  let [x, y, rowHeight] = [0, top, 0];
  return nodes.map((node) => {
    const { id, width, height } = node;
    if (x > 0 && x + width > rowWidth) [x, y, rowHeight] = [0, y + rowHeight + NODE_GAP, 0];
    const placed = { id, x, y, width, height };
    x += width + NODE_GAP;
    rowHeight = Math.max(rowHeight, roomOf(node));
    return placed;
  });
}

const HEAD = 7;
const HALF_HEAD = 4;

/** From the middle of one side to the middle of the other, by way of where the layout leaves room. */
function edgeBetween(
  source: PlacedNode,
  target: PlacedNode,
  { x, y, points = [] }: Partial<Point> & { readonly points?: readonly Point[] },
  direction: 'LR' | 'TB',
): PlacedEdge {
  const isAcross = direction === 'LR';
  const start = isAcross
    ? { x: source.x + source.width, y: source.y + source.height / 2 }
    : { x: source.x + source.width / 2, y: source.y + source.height };
  const end = isAcross
    ? { x: target.x, y: target.y + target.height / 2 }
    : { x: target.x + target.width / 2, y: target.y };
  // Between the two ends are the layers that a long edge passes, and its words.
  const between = points
    .slice(1, -1)
    .filter((point) =>
      isAcross ? point.x > start.x && point.x < end.x : point.y > start.y && point.y < end.y,
    );
  const bump = line<Point>(
    (point) => point.x,
    (point) => point.y,
  ).curve(isAcross ? curveBumpX : curveBumpY);
  const head = isAcross
    ? `M${end.x - HEAD} ${end.y - HALF_HEAD}L${end.x - 1} ${end.y}L${end.x - HEAD} ${end.y + HALF_HEAD}`
    : `M${end.x - HALF_HEAD} ${end.y - HEAD}L${end.x} ${end.y - 1}L${end.x + HALF_HEAD} ${end.y - HEAD}`;
  return {
    from: source.id,
    to: target.id,
    path: bump([start, ...between, end]) ?? '', // null only when drawn on a canvas
    head,
    words: { x: x ?? (start.x + end.x) / 2, y: y ?? (start.y + end.y) / 2 },
  };
}

/** A loop below a node, from right to left of its middle. */
function loopAt({ id, x, y, width, height }: PlacedNode): PlacedEdge {
  const [right, left, bottom] = [x + width * 0.66, x + width * 0.34, y + height];
  // The curve comes three quarters as near as its handles.
  const depth = bottom + LOOP_DEPTH * 0.62;
  return {
    from: id,
    to: id,
    path: `M${right} ${bottom}C${right + 14} ${depth} ${left - 14} ${depth} ${left} ${bottom + 1}`,
    head: `M${left - HALF_HEAD - 3} ${bottom + HEAD - 1}L${left} ${bottom + 1}L${left + HALF_HEAD - 1} ${bottom + HEAD + 1}`,
    words: { x: x + width / 2, y: bottom + LOOP_DEPTH - WORDS_HEIGHT / 2 + 4 },
  };
}
