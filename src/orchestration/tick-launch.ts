import { runConfigSchema, validateConfig } from '../config/validate.ts';
import type { AssetKeyText, Definitions } from '../definitions/definitions.ts';
import type { AssetGraph } from '../definitions/graph.ts';
import { InvalidDefinitionError } from '../errors.ts';
import type { PartitionKey } from '../partitions/context.ts';
import { equalPartitionsDefinitions } from '../partitions/definition/identity.ts';
import type { AutomationTarget } from './automation-target.ts';
import { stepConfigsOf } from './job-config.ts';
import { isEmpty, pythonList } from './resolve-run-request.ts';
import type { RunRequest } from './run-request.ts';
import { RunTag } from './run-tags.ts';

/** One run that a tick starts. Plain data. */
export interface TickLaunch {
  readonly runKey: string | null;
  readonly jobName: string;
  /** In the order in which they execute; empty for a job of ops. */
  readonly assetKeys: readonly AssetKeyText[];
  /** The assets that the request named; null if it left them to the job. */
  readonly assetSelection: readonly AssetKeyText[] | null;
  /** Null for a run without a key, and for one over a range, which its tags tell of (RR-5). */
  readonly partitionKey: PartitionKey | null;
  readonly runConfig: Readonly<Record<string, unknown>>;
  readonly tags: Readonly<Record<string, string>>;
}

/** What launches are made from. */
export interface LaunchWorld {
  readonly definitions: Definitions;
  readonly graph: AssetGraph;
}

/**
 * The run that a resolved request comes to (RR-4, RR-9).
 *
 * @param tags of the schedule or sensor; they stand above those of the request.
 * @throws {InvalidDefinitionError} if it names an asset that there is not, names both a key and a
 *   range, or its run config does not fit.
 */
export function launchOf(
  request: RunRequest,
  target: AutomationTarget,
  graph: AssetGraph,
  tags: Readonly<Record<string, string>>,
): TickLaunch {
  const selection = selectionOf(request, target);
  for (const assetKey of selection ?? []) {
    if (!graph.assets.has(assetKey)) throw unknownAssets(selection ?? [], graph);
  }
  const assetKeys = graph.inOrder(selection?.length ? selection : target.assetKeys);
  if (selection?.length) checkPartitions(assetKeys, target, graph);
  const runConfig = runConfigOf(request, target);
  checkRunConfig(runConfig, assetKeys, target, graph);
  const allTags: Record<string, string> = {
    ...target.job?.tags,
    ...request.tags,
    ...tags,
    ...(request.runKey && { [RunTag.runKey]: request.runKey }),
  };
  const partitionKey = allTags[RunTag.partition] ?? null;
  if (partitionKey !== null && (RunTag.rangeStart in allTags || RunTag.rangeEnd in allTags)) {
    throw new InvalidDefinitionError(
      `Cannot have ${RunTag.rangeStart} or ${RunTag.rangeEnd} tags set along with ${RunTag.partition}`,
      'DagsterInvariantViolationError',
    );
  }
  return {
    runKey: request.runKey || null,
    jobName: target.jobName,
    assetKeys,
    assetSelection: selection,
    partitionKey,
    runConfig,
    tags: allTags,
  };
}

/** The assets of a request; without a job of its own, a run always names them. */
function selectionOf(
  { assetSelection }: RunRequest,
  { assetKeys, namesAssets }: AutomationTarget,
): readonly AssetKeyText[] | null {
  return assetSelection ?? (namesAssets ? assetKeys : null);
}

function unknownAssets(
  assetKeys: readonly AssetKeyText[],
  graph: AssetGraph,
): InvalidDefinitionError {
  const unknown = assetKeys.filter((assetKey) => !graph.assets.has(assetKey));
  return new InvalidDefinitionError(
    `dagster._core.errors.DagsterInvalidSubsetError: AssetKey(s) ${pythonList(unknown)} were selected, but no AssetsDefinition objects supply these keys. Make sure all keys are spelled correctly, and all AssetsDefinitions are correctly added to the \`Definitions\`.`,
    'DagsterInvalidSubsetError',
  );
}

/** What a request names may lie outside its job, but not have other partitions. */
function checkPartitions(
  assetKeys: readonly AssetKeyText[],
  { partitionsDef, namesAssets }: AutomationTarget,
  graph: AssetGraph,
): void {
  if (namesAssets || partitionsDef === null) return;
  const isOther = (assetKey: AssetKeyText) => {
    const own = graph.assets.get(assetKey)?.partitionsDef ?? null;
    return own !== null && !equalPartitionsDefinitions(own, partitionsDef);
  };
  if (!assetKeys.some(isOther)) return;
  throw new InvalidDefinitionError(
    "Invariant failed. Description: Can't supply a PartitionedConfig for 'config' with a different PartitionsDefinition than supplied for 'partitions_def'.",
    'CheckError',
  );
}

/** The run config of the request; that of the job stands in where no key has asked for it. */
function runConfigOf(
  { runConfig }: RunRequest,
  { partitionsDef, job }: AutomationTarget,
): Readonly<Record<string, unknown>> {
  return isEmpty(runConfig) && partitionsDef === null ? (job?.runConfig ?? {}) : runConfig;
}

/**
 * CFG-9, as before a run is recorded: a job answers for all its steps, whatever the request names;
 * without one, entries of steps that are not named are not looked at.
 */
function checkRunConfig(
  runConfig: Readonly<Record<string, unknown>>,
  assetKeys: readonly AssetKeyText[],
  { job, jobName, assetKeys: ofTarget, namesAssets }: AutomationTarget,
  graph: AssetGraph,
): void {
  const named = namesAssets ? assetKeys : [...new Set([...ofTarget, ...assetKeys])];
  const assets = named.flatMap((assetKey) => graph.assets.get(assetKey) ?? []);
  const steps = job?.ops ?? stepConfigsOf(assets);
  const checked = namesAssets ? withStepsOnly(runConfig, steps) : runConfig;
  const outcome = validateConfig(runConfigSchema(steps), checked, []);
  if (outcome.status === 'valid') return;
  const errors = outcome.errors.map(({ message }, at) => `\n    Error ${at + 1}: ${message}`);
  throw new InvalidDefinitionError(
    `Error in config for job ${jobName}${errors.join('')}`,
    'DagsterInvalidConfigError',
  );
}

function withStepsOnly(
  runConfig: Readonly<Record<string, unknown>>,
  steps: readonly { readonly stepKey: string }[],
): Readonly<Record<string, unknown>> {
  const { ops } = runConfig;
  if (typeof ops !== 'object' || ops === null || Array.isArray(ops)) return runConfig;
  const known = new Set(steps.map(({ stepKey }) => stepKey));
  return {
    ...runConfig,
    ops: Object.fromEntries(Object.entries(ops).filter(([name]) => known.has(name))),
  };
}
