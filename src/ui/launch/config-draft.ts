import type { ConfigSchema, ConfigShape } from '../../config/config-schema.ts';
import { parseConfigText } from '../../config/config-text.ts';
import { validateConfig, type ConfigPathPart } from '../../config/validate.ts';
import type { AssetSpec, JobSpec } from '../../definitions/definitions.ts';
import { stepKeyOf } from '../../orchestration/run-events.ts';
import type { RunConfig } from '../../orchestration/run.ts';

/** Entries of one asset's config by name; fields left out take their defaults. */
export type ConfigEntries = Readonly<Record<string, unknown>>;

/** A chosen asset that takes config. */
export interface ConfiguredAsset {
  readonly assetKey: string;
  /** Its name in run config. */
  readonly stepKey: string;
  readonly shape: ConfigShape;
  /** The constant that holds the config class; null if it has none. */
  readonly configName: string | null;
}

/** What a job's run config gives a step; null if nothing. */
export function configFor(stepKey: string, job: JobSpec | null): ConfigEntries | null {
  const { ops } = (job?.runConfig ?? {}) as RunConfig;
  const config = ops?.[stepKey]?.config;
  return typeof config === 'object' && config !== null ? (config as ConfigEntries) : null;
}

/** What is wrong with a config, by the path of the field: names joined with dots, empty for the whole. */
export type ConfigFaults = ReadonlyMap<string, string>;

/** The assets among `chosen` that take config. */
export function configuredAssets(chosen: readonly AssetSpec[]): readonly ConfiguredAsset[] {
  return chosen.flatMap(({ assetKey, config, configName }) =>
    config ? [{ assetKey, stepKey: stepKeyOf(assetKey), shape: config, configName }] : [],
  );
}

/** A config to begin with: every default as it is, and nothing for what has none. */
export function initialEntries(shape: ConfigShape): ConfigEntries {
  return Object.fromEntries(
    shape.fields.flatMap((field): [string, unknown][] => {
      if ('defaultValue' in field) return [[field.name, field.defaultValue]];
      return field.schema.kind === 'shape' ? [[field.name, initialEntries(field.schema)]] : [];
    }),
  );
}

/** What Dagster's first check says of the config, at the field where it is to be mended. */
export function configFaults(asset: ConfiguredAsset, entries: unknown): ConfigFaults {
  const start = ['ops', asset.stepKey, 'config'];
  const outcome = validateConfig(asset.shape, entries, start);
  if (outcome.status === 'valid') return new Map();
  const faults = new Map<string, string>();
  for (const { path, names, message, reason } of outcome.errors) {
    const inside = path.slice(start.length);
    if (names.length === 0) faults.set(fieldPath(inside), message);
    for (const name of names) {
      const missing = reason === 'MISSING_REQUIRED_FIELD' || reason === 'MISSING_REQUIRED_FIELDS';
      const place = fieldPath([...inside, name]);
      faults.set(place, missing ? `${name} is required.` : message);
    }
  }
  return faults;
}

/** What is wrong outside the fields of the form: entries that are none, and the value as a whole. */
export function strayFaults(shape: ConfigShape, faults: ConfigFaults): readonly string[] {
  const names = new Set(shape.fields.map(({ name }) => name));
  return [...faults]
    .filter(([path]) => !names.has(path.split('.')[0] ?? ''))
    .map(([, message]) => message);
}

/** The run config for these entries, by step. */
export function runConfigOf(entriesByStep: Readonly<Record<string, ConfigEntries>>): RunConfig {
  const steps = Object.entries(entriesByStep);
  if (steps.length === 0) return {};
  return { ops: Object.fromEntries(steps.map(([step, config]) => [step, { config }])) };
}

/** The entries of a run config, by step. */
export function entriesIn({ ops = {} }: RunConfig): Readonly<Record<string, ConfigEntries>> {
  return Object.fromEntries(
    Object.entries(ops).map(([step, { config }]) => [step, (config ?? {}) as ConfigEntries]),
  );
}

/** A value typed into a field: what it says, or why it says nothing. Absent entries are left out. */
export type TypedValue =
  | { readonly status: 'value'; readonly value: unknown }
  | { readonly status: 'absent' }
  | { readonly status: 'unreadable'; readonly message: string };

/** Whether a field is written as JSON. */
export function isJsonField(schema: ConfigSchema): boolean {
  const { kind } = schema;
  return kind === 'array' || kind === 'map' || kind === 'any' || kind === 'selector';
}

/** What `text` means in a field of this schema. An empty field is absent. */
export function readField(schema: ConfigSchema, text: string): TypedValue {
  if (text.trim() === '') return { status: 'absent' };
  const inner = schema.kind === 'noneable' ? schema.inner : schema;
  if (schema.kind === 'noneable' && text.trim() === 'null') return { status: 'value', value: null };
  if (inner.kind === 'int' || inner.kind === 'float') {
    const isNumber = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text.trim());
    return { status: 'value', value: isNumber ? Number(text) : text };
  }
  if (!isJsonField(inner)) return { status: 'value', value: text };
  const outcome = parseConfigText(text);
  return outcome.status === 'parsed'
    ? { status: 'value', value: outcome.value }
    : { status: 'unreadable', message: outcome.message };
}

/** A field's value as it is written; empty if it is absent. */
export function writeField(schema: ConfigSchema, value: unknown): string {
  if (value === undefined) return '';
  const inner = schema.kind === 'noneable' ? schema.inner : schema;
  if (value !== null && !isJsonField(inner) && typeof value !== 'object') return String(value);
  return JSON.stringify(value);
}

function fieldPath(path: readonly ConfigPathPart[]): string {
  const names = path.map((part) => (typeof part === 'string' ? part : null));
  const end = names.indexOf(null);
  return names.slice(0, end < 0 ? undefined : end).join('.');
}
