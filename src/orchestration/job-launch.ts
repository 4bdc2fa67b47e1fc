import type { AssetKeyText, AssetSpec, JobSpec } from '../definitions/definitions.ts';
import { InvalidDefinitionError } from '../errors.ts';
import type { PartitionKey } from '../partitions/context.ts';
import { rangesOf, subsetOfRanges } from '../partitions/key-ranges.ts';
import type { PartitionIndex } from '../partitions/partition-index.ts';
import type { PartitionsSubset } from '../partitions/subset/partitions-subset.ts';
import { countOf } from '../partitions/subset/subset-algebra.ts';
import { keysOf } from '../partitions/subset/subset-keys.ts';
import type { LaunchRequest, PlanProblem, PlanWave } from '../protocol/engine.ts';
import type { AssetSubsets, Backfill, BackfillJob } from './backfill/backfill.ts';
import { BackfillGraph } from './backfill/backfill-graph.ts';
import { ownConfigOf, type LaunchExtras } from './backfill/launch-extras.ts';
import { inWords } from './backfill/plan-waves.ts';
import { countRuns } from './backfill/run-requests.ts';
import { startBackfill } from './backfill/start-backfill.ts';
import { jobStepConfigs } from './job-config.ts';
import { keyConfigsOf, type AskKeyConfigs } from './key-configs.ts';
import {
  tooManyRuns,
  type LaunchDecision,
  type PlannedRun,
  type PlanWorld,
} from './launch-plan.ts';
import { assetProblems, configProblems, keyProblems, upstreamProblems } from './launch-problems.ts';
import { MOST_RUNS } from './most-runs.ts';
import { partitionTags } from './partition-tags.ts';
import { saysAnything, type RunConfig } from './run.ts';

/** What a launch of a job is decided from. */
export interface JobPlanWorld extends PlanWorld {
  readonly job: JobSpec;
  readonly askKeyConfigs: AskKeyConfigs;
}

/** Of a launch of more keys, the configs of so many are checked beforehand; the rest when their runs are made. */
const CHECKED_KEYS = 1000;
/** Longer lists of keys with a fault are summed up. */
const NAMED_KEYS = 3;

/**
 * Decides what a launch of a job does (JB-1 … JB-5, JOB-3, JOB-4, JOB-7). No key and one key make one run, over
 * all chosen assets of the job, or its ops; its config is the one given, else that which the job fills in for
 * the key (RR-2). Several keys make a job backfill: a run for each, or for neighbours where the assets have a
 * policy, in no order of dependence; there the config that the job fills in comes first (JB-3).
 */
export async function planJobLaunch(
  request: LaunchRequest,
  world: JobPlanWorld,
): Promise<LaunchDecision> {
  const planner = new JobPlanner(request, world);
  try {
    return await planner.decide();
  } catch (fault) {
    if (!(fault instanceof InvalidDefinitionError)) throw fault;
    return planner.refused('assets', fault.message);
  }
}

/**
 * How many neighbouring keys one run of a job takes: the smallest that the policies of its partitioned assets
 * allow, 1 if any of them has none, or none has partitions; null for all (JOB-4).
 */
function partitionsPerRunOf(assets: readonly AssetSpec[]): number | null {
  const limits = assets
    .filter(({ partitionsDef }) => partitionsDef !== null)
    .map(({ backfillPolicy }) => (backfillPolicy ? backfillPolicy.maxPartitionsPerRun : 1));
  if (limits.length === 0) return 1;
  const least = Math.min(...limits.map((limit) => limit ?? Infinity));
  return least === Infinity ? null : least;
}

class JobPlanner {
  readonly #problems: PlanProblem[] = [];
  readonly #request: LaunchRequest;
  readonly #world: JobPlanWorld;
  readonly #graph: BackfillGraph;
  /** In the order in which they execute. */
  readonly #assetKeys: readonly AssetKeyText[];
  readonly #ownExtras: LaunchExtras;

