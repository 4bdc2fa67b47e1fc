import { MAX_LINK_BYTES, type Unpack } from '../notebook/link.ts';

/**
 * Unpacks with the browser's own means. What they refuse, with an error that tells a cut link from a damaged one
 * only in words that differ between browsers, is given to a library, which says which it is.
 */
export const unpackLink: Unpack = async (packed) => {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  try {
    const unpacked = new Blob([packed])
      .stream()
      .pipeThrough(new DecompressionStream('deflate-raw'));
    const reader = unpacked.getReader();
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      pieces.push(read.value);
      size += read.value.length;
      if (size <= MAX_LINK_BYTES) continue;
      await reader.cancel();
      return 'too_large';
    }
  } catch {
    const { inflateLink } = await import('../notebook/inflate-link.ts');
    return inflateLink(packed);
  }
  return new Uint8Array(await new Blob(pieces).arrayBuffer());
};
