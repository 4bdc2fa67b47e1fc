import { formatCount } from '../counts.ts';
import type { AssetKeyText, AssetSpec } from '../definitions/definitions.ts';
import type { AssetGraph } from '../definitions/graph.ts';
import { InvalidDefinitionError } from '../errors.ts';
import type { PartitionKey } from '../partitions/context.ts';
import { subsetOfRanges } from '../partitions/key-ranges.ts';
import { equalPartitionsDefinitions } from '../partitions/definition/identity.ts';
import type { PartitionsSubset } from '../partitions/subset/partitions-subset.ts';
import { countOf, equalSubsets, subtract, unionAll } from '../partitions/subset/subset-algebra.ts';
import type { LaunchPlan, LaunchRequest, PlanProblem, PlanWave } from '../protocol/engine.ts';
import type { AssetSubsets, Backfill, BackfillTarget } from './backfill/backfill.ts';
import { BackfillGraph } from './backfill/backfill-graph.ts';
import { forecastBackfill, type Forecast } from './backfill/forecast-backfill.ts';
import { inWords, planWaves } from './backfill/plan-waves.ts';
import { configPartsOf, ownConfigOf, type LaunchExtras } from './backfill/launch-extras.ts';
import { startBackfill } from './backfill/start-backfill.ts';
import { rootsOf, targetBackfill, type TargetOutcome } from './backfill/target-backfill.ts';
import type { KeySpace } from './key-space.ts';
import { IMPLICIT_JOB } from './job-names.ts';
import { MOST_RUNS } from './most-runs.ts';
import { partitionTags } from './partition-tags.ts';
import type { LaunchOptions } from './daemon.ts';
import { stepConfigsOf, type StepConfig } from './job-config.ts';
import type { RunConfig } from './run.ts';
import {
  assetProblems,
  configProblems,
  keyedConfigProblems,
  keyProblems,
  upstreamProblems,
} from './launch-problems.ts';

/** One plain run to make. */
export interface PlannedRun {
  /** In the order in which they execute. */
  readonly assetKeys: readonly AssetKeyText[];
  readonly partitionKey: PartitionKey | null;
  /** What says its keys on the run (RUN-2). */
  readonly partitionTags: Readonly<Record<string, string>>;
}

/** A plan for people, and what it comes to. */
export interface LaunchDecision {
  readonly plan: LaunchPlan;
  /** Of a launch of one plain run; null if it is a backfill, and if the plan has an error. */
  readonly run: PlannedRun | null;
  /**
   * The backfill that asks for the planned runs, look by look, still without an id of its own; null
   * for a launch of one plain run, and if the plan has an error.
   */
  readonly backfill: Backfill | null;
  /** What a single run is given beside its keys. */
  readonly options: LaunchOptions;
}

/** What a plan is made from. */
export interface PlanWorld {
  readonly graph: AssetGraph;
  readonly keySpace: KeySpace;
  /** Keys of an asset that were ever materialized; ordinal 0 for an asset without partitions. */
  readonly everMaterialized: (assetKey: AssetKeyText) => PartitionsSubset;
}

/**
 * Decides what a launch does: which runs, for which keys, in which order, and what speaks
 * against it. Assets without partitions, a launch without keys, and one key of assets of one
 * definition make one plain run (RUN-3, JOB-3, JOB-7). All else is a backfill, and the plan
 * its forecast: the looks of the daemon, run ahead.
 */
export function planLaunch(request: LaunchRequest, world: PlanWorld): LaunchDecision {
  const planner = new Planner(request, world);
  try {
    return planner.decide();
  } catch (fault) {
    if (!(fault instanceof InvalidDefinitionError)) throw fault;
    return planner.refused('assets', fault.message);
  }
}

class Planner {
  readonly #problems: PlanProblem[] = [];
  readonly #request: LaunchRequest;
  readonly #world: PlanWorld;
  readonly #graph: BackfillGraph;

  constructor(request: LaunchRequest, world: PlanWorld) {
    this.#request = request;
    this.#world = world;
    const asDeclared = new BackfillGraph(world.graph, world.keySpace);
    const extras = extrasOf(request, asDeclared);
    this.#graph = extras ? new BackfillGraph(world.graph, world.keySpace, extras) : asDeclared;
  }

