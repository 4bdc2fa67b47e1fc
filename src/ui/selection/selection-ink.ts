import {
  partsOf,
  type Place,
  type SelectionNode,
  type SelectionProblem,
} from '../../partitions/selection/selection-tree.ts';

/** A piece of a text and how it is drawn. */
export interface InkPiece {
  readonly text: string;
  /** Classes: what it is, and `wrong` if a problem stands there. */
  readonly ink: string;
}

interface Mark extends Place {
  readonly ink: string;
}

/** A text in pieces: words, keys, patterns, and between them signs. */
export function inkOf(
  text: string,
  tree: SelectionNode,
  problems: readonly SelectionProblem[],
): readonly InkPiece[] {
  const marks: Mark[] = [];
  collect(tree, text, marks);
  const cuts = new Set([0, text.length]);
  for (const { from, to } of [...marks, ...problems]) cuts.add(from).add(Math.min(to, text.length));
  const places = [...cuts].sort((a, b) => a - b);
  const pieces: InkPiece[] = [];
  for (let at = 0; at + 1 < places.length; at += 1) {
    const from = places[at] as number;
    const to = places[at + 1] as number;
    const mark = marks.find((one) => one.from <= from && to <= one.to);
    const isWrong = problems.some(
      (one) => one.from <= from && to <= Math.max(one.to, one.from + 1),
    );
    pieces.push({
      text: text.slice(from, to),
      ink: `${mark?.ink ?? 'sign'}${isWrong ? ' wrong' : ''}`,
    });
  }
  return pieces;
}

function collect(node: SelectionNode, text: string, marks: Mark[]): void {
  const { from, to } = node;
  switch (node.kind) {
    case 'key':
    case 'nothing':
      marks.push({ from, to, ink: 'key' });
      break;
    case 'range':
      for (const end of [node.first, node.last]) {
        if (end !== null) marks.push({ from: end.from, to: end.to, ink: 'key' });
      }
      break;
    case 'wildcard':
    case 'regex':
      marks.push({ from, to, ink: 'pattern' });
      break;
    case 'status': {
      const opening = node.asset === null ? to : text.indexOf('(', from);
      marks.push({ from, to: opening, ink: `word ${node.status.replace(' ', '-')}` });
      if (node.asset !== null) marks.push({ from: opening + 1, to: to - 1, ink: 'key' });
      break;
    }
    case 'all':
    case 'latest':
    case 'calendar':
      marks.push({ from, to, ink: 'word' });
      break;
    case 'named':
      marks.push({ from, to, ink: 'name' });
      break;
    case 'lineage':
      marks.push({ from, to: from + node.direction.length, ink: 'word' });
      if (node.of === null)
        marks.push({ from: text.indexOf('(', from) + 1, to: to - 1, ink: 'key' });
      else {
        collect(node.of, text, marks);
        marks.push({ from: text.indexOf('(', from) + 1, to: text.indexOf(':', from), ink: 'key' });
      }
      break;
    case 'dimension':
      marks.push({ from, to: text.indexOf('=', from), ink: 'name' });
      break;
    case 'not':
      marks.push({ from, to: from + 3, ink: 'word' });
      break;
    case 'either':
    case 'both':
    case 'without':
      break;
  }
  for (const part of partsOf(node)) collect(part, text, marks);
}
