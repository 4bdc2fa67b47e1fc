import type * as zod from 'zod';
import type { ConfigShape } from '../config/config-schema.ts';
import { valueErrorOf, type ValueError } from '../config/value-errors.ts';
import { InvalidDefinitionError } from '../errors.ts';
import { show, wrongArgument, WORDS } from './arguments.ts';
import { Declared, type Evaluation } from './evaluation.ts';
import type * as zodSchemas from './zod-schema.ts';

/** A config class as cells hold it: the zod schema that checks values, and the same as data. */
export class ConfigClass extends Declared {
  readonly zodSchema: zod.ZodObject;
  readonly shape: ConfigShape;
  readonly #schemas: typeof zodSchemas;

  constructor(evaluation: Evaluation, zodSchema: zod.ZodObject) {
    super(evaluation);
    this.zodSchema = zodSchema;
    this.#schemas = evaluation.libraries.zod.schemas;
    this.shape = this.#schemas.configShapeOf(zodSchema);
    evaluation.configs.push(this);
  }

  /**
   * The value that a step gets: parsed by zod, with ranges, refinements and transforms (CFG-9),
   * and frozen (CFG-7).
   *
   * @param resolved as the schema of data has it.
   * @throws {ConfigValueError} with what zod says about each field.
   */
  async parse(resolved: unknown): Promise<unknown> {
    const input = this.#schemas.zodInputOf(this.zodSchema, resolved);
    return this.#valueOf(input, await this.zodSchema.safeParseAsync(input));
  }

  /**
   * The same, at once: for a function that is called directly.
   *
   * @throws {ConfigValueError} with what zod says about each field.
   */
  parseAtOnce(resolved: unknown): unknown {
    const input = this.#schemas.zodInputOf(this.zodSchema, resolved);
    return this.#valueOf(input, this.zodSchema.safeParse(input));
  }

  #valueOf(input: unknown, result: zod.ZodSafeParseResult<unknown>): unknown {
    if (result.success) return Object.freeze(result.data);
    const found = result.error.issues.map((issue) =>
      this.#schemas.configIssueOf(this.zodSchema, input, issue),
    );
    const issues = found.map(
      (issue) => `${issue.path.map(String).join('.') || 'config'}: ${issue.message}`,
    );
    const many = issues.length === 1 ? 'error' : 'errors';
    throw new ConfigValueError(
      found.map(valueErrorOf),
      `${issues.length} validation ${many} for ${this.constName ?? 'config'}: ${issues.join('; ')}`,
    );
  }

  /** In messages. */
  get [WORDS](): string {
    return 'a config class';
  }
}

/** Config fits its schema but not its author's further conditions. */
class ConfigValueError extends Error {
  readonly code = 'config_value';
  readonly kind = 'ValidationError';
  readonly fields: readonly ValueError[];

  constructor(fields: readonly ValueError[], message: string) {
    super(message);
    this.fields = fields;
  }
}

/** The constructors of config classes, as they stand on `dg`. */
export function configConstructors(evaluation: Evaluation) {
  const make = (shape: unknown, permissive: boolean): ConfigClass => {
    const call = permissive ? 'dg.PermissiveConfig' : 'dg.Config';
    if (typeof shape !== 'object' || shape === null || Array.isArray(shape)) {
      throw wrongArgument(
        `${call} takes an object of zod types, such as { limit: z.int() }, not ${show(shape)}.`,
      );
    }
    const { z } = evaluation.libraries.zod;
    if (shape instanceof z.ZodType) {
      throw wrongArgument(
        `${call} takes the fields themselves, as in ${call}({ limit: z.int() }), not a zod type.`,
      );
    }
    const fields = Object.fromEntries(
      Object.entries(shape as object).map(
        ([name, field]: [string, unknown]): [string, zod.ZodType] => {
          if (field instanceof ConfigClass) return [name, field.zodSchema];
          if (field instanceof z.ZodType) return [name, field];
          throw new InvalidDefinitionError(
            `The field ${name} of ${call} must be a zod type, such as z.string(), not ${show(field)}.`,
            'ParameterCheckError',
          );
        },
      ),
    );
    return new ConfigClass(evaluation, permissive ? z.looseObject(fields) : z.strictObject(fields));
  };
  return {
    Config: (shape: unknown) => make(shape, false),
    PermissiveConfig: (shape: unknown) => make(shape, true),
  };
}
