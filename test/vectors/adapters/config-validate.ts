import * as z from 'zod';
import type { ConfigSchema, ConfigShape } from '../../../src/config/config-schema.ts';
import { runConfigSchema, validateConfig } from '../../../src/config/validate.ts';
import { valueErrorOf } from '../../../src/config/value-errors.ts';
import { configIssueOf, configShapeOf, zodInputOf } from '../../../src/sdk/zod-schema.ts';
import {
  configClassOf,
  type VectorField,
  type VectorSchema,
} from '../../config/config-schema-of-vector.ts';
import { answerOf, compared, isErrorAnswer } from '../compare-answers.ts';
import type { ComparedAnswer, VectorAdapter, VectorCase } from '../vector-adapter.ts';

interface ConfigCase extends VectorCase {
  readonly schema: VectorSchema;
  readonly value?: unknown;
  readonly runConfig?: unknown;
  readonly env?: Readonly<Record<string, string>>;
  readonly expect: {
    readonly definitionError?: unknown;
    readonly stage1?: readonly Stage1Error[];
    readonly resolved?: unknown;
    readonly resolvedSections?: readonly string[];
    readonly seenByFunction?: unknown;
    readonly stage2?: { readonly error: string; readonly fields: readonly Stage2Field[] };
  };
}

interface Stage1Error {
  readonly reason: string;
  readonly path: unknown;
  readonly message: string;
}

interface Stage2Field {
  readonly field: readonly (string | number)[];
  readonly type: string;
  readonly message: string;
}

/** The config of one op: what is wrong before the run, or what it resolves to and the op then gets. */
export const configValidateAdapter: VectorAdapter = (vectorCase) => {
  const { schema, expect, env, ...given } = vectorCase as ConfigCase;
  const shape = answerOf(() => configShapeOf(configClassOf(schema)));
  if (expect.definitionError !== undefined || isErrorAnswer(shape)) {
    return [compared('definitionError', expect.definitionError, shape)];
  }
  const config = shape as ConfigShape;
  const runConfig =
    given.runConfig ?? ('value' in given ? { ops: { do: { config: given.value } } } : {});
  const outcome = validateConfig(runConfigSchema([{ stepKey: 'do', config }]), runConfig, [], env);
  if (expect.stage1 !== undefined) {
    const actual = outcome.status === 'invalid' ? outcome.errors : [];
    return compareStage1(expect.stage1, actual, schema);
  }
  if (outcome.status === 'invalid') return [compared('stage1', undefined, outcome.errors)];
  const sections = outcome.value as { readonly ops: { readonly do: { readonly config: unknown } } };
  const resolved = sections.ops.do.config;
  return [
    compared('resolved', expect.resolved, resolved),
    compared('resolvedSections', expect.resolvedSections, Object.keys(sections).sort()),
    ...compareStage2(expect, schema, config, resolved),
  ];
};

/** Reason and path exactly; the message as far as it can be the same. */
function compareStage1(
  expected: readonly Stage1Error[],
  errors: readonly Stage1Error[],
  schema: VectorSchema,
): readonly ComparedAnswer[] {
  const actual = errors.map(({ reason, path, message }) => ({ reason, path, message }));
  const answers = [
    compared(
      'stage1',
      expected.map(({ reason, path }) => ({ reason, path })),
      actual.map(({ reason, path }) => ({ reason, path })),
      expected.some(isWholeFloat),
    ),
  ];
  expected.forEach((error, at) => {
    const wanted = inOurWords(error, schema);
    const message = actual[at]?.message;
    answers.push(
      error.path instanceof Array && error.path.length === 0
        ? compared(`message ${at}`, beforeExpected(wanted), beforeExpected(message ?? ''))
        : compared(`message ${at}`, wanted, message, isWholeFloat(error)),
    );
  });
  return answers;
}

/** 2.0 for an int: JSON, and JavaScript, have it as 2. */
function isWholeFloat({ message }: Stage1Error): boolean {
  return /Value "-?\d+\.0" of type "<class 'float'>".*expected type "Int"/.test(message);
}

