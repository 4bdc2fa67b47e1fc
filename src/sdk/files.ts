import type { DateTime } from 'luxon';
import type { GuestAnswer, GuestRequest, GuestWorld } from '../protocol/sandbox.ts';
import { optionsOf, show, wrongArgument } from './arguments.ts';
import {
  copyRows,
  formatCsv,
  parseCsv,
  type ColumnType,
  type CsvTable,
  type CsvValue,
} from './csv.ts';
import type { LibraryShelf } from './libraries.ts';
import { refusingUnknown } from './unknown-names.ts';

/** A file that is not there, or a path that cannot be one. */
export class FileError extends Error {
  readonly code = 'file';
}

const FILES_NAMES = [
  'list',
  'has',
  'readText',
  'readBytes',
  'readJson',
  'readCsv',
  'write',
  'remove',
];
const UNKNOWN_FILES_NAME = refusingUnknown('files', () => FILES_NAMES);

/** Passes a request on to our side; answered once it is done there. */
export type AskForFile = (ask: GuestRequest) => Promise<GuestAnswer>;

/**
 * What a session has read, by path. Parsing a file for each of a thousand runs would take longer than
 * the runs; what they get is built afresh from here.
 */
export class FileCache {
  readonly #files = new Map<string, { bytes: Uint8Array; tables: Map<string, CsvTable> }>();
  #version: number | undefined;

