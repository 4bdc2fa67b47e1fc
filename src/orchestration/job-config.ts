import type { ConfigShape } from '../config/config-schema.ts';
import { runConfigSchema } from '../config/validate.ts';
import type { AssetKeyText, AssetSpec, JobSpec } from '../definitions/definitions.ts';
import { stepKeyOf } from './run-events.ts';

/** A step of a job that takes config. */
export interface ConfigurableStep {
  /** The name of its entry below `ops` (CFG-1). */
  readonly stepKey: string;
  readonly config: ConfigShape;
  /** The constant that holds its config class, for words; null if it has no name. */
  readonly configName: string | null;
  readonly description: string | null;
}

/**
 * The steps of a job that take config, in notebook order, or in that in which its ops were called.
 *
 * @param assets those of the notebook.
 * @param assetKeys of the job's assets, those that a run computes; absent for all.
 */
export function configurableSteps(
  job: JobSpec,
  assets: Iterable<AssetSpec>,
  assetKeys: readonly AssetKeyText[] = job.assetKeys,
): readonly ConfigurableStep[] {
  if (job.ops) {
    return job.ops.flatMap(({ stepKey, config, configName, description }) =>
      config ? [{ stepKey, config, configName, description }] : [],
    );
  }
  const chosen = new Set(assetKeys);
  return configurableStepsOf([...assets].filter(({ assetKey }) => chosen.has(assetKey)));
}

/** The steps of some assets that take config, in their order. */
export function configurableStepsOf(assets: Iterable<AssetSpec>): readonly ConfigurableStep[] {
  const steps = new Map<string, ConfigurableStep>();
  for (const { assetKey, config, configName, description, sharedStep } of assets) {
    if (!config) continue;
    const stepKey = sharedStep?.stepName ?? stepKeyOf(assetKey);
    if (!steps.has(stepKey)) steps.set(stepKey, { stepKey, config, configName, description });
  }
  return [...steps.values()];
}

/** The schema of the run config of a job. What `src/config` has for schemas (checks, defaults, scaffolds) holds for it. */
export function jobConfigSchema(...job: Parameters<typeof configurableSteps>): ConfigShape {
  return runConfigSchema(configurableSteps(...job));
}
