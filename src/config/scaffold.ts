import type { ConfigSchema, ConfigShape } from './config-schema.ts';
import { sampleOf } from './sample.ts';

/**
 * A config with every field filled in, in the author's order: what is given, else its
 * default, else a sample value where it is required (CFG-15). What is not a field is
 * kept, so that nothing typed is lost.
 */
export function scaffoldConfig(
  shape: ConfigShape,
  given: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> {
  const entries: [string, unknown][] = [];
  for (const { name, schema, required, ...field } of shape.fields) {
    const value = Object.hasOwn(given, name) ? given[name] : undefined;
    if (value !== undefined) entries.push([name, scaffoldInside(schema, value)]);
    else if ('defaultValue' in field) entries.push([name, field.defaultValue]);
    else if (schema.kind === 'shape') entries.push([name, scaffoldConfig(schema)]);
    else if (required) entries.push([name, sampleOf(schema)]);
  }
  const fields = new Set(shape.fields.map(({ name }) => name));
  for (const entry of Object.entries(given)) if (!fields.has(entry[0])) entries.push(entry);
  return Object.fromEntries(entries);
}

function scaffoldInside(schema: ConfigSchema, value: unknown): unknown {
  return schema.kind === 'shape' &&
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value)
    ? scaffoldConfig(schema, value as Readonly<Record<string, unknown>>)
    : value;
}
