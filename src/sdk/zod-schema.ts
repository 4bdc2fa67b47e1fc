import type * as zod from 'zod';
import {
  isLiteral,
  type ConfigField,
  type ConfigSchema,
  type ConfigShape,
} from '../config/config-schema.ts';
import type { ValueIssue } from '../config/value-errors.ts';
import { InvalidDefinitionError, type DagsterErrorKind } from '../errors.ts';

/*
 * From zod's schemas to config schemas as data, by zod's public `def`s. Ranges, refinements and
 * transforms are not part of the data: they are checked when a step starts (CFG-9).
 */

/** What is read of a zod schema's definition; which fields are there depends on `type`. */
interface ZodDef {
  readonly type: string;
  readonly format?: string;
  readonly coerce?: boolean;
  readonly checks?: readonly { readonly _zod: { readonly def: { readonly format?: string } } }[];
  readonly element?: zod.ZodType;
  readonly keyType?: zod.ZodType;
  readonly valueType?: zod.ZodType;
  readonly innerType?: zod.ZodType;
  readonly in?: zod.ZodType;
  readonly shape?: Readonly<Record<string, zod.ZodType>>;
  readonly catchall?: zod.ZodType;
  readonly entries?: Readonly<Record<string, string | number>>;
  readonly values?: readonly unknown[];
  readonly options?: readonly zod.ZodType[];
  readonly discriminator?: string;
  readonly defaultValue?: unknown;
}

function defOf(schema: zod.ZodType): ZodDef {
  return schema.def as unknown as ZodDef;
}

/**
 * The schema of an object of fields, in the author's order.
 *
 * @throws {InvalidDefinitionError} naming a field whose type cannot be config (CFG-5).
 */
export function configShapeOf(schema: zod.ZodType, path = ''): ConfigShape {
  const { shape, catchall } = defOf(schema);
  return {
    kind: 'shape',
    fields: Object.entries(shape ?? {}).map(([name, field]) =>
      configFieldOf(name, field, path === '' ? name : `${path}.${name}`),
    ),
    permissive: catchall !== undefined && defOf(catchall).type !== 'never',
  };
}

function configFieldOf(name: string, field: zod.ZodType, path: string): ConfigField {
  const declared = configSchemaOf(field, path);
  const given = memberName(declared, defaultOf(field, path));
  const schema = filledShape(declared, given);
  const defaultValue = schema === declared ? given : undefined;
  // An object that may hold anything has nothing to fill itself with.
  const fillsItself =
    schema.kind === 'shape' &&
    schema.fields.every(({ required }) => !required) &&
    (schema.fields.length > 0 || !schema.permissive);
  return {
    name,
    schema,
    required: defaultValue === undefined && schema.kind !== 'noneable' && !fillsItself,
    ...(defaultValue === undefined ? {} : { defaultValue }),
    description: field.description ?? null,
  };
}

/**
 * An object with a default passes it on to its fields, but not to literals, unions and objects, as Dagster does: they
 * are optional then, may still not be null, and the object fills itself. Any other schema as it is.
 */
function filledShape(schema: ConfigSchema, given: unknown): ConfigSchema {
  if (schema.kind !== 'shape' || schema.fields.length === 0 || !given) return schema;
  const values = given as Readonly<Record<string, unknown>>;
  return {
    ...schema,
    fields: schema.fields.map((field) => {
      const { kind } = field.schema;
      const isWhole = kind === 'shape' || kind === 'selector' || isLiteral(field.schema);
      if (isWhole || !Object.hasOwn(values, field.name)) return field;
      const filled = {
        ...field,
        required: false,
        defaultValue: memberName(field.schema, values[field.name]),
      };
      return 'defaultValue' in field ? filled : { ...filled, refusesNull: true };
    }),
  };
}

/** A default as config writes it: members of an enum by their names. */
function memberName(schema: ConfigSchema, value: unknown): unknown {
  switch (schema.kind) {
    case 'noneable':
      return memberName(schema.inner, value);
    case 'array':
      return Array.isArray(value) ? value.map((item) => memberName(schema.item, item)) : value;
    case 'enum': {
      const member = Object.entries(schema.valueByName ?? {}).find(([, one]) => one === value);
      return member === undefined ? value : member[0];
    }
    default:
      return value;
  }
}

/** The default given with `.default(…)` or `.prefault(…)`, under whatever else wraps it. */
function defaultOf(schema: zod.ZodType, path: string): unknown {
  const def = defOf(schema);
  if (def.type === 'default' || def.type === 'prefault') {
    const value: unknown = def.defaultValue;
    try {
      // What is not plain data cannot be shown, nor written in a run's config.
      return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
    } catch {
      throw unsupported(path, 'a default that is not plain data');
    }
  }
  const wrapped = def.innerType ?? def.in;
  return wrapped ? defaultOf(wrapped, path) : undefined;
}

