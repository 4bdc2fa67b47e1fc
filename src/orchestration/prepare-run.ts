import { runConfigSchema, validateConfig } from '../config/validate.ts';
import type { AssetKeyText, AssetSpec } from '../definitions/definitions.ts';
import type { AssetGraph } from '../definitions/graph.ts';
import { InvalidDefinitionError } from '../errors.ts';
import type { PartitionKey } from '../partitions/context.ts';
import { partitionsDefinitionIdentity } from '../partitions/definition/identity.ts';
import type { PartitionsDefinition } from '../partitions/definition/partitions-definition.ts';
import { describePartitionsDefinition } from '../partitions/describe.ts';
import type { KeySpace } from './key-space.ts';
import { stepConfigsOf } from './job-config.ts';
import { partitionTags } from './partition-tags.ts';
import { runKeysFor } from './run-keys.ts';
import { RunTag } from './run-tags.ts';
import type { Run, RunConfig } from './run.ts';

/** One run over assets, as it is asked for. */
export interface AssetRunRequest {
  /** Null for all that the notebook declares. */
  readonly assetKeys: readonly AssetKeyText[] | null;
  /** Null for a run without a key; a range stands in the tags. */
  readonly partitionKey: PartitionKey | null;
  readonly runConfig: RunConfig;
  readonly tags: Readonly<Record<string, string>>;
  readonly jobName: string;
}

/** What such a run is made of. */
export type PreparedRun = Pick<
  Run,
  'jobName' | 'assetKeys' | 'partitionKey' | 'runConfig' | 'tags'
>;

/**
 * Checks one run over assets as Dagster does when it is made, and gives it its tags (JOB-2,
 * JOB-5, RUN-2).
 *
 * @throws {InvalidDefinitionError} with Dagster's class as its kind, and its causes: if the assets
 * cannot be run together, the key or the range does not exist, or the run config does not fit.
 */
export function prepareRun(
  request: AssetRunRequest,
  graph: AssetGraph,
  keySpace: KeySpace,
): PreparedRun {
  const { jobName, partitionKey, runConfig } = request;
  const { assets, partitionsDef } = resolveAssetJob(request.assetKeys, jobName, graph);
  if (partitionKey !== null) checkKey(partitionKey, partitionsDef, keySpace);
  const tags = {
    ...request.tags,
    ...(partitionKey !== null &&
      partitionsDef &&
      partitionTags(partitionKey, partitionsDef, jobName)),
  };
  checkRange(tags);
  checkRunConfig(jobName, assets, runConfig);
  for (const asset of assets) runKeysFor(asset, { partitionKey, tags }, keySpace);
  const assetKeys = assets.map(({ assetKey }) => assetKey);
  return { jobName, assetKeys, partitionKey, runConfig, tags };
}

/**
 * The assets of a job over assets, in the order of the graph and without external ones, and
 * the definition that they share; null if none has partitions (JOB-2).
 *
 * @param assetKeys null for all of the graph.
 * @throws {InvalidDefinitionError} if there is a cycle, an asset is not declared, part of a step
 * would be left out, or the assets have several definitions.
 */
export function resolveAssetJob(
  assetKeys: readonly AssetKeyText[] | null,
  jobName: string,
  graph: AssetGraph,
): { readonly assets: readonly AssetSpec[]; readonly partitionsDef: PartitionsDefinition | null } {
  if (graph.cyclic.length > 0) {
    throw new InvalidDefinitionError(
      `Circular dependencies exist among these items: ${graph.cyclic.join(', ')}`,
      'CircularDependencyError',
    );
  }
  const unknown = assetKeys?.filter((assetKey) => !graph.assets.has(assetKey)) ?? [];
  if (unknown.length > 0) {
    throw unresolved(
      jobName,
      `AssetKey(s) ${listOf(unknown)} were selected, but no AssetsDefinition objects supply these keys. Make sure all keys are spelled correctly, and all AssetsDefinitions are correctly added to the \`Definitions\`.`,
    );
  }
  const assets = graph
    .inOrder(assetKeys ?? graph.assets.keys())
    .flatMap((assetKey) => graph.assets.get(assetKey) ?? [])
    .filter(({ external }) => !external);
  checkSharedSteps(jobName, assets, graph);
  return { assets, partitionsDef: sharedDefinition(jobName, assets) };
}

function unresolved(jobName: string, message: string): InvalidDefinitionError {
  const cause = new InvalidDefinitionError(message, 'DagsterInvalidSubsetError');
  return failedToResolve(jobName, cause);
}

