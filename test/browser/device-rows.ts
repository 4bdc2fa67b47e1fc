import { IDBFactory, IDBKeyRange } from 'fake-indexeddb';
import type { Page } from 'playwright-core';
import { databaseName, PartitaDatabase } from '../../src/storage/database.ts';

/** Every row of every table of a site's database, as JSON. */
type Rows = Readonly<Record<string, readonly unknown[]>>;

/** What JSON has no form for stands as an object of one of these names. */
const MAP = '$map';
const ARRAY = '$array';

/**
 * A copy of what the site at the root keeps in the page's browser, read past the site's own code: a database
 * in memory, which the stores of the project can read.
 */
export async function copyDevice(page: Page): Promise<PartitaDatabase> {
  const text = await page.evaluate(readRows, [databaseName('/'), MAP, ARRAY] as const);
  const rows = JSON.parse(text, (_name, value: unknown) => revived(value)) as Rows;
  const db = new PartitaDatabase('/', { indexedDB: new IDBFactory(), IDBKeyRange });
  for (const [table, content] of Object.entries(rows)) await db.table(table).bulkPut([...content]);
  return db;
}

/** Runs in the page; self-contained. */
async function readRows([name, map, array]: readonly [string, string, string]): Promise<string> {
  const settled = <T>(request: IDBRequest<T>) =>
    new Promise<T>((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error ?? new Error('The database cannot be read.'));
    });
  const db = await settled(indexedDB.open(name));
  const tables = [...db.objectStoreNames];
  // All in one transaction: a state that the database was in.
  const transaction = db.transaction(tables, 'readonly');
  const contents = await Promise.all(
    tables.map(async (table) => [table, await settled(transaction.objectStore(table).getAll())]),
  );
  db.close();
  return JSON.stringify(Object.fromEntries(contents), (_name, value: unknown) => {
    if (value instanceof Map) return { [map]: [...value] };
    if (ArrayBuffer.isView(value)) {
      const numbers = value as unknown as ArrayLike<number>;
      return { [array]: [value.constructor.name, Array.from(numbers)] };
    }
    return value;
  });
}

function revived(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (MAP in value) return new Map(value[MAP] as [unknown, unknown][]);
  if (ARRAY in value) {
    const [kind, numbers] = value[ARRAY] as [string, readonly number[]];
    const kinds = { Uint8Array, Int32Array, Uint32Array, Float64Array } as Readonly<
      Record<string, new (from: readonly number[]) => unknown>
    >;
    const Kind = kinds[kind];
    if (!Kind) throw new Error(`The copy of a device has no form for a ${kind}.`);
    return new Kind(numbers);
  }
  return value;
}
