import type { ScheduleSpec } from '../definitions/definitions.ts';
import { InvalidDefinitionError } from '../errors.ts';
import type { SerializableErrorInfo } from '../protocol/error-info.ts';
import type { EpochMs } from '../time/time-window.ts';
import { workOfSchedule } from './automation-results.ts';
import { targetOf, type AutomationTarget } from './automation-target.ts';
import {
  PartitionConfigFault,
  resolveRunRequest,
  type RequestWorld,
} from './resolve-run-request.ts';
import type { AutomationEvaluation, AutomationOutcome, RunRequest } from './run-request.ts';
import { RunTag } from './run-tags.ts';
import { asExecutionError, errorOfFault, errorOfUnfinished } from './tick-error.ts';
import { creationFaultOf } from './run-creation.ts';
import { launchOf, type LaunchWorld, type TickLaunch } from './tick-launch.ts';

/** What a tick of a schedule is decided from. */
export interface ScheduleTickWorld extends LaunchWorld {
  /** The keys that exist at the tick's instant, by the store as it is after the evaluation (SCH-13). */
  readonly keySpace: RequestWorld['keySpace'];
  /** Runs that an earlier try of this very tick launched; empty for a dry run (SCH-12). */
  readonly earlierRuns: readonly { readonly runId: string; readonly runKey: string | null }[];
  /** The assets of a run that are stale or missing (RR-4). */
  readonly staleAmong: StaleAmong;
}

/** Of the assets of a launch, those that are stale or missing at its key, in order. */
export type StaleAmong = (launch: TickLaunch) => readonly string[];

/** A run of a tick: one to launch, or one that is there. */
export type TickRun =
  | { readonly kind: 'launch'; readonly launch: TickLaunch }
  | { readonly kind: 'existing'; readonly runId: string };

/** What a tick of a schedule comes to. Nothing is done yet; a dry run shows just this. */
export interface ScheduleTickDecision {
  readonly status: 'SUCCESS' | 'SKIPPED' | 'FAILURE';
  /** Null unless it is skipped with a message. */
  readonly skipMessage: string | null;
  readonly error: SerializableErrorInfo | null;
  /** In the order of the requests. A tick that fails at one request has launched those before it. */
  readonly runs: readonly TickRun[];
}

/** Decides a tick of a schedule from what its function came to (SCH-10 … SCH-15). */
export function decideScheduleTick(
  schedule: ScheduleSpec,
  scheduledAt: EpochMs,
  outcome: AutomationOutcome,
  world: ScheduleTickWorld,
): ScheduleTickDecision {
  const runs: TickRun[] = [];
  const fail = (error: SerializableErrorInfo): ScheduleTickDecision => {
    return { status: 'FAILURE', skipMessage: null, error, runs };
  };
  const failed = (error: SerializableErrorInfo) =>
    fail(asExecutionError('ScheduleExecutionError', schedule.scheduleName, error));
  if (outcome.status !== 'evaluated') return failed(errorOfUnfinished(outcome));
  const resolved = scheduleRequests(schedule, outcome.evaluation, world);
  if ('error' in resolved) return failed(resolved.error);
  const { requests, skipMessage, target } = resolved;
  if (requests.length === 0 || target === null) {
    return { status: 'SKIPPED', skipMessage: skipMessage || null, error: null, runs };
  }
  const tags = { [RunTag.scheduledExecutionTime]: isoInUtc(scheduledAt) };
  const launched = new Set<string>();
  for (const request of requests) {
    const { runKey } = request;
    const earlier = world.earlierRuns.find((run) => !runKey || run.runKey === runKey);
    if (earlier) {
      runs.push({ kind: 'existing', runId: earlier.runId });
      continue;
    }
    if (runKey && launched.has(runKey)) continue;
    try {
      const launch = onlyStale(launchOf(request, target, world.graph, tags), request, world);
      const refused = launch && creationFaultOf(launch, world.graph, world.keySpace);
      if (refused) throw refused.fault;
      if (launch) runs.push({ kind: 'launch', launch });
      if (runKey) launched.add(runKey);
    } catch (fault) {
      return fail(errorOfFault(fault));
    }
  }
  return { status: 'SUCCESS', skipMessage: null, error: null, runs };
}

/** The requests of an evaluation, checked and with the tags and config of their keys; or why there are none. */
export function scheduleRequests(
  schedule: ScheduleSpec,
  evaluation: AutomationEvaluation,
  world: RequestWorld,
):
  | {
      readonly requests: readonly RunRequest[];
      readonly skipMessage: string | null;
      readonly target: AutomationTarget | null;
    }
  | { readonly error: SerializableErrorInfo } {
  try {
    const { runRequests, skipMessage } = workOfSchedule(evaluation);
    const target = targetOf(schedule, schedule.scheduleName, world.definitions);
    if (runRequests.length > 0 && target === null) throw noTarget(schedule);
    const ownTags = { [RunTag.scheduleName]: schedule.scheduleName };
    const requests =
      target === null
        ? runRequests
        : runRequests.map((request) => resolveRunRequest(request, target, world, ownTags));
    return { requests, skipMessage, target };
  } catch (fault) {
    if (fault instanceof PartitionConfigFault) return { error: fault.error };
    return { error: errorOfFault(fault) };
  }
}

/** A launch narrowed to what is stale, if its request asks for that; null if nothing is (RR-4). */
export function onlyStale(
  launch: TickLaunch,
  { staleAssetsOnly }: RunRequest,
  { staleAmong }: { readonly staleAmong: StaleAmong },
): TickLaunch | null {
  if (!staleAssetsOnly) return launch;
  const assetKeys = staleAmong(launch);
  return assetKeys.length === 0 ? null : { ...launch, assetKeys, assetSelection: assetKeys };
}

function noTarget({ scheduleName, jobName }: ScheduleSpec): InvalidDefinitionError {
  return new InvalidDefinitionError(
    jobName === null
      ? `The schedule ${scheduleName} asks for a run, but names no job to run.`
      : `The schedule ${scheduleName} asks for a run of ${jobName}, which is not a job of this notebook.`,
    'DagsterInvariantViolationError',
  );
}

/** As Python writes an instant in UTC. */
function isoInUtc(at: EpochMs): string {
  return new Date(at).toISOString().replace('.000Z', '+00:00');
}
