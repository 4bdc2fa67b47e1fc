import type { AssetSpec } from '../../definitions/definitions.ts';
import { equalPartitionsDefinitions } from '../../partitions/definition/identity.ts';
import type { PartitionsDefinition } from '../../partitions/definition/partitions-definition.ts';
import { indexPartitions } from '../../partitions/index-partitions.ts';
import type { PartitionIndex } from '../../partitions/partition-index.ts';
import { nextOpening } from '../../partitions/time-queries.ts';
import type { EpochMs } from '../../time/time-window.ts';

/** Assets that share their keys, in notebook order. */
export interface PartitionGroup {
  /** Null for assets without partitions. */
  readonly definition: PartitionsDefinition | null;
  readonly specs: readonly AssetSpec[];
}

/** Assets by their definition: groups in the order of their first asset, those without partitions last. */
export function groupByDefinition(specs: readonly AssetSpec[]): readonly PartitionGroup[] {
  const groups: { definition: PartitionsDefinition | null; specs: AssetSpec[] }[] = [];
  for (const spec of specs) {
    const definition = spec.partitionsDef;
    const group = groups.find((one) => equalPartitionsDefinitions(one.definition, definition));
    if (group) group.specs.push(spec);
    else groups.push({ definition, specs: [spec] });
  }
  return [
    ...groups.filter(({ definition }) => definition !== null),
    ...groups.filter(({ definition }) => definition === null),
  ];
}

/** Beyond the last window of all, this part of their whole time is shown as not yet existing. */
const AHEAD = 0.15;

/**
 * Indexes that reach beyond now, one for each of `indexes`, so far that each lane shows its next key.
 * All of time windows.
 */
export function indexesAhead(
  indexes: readonly PartitionIndex[],
  now: EpochMs,
): readonly PartitionIndex[] {
  const dynamicPartitions = new Map<string, readonly string[]>();
  let startAt = Infinity;
  let endAt = -Infinity;
  for (const index of indexes) {
    const { definition, count } = index;
    const first = count > 0 ? index.windowAt(0) : null;
    const last = count > 0 ? index.windowAt(count - 1) : null;
    const opening = nextOpening(definition, { effectiveAt: now, dynamicPartitions });
    const ends = [last?.endAt, opening?.opensAt];
    startAt = Math.min(startAt, first?.startAt ?? opening?.window.startAt ?? Infinity);
    for (const end of ends) if (end !== undefined) endAt = Math.max(endAt, end);
  }
  const effectiveAt = Math.max(now, endAt + (endAt - startAt) * AHEAD);
  if (!Number.isFinite(effectiveAt)) return indexes;
  return indexes.map(({ definition }) =>
    indexPartitions(definition, { effectiveAt, dynamicPartitions }),
  );
}
