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
  const validation = new Validation(environment, path);
  const resolved = validation.check(schema, value);
  if (validation.errors.length === 0) return { status: 'valid', value: resolved };
  // The environment is read only where the config fits.
  const misfits = validation.errors.filter(({ reason }) => reason !== 'FAILED_POST_PROCESSING');
  return { status: 'invalid', errors: misfits.length > 0 ? misfits : validation.errors };
}

/**
 * The schema of a whole run config whose steps take these configs: `ops`, then the
 * step's name, then `config` (CFG-1). A step whose config is null declares none, and lets
 * any through. So are other sections.
 */
export function runConfigSchema(
  steps: readonly { readonly stepKey: string; readonly config: ConfigShape | null }[],
): ConfigShape {
  if (steps.length === 0) return NO_STEPS;
  const ops = steps.map(({ stepKey, config }) =>
    config ? fieldOf(stepKey, shapeOf([fieldOf('config', config)])) : fieldOf(stepKey, UNDECLARED),
  );
  return runConfigShape(ops);
}

function runConfigShape(ops: readonly ConfigField[]): ConfigShape {
  return shapeOf([fieldOf('ops', shapeOf(ops)), ...OTHER_SECTIONS]);
}

const OTHER_SECTIONS = ['execution', 'loggers', 'resources'].map((section) =>
  fieldOf(section, { kind: 'shape', fields: [], permissive: true }),
);
const NO_STEPS = runConfigShape([]);
const UNDECLARED = shapeOf([
  { name: 'config', schema: { kind: 'any' }, required: false, description: null },
]);

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

/** What checking a shape asks of its fields, worked out once for each. */
interface ShapeLayout {
  /** By name. */
  readonly fields: readonly ConfigField[];
  readonly names: ReadonlySet<string>;
}

const layouts = new WeakMap<ConfigShape, ShapeLayout>();

function layoutOf(schema: ConfigShape): ShapeLayout {
  let layout = layouts.get(schema);
  if (layout === undefined) {
    const fields = byName(schema.fields);
    layout = { fields, names: new Set(fields.map(({ name }) => name)) };
    layouts.set(schema, layout);
  }
  return layout;
}

class Validation {
  readonly errors: ConfigError[] = [];
  readonly #environment: Readonly<Record<string, string>>;
  /** Where the value stands that is looked at; each error takes a copy. */
  readonly #path: ConfigPathPart[];

  constructor(environment: Readonly<Record<string, string>>, path: readonly ConfigPathPart[]) {
    this.#environment = environment;
    this.#path = [...path];
  }

  /** Collects what is wrong; the result counts only if nothing was. */
  check(schema: ConfigSchema, value: unknown): unknown {
    if (schema.kind === 'any') return value;
    if (schema.kind === 'noneable') {
      return value === null ? null : this.check(schema.inner, value);
    }
    if (value === null || value === undefined) {
      const expected = printConfigType(schema);
      return this.#mismatch(value, `Value${this.#at()} must not be None. Expected "${expected}"`);
    }
    switch (schema.kind) {
      case 'string':
      case 'int':
      case 'bool':
        return typeof value === 'object'
          ? this.#readEnvironment(schema.kind, value)
          : this.#scalar(schema.kind, value);
      case 'float':
        return this.#scalar('float', value);
      case 'enum':
        return this.#enum(schema, value);
      case 'array':
        if (Array.isArray(value)) {
          return value.map((item, index) => this.#checkAt(index, schema.item, item));
        }
        return this.#mismatch(
          value,
          `Value${this.#at()} must be list. Expected: "${printConfigType(schema)}"`,
        );
      case 'map': {
        if (!isRecord(value)) {
          return this.#mismatch(
            value,
            `Value${this.#at()} must be dict. Expected: "${printConfigType(schema)}"`,
          );
        }
        const resolved = {};
        for (const [key, item] of Object.entries(value)) {
          this.#checkAt({ mapKey: key }, schema.key, key);
          setEntry(resolved, key, this.#checkAt({ mapValueOf: key }, schema.value, item));
        }
        return resolved;
      }
      case 'selector':
        return this.#selector(schema, value);
      case 'shape':
        return this.#shape(schema, value);
    }
  }

