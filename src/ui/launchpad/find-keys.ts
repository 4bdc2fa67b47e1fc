import type { PartitionIndex } from '../../partitions/partition-index.ts';

/** As many keys as are looked through for a text: of very many, more must be typed. */
const MOST_READ = 20_000;

/** The ordinals of keys that hold `text`, at most `limit`, from the last key or from the first. */
export function findKeys(
  index: Pick<PartitionIndex, 'count' | 'keyAt' | 'ordinalOf'>,
  text: string,
  lastFirst: boolean,
  limit: number,
): readonly number[] {
  const sought = text.trim().replaceAll('"', '').toLowerCase();
  const exact = sought === '' ? -1 : index.ordinalOf(text.trim());
  const found: number[] = exact < 0 ? [] : [exact];
  const most = Math.min(index.count, MOST_READ);
  for (let read = 0; read < most && found.length < limit; read++) {
    const ordinal = lastFirst ? index.count - 1 - read : read;
    if (ordinal !== exact && index.keyAt(ordinal).toLowerCase().includes(sought)) {
      found.push(ordinal);
    }
  }
  return found;
}
