import type { SensorSpec } from '../definitions/definitions.ts';
import { InvalidDefinitionError } from '../errors.ts';
import type { SerializableErrorInfo } from '../protocol/error-info.ts';
import { workOfSensor } from './automation-results.ts';
import {
  definitionsOf,
  onlyDefinition,
  targetOf,
  type AutomationTarget,
} from './automation-target.ts';
import { assetKeyInDagster } from './dagster-text.ts';
import {
  afterRequests,
  applyDynamicRequests,
  type DynamicPartitions,
  type DynamicPartitionsResult,
} from './dynamic-partitions-requests.ts';
import { KeySpace } from './key-space.ts';
import {
  hasUnresolvedKey,
  PartitionConfigFault,
  resolveRunRequest,
} from './resolve-run-request.ts';
import type {
  AutomationEvaluation,
  AutomationOutcome,
  DynamicPartitionsRequest,
  RunRequest,
} from './run-request.ts';
import { RunTag } from './run-tags.ts';
import { onlyStale, type StaleAmong } from './schedule-tick.ts';
import { asExecutionError, errorOfFault, errorOfUnfinished } from './tick-error.ts';
import { creationFaultOf } from './run-creation.ts';
import { launchOf, type LaunchWorld, type TickLaunch } from './tick-launch.ts';
import type { EpochMs } from '../time/time-window.ts';

/** What the requests of a sensor are read against. */
export interface SensorRequestWorld extends LaunchWorld {
  /** When it is evaluated: the keys of time are those that exist then. */
  readonly now: EpochMs;
  /** The store as it is after the evaluation, before the requests of its result. */
  readonly dynamicPartitions: DynamicPartitions;
  /** What the sensor has kept; null if nothing. */
  readonly cursor: string | null;
}

/** What a tick of a sensor is decided from. */
export interface SensorTickWorld extends SensorRequestWorld {
  /** Run keys of the sensor's whole life (RR-1). */
  readonly usedRunKeys: ReadonlySet<string>;
  readonly staleAmong: StaleAmong;
}

/** What a tick of a sensor comes to, to be done in this order (RR-8). A dry run shows just this. */
export interface SensorTickDecision {
  readonly status: 'SUCCESS' | 'SKIPPED' | 'FAILURE';
  /** Null unless it is skipped with a message. */
  readonly skipMessage: string | null;
  readonly error: SerializableErrorInfo | null;
  /** What requests for dynamic keys did; also a tick that fails later has done it. */
  readonly dynamicPartitions: readonly DynamicPartitionsResult[];
  /** In the order of the requests. A tick that fails at one request has launched those before it. */
  readonly launches: readonly TickLaunch[];
  /** Of requests that are left out because their key is used, in order (RR-1). */
  readonly skippedRunKeys: readonly string[];
  /** What the sensor keeps from now on; null if nothing. */
  readonly cursor: string | null;
  /** What a tick that failed while it launched has left; the next tick tries it once more. Else null. */
  readonly unfinished: UnfinishedTick | null;
}

/** Requests that a tick could not launch, with what it was to keep. Plain data. */
export interface UnfinishedTick {
  readonly requests: readonly RunRequest[];
  readonly cursor: string | null;
  readonly dynamicPartitions: readonly DynamicPartitionsResult[];
}

