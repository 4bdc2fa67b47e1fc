/*
 * The beginning of a stored value, small enough to be sent to the page and shown: a value may take
 * tens of megabytes, and nobody reads more than its first rows.
 */
import { TAG, type TaggedValue } from './stored-value.ts';

/**
 * Stands where something was left out. `value` is the beginning, of the same kind as the whole: an
 * array, a map, a set, an object or a text; null for `bytes`, of which nothing is sent.
 */
export interface Excerpt {
  readonly [TAG]: 'excerpt';
  readonly of: 'list' | 'map' | 'set' | 'fields' | 'text' | 'bytes';
  /** How many items, entries, fields, characters or bytes the whole has. */
  readonly total: number;
  readonly value: unknown;
}

/** Of one list, map, set or object. */
const MOST_PARTS = 500;
/** Of one text. */
const MOST_CHARACTERS = 2000;
/** Buffers up to this size are sent whole. */
const MOST_BYTES = 4096;
/** Of the whole value, however it is nested. */
const MOST_VALUES = 20_000;
const MOST_LEVELS = 40;

/** The same value if it is small, else a copy with excerpts where something was left out. Expects a value as it is stored. */
export function excerptOf(value: unknown): unknown {
  return new Excerpting().take(value, 0);
}

class Excerpting {
  #left = MOST_VALUES;
  /** The excerpts that were made: the author's own objects may look like one. */
  readonly #made = new WeakSet<object>();

  take(value: unknown, level: number): unknown {
    this.#left -= 1;
    if (typeof value === 'string') {
      if (value.length <= MOST_CHARACTERS) return value;
      return excerpt('text', value.length, value.slice(0, MOST_CHARACTERS));
    }
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) {
      return this.#cut('list', value, value.length, level, (items) => items);
    }
    if (value instanceof Map) {
      return this.#cut('map', value, value.size, level, (entries) => new Map(entries as []));
    }
    if (value instanceof Set) {
      return this.#cut('set', value, value.size, level, (items) => new Set(items));
    }
    if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) {
      const bytes = ArrayBuffer.isView(value) ? value.buffer.byteLength : value.byteLength;
      return bytes <= MOST_BYTES ? value : excerpt('bytes', value.byteLength, null);
    }
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype !== null && prototype !== Object.prototype) return value;
    if (!Object.hasOwn(value, TAG)) return this.#takeFields(value, level);
    // What stands for an instance is small; an object with the tag's key is wrapped, and may be anything.
    const tagged = value as TaggedValue;
    if (tagged[TAG] !== 'escaped') return value;
    const fields = this.#takeFields(tagged.value as object, level);
    return this.#made.has(fields) ? fields : { ...tagged, value: fields };
  }

  #takeFields(value: object, level: number): object {
    const names = Object.keys(value);
    const fields = names
      .slice(0, MOST_PARTS)
      .map((name) => [name, (value as Readonly<Record<string, unknown>>)[name]] as const);
    return this.#cut('fields', fields, names.length, level, (entries) =>
      Object.fromEntries(entries as [string, unknown][]),
    );
  }

  /** The first parts, put together again by `make`; as an excerpt if some were left out. */
  #cut(
    of: Excerpt['of'],
    parts: Iterable<unknown>,
    total: number,
    level: number,
    make: (parts: unknown[]) => object,
  ): object {
    const taken: unknown[] = [];
    if (level < MOST_LEVELS) {
      for (const part of parts) {
        if (taken.length === MOST_PARTS || this.#left <= 0) break;
        taken.push(this.#takePart(of, part, level + 1));
      }
    }
    const made = make(taken);
    if (taken.length === total) return made;
    const cut = excerpt(of, total, made);
    this.#made.add(cut);
    return cut;
  }

  #takePart(of: Excerpt['of'], part: unknown, level: number): unknown {
    if (of !== 'map' && of !== 'fields') return this.take(part, level);
    const [key, value] = part as readonly [unknown, unknown];
    return [of === 'map' ? this.take(key, level) : key, this.take(value, level)];
  }
}

function excerpt(of: Excerpt['of'], total: number, value: unknown): Excerpt {
  return { [TAG]: 'excerpt', of, total, value };
}
