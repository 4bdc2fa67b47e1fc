import { nearestName } from '../../nearest-name.ts';
import type { PartitionKey } from '../context.ts';
import { CALENDAR_WORDS } from './calendar-words.ts';
import { dimensionNamed, scopeWithin, type SelectionScope } from './selection-scope.ts';
import {
  STATUS_WORDS,
  type Place,
  type RangeEnd,
  type SelectionNode,
  type SelectionProblem,
  type StatusWord,
} from './selection-tree.ts';
import { meaningOf } from './selection-words.ts';

/** What stands at the end of a text, for what may be written there. */
export interface OpenEnd extends Place {
  /** Whose keys are meant there. */
  readonly scope: SelectionScope;
  /** `item`: any selection; `key`: an end of a range; `asset`: the name of an asset; `name`: that of a selection. */
  readonly expects: 'item' | 'key' | 'asset' | 'name';
}

/** A text that selects, read. */
export interface ParsedText {
  readonly text: string;
  readonly tree: SelectionNode;
  /** In the order of the text. Whether keys exist is told by `evaluateSelection`. */
  readonly problems: readonly SelectionProblem[];
  /** Null if the text ends with a closed sign. */
  readonly openEnd: OpenEnd | null;
}

/**
 * Reads what a text says. It is Dagster's grammar (SEL-1 … SEL-4) with an algebra around it:
 * `,` and `|` for either, `&` for both, `-` for without, `not`, and parentheses. `&` and `-` bind
 * closer than `,` and `|`, and go from left to right. The keys of the scope take part: what is a
 * key as it stands is one, whatever signs are in it.
 */
export function parseSelection(text: string, scope: SelectionScope): ParsedText {
  const reader = new Reader(text);
  const tree = reader.readWhole(scope);
  const problems = reader.problems.toSorted((a, b) => a.from - b.from || a.to - b.to);
  return { text, tree, problems, openEnd: reader.openEnd };
}

/** The words that may stand before a parenthesis, besides statuses. */
export const LINEAGE_WORDS = ['upstream-of', 'downstream-of'] as const;

const SPACE = /\s/;
const CALL =
  /^(upstream-of|downstream-of|missing|failed|not tried|materialized|stale|queued|materializing)\s*\(/i;
const REGEX = /^\/((?:[^/\\\n]|\\.)+)\/([a-z]*)(?=$|[\s,)&|])/;
const QUOTED = /^"(?:[^"\\]|\\.)*"/su;

