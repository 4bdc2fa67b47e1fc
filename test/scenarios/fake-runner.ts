import type { Definitions } from '../../src/definitions/definitions.ts';
import type { CodeRunner } from '../../src/orchestration/ports.ts';
import type { GoalsOutcome, GoalsRequest } from '../../src/protocol/goals.ts';
import type {
  AutomationEvaluation,
  AutomationOutcome,
  PartitionConfig,
} from '../../src/orchestration/run-request.ts';
import type {
  GuestServices,
  LoadOutcome,
  PartitionedConfigOutcome,
  PartitionedConfigRequest,
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

/** What a job's partitioned config gives for a key. */
export type ConfigOfKey = (partitionKey: string) => {
  readonly runConfig: Readonly<Record<string, unknown>>;
  readonly tags?: Readonly<Record<string, string>>;
};

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
  readonly #keyConfigs: Readonly<Record<string, ConfigOfKey>>;

  /** @param compute by asset, or `job.step` for the step of an op. */
  constructor(
    compute: Readonly<Record<string, Compute>>,
    outcome: LoadOutcome = { status: 'loaded', definitions: noDefinitions },
    tests: readonly (() => void)[] = [],
    automations: Readonly<Record<string, Automation>> = {},
    keyConfigs: Readonly<Record<string, ConfigOfKey>> = {},
  ) {
    this.#keyConfigs = keyConfigs;
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
      const { op } = step;
      const called = op ? `${op.jobName}.${op.stepKey}` : step.assetKey;
      const value = await this.#compute[called]?.(step, services);
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
        ...(op && { opOutputs: [{ name: 'result', value, hasValue, metadata: {} }] }),
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

  /** What goals say, by their ids; not reached if nothing else is said. */
  goals: (request: GoalsRequest) => GoalsOutcome | null = () => null;

  async checkGoals(request: GoalsRequest): Promise<GoalsOutcome> {
    const verdicts = request.goalIds.map(() => ({ status: 'open', reason: null }) as const);
    return this.goals(request) ?? { status: 'evaluated', verdicts };
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

  async evaluatePartitionedConfig({
    jobName,
    partitionKeys,
  }: PartitionedConfigRequest): Promise<PartitionedConfigOutcome> {
    const configs = partitionKeys.map((key): PartitionConfig => {
      try {
        const { runConfig, tags = {} } = this.#keyConfigs[jobName]?.(key) ?? { runConfig: {} };
        return {
          runConfig: { status: 'given', value: runConfig },
          tags: { status: 'given', value: tags },
        };
      } catch (thrown) {
        const { name, message } = thrown as Error;
        const error = { name, code: null, kind: null, message, frames: [], cause: null };
        return { runConfig: { status: 'threw', error }, tags: { status: 'given', value: {} } };
      }
    });
    return { status: 'evaluated', configs };
  }

  setConcurrency(): void {}

  prepare(): void {}

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
