import type { ConfigField } from '../../config/config-schema.ts';
import type { KeyedRunConfig } from '../../orchestration/backfill/launch-extras.ts';
import type { PartitionKey } from '../../partitions/context.ts';
import { rangesOf } from '../../partitions/key-ranges.ts';
import type { PartitionIndex } from '../../partitions/partition-index.ts';
import { contains, subsetOf } from '../../partitions/subset/subset-algebra.ts';
import type { PartitionsSubset } from '../../partitions/subset/partitions-subset.ts';
import {
  configFaults,
  readField,
  runConfigOf,
  type ConfigEntries,
  type ConfiguredAsset,
} from './config-draft.ts';

/** A field for which each key may have a value of its own. */
export interface KeyColumn {
  /** Unlike that of any other column. */
  readonly id: string;
  readonly asset: ConfiguredAsset;
  readonly field: ConfigField;
}

/** Values by the id of their column; a column without one is absent. */
export type KeyValues = Readonly<Record<string, unknown>>;

/** An expression over the key that gives the values of a column. */
export interface KeyRule {
  readonly expression: string;
  /** What it gave for the keys that it was asked for, less those for which it gave nothing. */
  readonly values: ReadonlyMap<PartitionKey, unknown>;
  /** Why it gives nothing; null if it does. */
  readonly fault: string | null;
}

/** What single keys are given, beside what all are. */
export interface KeyConfig {
  readonly typed: ReadonlyMap<PartitionKey, KeyValues>;
  /** By column. */
  readonly rules: ReadonlyMap<string, KeyRule>;
}

/** Where the value of a cell comes from. */
export type CellOrigin = 'typed' | 'rule' | 'every key';

/** Keys with the same values of their own. */
interface KeyGroup {
  readonly values: KeyValues;
  readonly ordinals: number[];
}

export const NO_KEY_CONFIG: KeyConfig = { typed: new Map(), rules: new Map() };

/** The columns of a launch, in the order of its assets and their fields. */
export function keyColumns(assets: readonly ConfiguredAsset[]): readonly KeyColumn[] {
  return assets.flatMap((asset) =>
    asset.shape.fields.map((field) => ({ id: `${asset.stepKey}.${field.name}`, asset, field })),
  );
}

/** The value of a key's own in a column, and where it comes from; `every key` if it has none. */
export function ownValue(
  { typed, rules }: KeyConfig,
  key: PartitionKey,
  columnId: string,
): { readonly origin: CellOrigin; readonly value: unknown } {
  const values = typed.get(key);
  if (values && columnId in values) return { origin: 'typed', value: values[columnId] };
  const given = rules.get(columnId)?.values;
  if (given?.has(key)) return { origin: 'rule', value: given.get(key) };
  return { origin: 'every key', value: undefined };
}

/** The config with another value typed for a key; undefined takes it away. */
export function withTyped(
  config: KeyConfig,
  cells: Iterable<readonly [key: PartitionKey, columnId: string, value: unknown]>,
): KeyConfig {
  const typed = new Map(config.typed);
  for (const [key, columnId, value] of cells) {
    const { [columnId]: _, ...others } = typed.get(key) ?? {};
    const next = value === undefined ? others : { ...others, [columnId]: value };
    if (Object.keys(next).length > 0) typed.set(key, next);
    else typed.delete(key);
  }
  return { ...config, typed };
}

/** The config with another rule for a column, still to be evaluated; none if it is empty. */
export function withRule(config: KeyConfig, columnId: string, expression: string): KeyConfig {
  const rules = new Map(config.rules);
  const { values = new Map<PartitionKey, unknown>() } = rules.get(columnId) ?? {};
  if (expression.trim() === '') rules.delete(columnId);
  else rules.set(columnId, { expression, values, fault: null });
  return { ...config, rules };
}

/** The configs of the chosen keys that have values of their own, as a launch is given them. */
export function keyedConfigs(
  config: KeyConfig,
  subset: PartitionsSubset,
  index: PartitionIndex,
  columns: readonly KeyColumn[],
  everyKey: Readonly<Record<string, ConfigEntries>>,
): readonly KeyedRunConfig[] {
  return groupsOf(config, subset, index, columns).map(({ values, ordinals }) => ({
    partitionRanges: rangesOf(index, subsetOf(ordinals)),
    runConfig: runConfigOf(entriesWith(everyKey, values, columns)),
  }));
}

