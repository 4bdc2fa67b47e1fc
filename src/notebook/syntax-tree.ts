import { tsPlugin } from '@sveltejs/acorn-typescript';
import { Parser } from 'acorn';

/** A node of the parser's tree: ESTree, with TypeScript's nodes under names that begin with `TS`. */
export interface SyntaxNode {
  readonly type: string;
  /** Offsets in the text; the end is not included. */
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
}

/** What the parser throws; `pos` is an offset in the text. */
export interface ParserError extends SyntaxError {
  readonly pos: number;
}

/** A newer syntax than every supported browser runs would pass here and fail there. */
const ECMA_VERSION = 16;

let parser: typeof Parser | undefined;

/**
 * The tree of a cell. What a cell may not do although it is TypeScript (await
 * at its top, `import`, `enum`) is in the tree, to be refused with its own words.
 *
 * @throws {ParserError} at the first error of syntax.
 */
export function parseTypeScript(text: string): SyntaxNode {
  // Built on first use: it is a large class, and a page that only reads needs none.
  parser ??= Parser.extend(tsPlugin());
  const tree = parser.parse(text, {
    ecmaVersion: ECMA_VERSION,
    sourceType: 'module',
    allowReturnOutsideFunction: true,
    locations: true, // The plugin insists.
  });
  // Acorn's types know nothing of the plugin's nodes.
  return tree as unknown as SyntaxNode;
}

/** The nodes directly below `node`. */
export function childrenOf(node: SyntaxNode): readonly SyntaxNode[] {
  return Object.values(node)
    .flatMap((field) => (Array.isArray(field) ? field : [field]))
    .filter(isNode);
}

/** The node in a field; null if there is none. */
export function nodeIn(node: SyntaxNode, field: string): SyntaxNode | null {
  const value = node[field];
  return isNode(value) ? value : null;
}

/** The nodes in a field that is a list; holes, as in `[, a]`, are left out. */
export function nodesIn(node: SyntaxNode, field: string): readonly SyntaxNode[] {
  const value = node[field];
  return Array.isArray(value) ? value.filter(isNode) : [];
}

export function isFunction(node: SyntaxNode): boolean {
  return (
    node.type === 'FunctionDeclaration' ||
    node.type === 'FunctionExpression' ||
    node.type === 'ArrowFunctionExpression'
  );
}

export function isClass(node: SyntaxNode): boolean {
  return node.type === 'ClassDeclaration' || node.type === 'ClassExpression';
}

/** The expression within `as`, `satisfies`, `!` and `<T>`, however deep. */
export function withoutTypes(node: SyntaxNode): SyntaxNode {
  const inner = isTypedExpression(node) ? nodeIn(node, 'expression') : null;
  return inner ? withoutTypes(inner) : node;
}

/** Whether the node is an expression that only adds a type to another. */
export function isTypedExpression({ type }: SyntaxNode): boolean {
  return (
    type === 'TSAsExpression' ||
    type === 'TSSatisfiesExpression' ||
    type === 'TSNonNullExpression' ||
    type === 'TSInstantiationExpression' ||
    type === 'TSTypeAssertion'
  );
}

/** The identifiers that a pattern binds, in order. */
export function boundIdentifiers(pattern: SyntaxNode): readonly SyntaxNode[] {
  switch (pattern.type) {
    case 'Identifier':
      return [pattern];
    case 'ObjectPattern':
      return nodesIn(pattern, 'properties').flatMap(boundIdentifiers);
    case 'ArrayPattern':
      return nodesIn(pattern, 'elements').flatMap(boundIdentifiers);
    case 'Property':
    case 'AssignmentPattern':
    case 'RestElement': {
      const field = { Property: 'value', AssignmentPattern: 'left', RestElement: 'argument' };
      const inner = nodeIn(pattern, field[pattern.type]);
      return inner ? boundIdentifiers(inner) : [];
    }
    default:
      return [];
  }
}

function isNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value;
}
