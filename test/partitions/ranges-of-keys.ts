import type { PartitionKey } from '../../src/partitions/context.ts';
import type { KeyRange, KeyRanges } from '../../src/partitions/key-ranges.ts';

/** Each key by itself; null stays null. */
export function rangesOfKeys(keys: Iterable<PartitionKey>): KeyRanges;
export function rangesOfKeys(keys: Iterable<PartitionKey> | null): KeyRanges | null;
export function rangesOfKeys(keys: Iterable<PartitionKey> | null): KeyRanges | null {
  return keys && Array.from(keys, (key): KeyRange => [key, key]);
}
