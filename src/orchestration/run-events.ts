import type { AssetKeyText } from '../definitions/definitions.ts';
import type { PartitionKey } from '../partitions/context.ts';
import type { SerializableErrorInfo } from '../protocol/error-info.ts';
import type { EpochMs } from '../time/time-window.ts';
import type { EventDraft, EventType, LogLevel } from './event.ts';
import type { Run } from './run.ts';

/** The name of an asset's step: its key's parts joined with `__` (CFG-1). */
export function stepKeyOf(assetKey: AssetKeyText): string {
  return assetKey.replaceAll('/', '__');
}

/**
 * What a run begins with when it is made: its planned materializations, by name and key, and
 * that it waits (§12, PS-5).
 *
 * @param keysOf the key that is planned of an asset, or the keys of a range.
 * @param stepOf the step that computes an asset, if that is not a step of its own.
 */
export function creationEvents(
  run: Run,
  keysOf: (assetKey: AssetKeyText) => PartitionKey | null | readonly (PartitionKey | null)[],
  stepOf: (assetKey: AssetKeyText) => string = stepKeyOf,
): readonly EventDraft[] {
  const planned = [...run.assetKeys].sort().flatMap((assetKey): readonly EventDraft[] => {
    const path = JSON.stringify(assetKey.split('/')).replaceAll('","', '", "');
    const event = {
      ...runEvent(run, 'ASSET_MATERIALIZATION_PLANNED', run.createdAt, 'DEBUG'),
      message: `${run.jobName} intends to materialize asset ${path}`,
      stepKey: stepOf(assetKey),
      assetKey,
    };
    const keys = keysOf(assetKey);
    if (keys === null || typeof keys === 'string') return [{ ...event, partitionKey: keys }];
    return keys.map((partitionKey) => ({ ...event, partitionKey }));
  });
  return [...planned, runEvent(run, 'RUN_ENQUEUED', run.createdAt, 'INFO')];
}

/** What a run writes when it leaves the queue. */
export function startEvents(run: Run, at: EpochMs): readonly EventDraft[] {
  return [
    runEvent(run, 'RUN_STARTING', at, 'INFO'),
    runEvent(run, 'RUN_START', at, 'DEBUG', `Started execution of run for "${run.jobName}".`),
  ];
}

export function runSucceeded(run: Run, at: EpochMs): EventDraft {
  const message = `Finished execution of run for "${run.jobName}".`;
  return runEvent(run, 'RUN_SUCCESS', at, 'DEBUG', message);
}

/** @param failedSteps in the order in which they failed; empty if no step was started. */
export function runFailed(
  run: Run,
  at: EpochMs,
  failedSteps: readonly string[],
  error: SerializableErrorInfo | null,
): EventDraft {
  const steps = failedSteps.map((step) => `'${step}'`).join(', ');
  const message =
    `Execution of run for "${run.jobName}" failed.` + (steps ? ` Steps failed: [${steps}].` : '');
  return { ...runEvent(run, 'RUN_FAILURE', at, 'ERROR', message), error };
}

export function runCanceling(run: Run, at: EpochMs): EventDraft {
  return runEvent(run, 'RUN_CANCELING', at, 'INFO', 'Sending run termination request.');
}

export function runCanceled(run: Run, at: EpochMs): EventDraft {
  const message = `Execution of run for "${run.jobName}" canceled.`;
  return runEvent(run, 'RUN_CANCELED', at, 'ERROR', message);
}

/**
 * A run is deleted: one event for each of its assets, of which it then has nothing in progress
 * any more. Its own events, values and record are the caller's to remove.
 */
export function runDeleted(run: Run, at: EpochMs): readonly EventDraft[] {
  const event = runEvent(run, 'RUN_DELETED', at, 'INFO', `Deleted run ${run.runId}.`);
  // A run of ops has none, and is deleted all the same.
  if (run.assetKeys.length === 0) return [event];
  return run.assetKeys.map((assetKey) => ({ ...event, assetKey }));
}

/**
 * A step whose upstream steps failed, or were not executed themselves, is not started
 * and says so (§12, 4).
 *
 * @param step its key, or that of its asset.
 * @param upstream the steps at fault, at least one.
 */
export function stepNotExecuted(
  run: Run,
  step: string,
  at: EpochMs,
  upstream: readonly { readonly step: string; readonly failed: boolean }[],
): EventDraft {
  const stepKey = stepKeyOf(step);
  const clause = (failed: boolean, what: string) => {
    const steps = upstream.filter((one) => one.failed === failed).map((one) => `'${one.step}'`);
    return steps.length > 0 ? ` ${what}: [${steps.join(', ')}]` : '';
  };
  const faults = clause(true, 'failed') + clause(false, 'were not executed');
  const message = `Dependencies for step ${stepKey}${faults}. Not executing.`;
  return { ...runEvent(run, 'LOG', at, 'ERROR', message), stepKey };
}

/**
 * A step is skipped because what it waits for was not recorded: the line that says so, and the event.
 *
 * @param missing outputs, as `step.output`; at least one.
 */
export function stepSkipped(
  run: Run,
  stepKey: string,
  at: EpochMs,
  missing: readonly string[],
): readonly EventDraft[] {
  const outputs = missing.map((one) => `'${one}'`).join(', ');
  const line = `Skipping step ${stepKey} due to skipped dependencies: [${outputs}].`;
  const message = `Skipped execution of step "${stepKey}".`;
  return [
    { ...runEvent(run, 'LOG', at, 'INFO', line), stepKey },
    { ...runEvent(run, 'STEP_SKIPPED', at, 'DEBUG', message), stepKey },
  ];
}