/** @param within what holds it, where it is not all of a field's type: Dagster reads literals and unions nowhere else. */
function configSchemaOf(schema: zod.ZodType, path: string, within = ''): ConfigSchema {
  const def = defOf(schema);
  const inner = (type: zod.ZodType | undefined, at = path, holder = ''): ConfigSchema => {
    if (!type) throw unsupported(path, `z.${def.type}()`);
    return configSchemaOf(type, at, holder || within);
  };
  switch (def.type) {
    case 'string':
      return { kind: def.coerce ? 'any' : 'string' };
    case 'number':
      if (def.coerce) return { kind: 'any' };
      return { kind: isInteger(def) ? 'int' : 'float' };
    case 'boolean':
      return { kind: def.coerce ? 'any' : 'bool' };
    case 'any':
    case 'unknown':
      return { kind: 'any' };
    case 'enum':
      return enumOf(def.entries ?? {});
    case 'literal':
      if (within) throw unsupported(path, `a literal in ${within}; write z.enum(['a', 'b'])`);
      return { kind: 'enum', values: (def.values ?? []).map((value) => literal(value, path)) };
    case 'array':
      return { kind: 'array', item: inner(def.element, `${path}[]`, 'an array') };
    case 'record':
      return {
        kind: 'map',
        key: inner(def.keyType, path, 'a record'),
        value: inner(def.valueType, `${path}[…]`, 'a record'),
      };
    case 'optional':
    case 'nullable': {
      const wrapped = inner(def.innerType, path, `.${def.type}()`);
      return wrapped.kind === 'noneable' ? wrapped : { kind: 'noneable', inner: wrapped };
    }
    case 'default':
    case 'prefault':
    case 'readonly':
    case 'catch':
    case 'nonoptional':
      return inner(def.innerType);
    case 'pipe':
      // `.transform()`: what goes in is what is written; a transform at the front (preprocess) hides it.
      return inner(def.in);
    case 'object':
      return configShapeOf(schema, path);
    case 'union':
      if (within) throw unsupported(path, `a union in ${within}`);
      if (def.discriminator) return selectorOf(def, def.discriminator, path);
  }
  throw unsupported(path, `z.${def.type}()`, kindOfUnsupported(def.type));
}

/** Dagster refuses the generic types of Python that it does not know in another place than the rest. */
function kindOfUnsupported(type: string): DagsterErrorKind {
  return type === 'set' || type === 'tuple'
    ? 'DagsterInvalidDefinitionError'
    : 'DagsterInvalidPythonicConfigDefinitionError';
}

/**
 * An enum is written by the names of its members, as in Dagster. A list of texts has members
 * that are called what they are.
 */
function enumOf(entries: Readonly<Record<string, string | number>>): ConfigSchema {
  // An enum of numbers, as TypeScript makes one, also leads from each number back to its name.
  const numbers = Object.values(entries).filter((value) => typeof value === 'number');
  const members = Object.entries(entries).filter(([name]) => !numbers.includes(Number(name)));
  const values = members.map(([name]) => name);
  return members.every(([name, value]) => name === value)
    ? { kind: 'enum', values }
    : { kind: 'enum', values, valueByName: Object.fromEntries(members) };
}

function isInteger(def: ZodDef): boolean {
  const formats = [def.format, ...(def.checks ?? []).map((check) => check._zod.def.format)];
  return formats.some(
    (format) => format === 'safeint' || format === 'int32' || format === 'uint32',
  );
}

function literal(value: unknown, path: string): string {
  if (typeof value === 'string') return value;
  throw unsupported(path, `the literal ${String(value)}, not a text`, 'ParameterCheckError');
}

/** A discriminated union: written as one field that is named by the discriminator's value. */
function selectorOf(def: ZodDef, discriminator: string, path: string): ConfigSchema {
  return {
    kind: 'selector',
    fields: (def.options ?? []).map((option) => {
      const name = optionName(option, discriminator);
      const shape = configShapeOf(option, `${path}.${name}`);
      const fields = shape.fields.filter((field) => field.name !== discriminator);
      return {
        name,
        schema: { ...shape, fields },
        required: fields.some(({ required }) => required),
        description: option.description ?? null,
      };
    }),
  };
}

function optionName(option: zod.ZodType, discriminator: string): string {
  const tag = defOf(option).shape?.[discriminator];
  return String(tag ? (defOf(tag).values?.[0] ?? '') : '');
}

