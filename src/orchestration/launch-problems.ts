import { runConfigSchema, validateConfig, type ConfigError } from '../config/validate.ts';
import type { AssetKeyText, AssetSpec } from '../definitions/definitions.ts';
import { subsetOfRanges, type KeyRanges } from '../partitions/key-ranges.ts';
import type { PartitionIndex } from '../partitions/partition-index.ts';
import { explainUnknownKey } from '../partitions/reasons/unknown-key.ts';
import type { PartitionsSubset } from '../partitions/subset/partitions-subset.ts';
import { countOf, ordinalsOf, subtract } from '../partitions/subset/subset-algebra.ts';
import type { LaunchRequest, PlanProblem } from '../protocol/engine.ts';
import type { AssetSubsets } from './backfill/backfill.ts';
import type { BackfillGraph } from './backfill/backfill-graph.ts';
import type { KeyedRunConfig } from './backfill/launch-extras.ts';
import { inWords } from './backfill/plan-waves.ts';
import type { StepConfig } from './job-config.ts';
import type { RunConfig } from './run.ts';

/** Longer lists of problems of one kind are summed up. */
const NAMED_PROBLEMS = 5;

/** What speaks against the chosen assets; empty if nothing does. */
export function assetProblems(
  { assetKeys }: LaunchRequest,
  { graph }: BackfillGraph,
): readonly PlanProblem[] {
  const refuse = (message: string): PlanProblem => ({
    severity: 'error',
    field: 'assets',
    message,
  });
  if (assetKeys.length === 0) return [refuse('No asset is chosen.')];
  return assetKeys.flatMap((assetKey) => {
    const asset = graph.assets.get(assetKey);
    if (!asset) return refuse(`${assetKey} is not an asset of this notebook.`);
    if (asset.external) return refuse(`${assetKey} is external: something else materializes it.`);
    if (!graph.cyclic.includes(assetKey)) return [];
    return refuse(`${assetKey} depends on itself through other assets.`);
  });
}

/** What speaks against the chosen keys; empty if nothing does. */
export function keyProblems(ranges: KeyRanges, index: PartitionIndex): readonly PlanProblem[] {
  const refuse = (message: string): PlanProblem => {
    return { severity: 'error', field: 'partitions', message };
  };
  const { subset, unknownKeys } = subsetOfRanges(index, ranges);
  const unknown = [...new Set(unknownKeys)];
  if (unknown.length === 0 && subset.length === 0) return [refuse('No key is chosen.')];
  const named = unknown
    .slice(0, NAMED_PROBLEMS)
    .map((key) => refuse(explainUnknownKey(key, index)));
  const more = unknown.length - NAMED_PROBLEMS;
  return more > 0 ? [...named, refuse(`${more} more are not keys either.`)] : named;
}

/** What is wrong with the run config of a launch of `steps`, each at the field of its form (CFG-11). */
export function configProblems(
  runConfig: RunConfig,
  steps: readonly StepConfig[],
): readonly PlanProblem[] {
  // An entry that is left out whole is checked as an empty one, so that each error names its field.
  const ops: Record<string, unknown> = { ...runConfig.ops };
  for (const { stepKey } of steps) {
    ops[stepKey] = { config: {}, ...runConfig.ops?.[stepKey] };
  }
  const outcome = validateConfig(runConfigSchema(steps), { ...runConfig, ops }, []);
  if (outcome.status === 'valid') return [];
  return outcome.errors.flatMap((error) =>
    fieldsOf(error).map((field): PlanProblem => {
      return { severity: 'error', field, message: error.message };
    }),
  );
}

