import { servicesOf } from './instance-access.ts';
import { validateConfig } from '../config/validate.ts';
import type { OpSource, OpStepSpec } from '../definitions/definitions.ts';
import type { SerializableErrorInfo } from '../protocol/error-info.ts';
import type { RetryRequest, StepInput, StepOutcome } from '../protocol/sandbox.ts';
import type { RunEnvironment } from './execute-run.ts';
import { stoppedError, type StepEnd } from './execute-step.ts';
import { interruptedStep } from './interrupted-step.ts';
import { outputText } from './op-steps.ts';
import { StepEvents } from './run-events.ts';
import type { Run } from './run.ts';
import { isDagsterError, plainError } from './step-error.ts';

/** What the steps of one run gave so far, encoded, by `step.output`. */
export type OpValues = Map<string, unknown>;

/**
 * Executes one attempt of a step of a job of ops: its inputs are what other steps of the run
 * gave, and what it gives lives as long as the run (IO-3).
 *
 * @param attempts how often the step was tried before in this run.
 */
export async function executeOpStep(
  run: Run,
  op: OpStepSpec,
  attempts: number,
  values: OpValues,
  environment: RunEnvironment,
  signal: AbortSignal,
): Promise<StepEnd> {
  const { emit, now } = environment;
  const { stepKey } = op;
  const events = new StepEvents(run, { stepKey, assetKey: null, partitionKey: null }, now);
  const startedAt = now();
  emit(attempts > 0 ? events.restarted(attempts) : events.start());
  const fail = (error: SerializableErrorInfo, retry?: RetryRequest): StepEnd => {
    const asked = retry ?? (isDagsterError(error) ? undefined : op.retryPolicy);
    if (!asked) {
      emit(events.failure(error));
      return { status: 'failure', error };
    }
    const name = retry ? 'RetryRequested' : 'RetryRequestedFromPolicy';
    const again = { ...plainError(name, '', error), frames: error.frames };
    if (attempts >= asked.maxRetries) {
      const message = `Exceeded max_retries of ${asked.maxRetries}`;
      emit(events.failure({ ...again, message }));
      return { status: 'failure', error: { ...again, message } };
    }
    emit(events.upForRetry(again, asked.delaySeconds * 1000));
    return { status: 'retry', delayMs: asked.delaySeconds * 1000 };
  };
  // Of a list, what was left out is not there.
  const isThere = (source: OpSource) => values.has(outputText(source));
  const inputs = op.inputs.map(({ name, sources, list }): StepInput => {
    const given = sources.filter(isThere).map((source) => values.get(outputText(source)));
    return { name, kind: 'single', value: list ? given : given[0] };
  });
  for (const { name, sources } of op.inputs) {
    for (const { stepKey: from, outputName } of sources.filter(isThere)) {
      const event = events.loadedInput(name);
      const message = `${event.message}, from output "${outputName}" of step "${from}"`;
      emit({ ...event, message });
    }
  }
  for (const { name } of inputs) emit(events.input(name));
  const config = configOf(run, op);
  if (config.status === 'failure') return fail(config.error);
  const outcome = await compute(
    run,
    op,
    attempts,
    inputs,
    config.value,
    events,
    environment,
    signal,
  );
  if (outcome.status === 'canceled' || signal.aborted) {
    emit(interruptedStep(events, attempts, op.retryPolicy));
    return { status: 'canceled' };
  }
  if (outcome.status === 'failure') return fail(outcome.error, outcome.retry);
  if (outcome.status !== 'success') return fail(stoppedError(outcome));
  const recorded: string[] = [];
  const known = new Set(op.outputs.map(({ name }) => name));
  for (const { name, value, metadata } of outcome.opOutputs ?? []) {
    if (!known.delete(name)) continue;
    const source = outputText({ stepKey, outputName: name });
    emit(events.output(name));
    values.set(source, value ?? null);
    recorded.push(source);
    emit(events.handledOutput(name, metadata));
  }
  emit(events.success(startedAt));
  return { status: 'success', recorded };
}

async function compute(
  run: Run,
  { stepKey }: OpStepSpec,
  attempts: number,
  inputs: readonly StepInput[],
  config: unknown,
  events: StepEvents,
  { keySpace, listFiles, newStepId, now, emit, request, runner, seed, instance }: RunEnvironment,
  signal: AbortSignal,
): Promise<StepOutcome> {
  const files = await listFiles();
  if (signal.aborted) return { status: 'canceled' };
  const { runId, tags, jobName, partitionKey } = run;
  const retried = attempts > 0 ? ` ${attempts}` : '';
  return runner.execute(
    {
      stepId: newStepId(),
      assetKey: '',
      op: { jobName, stepKey },
      runId,
      runTags: tags,
      partitionKeys: partitionKey === null ? [] : [partitionKey],
      ...(attempts > 0 && { retryNumber: attempts }),
      config,
      inputs,
      world: {
        now: now(),
        seed: `${seed} ${jobName}.${stepKey} ${partitionKey ?? ''} ${runId}${retried}`,
        dynamicPartitions: [...keySpace.context.dynamicPartitions],
        ...instance?.world(),
        ...files,
      },
    },
    {
      log: (_stepId, level, text) => emit(events.log(level, text)),
      progress: () => {},
      request,
      ...servicesOf(instance),
    },
    signal,
  );
}

type ResolvedConfig =
  | { readonly status: 'valid'; readonly value: unknown }
  | { readonly status: 'failure'; readonly error: SerializableErrorInfo };

/** Checked when it was launched too; since then, the cell may have changed. */
function configOf(run: Run, { stepKey, config }: OpStepSpec): ResolvedConfig {
  const given = run.runConfig.ops?.[stepKey]?.config;
  // An op without a schema gets what it is given, whatever that is.
  if (!config) return { status: 'valid', value: given ?? null };
  const outcome = validateConfig(config, given ?? {}, ['ops', stepKey, 'config']);
  if (outcome.status === 'valid') return outcome;
  const errors = outcome.errors.map(({ message }, at) => `    Error ${at + 1}: ${message}`);
  const kind = 'DagsterInvalidConfigError';
  const message = `Error in config for op "${stepKey}":\n${errors.join('\n')}`;
  return { status: 'failure', error: { ...plainError(kind, message), kind } };
}
