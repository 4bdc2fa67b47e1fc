import type { ConfigField, ConfigSchema, ConfigShape } from './config-schema.ts';
import {
  SCALAR_NAMES,
  acceptsNull,
  byName,
  compareText,
  enumName,
  printConfigType,
  pythonText,
} from './print-config-type.ts';
import { printSampleOfFields } from './sample.ts';

/** Dagster's names for what can be wrong with a config (CFG-11). */
export type ConfigErrorReason =
  | 'MISSING_REQUIRED_FIELD'
  | 'MISSING_REQUIRED_FIELDS'
  | 'FIELD_NOT_DEFINED'
  | 'FIELDS_NOT_DEFINED'
  | 'RUNTIME_TYPE_MISMATCH'
  | 'SELECTOR_FIELD_ERROR'
  | 'FAILED_POST_PROCESSING';

/** A step on the way to a value: a field, a place in a list, or a key or value of a map. */
export type ConfigPathPart =
  string | number | { readonly mapKey: string } | { readonly mapValueOf: string };

export interface ConfigError {
  readonly reason: ConfigErrorReason;
  readonly path: readonly ConfigPathPart[];
  /** In Dagster's words. */
  readonly message: string;
  /** Fields of `path` that are missing or not expected, sorted; empty if the value itself is wrong. */
  readonly names: readonly string[];
}

/** Either what stands in the config with its defaults filled in, or every error of it. */
export type ConfigOutcome =
  | { readonly status: 'valid'; readonly value: unknown }
  | { readonly status: 'invalid'; readonly errors: readonly ConfigError[] };

/**
 * Dagster's first stage: checks `value` against `schema` and fills in defaults
 * (CFG-9, CFG-14). Errors come in the order of CFG-12.
 *
 * @param path where the value stands in the run config.
 * @param environment what `{ env: NAME }` is read from.
 */
export function validateConfig(
  schema: ConfigSchema,
  value: unknown,
  path: readonly ConfigPathPart[],
  environment: Readonly<Record<string, string>> = {},
): ConfigOutcome {
  const validation = new Validation(environment);
  const resolved = validation.check(schema, value, path);
  // The environment is read only where the config fits.
  const misfits = validation.errors.filter(({ reason }) => reason !== 'FAILED_POST_PROCESSING');
  const errors = misfits.length > 0 ? misfits : validation.errors;
  return errors.length > 0 ? { status: 'invalid', errors } : { status: 'valid', value: resolved };
}

/**
 * The schema of a whole run config whose steps take these configs: `ops`, then the
 * step's name, then `config` (CFG-1). Other sections are let through.
 */
export function runConfigSchema(
  steps: readonly { readonly stepKey: string; readonly config: ConfigShape }[],
): ConfigShape {
  const ops = steps.map(({ stepKey, config }) =>
    fieldOf(stepKey, shapeOf([fieldOf('config', config)])),
  );
  const open: ConfigShape = { kind: 'shape', fields: [], permissive: true };
  return shapeOf([
    fieldOf('ops', shapeOf(ops)),
    ...['execution', 'loggers', 'resources'].map((section) => fieldOf(section, open)),
  ]);
}

/** An entry that is required if anything in it is. */
function fieldOf(name: string, schema: ConfigShape): ConfigField {
  return {
    name,
    schema,
    required: schema.fields.some((field) => field.required),
    description: null,
  };
}

function shapeOf(fields: readonly ConfigField[]): ConfigShape {
  return { kind: 'shape', fields, permissive: false };
}

class Validation {
  readonly errors: ConfigError[] = [];
  readonly #environment: Readonly<Record<string, string>>;

  constructor(environment: Readonly<Record<string, string>>) {
    this.#environment = environment;
  }

