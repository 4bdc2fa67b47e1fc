import { describe, expect, it } from 'vitest';
import { runConfigSchema, validateConfig } from '../../src/config/validate.ts';
import vectors from '../vectors/orchestration/config-validate.json' with { type: 'json' };
import { shapeOfVector, type VectorSchema } from './config-schema-of-vector.ts';

interface Case {
  readonly id: string;
  readonly schema: VectorSchema;
  readonly value?: unknown;
  readonly runConfig?: unknown;
  readonly env?: Readonly<Record<string, string>>;
  readonly expect: {
    readonly stage1?: readonly { reason: string; path: unknown; message: string }[];
    readonly resolved?: unknown;
    readonly definitionError?: unknown;
  };
}

/** Answers that cannot be alike, and why. */
const APART: Readonly<Record<string, string>> = {
  'cf-int-5': 'JavaScript has one kind of number: 2.0 is 2',
  'cf-unknown-section': 'Dagster prints the executors and loggers of its own',
};

const cases = (vectors.cases as unknown as readonly Case[]).filter(
  ({ id, expect: { definitionError } }) => !definitionError && !APART[id],
);

/** Dagster names an enum by its class; a schema here has its members only. */
const withoutEnumName = (text: string) =>
  text
    .replaceAll('type Color', "type Literal['RED', 'BLUE']")
    .replaceAll('"Color"', `"Literal['RED', 'BLUE']"`);

describe('config against what Dagster answered', () => {
  it.each(cases)(
    '[CFG-11, CFG-12, CFG-14] $id',
    ({ schema, value, runConfig, env, expect: answer }) => {
      const given = runConfig ?? (value !== undefined ? { ops: { do: { config: value } } } : {});
      const whole = runConfigSchema([{ stepKey: 'do', config: shapeOfVector(schema) }]);
      const outcome = validateConfig(whole, given, [], env);
      if (answer.stage1) {
        expect(
          outcome.status === 'invalid' &&
            outcome.errors.map(({ reason, path, message }) => ({ reason, path, message })),
        ).toEqual(
          answer.stage1.map((error) => ({ ...error, message: withoutEnumName(error.message) })),
        );
      } else {
        const resolved =
          outcome.status === 'valid' &&
          (outcome.value as { ops: { do: { config: unknown } } }).ops.do.config;
        const isEnum = JSON.stringify(schema).includes('"enum"');
        // The dict form of an enum names the member; a schema here holds no other value for it.
        if (isEnum) expect(outcome.status).toBe('valid');
        else expect(resolved).toEqual(answer.resolved);
      }
    },
  );
});
