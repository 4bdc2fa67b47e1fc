import type { OpOutputSpec, RetryPolicy } from '../definitions/definitions.ts';
import { InvalidDefinitionError } from '../errors.ts';
import {
  optionalBoolean,
  optionalText,
  optionsOf,
  show,
  validName,
  wrongArgument,
  WORDS,
} from './arguments.ts';
import { configArgument, type ComputeFunction } from './assets.ts';
import { BuiltContext } from './built-context.ts';
import type { ConfigClass } from './config.ts';
import { Declared, nameOf, type Evaluation } from './evaluation.ts';
import { DEFAULT_OUTPUT } from './execution-context.ts';
import { retryPolicyArgument } from './policies.ts';

/** A step of jobs that is not an asset, as declared. */
export class DeclaredOp extends Declared {
  readonly compute: ComputeFunction;
  readonly config: ConfigClass | null;
  readonly description: string | null;
  /** In the author's order. */
  readonly inputNames: readonly string[];
  /** At least one, in the author's order. */
  readonly outputs: readonly OpOutputSpec[];
  readonly retryPolicy: RetryPolicy | null;
  readonly #givenName: string | null;

  constructor(evaluation: Evaluation, options: unknown, compute: unknown) {
    super(evaluation);
    const given = optionsOf(options, 'dg.op', [
      'name',
      'config',
      'ins',
      'out',
      'retryPolicy',
      'description',
    ]);
    if (typeof compute !== 'function') {
      throw wrongArgument(
        `dg.op takes the function of the op last, as in dg.op({ … }, (context, inputs) => …), not ${show(compute)}.`,
      );
    }
    this.compute = compute as ComputeFunction;
    const name = optionalText(given.name, 'name');
    this.#givenName = name === null ? null : validName(name, 'an op');
    this.config = configArgument(given.config);
    this.description = optionalText(given.description, 'description');
    this.retryPolicy = retryPolicyArgument(given.retryPolicy);
    this.inputNames = slotsOf(given.ins, 'ins').map(([input, options]) => {
      optionsOf(options, `ins.${input}`, ['description']);
      return input;
    });
    const outputs = slotsOf(given.out, 'out').map(([output, options]): OpOutputSpec => {
      const { isRequired } = optionsOf(options, `out.${output}`, ['isRequired', 'description']);
      const required =
        isRequired === undefined || optionalBoolean(isRequired, `out.${output}.isRequired`);
      return { name: output, required };
    });
    this.outputs = outputs.length > 0 ? outputs : [{ name: DEFAULT_OUTPUT, required: true }];
  }

  /** @throws {InvalidDefinitionError} if it has no name yet. */
  get opName(): string {
    return validName(nameOf(this, this.#givenName, 'op'), 'an op');
  }

  /** In messages. */
  get [WORDS](): string {
    return 'an op';
  }
}

/** Inputs or outputs as written: an object of options by name, or nothing. */
function slotsOf(value: unknown, what: string): readonly (readonly [string, unknown])[] {
  if (value === undefined || value === null) return [];
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw wrongArgument(
      `${what} of dg.op must be an object with an entry for each name, such as { ${what}: { rows: {} } }, not ${show(value)}.`,
    );
  }
  return Object.entries(value).map(([name, options]) => {
    validName(name, 'an input or output');
    return [name, options ?? {}] as const;
  });
}

/** One call of an op while a job is composed. */
interface OpCall {
  readonly stepKey: string;
  readonly op: DeclaredOp;
  readonly inputs: ReadonlyMap<string, readonly OpOutputHandle[] | OpOutputHandle>;
}

/** An output of an op that was called in a composition: to be given to another. */
class OpOutputHandle {
  readonly composition: Composition;
  readonly stepKey: string;
  readonly outputName: string;

  constructor(composition: Composition, stepKey: string, outputName: string) {
    this.composition = composition;
    this.stepKey = stepKey;
    this.outputName = outputName;
  }

  /** In messages. */
  get [WORDS](): string {
    return `the output ${this.outputName} of the op ${this.stepKey}, which has a value only when the job runs`;
  }
}

/** What a job's function calls, while it is called. */
export class Composition {
  /** In the order of the calls. */
  readonly calls: OpCall[] = [];
  readonly #used = new Map<string, number>();

  /** Notes a call; a second call of an op is `NAME_2`. */
  call(op: DeclaredOp, args: readonly unknown[]): unknown {
    const { opName, outputs } = op;
    const times = (this.#used.get(opName) ?? 0) + 1;
    this.#used.set(opName, times);
    const stepKey = times === 1 ? opName : `${opName}_${times}`;
    this.calls.push({ stepKey, op, inputs: this.#inputsOf(op, stepKey, args) });
    const [only, ...others] = outputs.map(
      ({ name }) => [name, new OpOutputHandle(this, stepKey, name)] as const,
    );
    return others.length === 0 ? only?.[1] : Object.fromEntries([only as never, ...others]);
  }

  #inputsOf(op: DeclaredOp, stepKey: string, args: readonly unknown[]): OpCall['inputs'] {
    const [given, ...more] = args;
    if (more.length > 0 || (given !== undefined && (typeof given !== 'object' || !given))) {
      throw wrongArgument(
        `In a job, ${op.opName} takes one object with an output for each of its inputs, such as ${op.opName}({ ${op.inputNames[0] ?? 'rows'} }).`,
        'DagsterInvalidDefinitionError',
      );
    }
    if (given instanceof OpOutputHandle || given instanceof BuiltContext) {
      throw wrongArgument(
        `In a job, ${op.opName} takes its inputs by name, such as ${op.opName}({ ${op.inputNames[0] ?? 'rows'}: … }), not ${show(given)}.`,
        'DagsterInvalidDefinitionError',
      );
    }
    const entries = Object.entries(given ?? {});
    for (const [name, source] of entries) {
      if (!op.inputNames.includes(name)) {
        throw new InvalidDefinitionError(
          `The op ${op.opName} has no input "${name}". Its inputs: ${op.inputNames.join(', ') || 'none; name them in `ins`'}.`,
        );
      }
      for (const one of Array.isArray(source) ? (source as unknown[]) : [source]) {
        if (!(one instanceof OpOutputHandle) || one.composition !== this) {
          throw new InvalidDefinitionError(
            `In a job, the input "${name}" of ${stepKey} must be what an op of the job gives back, not ${show(one)}.`,
          );
        }
      }
    }
    const inputs = new Map(entries) as OpCall['inputs'];
    const missing = op.inputNames.find((name) => !inputs.has(name));
    if (missing !== undefined) {
      throw new InvalidDefinitionError(
        `Input '${missing}' of op '${stepKey}' has no way of being resolved: give it what another op gives back.`,
      );
    }
    return inputs;
  }
}

/** `dg.op`. */
export function opConstructors(evaluation: Evaluation) {
  return {
    op: (optionsOrFunction: unknown, compute?: unknown) => {
      const op =
        typeof optionsOrFunction === 'function'
          ? new DeclaredOp(evaluation, {}, optionsOrFunction)
          : new DeclaredOp(evaluation, optionsOrFunction, compute);
      const handle = (...args: unknown[]): unknown => {
        if (evaluation.composition) return evaluation.composition.call(op, args);
        const [context, inputs] = args;
        return BuiltContext.invoke(context, inputs, op);
      };
      Object.defineProperty(handle, WORDS, { value: 'an op' });
      return evaluation.bind(handle, op);
    },
  };
}
