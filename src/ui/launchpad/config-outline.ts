/*
 * Where things stand in a config that is written as text. Unlike `parseConfigText` it never gives up: it
 * is asked while someone types. What it reads is the same: JSON with comments, commas too many, names
 * without quotes.
 */

/** A value in the text; offsets, `to` not included. */
export interface OutlineValue {
  readonly kind: 'object' | 'list' | 'other';
  readonly from: number;
  readonly to: number;
  /** Of an object, in the order of the text. */
  readonly entries: readonly OutlineEntry[];
  /** Of a list. */
  readonly items: readonly OutlineValue[];
}

export interface OutlineEntry {
  readonly name: string;
  readonly nameFrom: number;
  readonly nameTo: number;
  /** Null while nothing stands after the name. */
  readonly value: OutlineValue | null;
}

/** A step on the way to a value: a name in an object, or a place in a list. */
export type OutlinePath = readonly (string | number)[];

/** What stands in a text; null if nothing does. */
export function outlineConfig(text: string): OutlineValue | null {
  return new OutlineReader(text).readAll();
}

/** The value at `path`, and the entry that holds it if it stands in an object; null if there is none. */
export function findInOutline(
  root: OutlineValue | null,
  path: OutlinePath,
): { readonly entry: OutlineEntry | null; readonly value: OutlineValue | null } | null {
  let found: { readonly entry: OutlineEntry | null; readonly value: OutlineValue | null } = {
    entry: null,
    value: root,
  };
  for (const part of path) {
    const { value } = found;
    if (typeof part === 'number') {
      const item = value?.items[part];
      if (!item) return null;
      found = { entry: null, value: item };
    } else {
      // Of a name that is written twice, the last counts.
      const entry = value?.entries.findLast(({ name }) => name === part);
      if (!entry) return null;
      found = { entry, value: entry.value };
    }
  }
  return found;
}

/** Where the cursor is: in an object, at a name or at a value, and what is already there. */
export interface OutlinePlace {
  /** The object or list around it. */
  readonly path: OutlinePath;
  readonly at: 'name' | 'value';
  /** What is replaced by what is chosen: a name or a value as far as it is written. */
  readonly from: number;
  readonly to: number;
  /** Names that the object has already, but for the one at the cursor; empty at a value. */
  readonly given: readonly string[];
}

/** What could be written at `offset`; null where nothing could. */
export function placeInOutline(text: string, offset: number): OutlinePlace | null {
  const root = outlineConfig(text);
  if (!root) return { path: [], at: 'value', from: offset, to: offset, given: [] };
  return placeIn(root, [], text, offset);
}

function placeIn(
  value: OutlineValue,
  path: OutlinePath,
  text: string,
  offset: number,
): OutlinePlace | null {
  if (value.kind === 'other') {
    if (offset < value.from || offset > value.to) return null;
    return { path, at: 'value', from: value.from, to: value.to, given: [] };
  }
  if (offset <= value.from || offset > value.to) return null;
  // Behind the closing bracket is outside; an object that is not closed ends with the text.
  const isClosed = /[}\]]/.test(text[value.to - 1] ?? '') && value.to - value.from > 1;
  if (isClosed && offset === value.to) return null;
  if (value.kind === 'list') {
    for (const [at, item] of value.items.entries()) {
      if (offset >= item.from && offset <= item.to) {
        return placeIn(item, [...path, at], text, offset);
      }
    }
    const path2 = [...path, value.items.filter(({ to }) => to < offset).length];
    return { path: path2, at: 'value', from: offset, to: offset, given: [] };
  }
  const given = (but: OutlineEntry | null) =>
    value.entries.filter((entry) => entry !== but).map(({ name }) => name);
  for (const [at, entry] of value.entries.entries()) {
    const { nameFrom, nameTo, value: inside, name } = entry;
    if (offset >= nameFrom && offset <= nameTo) {
      return { path, at: 'name', from: nameFrom, to: nameTo, given: given(entry) };
    }
    if (inside && offset >= inside.from && offset <= inside.to) {
      const place = placeIn(inside, [...path, name], text, offset);
      if (place) return place;
    }
    // Between a colon and the value, or where the value should be.
    const next = value.entries[at + 1]?.nameFrom ?? value.to;
    const end = inside ? inside.from : next;
    const between = text.slice(nameTo, Math.max(nameTo, offset));
    if (offset > nameTo && offset <= end && /^\s*:[^,\n}]*$/.test(between)) {
      return { path: [...path, name], at: 'value', from: offset, to: offset, given: [] };
    }
  }
  return { path, at: 'name', from: offset, to: offset, given: given(null) };
}

