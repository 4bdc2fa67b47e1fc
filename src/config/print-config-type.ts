import { isLiteral, type ConfigField, type ConfigSchema } from './config-schema.ts';

/** The type of a config value as Dagster's messages print it. */
export function printConfigType(schema: ConfigSchema): string {
  switch (schema.kind) {
    case 'string':
    case 'int':
    case 'bool':
      return `(${SCALAR_NAMES[schema.kind]} | { env: String })`;
    case 'float':
      return 'Float';
    case 'any':
      return 'Any';
    case 'enum':
      return enumName(schema.values);
    case 'array':
      return `[${printConfigType(schema.item)}]`;
    case 'map':
      return `{ [${printMapKey(schema.key)}]: ${printConfigType(schema.value)} }`;
    case 'noneable':
      return `${printConfigType(schema.inner)}?`;
    case 'selector':
    case 'shape':
      return printFields(schema.fields);
  }
}

/** Names of the scalar types, as messages have them. */
export const SCALAR_NAMES = {
  string: 'String',
  int: 'Int',
  float: 'Float',
  bool: 'Bool',
} as const;

/** An enum has no name of its own here, so it is told by its members. */
export function enumName(values: readonly string[]): string {
  return `Literal${pythonText(values)}`;
}

/** Fields in the order of their names (CFG-12). */
export function byName(fields: readonly ConfigField[]): readonly ConfigField[] {
  return [...fields].sort((left, right) => compareText(left.name, right.name));
}

/** Order by code points, as Python sorts. */
export function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Plain data as Python writes it, which is how Dagster's messages do. */
export function pythonText(value: unknown): string {
  if (value === null || value === undefined) return 'None';
  if (value === true) return 'True';
  if (value === false) return 'False';
  if (typeof value === 'string') return pythonString(value);
  if (Array.isArray(value)) return `[${value.map(pythonText).join(', ')}]`;
  if (typeof value === 'object') {
    const entries = Object.entries(value);
    return `{${entries.map(([key, item]) => `${pythonString(key)}: ${pythonText(item)}`).join(', ')}}`;
  }
  return String(value);
}

/** Whether null is let through: also where a default stands, as in Dagster. */
export function acceptsNull(field: ConfigField): boolean {
  const { schema } = field;
  if (schema.kind === 'noneable' || schema.kind === 'any') return true;
  if (!('defaultValue' in field) || field.refusesNull) return false;
  // Not for a config class, nor for literals.
  if (schema.kind === 'shape') return schema.permissive && schema.fields.length === 0;
  return !isLiteral(schema);
}

function printFields(fields: readonly ConfigField[]): string {
  const printed = byName(fields).map((field) => {
    const type = printConfigType(field.schema);
    const anything =
      field.schema.kind === 'any' && (!('defaultValue' in field) || field.refusesNull === true);
    const noneable = acceptsNull(field) && !anything && !type.endsWith('?');
    return `${field.name}${field.required ? '' : '?'}: ${type}${noneable ? '?' : ''}`;
  });
  return printed.length === 0 ? '{ }' : `{ ${printed.join(' ')} }`;
}

function printMapKey(schema: ConfigSchema): string {
  return schema.kind in SCALAR_NAMES
    ? SCALAR_NAMES[schema.kind as keyof typeof SCALAR_NAMES]
    : printConfigType(schema);
}

function pythonString(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text
    .replaceAll('\\', '\\\\')
    .replaceAll('\n', '\\n')
    .replaceAll(quote, `\\${quote}`);
  return quote + escaped + quote;
}
