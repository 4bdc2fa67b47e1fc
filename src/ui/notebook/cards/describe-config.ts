import type { ConfigField, ConfigSchema } from '../../../config/config-schema.ts';

/** The type of a config value in a few words: `int`, `list of string`. */
export function configTypeInWords(schema: ConfigSchema): string {
  switch (schema.kind) {
    case 'bool':
      return 'boolean';
    case 'string':
    case 'int':
    case 'float':
    case 'any':
      return schema.kind;
    case 'enum':
      return schema.values.map((value) => JSON.stringify(value)).join(' | ');
    case 'array':
      return `list of ${configTypeInWords(schema.item)}`;
    case 'map':
      return `map of ${configTypeInWords(schema.value)}`;
    case 'noneable':
      return `${configTypeInWords(schema.inner)} or null`;
    case 'selector':
      return `one of ${schema.fields.map(({ name }) => name).join(', ')}`;
    case 'shape':
      return schema.permissive ? 'fields, and others' : 'fields';
  }
}

/** The default of a field as it is written, or why it has none. */
export function defaultInWords(field: ConfigField): string {
  if ('defaultValue' in field) return JSON.stringify(field.defaultValue) ?? 'null';
  return field.required ? 'required' : 'may be left out';
}