/**
 * The text with another value at `path`; undefined takes the entry out. What else is written stays as it
 * is, comments too. Objects on the way that are missing are made; what stands where one must be, and
 * is none, is replaced.
 *
 * @param path names only.
 */
export function setInText(text: string, path: readonly string[], value: unknown): string {
  const root = outlineConfig(text);
  if (root?.kind !== 'object') {
    return value === undefined ? text : printed(nested(path, value), 0);
  }
  let inside = root;
  for (const [depth, name] of path.entries()) {
    const entry = inside.entries.findLast((one) => one.name === name);
    const isLast = depth === path.length - 1;
    if (!entry) {
      if (value === undefined) return text;
      return withEntry(text, inside, name, nested(path.slice(depth + 1), value));
    }
    if (isLast && value === undefined) return withoutEntry(text, inside, entry);
    if (isLast || entry.value?.kind !== 'object') {
      if (value === undefined) return text;
      const indent = indentAt(text, entry.nameFrom);
      const content = printed(nested(path.slice(depth + 1), value), indent);
      if (entry.value) return splice(text, entry.value.from, entry.value.to, content);
      const after = text.slice(entry.nameTo);
      const colon = /^\s*:/.exec(after)?.[0] ?? '';
      return splice(text, entry.nameTo, entry.nameTo + colon.length, `${colon || ':'} ${content}`);
    }
    inside = entry.value;
  }
  return text;
}

function nested(path: readonly string[], value: unknown): unknown {
  return path.reduceRight<unknown>((inner, name) => ({ [name]: inner }), value);
}

function printed(value: unknown, indent: number): string {
  return (JSON.stringify(value, null, 2) ?? 'null').replaceAll('\n', `\n${' '.repeat(indent)}`);
}

/** Blanks before the first sign of the line that holds `offset`. */
function indentAt(text: string, offset: number): number {
  const line = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset);
  return /^\s*/.exec(line)?.[0].length ?? 0;
}

function withEntry(text: string, inside: OutlineValue, name: string, value: unknown): string {
  const outer = indentAt(text, inside.from);
  const last = inside.entries.at(-1);
  const content = `${JSON.stringify(name)}: ${printed(value, outer + 2)}`;
  if (!last) {
    return splice(
      text,
      inside.from + 1,
      inside.from + 1,
      `\n${' '.repeat(outer + 2)}${content}\n${' '.repeat(outer)}`,
    ).replace(/\n[ \t]*(\n[ \t]*\})/, '$1');
  }
  const end = last.value?.to ?? last.nameTo;
  const comma = /^\s*,/.exec(text.slice(end))?.[0] ?? '';
  const isOnOneLine = !text.slice(inside.from, inside.to).includes('\n');
  const gap = isOnOneLine ? ' ' : `\n${' '.repeat(indentAt(text, last.nameFrom))}`;
  const at = end + comma.length;
  return splice(text, at, at, `${comma ? '' : ','}${gap}${content}${comma ? ',' : ''}`);
}

