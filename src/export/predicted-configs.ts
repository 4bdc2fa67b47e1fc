import { configErrorText } from '../config/config-error-text.ts';
import type { ConfigSchema, ConfigShape } from '../config/config-schema.ts';
import { sampleOf } from '../config/sample.ts';
import { runConfigSchema, validateConfig } from '../config/validate.ts';
import type { Definitions } from '../definitions/definitions.ts';
import type { AssetKeys } from './python-asset-keys.ts';
import { REFUSED_NAMES } from './python-asset-keys.ts';

/** A run config, and what checking it comes to. */
export interface PredictedConfig {
  /** The path of the asset that it is for; null if it is for a job. */
  readonly asset: readonly string[] | null;
  readonly job: string | null;
  /** What was done to the config, in words. */
  readonly about: string;
  readonly runConfig: RunConfig;
  /** `REASON path` of every error, sorted; empty if it is valid. */
  readonly errors: readonly string[];
}

type RunConfig = Readonly<Record<string, unknown>>;

/** A step that takes config, under its name in Dagster. */
export interface NamedStep {
  readonly stepKey: string;
  readonly config: ConfigShape;
}

/** Values of which each field gets every one. */
const TRIED: readonly (readonly [value: unknown, words: string])[] = [
  ['a text', 'a text'],
  [7, '7'],
  [7.5, '7.5'],
  [true, 'true'],
  [null, 'null'],
  [[], 'an empty list'],
  [{}, 'an empty object'],
];
/** Of a step with more fields than this, the rest are not tried. */
const MOST_FIELDS = 12;

/** What checking run configs comes to: such as should pass, and such as should not. */
export function predictedConfigs(
  definitions: Definitions,
  paths: AssetKeys,
): readonly PredictedConfig[] {
  const { assets, jobs } = definitions;
  return [
    ...assets.flatMap((asset) =>
      asset.config && !asset.external
        ? tried([{ stepKey: paths.stepNameOf(asset.assetKey), config: asset.config }], {
            asset: paths.pathOf(asset.assetKey),
            job: null,
          })
        : [],
    ),
    ...jobs.flatMap(({ jobName, ops = [], partitionsDef }) => {
      // An op that is renamed is another step; config of keys is asked for each key.
      if (ops.some(({ opName }) => REFUSED_NAMES.has(opName)) || partitionsDef) return [];
      const steps = ops.flatMap(({ stepKey, config }) => (config ? [{ stepKey, config }] : []));
      return steps.length === 0 ? [] : tried(steps, { asset: null, job: jobName });
    }),
  ];
}

/** The config that a run of some steps needs at least; null if a sample of it would not pass. */
export function leastRunConfig(steps: readonly NamedStep[]): RunConfig | null {
  if (steps.length === 0) return {};
  const runConfig = withConfigs(steps);
  return validateConfig(runConfigSchema(steps), runConfig, []).status === 'valid'
    ? runConfig
    : null;
}

function tried(
  steps: readonly NamedStep[],
  target: Pick<PredictedConfig, 'asset' | 'job'>,
): readonly PredictedConfig[] {
  const schema = runConfigSchema(steps);
  const predicted = (about: string, runConfig: RunConfig): PredictedConfig => ({
    ...target,
    about,
    runConfig,
    errors: errorsOf(schema, runConfig),
  });
  return [
    predicted('nothing given', {}),
    predicted('what is required', withConfigs(steps)),
    ...steps.flatMap(({ stepKey, config }) => [
      predicted(
        `a field of ${stepKey} that is not`,
        withConfigs(steps, stepKey, { no_such_field: 1 }),
      ),
      ...config.fields
        .slice(0, MOST_FIELDS)
        .flatMap(({ name }) =>
          TRIED.map(([value, words]) =>
            predicted(
              `${words} for ${stepKey}.${name}`,
              withConfigs(steps, stepKey, { [name]: value }),
            ),
          ),
        ),
    ]),
  ];
}

/** The required fields of all steps, and something more for one of them. */
function withConfigs(
  steps: readonly NamedStep[],
  changed: string | null = null,
  given: RunConfig = {},
): RunConfig {
  const entries = steps.map(({ stepKey, config }) => {
    const sample = sampleOf(config) as RunConfig;
    return [stepKey, { config: stepKey === changed ? { ...sample, ...given } : sample }] as const;
  });
  return { ops: Object.fromEntries(entries) };
}

function errorsOf(schema: ConfigSchema, runConfig: RunConfig): readonly string[] {
  const outcome = validateConfig(schema, runConfig, []);
  if (outcome.status === 'valid') return [];
  return outcome.errors.map(configErrorText).sort();
}
