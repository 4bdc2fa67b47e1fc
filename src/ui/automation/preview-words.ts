import { countOf } from '../../counts.ts';
import type { TickPreview } from '../../orchestration/automations.ts';
import type { PartitionKey } from '../../partitions/context.ts';
import { RunTag } from '../../orchestration/run-tags.ts';
import { rootCause } from './tick-words.ts';

/** More keys are counted, not named. */
const NAMED = 3;

/** What a tick would do, in a few words: the keys that it asks for, or why it asks for none. */
export type PreviewWords =
  | { readonly kind: 'keys'; readonly keys: readonly PartitionKey[]; readonly more: number }
  | { readonly kind: 'words'; readonly text: string }
  | { readonly kind: 'failed'; readonly text: string };

/** @param preview null if the code does not load. */
export function previewWords(preview: TickPreview | null): PreviewWords {
  if (!preview) return { kind: 'words', text: 'not known: the notebook does not load' };
  const { status, error, skipMessage, launches } = preview;
  if (status === 'FAILURE') {
    return { kind: 'failed', text: error ? rootCause(error).message : 'fails' };
  }
  if (launches.length === 0) {
    if (skipMessage) return { kind: 'words', text: skipMessage };
    return { kind: 'words', text: status === 'SKIPPED' ? 'skipped' : 'asks for nothing' };
  }
  const keys = launches.flatMap(({ partitionKey, tags }) => {
    if (partitionKey !== null) return [partitionKey];
    const [from, to] = [tags[RunTag.rangeStart], tags[RunTag.rangeEnd]];
    return from === undefined ? [] : [`${from}...${to}`];
  });
  if (keys.length < launches.length) {
    return { kind: 'words', text: countOf(launches.length, 'run') };
  }
  const named = keys.length > NAMED + 1 ? NAMED : keys.length;
  return { kind: 'keys', keys: keys.slice(0, named), more: keys.length - named };
}
