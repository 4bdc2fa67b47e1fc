import { FlateErrorCode, Inflate, type FlateError } from 'fflate';
import { MAX_LINK_BYTES, type Unpack } from './link.ts';

/** Deflate makes at most 1,032 bytes of one, so no piece unpacks to much more than 1 MB. */
const PIECE_BYTES = 1024;

/** Unpacks piece by piece, so that a bomb is refused before it fills the memory. */
export const inflateLink: Unpack = async (packed) => {
  const pieces: Uint8Array[] = [];
  let size = 0;
  const stream = new Inflate((piece) => {
    pieces.push(piece);
    size += piece.length;
  });
  try {
    // The last byte goes alone: fflate tells that a stream has not ended only while it has bytes.
    const last = packed.length - 1;
    for (let from = 0; from < last; from += PIECE_BYTES) {
      stream.push(packed.subarray(from, Math.min(from + PIECE_BYTES, last)));
      if (size > MAX_LINK_BYTES) return 'too_large';
    }
    stream.push(packed.subarray(last), true);
  } catch (error) {
    // Nothing but fflate throws here.
    return (error as FlateError).code === FlateErrorCode.UnexpectedEOF ? 'truncated' : 'corrupt';
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
};
