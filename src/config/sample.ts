import type { ConfigField, ConfigSchema } from './config-schema.ts';
import { byName, pythonText } from './print-config-type.ts';

/** A value that stands for what is missing: shapes hold their required fields only (CFG-13). */
export function sampleOf(schema: ConfigSchema): unknown {
  switch (schema.kind) {
    case 'string':
      return '...';
    case 'int':
    case 'float':
      return 0;
    case 'bool':
      return true;
    case 'any':
      return 'AnyType';
    case 'enum':
      return schema.values[0] ?? '<unknown>';
    case 'array':
      return [];
    case 'map':
      return {};
    case 'noneable':
      return '<unknown>';
    case 'selector':
      return '<selector>';
    case 'shape':
      return Object.fromEntries(
        requiredOf(schema.fields).map((field) => [field.name, sampleOf(field.schema)]),
      );
  }
}

/** Sample values of the required fields, by name, as Python writes them: floats with a point. */
export function printSampleOfFields(fields: readonly ConfigField[]): string {
  const entries = requiredOf(fields).map(({ name, schema }) => {
    const sample =
      schema.kind === 'float'
        ? '0.0'
        : schema.kind === 'shape'
          ? printSampleOfFields(schema.fields)
          : pythonText(sampleOf(schema));
    return `${pythonText(name)}: ${sample}`;
  });
  return `{${entries.join(', ')}}`;
}

function requiredOf(fields: readonly ConfigField[]): readonly ConfigField[] {
  return byName(fields).filter((field) => field.required);
}
