import type { PartitionIndex } from '../partition-index.ts';
import type { PartitionsSubset } from '../subset/partitions-subset.ts';
import { formatSelection, partsOfProduct } from './format-selection.ts';
import type { EvaluatedSelection } from './evaluate-selection.ts';
import type { Place, SelectionNode } from './selection-tree.ts';
import { inQuotes } from './write-key.ts';

/** A selection in Dagster's own grammar. */
export type DagsterText =
  /** Dagster reads the text as it is. */
  | { readonly kind: 'same' }
  /** This list, as the keys stand now. */
  | { readonly kind: 'list'; readonly text: string }
  /** A text for each dimension: Dagster has a field for each. */
  | {
      readonly kind: 'dimensions';
      readonly texts: readonly { readonly dimension: string; readonly text: string }[];
    }
  /** Nothing is selected. */
  | { readonly kind: 'nothing' }
  /** It cannot be said in Dagster, or only as so many stretches of keys. */
  | { readonly kind: 'none'; readonly stretches: number | null };

/** Lists with more stretches are no text for people. */
const MOST_STRETCHES = 50;

/** What Dagster takes for a key without quotes. */
const PLAIN_IN_DAGSTER = /^[-\w:/@]+$/;

/** The plain text of Dagster's partition fields that is closest to a selection (SEL-13). */
export function dagsterText(
  { text: written, tree, subset, problems }: EvaluatedSelection,
  index: PartitionIndex,
): DagsterText {
  if (subset.length === 0) return { kind: 'nothing' };
  if (index.definition.kind === 'multi') {
    const product = partsOfProduct(subset, index);
    if (product === null) return { kind: 'none', stretches: null };
    const { dimensions } = index.definition;
    const texts = product.map((parts, position) =>
      listInDagster(parts, index.dimensions?.[position] as PartitionIndex),
    );
    if (texts.includes(null)) return { kind: 'none', stretches: null };
    return {
      kind: 'dimensions',
      texts: texts.map((text, position) => ({
        dimension: dimensions[position]?.name ?? '',
        text: text ?? '',
      })),
    };
  }
  if (problems.length === 0 && isPlain(tree, written)) return { kind: 'same' };
  const text = listInDagster(subset, index);
  return text === null ? { kind: 'none', stretches: subset.length / 2 } : { kind: 'list', text };
}

/** Null if there are too many stretches. */
function listInDagster(subset: PartitionsSubset, index: PartitionIndex): string | null {
  if (subset.length > MOST_STRETCHES * 2) return null;
  return formatSelection(subset, index, quoteForDagster);
}

function quoteForDagster(key: string): string {
  return PLAIN_IN_DAGSTER.test(key) ? key : inQuotes(key);
}

/** Whether Dagster reads this as we do: nothing but its own signs, and keys as it takes them. */
function isPlain(node: SelectionNode, text: string): boolean {
  const isKey = ({ from, to }: Place) => {
    const written = text.slice(from, to);
    return PLAIN_IN_DAGSTER.test(written) || written.startsWith('"');
  };
  switch (node.kind) {
    case 'key':
      return isKey(node);
    case 'wildcard':
      return /^[-\w:/@]*\*[-\w:/@]*$/.test(node.pattern);
    case 'range': {
      const { first, last } = node;
      if (first?.isIncluded !== true || last?.isIncluded !== true) return false;
      return isKey(first) && isKey(last) && text.slice(first.to, last.from).trim() === '...';
    }
    case 'either':
      return node.sign === ',' && node.parts.every((part) => isPlain(part, text));
    default:
      return false;
  }
}