  /** Begins a call: forgets everything unless the files are known to be the same. */
  startCall(version: number | undefined): void {
    if (version === undefined || version !== this.#version)
      this.#stale = new Set(this.#files.keys());
    this.#version = version;
  }

  /** Paths that must be read again before they are used. */
  #stale = new Set<string>();

  bytesOf(path: string): Uint8Array | null {
    return this.#stale.has(path) ? null : (this.#files.get(path)?.bytes ?? null);
  }

  /** Keeps what was read; what was parsed from the same bytes stays. */
  keep(path: string, bytes: Uint8Array): void {
    this.#stale.delete(path);
    const known = this.#files.get(path);
    if (!known || !sameBytes(known.bytes, bytes)) {
      this.#files.set(path, { bytes, tables: new Map() });
    }
  }

  forget(path: string): void {
    this.#files.delete(path);
  }

  /** The table parsed from the bytes that are kept, under the types asked for. */
  tableOf(path: string, types: string, parse: () => CsvTable): CsvTable {
    const tables = this.#files.get(path)?.tables;
    const table = tables?.get(types) ?? parse();
    tables?.set(types, table);
    return table;
  }
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/**
 * The notebook's folder as one call sees it: the names of its beginning, with its own writes at
 * once. Tests write to a copy of their own.
 */
export class Files {
  readonly #names: Set<string>;
  readonly #ask: AskForFile;
  readonly #cache: FileCache;
  readonly #libraries: LibraryShelf;
  /** What a test wrote; null if writes are for good. */
  readonly #copies: Map<string, Uint8Array> | null;

  constructor(
    world: GuestWorld,
    ask: AskForFile,
    cache: FileCache,
    libraries: LibraryShelf,
    options: { readonly isolated: boolean },
  ) {
    this.#names = new Set(world.files);
    this.#ask = ask;
    this.#cache = cache;
    this.#libraries = libraries;
    this.#copies = options.isolated ? new Map() : null;
    cache.startCall(world.filesVersion);
  }

  /** What cells see as `files`. */
  get api() {
    const api = {
      list: (prefix?: unknown) => this.#list(prefix),
      has: (path: unknown) => this.#names.has(pathOf(path)),
      readText: async (path: unknown) => decodeText(await this.#read(path), pathOf(path)),
      readBytes: async (path: unknown) => (await this.#read(path)).slice(),
      readJson: async (path: unknown) => this.#readJson(path),
      readCsv: async (path: unknown, options?: unknown) => this.#readCsv(path, options),
      write: async (path: unknown, content: unknown) => this.#write(path, content),
      remove: async (path: unknown) => this.#remove(path),
    };
    return Object.freeze(Object.setPrototypeOf(api, UNKNOWN_FILES_NAME) as typeof api);
  }

  #list(prefix: unknown): readonly string[] {
    if (prefix !== undefined && typeof prefix !== 'string') {
      throw wrongArgument(`files.list takes the beginning of a path, not ${show(prefix)}.`);
    }
    return [...this.#names].filter((name) => name.startsWith(prefix ?? '')).sort();
  }

  async #read(given: unknown): Promise<Uint8Array> {
    const path = pathOf(given);
    if (!this.#names.has(path)) throw this.#missing(path);
    const known = this.#copies?.get(path) ?? this.#cache.bytesOf(path);
    if (known) return known;
    const answer = await this.#ask({ kind: 'readFile', path });
    if (answer.status === 'error') throw new FileError(answer.message);
    if (!answer.bytes) throw this.#missing(path);
    this.#cache.keep(path, answer.bytes);
    return this.#cache.bytesOf(path) ?? answer.bytes;
  }

  async #readJson(given: unknown): Promise<unknown> {
    const path = pathOf(given);
    const text = decodeText(await this.#read(path), path);
    try {
      return JSON.parse(text);
    } catch (thrown) {
      throw new FileError(`${path} is not JSON: ${(thrown as Error).message}.`);
    }
  }

  async #readCsv(
    given: unknown,
    options: unknown,
  ): Promise<readonly Readonly<Record<string, CsvValue | DateTime>>[]> {
    const path = pathOf(given);
    const { types: givenTypes } = optionsOf(options, 'files.readCsv', ['types']);
    const { types, dates } = columnTypesOf(givenTypes);
    const bytes = await this.#read(path);
    const parse = () => parseCsv(decodeText(bytes, path), path, types);
    const table = this.#copies?.has(path)
      ? parse()
      : this.#cache.tableOf(path, JSON.stringify([...types]), parse);
    for (const name of [...types.keys()]) {
      if (!table.names.includes(name)) {
        throw new FileError(`${path} has no column "${name}": it has ${table.names.join(', ')}.`);
      }
    }
    const rows: Record<string, CsvValue | DateTime>[] = copyRows(table);
    for (const name of dates) this.#readDates(rows, name, path);
    return rows;
  }

  #readDates(rows: Record<string, CsvValue | DateTime>[], name: string, path: string): void {
    const { DateTime } = this.#libraries.luxon;
    rows.forEach((row, i) => {
      const text = row[name];
      if (typeof text !== 'string') return;
      const date = DateTime.fromISO(text, { zone: 'utc' });
      if (!date.isValid) {
        throw new FileError(`${path}, row ${i + 1}: ${name} is ${show(text)}, not a date.`);
      }
      row[name] = date;
    });
  }

  async #write(given: unknown, content: unknown): Promise<void> {
    const path = pathOf(given);
    const bytes = bytesOf(content);
    this.#names.add(path);
    if (this.#copies) {
      this.#copies.set(path, bytes);
      return;
    }
    this.#cache.forget(path);
    const answer = await this.#ask({ kind: 'writeFile', path, bytes });
    if (answer.status === 'error') throw new FileError(answer.message);
  }

  async #remove(given: unknown): Promise<void> {
    const path = pathOf(given);
    if (!this.#names.delete(path)) throw this.#missing(path);
    this.#copies?.delete(path);
    if (this.#copies) return;
    this.#cache.forget(path);
    const answer = await this.#ask({ kind: 'removeFile', path });
    if (answer.status === 'error') throw new FileError(answer.message);
  }

  #missing(path: string): FileError {
    const names = [...this.#names].sort();
    const some = names.slice(0, 8).join(', ') + (names.length > 8 ? ', …' : '');
    return new FileError(
      `There is no file "${path}": the notebook has ${names.length === 0 ? 'no files' : some}.`,
    );
  }
}

/** @throws {FileError} if it cannot be the path of a file below the notebook's folder. */
function pathOf(value: unknown): string {
  if (typeof value !== 'string') throw wrongArgument(`A path is text, not ${show(value)}.`);
  const parts = value.split('/');
  if (value.length > 1000 || parts.some((part) => part === '' || part === '.' || part === '..')) {
    throw new FileError(
      `"${value.slice(0, 100)}" is not a path: write names parted by "/", such as "inbox/a.csv".`,
    );
  }
  return value;
}

function decodeText(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new FileError(`${path} is not text in UTF-8: read it with files.readBytes.`);
  }
}

function bytesOf(content: unknown): Uint8Array {
  if (typeof content === 'string') return new TextEncoder().encode(content);
  if (content instanceof Uint8Array) return content.slice();
  if (content instanceof ArrayBuffer) return new Uint8Array(content.slice(0));
  if (Array.isArray(content) && content.every((row) => typeof row === 'object' && row !== null)) {
    return new TextEncoder().encode(formatCsv(content));
  }
  throw wrongArgument(
    `A file is written from text, bytes or rows of objects, not ${show(content)}.`,
  );
}

function columnTypesOf(value: unknown): {
  readonly types: ReadonlyMap<string, ColumnType>;
  readonly dates: readonly string[];
} {
  const entries = value === undefined || value === null ? [] : Object.entries(value);
  const dates: string[] = [];
  const types = new Map(
    entries.map(([name, type]): [string, ColumnType] => {
      if (type === 'text' || type === 'number') return [name, type];
      if (type !== 'date') {
        throw wrongArgument(`types.${name} is 'text', 'number' or 'date', not ${show(type)}.`);
      }
      dates.push(name);
      return [name, 'text'];
    }),
  );
  return { types, dates };
}
