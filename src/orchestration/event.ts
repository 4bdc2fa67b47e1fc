import type { AssetKeyText } from '../definitions/definitions.ts';
import type { PartitionKey } from '../partitions/context.ts';
import type { SerializableErrorInfo } from '../protocol/error-info.ts';
import type { EpochMs } from '../time/time-window.ts';
import type { Provenance } from './staleness/provenance.ts';

/** Counted per notebook from 1, without gaps, in the order of the log. */
export type EventId = number;

/** Dagster's names (`spec/orchestration.md` §12); `LOG` is a line of the author's own or of the engine's. */
export type EventType =
  | 'ASSET_MATERIALIZATION_PLANNED'
  | 'RUN_ENQUEUED'
  | 'RUN_DEQUEUED'
  | 'RUN_STARTING'
  | 'RUN_START'
  | 'STEP_START'
  | 'LOADED_INPUT'
  | 'STEP_INPUT'
  | 'LOG'
  | 'STEP_OUTPUT'
  | 'ASSET_MATERIALIZATION'
  | 'HANDLED_OUTPUT'
  | 'STEP_SUCCESS'
  | 'STEP_FAILURE'
  | 'STEP_UP_FOR_RETRY'
  | 'STEP_RESTARTED'
  | 'STEP_SKIPPED'
  | 'ASSET_OBSERVATION'
  /** Extension: Dagster removes the asset's events instead. */
  | 'ASSET_WIPED'
  /** Extension: Dagster removes the run's events instead. */
  | 'RUN_DELETED'
  /** Extension: Dagster keeps the keys of dynamic definitions beside its log. */
  | 'DYNAMIC_PARTITIONS_ADDED'
  | 'DYNAMIC_PARTITIONS_DELETED'
  /** Extension: some earlier events, named in its metadata, count as if they had never been. */
  | 'EVENTS_UNDONE'
  | 'RUN_SUCCESS'
  | 'RUN_FAILURE'
  | 'RUN_CANCELING'
  | 'RUN_CANCELED';

export type LogLevel = 'DEBUG' | 'INFO' | 'WARNING' | 'ERROR' | 'CRITICAL';

/** The `runId` of what happened outside any run. */
export const NO_RUN = '';

/** One thing that happened. Written by the engine alone, never taken from the guest as it is. */
export interface Event {
  readonly eventId: EventId;
  readonly runId: string;
  readonly type: EventType;
  readonly level: LogLevel;
  readonly at: EpochMs;
  readonly message: string;
  /** The asset's key joined with `__`; null for events of the run. */
  readonly stepKey: string | null;
  readonly assetKey: AssetKeyText | null;
  readonly partitionKey: PartitionKey | null;
  /** Of materializations: metadata as plain data; null otherwise. */
  readonly metadata: Readonly<Record<string, unknown>> | null;
  /** Of failures: what the author's code raised; null otherwise. */
  readonly error: SerializableErrorInfo | null;
  /** Of `LOG`: whether the author's code wrote it. */
  readonly byAuthor: boolean;
  /** Of materializations and observations: the data version that someone gave; absent if none was given. */
  readonly dataVersion?: string;
  /** Of materializations by a run: what they were made from; absent otherwise. */
  readonly provenance?: Provenance;
}

/** An event before the log has given it its id. */
export type EventDraft = Omit<Event, 'eventId'>;
