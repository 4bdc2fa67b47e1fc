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

/** What a run begins with when it is made: its planned materializations, by name, and that it waits (§12). */
export function creationEvents(
  run: Run,
  keyOf: (assetKey: AssetKeyText) => PartitionKey | null,
): readonly EventDraft[] {
  const planned = [...run.assetKeys].sort().map((assetKey): EventDraft => {
    const path = JSON.stringify(assetKey.split('/')).replaceAll('","', '", "');
    return {
      ...runEvent(run, 'ASSET_MATERIALIZATION_PLANNED', run.createdAt, 'DEBUG'),
      message: `${run.jobName} intends to materialize asset ${path}`,
      stepKey: stepKeyOf(assetKey),
      assetKey,
      partitionKey: keyOf(assetKey),
    };
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
 * A step whose upstream steps failed, or were not executed themselves, is not started
 * and says so (§12, 4).
 *
 * @param upstream the steps at fault, at least one.
 */
export function stepNotExecuted(
  run: Run,
  assetKey: AssetKeyText,
  at: EpochMs,
  upstream: readonly { readonly step: string; readonly failed: boolean }[],
): EventDraft {
  const stepKey = stepKeyOf(assetKey);
  const failed = upstream.filter((one) => one.failed);
  const named = failed.length > 0 ? failed : upstream;
  const steps = named.map(({ step }) => `'${step}'`).join(', ');
  const what = failed.length > 0 ? 'failed' : 'were not executed';
  const message = `Dependencies for step ${stepKey} ${what}: [${steps}]. Not executing.`;
  return { ...runEvent(run, 'LOG', at, 'ERROR', message), stepKey };
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

/** Makes the events of one step, in the step's run and for its asset. */
export class StepEvents {
  readonly #run: Run;
  readonly #assetKey: AssetKeyText;
  readonly #partitionKey: PartitionKey | null;
  readonly #now: () => EpochMs;
  readonly stepKey: string;

  constructor(
    run: Run,
    assetKey: AssetKeyText,
    partitionKey: PartitionKey | null,
    now: () => EpochMs,
  ) {
    this.#run = run;
    this.#assetKey = assetKey;
    this.#partitionKey = partitionKey;
    this.#now = now;
    this.stepKey = stepKeyOf(assetKey);
  }

  start(): EventDraft {
    return this.#event('STEP_START', 'DEBUG', `Started execution of step "${this.stepKey}".`);
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

  output(): EventDraft {
    const message = 'Yielded output "result" of type "Any". (Type check passed).';
    return this.#event('STEP_OUTPUT', 'DEBUG', message);
  }

  materialization(metadata: Readonly<Record<string, unknown>>): EventDraft {
    const message = `Materialized value ${this.#assetKey.replaceAll('/', ' ')}.`;
    return {
      ...this.#event('ASSET_MATERIALIZATION', 'DEBUG', message),
      assetKey: this.#assetKey,
      partitionKey: this.#partitionKey,
      metadata,
    };
  }

  handledOutput(metadata: Readonly<Record<string, unknown>>): EventDraft {
    const message = 'Handled output "result" using IO manager "io_manager"';
    return { ...this.#event('HANDLED_OUTPUT', 'DEBUG', message), metadata };
  }

  success(startedAt: EpochMs): EventDraft {
    const took = this.#now() - startedAt;
    const message = `Finished execution of step "${this.stepKey}" in ${took}ms.`;
    return this.#event('STEP_SUCCESS', 'DEBUG', message);
  }

  /** Names the asset and its key too, for histories. */
  failure(error: SerializableErrorInfo): EventDraft {
    return {
      ...this.#event('STEP_FAILURE', 'ERROR', `Execution of step "${this.stepKey}" failed.`),
      assetKey: this.#assetKey,
      partitionKey: this.#partitionKey,
      error,
    };
  }

  #event(type: EventType, level: LogLevel, message: string): EventDraft {
    return {
      ...runEvent(this.#run, type, this.#now(), level, message),
      stepKey: this.stepKey,
    };
  }
}