/** Whether an event tells that a step of an asset failed: not that it was stopped with its run. */
export function failsAsset({ type, assetKey }: Pick<EventDraft, 'type' | 'assetKey'>): boolean {
  return type === 'STEP_FAILURE' && assetKey !== null;
}

function runEvent(
  run: Run,
  type: EventType,
  at: EpochMs,
  level: LogLevel,
  message = '',
): EventDraft {
  return {
    runId: run.runId,
    type,
    level,
    at,
    message,
    stepKey: null,
    assetKey: null,
    partitionKey: null,
    metadata: null,
    error: null,
    byAuthor: false,
  };
}

/** What the events of a step name: the step, and for histories the asset and its key if it is one. */
export interface EventfulStep {
  readonly stepKey: string;
  readonly assetKey: AssetKeyText | null;
  readonly partitionKey: PartitionKey | null;
}

/** Makes the events of one step, in the step's run. */
export class StepEvents {
  readonly #run: Run;
  readonly #step: EventfulStep;
  readonly #now: () => EpochMs;

  constructor(run: Run, step: EventfulStep, now: () => EpochMs) {
    this.#run = run;
    this.#step = step;
    this.#now = now;
  }

  start(): EventDraft {
    const { stepKey } = this.#step;
    return this.#event('STEP_START', 'DEBUG', `Started execution of step "${stepKey}".`);
  }

  /** @param attempts how often it was tried before, at least once. */
  restarted(attempts: number): EventDraft {
    const { stepKey } = this.#step;
    const message = `Started re-execution (attempt # ${attempts + 1}) of step "${stepKey}".`;
    return this.#event('STEP_RESTARTED', 'DEBUG', message);
  }

  loadedInput(name: string): EventDraft {
    const message = `Loaded input "${name}" using input manager "io_manager"`;
    return this.#event('LOADED_INPUT', 'DEBUG', message);
  }

  input(name: string): EventDraft {
    const message = `Got input "${name}" of type "Any". (Type check passed).`;
    return this.#event('STEP_INPUT', 'DEBUG', message);
  }

  /** A line of the engine's own. */
  note(level: LogLevel, message: string): EventDraft {
    return this.#event('LOG', level, message);
  }

  /** A line of the author's code. */
  log(level: LogLevel, message: string): EventDraft {
    return { ...this.#event('LOG', level, message), byAuthor: true };
  }

  output(name: string): EventDraft {
    const message = `Yielded output "${name}" of type "Any". (Type check passed).`;
    return this.#event('STEP_OUTPUT', 'DEBUG', message);
  }

  /** @param versions what staleness is told from; empty for what the author's code reports. */
  materialization(
    assetKey: AssetKeyText,
    partitionKey: PartitionKey | null,
    metadata: Readonly<Record<string, unknown>>,
    versions: Pick<EventDraft, 'dataVersion' | 'provenance'> = {},
  ): EventDraft {
    const message = `Materialized value ${assetKey.replaceAll('/', ' ')}.`;
    const event = this.#event('ASSET_MATERIALIZATION', 'DEBUG', message);
    return { ...event, assetKey, partitionKey, metadata, ...versions };
  }

  observation(
    assetKey: AssetKeyText,
    partitionKey: PartitionKey | null,
    metadata: Readonly<Record<string, unknown>>,
  ): EventDraft {
    const event = this.#event('ASSET_OBSERVATION', 'DEBUG', '');
    return { ...event, assetKey, partitionKey, metadata };
  }

  handledOutput(name: string, metadata: Readonly<Record<string, unknown>>): EventDraft {
    const message = `Handled output "${name}" using IO manager "io_manager"`;
    return { ...this.#event('HANDLED_OUTPUT', 'DEBUG', message), metadata };
  }

  success(startedAt: EpochMs): EventDraft {
    const took = this.#now() - startedAt;
    const message = `Finished execution of step "${this.#step.stepKey}" in ${took}ms.`;
    return this.#event('STEP_SUCCESS', 'DEBUG', message);
  }

  /** Names the asset and its key too, for histories. */
  failure(error: SerializableErrorInfo): EventDraft {
    const { stepKey, assetKey, partitionKey } = this.#step;
    const event = this.#event('STEP_FAILURE', 'ERROR', `Execution of step "${stepKey}" failed.`);
    return { ...event, assetKey, partitionKey, error };
  }

  /** The step was stopped with its run: in the history of its asset, which it does not name, that is no failure. */
  interrupted(error: SerializableErrorInfo): EventDraft {
    return { ...this.failure(error), assetKey: null, partitionKey: null };
  }

  /** @param delayMs how long it rests before the next attempt; 0 for not at all. */
  upForRetry(error: SerializableErrorInfo, delayMs: number): EventDraft {
    const when = delayMs > 0 ? ` in ${delayMs / 1000} seconds` : '';
    const message = `Execution of step "${this.#step.stepKey}" failed and has requested a retry${when}.`;
    return { ...this.#event('STEP_UP_FOR_RETRY', 'DEBUG', message), error };
  }

  #event(type: EventType, level: LogLevel, message: string): EventDraft {
    return {
      ...runEvent(this.#run, type, this.#now(), level, message),
      stepKey: this.#step.stepKey,
    };
  }
}
