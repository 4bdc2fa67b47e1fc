import type { PartitionKey } from '../context.ts';
import type {
  PartitionsDefinition,
  TimeWindowPartitionsDefinition,
} from './partitions-definition.ts';

/**
 * A text that two definitions share exactly if Dagster calls them equal (GEN-6). The class
 * of a time-window definition is not part of it. Only equality of the texts means anything.
 */
export function partitionsDefinitionIdentity(definition: PartitionsDefinition): string {
  switch (definition.kind) {
    case 'static':
      return JSON.stringify(['static', ...definition.keys]);
    case 'dynamic':
      return JSON.stringify(['dynamic', definition.name]);
    case 'timeWindow':
      return JSON.stringify([
        'timeWindow',
        definition.startAt,
        definition.endAt,
        definition.timezone,
        definition.fmt,
        definition.endOffset,
        definition.cronSchedule,
        definition.exclusions,
      ]);
    case 'multi':
      return JSON.stringify([
        'multi',
        ...definition.dimensions.map(({ name, definition: inner }) => [
          name,
          partitionsDefinitionIdentity(inner),
        ]),
      ]);
  }
}

/** Whether Dagster calls the two equal (GEN-6); two assets without partitions are. */
export function equalPartitionsDefinitions(
  a: PartitionsDefinition | null,
  b: PartitionsDefinition | null,
): boolean {
  if (a === b) return true;
  if (a === null || b === null) return false;
  switch (a.kind) {
    case 'static':
      return b.kind === 'static' && equalKeyLists(a.keys, b.keys);
    case 'dynamic':
      return b.kind === 'dynamic' && a.name === b.name;
    case 'timeWindow':
      return (
        b.kind === 'timeWindow' &&
        a.startAt === b.startAt &&
        a.endAt === b.endAt &&
        a.endOffset === b.endOffset &&
        equalSequences(a, b)
      );
    case 'multi':
      return (
        b.kind === 'multi' &&
        a.dimensions.length === b.dimensions.length &&
        a.dimensions.every(
          ({ name, definition }, position) =>
            name === b.dimensions[position]?.name &&
            equalPartitionsDefinitions(definition, b.dimensions[position].definition),
        )
      );
  }
}

/** Whether two definitions have the same windows and keys, but for where they begin and end. */
export function equalSequences(
  a: TimeWindowPartitionsDefinition,
  b: TimeWindowPartitionsDefinition,
): boolean {
  return (
    a.cronSchedule === b.cronSchedule &&
    a.timezone === b.timezone &&
    a.fmt === b.fmt &&
    a.exclusions.length === b.exclusions.length &&
    a.exclusions.every((one, at) => one === b.exclusions[at])
  );
}

/** The latest list that was found equal to a list: the same two are compared again and again. */
const knownEqual = new WeakMap<readonly PartitionKey[], readonly PartitionKey[]>();

function equalKeyLists(a: readonly PartitionKey[], b: readonly PartitionKey[]): boolean {
  if (a === b || knownEqual.get(a) === b) return true;
  if (a.length !== b.length) return false;
  for (let ordinal = 0; ordinal < a.length; ordinal += 1) {
    if (a[ordinal] !== b[ordinal]) return false;
  }
  knownEqual.set(a, b);
  return true;
}
