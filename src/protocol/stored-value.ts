/*
 * Values as they are kept and as they pass between threads: what structured clone carries,
 * and plain data with a tag for the few classes that survive beyond that.
 */

/** Key of the tag on what stands for an instance of a class. */
export const TAG = '$partita';

/** What stands for an instance. A plain object that has the tag's key itself is wrapped as `escaped`. */
export type TaggedValue =
  | { readonly [TAG]: 'DateTime'; readonly at: number; readonly zone: string }
  | { readonly [TAG]: 'Duration'; readonly values: Readonly<Record<string, number>> }
  | {
      readonly [TAG]: 'Interval';
      readonly startAt: number;
      readonly endAt: number;
      readonly zone: string;
    }
  | {
      readonly [TAG]: 'MultiPartitionKey';
      readonly keys: readonly (readonly [string, string])[];
    }
  | { readonly [TAG]: 'escaped'; readonly value: unknown };

/** The most that one value may take, in bytes as {@link measureValue} counts them. */
const MAX_VALUE_BYTES = 64 * 1024 * 1024;

/** Deeper than this, structured clone itself may run out of stack. */
const MAX_DEPTH = 1000;

/** A value that cannot be kept; the message names the place within it. */
class ValueRefusedError extends Error {
  readonly code = 'value_refused';
  override readonly name = 'ValueRefusedError';
}

/** Turns instances of the classes that survive into tagged data, and back. Held by the side that has the classes. */
export interface ValueCodec {
  /** The tagged form of an instance, or null if it is none of the known classes. */
  encode(instance: object): TaggedValue | null;
  /** The instance that `tagged` stands for. */
  decode(tagged: TaggedValue): unknown;
}

/**
 * `value` as it is kept: the same value if it holds no tagged class, else a copy. Cycles and shared
 * parts stay as they are.
 *
 * @throws {ValueRefusedError} if something in it cannot be kept, or if it takes more than the limit.
 */
export function encodeValue(
  value: unknown,
  codec: ValueCodec,
): { readonly value: unknown; readonly bytes: number } {
  const walk = new Walk(codec);
  walk.visit(value, 'value', 0);
  return {
    value: walk.needsCopy ? copy(value, codec, new Map()) : value,
    bytes: walk.bytes,
  };
}

/** The value that was encoded; a fresh copy if it holds tagged data. */
export function decodeValue(value: unknown, codec: ValueCodec): unknown {
  if (!hasTag(value, new Set())) return value;
  return revive(value, codec, new Map());
}

/**
 * About how many bytes an encoded value takes.
 *
 * @throws {ValueRefusedError} if it is not one: a value from the sandbox may be anything that passes a port.
 */
export function measureValue(value: unknown): number {
  const walk = new Walk(null);
  walk.visit(value, 'value', 0);
  return walk.bytes;
}

/** Looks at every part once: counts bytes, refuses what cannot be kept. */
class Walk {
  bytes = 0;
  needsCopy = false;
  readonly #codec: ValueCodec | null;
  readonly #seen = new Set<object>();

  constructor(codec: ValueCodec | null) {
    this.#codec = codec;
  }

  visit(value: unknown, path: string, depth: number): void {
    switch (typeof value) {
      case 'string':
        return this.#add(8 + 2 * value.length, path);
      case 'function':
        throw new ValueRefusedError(
          `${path} is a function${value.name ? ` (${value.name})` : ''}, which cannot be stored.`,
        );
      case 'symbol':
        throw new ValueRefusedError(`${path} is a symbol, which cannot be stored.`);
      case 'bigint':
        return this.#add(32, path);
      case 'object':
        if (value !== null) return this.#visitObject(value, path, depth);
    }
    this.#add(8, path);
  }

  #visitObject(value: object, path: string, depth: number): void {
    if (this.#seen.has(value)) return this.#add(8, path);
    this.#seen.add(value);
    if (depth > MAX_DEPTH) {
      throw new ValueRefusedError(
        `${path.slice(0, 60)}… is nested more than ${MAX_DEPTH} levels deep.`,
      );
    }
    if (Array.isArray(value)) {
      this.#add(16 + 8 * value.length, path);
      for (let i = 0; i < value.length; i++) {
        const item: unknown = value[i];
        // The common case without building a path for each item.
        if (typeof item === 'number' || typeof item === 'boolean') continue;
        this.visit(item, `${path}[${i}]`, depth + 1);
      }
      return;
    }
    if (value instanceof Map) {
      for (const [key, item] of value) {
        this.visit(key, `${path} (a key)`, depth + 1);
        this.visit(item, `${path}.get(${label(key)})`, depth + 1);
      }
      return this.#add(32, path);
    }
    if (value instanceof Set) {
      for (const item of value) this.visit(item, `${path} (a member)`, depth + 1);
      return this.#add(32, path);
    }
    if (ArrayBuffer.isView(value)) return this.#add(64 + value.buffer.byteLength, path);
    if (value instanceof ArrayBuffer) return this.#add(64 + value.byteLength, path);
    if (value instanceof Date || value instanceof RegExp) return this.#add(32, path);
    if (value instanceof Error) return this.#add(64 + 2 * String(value.message).length, path);
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype !== null && prototype !== Object.prototype) {
      if (value instanceof Promise) {
        throw new ValueRefusedError(`${path} is a promise: await it first.`);
      }
      if (this.#codec?.encode(value)) {
        this.needsCopy = true;
        return this.#add(64, path);
      }
      throw new ValueRefusedError(
        `${path} is ${withArticle(className(value))}, which cannot be stored. ` +
          'Plain objects, arrays, maps, sets, dates and numbers can.',
      );
    }
    if (Object.hasOwn(value, TAG)) this.needsCopy = true;
    this.#add(32, path);
    for (const key of Object.keys(value)) {
      this.#add(8 + 2 * key.length, path);
      this.visit((value as Record<string, unknown>)[key], member(path, key), depth + 1);
    }
  }

  #add(bytes: number, path: string): void {
    this.bytes += bytes;
    if (this.bytes > MAX_VALUE_BYTES) {
      throw new ValueRefusedError(
        `The value is too large: it takes more than ${MAX_VALUE_BYTES / 1024 / 1024} MB (at ${path.slice(0, 80)}).`,
      );
    }
  }
}

