import type { ConfigPathPart } from './validate.ts';
import type { ConfigSchema, ConfigShape } from './config-schema.ts';
import { sampleOf } from './sample.ts';

/** Entries of a config, by name. */
type Entries = Readonly<Record<string, unknown>>;

/**
 * A config with every field filled in, in the author's order: what is given, else its
 * default, else a sample value where it is required (CFG-15). What is not a field is
 * kept, so that nothing typed is lost.
 */
export function scaffoldConfig(shape: ConfigShape, given: Entries = {}): Entries {
  const entries: [string, unknown][] = [];
  for (const { name, schema, required, ...field } of shape.fields) {
    const value = Object.hasOwn(given, name) ? given[name] : undefined;
    if (value !== undefined) entries.push([name, withShapes(schema, value, scaffoldConfig)]);
    else if ('defaultValue' in field) entries.push([name, field.defaultValue]);
    else if (schema.kind === 'shape') entries.push([name, scaffoldConfig(schema)]);
    else if (required) entries.push([name, sampleOf(schema)]);
  }
  return Object.fromEntries([...entries, ...unexpectedIn(shape, given)]);
}

/**
 * A config to which only what must be there and is not is added, as sample values (CFG-15): what is given
 * stays as it is, in its order.
 */
export function addMissingConfig(shape: ConfigShape, given: Entries = {}): Entries {
  const schemas = new Map(shape.fields.map(({ name, schema }) => [name, schema]));
  const entries = Object.entries(given).map(([name, value]): [string, unknown] => {
    const schema = schemas.get(name);
    return [name, schema ? withShapes(schema, value, addMissingConfig) : value];
  });
  for (const { name, schema, required } of shape.fields) {
    if (required && !Object.hasOwn(given, name)) entries.push([name, sampleOf(schema)]);
  }
  return Object.fromEntries(entries);
}

/** A config less what its schema does not know (CFG-15), and where that stood, in the order of the config. */
export function removeUnexpectedConfig(
  shape: ConfigShape,
  given: Entries,
): { readonly config: Entries; readonly removed: readonly (readonly ConfigPathPart[])[] } {
  const removed: (readonly ConfigPathPart[])[] = [];
  const clean = (
    inner: ConfigShape,
    entries: Entries,
    path: readonly ConfigPathPart[],
  ): Entries => {
    const schemas = new Map(inner.fields.map(({ name, schema }) => [name, schema]));
    const kept: [string, unknown][] = [];
    for (const [name, value] of Object.entries(entries)) {
      const schema = schemas.get(name);
      const at = [...path, name];
      if (schema) kept.push([name, withShapes(schema, value, clean, at)]);
      else if (inner.permissive) kept.push([name, value]);
      else removed.push(at);
    }
    return Object.fromEntries(kept);
  };
  return { config: clean(shape, given, []), removed };
}

function unexpectedIn({ fields }: ConfigShape, given: Entries): readonly [string, unknown][] {
  const names = new Set(fields.map(({ name }) => name));
  return Object.entries(given).filter(([name]) => !names.has(name));
}

/** A value whose shapes, however deep in it, are changed; what does not fit its schema stays as it is. */
function withShapes(
  schema: ConfigSchema,
  value: unknown,
  change: (shape: ConfigShape, given: Entries, path: readonly ConfigPathPart[]) => Entries,
  path: readonly ConfigPathPart[] = [],
): unknown {
  const inside = (inner: ConfigSchema, item: unknown, part: ConfigPathPart) =>
    withShapes(inner, item, change, [...path, part]);
  switch (schema.kind) {
    case 'shape':
      return isRecord(value) ? change(schema, value, path) : value;
    case 'noneable':
      return withShapes(schema.inner, value, change, path);
    case 'array':
      return Array.isArray(value) ? value.map((item, at) => inside(schema.item, item, at)) : value;
    case 'map':
      return isRecord(value)
        ? Object.fromEntries(
            Object.entries(value).map(([key, item]) => [
              key,
              inside(schema.value, item, { mapValueOf: key }),
            ]),
          )
        : value;
    case 'selector': {
      if (!isRecord(value)) return value;
      const schemas = new Map(schema.fields.map((field) => [field.name, field.schema]));
      return Object.fromEntries(
        Object.entries(value).map(([name, item]) => {
          const chosen = schemas.get(name);
          return [name, chosen ? inside(chosen, item, name) : item];
        }),
      );
    }
    default:
      return value;
  }
}

function isRecord(value: unknown): value is Entries {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
