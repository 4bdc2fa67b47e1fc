import { strToU8, zipSync, type Zippable } from 'fflate';
import type { ExportedProject } from './project-files.ts';

/** Files larger than this are stored as they are: packing them would take longer than a reader waits. */
const MOST_PACKED_BYTES = 8 * 1024 * 1024;
/** Archives have no earlier day; equal projects give equal archives. */
const STAMP = new Date(1980, 0, 1);

/** A project as the bytes of a zip, in a folder of its name. */
export function archiveOf({ name, files }: ExportedProject): Uint8Array {
  const entries: Zippable = {};
  for (const [path, content] of files) {
    const bytes = typeof content === 'string' ? strToU8(content) : content;
    entries[`${name}/${path}`] = [
      bytes,
      { level: bytes.length > MOST_PACKED_BYTES ? 0 : 6, mtime: STAMP },
    ];
  }
  return zipSync(entries);
}