  decide(): LaunchDecision {
    this.#problems.push(...assetProblems(this.#request, this.#graph));
    const { assetKeys, partitionRanges } = this.#request;
    const chosen = this.#graph
      .inOrder(new Set(assetKeys))
      .flatMap((assetKey) => this.#graph.specOf(assetKey) ?? []);
    const partitioned = chosen.filter(({ partitionsDef }) => partitionsDef !== null);
    if (partitioned.length === 0 || partitionRanges === null) return this.#withoutKeys(chosen);
    const roots = rootsOf(partitioned, this.#graph);
    const [first] = roots as [AssetSpec];
    const index = this.#graph.indexOf(first.assetKey);
    const problems = index ? keyProblems(partitionRanges, index) : [];
    const other = roots.find(
      (root) => !equalPartitionsDefinitions(root.partitionsDef, first.partitionsDef),
    );
    if (!other && problems.length > 0) {
      this.#problems.push(...problems);
      return this.#decided([], 0, {}, chosen);
    }
    const request = { kind: 'keys', assetKeys, ranges: partitionRanges } as const;
    const outcome = targetBackfill(request, this.#graph);
    if (outcome.status === 'refused') return this.#refusedTarget(outcome, first, other);
    return this.#withKeys(outcome.targets, chosen);
  }

  /** Adds an error, and decides that nothing runs. */
  refused(field: string, message: string): LaunchDecision {
    this.#problems.push({ severity: 'error', field, message });
    return {
      plan: { waves: [], runCount: 0, problems: this.#problems },
      run: null,
      backfill: null,
      options: this.#options,
    };
  }

  #refusedTarget(
    { error }: Extract<TargetOutcome, { status: 'refused' }>,
    first: AssetSpec,
    other: AssetSpec | undefined,
  ): LaunchDecision {
    const names = other ? `: ${first.assetKey} and ${other.assetKey} have different ones.` : '';
    return this.refused('assets', error.message + names);
  }

  /** One plain run, without a key (JOB-7). */
  #withoutKeys(chosen: readonly AssetSpec[]): LaunchDecision {
    const names = inWords(chosen.map(({ assetKey }) => assetKey));
    const partitioned = chosen.some(({ partitionsDef }) => partitionsDef !== null);
    if (partitioned) {
      this.#problems.push({
        severity: 'warning',
        field: 'partitions',
        message: 'No key is chosen: the run has none, and no key of the asset turns green.',
      });
    } else if (this.#request.partitionRanges !== null && chosen.length > 0) {
      const verb = chosen.length === 1 ? 'has' : 'have';
      const takes = chosen.length === 1 ? 'it takes' : 'they take';
      return this.refused('partitions', `${names} ${verb} no partitions, so ${takes} no keys.`);
    }
    if (chosen.length === 0) return this.#decided([], 0, {}, chosen);
    const unpartitioned = chosen.filter(({ partitionsDef }) => partitionsDef === null);
    const targets = new Map(unpartitioned.map(({ assetKey }) => [assetKey, [0, 1]]));
    this.#checkUpstream(unpartitioned, targets, false);
    return this.#plainRun(chosen, null);
  }

