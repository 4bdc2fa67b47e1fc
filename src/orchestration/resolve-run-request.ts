import type { AssetKeyText, Definitions } from '../definitions/definitions.ts';
import { InvalidDefinitionError } from '../errors.ts';
import type { SerializableErrorInfo } from '../protocol/error-info.ts';
import { definitionForRequest, type AutomationTarget } from './automation-target.ts';
import type { KeySpace } from './key-space.ts';
import { partitionTags } from './partition-tags.ts';
import type { Given, RunRequest } from './run-request.ts';
import { RunTag } from './run-tags.ts';

/** What requests are resolved against: the definitions, and the keys that exist at the tick. */
export interface RequestWorld {
  readonly definitions: Definitions;
  readonly keySpace: KeySpace;
}

/** A function of the author's threw while a request was resolved; `error` is what it threw. */
export class PartitionConfigFault extends Error {
  readonly error: SerializableErrorInfo;

  constructor(error: SerializableErrorInfo) {
    super(error.message);
    this.error = error;
  }
}

/**
 * A request with the tags and the run config of its key (RR-2). One without a key, or whose own tags
 * name a partition already, only takes `ownTags`.
 *
 * @param ownTags of the schedule or sensor; they stand above all others.
 * @throws {InvalidDefinitionError} if the key does not exist, or nothing is partitioned by it (SCH-13).
 * @throws {PartitionConfigFault} if the job's partitioned config threw.
 */
export function resolveRunRequest(
  request: RunRequest,
  target: AutomationTarget,
  { definitions, keySpace }: RequestWorld,
  ownTags: Readonly<Record<string, string>>,
): RunRequest {
  const { partitionKey, tags, runConfig, forPartition, assetSelection } = request;
  if (!hasUnresolvedKey(request) || !partitionKey) {
    return resolvedWith({ ...tags, ...ownTags }, runConfig, request);
  }
  const definition = definitionForRequest(target, assetSelection, definitions);
  const index = keySpace.indexOf(definition);
  if (!index || index.ordinalOf(partitionKey) < 0) throw unknownPartition(partitionKey);
  const jobName = target.partitionsDef === null ? null : target.jobName;
  const ofKey = forPartition
    ? valueOf(forPartition.tags)
    : partitionTags(partitionKey, definition, jobName);
  const allTags = { ...tags, ...ofKey, ...ownTags };
  if (!isEmpty(runConfig)) return resolvedWith(allTags, runConfig, request);
  const ofJob = forPartition ? valueOf(forPartition.runConfig) : (target.job?.runConfig ?? {});
  return resolvedWith(allTags, ofJob, request);
}

/** Field by field: to copy all and replace two takes as long as everything else here. */
function resolvedWith(
  tags: RunRequest['tags'],
  runConfig: RunRequest['runConfig'],
  { runKey, partitionKey, jobName, assetSelection, staleAssetsOnly }: RunRequest,
): RunRequest {
  return { runKey, partitionKey, runConfig, tags, jobName, assetSelection, staleAssetsOnly };
}

/** Whether a request names a key that is still to be looked up. */
export function hasUnresolvedKey({ partitionKey, tags }: RunRequest<unknown>): boolean {
  return Boolean(partitionKey) && !Object.hasOwn(tags, RunTag.partition);
}

/** The error for a key that does not exist. */
function unknownPartition(partitionKey: string): InvalidDefinitionError {
  return new InvalidDefinitionError(
    `Could not find a partition with key \`${partitionKey}\`.`,
    'DagsterUnknownPartitionError',
  );
}

/** Whether no run config is given. */
export function isEmpty(runConfig: Readonly<Record<string, unknown>>): boolean {
  return Object.keys(runConfig).length === 0;
}

/** Names of assets as Dagster lists them in messages. */
export function pythonList(assetKeys: readonly AssetKeyText[]): string {
  return `[${assetKeys.map((key) => `'${key}'`).join(', ')}]`;
}

function valueOf<Value>(given: Given<Value>): Value {
  if (given.status === 'given') return given.value;
  throw new PartitionConfigFault(given.error);
}
