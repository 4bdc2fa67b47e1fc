import { InvalidDefinitionError, type DagsterErrorKind } from '../errors.ts';
import type { PartitionLoadingContext } from '../partitions/context.ts';
import { checkPartitionsDefinition } from '../partitions/check-definition.ts';
import { equalPartitionsDefinitions } from '../partitions/definition/identity.ts';
import { indexPartitions } from '../partitions/index-partitions.ts';
import { checkMapping, checkSelfDependency } from '../partitions/mapping/check-mapping.ts';
import { defaultMapping } from '../partitions/mapping/default-mapping.ts';
import type {
  AssetSpec,
  DeclaredAt,
  Definitions,
  JobSpec,
  ScheduleSpec,
  SensorSpec,
} from './definitions.ts';
import { AssetGraph } from './graph.ts';

/** What is wrong with a declaration, although its cell loads. */
export interface DefinitionProblem extends DeclaredAt {
  readonly severity: 'error' | 'warning';
  /** snake_case. */
  readonly code: string;
  readonly message: string;
  /** Dagster's class for it; absent where Dagster has none. */
  readonly kind?: DagsterErrorKind;
  /** What Dagster would give as its cause; absent if none. */
  readonly cause?: { readonly kind: DagsterErrorKind; readonly message: string };
}

/** Definitions that can be worked with, and what was wrong with the others. */
export interface ValidatedDefinitions {
  /** Without assets that cannot be worked with: a second one of a key, or one without usable partitions. */
  readonly definitions: Definitions;
  /** By kind of declaration, then in notebook order. */
  readonly problems: readonly DefinitionProblem[];
}

/** What Dagster checks when a code location loads, each at the declaration that caused it. */
export function validateDefinitions(
  definitions: Definitions,
  context: PartitionLoadingContext,
): ValidatedDefinitions {
  const problems: DefinitionProblem[] = [];
  const assets = usableAssets(definitions.assets, context, problems);
  const graph = new AssetGraph(assets);
  for (const asset of assets) checkEdges(asset, graph, problems);
  for (const job of definitions.jobs) checkJob(job, graph, problems);
  for (const automation of [...definitions.schedules, ...definitions.sensors]) {
    checkAutomation(automation, definitions, graph, problems);
  }
  checkNames('job', definitions.jobs, ({ jobName }) => jobName, problems);
  checkNames('schedule', definitions.schedules, ({ scheduleName }) => scheduleName, problems);
  checkNames('sensor', definitions.sensors, ({ sensorName }) => sensorName, problems);
  return { definitions: { ...definitions, assets }, problems };
}

function usableAssets(
  assets: readonly AssetSpec[],
  context: PartitionLoadingContext,
  problems: DefinitionProblem[],
): readonly AssetSpec[] {
  const keys = new Set<string>();
  return assets.filter((asset) => {
    const { assetKey, partitionsDef } = asset;
    if (keys.has(assetKey)) {
      const message = `Duplicate asset key: ${assetKey} is declared more than once. The first counts.`;
      problems.push(problemAt(asset, 'duplicate_asset_key', message));
      return false;
    }
    keys.add(assetKey);
    if (!partitionsDef) return true;
    return holds(
      asset,
      problems,
      'invalid_partitions',
      `Invalid partition definition for ${assetKey}`,
      () => checkPartitionsDefinition(indexPartitions(partitionsDef, context)),
    );
  });
}

/** INF-6, INF-11. */
function checkEdges(asset: AssetSpec, graph: AssetGraph, problems: DefinitionProblem[]): void {
  const { assetKey, partitionsDef, external } = asset;
  if (graph.cyclic.includes(assetKey)) {
    const cycle = graph.cyclic.join(', ');
    const message = `${assetKey} depends on itself through other assets. In the cycle: ${cycle}.`;
    problems.push(problemAt(asset, 'asset_cycle', message));
  }
  for (const { assetKey: upstreamKey, mapping, inputName } of asset.deps) {
    const upstream = graph.assets.get(upstreamKey);
    if (!upstream) {
      // A dependency on a key of elsewhere is allowed; there is just nothing to load.
      if (inputName === null) continue;
      const message = `${assetKey} loads ${upstreamKey}, which is not an asset of this notebook.`;
      problems.push({ ...problemAt(asset, 'unknown_input', message), severity: 'warning' });
      continue;
    }
    if (upstream === asset) {
      holds(asset, problems, 'invalid_self_dependency', null, () =>
        checkSelfDependency(assetKey, mapping, partitionsDef),
      );
    }
    const upstreamDef = upstream.partitionsDef;
    if (!upstreamDef || external || upstream.external) continue;
    const what = `Invalid partition mapping from ${assetKey} to ${upstreamKey}`;
    holds(asset, problems, 'invalid_mapping', what, () =>
      checkMapping(
        mapping ?? defaultMapping(upstreamDef, partitionsDef),
        upstreamDef,
        partitionsDef,
      ),
    );
  }
}