  /** Collects what is wrong; the result counts only if nothing was. */
  check(schema: ConfigSchema, value: unknown, path: readonly ConfigPathPart[]): unknown {
    if (schema.kind === 'any') return value;
    if (schema.kind === 'noneable') {
      return value === null ? null : this.check(schema.inner, value, path);
    }
    if (value === null || value === undefined) {
      const expected = printConfigType(schema);
      this.#mismatch(path, `Value${at(path)} must not be None. Expected "${expected}"`);
      return value;
    }
    switch (schema.kind) {
      case 'string':
      case 'int':
      case 'bool':
        return typeof value === 'object'
          ? this.#readEnvironment(schema.kind, value, path)
          : this.#scalar(schema.kind, value, path);
      case 'float':
        return this.#scalar('float', value, path);
      case 'enum':
        return this.#enum(schema, value, path);
      case 'array': {
        if (Array.isArray(value)) {
          return value.map((item, index) => this.check(schema.item, item, [...path, index]));
        }
        this.#mismatch(
          path,
          `Value${at(path)} must be list. Expected: "${printConfigType(schema)}"`,
        );
        return value;
      }
      case 'map': {
        if (!isRecord(value)) {
          this.#mismatch(
            path,
            `Value${at(path)} must be dict. Expected: "${printConfigType(schema)}"`,
          );
          return value;
        }
        const entries = Object.entries(value).map(([key, item]) => {
          this.check(schema.key, key, [...path, { mapKey: key }]);
          return [key, this.check(schema.value, item, [...path, { mapValueOf: key }])];
        });
        return recordOf(entries as [string, unknown][]);
      }
      case 'selector':
        return this.#selector(schema.fields, printConfigType(schema), value, path);
      case 'shape':
        return this.#shape(schema, value, path);
    }
  }

  #scalar(
    kind: keyof typeof SCALAR_NAMES,
    value: unknown,
    path: readonly ConfigPathPart[],
  ): unknown {
    switch (kind) {
      case 'string':
        if (typeof value === 'string') return value;
        break;
      case 'bool':
        if (typeof value === 'boolean') return value;
        break;
      case 'int':
        if (typeof value === 'number' && Number.isInteger(value)) return value;
        break;
      case 'float':
        if (typeof value === 'number') return value;
        if (typeof value === 'boolean') return Number(value);
    }
    const text = typeof value === 'string' ? value : pythonText(value);
    this.#mismatch(
      path,
      `Invalid scalar${at(path)}. Value "${text}" of type "<class '${pythonType(value)}'>" ` +
        `is not valid for expected type "${SCALAR_NAMES[kind]}".`,
    );
    return value;
  }

  #readEnvironment(
    kind: 'string' | 'int' | 'bool',
    value: unknown,
    path: readonly ConfigPathPart[],
  ): unknown {
    const errorsBefore = this.errors.length;
    const env: ConfigField = {
      name: 'env',
      schema: { kind: 'string' },
      required: true,
      description: null,
    };
    this.#selector([env], '{ env: String }', value, path);
    if (this.errors.length > errorsBefore) return value;
    const name = String((value as Readonly<Record<string, unknown>>).env);
    const text = Object.hasOwn(this.#environment, name) ? this.#environment[name] : undefined;
    if (text === undefined) {
      return this.#postProcessing(
        value,
        path,
        `You have attempted to fetch the environment variable "${name}" which is not set. ` +
          'In order for this execution to succeed it must be set in this environment.',
      );
    }
    if (kind === 'string') return text;
    if (kind === 'bool') return text.toLowerCase() !== 'false' && text !== '';
    if (/^\s*[+-]?\d+\s*$/.test(text)) return Number(text);
    const fault = `Value stored in env variable "${name}" cannot be coerced into an int.`;
    return this.#postProcessing(value, path, fault);
  }

  #enum(
    schema: Extract<ConfigSchema, { kind: 'enum' }>,
    value: unknown,
    path: readonly ConfigPathPart[],
  ): unknown {
    const { values } = schema;
    if (values.some((member) => member === value)) {
      const { valueByName } = schema;
      return valueByName === undefined ? value : valueByName[String(value)];
    }
    const name = enumName(values);
    const onlyText = values.every((member) => typeof member === 'string');
    this.#mismatch(
      path,
      onlyText && typeof value !== 'string'
        ? `Value${at(path)} for enum type ${name} must be a string`
        : `Value${at(path)} not in enum type ${name} got ${typeof value === 'string' ? value : pythonText(value)}`,
    );
    return value;
  }

  #selector(
    fields: readonly ConfigField[],
    expected: string,
    value: unknown,
    path: readonly ConfigPathPart[],
  ): unknown {
    if (!isRecord(value)) {
      this.#mismatch(path, `Value for selector type${at(path)} must be a dict`);
      return value;
    }
    const given = Object.keys(value);
    const defined = pythonText(byName(fields).map((field) => field.name));
    const [only] = given;
    if (given.length > 1) {
      this.#add('SELECTOR_FIELD_ERROR', path, [
        `You can only specify a single field${at(path)}. You specified `,
        `${pythonText([...given].sort(compareText))}. The available fields are ${defined}`,
      ]);
      return value;
    }
    if (only === undefined) {
      this.#add('SELECTOR_FIELD_ERROR', path, [
        fields.length === 1
          ? `Must specify the required field${at(path)}. `
          : `Must specify a field${at(path)} if more than one field is defined. `,
        `Defined fields: ${defined}`,
      ]);
      return value;
    }
    const field = fields.find(({ name }) => name === only);
    if (!field) {
      this.#notDefined(path, [only], expected);
      return value;
    }
    return recordOf([[only, this.check(field.schema, value[only], [...path, only])]]);
  }

  #shape(schema: ConfigShape, value: unknown, path: readonly ConfigPathPart[]): unknown {
    if (!isRecord(value)) {
      this.#mismatch(
        path,
        `Value${at(path)} must be dict. Expected: "${printConfigType(schema)}".`,
      );
      return value;
    }
    const fields = byName(schema.fields);
    const names = new Set(fields.map((field) => field.name));
    const extra = Object.keys(value)
      .filter((name) => !names.has(name))
      .sort(compareText);
    if (extra.length > 0 && !schema.permissive) {
      const expected =
        extra.length === 1 ? printConfigType(schema) : pythonText(fields.map(({ name }) => name));
      this.#notDefined(path, extra, expected);
    }
    const missing = fields.filter((field) => field.required && !Object.hasOwn(value, field.name));
    if (missing.length > 0) this.#missing(path, missing);
    const resolved: [string, unknown][] = [];
    for (const field of fields) {
      if (Object.hasOwn(value, field.name)) {
        const given = value[field.name];
        const passes = given === null && acceptsNull(field);
        const entry = passes ? null : this.check(field.schema, given, [...path, field.name]);
        resolved.push([field.name, entry]);
      } else if ('defaultValue' in field) {
        resolved.push([field.name, this.#resolvedDefault(field)]);
      } else if (!field.required && field.schema.kind === 'shape') {
        resolved.push([field.name, this.check(field.schema, {}, [...path, field.name])]);
      }
    }
    if (schema.permissive)
      resolved.push(...extra.map((name) => [name, value[name]] as [string, unknown]));
    return recordOf(resolved);
  }

  /** A default with the defaults within it filled in; it is not held to its schema (CFG-9). */
  #resolvedDefault({ schema, defaultValue }: ConfigField): unknown {
    if (defaultValue === null) return null;
    return new Validation(this.#environment).check(schema, defaultValue, []);
  }

  #missing(path: readonly ConfigPathPart[], missing: readonly ConfigField[]): void {
    const sample = printSampleOfFields(missing);
    const names = missing.map((field) => field.name);
    const [only, ...others] = names;
    this.#add(
      others.length === 0 ? 'MISSING_REQUIRED_FIELD' : 'MISSING_REQUIRED_FIELDS',
      path,
      others.length === 0
        ? [
            `Missing required config entry "${only}"${at(path)}. You must provide this value `,
            `in your run config. Example config for the missing entry: ${sample}`,
          ]
        : [
            `Missing required config entries ${pythonText(names)}${at(path)}. You must provide `,
            `these values in your run config. Example config for the missing entries: ${sample}`,
          ],
      names,
    );
  }

  #notDefined(path: readonly ConfigPathPart[], names: readonly string[], expected: string): void {
    const one = names.length === 1;
    this.#add(
      one ? 'FIELD_NOT_DEFINED' : 'FIELDS_NOT_DEFINED',
      path,
      [
        `Received unexpected config ${one ? `entry "${names[0]}"` : `entries "${pythonText(names)}"`}`,
        `${at(path)}. Expected: "${expected}${one ? '".' : '."'}`,
      ],
      names,
    );
  }

  #postProcessing(value: unknown, path: readonly ConfigPathPart[], fault: string): unknown {
    this.#add('FAILED_POST_PROCESSING', path, [
      `Post processing${at(path)} of original value ${pythonText(value)} failed:\n`,
      `dagster._config.errors.PostProcessingError: ${fault}`,
    ]);
    return value;
  }

  #mismatch(path: readonly ConfigPathPart[], message: string): void {
    this.#add('RUNTIME_TYPE_MISMATCH', path, [message]);
  }

  #add(
    reason: ConfigErrorReason,
    path: readonly ConfigPathPart[],
    sentences: readonly string[],
    names: readonly string[] = [],
  ): void {
    this.errors.push({ reason, path, message: sentences.join(''), names });
  }
}

/** Where a value stands, in Dagster's words, with a space before it. */
function at(path: readonly ConfigPathPart[]): string {
  if (path.length === 0) return ' at the root';
  let text = 'root';
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`;
    else if (typeof part === 'string') text += `:${part}`;
    else if ('mapKey' in part) text += `:'${part.mapKey}':key`;
    else text += `:'${part.mapValueOf}':value`;
  }
  return ` at path ${text}`;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Entries as own properties, whatever their names: `__proto__` too is data. */
function recordOf(entries: readonly (readonly [string, unknown])[]): Record<string, unknown> {
  return Object.fromEntries(entries);
}

function pythonType(value: unknown): string {
  if (typeof value === 'string') return 'str';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float';
  return Array.isArray(value) ? 'list' : 'dict';
}
