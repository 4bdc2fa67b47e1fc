import type { Cell } from '../notebook/notebook.ts';
import { childrenOf, nodeIn, nodesIn, parseTypeScript } from '../notebook/syntax-tree.ts';
import type { SyntaxNode } from '../notebook/syntax-tree.ts';
import { isShared } from '../notebook/worlds.ts';

/** A code cell with its tree. */
export interface SourceCell {
  readonly cellId: string;
  readonly text: string;
  /** The statements at its top; none of a cell with an error of syntax. */
  readonly statements: readonly SyntaxNode[];
}

/** A constant at the top of a cell. */
export interface DeclaredConstant {
  readonly cell: SourceCell;
  readonly statement: SyntaxNode;
  /** Its value. */
  readonly value: SyntaxNode;
}

/** The code cells that belong to the notebook itself, not to a world; in order. */
export function sourceCells(cells: readonly Cell[]): readonly SourceCell[] {
  return cells
    .filter((cell) => cell.kind === 'code' && isShared(cell))
    .map(({ cellId, text }) => ({ cellId, text, statements: statementsOf(text) }));
}

function statementsOf(text: string): readonly SyntaxNode[] {
  try {
    return nodesIn(parseTypeScript(text), 'body');
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}

/** The constant of a name; null if no cell declares one, or its declaration declares others too. */
export function constantOf(
  cells: readonly SourceCell[],
  name: string | null,
): DeclaredConstant | null {
  if (name === null) return null;
  for (const cell of cells) {
    for (const statement of cell.statements) {
      const [declarator, ...others] = nodesIn(statement, 'declarations');
      if (!declarator || others.length > 0) continue;
      const id = nodeIn(declarator, 'id');
      const value = nodeIn(declarator, 'init');
      if (value && id && identifierName(id) === name) return { cell, statement, value };
    }
  }
  return null;
}

/** The name of an identifier; null if the node is none. */
export function identifierName(node: SyntaxNode): string | null {
  const name = node['name'];
  return node.type === 'Identifier' && typeof name === 'string' ? name : null;
}

/** Which of dg's functions a node calls; null if it calls none. */
export function calledOfDg(node: SyntaxNode): string | null {
  if (node.type !== 'CallExpression' && node.type !== 'NewExpression') return null;
  const callee = nodeIn(node, 'callee');
  if (callee?.type !== 'MemberExpression' || callee['computed']) return null;
  const object = nodeIn(callee, 'object');
  const property = nodeIn(callee, 'property');
  return object && property && identifierName(object) === 'dg' ? identifierName(property) : null;
}

/** Every node below some, themselves included. */
export function* nodesBelow(nodes: Iterable<SyntaxNode>): Generator<SyntaxNode> {
  for (const node of nodes) {
    yield node;
    yield* nodesBelow(childrenOf(node));
  }
}

/** How often a name stands in the code, its declaration included. */
export function countOfName(cells: readonly SourceCell[], name: string): number {
  let count = 0;
  for (const { statements } of cells) {
    const seen = new Set<number>();
    for (const node of nodesBelow(statements)) {
      // A property such as `{ a }` has its name twice, as key and as value.
      if (identifierName(node) !== name || seen.has(node.start)) continue;
      seen.add(node.start);
      count += 1;
    }
  }
  return count;
}

/** The property of an object literal; null if it has none of that name, or none that stands in it as such. */
export function propertyOf(object: SyntaxNode, name: string): SyntaxNode | null {
  const properties = nodesIn(object, 'properties');
  return properties.find((property) => propertyName(property) === name) ?? null;
}

/** The name of a property; null if it is computed, or spread. */
export function propertyName(property: SyntaxNode): string | null {
  const key = property['computed'] ? null : nodeIn(property, 'key');
  if (!key) return null;
  const literal = key['value'];
  return identifierName(key) ?? (typeof literal === 'string' ? literal : null);
}
