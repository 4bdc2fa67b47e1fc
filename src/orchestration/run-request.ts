import type { AssetKeyText } from '../definitions/definitions.ts';
import type { PartitionKey } from '../partitions/context.ts';
import type { SerializableErrorInfo } from '../protocol/error-info.ts';

/** Asks for a run, as a schedule or a sensor gave it (RR-1 … RR-5). Plain data. */
export interface RunRequest<ErrorInfo = SerializableErrorInfo> {
  /** Null or empty: always a new run. */
  readonly runKey: string | null;
  /** Null or empty: a run without a key (JOB-7). */
  readonly partitionKey: PartitionKey | null;
  /** Run config as given (CFG-1); empty if none is. */
  readonly runConfig: Readonly<Record<string, unknown>>;
  readonly tags: Readonly<Record<string, string>>;
  /** Null: the job of the schedule or sensor. */
  readonly jobName: string | null;
  /** The assets of the job to compute; null for all of them. */
  readonly assetSelection: readonly AssetKeyText[] | null;
  readonly staleAssetsOnly: boolean;
  /** What the job's partitioned config says for the key; absent if it has none, or it is not asked. */
  readonly forPartition?: PartitionConfig<ErrorInfo>;
}

/** What the functions of a partitioned config gave for one key (PC-2, PC-4). */
export interface PartitionConfig<ErrorInfo = SerializableErrorInfo> {
  readonly runConfig: Given<Readonly<Record<string, unknown>>, ErrorInfo>;
  /** The author's, and above them those of the partition and its job. */
  readonly tags: Given<Readonly<Record<string, string>>, ErrorInfo>;
}

/** What a function of the author's gave, or what it threw. */
export type Given<Value, ErrorInfo = SerializableErrorInfo> =
  | { readonly status: 'given'; readonly value: Value }
  | { readonly status: 'threw'; readonly error: ErrorInfo };

/** Asks to add or delete keys of a dynamic definition (DYN-6). */
export interface DynamicPartitionsRequest {
  readonly action: 'add' | 'delete';
  readonly partitionsDefName: string;
  /** In the author's order, as given: a key may be named twice. */
  readonly partitionKeys: readonly PartitionKey[];
}

/** One thing that the function of a schedule or a sensor returned, listed or yielded. */
export type AutomationResult<ErrorInfo = SerializableErrorInfo> =
  | { readonly kind: 'runRequest'; readonly request: RunRequest<ErrorInfo> }
  | { readonly kind: 'skipReason'; readonly message: string | null }
  | ({ readonly kind: 'sensorResult' } & SensorResult<ErrorInfo>)
  | { readonly kind: 'nothing' }
  /** What it should not have given: as it shows itself, and its type, as Dagster would name them. */
  | { readonly kind: 'other'; readonly shown: string; readonly typeName: string };

/** RR-7. */
export interface SensorResult<ErrorInfo = SerializableErrorInfo> {
  readonly runRequests: readonly RunRequest<ErrorInfo>[];
  /** Null if there is no skip reason; else its message, which may be missing. */
  readonly skipReason: { readonly message: string | null } | null;
  /** Null or empty: the cursor stays. */
  readonly cursor: string | null;
  readonly dynamicPartitionsRequests: readonly DynamicPartitionsRequest[];
}

/** What the function of a schedule or a sensor came to, nothing of it judged yet. */
export interface AutomationEvaluation<ErrorInfo = SerializableErrorInfo> {
  /** In the order in which they were given. */
  readonly results: readonly AutomationResult<ErrorInfo>[];
  /** What `context.updateCursor` was last called with; absent if it was not. */
  readonly updatedCursor?: string | null;
}

/** How an evaluation ended. What the author's code threw is a value, as Dagster wraps it. */
export type AutomationOutcome =
  | { readonly status: 'evaluated'; readonly evaluation: AutomationEvaluation }
  | { readonly status: 'failure'; readonly error: SerializableErrorInfo }
  | { readonly status: 'timed_out'; readonly limitMs: number }
  | { readonly status: 'canceled' }
  /** The worker died or went silent. */
  | { readonly status: 'crashed'; readonly message: string };
