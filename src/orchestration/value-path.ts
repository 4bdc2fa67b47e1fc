import type { AssetKeyText } from '../definitions/definitions.ts';
import type { PartitionKey } from '../partitions/context.ts';
import type { PartitionsDefinition } from '../partitions/definition/partitions-definition.ts';

/**
 * The path that Dagster's file-system manager would store a value at, below its base:
 * the parts of the asset's key, then the partition's key, a level for each dimension of
 * a multi key (IO-2). Keys are used as they are, but for those of dots only (IO-11).
 */
export function valuePath(
  assetKey: AssetKeyText,
  definition: PartitionsDefinition | null,
  partitionKey: PartitionKey | null,
): string {
  if (partitionKey === null) return assetKey;
  const levels = definition?.kind === 'multi' ? partitionKey.split('|') : [partitionKey];
  return [assetKey, ...levels.map(withoutDotsOnly)].join('/');
}

function withoutDotsOnly(level: string): string {
  return /^\.+$/.test(level) ? level.replaceAll('.', '%2E') : level;
}