/** What is wrong with the config of a key: by column, and of the whole under its step. */
export function faultsOfKey(
  values: KeyValues,
  columns: readonly KeyColumn[],
  everyKey: Readonly<Record<string, ConfigEntries>>,
): ReadonlyMap<string, string> {
  const faults = new Map<string, string>();
  const entries = entriesWith(everyKey, values, columns);
  for (const asset of new Set(columns.map((column) => column.asset))) {
    for (const [path, message] of configFaults(asset, entries[asset.stepKey])) {
      faults.set(`${asset.stepKey}.${path.split('.')[0] ?? ''}`, message);
    }
  }
  return faults;
}

/** How many of the chosen keys have a config that does not fit, and the first of them. */
export function faultyKeys(
  config: KeyConfig,
  subset: PartitionsSubset,
  index: PartitionIndex,
  columns: readonly KeyColumn[],
  everyKey: Readonly<Record<string, ConfigEntries>>,
): { readonly count: number; readonly first: number } {
  let count = 0;
  let first = -1;
  for (const { values, ordinals } of groupsOf(config, subset, index, columns)) {
    if (faultsOfKey(values, columns, everyKey).size === 0) continue;
    count += ordinals.length;
    const least = ordinals.reduce((one, other) => Math.min(one, other));
    if (first < 0 || least < first) first = least;
  }
  return { count, first };
}

/** The values of a key's own, of all columns. */
export function valuesOfKey(
  config: KeyConfig,
  key: PartitionKey,
  columns: readonly KeyColumn[],
): KeyValues {
  const values: Record<string, unknown> = {};
  for (const { id } of columns) {
    const { origin, value } = ownValue(config, key, id);
    if (origin !== 'every key') values[id] = value;
  }
  return values;
}

/**
 * What a pasted table sets: cells from the sheet, beginning at a place in the grid. A first column
 * that holds keys says for which keys its rows are. Empty cells are left as they are.
 *
 * @param keysFrom keys from the place on, at least as many as the table has rows.
 */
export function pastedCells(
  text: string,
  keysFrom: readonly PartitionKey[],
  columnsFrom: readonly KeyColumn[],
  isKey: (text: string) => boolean,
): readonly (readonly [key: PartitionKey, columnId: string, value: unknown])[] {
  const rows = text
    .replace(/\r?\n$/, '')
    .split(/\r?\n/)
    .map((line) => line.split('\t'));
  const isKeyed = rows.every(([first = '']) => isKey(first.trim()));
  return rows.flatMap((row, at) => {
    const key = isKeyed ? row[0]?.trim() : keysFrom[at];
    if (key === undefined) return [];
    return (isKeyed ? row.slice(1) : row).flatMap((cell, place) => {
      const column = columnsFrom[place];
      if (!column) return [];
      const read = readCell(column.field, cell);
      return read === undefined ? [] : [[key, column.id, read] as const];
    });
  });
}

/** What a text means in a field; undefined for none. What cannot be read stays the text, and is told as such. */
export function readCell({ schema }: ConfigField, text: string): unknown {
  const inner = schema.kind === 'noneable' ? schema.inner : schema;
  const word = text.trim().toLowerCase();
  if (inner.kind === 'bool' && (word === 'true' || word === 'false')) return word === 'true';
  if (inner.kind === 'enum') {
    const named = inner.values.find((value) => String(value) === text.trim());
    if (named !== undefined) return named;
  }
  const read = readField(schema, text);
  if (read.status === 'absent') return undefined;
  return read.status === 'value' ? read.value : text;
}

function groupsOf(
  config: KeyConfig,
  subset: PartitionsSubset,
  index: PartitionIndex,
  columns: readonly KeyColumn[],
): readonly KeyGroup[] {
  const keys = new Set(config.typed.keys());
  for (const { values } of config.rules.values()) for (const key of values.keys()) keys.add(key);
  const groups = new Map<string, KeyGroup>();
  for (const key of keys) {
    const ordinal = index.ordinalOf(key);
    if (ordinal < 0 || !contains(subset, ordinal)) continue;
    const values = valuesOfKey(config, key, columns);
    const name = JSON.stringify(values);
    if (name === '{}') continue;
    const group = groups.get(name);
    if (group) group.ordinals.push(ordinal);
    else groups.set(name, { values, ordinals: [ordinal] });
  }
  return [...groups.values()];
}

function entriesWith(
  everyKey: Readonly<Record<string, ConfigEntries>>,
  values: KeyValues,
  columns: readonly KeyColumn[],
): Readonly<Record<string, ConfigEntries>> {
  const entries: Record<string, Record<string, unknown>> = {};
  for (const [step, given] of Object.entries(everyKey)) entries[step] = { ...given };
  for (const { id, asset, field } of columns) {
    if (id in values) (entries[asset.stepKey] ??= {})[field.name] = values[id];
  }
  return entries;
}
