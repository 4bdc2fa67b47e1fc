import type { PartitionKey } from './context.ts';
import type { PartitionIndex } from './partition-index.ts';
import { explainKey } from './reasons/key-reason.ts';
import { keySentence } from './reasons/reason-sentences.ts';
import type { PartitionsSubset } from './subset/partitions-subset.ts';
import {
  equalSubsets,
  spansOf,
  subsetOf,
  subsetOfSpan,
  unionAll,
} from './subset/subset-algebra.ts';
import { rowsOf } from './subset/subset-keys.ts';

/** What is wrong with a part of the text. */
export interface SelectionProblem {
  /** Where it stands, as offsets into the text; `to` is not included. */
  readonly from: number;
  readonly to: number;
  /** One sentence or two; names the key, and the nearest one where there is one. */
  readonly message: string;
  /** What may have been meant, as it must be written to mean itself; absent if nothing is near. */
  readonly nearest?: string;
}

export interface ParsedSelection {
  /** What could be understood. */
  readonly subset: PartitionsSubset;
  /** In the order of the text; empty if all is well. */
  readonly problems: readonly SelectionProblem[];
}

/**
 * Reads which partitions a text means, in Dagster's grammar: keys parted by commas, ranges
 * `[a...b]` with both ends, one `*` in a key for anything, `"…"` around a key with signs in it
 * (a backslash before a quote or a backslash). A bare word in `named` means that
 * subset, even where a key is called the same; the key is then written in quotes.
 */
export function parseSelection(
  text: string,
  index: PartitionIndex,
  named: ReadonlyMap<string, PartitionsSubset> = new Map(),
): ParsedSelection {
  const subsets: PartitionsSubset[] = [];
  const problems: SelectionProblem[] = [];
  for (const item of splitItems(text)) {
    if (item.text === '') continue;
    const answer = readItem(item.text, index, named);
    if ('subset' in answer) subsets.push(answer.subset);
    else {
      problems.push({
        ...answer,
        from: item.from + answer.from,
        to: item.from + answer.to,
      });
    }
  }
  return { subset: unionAll(subsets), problems };
}

/** The shortest text that `parseSelection` reads as `subset`. */
export function formatSelection(subset: PartitionsSubset, index: PartitionIndex): string {
  const [rows, columns] = index.dimensions ?? [];
  if (rows === undefined || columns === undefined) {
    return Array.from(spansOf(subset), ({ start, end }) => {
      const first = quoted(index.keyAt(start));
      if (end - start === 1) return first;
      const last = quoted(index.keyAt(end - 1));
      return end - start === 2 ? `${first}, ${last}` : `[${first}...${last}]`;
    }).join(', ');
  }
  // A range of two dimensions is a rectangle: neighbouring rows with the same columns are one.
  const items: string[] = [];
  const blocks: { readonly from: number; to: number; readonly used: PartitionsSubset }[] = [];
  for (const [row, used] of rowsOf(subset, columns.count)) {
    const last = blocks.at(-1);
    if (last?.to === row - 1 && equalSubsets(last.used, used)) last.to = row;
    else blocks.push({ from: row, to: row, used });
  }
  for (const { from, to, used } of blocks) {
    for (const { start, end } of spansOf(used)) {
      const first = quoted(index.keyAt(from * columns.count + start));
      const last = quoted(index.keyAt(to * columns.count + end - 1));
      items.push(first === last ? first : `[${first}...${last}]`);
    }
  }
  return items.join(', ');
}

interface Item {
  /** Without the spaces around it. */
  readonly text: string;
  readonly from: number;
}

/** Cuts at commas outside of quotes and brackets. */
function splitItems(text: string): readonly Item[] {
  const items: Item[] = [];
  let from = 0;
  let depth = 0;
  let inQuotes = false;
  const close = (to: number): void => {
    const piece = text.slice(from, to);
    const item = piece.trim();
    items.push({ text: item, from: from + piece.indexOf(item) });
    from = to + 1;
  };
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at];
    if (sign === '\\' && inQuotes) at += 1;
    else if (sign === '"') inQuotes = !inQuotes;
    else if (!inQuotes && sign === '[') depth += 1;
    else if (!inQuotes && sign === ']') depth = Math.max(0, depth - 1);
    else if (sign === ',' && !inQuotes && depth === 0) close(at);
  }
  close(text.length);
  return items;
}

type ItemAnswer = { readonly subset: PartitionsSubset } | SelectionProblem;

