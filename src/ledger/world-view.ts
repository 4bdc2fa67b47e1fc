import type { AssetKeyText, Definitions } from '../definitions/definitions.ts';
import type { TickPreview } from '../orchestration/automations.ts';
import type { Event } from '../orchestration/event.ts';
import type { PartitionKey } from '../partitions/context.ts';
import type { EpochMs } from '../time/time-window.ts';

/** A world as the ledger reads it: what it declares, and everything that its history holds. Plain data. */
export interface WorldView {
  readonly name: string;
  readonly definitions: Definitions;
  /** The whole event log, in order. */
  readonly events: readonly Event[];
  /** By each run that executes another again, that other: Dagster tags the run with it. Absent if none does. */
  readonly parentRuns?: Readonly<Record<string, string>>;
  /** In any order. */
  readonly values: readonly StoredValue[];
  readonly now: EpochMs;
  /** IANA zone in which instants are told; UTC if absent. */
  readonly zone?: string;
  readonly effort: Effort;
  /** Of each schedule what its next tick would ask for; absent where nobody has tried. */
  readonly nextTicks?: readonly NextTick[];
}

/** That a value is stored, and of which run; the value itself tells nothing about its making. */
export interface StoredValue {
  readonly assetKey: AssetKeyText;
  /** Null for an asset without partitions. */
  readonly partitionKey: PartitionKey | null;
  readonly runId: string;
}

/** What it took a person to bring a world where it is. */
export interface Effort {
  readonly presses: number;
  readonly valuesTyped: number;
  readonly runs: number;
  readonly linesOfCode: number;
  /** Lines of code that were changed after the first run. */
  readonly linesChanged: number;
}

/** The next tick of a schedule, tried out. */
export interface NextTick {
  readonly scheduleName: string;
  readonly preview: Pick<
    TickPreview,
    'at' | 'skipMessage' | 'error' | 'launches' | 'skippedRunKeys'
  >;
}