class Reader {
  readonly problems: SelectionProblem[] = [];
  openEnd: OpenEnd | null = null;
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  readWhole(scope: SelectionScope): SelectionNode {
    const parts: SelectionNode[] = [];
    for (;;) {
      parts.push(this.#readEither(scope));
      if (this.#at >= this.#text.length) break;
      // Only a parenthesis ends a list before the text does.
      this.#blame(this.#at, this.#at + 1, 'No "(" stands before this ")".');
      this.#at += 1;
    }
    const said = parts.filter(({ kind }) => kind !== 'nothing');
    return said.length === 1
      ? (said[0] as SelectionNode)
      : this.#eitherOf(said, ',', { from: 0, to: this.#text.length });
  }

  #readEither(scope: SelectionScope): SelectionNode {
    const from = this.#at;
    const parts: SelectionNode[] = [];
    let sign: ',' | '|' = ',';
    let signAt = from;
    for (;;) {
      const isNext = this.#skipSpace();
      // Empty items of a list say nothing (SEL-1).
      if (isNext && this.#sign() !== ',' && this.#sign() !== ')') {
        parts.push(this.#readProduct(scope));
        this.#skipSpace();
      } else if (sign === '|') {
        this.#blame(signAt, signAt + 1, 'Something is missing after "|".');
      }
      const next = this.#sign();
      if (next !== ',' && next !== '|') break;
      if (next === '|' && parts.length === 0) {
        this.#blame(this.#at, this.#at + 1, 'Something is missing before "|".');
      }
      sign = next;
      signAt = this.#at;
      this.#at += 1;
      this.openEnd = { from: this.#at, to: this.#at, scope, expects: 'item' };
    }
    const said = parts.filter(({ kind }) => kind !== 'nothing');
    if (said.length === 1) return said[0] as SelectionNode;
    return this.#eitherOf(said, sign, { from, to: this.#at });
  }

  #eitherOf(parts: readonly SelectionNode[], sign: ',' | '|', place: Place): SelectionNode {
    const [first, last] = [parts[0], parts.at(-1)];
    if (first === undefined || last === undefined) return { kind: 'nothing', ...place };
    return { kind: 'either', sign, parts, from: first.from, to: last.to };
  }

  /** What `&` and `-` join, from left to right. */
  #readProduct(scope: SelectionScope): SelectionNode {
    let left = this.#readOne(scope);
    for (;;) {
      this.#skipSpace();
      const sign = this.#sign();
      if (sign === '' || sign === ',' || sign === ')' || sign === '|') return left;
      if (sign === '&' || sign === '-') {
        const signAt = this.#at;
        this.#at += 1;
        this.openEnd = { from: this.#at, to: this.#at, scope, expects: 'item' };
        this.#skipSpace();
        const next = this.#sign();
        if (next === '' || next === ',' || next === ')' || next === '|' || next === '&') {
          this.#blame(signAt, signAt + 1, `Something is missing after "${sign}".`);
          continue;
        }
        const right = this.#readOne(scope);
        const kind = sign === '&' ? ('both' as const) : ('without' as const);
        left = { kind, left, right, from: left.from, to: right.to };
        continue;
      }
      const from = this.#at;
      const right = this.#readOne(scope);
      this.#blame(
        from,
        right.to,
        'A sign is missing before this: , or | for either, & for both, - for without.',
      );
      left = { kind: 'either', sign: ',', parts: [left, right], from: left.from, to: right.to };
    }
  }

  #readOne(scope: SelectionScope): SelectionNode {
    const from = this.#at;
    this.openEnd = { from, to: from, scope, expects: 'item' };
    const whole = this.#wholeKey(scope);
    if (whole !== null) return whole;
    const sign = this.#sign();
    if (sign === '&' || sign === '-') {
      this.#blame(from, from + 1, `Something is missing before "${sign}".`);
      this.#at += 1;
      this.#skipSpace();
      const next = this.#sign();
      if (next === '' || next === ',' || next === ')')
        return { kind: 'nothing', from, to: from + 1 };
      return this.#readOne(scope);
    }
    const rest = this.#text.slice(from);
    const not = /^not(?!\s+tried\b)(?=[\s(["@/])\s*/i.exec(rest);
    if (not !== null) {
      this.#at += not[0].length;
      if (this.#sign() === '' || this.#sign() === ',' || this.#sign() === ')') {
        return this.#wrong(from, from + 3, 'Something is missing after "not".');
      }
      const of = this.#readOne(scope);
      return { kind: 'not', of, from, to: of.to };
    }
    if (sign === '[') return this.#readRange(scope);
    if (sign === '(') return this.#isRange() ? this.#readRange(scope) : this.#readGroup(scope);
    if (sign === '"') return this.#readQuoted();
    if (sign === '@') {
      const name = /^@([\p{L}\p{N}_-]*)/u.exec(rest)?.[1] ?? '';
      if (scope.named.has(name) || scope.index.ordinalOf(rest.trim()) < 0) {
        this.#at += name.length + 1;
        this.#close({ from, to: this.#at, scope, expects: 'name' });
        return { kind: 'named', name, from, to: this.#at };
      }
    }
    const regex = REGEX.exec(rest);
    if (regex !== null) {
      const [all, source = '', flags = ''] = regex;
      this.#at += all.length;
      this.openEnd = null;
      return { kind: 'regex', source, flags, from, to: this.#at };
    }
    const call = CALL.exec(rest);
    if (call !== null) return this.#readCall(scope, call[0], (call[1] ?? '').toLowerCase());
    const dimension = this.#readDimension(scope);
    return dimension ?? this.#readPlain(scope);
  }

  /** The longest text from here on that is a key as it stands, up to a sign; words and quotes go before it. */
  #wholeKey(scope: SelectionScope): SelectionNode | null {
    const from = this.#at;
    for (const to of this.#ends(from)) {
      const key = this.#text.slice(from, to).trimEnd();
      if (key === '') continue;
      if (meaningOf(key) !== null) return null;
      if (scope.index.ordinalOf(key) < 0) continue;
      this.#at = from + key.length;
      this.#close({ from, to: this.#at, scope, expects: 'item' });
      return { kind: 'key', key, from, to: this.#at };
    }
    return null;
  }

  /** Where a text from `from` on may end: at a comma, and before that at each sign; the last first. */
  #ends(from: number): readonly number[] {
    const text = this.#text;
    const ends: number[] = [];
    let depth = 0;
    let at = from;
    for (; at < text.length; at += 1) {
      const sign = text[at] as string;
      if (sign === '"') {
        const quoted = QUOTED.exec(text.slice(at));
        if (quoted !== null) at += quoted[0].length - 1;
        continue;
      }
      if (sign === '[') depth += 1;
      else if (sign === ']') depth -= 1;
      else if (sign === ',' && depth <= 0) break;
      else if (sign === ')' || sign === '&' || sign === '|') ends.push(at);
      else if (sign === '-' && SPACE.test(text[at - 1] ?? '')) ends.push(at);
    }
    ends.push(at);
    return ends.reverse();
  }

  #readGroup(scope: SelectionScope): SelectionNode {
    const from = this.#at;
    this.#at += 1;
    this.openEnd = { from: this.#at, to: this.#at, scope, expects: 'item' };
    const inner = this.#readEither(scope);
    if (this.#sign() === ')') {
      this.#at += 1;
      this.openEnd = null;
      if (inner.kind === 'nothing')
        this.#blame(from, this.#at, 'Nothing stands in these parentheses.');
    } else this.#blame(from, from + 1, 'This "(" is not closed.');
    return { ...inner, from, to: this.#at };
  }

  /** Whether what begins with a parenthesis is a range without its first key: `(a..b]`. */
  #isRange(): boolean {
    return /^\(\s*(?:"(?:[^"\\]|\\.)*"|[^"()[\],&]*?)\s*\.\.\.?(?:[^"()[\],&]|"(?:[^"\\]|\\.)*")*[)\]]/su.test(
      this.#text.slice(this.#at),
    );
  }

  #readRange(scope: SelectionScope): SelectionNode {
    const from = this.#at;
    const text = this.#text;
    const close = this.#closeOfRange(from);
    if (close < 0) {
      const [end = text.length] = this.#ends(from);
      this.#at = end;
      const dots = dotsIn(text.slice(from + 1, end));
      const begin = dots === null ? from + 1 : from + 1 + dots.at + dots.length;
      this.openEnd = { ...trimmed(text, begin, end), scope, expects: 'key' };
      return this.#wrong(
        from,
        trimmed(text, from, end).to,
        'A range ends with "]", as in [a...b].',
      );
    }
    this.#at = close + 1;
    this.openEnd = null;
    const inner = text.slice(from + 1, close);
    const dots = dotsIn(inner);
    if (dots === null) {
      return this.#wrong(
        from,
        close + 1,
        'A range has three dots between its ends, as in [a...b].',
      );
    }
    const left = trimmed(text, from + 1, from + 1 + dots.at);
    const right = trimmed(text, from + 1 + dots.at + dots.length, close);
    const first = this.#endOf(left, text[from] === '[');
    const last = this.#endOf(right, text[close] === ']');
    if (first === undefined || last === undefined) return { kind: 'nothing', from, to: close + 1 };
    return { kind: 'range', first, last, from, to: close + 1 };
  }

  /** One end of a range; null if none is written, undefined if it cannot be read. */
  #endOf(place: Place, isIncluded: boolean): RangeEnd | null | undefined {
    const written = this.#text.slice(place.from, place.to);
    if (written === '') return null;
    const key = unquoted(written);
    if (key !== null) return { ...place, key, isIncluded };
    this.#blame(place.from, place.to, 'This quote is not closed.');
    return undefined;
  }

