import { describeValue, type ShownValue } from './describe-value.ts';

/** How a row, or what stands at a path, differs. */
export type DifferenceKind = 'added' | 'removed' | 'changed';

/** What two values of one key differ in. */
export type ValueDifference =
  | {
      readonly kind: 'rows';
      /** Of both, those of the newer first. */
      readonly columns: readonly string[];
      /** By which rows were matched; null if by their whole text. */
      readonly keyColumn: string | null;
      readonly rows: readonly RowDifference[];
      /** Rows that are the same. */
      readonly same: number;
    }
  | {
      readonly kind: 'tree';
      readonly entries: readonly EntryDifference[];
      /** Parts that are the same. */
      readonly same: number;
    };

export interface RowDifference {
  readonly kind: DifferenceKind;
  /** Null of an added row. */
  readonly before: Readonly<Record<string, unknown>> | null;
  /** Null of a removed row. */
  readonly after: Readonly<Record<string, unknown>> | null;
  /** Of a changed row. */
  readonly changed: ReadonlySet<string>;
}

export interface EntryDifference {
  readonly kind: DifferenceKind;
  /** Names from the outermost in; empty for the value itself. */
  readonly path: readonly string[];
  readonly before: unknown;
  readonly after: unknown;
}

type Rows = Extract<ShownValue, { kind: 'rows' }>;
type Row = Readonly<Record<string, unknown>>;

/**
 * What differs between two stored values, as far as they are shown: tables row by row, all else part by
 * part. Its own walk, as stored values bear tags of classes that only `describeValue` knows.
 */
export function differenceOf(before: unknown, after: unknown): ValueDifference {
  const [old, now] = [describeValue(before), describeValue(after)];
  if (old.kind === 'rows' && now.kind === 'rows') return rowsDifference(old, now);
  const entries: EntryDifference[] = [];
  const same = compare(before, after, [], entries);
  return { kind: 'tree', entries, same };
}

function rowsDifference(old: Rows, now: Rows): ValueDifference {
  const names = [...now.columns, ...old.columns].map(({ name }) => name);
  const columns = [...new Set(names)];
  const keyColumn =
    columns.find((name) => isUnique(old.rows, name) && isUnique(now.rows, name)) ?? null;
  const keyOf = (row: Row) => textOf(keyColumn === null ? row : row[keyColumn]);
  const waiting = new Map<string, Row[]>();
  for (const row of old.rows) {
    const alike = waiting.get(keyOf(row));
    if (alike) alike.push(row);
    else waiting.set(keyOf(row), [row]);
  }
  const rows: RowDifference[] = [];
  let same = 0;
  for (const row of now.rows) {
    const before = waiting.get(keyOf(row))?.shift() ?? null;
    if (!before) {
      rows.push({ kind: 'added', before: null, after: row, changed: new Set() });
      continue;
    }
    const changed = new Set(columns.filter((name) => textOf(before[name]) !== textOf(row[name])));
    if (changed.size === 0) same += 1;
    else rows.push({ kind: 'changed', before, after: row, changed });
  }
  for (const row of [...waiting.values()].flat()) {
    rows.push({ kind: 'removed', before: row, after: null, changed: new Set() });
  }
  return { kind: 'rows', columns, keyColumn, rows, same };
}

/** Whether a column tells each row from every other. */
function isUnique(rows: readonly Row[], name: string): boolean {
  const seen = new Set<string>();
  for (const row of rows) {
    const value = row[name];
    if (value === undefined || value === null) return false;
    seen.add(textOf(value));
  }
  return seen.size === rows.length;
}

/** Adds what differs to `found`; returns how many parts are the same. */
function compare(
  before: unknown,
  after: unknown,
  path: readonly string[],
  found: EntryDifference[],
): number {
  const [old, now] = [describeValue(before), describeValue(after)];
  if (old.kind !== 'entries' || now.kind !== 'entries') {
    if (textOf(before) === textOf(after)) return 1;
    found.push({ kind: 'changed', path, before, after });
    return 0;
  }
  const waiting = new Map(old.entries);
  let same = 0;
  for (const [name, value] of now.entries) {
    const inner = [...path, name];
    if (waiting.has(name)) same += compare(waiting.get(name), value, inner, found);
    else found.push({ kind: 'added', path: inner, before: undefined, after: value });
    waiting.delete(name);
  }
  for (const [name, value] of waiting) {
    found.push({ kind: 'removed', path: [...path, name], before: value, after: undefined });
  }
  return same;
}

/** Equal for equal values. */
function textOf(value: unknown): string {
  return (
    JSON.stringify(value, (_, part: unknown) =>
      typeof part === 'bigint'
        ? `${part}n`
        : typeof part === 'number' && part !== part
          ? 'NaN'
          : part,
    ) ?? 'undefined'
  );
}
