import type { PartitionKey } from '../context.ts';

/** Where something stands in a text, as offsets; `to` is not included. */
export interface Place {
  readonly from: number;
  readonly to: number;
}

/** What is wrong with a part of the text. */
export interface SelectionProblem extends Place {
  /** One sentence or two; names the key, and the nearest one where there is one. */
  readonly message: string;
  /** What may have been meant, as it must be written to mean itself; absent if nothing is near. */
  readonly nearest?: string;
}

/** The statuses that are words. Failed ones include those that were not tried, and materialized ones the stale, as in Dagster. */
export const STATUS_WORDS = [
  'missing',
  'failed',
  'not tried',
  'materialized',
  'stale',
  'queued',
  'materializing',
] as const;

export type StatusWord = (typeof STATUS_WORDS)[number];

/** One end of a range: a key, and whether it is in the range. */
export interface RangeEnd extends Place {
  readonly key: PartitionKey;
  readonly isIncluded: boolean;
}

/** What a text that selects says, before it is known which keys that are. */
export type SelectionNode = Place &
  (
    | { readonly kind: 'key'; readonly key: PartitionKey }
    /** From key to key; null for no end on that side (extension). */
    | { readonly kind: 'range'; readonly first: RangeEnd | null; readonly last: RangeEnd | null }
    /** With exactly one `*`. */
    | { readonly kind: 'wildcard'; readonly pattern: string }
    | { readonly kind: 'regex'; readonly source: string; readonly flags: string }
    | { readonly kind: 'all' }
    /** Keys with a status; of another asset if one is named. */
    | { readonly kind: 'status'; readonly status: StatusWord; readonly asset: string | null }
    | { readonly kind: 'latest'; readonly count: number }
    /** Words of the calendar, in small letters with single spaces. */
    | { readonly kind: 'calendar'; readonly words: string }
    /** What keys of another asset read, or what reads them; all of its keys if `of` is null. */
    | {
        readonly kind: 'lineage';
        readonly direction: 'upstream-of' | 'downstream-of';
        readonly asset: string;
        readonly of: SelectionNode | null;
      }
    /** A selection that has a name. */
    | { readonly kind: 'named'; readonly name: string }
    /** Every key whose part in a dimension is in `of`. */
    | { readonly kind: 'dimension'; readonly name: string; readonly of: SelectionNode }
    | { readonly kind: 'not'; readonly of: SelectionNode }
    /** What is in any of the parts: a list, if `sign` is a comma. */
    | {
        readonly kind: 'either';
        readonly sign: ',' | '|';
        readonly parts: readonly SelectionNode[];
      }
    | { readonly kind: 'both'; readonly left: SelectionNode; readonly right: SelectionNode }
    | { readonly kind: 'without'; readonly left: SelectionNode; readonly right: SelectionNode }
    /** Nothing: an empty text, or what could not be read. */
    | { readonly kind: 'nothing' }
  );

/** The parts of a node, in the order of the text; of a node of another asset none, as they count other keys. */
export function partsOf(node: SelectionNode): readonly SelectionNode[] {
  switch (node.kind) {
    case 'either':
      return node.parts;
    case 'both':
    case 'without':
      return [node.left, node.right];
    case 'not':
    case 'dimension':
      return [node.of];
    default:
      return [];
  }
}