  /** Where the range that begins at `from` is closed; -1 if nowhere. */
  #closeOfRange(from: number): number {
    const text = this.#text;
    let depth = 1;
    let hasDots = false;
    for (let at = from + 1; at < text.length; at += 1) {
      const sign = text[at];
      if (sign === '"') {
        const quoted = QUOTED.exec(text.slice(at));
        if (quoted !== null) at += quoted[0].length - 1;
      } else if (sign === '.' && text[at + 1] === '.') hasDots = true;
      else if (sign === '[') depth += 1;
      else if (sign === ']') {
        depth -= 1;
        if (depth === 0) return at;
      } else if (sign === ')' && depth === 1 && hasDots) return at;
    }
    return -1;
  }

  #readQuoted(): SelectionNode {
    const from = this.#at;
    const quoted = QUOTED.exec(this.#text.slice(from))?.[0];
    if (quoted === undefined) {
      this.#at = this.#text.length;
      this.openEnd = null;
      return this.#wrong(from, this.#at, 'This quote is not closed.');
    }
    this.#at += quoted.length;
    this.openEnd = null;
    return { kind: 'key', key: unquoted(quoted) ?? '', from, to: this.#at };
  }

  /** `missing(asset)`, or `upstream-of(asset: selection)`. */
  #readCall(scope: SelectionScope, opening: string, word: string): SelectionNode {
    const from = this.#at;
    this.#at += opening.length;
    const { names = [] } = scope.assets ?? {};
    const isLineage = LINEAGE_WORDS.some((one) => one === word);
    const begin = this.#at;
    // A key of an asset may have colons and slashes in it, but no parenthesis.
    const end = this.#text.slice(begin).search(isLineage ? /[:)]/ : /\)/);
    const place = trimmed(this.#text, begin, end < 0 ? this.#text.length : begin + end);
    const name = this.#text.slice(place.from, place.to);
    this.#at = end < 0 ? this.#text.length : begin + end;
    this.openEnd = { ...place, scope, expects: 'asset' };
    const isKnown = names.includes(name);
    if (!isKnown) {
      const near = nearestName(name, names);
      this.problems.push({
        from: place.from === place.to ? from : place.from,
        to: place.from === place.to ? this.#at : place.to,
        message:
          name === ''
            ? 'The name of an asset is missing here.'
            : `${name} is not an asset here.${near === null ? '' : ` Did you mean ${near}?`}`,
        ...(near === null ? {} : { nearest: near }),
      });
    }
    let of: SelectionNode | null = null;
    let isRead = isKnown;
    if (this.#sign() === ':') {
      this.#at += 1;
      const other = isKnown ? (scope.assets?.find(name) ?? null) : null;
      if (other?.index) {
        of = this.#readEither(scopeWithin(scope, other.index, other.statuses));
      } else {
        const rest = this.#text.slice(this.#at).search(/\)/);
        this.#at = rest < 0 ? this.#text.length : this.#at + rest;
        if (other !== null) this.#blame(place.from, place.to, `${name} has no partitions.`);
        isRead = false;
      }
    }
    if (this.#sign() === ')') {
      this.#at += 1;
      this.openEnd = null;
    } else this.#blame(from, from + opening.length, 'This "(" is not closed.');
    const to = this.#at;
    if (!isRead) return { kind: 'nothing', from, to };
    if (word === 'upstream-of' || word === 'downstream-of') {
      return { kind: 'lineage', direction: word, asset: name, of, from, to };
    }
    return { kind: 'status', status: word as StatusWord, asset: name, from, to };
  }

  /** `date=…`, where there are dimensions; null if this is none. */
  #readDimension(scope: SelectionScope): SelectionNode | null {
    const { definition } = scope.index;
    if (definition.kind !== 'multi') return null;
    const from = this.#at;
    const rest = this.#text.slice(from);
    const names = definition.dimensions.map((dimension) => dimension.name);
    const known = names.find(
      (name) => rest.startsWith(name) && /^\s*=/.test(rest.slice(name.length)),
    );
    const [opening, name = ''] =
      known === undefined
        ? (/^([\p{L}\p{N}_-]+)\s*=\s*/u.exec(rest) ?? [])
        : [known + (/^\s*=\s*/.exec(rest.slice(known.length))?.[0] ?? ''), known];
    if (opening === undefined) return null;
    const found = dimensionNamed(scope.index, name);
    this.#at += opening.length;
    if (found === null) {
      const near = nearestName(name, names);
      this.problems.push({
        from,
        to: from + name.length,
        message: `${name} is not a dimension. The dimensions are ${names.join(' and ')}.`,
        ...(near === null ? {} : { nearest: near }),
      });
      const [end = this.#text.length] = this.#ends(this.#at).slice(-1);
      this.#at = end;
      return { kind: 'nothing', from, to: end };
    }
    const within = scopeWithin(scope, found.index, null);
    this.openEnd = { from: this.#at, to: this.#at, scope: within, expects: 'item' };
    const sign = this.#sign();
    if (sign === '' || sign === ',' || sign === ')' || sign === '&') {
      return this.#wrong(from, from + opening.length, `A key of ${name} is missing here.`);
    }
    const of = this.#readOne(within);
    return { kind: 'dimension', name, of, from, to: of.to };
  }

  /** A word, a key with a star, or a key that does not exist. */
  #readPlain(scope: SelectionScope): SelectionNode {
    const from = this.#at;
    const text = this.#text;
    const isMulti = scope.index.dimensions !== undefined;
    let to = from;
    for (; to < text.length; to += 1) {
      const sign = text[to] as string;
      if (sign === ',' || sign === ')' || sign === '&') break;
      const isParted = SPACE.test(text[to - 1] ?? '');
      if (sign === '|' && (!isMulti || isParted)) break;
      if (sign === '-' && isParted && to > from) break;
      if ((sign === '(' || sign === '[' || sign === '"') && isParted && to > from) break;
    }
    const place = trimmed(text, from, to);
    this.#at = Math.max(place.to, from + 1);
    this.#close({ ...place, scope, expects: 'item' });
    const written = text.slice(place.from, place.to);
    const meant = meaningOf(written);
    if (meant !== null) return { ...meant, ...place };
    const stars = written.split('*').length - 1;
    if (stars > 1) return this.#wrong(place.from, place.to, 'Only one * is allowed in a key.');
    if (stars === 1) return { kind: 'wildcard', pattern: written, ...place };
    if (dotsIn(written) !== null && dotsIn(written)?.at !== 0) {
      const fix = `[${written}]`;
      this.problems.push({ ...place, message: `Write a range in brackets: ${fix}.`, nearest: fix });
      return { kind: 'nothing', ...place };
    }
    if (scope.index.ordinalOf(written) < 0 && /^[a-z][a-z \d-]*$/i.test(written)) {
      const near = nearestName(written, wordsLike(written, scope));
      if (near !== null && nearestKeyIsFar(scope, written)) {
        this.problems.push({
          ...place,
          message: `${written} is neither a key nor a word. Did you mean ${near}?`,
          nearest: near,
        });
        return { kind: 'nothing', ...place };
      }
    }
    return { kind: 'key', key: written, ...place };
  }

  #sign(): string {
    return this.#text[this.#at] ?? '';
  }

  /** Whether something follows. */
  #skipSpace(): boolean {
    while (SPACE.test(this.#sign())) this.#at += 1;
    return this.#at < this.#text.length;
  }

  /** Notes what stands at the end of the text, if this does. */
  #close(end: OpenEnd): void {
    this.openEnd = this.#text.slice(end.to).trim() === '' ? end : null;
  }

  #blame(from: number, to: number, message: string): void {
    this.problems.push({ from, to, message });
  }

  #wrong(from: number, to: number, message: string): SelectionNode {
    this.#blame(from, to, message);
    return { kind: 'nothing', from, to };
  }
}

