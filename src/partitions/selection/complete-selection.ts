import type { PartitionKey } from '../context.ts';
import { countOf, ordinalAt } from '../subset/subset-algebra.ts';
import { matchWildcard } from './match-keys.ts';
import { LINEAGE_WORDS, parseSelection, wordsOf } from './parse-selection.ts';
import type { SelectionScope } from './selection-scope.ts';
import { writeKey } from './write-key.ts';

/** Something that may be written next. */
export interface Completion {
  /** What is put in the place of what stands there. */
  readonly text: string;
  readonly kind: 'word' | 'key' | 'asset' | 'name' | 'dimension';
}

export interface Completions {
  /** What they replace, as offsets into the text. */
  readonly from: number;
  readonly to: number;
  readonly options: readonly Completion[];
}

const MOST = 12;
/** Of more keys, those that only have the text somewhere in them are not looked for. */
const MOST_SEARCHED = 20_000;

/** What may stand at `cursor`: words, keys, dimensions, assets and names that begin with what is written before it. */
export function completeSelection(
  text: string,
  cursor: number,
  scope: SelectionScope,
): Completions | null {
  const { openEnd } = parseSelection(text.slice(0, cursor), scope);
  if (openEnd === null) return null;
  const { from, expects, scope: within } = openEnd;
  const begin = skipSpace(text, from);
  const written = text.slice(begin, cursor).toLowerCase();
  const options: Completion[] = [];
  const add = (kind: Completion['kind'], texts: readonly string[]): void => {
    for (const one of texts) {
      if (options.length >= MOST) return;
      if (one.toLowerCase().startsWith(written)) options.push({ text: one, kind });
    }
  };
  if (expects === 'asset') add('asset', within.assets?.names ?? []);
  if (expects === 'item' || expects === 'name') {
    const { definition } = within.index;
    const dimensions = definition.kind === 'multi' ? definition.dimensions : [];
    add(
      'dimension',
      dimensions.map(({ name }) => `${name}=`),
    );
    if (expects === 'item') {
      add('word', wordsOf(within));
      if (within.assets !== null) {
        add(
          'word',
          LINEAGE_WORDS.map((word) => `${word}(`),
        );
      }
    }
    add(
      'name',
      [...within.named.keys()].map((name) => `@${name}`),
    );
  }
  if (expects === 'item' || expects === 'key') {
    for (const key of keysLike(written.replace(/^"/, ''), within)) {
      if (options.length >= MOST) break;
      options.push({ text: writeKey(key, within.index), kind: 'key' });
    }
  }
  // What is there whole already needs no help.
  if (options.length === 1 && options[0]?.text.toLowerCase() === written) return null;
  return options.length === 0 ? null : { from: begin, to: cursor, options };
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (/\s/.test(text[at] ?? '')) at += 1;
  return at;
}

/** Keys that begin with a text in small letters, then those that have it in them; of times, the newest first. */
function keysLike(written: string, { index, scans }: SelectionScope): readonly PartitionKey[] {
  const { count, definition } = index;
  if (definition.kind === 'timeWindow') {
    const { subset } = matchWildcard(`${written}*`, index, scans);
    const last = countOf(subset);
    return Array.from({ length: Math.min(MOST, last) }, (_, at) =>
      index.keyAt(ordinalAt(subset, last - 1 - at)),
    );
  }
  const keys: PartitionKey[] = [];
  const later: PartitionKey[] = [];
  const look = Math.min(count, MOST_SEARCHED);
  for (let at = 0; at < look && keys.length < MOST; at += 1) {
    const key = index.keyAt(at);
    const folded = key.toLowerCase();
    if (folded.startsWith(written)) keys.push(key);
    else if (later.length < MOST && folded.includes(written)) later.push(key);
  }
  return [...keys, ...later];
}
