import { InvalidDefinitionError } from '../errors.ts';
import type { PartitionKey, PartitionLoadingContext } from '../partitions/context.ts';
import type { TimeWindowPartitionsDefinition } from '../partitions/definition/partitions-definition.ts';
import { indexPartitions } from '../partitions/index-partitions.ts';
import type { PartitionIndex } from '../partitions/partition-index.ts';
import { windowOfKey } from '../partitions/time-queries.ts';
import { formatInstant, zoneAbbreviation } from '../time/format-instant.ts';

/** Longer lists of keys are not searched for a similar one. */
const SEARCHED_KEYS = 5000;

/** Why `key` is not among the keys that exist, in one or two sentences; with the nearest that is. */
export function keyProblem(
  key: PartitionKey,
  index: PartitionIndex,
  context: PartitionLoadingContext,
): string {
  const { definition } = index;
  if (definition.kind === 'timeWindow') {
    const opening = openingOf(key, definition, context);
    if (opening) return opening;
  }
  if (index.count === 0) return `${key} is not a key: there are no keys yet.`;
  const near = index.count <= SEARCHED_KEYS ? nearestOf(key, index.keys()) : null;
  if (near !== null) return `${key} is not a key. Did you mean ${near}?`;
  const [first, last] = [index.keyAt(0), index.keyAt(index.count - 1)];
  return first === last
    ? `${key} is not a key. The only one is ${first}.`
    : `${key} is not a key. Keys go from ${first} to ${last}.`;
}

function openingOf(
  key: PartitionKey,
  definition: TimeWindowPartitionsDefinition,
  context: PartitionLoadingContext,
): string | null {
  try {
    const { endAt } = windowOfKey(definition, key);
    if (endAt <= context.effectiveAt || definition.endOffset !== 0) return null;
    const later = indexPartitions(definition, { ...context, effectiveAt: endAt });
    if (later.ordinalOf(key) < 0) return null;
    const { timezone } = definition;
    const opens = `${formatInstant(endAt, timezone)} ${zoneAbbreviation(endAt, timezone)}`;
    return `${key} opens ${opens}, when its window ends.`;
  } catch (fault) {
    // Not a time at all; the caller says which keys there are.
    if (fault instanceof InvalidDefinitionError) return null;
    throw fault;
  }
}

/** The candidate with the fewest changes, if they are few for its length; the first of several. */
function nearestOf(text: string, candidates: readonly string[]): string | null {
  let nearest: string | null = null;
  let fewest = Math.max(1, Math.floor(text.length / 3)) + 1;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - text.length) >= fewest) continue;
    const changes = changesBetween(text, candidate);
    if (changes >= fewest) continue;
    fewest = changes;
    nearest = candidate;
  }
  return nearest;
}

/** How many letters to add, drop or replace. */
function changesBetween(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, at) => at);
  for (let at = 1; at <= from.length; at++) {
    const next = [at];
    for (let other = 1; other <= to.length; other++) {
      const replaced = (row[other - 1] ?? 0) + (from[at - 1] === to[other - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[other] ?? 0) + 1, (next[other - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
