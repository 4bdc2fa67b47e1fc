import type { AssetKeyText } from '../definitions/definitions.ts';
import type { PartitionKey } from '../partitions/context.ts';
import type { PartitionsDefinition } from '../partitions/definition/partitions-definition.ts';
import type { SerializableErrorInfo } from '../protocol/error-info.ts';
import { plainError } from './step-error.ts';

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

/** Where values have paths, as on a disk: a path is a file or a folder, never both (IO-11). */
export interface ValuePaths {
  isFile(path: string): Promise<boolean>;
  /** Whether anything is stored below the path. */
  isFolder(path: string): Promise<boolean>;
  removeFile(path: string): Promise<void>;
}

/**
 * Makes room for a value at `path`: a file that stands where a partition's folder has to be is
 * removed, as the asset has become partitioned (IO-7).
 *
 * @returns the error that Dagster's manager would meet; null if the value can be stored.
 */
export async function makeRoomAt(
  path: string,
  ofPartition: boolean,
  paths: ValuePaths,
): Promise<SerializableErrorInfo | null> {
  const parts = path.split('/');
  const folder = parts.slice(0, -1).join('/');
  if (ofPartition && (await paths.isFile(folder))) await paths.removeFile(folder);
  for (let depth = 1; depth < parts.length; depth++) {
    const ancestor = parts.slice(0, depth).join('/');
    if (!(await paths.isFile(ancestor))) continue;
    return ancestor === folder
      ? plainError('FileExistsError', `[Errno 17] File exists: 'storage/${folder}'`)
      : plainError('NotADirectoryError', `[Errno 20] Not a directory: 'storage/${folder}'`);
  }
  if (!(await paths.isFolder(path))) return null;
  return plainError('IsADirectoryError', `[Errno 21] Is a directory: 'storage/${path}'`);
}

function withoutDotsOnly(level: string): string {
  return /^\.+$/.test(level) ? level.replaceAll('.', '%2E') : level;
}
