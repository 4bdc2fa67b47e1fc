import { describe, expect, it } from 'vitest';
import {
  edgePath,
  layOutGraph,
  NODE_HEIGHT,
  NODE_WIDTH,
} from '../../../src/ui/graph/graph-layout.ts';

/** Lays out a graph written as `a>b b>c`; a name alone is a node without edges. */
function layout(text: string) {
  const words = text.split(' ').map((word) => word.split('>'));
  return layOutGraph({
    nodes: [...new Set(words.flat())],
    edges: words.flatMap(([from, to]) =>
      from !== undefined && to !== undefined ? [{ from, to }] : [],
    ),
    columnGap: 98,
  });
}

/** The nodes of each column from top to bottom. */
function columns(text: string): string[] {
  const found: { name: string; y: number }[][] = [];
  for (const node of layout(text).nodes) (found[node.depth] ??= []).push(node);
  return found.map((column) =>
    column
      .sort((a, b) => a.y - b.y)
      .map(({ name }) => name)
      .join(' '),
  );
}

describe('the layout of the asset graph', () => {
  it('stands each asset right of all that it reads', () => {
    expect(columns('a>b b>c a>c c>d')).toEqual(['a', 'b', 'c', 'd']);
    expect(columns('a b')).toEqual(['a b']);
  });

  it('orders a column so that edges do not cross', () => {
    expect(columns('a>y b>x c>z a>x')).toEqual(['a b c', 'y x z']);
    expect(columns('a>z b>y c>x')).toEqual(['a b c', 'z y x']);
  });

  it('a single reader is level with what it reads', () => {
    const places = new Map(layout('a>b b>c').nodes.map(({ name, y }) => [name, y]));
    expect(new Set(places.values()).size).toBe(1);
  });

  it('an asset that reads itself, or an asset elsewhere, and a cycle do no harm', () => {
    expect(columns('a>a a>b')).toEqual(['a', 'b']);
    expect(layout('a>b b>a').nodes).toHaveLength(2);
    expect(
      layOutGraph({ nodes: ['a'], edges: [{ from: 'gone', to: 'a' }], columnGap: 98 }).nodes,
    ).toHaveLength(1);
  });

  it('no two assets overlap, among 200', () => {
    const text = Array.from({ length: 199 }, (_, at) => `n${at}>n${at + 1 + (at % 3)}`).join(' ');
    const { nodes } = layout(text);
    const places = new Set(nodes.map(({ x, y }) => `${x} ${y}`));
    expect(places.size).toBe(nodes.length);
    for (const a of nodes) {
      for (const b of nodes) {
        if (a !== b && a.x === b.x) expect(Math.abs(a.y - b.y)).toBeGreaterThanOrEqual(NODE_HEIGHT);
      }
    }
  });

  it('a level edge is straight, from side to side', () => {
    const [a, b] = layout('a>b').nodes;
    if (!a || !b) throw new Error('Two nodes were laid out.');
    const y = a.y + 33;
    const middle = (NODE_WIDTH + b.x) / 2;
    expect(edgePath(a, b)).toBe(`M${NODE_WIDTH},${y}C${middle},${y},${middle},${y},${b.x},${y}`);
  });
});
