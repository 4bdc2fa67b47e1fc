import type { CellAnalysis } from '../src/notebook/analysis.ts';
import type { EpochMs } from '../src/time/time-window.ts';
import type { NewRunner } from './load-code.ts';

/** What a notebook's engine acts through, beside its stores. */
export interface NotebookEnginePorts {
  readonly newRunner: NewRunner;
  readonly realNow: () => EpochMs;
  /** Real time from an arbitrary start. */
  readonly elapsedMs: () => number;
  /** Calls back after so much real time; returns how to call it off. */
  readonly after: (ms: number, act: () => void) => () => void;
  /** Waits for the leadership of a notebook among tabs. */
  readonly lead: (
    notebookId: string,
    options: { readonly onLead: () => void; readonly signal: AbortSignal },
  ) => Promise<void>;
  /** What is known of the cells before any was parsed; see `EnginePorts.fetchAhead`. Never rejects. */
  readonly shippedAnalyses: Promise<readonly CellAnalysis[]>;
  /** How many runs execute at once, until that is changed. */
  readonly concurrency: number;
}