/** The sections that Dagster lists at the root hold its own executors and loggers. */
const beforeExpected = (message: string): string => message.replace(/ Expected: .*$/s, '');

/** Dagster names an enum by its class, which a list of members here has not. */
function inOurWords({ message }: Stage1Error, schema: VectorSchema): string {
  let words = message;
  JSON.stringify(schema, (_, field: unknown) => {
    const { type, name, members } = (field ?? {}) as Record<string, unknown>;
    if (type === 'enum' && typeof name === 'string') {
      const listed = Object.keys(members as object).map((member) => `'${member}'`);
      words = words.replace(
        new RegExp(`\\b${name}\\b(?=[? "\\]}]|$)`, 'g'),
        `Literal[${listed.join(', ')}]`,
      );
    }
    return field;
  });
  return words;
}

/** What the function gets, or what its config class says of it. */
function compareStage2(
  { seenByFunction, stage2 }: ConfigCase['expect'],
  schema: VectorSchema,
  shape: ConfigShape,
  resolved: unknown,
): readonly ComparedAnswer[] {
  const zodSchema = configClassOf(schema);
  const input = zodInputOf(zodSchema, resolved);
  const parsed = z.safeParse(zodSchema, input);
  if (stage2 !== undefined) {
    const errors = (parsed.error?.issues ?? []).map((issue) =>
      valueErrorOf(configIssueOf(zodSchema, input, issue)),
    );
    const told = ({ field, type }: Stage2Field): unknown => ({ field, type });
    return [compared('stage2', stage2.fields.map(told), errors.map(told))];
  }
  const seen = parsed.success ? asPythonSees(shape, schema, parsed.data) : parsed.error.issues;
  return [compared('seenByFunction', seenByFunction, seen)];
}

/**
 * What a function sees, as the vectors write it: what is left out is None, a member of an enum
 * is told by its name, and a field by the name that it has in Python.
 */
function asPythonSees(shape: ConfigShape, schema: VectorSchema, value: unknown): unknown {
  const given = value as Readonly<Record<string, unknown>>;
  const names = new Map(
    Object.entries(schema.fields).map(([name, field]) => [field.alias ?? name, name]),
  );
  const declared = shape.fields.map(({ name, schema: inner }) => {
    const field = schema.fields[names.get(name) ?? name];
    return [names.get(name) ?? name, memberNames(inner, field, given[name] ?? null)];
  });
  const others = Object.entries(given).filter(([name]) => !names.has(name));
  return Object.fromEntries([...declared, ...others] as [string, unknown][]);
}

/** @param field absent where the schema says nothing of the value. */
function memberNames(
  schema: ConfigSchema,
  field: VectorField | undefined,
  value: unknown,
): unknown {
  if (value === null) return value;
  switch (schema.kind) {
    case 'noneable':
      return memberNames(schema.inner, field?.of ?? field, value);
    case 'shape':
      return field?.schema ? asPythonSees(schema, field.schema, value) : value;
    case 'array':
      return (value as readonly unknown[]).map((item) =>
        memberNames(schema.item, field?.items, item),
      );
    case 'map':
      return Object.fromEntries(
        Object.entries(value as object).map(([key, item]) => [
          key,
          memberNames(schema.value, field?.values, item),
        ]),
      );
    case 'selector': {
      const tags = Object.values(value as object);
      const chosen = schema.fields.find(({ name }) => tags.includes(name));
      const variant = field?.variants?.find(({ fields }) =>
        Object.values(fields).some(
          (one) => one.type === 'literalTag' && one.value === chosen?.name,
        ),
      );
      if (chosen?.schema.kind !== 'shape' || !variant || !field?.discriminator) return value;
      // The config of a variant leaves out what tells it apart.
      const seen = asPythonSees(chosen.schema, variant, value) as object;
      return { [field.discriminator]: chosen.name, ...seen };
    }
    case 'enum':
      return (
        Object.entries(schema.valueByName ?? {}).find(([, one]) => one === value)?.[0] ?? value
      );
    default:
      return value;
  }
}