  #checkAt(part: ConfigPathPart, schema: ConfigSchema, value: unknown): unknown {
    this.#path.push(part);
    const resolved = this.check(schema, value);
    this.#path.pop();
    return resolved;
  }

  #scalar(kind: keyof typeof SCALAR_NAMES, value: unknown): unknown {
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
    return this.#mismatch(
      value,
      `Invalid scalar${this.#at()}. Value "${text}" of type "<class '${pythonType(value)}'>" ` +
        `is not valid for expected type "${SCALAR_NAMES[kind]}".`,
    );
  }

  #readEnvironment(kind: 'string' | 'int' | 'bool', value: unknown): unknown {
    const errorsBefore = this.errors.length;
    this.#selector(ENVIRONMENT, value, '{ env: String }');
    if (this.errors.length > errorsBefore) return value;
    const name = String((value as Readonly<Record<string, unknown>>).env);
    const text = Object.hasOwn(this.#environment, name) ? this.#environment[name] : undefined;
    if (text === undefined) {
      return this.#postProcessing(
        value,
        `You have attempted to fetch the environment variable "${name}" which is not set. ` +
          'In order for this execution to succeed it must be set in this environment.',
      );
    }
    if (kind === 'string') return text;
    if (kind === 'bool') return !['', '0', 'false'].includes(text.toLowerCase());
    if (/^\s*[+-]?\d+(?:_\d+)*\s*$/.test(text)) return Number(text.replaceAll('_', ''));
    const fault = `Value stored in env variable "${name}" cannot be coerced into an int.`;
    return this.#postProcessing(value, fault);
  }

  #enum(schema: Extract<ConfigSchema, { kind: 'enum' }>, value: unknown): unknown {
    const { values } = schema;
    if ((values as readonly unknown[]).includes(value)) {
      const { valueByName } = schema;
      return valueByName === undefined ? value : valueByName[String(value)];
    }
    const name = enumName(values);
    const onlyText = values.every((member) => typeof member === 'string');
    return this.#mismatch(
      value,
      onlyText && typeof value !== 'string'
        ? `Value${this.#at()} for enum type ${name} must be a string`
        : `Value${this.#at()} not in enum type ${name} got ${typeof value === 'string' ? value : pythonText(value)}`,
    );
  }

  /** @param expected what messages say of it; absent if that is its type. */
  #selector(
    schema: Extract<ConfigSchema, { kind: 'selector' }>,
    value: unknown,
    expected?: string,
  ): unknown {
    const { fields } = schema;
    if (!isRecord(value)) {
      return this.#mismatch(value, `Value for selector type${this.#at()} must be a dict`);
    }
    const given = Object.keys(value);
    const [only] = given;
    const defined = () => pythonText(byName(fields).map((field) => field.name));
    if (given.length > 1) {
      this.#add('SELECTOR_FIELD_ERROR', [
        `You can only specify a single field${this.#at()}. You specified `,
        `${pythonText([...given].sort(compareText))}. The available fields are ${defined()}`,
      ]);
      return value;
    }
    if (only === undefined) {
      this.#add('SELECTOR_FIELD_ERROR', [
        fields.length === 1
          ? `Must specify the required field${this.#at()}. `
          : `Must specify a field${this.#at()} if more than one field is defined. `,
        `Defined fields: ${defined()}`,
      ]);
      return value;
    }
    const field = fields.find(({ name }) => name === only);
    if (!field) {
      this.#notDefined([only], expected ?? printConfigType(schema));
      return value;
    }
    return setEntry({}, only, this.#checkAt(only, field.schema, value[only]));
  }

  #shape(schema: ConfigShape, value: unknown): unknown {
    if (!isRecord(value)) {
      return this.#mismatch(
        value,
        `Value${this.#at()} must be dict. Expected: "${printConfigType(schema)}".`,
      );
    }
    const { fields, names } = layoutOf(schema);
    const extra = Object.keys(value).filter((name) => !names.has(name));
    if (extra.length > 0) {
      extra.sort(compareText);
      if (!schema.permissive) {
        const expected =
          extra.length === 1 ? printConfigType(schema) : pythonText(fields.map(({ name }) => name));
        this.#notDefined(extra, expected);
      }
    }
    const missing = fields.filter((field) => field.required && !Object.hasOwn(value, field.name));
    if (missing.length > 0) this.#missing(missing);
    const resolved = {};
    for (const field of fields) {
      const { name } = field;
      if (Object.hasOwn(value, name)) {
        const given = value[name];
        const passes = given === null && acceptsNull(field);
        setEntry(resolved, name, passes ? null : this.#checkAt(name, field.schema, given));
      } else if ('defaultValue' in field) {
        setEntry(resolved, name, this.#resolvedDefault(field));
      } else if (!field.required && field.schema.kind === 'shape') {
        setEntry(resolved, name, this.#checkAt(name, field.schema, {}));
      }
    }
    if (schema.permissive) for (const name of extra) setEntry(resolved, name, value[name]);
    return resolved;
  }

  /** A default with the defaults within it filled in; it is not held to its schema (CFG-9). */
  #resolvedDefault({ schema, defaultValue }: ConfigField): unknown {
    if (defaultValue === null) return null;
    return new Validation(this.#environment, []).check(schema, defaultValue);
  }

  #missing(missing: readonly ConfigField[]): void {
    const sample = printSampleOfFields(missing);
    const names = missing.map((field) => field.name);
    const [only, ...others] = names;
    this.#add(
      others.length === 0 ? 'MISSING_REQUIRED_FIELD' : 'MISSING_REQUIRED_FIELDS',
      others.length === 0
        ? [
            `Missing required config entry "${only}"${this.#at()}. You must provide this value `,
            `in your run config. Example config for the missing entry: ${sample}`,
          ]
        : [
            `Missing required config entries ${pythonText(names)}${this.#at()}. You must provide `,
            `these values in your run config. Example config for the missing entries: ${sample}`,
          ],
      names,
    );
  }

  #notDefined(names: readonly string[], expected: string): void {
    const one = names.length === 1;
    this.#add(
      one ? 'FIELD_NOT_DEFINED' : 'FIELDS_NOT_DEFINED',
      [
        `Received unexpected config ${one ? `entry "${names[0]}"` : `entries "${pythonText(names)}"`}`,
        `${this.#at()}. Expected: "${expected}${one ? '".' : '."'}`,
      ],
      names,
    );
  }

  #postProcessing(value: unknown, fault: string): unknown {
    this.#add('FAILED_POST_PROCESSING', [
      `Post processing${this.#at()} of original value ${pythonText(value)} failed:\n`,
      `dagster._config.errors.PostProcessingError: ${fault}`,
    ]);
    return value;
  }

  /** Gives back the value, as it stands. */
  #mismatch(value: unknown, message: string): unknown {
    this.#add('RUNTIME_TYPE_MISMATCH', [message]);
    return value;
  }

  #add(
    reason: ConfigErrorReason,
    sentences: readonly string[],
    names: readonly string[] = [],
  ): void {
    this.errors.push({ reason, path: [...this.#path], message: sentences.join(''), names });
  }

  /** Where the value stands, in Dagster's words, with a space before it. */
  #at(): string {
    if (this.#path.length === 0) return ' at the root';
    let text = 'root';
    for (const part of this.#path) {
      if (typeof part === 'number') text += `[${part}]`;
      else if (typeof part === 'string') text += `:${part}`;
      else if ('mapKey' in part) text += `:'${part.mapKey}':key`;
      else text += `:'${part.mapValueOf}':value`;
    }
    return ` at path ${text}`;
  }
}

/** Where a scalar is not written but read from the environment. */
const ENVIRONMENT: Extract<ConfigSchema, { kind: 'selector' }> = {
  kind: 'selector',
  fields: [{ name: 'env', schema: { kind: 'string' }, required: true, description: null }],
};

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Adds an own property, whatever its name: `__proto__` too is data. */
function setEntry(
  record: Record<string, unknown>,
  name: string,
  value: unknown,
): Record<string, unknown> {
  if (name === '__proto__') {
    const own = { value, enumerable: true, configurable: true, writable: true };
    return Object.defineProperty(record, name, own);
  }
  record[name] = value;
  return record;
}

function pythonType(value: unknown): string {
  if (typeof value === 'string') return 'str';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float';
  return Array.isArray(value) ? 'list' : 'dict';
}