function unsupported(
  path: string,
  what: string,
  kind: DagsterErrorKind = 'DagsterInvalidPythonicConfigDefinitionError',
): InvalidDefinitionError {
  return new InvalidDefinitionError(
    `The config field ${path} is ${what}, which config cannot hold. Config is made of strings, numbers, ` +
      'booleans, enums, arrays, records, objects, and any of these nullable, optional or with a default; ' +
      'a literal text or a discriminated union is all of a field.',
    kind,
  );
}

/**
 * Resolved config as zod reads it: a selector becomes the option with its discriminator again.
 * Fields that have their default are left out, so that it is not checked, but for those within
 * a list, a record, a selector or what may be null, as in Dagster (CFG-9).
 */
export function zodInputOf(schema: zod.ZodType, value: unknown, trustsDefaults = true): unknown {
  const def = defOf(schema);
  if (def.type === 'object') {
    const fields = mapFields(value, (name) => def.shape?.[name], trustsDefaults);
    return trustsDefaults ? withoutDefaults(schema, fields, value) : fields;
  }
  if (def.type === 'record') return mapFields(value, () => def.valueType, false);
  if (def.type === 'array' && Array.isArray(value) && def.element) {
    const { element } = def;
    return value.map((item) => zodInputOf(element, item, false));
  }
  if (def.type === 'union' && def.discriminator && typeof value === 'object' && value !== null) {
    const { discriminator } = def;
    const [name, fields] = Object.entries(value)[0] ?? [];
    const option = def.options?.find((one) => optionName(one, discriminator) === name);
    if (!option) return value;
    const tag = defOf(option).shape?.[discriminator];
    return {
      ...(zodInputOf(option, fields ?? {}, false) as object),
      [discriminator]: tag && defOf(tag).values?.[0],
    };
  }
  const wrapped = def.innerType ?? def.in;
  if (!wrapped) return value;
  const mayBeNull = def.type === 'optional' || def.type === 'nullable';
  return zodInputOf(wrapped, value, trustsDefaults && !mayBeNull);
}

/**
 * An issue of zod where it stands in the config as it is written: within a selector, below the
 * name of the option. That a whole number was expected, which zod calls a number, is said too.
 *
 * @param input what zod has read.
 */
export function configIssueOf(
  schema: zod.ZodType,
  input: unknown,
  issue: zod.core.$ZodIssue,
): ValueIssue {
  const path: PropertyKey[] = [];
  const rest = [...issue.path];
  let def = defOf(schema);
  let within = input as Readonly<Record<PropertyKey, unknown>> | null | undefined;
  for (;;) {
    let inner = def.innerType ?? def.in;
    const [part] = rest;
    if (!inner) {
      if (part === undefined) break;
      const { discriminator } = def;
      if (def.type === 'union' && discriminator) {
        const name = String(within?.[discriminator]);
        inner = def.options?.find((one) => optionName(one, discriminator) === name);
        if (inner) path.push(name);
      } else {
        inner = def.shape?.[String(part)] ?? def.element ?? def.valueType;
        path.push(...rest.splice(0, 1));
        within = within?.[part] as typeof within;
      }
    }
    if (!inner) break;
    def = defOf(inner);
  }
  const isWhole = def.type === 'number' && isInteger(def);
  const expected = isWhole ? 'int' : def.type === 'object' ? 'record' : undefined;
  return { ...issue, path: [...path, ...rest], ...(expected && { expected }) };
}

function mapFields(
  value: unknown,
  schemaOf: (name: string) => zod.ZodType | undefined,
  trustsDefaults: boolean,
): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => {
      const schema = schemaOf(name);
      return [name, schema ? zodInputOf(schema, item, trustsDefaults) : item];
    }),
  );
}

/** @param resolved what `value` is made of, with the defaults within its fields. */
function withoutDefaults(schema: zod.ZodType, value: unknown, resolved: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const { shape = {} } = defOf(schema);
  const whole = resolved as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    Object.entries(value).filter(([name]) => {
      const field = shape[name];
      const byDefault = field === undefined ? undefined : defaultOf(field, name);
      return byDefault === undefined || !sameData(byDefault, whole[name]);
    }),
  );
}

/** Whether two pieces of plain data are the same, whatever the order of their names. */
function sameData(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
  const [left, right] = [Object.entries(a), Object.entries(b)];
  const other = b as Readonly<Record<string, unknown>>;
  return (
    Array.isArray(a) === Array.isArray(b) &&
    left.length === right.length &&
    left.every(([name, value]) => Object.hasOwn(other, name) && sameData(value, other[name]))
  );
}
