import type { PartitionKey, PartitionLoadingContext } from '../../partitions/context.ts';
import type { PartitionsDefinition } from '../../partitions/definition/partitions-definition.ts';
import type { RunConfig } from '../run.ts';
import type { Backfill, BackfillJob, BackfillTarget } from './backfill.ts';
import type { LaunchExtras } from './launch-extras.ts';

/** What a new backfill is made of, beside its targets. */
export interface BackfillOptions {
  readonly backfillId: string;
  readonly jobName: string;
  /** Of a backfill of a job; absent for one of assets. */
  readonly job?: BackfillJob;
  readonly runConfig: RunConfig;
  readonly tags: Readonly<Record<string, string>>;
  /** _Extension_; absent: as Dagster does. */
  readonly extras?: LaunchExtras;
}

/** A backfill of these targets that starts at the instant of its keys; nothing of it has been requested. */
export function startBackfill(
  targets: readonly BackfillTarget[],
  { effectiveAt, dynamicPartitions }: PartitionLoadingContext,
  options: BackfillOptions,
): Backfill {
  return {
    ...options,
    status: 'REQUESTED',
    paused: false,
    startedAt: effectiveAt,
    dynamicPartitions: dynamicKeysOf(targets, dynamicPartitions),
    targets,
    requested: new Map(),
    materialized: new Map(),
    failedAndDownstream: new Map(),
    iterations: 0,
    firstRunNumber: 0,
    runCount: 0,
    parentBackfillId: null,
    rootBackfillId: null,
    error: null,
  };
}

/** The keys of those dynamic definitions that the targets have, by name. */
export function dynamicKeysOf(
  targets: readonly BackfillTarget[],
  dynamicPartitions: ReadonlyMap<string, readonly PartitionKey[]>,
): ReadonlyMap<string, readonly PartitionKey[]> {
  const names = new Set(targets.flatMap(({ partitionsDef }) => dynamicNamesOf(partitionsDef)));
  return new Map([...names].map((name) => [name, dynamicPartitions.get(name) ?? []]));
}

function dynamicNamesOf(definition: PartitionsDefinition | null): readonly string[] {
  if (definition?.kind === 'dynamic') return [definition.name];
  if (definition?.kind !== 'multi') return [];
  return definition.dimensions.flatMap((dimension) => dynamicNamesOf(dimension.definition));
}
