import type { AssetKeyText, JobSpec } from '../definitions/definitions.ts';
import type { AssetGraph } from '../definitions/graph.ts';
import type { PartitionKey, PartitionLoadingContext } from '../partitions/context.ts';
import type { GuestAnswer, GuestRequest } from '../protocol/sandbox.ts';
import type { EpochMs } from '../time/time-window.ts';
import type { Event } from './event.ts';
import type { FilesView } from './execute-run.ts';
import type { InstanceAccess } from './instance-access.ts';
import type { CodeRunner, InstanceStore, LogBatch } from './ports.ts';
import type { Run } from './run.ts';

/** The code that runs use: a loaded notebook. Whoever takes it gives it back. */
export interface LoadedCode {
  readonly graph: AssetGraph;
  readonly runner: CodeRunner;
  /** A job that the code declares; undefined if it declares none of this name. */
  jobOf(jobName: string): JobSpec | undefined;
  release(): void;
}

/** What the daemon acts through. */
export interface DaemonPorts {
  readonly notebookId: string;
  readonly instances: InstanceStore;
  /** The notebook's clock. */
  readonly now: () => EpochMs;
  /** Whether the clock is virtual: then outcomes are appended in queue order, whatever finishes first. */
  readonly inQueueOrder: () => boolean;
  /** Real time from an arbitrary start. */
  readonly elapsedMs: () => number;
  /** Settles after so much real time; never, where nothing should depend on it. */
  readonly pause: (ms: number) => Promise<void>;
  readonly seed: () => number;
  readonly contextAt: (at: EpochMs) => PartitionLoadingContext;
  /** The newest loaded code; null while there is none. */
  readonly takeCode: () => LoadedCode | null;
  readonly listFiles: () => Promise<FilesView>;
  readonly request: (ask: GuestRequest) => Promise<GuestAnswer>;
  /** What cells may know and do through `context.instance`; absent where there is none. */
  readonly instance?: InstanceAccess;
  readonly sizeOf: (value: unknown) => number;
  /** Whether a key was materialized, so that a new value replaces one that is kept; absent: nothing is kept. */
  readonly wasMaterialized?: (assetKey: AssetKeyText, partitionKey: PartitionKey | null) => boolean;
  readonly newAbort: () => AbortHandle;
  readonly listener: DaemonListener;
}

/** An `AbortController`, which the core cannot name. */
export interface AbortHandle {
  readonly signal: AbortSignal;
  abort(): void;
}

/** Hears what happens, in order. */
export interface DaemonListener {
  /** Events that are now in the log. */
  committed(events: readonly Event[]): void;
  /** A run left the queue, or wrote an event that is not in the log yet. */
  progressed(run: Run): void;
  /** Nothing runs any more and nothing waits, and the log says so. */
  idle(): void;
  /** Why the log cannot be written; null when it can again. */
  storageProblem(message: string | null): void;
  /** Checkpoints that reach the last event told of; empty if it is not yet worth it. */
  dueCheckpoints(isIdle: boolean): LogBatch['checkpoints'];
}
