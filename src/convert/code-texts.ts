import type { ConfigField } from '../config/config-schema.ts';
import type { PartitionKey } from '../partitions/context.ts';

/** Longer statements are laid out over several lines; the cells of a phone are about as wide. */
const WIDTH = 66;

/** An option that a config begins with. */
export interface NewOption {
  readonly name: string;
  readonly kind: 'int' | 'bool' | 'string';
  readonly defaultValue: number | boolean | string;
}

/** The class of a config that names the piece and nothing else. */
export function subjectClassText(className: string, field: string): string {
  return `const ${className} = dg.Config({ ${fieldText(field)} });`;
}

/** The field that names the piece. */
export function fieldText(field: string): string {
  return `${propertyText(field)}: z.string()`;
}

/** A class of options with the first of them. */
export function newOptionsClassText(className: string, option: NewOption): string {
  const type = { int: 'z.int()', bool: 'z.boolean()', string: 'z.string()' }[option.kind];
  const entry = `${propertyText(option.name)}: ${type}.default(${literalText(option.defaultValue)})`;
  return objectStatement(`const ${className} = dg.Config(`, [entry], ')');
}

/** The constant that holds what the options are without config. */
export function defaultsText(constant: string, fields: readonly ConfigField[]): string {
  const entries = fields.map(
    ({ name, defaultValue }) => `${propertyText(name)}: ${literalText(defaultValue ?? null)}`,
  );
  return objectStatement(`const ${constant} = `, entries, '');
}

export function staticDefinitionText(constant: string, keys: readonly PartitionKey[]): string {
  const head = `const ${constant} = dg.StaticPartitionsDefinition(`;
  const list = keys.map(literalText);
  const short = `${head}[${list.join(', ')}]);`;
  if (short.length <= WIDTH) return short;
  const oneLine = `  [${list.join(', ')}],`;
  if (oneLine.length <= WIDTH) return `${head}\n${oneLine}\n);`;
  return `${head}[\n${filled(list)}\n]);`;
}

export function dynamicDefinitionText(constant: string, name: string): string {
  return `const ${constant} = dg.DynamicPartitionsDefinition({ name: ${literalText(name)} });`;
}

/** Entries in lines as full as they may be. */
function filled(entries: readonly string[]): string {
  const lines: string[] = [];
  for (const entry of entries) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + entry.length + 2 <= WIDTH) {
      lines[lines.length - 1] = `${last} ${entry},`;
    } else {
      lines.push(`  ${entry},`);
    }
  }
  return lines.join('\n');
}

function objectStatement(head: string, entries: readonly string[], tail: string): string {
  const short = `${head}{ ${entries.join(', ')} }${tail};`;
  if (short.length <= WIDTH) return short;
  return `${head}{\n${entries.map((entry) => `  ${entry},\n`).join('')}}${tail};`;
}

/** A name as it stands before a colon. */
export function propertyText(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : literalText(name);
}

/** Plain data as the seeds write it: texts in single quotes. */
function literalText(value: unknown): string {
  if (typeof value === 'string') {
    const inner = JSON.stringify(value).slice(1, -1);
    return `'${inner.replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
  }
  if (Array.isArray(value)) return `[${value.map(literalText).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(
      ([name, inner]) => `${propertyText(name)}: ${literalText(inner)}`,
    );
    return `{ ${entries.join(', ')} }`;
  }
  return String(value);
}
