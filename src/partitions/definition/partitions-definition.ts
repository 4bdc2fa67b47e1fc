import type { EpochMs } from '../../time/time-window.ts';
import type { PartitionKey } from '../context.ts';

/** The set of partitions of an asset. Plain data: it is stored, posted, and compared by its fields. */
export type PartitionsDefinition =
  | StaticPartitionsDefinition
  | TimeWindowPartitionsDefinition
  | DynamicPartitionsDefinition
  | MultiPartitionsDefinition;

export interface StaticPartitionsDefinition {
  readonly kind: 'static';
  /** In the author's order, unique. */
  readonly keys: readonly PartitionKey[];
  /** Whether a function of the author's listed them, and may list others later (PC-5). Absent means no. */
  readonly listed?: boolean;
}

/** Which of Dagster's five classes was written; it decides nothing but words and INF-7. */
export type TimeWindowClass = 'hourly' | 'daily' | 'weekly' | 'monthly' | 'timeWindow';

export interface TimeWindowPartitionsDefinition {
  readonly kind: 'timeWindow';
  readonly className: TimeWindowClass;
  /** Lower bound: the first window starts at the first tick at or after it (TW-8). */
  readonly startAt: EpochMs;
  /** Windows end at or before it (TW-9); null if there is no end. */
  readonly endAt: EpochMs | null;
  /** IANA zone, as written. */
  readonly timezone: string;
  /** strftime format of a key (TW-11). */
  readonly fmt: string;
  /** Windows to add after the last ended one; if negative, to leave off (TW-16 … TW-18). */
  readonly endOffset: number;
  /** Five-field cron expression of window starts. */
  readonly cronSchedule: string;
  /** Window starts that are left out: cron expressions or instants (TW-22); empty if none. */
  readonly exclusions: readonly (string | EpochMs)[];
}

export interface DynamicPartitionsDefinition {
  readonly kind: 'dynamic';
  readonly name: string;
}

export interface MultiPartitionsDefinition {
  readonly kind: 'multi';
  /** In name order. Dagster's limit of two is a rule checked where one is made, not a shape. */
  readonly dimensions: readonly PartitionDimension[];
}

export interface PartitionDimension {
  readonly name: string;
  readonly definition: PartitionsDefinition;
}
