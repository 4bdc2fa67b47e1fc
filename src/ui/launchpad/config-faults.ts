import type { ConfigField, ConfigSchema, ConfigShape } from '../../config/config-schema.ts';
import { validateConfig, type ConfigPathPart } from '../../config/validate.ts';
import type { SerializableErrorInfo } from '../../protocol/error-info.ts';
import { findInOutline, type OutlinePath, type OutlineValue } from './config-outline.ts';

/** Something that is wrong with a config, at the place where it is to be mended. */
export interface ConfigFault {
  readonly severity: 'error' | 'warning';
  /** `missing`: the entry at `path` is to be added; `unexpected`: it is to be taken out. */
  readonly kind: 'missing' | 'unexpected' | 'wrong';
  readonly path: OutlinePath;
  /** One sentence or two. */
  readonly message: string;
}

/** What Dagster's first check says of a run config, and which required texts are empty. */
export function faultsOf(schema: ConfigShape, value: unknown): readonly ConfigFault[] {
  const outcome = validateConfig(schema, value, []);
  if (outcome.status === 'valid') return emptyTexts(schema, value, []);
  return outcome.errors.flatMap(({ path, names, message, reason }): readonly ConfigFault[] => {
    const at = plainPath(path);
    const isMissing = reason === 'MISSING_REQUIRED_FIELD' || reason === 'MISSING_REQUIRED_FIELDS';
    if (names.length === 0) return [{ severity: 'error', kind: 'wrong', path: at, message }];
    return names.map((name) => ({
      severity: 'error',
      kind: isMissing ? 'missing' : 'unexpected',
      path: [...at, name],
      message,
    }));
  });
}

/** What the author's own conditions said of a config when a step started (CFG-9), by the path in it. */
export function refusedFields(
  error: SerializableErrorInfo,
): readonly { readonly path: OutlinePath; readonly message: string }[] {
  for (let one: SerializableErrorInfo | null = error; one; one = one.cause) {
    if (one.code !== 'config_value') continue;
    const said = /^\d+ validation errors? for [^:]*: (.*)$/s.exec(one.message)?.[1];
    if (said === undefined) return [];
    // Messages may hold a semicolon; one that begins another field names it.
    return said.split(/; (?=[\w.$-]+: )/).map((part) => {
      const [, field = '', message = part] = /^([\w.$-]+): (.*)$/s.exec(part) ?? [];
      const names = field === 'config' || field === '' ? [] : field.split('.');
      const path = names.map((name) => (/^\d+$/.test(name) ? Number(name) : name));
      return { path, message };
    });
  }
  return [];
}

/** Where a fault is shown in the text: what is wrong, or what something is missing in; offsets, `to` not included. */
export function placeOfFault(
  root: OutlineValue | null,
  { path, kind }: Pick<ConfigFault, 'path' | 'kind'>,
): { readonly from: number; readonly to: number } {
  for (let length = path.length; length >= 0; length--) {
    const found = findInOutline(root, path.slice(0, length));
    if (!found) continue;
    const { entry, value } = found;
    const isWhole = length === path.length;
    if (isWhole && kind === 'unexpected' && entry) {
      return { from: entry.nameFrom, to: entry.nameTo };
    }
    if (isWhole && value && (value.kind === 'other' || !entry)) {
      return { from: value.from, to: value.to };
    }
    if (entry) return { from: entry.nameFrom, to: entry.nameTo };
    if (value) return { from: value.from, to: Math.min(value.to, value.from + 1) };
  }
  return { from: 0, to: 0 };
}

/** Valid for Dagster, and hardly ever meant. */
function emptyTexts(shape: ConfigShape, value: unknown, path: OutlinePath): readonly ConfigFault[] {
  if (!isRecord(value)) return [];
  return shape.fields.flatMap(({ name, schema, required }): readonly ConfigFault[] => {
    const inside = value[name];
    const at = [...path, name];
    if (schema.kind === 'shape') return emptyTexts(schema, inside, at);
    if (schema.kind !== 'string' || !required || inside !== '') return [];
    const message = `${name} is required and empty. Dagster would launch it so.`;
    return [{ severity: 'warning', kind: 'wrong', path: at, message }];
  });
}

/** The schema of what stands at `path`; null if it has none. */
export function schemaAt(schema: ConfigSchema, path: OutlinePath): ConfigSchema | null {
  let inside: ConfigSchema = schema;
  for (const part of path) {
    while (inside.kind === 'noneable') inside = inside.inner;
    let next: ConfigSchema | undefined;
    if (inside.kind === 'shape' || inside.kind === 'selector') {
      next = inside.fields.find(({ name }) => name === part)?.schema;
    } else if (inside.kind === 'array' && typeof part === 'number') next = inside.item;
    else if (inside.kind === 'map') next = inside.value;
    if (!next) return null;
    inside = next;
  }
  return inside;
}

/** A field of a schema with its place in it, for a list of all. */
export interface DocumentedField {
  readonly path: readonly string[];
  readonly field: ConfigField;
}

/** Every field of a shape, those of nested ones after their own. */
export function fieldsOf(
  shape: ConfigShape,
  path: readonly string[] = [],
): readonly DocumentedField[] {
  return shape.fields.flatMap((field) => {
    const at = [...path, field.name];
    const schema = field.schema.kind === 'noneable' ? field.schema.inner : field.schema;
    const inside = schema.kind === 'shape' ? fieldsOf(schema, at) : [];
    return [{ path: at, field }, ...inside];
  });
}

function plainPath(path: readonly ConfigPathPart[]): OutlinePath {
  return path.map((part) => {
    if (typeof part !== 'object') return part;
    return 'mapKey' in part ? part.mapKey : part.mapValueOf;
  });
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