/** Takes an entry out with its comma, and with its line if nothing else stands on it. */
function withoutEntry(text: string, inside: OutlineValue, entry: OutlineEntry): string {
  const at = inside.entries.indexOf(entry);
  const next = inside.entries[at + 1];
  const before = inside.entries[at - 1];
  const end = entry.value?.to ?? entry.nameTo;
  const comma = /^\s*,/.exec(text.slice(end))?.[0].length ?? 0;
  if (next) {
    const gap = /^[^\S\n]*\n?[^\S\n]*/.exec(text.slice(end + comma))?.[0].length ?? 0;
    return splice(text, entry.nameFrom, end + comma + gap, '');
  }
  if (before) {
    const start = before.value?.to ?? before.nameTo;
    return splice(text, start, end + comma, '');
  }
  const close = text[inside.to - 1] === '}' ? inside.to - 1 : inside.to;
  const rest = text.slice(inside.from + 1, entry.nameFrom) + text.slice(end + comma, close);
  return splice(text, inside.from + 1, close, rest.trim() === '' ? '' : rest);
}

function splice(text: string, from: number, to: number, content: string): string {
  return text.slice(0, from) + content + text.slice(to);
}

const GAP = /(?:\s|\/\/[^\n]*|#[^\n]*|\/\*[^]*?(?:\*\/|$))*/y;
const STRING = /"(?:[^"\\\n]|\\.)*"?|'(?:[^'\\\n]|\\.)*'?/y;
const BARE = /[^\s,:{}[\]"'#]+/y;

class OutlineReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  readAll(): OutlineValue | null {
    return this.#value();
  }

  #value(): OutlineValue | null {
    this.#match(GAP);
    const from = this.#at;
    switch (this.#text[from]) {
      case '{':
        return this.#object();
      case '[':
        return this.#list();
    }
    if (this.#match(STRING) === null && this.#match(BARE) === null) return null;
    return { kind: 'other', from, to: this.#at, entries: [], items: [] };
  }

  #object(): OutlineValue {
    const from = this.#at;
    const entries: OutlineEntry[] = [];
    this.#at++;
    for (;;) {
      this.#match(GAP);
      const sign = this.#text[this.#at];
      if (sign === undefined) break;
      if (sign === '}') {
        this.#at++;
        break;
      }
      // The object was not closed: what is around it goes on.
      if (sign === ']') break;
      const nameFrom = this.#at;
      const written = this.#match(STRING) ?? this.#match(BARE);
      if (written === null) {
        this.#at++;
        continue;
      }
      const nameTo = this.#at;
      this.#match(GAP);
      let value: OutlineValue | null = null;
      if (this.#text[this.#at] === ':') {
        this.#at++;
        value = this.#value();
      } else {
        this.#at = nameTo;
      }
      entries.push({ name: unquoted(written), nameFrom, nameTo, value });
    }
    return { kind: 'object', from, to: this.#at, entries, items: [] };
  }

  #list(): OutlineValue {
    const from = this.#at;
    const items: OutlineValue[] = [];
    this.#at++;
    for (;;) {
      this.#match(GAP);
      const sign = this.#text[this.#at];
      if (sign === undefined || sign === '}') break;
      if (sign === ']') {
        this.#at++;
        break;
      }
      const item = this.#value();
      if (item) items.push(item);
      else this.#at++;
    }
    return { kind: 'list', from, to: this.#at, entries: [], items };
  }

  #match(pattern: RegExp): string | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0] ?? '';
    this.#at += found.length;
    return found === '' ? null : found;
  }
}

function unquoted(written: string): string {
  const quote = written[0];
  if (quote !== '"' && quote !== "'") return written;
  const inside = written.slice(1, written.length > 1 && written.endsWith(quote) ? -1 : undefined);
  try {
    return JSON.parse(
      `"${inside.replaceAll("\\'", "'").replaceAll(/(?<!\\)"/g, '\\"')}"`,
    ) as string;
  } catch {
    // An escape that JSON does not know: the name is as it is written.
    return inside;
  }
}
