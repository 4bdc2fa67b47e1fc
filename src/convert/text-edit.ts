import { nodesIn, type SyntaxNode } from '../notebook/syntax-tree.ts';

/** A stretch of a cell's text, as offsets, and what stands there instead. */
export interface TextEdit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** The text with its edits made; of two at one place the first stands first. */
export function withEdits(text: string, edits: readonly TextEdit[]): string {
  const inOrder = [...edits].sort((one, other) => one.from - other.from || one.to - other.to);
  let edited = '';
  let at = 0;
  for (const edit of inOrder) {
    edited += text.slice(at, edit.from) + edit.text;
    at = edit.to;
  }
  return edited + text.slice(at);
}

export function replaced({ start, end }: SyntaxNode, text: string): TextEdit {
  return { from: start, to: end, text };
}

/** Puts a property, or a field, before another of the same object: on a line of its own if that has one. */
export function insertedBefore(text: string, sibling: SyntaxNode, property: string): TextEdit {
  const at = sibling.start;
  return { from: at, to: at, text: `${property},${gapOf(text, sibling)}` };
}

export function insertedAfter(text: string, sibling: SyntaxNode, property: string): TextEdit {
  const at = sibling.end;
  return { from: at, to: at, text: `,${gapOf(text, sibling)}${property}` };
}

/** Takes a property out of an object, and undoes exactly what inserting it did. */
export function removed(object: SyntaxNode, property: SyntaxNode): TextEdit {
  return removedAmong(nodesIn(object, 'properties'), property);
}

/** Takes one of some neighbours out, with what parts it from the one before; of the first, from the next. */
export function removedAmong(neighbours: readonly SyntaxNode[], one: SyntaxNode): TextEdit {
  const place = neighbours.indexOf(one);
  const before = neighbours[place - 1];
  const after = neighbours[place + 1];
  if (before) return { from: before.end, to: one.end, text: '' };
  return { from: one.start, to: after?.start ?? one.end, text: '' };
}

/** What parts a node from a neighbour put beside it: a blank, or a new line with the same indent. */
export function gapOf(text: string, node: SyntaxNode): string {
  const indent = ownLineIndent(text, node);
  return indent === null ? ' ' : `\n${indent}`;
}

/** The blanks before a node that begins its line; null if something else stands before it. */
export function ownLineIndent(text: string, { start }: SyntaxNode): string | null {
  const before = text.slice(text.lastIndexOf('\n', start - 1) + 1, start);
  return /^[ \t]*$/.test(before) ? before : null;
}

/** The blanks that the line of a node begins with. */
export function lineIndent(text: string, { start }: SyntaxNode): string {
  const line = text.slice(text.lastIndexOf('\n', start - 1) + 1, start);
  return /^[ \t]*/.exec(line)?.[0] ?? '';
}
