/*
 * Values as JSON, for a project outside of the notebook: what JSON has no word for is an object
 * with the key `$js`, and an object that has that key itself is wrapped.
 */

const KEY = '$js';

/**
 * A stored value as JSON.
 *
 * @throws {TypeError} if a part of it holds itself, or is of a kind that is not kept.
 */
export function toTaggedJson(value: unknown): string {
  return JSON.stringify(tagged(value, new Set()));
}

/** The value that {@link toTaggedJson} wrote. */
export function fromTaggedJson(text: string): unknown {
  return untagged(JSON.parse(text));
}

function tag(kind: string, value?: unknown): object {
  return value === undefined ? { [KEY]: kind } : { [KEY]: kind, value };
}

function tagged(value: unknown, within: Set<object>): unknown {
  switch (typeof value) {
    case 'undefined':
      return tag('undefined');
    case 'bigint':
      return tag('bigint', String(value));
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0) ? value : tag('number', textOf(value));
    case 'object':
      return value === null ? null : taggedObject(value, within);
    default:
      return value;
  }
}

function textOf(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

function taggedObject(value: object, within: Set<object>): unknown {
  if (within.has(value)) {
    throw new TypeError('The value holds itself, which a file of JSON cannot say.');
  }
  const inside = new Set(within).add(value);
  const each = (items: Iterable<unknown>) => Array.from(items, (item) => tagged(item, inside));
  if (Array.isArray(value)) return each(value);
  if (value instanceof Map) return tag('Map', each([...value].map((entry) => [...entry])));
  if (value instanceof Set) return tag('Set', each(value));
  if (value instanceof Date) return tag('Date', tagged(value.getTime(), inside));
  if (value instanceof RegExp) return tag('RegExp', [value.source, value.flags]);
  if (value instanceof ArrayBuffer) return tag('ArrayBuffer', [...new Uint8Array(value)]);
  if (ArrayBuffer.isView(value)) {
    const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    return tag(value.constructor.name, [...bytes]);
  }
  if (value instanceof Error) return tag('Error', [value.name, value.message]);
  const fields = Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, tagged(item, inside)]),
  );
  return Object.hasOwn(value, KEY) ? tag('object', fields) : fields;
}

const VIEWS: Readonly<Record<string, new (buffer: ArrayBuffer) => object>> = {
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
  DataView,
};

function untagged(data: unknown): unknown {
  if (typeof data !== 'object' || data === null) return data;
  if (Array.isArray(data)) return data.map(untagged);
  if (!Object.hasOwn(data, KEY)) return untaggedFields(data);
  const { [KEY]: kind, value } = data as { readonly [KEY]: string; readonly value?: unknown };
  const parts = value as readonly unknown[];
  switch (kind) {
    case 'undefined':
      return undefined;
    case 'bigint':
      return BigInt(value as string);
    case 'number':
      return Number(value);
    case 'object':
      return untaggedFields(value as object);
    case 'Map':
      return new Map(parts.map(untagged) as [unknown, unknown][]);
    case 'Set':
      return new Set(parts.map(untagged));
    case 'Date':
      return new Date(untagged(value) as number);
    case 'RegExp':
      return new RegExp(String(parts[0]), String(parts[1]));
    case 'Error': {
      const error = new Error(String(parts[1]));
      error.name = String(parts[0]);
      return error;
    }
    default: {
      const { buffer } = new Uint8Array(parts as readonly number[]);
      const View = VIEWS[kind];
      return View ? new View(buffer) : buffer;
    }
  }
}

function untaggedFields(data: object): object {
  return Object.fromEntries(Object.entries(data).map(([name, item]) => [name, untagged(item)]));
}
