import { describe, expect, it } from 'vitest';
import type { PlacedNode } from '../../src/protocol/graph-layout.ts';
import { NODE_HEIGHT, NODE_WIDTH } from '../../src/ui/graph/graph-parts.ts';
import { layOutGraph } from '../../workers/lay-out-graph.ts';

/** Lays out a graph written as `a>b b>c`; a name alone is a node without edges. */
function layout(text: string, direction: 'LR' | 'TB' = 'LR') {
  const words = text.split(' ').map((word) => word.split('>'));
  return layOutGraph({
    nodes: [...new Set(words.flat())].map((id) => ({
      id,
      width: NODE_WIDTH,
      height: NODE_HEIGHT,
    })),
    edges: words.flatMap(([from, to]) =>
      from !== undefined && to !== undefined ? [{ from, to, wordsWidth: 60 }] : [],
    ),
    direction,
  });
}

/** The nodes of each column from top to bottom. */
function columns(text: string): string[] {
  const found = new Map<number, PlacedNode[]>();
  for (const node of layout(text).nodes) {
    const column = found.get(node.x);
    if (column) column.push(node);
    else found.set(node.x, [node]);
  }
  return [...found]
    .sort(([a], [b]) => a - b)
    .map(([, column]) =>
      column
        .sort((a, b) => a.y - b.y)
        .map(({ id }) => id)
        .join(' '),
    );
}

function overlap(a: PlacedNode, b: PlacedNode): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

describe('the layout of the asset graph', () => {
  it('stands each asset right of all that it reads', () => {
    expect(columns('a>b b>c a>c c>d')).toEqual(['a', 'b', 'c', 'd']);
    expect(columns('a b')).toEqual(['a b']);
  });

  it('puts nodes without edges in rows below the others, about as wide as high', () => {
    const names = Array.from({ length: 21 }, (_, at) => `n${at}`);
    const { nodes, width, height } = layout(`a>b ${names.join(' ')} c>c`);
    const [joined, alone] = [nodes.slice(0, 2), nodes.slice(2)];
    const end = Math.max(...joined.map(({ y, height: high }) => y + high));
    expect(alone.map(({ id }) => id)).toEqual([...names, 'c']);
    expect(alone.every(({ y }) => y > end)).toBe(true);
    // In their order, from left to right and row by row.
    const places = alone.map(({ x, y }) => y * 10_000 + x);
    expect(places).toEqual(places.toSorted((one, other) => one - other));
    expect(nodes.some((one, at) => nodes.slice(0, at).some((other) => overlap(one, other)))).toBe(
      false,
    );
    expect(width / height).toBeGreaterThan(0.6);
    expect(width / height).toBeLessThan(1.8);
  });

  it('orders a column so that edges do not cross', () => {
    const place = new Map(layout('a>y b>x c>z a>x').nodes.map(({ id, y }) => [id, y]));
    const at = (id: string) => place.get(id) ?? NaN;
    for (const [one, other] of [
      ['a>y', 'b>x'],
      ['b>x', 'c>z'],
      ['a>y', 'c>z'],
    ] as const) {
      const [from, to] = one.split('>').map((id) => at(id));
      const [otherFrom, otherTo] = other.split('>').map((id) => at(id));
      const order = Math.sign((from ?? 0) - (otherFrom ?? 0));
      expect(order * Math.sign((to ?? 0) - (otherTo ?? 0)), `${one} ${other}`).toBe(1);
    }
  });

  it('a single reader is level with what it reads, by a straight edge with its words on it', () => {
    const { nodes, edges } = layout('a>b b>c');
    expect(new Set(nodes.map(({ y }) => y)).size).toBe(1);
    const [a, b] = nodes;
    const [edge] = edges;
    if (!a || !b || !edge) throw new Error('Three nodes were laid out.');
    expect(edge.words.y).toBe(a.y + NODE_HEIGHT / 2);
    expect(edge.words.x - (a.x + NODE_WIDTH)).toBeGreaterThanOrEqual(30);
    expect(b.x - edge.words.x).toBeGreaterThanOrEqual(30);
    const numbers = (edge.path.match(/\d+(?:\.\d+)?/g) ?? []).map(Number);
    expect(new Set(numbers.filter((_, at) => at % 2 === 1))).toEqual(new Set([edge.words.y]));
  });

  it('an asset that reads itself has a loop; one elsewhere, and a cycle, do no harm', () => {
    expect(columns('a>a a>b')).toEqual(['a', 'b']);
    expect(layout('a>a').edges).toHaveLength(1);
    expect(layout('a>b b>a').nodes).toHaveLength(2);
    const { nodes, edges } = layOutGraph({
      nodes: [{ id: 'a', width: NODE_WIDTH, height: NODE_HEIGHT }],
      edges: [{ from: 'gone', to: 'a', wordsWidth: 0 }],
      direction: 'LR',
    });
    expect([nodes.length, edges.length]).toEqual([1, 0]);
  });

  it('on narrow screens each asset stands below what it reads', () => {
    const { nodes } = layout('a>b b>c', 'TB');
    expect(new Set(nodes.map(({ x }) => x)).size).toBe(1);
    expect(nodes.map(({ y }) => y)).toEqual(nodes.map(({ y }) => y).sort((a, b) => a - b));
  });

  it('no two assets overlap, among 200', () => {
    const text = Array.from({ length: 199 }, (_, at) => `n${at}>n${at + 1 + (at % 3)}`).join(' ');
    const { nodes } = layout(text);
    nodes.forEach((a, at) => {
      for (const b of nodes.slice(at + 1)) expect(overlap(a, b), `${a.id} ${b.id}`).toBe(false);
    });
  });
});
