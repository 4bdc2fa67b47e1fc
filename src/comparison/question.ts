import type { AssetKeyText, Definitions } from '../definitions/definitions.ts';
import type { PredictedTick } from '../export/predicted-functions.ts';
import type { PartitionKey } from '../partitions/context.ts';
import type { PartitionsDefinition } from '../partitions/definition/partitions-definition.ts';
import type { PartitionMapping } from '../partitions/mapping/partition-mapping.ts';
import type { EpochMs } from '../time/time-window.ts';

/** A notebook as it is when the questions are asked. Plain data: it is posted to a worker. */
export interface AskedNotebook {
  readonly definitions: Definitions;
  /** The instant at which keys exist. */
  readonly now: EpochMs;
  /** Keys of each dynamic definition, by its name, in the order in which they were added. */
  readonly dynamicPartitions: ReadonlyMap<string, readonly PartitionKey[]>;
  /** What jobs give as the run config of some keys. */
  readonly keyConfigs: readonly KeyConfig[];
  /** What the next ticks of schedules, and one of each sensor, come to. */
  readonly ticks: readonly PredictedTick[];
}

export interface KeyConfig {
  readonly jobName: string;
  readonly partitionKey: PartitionKey;
  readonly runConfig: Readonly<Record<string, unknown>>;
}

/** A dependency between two assets of the notebook. */
export interface AskedEdge {
  readonly upstreamKey: AssetKeyText;
  readonly downstreamKey: AssetKeyText;
  /** Places among the definitions of the questions; null for an asset without partitions. */
  readonly upstream: number | null;
  readonly downstream: number | null;
  /** Null for the default. */
  readonly mapping: PartitionMapping | null;
}

/**
 * Something that the notebook shows and Dagster can be asked. `definition` and `edge` are places in the lists of
 * the questions.
 */
export type Question =
  /** Whether the definitions load and are valid. */
  | { readonly ask: 'load' }
  /** What an asset depends on, its partitions, and how it maps to what it depends on. */
  | { readonly ask: 'asset'; readonly assetKey: AssetKeyText }
  /** What a job runs. */
  | { readonly ask: 'job'; readonly jobName: string }
  /** Which keys a definition has. */
  | { readonly ask: 'keys'; readonly definition: number }
  /** The time that a key stands for. */
  | { readonly ask: 'window'; readonly definition: number; readonly key: PartitionKey }
  /** Whether a text is a key. */
  | { readonly ask: 'has'; readonly definition: number; readonly key: PartitionKey }
  /** The tags that a run of a key has for it. */
  | { readonly ask: 'tags'; readonly definition: number; readonly key: PartitionKey }
  /** By which mapping two assets correspond, and whether it fits them. */
  | { readonly ask: 'mapping'; readonly edge: number }
  /** What keys read, or are read by. */
  | {
      readonly ask: 'upstream' | 'downstream';
      readonly edge: number;
      /** From the first to the last, in definition order; null for all. */
      readonly keys: readonly PartitionKey[] | null;
    }
  /** Which runs a backfill asks for, look by look, if each of them succeeds. */
  | {
      readonly ask: 'backfill';
      /** In notebook order. */
      readonly assetKeys: readonly AssetKeyText[];
      /** Of those that come first, in definition order; null for all that exists of each. */
      readonly keys: readonly PartitionKey[] | null;
    }
  /** How a key stands, and why: when nothing was made, and after each of some runs. */
  | {
      readonly ask: 'stale';
      readonly assetKey: AssetKeyText;
      /** Null for an asset without partitions. */
      readonly key: PartitionKey | null;
      readonly runs: readonly RunOfKey[];
    }
  /** The tags and the run config of a run of a job that is asked for by its key. */
  | { readonly ask: 'run'; readonly jobName: string; readonly key: PartitionKey }
  /** The next ticks of a schedule. */
  | { readonly ask: 'ticks'; readonly scheduleName: string }
  /**
   * The runs of a tick. Of a schedule that follows from its job's partitions Dagster works them out itself; of
   * any other it is told what the function gave, and makes runs of it.
   */
  | {
      readonly ask: 'tick';
      readonly kind: PredictedTick['kind'];
      readonly name: string;
      readonly at: EpochMs;
      /** Null if they follow from the job. */
      readonly given: Pick<PredictedTick, 'runs' | 'dynamicPartitions'> | null;
    }
  /** Whether a run config is valid, and what it comes to. */
  | {
      readonly ask: 'config';
      /** Exactly one of the two is not null. */
      readonly assetKey: AssetKeyText | null;
      readonly jobName: string | null;
      readonly runConfig: Readonly<Record<string, unknown>>;
      /** What was done to the config, in words. */
      readonly about: string;
    };

/** A run that materializes one key of an asset, or an asset without partitions. */
export interface RunOfKey {
  readonly assetKey: AssetKeyText;
  readonly key: PartitionKey | null;
  readonly runConfig: Readonly<Record<string, unknown>>;
}

/** All questions of a notebook, with what they are about. */
export interface Questions {
  /** Each once. */
  readonly definitions: readonly AskedDefinition[];
  readonly edges: readonly AskedEdge[];
  readonly questions: readonly Question[];
}

export interface AskedDefinition {
  readonly definition: PartitionsDefinition;
  /** The asset or job by which it is known. */
  readonly name: string;
}

/** What is answered: plain data of text, numbers, booleans, null, lists and records. */
export type Answer = AnswerValue | AnswerFault;

export type AnswerValue =
  | string
  | number
  | boolean
  | null
  | readonly AnswerValue[]
  | { readonly [name: string]: AnswerValue };

/** The answer is an error. Only its class is compared: the words are each engine's own. */
export interface AnswerFault {
  readonly error: string;
  readonly message: string;
}

export function isFault(answer: Answer): answer is AnswerFault {
  return typeof answer === 'object' && answer !== null && 'error' in answer && 'message' in answer;
}
