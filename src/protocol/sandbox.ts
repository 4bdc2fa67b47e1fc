/*
 * What passes between the engine and the sandbox. Plain data only: no class, no
 * function. The guest is not trusted: what it sends is checked by
 * `parse-guest-message.ts` before anything looks at it.
 */
import type { AssetKeyText, Definitions } from '../definitions/definitions.ts';
import type { LogLevel } from '../orchestration/event.ts';
import type { AutomationEvaluation, PartitionConfig } from '../orchestration/run-request.ts';
import type { PartitionKey } from '../partitions/context.ts';
import type { EpochMs } from '../time/time-window.ts';
import type { GuestErrorInfo, SerializableErrorInfo } from './error-info.ts';
import type { GoalsRequest, GuestGoalVerdict } from './goals.ts';

/** What the guest knows of the world during one call: a snapshot, so that asking is synchronous. */
export interface GuestWorld {
  readonly now: EpochMs;
  /** Seeds `Math.random`: made of the notebook's seed and what is computed. */
  readonly seed: string;
  readonly dynamicPartitions: readonly (readonly [name: string, keys: readonly PartitionKey[]])[];
  /** The materialized keys of each asset that has any, for `context.instance`; absent if no one may ask. */
  readonly materializedPartitions?: readonly (readonly [
    assetKey: AssetKeyText,
    keys: readonly PartitionKey[],
  ])[];
  readonly files: readonly string[];
  /**
   * Changes whenever any file of the notebook does; while it stays the same, a session may keep what
   * it has read. Absent means unknown: every read asks.
   */
  readonly filesVersion?: number;
}

/** How the evaluation of a notebook ended. */
export type LoadOutcome =
  | { readonly status: 'loaded'; readonly definitions: Definitions }
  /** A cell threw; `cellId` is null if it cannot be told which. */
  | {
      readonly status: 'threw';
      readonly cellId: string | null;
      readonly error: SerializableErrorInfo;
    }
  /** Not done within the limit; the cell that was running. */
  | { readonly status: 'timed_out'; readonly cellId: string | null; readonly limitMs: number }
  /** The worker could not start or went silent. */
  | { readonly status: 'crashed'; readonly message: string };

/** One asset to compute, for the partition of one run. */
export interface StepRequest {
  /** Unique in the session. */
  readonly stepId: number;
  readonly assetKey: AssetKeyText;
  readonly runId: string;
  readonly runTags: Readonly<Record<string, string>>;
  /** In definition order; one key but for a run over a range; empty if the run has none. */
  readonly partitionKeys: readonly PartitionKey[];
  /** Of a step that several assets share: those to compute, in order; absent if `assetKey` is all. */
  readonly assetKeys?: readonly AssetKeyText[];
  /** How often the step was tried before in this run; absent means never. */
  readonly retryNumber?: number;
  /** Of a step of an op job: the job, and the step in it. Then `assetKey` is empty; absent for assets. */
  readonly op?: OpStepName;
  /** Resolved and valid by stage 1; null if the asset takes none. */
  readonly config: unknown;
  readonly inputs: readonly StepInput[];
  readonly world: GuestWorld;
}

/** A step of an op job. */
export interface OpStepName {
  readonly jobName: string;
  readonly stepKey: string;
}

/** What a compute function gets under one name (IO-4). Values are as stored. */
export type StepInput = {
  readonly name: string;
  /**
   * The upstream keys that it is mapped to, in definition order, stored or not. Absent for an
   * upstream without partitions, and in a run without a key.
   */
  readonly keys?: readonly PartitionKey[];
} & (
  | { readonly kind: 'single'; readonly value: unknown }
  /** Two keys and more, or `byKey`; in definition order. */
  | { readonly kind: 'byKey'; readonly entries: readonly (readonly [PartitionKey, unknown])[] }
  | { readonly kind: 'none' }
);

/** How a step ended. A failure of the author's code is a value, not a rejected promise. */
export type StepOutcome =
  | ({
      readonly status: 'success';
      /**
       * Whether there is no output beyond those told by `GuestServices.output`: the step is shared,
       * or its optional output was left out. Absent means that this is the output.
       */
      readonly noOutput?: boolean;
      /** Of an op with several outputs: those that it gave, in the order in which it declares them. */
      readonly opOutputs?: readonly OpOutput[];
    } & StepOutput)
  | {
      readonly status: 'failure';
      readonly error: SerializableErrorInfo;
      /** Set if the code asked for another attempt (`RetryRequested`). */
      readonly retry?: RetryRequest;
    }
  | { readonly status: 'timed_out'; readonly limitMs: number }
  | { readonly status: 'canceled' }
  /** The worker died or went silent: out of memory, or it closed itself. */
  | { readonly status: 'crashed'; readonly message: string };

