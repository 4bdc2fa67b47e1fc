import { runConfigSchema, validateConfig, type ConfigError } from '../config/validate.ts';
import type { AssetDependency, AssetKeyText, AssetSpec } from '../definitions/definitions.ts';
import type { AssetGraph } from '../definitions/graph.ts';
import { InvalidDefinitionError } from '../errors.ts';
import type { PartitionKey } from '../partitions/context.ts';
import { equalPartitionsDefinitions } from '../partitions/definition/identity.ts';
import { DIMENSION_SEPARATOR } from '../partitions/definition/multi.ts';
import { mapToDownstream, mapToUpstream } from '../partitions/mapping/map-partitions.ts';
import type { PartitionIndex } from '../partitions/partition-index.ts';
import { explainUnknownKey } from '../partitions/selection-text.ts';
import type { PartitionsSubset } from '../partitions/subset/partitions-subset.ts';
import {
  countOf,
  equalSubsets,
  subsetOf,
  subtract,
  union,
} from '../partitions/subset/subset-algebra.ts';
import { keysOf } from '../partitions/subset/subset-keys.ts';
import type { LaunchPlan, LaunchRequest, PlanProblem, PlanWave } from '../protocol/engine.ts';
import type { KeySpace } from './key-space.ts';
import { stepKeyOf } from './run-events.ts';
import { RunTag } from './run-tags.ts';
import { mappingOf } from './upstream-keys.ts';

/** One run to make. */
export interface PlannedRun {
  /** In the order in which they execute. */
  readonly assetKeys: readonly AssetKeyText[];
  readonly partitionKey: PartitionKey | null;
  /** Counted from 1. */
  readonly wave: number;
  /** Whether it waits for the run before it in its wave. */
  readonly oneByOne: boolean;
  /** A tag for each dimension of a multi key (RUN-2); empty otherwise. */
  readonly dimensionTags: Readonly<Record<string, string>>;
}

/** A plan for people, and the runs that it comes to, in queue order. */
export interface LaunchDecision {
  readonly plan: LaunchPlan;
  /** Empty if the plan has an error. */
  readonly runs: readonly PlannedRun[];
}

/** What a plan is made from. */
export interface PlanWorld {
  readonly graph: AssetGraph;
  readonly keySpace: KeySpace;
  /** Keys of an asset that were ever materialized; ordinal 0 for an asset without partitions. */
  readonly everMaterialized: (assetKey: AssetKeyText) => PartitionsSubset;
}

/** More runs than this are refused: each is written down before the first starts. */
const MOST_RUNS = 50_000;
/** Longer lists of problems of one kind are summed up. */
const NAMED_PROBLEMS = 5;
const THE_ONE: PartitionsSubset = [0, 1];

/** Assets that run together, for the same keys. */
interface Wave {
  readonly assets: AssetSpec[];
  readonly subset: PartitionsSubset;
  readonly level: number;
  readonly oneByOne: boolean;
  /** Why it is not with the waves before it; null for what waits for nothing. */
  readonly waitsBecause: string | null;
}

/**
 * Decides what a launch does: which runs, for which keys, in which order, and what speaks
 * against it. The given keys are those of the assets that no other chosen asset comes
 * before; keys of the others are what these map down to (BF-2). Assets share a run where
 * they have the same keys and each key reads its own alone (BF-8); else the later waits
 * for a wave of its own (BF-7, BF-9).
 */
export function planLaunch(request: LaunchRequest, world: PlanWorld): LaunchDecision {
  const planner = new Planner(request, world);
  try {
    return planner.decide();
  } catch (fault) {
    if (!(fault instanceof InvalidDefinitionError)) throw fault;
    const problems: PlanProblem[] = [
      ...planner.problems,
      { severity: 'error', field: 'assets', message: fault.message },
    ];
    return { plan: { waves: [], runCount: 0, problems }, runs: [] };
  }
}