function readItem(
  text: string,
  index: PartitionIndex,
  named: ReadonlyMap<string, PartitionsSubset>,
): ItemAnswer {
  const problem = (message: string, from = 0, to = text.length): SelectionProblem => ({
    from,
    to,
    message,
  });
  const word = named.get(text);
  if (word !== undefined) return { subset: word };
  // A key may hold brackets or stars: what is a key as it stands is meant as one.
  const plain = index.ordinalOf(text);
  if (plain >= 0) return { subset: subsetOfSpan(plain, plain + 1) };

  if (text.startsWith('[')) {
    if (!text.endsWith(']')) return problem('A range ends with "]", as in [a...b].');
    const inner = text.slice(1, -1);
    const dots = dotsIn(inner);
    if (dots < 0) return problem('A range has three dots between its ends, as in [a...b].');
    const ends = [
      { text: inner.slice(0, dots), from: 1 },
      { text: inner.slice(dots + 3), from: dots + 4 },
    ].map(({ text: end, from }) => ({ key: unquoted(end.trim()), from, to: from + end.length }));
    const ordinals: number[] = [];
    for (const { key, from, to } of ends) {
      if (key === null) return problem('This quote is not closed.', from, to);
      const ordinal = index.ordinalOf(key);
      if (ordinal < 0) return unknownKey(key, index, from, to);
      ordinals.push(ordinal);
    }
    const [first, last] = ordinals as [number, number];
    const range = rangeOf(index, first, last);
    if (range.length === 0) {
      return problem(
        `This range is empty: ${index.keyAt(last)} comes before ${index.keyAt(first)}.`,
      );
    }
    return { subset: range };
  }

  const key = unquoted(text);
  if (key === null) return problem('This quote is not closed.');
  if (!text.startsWith('"') && key.includes('*')) {
    if (key.indexOf('*') !== key.lastIndexOf('*')) {
      return problem('Only one * is allowed in a key.');
    }
    const found = matching(index, key);
    return found.length > 0 ? { subset: found } : problem(`No key matches ${key}.`);
  }
  const ordinal = index.ordinalOf(key);
  if (ordinal >= 0) return { subset: subsetOfSpan(ordinal, ordinal + 1) };
  const spread = dotsIn(text);
  if (spread > 0) return problem(`Write a range in brackets: [${text}].`);
  return unknownKey(key, index, 0, text.length);
}

/** Where the three dots of a range stand outside of quotes; -1 if nowhere. */
function dotsIn(text: string): number {
  const match = /^(?:"(?:[^"\\]|\\.)*"|[^"])*?\.\.\./su.exec(text);
  return match === null ? -1 : match[0].length - 3;
}

/** A key as written, or null if its quotes are not closed. */
function unquoted(text: string): PartitionKey | null {
  if (!text.startsWith('"')) return text;
  return /^"(?:[^"\\]|\\.)*"$/su.test(text) ? text.slice(1, -1).replace(/\\(.)/gsu, '$1') : null;
}

/** A key as it must be written to mean itself. */
function quoted(key: PartitionKey): string {
  const plain = key !== '' && key === key.trim() && !/[",[\]*\\]|\.\.\./.test(key);
  if (plain && !RESERVED.has(key)) return key;
  return `"${key.replace(/["\\]/g, '\\$&')}"`;
}

/** Words that a caller may give a meaning. */
const RESERVED: ReadonlySet<string> = new Set(['all', 'missing', 'failed', 'latest']);

/** From one ordinal to another, both included; a rectangle in two dimensions (MULTI-9). */
function rangeOf(index: PartitionIndex, first: number, last: number): PartitionsSubset {
  const width = index.dimensions?.[1]?.count;
  if (width === undefined) return subsetOfSpan(first, last + 1);
  const [firstRow, lastRow] = [Math.floor(first / width), Math.floor(last / width)];
  const [firstColumn, lastColumn] = [first % width, last % width];
  return unionAll(
    Array.from({ length: Math.max(0, lastRow - firstRow + 1) }, (_, row) => {
      const start = (firstRow + row) * width;
      return subsetOfSpan(start + firstColumn, start + lastColumn + 1);
    }),
  );
}

function matching(index: PartitionIndex, pattern: string): PartitionsSubset {
  const [before, after] = pattern.split('*') as [string, string];
  const ordinals: number[] = [];
  index.keys().forEach((key, ordinal) => {
    if (key.length < before.length + after.length) return;
    if (key.startsWith(before) && key.endsWith(after)) ordinals.push(ordinal);
  });
  return subsetOf(ordinals);
}

function unknownKey(
  key: PartitionKey,
  index: PartitionIndex,
  from: number,
  to: number,
): SelectionProblem {
  const answer = explainKey(index, key);
  const nearest = answer.exists ? null : answer.nearest;
  return {
    from,
    to,
    message: keySentence(key, answer),
    ...(nearest === null ? {} : { nearest: quoted(nearest) }),
  };
}

/** Why `key` is none, and which one may have been meant. */
export function explainUnknownKey(key: PartitionKey, index: PartitionIndex): string {
  return keySentence(key, explainKey(index, key));
}