  constructor(request: LaunchRequest, world: JobPlanWorld) {
    this.#request = request;
    this.#world = world;
    this.#graph = new BackfillGraph(world.graph, world.keySpace);
    const { job } = world;
    const { configByKey = [], pace } = request;
    this.#ownExtras = { ...pace, configByKey, configuredDef: job.partitionsDef };
    const chosen = request.assetKeys.length > 0 ? request.assetKeys : job.assetKeys;
    this.#assetKeys = job.ops ? [] : this.#graph.inOrder(new Set(chosen));
  }

  async decide(): Promise<LaunchDecision> {
    const { job, keySpace } = this.#world;
    const { partitionRanges } = this.#request;
    this.#checkWhatRuns();
    const index = keySpace.indexOf(job.partitionsDef);
    if (partitionRanges === null) return this.#withoutKey(index);
    if (!index) {
      return this.refused('partitions', `${job.jobName} has no partitions, so it takes no keys.`);
    }
    const problems = keyProblems(partitionRanges, index);
    this.#problems.push(...problems);
    if (problems.length > 0) return this.#decided([], 0, {}, {}, {});
    const { subset } = subsetOfRanges(index, partitionRanges);
    return countOf(subset) === 1 ? this.#withOneKey(index, subset) : this.#withKeys(index, subset);
  }

  /** Adds an error, and decides that nothing runs. */
  refused(field: string, message: string): LaunchDecision {
    this.#problems.push({ severity: 'error', field, message });
    return this.#decided([], 0, {}, {}, {});
  }