  #withKeys(targets: readonly BackfillTarget[], chosen: readonly AssetSpec[]): LaunchDecision {
    const subsets = new Map(targets.map(({ assetKey, subset }) => [assetKey, subset]));
    for (const { assetKey } of chosen) {
      if (subsets.has(assetKey)) continue;
      this.#problems.push({
        severity: 'warning',
        field: 'assets',
        message: `${assetKey} reads none of the chosen keys; it is left out.`,
        leavesOut: assetKey,
      });
    }
    const targeted = chosen.filter(({ assetKey }) => subsets.has(assetKey));
    const only = onlyKeyOf(targets, this.#graph);
    this.#checkUpstream(targeted, subsets, only === null);
    if (only !== null) return this.#plainRun(targeted, only);
    const { runConfig, tags, jobName } = this.#request;
    const { extras } = this.#graph;
    const backfill = startBackfill(targets, this.#graph.keySpace.context, {
      backfillId: '',
      jobName: jobName ?? IMPLICIT_JOB,
      runConfig,
      tags,
      ...(extras && { extras }),
    });
    const forecast = forecastBackfill(backfill, this.#graph, new Map(), MOST_RUNS);
    this.#checkForecast(forecast);
    const { runCount } = forecast.backfill;
    if (runCount > MOST_RUNS) {
      const { requested } = forecast.backfill;
      const isWhole = targets.every(({ assetKey, subset }) =>
        equalSubsets(subset, requested.get(assetKey) ?? []),
      );
      this.#problems.push(tooManyRuns(runCount, !isWhole));
      return this.#decided([], runCount, {}, targeted);
    }
    const waves = planWaves(forecast, this.#graph);
    return this.#decided(waves, runCount, { backfill }, targeted);
  }

  #plainRun(assets: readonly AssetSpec[], partitionKey: PartitionKey | null): LaunchDecision {
    const assetKeys = assets.map(({ assetKey }) => assetKey);
    const definition = assets.find(({ partitionsDef }) => partitionsDef !== null)?.partitionsDef;
    const wave: PlanWave = {
      assetKeys,
      partitionRanges: partitionKey === null ? null : [[partitionKey, partitionKey]],
      keyCount: partitionKey === null ? 0 : 1,
      runCount: 1,
      reason: assetKeys.length > 1 ? `${inWords(assetKeys)} share a run.` : 'One run.',
    };
    const run: PlannedRun = {
      assetKeys,
      partitionKey,
      partitionTags:
        partitionKey !== null && definition ? partitionTags(partitionKey, definition, null) : {},
    };
    const index = this.#graph.indexOf(assets.find((one) => one.partitionsDef)?.assetKey ?? '');
    const ordinal = partitionKey === null ? -1 : (index?.ordinalOf(partitionKey) ?? -1);
    const runConfig = ownConfigOf(this.#graph.extras, index, ordinal);
    const options = { ...this.#options, ...(runConfig && { runConfig }) };
    return this.#decided([wave], 1, { run, options }, assets);
  }

  #decided(
    waves: readonly PlanWave[],
    runCount: number,
    {
      run = null,
      backfill = null,
      options = this.#options,
    }: Partial<Pick<LaunchDecision, 'run' | 'backfill' | 'options'>>,
    assets: readonly AssetSpec[],
  ): LaunchDecision {
    const steps = stepConfigsOf(assets);
    this.#checkConfig(run, options.runConfig, steps);
    const refused = this.#problems.some(({ severity }) => severity === 'error');
    return {
      plan: { waves, runCount, problems: this.#problems },
      run: refused ? null : run,
      backfill: refused ? null : backfill,
      options,
    };
  }

  get #options(): LaunchOptions {
    const { jobName, runConfig, tags } = this.#request;
    return { jobName: jobName ?? IMPLICIT_JOB, runConfig, tags };
  }

  /** Of a backfill, also what single keys are given; what all others are given counts only if there are others. */
  #checkConfig(run: PlannedRun | null, runConfig: RunConfig, steps: readonly StepConfig[]): void {
    const { extras } = this.#graph;
    if (run || !extras || extras.configByKey.length === 0) {
      this.#problems.push(...configProblems(runConfig, steps));
      return;
    }
    const { partitionRanges } = this.#request;
    const index = this.#world.keySpace.indexOf(extras.configuredDef);
    const chosen = index && partitionRanges ? subsetOfRanges(index, partitionRanges).subset : [];
    const own = configPartsOf(extras, index).map(({ subset }) => subset);
    if (subtract(chosen, unionAll(own)).length > 0) {
      this.#problems.push(...configProblems(runConfig, steps));
    }
    this.#problems.push(...keyedConfigProblems(extras.configByKey, steps));
  }

  #checkUpstream(assets: readonly AssetSpec[], targets: AssetSubsets, isBackfill: boolean): void {
    const { everMaterialized } = this.#world;
    for (const asset of assets) {
      this.#problems.push(
        ...upstreamProblems(asset, targets, isBackfill, this.#graph, everMaterialized),
      );
    }
  }

  /** What a look finds that no check before has named. */
  #checkForecast({ backfill: { status, error, failedAndDownstream } }: Forecast): void {
    if (error !== null && !this.#problems.some(({ severity }) => severity === 'error')) {
      this.#problems.push({ severity: 'error', field: 'partitions', message: error.message });
    }
    if (status !== 'COMPLETED_FAILED') return;
    const names = inWords([...failedAndDownstream.keys()]);
    this.#problems.push({
      severity: 'warning',
      field: 'partitions',
      message: `Keys of ${names} wait for what no run materializes: the backfill ends without them.`,
    });
  }
}

/** What a launch asks for beside what Dagster lets it; undefined if nothing. */
function extrasOf(
  { assetKeys, configByKey = [], pace }: LaunchRequest,
  graph: BackfillGraph,
): LaunchExtras | undefined {
  if (configByKey.length === 0 && (!pace || Object.keys(pace).length === 0)) return undefined;
  const chosen = graph.inOrder(new Set(assetKeys)).flatMap((key) => graph.specOf(key) ?? []);
  const [root] = rootsOf(
    chosen.filter(({ partitionsDef }) => partitionsDef !== null),
    graph,
  );
  return { ...pace, configByKey, configuredDef: root?.partitionsDef ?? null };
}

/** What says that a launch makes more runs than one may hold: so many, if `atLeast` that or more. */
export function tooManyRuns(runCount: number, atLeast = false): PlanProblem {
  const [counted, most] = [runCount, MOST_RUNS].map(formatCount);
  const many = `${counted} runs${atLeast ? ' or more' : ''}`;
  return {
    severity: 'error',
    field: 'partitions',
    message: `That makes ${many}. One launch holds at most ${most}; choose fewer keys.`,
  };
}

/** The key of a launch of one key of assets that share their definition; null for any other. */
function onlyKeyOf(targets: readonly BackfillTarget[], graph: BackfillGraph): PartitionKey | null {
  const partitioned = targets.filter(({ partitionsDef }) => partitionsDef !== null);
  const [first] = partitioned;
  if (!first || first.unknownKeys.length > 0 || countOf(first.subset) !== 1) return null;
  const same = partitioned.every(
    ({ partitionsDef, subset }) =>
      equalPartitionsDefinitions(partitionsDef, first.partitionsDef) &&
      equalSubsets(subset, first.subset),
  );
  return same ? (graph.indexOf(first.assetKey)?.keyAt(first.subset[0] as number) ?? null) : null;
}
