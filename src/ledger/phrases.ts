import { formatCount } from '../counts.ts';
import type { PartitionIndex } from '../partitions/partition-index.ts';
import { countOf, ordinalsOf } from '../partitions/subset/subset-algebra.ts';
import type { PartitionsSubset } from '../partitions/subset/partitions-subset.ts';

/** A name of the author's, marked as one. */
export function named(name: string): string {
  return name === '' ? 'the empty key' : `\`${name.replaceAll('`', 'ˋ')}\``;
}

/** `1 run`, `1,461 runs`; the second form if the plural is another. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** `1 run`, `up to 1,461 runs`: where one may find what one looks for before the last. */
export function upTo(most: number, one: string, many = `${one}s`): string {
  return `${most > 1 ? 'up to ' : ''}${counted(most, one, many)}`;
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(parts: readonly string[]): string {
  const last = parts.at(-1) ?? '';
  return parts.length < 2 ? last : `${parts.slice(0, -1).join(', ')} and ${last}`;
}

/** The first few, and how many more there are. */
export function namedInBrief(names: readonly string[], most = MOST_NAMES): string {
  if (names.length <= most) return listed(names.map(named));
  const first = names.slice(0, most - 1).map(named);
  return listed([...first, `${formatCount(names.length - first.length)} more`]);
}

/** The keys of a subset, the first few by name; nothing is listed of the others. */
export function keysInBrief(index: PartitionIndex, subset: PartitionsSubset): string {
  const count = countOf(subset);
  const shown = count <= MOST_NAMES ? count : MOST_NAMES - 1;
  const names: string[] = [];
  for (const ordinal of ordinalsOf(subset)) {
    if (names.length === shown) break;
    names.push(named(index.keyAt(ordinal)));
  }
  return listed(count > shown ? [...names, `${formatCount(count - shown)} more`] : names);
}

/** With its first letter in upper case. */
export function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

const MOST_NAMES = 4;