/** What a step gives for one asset. */
export interface StepOutput {
  /** Encoded for storage (`stored-value.ts`); undefined if nothing is stored (`void`, a result without value). */
  readonly value: unknown;
  readonly hasValue: boolean;
  /** False for a result object without value: the I/O manager is skipped (IO-9). */
  readonly handled: boolean;
  /** Of the result, then of the output: the I/O manager's own stands above it (CTX-12). */
  readonly metadata: Readonly<Record<string, unknown>>;
  /** Of the asset: stands above the I/O manager's; absent if there is none. */
  readonly assetMetadata?: Readonly<Record<string, unknown>>;
  /** Of single keys: stands above all others; absent if there is none. */
  readonly metadataByKey?: Readonly<Record<PartitionKey, Readonly<Record<string, unknown>>>>;
  readonly dataVersion: string | null;
  /** An I/O manager of a cell keeps the value, so that there is nothing to store. Absent means no. */
  readonly keptByCell?: boolean;
}

/** What an op gives under one name. */
export interface OpOutput extends Pick<StepOutput, 'value' | 'hasValue' | 'metadata'> {
  readonly name: string;
}

/** Another attempt, asked for by the author's code. */
export interface RetryRequest {
  readonly maxRetries: number;
  /** 0 for none. */
  readonly delaySeconds: number;
}

/** A materialization or an observation that the author's code records itself. */
export interface ReportedEvent {
  readonly kind: 'materialization' | 'observation';
  readonly assetKey: AssetKeyText;
  readonly partitionKey: PartitionKey | null;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** One evaluation of a schedule's function. */
export interface ScheduleEvaluationRequest {
  /** Unique in the session, as those of steps: its lines come under it. */
  readonly stepId: number;
  readonly scheduleName: string;
  /** The tick's instant: keys are those that exist then (SCH-13). */
  readonly scheduledAt: EpochMs;
  readonly world: GuestWorld;
}

/** One evaluation of a sensor's function. */
export interface SensorEvaluationRequest {
  /** Unique in the session, as those of steps: its lines come under it. */
  readonly stepId: number;
  readonly sensorName: string;
  /** What the sensor kept; null if nothing yet. */
  readonly cursor: string | null;
  /** Null before the first tick. */
  readonly lastTickAt: EpochMs | null;
  readonly world: GuestWorld;
}

/** Asks a job's partitioned config for the config of some keys, whether they exist or not (PC-2). */
export interface PartitionedConfigRequest {
  readonly stepId: number;
  readonly jobName: string;
  readonly partitionKeys: readonly PartitionKey[];
  readonly world: GuestWorld;
}

/** One answer a key, in their order; or why there is none. */
export type PartitionedConfigOutcome =
  | { readonly status: 'evaluated'; readonly configs: readonly PartitionConfig[] }
  | { readonly status: 'failure'; readonly error: SerializableErrorInfo }
  | { readonly status: 'timed_out'; readonly limitMs: number }
  | { readonly status: 'canceled' }
  | { readonly status: 'crashed'; readonly message: string };

/** What a cell did to the keys of a dynamic definition through `context.instance`. */
export interface DynamicPartitionsChange {
  readonly action: 'add' | 'delete';
  readonly partitionsDefName: string;
  readonly partitionKeys: readonly PartitionKey[];
}

export interface TestOutcome {
  readonly testId: number;
  readonly status: 'passed' | 'failed';
  readonly error: SerializableErrorInfo | null;
}

/**
 * What the guest may say unasked, on its own port; several at a time, in an array. `ready` is the first,
 * when the script has been evaluated; `cell` names the cell whose evaluation begins.
 */
export type GuestMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'cell'; readonly cellId: string }
  | {
      readonly kind: 'log';
      readonly stepId: number;
      readonly level: LogLevel;
      readonly text: string;
    }
  | {
      readonly kind: 'progress';
      readonly stepId: number;
      readonly done: number;
      readonly total: number;
    }
  | { readonly kind: 'dynamicPartitions'; readonly change: DynamicPartitionsChange }
  /** Asks for the newest materialization: of one key, or of any if that is null. Answered as a request is. */
  | {
      readonly kind: 'latestMaterialization';
      readonly requestId: number;
      readonly assetKey: AssetKeyText;
      readonly partitionKey: PartitionKey | null;
    }
  | { readonly kind: 'request'; readonly requestId: number; readonly ask: GuestRequest };

/** Answered by a call of the guest's exposed `settle(requestId, answer)`. */
export type GuestRequest =
  | { readonly kind: 'readFile'; readonly path: string }
  | { readonly kind: 'writeFile'; readonly path: string; readonly bytes: Uint8Array }
  | { readonly kind: 'removeFile'; readonly path: string };

