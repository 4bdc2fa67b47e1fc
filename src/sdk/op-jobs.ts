import type { JobSpec, OpStepSpec } from '../definitions/definitions.ts';
import { equalPartitionsDefinitions } from '../partitions/definition/identity.ts';
import {
  functionArgument,
  optionalText,
  optionsOf,
  textRecord,
  validName,
  wrongArgument,
} from './arguments.ts';
import { nameOf, type Evaluation } from './evaluation.ts';
import { Job, partitionedConfigIn } from './job.ts';
import { Composition, type DeclaredOp } from './ops.ts';
import {
  partitionsDefArgument,
  type PartitionsDefinitionObject,
} from './partitions-definitions.ts';
import { runConfigArgument } from './run-config.ts';

const JOB_OPTIONS = ['name', 'config', 'partitionsDef', 'tags', 'description'] as const;

/** A job of ops, as declared. Its function is called once its ops have their names. */
class DeclaredOpJob extends Job {
  readonly #partitionsDef: PartitionsDefinitionObject | null;
  readonly #runConfig: Readonly<Record<string, unknown>> | null;
  readonly #tags: Readonly<Record<string, string>>;
  readonly #givenName: string | null;
  readonly #description: string | null;
  readonly #compose: () => unknown;
  #composition: Composition | null = null;

  constructor(
    evaluation: Evaluation,
    options: Readonly<Partial<Record<(typeof JOB_OPTIONS)[number], unknown>>>,
    compose: () => unknown,
  ) {
    super(evaluation, partitionedConfigIn(options.config));
    this.#compose = compose;
    const name = optionalText(options.name, 'name');
    this.#givenName = name === null ? null : validName(name, 'a job');
    this.#description = optionalText(options.description, 'description');
    this.#tags = textRecord(options.tags, 'tags');
    const given =
      options.partitionsDef === undefined || options.partitionsDef === null
        ? null
        : partitionsDefArgument(options.partitionsDef, 'partitionsDef');
    const ofConfig = this.partitionedConfig?.partitionsDef ?? null;
    if (given && ofConfig && !equalPartitionsDefinitions(given.definition, ofConfig.definition)) {
      throw wrongArgument(
        "Can't supply a PartitionedConfig for 'config' with a different PartitionsDefinition than supplied for 'partitions_def'.",
        'CheckError',
      );
    }
    this.#partitionsDef = given ?? ofConfig;
    this.#runConfig =
      this.partitionedConfig || options.config === undefined || options.config === null
        ? null
        : runConfigArgument(options.config, 'The config of dg.job');
    evaluation.jobs.push(this);
  }

  override get jobName(): string {
    return validName(nameOf(this, this.#givenName, 'job'), 'a job');
  }

  override get partitionsDef(): PartitionsDefinitionObject | null {
    return this.#partitionsDef;
  }

  override opOf(stepKey: string): DeclaredOp | null {
    return this.#calls.find((call) => call.stepKey === stepKey)?.op ?? null;
  }

  override specAmong(): JobSpec {
    return {
      cellId: this.cellId,
      name: this.constName,
      jobName: this.jobName,
      assetKeys: [],
      ops: this.#calls.map(({ stepKey, op, inputs }): OpStepSpec => {
        return {
          stepKey,
          opName: op.opName,
          description: op.description,
          config: op.config?.shape ?? null,
          configName: op.config?.constName ?? null,
          inputs: op.inputNames.map((name) => {
            const source = inputs.get(name) ?? [];
            const list = Array.isArray(source);
            const sources = [source].flat().map(({ stepKey, outputName }) => {
              return { stepKey, outputName };
            });
            return { name, sources, list };
          }),
          outputs: op.outputs,
          ...(op.retryPolicy && { retryPolicy: op.retryPolicy }),
        };
      }),
      partitionsDef: this.#partitionsDef?.definition ?? null,
      ...(this.partitionedConfig && { partitionedConfig: true }),
      ...(this.#runConfig && { runConfig: this.#runConfig }),
      ...(Object.keys(this.#tags).length > 0 && { tags: this.#tags }),
      description: this.#description,
    };
  }

  get #calls(): Composition['calls'] {
    if (!this.#composition) {
      const { evaluation } = this;
      const composition = new Composition();
      const outer = evaluation.composition;
      evaluation.composition = composition;
      try {
        this.#compose();
      } finally {
        evaluation.composition = outer;
      }
      this.#composition = composition;
    }
    return this.#composition.calls;
  }
}

/** `dg.job`. */
export function opJobConstructors(evaluation: Evaluation) {
  return {
    job: (optionsOrFunction: unknown, compose?: unknown) =>
      typeof optionsOrFunction === 'function'
        ? new DeclaredOpJob(evaluation, {}, optionsOrFunction as () => unknown)
        : new DeclaredOpJob(
            evaluation,
            optionsOf(optionsOrFunction, 'dg.job', JOB_OPTIONS),
            functionArgument(compose, 'The last argument of dg.job') as () => unknown,
          ),
  };
}
