import * as z from 'zod';
import type { ConfigShape } from '../../src/config/config-schema.ts';
import { configShapeOf } from '../../src/sdk/zod-schema.ts';

/** A config class as the vectors describe it: `fields` by name. */
export interface VectorSchema {
  readonly fields: Readonly<Record<string, VectorField>>;
  readonly permissive?: boolean;
  readonly validators?: Readonly<
    Record<string, { readonly field: string; readonly rule: string; readonly message?: string }>
  >;
}

export interface VectorField {
  readonly type: string;
  readonly items?: VectorField;
  readonly keys?: VectorField;
  readonly values?: VectorField & readonly (string | number | boolean)[];
  readonly of?: VectorField;
  readonly members?: Readonly<Record<string, string>>;
  readonly schema?: VectorSchema;
  readonly discriminator?: string;
  readonly variants?: readonly VectorSchema[];
  readonly default?: unknown;
  readonly alias?: string;
  readonly value?: string;
  readonly python?: string;
  readonly gt?: number;
  readonly ge?: number;
  readonly lt?: number;
  readonly le?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
}

/** The same as data. */
export function shapeOfVector(schema: VectorSchema): ConfigShape {
  return configShapeOf(configClassOf(schema));
}

/** The zod object that an author would write for it. A field is called by its alias: here it has no other name. */
export function configClassOf(schema: VectorSchema): z.ZodObject {
  const fields = Object.fromEntries(
    Object.entries(schema.fields).map(([name, field]): [string, z.ZodType] => [
      field.alias ?? name,
      withDefault(
        field,
        Object.values(schema.validators ?? {})
          .filter((one) => one.field === name)
          .reduce((type, { rule, message }) => refined(type, rule, message), typeOf(field)),
      ),
    ]),
  );
  return schema.permissive === true ? z.looseObject(fields) : z.strictObject(fields);
}

function withDefault(field: VectorField, type: z.ZodType): z.ZodType {
  if (!('default' in field)) return type;
  const value = defaultOf(field, field.default) as never;
  // By an alias, pydantic is given the default as a value, and looks at it.
  return field.alias === undefined ? type.default(value) : type.prefault(value);
}

/** The vectors name a member of an enum; the function gets its value. */
function defaultOf(field: VectorField, value: unknown): unknown {
  if (Array.isArray(value) && field.items) {
    const { items } = field;
    return value.map((item) => defaultOf(items, item));
  }
  return field.members?.[value as string] ?? value;
}

function refined(type: z.ZodType, rule: string, message = 'wrong'): z.ZodType {
  switch (rule) {
    case 'even':
      return type.refine((value) => (value as number) % 2 === 0, message);
    case 'upper':
      return type.transform((value) => (value as string).toUpperCase());
    default:
      throw new Error(`There is no rule "${rule}".`);
  }
}

function typeOf(field: VectorField): z.ZodType {
  switch (field.type) {
    case 'str':
      return textOf(field);
    case 'int':
      return numberOf(field, z.int());
    case 'float':
      return numberOf(field, z.number());
    case 'bool':
      return z.boolean();
    case 'any':
      return z.any();
    case 'list':
      return listOf(field);
    case 'dict':
      if (field.values === undefined) return z.looseObject({});
      return z.record(
        // A key of JSON is a text; zod wants to know of no other.
        (field.keys ? typeOf(field.keys) : z.string()) as z.ZodString,
        typeOf(field.values),
      );
    case 'optional':
      return typeOf(field.of as VectorField).nullish();
    case 'enum':
      return z.enum(field.members ?? {});
    case 'literal':
      return z.literal([...(field.values ?? [])]);
    case 'literalTag':
      return z.literal(field.value ?? '');
    case 'nested':
      return configClassOf(field.schema as VectorSchema);
    case 'union': {
      const options = (field.variants ?? []).map(configClassOf) as [z.ZodObject, ...z.ZodObject[]];
      return field.discriminator === undefined
        ? z.union(options)
        : z.discriminatedUnion(field.discriminator, options as never);
    }
    case 'unsupported':
      return unsupportedOf(field.python ?? '');
    default:
      throw new Error(`There is no config type "${field.type}".`);
  }
}

function textOf({ minLength, maxLength, pattern }: VectorField): z.ZodType {
  let type = z.string();
  if (minLength !== undefined) type = type.min(minLength);
  if (maxLength !== undefined) type = type.max(maxLength);
  if (pattern !== undefined) type = type.regex(new RegExp(pattern, 'u'));
  return type;
}

function numberOf({ gt, ge, lt, le }: VectorField, plain: z.ZodNumber): z.ZodType {
  let type = plain;
  if (gt !== undefined) type = type.gt(gt);
  if (ge !== undefined) type = type.gte(ge);
  if (lt !== undefined) type = type.lt(lt);
  if (le !== undefined) type = type.lte(le);
  return type;
}

function listOf({ items, minLength, maxLength }: VectorField): z.ZodType {
  let type = z.array(items ? typeOf(items) : z.any());
  if (minLength !== undefined) type = type.min(minLength);
  if (maxLength !== undefined) type = type.max(maxLength);
  return type;
}

/** A type of Python that config cannot hold, or what is nearest to it. */
function unsupportedOf(python: string): z.ZodType {
  switch (python) {
    case 'set':
      return z.set(z.int());
    case 'tuple':
      return z.tuple([z.int(), z.int()]);
    default:
      return z.date();
  }
}
