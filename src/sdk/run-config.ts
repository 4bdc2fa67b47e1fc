import type { AssetSpec, JobSpec } from '../definitions/definitions.ts';
import { PlaygroundError } from '../errors.ts';
import { optionsOf, plainRecord, WORDS } from './arguments.ts';
import type { Evaluation } from './evaluation.ts';

type Plain = Readonly<Record<string, unknown>>;

/** Config of a run, by section and step: `dg.RunConfig` (CFG-2). */
class RunConfigObject {
  readonly ops: Plain;
  readonly resources: Plain;

  constructor(options: unknown) {
    const given = optionsOf(options, 'dg.RunConfig', ['ops', 'resources']);
    this.ops = Object.freeze(plainRecord(given.ops ?? {}, 'The ops of dg.RunConfig'));
    this.resources = Object.freeze(
      plainRecord(given.resources ?? {}, 'The resources of dg.RunConfig'),
    );
  }

  /** As a plain object, without empty sections. */
  toConfigDict(): Plain {
    const sections = Object.entries({ ops: this.ops, resources: this.resources });
    return Object.fromEntries(sections.filter(([, section]) => Object.keys(section).length > 0));
  }

  /** So that a copy as plain data is the plain object. */
  toJSON(): Plain {
    return this.toConfigDict();
  }

  /** In messages. */
  get [WORDS](): string {
    return 'a dg.RunConfig';
  }
}

/** `dg.RunConfig`. */
export const runConfigConstructors = {
  RunConfig: (options?: unknown) => new RunConfigObject(options),
};

/** Run config as cells write it: a `dg.RunConfig` or a plain object; copied. */
export function runConfigArgument(value: unknown, what: string): Plain {
  return value instanceof RunConfigObject ? value.toConfigDict() : plainRecord(value, what);
}

/** A run config that does not fit its job; `errors` has an entry for each fault, in Dagster's order. */
class InvalidRunConfigError extends PlaygroundError {
  readonly code = 'invalid_run_config';
  readonly kind = 'DagsterInvalidConfigError';
  readonly errors: readonly unknown[];

  constructor(message: string, errors: readonly unknown[]) {
    super(message);
    this.errors = errors;
  }
}

/**
 * A run config with its defaults filled in and with all its sections (CFG-14).
 *
 * @throws {InvalidRunConfigError} if it does not fit the job.
 */
export function resolveRunConfig(
  evaluation: Evaluation,
  job: Pick<JobSpec, 'jobName' | 'ops' | 'assetKeys'>,
  assets: readonly AssetSpec[],
  runConfig: Plain,
): Plain {
  const { execution } = evaluation.libraries;
  const answer = execution.resolveRunConfig(job, assets, runConfig);
  if ('resolved' in answer) return answer.resolved;
  throw new InvalidRunConfigError(answer.fault.message, answer.fault.errors);
}
