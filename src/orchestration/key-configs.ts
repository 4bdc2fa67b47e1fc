import type { JobSpec } from '../definitions/definitions.ts';
import type { PartitionKey } from '../partitions/context.ts';
import type { SerializableErrorInfo } from '../protocol/error-info.ts';
import type { PartitionedConfigOutcome } from '../protocol/sandbox.ts';
import type { KeyConfig } from './backfill/job-backfill.ts';
import type { RunConfig } from './run.ts';
import { errorOfUnfinished } from './tick-error.ts';

/** Asks the sandbox what a job's partitioned config says of keys, in their order. */
export type AskKeyConfigs = (
  jobName: string,
  partitionKeys: readonly PartitionKey[],
) => Promise<PartitionedConfigOutcome>;

/** What a job fills in for each key, in their order; or what its function threw for one, or for all. */
export async function keyConfigsOf(
  { jobName, partitionedConfig, runConfig = {} }: JobSpec,
  partitionKeys: readonly PartitionKey[],
  ask: AskKeyConfigs,
): Promise<readonly (KeyConfig | { readonly error: SerializableErrorInfo })[]> {
  if (!partitionedConfig) {
    return partitionKeys.map(() => ({ runConfig: runConfig as RunConfig, tags: {} }));
  }
  if (partitionKeys.length === 0) return [];
  const outcome = await ask(jobName, partitionKeys);
  if (outcome.status !== 'evaluated') {
    const error = errorOfUnfinished(outcome);
    return partitionKeys.map(() => ({ error }));
  }
  return outcome.configs.map((config) => {
    if (config.runConfig.status === 'threw') return { error: config.runConfig.error };
    if (config.tags.status === 'threw') return { error: config.tags.error };
    return { runConfig: config.runConfig.value as RunConfig, tags: config.tags.value };
  });
}
