import { formatCount } from '../../counts.ts';
import { TAG, type TaggedValue } from '../../protocol/stored-value.ts';
import type { Excerpt } from '../../protocol/value-excerpt.ts';
import { formatInstant, zoneAbbreviation } from '../../time/format-instant.ts';

/** How a stored value is shown. */
export type ShownValue =
  /** Records alike: a row for each. */
  | {
      readonly kind: 'rows';
      readonly columns: readonly ShownColumn[];
      /** The first of them; see `total`. */
      readonly rows: readonly Readonly<Record<string, unknown>>[];
      readonly total: number;
    }
  /** Names or places with what stands there. */
  | {
      readonly kind: 'entries';
      /** The first of them; see `total`. */
      readonly entries: readonly (readonly [name: string, value: unknown])[];
      readonly total: number;
      /** In a few words: `3 items`, `5 fields`. */
      readonly summary: string;
    }
  | { readonly kind: 'text'; readonly text: string; readonly role: TextRole };

/** What a text stands for: the author's own text, a number, or a word of ours or of the language. */
export type TextRole = 'text' | 'number' | 'word';

export interface ShownColumn {
  readonly name: string;
  readonly isNumeric: boolean;
  /** Decimals of every number in it, so that points stand in line; null for other columns. */
  readonly decimals: number | null;
}

/** Of rows, so many are looked at to tell the columns. */
const ROWS_READ = 1000;
/** More entries than this are not shown. */
const MOST_ENTRIES = 2000;
/** A text is cut after so many characters. */
const LONGEST_TEXT = 400;
const MOST_DECIMALS = 4;

/** How `value`, as it is stored or an excerpt of it, is shown. */
export function describeValue(value: unknown): ShownValue {
  switch (typeof value) {
    case 'string':
      return text(cut(value, value.length), 'text');
    case 'number':
      return text(String(value), 'number');
    case 'bigint':
      return text(`${value}n`, 'number');
    case 'object':
      return value === null ? text('null', 'word') : describeObject(value);
    default:
      return text(String(value), 'word');
  }
}

/** A number of a column, with the column's decimals. */
export function formatCell(value: unknown, column: ShownColumn): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number' && column.decimals !== null) return value.toFixed(column.decimals);
  const shown = describeValue(value);
  if (shown.kind === 'text') return shown.text;
  return shown.kind === 'rows' ? counted(shown.total, 'row') : shown.summary;
}

function describeObject(value: object): ShownValue {
  if (Array.isArray(value)) return describeList(value);
  if (value instanceof Map) return mapped(value, value.size);
  if (value instanceof Set) return numbered([...value], value.size, setSummary(value.size));
  if (value instanceof Date) {
    return text(Number.isNaN(value.getTime()) ? 'Invalid date' : value.toISOString(), 'word');
  }
  if (value instanceof RegExp || value instanceof Error) return text(String(value), 'word');
  if (value instanceof ArrayBuffer) return text(counted(value.byteLength, 'byte'), 'word');
  if (ArrayBuffer.isView(value)) {
    const name = value.constructor.name;
    const size = 'length' in value ? Number(value.length) : value.byteLength;
    return text(`${name} of ${counted(size, name === 'Uint8Array' ? 'byte' : 'number')}`, 'word');
  }
  if (Object.hasOwn(value, TAG)) return describeTagged(value as TaggedValue | Excerpt);
  return fields(value);
}

/** An object by its fields. */
function fields(value: object, total = Object.keys(value).length): ShownValue {
  const names = Object.keys(value);
  const entries = names
    .slice(0, MOST_ENTRIES)
    .map((name) => [name, (value as Readonly<Record<string, unknown>>)[name]] as const);
  return { kind: 'entries', entries, total, summary: counted(total, 'field') };
}

/** Items by their places. */
function numbered(items: readonly unknown[], total: number, summary: string): ShownValue {
  const entries = items.slice(0, MOST_ENTRIES).map((item, index) => [String(index), item] as const);
  return { kind: 'entries', entries, total, summary };
}

function mapped(map: ReadonlyMap<unknown, unknown>, total: number): ShownValue {
  const entries = [...map]
    .slice(0, MOST_ENTRIES)
    .map(([key, item]) => [keyText(key), item] as const);
  return { kind: 'entries', entries, total, summary: `Map of ${counted(total, 'entry')}` };
}

