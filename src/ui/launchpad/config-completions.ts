import type { ConfigField, ConfigSchema } from '../../config/config-schema.ts';
import { sampleOf } from '../../config/sample.ts';
import { configTypeInWords, defaultInWords } from '../notebook/cards/describe-config.ts';
import { schemaAt } from './config-faults.ts';
import { placeInOutline } from './config-outline.ts';

/** What could be written at the cursor. */
export interface ConfigCompletion {
  readonly label: string;
  /** What is written instead of what stands between `from` and `to`. */
  readonly insert: string;
  /** `int, default 1000`. */
  readonly detail: string;
  /** What the author says of it; null if nothing. */
  readonly description: string | null;
  /** Required fields come first. */
  readonly required: boolean;
}

export interface ConfigCompletions {
  readonly from: number;
  readonly to: number;
  /** At least one, in the author's order. */
  readonly completions: readonly ConfigCompletion[];
}

/** What the schema allows at `offset` of a config that is written as text; null if nothing is known. */
export function completionsAt(
  schema: ConfigSchema,
  text: string,
  offset: number,
): ConfigCompletions | null {
  const place = placeInOutline(text, offset);
  if (!place) return null;
  const inside = withoutNone(schemaAt(schema, place.path));
  if (!inside) return null;
  const { from, to } = place;
  const completions =
    place.at === 'name'
      ? fieldsIn(inside)
          .filter(({ name }) => !place.given.includes(name))
          .map((field) => completionOfField(field, hasColon(text, to)))
      : valuesOf(schemaAt(schema, place.path) as ConfigSchema);
  return completions.length > 0 ? { from, to, completions } : null;
}

function fieldsIn(schema: ConfigSchema): readonly ConfigField[] {
  return schema.kind === 'shape' || schema.kind === 'selector' ? schema.fields : [];
}

function completionOfField(field: ConfigField, colon: boolean): ConfigCompletion {
  const { name, schema, required, description } = field;
  const value = 'defaultValue' in field ? field.defaultValue : sampleOf(schema);
  const word = defaultInWords(field);
  return {
    label: name,
    insert: JSON.stringify(name) + (colon ? '' : `: ${JSON.stringify(value) ?? 'null'}`),
    detail: `${configTypeInWords(schema)}, ${'defaultValue' in field ? `default ${word}` : word}`,
    description,
    required,
  };
}

function valuesOf(schema: ConfigSchema): readonly ConfigCompletion[] {
  const inner = withoutNone(schema) as ConfigSchema;
  const values: unknown[] = [];
  if (inner.kind === 'enum') values.push(...inner.values);
  else if (inner.kind === 'bool') values.push(true, false);
  else if (inner.kind === 'shape') values.push(sampleOf(inner));
  if (schema.kind === 'noneable') values.push(null);
  return values.map((value) => {
    const insert = JSON.stringify(value);
    const label = typeof value === 'object' && value !== null ? '{ … }' : insert;
    const detail = configTypeInWords(schema);
    return { label, insert, detail, description: null, required: false };
  });
}

function withoutNone(schema: ConfigSchema | null): ConfigSchema | null {
  return schema?.kind === 'noneable' ? withoutNone(schema.inner) : schema;
}

function hasColon(text: string, at: number): boolean {
  return /^\s*:/.test(text.slice(at));
}
