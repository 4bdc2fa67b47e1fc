import type { Definitions } from '../../src/definitions/definitions.ts';
import type { CodeRunner } from '../../src/orchestration/ports.ts';
import type {
  AutomationEvaluation,
  AutomationOutcome,
} from '../../src/orchestration/run-request.ts';
import type {
  GuestServices,
  LoadOutcome,
  PartitionedConfigOutcome,
  RetryRequest,
  ScheduleEvaluationRequest,
  SensorEvaluationRequest,
  StepOutcome,
  StepRequest,
  TestOutcome,
} from '../../src/protocol/sandbox.ts';

/** What an asset does in a scenario. */
export type Compute = (step: StepRequest, services: GuestServices) => unknown;

/** What a schedule or a sensor gives. */
export type Automation = (
  request: ScheduleEvaluationRequest | SensorEvaluationRequest,
  services: GuestServices,
) => AutomationEvaluation;

/** Returned by a compute function for a step that never ends. */
export const FOREVER = Symbol('forever');
/** Returned by a compute function for a result that stores nothing. */
export const NO_VALUE = Symbol('no value');
/** Returned by a compute function for an optional output that is left out, or a step whose outputs it told. */
const NO_OUTPUT = Symbol('no output');

/** Thrown by a compute function that asks for another attempt. */
export class FakeRetry extends Error {
  readonly retry: RetryRequest;

  constructor(maxRetries: number, delaySeconds = 0) {
    super('');
    this.name = 'RetryRequested';
    this.retry = { maxRetries, delaySeconds };
  }
}

/** Code that runs in the same thread, so that scenarios need no sandbox. */
export class FakeRunner implements CodeRunner {
  readonly calls: StepRequest[] = [];
  disposed = false;
  most = 0;
  #running = 0;
  readonly #compute: Readonly<Record<string, Compute>>;
  readonly #outcome: LoadOutcome;
  readonly #tests: readonly (() => void)[];
  readonly #automations: Readonly<Record<string, Automation>>;

  constructor(
    compute: Readonly<Record<string, Compute>>,
    outcome: LoadOutcome = { status: 'loaded', definitions: noDefinitions },
    tests: readonly (() => void)[] = [],
    automations: Readonly<Record<string, Automation>> = {},
  ) {
    this.#compute = compute;
    this.#outcome = outcome;
    this.#tests = tests;
    this.#automations = automations;
  }

  async load(): Promise<LoadOutcome> {
    return this.#outcome;
  }

  async execute(
    step: StepRequest,
    services: GuestServices,
    signal: AbortSignal,
  ): Promise<StepOutcome> {
    this.calls.push(step);
    this.most = Math.max(this.most, ++this.#running);
    try {
      const value = await this.#compute[step.assetKey]?.(step, services);
      if (value === FOREVER) {
        await new Promise<void>((resolve) =>
          signal.addEventListener('abort', () => resolve(), { once: true }),
        );
      }
      if (signal.aborted) return { status: 'canceled' };
      const hasValue = value !== NO_VALUE && value !== NO_OUTPUT && value !== undefined;
      return {
        status: 'success',
        value: hasValue ? value : undefined,
        hasValue,
        handled: value !== NO_VALUE,
        ...(value === NO_OUTPUT && { noOutput: true }),
        metadata: {},
        dataVersion: null,
      };
    } catch (thrown) {
      const { name, message } = thrown as Error;
      const frames = [{ cellId: 'cell', line: 3, column: 9 }];
      return {
        status: 'failure',
        error: { name, code: null, kind: null, message, frames, cause: null },
        ...(thrown instanceof FakeRetry && { retry: thrown.retry }),
      };
    } finally {
      this.#running--;
    }
  }

  async runTest(testId: number): Promise<TestOutcome> {
    try {
      this.#tests[testId]?.();
      return { testId, status: 'passed', error: null };
    } catch (thrown) {
      const { name, message } = thrown as Error;
      const error = { name, code: null, kind: null, message, frames: [], cause: null };
      return { testId, status: 'failed', error };
    }
  }

  async evaluateSchedule(
    request: ScheduleEvaluationRequest,
    services: GuestServices,
  ): Promise<AutomationOutcome> {
    return this.#evaluate(request.scheduleName, request, services);
  }

  async evaluateSensor(
    request: SensorEvaluationRequest,
    services: GuestServices,
  ): Promise<AutomationOutcome> {
    return this.#evaluate(request.sensorName, request, services);
  }

  #evaluate(
    name: string,
    request: ScheduleEvaluationRequest | SensorEvaluationRequest,
    services: GuestServices,
  ): AutomationOutcome {
    try {
      const evaluation = this.#automations[name]?.(request, services) ?? { results: [] };
      return { status: 'evaluated', evaluation };
    } catch (thrown) {
      const { name: kind, message } = thrown as Error;
      const error = { name: kind, code: null, kind: null, message, frames: [], cause: null };
      return { status: 'failure', error };
    }
  }

  async evaluatePartitionedConfig(): Promise<PartitionedConfigOutcome> {
    return { status: 'crashed', message: 'there are no partitioned configs in this scenario' };
  }

  setConcurrency(): void {}

  dispose(): void {
    this.disposed = true;
  }
}

export const noDefinitions: Definitions = {
  partitionsDefinitions: [],
  configs: [],
  assets: [],
  jobs: [],
  schedules: [],
  sensors: [],
  tests: [],
};
