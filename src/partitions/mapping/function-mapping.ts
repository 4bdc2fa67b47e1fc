import type { PartitionKey } from '../context.ts';
import type { PartitionMapping } from './partition-mapping.ts';

/** _Extension_: a mapping that a function made. */
export type FunctionMapping = Extract<PartitionMapping, { kind: 'function' }>;

/** What a function said, from both ends. */
export interface FunctionTable {
  /** By downstream key; a key that it was not asked for is none of them (MAP-FN-3). */
  readonly upstreamOf: ReadonlyMap<PartitionKey, readonly PartitionKey[]>;
  /** By upstream key, whether or not it exists: the inverse, by enumeration (MAP-FN-2). */
  readonly downstreamOf: ReadonlyMap<PartitionKey, readonly PartitionKey[]>;
}

const tables = new WeakMap<FunctionMapping, FunctionTable>();

/** The table of a mapping, made once. */
export function functionTable(mapping: FunctionMapping): FunctionTable {
  const known = tables.get(mapping);
  if (known) return known;
  const downstreamOf = new Map<PartitionKey, PartitionKey[]>();
  for (const [key, upstreamKeys] of mapping.upstreamByDownstream) {
    for (const upstreamKey of upstreamKeys) {
      const readers = downstreamOf.get(upstreamKey);
      if (readers) readers.push(key);
      else downstreamOf.set(upstreamKey, [key]);
    }
  }
  const table = { upstreamOf: new Map(mapping.upstreamByDownstream), downstreamOf };
  tables.set(mapping, table);
  return table;
}

/**
 * What some downstream keys read, each key once. One that the function was not asked for, since it
 * opened later than the table goes, needs a key of its own name, which tells of it (MAP-FN-3).
 */
export function functionReads(
  mapping: FunctionMapping,
  keys: readonly PartitionKey[],
): { readonly read: readonly PartitionKey[]; readonly unasked: readonly PartitionKey[] } {
  const { upstreamOf } = functionTable(mapping);
  const read = new Set(keys.flatMap((key) => upstreamOf.get(key) ?? []));
  return { read: [...read], unasked: keys.filter((key) => !upstreamOf.has(key)) };
}

/** The downstream keys that read some upstream keys. */
export function functionReaders(
  mapping: FunctionMapping,
  keys: Iterable<PartitionKey>,
): readonly PartitionKey[] {
  const { downstreamOf } = functionTable(mapping);
  const readers = new Set<PartitionKey>();
  for (const key of keys) downstreamOf.get(key)?.forEach((reader) => readers.add(reader));
  return [...readers];
}
