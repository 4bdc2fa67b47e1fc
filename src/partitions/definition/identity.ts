import type { PartitionsDefinition } from './partitions-definition.ts';

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
  if (a === null || b === null || a.kind !== b.kind) return false;
  return partitionsDefinitionIdentity(a) === partitionsDefinitionIdentity(b);
}