export type GuestAnswer =
  | {
      readonly status: 'ok';
      readonly bytes: Uint8Array | null;
      /** To `latestMaterialization`; null if there is none. */
      readonly materialization?: LatestMaterialization | null;
    }
  | { readonly status: 'error'; readonly message: string };

/** A materialization as cells are told of it. */
export interface LatestMaterialization {
  readonly assetKey: AssetKeyText;
  readonly partitionKey: PartitionKey | null;
  readonly runId: string;
  readonly at: EpochMs;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** What our side is asked while a step or a test runs. */
export interface GuestServices {
  log(stepId: number, level: LogLevel, text: string): void;
  progress(stepId: number, done: number, total: number): void;
  request(ask: GuestRequest): Promise<GuestAnswer>;
  /** One output of a step that several assets share, when it is there; absent where there are no such steps. */
  output?(stepId: number, assetKey: AssetKeyText, output: StepOutput): void;
  /** What the code does to dynamic keys, when it does, in order; absent where they may not change. */
  changeDynamicPartitions?(change: DynamicPartitionsChange): void;
  /** Of one key, or of any if that is null; null if there is none. Absent where there is no history. */
  latestMaterialization?(
    assetKey: AssetKeyText,
    partitionKey: PartitionKey | null,
  ): Promise<LatestMaterialization | null>;
  /** What the code records itself, when it does; absent where nothing is recorded. */
  report?(stepId: number, event: ReportedEvent): void;
}

/**
 * The parts that a session's script holds only if the notebook needs them: libraries, and what runs
 * jobs inside the sandbox.
 */
export type SandboxLibrary = 'zod' | 'luxon' | 'chai' | 'execution' | 'goals';

/**
 * What the guest exposes to us; nothing is exposed the other way. Answers are `unknown` until
 * parsed: they should be a {@link GuestLoadAnswer}, {@link GuestStepAnswer} or {@link GuestTestAnswer}.
 */
export interface GuestApi {
  load(world: GuestWorld): unknown;
  execute(step: StepRequest): unknown;
  evaluateSchedule(request: ScheduleEvaluationRequest): unknown;
  evaluateSensor(request: SensorEvaluationRequest): unknown;
  evaluatePartitionedConfig(request: PartitionedConfigRequest): unknown;
  runTest(testId: number, world: GuestWorld): unknown;
  checkGoals(request: GoalsRequest): unknown;
  settle(requestId: number, answer: GuestAnswer): void;
}

/** Every answer says how many messages the guest has posted so far, so that none is missed. */
interface GuestAnswerBase {
  readonly posted: number;
}

/** The script lacks a library that was needed after all; the call must be made again with it. */
export interface LibraryMissingAnswer extends GuestAnswerBase {
  readonly status: 'library_missing';
}

export type GuestLoadAnswer =
  | (GuestAnswerBase & { readonly status: 'loaded'; readonly definitions: Definitions })
  | (GuestAnswerBase & {
      readonly status: 'threw';
      readonly cellId: string | null;
      readonly error: GuestErrorInfo;
    })
  | LibraryMissingAnswer;

export type GuestStepAnswer =
  | (GuestAnswerBase & {
      readonly status: 'success';
      readonly value: unknown;
      readonly hasValue: boolean;
      readonly handled: boolean;
      readonly metadata: Readonly<Record<string, unknown>>;
      readonly dataVersion: string | null;
    })
  | (GuestAnswerBase & { readonly status: 'failure'; readonly error: GuestErrorInfo })
  | LibraryMissingAnswer;

export type GuestTestAnswer =
  | (GuestAnswerBase & { readonly status: 'passed' })
  | (GuestAnswerBase & { readonly status: 'failed'; readonly error: GuestErrorInfo })
  | LibraryMissingAnswer;

/** Of a schedule or a sensor. */
export type GuestAutomationAnswer =
  | (GuestAnswerBase & {
      readonly status: 'evaluated';
      readonly evaluation: AutomationEvaluation<GuestErrorInfo>;
    })
  | (GuestAnswerBase & { readonly status: 'failure'; readonly error: GuestErrorInfo })
  | LibraryMissingAnswer;

export type GuestPartitionedConfigAnswer =
  | (GuestAnswerBase & {
      readonly status: 'evaluated';
      readonly configs: readonly PartitionConfig<GuestErrorInfo>[];
    })
  | (GuestAnswerBase & { readonly status: 'failure'; readonly error: GuestErrorInfo })
  | LibraryMissingAnswer;

export type GuestGoalsAnswer =
  | (GuestAnswerBase & {
      readonly status: 'evaluated';
      readonly verdicts: readonly GuestGoalVerdict[];
    })
  | (GuestAnswerBase & { readonly status: 'failure'; readonly error: GuestErrorInfo })
  | LibraryMissingAnswer;
