import {
  boundIdentifiers,
  childrenOf,
  isFunction,
  nodeIn,
  nodesIn,
  withoutTypes,
  type SyntaxNode,
} from '../notebook/syntax-tree.ts';
import { identifierName } from './source-cells.ts';

/** How a function uses its context. */
export type ContextUse =
  | {
      /** A member of it, such as `context.partitionKey`. */
      readonly kind: 'member';
      readonly name: string;
      readonly node: SyntaxNode;
      /** The context itself, as written. */
      readonly object: SyntaxNode;
      /** What the member stands in. */
      readonly parent: SyntaxNode;
      /** What that stands in. */
      readonly grandparent: SyntaxNode | null;
    }
  /** Taken apart, as in `({ partitionKey }) =>`. */
  | { readonly kind: 'pattern'; readonly pattern: SyntaxNode }
  /** Handed on: what is read of it there is not known. */
  | { readonly kind: 'handed'; readonly node: SyntaxNode };

/** Every use of its first parameter in a function, in the order of the text. */
export function contextUses(fn: SyntaxNode): readonly ContextUse[] {
  const [param] = nodesIn(fn, 'params');
  if (!param) return [];
  if (param.type === 'ObjectPattern') return [{ kind: 'pattern', pattern: param }];
  const name = identifierName(param);
  if (name === null) return [{ kind: 'handed', node: param }];
  const body = nodeIn(fn, 'body');
  return body ? [...usesBelow(body, [fn], name)] : [];
}

function* usesBelow(
  node: SyntaxNode,
  above: readonly SyntaxNode[],
  name: string,
): Generator<ContextUse> {
  // Another function's parameter of the same name is another thing.
  if (isFunction(node) && nodesIn(node, 'params').some((param) => binds(param, name))) return;
  const within = [node, ...above];
  if (node.type === 'MemberExpression' && !node['computed']) {
    const object = nodeIn(node, 'object');
    const property = nodeIn(node, 'property');
    if (!object || !property) return;
    const [parent, grandparent = null] = above;
    if (identifierName(withoutTypes(object)) === name && parent) {
      const member = identifierName(property) ?? '';
      yield { kind: 'member', name: member, node, object, parent, grandparent };
    } else {
      yield* usesBelow(object, within, name);
    }
    return;
  }
  if (node.type === 'VariableDeclarator') {
    const id = nodeIn(node, 'id');
    const init = nodeIn(node, 'init');
    if (id?.type === 'ObjectPattern' && init && identifierName(withoutTypes(init)) === name) {
      yield { kind: 'pattern', pattern: id };
      return;
    }
  }
  if (node.type === 'Property') {
    const key = node['computed'] ? nodeIn(node, 'key') : null;
    const value = nodeIn(node, 'value');
    if (key) yield* usesBelow(key, within, name);
    if (value) yield* usesBelow(value, within, name);
    return;
  }
  if (identifierName(node) === name) yield { kind: 'handed', node };
  for (const child of childrenOf(node)) yield* usesBelow(child, within, name);
}

function binds(pattern: SyntaxNode, name: string): boolean {
  return boundIdentifiers(pattern).some((bound) => identifierName(bound) === name);
}