class Planner {
  readonly problems: PlanProblem[] = [];
  readonly #request: LaunchRequest;
  readonly #world: PlanWorld;
  readonly #targets = new Map<AssetKeyText, PartitionsSubset>();

  constructor(request: LaunchRequest, world: PlanWorld) {
    this.#request = request;
    this.#world = world;
  }

  decide(): LaunchDecision {
    const assets = this.#chosenAssets();
    this.#targetKeys(assets);
    const targeted = assets.filter(({ assetKey }) => this.#targets.has(assetKey));
    const waves = this.#wavesOf(targeted);
    this.#checkConfig(targeted);
    for (const asset of targeted) this.#checkUpstream(asset);
    const runCount = waves.reduce((count, wave) => count + this.#runsOf(wave), 0);
    if (runCount > MOST_RUNS) {
      const most = MOST_RUNS.toLocaleString('en');
      this.#refuse(
        'partitions',
        `That makes ${runCount.toLocaleString('en')} runs. One launch holds at most ${most}; choose fewer keys.`,
      );
    }
    const refused = this.problems.some(({ severity }) => severity === 'error');
    const planned = runCount > MOST_RUNS ? [] : waves;
    return {
      plan: {
        waves: planned.map((wave, at) => this.#describe(wave, at + 1)),
        runCount,
        problems: this.problems,
      },
      runs: refused ? [] : waves.flatMap((wave, at) => this.#plannedRuns(wave, at + 1)),
    };
  }

  #chosenAssets(): readonly AssetSpec[] {
    const { graph } = this.#world;
    const { assetKeys } = this.#request;
    if (assetKeys.length === 0) this.#refuse('assets', 'No asset is chosen.');
    for (const assetKey of assetKeys) {
      const asset = graph.assets.get(assetKey);
      if (!asset) {
        this.#refuse('assets', `${assetKey} is not an asset of this notebook.`);
      } else if (asset.external) {
        this.#refuse('assets', `${assetKey} is external: something else materializes it.`);
      } else if (graph.cyclic.includes(assetKey)) {
        this.#refuse('assets', `${assetKey} depends on itself through other assets.`);
      }
    }
    return graph.inOrder(assetKeys).flatMap((assetKey) => graph.assets.get(assetKey) ?? []);
  }

  /** BF-2. */
  #targetKeys(assets: readonly AssetSpec[]): void {
    const partitioned = assets.filter((asset) => asset.partitionsDef !== null);
    for (const asset of assets) {
      if (asset.partitionsDef === null) this.#targets.set(asset.assetKey, THE_ONE);
    }
    const [first] = partitioned;
    const { partitionKeys } = this.#request;
    if (!first) {
      if (partitionKeys !== null && assets.length > 0) {
        const names = assets.map(({ assetKey }) => assetKey).join(', ');
        this.#refuse('partitions', `${names} has no partitions, so it takes no keys.`);
      }
      return;
    }
    if (partitionKeys === null) {
      // Allowed, as in Dagster (JOB-7); nothing of it counts for a key.
      for (const { assetKey } of partitioned) this.#targets.set(assetKey, []);
      this.#warn(
        'partitions',
        'No key is chosen: the run has none, and no key of the asset turns green.',
      );
      return;
    }
    const chosen = new Set(partitioned.map(({ assetKey }) => assetKey));
    const roots = partitioned.filter(
      ({ assetKey, deps }) =>
        !deps.some((dep) => dep.assetKey !== assetKey && chosen.has(dep.assetKey)),
    );
    const index = this.#indexOf(first);
    const other = roots.find(
      (root) => !equalPartitionsDefinitions(root.partitionsDef, first.partitionsDef),
    );
    if (other) {
      this.#refuse(
        'assets',
        `All the assets at the root of the backfill must have the same PartitionsDefinition: ${first.assetKey} and ${other.assetKey} have different ones.`,
      );
      return;
    }
    const subset = this.#subsetOfKeys(partitionKeys, index);
    if (subset.length === 0) return;
    for (const { assetKey } of roots) this.#targets.set(assetKey, subset);
    for (const asset of partitioned) {
      if (roots.includes(asset)) continue;
      let target: PartitionsSubset = [];
      for (const dependency of asset.deps) {
        const upstreamTarget = this.#targets.get(dependency.assetKey);
        const upstream = this.#world.graph.assets.get(dependency.assetKey);
        if (!upstreamTarget || !upstream?.partitionsDef || upstream === asset) continue;
        const mapped = mapToDownstream({
          mapping: mappingOf(asset, dependency, this.#world.graph),
          upstream: this.#indexOf(upstream),
          downstream: this.#indexOf(asset),
          subset: upstreamTarget,
        });
        target = union(target, mapped);
      }
      if (target.length > 0) this.#targets.set(asset.assetKey, target);
      else this.#warn('assets', `${asset.assetKey} reads none of the chosen keys; it is left out.`);
    }
  }

