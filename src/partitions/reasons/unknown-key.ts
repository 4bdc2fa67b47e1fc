import type { PartitionKey } from '../context.ts';
import type { PartitionIndex } from '../partition-index.ts';
import { explainKey } from './key-reason.ts';
import { keySentence } from './reason-sentences.ts';

/** Why `key` is none, and which one may have been meant. */
export function explainUnknownKey(key: PartitionKey, index: PartitionIndex): string {
  return keySentence(key, explainKey(index, key));
}