  get #specs(): readonly AssetSpec[] {
    return this.#assetKeys.flatMap((assetKey) => this.#graph.specOf(assetKey) ?? []);
  }

  #checkWhatRuns(): void {
    const { job } = this.#world;
    if (job.ops) {
      if (job.ops.length > 0) return;
      this.#problems.push({
        severity: 'error',
        field: 'assets',
        message: `${job.jobName} calls no op.`,
      });
      return;
    }
    const request = { ...this.#request, assetKeys: this.#assetKeys };
    this.#problems.push(...assetProblems(request, this.#graph));
  }

  #withoutKey(index: PartitionIndex | null): LaunchDecision {
    const { job } = this.#world;
    if (index) {
      this.#problems.push({
        severity: 'warning',
        field: 'partitions',
        message: job.partitionedConfig
          ? 'No key is chosen: the run has none, and no key gives it its config.'
          : 'No key is chosen: the run has none, and no key of an asset turns green.',
      });
    }
    const unpartitioned = this.#specs.filter(({ partitionsDef }) => partitionsDef === null);
    this.#checkUpstream(unpartitioned, null, false);
    const { runConfig } = this.#request;
    const ofJob = index ? {} : ((job.runConfig ?? {}) as RunConfig);
    const config = saysAnything(runConfig) ? runConfig : ofJob;
    this.#problems.push(...this.#configProblems(config));
    return this.#oneRun(null, config, {}, {});
  }

  async #withOneKey(index: PartitionIndex, subset: PartitionsSubset): Promise<LaunchDecision> {
    const { job } = this.#world;
    const [partitionKey = ''] = keysOf(index, subset);
    this.#checkUpstream(this.#specs, subset, false);
    const [own] = await this.#keyConfigs([partitionKey]);
    const { runConfig } = this.#request;
    if (!own || 'error' in own) {
      return this.refused('config', own ? configFault(job, partitionKey, own.error) : '');
    }
    const given = ownConfigOf(this.#ownExtras, index, index.ordinalOf(partitionKey)) ?? runConfig;
    const config = saysAnything(given) ? given : own.runConfig;
    this.#problems.push(...this.#configProblems(config));
    const ofPartition = partitionTags(partitionKey, index.definition, null);
    return this.#oneRun(partitionKey, config, own.tags, ofPartition);
  }

  #oneRun(
    partitionKey: PartitionKey | null,
    runConfig: RunConfig,
    ownTags: Readonly<Record<string, string>>,
    ofPartition: Readonly<Record<string, string>>,
  ): LaunchDecision {
    const assetKeys = this.#assetKeys;
    const wave: PlanWave = {
      assetKeys,
      partitionRanges: partitionKey === null ? null : [[partitionKey, partitionKey]],
      keyCount: partitionKey === null ? 0 : 1,
      runCount: 1,
      reason: assetKeys.length > 1 ? `One run of the job, for ${inWords(assetKeys)}.` : 'One run.',
    };
    const run: PlannedRun = { assetKeys, partitionKey, partitionTags: ofPartition };
    return this.#decided([wave], 1, { run }, runConfig, ownTags);
  }

  async #withKeys(index: PartitionIndex, subset: PartitionsSubset): Promise<LaunchDecision> {
    const partitionsPerRun = this.#partitionsPerRun();
    this.#checkUpstream(this.#specs, subset, partitionsPerRun === 1);
    await this.#checkKeyConfigs(index, subset, partitionsPerRun);
    const assetKeys = this.#assetKeys;
    const takesRanges = partitionsPerRun !== 1;
    const runCount = countRuns(subset, index, takesRanges ? (partitionsPerRun ?? Infinity) : null);
    const wave: PlanWave = {
      assetKeys,
      partitionRanges: rangesOf(index, subset),
      keyCount: countOf(subset),
      runCount,
      reason: takesRanges
        ? `One run of the job for ${partitionsPerRun === null ? 'all' : `up to ${partitionsPerRun}`} neighbouring keys.`
        : 'One run of the job for each key; none waits for another.',
      ...(takesRanges && { partitionsPerRun }),
    };
    if (runCount > MOST_RUNS) {
      this.#problems.push(tooManyRuns(runCount));
      return this.#decided([], runCount, {}, {}, {});
    }
    const backfill = this.#backfill(index, subset, { assetKeys, partitionsPerRun });
    if (takesRanges && this.#ownExtras.configByKey.length > 0) {
      return this.refused('config', 'A run of several keys has one config, not one for each key.');
    }
    return this.#decided([wave], runCount, { backfill }, this.#request.runConfig, {});
  }

  /** Neighbouring keys that a run takes at most; null for all. */
  #partitionsPerRun(): number | null {
    const policy = this.#request.pace?.backfillPolicy;
    if (this.#world.job.ops || policy === null) return 1;
    return policy ? policy.maxPartitionsPerRun : partitionsPerRunOf(this.#specs);
  }

  #backfill(index: PartitionIndex, subset: PartitionsSubset, job: BackfillJob): Backfill {
    const { jobName } = this.#world.job;
    const { configByKey, pace, runConfig, tags } = this.#request;
    const hasExtras = (configByKey?.length ?? 0) > 0 || pace !== undefined;
    const target = { assetKey: jobName, partitionsDef: index.definition, subset, unknownKeys: [] };
    return startBackfill([target], this.#world.keySpace.context, {
      backfillId: '',
      jobName,
      job,
      runConfig,
      tags,
      ...(hasExtras && { extras: this.#ownExtras }),
    });
  }

  /** Checks what each key is given, as when its run is made. */
  async #checkKeyConfigs(
    index: PartitionIndex,
    subset: PartitionsSubset,
    partitionsPerRun: number | null,
  ): Promise<void> {
    const { job } = this.#world;
    const { runConfig } = this.#request;
    const differs = job.partitionedConfig === true;
    // Where all keys are given the same, the first stands for all.
    const checked = subset.length === 0 ? [] : firstOf(subset, differs ? CHECKED_KEYS : 1);
    const keys = keysOf(index, checked);
    const configs = await this.#keyConfigs(keys);
    const faults: { readonly key: PartitionKey; readonly problems: readonly PlanProblem[] }[] = [];
    let ignored = false;
    for (const [at, own] of configs.entries()) {
      const key = keys[at] as PartitionKey;
      if ('error' in own) {
        const message = configFault(job, key, own.error);
        faults.push({ key, problems: [{ severity: 'error', field: 'config', message }] });
        continue;
      }
      const typed = ownConfigOf(this.#ownExtras, index, index.ordinalOf(key));
      const hasOwn = typed === null && saysAnything(own.runConfig);
      if (hasOwn && saysAnything(runConfig) && !sameData(own.runConfig, runConfig)) ignored = true;
      const problems = this.#configProblems(typed ?? (hasOwn ? own.runConfig : runConfig));
      const named = differs
        ? problems.map((one) => ({ ...one, message: `${key}: ${one.message}` }))
        : problems;
      if (problems.length > 0) faults.push({ key, problems: named });
    }
    for (const { problems } of faults.slice(0, NAMED_KEYS)) this.#problems.push(...problems);
    const more = faults.length - NAMED_KEYS;
    if (more > 0) {
      const message = `The config of ${more} more keys does not fit either.`;
      this.#problems.push({ severity: 'error', field: 'config', message });
    }
    if (!ignored) return;
    // Over ranges, Dagster takes either, and fails if it is given both (JB-2).
    this.#problems.push(
      partitionsPerRun === 1
        ? {
            severity: 'warning',
            field: 'config',
            message: `${job.jobName} fills in the config of every key: of the config given here, nothing is used for several keys.`,
          }
        : {
            severity: 'error',
            field: 'config',
            message: `${job.jobName} has a config of its own, and a run of it takes several keys: leave out the config given here.`,
          },
    );
  }

  #keyConfigs(keys: readonly PartitionKey[]) {
    const { job, askKeyConfigs } = this.#world;
    return keyConfigsOf(job, keys, askKeyConfigs);
  }

  #configProblems(runConfig: RunConfig): readonly PlanProblem[] {
    const { job, graph } = this.#world;
    return configProblems(runConfig, jobStepConfigs(job, graph.assets.values(), this.#assetKeys));
  }

  /** @param subset the chosen keys; null for none. */
  #checkUpstream(
    assets: readonly AssetSpec[],
    subset: PartitionsSubset | null,
    sideBySide: boolean,
  ): void {
    const targets: AssetSubsets = new Map(
      assets.map(({ assetKey, partitionsDef }) => [
        assetKey,
        partitionsDef === null ? [0, 1] : (subset ?? []),
      ]),
    );
    const { everMaterialized } = this.#world;
    for (const asset of assets) {
      this.#problems.push(
        ...upstreamProblems(asset, targets, false, this.#graph, everMaterialized),
      );
      if (!sideBySide || asset.partitionsDef === null) continue;
      for (const { upstream, mapping } of this.#graph.upstreamOf(asset.assetKey)) {
        if (!targets.has(upstream) || this.#graph.indexOf(upstream) === null) continue;
        if (mapping.kind === 'identity' || isSameWindow(mapping)) continue;
        const what = upstream === asset.assetKey ? 'of itself' : `of ${upstream}`;
        this.#problems.push({
          severity: 'warning',
          field: 'partitions',
          message: `${asset.assetKey} reads other keys ${what}, and the runs of a job do not wait for each other.`,
        });
      }
    }
  }

  #decided(
    waves: readonly PlanWave[],
    runCount: number,
    { run = null, backfill = null }: Partial<Pick<LaunchDecision, 'run' | 'backfill'>>,
    runConfig: RunConfig,
    ownTags: Readonly<Record<string, string>>,
  ): LaunchDecision {
    const { job } = this.#world;
    const refused = this.#problems.some(({ severity }) => severity === 'error');
    return {
      plan: { waves, runCount, problems: this.#problems },
      run: refused ? null : run,
      backfill: refused ? null : backfill,
      options: {
        jobName: job.jobName,
        runConfig,
        tags: { ...job.tags, ...ownTags, ...this.#request.tags },
      },
    };
  }
}

function configFault(
  { jobName }: JobSpec,
  key: PartitionKey,
  { name, message }: { readonly name: string; readonly message: string },
): string {
  return `The config of ${jobName} for ${key} could not be made: ${name}: ${message}`;
}

function firstOf(subset: PartitionsSubset, count: number): PartitionsSubset {
  let left = count;
  const first: number[] = [];
  for (let at = 0; at < subset.length && left > 0; at += 2) {
    const [start = 0, end = 0] = subset.slice(at, at + 2);
    first.push(start, Math.min(end, start + left));
    left -= end - start;
  }
  return first;
}

function isSameWindow(mapping: {
  readonly kind: string;
  readonly startOffset?: number;
  readonly endOffset?: number;
}): boolean {
  return mapping.kind === 'timeWindow' && mapping.startOffset === 0 && mapping.endOffset === 0;
}

function sameData(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