/** Decides a tick of a sensor from what its function came to (RR-1 … RR-10). */
export function decideSensorTick(
  sensor: SensorSpec,
  outcome: AutomationOutcome,
  world: SensorTickWorld,
): SensorTickDecision {
  const failed = (
    error: SerializableErrorInfo,
    dynamicPartitions: readonly DynamicPartitionsResult[] = [],
  ): SensorTickDecision => ({
    status: 'FAILURE',
    skipMessage: null,
    error,
    dynamicPartitions,
    launches: [],
    skippedRunKeys: [],
    cursor: world.cursor,
    unfinished: null,
  });
  const name = sensor.sensorName;
  if (outcome.status !== 'evaluated') {
    const error = errorOfUnfinished(outcome);
    return failed(asExecutionError('SensorExecutionError', name, error));
  }
  const resolved = sensorRequests(sensor, outcome.evaluation, world);
  if ('error' in resolved) {
    return failed(asExecutionError('SensorExecutionError', name, resolved.error));
  }
  const { requests, target, cursor, skipMessage, dynamicRequests } = resolved;
  const { results, fault } = applyDynamicRequests(world.dynamicPartitions, dynamicRequests);
  if (fault) return failed(errorOfFault(fault), results);
  if (requests.length === 0 || target === null) {
    return {
      status: 'SKIPPED',
      skipMessage: skipMessage || null,
      error: null,
      dynamicPartitions: results,
      launches: [],
      skippedRunKeys: [],
      cursor,
      unfinished: null,
    };
  }
  return launchAll(target, { requests, cursor, dynamicPartitions: results }, world);
}

/**
 * Decides the tick after one that failed while it launched: Dagster does not evaluate the sensor
 * then, but tries once more what was left. What that leaves in turn is dropped.
 */
export function decideSensorRetry(
  sensor: SensorSpec,
  unfinished: UnfinishedTick,
  world: SensorTickWorld,
): SensorTickDecision {
  const target = targetOf(sensor, sensor.sensorName, world.definitions);
  const tried =
    target === null ? null : { ...launchAll(target, unfinished, world), unfinished: null };
  if (tried?.status === 'FAILURE') return tried;
  const nothing = { error: null, launches: [], skippedRunKeys: [], unfinished: null };
  return {
    ...(tried ?? nothing),
    status: 'SUCCESS',
    skipMessage: null,
    dynamicPartitions: unfinished.dynamicPartitions,
    cursor: unfinished.cursor,
  };
}

function launchAll(
  target: AutomationTarget,
  work: UnfinishedTick,
  world: SensorTickWorld,
): SensorTickDecision {
  const { requests, cursor, dynamicPartitions } = work;
  const launches: TickLaunch[] = [];
  const skippedRunKeys: string[] = [];
  const used = new Set(world.usedRunKeys);
  const decided = { skipMessage: null, dynamicPartitions, launches, skippedRunKeys };
  const keySpace = new KeySpace({
    effectiveAt: world.now,
    dynamicPartitions: afterRequests(
      world.dynamicPartitions,
      dynamicPartitions.map(({ changed, ...result }) => ({ ...result, partitionKeys: changed })),
    ),
  });
  const failed = (fault: unknown, rest: readonly RunRequest[]): SensorTickDecision => ({
    ...decided,
    status: 'FAILURE',
    error: errorOfFault(fault),
    cursor: world.cursor,
    unfinished: { requests: rest, cursor, dynamicPartitions },
  });
  for (const [at, request] of requests.entries()) {
    const { runKey } = request;
    if (runKey && used.has(runKey)) {
      skippedRunKeys.push(runKey);
      continue;
    }
    try {
      const launch = onlyStale(launchOf(request, target, world.graph, {}), request, world);
      if (!launch) continue;
      const refused = creationFaultOf(launch, world.graph, keySpace);
      if (refused && !refused.recorded) throw refused.fault;
      launches.push(launch);
      // Dagster's next tick starts a run that is recorded; this one does.
      if (refused) return failed(refused.fault, requests.slice(at + 1));
      if (runKey) used.add(runKey);
    } catch (fault) {
      return failed(fault, requests.slice(at));
    }
  }
  const status = launches.length > 0 ? 'SUCCESS' : 'SKIPPED';
  return { ...decided, status, error: null, cursor, unfinished: null };
}

