/*
 * CSV as RFC 4180 has it: fields parted by commas, quoted with `"`, a quote doubled within quotes.
 * The first row names the columns.
 */

/** A CSV that cannot be read; the message names the line. */
class CsvError extends Error {
  readonly code = 'csv';
}

/** A table as it was read; what cells get of it are copies. */
export interface CsvTable {
  /** In the order of the file, unique. */
  readonly names: readonly string[];
  /** Each with a field for every name. */
  readonly rows: readonly CsvRow[];
}

type CsvRow = Readonly<Record<string, CsvValue>>;

/** An empty field is null. */
export type CsvValue = string | number | null;

/** How the fields of a column are read; by default as numbers if all of them are. */
export type ColumnType = 'text' | 'number';

/**
 * @param path names the file in messages.
 * @throws {CsvError} if a row has more or fewer fields than there are columns, a quote is not
 *   closed, or two columns have one name.
 */
export function parseCsv(
  text: string,
  path: string,
  types: ReadonlyMap<string, ColumnType>,
): CsvTable {
  const reader = new FieldReader(text, path);
  const names = reader.nextRow();
  if (names === null) return { names: [], rows: [] };
  checkNames(names, path);
  const fields: (string | null)[][] = names.map(() => []);
  for (let row = reader.nextRow(); row !== null; row = reader.nextRow()) {
    // A blank line is no row, unless a row is one field.
    if (row.length === 1 && row[0] === null && names.length > 1) continue;
    if (row.length !== names.length) {
      throw new CsvError(
        `${path}, line ${reader.rowLine}: ${count(row.length, 'field')} where there are ` +
          `${count(names.length, 'column')} (${names.map((name) => name ?? '').join(', ')}).`,
      );
    }
    for (let i = 0; i < row.length; i++) fields[i]?.push(row[i] ?? null);
  }
  const columns = fields.map((column, i) =>
    typed(column, types.get(names[i] ?? ''), names[i], path),
  );
  return rowsOf(
    names.map((name) => name ?? ''),
    columns,
  );
}

function rowsOf(names: readonly string[], columns: readonly (readonly CsvValue[])[]): CsvTable {
  const rows = (columns[0] ?? []).map((_, row) => {
    const at = (i: number) => columns[i]?.[row] ?? null;
    if (names.includes('__proto__')) {
      return Object.fromEntries(names.map((name, i) => [name, at(i)]));
    }
    // One object of one shape for each row, so that copies of it are quick to make.
    const object: Record<string, CsvValue> = {};
    for (let i = 0; i < names.length; i++) object[names[i] as string] = at(i);
    return object;
  });
  return { names, rows };
}

/** The rows as fresh objects, for a cell to do with as it likes. */
export function copyRows({ rows }: CsvTable): Record<string, CsvValue>[] {
  return rows.map((row) => ({ ...row }));
}

/**
 * Rows of objects as CSV, with the columns of the first row.
 *
 * @throws {CsvError} if a row has a column that the first has not.
 */
export function formatCsv(rows: readonly Readonly<Record<string, unknown>>[]): string {
  const names = Object.keys(rows[0] ?? {});
  const lines = rows.map((row, i) => {
    const unknown = Object.keys(row).find((name) => !names.includes(name));
    if (unknown !== undefined) {
      throw new CsvError(`Row ${i + 1} has a column "${unknown}" that the first row has not.`);
    }
    return names.map((name) => formatField(row[name])).join(',');
  });
  return [names.map(formatField).join(','), ...lines].map((line) => `${line}\n`).join('');
}

function formatField(value: unknown): string {
  if (value === null || value === undefined) return '';
  const text =
    typeof value === 'object' && !('toISO' in value) ? JSON.stringify(value) : String(value);
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function checkNames(names: readonly (string | null)[], path: string): void {
  names.forEach((name, i) => {
    if (name === null) throw new CsvError(`${path}, line 1: column ${i + 1} has no name.`);
    if (names.indexOf(name) < i) {
      throw new CsvError(`${path}, line 1: two columns are called "${name}".`);
    }
  });
}

/** Numbers as people and programs write them; a leading zero, as of a code, is kept as text. */
const NUMBER = /^-?(?:0|[1-9]\d*)?(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

function isNumber(field: string): boolean {
  return field !== '' && field !== '-' && NUMBER.test(field) && Number.isFinite(Number(field));
}

function typed(
  fields: readonly (string | null)[],
  type: ColumnType | undefined,
  name: string | null | undefined,
  path: string,
): readonly CsvValue[] {
  if (type === 'text') return fields;
  const odd = fields.findIndex((field) => field !== null && !isNumber(field));
  if (odd < 0) return fields.map((field) => (field === null ? null : Number(field)));
  if (type === 'number') {
    throw new CsvError(
      `${path}, row ${odd + 1}: ${name} is ${JSON.stringify(fields[odd])}, not a number.`,
    );
  }
  return fields;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

class FieldReader {
  /** The line on which the row read last begins, from 1. */
  rowLine = 0;
  readonly #text: string;
  readonly #path: string;
  #at = 0;
  #line = 1;

  constructor(text: string, path: string) {
    // A byte order mark is no part of the first name.
    this.#text = text.startsWith('\uFEFF') ? text.slice(1) : text;
    this.#path = path;
  }

  /** The next row's fields, empty ones as null; null at the end. */
  nextRow(): (string | null)[] | null {
    const text = this.#text;
    if (this.#at >= text.length) return null;
    this.rowLine = this.#line;
    const row: (string | null)[] = [];
    for (;;) {
      row.push(text[this.#at] === '"' ? this.#quoted() : this.#plain());
      const next = text[this.#at];
      if (next === ',') {
        this.#at += 1;
        continue;
      }
      if (next === '\r' && text[this.#at + 1] === '\n') this.#at += 1;
      this.#at += 1;
      this.#line += 1;
      return row;
    }
  }

  #plain(): string | null {
    const start = this.#at;
    const text = this.#text;
    let end = start;
    while (end < text.length) {
      const code = text.charCodeAt(end);
      if (code === 44 || code === 10 || code === 13) break;
      end += 1;
    }
    this.#at = end;
    return end === start ? null : text.slice(start, end);
  }

  #quoted(): string {
    const start = this.#line;
    let field = '';
    for (;;) {
      const close = this.#text.indexOf('"', this.#at + 1);
      if (close < 0) {
        throw new CsvError(`${this.#path}, line ${start}: a quote is not closed.`);
      }
      field += this.#text.slice(this.#at + 1, close);
      this.#at = close + 1;
      if (this.#text[this.#at] !== '"') break;
      field += '"';
    }
    for (const character of field) if (character === '\n') this.#line += 1;
    const next = this.#text[this.#at];
    if (next !== undefined && next !== ',' && next !== '\n' && next !== '\r') {
      throw new CsvError(
        `${this.#path}, line ${this.#line}: after a closing quote stands ${JSON.stringify(next)}, not a comma.`,
      );
    }
    return field;
  }
}
