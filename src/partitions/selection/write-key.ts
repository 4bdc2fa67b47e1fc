import type { PartitionKey } from '../context.ts';
import type { PartitionIndex } from '../partition-index.ts';
import { isWord } from './selection-words.ts';

/** Signs, and beginnings, that mean something where they are not in quotes. */
const TELLING = /["\\[\]()*&,]|\.\.|^[@/]|\s-|\s\|/;

/** A key as it must be written in a selection of `index` to mean itself. */
export function writeKey(key: PartitionKey, index: PartitionIndex): string {
  const isMulti = index.dimensions !== undefined;
  const plain =
    key !== '' &&
    key === key.trim() &&
    !TELLING.test(key) &&
    !(isMulti ? key.includes('=') : key.includes('|')) &&
    !isWord(key);
  return plain ? key : inQuotes(key);
}

/** A key in quotes; a backslash before quotes and backslashes (SEL-4). */
export function inQuotes(key: PartitionKey): string {
  return `"${key.replace(/["\\]/g, '\\$&')}"`;
}
