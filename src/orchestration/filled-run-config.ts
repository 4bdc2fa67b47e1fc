import type { JobSpec } from '../definitions/definitions.ts';
import type { PartitionKey } from '../partitions/context.ts';
import type { FilledRunConfig } from '../protocol/engine.ts';
import { keyConfigsOf, type AskKeyConfigs } from './key-configs.ts';
import { partitionTags } from './partition-tags.ts';
import { saysAnything, type RunConfig } from './run.ts';

/**
 * What a job fills in for a run of one key, which need not exist (PC-2), or of none: then a job with
 * partitions fills in nothing.
 */
export async function filledRunConfig(
  job: JobSpec,
  partitionKey: PartitionKey | null,
  ask: AskKeyConfigs,
): Promise<FilledRunConfig> {
  const { jobName, partitionsDef, tags: jobTags = {} } = job;
  const none = { runConfig: {}, from: null, jobTags, partitionTags: {}, error: null };
  if (partitionsDef === null) {
    const runConfig = (job.runConfig ?? {}) as RunConfig;
    return { ...none, runConfig, from: saysAnything(runConfig) ? 'job' : null };
  }
  if (partitionKey === null) return none;
  const ofKey = partitionTags(partitionKey, partitionsDef, jobName);
  const [own] = await keyConfigsOf(job, [partitionKey], ask);
  if (!own || 'error' in own) {
    return { ...none, partitionTags: ofKey, error: own?.error ?? null };
  }
  const from = job.partitionedConfig ? 'partition' : 'job';
  return {
    runConfig: own.runConfig,
    from: saysAnything(own.runConfig) ? from : null,
    jobTags,
    partitionTags: { ...own.tags, ...ofKey },
    error: null,
  };
}