/** What is wrong with the configs of single keys; each problem names the first key that has it. */
export function keyedConfigProblems(
  configByKey: readonly KeyedRunConfig[],
  steps: readonly StepConfig[],
): readonly PlanProblem[] {
  const faulty: PlanProblem[][] = [];
  for (const { partitionRanges, runConfig } of configByKey) {
    const partitionKey = partitionRanges[0]?.[0];
    if (partitionKey === undefined) continue;
    const problems = configProblems(runConfig, steps).map((problem): PlanProblem => {
      return { ...problem, partitionKey, message: `${partitionKey}: ${problem.message}` };
    });
    if (problems.length > 0) faulty.push(problems);
  }
  const more = faulty.length - NAMED_PROBLEMS;
  const named = faulty.slice(0, NAMED_PROBLEMS).flat();
  if (more <= 0) return named;
  const message = `The config of ${more} more keys or stretches of keys does not fit either.`;
  return [...named, { severity: 'error', field: 'config', message }];
}

/**
 * What an asset reads must exist; what it loads should be there by then.
 *
 * @param targets what the launch is to materialize; its own keys of `asset` among them.
 * @param isBackfill whether what is read and does not exist fails the launch, even if nothing loads it.
 */
export function upstreamProblems(
  asset: AssetSpec,
  targets: AssetSubsets,
  isBackfill: boolean,
  graph: BackfillGraph,
  everMaterialized: (assetKey: AssetKeyText) => PartitionsSubset,
): readonly PlanProblem[] {
  const problems: PlanProblem[] = [];
  const warn = (field: string, message: string) =>
    problems.push({ severity: 'warning', field, message });
  const { assetKey } = asset;
  for (const { assetKey: upstream, inputName, allowMissingPartitions } of asset.deps) {
    const loads = inputName !== null;
    const spec = graph.specOf(upstream);
    const edge = graph.upstreamOf(assetKey).find((one) => one.upstream === upstream);
    if (!spec || !edge) {
      if (loads) {
        warn(
          'assets',
          `${assetKey} loads ${upstream}, which is not an asset of this notebook: the run will fail.`,
        );
      }
      continue;
    }
    if (spec.external && !loads) continue;
    const read = graph.toUpstream(edge, targets.get(assetKey) ?? []);
    const nonexistent = read.requiredButNonexistent;
    if (nonexistent.length > 0) {
      const verb = nonexistent.length === 1 ? 'does' : 'do';
      const message = `${assetKey} needs ${listed(nonexistent)} of ${upstream}, which ${verb} not exist.`;
      const severity = loads || isBackfill ? 'error' : 'warning';
      problems.push({ severity, field: 'partitions', message });
    }
    const inLaunch = targets.get(upstream) ?? [];
    const lacking = subtract(subtract(read.subset, inLaunch), everMaterialized(upstream));
    if (lacking.length === 0 || allowMissingPartitions) continue;
    const index = graph.indexOf(upstream);
    const where = index ? ` at ${firstKeys(index, lacking)}` : '';
    warn(
      'partitions',
      loads
        ? `${upstream} is missing${where}, and ${assetKey} loads it: what reads it will fail.`
        : `${upstream} is missing${where}. ${assetKey} depends on it without loading it, so it runs.`,
    );
  }
  return problems;
}

/** Where a form shows an error: the step and the entry, for each entry that it names. */
function fieldsOf({ path, names }: ConfigError): readonly string[] {
  const parts = path.map((part) => {
    if (typeof part !== 'object') return String(part);
    return 'mapKey' in part ? part.mapKey : part.mapValueOf;
  });
  const [section, step, , ...inside] = parts;
  if (section !== 'ops') return ['config'];
  if (step === undefined) return names;
  if (parts.length < 3) return [step];
  const field = [step, ...inside].join('.');
  return names.length === 0 ? [field] : names.map((name) => `${field}.${name}`);
}

/** A few keys by name, and how many more; only these are made. */
function firstKeys(index: PartitionIndex, subset: PartitionsSubset): string {
  const keys: string[] = [];
  for (const ordinal of ordinalsOf(subset)) {
    if (keys.length > NAMED_PROBLEMS) break;
    keys.push(index.keyAt(ordinal));
  }
  return listed(keys, countOf(subset));
}

/** A few names, and how many more there are of `count`. */
function listed(keys: readonly string[], count = keys.length): string {
  const more = count - NAMED_PROBLEMS;
  if (more <= 1) return inWords(keys);
  return `${keys.slice(0, NAMED_PROBLEMS).join(', ')} and ${more} more`;
}
