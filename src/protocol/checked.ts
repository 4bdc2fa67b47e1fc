/*
 * Reading data that is not trusted. What comes through a port has no class and no getter, but
 * any shape: each function takes one value and gives a fresh one of ours, or throws.
 */

/** The guest sent what it should not. Nothing of it is used. */
export class ShapeError extends Error {
  readonly code = 'unexpected_message';

  /** @param path where in the message, e.g. `assets[3].group`. */
  constructor(path: string, expected: string) {
    super(`The sandbox sent something unexpected: ${path} is not ${expected}.`);
  }
}

/** Fields of a plain object, read by names of ours only. */
export type Fields = (name: string) => unknown;

/** @throws {ShapeError} if `value` is not a plain object. */
export function fieldsOf(value: unknown, path: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ShapeError(path, 'an object');
  }
  return (name) =>
    Object.hasOwn(value, name) ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
}

/** @throws {ShapeError} if `value` is not text of at most `maxChars` characters. */
export function textOf(value: unknown, path: string, maxChars = 10_000): string {
  if (typeof value !== 'string' || value.length > maxChars) {
    throw new ShapeError(path, `text of at most ${maxChars} characters`);
  }
  return value;
}

/** Text cut off at `maxChars`; anything else is refused. */
export function cutTextOf(value: unknown, path: string, maxChars: number): string {
  if (typeof value !== 'string') throw new ShapeError(path, 'text');
  return value.length > maxChars ? `${value.slice(0, maxChars)}…` : value;
}

export function textOrNullOf(value: unknown, path: string, maxChars = 10_000): string | null {
  return value === null || value === undefined ? null : textOf(value, path, maxChars);
}

/** A finite number within bounds, both included. */
export function numberOf(value: unknown, path: string, min: number, max: number): number {
  if (typeof value !== 'number' || !(value >= min && value <= max)) {
    throw new ShapeError(path, `a number from ${min} to ${max}`);
  }
  return value;
}

export function integerOf(value: unknown, path: string, min: number, max: number): number {
  if (!Number.isInteger(value)) throw new ShapeError(path, 'an integer');
  return numberOf(value, path, min, max);
}

export function booleanOf(value: unknown, path: string): boolean {
  if (typeof value !== 'boolean') throw new ShapeError(path, 'true or false');
  return value;
}

/** One of the words given. */
export function wordOf<Word extends string>(
  value: unknown,
  path: string,
  words: readonly Word[],
): Word {
  const word = words.find((candidate) => candidate === value);
  if (word === undefined) throw new ShapeError(path, `one of ${words.join(', ')}`);
  return word;
}

/** Each item read by `item`; holes count as undefined. */
export function listOf<Item>(
  value: unknown,
  path: string,
  maxItems: number,
  item: (value: unknown, path: string) => Item,
): Item[] {
  if (!Array.isArray(value) || value.length > maxItems) {
    throw new ShapeError(path, `a list of at most ${maxItems} items`);
  }
  return Array.from({ length: value.length }, (_, i) => item(value[i], `${path}[${i}]`));
}

/** A record of text by name, as a fresh object; names such as `__proto__` become plain fields. */
export function textRecordOf(
  value: unknown,
  path: string,
  maxEntries = 1000,
): Readonly<Record<string, string>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ShapeError(path, 'an object');
  }
  const entries = Object.entries(value);
  if (entries.length > maxEntries) throw new ShapeError(path, `of at most ${maxEntries} entries`);
  return Object.fromEntries(
    entries.map(([key, text]) => [textOf(key, path), textOf(text, `${path}.${key}`)]),
  );
}

/** An object of plain data as a fresh copy. */
export function plainRecordOf(
  value: unknown,
  path: string,
  budget?: { nodes: number },
): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ShapeError(path, 'an object');
  }
  return plainDataOf(value, path, budget) as Readonly<Record<string, unknown>>;
}

/**
 * Plain JSON-like data as a fresh copy: null, booleans, numbers, text, lists and objects.
 *
 * @throws {ShapeError} if it is anything else, too deep, or of more than `budget.nodes` parts.
 */
export function plainDataOf(
  value: unknown,
  path: string,
  budget: { nodes: number } = { nodes: 100_000 },
  depth = 0,
): unknown {
  if ((budget.nodes -= 1) < 0 || depth > 100) throw new ShapeError(path, 'small enough');
  switch (typeof value) {
    case 'string':
      budget.nodes -= value.length >> 6;
      return value;
    case 'number':
    case 'boolean':
    case 'undefined':
      return value;
    case 'object': {
      if (value === null) return null;
      if (Array.isArray(value)) {
        return value.map((item, i) => plainDataOf(item, `${path}[${i}]`, budget, depth + 1));
      }
      const prototype: unknown = Object.getPrototypeOf(value);
      if (prototype !== Object.prototype && prototype !== null) break;
      return Object.fromEntries(
        Object.entries(value).map(([key, item]) => [
          key,
          plainDataOf(item, `${path}.${key}`, budget, depth + 1),
        ]),
      );
    }
  }
  throw new ShapeError(path, 'plain data');
}
