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
  return configurableStepsOf(chosenOf(assets, assetKeys));
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

/** A step with what its config must be; null where it declares none, which lets any through. */
export interface StepConfig {
  /** The name of its entry below `ops` (CFG-1). */
  readonly stepKey: string;
  readonly config: ConfigShape | null;
}

/** Each step of some assets with its config. */
export function stepConfigsOf(assets: Iterable<AssetSpec>): readonly StepConfig[] {
  const steps = new Map<string, ConfigShape | null>();
  for (const { assetKey, config, sharedStep, external } of assets) {
    if (external) continue;
    const stepKey = sharedStep?.stepName ?? stepKeyOf(assetKey);
    steps.set(stepKey, steps.get(stepKey) ?? config);
  }
  return Array.from(steps, ([stepKey, config]) => ({ stepKey, config }));
}

/**
 * The schema of the run config of a job's steps. What `src/config` has for schemas (checks,
 * defaults, scaffolds) holds for it.
 *
 * @param assets those of the notebook.
 */
export function jobConfigSchema(
  job: JobSpec,
  assets: Iterable<AssetSpec>,
  assetKeys: readonly AssetKeyText[],
): ConfigShape {
  return runConfigSchema(jobStepConfigs(job, assets, assetKeys));
}

/** Each step of a job with its config. */
export function jobStepConfigs(
  job: JobSpec,
  assets: Iterable<AssetSpec>,
  assetKeys: readonly AssetKeyText[],
): readonly StepConfig[] {
  return job.ops ?? stepConfigsOf(chosenOf(assets, assetKeys));
}

function chosenOf(
  assets: Iterable<AssetSpec>,
  assetKeys: readonly AssetKeyText[],
): readonly AssetSpec[] {
  const chosen = new Set(assetKeys);
  return [...assets].filter(({ assetKey }) => chosen.has(assetKey));
}