/** The words that may be meant in a scope. */
export function wordsOf(scope: SelectionScope): readonly string[] {
  const { definition } = scope.index;
  const hasTime =
    definition.kind === 'timeWindow' ||
    (definition.kind === 'multi' &&
      definition.dimensions.some((dimension) => dimension.definition.kind === 'timeWindow'));
  return [
    'all',
    ...(scope.statuses === null ? [] : STATUS_WORDS),
    'latest',
    ...(hasTime ? CALENDAR_WORDS : []),
  ];
}

/** The words that may be meant, with the number that is written. */
function wordsLike(written: string, scope: SelectionScope): readonly string[] {
  const words = wordsOf(scope);
  const [number] = /\d+/.exec(written) ?? [];
  if (number === undefined) return words;
  const counted = words.filter((word) => /^last \d/.test(word) || word === 'latest');
  return counted.map((word) =>
    word === 'latest' ? `latest ${number}` : word.replace(/\d+/, number),
  );
}

/** Whether no listed key is as near to a text as a word may be. */
function nearestKeyIsFar({ index }: SelectionScope, written: string): boolean {
  if (index.definition.kind === 'timeWindow' || index.definition.kind === 'multi') return true;
  return index.count > 1000 || nearestName(written, index.keys()) === null;
}

/** Where the dots of a range stand outside of quotes, three if there are three; null if nowhere. */
function dotsIn(text: string): { readonly at: number; readonly length: number } | null {
  for (const dots of ['...', '..']) {
    let at = 0;
    while (at < text.length) {
      if (text[at] === '"') at += Math.max(1, QUOTED.exec(text.slice(at))?.[0].length ?? 1);
      else if (text.startsWith(dots, at)) return { at, length: dots.length };
      else at += 1;
    }
  }
  return null;
}

/** A key as written, or null if its quotes are not closed. */
function unquoted(text: string): PartitionKey | null {
  if (!text.startsWith('"')) return text;
  return /^"(?:[^"\\]|\\.)*"$/su.test(text) ? text.slice(1, -1).replace(/\\(.)/gsu, '$1') : null;
}

/** A stretch of `text` without the spaces around it. */
function trimmed(text: string, from: number, to: number): Place {
  let [start, end] = [from, to];
  while (start < end && SPACE.test(text[start] ?? '')) start += 1;
  while (end > start && SPACE.test(text[end - 1] ?? '')) end -= 1;
  return { from: start, to: end };
}
