import type { AssetKeyText } from '../../definitions/definitions.ts';
import type { PartitionKey } from '../../partitions/context.ts';

/** STALE-1. `FRESH` too where nothing can be told. */
export type StaleStatus = 'MISSING' | 'STALE' | 'FRESH';

export interface AssetPartition {
  readonly assetKey: AssetKeyText;
  /** Null for an asset without partitions, or as a whole. */
  readonly partitionKey: PartitionKey | null;
}

/** One reason why a key is stale (STALE-2). */
export interface StaleCause extends AssetPartition {
  readonly category: 'CODE' | 'DATA' | 'DEPENDENCIES';
  /** In Dagster's words; the subject is the key. */
  readonly reason: string;
  /** What changed; null if the key's own code did. */
  readonly dependency: AssetPartition | null;
  /** What brought it about, further up; null if it is itself the root. */
  readonly causedBy: StaleCause | null;
}

export function newCodeVersion(of: AssetPartition): StaleCause {
  return cause(of, 'CODE', 'has a new code version', null);
}

/** Extension: its code was edited, and it says no code version. */
export function editedCode(of: AssetPartition): StaleCause {
  return cause(of, 'CODE', 'has edited code', null);
}

export function removedDependency(of: AssetPartition, assetKey: AssetKeyText): StaleCause {
  const reason = `removed dependency on ${assetKey}`;
  return cause(of, 'DEPENDENCIES', reason, { assetKey, partitionKey: null });
}

export function newDependency(of: AssetPartition, dependency: AssetPartition): StaleCause {
  const reason = `has a new dependency on ${dependency.assetKey}`;
  return cause(of, 'DEPENDENCIES', reason, dependency);
}

/** Of a key without provenance: what it depends on is not there. */
export function newInput(of: AssetPartition, dependency: AssetPartition): StaleCause {
  return cause(of, 'DATA', 'has a new input', dependency);
}

/** @param told whether someone told the dependency's data versions, by its code version or outright (STALE-11). */
export function newData(of: AssetPartition, dependency: AssetPartition, told: boolean): StaleCause {
  const what = told ? 'data version' : 'materialization';
  return {
    ...cause(of, 'DATA', `has a new dependency ${what}`, dependency),
    causedBy: cause(dependency, 'DATA', `has a new ${what}`, null),
  };
}

/** Sorted by the text of the dependency, those without one first (STALE-11). */
export function inOrder(causes: readonly StaleCause[]): readonly StaleCause[] {
  const textOf = ({ dependency }: StaleCause) => (dependency ? dagsterText(dependency) : '');
  return [...causes].sort((a, b) => compareTexts(textOf(a), textOf(b)));
}

/** Where the causes come from: those that are roots themselves, then what brought the others about; each once. */
export function rootsOf(causes: readonly StaleCause[]): readonly StaleCause[] {
  const roots = new Map<string, StaleCause>();
  const further: StaleCause[] = [];
  for (const one of causes) {
    if (one.causedBy) further.push(one.causedBy);
    else roots.set(JSON.stringify(one), one);
  }
  for (const one of further.length > 0 ? rootsOf(further) : []) {
    roots.set(JSON.stringify(one), one);
  }
  return [...roots.values()];
}

/** The order in which Dagster puts assets: by the text of the key as it writes it. */
export function compareAssetKeys(a: AssetKeyText, b: AssetKeyText): number {
  return compareTexts(dagsterKeyText(a), dagsterKeyText(b));
}

function cause(
  { assetKey, partitionKey }: AssetPartition,
  category: StaleCause['category'],
  reason: string,
  dependency: AssetPartition | null,
): StaleCause {
  return { assetKey, partitionKey, category, reason, dependency, causedBy: null };
}

function dagsterText({ assetKey, partitionKey }: AssetPartition): string {
  const key = partitionKey === null ? 'None' : quoted(partitionKey);
  return `(${dagsterKeyText(assetKey)}, ${key})`;
}

function dagsterKeyText(assetKey: AssetKeyText): string {
  return `[${assetKey.split('/').map(quoted).join(', ')}]`;
}

function quoted(text: string): string {
  const mark = text.includes("'") && !text.includes('"') ? '"' : "'";
  return mark + text.replaceAll('\\', '\\\\').replaceAll(mark, `\\${mark}`) + mark;
}

function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