function setSummary(total: number): string {
  return `Set of ${counted(total, 'item')}`;
}

function describeTagged(value: TaggedValue | Excerpt): ShownValue {
  switch (value[TAG]) {
    case 'DateTime':
      return text(instantText(value.at, value.zone), 'word');
    case 'Interval':
      return text(
        `${instantText(value.startAt, value.zone)} to ${instantText(value.endAt, value.zone)}`,
        'word',
      );
    case 'Duration': {
      const parts = Object.entries(value.values).map(([unit, amount]) => `${amount} ${unit}`);
      return text(parts.join(', ') || '0 seconds', 'word');
    }
    case 'MultiPartitionKey':
      return text(value.keys.map(([, key]) => key).join('|'), 'text');
    case 'escaped':
      return fields(value.value ?? {});
    case 'excerpt':
      return describeExcerpt(value);
  }
}

function describeExcerpt({ of, total, value }: Excerpt): ShownValue {
  switch (of) {
    case 'text':
      return text(cut(value as string, total), 'text');
    case 'bytes':
      return text(counted(total, 'byte'), 'word');
    case 'list':
      return describeList(value as readonly unknown[], total);
    case 'map':
      return mapped(value as ReadonlyMap<unknown, unknown>, total);
    case 'set':
      return numbered([...(value as ReadonlySet<unknown>)], total, setSummary(total));
    case 'fields':
      return fields(value as object, total);
  }
}

function instantText(at: number, zone: string): string {
  return `${formatInstant(at, zone)} ${zoneAbbreviation(at, zone)}`;
}

/** @param total how many items there are, of which `list` has the first. */
function describeList(list: readonly unknown[], total = list.length): ShownValue {
  const columns = columnsOf(list);
  if (columns) {
    return { kind: 'rows', columns, rows: list as Readonly<Record<string, unknown>>[], total };
  }
  return numbered(list, total, counted(total, 'item'));
}

/** The columns of a list of records, in order of appearance; null if it is not one. */
function columnsOf(list: readonly unknown[]): readonly ShownColumn[] | null {
  if (list.length === 0) return null;
  const seen = new Map<string, { numbers: number; others: number; decimals: number }>();
  for (const row of list.slice(0, ROWS_READ)) {
    if (!isRecord(row)) return null;
    for (const [name, value] of Object.entries(row)) {
      const column = seen.get(name) ?? { numbers: 0, others: 0, decimals: 0 };
      if (typeof value === 'number') {
        column.numbers += 1;
        column.decimals = Math.max(column.decimals, decimalsOf(value));
      } else if (value !== null && value !== undefined) column.others += 1;
      seen.set(name, column);
    }
  }
  if (seen.size === 0) return null;
  return Array.from(seen, ([name, { numbers, others, decimals }]) => {
    const isNumeric = numbers > 0 && others === 0;
    return { name, isNumeric, decimals: isNumeric ? decimals : null };
  });
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return (prototype === Object.prototype || prototype === null) && !Object.hasOwn(value, TAG);
}

/** How many digits after the point a number needs, at most four. */
function decimalsOf(value: number): number {
  if (Number.isInteger(value) || !Number.isFinite(value)) return 0;
  const fraction = /\.(\d+)$/.exec(String(value))?.[1]?.length ?? MOST_DECIMALS;
  return Math.min(MOST_DECIMALS, fraction);
}

function keyText(key: unknown): string {
  const shown = describeValue(key);
  return shown.kind === 'text' ? shown.text : shown.kind === 'entries' ? shown.summary : 'rows';
}

/** @param total how many characters there are, of which `long` has the first. */
function cut(long: string, total: number): string {
  if (total <= LONGEST_TEXT) return long;
  return `${long.slice(0, LONGEST_TEXT)}… ${counted(total, 'character')} in all`;
}

function counted(count: number, noun: string): string {
  const plural = noun === 'entry' ? 'entries' : `${noun}s`;
  return `${formatCount(count)} ${count === 1 ? noun : plural}`;
}

function text(shown: string, role: TextRole): ShownValue {
  return { kind: 'text', text: shown, role };
}
