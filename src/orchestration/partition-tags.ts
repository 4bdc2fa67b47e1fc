import { InvalidDefinitionError } from '../errors.ts';
import type { PartitionKey } from '../partitions/context.ts';
import { DIMENSION_SEPARATOR } from '../partitions/definition/multi.ts';
import type { PartitionsDefinition } from '../partitions/definition/partitions-definition.ts';
import { RunTag } from './run-tags.ts';

/**
 * The tags of a run for one key: the key, for a multi definition one tag a dimension, and the set
 * that the runs of a job make up (PC-4, RUN-2).
 *
 * @param jobName null if no job is known; then the set has no tag.
 */
export function partitionTags(
  partitionKey: PartitionKey,
  definition: PartitionsDefinition,
  jobName: string | null,
): Readonly<Record<string, string>> {
  const parts = partitionKey.split(DIMENSION_SEPARATOR);
  const dimensions = definition.kind === 'multi' ? definition.dimensions : [];
  return {
    [RunTag.partition]: partitionKey,
    ...Object.fromEntries(
      dimensions.map(({ name }, at) => [RunTag.partitionDimension + name, parts[at] ?? '']),
    ),
    ...(jobName !== null && { [RunTag.partitionSet]: `${jobName}_partition_set` }),
  };
}

/** Tags with the reserved prefix that authors may set all the same. */
const EDITABLE_TAGS: ReadonlySet<string> = new Set([
  'dagster/priority',
  'dagster/max_retries',
  'dagster/retry_strategy',
  'dagster/max_runtime',
  'dagster/isolation',
  'dagster/retry_on_asset_or_op_failure',
]);

/**
 * Tags of the author's, as they are (PC-4).
 *
 * @throws {InvalidDefinitionError} if one has a prefix that is Dagster's own.
 */
export function withoutReservedTags(
  tags: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  for (const name of Object.keys(tags)) {
    if (name.startsWith('dagster/') && !EDITABLE_TAGS.has(name)) {
      throw new InvalidDefinitionError(`Attempted to set tag with reserved system prefix: ${name}`);
    }
  }
  return tags;
}