/** What an evaluation asks for, checked and with the tags and config of the keys; or why that is nothing. */
export function sensorRequests(
  sensor: SensorSpec,
  evaluation: AutomationEvaluation,
  world: SensorRequestWorld,
):
  | {
      readonly requests: readonly RunRequest[];
      readonly target: AutomationTarget | null;
      readonly cursor: string | null;
      readonly skipMessage: string | null;
      readonly dynamicRequests: readonly DynamicPartitionsRequest[];
    }
  | { readonly error: SerializableErrorInfo } {
  try {
    const work = workOfSensor(evaluation);
    const { runRequests, skipMessage, dynamicPartitionsRequests: dynamicRequests } = work;
    const target = targetOf(sensor, sensor.sensorName, world.definitions);
    if (runRequests.length > 0 && target === null) throw noTarget(sensor);
    const keySpace = new KeySpace({
      effectiveAt: world.now,
      dynamicPartitions: afterRequests(world.dynamicPartitions, dynamicRequests),
    });
    const named =
      target === null
        ? runRequests
        : runRequests.map((request) => withAssets(request, target, world));
    const ownTags = { [RunTag.sensorName]: sensor.sensorName };
    const requests = named.map((request) => {
      if (target === null) return request;
      checkRequest(request, sensor, target, world);
      const known = { definitions: world.definitions, keySpace };
      return resolveRunRequest(request, target, known, ownTags);
    });
    const kept = evaluation.updatedCursor === undefined ? world.cursor : evaluation.updatedCursor;
    // An empty text counts as none, as in Dagster.
    return { requests, target, cursor: work.cursor || kept || null, skipMessage, dynamicRequests };
  } catch (fault) {
    if (fault instanceof PartitionConfigFault) return { error: fault.error };
    return { error: errorOfFault(fault) };
  }
}

/** Without a job of its own, every request names its assets, which must be the sensor's. */
function withAssets(
  request: RunRequest,
  { namesAssets, assetKeys }: AutomationTarget,
  { graph }: SensorRequestWorld,
): RunRequest {
  if (!namesAssets) return request;
  const { assetSelection } = request;
  if (assetSelection === null) return { ...request, assetSelection: assetKeys };
  const unknown = assetSelection.filter((assetKey) => !graph.assets.has(assetKey));
  if (unknown.length > 0) {
    throw new InvalidDefinitionError(
      `AssetKey(s) [${unknown.map((key) => `'${key}'`).join(', ')}] were selected, but no AssetsDefinition objects supply these keys. Make sure all keys are spelled correctly, and all AssetsDefinitions are correctly added to the \`Definitions\`.`,
      'DagsterInvalidSubsetError',
    );
  }
  const unexpected = assetSelection.filter((assetKey) => !assetKeys.includes(assetKey));
  if (unexpected.length === 0) return request;
  throw new InvalidDefinitionError(
    `RunRequest includes asset keys that are not part of sensor's asset_selection: {${unexpected.map(assetKeyInDagster).join(', ')}}`,
    'DagsterInvalidSubsetError',
  );
}

function checkRequest(
  request: RunRequest,
  { sensorName }: SensorSpec,
  { jobName, namesAssets }: AutomationTarget,
  { definitions }: SensorRequestWorld,
): void {
  if (request.jobName && request.jobName !== jobName && !namesAssets) {
    throw new InvalidDefinitionError(
      `Error in sensor ${sensorName}: Sensor returned a RunRequest with job_name ${request.jobName}. Expected one of: ['${jobName}']`,
      'Exception',
    );
  }
  const { assetSelection } = request;
  if (!hasUnresolvedKey(request) || !assetSelection?.length) return;
  if (onlyDefinition(definitionsOf(assetSelection, definitions)) === null) {
    throw new InvalidDefinitionError(
      'Invariant failed. Description: All selected assets must have the same or no partitions definition',
      'CheckError',
    );
  }
}

function noTarget({ sensorName, jobName }: SensorSpec): InvalidDefinitionError {
  return jobName === null
    ? new InvalidDefinitionError(
        `Error in sensor ${sensorName}: Sensor evaluation function returned a RunRequest for a sensor lacking a specified target (job_name, job, or jobs). Targets can be specified by providing job, jobs, or job_name to the @sensor decorator.`,
        'Exception',
      )
    : new InvalidDefinitionError(
        `The sensor ${sensorName} asks for a run of ${jobName}, which is not a job of this notebook.`,
        'DagsterInvariantViolationError',
      );
}
