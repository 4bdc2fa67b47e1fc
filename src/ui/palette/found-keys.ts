import type { NotebookSession } from '../../app/notebook-session.svelte.ts';
import type { PartitionIndex } from '../../partitions/partition-index.ts';
import { tallyStatuses } from '../partitions/status-tally.ts';
import type { Command } from './commands.ts';

/** Of one asset. */
const MOST_KEYS = 4;
/** Lists of more keys are not looked through. */
const MOST_READ = 20_000;
/** Fewer letters are in nearly every key. */
const LEAST_TYPED = 2;

/** The keys of any asset that are what was typed, or begin with it, or hold it. */
export function foundKeys(session: NotebookSession, typed: string): readonly Command[] {
  const text = typed.trim();
  if (text.length === 0) return [];
  return session.definitions.assets.flatMap(({ assetKey, partitionsDef }) => {
    if (!partitionsDef) return [];
    const index = session.indexFor(partitionsDef);
    const statuses = session.assetState(assetKey)?.statuses;
    const tally = statuses ? tallyStatuses(statuses, index.count) : null;
    return keysLike(index, text).map((ordinal): Command => {
      const partitionKey = index.keyAt(ordinal);
      return {
        id: `key:${assetKey} ${partitionKey}`,
        kind: 'key',
        name: `${partitionKey} of ${assetKey}`,
        hint: tally?.statusAt(ordinal) ?? '',
        run: () => {
          session.focus = { assetKey, partitionKey };
          if (session.view !== 'mappings') session.view = 'partitions';
        },
      };
    });
  });
}

/** Ordinals of keys that are `text`, or else like it: a few. */
function keysLike(index: PartitionIndex, text: string): readonly number[] {
  const exact = index.ordinalOf(text);
  if (exact >= 0) return [exact];
  if (text.length < LEAST_TYPED) return [];
  const lower = text.toLowerCase();
  if (index.count <= MOST_READ && index.definition.kind !== 'timeWindow') {
    const found: number[] = [];
    for (let at = 0; at < index.count && found.length < MOST_KEYS; at += 1) {
      if (index.keyAt(at).toLowerCase().includes(lower)) found.push(at);
    }
    return found;
  }
  // Times in order are mostly texts in order: then those that begin alike stand together.
  let low = 0;
  let high = index.count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (index.keyAt(middle) < text) low = middle + 1;
    else high = middle;
  }
  const end = Math.min(low + MOST_KEYS, index.count);
  return Array.from({ length: end - low }, (_, at) => low + at).filter((at) =>
    index.keyAt(at).startsWith(text),
  );
}