function failedToResolve(jobName: string, cause: InvalidDefinitionError): InvalidDefinitionError {
  const message = `Failed to resolve asset job ${jobName}`;
  return new InvalidDefinitionError(message, 'DagsterInvalidDefinitionError', { cause });
}

/** A step that several assets share runs for all of them, unless it says that it can do with some. */
function checkSharedSteps(jobName: string, assets: readonly AssetSpec[], graph: AssetGraph): void {
  const chosen = new Set(assets.map(({ assetKey }) => assetKey));
  for (const { sharedStep } of assets) {
    if (!sharedStep || sharedStep.canSubset) continue;
    const { stepName } = sharedStep;
    const all = [...graph.assets.values()]
      .filter((other) => other.sharedStep?.stepName === stepName)
      .map(({ assetKey }) => assetKey);
    if (all.every((assetKey) => chosen.has(assetKey))) continue;
    const some = all.filter((assetKey) => chosen.has(assetKey));
    throw unresolved(
      jobName,
      `When building job, the AssetsDefinition '${stepName}' contains asset keys ${listOf(all)} and check keys [], but attempted to select only assets ${listOf(some)} and checks []. This AssetsDefinition does not support subsetting. Please select all asset and check keys produced by this asset.`,
    );
  }
}

function sharedDefinition(
  jobName: string,
  assets: readonly AssetSpec[],
): PartitionsDefinition | null {
  const groups = new Map<string, { definition: PartitionsDefinition; keys: AssetKeyText[] }>();
  for (const { assetKey, partitionsDef } of assets) {
    if (!partitionsDef) continue;
    const identity = partitionsDefinitionIdentity(partitionsDef);
    const group = groups.get(identity);
    if (group) group.keys.push(assetKey);
    else groups.set(identity, { definition: partitionsDef, keys: [assetKey] });
  }
  const [first, ...others] = groups.values();
  if (others.length === 0) return first?.definition ?? null;
  const lines = [...groups.values()].map(
    ({ definition, keys }) => `\n${describePartitionsDefinition(definition)}: ${keys.join(', ')}`,
  );
  const message = `Selected assets must have the same partitions definitions, but the selected assets have different partitions definitions: ${lines.join('')}`;
  const cause = new InvalidDefinitionError(message);
  throw failedToResolve(
    jobName,
    new InvalidDefinitionError(
      `Error resolving selection for asset job "${jobName}": ${message}`,
      cause.kind,
      { cause },
    ),
  );
}

/** @throws {InvalidDefinitionError} if the key does not exist, or there are none (JOB-5). */
export function checkKey(
  partitionKey: PartitionKey,
  definition: PartitionsDefinition | null,
  keySpace: KeySpace,
): void {
  const index = keySpace.indexOf(definition);
  if (!index) {
    throw new InvalidDefinitionError(
      'Failure condition: There is no PartitionsDefinition shared by all the provided assets',
      'CheckError',
    );
  }
  if (index.ordinalOf(partitionKey) >= 0) return;
  throw new InvalidDefinitionError(
    `Could not find a partition with key \`${partitionKey}\`.`,
    'DagsterUnknownPartitionError',
  );
}

/**
 * The two ends of a range go together, and not with a key.
 *
 * @throws {InvalidDefinitionError}
 */
export function checkRange(tags: Readonly<Record<string, string>>): void {
  const { rangeStart, rangeEnd, partition } = RunTag;
  const [hasStart, hasEnd] = [rangeStart in tags, rangeEnd in tags];
  if (!hasStart && !hasEnd) return;
  const kind = 'DagsterInvariantViolationError';
  const either = `Cannot have ${rangeStart} or ${rangeEnd}`;
  if (partition in tags) {
    throw new InvalidDefinitionError(`${either} tags set along with ${partition}`, kind);
  }
  if (hasStart !== hasEnd) {
    throw new InvalidDefinitionError(`${either} set without the other`, kind);
  }
}

function checkRunConfig(jobName: string, assets: readonly AssetSpec[], runConfig: RunConfig): void {
  const outcome = validateConfig(runConfigSchema(stepConfigsOf(assets)), runConfig, []);
  if (outcome.status === 'valid') return;
  const errors = outcome.errors.map(({ message }, at) => `\n    Error ${at + 1}: ${message}`);
  throw new InvalidDefinitionError(
    `Error in config for job ${jobName}${errors.join('')}`,
    'DagsterInvalidConfigError',
  );
}

function listOf(assetKeys: readonly AssetKeyText[]): string {
  return `[${assetKeys.map((assetKey) => `'${assetKey}'`).join(', ')}]`;
}