function member(path: string, key: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(key) ? `${path}.${key}` : `${path}[${label(key)}]`;
}

function label(key: unknown): string {
  return typeof key === 'string' ? JSON.stringify(key.slice(0, 40)) : typeof key;
}

function className(value: object): string {
  const name: unknown = (value as { readonly constructor?: { readonly name?: unknown } })
    .constructor?.name;
  return typeof name === 'string' && name !== '' && name !== 'Object'
    ? name
    : Object.prototype.toString.call(value).slice(8, -1);
}

function withArticle(noun: string): string {
  return `${/^[AEIOU]/i.test(noun) ? 'an' : 'a'} ${noun}`;
}

/** A list, a map or a set with each of its items copied by `copyItem`; null for any other object. */
function copyCollection(
  value: object,
  codec: ValueCodec,
  copies: Map<object, unknown>,
  copyItem: typeof copy,
): object | null {
  if (Array.isArray(value)) {
    const target: unknown[] = [];
    copies.set(value, target);
    for (const item of value) target.push(copyItem(item, codec, copies));
    return target;
  }
  if (value instanceof Map) {
    const target = new Map<unknown, unknown>();
    copies.set(value, target);
    for (const [key, item] of value)
      target.set(copyItem(key, codec, copies), copyItem(item, codec, copies));
    return target;
  }
  if (value instanceof Set) {
    const target = new Set<unknown>();
    copies.set(value, target);
    for (const item of value) target.add(copyItem(item, codec, copies));
    return target;
  }
  return null;
}

/** A deep copy in which instances are tagged data. */
function copy(value: unknown, codec: ValueCodec, copies: Map<object, unknown>): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const known = copies.get(value);
  if (known !== undefined) return known;
  const collection = copyCollection(value, codec, copies, copy);
  if (collection) return collection;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && prototype !== Object.prototype) return codec.encode(value) ?? value;
  if (Object.hasOwn(value, TAG)) {
    const wrapper: { [TAG]: 'escaped'; value: unknown } = { [TAG]: 'escaped', value: null };
    copies.set(value, wrapper);
    wrapper.value = copyFields(value, codec, copies, {});
    return wrapper;
  }
  const target = {};
  copies.set(value, target);
  return copyFields(value, codec, copies, target);
}

function copyFields(
  value: object,
  codec: ValueCodec,
  copies: Map<object, unknown>,
  target: object,
): object {
  for (const [key, item] of Object.entries(value))
    defineField(target, key, copy(item, codec, copies));
  return target;
}

function hasTag(value: unknown, seen: Set<object>): boolean {
  if (typeof value !== 'object' || value === null || seen.has(value)) return false;
  seen.add(value);
  if (Array.isArray(value)) return value.some((item) => hasTag(item, seen));
  if (value instanceof Map) {
    for (const [key, item] of value) if (hasTag(key, seen) || hasTag(item, seen)) return true;
    return false;
  }
  if (value instanceof Set) {
    for (const item of value) if (hasTag(item, seen)) return true;
    return false;
  }
  if (!isPlain(value)) return false;
  return Object.hasOwn(value, TAG) || Object.values(value).some((item) => hasTag(item, seen));
}

function revive(value: unknown, codec: ValueCodec, copies: Map<object, unknown>): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const known = copies.get(value);
  if (known !== undefined) return known;
  const collection = copyCollection(value, codec, copies, revive);
  if (collection) return collection;
  if (!isPlain(value)) return value;
  const tagged = value as TaggedValue;
  if (Object.hasOwn(value, TAG) && tagged[TAG] !== 'escaped') {
    const instance = codec.decode(tagged);
    copies.set(value, instance);
    return instance;
  }
  const source = Object.hasOwn(value, TAG) ? (tagged as { readonly value: object }).value : value;
  const target = {};
  copies.set(value, target);
  for (const [key, item] of Object.entries(source))
    defineField(target, key, revive(item, codec, copies));
  return target;
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

/** Sets an own field whatever its name: assignment to `__proto__` would do something else. */
function defineField(target: object, key: string, value: unknown): void {
  Object.defineProperty(target, key, {
    value,
    enumerable: true,
    configurable: true,
    writable: true,
  });
}
