/*
 * What passes when goals of a notebook are checked: the history as plain data on the way in, what each
 * goal says of it on the way out.
 */
import type { AssetKeyText } from '../definitions/definitions.ts';
import type { PartitionStatuses } from '../orchestration/partition-status.ts';
import type { Run } from '../orchestration/run.ts';
import type { PartitionKey } from '../partitions/context.ts';
import type { EpochMs } from '../time/time-window.ts';
import type { GuestErrorInfo, SerializableErrorInfo } from './error-info.ts';
import type { GuestWorld } from './sandbox.ts';

/** What happened in a notebook and how it stands, as its goals are told. */
export interface GoalHistory {
  /** In notebook order. */
  readonly assets: readonly GoalAssetHistory[];
  /** Oldest first: the newest thousand. */
  readonly runs: readonly Run[];
  /** Schedules and sensors, in notebook order. */
  readonly automations: readonly GoalAutomation[];
}

/** One asset as goals are told of it. */
export interface GoalAssetHistory {
  readonly assetKey: AssetKeyText;
  /** By ordinal, at the instant of the world that comes with it. */
  readonly statuses: PartitionStatuses;
  /** Materializations and failures, oldest first: the newest thousand. */
  readonly entries: readonly GoalEntry[];
  /** The beginnings of stored values, of the first hundred keys; empty if no goal asks for them. */
  readonly values: readonly (readonly [PartitionKey | null, unknown])[];
}

/** A materialization or a failure of a key. */
export interface GoalEntry {
  readonly type: 'ASSET_MATERIALIZATION' | 'STEP_FAILURE';
  readonly eventId: number;
  readonly partitionKey: PartitionKey | null;
  readonly runId: string;
  readonly at: EpochMs;
}

/** How a schedule or a sensor stands. */
export interface GoalAutomation {
  readonly name: string;
  readonly running: boolean;
  readonly tickCount: number;
}

/** Asks goals whether they are reached. */
export interface GoalsRequest {
  /** Unique in the session, as those of steps. */
  readonly stepId: number;
  /** Which goals, in the order of the answer. */
  readonly goalIds: readonly number[];
  readonly world: GuestWorld;
  readonly history: GoalHistory;
}

/** What one goal says. */
export type GoalVerdict<ErrorInfo = SerializableErrorInfo> =
  | { readonly status: 'reached' }
  /** `reason` is what the goal's function says is still to be done; null if it says nothing. */
  | { readonly status: 'open'; readonly reason: string | null }
  | { readonly status: 'threw'; readonly error: ErrorInfo };

/** One verdict for each goal asked, in their order; or why there is none. */
export type GoalsOutcome =
  | { readonly status: 'evaluated'; readonly verdicts: readonly GoalVerdict[] }
  | { readonly status: 'failure'; readonly error: SerializableErrorInfo }
  | { readonly status: 'timed_out'; readonly limitMs: number }
  | { readonly status: 'canceled' }
  | { readonly status: 'crashed'; readonly message: string };

/** As the guest answers. */
export type GuestGoalVerdict = GoalVerdict<GuestErrorInfo>;
