import { partitionsDefinitionIdentity } from '../../partitions/definition/identity.ts';
import type {
  PartitionsDefinition,
  TimeWindowClass,
} from '../../partitions/definition/partitions-definition.ts';
import { defaultMapping } from '../../partitions/mapping/default-mapping.ts';
import type { PartitionMapping } from '../../partitions/mapping/partition-mapping.ts';

type Definition = PartitionsDefinition | null;

/**
 * What a key reads of the asset above it, as few words: `same key`, `its days`, `the day before`,
 * `every key`; `its value` if that asset has no partitions.
 *
 * @param mapping null for the default of the two definitions.
 */
export function mappingWords(
  mapping: PartitionMapping | null,
  upstream: Definition,
  downstream: Definition,
): string {
  if (!upstream) return 'its value';
  const chosen = mapping ?? defaultMapping(upstream, downstream);
  switch (chosen.kind) {
    case 'identity':
      return 'same key';
    case 'all':
      return 'every key';
    case 'last':
      return 'the last key';
    case 'specific':
      return chosen.keys.length === 1
        ? `only ${chosen.keys[0] ?? ''}`
        : `${chosen.keys.length} keys`;
    case 'static':
      return 'keys by a list';
    case 'function':
      return 'keys by a function';
    case 'multiToSingle':
      return 'same key of one dimension';
    case 'multi':
      return 'by dimension';
    case 'timeWindow':
      return windowWords(chosen.startOffset, chosen.endOffset, upstream, downstream);
  }
}

const NOUN: Record<TimeWindowClass, string> = {
  hourly: 'hour',
  daily: 'day',
  weekly: 'week',
  monthly: 'month',
  timeWindow: 'window',
};

function windowWords(
  startOffset: number,
  endOffset: number,
  upstream: Definition,
  downstream: Definition,
): string {
  const [above, below] = [nounOf(upstream), nounOf(downstream)];
  const same =
    upstream !== null &&
    downstream !== null &&
    partitionsDefinitionIdentity(upstream) === partitionsDefinitionIdentity(downstream);
  const base = same
    ? 'same key'
    : isLonger(upstream, downstream)
      ? `its ${above}`
      : `its ${above}s`;
  if (startOffset === 0 && endOffset === 0) return base;
  if (startOffset === -1 && endOffset === -1) return `the ${below} before`;
  if (startOffset === -1 && endOffset === 0) return `the ${below} before and itself`;
  return `${below}s ${signed(startOffset)} to ${signed(endOffset)}`;
}

function nounOf(definition: Definition): string {
  return definition?.kind === 'timeWindow' ? NOUN[definition.className] : 'key';
}

const BY_LENGTH: readonly TimeWindowClass[] = ['hourly', 'daily', 'weekly', 'monthly'];

/** Whether windows above are longer, so that one below reads a single one of them. */
function isLonger(upstream: Definition, downstream: Definition): boolean {
  if (upstream?.kind !== 'timeWindow' || downstream?.kind !== 'timeWindow') return false;
  return BY_LENGTH.indexOf(upstream.className) > BY_LENGTH.indexOf(downstream.className);
}

function signed(offset: number): string {
  return offset < 0 ? `−${-offset}` : `+${offset}`;
}