  #subsetOfKeys(keys: readonly PartitionKey[], index: PartitionIndex): PartitionsSubset {
    if (keys.length === 0) this.#refuse('partitions', 'No key is chosen.');
    const ordinals: number[] = [];
    const unknown = new Set<PartitionKey>();
    for (const key of keys) {
      const ordinal = index.ordinalOf(key);
      if (ordinal < 0) unknown.add(key);
      else ordinals.push(ordinal);
    }
    for (const key of [...unknown].slice(0, NAMED_PROBLEMS)) {
      this.#refuse('partitions', explainUnknownKey(key, index));
    }
    const more = unknown.size - NAMED_PROBLEMS;
    if (more > 0) this.#refuse('partitions', `${more} more are not keys either.`);
    return subsetOf(ordinals.sort((left, right) => left - right));
  }

  #wavesOf(assets: readonly AssetSpec[]): readonly Wave[] {
    const waves: Wave[] = [];
    const waveOf = new Map<AssetKeyText, Wave>();
    for (const asset of assets) {
      let level = 1;
      let waitsBecause: string | null = null;
      const subset = this.#target(asset);
      const readsItself = asset.deps.some((dep) => dep.assetKey === asset.assetKey);
      for (const dependency of asset.deps) {
        const upstreamWave = waveOf.get(dependency.assetKey);
        if (!upstreamWave || dependency.assetKey === asset.assetKey) continue;
        const reason = this.#cannotShare(asset, dependency, readsItself, upstreamWave);
        const needed = upstreamWave.level + (reason === null ? 0 : 1);
        if (needed > level || (needed === level && waitsBecause === null)) {
          waitsBecause = reason ?? upstreamWave.waitsBecause;
        }
        level = Math.max(level, needed);
      }
      const together = waves.find(
        (wave) =>
          wave.level === level &&
          !readsItself &&
          !wave.oneByOne &&
          equalSubsets(wave.subset, subset) &&
          equalPartitionsDefinitions(wave.assets[0]?.partitionsDef ?? null, asset.partitionsDef),
      );
      const wave = together ?? { assets: [], subset, level, oneByOne: readsItself, waitsBecause };
      wave.assets.push(asset);
      waveOf.set(asset.assetKey, wave);
      if (!together) waves.push(wave);
    }
    // Of one level, in the order of the assets; each goes when all before it have ended.
    return waves.sort((one, other) => one.level - other.level);
  }

  /** Why `asset` cannot share the runs of an upstream asset (BF-8); null if it can. */
  #cannotShare(
    asset: AssetSpec,
    dependency: AssetDependency,
    readsItself: boolean,
    upstreamWave: Wave,
  ): string | null {
    const { graph } = this.#world;
    const { assetKey } = asset;
    const upstream = graph.assets.get(dependency.assetKey) as AssetSpec;
    const mapping = mappingOf(asset, dependency, graph);
    const bothWithout = asset.partitionsDef === null && upstream.partitionsDef === null;
    if (readsItself) return `${assetKey} reads itself`;
    if (upstreamWave.oneByOne) return `${upstream.assetKey} goes one key after another`;
    if (bothWithout) return null;
    if (asset.partitionsDef === null) return `${assetKey} reads every key of ${upstream.assetKey}`;
    if (upstream.partitionsDef === null) {
      return `every key of ${assetKey} reads ${upstream.assetKey}, which has no partitions`;
    }
    if (!equalPartitionsDefinitions(asset.partitionsDef, upstream.partitionsDef)) {
      return mapping.kind === 'all'
        ? `each key of ${assetKey} reads every key of ${upstream.assetKey}`
        : `${assetKey} has keys of its own, each made from keys of ${upstream.assetKey}`;
    }
    const isSimple =
      mapping.kind === 'identity' ||
      (mapping.kind === 'timeWindow' && mapping.startOffset === 0 && mapping.endOffset === 0);
    if (!isSimple) return `${assetKey} reads other keys of ${upstream.assetKey} than its own`;
    const same = equalSubsets(this.#target(asset), this.#target(upstream));
    return same ? null : `${assetKey} and ${upstream.assetKey} run for different keys`;
  }

  #describe({ assets, subset, oneByOne, waitsBecause }: Wave, number: number): PlanWave {
    const [first] = assets;
    const index = first ? this.#indexOrNull(first) : null;
    const withoutKey = index === null || this.#request.partitionKeys === null;
    const names = assets.map(({ assetKey }) => assetKey);
    const runCount = withoutKey ? 1 : countOf(subset);
    const sentences: string[] = [];
    if (number > 1) {
      sentences.push(
        waitsBecause === null
          ? `Wave ${number} goes after the waves before it.`
          : `Wave ${number} waits: ${waitsBecause}.`,
      );
    }
    if (oneByOne)
      sentences.push('Its keys go one after another, because each reads one before it.');
    else if (runCount > 1) sentences.push('One run for each key.');
    if (names.length > 1) {
      sentences.push(
        index
          ? `${joined(names)} share a run, because each key reads only its own.`
          : `${joined(names)} share a run.`,
      );
    }
    if (sentences.length === 0) sentences.push('One run.');
    return {
      assetKeys: names,
      partitionKeys: withoutKey ? null : keysOf(index, subset),
      runCount,
      reason: sentences.join(' '),
    };
  }

  #plannedRuns({ assets, subset, oneByOne }: Wave, wave: number): readonly PlannedRun[] {
    const [first] = assets;
    const index = first ? this.#indexOrNull(first) : null;
    const assetKeys = assets.map(({ assetKey }) => assetKey);
    if (!index || this.#request.partitionKeys === null) {
      return [{ assetKeys, partitionKey: null, wave, oneByOne, dimensionTags: {} }];
    }
    return keysOf(index, subset).map((partitionKey) => ({
      assetKeys,
      partitionKey,
      wave,
      oneByOne,
      dimensionTags: dimensionTagsOf(partitionKey, index),
    }));
  }

  #runsOf({ assets, subset }: Wave): number {
    const hasKeys = this.#request.partitionKeys !== null && assets[0]?.partitionsDef;
    return hasKeys ? countOf(subset) : 1;
  }

  #checkConfig(assets: readonly AssetSpec[]): void {
    const steps = assets.flatMap(({ assetKey, config }) =>
      config ? [{ stepKey: stepKeyOf(assetKey), config }] : [],
    );
    const { runConfig } = this.#request;
    // An entry that is left out whole is checked as an empty one, so that each error names its field.
    const ops: Record<string, unknown> = { ...runConfig.ops };
    for (const { stepKey } of steps) {
      ops[stepKey] = { config: {}, ...runConfig.ops?.[stepKey] };
    }
    const outcome = validateConfig(runConfigSchema(steps), { ...runConfig, ops }, []);
    if (outcome.status === 'valid') return;
    for (const error of outcome.errors) {
      for (const field of fieldsOf(error)) this.#refuse(field, error.message);
    }
  }

  /** What the asset reads must exist; what it loads should be there by then. */
  #checkUpstream(asset: AssetSpec): void {
    const { graph, everMaterialized } = this.#world;
    const { assetKey } = asset;
    for (const dependency of asset.deps) {
      const loads = dependency.inputName !== null;
      const upstream = graph.assets.get(dependency.assetKey);
      if (!upstream) {
        if (loads) {
          this.#warn(
            'assets',
            `${assetKey} loads ${dependency.assetKey}, which is not an asset of this notebook: the run will fail.`,
          );
        }
        continue;
      }
      if (upstream.external && !loads) continue;
      if (asset.partitionsDef && this.#request.partitionKeys === null) continue;
      const index = this.#indexOrNull(upstream);
      const { subset, requiredButNonexistent } = mapToUpstream({
        mapping: mappingOf(asset, dependency, graph),
        downstream: this.#indexOrNull(asset),
        upstream: index,
        subset: this.#target(asset),
      });
      if (requiredButNonexistent.length > 0) {
        const keys = listed(requiredButNonexistent);
        const message = `${assetKey} needs ${keys} of ${upstream.assetKey}, which ${requiredButNonexistent.length === 1 ? 'does' : 'do'} not exist.`;
        if (loads || this.#isBackfill()) this.#refuse('partitions', message);
        else this.#warn('partitions', message);
      }
      const inLaunch = this.#targets.get(upstream.assetKey) ?? [];
      const lacking = subtract(subtract(subset, inLaunch), everMaterialized(upstream.assetKey));
      if (lacking.length === 0 || dependency.allowMissingPartitions) continue;
      const where = index ? ` at ${listed(keysOf(index, lacking))}` : '';
      this.#warn(
        'partitions',
        loads
          ? `${upstream.assetKey} is missing${where}, and ${assetKey} loads it: what reads it will fail.`
          : `${upstream.assetKey} is missing${where}. ${assetKey} depends on it without loading it, so it runs.`,
      );
    }
  }

  #isBackfill(): boolean {
    return (this.#request.partitionKeys?.length ?? 0) > 1;
  }

  #target({ assetKey }: AssetSpec): PartitionsSubset {
    return this.#targets.get(assetKey) ?? [];
  }

  #indexOrNull({ partitionsDef }: AssetSpec): PartitionIndex | null {
    return this.#world.keySpace.indexOf(partitionsDef);
  }

  #indexOf(asset: AssetSpec): PartitionIndex {
    return this.#indexOrNull(asset) as PartitionIndex;
  }

  #refuse(field: string, message: string): void {
    this.problems.push({ severity: 'error', field, message });
  }

  #warn(field: string, message: string): void {
    this.problems.push({ severity: 'warning', field, message });
  }
}

function dimensionTagsOf(
  partitionKey: PartitionKey,
  { definition }: PartitionIndex,
): Readonly<Record<string, string>> {
  if (definition.kind !== 'multi') return {};
  const parts = partitionKey.split(DIMENSION_SEPARATOR);
  return Object.fromEntries(
    definition.dimensions.map(({ name }, at) => [
      RunTag.partitionDimension + name,
      parts[at] ?? '',
    ]),
  );
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

function joined(names: readonly string[]): string {
  const last = names.at(-1) ?? '';
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} and ${last}`;
}

/** A few keys by name, and how many more. */
function listed(keys: readonly string[]): string {
  const more = keys.length - NAMED_PROBLEMS;
  if (more <= 1) return joined(keys);
  return `${keys.slice(0, NAMED_PROBLEMS).join(', ')} and ${more} more`;
}