/** JOB-2, JOB-4. */
function checkJob(job: JobSpec, graph: AssetGraph, problems: DefinitionProblem[]): void {
  const { jobName, assetKeys, partitionedConfig } = job;
  checkSelection(job, jobName, assetKeys, graph, problems);
  const partitioned = assetKeys.flatMap((assetKey) => {
    const asset = graph.assets.get(assetKey);
    return asset?.partitionsDef ? [asset] : [];
  });
  const sizes = partitioned.map(({ backfillPolicy }) =>
    backfillPolicy ? (backfillPolicy.maxPartitionsPerRun ?? Infinity) : 1,
  );
  if (!partitionedConfig || sizes.length === 0 || Math.min(...sizes) === 1) return;
  const message = `Asset job ${jobName} materializes an asset with a BackfillPolicy targeting multiple partitions per run, but a PartitionedConfig was provided, which gives the config of one partition.`;
  const kind = 'DagsterInvalidDefinitionError';
  problems.push({ ...problemAt(job, 'invalid_job', message), kind });
}

/** What a schedule or a sensor launches is there, and goes together (JOB-2). */
function checkAutomation(
  automation: ScheduleSpec | SensorSpec,
  { jobs }: Definitions,
  graph: AssetGraph,
  problems: DefinitionProblem[],
): void {
  const { jobName, target } = automation;
  const name = 'scheduleName' in automation ? automation.scheduleName : automation.sensorName;
  if (jobName !== null && !jobs.some((job) => job.jobName === jobName)) {
    const message = `${name} targets job "${jobName}", which is not a job of this notebook.`;
    const kind = 'DagsterInvalidDefinitionError';
    problems.push({ ...problemAt(automation, 'unknown_job', message), kind });
  }
  if (!target || target.mixesPartitions) return;
  checkSelection(automation, `of ${name}`, target.assetKeys, graph, problems);
}

function checkSelection(
  declared: DeclaredAt,
  jobName: string,
  assetKeys: readonly string[],
  graph: AssetGraph,
  problems: DefinitionProblem[],
): void {
  const what = `Error resolving selection for asset job "${jobName}"`;
  const unknown = assetKeys.find((assetKey) => !graph.assets.has(assetKey));
  if (unknown !== undefined) {
    const message = `${what}: ${unknown} is not an asset of this notebook.`;
    problems.push(problemAt(declared, 'invalid_job', message));
  }
  const partitioned = assetKeys.flatMap((assetKey) => {
    const asset = graph.assets.get(assetKey);
    return asset?.partitionsDef ? [asset] : [];
  });
  const [first] = partitioned;
  const other = partitioned.find(
    (asset) => !equalPartitionsDefinitions(asset.partitionsDef, first?.partitionsDef ?? null),
  );
  if (!first || !other) return;
  const cause = `Selected assets must have the same partitions definitions, but the selected assets have different partitions definitions: that of ${first.assetKey} and that of ${other.assetKey}.`;
  const kind = 'DagsterInvalidDefinitionError';
  problems.push({
    ...problemAt(declared, 'invalid_job', `${what}: ${cause}`),
    kind,
    cause: { kind, message: cause },
  });
}

function checkNames<T extends DeclaredAt>(
  kind: string,
  declared: readonly T[],
  nameOf: (one: T) => string,
  problems: DefinitionProblem[],
): void {
  const names = new Set<string>();
  for (const one of declared) {
    const name = nameOf(one);
    if (names.has(name)) {
      problems.push(
        problemAt(one, `duplicate_${kind}`, `There is more than one ${kind} named ${name}.`),
      );
    }
    names.add(name);
  }
}

/** Whether `check` does not throw; what it throws becomes a problem of `declared`. */
function holds(
  declared: DeclaredAt,
  problems: DefinitionProblem[],
  code: string,
  what: string | null,
  check: () => void,
): boolean {
  try {
    check();
    return true;
  } catch (fault) {
    if (!(fault instanceof InvalidDefinitionError)) throw fault;
    const { kind, message } = fault;
    problems.push(
      what === null
        ? { ...problemAt(declared, code, message), kind }
        : {
            ...problemAt(declared, code, `${what}: ${message}`),
            kind: 'DagsterInvalidDefinitionError',
            cause: { kind, message },
          },
    );
    return false;
  }
}

function problemAt({ cellId, name }: DeclaredAt, code: string, message: string): DefinitionProblem {
  return { cellId, name, severity: 'error', code, message };
}
