import type { PartitionIndex } from '../partition-index.ts';
import { dimensionNamed, type SelectionScope } from './selection-scope.ts';
import type { RangeEnd, SelectionNode } from './selection-tree.ts';
import { writeKey } from './write-key.ts';

/** A selection as text, in one spelling: it is read as the same tree (SEL-12). */
export function formatTree(node: SelectionNode, scope: SelectionScope): string {
  return write(node, scope.index, scope, 0);
}

/** How close a node binds: a list, what `&` and `-` join, one item. */
function bond({ kind }: SelectionNode): 0 | 1 | 2 {
  if (kind === 'either' || kind === 'nothing') return 0;
  return kind === 'both' || kind === 'without' ? 1 : 2;
}

/** @param least how close it must bind not to need parentheses. */
function write(
  node: SelectionNode,
  index: PartitionIndex,
  scope: SelectionScope,
  least: 0 | 1 | 2,
): string {
  const text = bare(node, index, scope);
  return bond(node) < least ? `(${text})` : text;
}

function bare(node: SelectionNode, index: PartitionIndex, scope: SelectionScope): string {
  const part = (inner: SelectionNode, least: 0 | 1 | 2) => write(inner, index, scope, least);
  switch (node.kind) {
    case 'nothing':
      return '';
    case 'all':
      return 'all';
    case 'key':
      return writeKey(node.key, index);
    case 'range':
      return `${open(node.first)}${end(node.first, index)}...${end(node.last, index)}${close(node.last)}`;
    case 'wildcard':
      return node.pattern;
    case 'regex':
      return `/${node.source}/${node.flags}`;
    case 'status':
      return node.asset === null ? node.status : `${node.status}(${node.asset})`;
    case 'latest':
      return node.count === 1 ? 'latest' : `latest ${node.count}`;
    case 'calendar':
      return node.words;
    case 'lineage': {
      const other = scope.assets?.find(node.asset)?.index ?? null;
      const of = node.of === null || other === null ? '' : `: ${write(node.of, other, scope, 0)}`;
      return `${node.direction}(${node.asset}${of})`;
    }
    case 'named':
      return `@${node.name}`;
    case 'dimension': {
      const inner = dimensionNamed(index, node.name)?.index ?? index;
      return `${node.name}=${write(node.of, inner, scope, 2)}`;
    }
    case 'not':
      return `not ${part(node.of, 2)}`;
    case 'either':
      return node.parts.map((one) => part(one, 1)).join(node.sign === ',' ? ', ' : ' | ');
    case 'both':
      return `${part(node.left, 1)} & ${part(node.right, 2)}`;
    case 'without':
      return `${part(node.left, 1)} - ${part(node.right, 2)}`;
  }
}

function open(first: RangeEnd | null): string {
  return first?.isIncluded === false ? '(' : '[';
}

function close(last: RangeEnd | null): string {
  return last?.isIncluded === false ? ')' : ']';
}

function end(one: RangeEnd | null, index: PartitionIndex): string {
  return one === null ? '' : writeKey(one.key, index);
}
